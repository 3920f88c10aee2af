package supervise

import (
	"fmt"
	"math/big"
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
	Target    plan.Target
	Actual    plan.Actual
	Previous  []plan.Actual // verified by the ends of the periods before, the nearest first; only yellow ones count
	Today     calendar.Date
	Due       calendar.Date // end of the last period whose figures are due; zero asks for today's
	Quarterly bool          // figures come by the quarter, else by the month
	Rules     city.Thresholds
	Category  city.TaskCategory
}

// Outcome is the light of a target with the figures it rests on.
type Outcome struct {
	Light
	Expected *quantity.Quantity // by the pace; nil when there is none
	// Deviation from the pace in basis points: (actual − expected) ÷ expected, for
	// rates the gap in hundredths of a percentage point.
	Deviation city.BasisPoints
	Verdict   plan.Verdict
	Repeated  bool // red because it was yellow several periods in a row
}

// Judge computes the light of a target (§4.3 of the supervision rules).
func Judge(f Facts) Outcome {
	rule := f.Rules.LightFor(f.Category)
	day := f.day()
	o := base(f, rule, f.Actual, day)
	if o.Level == Yellow && f.yellowBefore(rule, day) {
		o.Repeated = true
		o.Level, o.Reason = Red, fmt.Sprintf("%s；此前也已滞后，连续 %d 期", o.Reason, rule.YellowsToRed)
	}
	if o.Level == Red && f.Target.Aspirational && !rule.AspirationalRed {
		o.Level, o.Reason = Yellow, o.Reason+"（力争目标，不因数量亮红灯）"
	}
	return o
}

// yellowBefore reports whether as many periods in a row were yellow as turn the present one red.
func (f Facts) yellowBefore(rule city.LightRule, day calendar.Date) bool {
	before := periodsBefore(f.Target, rule, day, f.Quarterly)
	if before < 1 || before > len(f.Previous) {
		return false
	}
	for _, a := range f.Previous[:before] {
		day = PeriodBefore(day, f.Quarterly)
		if base(f, rule, a, day).Level != Yellow {
			return false
		}
	}
	return true
}

// periodsBefore is how many periods before the day must have been yellow to turn
// yellow into red; 0 for never. What is counted day by day is judged within a
// period that still runs, which is no period yet unless the day ends it.
func periodsBefore(t plan.Target, rule city.LightRule, day calendar.Date, quarterly bool) int {
	before := rule.YellowsToRed - 1
	if before > 0 && countedDaily(t) && PeriodBefore(day.AddDays(1), quarterly) != day {
		before++
	}
	return max(before, 0)
}

