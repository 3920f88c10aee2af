package org

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bihuan/kit/errs"
)

// enrol gives the signed-in person a second factor and returns its secret and recovery codes.
func (w *world) enrol(p Principal) (secret []byte, recovery []string) {
	w.t.Helper()
	e, err := w.s.BeginTOTP(w.ctx, p)
	w.ok(err)
	secret, err = base32Text.DecodeString(e.Secret)
	w.ok(err)
	recovery, err = w.s.FinishTOTP(w.ctx, p, e.Pending, w.code(secret))
	w.ok(err)
	return secret, recovery
}

func (w *world) code(secret []byte) string { return totpCode(secret, totpAt(w.clock.Now())) }

func TestSecondFactor(t *testing.T) {
	each(t, nil, func(w *world) {
		first, _ := w.person("sys.admin", "", SysAdmin)
		if first.Principal.Owes != DutyTOTP {
			w.t.Fatalf("owes %q", first.Principal.Owes)
		}
		_, err := w.s.People(w.ctx, first.Principal, PeopleFilter{})
		w.refused(err, errs.Forbidden, "动态口令")
		secret, recovery := w.enrol(first.Principal)
		p, err := w.auth(first.Token)
		if err != nil || p.Owes != "" || len(recovery) != 8 {
			w.t.Errorf("owes %q, %d recovery codes, %v", p.Owes, len(recovery), err)
		}
		if w.count(`SELECT count(*) FROM person WHERE totp_sealed LIKE 'sm4gcm.%'`) != 1 || w.count(`SELECT count(*) FROM recovery_code WHERE hash = $1`, recovery[0]) != 0 {
			w.t.Error("the second factor lies open")
		}
		// the code of the enrolment is used up
		_, err = w.signIn("sys.admin", goodPassword, w.code(secret))
		w.refused(err, errs.Unauthenticated, "不正确")
		w.clock.Add(30 * time.Second)
		in, err := w.signIn("sys.admin", goodPassword, "")
		w.ok(err)
		if in.Token != "" || in.Challenge == "" || in.Principal.ID != "" {
			w.t.Fatalf("%+v", in)
		}
		_, err = w.auth(in.Challenge)
		w.refused(err, errs.Unauthenticated, "") // a challenge is no session
		_, err = w.s.SignInCode(w.ctx, in.Challenge, "000000", w.from)
		w.refused(err, errs.Unauthenticated, "不正确")
		done, err := w.s.SignInCode(w.ctx, in.Challenge, w.code(secret), w.from)
		w.ok(err)
		if done.Token == "" || done.Principal.Owes != "" {
			w.t.Errorf("%+v", done)
		}
		_, err = w.s.SignInCode(w.ctx, in.Challenge, recovery[0], w.from)
		w.refused(err, errs.Unauthenticated, "重新登录") // the challenge is used up
		_, err = w.signIn("sys.admin", goodPassword, strings.ToUpper(recovery[0]))
		w.ok(err)
		_, err = w.signIn("sys.admin", goodPassword, recovery[0])
		w.refused(err, errs.Unauthenticated, "不正确")
		if n, err := w.s.RecoveryCodesLeft(w.ctx, done.Principal); err != nil || n != 7 {
			w.t.Errorf("%d recovery codes left, %v", n, err)
		}
		w.refused(w.s.RemoveTOTP(w.ctx, done.Principal), errs.Forbidden, "角色要求")
		codes, err := w.s.RenewRecoveryCodes(w.ctx, done.Principal)
		w.ok(err)
		_, err = w.signIn("sys.admin", goodPassword, recovery[1])
		w.refused(err, errs.Unauthenticated, "")
		_, err = w.signIn("sys.admin", goodPassword, codes[1])
		w.ok(err)
	})
}

