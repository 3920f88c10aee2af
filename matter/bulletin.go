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
	Topics  []Topic       // 重点调度事项
	Ranking []gongwen.Block
	Rectify []gongwen.Run // how rectification stands
	Praise  []gongwen.Block
	Blame   []gongwen.Block
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
	n := 0
	for _, part := range []struct {
		title  string
		blocks []gongwen.Block
	}{{"总体情况", overall(f)}, {"重点调度事项", topics(f)}, {"县区进展", places(f)}, {"县区评分", f.Ranking}, {"存在问题", behind(f)},
		{"需要协调的事项", coordinate(f)}, {"整改情况", rectifying(f)},
		{"通报表扬和典型案例", f.Praise}, {"通报批评", f.Blame}, {"下一步工作", next()}} {
		if len(part.blocks) > 0 {
			d.Body = append(append(d.Body, gongwen.Heading(1, numerals[n]+"、"+part.title)), part.blocks...)
			n++
		}
	}
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
	blocks := []gongwen.Block{gongwen.Paragraph(runs...)}
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

func topics(f BulletinFacts) (blocks []gongwen.Block) {
	for i, t := range f.Topics {
		h := gongwen.Heading(2, fmt.Sprintf("（%s）%s。", numerals[i], t.Name))
		h.Then = t.Says
		blocks = append(blocks, h)
	}
	return blocks
}

var numerals = []string{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"}

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
	if len(chart.Bars) == 0 {
		return []gongwen.Block{say("各县（市、区）和市属开发区的分解任务暂无已核验的数。")}
	}
	text := "各县（市、区）和市属开发区分解任务的平均进度见下图。"
	if len(silent) > 0 {
		text += strings.Join(silent, "、") + "暂无已核验的数。"
	}
	return []gongwen.Block{say("%s", text), {Kind: gongwen.KindChart, Chart: &chart}}
}

func behind(f BulletinFacts) (blocks []gongwen.Block) {
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
		blocks = append(blocks, say("本期没有滞后和严重滞后的任务。"))
	}
	return blocks
}

// coordinate lists what somebody above has to settle: tasks that a unit declined, and
// those that ask for more time.
func coordinate(f BulletinFacts) (blocks []gongwen.Block) {
	for _, t := range f.Cockpit.Board.Tasks {
		if t.State != plan.Objected && t.State != plan.ExtensionPending || f.Cockpit.Plan != nil && t.PlanID != f.Cockpit.Plan.ID {
			continue
		}
		u, _ := f.Pack.Unit(t.LeadUnit)
		blocks = append(blocks, gongwen.Paragraph(gongwen.Text(fmt.Sprintf("%d.", len(blocks)+1)), gongwen.Run{Text: t.Title, Ref: "/tasks/" + t.ID},
			gongwen.Text("（"+u.Short+"）："+t.State.Label()+"，待决定。")))
	}
	return blocks
}

func rectifying(f BulletinFacts) []gongwen.Block {
	if len(f.Rectify) == 0 {
		return nil
	}
	return []gongwen.Block{gongwen.Paragraph(f.Rectify...)}
}

func next() []gongwen.Block {
	return []gongwen.Block{say("请有关单位对照序时进度查找原因，按期完成整改；对通报内容有异议的，可在收到之日起30日内提出复核申请。")}
}
