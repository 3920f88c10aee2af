package org

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"bihuan/kit/errs"
)

// place is what the city pack says about a unit, as far as roles depend on it.
type place struct {
	Known  bool // the unit is in the pack
	Lead   bool // it leads the plan
	County bool // it is responsible for a part of the city, not for the whole
}

// IsAdmin reports whether the role is one of the three administrators.
func (r Role) IsAdmin() bool { return roleInfo(r).Admin }

// Assignable reports whether a person can be given the role.
func (r Role) Assignable() bool { return roleInfo(r).Assignable }

// checkRoles tells whether one account may hold the roles together. The three
// administrators are three people and do no business (GB/T 22239-2019, 8.1.5);
// the auditor changes nothing that he audits.
func checkRoles(roles []Role) error {
	for i, r := range roles {
		if !r.Assignable() {
			return errs.New(errs.Invalid, "没有可授予的角色“%s”", r.Label())
		}
		for _, other := range roles[i+1:] {
			if r == other {
				return errs.New(errs.Conflict, "已有角色“%s”", r.Label())
			}
			if r.IsAdmin() || other.IsAdmin() {
				return errs.New(errs.Conflict, "“%s”与“%s”不能由同一账号担任：三员分立，管理员不兼业务", r.Label(), other.Label())
			}
		}
	}
	return nil
}

// checkPlace tells whether somebody of the unit may hold the role: reaches of
// unit and territory need one, the dispatcher sits in the lead unit, and the
// county roles belong to a county or zone.
func checkPlace(r Role, p place) error {
	switch r {
	case Dispatcher:
		if !p.Lead {
			return errs.New(errs.Conflict, "“%s”只能授予牵头单位的人员", r.Label())
		}
	case UnitClerk, UnitHead:
		if !p.Known {
			return errs.New(errs.Conflict, "授予“%s”前请先填写所在单位", r.Label())
		}
	case CountyClerk, CountyHead:
		if !p.County {
			return errs.New(errs.Conflict, "“%s”只能授予县（市、区）或开发区的人员", r.Label())
		}
	}
	return nil
}

// checkGrant is the whole decision of giving a role to somebody who holds others.
func checkGrant(by Principal, target string, held []Role, role Role, p place) error {
	if by.ID == target {
		return errs.New(errs.Forbidden, "不能给自己授予或收回角色")
	}
	if err := checkRoles(append(slices.Clone(held), role)); err != nil {
		return err
	}
	return checkPlace(role, p)
}

// sortRoles puts roles in the order of the catalogue.
func sortRoles(roles []Role) []Role {
	var sorted []Role
	for _, info := range Roles() {
		if slices.Contains(roles, info.Role) {
			sorted = append(sorted, info.Role)
		}
	}
	return sorted
}

// needsTOTP reports whether one of the roles demands a second factor.
func needsTOTP(roles []Role, p Policy) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(p.TOTPRoles, r) })
}

var loginForm = regexp.MustCompile(`^[a-z][a-z0-9._-]{2,31}$`)

// ParseLogin brings a login name to its one form: lower case, 3 to 32 letters,
// digits, dots, dashes or underscores, a letter first.
func ParseLogin(typed string) (string, error) {
	login := strings.ToLower(strings.TrimSpace(norm.NFKC.String(typed)))
	if !loginForm.MatchString(login) {
		return "", errs.New(errs.Invalid, "登录名为 3 至 32 个小写字母、数字、点、横线或下划线，以字母开头")
	}
	return login, nil
}

// parseName brings a person's name to its one form.
func parseName(typed string) (string, error) {
	name := strings.Join(strings.Fields(norm.NFC.String(typed)), " ")
	if n := len([]rune(name)); n < 2 || n > 30 || strings.ContainsFunc(name, unicode.IsControl) {
		return "", errs.New(errs.Invalid, "姓名为 2 至 30 个字")
	}
	return name, nil
}

var (
	mobileForm   = regexp.MustCompile(`^1[3-9]\d{9}$`)
	landlineForm = regexp.MustCompile(`^0\d{9,11}$`)
)

// parsePhone keeps the digits of a Chinese mobile or landline number; empty is allowed.
func parsePhone(typed string) (string, error) {
	digits := strings.NewReplacer(" ", "", "-", "", "（", "", "）", "", "(", "", ")", "").Replace(norm.NFKC.String(strings.TrimSpace(typed)))
	digits = strings.TrimPrefix(digits, "+86")
	if digits != "" && !mobileForm.MatchString(digits) && !landlineForm.MatchString(digits) {
		return "", errs.New(errs.Invalid, "请填写 11 位手机号码，或带区号的固定电话")
	}
	return digits, nil
}

// typedLogin is what the audit keeps of a failed sign-in: the name when it has
// the form of one; otherwise only its beginning, since people type passwords
// into the wrong field.
func typedLogin(typed string) string {
	if login, err := ParseLogin(typed); err == nil {
		return login
	}
	r := []rune(strings.TrimSpace(typed))
	return string(r[:min(2, len(r))]) + "***"
}
