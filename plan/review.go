package plan

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan/read"
)

// Review is an import with everything a person needs to correct and decide it.
type Review struct {
	Import
	Text        string // the document's text, into which all spans point
	Draft       Draft
	Corrections []Correction
	Problems    []Finding // what keeps it from being published
	Warnings    []Finding
	Resolved    map[string][]city.UnitID // units by printed name
	Old         *Plan                    // the list of which this is a new version
	Differences []Difference             // against Old
	Parents     []TaskView               // the city's tasks, for a county's list
}

// Review gives one import for the correction page.
func (s *Service) Review(ctx context.Context, p org.Principal, id string) (r Review, err error) {
	defer errs.Wrap(&err, "plan.Review(%s)", id)
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		r, err = s.review(tx, p, id)
		return err
	})
	return r, err
}

func (s *Service) review(tx *db.Tx, p org.Principal, id string) (r Review, err error) {
	if r.Import, err = importByID(tx, id); err != nil {
		return r, err
	}
	if err := s.maySee(p, r.Import); err != nil {
		return r, err
	}
	if r.State == ImportReading || r.State == ImportFailed {
		return r, nil
	}
	reading, text, err := readingOf(tx, r.Import)
	if err != nil {
		return r, err
	}
	r.Text = text
	if r.Corrections, err = correctionsOf(tx, id); err != nil {
		return r, err
	}
	if r.Draft, err = Fold(reading, r.Corrections); err != nil {
		return r, err
	}
	dir, err := s.directory(tx)
	if err != nil {
		return r, err
	}
	r.Resolved = resolveNames(dir, &r.Draft)
	r.Problems, r.Warnings = CheckDraft(&r.Draft, text, func(name string) bool { return len(r.Resolved[name]) > 0 })
	if err := s.addRelated(tx, &r); err != nil {
		return r, err
	}
	if n := Undecided(r.Differences); n > 0 {
		r.Problems = append(r.Problems, Finding{"", fmt.Sprintf("还有 %d 处与原清单的差别没有决定", n)})
	}
	return r, nil
}

// addRelated adds the list that the import renews and the list above it.
func (s *Service) addRelated(tx *db.Tx, r *Review) error {
	if r.PlanID != "" && r.State != ImportPublished {
		old, err := planByID(tx, r.PlanID)
		if err != nil {
			return err
		}
		views, err := taskViews(tx, r.PlanID)
		if err != nil {
			return err
		}
		r.Old, r.Differences = &old, Compare(views, &r.Draft, r.Text)
	}
	return s.addParents(tx, r)
}

// addParents says which of the city's tasks each task of a list under it carries
// out: as a person chose, else as the list has it, else the most alike.
func (s *Service) addParents(tx *db.Tx, r *Review) (err error) {
	if r.ParentID != "" {
		if r.Parents, err = taskViews(tx, r.ParentID); err != nil {
			return err
		}
	}
	titles := map[string]string{}
	for i := range r.Parents {
		titles[r.Parents[i].ID] = r.Parents[i].Title
	}
	before := map[string]*TaskView{}
	for _, d := range r.Differences {
		if d.Old != nil && d.New != nil {
			before[d.New.ID] = d.Old
		}
	}
	chosen := map[string]string{}
	for i := range r.Draft.Tasks {
		t := &r.Draft.Tasks[i]
		if t.Deleted {
			continue
		}
		if old := before[t.ID]; t.Parent == "" && old != nil {
			t.Parent = old.ParentTaskID
		} else if t.Parent == "" {
			t.Parent = SuggestParent(t.Title, bodyOf(r.Text, t.Span), r.Parents)
		} else if id := parentID(t.Parent); id != "" && titles[id] == "" {
			r.Problems = append(r.Problems, Finding{t.ID, "“" + t.Title + "”承接的市级任务不在现行清单中：请重新选择"})
		}
		chosen[t.ID] = t.Parent
	}
	for i := range r.Differences {
		d := &r.Differences[i]
		if d.New == nil {
			continue
		}
		d.New.Parent = chosen[d.New.ID]
		if id := parentID(d.New.Parent); d.Old != nil && id != d.Old.ParentTaskID {
			d.Parts = append(d.Parts, Part{"承接的市级任务", titles[d.Old.ParentTaskID], titles[id]})
			d.Kind = DiffChanged
		}
	}
	return nil
}

