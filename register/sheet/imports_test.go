package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"bihuan/kit/audit"
	"bihuan/kit/blob"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/office"
	"bihuan/org"
	"bihuan/register"
)

// firstRow is the row of a sample's first record: keys and header stand above it.
const firstRow = 3

// TestEveryBadCellIsNamed: a file with each kind of fault in a row of its own, with
// a row that stands twice and one that is in the store.
func TestEveryBadCellIsNamed(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		first := d.upload(clerk, sample(d, 1, func(int) map[string]string { return goodRow(7) }))
		d.run()
		if err := d.Start(ctx, clerk, first); err != nil {
			t.Fatal(err)
		}
		d.run()
		n := len(faults)
		id := d.upload(clerk, sample(d, n+4, func(i int) map[string]string {
			r := goodRow(1000 + i)
			switch {
			case i < n:
				r[faults[i].field] = faults[i].value
			case i == n: // as in the row above it
				r["filing"] = goodRow(1000 + n - 1)["filing"]
			case i == n+1: // in the store
				r["filing"] = goodRow(7)["filing"]
			case i == n+2:
				r["area"], r["opened"] = "x", "y"
			}
			return r
		}))
		if s := d.state(clerk, id); s.State != Uploaded || s.Percent() != 0 {
			t.Errorf("%+v", s)
		}
		d.run()
		s := d.state(clerk, id)
		if s.State != Checked || s.Total != n+4 || s.Good != 1 || s.Bad != n+3 || s.Cells != n+4 || s.Percent() != 100 {
			t.Errorf("%+v", s)
		}
		bad := d.cells(clerk, id)
		if len(bad) != n+4 {
			t.Fatalf("%d bad cells: %+v", len(bad), bad)
		}
		for i, f := range faults {
			at := slices.Index(sampleColumns, f.field)
			b := bad[i]
			if b.Row != firstRow+i || b.Column != string(rune('A'+at)) || b.Field != f.field || !strings.HasPrefix(b.Reason, f.reason) {
				t.Errorf("%+v; want %+v", b, f)
			}
			if personal := f.field == "phone" || f.field == "id-no"; personal != (b.Found == "") && f.value != "" {
				t.Errorf("%s: %q is shown", f.field, b.Found)
			}
		}
		for i, want := range []string{fmt.Sprintf("A同一备案号已登记：与本文件第 %d 行重复", firstRow+n-1), "A同一备案号已登记", "H不是数", "I不是日期"} {
			if b := bad[n+i]; !strings.HasPrefix(b.Column+b.Reason, want) {
				t.Errorf("%+v; want %q", b, want)
			}
		}
		if page, total, err := d.Cells(ctx, clerk, id, 2, 3); err != nil || total != n+4 || !slices.Equal(page, bad[2:5]) {
			t.Errorf("%+v %d %v", page, total, err)
		}
		if got := d.stored(); len(got) != 1 {
			t.Errorf("the dry run wrote %v", got)
		}
	})
}

// TestGoodRowsGoInAndBadOnesComeBack: the file to mend, mended, goes in whole.
func TestGoodRowsGoInAndBadOnesComeBack(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		id := d.upload(clerk, sample(d, 30, func(i int) map[string]string {
			r := goodRow(i)
			if i%10 == 4 {
				r["phone"], r["area"] = "123", "一百"
			}
			return r
		}))
		d.run()
		if err := d.Mend(ctx, clerk, id, io.Discard); err != nil {
			t.Error(err)
		}
		if err := d.Start(ctx, clerk, id); err != nil {
			t.Fatal(err)
		}
		d.run()
		if s := d.state(clerk, id); s.State != Done || s.Entered != 27 || s.Refused != 0 || s.Percent() != 100 {
			t.Errorf("%+v", s)
		}
		if err := d.Start(ctx, clerk, id); !errs.Is(err, errs.Conflict) {
			t.Errorf("started twice: %v", err)
		}
		var b bytes.Buffer
		if err := d.Mend(ctx, clerk, id, &b); err != nil {
			t.Fatal(err)
		}
		notes := partOf(t, b.Bytes(), "xl/comments1.xml")
		if !strings.Contains(notes, "不是数，请只写数字") || !strings.Contains(notes, `ref="H5"`) { // the area in the template's order, under title, note, keys and header
			t.Errorf("the cells are not marked: %s", notes)
		}
		again := d.upload(clerk, b.String())
		d.run()
		s, bad := d.state(clerk, again), d.cells(clerk, again)
		if s.Total != 3 || s.Bad != 3 || s.Ignored != "" || len(bad) != 6 {
			t.Fatalf("the file to mend: %+v %+v", s, bad)
		}
		mended := d.upload(clerk, mend(t, b.Bytes()))
		d.run()
		if err := d.Start(ctx, clerk, mended); err != nil {
			t.Fatalf("%v: %+v", err, d.cells(clerk, mended))
		}
		d.run()
		if got := d.stored(); len(got) != 30 || got[0] != goodRow(0)["filing"] || got[29] != goodRow(29)["filing"] {
			t.Errorf("%v", got)
		}
		if err := d.Mend(ctx, clerk, mended, io.Discard); !errs.Is(err, errs.Conflict) {
			t.Errorf("nothing to mend: %v", err)
		}
	})
}

