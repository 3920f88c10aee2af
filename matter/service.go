package matter

import (
	"bytes"
	"context"
	"fmt"
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
	"bihuan/kit/gongwen"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
)

// Kind is what sort of document a paper is.
type Kind string

// The kinds.
const (
	KindBulletin Kind = "bulletin"
	KindSheet    Kind = "sheet"
	KindLetter   Kind = "letter"
	KindRectify  Kind = "rectify"
	KindMinutes  Kind = "minutes"
	KindReview   Kind = "review"
)

// Kinds lists the kinds with their names.
var Kinds = []plan.Term[Kind]{{Code: KindBulletin, Label: "通报"}, {Code: KindSheet, Label: "督办单"}, {Code: KindLetter, Label: "提醒函"},
	{Code: KindRectify, Label: "整改通知"}, {Code: KindMinutes, Label: "会议纪要"}, {Code: KindReview, Label: "复核意见"}}

// State is where a paper stands.
type State string

// The states.
const (
	Drafting  State = "draft"
	Submitted State = "submitted"
	Issued    State = "issued"
	Discarded State = "discarded"
)

// States lists the states with their names.
var States = []plan.Term[State]{{Code: Drafting, Label: "起草"}, {Code: Submitted, Label: "待审批"}, {Code: Issued, Label: "已印发"}, {Code: Discarded, Label: "已作废"}}

// Label names a kind.
func (k Kind) Label() string { return labelOf(Kinds, k) }

// Label names a state.
func (s State) Label() string { return labelOf(States, s) }

func labelOf[T ~string](terms []plan.Term[T], v T) string {
	for _, t := range terms {
		if t.Code == v {
			return t.Label
		}
	}
	return string(v)
}

// Issue is an official document in this room: a draft or one that went out.
type Issue struct {
	ID        string
	Kind      Kind
	State     State
	Period    string
	RecordID  string
	Title     string
	Number    string
	To        []city.UnitKind // kinds of unit that it goes to
	Document  gongwen.Document
	Hash      string
	Demo      bool
	Revision  int64
	DraftedBy string
	Drafter   string
	DraftedAt time.Time
	DecidedBy string
	Decider   string
	DecidedAt time.Time
	Reason    string
}

// Blobs keeps the issued files.
type Blobs interface {
	Put(ctx context.Context, r io.Reader, limit int64) (blob.Ref, error)
	Open(hash string) (io.ReadSeekCloser, blob.Ref, error)
}

// Parts are what a Service is made of. Without Records no record makes a document,
// and bulletins say nothing of rectification and praise; all others are required.
type Parts struct {
	DB        *db.DB
	Log       *audit.Log
	Pack      *city.Pack
	Blobs     Blobs
	Supervise *supervise.Service
	Records   Records
}

// Service holds what the use cases of this room need.
type Service struct{ Parts }

// New makes the room's service.
func New(p Parts) *Service { return &Service{p} }

// DraftBulletin writes the bulletin of a month ("2026-06") or a quarter ("2026-Q2")
// from the board of today.
func (s *Service) DraftBulletin(ctx context.Context, p org.Principal, period string, demo bool) (id string, err error) {
	defer errs.Wrap(&err, "matter.DraftBulletin(%s)", period)
	if err := p.May(org.MatterIssue, org.Scope{}); err != nil {
		return "", err
	}
	rhythm, words, first, err := parsePeriod(period)
	if err != nil {
		return "", err
	}
	board, err := s.Supervise.Board(ctx, p)
	if err != nil {
		return "", err
	}
	switch {
	case first.After(board.Today):
		return "", errs.New(errs.Invalid, "%s还没有开始", words)
	case rhythm.after(rhythm.after(first)).AddDays(-1).Before(board.Today):
		return "", errs.New(errs.Invalid, "%s早已结束，通报的数截至起草当天：只能起草本期和上一期的通报", words)
	}
	planID := ""
	for i := range board.Plans {
		if pl := &board.Plans[i]; pl.Kind == plan.KindCity && pl.Active && pl.Year == first.Year() {
			planID = pl.ID
		}
	}
	facts := BulletinFacts{Pack: s.Pack, Cockpit: board.View(s.Pack, planID), Rhythm: rhythm, Period: words, Cutoff: board.Today, Issuer: s.Pack.LeadUnit().Name}
	if err := s.fillBulletin(ctx, p, &facts, first); err != nil {
		return "", err
	}
	return s.keep(ctx, p, Issue{Kind: KindBulletin, Period: period, Document: Bulletin(facts), To: []city.UnitKind{city.KindBureau}, Demo: demo})
}

