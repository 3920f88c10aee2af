package org

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"bihuan/kit/errs"
)

func TestSignIn(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		w.person("zhang", "trade", UnitClerk)
		in, err := w.signIn(" ZHANG ", goodPassword, "")
		w.ok(err)
		if in.Principal.Name != "人员zhang" || in.Principal.UnitID != "trade" || in.Principal.UnitName != "市商务局" || in.Principal.Via != ViaPage || in.Principal.Owes != "" {
			w.t.Errorf("%+v", in.Principal)
		}
		if w.count(`SELECT count(*) FROM session WHERE hash = $1`, in.Token) != 0 || w.count(`SELECT count(*) FROM session WHERE hash = $1`, hashSecret(in.Token)) != 1 {
			w.t.Error("the session's secret lies open")
		}
		_, unknown := w.signIn("nobody", goodPassword, "")
		_, wrong := w.signIn("zhang", "Wrong-pass1", "")
		w.refused(unknown, errs.Unauthenticated, "不正确")
		if unknown.Error() != wrong.Error() {
			w.t.Errorf("%v differs from %v", unknown, wrong)
		}
		_, err = w.signIn("Xk7-mvQ2pd!secret", "x", "")
		w.refused(err, errs.Unauthenticated, "不正确")
		failed := w.audited("org.sign_in_failed")
		if len(failed) != 3 || failed[0].ActorName != "未登录" || strings.Contains(failed[0].After, "secret") || failed[1].ObjectName != "zhang" || failed[2].ObjectID != "" {
			w.t.Errorf("%+v", failed)
		}
		for _, long := range []string{strings.Repeat("x", 100_000), "a\x00b", "\xff\xfe"} {
			_, err = w.signIn("login"+long, long, "")
			w.refused(err, errs.Unauthenticated, "")
		}
	})
}

// TestLockByName walks through the locks of a known and an unknown name: both
// must answer alike at every step.
func TestLockByName(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		w.person("zhang", "trade")
		try := func(password string) (answers [2]string) {
			for i, login := range []string{"zhang", "ghost"} {
				_, err := w.signIn(login, password, "")
				if err != nil {
					answers[i] = err.Error()
				}
			}
			return answers
		}
		for i := 1; i <= 5; i++ {
			a := try("Wrong-pass1")
			if a[0] != a[1] || strings.Contains(a[0], "已锁定，请 5 分钟") != (i == 5) {
				w.t.Fatalf("failure %d: %v", i, a)
			}
		}
		if a := try(goodPassword); a[0] != a[1] || !strings.Contains(a[0], "锁定") {
			w.t.Fatalf("while locked, the right password: %v", a)
		}
		w.clock.Add(5 * time.Minute)
		for range 5 {
			try("Wrong-pass1")
		}
		if a := try("Wrong-pass1"); a[0] != a[1] || !strings.Contains(a[0], "10 分钟") {
			w.t.Fatalf("second lock: %v", a)
		}
		w.clock.Add(10 * time.Minute)
		_, err := w.signIn("zhang", goodPassword, "")
		w.ok(err)
		if n := w.count(`SELECT count(*) FROM login_failure`); n != 1 { // only the ghost's
			w.t.Errorf("%d names with failures after success", n)
		}
	})
}

// TestParallelFailures: of many wrong passwords at the same moment exactly as
// many as allowed are judged, and the right one among the rest does not help.
func TestParallelFailures(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		w.person("zhang", "trade")
		var wg sync.WaitGroup
		var mu sync.Mutex
		answers := map[errs.Code]int{}
		for range 24 {
			wg.Go(func() {
				_, err := w.signIn("zhang", "Wrong-pass1", "")
				mu.Lock()
				answers[errs.CodeOf(err)]++
				mu.Unlock()
			})
		}
		wg.Wait()
		// the fifth failure is the one that answers with the lock
		if answers[errs.Unauthenticated] != 4 || answers[errs.TooMany] != 20 {
			w.t.Errorf("%v", answers)
		}
		if n := w.count(`SELECT locks FROM login_failure`); n != 1 {
			w.t.Errorf("%d locks", n)
		}
		_, err := w.signIn("zhang", goodPassword, "")
		w.refused(err, errs.TooMany, "")
	})
}

func TestUnlockAfterFailures(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		_, id := w.person("zhang", "trade")
		for range 5 {
			_, _ = w.signIn("zhang", "Wrong-pass1", "")
		}
		w.ok(w.s.UnlockPerson(w.ctx, op, id))
		_, err := w.signIn("zhang", goodPassword, "")
		w.ok(err)
	})
}

func TestAddressRate(t *testing.T) {
	each(t, func(p *Policy) { p.AddressBurst, p.AddressEvery = 3, time.Minute }, func(w *world) {
		w.from.Address = "10.9.9.9"
		for range 3 {
			_, err := w.signIn("ghost", "x", "")
			w.refused(err, errs.Unauthenticated, "")
		}
		_, err := w.signIn("other", "x", "")
		w.refused(err, errs.TooMany, "频繁")
		if n := len(w.audited("org.sign_in_failed")); n != 3 {
			w.t.Errorf("%d entries: a flood must not fill the log", n)
		}
		w.clock.Add(time.Minute)
		_, err = w.signIn("other", "x", "")
		w.refused(err, errs.Unauthenticated, "")
	})
}

