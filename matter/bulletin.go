package matter

import (
	"fmt"
	"net/url"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/gongwen"
	"bihuan/kit/quantity"
	"bihuan/plan"
	"bihuan/supervise"
)

// Rhythm says for which period a bulletin is.
type Rhythm string

// The rhythms.
const (
	Monthly   Rhythm = "month"   // 月调度
	Quarterly Rhythm = "quarter" // 季通报
)

// Words names a rhythm's bulletin.
func (r Rhythm) Words() string {
	if r == Quarterly {
		return "季通报"
	}
	return "月调度通报"
}

// BulletinFacts are what a bulletin is filled from. Nothing in it is typed.
type BulletinFacts struct {
	Pack    *city.Pack
	Cockpit supervise.Cockpit
	Rhythm  Rhythm
	Period  string        // 2026年6月, 2026年第二季度
	Cutoff  calendar.Date // the day of the data
	Open    int           // problems under rectification
	Crossed int           // problems crossed off in the period
	Topics  []Topic       // 重点调度事项
	Issuer  string
}

// Topic is one of the fixed topics of dispatch, with what is known of it.
type Topic struct {
	Name string
	Says []gongwen.Run
}

// Bulletin writes the bulletin of a period.
func Bulletin(f BulletinFacts) gongwen.Document {
	d := gongwen.Document{
		Form: gongwen.File, Issuers: []string{f.Issuer}, Sealed: true, Date: f.Cutoff,
		Title:     fmt.Sprintf("关于%s%s实施情况的通报", f.Period, planName(f)),
		Addressee: everybody,
		Note:      "此件主动公开",
		Printed:   gongwen.Printed{Organ: f.Issuer, Date: f.Cutoff},
	}
	d.Body = append(d.Body, gongwen.Paragraph(gongwen.Text(fmt.Sprintf("现将%s%s实施情况通报如下。数据截至%s，均为经核验的台账、统计公布数和核实后的进展，统计口径为%s；未核验的数不计入。",
		f.Period, planName(f), f.Cutoff.Chinese(), city.CaliberZonesApart))))
	d.Body = append(d.Body, overall(f)...)
	d.Body = append(d.Body, topics(f)...)
	d.Body = append(d.Body, places(f)...)
	d.Body = append(d.Body, behind(f)...)
	d.Body = append(d.Body, next(f)...)
	return d
}

func planName(f BulletinFacts) string {
	if f.Cockpit.Plan == nil {
		return "行动计划"
	}
	return "《" + f.Cockpit.Plan.Title + "》"
}

// count is a figure that opens to a list of tasks.
func count(n int, query ...string) gongwen.Run {
	q := url.Values{}
	for i := 0; i+1 < len(query); i += 2 {
		q.Set(query[i], query[i+1])
	}
	ref := "/tasks"
	if len(q) > 0 {
		ref += "?" + q.Encode()
	}
	return gongwen.Run{Text: fmt.Sprint(n), Ref: ref}
}

func overall(f BulletinFacts) []gongwen.Block {
	c := f.Cockpit
	runs := []gongwen.Run{gongwen.Text("计划共列任务"), count(c.Tally.Total()), gongwen.Text("项，量化目标"), {Text: fmt.Sprint(len(c.Targets)), Ref: "/targets"}, gongwen.Text("项。")}
	sep := "其中，"
	for _, l := range []supervise.Level{supervise.Green, supervise.Blue, supervise.Yellow, supervise.Red, supervise.Grey} {
		runs = append(runs, gongwen.Text(sep+l.Label()), count(c.Tally[l], "light", string(l)), gongwen.Text("项"))
		sep = "，"
	}
	runs = append(runs, gongwen.Text("。"))
	blocks := []gongwen.Block{gongwen.Heading(1, "一、总体情况"), gongwen.Paragraph(runs...)}
	if len(c.Targets) == 0 {
		return blocks
	}
	t := gongwen.Table{Caption: "量化目标进展情况", Columns: []gongwen.Column{
		{Header: "目标", Width: 7, Align: gongwen.AlignLeft}, {Header: "牵头单位", Width: 4}, {Header: "目标值", Width: 3},
		{Header: "已核验", Width: 3}, {Header: "序时应达", Width: 3}, {Header: "状态", Width: 3}}}
	for _, row := range c.Targets {
		g := row.Target
		u, _ := f.Pack.Unit(row.Task.LeadUnit)
		actual, expected := gongwen.Text("—"), gongwen.Text("—")
		if g.Actual.Value != nil {
			actual = gongwen.Run{Text: plan.Amount(*g.Actual.Value, g.Unit), Ref: "/tasks/" + row.Task.ID + "#" + g.ID}
		}
		if g.Expected != nil {
			expected = gongwen.Text(plan.Amount(whole(*g.Expected), g.Unit))
		}
		t.Rows = append(t.Rows, []gongwen.Cell{{gongwen.Text(g.Subject)}, {gongwen.Text(u.Short)}, {gongwen.Text(aim(g))}, {actual}, {expected}, {gongwen.Text(g.Level.Label())}})
	}
	return append(blocks, gongwen.Block{Kind: gongwen.KindTable, Table: &t})
}

