package sheet

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
	"bihuan/kit/office"
	"bihuan/org"
	"bihuan/register"
)

// sheetTexts reads a sheet of a file, the cells of a row joined by |.
func sheetTexts(t *testing.T, data []byte, sheet int) (rows []string) {
	t.Helper()
	book, err := office.ReadXlsx(bytes.NewReader(data), int64(len(data)), office.XlsxLimits{})
	if err != nil {
		t.Fatal(err)
	}
	for row, err := range book.Rows(sheet) {
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, c := range row.Cells {
			texts = append(texts, c.Text)
		}
		rows = append(rows, strings.Join(texts, "|"))
	}
	return rows
}

func TestTemplate(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		for _, c := range []struct {
			p      org.Principal
			places string
		}{{clerk, "东岸"}, {other, "半岛"}, {bureau, "东岸,半岛"}} {
			var b bytes.Buffer
			if err := d.Template(ctx, c.p, shopReg, &b); err != nil {
				t.Fatal(err)
			}
			form, about, lists := sheetTexts(t, b.Bytes(), 0), sheetTexts(t, b.Bytes(), 1), sheetTexts(t, b.Bytes(), 2)
			if len(form) != 4 || !strings.HasPrefix(form[2], "shop/@territory|shop/name|shop/code|") || !strings.HasPrefix(form[3], "属地|店名|统一社会信用代码|备案号|业态|") || !strings.Contains(form[3], "|面积（平方米）|") {
				t.Errorf("%q", form)
			}
			if all := strings.Join(about, "\n"); !strings.Contains(all, "面积（平方米）|必填|数，最多四位小数，不小于 10，不大于 100000|建筑面积") || !strings.Contains(all, "备案号|必填|12位数字|来自备案系统") {
				t.Errorf("%q", about)
			}
			var places []string
			for _, row := range lists {
				if name, _, _ := strings.Cut(row, "|"); name != "" {
					places = append(places, name)
				}
			}
			if got := strings.Join(places, ","); got != c.places {
				t.Errorf("%s may choose %q", c.p.Name, got)
			}
		}
	})
}

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		i    Import
		want int
	}{{Import{State: Uploaded}, 0}, {Import{State: Checking, Row: 5, LastRow: 10}, 50}, {Import{State: Importing, Row: 10, LastRow: 10}, 99},
		{Import{State: Done, Row: 3, LastRow: 10}, 100}, {Import{State: Cancelled, Row: 3, LastRow: 10}, 30}} {
		if got := c.i.Percent(); got != c.want {
			t.Errorf("%+v: %d", c.i, got)
		}
	}
	for s := range labels {
		if s.Label() == "" || s.Running() != (s == Uploaded || s == Checking || s == Importing) {
			t.Errorf("%s", s)
		}
	}
}

// TestReadingAgain: what was understood once is understood in the same way again,
// and is what the field itself keeps.
func TestReadingAgain(t *testing.T) {
	_, catalog := testPack(t)
	d, _ := catalog.Get(shopReg)
	pieces := []string{"１", "2", "0", "1380000", "1234", "2026", "年", "6", "月", "-", "/", ".", "３０", "日", "甲", "乙", "、", "，", " ", "　", "是", "无", "√", "餐饮", "平方米", "A", "x", "https://", "a.cn", "\u200b", "\n", "(", "号"}
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(d.Fields).Draw(t, "field")
		typed := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "typed"), "")
		once, reason := readValue(f, text(typed))
		if reason != "" {
			if once != "" {
				t.Fatalf("%q with a reason", once)
			}
			return
		}
		if again, reason := readValue(f, text(once)); again != once || reason != "" && once != "" {
			t.Fatalf("%s: %q, then %q %q", f.Name, once, again, reason)
		}
		if kept, err := f.Canonical(once); err != nil || kept != once {
			t.Fatalf("%s: %q is kept as %q, %v", f.Name, once, kept, err)
		}
	})
}

