package matter

import (
	"strings"
	"testing"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/supervise"
)

var day = calendar.MustParseDate

func good() Campaign {
	return Campaign{ID: "a", Authority: DepartmentDispatch, Basis: "行动计划三（四）", Approver: "局长", Plan: "查进度", Methods: []string{"听取汇报"}, Object: "civil", Matter: "驿站"}
}

// refused checks one case of a table: want is "" for no error, else a part of it.
func refused(t *testing.T, name string, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("%s: %v", name, err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("%s: %v, want %q", name, err, want)
	}
}

func TestCampaigns(t *testing.T) {
	named := Designation{"聊政办〔2026〕3号", "促消费", "全市", day("2026-04-01"), day("2026-06-30")}
	for _, c := range []struct {
		name   string
		change func(*Campaign)
		open   []Campaign
		want   string
	}{
		{"a department dispatches", func(*Campaign) {}, nil, ""},
		{"1.1 without designation", func(c *Campaign) { c.Authority = GovernmentInspection }, nil, "第二条、第七条"},
		{"1.1 within its term", func(c *Campaign) { c.Authority, c.Designation = GovernmentInspection, named }, nil, ""},
		{"1.1 beyond its term", func(c *Campaign) {
			c.Authority, c.Designation = GovernmentInspection, named
			c.End = day("2026-04-30")
		}, nil, "不在期限内"},
		{"1.2 without basis", func(c *Campaign) { c.Basis = " " }, nil, "第十一条"},
		{"1.2 without approver", func(c *Campaign) { c.Approver = "" }, nil, "第十一条"},
		{"1.3 without plan", func(c *Campaign) { c.Plan = "" }, nil, "第十五条"},
		{"1.3 a second one", func(*Campaign) {}, []Campaign{{ID: "b", Object: "civil", Matter: "驿站"}}, "已有正在开展的督导 b"},
		{"1.3 another matter", func(*Campaign) {}, []Campaign{{ID: "b", Object: "civil", Matter: "消费券"}}, ""},
		{"1.3 itself", func(*Campaign) {}, []Campaign{{ID: "a", Object: "civil", Matter: "驿站"}}, ""},
		{"1.4 no method", func(c *Campaign) { c.Methods = nil }, nil, "第十二条"},
		{"1.4 another method", func(c *Campaign) { c.Methods = []string{"评星级"} }, nil, "不是条例列明"},
	} {
		x := good()
		c.change(&x)
		refused(t, c.name, x.Check(day("2026-05-15"), c.open), c.want)
	}
	if len(Methods) != 8 {
		t.Error("the regulation has eight methods")
	}
}

func TestConclusions(t *testing.T) {
	told := Conclusion{Author: "w", FedBack: day("2026-05-01")}
	refused(t, "1.5 not told", Conclusion{}.MayPublish(), "第十六条")
	refused(t, "1.5 told", told.MayPublish(), "")
	refused(t, "1.6 the thirtieth day", told.MayObject(day("2026-05-31"), 30), "")
	refused(t, "1.6 a day late", told.MayObject(day("2026-06-01"), 30), "已过")
	refused(t, "1.6 its author", told.MayReview("w"), "回避")
	refused(t, "1.6 another", told.MayReview("z"), "")
}

func TestSheets(t *testing.T) {
	sheet := func(l supervise.Level) Sheet {
		return Sheet{ID: "n", Task: "t", Reason: "滞后", Period: "2026-06", Level: l}
	}
	had := func(l supervise.Level, passed bool) Sheet {
		return Sheet{ID: "o", Task: "t", Reason: "滞后", Period: "2026-05", Level: l, Passed: passed}
	}
	special := sheet(supervise.Red)
	special.Special = true
	for _, c := range []struct {
		name string
		s    Sheet
		had  []Sheet
		want string
	}{
		{"first blue", sheet(supervise.Blue), nil, ""},
		{"first yellow", sheet(supervise.Yellow), nil, "每次只升一级"},
		{"special", special, nil, ""},
		{"one step", sheet(supervise.Yellow), []Sheet{had(supervise.Blue, false)}, ""},
		{"two steps", sheet(supervise.Red), []Sheet{had(supervise.Blue, false)}, "每次只升一级"},
		{"falls unproved", sheet(supervise.Blue), []Sheet{had(supervise.Yellow, false)}, "尚未通过复核"},
		{"falls after a re-check", sheet(supervise.Blue), []Sheet{had(supervise.Yellow, true)}, ""},
		{"twice", sheet(supervise.Blue), []Sheet{{ID: "o", Task: "t", Reason: "滞后", Period: "2026-06", Level: supervise.Blue}}, "不重复发单"},
		{"green", sheet(supervise.Green), nil, "三级"},
	} {
		refused(t, c.name, c.s.Check(c.had), c.want)
	}
}

