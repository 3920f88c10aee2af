package cockpit

import (
	"strconv"
	"strings"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// rankings is the page 县区评分.
type rankings struct {
	Base   ui.Base
	Level  ui.Alert
	Choose ui.Form // zero for who may not decide
	Fields []ui.Field
	Groups []rankedTable
	Rules  ui.Facts
}

// rankedTable is one comparison group with what each score rests on.
type rankedTable struct {
	Name   string
	Table  ui.Table
	Detail ui.Table
}

func rankingPage(c *frame.Ctx) error {
	r, err := c.App.Supervise.Ranking(c.R.Context(), c.P)
	if err != nil {
		return err
	}
	v := rankingOf(c, r, nil)
	c.BookOf(org.Scope{})
	v.Base.Actions = c.WithBook(v.Base.Actions)
	var tables []ui.Table
	for _, g := range v.Groups {
		tables = append(tables, g.Table, g.Detail)
	}
	return c.Lists(rankingView(v), v.Base.Title, tables...)
}

func rankingSave(c *frame.Ctx) error {
	err := c.App.Supervise.Publicise(c.R.Context(), c.P, supervise.Publicity(c.Form("level")), c.Form("reason"))
	if err == nil {
		return c.Done("/ranking", "公布范围已更改。")
	}
	if !errs.Is(err, errs.Invalid) {
		return err
	}
	r, viewErr := c.App.Supervise.Ranking(c.R.Context(), c.P)
	if viewErr != nil {
		return viewErr
	}
	return c.Render(frame.StatusOf(errs.CodeOf(err)), rankingView(rankingOf(c, r, err)))
}

// rankingOf draws a ranking; refused is why a decision was not taken.
func rankingOf(c *frame.Ctx, r supervise.Ranking, refused error) rankings {
	v := rankings{Base: c.Base("县区评分", ui.Crumb{Label: "县区", URL: "/territories"})}
	v.Base.AsOf = r.Board.Today.Chinese() + "计算"
	v.Base.Lede = "只用已核验的结果和按期办理情况评分，同类地区之间比较；登录、上传、报送、会议、点击一概不计。"
	v.Level = ui.Alert{Kind: ui.Info, Title: "公布范围：" + r.Level.Label(), Text: "默认只供内部参考。"}
	if r.By != "" {
		v.Level.Text = r.Reason + "（" + r.By + "，" + ui.Moment(r.At) + "）"
	}
	if c.P.May(org.MatterApprove, org.Scope{}) == nil {
		v.Choose = ui.Form{Action: "/ranking", Guard: true, NoValid: true, Problems: ui.Problems(refused)}
		v.Fields = levelFields(c, r, refused)
	}
	for _, g := range r.Groups {
		v.Groups = append(v.Groups, rankedTable{g.Name, scoreTable(g), resultTable(g)})
	}
	v.Rules = scoringRules(c.App.Pack.Defaults.Scoring, r)
	return v
}

func levelFields(c *frame.Ctx, r supervise.Ranking, refused error) []ui.Field {
	said := errs.FieldMessages(refused)
	level := ui.Field{Kind: ui.Select, Name: "level", Label: "公布范围", Value: string(r.Level), Required: true, Size: ui.Short, Error: said["level"]}
	for _, p := range supervise.Publicities {
		level.Options = append(level.Options, ui.Option{Value: string(p.Code), Label: p.Label})
	}
	return []ui.Field{level, {Name: "reason", Label: "理由", Value: c.Form("reason"), Required: true, Size: ui.Full, MaxLength: 300, Error: said["reason"]}}
}

// points writes a part of a score; a dash for what nothing is known of.
func points(p supervise.Part) ui.Cell {
	if !p.Known {
		return ui.Text(nothing)
	}
	return ui.Text(p.Points.String()).With("满分 " + strconv.Itoa(p.Weight))
}

// opened is a part whose records have a page of their own.
func opened(p supervise.Part, o supervise.Ontime, id city.TerritoryID) ui.Cell {
	switch {
	case p.Known:
		return ui.Num(p.Points.String(), conductURL(id)).With(strconv.Itoa(o.Met) + "/" + strconv.Itoa(o.Due) + " 件，满分 " + strconv.Itoa(p.Weight))
	case o.Due > 0:
		return ui.Link("件数不足", conductURL(id))
	}
	return ui.Text(nothing)
}

// judged counts the records behind a rating, also those of shares with too few.
func judged(r supervise.Rating) (o supervise.Ontime) {
	for _, l := range r.Lines {
		o.Met, o.Due = o.Met+l.Met, o.Due+l.Due
	}
	return o
}

func scoreTable(g supervise.RankedGroup) ui.Table {
	t := ui.NewTable(g.Name, ui.Column{Label: "地区"}, ui.Column{Label: "名次", Num: true}, ui.Column{Label: "总分", Num: true}, ui.Column{Label: "结果", Num: true},
		ui.Column{Label: "过程", Num: true}, ui.Column{Label: "整改", Num: true}, ui.Column{Label: "服务评价", Num: true}, ui.Column{Label: "扣分", Num: true})
	for _, s := range g.Scores {
		to := "/territories/" + escape(string(s.Territory))
		rank, total := ui.Text(nothing).With(s.Why), ui.Text(nothing)
		if s.Rank > 0 {
			rank = ui.Text(strconv.Itoa(s.Rank))
		}
		if s.Result.Known {
			total = ui.Num(rounded(s.Total).String(), to)
		}
		deducted := ui.Text(s.Deducted.String())
		if s.Deducted > 0 {
			deducted = ui.Num("−"+s.Deducted.String(), to).With("连续黄灯 " + strconv.Itoa(s.YellowTwice) + " 项，红灯 " + strconv.Itoa(s.Red) + " 项")
		}
		t.Rows = append(t.Rows, ui.Row{URL: to, Cells: []ui.Cell{ui.Link(s.Name, to), rank, total, points(s.Result), points(s.Process), opened(s.Rectification, s.Rectifications, s.Territory), opened(s.Service, judged(s.Performance.Service), s.Territory), deducted}})
	}
	return t
}

// resultTable shows value, target, gap and starting point of each indicator of a group.
func resultTable(g supervise.RankedGroup) ui.Table {
	t := ui.NewTable(g.Name+"的指标", ui.Column{Label: "地区", Narrow: true}, ui.Column{Label: "指标"}, ui.Column{Label: "已核验", Num: true}, ui.Column{Label: "目标", Num: true},
		ui.Column{Label: "差距", Num: true}, ui.Column{Label: "期初数", Num: true, Hint: "期末总量类：年初已有多少"}, ui.Column{Label: "计分完成率", Num: true, Hint: "单项最高按上限计"})
	t.Empty = ui.Empty{Title: "没有已核验的指标"}
	for _, s := range g.Scores {
		for _, r := range s.Results {
			to := taskURL(r.Task.ID)
			base := ui.Text(nothing)
			if r.Baseline != nil {
				base = ui.Text(plan.Amount(*r.Baseline, r.Unit))
			}
			gap := ui.Text("已达到")
			if r.Gap() > 0 {
				gap = ui.Text("差 " + plan.Amount(r.Gap(), r.Unit))
			}
			done := quantity.Quantity(r.Share(city.BasisPoints(1_000_000))) * quantity.Scale / 100
			note := r.Task.No
			if r.Falsified {
				note += "，查实不实，按零计"
			}
			t.Rows = append(t.Rows, ui.Row{URL: to, Cells: []ui.Cell{ui.Text(s.Name), ui.Link(r.Subject, to).With(note), ui.Num(plan.Amount(r.Value, r.Unit), to),
				ui.Text(plan.Amount(r.Target, r.Unit)), gap, base, ui.Text(rounded(done).String() + "%")}})
		}
	}
	return t
}

// serviceWords names the shares that the service part is the mean of.
func serviceWords(rules supervise.RankingRules) string {
	if len(rules.Service) == 0 {
		return "企业和消费者评价"
	}
	names := make([]string, len(rules.Service))
	for i, x := range rules.Service {
		names[i] = x.Name
	}
	return strings.Join(names, "、") + "的比例的平均；少于 " + strconv.Itoa(rules.Least) + " 件的一项不计"
}

func scoringRules(rule city.Scoring, r supervise.Ranking) ui.Facts {
	n := strconv.Itoa
	return ui.Facts{Items: []ui.Fact{
		{Term: "结果", Text: n(rule.Result) + " 分", Sub: "已核验指标完成率的平均，单项最高 " + rule.Cap.String() + "；查实弄虚作假的一项按零计"},
		{Term: "过程", Text: n(rule.Process) + " 分", Sub: "本地区清单中按期完成并核验的时间节点占应完成的比例"},
		{Term: "整改", Text: n(rule.Rectification) + " 分", Sub: "按期销号的问题占应销号的比例；以首次下发的时限为准，复核不通过或者回头看反弹的不算按期"},
		{Term: "服务评价", Text: n(rule.Service) + " 分", Sub: serviceWords(r.Rules)},
		{Term: "扣分", Text: "连续黄灯每项 " + n(rule.YellowTwice) + " 分，红灯每项 " + n(rule.Red) + " 分"},
		{Term: "没有数据的部分", Text: "不计分，其余部分折成百分", Sub: "没有数据不等于好，也不等于差；评分办法没有规定缺项如何处理，这是项目设定"},
		{Term: "名次", Text: "同类地区内排名，同分并列；已核验指标少于 " + n(r.Rules.Least) + " 项的不排"},
		{Term: "依据", Text: rule.Source, Sub: confidence(rule.Confidence)},
		{Term: "最低样本", Text: r.Rules.Source, Sub: confidence(r.Rules.Confidence)},
	}}
}