// partOf unpacks a part of a file.
func partOf(t *testing.T, data []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestUniqueKeys: yearly keys come again in another year; keys with an empty field bind nobody.
func TestUniqueKeys(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		id := d.upload(clerk, sample(d, 4, func(i int) map[string]string {
			r := goodRow(i)
			r["name"] = "同一家店"
			r["opened"] = []string{"2025-06-30", "2026-01-01", "2026年6月30日", "2024-01-01"}[i]
			return r
		}))
		d.run()
		if bad := d.cells(clerk, id); len(bad) != 1 || bad[0].Row != firstRow+2 || bad[0].Reason != fmt.Sprintf("同一店当年已登记：与本文件第 %d 行重复", firstRow+1) {
			t.Errorf("%+v", bad)
		}
		def, _ := d.Catalog.Get(shopReg)
		if _, whole := uniqueKey(def, def.Unique[0], register.Draft{}); whole {
			t.Error("an empty key")
		}
	})
}

// mend rewrites a file to mend with the faults mended.
func mend(t *testing.T, data []byte) string {
	book, err := office.ReadXlsx(bytes.NewReader(data), int64(len(data)), office.XlsxLimits{})
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]office.Cell
	width := 0
	for row, err := range book.Rows(0) {
		if err != nil {
			t.Fatal(err)
		}
		var cells []office.Cell
		for _, v := range row.Cells {
			if v.Text == "123" {
				v.Text = "13800001234"
			} else if v.Text == "一百" {
				v.Text = "100"
			}
			cells = append(cells, office.TextCell(v.Text))
		}
		width = max(width, len(cells))
		rows = append(rows, cells)
	}
	var b bytes.Buffer
	if err := office.WriteXlsx(&b, office.Book{Sheets: []office.Sheet{{Name: "x", Columns: make([]office.Column, width), Rows: office.SliceRows(rows)}}}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestRowsThatSayNothing: numbers and territories that were filled in too far down.
func TestRowsThatSayNothing(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		id := d.upload(clerk, csvOf("序号,属地,店名,统一社会信用代码,备案号,业态,面积,开业日期", "1,东岸,甲,91110000600037341L,000000000001,零售,30,2026-01-05", "2,东岸,　 ,,,,,", "3,,,,,,,"))
		d.run()
		if s := d.state(clerk, id); s.Total != 1 || s.Good != 1 || s.LastRow != 2 {
			t.Fatalf("%+v", s)
		}
		if err := d.Start(ctx, clerk, id); err != nil {
			t.Fatal(err)
		}
		d.run()
		if s := d.state(clerk, id); s.State != Done || s.Entered != 1 || s.Refused != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// TestTakenMeanwhile: a row that was good in the dry run and is in the store when
// its turn comes joins the rows to mend.
func TestTakenMeanwhile(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		file := sample(d, 5, goodRow)
		a, b := d.upload(clerk, file), d.upload(clerk, file)
		d.run()
		for _, id := range []string{a, b} {
			if err := d.Start(ctx, clerk, id); err != nil {
				t.Fatal(err)
			}
			d.run()
		}
		s := d.state(clerk, b)
		if s.State != Done || s.Entered != 0 || s.Refused != 5 || s.Cells != 5 || len(d.stored()) != 5 {
			t.Errorf("%+v", s)
		}
		if bad := d.cells(clerk, b); len(bad) != 5 || bad[4].Row != firstRow+4 || bad[4].Column != "A" || bad[4].Reason != "同一备案号已登记" {
			t.Errorf("%+v", bad)
		}
		if err := d.Mend(ctx, clerk, b, io.Discard); err != nil {
			t.Error(err)
		}
	})
}

