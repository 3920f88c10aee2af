package plan

import (
	"testing"

	"pgregory.net/rapid"

	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/plan/read"
)

func TestTypedAmounts(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"1300", "1300"}, {"1,300", "1300"}, {"１３００", "1300"}, {"１，３００", "1300"}, {"1，234，567.5", "1234567.5"},
		{"4万", "40000"}, {"1.5亿", "150000000"}, {"0.5万", "5000"}, {"2 万", "20000"}, {"　7　", "7"}, {"1万亿", "1000000000000"}, {"３．５", "3.5"},
		{"0", "0"}, {"0.0001", "0.0001"}, {"", ""},
	} {
		q, err := amount(c.in)
		if err != nil || (q == nil) != (c.want == "") || q != nil && q.String() != c.want {
			t.Errorf("%q: %v %v", c.in, q, err)
		}
	}
	for _, in := range []string{
		"-1", "－1", "万", "abc", "1.23456", "1e9", "4万张", "1.2.3", "十", "1/2", "1,5", "1，5亿", "12,34", "1,2345", ",300", "99999999999999999999", "9999999亿万", "1000万亿", "٣", "\x00", "1,300,",
	} {
		if q, err := amount(in); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q was taken for %v (%v)", in, q, err)
		}
	}
	if q, err := signedAmount("－0.5"); err != nil || q.String() != "-0.5" {
		t.Errorf("a gap below zero: %v %v", q, err)
	}
}

func TestAmountReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := quantity.Quantity(rapid.Int64Range(0, 1<<60).Draw(t, "q"))
		if rapid.Bool().Draw(t, "round") {
			q = q / 100_000_000 * 100_000_000
		}
		back, err := amount(Amount(q, ""))
		if err != nil || *back != q {
			t.Fatalf("%s printed as %s read as %v (%v)", q, Amount(q, ""), back, err)
		}
	})
}

func FuzzAmount(f *testing.F) {
	for _, s := range []string{"1300", "4万", "-1.5亿", "1,300", "１３００"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := signedAmount(s)
		switch {
		case err != nil && !errs.Is(err, errs.Invalid):
			t.Fatalf("%q: %v", s, err)
		case err == nil && q != nil:
			if back, err := signedAmount(q.String()); err != nil || *back != *q {
				t.Fatalf("%q: %s came back as %v, %v", s, q, back, err)
			}
		}
	})
}

func TestPrintedAmounts(t *testing.T) {
	for _, c := range []struct{ q, unit, want string }{
		{"1300", "家", "1300家"}, {"40000", "张", "4万张"}, {"12345", "台", "12345台"}, {"12300", "台", "1.23万台"},
		{"100000000", "元", "1亿元"}, {"123000000", "元", "1.23亿元"}, {"15000000", "元", "1500万元"}, {"9999", "", "9999"}, {"95", "%", "95%"}, {"0", "家", "0家"}, {"-5", "个百分点", "-5个百分点"},
	} {
		if got := Amount(*num(c.q), c.unit); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.q, c.unit, got, c.want)
		}
	}
}

func TestPledges(t *testing.T) {
	for _, c := range []struct {
		target Target
		want   string
	}{
		{Target{Subject: "社区托育驿站", Kind: Flow, Comparator: read.Equal, Value: num("25"), Unit: "个"}, "社区托育驿站 25个"},
		{Target{Subject: "山东老字号", Kind: Flow, Comparator: read.Range, Value: num("2"), ValueMax: num("3"), Unit: "家"}, "山东老字号 2–3家"},
		{Target{Subject: "农机", Kind: Flow, Comparator: read.Range, Value: num("10000"), ValueMax: num("20000"), Unit: "台"}, "农机 1万–2万台"},
		{Target{Subject: "村级站点", Kind: Flow, Comparator: read.AtLeast, Value: num("1300"), Unit: "处"}, "村级站点 ≥ 1300处"},
		{Target{Subject: "电商企业", Kind: Stock, Comparator: read.Above, Value: num("10000"), Unit: "家"}, "电商企业 > 1万家"},
		{Target{Subject: "社零", Kind: Rate, Comparator: read.Equal, Value: num("5.5"), Unit: "%", Change: read.ChangeUp}, "社零 增长5.5%"},
		{Target{Subject: "能耗", Kind: Rate, Comparator: read.AtMost, Value: num("3"), Unit: "%", Change: read.ChangeDown}, "能耗 下降≤ 3%"},
		{Target{Subject: "社零增速", Kind: Comparison, Words: "高于全省平均"}, "社零增速 高于全省平均"},
		{Target{Subject: "", Kind: Qualitative, Words: "一批"}, "一批"},
		{Target{Subject: "岗位", Kind: Flow, Comparator: read.About, Value: num("50"), Unit: "个"}, "岗位 50个左右"},
	} {
		if got := c.target.Pledge(); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

func TestShortTexts(t *testing.T) {
	if _, err := short("a\x00b", 10); !errs.Is(err, errs.Invalid) {
		t.Error("a NUL was taken")
	}
	if _, err := short("\xff", 10); !errs.Is(err, errs.Invalid) {
		t.Error("broken UTF-8 was taken")
	}
	if _, err := short("四个汉字", 4); err != nil {
		t.Errorf("length counts characters: %v", err)
	}
	if _, err := filled("", 4); !errs.Is(err, errs.Invalid) {
		t.Error("nothing was taken for something")
	}
}