// TestCodesLockToo: whoever knows the password cannot try codes without end.
func TestCodesLockToo(t *testing.T) {
	each(t, nil, func(w *world) {
		first, _ := w.person("sys.admin", "", SysAdmin)
		secret, _ := w.enrol(first.Principal)
		w.clock.Add(time.Minute)
		in, err := w.signIn("sys.admin", goodPassword, "")
		w.ok(err)
		for i := 1; i <= 5; i++ {
			_, err = w.s.SignInCode(w.ctx, in.Challenge, "000000", w.from)
			if i%2 == 0 { // asking for a new challenge does not clear the count
				again, err := w.signIn("sys.admin", goodPassword, "")
				w.ok(err)
				in = again
			}
		}
		w.refused(err, errs.TooMany, "锁定")
		_, err = w.s.SignInCode(w.ctx, in.Challenge, w.code(secret), w.from)
		w.refused(err, errs.TooMany, "锁定")
	})
}

func TestChallengeExpires(t *testing.T) {
	each(t, nil, func(w *world) {
		first, _ := w.person("sys.admin", "", SysAdmin)
		secret, _ := w.enrol(first.Principal)
		in, err := w.signIn("sys.admin", goodPassword, "")
		w.ok(err)
		w.clock.Add(w.s.policy.CodeTTL)
		_, err = w.s.SignInCode(w.ctx, in.Challenge, w.code(secret), w.from)
		w.refused(err, errs.Unauthenticated, "重新登录")
	})
}

func TestEnrolmentRefusals(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		zhang, _ := w.person("zhang", "trade")
		wang, _ := w.person("wang", "trade")
		e, err := w.s.BeginTOTP(w.ctx, zhang.Principal)
		w.ok(err)
		secret, err := base32Text.DecodeString(e.Secret)
		w.ok(err)
		_, err = w.s.FinishTOTP(w.ctx, zhang.Principal, e.Pending, "000000")
		w.refused(err, errs.Invalid, "")
		_, err = w.s.FinishTOTP(w.ctx, wang.Principal, e.Pending, w.code(secret))
		w.refused(err, errs.Conflict, "重新开始") // somebody else's offer
		_, err = w.s.FinishTOTP(w.ctx, zhang.Principal, "made up", w.code(secret))
		w.refused(err, errs.Conflict, "重新开始")
		w.clock.Add(enrolTime)
		_, err = w.s.FinishTOTP(w.ctx, zhang.Principal, e.Pending, w.code(secret))
		w.refused(err, errs.Conflict, "超时")
		_, err = w.s.BeginTOTP(w.ctx, Principal{})
		w.refused(err, errs.Unauthenticated, "")
		if _, err = w.s.BeginTOTP(w.ctx, zhang.Principal); !NeedsConfirmation(err) {
			w.t.Errorf("no confirmation asked: %v", err)
		}
		in, err := w.signIn("zhang", goodPassword, "")
		w.ok(err)
		secret, _ = w.enrol(in.Principal)
		w.clock.Add(time.Minute)
		w.refused(w.s.Confirm(w.ctx, in.Principal, goodPassword, ""), errs.Invalid, "")
		w.ok(w.s.Confirm(w.ctx, in.Principal, goodPassword, w.code(secret)))
		w.refused(w.s.Confirm(w.ctx, in.Principal, goodPassword, w.code(secret)), errs.Invalid, "") // used up
		w.ok(w.s.RemoveTOTP(w.ctx, in.Principal))
		w.refused(w.s.RemoveTOTP(w.ctx, in.Principal), errs.Conflict, "")
		_, err = w.signIn("zhang", goodPassword, "")
		w.ok(err)
	})
}

