package register

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// DrawState is where a spot check stands.
type DrawState string

// The states, in their order.
const (
	DrawOpen   DrawState = "open"   // the seed is fixed by its commitment
	DrawClosed DrawState = "closed" // the list is frozen
	DrawDrawn  DrawState = "drawn"  // the seed is open, records are being checked
	DrawDone   DrawState = "done"
)

// Batch is whose records of which days a spot check is about: those of one unit or of
// one territory whose proof took effect in the days.
type Batch struct {
	Register  ID
	Unit      city.UnitID // "" when Territory is given
	Territory city.TerritoryID
	From, To  calendar.Date
}

// Draw is a spot check of a batch.
type Draw struct {
	ID string
	Batch
	Commitment string
	Seed       string // empty until it is drawn
	ListHash   string
	Population int
	Size       int // how many are drawn by chance
	SizeRule   string
	State      DrawState
	Whole      bool // one was not true: the whole batch is checked
	CreatedBy  string
	Creator    string
	CreatedAt  time.Time
	ClosedAt   time.Time
	DrawnAt    time.Time
	DoneAt     time.Time
	Outcome    Outcome
}

// Outcome is what the checks have shown so far.
type Outcome struct {
	Chosen    int // records on the list of checks
	Settled   int // of these: two people agree
	True      int // settled and true
	False     int // settled, and false or not found
	Missing   int // of False: not found
	Drawn     int // drawn by chance and settled
	DrawnTrue int // of Drawn: true
}

// Ready reports whether nothing is left to check.
func (o Outcome) Ready() bool { return o.Chosen > 0 && o.Settled == o.Chosen }

// Share is the bound of the share of true records, from those drawn by chance alone:
// records that a plausibility check hit are no random sample.
func (d Draw) Share() (low, high float64) {
	if o := d.Outcome; o.Settled == d.Population {
		return Bound(o.Settled, o.True, d.Population)
	}
	return Bound(d.Outcome.Drawn, d.Outcome.DrawnTrue, d.Population)
}

// TrueCount is between how many and how many of the batch are true.
func (d Draw) TrueCount() (low, high int) {
	return TrueCount(d.Outcome.Drawn, d.Outcome.DrawnTrue, d.Population, d.Outcome.True, d.Outcome.False)
}

// DrawResult is what one person found.
type DrawResult struct {
	By      string  `json:"by"`
	Name    string  `json:"name"`
	Finding Finding `json:"finding"`
	Note    string  `json:"note"`
	At      int64   `json:"at"` // UTC milliseconds
}

// DrawItem is a record of the frozen list.
type DrawItem struct {
	Seq       int64
	RecordID  string
	No        string
	Title     string
	Territory city.TerritoryID
	Falsified bool // the record is marked now
	Flagged   bool
	Why       Why
	Results   []DrawResult // oldest first
	Verdict   Finding      // "" while nobody agrees
	Hindrance string       // why the person who asks may not enter a result; "" when they may
}

// DrawView is a spot check with everything a page shows.
type DrawView struct {
	Draw
	Definition *Definition
	Items      []DrawItem // those that are checked
	MayDraw    bool       // the person who asks may take the next step
}

// mayDraw asks whether the person may hold spot checks of a register.
func (s *Service) mayDraw(p org.Principal, d *Definition) error {
	return p.May(org.RegisterDraw, org.Scope{Units: unitIDs(append([]city.UnitID{d.Lead}, d.Partners...))})
}

// MayDraw reports whether the person may hold spot checks of a register.
func (s *Service) MayDraw(p org.Principal, d *Definition) bool {
	return slices.ContainsFunc(d.Stages, func(st Stage) bool { return st.Counts }) && s.mayDraw(p, d) == nil
}

// OpenDraw begins a spot check: the seed is made and sealed, its commitment published.
func (s *Service) OpenDraw(ctx context.Context, p org.Principal, b Batch) (id string, err error) {
	defer errs.Wrap(&err, "register.OpenDraw(%s)", b.Register)
	d, err := s.definition(b.Register)
	if err != nil {
		return "", err
	}
	if err := s.mayDraw(p, d); err != nil {
		return "", err
	}
	err = s.parts.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.checkBatch(d, b, calendar.Today(tx.Now())); err != nil {
			return err
		}
		x := Draw{Batch: b, State: DrawOpen, CreatedBy: p.ID, Creator: p.Name, CreatedAt: tx.Now()}
		if x.ID, err = tx.NewID(); err != nil {
			return err
		}
		seed, sealed, err := s.newSeed(x.ID)
		if err != nil {
			return err
		}
		x.Commitment, id = Commitment(seed), x.ID
		if err := insertDraw(tx, x, sealed); err != nil {
			return err
		}
		return s.auditDraw(tx, p, d, x, "open", map[string]any{"范围": s.batchWords(b), "承诺": x.Commitment})
	})
	return id, err
}

