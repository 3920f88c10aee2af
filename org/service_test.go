package org

import (
	"context"
	"crypto/rand"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
	"bihuan/kit/seal"
)

const goodPassword = "Xk7-mvQ2pd"

// world is a program with the three administrators and helpers to act in it.
type world struct {
	t     *testing.T
	ctx   context.Context
	db    *db.DB
	clock *dbtest.Clock
	log   *audit.Log
	s     *Service
	from  From
}

func newWorld(t *testing.T, d *db.DB, clock *dbtest.Clock, change func(p *Policy)) *world {
	t.Helper()
	pack, err := city.Load(os.DirFS("../city/testdata/yunhe"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.New(clock.Now(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	policy := testPolicy()
	if change != nil {
		change(&policy)
	}
	w := &world{t: t, ctx: context.Background(), db: d, clock: clock, log: audit.New(keys.Signer("audit")), from: From{Address: "10.0.0.1", Agent: "test"}}
	if w.s, err = New(d, w.log, keys, pack, policy); err != nil {
		t.Fatal(err)
	}
	return w
}

// each runs f in a fresh world on both engines.
func each(t *testing.T, change func(p *Policy), f func(w *world)) {
	t.Helper()
	dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) { f(newWorld(t, d, clock, change)) })
}

func noTOTP(p *Policy) { p.TOTPRoles = nil }

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// refused demands the code, and that the message contains the text.
func (w *world) refused(err error, code errs.Code, text string) {
	w.t.Helper()
	if errs.CodeOf(err) != code || !strings.Contains(err.Error(), text) {
		w.t.Fatalf("want %s %q, got %v", code, text, err)
	}
}

var op = CommandLine("test")

// person creates an account with roles, takes it into use and signs it in.
func (w *world) person(login, unit string, roles ...Role) (SignedIn, string) {
	w.t.Helper()
	inv, err := w.s.CreatePerson(w.ctx, op, PersonInput{Login: login, Name: "人员" + login, UnitID: unit})
	w.ok(err)
	for _, r := range roles {
		w.ok(w.s.GrantRole(w.ctx, op, inv.PersonID, r))
	}
	in, err := w.s.AcceptInvitation(w.ctx, inv.Token, goodPassword, w.from)
	w.ok(err)
	return in, inv.PersonID
}

func (w *world) signIn(login, password, code string) (SignedIn, error) {
	return w.s.SignIn(w.ctx, Credentials{login, password, code}, w.from)
}

func (w *world) auth(token string) (Principal, error) {
	return w.s.Authenticate(w.ctx, token, false)
}

// audited counts the entries of an action.
func (w *world) audited(action string) (records []audit.Record) {
	w.t.Helper()
	w.ok(w.db.Read(w.ctx, func(tx *db.Tx) (err error) {
		records, err = w.log.List(tx, audit.Filter{Action: action, Limit: 1000})
		return err
	}))
	return records
}

func (w *world) count(query string, args ...any) (n int) {
	w.t.Helper()
	w.ok(w.db.Read(w.ctx, func(tx *db.Tx) error {
		return tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) }, query, args...)
	}))
	return n
}

