package checks_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/register"
	"bihuan/web/assets"
	"bihuan/web/checks"
	"bihuan/web/entry"
	"bihuan/web/frame"
	"bihuan/web/ui"
	"bihuan/web/webtest"
)

func picture(n int) []byte {
	m := image.NewGray(image.Rect(0, 0, 16, 16))
	for i := range m.Pix {
		m.Pix[i] = byte(i * (n + 3) / 5)
	}
	var b bytes.Buffer
	_ = png.Encode(&b, m)
	return b.Bytes()
}

// counted brings parcel points of a county to where they count.
func counted(t *testing.T, reg *register.Service, place city.TerritoryID, gov city.UnitID, n int) {
	t.Helper()
	ctx := context.Background()
	person := func(id string, unit city.UnitID, territory city.TerritoryID, role org.Role) org.Principal {
		return org.Principal{ID: id, Name: id, UnitID: string(unit), TerritoryID: string(territory), Roles: []org.Role{role}, Via: org.ViaPage}
	}
	d, _ := reg.Catalog().Get("parcel-point")
	clerk, head, lead := person("c", gov, place, org.CountyClerk), person("h", gov, place, org.CountyHead), person("l", d.Lead, "", org.UnitHead)
	for i := range n {
		photo := picture(i)
		id, err := reg.Create(ctx, clerk, register.Draft{Register: d.ID, Territory: place, Values: map[string]string{"name": fmt.Sprintf("第%d站", i), "village": "李庄村", "village-code": fmt.Sprintf("371522%06d", i),
			"host": fmt.Sprintf("小店%d", i), "operator": "李四", "brands": "邮政", "opened": "2026-03-01", "filing-no": fmt.Sprintf("BA%05d", i), "filed": "2026-03-01", "address": "李庄村"},
			Proofs: []register.File{{Kind: "receipt", Name: "回执.png", Data: bytes.NewReader(picture(100 + i)), Size: 1}, {Kind: "photo", Name: "照片.png", Data: bytes.NewReader(photo), Size: int64(len(photo))}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range []struct {
			p    org.Principal
			move string
		}{{clerk, "claim"}, {head, "check"}, {lead, "verify"}} {
			v, err := reg.Get(ctx, m.p, id)
			if err == nil {
				err = reg.Move(ctx, m.p, register.Step{ID: id, Move: m.move, Revision: v.Revision})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestCourse(t *testing.T) {
	var reg *register.Service
	s := webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) {
		reg = a.Register
		checks.Routes(f, a.Register)
		entry.Routes(f, a.Org)
		f.Mux.Handle("GET "+assets.Prefix, assets.Handler())
		f.Handle("GET /{$}", func(c *frame.Ctx) error { c.Redirect("/checks", ui.Flash{}); return nil })
	})
	place := s.App.Pack.TerritoriesFor(city.CaliberZonesApart)[0]
	gov, _ := s.App.Pack.Government(place.ID)
	counted(t, reg, place.ID, gov.ID, 12)
	d, _ := reg.Catalog().Get("parcel-point")
	boss, second := s.Dispatcher(), s.As("second", d.Lead, org.UnitHead)
	at := boss.Post("/checks", "register", "parcel-point", "territory", string(place.ID), "start", "2026-01-01", "end", "2026-06-01").Header.Get("Location")
	for _, step := range []string{"/close", "/draw"} {
		if a := boss.Post(at + step); a.Status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", step, a.Status, a.Body)
		}
	}
	a := boss.Get(at)
	_, seq, _ := strings.Cut(a.Body, `name="seq" value="`)
	seq, _, _ = strings.Cut(seq, `"`)
	if a := boss.Post(at+"/result", "seq", seq, "finding", "false"); a.Status != http.StatusUnprocessableEntity || !a.Has("写明所见") {
		t.Errorf("no note: %d", a.Status)
	}
	boss.Post(at+"/result", "seq", seq, "finding", "true")
	second.Post(at+"/result", "seq", seq, "finding", "false", "note", "现场无此店")
	if a := boss.Get(at); !a.Has("意见不一") || !a.Has("现场无此店") || a.Has("整批全查") {
		t.Error("both results are shown while people differ")
	}
	boss.Post(at+"/result", "seq", seq, "finding", "false", "note", "复看确无")
	if a := boss.Get(at); !a.Has("整批全查") || !a.Has("已核验 12 个") || !a.Has("1 个不实") || !a.Has("按95%置信度") {
		t.Error("the rule of the batch")
	}
	if f := boss.Get(at + "/draw.json"); f.Status != http.StatusOK {
		t.Errorf("file: %d", f.Status)
	} else if problems, err := register.VerifyDraw(strings.NewReader(f.Body)); err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
	fits(t, s, boss, at)
}

// fits wants the pages no wider than a phone or a desk's screen.
func fits(t *testing.T, s *webtest.Site, boss *webtest.Client, at string) {
	t.Helper()
	link, err := s.App.Org.IssueLoginLink(context.Background(), org.CommandLine("test"), boss.P.ID, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	b := webtest.NewBrowser(t, s.Server.URL)
	b.Redeem(link)
	for name, path := range map[string]string{"list": "/checks", "draw": at} {
		for _, width := range []int64{390, 1440} {
			b.Size(width, 900)
			b.Open(path)
			if n := b.Overflow(); n > 0 {
				t.Errorf("%s at %d is %d too wide", path, width, n)
			}
			if dir := os.Getenv("BIHUAN_TEST_SHOTS"); dir != "" {
				b.Shot(filepath.Join(dir, fmt.Sprintf("checks-%s-%d.png", name, width)))
			}
		}
	}
}
