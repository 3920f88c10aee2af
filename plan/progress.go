package plan

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/blob"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
)

// MaxProof is the largest proof file, in bytes.
const MaxProof = 20 << 20

// ProgressState is where a progress entry stands.
type ProgressState string

// The states of an entry.
const (
	EntryReported  ProgressState = "reported"
	EntryVerified  ProgressState = "verified"
	EntryReturned  ProgressState = "returned"
	EntryWithdrawn ProgressState = "withdrawn"
)

// ProgressStates lists the states with their labels.
var ProgressStates = []Term[ProgressState]{
	{EntryReported, "待核验"}, {EntryVerified, "已核验"}, {EntryReturned, "退回核实"}, {EntryWithdrawn, "已撤回"},
}

// Label is the state in the words of officials.
func (s ProgressState) Label() string { return labelOf(ProgressStates, s) }

// Entry is one reported value: the running total up to AsOf.
type Entry struct {
	ID           string
	TargetID     string
	Territory    city.TerritoryID // "" for the whole
	AsOf         string
	Value        quantity.Quantity
	Note         string
	ProofHash    string
	ProofName    string
	State        ProgressState
	ReportedBy   string
	ReporterName string
	ReporterUnit string
	ReportedAt   time.Time
	DecidedBy    string
	DeciderName  string
	DecidedAt    time.Time
	Reason       string
	Demo         bool // made up to show the program; never counts as a real figure
}

// Report is what a unit reports.
type Report struct {
	TargetID  string
	Territory city.TerritoryID
	AsOf      string
	Value     string // as typed
	Note      string
	Proof     File
	Demo      bool
}

// Report stores a value with its proof. It counts only after another person has verified it.
func (s *Service) Report(ctx context.Context, p org.Principal, in Report) (id string, err error) {
	defer errs.Wrap(&err, "plan.Report(%s)", in.TargetID)
	// Who may not report is told so before anything is checked or stored.
	if err := s.db.Read(ctx, func(tx *db.Tx) error { return s.mayReport(tx, p, in) }); err != nil {
		return "", err
	}
	in.Note = strings.TrimSpace(in.Note)
	value, asOf, err := s.checkReport(in)
	if err != nil {
		return "", err
	}
	ref, err := s.keepProof(ctx, in.Proof)
	if err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.mayReport(tx, p, in); err != nil {
			return err
		}
		t, task, err := targetWithTask(tx, in.TargetID)
		if err != nil {
			return err
		}
		if err := s.refuseReport(t); err != nil {
			return err
		}
		if err := checkAgainst(tx, t, task, in, value, asOf); err != nil {
			return err
		}
		if id, err = tx.NewID(); err != nil {
			return err
		}
		e := Entry{ID: id, TargetID: t.ID, Territory: in.Territory, AsOf: asOf.String(), Value: value, Note: in.Note, ProofHash: ref.Hash, ProofName: in.Proof.Name,
			State: EntryReported, ReportedBy: p.ID, ReporterName: p.Name, ReporterUnit: p.UnitName, Demo: in.Demo}
		if err := insertEntry(tx, e); err != nil {
			return err
		}
		if err := refreshStanding(tx, t.ID, in.Territory); err != nil {
			return err
		}
		return s.record(tx, p, audit.Entry{Action: "progress.report", ObjectKind: "task", ObjectID: task.ID, ObjectName: task.Title,
			After: s.entryFacts(t, e)})
	})
	return id, err
}

// entryFacts is an entry as the audit log keeps it.
func (s *Service) entryFacts(t Target, e Entry) map[string]any {
	m := map[string]any{"目标": t.Subject, "数值": Amount(e.Value, t.Unit), "截至": e.AsOf, "佐证": e.ProofName, "SHA-256": e.ProofHash}
	if tr, ok := s.pack.Territory(e.Territory); ok {
		m["地区"] = tr.Name
	}
	if e.Demo {
		m["演示数据"] = true
	}
	return m
}

func (s *Service) checkReport(in Report) (value quantity.Quantity, asOf calendar.Date, err error) {
	var c errs.Check
	q, err := signedAmount(in.Value)
	c.Add("value", err)
	c.Require(err != nil || q != nil, "value", "请填写数值")
	asOf, err = calendar.ParseDate(in.AsOf)
	c.Require(err == nil, "as_of", "请填写截至日期，写成 2026-06-30")
	c.Require(err != nil || !asOf.After(calendar.Today(s.db.Now())), "as_of", "截至日期不能晚于今天")
	c.Require(in.Proof.Data != nil && in.Proof.Size > 0, "proof", "请附佐证材料：文件、照片或表格")
	_, err = short(in.Note, 500)
	c.Add("note", err)
	if err := c.Err(); err != nil {
		return 0, asOf, err
	}
	return *q, asOf, nil
}

