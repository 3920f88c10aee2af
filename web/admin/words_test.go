package admin

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryActHasAName reads what the rooms write to the log, so that an act
// added there does not appear here as a code.
func TestEveryActHasAName(t *testing.T) {
	written := regexp.MustCompile(`(?:Action: |action: |action := |action = |entry\(|"[a-z_.]+", |id, |Actor\(\), )"((?:org|plan|task|target|milestone|progress|light|alias|audit|job|list|paper|notice|record|register|indicator|draw)\.[a-z_]+)"`)
	found := 0
	for _, room := range []string{"../../org", "../../plan", "../../supervise", "../../matter", "../../notice", "../../register", "../../register/sheet", "../../indicator", "."} {
		files, err := filepath.Glob(filepath.Join(room, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || file == "words.go" || strings.HasSuffix(file, "define.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range written.FindAllStringSubmatch(string(text), -1) {
				found++
				if actionLabel(m[1]) == m[1] {
					t.Errorf("%s writes %q, which has no name in words.go", file, m[1])
				}
			}
		}
	}
	if found < 40 {
		t.Errorf("found only %d acts: does the pattern still match the code?", found)
	}
}

func TestFamiliesLeadTheirActs(t *testing.T) {
	family := ""
	for _, w := range actionWords() {
		if strings.HasSuffix(w.code, ".") {
			family = w.code
			continue
		}
		if !strings.HasPrefix(w.code, family) {
			t.Errorf("%s stands under %s", w.code, family)
		}
	}
}