func TestPeople(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		sys, _ := w.person("sys.admin", "", SysAdmin)
		inv, err := w.s.CreatePerson(w.ctx, sys.Principal, PersonInput{Login: "Zhang.San", Name: "张三", UnitID: "dongan-gov", Phone: "138 0013 8000"})
		w.ok(err)
		got, err := w.s.Person(w.ctx, sys.Principal, inv.PersonID)
		w.ok(err)
		if got.Login != "zhang.san" || got.State != Invited || got.Phone != "138****8000" || got.UnitName != "东岸区政府" || got.TerritoryID != "dongan" || len(got.Roles) != 0 {
			t := w.t
			t.Errorf("%+v", got)
		}
		if w.count(`SELECT count(*) FROM person WHERE phone_sealed LIKE '%13800138000%' OR phone_index LIKE '%13800138000%'`) != 0 {
			w.t.Error("the phone lies open in the database")
		}
		for _, text := range []string{"zhang", "张三", "13800138000", "ZHANG.S"} {
			list, err := w.s.People(w.ctx, sys.Principal, PeopleFilter{Text: text})
			if err != nil || len(list) != 1 || list[0].ID != inv.PersonID {
				w.t.Errorf("search %q: %v, %v", text, list, err)
			}
		}
		list, err := w.s.People(w.ctx, sys.Principal, PeopleFilter{Role: SysAdmin, State: Active})
		if err != nil || len(list) != 1 || list[0].Login != "sys.admin" {
			w.t.Errorf("%v, %v", list, err)
		}
		list, err = w.s.People(w.ctx, sys.Principal, PeopleFilter{Limit: 1, After: "sys.admin"})
		if err != nil || len(list) != 1 || list[0].Login != "zhang.san" {
			w.t.Errorf("second page: %v, %v", list, err)
		}
		_, err = w.s.CreatePerson(w.ctx, sys.Principal, PersonInput{Login: "zhang.san", Name: "张", UnitID: "nowhere", Phone: "12"})
		w.refused(err, errs.Invalid, "")
		if fields := errs.FieldNames(err); !slices.Equal(fields, []string{"login", "name", "phone", "unit"}) {
			w.t.Errorf("fields %v", fields)
		}
		w.ok(w.s.EditPerson(w.ctx, sys.Principal, inv.PersonID, PersonInput{Name: "张三丰", UnitID: "trade"}, true))
		phone, err := w.s.RevealPhone(w.ctx, sys.Principal, inv.PersonID, "通知会议")
		if err != nil || phone != "13800138000" {
			w.t.Errorf("%q, %v", phone, err)
		}
		_, err = w.s.RevealPhone(w.ctx, sys.Principal, inv.PersonID, " ")
		w.refused(err, errs.Invalid, "理由")
		for _, r := range w.audited("org.") {
			if strings.Contains(r.Before+r.After, "13800138000") || strings.Contains(r.Before+r.After, "argon2") || strings.Contains(r.After, inv.Token) {
				w.t.Errorf("a secret in the audit: %+v", r)
			}
		}
		if edit := w.audited("org.person_edit"); len(edit) != 1 || !strings.Contains(edit[0].Before, `"张三"`) || !strings.Contains(edit[0].After, `"张三丰"`) || edit[0].ActorName != "人员sys.admin" {
			w.t.Errorf("%+v", edit)
		}
		w.ok(w.db.Read(w.ctx, func(tx *db.Tx) error {
			names, err := w.s.Names(tx, inv.PersonID, "nobody")
			if len(names) != 1 || names[inv.PersonID] != "张三丰" {
				w.t.Errorf("%v", names)
			}
			return err
		}))
	})
}

