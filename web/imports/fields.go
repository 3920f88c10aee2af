package imports

import (
	"strconv"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/plan"
	"bihuan/plan/read"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// infoFields are the particulars of a plan.
func infoFields(v plan.Values) []ui.Field {
	return []ui.Field{
		{Name: "title", Label: "标题", Required: true, Value: v["title"], Size: ui.Full, MaxLength: 200},
		{Name: "number", Label: "文号", Value: v["number"], Hint: "如 聊商务字〔2026〕7号"},
		{Kind: ui.Date, Name: "date", Label: "印发日期", Value: v["date"], Size: ui.Short},
		{Name: "year", Label: "计划起始年份", Required: true, Value: v["year"], Size: ui.Short, InputMode: "numeric", MaxLength: 4},
		{Name: "year_end", Label: "计划截止年份", Required: true, Value: v["year_end"], Size: ui.Short, InputMode: "numeric", MaxLength: 4, Hint: "年度计划与起始年份相同"},
		{Kind: ui.TextArea, Name: "issuers", Label: "印发单位", Value: v["issuers"], Hint: "每行一个，按文件上的顺序", Size: ui.Full},
	}
}

// taskFields are the fields of a task.
func (a area) taskFields(l *loaded, v plan.Values) []ui.Field {
	f := []ui.Field{
		{Name: "title", Label: "任务名称", Required: true, Value: v["title"], Size: ui.Full, MaxLength: 200},
		{Name: "number", Label: "原文编号", Value: v["number"], Size: ui.Short, Optional: true, Hint: "文件上印的编号，如（一）、1"},
		{Kind: ui.TextArea, Name: "path", Label: "上级标题", Value: v["path"], Rows: 3, Size: ui.Full, Hint: "每行一级，从大到小，不含本任务"},
		{Kind: ui.Select, Name: "category", Label: "类别", Required: true, Value: v["category"], Options: categories()},
		{Kind: ui.Select, Name: "section", Label: "所在部分", Required: true, Value: v["section"], Options: terms(plan.Sections)},
		{Kind: ui.Date, Name: "due", Label: "完成时限", Value: v["due"], Size: ui.Short, Optional: true, Hint: "留空则取各目标中最晚的时限，没有时取计划年末"},
	}
	if l.ParentID != "" {
		parents := make([]ui.Option, 0, len(l.Parents)+1)
		parents = append(parents, ui.Option{Value: plan.NoParent, Label: "不对应市级任务"})
		for _, t := range l.Parents {
			group := ""
			if len(t.Path) > 0 {
				group = t.Path[0]
			}
			parents = append(parents, ui.Option{Value: t.ID, Label: t.No + " " + t.Title, Group: group})
		}
		f = append(f, ui.Field{Kind: ui.Select, Name: "parent", Label: "对应的市级任务", Value: v["parent"], Options: parents, Blank: "按系统建议", Size: ui.Full})
	}
	return f
}

// unitFields are the fields of a unit; printed is the name for which likely units are looked up.
func (a area) unitFields(c *frame.Ctx, l *loaded, v plan.Values, printed string) []ui.Field {
	found := a.app.Pack.Directory().Resolve(printed)
	if taught := l.Resolved[printed]; len(taught) > 0 {
		found.Units = taught
	}
	blank := "按名录自动识别（未识别）"
	if len(found.Units) > 0 {
		blank = "按名录自动识别（" + reader{pack: a.app.Pack}.units(found.Units) + "）"
	}
	f := []ui.Field{
		{Name: "name", Label: "文件上的名称", Required: true, Value: v["name"], MaxLength: 60},
		{Kind: ui.Radio, Name: "role", Label: "分工", Required: true, Value: v["role"], Options: roles()},
		{Kind: ui.Select, Name: "as", Label: "对应单位", Value: v["as"], Blank: blank, Size: ui.Full, Options: unitOptions(a.app.Pack, found.Candidates),
			Hint: "文件上的写法不在名录中时，从名录中选定；找不到对应单位的，保留原文即可。"},
	}
	if mayLearn(c.P) {
		f = append(f, ui.Field{Kind: ui.Check, Name: "learn", Label: "记住这个写法，今后自动对应到所选单位", Value: c.Form("learn")})
	}
	return f
}

// targetFields are the fields of a target: those that always matter, and the others.
func targetFields(v plan.Values, byHand bool) (main, more []ui.Field) {
	kind, numbers, _ := strings.Cut(v["curve"], " ")
	main = []ui.Field{
		{Name: "subject", Label: "目标对象", Required: true, Value: v["subject"], Size: ui.Full, MaxLength: 100, Hint: "要达到的是什么，如：新增社区托育驿站"},
		{Kind: ui.Radio, Name: "kind", Label: "目标类型", Required: true, Value: v["kind"], Options: targetKinds()},
		{Kind: ui.Select, Name: "comparator", Label: "比较方式", Required: true, Value: v["comparator"], Options: comparators(), Size: ui.Short},
		{Kind: ui.Number, Name: "value", Label: "目标值", Value: v["value"], Size: ui.Short, Hint: "可写 1300、1.5、4万；区间填下限"},
		{Kind: ui.Number, Name: "value_max", Label: "上限", Value: v["value_max"], Size: ui.Short, Hint: "只有区间目标需要"},
		{Name: "unit", Label: "计量单位", Value: v["unit"], Size: ui.Short, MaxLength: 20, Hint: "如：个、家、元、%"},
		{Kind: ui.Date, Name: "deadline", Label: "完成时限", Value: v["deadline"], Size: ui.Short, Optional: true},
		{Kind: ui.Select, Name: "curve_kind", Label: "序时进度", Value: kind, Blank: "系统默认（计数的均衡推进，比率全程达标）", Options: terms(plan.CurveKinds), Hint: "到某一天应完成多少；发布后固定，不再改动。"},
		{Name: "curve", Label: "序时进度的百分比", Value: numbers, Size: ui.Full, Optional: true,
			Hint: "分段到点写 2026-06-30=50 2026-12-31=100；逐月百分比写 12 个累计数，如 5 10 18 26 35 45 55 65 75 85 95 100。其余两种不填。"},
	}
	more = []ui.Field{
		{Name: "deadline_text", Label: "时限原文", Value: v["deadline_text"], MaxLength: 40, Optional: true},
		{Kind: ui.Check, Name: "aspirational", Label: "力争目标（力争、努力、争取）", Value: v["aspirational"]},
		{Kind: ui.Check, Name: "cumulative", Label: "累计（从以前年度算起）", Value: v["cumulative"]},
		{Kind: ui.Number, Name: "baseline", Label: "基数", Value: v["baseline"], Size: ui.Short, Optional: true, Hint: "新增量从上年末的多少算起"},
		{Name: "words", Label: "未量化的表述", Value: v["words"], MaxLength: 100, Optional: true, Hint: "如：一批、稳步提升、高于全省平均水平"},
	}
	if byHand {
		more = append(more, ui.Field{Kind: ui.TextArea, Name: "quote", Label: "原文依据", Value: v["quote"], Size: ui.Full, Rows: 3, MaxLength: 500, Optional: true})
	}
	return main, more
}

func terms[T ~string](list []plan.Term[T]) []ui.Option {
	out := make([]ui.Option, len(list))
	for i, t := range list {
		out[i] = ui.Option{Value: string(t.Code), Label: t.Label}
	}
	return out
}

func categories() []ui.Option {
	var out []ui.Option
	for _, c := range city.TaskCategories() {
		out = append(out, ui.Option{Value: string(c), Label: string(c)})
	}
	return out
}

func roles() []ui.Option {
	var out []ui.Option
	for _, r := range []read.Role{read.RoleLead, read.RoleResponsible, read.RoleSupport} {
		out = append(out, ui.Option{Value: string(r), Label: plan.RoleLabel(r)})
	}
	return out
}

func targetKinds() []ui.Option {
	hints := map[plan.TargetKind]string{
		plan.Flow: "新增、建成、发放", plan.Stock: "达到、突破", plan.Rate: "百分比", plan.Comparison: "高于全省平均", plan.Qualitative: "还没有数值",
	}
	var out []ui.Option
	for _, k := range plan.TargetKinds {
		out = append(out, ui.Option{Value: string(k), Label: k.Label(), Hint: hints[k]})
	}
	return out
}

func comparators() []ui.Option {
	var out []ui.Option
	for _, k := range plan.Comparators {
		out = append(out, ui.Option{Value: string(k), Label: plan.ComparatorLabel(k)})
	}
	return out
}

// taskOptions lists the tasks of a draft as choices of a form.
func taskOptions(l *loaded) []ui.Option {
	var out []ui.Option
	for _, t := range l.Draft.LiveTasks() {
		group := ""
		if len(t.Path) > 1 {
			group = t.Path[0]
		}
		out = append(out, ui.Option{Value: t.ID, Label: orTitle(t.Title, "（没有标题）"), Group: group})
	}
	return out
}

// paceOf draws the pace that the typed target would get; nil while it has no
// number, no term or no readable pace.
func paceOf(l *loaded, task *plan.DraftTask, v plan.Values) *ui.PaceChart {
	value, err := plan.ParseAmount(v["value"])
	if err != nil || value == nil || *value <= 0 || l.Draft.Year == 0 {
		return nil
	}
	start, end := calendar.Of(l.Draft.Year, 1, 1), calendar.Of(max(l.Draft.YearEnd, l.Draft.Year), 12, 31)
	due := v["deadline"]
	if due == "" && task != nil {
		due = task.Due
	}
	if d, err := calendar.ParseDate(due); err == nil && d.After(start) {
		end = d
	}
	curve := plan.DefaultCurve(plan.Target{Kind: plan.TargetKind(v["kind"]), Comparator: read.Comparator(v["comparator"]), Value: value}, start, end)
	if v["curve"] != "" {
		if curve, err = plan.ParseCurve(v["curve"], start, end); err != nil {
			return nil
		}
	}
	chart := &ui.PaceChart{Title: "序时进度预览", Unit: v["unit"], Target: amountValue(*value), Now: -1, Level: ui.Grey, HideNumber: true}
	for _, d := range checkpoints(start, end) {
		share, err := value.MulDiv(int64(curve.ShareAt(d)), 10_000)
		if err != nil {
			return nil
		}
		chart.Points = append(chart.Points, ui.PacePoint{Label: monthLabel(d, start.Year() != end.Year()), Expected: amountValue(share)})
	}
	return chart
}

// checkpoints are the ends of months up to the end, or of quarters when there are many.
func checkpoints(start, end calendar.Date) []calendar.Date {
	step := 1
	if months := (end.Year()-start.Year())*12 + int(end.Month()-start.Month()) + 1; months > 12 {
		step = 3
	}
	var out []calendar.Date
	for m := step - 1; ; m += step {
		d := calendar.Of(start.Year(), start.Month(), 1).AddMonths(m).EndOfMonth()
		if !d.Before(end) {
			return append(out, end)
		}
		out = append(out, d)
	}
}

func monthLabel(d calendar.Date, years bool) string {
	label := strconv.Itoa(int(d.Month())) + "月"
	if years {
		label = strconv.Itoa(d.Year()) + "." + strconv.Itoa(int(d.Month()))
	}
	return label
}

func amountValue(q quantity.Quantity) ui.Value { return ui.Val(q.Float(), plan.Amount(q, "")) }

// anyError reports whether one of the fields must be mended.
func anyError(fields []ui.Field) bool {
	for _, f := range fields {
		if f.Error != "" {
			return true
		}
	}
	return false
}
