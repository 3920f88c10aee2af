package org

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"bihuan/kit/db"
	"bihuan/kit/errs"
)

// newPassword checks a new password for the account and hashes it. The hashing
// happens outside every transaction: it takes long on purpose.
func (s *Service) newPassword(ctx context.Context, a account, former []string, password string) (string, error) {
	if err := CheckPassword(s.policy, a.Login, password); err != nil {
		return "", passwordField(err)
	}
	used := former
	if a.PasswordHash != "" {
		used = append([]string{a.PasswordHash}, former...)
	}
	for _, old := range used[:min(len(used), s.policy.PasswordHistory)] {
		same, err := s.hasher.verify(ctx, old, password)
		if err != nil {
			return "", err
		}
		if same {
			return "", passwordField(errs.New(errs.Invalid, "不能与最近 %d 次用过的密码相同", s.policy.PasswordHistory))
		}
	}
	return s.hasher.hash(ctx, password)
}

func passwordField(err error) error {
	var c errs.Check
	c.Add("password", err)
	return c.Err()
}

// own reads the account of a person who acts in a session, for changes of his own credentials.
func own(tx *db.Tx, p Principal) (account, error) {
	if p.SessionID == "" {
		return account{}, errs.New(errs.Unauthenticated, "请先登录")
	}
	if _, err := sessionByID(tx, p.SessionID); err != nil {
		return account{}, errNoSession()
	}
	a, err := accountByID(tx, p.ID)
	if err == nil && a.State != Active {
		err = errNoSession()
	}
	return a, err
}

// ChangePassword sets a new password for the principal; the old one must be
// given. All other sessions end. It is allowed while the password is owed.
func (s *Service) ChangePassword(ctx context.Context, p Principal, old, password string) error {
	a, former, err := s.proven(ctx, p, old)
	if err != nil {
		return err
	}
	hash, err := s.newPassword(ctx, a, former, password)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		now, err := own(tx, p)
		if err != nil {
			return err
		}
		if now.PasswordHash != a.PasswordHash {
			return errs.New(errs.Conflict, "密码刚被修改，请重新登录")
		}
		if err := retirePassword(tx, now, s.policy.PasswordHistory); err != nil {
			return err
		}
		now.PasswordHash, now.PasswordChanged, now.MustChange = hash, tx.Now(), false
		if err := updateAccount(tx, now); err != nil {
			return err
		}
		if _, err := deleteSessions(tx, now.ID, p.SessionID); err != nil {
			return err
		}
		if err := confirmSession(tx, p.SessionID); err != nil {
			return err
		}
		return s.note(tx, p.Actor(), "org.password_change", now, nil, nil)
	})
}

// proven checks the principal's present password outside a transaction; a wrong
// one counts towards the lock like a failed sign-in.
func (s *Service) proven(ctx context.Context, p Principal, password string) (a account, former []string, err error) {
	key := ""
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if a, err = own(tx, p); err != nil {
			return err
		}
		key = s.loginKey(a.Login)
		lock, err := readLockout(tx, key)
		if err != nil {
			return err
		}
		if lock.locked(tx.Now()) {
			return errLocked(lock, tx.Now())
		}
		former, err = formerPasswords(tx, a.ID)
		return err
	})
	if err != nil {
		return account{}, nil, err
	}
	right := false
	if len(password) <= 4*maxPassword {
		if right, err = s.hasher.verify(ctx, a.PasswordHash, password); err != nil {
			return account{}, nil, err
		}
	}
	if right {
		return a, former, nil
	}
	err = s.settle(ctx, func(tx *db.Tx) (refusal, fault error) {
		t := attempt{s: s, tx: tx, key: key, typed: a.Login}
		refusal, fault = t.fail(a, "confirm")
		if errs.Is(refusal, errs.Unauthenticated) { // the session itself is still good
			refusal = passwordField(errs.New(errs.Invalid, "当前密码不正确"))
		}
		return refusal, fault
	})
	return account{}, nil, err
}

// Confirm takes the password again, and the code when a second factor is
// enrolled, so that sensitive acts are allowed for ConfirmAge.
func (s *Service) Confirm(ctx context.Context, p Principal, password, code string) error {
	if _, _, err := s.proven(ctx, p, password); err != nil {
		return err
	}
	return s.settle(ctx, func(tx *db.Tx) (refusal, fault error) {
		a, err := own(tx, p)
		if err != nil {
			return err, nil
		}
		if a.TOTPSealed != "" {
			factor, err := s.secondFactor(tx, &a, code)
			if err != nil {
				return nil, err
			}
			if factor == "" {
				t := attempt{s: s, tx: tx, key: s.loginKey(a.Login), typed: a.Login}
				if _, err := t.fail(a, "confirm"); err != nil {
					return nil, err
				}
				return codeField(), nil
			}
			if err := updateAccount(tx, a); err != nil {
				return nil, err
			}
		}
		if err := confirmSession(tx, p.SessionID); err != nil {
			return err, nil
		}
		return nil, s.note(tx, p.Actor(), "org.confirm", a, nil, nil)
	})
}

func codeField() error {
	var c errs.Check
	c.Require(false, "code", "动态口令不正确或已用过，请等待新的口令")
	return c.Err()
}

// secondFactor checks a code of the authenticator or a recovery code and marks
// it used: the account's step in memory, a recovery code in the database. It
// returns which it was, "" when it was neither.
func (s *Service) secondFactor(tx *db.Tx, a *account, code string) (string, error) {
	secret, err := s.secrets.Open(a.TOTPSealed, "person.totp:"+a.ID)
	if err != nil {
		return "", err
	}
	if step, ok := checkTOTP(secret, code, tx.Now(), a.TOTPStep); ok {
		a.TOTPStep = step
		return "totp", nil
	}
	if typed, ok := normalRecovery(code); ok {
		used, err := useRecovery(tx, a.ID, s.recoveryHash(a.ID, typed))
		if err != nil || !used {
			return "", err
		}
		return "recovery", nil
	}
	return "", nil
}

