package notice

import (
	"time"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

const noticeColumns = `n.id, n.unit_id, n.person_id, n.key, n.kind, n.title, n.body, n.url, n.object_kind, n.object_id, n.at`

func (n *Notice) fields(at *int64) []any {
	return []any{&n.ID, &n.To.unit, &n.To.person, &n.Key, &n.Kind, &n.Title, &n.Body, &n.URL, &n.ObjectKind, &n.ObjectID, at}
}

// moment reads a column of milliseconds; 0 is none.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// insert adds a notice unless its recipient has one with the key. Writers come one after
// the other, so the next number is free.
func insert(tx *db.Tx, n Notice) error {
	if err := tx.One(nil, func(r db.Scanner) error { return r.Scan(&n.ID) }, `SELECT COALESCE(MAX(id), 0) + 1 FROM notice`); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO notice (id, unit_id, person_id, key, kind, title, body, url, object_kind, object_id, at, digest_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '') ON CONFLICT (unit_id, person_id, key) DO NOTHING`,
		n.ID, string(n.To.unit), n.To.person, n.Key, string(n.Kind), n.Title, n.Body, n.URL, n.ObjectKind, n.ObjectID, tx.NowMilli())
	return err
}

// mine is the condition for a person's inbox: $1 the person, $2 the unit.
const mine = `(n.person_id = $1 OR n.unit_id = $2 AND n.unit_id <> '')`

// unread narrows mine to what is new to the person; $3 is up to where all is read.
const unread = `n.id > $3 AND NOT EXISTS (SELECT 1 FROM notice_read r WHERE r.person_id = $1 AND r.notice_id = n.id)`

func seenUpTo(tx *db.Tx, person string) (upTo int64, err error) {
	err = tx.Each(func(r db.Scanner) error { return r.Scan(&upTo) }, `SELECT up_to FROM notice_seen WHERE person_id = $1`, person)
	return upTo, err
}

func inbox(tx *db.Tx, p org.Principal, f Filter) (list []Item, err error) {
	upTo, err := seenUpTo(tx, p.ID)
	if err != nil {
		return nil, err
	}
	query := `SELECT ` + noticeColumns + `, CASE WHEN ` + unread + ` THEN 0 ELSE 1 END FROM notice n WHERE ` + mine
	args := []any{p.ID, p.UnitID, upTo, f.Limit}
	if f.Unread {
		query += ` AND ` + unread
	}
	if f.Kind != "" {
		args = append(args, string(f.Kind))
		query += ` AND n.kind = $` + itoa(len(args))
	}
	if f.Before > 0 {
		args = append(args, f.Before)
		query += ` AND n.id < $` + itoa(len(args))
	}
	err = tx.Each(func(r db.Scanner) error {
		var i Item
		var at, read int64
		err := r.Scan(append(i.fields(&at), &read)...)
		i.At, i.Read = moment(at), read == 1
		list = append(list, i)
		return err
	}, query+` ORDER BY n.id DESC LIMIT $4`, args...)
	return list, err
}

func countUnread(tx *db.Tx, p org.Principal) (n int, err error) {
	upTo, err := seenUpTo(tx, p.ID)
	if err != nil {
		return 0, err
	}
	err = tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) },
		`SELECT count(*) FROM (SELECT n.id FROM notice n WHERE `+mine+` AND `+unread+` LIMIT $4) counted`, p.ID, p.UnitID, upTo, MostCounted)
	return n, err
}

func visible(tx *db.Tx, p org.Principal, id int64) (n Notice, err error) {
	err = tx.One(errs.New(errs.NotFound, "没有这条消息"), func(r db.Scanner) error {
		var at int64
		err := r.Scan(n.fields(&at)...)
		n.At = moment(at)
		return err
	}, `SELECT `+noticeColumns+` FROM notice n WHERE `+mine+` AND n.id = $3`, p.ID, p.UnitID, id)
	return n, err
}

func newestVisible(tx *db.Tx, p org.Principal) (id int64, err error) {
	err = tx.One(nil, func(r db.Scanner) error { return r.Scan(&id) }, `SELECT COALESCE(MAX(n.id), 0) FROM notice n WHERE `+mine, p.ID, p.UnitID)
	return id, err
}

func markRead(tx *db.Tx, person string, id int64) error {
	_, err := tx.Exec(`INSERT INTO notice_read (person_id, notice_id) VALUES ($1, $2) ON CONFLICT (person_id, notice_id) DO NOTHING`, person, id)
	return err
}

// markAll moves the mark on, never back, and drops the single marks that it covers.
func markAll(tx *db.Tx, person string, upTo int64) error {
	if _, err := tx.Exec(`INSERT INTO notice_seen (person_id, up_to) VALUES ($1, 0) ON CONFLICT (person_id) DO NOTHING`, person); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE notice_seen SET up_to = $2 WHERE person_id = $1 AND up_to < $2`, person, upTo); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM notice_read WHERE person_id = $1 AND notice_id <= $2`, person, upTo)
	return err
}

// waitingUnits lists the units with notices that no digest has taken along.
func waitingUnits(tx *db.Tx) (units []city.UnitID, err error) {
	err = tx.Each(func(r db.Scanner) error {
		var id city.UnitID
		err := r.Scan(&id)
		units = append(units, id)
		return err
	}, `SELECT DISTINCT unit_id FROM notice WHERE digest_id = '' AND unit_id <> '' ORDER BY unit_id`)
	return units, err
}

// takeAlong marks a unit's waiting notices as part of a digest and counts them.
func takeAlong(tx *db.Tx, unit city.UnitID, digest string) (int64, error) {
	return tx.Exec(`UPDATE notice SET digest_id = $1 WHERE digest_id = '' AND unit_id <> '' AND unit_id = $2`, digest, string(unit))
}

func noticesOf(tx *db.Tx, digest string) (list []Notice, err error) {
	err = tx.Each(func(r db.Scanner) error {
		var n Notice
		var at int64
		err := r.Scan(n.fields(&at)...)
		n.At = moment(at)
		list = append(list, n)
		return err
	}, `SELECT `+noticeColumns+` FROM notice n WHERE n.digest_id = $1 ORDER BY n.id`, digest)
	return list, err
}
