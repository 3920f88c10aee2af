package register

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/quantity"
)

// A hit of a plausibility check marks a record for the sampler; it refuses nothing.
// There are three kinds of check: those that need the record alone; those that compare
// it with a few others, found through an index whenever one of them changes; and those
// that look at all records of a time, once a day (Review).

// partner is another record that a check compares with.
type partner struct {
	id      string
	flagged bool // by the same check
}

// flags are the checks that a record hits, and the records that are hit together with
// it and do not know it yet.
func (s *Service) flags(tx *db.Tx, d *Definition, r Record) (all []Flag, others []string, err error) {
	for _, c := range d.Checks {
		hit := s.alone(d, c, r) || reviewed(c.Kind) && r.flagged(c.Kind)
		if compares(c.Kind) {
			var partners []partner
			if hit, partners, err = s.among(tx, d, c, r); err != nil {
				return nil, nil, err
			}
			for _, x := range partners {
				if hit && !x.flagged {
					others = append(others, x.id)
				}
			}
		}
		if hit {
			all = append(all, Flag{c.Kind, c.Says})
		}
	}
	return all, others, nil
}

func (r Record) flagged(kind string) bool {
	return slices.ContainsFunc(r.Flags, func(f Flag) bool { return f.Kind == kind })
}

// compares reports whether a check looks at a few other records.
func compares(kind string) bool {
	return slices.Contains([]string{CheckPhotoReused, CheckNearDuplicate, CheckPhoneMany, CheckRepeat}, kind)
}

// reflag finds the flags of a record that was entered or changed, and of those that it
// stands beside. before is the record as it was, or nil: what stood beside that may be
// free of a flag now.
func (s *Service) reflag(tx *db.Tx, d *Definition, before *Record, r Record) error {
	found, others, err := s.flags(tx, d, r)
	if err != nil {
		return err
	}
	if before != nil {
		left, err := s.left(tx, d, *before, r)
		if err != nil {
			return err
		}
		others = append(others, left...)
	}
	if err := storeFlags(tx, r, found); err != nil {
		return err
	}
	slices.Sort(others)
	for _, id := range slices.Compact(others) {
		other, of, err := s.load(tx, id)
		if err != nil {
			return err
		}
		found, _, err := s.flags(tx, of, other)
		if err != nil {
			return err
		}
		if err := storeFlags(tx, other, found); err != nil {
			return err
		}
	}
	return nil
}

// left are the records that carry a flag because of what a record was.
func (s *Service) left(tx *db.Tx, d *Definition, before, r Record) (ids []string, err error) {
	if d.standing(before) == d.standing(r) && d.traces(before) == d.traces(r) {
		return nil, nil
	}
	for _, c := range d.Checks {
		if !compares(c.Kind) || c.Kind == CheckRepeat {
			continue
		}
		_, partners, err := s.among(tx, d, c, before)
		if err != nil {
			return nil, err
		}
		for _, x := range partners {
			if x.flagged {
				ids = append(ids, x.id)
			}
		}
	}
	return ids, nil
}

// traces is the part of a record by which others are compared with it.
func (d *Definition) traces(r Record) string {
	parts := []string{r.Values[d.Place.Longitude], r.Values[d.Place.Latitude]}
	for _, c := range d.Checks {
		if c.Kind == CheckPhoneMany {
			parts = append(parts, r.Values[c.Field])
		}
	}
	return strings.Join(parts, "\x1f")
}

// storeFlags writes flags that differ from those that a record has. They follow from
// the record and are no change of it: its revision stays.
func storeFlags(tx *db.Tx, r Record, found []Flag) error {
	if slices.Equal(r.Flags, found) {
		return nil
	}
	text := ""
	if len(found) > 0 {
		b, err := json.Marshal(found)
		if err != nil {
			return fmt.Errorf("store flags: %w", err)
		}
		text = string(b)
	}
	_, err := tx.Exec("UPDATE record SET flags = $1 WHERE id = $2", text, r.ID)
	return err
}

// alone are the checks that need nothing but the record.
func (s *Service) alone(d *Definition, c Check, r Record) bool {
	v := r.Values[c.Field]
	switch c.Kind {
	case CheckLateFiling, CheckOrder:
		a, errA := calendar.ParseDate(v)
		b, errB := calendar.ParseDate(r.Values[c.Than])
		if errA != nil || errB != nil {
			return false
		}
		if c.Kind == CheckOrder {
			return a.Before(b)
		}
		return a.Sub(b) > c.Days
	case CheckMinimum, CheckMaximum:
		q, errQ := quantity.Parse(v)
		than, errT := quantity.Parse(c.Than)
		if errQ != nil || errT != nil {
			return c.Kind == CheckMinimum && v == "" && errT == nil
		}
		return c.Kind == CheckMinimum && q < than || c.Kind == CheckMaximum && q > than
	case CheckBaseline:
		return !d.Baseline.IsZero() && !d.EffectiveOn(r.Values).IsZero() && !d.EffectiveOn(r.Values).After(d.Baseline)
	case CheckExpired:
		ends := d.EndsOn(r.Values)
		return !ends.IsZero() && !ends.After(calendar.Today(s.parts.DB.Now()))
	case CheckLinkOnly:
		return v != "" && !slices.ContainsFunc(r.Proofs, func(x Proof) bool { return !x.Falsified })
	case CheckAreaCode:
		return v != "" && r.Territory != "" && !s.codeFits(v, c.Than, r)
	}
	return false
}

// codeFits compares six digits of a number with the code of the record's territory;
// a zone has none and takes that of the district around it.
func (s *Service) codeFits(v, skip string, r Record) bool {
	n, err := strconv.Atoi(skip)
	if err != nil || len(v) < n+6 {
		return true
	}
	t, ok := s.parts.Pack.Territory(r.Territory)
	if ok && t.InsideOf != "" {
		t, ok = s.parts.Pack.Territory(t.InsideOf)
	}
	return !ok || v[n:n+6] == t.Code
}