// checkBatch refuses a batch that is none.
func (s *Service) checkBatch(d *Definition, b Batch, today calendar.Date) error {
	var c errs.Check
	c.Require(slices.ContainsFunc(d.Stages, func(st Stage) bool { return st.Counts }), "register", "“%s”只办理不计数，没有可抽查的记录", d.Name)
	c.Require((b.Unit == "") != (b.Territory == ""), "unit", "请选择一个登记单位或一个地区：一批记录是一个单位或一个地区的")
	if b.Unit != "" {
		_, ok := s.parts.Pack.Unit(b.Unit)
		c.Require(ok, "unit", "没有这个单位")
	}
	if b.Territory != "" {
		_, ok := s.parts.Pack.Territory(b.Territory)
		c.Require(ok, "territory", "没有这个地区")
	}
	c.Require(!b.From.IsZero(), "from", "请填写开始日期")
	c.Require(!b.To.IsZero() && !b.To.Before(b.From), "to", "结束日期不能早于开始日期")
	c.Require(!b.To.After(today), "to", "结束日期不能晚于今天")
	return c.Err()
}

// newSeed makes 32 bytes of chance, and seals them so that nobody can know the
// selection before the list is frozen.
func (s *Service) newSeed(draw string) (seed, sealed string, err error) {
	var b [32]byte
	if _, err := io.ReadFull(s.parts.DB.Entropy(), b[:]); err != nil {
		return "", "", fmt.Errorf("seed: %w", err)
	}
	seed = hex.EncodeToString(b[:])
	sealed, err = s.parts.Box.Seal([]byte(seed), seedContext(draw))
	return seed, sealed, err
}

func seedContext(draw string) string { return "draw " + draw + " seed" }

// CloseList freezes the batch: its records that count on this day, by number.
func (s *Service) CloseList(ctx context.Context, p org.Principal, id string) (err error) {
	defer errs.Wrap(&err, "register.CloseList(%s)", id)
	return s.onDraw(ctx, p, id, DrawOpen, func(tx *db.Tx, d *Definition, x Draw) error {
		items, err := batchItems(tx, d, x.Batch, calendar.Today(tx.Now()).String())
		if err != nil {
			return err
		}
		if len(items) == 0 {
			return errs.New(errs.Conflict, "%s没有已核验计数的记录，不能抽查", s.batchWords(x.Batch))
		}
		numbers := make([]string, len(items))
		for i, item := range items {
			numbers[i] = item.No
		}
		rule := s.parts.Pack.Defaults.Sampling
		x.Population, x.Size, x.SizeRule, x.ListHash = len(items), max(1, rule.Size(len(items))), sizeWords(rule), ListHash(numbers)
		if err := insertItems(tx, id, items); err != nil {
			return err
		}
		if err := tx.Must(errDrawMoved(), `UPDATE draw SET state = 'closed', population = $1, size = $2, size_rule = $3, list_hash = $4, closed_at = $5
			WHERE id = $6 AND state = 'open'`, x.Population, x.Size, x.SizeRule, x.ListHash, tx.NowMilli(), id); err != nil {
			return err
		}
		return s.auditDraw(tx, p, d, x, "close", map[string]any{"记录数": x.Population, "抽取数": x.Size, "清单摘要": x.ListHash})
	})
}

// sizeWords says in words how many are drawn.
func sizeWords(r city.Sampling) string {
	return fmt.Sprintf("%d 个以内全查；超过的，抽 %d 个与总数的 %s 中较多者", r.AllUpTo, r.Min, strings.TrimSuffix(strings.TrimSuffix(fmt.Sprintf("%d.%02d", r.Share/100, r.Share%100), "0"), ".0")+"%")
}

