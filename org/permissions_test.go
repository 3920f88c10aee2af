package org_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"bihuan/kit/errs"
	"bihuan/org"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestPermissionTable asks May for every role, action and scope and compares the
// answers with the table that people have read and approved.
func TestPermissionTable(t *testing.T) {
	scopes := []struct {
		letter string
		scope  org.Scope
	}{
		{"a", org.Scope{}},
		{"U", org.Scope{Units: []string{"x", "own"}}},
		{"u", org.Scope{Units: []string{"x"}}},
		{"T", org.Scope{Territory: "home"}},
		{"t", org.Scope{Territory: "away"}},
	}
	var b strings.Builder
	b.WriteString("# a: nobody in particular; U own unit, u another; T own territory, t another; - refused everywhere\n")
	for _, a := range org.Actions() {
		fmt.Fprintf(&b, "\n%s %s\n", a.Action, a.Label)
		for _, r := range org.Roles() {
			p := org.Principal{ID: "p", UnitID: "own", TerritoryID: "home", Roles: []org.Role{r.Role}, Via: org.ViaPage}
			granted := ""
			for _, s := range scopes {
				if p.May(a.Action, s.scope) == nil {
					granted += s.letter
				}
			}
			if granted == "" {
				granted = "-"
			}
			fmt.Fprintf(&b, "  %-12s %s\n", r.Role, granted)
		}
	}
	golden(t, "testdata/permissions.golden", b.String())
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("differs from %s (run with -update after reading it):\n%s", path, d)
	}
}

func TestMayRefuses(t *testing.T) {
	clerk := org.Principal{ID: "p", UnitID: "own", Roles: []org.Role{org.UnitClerk}, Via: org.ViaPage}
	with := func(f func(p *org.Principal)) org.Principal { p := clerk; f(&p); return p }
	own := org.Scope{Units: []string{"own"}}
	cases := []struct {
		name   string
		p      org.Principal
		action org.Action
		scope  org.Scope
		code   errs.Code
		text   string
	}{
		{"granted", clerk, org.ProgressReport, own, "", ""},
		{"nobody", org.Principal{}, org.PlanRead, own, errs.Unauthenticated, "请先登录"},
		{"no role", with(func(p *org.Principal) { p.Roles = nil }), org.PlanRead, own, errs.Forbidden, "您没有“查看计划”的权限"},
		{"names the holders", clerk, org.PlanPublish, own, errs.Forbidden, "“发布计划”的权限，可由审批人办理"},
		{"too short a reach", clerk, org.ProgressReport, org.Scope{Units: []string{"x"}}, errs.Forbidden, "只限本单位"},
		{"unknown action", clerk, "plan.burn", own, errs.Forbidden, "plan.burn"},
		{"a person without a unit matches no empty unit", with(func(p *org.Principal) { p.UnitID = "" }), org.ProgressReport, org.Scope{Units: []string{""}}, errs.Forbidden, ""},
		{"read-only token reads", with(func(p *org.Principal) { p.ReadOnly = true }), org.PlanRead, own, "", ""},
		{"read-only token writes", with(func(p *org.Principal) { p.ReadOnly = true }), org.ProgressReport, own, errs.Forbidden, "只读"},
		{"owes a password", with(func(p *org.Principal) { p.Owes = org.DutyPassword }), org.PlanRead, own, errs.Forbidden, "修改密码"},
		{"owes a second factor", with(func(p *org.Principal) { p.Owes = org.DutyTOTP }), org.PlanRead, own, errs.Forbidden, "动态口令"},
	}
	for _, c := range cases {
		err := c.p.May(c.action, c.scope)
		if errs.CodeOf(err) != c.code || (err != nil && !strings.Contains(err.Error(), c.text)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestCatalogues: every constant has its Chinese words, every action a holder
// and every role of a person a grant; administrators do no business.
func TestCatalogues(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range org.Actions() {
		if a.Label == "" || a.About == "" || seen[string(a.Action)] || seen[a.Label] {
			t.Errorf("action %q: label %q, about %q", a.Action, a.Label, a.About)
		}
		seen[string(a.Action)], seen[a.Label] = true, true
		if !slices.ContainsFunc(org.Grants(), func(g org.Grant) bool { return g.Action == a.Action && g.Role.Assignable() }) {
			t.Errorf("nobody may %s", a.Action)
		}
	}
	business := []org.Action{org.PlanRead, org.PlanImport, org.PlanCorrect, org.PlanPublish, org.TaskEdit, org.ShareEdit, org.ProgressReport, org.ProgressVerify, org.LightOverride, org.CountyListImport, org.ListExport, org.AliasLearn, org.TokenCreate}
	for _, g := range org.Grants() {
		if g.Role.Label() == string(g.Role) || g.Action.Label() == string(g.Action) || g.Reach.Label() == "—" {
			t.Errorf("%+v names something unknown", g)
		}
		if g.Role.IsAdmin() && slices.Contains(business, g.Action) {
			t.Errorf("%+v: an administrator does business", g)
		}
	}
	m := org.Table()
	for _, row := range m.Rows {
		if len(row.Reaches) != len(m.Roles) {
			t.Errorf("%s: %d columns for %d roles", row.Action.Label, len(row.Reaches), len(m.Roles))
		}
	}
}

// TestNoDutySharedByAdministrators: no action of one administrator belongs to another, but reading the list of people.
func TestNoDutySharedByAdministrators(t *testing.T) {
	holder := map[org.Action]org.Role{}
	for _, g := range org.Grants() {
		if !g.Role.IsAdmin() || g.Action == org.PeopleRead {
			continue
		}
		if other, taken := holder[g.Action]; taken {
			t.Errorf("%s belongs to %s and %s", g.Action, other, g.Role)
		}
		holder[g.Action] = g.Role
	}
}

// TestExtentAgreesWithMay: a list filtered by Extent holds exactly what May allows.
func TestExtentAgreesWithMay(t *testing.T) {
	places := []string{"", "a", "b"}
	roles := org.Roles()
	rapid.Check(t, func(t *rapid.T) {
		p := org.Principal{ID: "p", Via: org.ViaPage, UnitID: rapid.SampledFrom(places).Draw(t, "unit"), TerritoryID: rapid.SampledFrom(places).Draw(t, "territory")}
		for range rapid.IntRange(0, 3).Draw(t, "roles") {
			p.Roles = append(p.Roles, rapid.SampledFrom(roles).Draw(t, "role").Role)
		}
		a := rapid.SampledFrom(org.Actions()).Draw(t, "action").Action
		s := org.Scope{Units: rapid.SliceOfN(rapid.SampledFrom(places), 0, 2).Draw(t, "units"), Territory: rapid.SampledFrom(places).Draw(t, "where")}
		v := p.Extent(a)
		visible := v.All || slices.ContainsFunc(s.Units, func(u string) bool { return slices.Contains(v.Units, u) }) || (v.Territory != "" && v.Territory == s.Territory)
		if visible != (p.May(a, s) == nil) {
			t.Fatalf("%v %s %+v: extent %+v, may %v", p.Roles, a, s, v, p.May(a, s))
		}
		if p.MayAnywhere(a) == v.None() {
			t.Fatal("MayAnywhere disagrees")
		}
	})
}