func (s *Service) mayReport(tx *db.Tx, p org.Principal, in Report) error {
	scope, err := s.scopeOfTarget(tx, in.TargetID, in.Territory)
	if err != nil {
		return err
	}
	return p.May(org.ProgressReport, scope)
}

// scopeOfTarget says whose business a target's figures are: for the whole, the
// units of its task; for a county's part, that territory alone.
func (s *Service) scopeOfTarget(tx *db.Tx, targetID string, territory city.TerritoryID) (org.Scope, error) {
	t, task, err := targetWithTask(tx, targetID)
	if err != nil {
		return org.Scope{}, err
	}
	shares, err := sharesOf(tx, t.ID)
	if err != nil {
		return org.Scope{}, err
	}
	if err := checkTerritory(s.pack, shares, territory); err != nil {
		return org.Scope{}, err
	}
	return s.partScope(tx, task, territory)
}

// partScope is the scope of a part once it is known that there is one.
func (s *Service) partScope(tx *db.Tx, task Task, territory city.TerritoryID) (org.Scope, error) {
	if territory != "" {
		return org.Scope{Territory: string(territory)}, nil
	}
	return s.taskScope(tx, task)
}

// checkTerritory refuses a part that nobody gave out, and a whole that was given out.
func checkTerritory(pack *city.Pack, shares []Share, territory city.TerritoryID) error {
	if len(shares) == 0 && territory == "" {
		return nil
	}
	if len(shares) > 0 && territory == "" {
		return fieldError("territory", "这项目标已分解到县区，由各县区分别填报，全市数自动汇总")
	}
	if !slices.ContainsFunc(shares, func(sh Share) bool { return sh.Territory == territory }) {
		name := string(territory)
		if t, ok := pack.Territory(territory); ok {
			name = t.Name
		}
		return fieldError("territory", "“"+name+"”没有承担这项目标")
	}
	return nil
}

func (s *Service) keepProof(ctx context.Context, f File) (blob.Ref, error) {
	if f.Size > MaxProof {
		return blob.Ref{}, fieldError("proof", "佐证文件超过 20 MB：请压缩或拆分后上传")
	}
	if _, err := blob.Sniff(f.Data, f.Size); err != nil {
		var c errs.Check
		c.Add("proof", err)
		return blob.Ref{}, c.Err()
	}
	return s.blobs.Put(ctx, io.NewSectionReader(f.Data, 0, f.Size), MaxProof)
}

// checkAgainst holds a report against the target and what was reported before.
func checkAgainst(tx *db.Tx, t Target, task Task, in Report, value quantity.Quantity, asOf calendar.Date) error {
	var c errs.Check
	c.Require(t.VersionGone == 0 && !task.Gone(), "value", "这项目标已不在现行清单中")
	c.Require(t.Quantified(), "value", "这项目标还没有量化：请先由牵头单位补充目标值")
	c.Require(t.Kind == Comparison || t.Change != "" || value >= 0, "value", "不能为负数")
	c.Require(task.State.Running(), "value", "任务已“%s”，不再填报", task.State.Label())
	if start, err := calendar.ParseDate(task.StartOn); err == nil {
		c.Require(!asOf.Before(start), "as_of", "截至日期早于任务开始日 %s", start)
	}
	open, err := openEntry(tx, t.ID, in.Territory, asOf.String())
	if err != nil {
		return err
	}
	c.Require(!open, "as_of", "截至这一天的数已经填报，正在核验：如需更改，请先撤回")
	if t.Kind == Flow && in.Note == "" {
		last, err := lastVerified(tx, t.ID, in.Territory, asOf.String())
		if err != nil {
			return err
		}
		if last != nil && value < *last {
			c.Require(false, "note", "累计数比上次已核验的 %s 少，请说明原因", Amount(*last, t.Unit))
		}
	}
	return c.Err()
}

