package supervise

import (
	"fmt"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/plan"
	"bihuan/plan/read"
)

// Level is the colour of a light. Every level is shown with its word and shape, never by colour alone.
type Level string

// The levels.
const (
	Grey   Level = "grey"   // no data due yet, figure not published, or not quantified yet
	Green  Level = "green"  // on pace
	Blue   Level = "blue"   // slightly behind, or a milestone near without evidence: 提醒
	Yellow Level = "yellow" // behind: 督办
	Red    Level = "red"    // far behind, long late, or yellow twice in a row: 限期整改
)

// Levels lists the levels from worst to best; grey stands last since it says nothing.
var Levels = []Level{Red, Yellow, Blue, Green, Grey}

// Label is the level in the words of officials.
func (l Level) Label() string {
	switch l {
	case Red:
		return "严重滞后"
	case Yellow:
		return "滞后"
	case Blue:
		return "提醒"
	case Green:
		return "正常"
	case Grey:
		return "无数据"
	}
	return string(l)
}

// rank orders levels for Worst: grey is weaker than any level that says something.
func (l Level) rank() int {
	switch l {
	case Red:
		return 4
	case Yellow:
		return 3
	case Blue:
		return 2
	case Green:
		return 1
	case Grey:
	}
	return 0
}

// Worst is the level that shows for several parts: the worst that says something, else grey.
func Worst(levels ...Level) Level {
	worst := Grey
	for _, l := range levels {
		if l.rank() > worst.rank() {
			worst = l
		}
	}
	return worst
}

// Light is a judgement with its reason in the user's words.
type Light struct {
	Level  Level
	Reason string
}

// Facts are what a target's light is computed from.
type Facts struct {
	Target   plan.Target
	Actual   plan.Actual
	Previous *quantity.Quantity // verified value at the end of the month before; only its yellow counts
	Today    calendar.Date
	Due      calendar.Date // end of the last period whose figures are due; zero asks for today's
	Rules    city.Thresholds
	Category city.TaskCategory
}

// Outcome is the light of a target with the figures it rests on.
type Outcome struct {
	Light
	Expected *quantity.Quantity // by the pace; nil when there is none
	// Deviation from the pace in basis points: (actual − expected) ÷ expected, for
	// rates the gap in hundredths of a percentage point.
	Deviation city.BasisPoints
	Verdict   plan.Verdict
}

// Judge computes the light of a target (§4.3 of the supervision rules).
func Judge(f Facts) Outcome {
	rule := f.Rules.LightFor(f.Category)
	day := f.day()
	o := base(f, rule, f.Actual.Value, day)
	if o.Level == Yellow && rule.YellowsToRed == 2 && f.Previous != nil {
		if base(f, rule, f.Previous, PeriodBefore(day)).Level == Yellow {
			o.Level, o.Reason = Red, o.Reason+"；上期末已是滞后，连续两期"
		}
	}
	if o.Level == Red && f.Target.Aspirational && !rule.AspirationalRed {
		o.Level, o.Reason = Yellow, o.Reason+"（力争目标，不因数量亮红灯）"
	}
	return o
}

// day is the day on which a target is judged. Figures come period by period: a
// value as of 30 June is held against the pace of 30 June, not against that of
// the day on which somebody looks. When the figures of a later period are due and
// have not come, the older value is held against that period's end, so that
// silence turns into lateness by itself.
func (f Facts) day() calendar.Date {
	if f.Due.IsZero() {
		return f.Today
	}
	day := f.Due
	if asOf, err := calendar.ParseDate(f.Actual.AsOf); err == nil && asOf.After(day) {
		day = asOf
	}
	if day.After(f.Today) {
		return f.Today
	}
	return day
}

// PeriodBefore is the end of the month before the one that day belongs to or closes.
func PeriodBefore(day calendar.Date) calendar.Date { return calendar.Of(day.Year(), day.Month(), 0) }

// LastDue is the end of the last month (or quarter) whose figures are due on the
// day: the period has ended and the limit for reporting has passed.
func LastDue(today calendar.Date, quarterly bool, cal *calendar.Calendar, grace calendar.Limit) calendar.Date {
	end := PeriodBefore(today)
	for i := 0; i < 6; i++ {
		if (!quarterly || int(end.Month())%3 == 0) && cal.DueAfter(end, grace).Before(today) {
			return end
		}
		end = PeriodBefore(end)
	}
	return end
}

// base is the light of one value on one day, without looking at other periods.
func base(f Facts, rule city.LightRule, actual *quantity.Quantity, day calendar.Date) Outcome {
	t := f.Target
	expected, quantified := t.ExpectedAt(day)
	o := Outcome{}
	if t.Value != nil && quantified {
		o.Expected = &expected
	}
	switch {
	case !quantified:
		return o.grey(owed(t, day))
	case actual == nil && f.Actual.Pending != nil:
		return o.grey("已填报，尚未核验")
	case actual == nil && t.Kind != plan.Comparison && expected == 0:
		return o.grey("尚未到应有进度的时间")
	case actual == nil:
		return o.grey("没有已核验的数")
	}
	o.Verdict = plan.Judge(t, *actual)
	switch {
	case t.Kind == plan.Comparison:
		return o.byGap(f.Rules.Growth, *actual, "与对比对象相差")
	case t.Kind == plan.Rate && t.Change == read.ChangeUp:
		return o.byGap(f.Rules.Growth, *actual-*t.Value, "与目标增速相差")
	case t.Cap():
		return o.byCap(rule, *actual, *t.Value)
	case o.Verdict.Met && t.Kind != plan.Stock:
		o.Light = Light{Green, "已达到目标"}
		return o
	}
	return o.byPace(rule, *actual, expected, t.Unit)
}

