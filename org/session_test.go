package org

import (
	"strings"
	"sync"
	"testing"
	"time"

	"bihuan/kit/errs"
)

func TestSessionEnds(t *testing.T) {
	cases := []struct {
		name    string
		every   time.Duration // a request after each of these
		passive bool
		dead    time.Duration // first request that is refused
	}{
		{"idle", 10 * time.Minute, false, 10 * time.Minute},
		{"busy until the absolute end", 9 * time.Minute, false, 8*time.Hour + 6*time.Minute},
		{"kept alive by the page only", 4 * time.Minute, true, 12 * time.Minute},
	}
	each(t, noTOTP, func(w *world) {
		w.person("zhang", "trade")
		for _, c := range cases {
			in, err := w.signIn("zhang", goodPassword, "")
			w.ok(err)
			lived := time.Duration(0)
			for err == nil && lived < 24*time.Hour {
				w.clock.Add(c.every)
				lived += c.every
				_, err = w.s.Authenticate(w.ctx, in.Token, c.passive)
			}
			w.refused(err, errs.Unauthenticated, "重新登录")
			if lived != c.dead {
				w.t.Errorf("%s: ended at %v, want %v", c.name, lived, c.dead)
			}
		}
		_, err := w.auth("")
		w.refused(err, errs.Unauthenticated, "请先登录")
		_, err = w.auth("made up")
		w.refused(err, errs.Unauthenticated, "")
	})
}

// TestTouchIsRare: a request within the minute writes nothing.
func TestTouchIsRare(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		in, _ := w.person("zhang", "trade")
		start := w.clock.Now().UnixMilli()
		seen := func() int { return w.count(`SELECT seen_at FROM session`) - int(start) }
		for _, c := range []struct{ after, want time.Duration }{{59 * time.Second, 0}, {time.Second, time.Minute}, {30 * time.Second, time.Minute}, {5 * time.Minute, 6*time.Minute + 30*time.Second}} {
			w.clock.Add(c.after)
			_, err := w.auth(in.Token)
			w.ok(err)
			if got := seen(); got != int(c.want.Milliseconds()) {
				w.t.Errorf("seen after %d ms, want %v", got, c.want)
			}
		}
	})
}

func TestParallelSessions(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		_, id := w.person("zhang", "trade")
		var tokens []string
		for range 4 {
			w.clock.Add(time.Second)
			in, err := w.signIn("zhang", goodPassword, "")
			w.ok(err)
			tokens = append(tokens, in.Token)
		}
		_, err := w.auth(tokens[0])
		w.refused(err, errs.Unauthenticated, "")
		p, err := w.auth(tokens[3])
		w.ok(err)
		list, err := w.s.Sessions(w.ctx, p, id)
		w.ok(err)
		if len(list) != 3 || !list[0].Current || list[1].Current || list[0].Agent != "test" || list[0].Address != "10.0.0.1" {
			w.t.Errorf("%+v", list)
		}
		w.ok(w.s.RevokeSession(w.ctx, p, list[2].ID))
		_, err = w.auth(tokens[1])
		w.refused(err, errs.Unauthenticated, "")
		w.refused(w.s.RevokeSession(w.ctx, p, list[2].ID), errs.NotFound, "")
		stranger, _ := w.person("wang", "trade", UnitHead)
		w.refused(w.s.RevokeSession(w.ctx, stranger.Principal, list[1].ID), errs.Forbidden, "")
		w.refused(w.s.RevokeSession(w.ctx, Principal{}, list[1].ID), errs.Unauthenticated, "")
		w.ok(w.s.RevokeSessions(w.ctx, p, id, true))
		_, err = w.auth(tokens[2])
		w.refused(err, errs.Unauthenticated, "")
		_, err = w.auth(tokens[3])
		w.ok(err)
		sec, _ := w.person("sec.admin", "", SecAdmin)
		w.ok(w.s.RevokeSessions(w.ctx, sec.Principal, id, true))
		_, err = w.auth(tokens[3])
		w.refused(err, errs.Unauthenticated, "")
		in, err := w.signIn("zhang", goodPassword, "")
		w.ok(err)
		w.ok(w.s.SignOut(w.ctx, in.Principal))
		w.ok(w.s.SignOut(w.ctx, in.Principal))
		_, err = w.auth(in.Token)
		w.refused(err, errs.Unauthenticated, "")
		if n := len(w.audited("org.sign_out")); n != 1 {
			w.t.Errorf("%d sign-outs in the log", n)
		}
	})
}

// TestSignInsRace: many sign-ins at once leave no more sessions than allowed.
func TestSignInsRace(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		w.person("zhang", "trade")
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if _, err := w.signIn("zhang", goodPassword, ""); err != nil {
					w.t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := w.count(`SELECT count(*) FROM session`); n != 3 {
			w.t.Errorf("%d sessions", n)
		}
	})
}

