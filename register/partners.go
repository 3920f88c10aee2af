package register

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"bihuan/kit/db"
	"bihuan/kit/quantity"
)

// mostPartners bounds what one comparison reads: where more stand together, all but the
// first have been marked before.
const mostPartners = 1000

// among are the checks that compare a record with a few others, and those others.
func (s *Service) among(tx *db.Tx, d *Definition, c Check, r Record) (hit bool, partners []partner, err error) {
	switch c.Kind {
	case CheckPhotoReused:
		partners, err = s.samePhoto(tx, r)
		return len(partners) > 0, partners, err
	case CheckNearDuplicate:
		partners, err = d.near(tx, c, r)
		return len(partners) > 0, partners, err
	case CheckPhoneMany:
		partners, err = s.samePhone(tx, d, c, r)
		return int64(len(partners))+1 > whole(c.Than), partners, err
	}
	hit, err = repeated(tx, d, c, r)
	return hit, nil, err
}

// whole is the whole part of a number that a check compares with.
func whole(than string) int64 {
	q, err := quantity.Parse(than)
	if err != nil {
		return math.MaxInt64 // the loader lets none pass
	}
	return int64(q / quantity.Of(1))
}

// marked reports whether stored flags hold one of a kind.
func marked(flags, kind string) bool { return strings.Contains(flags, `"Kind":"`+kind+`"`) }

// samePhoto are the records of any register that carry a photo of this one.
func (s *Service) samePhoto(tx *db.Tx, r Record) (partners []partner, err error) {
	err = tx.Each(func(row db.Scanner) error {
		var other Record
		var flags string
		if err := row.Scan(&other.ID, &other.Register, &other.Stage, &other.Falsified, &flags); err != nil {
			return err
		}
		if d, ok := s.parts.Catalog.Get(other.Register); ok && (other.Falsified || d.standing(other)) {
			partners = append(partners, partner{other.ID, marked(flags, CheckPhotoReused)})
		}
		return nil
	}, `SELECT DISTINCT r.id, r.register, r.stage, r.falsified, r.flags FROM record_proof a JOIN record_proof b ON a.hash = b.hash AND b.record_id <> a.record_id
		JOIN record r ON r.id = b.record_id WHERE a.record_id = $1 AND a.media LIKE 'image/%' LIMIT $2`, r.ID, mostPartners)
	return partners, err
}

// samePhone are the standing records of the register with the same number, as many as
// the check needs.
func (s *Service) samePhone(tx *db.Tx, d *Definition, c Check, r Record) (partners []partner, err error) {
	if r.Values[c.Field] == "" || !d.standing(r) {
		return nil, nil
	}
	err = tx.Each(func(row db.Scanner) error {
		var x partner
		var flags string
		err := row.Scan(&x.id, &flags)
		x.flagged = marked(flags, CheckPhoneMany)
		partners = append(partners, x)
		return err
	}, `SELECT r.id, r.flags FROM record_phone k JOIN record r ON r.id = k.record_id WHERE k.register = $1 AND k.field = $2 AND k.value = $3 AND k.record_id <> $4 ORDER BY k.record_id LIMIT $5`,
		string(d.ID), c.Field, s.blindPhone(d, c, r), r.ID, min(whole(c.Than), mostPartners))
	return partners, err
}

func (s *Service) blindPhone(d *Definition, c Check, r Record) string {
	return s.parts.Box.BlindIndex("register "+string(d.ID)+" phone", r.Values[c.Field])
}

// keepPhones writes the numbers by which a standing record is compared.
func (s *Service) keepPhones(tx *db.Tx, d *Definition, r Record) error {
	for _, c := range d.Checks {
		if c.Kind != CheckPhoneMany || r.Values[c.Field] == "" {
			continue
		}
		if _, err := tx.Exec("INSERT INTO record_phone (register, field, value, record_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
			string(d.ID), c.Field, s.blindPhone(d, c, r), r.ID); err != nil {
			return err
		}
	}
	return nil
}

// rebuildPhones writes anew the numbers of all records of a register.
func (s *Service) rebuildPhones(tx *db.Tx, d *Definition) error {
	if _, err := tx.Exec("DELETE FROM record_phone WHERE register = $1", string(d.ID)); err != nil {
		return err
	}
	if !slices.ContainsFunc(d.Checks, func(c Check) bool { return c.Kind == CheckPhoneMany }) {
		return nil
	}
	var all []Record
	if err := tx.Each(func(row db.Scanner) error {
		var r Record
		err := scanRecord(&r)(row)
		if err == nil && d.standing(r) {
			all = append(all, r)
		}
		return err
	}, "SELECT "+recordColumns+" FROM record r WHERE r.register = $1", string(d.ID)); err != nil {
		return err
	}
	for _, r := range all {
		if err := s.unseal(d, &r); err != nil {
			return err
		}
		if err := s.keepPhones(tx, d, r); err != nil {
			return err
		}
	}
	return nil
}

