package org

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/kit/errs"
)

func TestCheckRoles(t *testing.T) {
	cases := []struct {
		name  string
		roles []Role
		code  errs.Code
	}{
		{"none", nil, ""},
		{"one administrator", []Role{SysAdmin}, ""},
		{"two business roles", []Role{Dispatcher, UnitHead}, ""},
		{"two administrators", []Role{SysAdmin, SecAdmin}, errs.Conflict},
		{"administrator and business", []Role{UnitClerk, AuditAdmin}, errs.Conflict},
		{"administrator and reader", []Role{SecAdmin, Leader}, errs.Conflict},
		{"twice the same", []Role{Leader, Leader}, errs.Conflict},
		{"unknown", []Role{"king"}, errs.Invalid},
		{"the command line", []Role{Operator}, errs.Invalid},
		{"the program", []Role{System}, errs.Invalid},
	}
	for _, c := range cases {
		if err := checkRoles(c.roles); errs.CodeOf(err) != c.code {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestRolesByRapid: whatever is granted one after the other, an account ends
// with one administrator's role and nothing else, or without one.
func TestRolesByRapid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var held []Role
		for range rapid.IntRange(0, 8).Draw(t, "n") {
			role := rapid.SampledFrom(Roles()).Draw(t, "role").Role
			by := Principal{ID: rapid.SampledFrom([]string{"me", "you"}).Draw(t, "by")}
			if checkGrant(by, "me", held, role, place{Known: true, Lead: true, County: true}) == nil {
				if by.ID == "me" {
					t.Fatal("granted to himself")
				}
				held = append(held, role)
			}
		}
		admins := 0
		for _, r := range held {
			if r.IsAdmin() {
				admins++
			}
		}
		if admins > 0 && len(held) > 1 {
			t.Fatalf("%v on one account", held)
		}
	})
}

func TestCheckPlace(t *testing.T) {
	lead, bureau, county, none := place{Known: true, Lead: true}, place{Known: true}, place{Known: true, County: true}, place{}
	cases := []struct {
		role Role
		in   place
		ok   bool
	}{
		{Dispatcher, lead, true}, {Dispatcher, bureau, false}, {Dispatcher, county, false}, {Dispatcher, none, false},
		{UnitClerk, bureau, true}, {UnitClerk, none, false}, {UnitHead, lead, true}, {UnitHead, none, false},
		{CountyClerk, county, true}, {CountyClerk, bureau, false}, {CountyHead, county, true}, {CountyHead, none, false},
		{Leader, none, true}, {Approver, none, true}, {Auditor, none, true}, {SysAdmin, none, true},
	}
	for _, c := range cases {
		if err := checkPlace(c.role, c.in); (err == nil) != c.ok {
			t.Errorf("%s in %+v: %v", c.role, c.in, err)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	cases := []struct {
		password string
		want     string // part of the message; empty when it is good
	}{
		{"Xk7-mvQ2pd", ""},
		{"麦浪滚滚Xk7mvpd", ""},
		{"correct-Horse-battery", ""},
		{"Ｘｋ７-mvQ2pd", ""}, // full width counts like the plain letters
		{"Xk7-mvQ2p", "至少 10"},
		{"xk7mvq2pdw", "至少包含"},
		{"麦浪滚滚麦浪滚滚麦浪7", "至少包含"},
		{"xX-Zhang.San7", "登录名"},
		{"Admin@123456", "常见"},
		{"P@ssw0rd2026", "常见"},
		{"Qwer1234!@#$", "常见"},
		{"1qaz@WSX3edc", "常见"},
		{"Aa1!Aa1!Aa1!", "常见"},
		{"Huawei@2025", "常见"},
		{"Xk7-mvQ2pd\x00", "控制"},
		{"X1-" + strings.Repeat("长", 200), "最多"},
	}
	for _, c := range cases {
		err := CheckPassword(DefaultPolicy(), "zhang.san", c.password)
		if (c.want == "") != (err == nil) || (err != nil && !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q: %v", c.password, err)
		}
	}
}

func TestParse(t *testing.T) {
	cases := []struct {
		name, in, want string
		parse          func(string) (string, error)
		ok             bool
	}{
		{"login", " Zhang.San ", "zhang.san", ParseLogin, true},
		{"login full width", "ｚｈａｎｇ", "zhang", ParseLogin, true},
		{"login too short", "zs", "", ParseLogin, false},
		{"login digit first", "1zhang", "", ParseLogin, false},
		{"login Chinese", "张三丰", "", ParseLogin, false},
		{"login too long", strings.Repeat("a", 33), "", ParseLogin, false},
		{"name", " 张  三 ", "张 三", parseName, true},
		{"name of one character", "张", "", parseName, false},
		{"name with a control character", "张\x07三", "", parseName, false},
		{"mobile", "138-0013 8000", "13800138000", parsePhone, true},
		{"mobile with country", "+86 13800138000", "13800138000", parsePhone, true},
		{"landline", "（0635）8345678", "06358345678", parsePhone, true},
		{"no phone", " ", "", parsePhone, true},
		{"short phone", "1380013", "", parsePhone, false},
		{"no mobile range", "12000138000", "", parsePhone, false},
	}
	for _, c := range cases {
		got, err := c.parse(c.in)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
}

func TestTypedLogin(t *testing.T) {
	for in, want := range map[string]string{"Zhang.San": "zhang.san", "Xk7-mvQ2pd!": "Xk***", "密": "密***", "": "***"} {
		if got := typedLogin(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func FuzzParseLogin(f *testing.F) {
	f.Add("zhang.san")
	f.Add("ＡＢｃ＿1")
	f.Fuzz(func(t *testing.T, in string) {
		login, err := ParseLogin(in)
		if err != nil {
			return
		}
		if again, err := ParseLogin(login); err != nil || again != login {
			t.Fatalf("%q gives %q, which gives %q, %v", in, login, again, err)
		}
	})
}
