package org

import (
	"strconv"
	"time"

	"bihuan/kit/db"
	"bihuan/kit/errs"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Purposes of secrets that work once.
const (
	forInvitation = "invitation"
	forLogin      = "login"
	forCode       = "code"
)

func errStaleLink() error { return errs.New(errs.NotFound, "链接无效、已使用或已过期") }

// issueOnce keeps a new one-time secret and ends older ones of the same purpose.
func issueOnce(tx *db.Tx, personID, purpose, hash string, expires time.Time) error {
	if err := dropOnce(tx, personID, purpose); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO one_time (hash, person_id, purpose, expires_at) VALUES ($1, $2, $3, $4)`, hash, personID, purpose, milli(expires))
	return err
}

func dropOnce(tx *db.Tx, personID, purpose string) error {
	_, err := tx.Exec(`DELETE FROM one_time WHERE person_id = $1 AND purpose = $2`, personID, purpose)
	return err
}

// holderOnce tells whose one-time secret it is, when it is still good.
func holderOnce(tx *db.Tx, hash, purpose string) (account, error) {
	var id string
	if err := tx.One(errStaleLink(), func(r db.Scanner) error { return r.Scan(&id) },
		`SELECT person_id FROM one_time WHERE hash = $1 AND purpose = $2 AND expires_at > $3`, hash, purpose, tx.NowMilli()); err != nil {
		return account{}, err
	}
	return accountByID(tx, id)
}

// sessionRow is a row of session.
type sessionRow struct {
	ID, PersonID             string
	Created, Seen, Confirmed time.Time
	ByLink                   bool
	Address, Agent           string
}

const sessionColumns = `id, person_id, created_at, seen_at, confirmed_at, by_link, address, agent`

func (s *sessionRow) scan(r db.Scanner) error {
	var created, seen, confirmed, byLink int64
	err := r.Scan(&s.ID, &s.PersonID, &created, &seen, &confirmed, &byLink, &s.Address, &s.Agent)
	s.Created, s.Seen, s.Confirmed, s.ByLink = moment(created), moment(seen), moment(confirmed), byLink == 1
	return err
}

func insertSession(tx *db.Tx, s sessionRow, hash string) error {
	_, err := tx.Exec(`INSERT INTO session (id, hash, person_id, created_at, seen_at, confirmed_at, by_link, address, agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		s.ID, hash, s.PersonID, milli(s.Created), milli(s.Seen), milli(s.Confirmed), flag(s.ByLink), s.Address, s.Agent)
	return err
}

func sessionByHash(tx *db.Tx, hash string) (s sessionRow, err error) {
	err = tx.One(errNoSession(), s.scan, `SELECT `+sessionColumns+` FROM session WHERE hash = $1`, hash)
	return s, err
}

func sessionByID(tx *db.Tx, id string) (s sessionRow, err error) {
	err = tx.One(errs.New(errs.NotFound, "没有这个会话"), s.scan, `SELECT `+sessionColumns+` FROM session WHERE id = $1`, id)
	return s, err
}

func sessionsOf(tx *db.Tx, personID string) ([]sessionRow, error) {
	var list []sessionRow
	err := tx.Each(func(r db.Scanner) error {
		var s sessionRow
		if err := s.scan(r); err != nil {
			return err
		}
		list = append(list, s)
		return nil
	}, `SELECT `+sessionColumns+` FROM session WHERE person_id = $1 ORDER BY created_at DESC, id DESC`, personID)
	return list, err
}

func touchSession(tx *db.Tx, id string) error {
	_, err := tx.Exec(`UPDATE session SET seen_at = $2 WHERE id = $1 AND seen_at < $2`, id, tx.NowMilli())
	return err
}

func confirmSession(tx *db.Tx, id string) error {
	return tx.Must(errNoSession(), `UPDATE session SET confirmed_at = $2 WHERE id = $1`, id, tx.NowMilli())
}

func deleteSession(tx *db.Tx, id string) (bool, error) {
	n, err := tx.Exec(`DELETE FROM session WHERE id = $1`, id)
	return n == 1, err
}

// deleteSessions ends all sessions of a person but one; an empty except ends all.
func deleteSessions(tx *db.Tx, personID, except string) (int64, error) {
	return tx.Exec(`DELETE FROM session WHERE person_id = $1 AND id <> $2`, personID, except)
}

func readLockout(tx *db.Tx, key string) (lockout, error) {
	none := errs.New(errs.NotFound, "")
	var l lockout
	var until, last int64
	err := tx.One(none, func(r db.Scanner) error { return r.Scan(&l.Failures, &l.Locks, &until, &last) },
		`SELECT failures, locks, locked_until, last_at FROM login_failure WHERE login_key = $1`, key)
	if errs.Is(err, errs.NotFound) {
		return lockout{}, nil
	}
	l.Until, l.Last = moment(until), moment(last)
	return l, err
}

func saveLockout(tx *db.Tx, key string, l lockout) error {
	_, err := tx.Exec(`INSERT INTO login_failure (login_key, failures, locks, locked_until, last_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (login_key) DO UPDATE SET failures = excluded.failures, locks = excluded.locks, locked_until = excluded.locked_until, last_at = excluded.last_at`,
		key, l.Failures, l.Locks, milli(l.Until), milli(l.Last))
	return err
}

func clearLockout(tx *db.Tx, key string) error {
	_, err := tx.Exec(`DELETE FROM login_failure WHERE login_key = $1`, key)
	return err
}

// tokenRow is a row of api_token.
type tokenRow struct {
	ID, PersonID, Name, Hash  string
	ReadOnly                  bool
	Created, Expires, Revoked time.Time
	LastUsedDay               string
}

const tokenColumns = `id, person_id, name, hash, read_only, created_at, expires_at, revoked_at, last_used_day`

func (t *tokenRow) scan(r db.Scanner) error {
	var readOnly, created, expires, revoked int64
	err := r.Scan(&t.ID, &t.PersonID, &t.Name, &t.Hash, &readOnly, &created, &expires, &revoked, &t.LastUsedDay)
	t.ReadOnly, t.Created, t.Expires, t.Revoked = readOnly == 1, moment(created), moment(expires), moment(revoked)
	return err
}

func insertToken(tx *db.Tx, t tokenRow) error {
	_, err := tx.Exec(`INSERT INTO api_token (id, person_id, name, hash, read_only, created_at, expires_at, revoked_at, last_used_day) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '')`,
		t.ID, t.PersonID, t.Name, t.Hash, flag(t.ReadOnly), milli(t.Created), milli(t.Expires))
	return err
}

func tokenByID(tx *db.Tx, id string) (t tokenRow, err error) {
	err = tx.One(errs.New(errs.NotFound, "没有这个接口令牌"), t.scan, `SELECT `+tokenColumns+` FROM api_token WHERE id = $1`, id)
	return t, err
}

func tokensOf(tx *db.Tx, personID string) ([]tokenRow, error) {
	var list []tokenRow
	err := tx.Each(func(r db.Scanner) error {
		var t tokenRow
		if err := t.scan(r); err != nil {
			return err
		}
		list = append(list, t)
		return nil
	}, `SELECT `+tokenColumns+` FROM api_token WHERE person_id = $1 ORDER BY created_at DESC, id DESC`, personID)
	return list, err
}

// revokeTokens ends the tokens of a person and counts those that were alive.
func revokeTokens(tx *db.Tx, personID string) (int64, error) {
	return tx.Exec(`UPDATE api_token SET revoked_at = $2 WHERE person_id = $1 AND revoked_at = 0`, personID, tx.NowMilli())
}