// TestFilesThatCannotBeRead end the import with a word that helps.
func TestFilesThatCannotBeRead(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		visits, _ := d.Catalog.Get("visit")
		var foreign bytes.Buffer
		if err := d.Template(ctx, bureau, visits.ID, &foreign); err != nil {
			t.Fatal(err)
		}
		var empty bytes.Buffer
		if err := d.Template(ctx, clerk, shopReg, &empty); err != nil {
			t.Fatal(err)
		}
		whole := sample(d, 50, goodRow)
		for _, c := range []struct{ name, data, want string }{
			{"nonsense", "你好", "没有找到“首店登记”的表头"},
			{"columns missing", csvOf("店名,属地", "甲,东岸"), "文件缺少必填的列：统一社会信用代码、备案号、业态、面积、开业日期"},
			{"another template", foreign.String(), "这是“走访登记”的模板，不能导入“首店登记”"},
			{"nothing under the header", empty.String(), "表头下面没有内容"},
			{"cut off", whole[:len(whole)-200], "文件不是完整的 .xlsx 表格"},
			{"old format", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600), "这是旧版 .xls 文件或设有打开密码的文件"},
		} {
			id := d.upload(clerk, c.data)
			d.run()
			if s := d.state(clerk, id); s.State != Failed || !strings.HasPrefix(s.Problem, c.want) {
				t.Errorf("%s: %s %q; want %q", c.name, s.State, s.Problem, c.want)
			}
			if err := d.Mend(ctx, clerk, id, io.Discard); err == nil {
				t.Errorf("%s: a file to mend", c.name)
			}
		}
		id := d.upload(clerk, sample(d, mostCells/3+1, func(i int) map[string]string {
			r := goodRow(i)
			r["area"], r["kind"], r["opened"], r["code"] = "", "", "", ""
			return r
		}))
		d.run()
		if s := d.state(clerk, id); s.State != Failed || !strings.Contains(s.Problem, "处错误，请先对照模板整理文件") {
			t.Errorf("%+v", s)
		}
	})
}

// TestLabelsAreUnderstood: a file that was not made from the template, in two
// encodings, with columns of its own.
func TestLabelsAreUnderstood(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		table := csvOf("序号,店名*,统一社会信用代码,备案号：,业态,面积（㎡）,开业日期,我的备注",
			"1,红星店,91110000600037341L,000000000001,零售,30,2026年1月5日,x", "", "2,蓝星店,91110000600037341L,2,零售,30,2026/1/5,")
		id := d.upload(clerk, table)
		d.run()
		s, bad := d.state(clerk, id), d.cells(clerk, id)
		if s.State != Checked || s.Good != 1 || s.Ignored != "序号、我的备注" || len(bad) != 1 || bad[0].Row != 4 || bad[0].Column != "D" || bad[0].Found != "2" {
			t.Errorf("%+v %+v", s, bad)
		}
	})
}

// TestWhoseRows: a county's clerk brings its own rows, the lead bureau everybody's.
func TestWhoseRows(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		file := sample(d, 4, func(i int) map[string]string {
			r := goodRow(i)
			r["@territory"] = []string{"东岸区", "半岛新区", "", "339902"}[i]
			return r
		})
		for _, c := range []struct {
			p    org.Principal
			good int
			bad  string
		}{{clerk, 3, "[4]"}, {other, 2, "[3 6]"}, {bureau, 4, "[]"}} {
			id := d.upload(c.p, file)
			d.run()
			rows := []int{}
			for _, b := range d.cells(c.p, id) {
				if b.Field != territoryColumn {
					t.Errorf("%+v", b)
				}
				rows = append(rows, b.Row)
			}
			if s := d.state(c.p, id); s.Good != c.good || fmt.Sprint(rows) != c.bad {
				t.Errorf("%s: %+v %v", c.p.Name, s, rows)
			}
		}
	})
}

