package notice

import (
	"strconv"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
)

func itoa(n int) string { return strconv.Itoa(n) }

// claimDay takes the unit's day for a digest; false when the day has one.
func claimDay(tx *db.Tx, d digest) (bool, error) {
	n, err := tx.Exec(`INSERT INTO notice_digest (id, unit_id, day, notices, at) VALUES ($1, $2, $3, 0, $4) ON CONFLICT (unit_id, day) DO NOTHING`,
		d.id, string(d.unit), d.day.String(), tx.NowMilli())
	return n == 1, err
}

func setDigestSize(tx *db.Tx, d digest) error {
	return tx.Must(errs.New(errs.Internal, "the digest is gone"), `UPDATE notice_digest SET notices = $2 WHERE id = $1`, d.id, d.notices)
}

func digestByID(tx *db.Tx, id string) (d digest, err error) {
	err = tx.One(errs.New(errs.NotFound, "没有这份汇总"), func(r db.Scanner) error { return r.Scan(&d.id, &d.unit, &d.day, &d.notices) },
		`SELECT id, unit_id, day, notices FROM notice_digest WHERE id = $1`, id)
	return d, err
}

// lastDigest is the day of the newest digest; zero when there was none.
func lastDigest(tx *db.Tx) (day calendar.Date, err error) {
	err = tx.One(nil, func(r db.Scanner) error { return r.Scan(&day) }, `SELECT MAX(day) FROM notice_digest`)
	return day, err
}

// countWaiting is how many notices wait for a digest.
func countWaiting(tx *db.Tx) (n int64, err error) {
	err = tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) }, `SELECT count(*) FROM notice WHERE digest_id = '' AND unit_id <> ''`)
	return n, err
}

func insertDelivery(tx *db.Tx, d delivery) error {
	_, err := tx.Exec(`INSERT INTO notice_delivery (id, channel, digest_id, unit_id, hook_id, state, attempts, answer, created_at, done_at)
		VALUES ($1, $2, $3, $4, $5, 'waiting', 0, '', $6, 0)`, d.ID, string(d.Channel), d.digest, string(d.unit), d.hook, tx.NowMilli())
	return err
}

func deliveryByID(tx *db.Tx, id string) (d delivery, err error) {
	var created int64
	err = tx.One(errs.New(errs.NotFound, "没有这次发送"), func(r db.Scanner) error {
		return r.Scan(&d.ID, &d.Channel, &d.digest, &d.unit, &d.hook, &d.State, &created)
	}, `SELECT id, channel, digest_id, unit_id, hook_id, state, created_at FROM notice_delivery WHERE id = $1`, id)
	d.created = moment(created)
	return d, err
}

// result is what came of an attempt to deliver.
type result struct {
	id     string
	state  DeliveryState
	answer string
}

func settle(tx *db.Tx, r result) error {
	done := tx.NowMilli()
	if r.state == Waiting {
		done = 0
	}
	_, err := tx.Exec(`UPDATE notice_delivery SET state = $2, answer = $3, attempts = attempts + 1, done_at = $4 WHERE id = $1 AND state <> 'sent'`, r.id, string(r.state), r.answer, done)
	return err
}

func deliveries(tx *db.Tx, before string, limit int) (list []Delivery, err error) {
	query, args := ``, []any{limit}
	if before != "" {
		query, args = ` WHERE d.id < $2`, append(args, before)
	}
	err = tx.Each(func(r db.Scanner) error {
		var d Delivery
		var digest string
		var created, done int64
		err := r.Scan(&d.ID, &d.Channel, &digest, &d.Unit, &d.Hook, &d.Day, &d.Notices, &d.State, &d.Attempts, &d.Answer, &created, &done)
		d.Trial, d.Created, d.Done = digest == "", moment(created), moment(done)
		list = append(list, d)
		return err
	}, `SELECT d.id, d.channel, d.digest_id, d.unit_id, COALESCE(h.name, ''), COALESCE(g.day, ''), COALESCE(g.notices, 0), d.state, d.attempts, d.answer, d.created_at, d.done_at
		FROM notice_delivery d LEFT JOIN notice_hook h ON h.id = d.hook_id LEFT JOIN notice_digest g ON g.id = d.digest_id`+query+` ORDER BY d.id DESC LIMIT $1`, args...)
	return list, err
}

// sealedAddress is a unit's address as it is kept, "" for none.
func sealedAddress(tx *db.Tx, unit city.UnitID) (sealed string, err error) {
	err = tx.Each(func(r db.Scanner) error { return r.Scan(&sealed) }, `SELECT email_sealed FROM notice_address WHERE unit_id = $1`, string(unit))
	return sealed, err
}

func sealedAddresses(tx *db.Tx) (all map[city.UnitID]string, err error) {
	all = map[city.UnitID]string{}
	err = tx.Each(func(r db.Scanner) error {
		var id city.UnitID
		var sealed string
		err := r.Scan(&id, &sealed)
		all[id] = sealed
		return err
	}, `SELECT unit_id, email_sealed FROM notice_address ORDER BY unit_id`)
	return all, err
}

func putAddress(tx *db.Tx, unit city.UnitID, sealed string) error {
	_, err := tx.Exec(`INSERT INTO notice_address (unit_id, email_sealed, updated_at) VALUES ($1, $2, $3)
		ON CONFLICT (unit_id) DO UPDATE SET email_sealed = $2, updated_at = $3`, string(unit), sealed, tx.NowMilli())
	return err
}

func dropAddress(tx *db.Tx, unit city.UnitID) error {
	_, err := tx.Exec(`DELETE FROM notice_address WHERE unit_id = $1`, string(unit))
	return err
}

const hookColumns = `id, name, unit_id, host, url_sealed, secret_sealed, created_at, creator_name, disabled_at`

func (h *hookRow) scan(r db.Scanner) error {
	var created, disabled int64
	err := r.Scan(&h.ID, &h.Name, &h.UnitID, &h.Host, &h.urlSealed, &h.secretSealed, &created, &h.Creator, &disabled)
	h.Created, h.Disabled = moment(created), moment(disabled)
	return err
}

func insertHook(tx *db.Tx, h hookRow) error {
	_, err := tx.Exec(`INSERT INTO notice_hook (`+hookColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)`,
		h.ID, h.Name, string(h.UnitID), h.Host, h.urlSealed, h.secretSealed, tx.NowMilli(), h.Creator)
	return err
}

func hookByID(tx *db.Tx, id string) (h hookRow, err error) {
	err = tx.One(errs.New(errs.NotFound, "没有这个推送地址"), h.scan, `SELECT `+hookColumns+` FROM notice_hook WHERE id = $1`, id)
	return h, err
}

func allHooks(tx *db.Tx) (list []hookRow, err error) {
	err = tx.Each(func(r db.Scanner) error {
		var h hookRow
		err := h.scan(r)
		list = append(list, h)
		return err
	}, `SELECT `+hookColumns+` FROM notice_hook ORDER BY disabled_at, id`)
	return list, err
}

// hooksFor lists the webhooks in use that are sent a unit's digests.
func hooksFor(tx *db.Tx, unit city.UnitID) (ids []string, err error) {
	err = tx.Each(func(r db.Scanner) error {
		var id string
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT id FROM notice_hook WHERE disabled_at = 0 AND (unit_id = '' OR unit_id = $1) ORDER BY id`, string(unit))
	return ids, err
}
