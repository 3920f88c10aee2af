package plan_test

import (
	"testing"

	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan/plantest"
)

func TestAliases(t *testing.T) {
	r := plantest.New(t, db.SQLite)
	ctx, who := t.Context(), r.Dispatcher()
	unit := r.Pack.Units[len(r.Pack.Units)-1].ID
	if _, err := r.Plan.Aliases(ctx, org.Principal{}); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("nobody: %v, want Unauthenticated", err)
	}
	for _, printed := range []string{"测试写法乙", "测试写法甲"} {
		if err := r.Plan.LearnAlias(ctx, who, printed, unit); err != nil {
			t.Fatal(err)
		}
	}
	list, err := r.Plan.Aliases(ctx, r.Person("reader", "", org.Leader))
	if err != nil || len(list) != 2 {
		t.Fatalf("%v, %v, want both spellings", list, err)
	}
	if a := list[0]; a.Printed != "测试写法乙" || a.Unit != unit || a.By != who.ID || !a.At.Equal(r.Clock.Now()) {
		t.Errorf("%+v", a)
	}
}
