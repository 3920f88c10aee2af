package register

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
)

// addTotals replaces what a record gave to the totals by what it gives now, and
// counts the change of each count that is touched.
func addTotals(tx *db.Tx, d *Definition, before, after []Delta) error {
	type place struct {
		count     string
		territory city.TerritoryID
		day       string
	}
	sum := map[place]quantity.Quantity{}
	for _, x := range before {
		sum[place{x.Count, x.Territory, x.Day.String()}] -= x.Value
	}
	for _, x := range after {
		sum[place{x.Count, x.Territory, x.Day.String()}] += x.Value
	}
	touched := map[string]bool{}
	for at, v := range sum {
		if v == 0 {
			continue
		}
		touched[at.count] = true
		if _, err := tx.Exec(`INSERT INTO record_total (register, count_id, day, territory_id, value) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (register, count_id, day, territory_id) DO UPDATE SET value = record_total.value + excluded.value`,
			string(d.ID), at.count, at.day, string(at.territory), int64(v)); err != nil {
			return err
		}
	}
	for count := range touched {
		if err := changed(tx, d.ID, count); err != nil {
			return err
		}
	}
	return nil
}

func changed(tx *db.Tx, id ID, count string) error {
	_, err := tx.Exec(`INSERT INTO record_change (register, count_id, n) SELECT $1, $2, COALESCE(MAX(n), 0) + 1 FROM record_change WHERE 1 = 1
		ON CONFLICT (register, count_id) DO UPDATE SET n = excluded.n`, string(id), count)
	return err
}

// At gives the value of each count at a day, by territory as entered.
func (s *Service) At(ctx context.Context, refs []CountRef, day calendar.Date) (all map[CountRef]Values, err error) {
	defer errs.Wrap(&err, "register.At(%s)", day)
	all = map[CountRef]Values{}
	err = s.parts.DB.Read(ctx, func(tx *db.Tx) error {
		for _, ref := range refs {
			d, err := s.definition(ref.Register)
			if err != nil {
				return err
			}
			c, ok := d.Count(ref.Count)
			if !ok {
				return errs.New(errs.NotFound, "台账“%s”没有计数规则“%s”", d.Name, ref.Count)
			}
			values, err := valuesAt(tx, ref, c.Mode, day)
			if err != nil {
				return err
			}
			all[ref] = values
		}
		return nil
	})
	return all, err
}

// since is the first day whose deltas a count adds up.
func since(mode CountMode, day calendar.Date) string {
	if mode == Flow {
		return fmt.Sprintf("%04d-01-01", day.Year())
	}
	return ""
}

func valuesAt(tx *db.Tx, ref CountRef, mode CountMode, day calendar.Date) (Values, error) {
	values := Values{}
	err := tx.Each(func(r db.Scanner) error {
		var territory city.TerritoryID
		var v quantity.Quantity
		err := r.Scan(&territory, &v)
		values[territory] = v
		return err
	}, `SELECT territory_id, CAST(SUM(value) AS BIGINT) FROM record_total WHERE register = $1 AND count_id = $2 AND day >= $3 AND day <= $4 GROUP BY territory_id`,
		string(ref.Register), ref.Count, since(mode, day), day.String())
	return values, err
}

// Changes tells which counts changed after n changes of this room, and the number
// now. all is true when everything must be read anew: the data is another one.
func (s *Service) Changes(ctx context.Context, n int64) (now int64, refs []CountRef, all bool, err error) {
	defer errs.Wrap(&err, "register.Changes")
	err = s.parts.DB.Read(ctx, func(tx *db.Tx) error {
		if err := tx.One(nil, func(r db.Scanner) error { return r.Scan(&now) }, "SELECT COALESCE(MAX(n), 0) FROM record_change"); err != nil {
			return err
		}
		if all = n > now; all || n == now {
			return nil
		}
		return tx.Each(func(r db.Scanner) error {
			var ref CountRef
			err := r.Scan(&ref.Register, &ref.Count)
			refs = append(refs, ref)
			return err
		}, "SELECT register, count_id FROM record_change WHERE n > $1 ORDER BY n", n)
	})
	return now, refs, all, err
}

// total is one stored row of the totals.
type total struct {
	Count     string
	Territory city.TerritoryID
	Day       string
}