// countedDaily reports whether the value of a target is known for every day.
func countedDaily(t plan.Target) bool {
	return t.Measure.Kind == plan.Register || t.Measure.Kind == plan.Ledger
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

// PeriodBefore is the end of the month (or quarter) before the one that day belongs to or closes.
func PeriodBefore(day calendar.Date, quarterly bool) calendar.Date {
	month := day.Month()
	if quarterly {
		month -= (month - 1) % 3
	}
	return calendar.Of(day.Year(), month, 0)
}

// LastDue is the end of the last month (or quarter) whose figures are due on the
// day: the period has ended and the limit for reporting has passed.
func LastDue(today calendar.Date, quarterly bool, cal *calendar.Calendar, grace calendar.Limit) calendar.Date {
	end := PeriodBefore(today, quarterly)
	for i := 0; i < 6 && !cal.DueAfter(end, grace).Before(today); i++ {
		end = PeriodBefore(end, quarterly)
	}
	return end
}

// base is the light of one value on one day, without looking at other periods.
func base(f Facts, rule city.LightRule, a plan.Actual, day calendar.Date) Outcome {
	t := f.Target
	expected, quantified := t.ExpectedAt(day)
	o := Outcome{}
	if t.Value != nil && quantified {
		o.Expected = &expected
	}
	switch {
	case !quantified:
		return o.grey(owed(t, f.Today))
	case a.Value == nil && a.Pending != nil:
		return o.grey("已填报，尚未核验")
	case a.Value == nil && o.notDue():
		return o.grey("尚未到应有进度的时间")
	case a.Value == nil:
		return o.grey(missing(t))
	}
	o.Verdict = plan.Judge(t, *a.Value)
	switch {
	case t.Kind == plan.Comparison:
		return o.byGap(f.Rules.Growth, *a.Value, "与对比对象相差")
	case t.Kind == plan.Rate && t.Change == read.ChangeUp && t.Cap():
		return o.byGap(f.Rules.Growth, *t.Value-*a.Value, "与增速上限相差")
	case t.Kind == plan.Rate && t.Change == read.ChangeUp:
		return o.byGap(f.Rules.Growth, *a.Value-*t.Value, "与目标增速相差")
	case t.Cap():
		return o.byCap(rule, a, *t.Value, t.Unit)
	case o.Verdict.Met && t.Kind != plan.Stock:
		o.Light = Light{Green, "已达到目标"}
		return o
	case len(a.Silent) > 0 && !o.Verdict.Met:
		return o.bySpoken(rule, t, a, day)
	}
	return o.byPace(rule, *a.Value, expected, t)
}

// notDue reports whether the pace asks for nothing yet.
func (o Outcome) notDue() bool { return o.Expected != nil && *o.Expected == 0 }

func (o Outcome) grey(reason string) Outcome {
	o.Light = Light{Grey, reason}
	return o
}

// missing says what is not there while nothing is known of a target.
func missing(t plan.Target) string {
	switch t.Measure.Kind {
	case plan.Series:
		return "数据未发布"
	case plan.Register:
		return "台账里还没有已核验的记录"
	case plan.Ledger, plan.Reported:
	}
	return "没有已核验的数"
}

func owed(t plan.Target, today calendar.Date) string {
	if t.QuantifyBy == "" {
		return "尚未量化"
	}
	if today.String() > t.QuantifyBy {
		return "尚未量化，已超过量化期限 " + t.QuantifyBy
	}
	return "尚未量化，应于 " + t.QuantifyBy + " 前补充"
}

// byGap judges a gap in percentage points, rounded down, so that a gap just
// below a threshold does not pass it.
func (o Outcome) byGap(g city.GrowthRule, gap quantity.Quantity, words string) Outcome {
	const point = quantity.Scale / 100 // a hundredth of a percentage point
	o.Deviation = city.BasisPoints(gap / point)
	if gap < 0 && gap%point != 0 {
		o.Deviation--
	}
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

// byCap judges a ceiling: within is green once everybody has spoken, beyond is
// measured like a shortfall.
func (o Outcome) byCap(rule city.LightRule, a plan.Actual, ceiling quantity.Quantity, unit string) Outcome {
	if o.Verdict.Met && len(a.Silent) > 0 {
		return o.grey(silence("已填报的未超过上限", a))
	}
	if o.Verdict.Met {
		o.Light = Light{Green, "未超过上限"}
		return o
	}
	o.Deviation = deviation(ceiling, *a.Value)
	level := shortfall(rule, o.Deviation)
	if level == Green { // exactly at a limit that must not be reached
		level = Blue
	}
	o.Light = Light{level, fmt.Sprintf("已核验 %s，超过上限 %s", plan.Amount(*a.Value, unit), plan.Amount(ceiling, unit))}
	return o
}

// bySpoken judges a shared-out target of which some territories have no verified
// value: those that have one are held against their own shares. Missing data is
// neither red nor green, so that on pace the light stays grey.
func (o Outcome) bySpoken(rule city.LightRule, t plan.Target, a plan.Actual, day calendar.Date) Outcome {
	t.Value, t.ValueMax, t.Baseline = a.Covered, nil, nil
	expected, _ := t.ExpectedAt(day)
	spoken := o.byPace(rule, *a.Value, expected, t)
	o.Deviation = spoken.Deviation
	if spoken.Level == Green {
		return o.grey(silence("已填报的"+spoken.Reason, a))
	}
	o.Light = Light{spoken.Level, silence("已填报的"+spoken.Reason, a)}
	return o
}

func silence(words string, a plan.Actual) string {
	return fmt.Sprintf("%s；另有 %d 个县区没有已核验的数", words, len(a.Silent))
}

func (o Outcome) byPace(rule city.LightRule, actual, expected quantity.Quantity, t plan.Target) Outcome {
	if expected == 0 {
		o.Light = Light{Green, "尚未到应有进度的时间"}
		return o
	}
	o.Deviation = deviation(actual, expected)
	words := fmt.Sprintf("已核验 %s，序时应达 %s，", plan.Amount(actual, t.Unit), plan.Amount(round(expected), t.Unit))
	switch {
	case o.Deviation < 0:
		words += "落后 " + strings.TrimPrefix(o.Deviation.String(), "-")
	case o.Deviation > 0:
		words += "超前 " + o.Deviation.String()
	default:
		words += "持平"
	}
	level := shortfall(rule, o.Deviation)
	switch {
	case o.Verdict.Met: // 左右: a little less will do
		level = Green
	case level == Green && t.Comparator == read.Above && actual == *t.Value:
		level, words = Blue, words+"，尚未突破"
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
// that a value just short of a threshold does not pass it. Beyond ±100 times the
// expectation the size says nothing more.
func deviation(actual, expected quantity.Quantity) city.BasisPoints {
	const most = 1_000_000
	if expected == 0 {
		return 0
	}
	gap := new(big.Int).Sub(big.NewInt(int64(actual)), big.NewInt(int64(expected)))
	gap.Mul(gap, big.NewInt(10_000))
	// Div rounds towards minus infinity for a positive divisor.
	d := gap.Div(gap, new(big.Int).Abs(big.NewInt(int64(expected))))
	switch {
	case d.Cmp(big.NewInt(most)) > 0:
		return most
	case d.Cmp(big.NewInt(-most)) < 0:
		return -most
	}
	return city.BasisPoints(d.Int64())
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
