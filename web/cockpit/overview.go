package cockpit

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bihuan/city"
	"bihuan/org"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// How many rows the overview shows at once; what is beyond folds away, and on
// paper stays with the count only, so that the page prints on one or two sheets.
const (
	behindShown  = 10
	owedShown    = 6
	targetsShown = 5
)

// folded is a table of which the tail folds away.
type folded struct {
	Head ui.Table
	Tail ui.Table // without rows when everything is shown
}

// fold cuts a table after its first rows.
func fold(t ui.Table, shown int) folded {
	f := folded{Head: t}
	if len(t.Rows) > shown+1 { // a fold for one row would hide nothing
		f.Tail = t
		f.Head.Rows, f.Tail.Rows = t.Rows[:shown], t.Rows[shown:]
		f.Tail.Caption += "（续）"
	}
	return f
}

func (f folded) rest() string { return "其余 " + strconv.Itoa(len(f.Tail.Rows)) + " 项" }

// overview is the page 总览.
type overview struct {
	Base        ui.Base
	Start       *ui.Empty // set while nothing is published; then nothing else is drawn
	Choose      ui.FilterBar
	Stats       ui.Stats
	Tally       ui.LightBar
	Behind      folded
	Owed        folded
	OwedSum     string // what is owed, counted by kind
	Targets     folded
	TargetsURL  string
	Propose     ui.Buttons // where sheets are proposed, for who draws them up
	Actions     ui.LightRows
	Units       ui.Table
	UnitsURL    string
	Tiles       ui.TileGrid
	Territories ui.Table
	NoShares    ui.Empty // drawn when no county carries anything yet
	PlacesURL   string
}

func overviewPage(c *frame.Ctx) error {
	// The administrators do no business: their first page is another one.
	if !c.P.MayAnywhere(org.PlanRead) && c.App.Nav != nil {
		for _, item := range c.App.Nav(c) {
			if item.URL != "/" {
				c.Redirect(item.URL, ui.Flash{})
				return nil
			}
		}
	}
	s, err := look(c)
	if err != nil {
		return err
	}
	page := overview{Base: s.base("总览")}
	if s.none() {
		start := s.start()
		page.Start, page.Base.AsOf = &start, ""
		return c.Render(http.StatusOK, overviewView(page))
	}
	if err := page.fill(s); err != nil {
		return err
	}
	return c.Render(http.StatusOK, overviewView(page))
}

func (p *overview) fill(s *scene) error {
	v := s.view
	p.Base.Lede = s.sentence()
	if s.plan != nil {
		p.Base.Eyebrow = s.plan.Title
	}
	p.Base.Actions = wideOnly(ui.Button{Label: "打印", Icon: "print", Do: "print"})
	p.Choose = s.chooser("/")
	p.Tally = tallyBar("全部任务", v.Tally, true, func(l supervise.Level) string { return s.listed("light", string(l)) })
	p.Stats = s.stats()
	p.Behind = fold(s.taskTable("落后任务", v.Behind, s.nothingBehind()), behindShown)
	p.Owed = fold(s.taskTable("待办缺口", v.Owed, ui.Empty{Title: "没有待补的数据和目标", Text: "需要填报、核验或补充量化时，会列在这里。"}), owedShown)
	p.OwedSum = owedSum(v.Owed)
	if s.c.P.May(org.MatterIssue, org.Scope{}) == nil {
		p.Propose = ui.Buttons{{Label: "督办建议", URL: "/matters/proposals", Small: true}}
	}
	p.TargetsURL, p.UnitsURL, p.PlacesURL = s.to("/targets"), s.to("/units"), s.to("/territories")
	p.Actions = s.actionLights()
	p.Units = s.unitTallies()
	p.Tiles, p.Territories = s.tiles(), s.territoryTallies()
	p.NoShares = s.noShares()
	rows := worstFirst(v.Targets)
	rows = rows[:min(mostTargets, len(rows))]
	lines, err := s.courses(rows)
	if err != nil {
		return err
	}
	t := ui.NewTable("量化目标与序时进度", targetColumns()...)
	t.Empty = ui.Empty{Title: "这份清单没有量化目标"}
	for _, r := range rows {
		row := s.targetRow(r, lines[r.Target.ID].Line)
		row.Cells[0].Sub = r.Task.No
		// The whole reason stands at the task above; here its figure is enough.
		row.Cells[3] = ui.Node(ui.Light{Level: ui.Level(r.Target.Level), URL: row.URL, Reason: deviation(r.Target.Target, r.Target.Actual, r.Target.Outcome)})
		t.Rows = append(t.Rows, row)
	}
	p.Targets = fold(t, targetsShown)
	return nil
}

// mostTargets bounds the targets on the overview; the page 目标 has all of them.
const mostTargets = 60

