package register

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// Judgement is what a person enters about a record that is checked.
type Judgement struct {
	Draw    string
	Seq     int64
	Finding Finding
	Note    string // how it was seen; needed for what is not true
}

// Judge enters what a person found. What two people found alike is the verdict. While
// they differ both stay on the page: each may look again and change their own, or a
// third person may look. The people are neither the one who entered the record nor
// anybody who had a part in its verification.
//
// A record that two found false is marked as falsified at once, and a verdict that is
// not true puts the whole batch on the list.
func (s *Service) Judge(ctx context.Context, p org.Principal, in Judgement) (err error) {
	defer errs.Wrap(&err, "register.Judge(%s, %d)", in.Draw, in.Seq)
	in.Note = strings.TrimSpace(in.Note)
	return s.onDraw(ctx, p, in.Draw, DrawDrawn, func(tx *db.Tx, d *Definition, x Draw) error {
		item, stored, err := itemBySeq(tx, in.Draw, in.Seq)
		if err != nil {
			return err
		}
		own, err := ownRecords(tx, p, in.Draw)
		if err != nil {
			return err
		}
		if err := mayJudge(x, item, nil, own[item.RecordID]); err != nil {
			return err
		}
		if err := in.check(); err != nil {
			return err
		}
		item = item.judged(DrawResult{By: p.ID, Name: p.Name, Finding: in.Finding, Note: in.Note, At: tx.NowMilli()})
		if err := storeResults(tx, in.Draw, item, stored); err != nil {
			return err
		}
		after := map[string]any{"记录": item.No, "结果": in.Finding, "说明": in.Note, "结论": item.Verdict}
		if err := s.auditDraw(tx, p, d, x, "result", after); err != nil {
			return err
		}
		return s.consequences(tx, p, d, x, item)
	})
}

func (in Judgement) check() error {
	var c errs.Check
	c.Require(in.Finding.known(), "finding", "请选择：属实、不实或未找到")
	c.Require(in.Finding == FoundTrue || in.Note != "", "note", "不实或未找到的，请写明所见")
	c.Require(len([]rune(in.Note)) <= 500, "note", "说明最多 500 字")
	return c.Err()
}

// judged is the item with a person's result, and with the verdict when another found
// the same.
func (item DrawItem) judged(r DrawResult) DrawItem {
	item.Results = slices.DeleteFunc(slices.Clone(item.Results), func(x DrawResult) bool { return x.By == r.By })
	if slices.ContainsFunc(item.Results, func(x DrawResult) bool { return x.Finding == r.Finding }) {
		item.Verdict = r.Finding
	}
	item.Results = append(item.Results, r)
	return item
}

// mayJudge refuses a result by who may not, or about what is settled.
func mayJudge(x Draw, item DrawItem, refusal error, own bool) error {
	switch {
	case refusal != nil:
		return refusal
	case x.State != DrawDrawn:
		return errs.New(errs.Conflict, "现在不登记结果")
	case item.Why == "":
		return errs.New(errs.Conflict, "这条记录没有抽中")
	case item.Verdict != "":
		return errs.New(errs.Conflict, "两人结果一致，已有结论")
	case own:
		return errs.New(errs.Forbidden, "登记、审核、核验过这条记录的人不能检查它，请由其他人检查")
	}
	return nil
}

// ownRecord is true of a record that a person entered, or had a part in; the person
// stands in it twice.
const ownRecord = `r.reported_by = ? OR EXISTS (SELECT 1 FROM record_event e WHERE e.record_id = r.id AND e.by_id = ? AND e.move NOT IN ('falsify', 'falsify-proof'))`

// ownRecords are the records of a draw that the person entered, or had a part in.
func ownRecords(tx *db.Tx, p org.Principal, draw string) (map[string]bool, error) {
	own := map[string]bool{}
	w := &where{}
	w.add("i.draw_id = ?", draw)
	w.add("("+ownRecord+")", p.ID, p.ID)
	err := tx.Each(func(r db.Scanner) error {
		var id string
		err := r.Scan(&id)
		own[id] = true
		return err
	}, "SELECT r.id FROM draw_item i JOIN record r ON r.id = i.record_id WHERE "+w.String(), w.args...)
	return own, err
}

func itemBySeq(tx *db.Tx, draw string, seq int64) (item DrawItem, stored string, err error) {
	err = tx.One(errs.New(errs.NotFound, "清单中没有这一条"), func(r db.Scanner) (err error) { item, stored, err = scanItem(r); return err }, itemQuery+" AND i.seq = $2", draw, seq)
	return item, stored, err
}

// storeResults writes an item's results over those that were read.
func storeResults(tx *db.Tx, draw string, item DrawItem, before string) error {
	text, err := json.Marshal(item.Results)
	if err != nil {
		return fmt.Errorf("store results: %w", err)
	}
	return tx.Must(errs.New(errs.Conflict, "另一人刚登记了这一条，请看过再登记"),
		"UPDATE draw_item SET results = $1, verdict = $2 WHERE draw_id = $3 AND seq = $4 AND results = $5 AND verdict = ''",
		string(text), string(item.Verdict), draw, item.Seq, before)
}

// consequences follow from a verdict that is not true.
func (s *Service) consequences(tx *db.Tx, p org.Principal, d *Definition, x Draw, item DrawItem) error {
	if item.Verdict != FoundFalse && item.Verdict != FoundMissing {
		return nil
	}
	if item.Verdict == FoundFalse && !item.Falsified {
		if err := s.falsifyFound(tx, p, item); err != nil {
			return err
		}
	}
	if x.Whole {
		return nil
	}
	if _, err := tx.Exec("UPDATE draw SET whole = 1 WHERE id = $1", x.ID); err != nil {
		return err
	}
	n, err := tx.Exec("UPDATE draw_item SET why = 'whole' WHERE draw_id = $1 AND why = ''", x.ID)
	if err != nil {
		return err
	}
	return s.auditDraw(tx, p, d, x, "whole", map[string]any{"起因": item.No, "加查": n})
}

// falsifyFound marks a record that two people found false. Their finding is the
// ground: it asks for no permission beyond the one to check.
func (s *Service) falsifyFound(tx *db.Tx, p org.Principal, item DrawItem) error {
	r, err := recordByID(tx, item.RecordID)
	if err != nil {
		return err
	}
	notes := make([]string, 0, len(item.Results))
	for _, x := range item.Results {
		if x.Finding == FoundFalse {
			notes = append(notes, x.Name+"："+x.Note)
		}
	}
	return s.changeIn(tx, p, r.ID, r.Revision, func(_ *db.Tx, _ *Definition, r *Record) (Event, error) {
		r.Falsified = true
		return Event{Move: "falsify", From: r.Stage, To: r.Stage, Reason: "抽查两人一致认定不实。" + strings.Join(notes, "；")}, nil
	})
}

// message is what an error tells a person.
func message(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}
