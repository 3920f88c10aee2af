package errs_test

import (
	"errors"
	"fmt"
	"testing"

	"bihuan/kit/errs"
)

func TestCodeOf(t *testing.T) {
	plain := errors.New("disk on fire")
	cases := []struct {
		name string
		err  error
		want errs.Code
	}{
		{"nil", nil, ""},
		{"unknown is internal", plain, errs.Internal},
		{"own", errs.New(errs.NotFound, "没有这个任务"), errs.NotFound},
		{"wrapped", fmt.Errorf("outer: %w", errs.New(errs.Conflict, "x")), errs.Conflict},
	}
	for _, c := range cases {
		if got := errs.CodeOf(c.err); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	if !errors.Is(errs.New(errs.Invalid, "x").Because(plain), plain) {
		t.Error("the cause is lost")
	}
}

func TestCheckKeepsEveryField(t *testing.T) {
	var c errs.Check
	if c.Err() != nil {
		t.Fatal("an empty check is an error")
	}
	c.Require(false, "value", "请填写数值")
	c.Require(true, "date", "never")
	c.Add("value", errs.New(errs.Invalid, "不能为负"))
	err := c.Err()
	if got := errs.FieldMessages(err)["value"]; got != "请填写数值；不能为负" {
		t.Errorf("got %q", got)
	}
	if n := errs.FieldNames(err); len(n) != 1 {
		t.Errorf("fields %v", n)
	}
}

func TestWrap(t *testing.T) {
	f := func(fail bool) (err error) {
		defer errs.Wrap(&err, "f(%v)", fail)
		if fail {
			return errs.New(errs.Forbidden, "无权")
		}
		return nil
	}
	if f(false) != nil {
		t.Error("wrapped a nil")
	}
	if err := f(true); !errs.Is(err, errs.Forbidden) || err.Error()[:7] != "f(true)" {
		t.Errorf("got %v", err)
	}
}