func TestPasswordIsHashedAnewWhenTheCostChanges(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		_, id := w.person("zhang", "trade")
		hash := func() string {
			var list []string
			w.read(func(tx *dbTx) (err error) {
				list, err = texts(tx, `SELECT password_hash FROM person WHERE id = $1`, id)
				return err
			})
			return list[0]
		}
		before := hash()
		_, err := w.signIn("zhang", goodPassword, "")
		w.ok(err)
		if hash() != before {
			w.t.Error("hashed anew without need")
		}
		w.s.hasher.params.Passes = 2
		_, err = w.signIn("zhang", "Wrong-pass1", "")
		w.refused(err, errs.Unauthenticated, "")
		if hash() != before {
			w.t.Error("hashed anew after a wrong password")
		}
		_, err = w.signIn("zhang", goodPassword, "")
		w.ok(err)
		if now := hash(); now == before || !strings.Contains(now, "t=2") {
			w.t.Error(now)
		}
		_, err = w.signIn("zhang", goodPassword, "")
		w.ok(err)
	})
}

func TestPasswordAgeAndChange(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		first, _ := w.person("zhang", "trade", UnitClerk)
		other, err := w.signIn("zhang", goodPassword, "")
		w.ok(err)
		p := first.Principal
		for _, c := range []struct {
			name, old, new string
			code           errs.Code
			text           string
		}{
			{"wrong old one", "Wrong-pass1", "Zr8+kTw3hn", errs.Invalid, ""},
			{"overlong old one", strings.Repeat("x", 5000), "Zr8+kTw3hn", errs.Invalid, ""},
			{"weak", goodPassword, "abc", errs.Invalid, ""},
			{"the same", goodPassword, goodPassword, errs.Invalid, ""},
		} {
			err := w.s.ChangePassword(w.ctx, p, c.old, c.new)
			if errs.CodeOf(err) != c.code {
				w.t.Errorf("%s: %v", c.name, err)
			}
		}
		w.ok(w.s.ChangePassword(w.ctx, p, goodPassword, "Zr8+kTw3hn"))
		_, err = w.auth(other.Token)
		w.refused(err, errs.Unauthenticated, "")
		_, err = w.auth(first.Token)
		w.ok(err)
		// five different ones, then the first may come back
		passwords := []string{"Zr8+kTw3hn", "Bq4/vNc6yd", "Lp9=mXs5gf", "Hj2~wRt7ek", "Dv6%zUb8oi"}
		for i := 1; i < len(passwords); i++ {
			err := w.s.ChangePassword(w.ctx, p, passwords[i-1], goodPassword)
			w.refused(err, errs.Invalid, "")
			w.ok(w.s.ChangePassword(w.ctx, p, passwords[i-1], passwords[i]))
			w.clock.Add(time.Second)
		}
		w.ok(w.s.ChangePassword(w.ctx, p, passwords[4], goodPassword))
		w.clock.Add(w.s.policy.PasswordMaxAge)
		in, err := w.signIn("zhang", goodPassword, "")
		w.ok(err)
		if in.Principal.Owes != DutyPassword {
			w.t.Errorf("owes %q", in.Principal.Owes)
		}
		w.ok(w.s.ChangePassword(w.ctx, in.Principal, goodPassword, "Kx3^aQw9zm"))
		if p, err := w.auth(in.Token); err != nil || p.Owes != "" {
			w.t.Errorf("still owes %q, %v", p.Owes, err)
		}
	})
}

// TestOldPasswordGuessesLock: a stolen session is no way around the lock.
func TestOldPasswordGuessesLock(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		in, _ := w.person("zhang", "trade")
		for i := 1; i <= 4; i++ {
			w.refused(w.s.Confirm(w.ctx, in.Principal, "Wrong-pass1", ""), errs.Invalid, "")
		}
		w.refused(w.s.ChangePassword(w.ctx, in.Principal, "Wrong-pass1", "Zr8+kTw3hn"), errs.TooMany, "")
		w.refused(w.s.Confirm(w.ctx, in.Principal, goodPassword, ""), errs.TooMany, "")
	})
}

func TestConfirm(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		in, _ := w.person("zhang", "trade", UnitClerk)
		make := func() error {
			p, err := w.auth(in.Token)
			w.ok(err)
			_, _, err = w.s.CreateToken(w.ctx, p, TokenInput{Name: "取数", Life: time.Hour})
			return err
		}
		w.ok(make())
		for range 3 { // stay active beyond the age of the confirmation
			w.clock.Add(5 * time.Minute)
			_, err := w.auth(in.Token)
			w.ok(err)
		}
		if err := make(); !NeedsConfirmation(err) || !errors.Is(err, ErrConfirm) {
			w.t.Fatalf("no confirmation asked: %v", err)
		}
		w.ok(w.s.Confirm(w.ctx, in.Principal, goodPassword, ""))
		w.ok(make())
	})
}
