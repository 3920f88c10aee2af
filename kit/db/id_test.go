package db_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"bihuan/kit/db"
)

func TestNewIDSortsByTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ms := rapid.Int64Range(0, 1<<48-1)
		a, b := ms.Draw(t, "a"), ms.Draw(t, "b")
		chance := rapid.SliceOfN(rapid.Byte(), 10, 10)
		make := func(at int64, label string) string {
			id, err := db.NewID(time.UnixMilli(at), bytes.NewReader(chance.Draw(t, label)))
			if err != nil || !db.ValidID(id) {
				t.Fatalf("%q, %v", id, err)
			}
			return id
		}
		x, y := make(a, "x"), make(b, "y")
		if a != b && (a < b) != (x < y) {
			t.Fatalf("%d %d but %s %s", a, b, x, y)
		}
	})
}

func TestNewIDUsesAllChance(t *testing.T) {
	seen := map[string]bool{}
	for i := range 80 {
		chance := make([]byte, 10)
		chance[i/8] = 1 << (i % 8)
		id, err := db.NewID(time.UnixMilli(0), bytes.NewReader(chance))
		if err != nil {
			t.Fatal(err)
		}
		seen[id] = true
	}
	if len(seen) != 80 {
		t.Errorf("%d different", len(seen))
	}
	if _, err := db.NewID(time.UnixMilli(0), iotest.ErrReader(errors.New("dry"))); err == nil {
		t.Error("an identifier without chance")
	}
}

func TestValidID(t *testing.T) {
	good, err := db.NewID(time.UnixMilli(1782867600000), bytes.NewReader(make([]byte, 10)))
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]bool{good: true, "": false, good[1:]: false, good + "0": false, strings.ToUpper(good): false, good[:25] + "l": false, good[:25] + "'": false}
	for id, want := range cases {
		if db.ValidID(id) != want {
			t.Errorf("%q", id)
		}
	}
}