// near are the standing records of the register within the metres of a check: those of
// the cells that the distance reaches are found by the index, then measured.
func (d *Definition) near(tx *db.Tx, c Check, r Record) (partners []partner, err error) {
	at, ok := d.coordinates(r.Values)
	if !ok || !d.standing(r) {
		return nil, nil
	}
	metres, err := strconv.ParseFloat(c.Than, 64)
	if err != nil {
		return nil, fmt.Errorf("check %s of %s: %w", c.Kind, d.ID, err)
	}
	args := []any{string(d.ID), r.ID, mostPartners}
	for _, cell := range at.cells(metres) {
		args = append(args, cell)
	}
	err = tx.Each(func(row db.Scanner) error {
		var other Record
		var body, flags string
		if err := row.Scan(&other.ID, &other.Stage, &body, &flags); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(body), &other.Values); err != nil {
			return fmt.Errorf("stored values of %s: %w", other.ID, err)
		}
		if to, ok := d.coordinates(other.Values); ok && d.standing(other) && at.metresTo(to) <= metres {
			partners = append(partners, partner{other.ID, marked(flags, CheckNearDuplicate)})
		}
		return nil
	}, "SELECT r.id, r.stage, r.body, r.flags FROM record r WHERE r.register = $1 AND r.place <> '' AND r.falsified = 0 AND r.id <> $2 AND r.place IN "+db.In(4, len(args)-3)+" LIMIT $3", args...)
	return partners, err
}

// coordinates are degrees.
type coordinates struct{ lon, lat float64 }

func (d *Definition) coordinates(values map[string]string) (at coordinates, ok bool) {
	lon, errLon := strconv.ParseFloat(values[d.Place.Longitude], 64)
	lat, errLat := strconv.ParseFloat(values[d.Place.Latitude], 64)
	return coordinates{lon, lat}, errLon == nil && errLat == nil
}

// earth is its mean radius in metres.
const earth = 6_371_008.8

// metresTo is the distance on the sphere. Within a city the earth is a plane whose
// degrees of longitude shrink with the latitude.
func (a coordinates) metresTo(b coordinates) float64 {
	const radian = math.Pi / 180
	return earth * radian * math.Hypot(b.lat-a.lat, (b.lon-a.lon)*math.Cos((a.lat+b.lat)/2*radian))
}

// cells are the places, in the form of placeOf, that a distance reaches.
func (a coordinates) cells(metres float64) (all []string) {
	north := metres / earth * 180 / math.Pi
	east := north / math.Cos((math.Abs(a.lat)+north)*math.Pi/180)
	for lon := cell(a.lon - east); lon <= cell(a.lon+east); lon++ {
		for lat := cell(a.lat - north); lat <= cell(a.lat+north); lat++ {
			all = append(all, cellName(lon, lat))
		}
	}
	return all
}

// cell is a degree in thousandths, about a hundred metres.
func cell(degree float64) int {
	const least = 1e-6 // coordinates have seven decimals, so that this is less than a step
	return int(math.Floor(degree*1000 + least))
}

func cellName(lon, lat int) string {
	return fmt.Sprintf("%d.%03d,%d.%03d", lon/1000, lon%1000, lat/1000, lat%1000)
}

// placeOf is a record's place to about a hundred metres, "" without coordinates.
func (d *Definition) placeOf(r Record) string {
	at, ok := d.coordinates(r.Values)
	if !ok {
		return ""
	}
	return cellName(cell(at.lon), cell(at.lat))
}

// repeated reports whether another unit entered a record with the same value.
func repeated(tx *db.Tx, d *Definition, c Check, r Record) (bool, error) {
	v := r.Values[c.Field]
	if v == "" || d.EffectiveOn(r.Values).IsZero() {
		return false, nil
	}
	return exists(tx, `SELECT 1 FROM record r WHERE r.register = $1 AND r.id <> $2 AND r.unit_id <> $3 AND r.body LIKE $4 ESCAPE '\' AND r.reported_at >= $5`,
		string(d.ID), r.ID, string(r.Unit), holding(c.Field, v), tx.Now().AddDate(0, 0, -c.Days).UnixMilli())
}

func exists(tx *db.Tx, query string, args ...any) (bool, error) {
	var one int
	err := tx.One(errNone, func(r db.Scanner) error { return r.Scan(&one) }, query+" LIMIT 1", args...)
	if errors.Is(err, errNone) {
		return false, nil
	}
	return err == nil, err
}
