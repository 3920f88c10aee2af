package plan

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"bihuan/kit/errs"
)

var update = flag.Bool("update", false, "write the golden files")

// TestLifecycle compares every step from every state with the golden matrix,
// which was checked by hand against the table of states (§3.3).
func TestLifecycle(t *testing.T) {
	var b strings.Builder
	for _, from := range States {
		fmt.Fprintf(&b, "%s（%s）\n", from.Code, from.Label)
		for _, to := range States {
			err := CheckMove(from.Code, to.Code)
			if err == nil {
				fmt.Fprintf(&b, "  → %s\n", to.Label)
			} else if !errs.Is(err, errs.Conflict) {
				t.Errorf("%s → %s: %v", from.Code, to.Code, err)
			}
		}
	}
	golden(t, "testdata/lifecycle.golden", b.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s differs; got:\n%s", name, got)
	}
}

func TestVocabularies(t *testing.T) {
	check := func(label string) {
		if label == "" || label[0] < 0x80 {
			t.Errorf("no label: %q", label)
		}
	}
	for _, s := range States {
		check(s.Code.Label())
	}
	for _, k := range TargetKinds {
		check(k.Label())
	}
	for _, c := range Comparators {
		check(ComparatorLabel(c))
	}
	for _, s := range ImportStates {
		check(s.Code.Label())
	}
	for _, s := range ProgressStates {
		check(s.Code.Label())
	}
	for _, k := range []Kind{KindCity, KindCounty, KindSpecial} {
		check(k.Label())
	}
	for _, k := range []DiffKind{DiffChanged, DiffNew, DiffGone, DiffKept} {
		check(k.Label())
		check(ChoiceLabel(k, TakeNew))
		check(ChoiceLabel(k, KeepOld))
	}
	if State("?").Label() != "?" {
		t.Error("an unknown code shows itself")
	}
}