func TestTokens(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		in, id := w.person("zhang", "trade", UnitClerk)
		leader, _ := w.person("li.leader", "", Leader)
		_, _, err := w.s.CreateToken(w.ctx, leader.Principal, TokenInput{Name: "x", Life: time.Hour})
		w.refused(err, errs.Forbidden, "创建接口令牌")
		_, _, err = w.s.CreateToken(w.ctx, in.Principal, TokenInput{Name: " ", Life: 366 * 24 * time.Hour})
		if got := strings.Join(errs.FieldNames(err), ","); got != "life,name" {
			w.t.Errorf("fields %s", got)
		}
		secret, tok, err := w.s.CreateToken(w.ctx, in.Principal, TokenInput{Name: "取数", ReadOnly: true, Life: 48 * time.Hour})
		w.ok(err)
		p, err := w.s.AuthenticateToken(w.ctx, secret, w.from)
		w.ok(err)
		if p.ID != id || p.Via != ViaAPI || !p.ReadOnly || p.TokenID != tok.ID || !p.Has(UnitClerk) {
			w.t.Errorf("%+v", p)
		}
		w.refused(p.May(ProgressReport, p.Self()), errs.Forbidden, "只读")
		w.ok(p.May(PlanRead, Scope{}))
		if _, _, err := w.s.CreateToken(w.ctx, p, TokenInput{Name: "x", Life: time.Hour}); !errs.Is(err, errs.Forbidden) {
			w.t.Errorf("a token makes a token: %v", err)
		}
		if _, err := w.s.Tokens(w.ctx, p, id); !errs.Is(err, errs.Forbidden) {
			w.t.Errorf("a token lists tokens: %v", err)
		}
		if w.count(`SELECT count(*) FROM api_token WHERE hash = $1 OR hash LIKE 'bihuan%'`, secret) != 0 {
			w.t.Error("the secret lies open")
		}
		list, err := w.s.Tokens(w.ctx, in.Principal, id)
		if err != nil || len(list) != 1 || list[0].LastUsedDay != "2026-07-01" {
			w.t.Errorf("%+v, %v", list, err)
		}
		bad := []string{"", "bihuan_", secret + "x", "bihuan_" + strings.Repeat("0", 26) + "_x", secret[:len(secret)-1], strings.Replace(secret, "bihuan", "token", 1)}
		for _, s := range bad {
			_, err := w.s.AuthenticateToken(w.ctx, s, w.from)
			w.refused(err, errs.Unauthenticated, "无效")
		}
		if n := len(w.audited("org.token_failed")); n != 2 {
			w.t.Errorf("%d failures in the log", n)
		}
		other, _ := w.person("wang", "trade", UnitClerk)
		w.refused(w.s.RevokeToken(w.ctx, other.Principal, tok.ID), errs.Forbidden, "")
		w.clock.Add(48 * time.Hour)
		_, err = w.s.AuthenticateToken(w.ctx, secret, w.from)
		w.refused(err, errs.Unauthenticated, "")
		w.clock.Add(-47 * time.Hour)
		_, err = w.s.AuthenticateToken(w.ctx, secret, w.from)
		w.ok(err)
		w.ok(w.s.RevokeToken(w.ctx, in.Principal, tok.ID))
		w.refused(w.s.RevokeToken(w.ctx, in.Principal, tok.ID), errs.Conflict, "")
		_, err = w.s.AuthenticateToken(w.ctx, secret, w.from)
		w.refused(err, errs.Unauthenticated, "")
	})
}

// TestTokenOfAnAdministrator: who becomes an administrator loses the way around the second factor.
func TestTokenOfAnAdministrator(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		in, id := w.person("zhang", "trade", UnitClerk)
		secret, _, err := w.s.CreateToken(w.ctx, in.Principal, TokenInput{Name: "取数", Life: time.Hour})
		w.ok(err)
		w.ok(w.s.RevokeRole(w.ctx, op, id, UnitClerk))
		w.ok(w.s.GrantRole(w.ctx, op, id, SecAdmin))
		_, err = w.s.AuthenticateToken(w.ctx, secret, w.from)
		w.refused(err, errs.Unauthenticated, "")
	})
}

func TestJobs(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		w.person("sys.admin", "", SysAdmin)
		zhang, id := w.person("zhang", "trade", UnitClerk)
		_, busyID := w.person("busy", "trade", UnitClerk)
		_, _ = w.signIn("ghost", "x", "")
		job := Job("prune")
		if n, err := w.s.Prune(w.ctx, job); err != nil || n != 0 {
			w.t.Errorf("pruned %d of what is still good: %v", n, err)
		}
		w.clock.Add(w.s.policy.IdleAccount)
		_, err := w.signIn("busy", goodPassword, "")
		w.ok(err)
		n, err := w.s.Prune(w.ctx, job)
		w.ok(err)
		if n != 3 || w.count(`SELECT count(*) FROM session`) != 1 {
			w.t.Errorf("pruned %d", n)
		}
		if n, err := w.s.LockIdle(w.ctx, job); err != nil || n != 0 {
			w.t.Errorf("locked %d on the last day: %v", n, err)
		}
		w.clock.Add(24 * time.Hour)
		if n, err := w.s.LockIdle(w.ctx, job); err != nil || n != 1 {
			w.t.Errorf("locked %d, want zhang only: %v", n, err)
		}
		state := func(id string) State { p, err := w.s.Person(w.ctx, op, id); w.ok(err); return p.State }
		if state(id) != Locked || state(busyID) != Active {
			w.t.Errorf("zhang %s, busy %s", state(id), state(busyID))
		}
		_, err = w.auth(zhang.Token)
		w.refused(err, errs.Unauthenticated, "")
		_, err = w.signIn("zhang", goodPassword, "")
		w.refused(err, errs.Forbidden, "锁定")
		w.ok(w.s.UnlockPerson(w.ctx, op, id))
		_, err = w.signIn("zhang", goodPassword, "")
		w.ok(err)
	})
}
