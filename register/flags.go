package register

import (
	"errors"
	"strconv"

	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/quantity"
)

// flags are the plausibility checks that a record hits. A hit marks it for the
// sampler; it refuses nothing.
func (s *Service) flags(tx *db.Tx, d *Definition, r Record, proven bool) (all []Flag, err error) {
	for _, c := range d.Checks {
		hit := s.alone(d, c, r, proven)
		if !hit {
			if hit, err = s.among(tx, d, c, r); err != nil {
				return nil, err
			}
		}
		if hit {
			all = append(all, Flag{c.Kind, c.Says})
		}
	}
	return all, nil
}

// alone are the checks that need nothing but the record.
func (s *Service) alone(d *Definition, c Check, r Record, proven bool) bool {
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
		return v != "" && !proven && len(r.Proofs) == 0
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

// among are the checks that look at other records.
func (s *Service) among(tx *db.Tx, d *Definition, c Check, r Record) (bool, error) {
	switch c.Kind {
	case CheckPhotoReused:
		return exists(tx, `SELECT 1 FROM record_proof a JOIN record_proof b ON a.hash = b.hash AND b.record_id <> a.record_id WHERE a.record_id = $1 AND a.media LIKE 'image/%'`, r.ID)
	case CheckRepeat:
		v := r.Values[c.Field]
		day := d.EffectiveOn(r.Values)
		if v == "" || day.IsZero() {
			return false, nil
		}
		return exists(tx, `SELECT 1 FROM record r WHERE r.register = $1 AND r.id <> $2 AND r.unit_id <> $3 AND r.body LIKE $4 ESCAPE '\' AND r.reported_at >= $5`,
			string(d.ID), r.ID, string(r.Unit), holding(c.Field, v), tx.Now().AddDate(0, 0, -c.Days).UnixMilli())
	case CheckNearDuplicate:
		place := d.placeOf(r)
		if place == "" {
			return false, nil
		}
		return exists(tx, "SELECT 1 FROM record r WHERE r.register = $1 AND r.place = $2 AND r.id <> $3", string(d.ID), place, r.ID)
	}
	return false, nil
}

// placeOf is a record's place to about a hundred metres, "" without coordinates.
func (d *Definition) placeOf(r Record) string {
	lon, lat := r.Values[d.Place.Longitude], r.Values[d.Place.Latitude]
	if lon == "" || lat == "" {
		return ""
	}
	return cut(lon) + "," + cut(lat)
}

// cut keeps three decimals of a coordinate: about a hundred metres.
func cut(s string) string {
	for i, c := range s {
		if c == '.' && len(s) > i+4 {
			return s[:i+4]
		}
	}
	return s
}

func exists(tx *db.Tx, query string, args ...any) (bool, error) {
	var one int
	err := tx.One(errNone, func(r db.Scanner) error { return r.Scan(&one) }, query+" LIMIT 1", args...)
	if errors.Is(err, errNone) {
		return false, nil
	}
	return err == nil, err
}