func (s *Service) recoveryHash(personID, code string) string {
	return s.secrets.BlindIndex("org.recovery:"+personID, code)
}

// Enrolment is what the page of the second factor shows. Pending goes back with
// the first code; it holds the secret sealed, so that nothing is stored before
// the authenticator is known to work.
type Enrolment struct {
	Secret  string // base32, for typing
	URI     string // otpauth://…, for the QR picture: see QRSVG and QRPNG
	Pending string
}

// pendingTOTP is the content of Enrolment.Pending.
type pendingTOTP struct {
	Secret  []byte
	Expires time.Time
}

// enrolTime is how long an enrolment may take.
const enrolTime = 15 * time.Minute

// BeginTOTP offers a new second factor to the principal. Replacing an enrolled
// one needs a recent confirmation.
func (s *Service) BeginTOTP(ctx context.Context, p Principal) (e Enrolment, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, err := own(tx, p)
		if err != nil {
			return err
		}
		if err := s.recent(p, tx.Now()); err != nil {
			return err
		}
		secret := make([]byte, totpSecret)
		if _, err := io.ReadFull(s.entropy(), secret); err != nil {
			return fmt.Errorf("make a second factor: %w", err)
		}
		plain, err := json.Marshal(pendingTOTP{secret, tx.Now().Add(enrolTime)})
		if err != nil {
			return err
		}
		e = Enrolment{Secret: base32Text.EncodeToString(secret), URI: totpURI(s.policy.TOTPIssuer, a.Login, secret)}
		e.Pending, err = s.secrets.Seal(plain, "person.totp.pending:"+a.ID)
		return err
	})
	return e, err
}

// FinishTOTP enrols the second factor after its first code, and gives the
// recovery codes, which are shown once. All other sessions end.
func (s *Service) FinishTOTP(ctx context.Context, p Principal, pending, code string) (recovery []string, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		old, err := own(tx, p)
		if err != nil {
			return err
		}
		var offer pendingTOTP
		plain, err := s.secrets.Open(pending, "person.totp.pending:"+old.ID)
		if err != nil || json.Unmarshal(plain, &offer) != nil || !tx.Now().Before(offer.Expires) {
			return errs.New(errs.Conflict, "绑定超时，请重新开始").Because(err)
		}
		step, ok := checkTOTP(offer.Secret, code, tx.Now(), 0)
		if !ok {
			return codeField()
		}
		a := old
		a.TOTPStep = step
		if a.TOTPSealed, err = s.secrets.Seal(offer.Secret, "person.totp:"+a.ID); err != nil {
			return err
		}
		if _, err := deleteSessions(tx, a.ID, p.SessionID); err != nil {
			return err
		}
		if recovery, err = s.newRecovery(tx, a.ID); err != nil {
			return err
		}
		return s.save(tx, p.Actor(), "org.totp_enrol", old, a)
	})
	return recovery, err
}

// recoveryCount is how many recovery codes are handed out.
const recoveryCount = 8

func (s *Service) newRecovery(tx *db.Tx, personID string) (codes []string, err error) {
	hashes := make([]string, recoveryCount)
	codes = make([]string, recoveryCount)
	for i := range codes {
		if codes[i], err = newRecoveryCode(s.entropy()); err != nil {
			return nil, err
		}
		typed, _ := normalRecovery(codes[i])
		hashes[i] = s.recoveryHash(personID, typed)
	}
	return codes, replaceRecovery(tx, personID, hashes)
}

// RenewRecoveryCodes replaces the recovery codes; needs a recent confirmation.
func (s *Service) RenewRecoveryCodes(ctx context.Context, p Principal) (codes []string, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := own(tx, p)
		if err != nil {
			return err
		}
		if err := s.recent(p, tx.Now()); err != nil {
			return err
		}
		if a.TOTPSealed == "" {
			return errs.New(errs.Conflict, "尚未绑定动态口令")
		}
		if codes, err = s.newRecovery(tx, a.ID); err != nil {
			return err
		}
		return s.note(tx, p.Actor(), "org.recovery_renew", a, nil, nil)
	})
	return codes, err
}

// RecoveryCodesLeft counts the principal's unused recovery codes.
func (s *Service) RecoveryCodesLeft(ctx context.Context, p Principal) (n int, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, err := own(tx, p)
		if err != nil {
			return err
		}
		n, err = countRecovery(tx, a.ID)
		return err
	})
	return n, err
}

// RemoveTOTP gives the second factor up; refused when a role demands it, and
// needs a recent confirmation.
func (s *Service) RemoveTOTP(ctx context.Context, p Principal) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		old, err := own(tx, p)
		if err != nil {
			return err
		}
		if err := s.recent(p, tx.Now()); err != nil {
			return err
		}
		if old.TOTPSealed == "" {
			return errs.New(errs.Conflict, "尚未绑定动态口令")
		}
		if needsTOTP(old.Roles, s.policy) {
			return errs.New(errs.Forbidden, "您的角色要求两种方式登录，不能解除动态口令")
		}
		a := old
		a.TOTPSealed, a.TOTPStep = "", 0
		if err := replaceRecovery(tx, a.ID, nil); err != nil {
			return err
		}
		return s.save(tx, p.Actor(), "org.totp_remove", old, a)
	})
}
