package cockpit

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/ui"
)

// turnCell says whose turn it is and what for.
func (s *scene) turnCell(t *supervise.TaskLight) ui.Cell {
	switch turn := t.Turn; {
	case turn.What == "":
		return ui.Text(nothing)
	case turn.Unit == "":
		silent := silentOf(t)
		if len(silent) == 0 {
			return ui.Link(turn.What, taskURL(t.ID))
		}
		return ui.Link(turn.What, taskURL(t.ID)).With(territoryNames(s.pack, silent) + " " + strconv.Itoa(len(silent)) + " 地未报")
	default:
		return ui.Link(unitName(s.pack, turn.Unit), s.unitURL(turn.Unit)).With(turn.What)
	}
}

// silentOf lists the territories of a task's first target that waits for some.
func silentOf(t *supervise.TaskLight) []city.TerritoryID {
	for i := range t.Targets {
		if silent := t.Targets[i].Actual.Silent; len(silent) > 0 {
			return silent
		}
	}
	return nil
}

// titleCell names a task, with its number.
func titleCell(t *supervise.TaskLight) ui.Cell {
	return ui.Link(t.Title, taskURL(t.ID)).With(t.No)
}

// dueCell is a task's due date, with the first one when it was put off.
func dueCell(t *supervise.TaskLight) ui.Cell {
	c := ui.Text(dayOr(t.DueOn, nothing))
	if t.OriginalDue != "" && t.OriginalDue != t.DueOn {
		return c.With("原定 " + t.OriginalDue)
	}
	return c
}

// taskTable lists tasks with light, turn and due date.
func (s *scene) taskTable(caption string, tasks []*supervise.TaskLight, empty ui.Empty) ui.Table {
	t := ui.NewTable(caption, ui.Column{Label: "任务"}, ui.Column{Label: "灯色与原因"}, ui.Column{Label: "轮到谁", Narrow: true},
		ui.Column{Label: "时限", Narrow: true, Hidden: true})
	t.Empty = empty
	for _, task := range tasks {
		t.Rows = append(t.Rows, ui.Row{URL: taskURL(task.ID), Cells: []ui.Cell{
			titleCell(task), ui.Node(taskLight(task)), s.turnCell(task), dueCell(task)}})
	}
	return t
}

// targetColumns are the columns of targetRow.
func targetColumns() []ui.Column {
	return []ui.Column{
		{Label: "目标"}, {Label: "进度", Hint: "实心为已核验，斜线为已填报未核验，竖线为序时应达"},
		{Label: "已核验", Num: true}, {Label: "灯色与原因"}, {Label: "走势", Narrow: true, Hidden: true, Hint: "各月末已核验的数"},
	}
}

// targetRow is one target with its pace; course is its values at past month ends.
func (s *scene) targetRow(r supervise.TargetRow, course ui.Sparkline) ui.Row {
	g, to := r.Target, targetURL(r.Target.ID)
	row := ui.Row{URL: to, Cells: []ui.Cell{
		ui.Link(g.Pledge(), to).With(r.Task.No + " " + r.Task.Title),
		progressCell(g.Target, g.Value, g.Actual, g.Outcome, to),
		verifiedCell(g.Target, g.Actual, s.valueURL(g.Target, r.Task.Territory)),
		ui.Node(lightOf(g.Light, to)),
		ui.Text(nothing),
	}}
	if len(course.Values) > 0 {
		row.Cells[4] = ui.Node(screenOnly(course))
	}
	return row
}

// progressCell is the bar with what waits for verification below it.
func progressCell(t plan.Target, whole *quantity.Quantity, actual plan.Actual, o supervise.Outcome, to string) ui.Cell {
	return ui.Node(progress(t, whole, actual, o, to)).With(pendingNote(t, actual))
}

// valueURL is where the value of a target opens: the records that it is counted
// from, when they stand in one place, else the target's page, which names them.
func (s *scene) valueURL(t plan.Target, territory city.TerritoryID) string {
	if places := s.c.App.Supervise.Behind(t, s.view.Board.Today, territory); len(places) == 1 {
		return places[0].URL
	}
	return targetURL(t.ID)
}

// verifiedCell is a verified value that opens to its entries, with the day it counts up to.
func verifiedCell(t plan.Target, actual plan.Actual, to string) ui.Cell {
	text := figure(t, actual.Value)
	if text == "" {
		return ui.Text(nothing)
	}
	return ui.Num(text, to).With("截至 " + actual.AsOf + " · " + t.Measure.Kind.Label())
}

func orNothing(s string) string {
	if s == "" {
		return nothing
	}
	return s
}

// worstFirst sorts targets by light and then by how far they are behind.
func worstFirst(rows []supervise.TargetRow) []supervise.TargetRow {
	rows = slices.Clone(rows)
	place := func(r supervise.TargetRow) int { return slices.Index(supervise.Levels, r.Target.Level) }
	slices.SortStableFunc(rows, func(a, b supervise.TargetRow) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Target.Deviation, b.Target.Deviation))
	})
	return rows
}

// course is how a target went, drawn, and where it is likely to end.
type course struct {
	Line     ui.Sparkline
	Forecast *supervise.Forecast
}

// courses draws the values of targets at the month ends of the list's year up to
// today, and forecasts their ends. A target with fewer than two values gets an
// empty drawing.
func (s *scene) courses(rows []supervise.TargetRow) (map[string]course, error) {
	texts := s.monthEnds()
	days := make([]calendar.Date, len(texts))
	for i, text := range texts {
		days[i] = calendar.MustParseDate(text)
	}
	values, err := s.c.App.Supervise.Courses(s.c.R.Context(), s.c.P, rows, days)
	if err != nil {
		return nil, err
	}
	courses := make(map[string]course, len(values))
	for _, r := range rows {
		if v := values[r.Target.ID]; len(v) > 0 {
			asOf, _ := calendar.ParseDate(r.Target.Actual.AsOf) // without a day nothing is forecast
			courses[r.Target.ID] = course{sparkline(r.Target.Target, v, texts), supervise.Project(r.Target.Target, days, v, asOf)}
		}
	}
	return courses, nil
}

// likely says where a target is likely to end; "" without a forecast.
func (c course) likely(t plan.Target) string {
	if c.Forecast == nil {
		return ""
	}
	return "测算约 " + figure(t, &c.Forecast.Mid) + "（" + c.Forecast.Low.String() + "–" + c.Forecast.High.String() + "）"
}

func sparkline(t plan.Target, course []*quantity.Quantity, days []string) ui.Sparkline {
	line, known := ui.Sparkline{Label: t.Subject + "各月末已核验："}, 0
	for i, v := range course {
		if v == nil {
			line.Values = append(line.Values, ui.Value{})
			continue
		}
		if known++; known > 1 {
			line.Label += "，"
		}
		text := days[i] + " " + figure(t, v)
		line.Label += text
		line.Values = append(line.Values, ui.Val(v.Float(), text))
	}
	if known < 2 {
		return ui.Sparkline{}
	}
	return line
}

// monthEnds lists the month ends of the list's year that are over, and the day of today.
func (s *scene) monthEnds() []string {
	today := s.view.Board.Today
	first := calendar.Of(today.Year(), time.January, 1)
	if s.plan != nil && s.plan.Year < today.Year() {
		first = calendar.Of(s.plan.Year, time.January, 1)
	}
	const most = 12
	var days []string
	for end := first.EndOfMonth(); end.Before(today) && len(days) < most; end = end.AddDays(1).EndOfMonth() {
		days = append(days, end.String())
	}
	if len(days) < most {
		days = append(days, today.String())
	}
	return days
}
