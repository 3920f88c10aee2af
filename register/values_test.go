package register_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/register"
)

// The examples are those of the standards, with their check characters.
const (
	goodUSCC = "91350100M000100Y43"
	goodID   = "11010519491231002X"
)

func TestValidUSCC(t *testing.T) {
	for code, want := range map[string]bool{
		goodUSCC:                true,
		"91350100M000100Y44":    false, // another check character
		"91350100M000100Y4":     false,
		"91350100M000100Y433":   false,
		"91350100m000100y43":    false, // letters are capital; Canonical makes them so
		"91350100M0001O0Y43":    false, // no letter O in the alphabet
		"":                      false,
		strings.Repeat("0", 18): true, // the sum is nought: the form alone says no more
	} {
		if got := register.ValidUSCC(code); got != want {
			t.Errorf("%s: %v", code, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) { // one wrong character never passes
		at := rapid.IntRange(0, 17).Draw(t, "at")
		c := rapid.SampledFrom([]byte("0123456789ABCDEFGHJKLMNPQRTUWXY")).Draw(t, "character")
		if wrong := goodUSCC[:at] + string(c) + goodUSCC[at+1:]; wrong != goodUSCC && register.ValidUSCC(wrong) {
			t.Errorf("%s passes", wrong)
		}
	})
}

func TestCitizenNumber(t *testing.T) {
	field := register.Field{Label: "身份证号", Type: register.IDNumber}
	for typed, want := range map[string]string{
		goodID:                 goodID,
		" 11010519491231002x ": goodID,
		"110105194912310021":   "", // another check character
		"110105194913310021":   "", // no thirteenth month
		"110105194902290029":   "", // 1949 was no leap year
		"1101051949123100":     "",
		"1101O519491231002X":   "",
	} {
		if got, err := field.Canonical(typed); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q %v", typed, got, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, 16).Draw(t, "at")
		c := rapid.SampledFrom([]byte("0123456789")).Draw(t, "digit")
		if wrong := goodID[:at] + string(c) + goodID[at+1:]; wrong != goodID {
			if got, err := field.Canonical(wrong); err == nil {
				t.Errorf("%s passes as %s", wrong, got)
			}
		}
	})
}