// TestUnitNames: the ways in which documents name a unit, and what cannot be decided.
func TestUnitNames(t *testing.T) {
	pack, catalog := testPack(t)
	d, _ := catalog.Get(shopReg)
	r := New(Parts{Pack: pack, Catalog: catalog}).newReading(bureau, d)
	for name, want := range map[string]string{"trade": "trade", "市商务局": "trade", "云河市商务和投资局": "trade", "市贸易局": "trade", "东岸区": "dongan-gov", "半岛管委会": "bandao-com",
		"各区、各开发区": "!这是几个单位的合称", "火星局": "!不认识的单位", "东岸区人民政府办": "!不能确定是哪个单位，是否指：东岸区政府"} {
		got := r.unit(name)
		if begins, bad := strings.CutPrefix(want, "!"); bad && !strings.HasPrefix(got.reason, begins) || !bad && got.id != want {
			t.Errorf("%s: %+v; want %s", name, got, want)
		}
	}
}

// TestRefusals: what the register room says about a draft stands at the cells that it
// is about; what is no refusal comes back.
func TestRefusals(t *testing.T) {
	pack, catalog := testPack(t)
	d, _ := catalog.Get(shopReg)
	r := New(Parts{Pack: pack, Catalog: catalog}).newReading(bureau, d)
	r.place = make([]int, len(r.columns))
	for i := range r.place {
		r.place[i] = i
	}
	row := office.Row{Number: 9, Cells: make([]office.Value, len(r.columns))}
	fields := errs.New(errs.Invalid, "有 2 处需要更正")
	fields.Fields = []errs.Field{{Name: "area", Message: "太小"}, {Name: "name", Message: "太长"}, {Name: "gone", Message: "没有"}}
	for _, c := range []struct {
		err  error
		want string
	}{
		{fields, "H:太小 B:太长"}, {errs.New(errs.Conflict, "同一备案号已登记（首店-2026-1）"), "D:同一备案号已登记（首店-2026-1）"},
		{errs.New(errs.Forbidden, "不行"), ":不行"}, {errs.New(errs.Unavailable, "磁盘已满"), "fault"}, {errDied, "fault"},
	} {
		bad, err := r.refusal(row, c.err)
		var got []string
		for _, b := range bad {
			got = append(got, b.Column+":"+b.Reason)
		}
		if err != nil {
			got = []string{"fault"}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v: %q; want %q", c.err, got, c.want)
		}
	}
}

// TestEveryRegister: the template of each register of the cities that come with the
// program is found again in its own file, with every column at its place.
func TestEveryRegister(t *testing.T) {
	clock := dbtest.NewClock("2026-07-01T09:00:00+08:00")
	d := newDesk(t, dbtest.Open(t, db.SQLite, clock), clock)
	for _, name := range city.Names() {
		pack, err := city.LoadBuiltin(name)
		if err != nil {
			t.Fatal(err)
		}
		if d.Catalog, err = register.LoadCatalog(pack); err != nil {
			t.Fatal(err)
		}
		d.Pack = pack
		for _, def := range d.Catalog.All() {
			p := org.Principal{ID: "x", Name: "经办", UnitID: string(def.Lead), TerritoryID: string(pack.Root().ID), Roles: []org.Role{org.UnitClerk}, Via: org.ViaPage}
			if enteredBelow(def) {
				county := pack.TerritoriesFor(city.CaliberZonesApart)[0]
				government, _ := pack.Government(county.ID)
				p.UnitID, p.TerritoryID, p.Roles = string(government.ID), string(county.ID), []org.Role{org.CountyClerk}
			}
			var b bytes.Buffer
			if err := d.Template(ctx, p, def.ID, &b); err != nil {
				if def.Anonymous && errs.Is(err, errs.Forbidden) {
					continue // an import would name who brought it
				}
				t.Errorf("%s: %v", def.ID, err)
				continue
			}
			if def.Anonymous {
				t.Errorf("%s: anonymous records are imported", def.ID)
			}
			book, err := office.ReadXlsx(bytes.NewReader(b.Bytes()), int64(b.Len()), limits())
			if err != nil {
				t.Fatal(err)
			}
			columns := d.columnsOf(def)
			l, err := d.find(book, def, columns)
			if err != nil || l.sheet != 0 || len(l.ignored) != 0 || slices.Contains(l.place, -1) || !slices.IsSorted(l.place) {
				t.Errorf("%s: %+v %v", def.ID, l, err)
			}
		}
	}
}