func TestWhoMay(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		id := d.upload(clerk, sample(d, 2, goodRow))
		d.run()
		calls := map[string]func(p org.Principal) error{
			"get":    func(p org.Principal) error { _, err := d.Get(ctx, p, id); return err },
			"cells":  func(p org.Principal) error { _, _, err := d.Cells(ctx, p, id, 0, 10); return err },
			"start":  func(p org.Principal) error { return d.Start(ctx, p, id) },
			"cancel": func(p org.Principal) error { return d.Cancel(ctx, p, id) },
			"mend":   func(p org.Principal) error { return d.Mend(ctx, p, id, io.Discard) },
		}
		for name, call := range calls {
			for _, p := range []org.Principal{nobody, other, leader} {
				if err := call(p); !errs.Is(err, errs.NotFound) {
					t.Errorf("%s by %q: %v", name, p.Name, err)
				}
			}
		}
		for _, p := range []org.Principal{nobody, leader} {
			if _, err := d.Upload(ctx, p, shopReg, "x", strings.NewReader("x")); err == nil {
				t.Errorf("%q uploads", p.Name)
			}
			if err := d.Template(ctx, p, shopReg, io.Discard); err == nil {
				t.Errorf("%q gets a template", p.Name)
			}
		}
		if err := d.Export(ctx, nobody, register.Query{Register: shopReg}, io.Discard); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%v", err)
		}
		if list, err := d.List(ctx, clerk, shopReg); err != nil || len(list) != 1 || list[0].ID != id {
			t.Errorf("%v %v", list, err)
		}
		if list, err := d.List(ctx, other, ""); err != nil || len(list) != 0 {
			t.Errorf("%v %v", list, err)
		}
		if _, err := d.Upload(ctx, clerk, "nothing", "x", strings.NewReader("x")); !errs.Is(err, errs.NotFound) {
			t.Errorf("%v", err)
		}
		if _, err := d.Upload(ctx, clerk, shopReg, "x", strings.NewReader("")); !errs.Is(err, errs.Invalid) {
			t.Errorf("%v", err)
		}
		if _, err := d.Upload(ctx, clerk, shopReg, "x", io.LimitReader(zeros{}, MaxFile+1)); !errs.Is(err, errs.TooLarge) {
			t.Errorf("%v", err)
		}
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestNothingLiesOpen: neither the kept file nor the tables have a personal value,
// and every step is in the audit log.
func TestNothingLiesOpen(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		id := d.upload(clerk, csvOf("店名,统一社会信用代码,备案号,业态,面积,开业日期,联系电话,负责人", "甲,91110000600037341L,000000000001,零售,30,2026-01-05,1380000123,王小明"))
		d.run()
		i := d.state(clerk, id)
		f, _, err := d.Blobs.Open(i.hash)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		kept, err := io.ReadAll(f)
		if err != nil || strings.Contains(string(kept), "1380000123") || strings.Contains(string(kept), "王小明") {
			t.Errorf("the file lies open: %v", err)
		}
		if bad := d.cells(clerk, id); len(bad) != 1 || bad[0].Found != "" {
			t.Errorf("%+v", bad)
		}
		if missing, checked, err := d.MissingFiles(ctx); err != nil || len(missing) != 0 || checked != 1 {
			t.Errorf("%v %d %v", missing, checked, err)
		}
		if err := d.Blobs.(*blob.Folder).Remove(i.hash); err != nil {
			t.Fatal(err)
		}
		if missing, _, err := d.MissingFiles(ctx); err != nil || !slices.Equal(missing, []string{"register_import " + id}) {
			t.Errorf("%v %v", missing, err)
		}
		if err := d.Cancel(ctx, clerk, id); err != nil {
			t.Fatal(err)
		}
		var actions []string
		err = d.DB.Read(ctx, func(tx *db.Tx) error {
			list, err := d.Service.Log.List(tx, audit.Filter{ObjectKind: "register_import", ObjectID: id})
			for _, r := range list {
				actions = append(actions, r.Action)
			}
			return err
		})
		if want := []string{"register.import_cancel", "register.import_checked", "register.import"}; err != nil || !slices.Equal(actions, want) {
			t.Errorf("%v %v", actions, err)
		}
	})
}

// TestParents: records of a register under another name the record they belong to.
func TestParents(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		id := d.upload(clerk, sample(d, 3, goodRow))
		d.run()
		if err := d.Start(ctx, clerk, id); err != nil {
			t.Fatal(err)
		}
		d.run()
		shops, _, err := d.shelf.List(ctx, clerk, register.Query{Register: shopReg})
		if err != nil {
			t.Fatal(err)
		}
		table := csvOf("所属首店登记,属地,事由,走访日期", shops[1].No+",东岸,安全,2026-01-05", "第2号店,东岸,安全,2026-01-05", "第9号店,东岸,安全,2026-01-05", ",东岸,安全,2026-01-05")
		visit, err := d.Upload(ctx, bureau, "visit", "走访.csv", strings.NewReader(table))
		if err != nil {
			t.Fatal(err)
		}
		d.run()
		bad := d.cells(bureau, visit)
		if len(bad) != 2 || bad[0].Row != 4 || !strings.HasPrefix(bad[0].Reason, "没有找到这条记录") || bad[1].Row != 5 || !strings.HasPrefix(bad[1].Reason, "必填") {
			t.Errorf("%+v", bad)
		}
		if err := d.Start(ctx, bureau, visit); err != nil {
			t.Fatal(err)
		}
		d.run()
		visits, _, err := d.shelf.List(ctx, bureau, register.Query{Register: "visit"})
		if err != nil || len(visits) != 2 {
			t.Fatalf("%+v %v", visits, err)
		}
		parents := []string{visits[0].Parent, visits[1].Parent}
		want := []string{shops[1].ID, shops[2].ID}
		slices.Sort(parents)
		slices.Sort(want)
		if !slices.Equal(parents, want) {
			t.Errorf("%v; want %v", parents, want)
		}
	})
}
