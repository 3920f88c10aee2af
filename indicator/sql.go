package indicator

import (
	"database/sql"
	"errors"
	"time"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
)

const columns = `id, indicator_id, territory_id, period, caliber, revision, value, released_on, source, confidence, reason, by_id, by_name, by_unit, at`

func scan(o *Observation) func(db.Scanner) error {
	return func(r db.Scanner) error {
		var period string
		var value sql.NullInt64
		var at int64
		if err := r.Scan(&o.ID, &o.Indicator, &o.Territory, &period, &o.Caliber, &o.Revision, &value, &o.Released, &o.Source, &o.Confidence,
			&o.Reason, &o.ByID, &o.ByName, &o.ByUnit, &at); err != nil {
			return err
		}
		o.At = time.UnixMilli(at).UTC()
		o.Value = nil
		if value.Valid {
			q := quantity.Quantity(value.Int64)
			o.Value = &q
		}
		var err error
		o.Period, err = ParsePeriod(period)
		return err
	}
}

func insert(tx *db.Tx, o Observation) error {
	var value any
	if o.Value != nil {
		value = int64(*o.Value)
	}
	_, err := tx.Exec(`INSERT INTO observation (`+columns+`, ends_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		o.ID, string(o.Indicator), string(o.Territory), o.Period.Code(), string(o.Caliber), int64(o.Revision), value, o.Released.String(), o.Source, string(o.Confidence),
		o.Reason, o.ByID, o.ByName, o.ByUnit, tx.NowMilli(), o.Period.Ends().String())
	return err
}

// lastVersion is the newest version of a figure; its Revision is 0 when there is none.
func lastVersion(tx *db.Tx, id ID, k Key) (o Observation, err error) {
	none := errs.New(errs.NotFound, "")
	err = tx.One(none, scan(&o), "SELECT "+columns+` FROM observation WHERE indicator_id = $1 AND territory_id = $2 AND period = $3 AND caliber = $4
		ORDER BY revision DESC LIMIT 1`, string(id), string(k.Territory), k.Period.Code(), string(k.Caliber))
	if errors.Is(err, none) {
		return Observation{}, nil
	}
	return o, err
}

// versions are all versions of an indicator's figures, of some territories or (none named) of all.
func versions(tx *db.Tx, id ID, only []city.TerritoryID) (list []Observation, err error) {
	where, args := "", []any{string(id)}
	if len(only) > 0 {
		where = " AND territory_id IN " + db.In(2, len(only))
		for _, t := range only {
			args = append(args, string(t))
		}
	}
	err = tx.Each(func(r db.Scanner) error {
		var o Observation
		if err := scan(&o)(r); err != nil {
			return err
		}
		list = append(list, o)
		return nil
	}, "SELECT "+columns+" FROM observation WHERE indicator_id = $1"+where+" ORDER BY ends_on, period, territory_id, caliber, revision", args...)
	return list, err
}
