package org

import (
	"context"

	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
)

// SetupInput is what the first-run page asks: the three administrators, who are
// three people, and the password of the first, who sits at the screen.
type SetupInput struct {
	SysAdmin   PersonInput
	SecAdmin   PersonInput
	AuditAdmin PersonInput
	Password   string // of the system administrator
}

// SetupDone is the outcome: the system administrator is signed in, the other
// two take their accounts into use by their invitations.
type SetupDone struct {
	SignedIn   SignedIn
	SecAdmin   Invitation
	AuditAdmin Invitation
}

func errSetUp() error { return errs.New(errs.Conflict, "系统已完成初始设置") }

// SetupNeeded reports whether the program has no administrators yet.
func (s *Service) SetupNeeded(ctx context.Context) (needed bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		needed, err = setupNeeded(tx)
		return err
	})
	return needed, err
}

func setupNeeded(tx *db.Tx) (bool, error) {
	var n int
	err := tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) },
		`SELECT (SELECT count(*) FROM setup WHERE completed_at > 0) + (SELECT count(*) FROM person_role WHERE role IN ('sysadmin', 'secadmin', 'auditadmin'))`)
	return n == 0, err
}

// StartSetup makes the token that the program prints on the server's console,
// so that only somebody who can read it there may set the program up. An older
// token ends. Conflict when the program is set up already.
func (s *Service) StartSetup(tx *db.Tx) (token string, err error) {
	needed, err := setupNeeded(tx)
	if err != nil {
		return "", err
	}
	if !needed {
		return "", errSetUp()
	}
	if token, err = newSecret(s.entropy()); err != nil {
		return "", err
	}
	_, err = tx.Exec(`INSERT INTO setup (id, token_hash, expires_at, completed_at) VALUES (1, $1, $2, 0)
		ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at`, hashSecret(token), milli(tx.Now().Add(s.policy.SetupTTL)))
	return token, err
}

// CheckSetup tells whether a set-up token is good, for the page that asks for
// the rest. A wrong one counts against the address and is audited.
func (s *Service) CheckSetup(ctx context.Context, token string, from From) error {
	from = from.cut()
	if err := s.admit(from); err != nil {
		return err
	}
	refusal := s.db.Read(ctx, func(tx *db.Tx) error { return setupToken(tx, token) })
	if !errs.Is(refusal, errs.Forbidden) {
		return refusal
	}
	return s.settle(ctx, func(tx *db.Tx) (error, error) {
		return refusal, s.log.Append(tx, stranger(ViaPage), audit.Entry{Action: "org.setup_failed", ObjectKind: "setup", After: map[string]string{"address": from.Address}})
	})
}

func setupToken(tx *db.Tx, token string) error {
	needed, err := setupNeeded(tx)
	if err != nil {
		return err
	}
	if !needed {
		return errSetUp()
	}
	var expires int64
	return tx.One(errs.New(errs.Forbidden, "初始设置口令无效或已过期，请在服务器上重新启动程序获取"), func(r db.Scanner) error { return r.Scan(&expires) },
		`SELECT expires_at FROM setup WHERE id = 1 AND completed_at = 0 AND token_hash = $1 AND expires_at > $2`, hashSecret(token), tx.NowMilli())
}

// CompleteSetup creates the three administrators in one transaction. It works
// once: of two that race, the second gets Conflict.
func (s *Service) CompleteSetup(ctx context.Context, token string, in SetupInput, from From) (done SetupDone, err error) {
	if err := s.CheckSetup(ctx, token, from); err != nil {
		return SetupDone{}, err
	}
	login, err := ParseLogin(in.SysAdmin.Login)
	if err != nil {
		return SetupDone{}, setupField("sysadmin", err)
	}
	hash, err := s.newPassword(ctx, account{Login: login}, nil, in.Password)
	if err != nil {
		return SetupDone{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := setupToken(tx, token); err != nil {
			return err
		}
		first, err := s.founder(tx, in.SysAdmin, SysAdmin)
		if err != nil {
			return err
		}
		if done.SecAdmin, err = s.invitedFounder(tx, in.SecAdmin, SecAdmin); err != nil {
			return err
		}
		if done.AuditAdmin, err = s.invitedFounder(tx, in.AuditAdmin, AuditAdmin); err != nil {
			return err
		}
		first.State, first.PasswordHash, first.PasswordChanged = Active, hash, tx.Now()
		if done.SignedIn, err = s.open(tx, first, opening{action: "org.setup", from: from}); err != nil {
			return err
		}
		return tx.Must(errSetUp(), `UPDATE setup SET completed_at = $1, token_hash = '' WHERE id = 1 AND completed_at = 0`, tx.NowMilli())
	})
	if err != nil {
		return SetupDone{}, err
	}
	return done, nil
}

// founder creates one of the three; nobody is signed in who could be the actor.
func (s *Service) founder(tx *db.Tx, in PersonInput, role Role) (account, error) {
	a, err := s.create(tx, stranger(ViaPage), in)
	if err != nil {
		return account{}, setupField(string(role), err)
	}
	if err := insertRole(tx, a.ID, role, "setup"); err != nil {
		return account{}, err
	}
	before, err := s.state(a)
	if err != nil {
		return account{}, err
	}
	a.Roles = []Role{role}
	after, err := s.state(a)
	if err != nil {
		return account{}, err
	}
	return a, s.note(tx, stranger(ViaPage), "org.role_grant", a, before, after)
}

func (s *Service) invitedFounder(tx *db.Tx, in PersonInput, role Role) (Invitation, error) {
	a, err := s.founder(tx, in, role)
	if err != nil {
		return Invitation{}, err
	}
	return s.invite(tx, a)
}

// setupField puts the messages for one of the three people beside that
// person's fields, "secadmin.login".
func setupField(prefix string, err error) error {
	messages := errs.FieldMessages(err)
	if len(messages) == 0 {
		if !errs.Is(err, errs.Invalid) {
			return err
		}
		var c errs.Check
		c.Add(prefix+".login", err)
		return c.Err()
	}
	var c errs.Check
	for _, name := range errs.FieldNames(err) {
		c.Require(false, prefix+"."+name, "%s", messages[name])
	}
	return c.Err()
}