// maySee lets those see an import who may make one, and those who may publish it.
func (s *Service) maySee(p org.Principal, im Import) error {
	if p.May(org.PlanPublish, org.Scope{}) == nil {
		return nil
	}
	return p.May(importScope(im.Kind, im.Territory))
}

func resolveNames(dir *city.Directory, d *Draft) map[string][]city.UnitID {
	m := map[string][]city.UnitID{}
	for _, t := range d.Tasks {
		for _, u := range t.Units {
			if _, done := m[u.Name]; !done {
				m[u.Name] = dir.Resolve(u.Name).Units
			}
		}
	}
	return m
}

func readingOf(tx *db.Tx, im Import) (p read.Plan, text string, err error) {
	var encoded string
	err = tx.One(noImport(), func(r db.Scanner) error { return r.Scan(&encoded, &text) },
		"SELECT i.reading, d.body FROM import i JOIN document d ON d.id = i.document_id WHERE i.id = $1", im.ID)
	if err != nil {
		return p, "", err
	}
	if err := json.Unmarshal([]byte(encoded), &p); err != nil {
		return p, "", fmt.Errorf("stored reading of %s: %w", im.ID, err)
	}
	return p, text, nil
}

// Correct applies one correction to a draft and keeps it. revision is the one
// the page showed: when somebody else corrected meanwhile, the answer is Conflict.
func (s *Service) Correct(ctx context.Context, p org.Principal, id string, revision int, c Correction) (err error) {
	defer errs.Wrap(&err, "plan.Correct(%s)", id)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		im, err := importByID(tx, id)
		if err != nil {
			return err
		}
		if err := s.mayCorrect(p, im); err != nil {
			return err
		}
		if err := im.check(ImportDraft, revision); err != nil {
			return err
		}
		reading, text, err := readingOf(tx, im)
		if err != nil {
			return err
		}
		if err := s.checkCorrection(c, text); err != nil {
			return err
		}
		all, err := correctionsOf(tx, id)
		if err != nil {
			return err
		}
		c.Seq = len(all) + 1
		before, err := Fold(reading, all)
		if err != nil {
			return err
		}
		if c.Op == OpUndo {
			if len(effective(all)) == 0 {
				return errs.New(errs.Conflict, "没有可以撤销的更正")
			}
		} else if err := before.apply(c); err != nil {
			return err
		}
		if err := insertCorrection(tx, p, id, c); err != nil {
			return err
		}
		return s.record(tx, p, audit.Entry{Action: "plan.correct", ObjectKind: "import", ObjectID: id, ObjectName: im.Title, After: c})
	})
}

// checkCorrection holds a correction against what the draft does not know: the
// unit directory, and the characters of the text.
func (s *Service) checkCorrection(c Correction, text string) error {
	if as := c.Fields["as"]; as != "" {
		if _, ok := s.pack.Unit(city.UnitID(strings.TrimSpace(as))); !ok {
			return fieldError("as", "请选择单位名录中的单位")
		}
	}
	if c.Op == OpSplit && c.At > 0 && c.At < len(text) && !utf8.RuneStart(text[c.At]) {
		return errs.New(errs.Invalid, "拆分的位置在一个字的中间：请选在两个字之间")
	}
	return nil
}

// mayCorrect needs plan.correct, or the right to import for a county's own list.
func (s *Service) mayCorrect(p org.Principal, im Import) error {
	if im.Kind == KindCounty && p.May(org.CountyListImport, org.Scope{Territory: string(im.Territory)}) == nil {
		return nil
	}
	return p.May(org.PlanCorrect, org.Scope{})
}