// sentence says the state of the list in one line.
func (s *scene) sentence() string {
	n, v := s.view.Tally.Total(), s.view
	if n == v.Tally[supervise.Grey] {
		return strconv.Itoa(n) + " 项任务，尚无可以亮灯的已核验数据。"
	}
	if len(v.Behind) == 0 {
		return strconv.Itoa(n) + " 项任务，有数据的都在序时进度以内。"
	}
	return strconv.Itoa(n) + " 项任务，" + strconv.Itoa(len(v.Behind)) + " 项需要关注，其中严重滞后 " +
		strconv.Itoa(v.Tally[supervise.Red]) + " 项、滞后 " + strconv.Itoa(v.Tally[supervise.Yellow]) + " 项。"
}

func (s *scene) stats() ui.Stats {
	v, met := s.view, 0
	for _, r := range v.Targets {
		if r.Target.Verdict.Met {
			met++
		}
	}
	worst := supervise.Grey
	if len(v.Behind) > 0 {
		worst = v.Behind[0].Shown()
	}
	behind := ui.Stat{Label: "落后任务", Value: strconv.Itoa(len(v.Behind)), Unit: "项", URL: "#behind", Hint: "显示灯色为提醒、滞后、严重滞后的任务"}
	if worst != supervise.Grey {
		behind.Level = ui.Level(worst)
	}
	return ui.Stats{
		{Label: "任务", Value: strconv.Itoa(v.Tally.Total()), Unit: "项", URL: s.listed()},
		behind,
		{Label: "待办缺口", Value: strconv.Itoa(len(v.Owed)), Unit: "项", URL: "#owed", Hint: "没有数据可判，且有人应填报、核验或补充量化的任务"},
		{Label: "量化目标", Value: strconv.Itoa(len(v.Targets)), Unit: "个", Sub: "已达到目标 " + strconv.Itoa(met) + " 个", URL: s.to("/targets")},
	}
}

// nothingBehind tells apart that all goes well and that nothing is known.
func (s *scene) nothingBehind() ui.Empty {
	if s.view.Tally.Total() > s.view.Tally[supervise.Grey] {
		return ui.Empty{Title: "没有落后的任务", Text: "有已核验数据的任务都达到序时进度。", Icon: "check"}
	}
	e := ui.Empty{Title: "还没有已核验的数据", Text: "各单位填报并经核验后，才能判断快慢；没有数据不等于正常。"}
	switch p := s.c.P; {
	case p.MayAnywhere(org.ProgressReport):
		e.Label, e.URL = "去填报", "/report"
	case p.MayAnywhere(org.ProgressVerify):
		e.Label, e.URL = "去核验", "/verify"
	}
	return e
}

// owedSum counts what is owed by kind, the most first: 补充量化目标 4 项、填报进展 1 项.
func owedSum(owed []*supervise.TaskLight) string {
	counts := map[string]int{}
	var kinds []string
	for _, t := range owed {
		if counts[t.Turn.What]++; counts[t.Turn.What] == 1 {
			kinds = append(kinds, t.Turn.What)
		}
	}
	slices.SortStableFunc(kinds, func(a, b string) int { return cmp.Compare(counts[b], counts[a]) })
	for i, k := range kinds {
		kinds[i] = k + " " + strconv.Itoa(counts[k]) + " 项"
	}
	return strings.Join(kinds, "、")
}

// actionLights is one row of lights for each action of the plan.
func (s *scene) actionLights() ui.LightRows {
	rows := ui.LightRows{Label: "各行动的任务灯色"}
	for _, a := range s.view.Actions {
		row := ui.MatrixRow{Label: shortAction(a.Title)}
		if a.Title == "" && len(a.Tasks) == 1 {
			row.Label = a.Tasks[0].Title
		}
		for i, t := range a.Tasks {
			light := taskLight(t)
			row.Cells = append(row.Cells, ui.MatrixCell{Level: light.Level, Text: dayOr(t.Number, strconv.Itoa(i+1)), URL: light.URL,
				Label: t.Title + "：" + t.Shown().Label() + "，" + light.Reason})
		}
		rows.Rows = append(rows.Rows, row)
	}
	return rows
}

// shortAction keeps what names an action: 实施商品消费提质升级行动，释放… is 商品消费提质升级.
func shortAction(title string) string {
	name, _, _ := strings.Cut(title, "，")
	name = strings.TrimSuffix(strings.TrimPrefix(name, "实施"), "行动")
	if name == "" {
		return "其他任务"
	}
	return name
}

// unitTallies is the lead units side by side.
func (s *scene) unitTallies() ui.Table {
	t := ui.Table{Caption: "各牵头单位的任务灯色", Columns: []ui.Column{{Label: "牵头单位"}, {Label: "任务", Num: true, Narrow: true}, {Label: "灯色"}}}
	for _, g := range s.view.Units {
		id := city.UnitID(g.ID)
		t.Rows = append(t.Rows, ui.Row{URL: s.unitURL(id), Cells: []ui.Cell{
			ui.Text(g.Name), ui.Num(strconv.Itoa(g.Tally.Total()), s.unitURL(id)),
			ui.Node(tallyCounts(g.Name, g.Tally, func(l supervise.Level) string { return s.unitURL(id, "role", roleLead, "light", string(l)) })),
		}})
	}
	return t
}