// aim is a target's number as a table shows it.
func aim(g *supervise.TargetLight) string {
	switch {
	case g.Value == nil:
		return g.Words
	case g.ValueMax != nil:
		return plan.Amount(*g.Value, g.Unit) + "—" + plan.Amount(*g.ValueMax, g.Unit)
	}
	return plan.Amount(*g.Value, g.Unit)
}

// whole drops the decimals of an expectation of ten or more: it is computed, and nobody builds a part of a station.
func whole(q quantity.Quantity) quantity.Quantity {
	if q < quantity.Of(10) {
		return (q + quantity.Scale/20) / (quantity.Scale / 10) * (quantity.Scale / 10)
	}
	return (q + quantity.Scale/2) / quantity.Scale * quantity.Scale
}

// ratio is a share of the pace in percent, for a chart.
func ratio(basisPoints int) quantity.Quantity {
	return quantity.Quantity(basisPoints) * quantity.Scale / 100
}

func topics(f BulletinFacts) []gongwen.Block {
	if len(f.Topics) == 0 {
		return nil
	}
	blocks := []gongwen.Block{gongwen.Heading(1, "二、重点调度事项")}
	for i, t := range f.Topics {
		h := gongwen.Heading(2, fmt.Sprintf("（%s）%s。", numerals[i], t.Name))
		h.Then = t.Says
		blocks = append(blocks, h)
	}
	return blocks
}

var numerals = []string{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"}

// section numbers a heading of the first level after the two that may stand before it.
func section(f BulletinFacts, n int, title string) gongwen.Block {
	if len(f.Topics) == 0 {
		n--
	}
	return gongwen.Heading(1, numerals[n-1]+"、"+title)
}

func places(f BulletinFacts) []gongwen.Block {
	chart := gongwen.Chart{Caption: "县（市、区）和市属开发区分解任务完成序时进度的比例", Note: "100%为与序时进度持平；没有分解任务或者没有核验数的不列"}
	var silent []string
	for _, g := range f.Cockpit.Territories {
		if g.Share < 0 {
			silent = append(silent, g.Name)
			continue
		}
		chart.Bars = append(chart.Bars, gongwen.Bar{Label: g.Name, Value: ratio(g.Share), Shown: city.BasisPoints(g.Share).String(), Target: ratio(10_000), HasTarget: true, Ref: "/territories/" + g.ID})
	}
	blocks := []gongwen.Block{section(f, 3, "县区进展")}
	if len(chart.Bars) == 0 {
		return append(blocks, gongwen.Paragraph(gongwen.Text("各县（市、区）和市属开发区的分解任务暂无已核验的数。")))
	}
	text := "各县（市、区）和市属开发区分解任务的平均进度见下图。"
	if len(silent) > 0 {
		text += strings.Join(silent, "、") + "暂无已核验的数。"
	}
	return append(blocks, gongwen.Paragraph(gongwen.Text(text)), gongwen.Block{Kind: gongwen.KindChart, Chart: &chart})
}

func behind(f BulletinFacts) []gongwen.Block {
	blocks := []gongwen.Block{section(f, 4, "存在问题")}
	n := 0
	for _, t := range f.Cockpit.Behind {
		level := t.Shown()
		if level != supervise.Red && level != supervise.Yellow {
			continue
		}
		n++
		u, _ := f.Pack.Unit(t.LeadUnit)
		blocks = append(blocks, gongwen.Paragraph(gongwen.Text(fmt.Sprintf("%d.", n)), gongwen.Run{Text: t.Title, Ref: "/tasks/" + t.ID},
			gongwen.Text(fmt.Sprintf("（%s，%s）：%s。", u.Short, level.Label(), strings.TrimSuffix(t.Computed.Reason, "。")))))
	}
	if n == 0 {
		blocks = append(blocks, gongwen.Paragraph(gongwen.Text("本期没有滞后和严重滞后的任务。")))
	}
	return blocks
}

func next(f BulletinFacts) []gongwen.Block {
	return []gongwen.Block{section(f, 5, "整改和下一步工作"),
		gongwen.Paragraph(gongwen.Text("正在整改的问题"), gongwen.Run{Text: fmt.Sprint(f.Open), Ref: "/registers/rectification-problem"}, gongwen.Text("个，本期已销号"),
			gongwen.Run{Text: fmt.Sprint(f.Crossed), Ref: "/registers/rectification-problem?stage=crossed_off"}, gongwen.Text("个。")),
		gongwen.Paragraph(gongwen.Text("请有关单位对照序时进度查找原因，按期完成整改；对通报内容有异议的，可在收到之日起30日内提出复核申请。")),
	}
}
