package org

import (
	"crypto/rand"
	"testing"
	"time"

	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/seal"
)

// The second lines of defence, each with the first one taken away by hand.

func (w *world) sql(query string, args ...any) {
	w.t.Helper()
	w.ok(w.db.Write(w.ctx, func(tx *db.Tx) error { _, err := tx.Exec(query, args...); return err }))
}

// TestStateIsReadAtEachRequest: a session or token that outlived the change of
// state is of no use.
func TestStateIsReadAtEachRequest(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		in, id := w.person("zhang", "trade", UnitClerk)
		secret, _, err := w.s.CreateToken(w.ctx, in.Principal, TokenInput{Name: "取数", Life: time.Hour})
		w.ok(err)
		for _, state := range []State{Disabled, Locked, Invited} {
			w.sql(`UPDATE person SET state = $2 WHERE id = $1`, id, string(state))
			_, err = w.auth(in.Token)
			w.refused(err, errs.Unauthenticated, "")
			_, err = w.s.AuthenticateToken(w.ctx, secret, w.from)
			w.refused(err, errs.Unauthenticated, "")
			w.refused(w.s.ChangePassword(w.ctx, in.Principal, goodPassword, "Zr8+kTw3hn"), errs.Unauthenticated, "")
		}
		w.sql(`UPDATE person SET state = 'active' WHERE id = $1`, id)
		_, err = w.auth(in.Token)
		w.ok(err)
	})
}

// TestSetupIsRemembered: even without any administrator left the set-up does not open again.
func TestSetupIsRemembered(t *testing.T) {
	each(t, nil, func(w *world) {
		_, err := w.s.CompleteSetup(w.ctx, w.startSetup(), setupInput(), w.from)
		w.ok(err)
		w.sql(`DELETE FROM person_role`)
		if needed, err := w.s.SetupNeeded(w.ctx); err != nil || needed {
			w.t.Errorf("needed again: %v", err)
		}
	})
}

// TestForgedHash: a row with an absurd cost does not take the memory.
func TestForgedHash(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		w.person("zhang", "trade")
		w.sql(`UPDATE person SET password_hash = '$argon2id$v=19$m=4294967295,t=3,p=2$c29tZXNhbHQ$MTIzNDU2Nzg5MDEyMzQ1Ng'`)
		_, err := w.signIn("zhang", goodPassword, "")
		w.refused(err, errs.Internal, "malformed")
	})
}

func TestReseal(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		keys, err := seal.New(w.clock.Now(), rand.Reader)
		w.ok(err)
		w.s.secrets = keys
		inv, err := w.s.CreatePerson(w.ctx, op, PersonInput{Login: "zhang", Name: "张三", Phone: "13800138000"})
		w.ok(err)
		in, err := w.s.AcceptInvitation(w.ctx, inv.Token, goodPassword, w.from)
		w.ok(err)
		secret, _ := w.enrol(in.Principal)
		_, err = w.s.Reseal(w.ctx, in.Principal)
		w.refused(err, errs.Forbidden, "")
		for i, want := range []int{0, 2, 0} {
			if i == 1 {
				_, err := keys.Rotate(w.clock.Now())
				w.ok(err)
			}
			if n, err := w.s.Reseal(w.ctx, Job("reseal")); err != nil || n != want {
				w.t.Errorf("run %d renewed %d, want %d: %v", i, n, want, err)
			}
		}
		phone, err := w.s.RevealPhone(w.ctx, op, inv.PersonID, "核对")
		if err != nil || phone != "13800138000" {
			w.t.Errorf("%q, %v", phone, err)
		}
		w.clock.Add(time.Minute)
		_, err = w.signIn("zhang", goodPassword, w.code(secret))
		w.ok(err)
	})
}

func BenchmarkDefaultHash(b *testing.B) {
	h, err := newHasher(DefaultPolicy(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := h.hash(b.Context(), goodPassword); err != nil {
			b.Fatal(err)
		}
	}
}
