package indicator_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"bihuan/indicator"
	"bihuan/kit/errs"
)

const table = "指标\t地区\t时期\t口径\t数值\t发布日期\t来源文件\t修订原因\n" +
	"社零增速\t聊城市\t2026年1—3月\t\t5.3\t2026-04-20\t统计月报\t\n" +
	"社零增速\t东昌府区\t2026年1—3月\t\t很多\t2026-03-01\t统计月报\t\n" +
	"\n" +
	"retail-rate\t全省\t2026年1—3月\t\t5.5\t2026-04-18\t省统计局网站\t\n" +
	"社零增速\t全市\t2026-01~03\t\t5.4\t2026-04-20\t统计月报\t\n" +
	"幸福指数\t聊城市\t2026年1月\t\t5.4\t2026-04-20\t\t\n"

func rows(t *testing.T, text string) [][]string {
	t.Helper()
	r, err := indicator.ReadText([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestImportNamesEveryBadCell(t *testing.T) {
	both(t, func(r *room) {
		check, err := r.CheckImport(ctx, clerk, rows(t, table))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range check.Problems {
			got = append(got, fmt.Sprintf("%s%d %s", p.Column, p.Row, p.Header))
		}
		if s := strings.Join(got, "，"); s != "D3 口径，E3 数值，F3 发布日期，C6 时期，A7 指标，C7 时期，G7 来源文件" {
			t.Errorf("bad cells: %s\n%+v", s, check.Problems)
		}
		if check.Count(indicator.RowNew) != 2 || check.BadRows() != 3 || r.entries() != 0 {
			t.Errorf("%d new, %d bad, %d audit entries of a dry run", check.Count(indicator.RowNew), check.BadRows(), r.entries())
		}
		if _, err := r.Import(ctx, clerk, rows(t, table)); err != nil || r.entries() != 2 {
			t.Fatalf("%v, %d entries", err, r.entries())
		}
		if o, ok := r.series("retail-rate").Now(key("city", "2026-01~03")); !ok || o.Value.String() != "5.3" {
			t.Errorf("%+v", o)
		}
		// A second time nothing is new, whatever titles stand over the heading.
		if check, err = r.CheckImport(ctx, clerk, rows(t, "社零月报\n\n单位：%\n"+table)); err != nil || check.Count(indicator.RowSame) != 2 || check.Count(indicator.RowNew) != 0 {
			t.Errorf("%+v %v", check, err)
		}
		if _, err := r.Import(ctx, clerk, rows(t, table)); !errs.Is(err, errs.Invalid) || r.entries() != 2 {
			t.Errorf("nothing to import: %v", err)
		}
	})
}

func TestImportRevises(t *testing.T) {
	both(t, func(r *room) {
		r.enter(rate("city", "2026-01~03", "5.3", "2026-04-20"))
		line := "指标,地区,时期,数值,发布日期,来源,原因\n社零增速,聊城市,2026年1—3月,5.6,2026-05-20,统计月报,"
		check, err := r.CheckImport(ctx, clerk, rows(t, line))
		if err != nil || len(check.Problems) != 1 || check.Problems[0].Column != "G" {
			t.Errorf("a revision without a reason: %+v %v", check, err)
		}
		check, err = r.Import(ctx, clerk, rows(t, line+"公布机构修订"))
		if err != nil || check.Count(indicator.RowRevision) != 1 {
			t.Fatalf("%+v %v", check, err)
		}
		if list := r.series("retail-rate").Versions(key("city", "2026-01~03")); len(list) != 2 || list[1].Reason != "公布机构修订" {
			t.Errorf("%+v", list)
		}
	})
}

func TestImportHeadings(t *testing.T) {
	both(t, func(r *room) {
		for text, want := range map[string]string{
			"": "没有内容",
			"指标\t地区\n社零增速\t聊城市":                 "表头缺少：时期、数值、发布日期、来源文件",
			"指标,地区,时期,数值,期望值,发布日期,来源,数值\n":      "表头“数值”出现了两次",
			"指标,地区,时期,期望值,发布日期,来源\nx,x,x,x,x,x": "不认识：期望值",
		} {
			if _, err := r.CheckImport(ctx, clerk, rows(t, text)); !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
}

func TestReadText(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("指标,地区\n社零,聊城市\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"utf-8": "\uFEFF指标,地区\r\n社零,聊城市\r\n", "gb": gb, "tabs": "指标\t地区\n社零\t聊城市"} {
		if got := fmt.Sprint(rows(t, text)); got != "[[指标 地区] [社零 聊城市]]" {
			t.Errorf("%s: %s", name, got)
		}
	}
	for name, text := range map[string]string{"rubbish": "\xff\xfe\x00\x01", "too many rows": strings.Repeat("a\n", indicator.MaxRows+2), "too long": strings.Repeat("a", indicator.MaxImport+1)} {
		if got, err := indicator.ReadText([]byte(text)); err == nil {
			t.Errorf("%s: %d rows", name, len(got))
		}
	}
}

func FuzzReadText(f *testing.F) {
	f.Add([]byte(table))
	f.Add([]byte("\"a\"\"b\",c\n\n\nd"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := indicator.ReadText(data)
		if err == nil && len(got) > indicator.MaxRows+1 {
			t.Errorf("%d rows", len(got))
		}
	})
}