// check refuses when the import moved on since the page was drawn.
func (i Import) check(state ImportState, revision int) error {
	if i.State != state {
		return errs.New(errs.Conflict, "“%s”现在是“%s”，不能这样操作：请刷新页面", i.Title, i.State.Label())
	}
	if i.Revision != revision {
		return errs.New(errs.Conflict, "页面打开后已有别的更正（第 %d 次，页面为第 %d 次）：请刷新页面，再改一次", i.Revision, revision)
	}
	return nil
}

// Submit hands a draft to a second person for publication.
func (s *Service) Submit(ctx context.Context, p org.Principal, id string, revision int) (err error) {
	defer errs.Wrap(&err, "plan.Submit(%s)", id)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := s.review(tx, p, id)
		if err != nil {
			return err
		}
		if err := s.mayCorrect(p, r.Import); err != nil {
			return err
		}
		if err := r.check(ImportDraft, revision); err != nil {
			return err
		}
		if len(r.Problems) > 0 {
			return errs.New(errs.Invalid, "还不能提交：%s", r.Problems[0].Text)
		}
		if _, err := tx.Exec("UPDATE import SET state = 'submitted', submitted_by = $2, submitted_at = $3, title = $4 WHERE id = $1",
			id, p.ID, tx.NowMilli(), r.Draft.Title); err != nil {
			return err
		}
		return s.record(tx, p, audit.Entry{Action: "plan.submit", ObjectKind: "import", ObjectID: id, ObjectName: r.Draft.Title,
			After: map[string]any{"任务": len(r.Draft.LiveTasks()), "更正": len(effective(r.Corrections))}})
	})
}

// Return sends a submitted draft back for more corrections, with a reason.
func (s *Service) Return(ctx context.Context, p org.Principal, id, reason string) (err error) {
	defer errs.Wrap(&err, "plan.Return(%s)", id)
	if reason, err = filled(strings.TrimSpace(reason), 500); err != nil {
		return fieldError("reason", "请写明退回的理由")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		im, err := importByID(tx, id)
		if err != nil {
			return err
		}
		if err := s.mayPublish(p, im); err != nil {
			return err
		}
		if err := im.check(ImportSubmitted, im.Revision); err != nil {
			return err
		}
		if _, err := tx.Exec("UPDATE import SET state = 'draft', decided_by = $2, decided_at = $3, note = $4 WHERE id = $1", id, p.ID, tx.NowMilli(), reason); err != nil {
			return err
		}
		return s.record(tx, p, audit.Entry{Action: "plan.return", ObjectKind: "import", ObjectID: id, ObjectName: im.Title, Reason: reason})
	})
}

// Discard gives an import up. Its document and corrections are kept.
func (s *Service) Discard(ctx context.Context, p org.Principal, id string) (err error) {
	defer errs.Wrap(&err, "plan.Discard(%s)", id)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		im, err := importByID(tx, id)
		if err != nil {
			return err
		}
		if err := s.mayCorrect(p, im); err != nil {
			return err
		}
		if im.State == ImportPublished || im.State == ImportDiscarded {
			return im.check(ImportDraft, im.Revision)
		}
		if _, err := tx.Exec("UPDATE import SET state = 'discarded', decided_by = $2, decided_at = $3 WHERE id = $1", id, p.ID, tx.NowMilli()); err != nil {
			return err
		}
		return s.record(tx, p, audit.Entry{Action: "plan.discard", ObjectKind: "import", ObjectID: id, ObjectName: im.Title})
	})
}

// mayPublish needs the permission and a second person: whoever submitted a list cannot publish it.
func (s *Service) mayPublish(p org.Principal, im Import) error {
	own := org.Scope{Territory: string(im.Territory)}
	// 县区审核 publishes the county's own list: who may import and verify there, and belongs there.
	head := im.Kind == KindCounty && p.TerritoryID == own.Territory && p.May(org.CountyListImport, own) == nil && p.May(org.ProgressVerify, own) == nil
	if err := p.May(org.PlanPublish, org.Scope{}); err != nil && !head {
		return err
	}
	if im.SubmittedBy == p.ID {
		return errs.New(errs.Forbidden, "提交人不能自己发布：请另一位有发布权限的同事复核后发布")
	}
	return nil
}