// recompute adds up the deltas of all records of a register.
func (s *Service) recompute(tx *db.Tx, d *Definition) (map[total]quantity.Quantity, error) {
	sums := map[total]quantity.Quantity{}
	err := tx.Each(func(row db.Scanner) error {
		var r Record
		if err := scanRecord(&r)(row); err != nil {
			return err
		}
		for _, x := range d.Deltas(r) {
			at := total{x.Count, x.Territory, x.Day.String()}
			if sums[at] += x.Value; sums[at] == 0 {
				delete(sums, at)
			}
		}
		return nil
	}, "SELECT "+recordColumns+" FROM record r WHERE r.register = $1", string(d.ID))
	return sums, err
}

func storedTotals(tx *db.Tx, id ID) (map[total]quantity.Quantity, error) {
	stored := map[total]quantity.Quantity{}
	err := tx.Each(func(r db.Scanner) error {
		var at total
		var v quantity.Quantity
		err := r.Scan(&at.Count, &at.Territory, &at.Day, &v)
		stored[at] = v
		return err
	}, "SELECT count_id, territory_id, day, value FROM record_total WHERE register = $1 AND value <> 0", string(id))
	return stored, err
}

// CheckTotals names the totals that are not what the records give; checked counts
// the totals. A sound database has none.
func (s *Service) CheckTotals(ctx context.Context) (wrong []string, checked int, err error) {
	defer errs.Wrap(&err, "register.CheckTotals")
	err = s.parts.DB.Read(ctx, func(tx *db.Tx) error {
		wrong, checked = nil, 0
		for _, d := range s.parts.Catalog.All() {
			right, err := s.recompute(tx, d)
			if err != nil {
				return err
			}
			stored, err := storedTotals(tx, d.ID)
			if err != nil {
				return err
			}
			checked += len(right)
			for at, v := range right {
				if stored[at] != v {
					wrong = append(wrong, fmt.Sprintf("%s/%s %s %s", d.ID, at.Count, at.Territory, at.Day))
				}
				delete(stored, at)
			}
			for at := range stored {
				wrong = append(wrong, fmt.Sprintf("%s/%s %s %s", d.ID, at.Count, at.Territory, at.Day))
			}
		}
		slices.Sort(wrong)
		return nil
	})
	return wrong, checked, err
}

// Rebuild computes anew from the records all totals, and what phones are compared by:
// after a register of the pack got another counting rule or check.
func (s *Service) Rebuild(ctx context.Context, p org.Principal) (err error) {
	defer errs.Wrap(&err, "register.Rebuild")
	if err := p.May(org.SystemRead, org.Scope{}); err != nil {
		return err
	}
	for _, d := range s.parts.Catalog.All() {
		if err := s.parts.DB.Write(ctx, func(tx *db.Tx) error {
			right, err := s.recompute(tx, d)
			if err != nil {
				return err
			}
			if _, err := tx.Exec("DELETE FROM record_total WHERE register = $1", string(d.ID)); err != nil {
				return err
			}
			for _, at := range sortedTotals(right) {
				if _, err := tx.Exec("INSERT INTO record_total (register, count_id, day, territory_id, value) VALUES ($1, $2, $3, $4, $5)",
					string(d.ID), at.Count, at.Day, string(at.Territory), int64(right[at])); err != nil {
					return err
				}
			}
			for _, c := range d.Counts {
				if err := changed(tx, d.ID, c.ID); err != nil {
					return err
				}
			}
			if err := s.rebuildPhones(tx, d); err != nil {
				return err
			}
			return s.parts.Log.Append(tx, p.Actor(), audit.Entry{Action: "register.rebuild", ObjectKind: "register", ObjectID: string(d.ID), ObjectName: d.Name,
				After: map[string]any{"合计": len(right)}})
		}); err != nil {
			return err
		}
	}
	return nil
}

func sortedTotals(m map[total]quantity.Quantity) []total {
	all := make([]total, 0, len(m))
	for at := range m {
		all = append(all, at)
	}
	slices.SortFunc(all, func(a, b total) int {
		return cmp.Or(cmp.Compare(a.Count, b.Count), cmp.Compare(a.Day, b.Day), cmp.Compare(a.Territory, b.Territory))
	})
	return all
}