func TestPraise(t *testing.T) {
	fine := Praise{Result: "建成驿站 25 个", Verified: true, Group: "counties", Merit: "共建共享", ProposedBy: "a"}
	for name, c := range map[string]struct {
		change func(*Praise)
		want   string
	}{
		"fine":           {func(*Praise) {}, ""},
		"no number":      {func(p *Praise) { p.Result = "成效显著" }, "数字"},
		"unverified":     {func(p *Praise) { p.Verified = false }, "尚未核验"},
		"no group":       {func(p *Praise) { p.Group = "" }, "比较组"},
		"no merit":       {func(p *Praise) { p.Merit = "" }, "推广"},
		"open red":       {func(p *Praise) { p.OpenRed = 1 }, "未销号"},
		"falsified":      {func(p *Praise) { p.Falsified = 2 }, "不实"},
		"the word":       {func(p *Praise) { p.WordsOfPraise = "关于表彰先进的通报" }, "通报表扬"},
		"1.8 own":        {func(p *Praise) { p.Approved, p.ApprovedBy = true, "a" }, "第二十一条"},
		"1.8 by another": {func(p *Praise) { p.Approved, p.ApprovedBy = true, "b" }, ""},
	} {
		p := fine
		c.change(&p)
		refused(t, name, p.Check(), c.want)
	}
}

func TestForms(t *testing.T) {
	b := Burden{MostShare: 3000, Notice: city.Limit{Limit: calendar.Limit{N: 3, Unit: calendar.Workdays}}}
	known := map[string]bool{"名称": true, "地址": true}
	fine := Form{Fields: []string{"名称", "面积", "价格", "电话"}, Issued: day("2026-06-01"), Due: day("2026-06-04")}
	for name, c := range map[string]struct {
		change func(*Form)
		want   string
	}{
		"fine":        {func(*Form) {}, ""},
		"no fields":   {func(f *Form) { f.Fields = nil }, "列出"},
		"asked twice": {func(f *Form) { f.Fields = []string{"名称", "地址", "电话"} }, "已有现成数据"},
		"survey":      {func(f *Form) { f.Survey = true }, "统计法"},
		"numbered survey": {func(f *Form) {
			f.Survey, f.Maker, f.FilingNo, f.ValidUntil = true, "市统计局", "聊统〔2026〕1号", day("2026-12-31")
		}, ""},
		"survey out of use": {func(f *Form) {
			f.Survey, f.Maker, f.FilingNo, f.ValidUntil = true, "市统计局", "聊统〔2025〕1号", day("2025-12-31")
		}, "有效期"},
		"short notice":   {func(f *Form) { f.Due = day("2026-06-03") }, "最早"},
		"written report": {func(f *Form) { f.Written = true }, "理由"},
	} {
		f := fine
		c.change(&f)
		refused(t, name, f.Check(b, calendar.Default(), day("2026-06-01"), known), c.want)
	}
}

func TestAllowedLevel(t *testing.T) {
	blue, yellow := Sheet{Level: supervise.Blue}, Sheet{Level: supervise.Yellow}
	for _, c := range []struct {
		light  supervise.Level
		before []Sheet
		want   supervise.Level
	}{
		{supervise.Red, nil, supervise.Blue},
		{supervise.Red, []Sheet{blue}, supervise.Yellow},
		{supervise.Yellow, []Sheet{blue, yellow}, supervise.Yellow},
		{supervise.Red, []Sheet{blue, yellow}, supervise.Red},
		{supervise.Red, []Sheet{{Level: supervise.Red}}, supervise.Red},
		{supervise.Blue, []Sheet{yellow}, supervise.Yellow},
		{supervise.Blue, []Sheet{{Level: supervise.Yellow, Passed: true}}, supervise.Blue},
	} {
		if got := allowed(c.light, c.before); got != c.want {
			t.Errorf("%s after %v: %s, not %s", c.light, c.before, got, c.want)
		}
	}
}

// A bulletin tells the ranking only when an approver decided that it may be told.
func TestRankingInBulletins(t *testing.T) {
	score := func(name string, rank int, total int64) supervise.Score {
		return supervise.Score{Name: name, Rank: rank, Total: quantity.Of(total), Performance: supervise.Performance{Territory: city.TerritoryID(name)}}
	}
	r := supervise.Ranking{Level: supervise.Internal, Rules: supervise.RankingRules{Least: 3},
		Groups: []supervise.RankedGroup{{Group: city.Group{Name: "县（市）"}, Scores: []supervise.Score{score("a", 1, 90), score("b", 1, 90), score("c", 0, 50)}}}}
	if b := rankingBlocks(r); b != nil {
		t.Errorf("an internal ranking is told: %+v", b)
	}
	r.Level = supervise.Bulletin
	b := rankingBlocks(r)
	if len(b) != 2 || len(b[1].Table.Rows) != 2 || b[1].Table.Rows[1][1][0].Text != "1" || b[1].Table.Rows[0][3][0].Ref != "/ranking/a" {
		t.Errorf("%+v", b)
	}
	r.Groups[0].Scores = r.Groups[0].Scores[2:]
	if b := rankingBlocks(r); b != nil {
		t.Errorf("nobody has a rank: %+v", b)
	}
}
