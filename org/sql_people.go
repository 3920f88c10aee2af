package org

import (
	"strings"
	"time"

	"bihuan/kit/db"
	"bihuan/kit/errs"
)

// account is a row of person with its roles.
type account struct {
	ID, Login, Name, UnitID string
	PhoneSealed, PhoneIndex string
	State                   State
	Created                 time.Time
	PasswordHash            string
	PasswordChanged         time.Time
	MustChange              bool
	TOTPSealed              string
	TOTPStep                int64
	ActiveDay               string
	Roles                   []Role
}

const personColumns = `p.id, p.login, p.name, p.unit_id, p.phone_sealed, p.phone_index, p.state, p.created_at, p.password_hash, p.password_changed_at, p.must_change, p.totp_sealed, p.totp_step, p.active_day`

func (a *account) scan(r db.Scanner) error {
	var created, changed, must int64
	err := r.Scan(&a.ID, &a.Login, &a.Name, &a.UnitID, &a.PhoneSealed, &a.PhoneIndex, &a.State, &created, &a.PasswordHash, &changed, &must, &a.TOTPSealed, &a.TOTPStep, &a.ActiveDay)
	a.Created, a.PasswordChanged, a.MustChange = moment(created), moment(changed), must == 1
	return err
}

// moment reads an instant; 0 is the zero time.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// milli writes an instant; the zero time is 0.
func milli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func errNoPerson() error { return errs.New(errs.NotFound, "没有这个人员") }

func accountByID(tx *db.Tx, id string) (account, error) {
	return accountWhere(tx, "p.id = $1", id)
}

func accountByLogin(tx *db.Tx, login string) (account, error) {
	return accountWhere(tx, "p.login = $1", login)
}

func accountWhere(tx *db.Tx, where string, arg any) (a account, err error) {
	if err := tx.One(errNoPerson(), a.scan, `SELECT `+personColumns+` FROM person p WHERE `+where, arg); err != nil {
		return account{}, err
	}
	a.Roles, err = rolesOf(tx, a.ID)
	return a, err
}

func rolesOf(tx *db.Tx, personID string) ([]Role, error) {
	var roles []Role
	err := tx.Each(func(r db.Scanner) error {
		var role Role
		if err := r.Scan(&role); err != nil {
			return err
		}
		roles = append(roles, role)
		return nil
	}, `SELECT role FROM person_role WHERE person_id = $1 ORDER BY role`, personID)
	return sortRoles(roles), err
}