// Draw opens the seed and draws by the rule of Select.
func (s *Service) Draw(ctx context.Context, p org.Principal, id string) (err error) {
	defer errs.Wrap(&err, "register.Draw(%s)", id)
	return s.onDraw(ctx, p, id, DrawClosed, func(tx *db.Tx, d *Definition, x Draw) error {
		seed, err := s.openSeed(tx, id)
		if err != nil {
			return err
		}
		items, err := drawItems(tx, id)
		if err != nil {
			return err
		}
		f := DrawFile{Seed: seed, Size: x.Size}
		for _, item := range items {
			f.List = append(f.List, item.No)
			if item.Flagged {
				f.Flagged = append(f.Flagged, item.No)
			}
		}
		chosen := f.chosen()
		for _, item := range items {
			if why := chosen[item.No]; why != "" {
				if _, err := tx.Exec("UPDATE draw_item SET why = $1 WHERE draw_id = $2 AND seq = $3", string(why), id, item.Seq); err != nil {
					return err
				}
			}
		}
		if err := tx.Must(errDrawMoved(), "UPDATE draw SET state = 'drawn', seed = $1, seed_sealed = '', drawn_at = $2 WHERE id = $3 AND state = 'closed'", seed, tx.NowMilli(), id); err != nil {
			return err
		}
		return s.auditDraw(tx, p, d, x, "draw", map[string]any{"种子": seed, "检查数": len(chosen)})
	})
}

func (s *Service) openSeed(tx *db.Tx, id string) (string, error) {
	var sealed string
	if err := tx.One(errNoDraw(), func(r db.Scanner) error { return r.Scan(&sealed) }, "SELECT seed_sealed FROM draw WHERE id = $1", id); err != nil {
		return "", err
	}
	seed, err := s.parts.Box.Open(sealed, seedContext(id))
	return string(seed), err
}

// FinishDraw ends a spot check of which nothing is left to check.
func (s *Service) FinishDraw(ctx context.Context, p org.Principal, id string) (err error) {
	defer errs.Wrap(&err, "register.FinishDraw(%s)", id)
	return s.onDraw(ctx, p, id, DrawDrawn, func(tx *db.Tx, d *Definition, x Draw) error {
		if !x.Outcome.Ready() {
			return errs.New(errs.Conflict, "还有 %d 个没有两人一致的结果，不能办结", x.Outcome.Chosen-x.Outcome.Settled)
		}
		if err := tx.Must(errDrawMoved(), "UPDATE draw SET state = 'done', done_at = $1 WHERE id = $2 AND state = 'drawn'", tx.NowMilli(), id); err != nil {
			return err
		}
		low, high := x.TrueCount()
		return s.auditDraw(tx, p, d, x, "finish", map[string]any{"已核验": x.Population, "检查": x.Outcome.Chosen, "不实": x.Outcome.False, "真实不少于": low, "真实不多于": high})
	})
}

// onDraw is the frame of every step of a spot check.
func (s *Service) onDraw(ctx context.Context, p org.Principal, id string, want DrawState, f func(tx *db.Tx, d *Definition, x Draw) error) error {
	if err := p.May(org.RegisterRead, org.Scope{}); err != nil {
		return err
	}
	return s.parts.DB.Write(ctx, func(tx *db.Tx) error {
		x, err := drawByID(tx, id)
		if err != nil {
			return err
		}
		d, err := s.definition(x.Register)
		if err != nil {
			return err
		}
		if err := s.mayDraw(p, d); err != nil {
			return err
		}
		if x.State != want {
			return errDrawMoved()
		}
		return f(tx, d, x)
	})
}

func errDrawMoved() error {
	return errs.New(errs.Conflict, "这次抽查已到下一步，请看过再办理")
}

func errNoDraw() error { return errs.New(errs.NotFound, "没有这次抽查") }

// batchWords says whose records of which days a batch holds.
func (s *Service) batchWords(b Batch) string {
	name := ""
	if u, ok := s.parts.Pack.Unit(b.Unit); ok {
		name = u.Name
	} else if t, ok := s.parts.Pack.Territory(b.Territory); ok {
		name = t.Name
	}
	return fmt.Sprintf("%s %s 至 %s", name, b.From, b.To)
}

func (s *Service) auditDraw(tx *db.Tx, p org.Principal, d *Definition, x Draw, verb string, after map[string]any) error {
	return s.parts.Log.Append(tx, p.Actor(), audit.Entry{Action: "draw." + verb, ObjectKind: "draw", ObjectID: x.ID, ObjectName: d.Name + "抽查 " + s.batchWords(x.Batch), After: after})
}