// Draft keeps a document that another part of the room wrote for a record.
func (s *Service) Draft(ctx context.Context, p org.Principal, in Issue) (id string, err error) {
	defer errs.Wrap(&err, "matter.Draft")
	if err := p.May(org.MatterIssue, org.Scope{}); err != nil {
		return "", err
	}
	return s.keep(ctx, p, in)
}

func (s *Service) keep(ctx context.Context, p org.Principal, in Issue) (id string, err error) {
	in.Title = strings.ReplaceAll(in.Document.Title, "\n", "")
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if open, err := openOf(tx, in.RecordID); err != nil {
			return err
		} else if open != "" {
			id = open
			return errs.New(errs.Conflict, "这条记录有一份文书正在办理，请打开原稿，或者先作废")
		}
		if id, err = tx.NewID(); err != nil {
			return err
		}
		in.ID, in.State, in.DraftedBy, in.Drafter, in.DraftedAt = id, Drafting, p.ID, p.Name, tx.Now()
		in.label()
		if err := insertIssue(tx, in); errs.Is(err, errs.Conflict) {
			return errs.New(errs.Conflict, "%s的通报已经起草，请打开原稿，或者先作废", in.Period)
		} else if err != nil {
			return err
		}
		return s.Log.Append(tx, p.Actor(), entry("paper.draft", in, nil, map[string]any{"文种": in.Kind.Label()}, ""))
	})
	return id, err
}

// demoNote stands in the note of every document of a demonstration, whatever was typed there.
const demoNote = "由演示数据生成，不是正式公文"

// label marks the document of a demonstration.
func (in *Issue) label() {
	if in.Demo && !strings.Contains(in.Document.Note, demoNote) {
		in.Document.Note = strings.TrimLeft(in.Document.Note+"；"+demoNote, "；")
	}
}

func entry(action string, in Issue, before, after map[string]any, reason string) audit.Entry {
	return audit.Entry{Action: action, ObjectKind: "paper", ObjectID: in.ID, ObjectName: in.Title, Before: before, After: after, Reason: reason}
}

// Edit is what a person changed of a draft.
type Edit struct {
	ID        string
	Revision  int64
	Title     string
	Addressee string
	Text      string   // as Text gives it
	Note      string   // openness
	Persons   []string // names for the cells that Persons lists, in their order
}

// Edit changes the words of a draft. Figures stay what the program filled in.
func (s *Service) Edit(ctx context.Context, p org.Principal, e Edit) (err error) {
	defer errs.Wrap(&err, "matter.Edit(%s)", e.ID)
	return s.change(ctx, p, org.MatterIssue, e.ID, e.Revision, []State{Drafting}, func(tx *db.Tx, in *Issue) (audit.Entry, error) {
		var c errs.Check
		c.Require(strings.TrimSpace(e.Title) != "", "title", "请填写标题")
		filled, names := setPersons(in.Document.Body, e.Persons)
		body, err := Parse(e.Text, filled)
		c.Add("text", err)
		if err := c.Err(); err != nil {
			return audit.Entry{}, err
		}
		before := map[string]any{"标题": in.Title, "正文": Text(in.Document.Body)}
		in.Document.Title, in.Document.Addressee, in.Document.Note, in.Document.Body = strings.TrimSpace(e.Title), strings.TrimSpace(e.Addressee), strings.TrimSpace(e.Note), body
		in.Title = in.Document.Title
		after := map[string]any{"标题": in.Title, "正文": Text(body)}
		if len(names) > 0 {
			after["填写姓名"] = masked(names)
		}
		return entry("paper.edit", *in, before, after, ""), nil
	})
}

// Submit hands a draft to the approver. What the standard forbids stands in the way.
func (s *Service) Submit(ctx context.Context, p org.Principal, id string, revision int64) (err error) {
	defer errs.Wrap(&err, "matter.Submit(%s)", id)
	return s.change(ctx, p, org.MatterIssue, id, revision, []State{Drafting}, func(tx *db.Tx, in *Issue) (audit.Entry, error) {
		if err := s.sound(tx, *in); err != nil {
			return audit.Entry{}, err
		}
		in.State = Submitted
		return entry("paper.submit", *in, nil, nil, ""), nil
	})
}

