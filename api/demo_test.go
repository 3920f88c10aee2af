package api_test

import (
	"context"
	"net/http"
	"testing"

	"bihuan/api"
	"bihuan/kit/db"
)

// TestDemonstrationIsMarked: what is entered over the API of a demonstration says so.
func TestDemonstrationIsMarked(t *testing.T) {
	for _, demo := range []bool{false, true} {
		x := open(t, db.SQLite)
		x.parts.Demo = demo
		x.h = api.New(x.parts)
		var made recordMark
		x.form("county", "/registers/parcel-point/records", "1", newPoint(1)).into(http.StatusCreated, &made)
		v, err := x.parts.Register.Get(context.Background(), x.people["leader"], made.ID)
		if err != nil || v.Demo != demo {
			t.Errorf("on a demonstration %v: marked %v, %v", demo, v.Demo, err)
		}
	}
}
