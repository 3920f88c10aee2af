package org

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"bihuan/kit/errs"
)

// maxPassword bounds what is hashed, in characters.
const maxPassword = 128

// CheckPassword applies the rules of GB/T 22239-2019 level 3 and of the policy to
// a new password for the login: length, classes, the login not in it, not a
// password that everybody tries first. History is checked where the old hashes are.
func CheckPassword(p Policy, login, password string) error {
	password = norm.NFKC.String(password)
	length := len([]rune(password))
	switch {
	case length < p.PasswordMin:
		return errs.New(errs.Invalid, "密码至少 %d 个字符", p.PasswordMin)
	case length > maxPassword:
		return errs.New(errs.Invalid, "密码最多 %d 个字符", maxPassword)
	case strings.ContainsFunc(password, unicode.IsControl):
		return errs.New(errs.Invalid, "密码不能含控制字符")
	case classes(password) < p.PasswordClasses:
		return errs.New(errs.Invalid, "密码至少包含大写字母、小写字母、数字、符号、汉字中的 %d 类", p.PasswordClasses)
	case login != "" && strings.Contains(strings.ToLower(password), strings.ToLower(login)):
		return errs.New(errs.Invalid, "密码不能包含登录名")
	case common(password):
		return errs.New(errs.Invalid, "密码过于常见，容易被猜中")
	}
	return nil
}

// classes counts the classes of characters: lower, upper, digits, Chinese
// characters, and all else as symbols.
func classes(password string) int {
	var seen [5]bool
	for _, r := range password {
		switch {
		case unicode.IsLower(r):
			seen[0] = true
		case unicode.IsUpper(r):
			seen[1] = true
		case unicode.IsDigit(r):
			seen[2] = true
		case unicode.Is(unicode.Han, r):
			seen[3] = true
		default:
			seen[4] = true
		}
	}
	n := 0
	for _, s := range seen {
		if s {
			n++
		}
	}
	return n
}

// commonParts are the words and keyboard walks from which predictable passwords
// are built. They are written as unleet gives them.
var commonParts = []string{
	"password", "passwd", "passw", "admin", "administrator", "root", "test", "guest", "user", "welcome", "letmein", "login",
	"iloveyou", "woaini", "woaizhongguo", "zhongguo", "china", "huawei", "changeme", "default", "public", "system",
	"qwertyuiop", "qwerty", "qwert", "qwer", "asdfghjkl", "asdfgh", "asdf", "zxcvbnm", "zxcvbn", "zxcv", "qazwsxedc", "qazwsx", "qaz", "wsx", "edc",
	"abcdefg", "abcdef", "abcde", "abcd", "abc", "aaa", "aa", "a",
}

// common reports whether nothing unpredictable is left after the well-known
// parts, runs of digits and symbols are taken away: "Admin@123456", "P@ssw0rd2026",
// "Qwer1234!@#$". It also refuses a password of very few different characters.
func common(password string) bool {
	different := map[rune]bool{}
	for _, r := range password {
		different[unicode.ToLower(r)] = true
	}
	if len(different) < 5 {
		return true
	}
	lower := strings.ToLower(password)
	head := strings.TrimRightFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) })
	for _, rest := range []string{lower, unleet(lower), unleet(head) + lower[len(head):]} {
		for _, part := range commonParts {
			rest = strings.ReplaceAll(rest, part, " ")
		}
		if !strings.ContainsFunc(rest, unicode.IsLetter) && predictableDigits(rest) {
			return true
		}
	}
	return false
}

// unleet undoes the usual substitutions of letters.
func unleet(s string) string {
	return strings.NewReplacer("@", "a", "4", "a", "0", "o", "1", "i", "!", "i", "3", "e", "$", "s", "5", "s", "7", "t").Replace(s)
}

// predictableDigits reports whether every run of digits is a sequence, a repeat
// or a year: the only digits that people add to a word they know.
func predictableDigits(s string) bool {
	for _, run := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsDigit(r) }) {
		if len(run) > 3 && !sequence(run) && !year(run) {
			return false
		}
	}
	return true
}

func sequence(run string) bool {
	const up, down = "01234567890123456789", "98765432109876543210"
	if strings.Contains(up, run) || strings.Contains(down, run) {
		return true
	}
	return strings.Count(run, run[:1]) == len(run) || run == "1314520" || run == "5201314"
}

func year(run string) bool {
	return len(run) == 4 && (strings.HasPrefix(run, "19") || strings.HasPrefix(run, "20"))
}
