package org

import (
	"context"
	"strings"
	"time"

	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
)

// Credentials are what a person types to sign in. Code is the second factor or
// a recovery code; it may be left empty and given with SignInCode.
type Credentials struct {
	Login    string
	Password string
	Code     string
}

// SignedIn is the outcome of a sign-in. Either Token is set, the secret for the
// session's cookie, or Challenge is: then the password was right and SignInCode
// wants it together with the code of the second factor.
type SignedIn struct {
	Token     string
	Challenge string
	Expires   time.Time // of the session, or of the challenge
	Principal Principal // zero while there is only a challenge
}

// errWrong is the one answer to an unknown login, a wrong password and a wrong code.
func errWrong() error {
	return errs.New(errs.Unauthenticated, "登录名、密码或动态口令不正确")
}

// SignIn checks login and password, and the code when it is given. Unknown
// logins are answered like wrong passwords, take the same work and lock alike.
func (s *Service) SignIn(ctx context.Context, c Credentials, from From) (in SignedIn, err error) {
	from = from.cut()
	if err := s.admit(from); err != nil {
		return SignedIn{}, err
	}
	key := s.loginKey(c.Login)
	a, lock, err := s.lookUp(ctx, c.Login, key)
	if err != nil {
		return SignedIn{}, err
	}
	right, fresh := false, ""
	if !lock.locked(s.db.Now()) && len(c.Password) <= 4*maxPassword {
		if right, err = s.hasher.verify(ctx, a.PasswordHash, c.Password); err != nil {
			return SignedIn{}, err
		}
		if right && s.hasher.stale(a.PasswordHash) {
			if fresh, err = s.hasher.hash(ctx, c.Password); err != nil {
				return SignedIn{}, err
			}
		}
	}
	err = s.settle(ctx, func(tx *db.Tx) (refusal, fault error) {
		t := attempt{s: s, tx: tx, key: key, typed: c.Login, from: from}
		in, refusal, fault = t.password(a, right, fresh, c.Code)
		return refusal, fault
	})
	return in, err
}

// SignInCode finishes a sign-in that has a challenge. A wrong code counts as a
// failed sign-in; the challenge stays good until it expires or the name is locked.
func (s *Service) SignInCode(ctx context.Context, challenge, code string, from From) (in SignedIn, err error) {
	from = from.cut()
	if err := s.admit(from); err != nil {
		return SignedIn{}, err
	}
	err = s.settle(ctx, func(tx *db.Tx) (refusal, fault error) {
		a, err := holderOnce(tx, hashSecret(challenge), forCode)
		if errs.Is(err, errs.NotFound) {
			return errs.New(errs.Unauthenticated, "等待时间过长，请重新登录"), nil
		}
		if err != nil {
			return nil, err
		}
		t := attempt{s: s, tx: tx, key: s.loginKey(a.Login), typed: a.Login, from: from}
		in, refusal, fault = t.code(a, code)
		return refusal, fault
	})
	return in, err
}

// loginKey is the keyed hash under which failures of a typed name are counted.
func (s *Service) loginKey(typed string) string {
	if login, err := ParseLogin(typed); err == nil {
		typed = login
	}
	return s.secrets.BlindIndex("org.login", strings.ToLower(cut(typed, 256)))
}

// lookUp reads the account of a typed login, zero when there is none, and its lock.
func (s *Service) lookUp(ctx context.Context, typed, key string) (a account, lock lockout, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if lock, err = readLockout(tx, key); err != nil {
			return err
		}
		login, bad := ParseLogin(typed)
		if bad != nil {
			return nil //nolint:nilerr // a name that is no login is answered like an unknown one
		}
		a, err = accountByLogin(tx, login)
		if errs.Is(err, errs.NotFound) {
			a, err = account{}, nil
		}
		return err
	})
	return a, lock, err
}

// attempt is one try to sign in, inside its transaction.
type attempt struct {
	s     *Service
	tx    *db.Tx
	key   string // of login_failure
	typed string // the login as typed
	from  From
}