func TestInvitations(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		inv, err := w.s.CreatePerson(w.ctx, op, PersonInput{Login: "zhang", Name: "张三"})
		w.ok(err)
		if w.count(`SELECT count(*) FROM one_time WHERE hash = $1`, inv.Token) != 0 {
			w.t.Error("the token lies open")
		}
		look, err := w.s.LookInvitation(w.ctx, inv.Token, w.from)
		if err != nil || look.Name != "张三" || look.Login != "zhang" || look.Token != "" {
			w.t.Errorf("%+v, %v", look, err)
		}
		_, err = w.signIn("zhang", "", "")
		w.refused(err, errs.Unauthenticated, "")
		_, err = w.s.AcceptInvitation(w.ctx, inv.Token, "short", w.from)
		w.refused(err, errs.Invalid, "")
		second, err := w.s.Reinvite(w.ctx, op, inv.PersonID)
		w.ok(err)
		_, err = w.s.AcceptInvitation(w.ctx, inv.Token, goodPassword, w.from)
		w.refused(err, errs.NotFound, "过期")
		w.clock.Add(72 * time.Hour)
		_, err = w.s.LookInvitation(w.ctx, second.Token, w.from)
		w.refused(err, errs.NotFound, "过期")
		third, err := w.s.Reinvite(w.ctx, op, inv.PersonID)
		w.ok(err)
		w.clock.Add(72*time.Hour - time.Second)
		codes := w.race(4, func() error {
			_, err := w.s.AcceptInvitation(w.ctx, third.Token, goodPassword, w.from)
			return err
		})
		if codes[""] != 1 || codes[errs.NotFound] != 3 {
			w.t.Errorf("an invitation used by four: %v", codes)
		}
	})
}

// race runs f n times at once and counts the codes of the answers.
func (w *world) race(n int, f func() error) map[errs.Code]int {
	var wg sync.WaitGroup
	var mu sync.Mutex
	codes := map[errs.Code]int{}
	for range n {
		wg.Go(func() {
			code := errs.CodeOf(f())
			mu.Lock()
			codes[code]++
			mu.Unlock()
		})
	}
	wg.Wait()
	return codes
}

func TestLoginLink(t *testing.T) {
	each(t, nil, func(w *world) {
		inv, err := w.s.CreatePerson(w.ctx, op, PersonInput{Login: "demo", Name: "演示人员"})
		w.ok(err)
		w.ok(w.s.GrantRole(w.ctx, op, inv.PersonID, Approver))
		_, err = w.s.IssueLoginLink(w.ctx, op, inv.PersonID, 48*time.Hour)
		w.refused(err, errs.Invalid, "有效期")
		_, err = w.s.IssueLoginLink(w.ctx, Principal{ID: "x", Roles: []Role{Operator}, Via: ViaPage}, inv.PersonID, time.Hour)
		w.refused(err, errs.Forbidden, "命令行")
		token, err := w.s.IssueLoginLink(w.ctx, op, inv.PersonID, time.Hour)
		w.ok(err)
		codes := w.race(3, func() error { _, err := w.s.RedeemLoginLink(w.ctx, token, w.from); return err })
		if codes[""] != 1 || codes[errs.NotFound] != 2 {
			w.t.Errorf("a link used by three: %v", codes)
		}
		token, err = w.s.IssueLoginLink(w.ctx, op, inv.PersonID, time.Hour)
		w.ok(err)
		in, err := w.s.RedeemLoginLink(w.ctx, token, w.from)
		w.ok(err)
		p, err := w.auth(in.Token)
		if err != nil || p.Owes != "" || !p.Has(Approver) {
			w.t.Errorf("%+v, %v", p, err)
		}
		_, err = w.signIn("demo", "", "")
		w.refused(err, errs.Unauthenticated, "")
		token, err = w.s.IssueLoginLink(w.ctx, op, inv.PersonID, time.Hour)
		w.ok(err)
		w.clock.Add(time.Hour)
		_, err = w.s.RedeemLoginLink(w.ctx, token, w.from)
		w.refused(err, errs.NotFound, "过期")
		w.ok(w.s.DisablePerson(w.ctx, op, inv.PersonID))
		_, err = w.s.IssueLoginLink(w.ctx, op, inv.PersonID, time.Hour)
		w.refused(err, errs.Conflict, "停用")
		if n := len(w.audited("org.login_link_issue")); n != 3 {
			w.t.Errorf("%d links in the log", n)
		}
	})
}

func setupInput() SetupInput {
	return SetupInput{
		SysAdmin: PersonInput{Login: "sys.admin", Name: "张系统"}, SecAdmin: PersonInput{Login: "sec.admin", Name: "李安全"},
		AuditAdmin: PersonInput{Login: "audit.admin", Name: "王审计"}, Password: goodPassword,
	}
}

func (w *world) startSetup() (token string) {
	w.t.Helper()
	w.ok(w.db.Write(w.ctx, func(tx *dbTx) (err error) { token, err = w.s.StartSetup(tx); return err }))
	return token
}

