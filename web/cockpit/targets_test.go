package cockpit_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"bihuan/org"
	"bihuan/plan"
)

func TestTargets(t *testing.T) {
	s := open(t)
	s.PackPlan()
	c := s.Dispatcher()
	task, g := target(t, s, c.P, "社区托育驿站")
	_, other := target(t, s, c.P, "先进适用农机")
	report(t, s, person(s, task.LeadUnit, org.UnitClerk), person(s, task.LeadUnit, org.UnitHead), plan.Report{TargetID: g.ID, AsOf: "2026-06-30", Value: "25"}, true)
	mine, theirs := `href="/targets/`+g.ID+`"`, `href="/targets/`+other.ID+`"`
	for _, x := range []struct {
		name, path string
		mine, her  bool
	}{
		{"all", "/targets", true, true},
		{"by light", "/targets?light=green", true, false},
		{"by another light", "/targets?light=grey", false, true},
		{"behind", "/targets?light=behind", false, false},
		{"by unit", "/targets?unit=" + string(task.LeadUnit), true, false},
		{"by words of the target", "/targets?q=" + "%E6%89%98%E8%82%B2", true, false},
		{"by words that both must hold", "/targets?q=%E6%89%98%E8%82%B2+%E5%86%9C%E6%9C%BA", false, false},
		{"promises without a number", "/targets?tab=open", false, false},
	} {
		t.Run(x.name, func(t *testing.T) {
			a := c.Get(x.path)
			if a.Status != http.StatusOK || a.Has(mine) != x.mine || a.Has(theirs) != x.her {
				t.Errorf("%d, %v, %v", a.Status, a.Has(mine), a.Has(theirs))
			}
		})
	}
	machines, _ := target(t, s, c.P, "先进适用农机")
	report(t, s, person(s, machines.LeadUnit, org.UnitClerk), person(s, machines.LeadUnit, org.UnitHead), plan.Report{TargetID: other.ID, AsOf: "2026-06-30", Value: "5"}, true)
	for path, herFirst := range map[string]bool{"/targets": false, "/targets?sort=light": true} {
		if a := c.Get(path); (strings.Index(a.Body, theirs) < strings.Index(a.Body, mine)) != herFirst {
			t.Errorf("%s: the one far behind first: %v expected", path, herFirst)
		}
	}
	open := c.Get("/targets?tab=open")
	for _, want := range []string{"稳步提升", "2026-07-29", "/quantify"} {
		if !open.Has(want) {
			t.Errorf("missing %q", want)
		}
	}
	if reader := s.As("leader", "", org.Leader).Get("/targets?tab=open"); reader.Has("/quantify") {
		t.Error("a reader is offered to quantify")
	}
}

// exported opens the workbook that somebody gets.
func exported(t *testing.T, body string) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestExport(t *testing.T) {
	s, _, _, _ := shared(t)
	c := s.Dispatcher()
	a := c.Get("/targets.xlsx")
	if a.Status != http.StatusOK || !strings.Contains(a.Header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("%d %v", a.Status, a.Header)
	}
	f := exported(t, a.Body)
	if got := strings.Join(f.GetSheetList(), " "); got != "量化目标 县区分解 待量化" {
		t.Errorf("sheets %q", got)
	}
	rows, err := f.GetRows("量化目标", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(rows[1][0], c.P.Name) || !strings.Contains(rows[1][0], "导出于 2026-07-01") {
		t.Errorf("note %q", rows[1][0])
	}
	found := false
	for _, r := range rows[3:] {
		if r[2] == "社区托育驿站" {
			found = true
			if r[6] != "25" || r[8] != "个" || r[10] != "10" || r[15] == "" {
				t.Errorf("row %q", r)
			}
		}
	}
	if !found {
		t.Error("the target is not in the workbook")
	}
	parts, err := f.GetRows("县区分解", excelize.Options{RawCellValue: true})
	if err != nil || len(parts) != 6 || parts[3][2] != "东昌府区" || parts[3][3] != "10" || parts[3][5] != "10" {
		t.Errorf("parts %q %v", parts, err)
	}
}

func TestExportReachesAsFarAsThePermission(t *testing.T) {
	s, _, _, places := shared(t)
	gov, _ := s.App.Pack.Government(places[2])
	for _, x := range []struct {
		name string
		body string
		has  []string
		not  []string
	}{
		{"a unit", s.As("unit", "agriculture", org.UnitClerk).Get("/targets.xlsx").Body, []string{"先进适用农机"}, []string{"养老服务消费券"}},
		{"a zone", s.As("zone", gov.ID, org.CountyClerk).Get("/targets.xlsx").Body, []string{"社区托育驿站"}, []string{"养老服务消费券"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			rows, err := exported(t, x.body).GetRows("量化目标")
			if err != nil {
				t.Fatal(err)
			}
			subjects := map[string]bool{}
			for _, r := range rows[3:] {
				subjects[r[2]] = true
			}
			for _, want := range x.has {
				if !subjects[want] {
					t.Errorf("%s is missing", want)
				}
			}
			for _, not := range x.not {
				if subjects[not] {
					t.Errorf("%s is none of their business", not)
				}
			}
			if !strings.Contains(rows[1][0], "仅含与本单位或本地区有关的目标") {
				t.Errorf("the note hides that this is a part: %q", rows[1][0])
			}
		})
	}
}