// password decides after the password was checked outside the transaction:
// read is the account as it was then.
func (t attempt) password(read account, right bool, fresh, code string) (in SignedIn, refusal, fault error) {
	if refusal, fault = t.lockRefusal(read); refusal != nil || fault != nil {
		return SignedIn{}, refusal, fault
	}
	if !right {
		refusal, fault = t.fail(read, "password")
		return SignedIn{}, refusal, fault
	}
	a, err := accountByID(t.tx, read.ID)
	if err != nil {
		return SignedIn{}, nil, err
	}
	if a.PasswordHash != read.PasswordHash {
		return SignedIn{}, errs.New(errs.Conflict, "密码刚被修改，请重新登录"), nil
	}
	if fresh != "" {
		a.PasswordHash = fresh
		if err := updateAccount(t.tx, a); err != nil {
			return SignedIn{}, nil, err
		}
	}
	if refusal, fault = t.stateRefusal(a); refusal != nil || fault != nil {
		return SignedIn{}, refusal, fault
	}
	switch {
	case a.TOTPSealed == "":
		return t.succeed(a, "password")
	case code == "":
		in, fault = t.challenge(a)
		return in, nil, fault
	default:
		return t.code(a, code)
	}
}

// challenge issues the secret that stands for the right password.
func (t attempt) challenge(a account) (SignedIn, error) {
	secret, err := newSecret(t.s.entropy())
	if err != nil {
		return SignedIn{}, err
	}
	expires := t.tx.Now().Add(t.s.policy.CodeTTL)
	return SignedIn{Challenge: secret, Expires: expires}, issueOnce(t.tx, a.ID, forCode, hashSecret(secret), expires)
}

// code decides about the second factor; the password was right before.
func (t attempt) code(a account, code string) (in SignedIn, refusal, fault error) {
	if refusal, fault = t.lockRefusal(a); refusal != nil || fault != nil {
		return SignedIn{}, refusal, fault
	}
	if refusal, fault = t.stateRefusal(a); refusal != nil || fault != nil {
		return SignedIn{}, refusal, fault
	}
	factor, err := t.s.secondFactor(t.tx, &a, code)
	if err != nil {
		return SignedIn{}, nil, err
	}
	if factor == "" {
		refusal, fault = t.fail(a, "code")
		return SignedIn{}, refusal, fault
	}
	return t.succeed(a, factor)
}

func (t attempt) succeed(a account, factor string) (in SignedIn, refusal, fault error) {
	if err := clearLockout(t.tx, t.key); err != nil {
		return SignedIn{}, nil, err
	}
	if err := dropOnce(t.tx, a.ID, forCode); err != nil {
		return SignedIn{}, nil, err
	}
	in, fault = t.s.open(t.tx, a, opening{action: "org.sign_in", factor: factor, from: t.from})
	return in, nil, fault
}

// lockRefusal refuses while the name is locked, whatever was typed.
func (t attempt) lockRefusal(a account) (refusal, fault error) {
	lock, err := readLockout(t.tx, t.key)
	if err != nil || !lock.locked(t.tx.Now()) {
		return nil, err
	}
	return errLocked(lock, t.tx.Now()), t.record(a, "locked", lock)
}

func errLocked(lock lockout, now time.Time) error {
	return errs.New(errs.TooMany, "失败次数过多，已锁定，请 %d 分钟后再试", int((lock.Until.Sub(now)+time.Minute-1)/time.Minute))
}

// stateRefusal tells somebody who knows the password why it does not help.
func (t attempt) stateRefusal(a account) (refusal, fault error) {
	if a.State == Active {
		return nil, nil
	}
	return errs.New(errs.Forbidden, "账号%s，请联系系统管理员", a.State.Label()), t.record(a, string(a.State), lockout{})
}

// fail counts the failure, locks when there are enough, and audits it.
func (t attempt) fail(a account, reason string) (refusal, fault error) {
	lock, err := readLockout(t.tx, t.key)
	if err != nil {
		return nil, err
	}
	lock = lock.fail(t.tx.Now(), t.s.policy)
	if err := saveLockout(t.tx, t.key, lock); err != nil {
		return nil, err
	}
	if err := t.record(a, reason, lock); err != nil {
		return nil, err
	}
	if lock.locked(t.tx.Now()) {
		return errLocked(lock, t.tx.Now()), nil
	}
	return errWrong(), nil
}

// failure is a failed sign-in in the audit log.
type failure struct {
	Login       string `json:"login"`
	Reason      string `json:"reason"`
	Failures    int    `json:"failures,omitempty"`
	LockedUntil string `json:"locked_until,omitempty"`
	Address     string `json:"address"`
}

func (t attempt) record(a account, reason string, lock lockout) error {
	f := failure{Login: typedLogin(t.typed), Reason: reason, Failures: lock.Failures, Address: t.from.Address}
	if lock.locked(t.tx.Now()) {
		f.LockedUntil = lock.Until.Format(time.RFC3339)
	}
	return t.s.log.Append(t.tx, stranger(ViaPage), audit.Entry{Action: "org.sign_in_failed", ObjectKind: "person", ObjectID: a.ID, ObjectName: f.Login, After: f})
}