func TestRolesInUse(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		sec, secID := w.person("sec.admin", "", SecAdmin)
		clerk, clerkID := w.person("zhang", "trade", UnitClerk)
		w.refused(w.s.GrantRole(w.ctx, sec.Principal, secID, Leader), errs.Forbidden, "自己")
		w.refused(w.s.RevokeRole(w.ctx, sec.Principal, secID, SecAdmin), errs.Forbidden, "自己")
		w.refused(w.s.GrantRole(w.ctx, sec.Principal, clerkID, SysAdmin), errs.Conflict, "三员分立")
		w.refused(w.s.GrantRole(w.ctx, sec.Principal, clerkID, CountyHead), errs.Conflict, "县")
		w.refused(w.s.GrantRole(w.ctx, sec.Principal, clerkID, UnitClerk), errs.Conflict, "已有")
		w.refused(w.s.GrantRole(w.ctx, sec.Principal, clerkID, Operator), errs.Invalid, "可授予")
		w.refused(w.s.GrantRole(w.ctx, sec.Principal, "nobody", Leader), errs.NotFound, "")
		w.refused(w.s.RevokeRole(w.ctx, sec.Principal, clerkID, Leader), errs.NotFound, "没有角色")
		w.refused(w.s.RevokeRole(w.ctx, op, secID, SecAdmin), errs.Conflict, "最后一位")
		w.ok(w.s.GrantRole(w.ctx, sec.Principal, clerkID, Dispatcher))
		p, err := w.auth(clerk.Token)
		if err != nil || !slices.Equal(p.Roles, []Role{Dispatcher, UnitClerk}) {
			w.t.Errorf("a grant works with the next request: %v, %v", p.Roles, err)
		}
		err = w.s.EditPerson(w.ctx, op, clerkID, PersonInput{Name: "张三", UnitID: "dongan-gov"}, true)
		w.refused(err, errs.Invalid, "牵头")
		w.ok(w.s.RevokeRole(w.ctx, sec.Principal, clerkID, Dispatcher))
		w.ok(w.s.EditPerson(w.ctx, op, clerkID, PersonInput{Name: "张三", UnitID: "dongan-gov"}, true))
		if grants := w.audited("org.role_grant"); !strings.Contains(grants[0].After, "dispatcher") || strings.Contains(grants[0].Before, "dispatcher") {
			w.t.Errorf("%+v", grants[0])
		}
		w.clock.Add(w.s.policy.ConfirmAge + time.Second)
		err = w.s.GrantRole(w.ctx, sec.Principal, clerkID, Leader)
		if !NeedsConfirmation(err) {
			w.t.Errorf("no confirmation asked: %v", err)
		}
	})
}

// TestUseCasesRefuse: whoever lacks the permission is refused by every use case
// of administration, and nothing is written.
func TestUseCasesRefuse(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		_, id := w.person("victim", "trade")
		use := map[string]struct {
			needs Action
			call  func(p Principal) error
		}{
			"People":         {PeopleRead, func(p Principal) error { _, err := w.s.People(w.ctx, p, PeopleFilter{}); return err }},
			"Person":         {PeopleRead, func(p Principal) error { _, err := w.s.Person(w.ctx, p, id); return err }},
			"CreatePerson":   {PeopleManage, func(p Principal) error { _, err := w.s.CreatePerson(w.ctx, p, PersonInput{}); return err }},
			"EditPerson":     {PeopleManage, func(p Principal) error { return w.s.EditPerson(w.ctx, p, id, PersonInput{}, true) }},
			"RevealPhone":    {PeopleManage, func(p Principal) error { _, err := w.s.RevealPhone(w.ctx, p, id, "x"); return err }},
			"DisablePerson":  {PeopleManage, func(p Principal) error { return w.s.DisablePerson(w.ctx, p, id) }},
			"UnlockPerson":   {PeopleManage, func(p Principal) error { return w.s.UnlockPerson(w.ctx, p, id) }},
			"Reinvite":       {PeopleManage, func(p Principal) error { _, err := w.s.Reinvite(w.ctx, p, id); return err }},
			"GrantRole":      {RoleGrant, func(p Principal) error { return w.s.GrantRole(w.ctx, p, id, Leader) }},
			"RevokeRole":     {RoleGrant, func(p Principal) error { return w.s.RevokeRole(w.ctx, p, id, Leader) }},
			"Sessions":       {SessionRevoke, func(p Principal) error { _, err := w.s.Sessions(w.ctx, p, id); return err }},
			"RevokeSessions": {SessionRevoke, func(p Principal) error { return w.s.RevokeSessions(w.ctx, p, id, true) }},
			"Tokens":         {SessionRevoke, func(p Principal) error { _, err := w.s.Tokens(w.ctx, p, id); return err }},
		}
		before := w.count(`SELECT count(*) FROM audit_entry`)
		for name, u := range use {
			if err := u.call(Principal{}); !errs.Is(err, errs.Unauthenticated) {
				w.t.Errorf("%s by nobody: %v", name, err)
			}
			for _, r := range Roles() {
				p := Principal{ID: "someone", Name: "某人", UnitID: "trade", Roles: []Role{r.Role}, Via: ViaPage, ConfirmedAt: w.clock.Now()}
				if p.May(u.needs, Scope{}) == nil {
					continue
				}
				if err := u.call(p); !errs.Is(err, errs.Forbidden) {
					w.t.Errorf("%s by %s: %v", name, r.Role, err)
				}
			}
		}
		for name, call := range map[string]func(p Principal) error{
			"IssueLoginLink": func(p Principal) error { _, err := w.s.IssueLoginLink(w.ctx, p, id, time.Hour); return err },
			"Prune":          func(p Principal) error { _, err := w.s.Prune(w.ctx, p); return err },
			"LockIdle":       func(p Principal) error { _, err := w.s.LockIdle(w.ctx, p); return err },
		} {
			for _, r := range Roles() {
				p := Principal{ID: "someone", Name: "某人", Roles: []Role{r.Role}, Via: ViaPage}
				if err := call(p); r.Assignable && !errs.Is(err, errs.Forbidden) {
					w.t.Errorf("%s by %s: %v", name, r.Role, err)
				}
			}
		}
		if after := w.count(`SELECT count(*) FROM audit_entry`); after != before {
			w.t.Errorf("%d entries written by refused calls", after-before)
		}
	})
}