// Return gives a draft back with a reason.
func (s *Service) Return(ctx context.Context, p org.Principal, id string, revision int64, reason string) (err error) {
	defer errs.Wrap(&err, "matter.Return(%s)", id)
	return s.change(ctx, p, org.MatterApprove, id, revision, []State{Submitted}, func(tx *db.Tx, in *Issue) (audit.Entry, error) {
		if strings.TrimSpace(reason) == "" {
			return audit.Entry{}, errs.New(errs.Invalid, "请写明退回的理由")
		}
		in.State, in.Reason, in.DecidedBy, in.Decider, in.DecidedAt = Drafting, strings.TrimSpace(reason), p.ID, p.Name, tx.Now()
		return entry("paper.return", *in, nil, nil, in.Reason), nil
	})
}

// Discard gives a draft up. Its text is kept.
func (s *Service) Discard(ctx context.Context, p org.Principal, id string, revision int64, reason string) (err error) {
	defer errs.Wrap(&err, "matter.Discard(%s)", id)
	return s.change(ctx, p, org.MatterIssue, id, revision, []State{Drafting, Submitted}, func(tx *db.Tx, in *Issue) (audit.Entry, error) {
		if strings.TrimSpace(reason) == "" {
			return audit.Entry{}, errs.New(errs.Invalid, "请写明作废的理由")
		}
		in.State, in.Reason = Discarded, strings.TrimSpace(reason)
		return entry("paper.discard", *in, nil, nil, in.Reason), nil
	})
}

// Approve issues a document: another person than the drafter gives it its number,
// and its file is kept as it went out. An empty number takes the next one.
func (s *Service) Approve(ctx context.Context, p org.Principal, id string, revision int64, number string) (err error) {
	defer errs.Wrap(&err, "matter.Approve(%s)", id)
	if err := p.May(org.MatterApprove, org.Scope{}); err != nil {
		return err
	}
	in, err := s.Get(ctx, p, id)
	if err != nil {
		return err
	}
	// The number is part of the file, and the file is stored before the transaction that
	// names it: a number that somebody else took meanwhile gives a conflict and nothing is lost.
	if number = strings.TrimSpace(number); number == "" {
		if number, err = s.NextNumber(ctx); err != nil {
			return err
		}
	}
	in.Document.Number, in.Document.Date = number, calendar.Today(s.DB.Now())
	in.Document.Body = signApprover(in.Document.Body, p.Name)
	if in.Document.Printed.Organ != "" {
		in.Document.Printed.Date = in.Document.Date
	}
	var file bytes.Buffer
	if err := gongwen.Write(&file, in.Document); err != nil {
		return fmt.Errorf("write the document: %w", err)
	}
	ref, err := s.Blobs.Put(ctx, &file, 50<<20)
	if err != nil {
		return err
	}
	issued := in.Document
	return s.change(ctx, p, org.MatterApprove, id, revision, []State{Submitted}, func(tx *db.Tx, in *Issue) (audit.Entry, error) {
		if in.DraftedBy == p.ID {
			return audit.Entry{}, errs.New(errs.Forbidden, "起草人不能审批自己起草的文书，请由其他审批人办理")
		}
		if err := s.sound(tx, *in); err != nil {
			return audit.Entry{}, err
		}
		in.Document, in.Number, in.Hash = issued, number, ref.Hash
		in.State, in.DecidedBy, in.Decider, in.DecidedAt, in.Reason = Issued, p.ID, p.Name, tx.Now(), ""
		return entry("paper.issue", *in, nil, map[string]any{"文号": number, "SHA-256": ref.Hash}, ""), nil
	})
}

// NextNumber is the document number that follows the largest known one of the year.
func (s *Service) NextNumber(ctx context.Context) (number string, err error) {
	defer errs.Wrap(&err, "matter.NextNumber")
	known := make([]string, 0, len(s.Pack.Documents))
	for _, d := range s.Pack.Documents {
		known = append(known, d.Number)
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		number, err = nextNumber(tx, s.prefix(), calendar.Today(tx.Now()).Year(), known)
		return err
	})
	return number, err
}

// prefix is the part of document numbers before the year, taken from the plan's own number.
func (s *Service) prefix() string {
	for _, d := range s.Pack.Documents {
		if head, _, ok := strings.Cut(d.Number, "〔"); ok {
			return head
		}
	}
	return s.Pack.Short + "督字"
}

// Findings gives what the standard and the rules say of a document.
func (s *Service) Findings(in Issue) []gongwen.Finding {
	return s.findings(in, calendar.Today(s.DB.Now()))
}