// Verify accepts a reported value. The verifier is not the reporter.
func (s *Service) Verify(ctx context.Context, p org.Principal, id string) (err error) {
	defer errs.Wrap(&err, "plan.Verify(%s)", id)
	return s.decideEntry(ctx, p, id, EntryVerified, "")
}

// ReturnEntry sends a reported value back to its unit, with a reason.
func (s *Service) ReturnEntry(ctx context.Context, p org.Principal, id, reason string) (err error) {
	defer errs.Wrap(&err, "plan.ReturnEntry(%s)", id)
	if reason, err = filled(strings.TrimSpace(reason), 500); err != nil {
		return fieldError("reason", "请写明退回的理由")
	}
	return s.decideEntry(ctx, p, id, EntryReturned, reason)
}

// WithdrawEntry takes a value out of the count: an unverified one by its
// reporter, a verified one by a verifier, always with a reason. It stays on record.
func (s *Service) WithdrawEntry(ctx context.Context, p org.Principal, id, reason string) (err error) {
	defer errs.Wrap(&err, "plan.WithdrawEntry(%s)", id)
	if reason, err = filled(strings.TrimSpace(reason), 500); err != nil {
		return fieldError("reason", "请写明撤回的理由")
	}
	return s.decideEntry(ctx, p, id, EntryWithdrawn, reason)
}

func (s *Service) decideEntry(ctx context.Context, p org.Principal, id string, to ProgressState, reason string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := entryByID(tx, id)
		if err != nil {
			return err
		}
		t, task, err := targetWithTask(tx, e.TargetID)
		if err != nil {
			return err
		}
		if err := s.mayDecide(tx, p, e, task, to); err != nil {
			return err
		}
		if _, err := tx.Exec("UPDATE progress SET state = $2, decided_by = $3, decider_name = $4, decided_at = $5, reason = $6, decided_n = (SELECT COALESCE(MAX(n), 0) + 1 FROM plan_change) WHERE id = $1",
			id, string(to), p.ID, p.Name, tx.NowMilli(), reason); err != nil {
			return err
		}
		if err := refreshStanding(tx, e.TargetID, e.Territory); err != nil {
			return err
		}
		facts := s.entryFacts(t, e)
		return s.record(tx, p, audit.Entry{Action: "progress." + string(to), ObjectKind: "task", ObjectID: task.ID, ObjectName: task.Title, Reason: reason,
			Before: map[string]string{"状态": e.State.Label()}, After: facts})
	})
}

// mayDecide checks the state first, so that a second click is told what happened.
func (s *Service) mayDecide(tx *db.Tx, p org.Principal, e Entry, task Task, to ProgressState) error {
	scope, err := s.partScope(tx, task, e.Territory)
	if err != nil {
		return err
	}
	return decidable(p, e, scope, to)
}

// decidable is mayDecide once the scope is known.
func decidable(p org.Principal, e Entry, scope org.Scope, to ProgressState) error {
	own := e.ReportedBy == p.ID
	if to == EntryWithdrawn && e.State == EntryReported && own {
		return p.May(org.ProgressReport, scope)
	}
	if err := p.May(org.ProgressVerify, scope); err != nil {
		return err
	}
	from := EntryReported
	if to == EntryWithdrawn {
		from = EntryVerified
	}
	switch {
	case own && to == EntryWithdrawn:
		return errs.New(errs.Forbidden, "已核验的数不能由填报人撤回：请核验人办理")
	case own:
		return errs.New(errs.Forbidden, "填报人不能核验自己的数：请另一位同事办理")
	case to == EntryWithdrawn && e.State == EntryReported:
		return errs.New(errs.Conflict, "这个数还没有核验：请退回核实，由填报单位更正")
	case e.State != from:
		return errs.New(errs.Conflict, "这个数已是“%s”：请刷新页面", e.State.Label())
	}
	return nil
}

// Proof opens the proof file of an entry.
func (s *Service) Proof(ctx context.Context, p org.Principal, entryID string) (_ io.ReadSeekCloser, name string, err error) {
	defer errs.Wrap(&err, "plan.Proof(%s)", entryID)
	if err := p.May(org.PlanRead, org.Scope{}); err != nil {
		return nil, "", err
	}
	var e Entry
	if err := s.db.Read(ctx, func(tx *db.Tx) (err error) { e, err = entryByID(tx, entryID); return err }); err != nil {
		return nil, "", err
	}
	f, _, err := s.blobs.Open(e.ProofHash)
	return f, e.ProofName, err
}
