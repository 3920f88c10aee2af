package plan

import (
	"context"
	"maps"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
)

// ShareOut gives parts of a target to counties. The parts add up to the target,
// or a note says what happens with the remainder. A part of zero is no part.
func (s *Service) ShareOut(ctx context.Context, p org.Principal, targetID string, revision int, typed map[city.TerritoryID]string, note string) (err error) {
	defer errs.Wrap(&err, "plan.ShareOut(%s)", targetID)
	note = strings.TrimSpace(note)
	return s.editTarget(ctx, p, targetID, revision, org.ShareEdit, func(tx *db.Tx, task Task, t Target) error {
		if task.Territory != "" {
			return errs.New(errs.Conflict, "只有市级清单上的目标可以分解到县区")
		}
		before, err := sharesOf(tx, targetID)
		if err != nil {
			return err
		}
		shares, err := s.parseShares(t, typed, note)
		if err != nil {
			return err
		}
		if err := refuseOrphans(tx, s.pack, targetID, shares); err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM share WHERE target_id = $1", targetID); err != nil {
			return err
		}
		for _, sh := range shares {
			if _, err := tx.Exec("INSERT INTO share (target_id, territory_id, value, note) VALUES ($1, $2, $3, '')", targetID, string(sh.Territory), int64(sh.Value)); err != nil {
				return err
			}
		}
		if _, err := tx.Exec("UPDATE target SET share_note = $2 WHERE id = $1", targetID, note); err != nil {
			return err
		}
		return s.record(tx, p, audit.Entry{Action: "target.share", ObjectKind: "task", ObjectID: task.ID, ObjectName: task.Title, Reason: note,
			Before: s.shareFacts(t, before), After: s.shareFacts(t, shares)})
	})
}

func (s *Service) shareFacts(t Target, shares []Share) map[string]string {
	m := map[string]string{"目标": t.Pledge()}
	for _, sh := range shares {
		tr, _ := s.pack.Territory(sh.Territory)
		m[tr.Name] = Amount(sh.Value, t.Unit)
	}
	return m
}

func (s *Service) parseShares(t Target, typed map[city.TerritoryID]string, note string) ([]Share, error) {
	if !t.Summable() || t.Value == nil {
		return nil, errs.New(errs.Invalid, "“%s”是%s，不能按县区分解", t.Subject, t.Kind.Label())
	}
	var c errs.Check
	var shares []Share
	sum := quantity.Quantity(0)
	for _, tr := range s.pack.Territories {
		v, given := typed[tr.ID]
		q, err := amount(v)
		c.Add(string(tr.ID), err)
		if !given || q == nil || *q == 0 {
			continue
		}
		c.Require(tr.Kind != city.TerritoryPrefecture, string(tr.ID), "全市不能作为分解对象")
		shares = append(shares, Share{Territory: tr.ID, Value: *q})
		if sum, err = sum.Add(*q); err != nil {
			c.Add(string(tr.ID), errs.New(errs.Invalid, "数字太大"))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(typed)) {
		_, ok := s.pack.Territory(id)
		c.Require(ok, string(id), "没有这个地区")
	}
	if len(shares) > 0 && sum != *t.Value {
		c.Require(note != "", "note", "分解合计 %s，与目标 %s 相差 %s：请说明差额由谁承担或为何多分",
			Amount(sum, t.Unit), Amount(*t.Value, t.Unit), (*t.Value-sum).String()+t.Unit)
	}
	_, err := short(note, 300)
	c.Add("note", err)
	return shares, c.Err()
}

// refuseOrphans keeps a territory that already reported from losing its part unnoticed.
func refuseOrphans(tx *db.Tx, pack *city.Pack, targetID string, shares []Share) error {
	var c errs.Check
	err := tx.Each(func(r db.Scanner) error {
		var id string
		if err := r.Scan(&id); err != nil {
			return err
		}
		kept := slices.ContainsFunc(shares, func(sh Share) bool { return string(sh.Territory) == id })
		if id == "" {
			c.Require(len(shares) == 0, "note", "全市数已经填报过：请先撤回，再分解到县区")
			return nil
		}
		tr, _ := pack.Territory(city.TerritoryID(id))
		c.Require(kept, id, "%s已填报进展，不能取消分解：请先撤回", tr.Name)
		return nil
	}, "SELECT DISTINCT territory_id FROM progress WHERE target_id = $1 AND state IN ('reported', 'verified')", targetID)
	if err != nil {
		return err
	}
	return c.Err()
}