func (o Outcome) grey(reason string) Outcome {
	o.Light = Light{Grey, reason}
	return o
}

func owed(t plan.Target, day calendar.Date) string {
	if t.QuantifyBy == "" {
		return "尚未量化"
	}
	if day.String() > t.QuantifyBy {
		return "尚未量化，已超过量化期限 " + t.QuantifyBy
	}
	return "尚未量化，应于 " + t.QuantifyBy + " 前补充"
}

// byGap judges a gap in percentage points.
func (o Outcome) byGap(g city.GrowthRule, gap quantity.Quantity, words string) Outcome {
	o.Deviation = city.BasisPoints(gap / (quantity.Scale / 100))
	level := Red
	switch {
	case o.Deviation >= g.Green:
		level = Green
	case o.Deviation >= g.Blue:
		level = Blue
	case o.Deviation >= g.Yellow:
		level = Yellow
	}
	o.Light = Light{level, fmt.Sprintf("%s %+.2f 个百分点", words, gap.Float())}
	return o
}

// byCap judges a ceiling: within is green, beyond is measured like a shortfall.
func (o Outcome) byCap(rule city.LightRule, actual, ceiling quantity.Quantity) Outcome {
	if o.Verdict.Met {
		o.Light = Light{Green, "未超过上限"}
		return o
	}
	o.Deviation = deviation(ceiling, actual)
	o.Light = Light{shortfall(rule, o.Deviation), "超过上限 " + ceiling.String()}
	return o
}

func (o Outcome) byPace(rule city.LightRule, actual, expected quantity.Quantity, unit string) Outcome {
	if expected == 0 {
		o.Light = Light{Green, "尚未到应有进度的时间，已有进展"}
		return o
	}
	o.Deviation = deviation(actual, expected)
	level := shortfall(rule, o.Deviation)
	words := fmt.Sprintf("已核验 %s，序时应达 %s，", plan.Amount(actual, unit), plan.Amount(round(expected), unit))
	switch {
	case o.Deviation < 0:
		words += "落后 " + strings.TrimPrefix(o.Deviation.String(), "-")
	case o.Deviation > 0:
		words += "超前 " + o.Deviation.String()
	default:
		words += "持平"
	}
	o.Light = Light{level, words}
	return o
}

// round drops decimals that a reader does not need from a computed expectation.
func round(q quantity.Quantity) quantity.Quantity {
	if q >= quantity.Of(100) {
		return (q + quantity.Scale/2) / quantity.Scale * quantity.Scale
	}
	return (q + quantity.Scale/20) / (quantity.Scale / 10) * (quantity.Scale / 10)
}

// deviation is (actual − expected) ÷ expected in basis points, rounded down, so
// that a value just short of a threshold does not pass it.
func deviation(actual, expected quantity.Quantity) city.BasisPoints {
	if expected == 0 {
		return 0
	}
	d, err := (actual - expected).MulDiv(10_000, int64(max(expected, -expected)))
	if err != nil {
		return 1_000_000
	}
	exact := float64(actual-expected) / float64(max(expected, -expected)) * 10_000
	if float64(d) > exact {
		d--
	}
	return city.BasisPoints(d)
}

func shortfall(rule city.LightRule, dev city.BasisPoints) Level {
	switch {
	case dev >= rule.Green:
		return Green
	case dev >= rule.Blue:
		return Blue
	case dev >= rule.Yellow:
		return Yellow
	}
	return Red
}

// JudgeMilestones computes the light that a task's dated steps give: late ones by
// working days, near ones without evidence. Without milestones it is grey.
func JudgeMilestones(ms []plan.Milestone, today calendar.Date, cal *calendar.Calendar, rule city.LightRule) Light {
	worst := Light{Grey, "没有时间节点"}
	for _, m := range ms {
		if l := judgeMilestone(m, today, cal, rule); l.Level.rank() > worst.Level.rank() || worst.Level == Grey {
			worst = l
		}
	}
	return worst
}

func judgeMilestone(m plan.Milestone, today calendar.Date, cal *calendar.Calendar, rule city.LightRule) Light {
	planned, err := calendar.ParseDate(m.PlannedOn)
	if err != nil || m.Met() {
		return Light{Green, "“" + m.Name + "”已完成"}
	}
	waits := ""
	if m.ActualOn != "" {
		waits = "（已填报，待核验）"
	}
	if !today.After(planned) {
		if near := cal.WorkdaysBetween(today, planned); near < rule.NearWorkdays && m.ActualOn == "" {
			return Light{Blue, fmt.Sprintf("“%s”还有 %d 个工作日到期，尚无佐证", m.Name, near)}
		}
		return Light{Green, "“" + m.Name + "”未到期" + waits}
	}
	late := cal.WorkdaysBetween(planned, today)
	reason := fmt.Sprintf("“%s”逾期 %d 个工作日%s", m.Name, late, waits)
	switch {
	case late > rule.LateWorkdays:
		return Light{Red, reason}
	case late >= 1:
		return Light{Yellow, reason}
	}
	return Light{Blue, "“" + m.Name + "”已到期" + waits}
}