func TestDisableUnlockReinvite(t *testing.T) {
	each(t, noTOTP, func(w *world) {
		sys, sysID := w.person("sys.admin", "", SysAdmin)
		_, secID := w.person("sec.admin", "", SecAdmin)
		zhang, zhangID := w.person("zhang", "trade", UnitClerk)
		token, _, err := w.s.CreateToken(w.ctx, zhang.Principal, TokenInput{Name: "取数", Life: time.Hour})
		w.ok(err)
		w.refused(w.s.DisablePerson(w.ctx, sys.Principal, sysID), errs.Forbidden, "自己")
		w.refused(w.s.DisablePerson(w.ctx, sys.Principal, secID), errs.Conflict, "最后一位")
		_, err = w.s.Reinvite(w.ctx, sys.Principal, secID)
		w.refused(err, errs.Forbidden, "命令行")
		w.ok(w.s.DisablePerson(w.ctx, sys.Principal, zhangID))
		_, err = w.auth(zhang.Token)
		w.refused(err, errs.Unauthenticated, "")
		_, err = w.s.AuthenticateToken(w.ctx, token, w.from)
		w.refused(err, errs.Unauthenticated, "")
		_, err = w.signIn("zhang", goodPassword, "")
		w.refused(err, errs.Forbidden, "已停用")
		_, err = w.signIn("zhang", "wrong", "")
		w.refused(err, errs.Unauthenticated, "不正确")
		w.refused(w.s.DisablePerson(w.ctx, sys.Principal, zhangID), errs.Conflict, "")
		w.refused(w.s.UnlockPerson(w.ctx, sys.Principal, zhangID), errs.Conflict, "重新邀请")
		w.refused(w.s.GrantRole(w.ctx, op, zhangID, Leader), errs.Conflict, "停用")
		inv, err := w.s.Reinvite(w.ctx, sys.Principal, zhangID)
		w.ok(err)
		_, err = w.signIn("zhang", goodPassword, "")
		w.refused(err, errs.Unauthenticated, "不正确")
		_, err = w.s.AcceptInvitation(w.ctx, inv.Token, goodPassword, w.from)
		w.refused(err, errs.Invalid, "") // the former password
		_, err = w.s.AcceptInvitation(w.ctx, inv.Token, "New-"+goodPassword, w.from)
		w.ok(err)
		_, err = w.s.AuthenticateToken(w.ctx, token, w.from)
		w.refused(err, errs.Unauthenticated, "") // tokens do not come back
		_, err = w.s.Reinvite(w.ctx, op, secID)
		w.ok(err)
	})
}

type dbTx = db.Tx

func (w *world) read(f func(tx *dbTx) error) {
	w.t.Helper()
	w.ok(w.db.Read(w.ctx, f))
}