func (s *Service) findings(in Issue, today calendar.Date) []gongwen.Finding {
	d := in.Document
	if d.Number == "" {
		d.Number = fmt.Sprintf("%s〔%d〕1号", s.prefix(), today.Year()) // given at approval, and right by construction
	}
	r := gongwen.Rules{Today: today, LengthLimit: s.Pack.Defaults.Documents.Task, Reader: gongwen.ToDepartment}
	if slices.ContainsFunc(in.To, city.UnitKind.IsGovernment) {
		r.Reader = gongwen.ToGovernment
	}
	return append(gongwen.Check(d, r), stillMasked(d)...)
}

func (s *Service) sound(tx *db.Tx, in Issue) error {
	for _, f := range s.findings(in, calendar.Today(tx.Now())) {
		if f.Severity == gongwen.Blocks {
			return errs.New(errs.Invalid, "还不能成文：%s：%s（%s）", f.Element, f.Advice, f.Text)
		}
	}
	return nil
}

// change is the frame of all moves of a paper.
func (s *Service) change(ctx context.Context, p org.Principal, a org.Action, id string, revision int64, from []State, f func(*db.Tx, *Issue) (audit.Entry, error)) error {
	if err := p.May(a, org.Scope{}); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		in, err := issueByID(tx, id)
		if err != nil {
			return err
		}
		if !slices.Contains(from, in.State) {
			return errs.New(errs.Conflict, "文书处于“%s”，不能这样办理", in.State.Label())
		}
		if in.Revision != revision {
			return errs.New(errs.Conflict, "文书刚被他人改过，请看过新的内容再办理")
		}
		e, err := f(tx, &in)
		if err != nil {
			return err
		}
		in.label()
		if err := updateIssue(tx, in); err != nil {
			return err
		}
		return s.Log.Append(tx, p.Actor(), e)
	})
}

// Get reads one paper.
func (s *Service) Get(ctx context.Context, p org.Principal, id string) (in Issue, err error) {
	defer errs.Wrap(&err, "matter.Get(%s)", id)
	if err := p.May(org.RegisterRead, org.Scope{}); err != nil {
		return in, err
	}
	if err = s.DB.Read(ctx, func(tx *db.Tx) (err error) { in, err = issueByID(tx, id); return err }); err != nil {
		return in, err
	}
	if in.State != Issued && !seesDrafts(p) {
		return Issue{}, errs.New(errs.NotFound, "没有这份文书")
	}
	return in, nil
}

// seesDrafts tells who works on drafts; everybody else sees what was issued.
func seesDrafts(p org.Principal) bool {
	return p.MayAnywhere(org.MatterIssue) || p.MayAnywhere(org.MatterApprove) || p.MayAnywhere(org.AuditExport)
}

// Query asks for a page of papers; empty fields ask for everything.
type Query struct {
	Kind          Kind
	State         State
	Text          string // in title and number
	RecordID      string
	Offset, Limit int
}

// List reads a page of papers, the newest first, without their texts.
func (s *Service) List(ctx context.Context, p org.Principal, q Query) (all []Issue, total int, err error) {
	defer errs.Wrap(&err, "matter.List")
	if err := p.May(org.RegisterRead, org.Scope{}); err != nil {
		return nil, 0, err
	}
	if !seesDrafts(p) {
		if q.State != "" && q.State != Issued {
			return nil, 0, nil
		}
		q.State = Issued
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) { all, total, err = listIssues(tx, q); return err })
	return all, total, err
}

// File opens the issued file.
func (s *Service) File(in Issue) (io.ReadSeekCloser, error) {
	if in.Hash == "" {
		return nil, errs.New(errs.NotFound, "文书尚未印发，没有正式文件")
	}
	f, _, err := s.Blobs.Open(in.Hash)
	return f, err
}

// PeriodWords names a bulletin's period as people say it: 2026年6月.
func PeriodWords(period string) string {
	_, words, _, err := parsePeriod(period)
	if err != nil {
		return period
	}
	return words
}

// parsePeriod reads "2026-06" or "2026-Q2".
func parsePeriod(period string) (r Rhythm, words string, first calendar.Date, err error) {
	var year, n int
	if _, err := fmt.Sscanf(period, "%4d-Q%1d", &year, &n); err == nil && n >= 1 && n <= 4 && fmt.Sprintf("%04d-Q%d", year, n) == period {
		return Quarterly, fmt.Sprintf("%d年第%s季度", year, numerals[n-1]), calendar.Of(year, time.Month(3*n-2), 1), nil
	}
	if first, err := calendar.ParseDate(period + "-01"); err == nil {
		return Monthly, fmt.Sprintf("%d年%d月", first.Year(), first.Month()), first, nil
	}
	return "", "", first, errs.New(errs.Invalid, "期间应写成 2026-06 或 2026-Q2")
}