func insertAccount(tx *db.Tx, a account) error {
	_, err := tx.Exec(`INSERT INTO person (id, login, name, unit_id, phone_sealed, phone_index, state, created_at, password_hash, password_changed_at, must_change, totp_sealed, totp_step, active_day)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		a.ID, a.Login, a.Name, a.UnitID, a.PhoneSealed, a.PhoneIndex, string(a.State), milli(a.Created), a.PasswordHash, milli(a.PasswordChanged), flag(a.MustChange), a.TOTPSealed, a.TOTPStep, a.ActiveDay)
	return err
}

// updateAccount writes all that can change; login and creation do not.
func updateAccount(tx *db.Tx, a account) error {
	return tx.Must(errNoPerson(), `UPDATE person SET name = $2, unit_id = $3, phone_sealed = $4, phone_index = $5, state = $6, password_hash = $7, password_changed_at = $8, must_change = $9, totp_sealed = $10, totp_step = $11, active_day = $12 WHERE id = $1`,
		a.ID, a.Name, a.UnitID, a.PhoneSealed, a.PhoneIndex, string(a.State), a.PasswordHash, milli(a.PasswordChanged), flag(a.MustChange), a.TOTPSealed, a.TOTPStep, a.ActiveDay)
}

func insertRole(tx *db.Tx, personID string, role Role, by string) error {
	_, err := tx.Exec(`INSERT INTO person_role (person_id, role, granted_at, granted_by) VALUES ($1, $2, $3, $4)`, personID, string(role), tx.NowMilli(), by)
	return err
}

func deleteRole(tx *db.Tx, personID string, role Role) error {
	return tx.Must(errs.New(errs.NotFound, "该账号没有角色“%s”", role.Label()), `DELETE FROM person_role WHERE person_id = $1 AND role = $2`, personID, string(role))
}

// countHolders counts the accounts with a role that are active or about to be.
func countHolders(tx *db.Tx, role Role) (n int, err error) {
	err = tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) },
		`SELECT count(*) FROM person_role r JOIN person p ON p.id = r.person_id WHERE r.role = $1 AND p.state IN ('active', 'invited')`, string(role))
	return n, err
}

// listAccounts gives a page of people by login.
func listAccounts(tx *db.Tx, f PeopleFilter, phoneIndex string) ([]account, error) {
	where, args := []string{"p.login > $1"}, []any{f.After}
	add := func(clause string, arg any) {
		args = append(args, arg)
		where = append(where, strings.ReplaceAll(clause, "?", "$"+itoa(len(args))))
	}
	if f.Text != "" {
		args = append(args, db.Like(strings.ToLower(f.Text)), phoneIndex)
		l, i := "$"+itoa(len(args)-1), "$"+itoa(len(args))
		where = append(where, `(p.login LIKE `+l+` ESCAPE '\' OR lower(p.name) LIKE `+l+` ESCAPE '\' OR (p.phone_index <> '' AND p.phone_index = `+i+`))`)
	}
	if f.UnitID != "" {
		add("p.unit_id = ?", f.UnitID)
	}
	if f.State != "" {
		add("p.state = ?", string(f.State))
	}
	if f.Role != "" {
		add("EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = p.id AND r.role = ?)", string(f.Role))
	}
	args = append(args, f.Limit)
	var list []account
	err := tx.Each(func(r db.Scanner) error {
		var a account
		if err := a.scan(r); err != nil {
			return err
		}
		list = append(list, a)
		return nil
	}, `SELECT `+personColumns+` FROM person p WHERE `+strings.Join(where, " AND ")+` ORDER BY p.login LIMIT $`+itoa(len(args)), args...)
	if err != nil {
		return nil, err
	}
	return list, fillRoles(tx, list)
}

func fillRoles(tx *db.Tx, list []account) (err error) {
	for i := range list {
		if list[i].Roles, err = rolesOf(tx, list[i].ID); err != nil {
			return err
		}
	}
	return nil
}

// retirePassword keeps the present hash in the history and forgets what is older than keep.
func retirePassword(tx *db.Tx, a account, keep int) error {
	if a.PasswordHash == "" {
		return nil
	}
	var last int64
	if err := tx.One(nil, func(r db.Scanner) error { return r.Scan(&last) }, `SELECT coalesce(max(ended_at), 0) FROM person_password WHERE person_id = $1`, a.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO person_password (person_id, ended_at, hash) VALUES ($1, $2, $3)`, a.ID, max(tx.NowMilli(), last+1), a.PasswordHash); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM person_password WHERE person_id = $1 AND ended_at NOT IN (SELECT ended_at FROM person_password WHERE person_id = $1 ORDER BY ended_at DESC LIMIT $2)`, a.ID, keep)
	return err
}

func formerPasswords(tx *db.Tx, personID string) ([]string, error) {
	return texts(tx, `SELECT hash FROM person_password WHERE person_id = $1 ORDER BY ended_at DESC`, personID)
}

// texts reads one column of text.
func texts(tx *db.Tx, query string, args ...any) ([]string, error) {
	var list []string
	err := tx.Each(func(r db.Scanner) error {
		var t string
		if err := r.Scan(&t); err != nil {
			return err
		}
		list = append(list, t)
		return nil
	}, query, args...)
	return list, err
}

func replaceRecovery(tx *db.Tx, personID string, hashes []string) error {
	if _, err := tx.Exec(`DELETE FROM recovery_code WHERE person_id = $1`, personID); err != nil {
		return err
	}
	for _, h := range hashes {
		if _, err := tx.Exec(`INSERT INTO recovery_code (person_id, hash) VALUES ($1, $2)`, personID, h); err != nil {
			return err
		}
	}
	return nil
}

// useRecovery deletes the code and reports whether there was one.
func useRecovery(tx *db.Tx, personID, hash string) (bool, error) {
	n, err := tx.Exec(`DELETE FROM recovery_code WHERE person_id = $1 AND hash = $2`, personID, hash)
	return n == 1, err
}

func countRecovery(tx *db.Tx, personID string) (n int, err error) {
	err = tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) }, `SELECT count(*) FROM recovery_code WHERE person_id = $1`, personID)
	return n, err
}