func TestSetup(t *testing.T) {
	each(t, nil, func(w *world) {
		needed, err := w.s.SetupNeeded(w.ctx)
		if err != nil || !needed {
			w.t.Fatalf("needed %v, %v", needed, err)
		}
		old := w.startSetup()
		token := w.startSetup()
		w.refused(w.s.CheckSetup(w.ctx, old, w.from), errs.Forbidden, "无效")
		w.refused(w.s.CheckSetup(w.ctx, "", w.from), errs.Forbidden, "无效")
		w.ok(w.s.CheckSetup(w.ctx, token, w.from))
		for name, bad := range map[string]func(in *SetupInput){
			"sysadmin.login":   func(in *SetupInput) { in.SysAdmin.Login = "1" },
			"secadmin.login":   func(in *SetupInput) { in.SecAdmin.Login = "sys.admin" },
			"auditadmin.name":  func(in *SetupInput) { in.AuditAdmin.Name = "" },
			"password":         func(in *SetupInput) { in.Password = "1234567890" },
			"auditadmin.phone": func(in *SetupInput) { in.AuditAdmin.Phone = "1" },
		} {
			in := setupInput()
			bad(&in)
			_, err := w.s.CompleteSetup(w.ctx, token, in, w.from)
			if !errs.Is(err, errs.Invalid) || !slices.Contains(errs.FieldNames(err), name) {
				w.t.Errorf("%s: %v", name, err)
			}
		}
		if n := w.count(`SELECT count(*) FROM person`); n != 0 {
			w.t.Fatalf("%d people after refused set-ups", n)
		}
		var done SetupDone
		codes := w.race(2, func() error {
			d, err := w.s.CompleteSetup(w.ctx, token, setupInput(), w.from)
			if err == nil {
				done = d
			}
			return err
		})
		if codes[""] != 1 || codes[errs.Conflict] != 1 {
			w.t.Fatalf("two at once: %v", codes)
		}
		p, err := w.auth(done.SignedIn.Token)
		if err != nil || !p.Has(SysAdmin) || p.Owes != DutyTOTP {
			w.t.Errorf("%+v, %v", p, err)
		}
		for _, c := range []struct {
			inv  Invitation
			role Role
		}{{done.SecAdmin, SecAdmin}, {done.AuditAdmin, AuditAdmin}} {
			in, err := w.s.AcceptInvitation(w.ctx, c.inv.Token, goodPassword, w.from)
			if err != nil || !slices.Equal(in.Principal.Roles, []Role{c.role}) {
				w.t.Errorf("%s: %+v, %v", c.role, in.Principal, err)
			}
		}
		needed, err = w.s.SetupNeeded(w.ctx)
		if err != nil || needed {
			w.t.Errorf("still needed: %v", err)
		}
		w.refused(w.db.Write(w.ctx, func(tx *dbTx) error { _, err := w.s.StartSetup(tx); return err }), errs.Conflict, "已完成")
		_, err = w.s.CompleteSetup(w.ctx, token, setupInput(), w.from)
		w.refused(err, errs.Conflict, "已完成")
		if n := len(w.audited("org.setup_failed")); n != 2 {
			w.t.Errorf("%d failures in the log", n)
		}
	})
}

func TestSetupTokenExpires(t *testing.T) {
	each(t, nil, func(w *world) {
		token := w.startSetup()
		w.clock.Add(w.s.policy.SetupTTL)
		_, err := w.s.CompleteSetup(w.ctx, token, setupInput(), w.from)
		w.refused(err, errs.Forbidden, "过期")
	})
}

// TestChainIsSound: after all kinds of acts the audit chain verifies.
func TestChainIsSound(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		_, id := w.person("zhang", "trade", UnitClerk)
		_, _ = w.signIn("zhang", "\xff\x00bad", "")
		w.ok(w.s.DisablePerson(w.ctx, op, id))
		w.read(func(tx *dbTx) error {
			report, err := w.log.Verify(tx)
			if err == nil && (!report.Sound() || report.Count < 5) {
				w.t.Errorf("%+v", report)
			}
			return err
		})
	})
}
