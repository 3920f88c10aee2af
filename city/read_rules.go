package city

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bihuan/kit/calendar"
	"bihuan/kit/strictyaml"
)

func (r *reader) readThresholds(v strictyaml.Value) {
	f := v.Mapping("light", "categories", "growth")
	t := &r.pack.Thresholds
	t.Light = readLight(f.Must("light", "亮灯规则"), nil)
	for _, item := range f.May("categories").Items() {
		t.Categories = append(t.Categories, readCategory(item, t))
	}
	growth := f.Must("growth", "增速类亮灯规则").Mapping("green", "blue", "yellow", "confidence", "source")
	t.Growth = GrowthRule{
		Green:  points(growth.Must("green", "绿灯下限")),
		Blue:   points(growth.Must("blue", "蓝灯下限")),
		Yellow: points(growth.Must("yellow", "黄灯下限")),
		Basis:  ReadBasis(growth),
	}
	falling(growth.Value, t.Growth.Green, t.Growth.Blue, t.Growth.Yellow)
}

// readLight reads a rule; with a base, what is not written is as in the base.
func readLight(v strictyaml.Value, base *LightRule) LightRule {
	f := v.Mapping("category", "green", "blue", "yellow", "late_workdays", "near_workdays",
		"yellows_to_red", "aspirational_red", "confidence", "source")
	part := f.Must
	var l LightRule
	if base != nil {
		l = *base
		part = func(k, _ string) strictyaml.Value { return f.May(k) }
	} else if c := f.May("category"); c.Present() {
		c.Problem(c.Describe(), "空缺：light 适用于所有类别")
	}
	set(&l.Green, part("green", "绿灯下限，如 0%"), share)
	set(&l.Blue, part("blue", "蓝灯下限，如 -5%"), share)
	set(&l.Yellow, part("yellow", "黄灯下限，如 -15%"), share)
	set(&l.LateWorkdays, part("late_workdays", "黄灯最多逾期的工作日数"), count)
	set(&l.NearWorkdays, part("near_workdays", "节点临近的工作日数"), count)
	set(&l.YellowsToRed, part("yellows_to_red", "连续几期黄灯转红灯，0 为不转"), count)
	set(&l.AspirationalRed, part("aspirational_red", "力争类目标能否仅因数量亮红灯"), strictyaml.Value.Truth)
	l.Basis = ReadBasis(f)
	falling(f.Value, l.Green, l.Blue, l.Yellow)
	return l
}

func set[T any](to *T, from strictyaml.Value, read func(strictyaml.Value) T) {
	if from.Present() {
		*to = read(from)
	}
}

func readCategory(v strictyaml.Value, t *Thresholds) CategoryRule {
	c := CategoryRule{Light: readLight(v, &t.Light)}
	at := v.Child("category")
	if !at.Present() {
		v.Problem("缺少“category”", "category: 任务类别")
		return c
	}
	c.Category = strictyaml.Choice(at, TaskCategories()...)
	if slices.ContainsFunc(t.Categories, func(had CategoryRule) bool { return had.Category == c.Category && c.Category != "" }) {
		at.Problem("重复的类别"+strictyaml.Quote(string(c.Category)), "每个类别一条规则")
	}
	return c
}

// falling notes thresholds that do not fall from green to yellow: some light
// could then never show.
func falling(at strictyaml.Value, green, blue, yellow BasisPoints) {
	if at.Present() && (green < blue || blue < yellow) {
		at.Problem(fmt.Sprintf("green %v、blue %v、yellow %v", green, blue, yellow), "从 green 到 yellow 不增的界限")
	}
}

// ReadBasis reads the confidence and source of a mapping.
func ReadBasis(f strictyaml.Fields) Basis {
	return Basis{
		Confidence: strictyaml.Choice(f.Must("confidence", "可信度 A、B、C 或 D"), ConfidenceText, ConfidenceReported, ConfidenceCommon, ConfidenceChosen),
		Source:     f.Must("source", "来源：法规条款、通知、出版物，或设定的理由").Text(),
	}
}

func (r *reader) readDefaults(v strictyaml.Value) {
	f := v.Mapping("timers", "reminders", "extension", "sampling", "scoring", "documents", "forms", "privacy")
	d := &r.pack.Defaults
	d.Timers = readTimers(f.Must("timers", "时限"))
	for _, item := range f.Must("reminders", "提醒阶梯").Items() {
		d.Reminders = append(d.Reminders, readReminder(item, d.Reminders))
	}
	d.Extension = readExtension(f.Must("extension", "延期限制"))
	d.Sampling = readSampling(f.Must("sampling", "抽查比例"))
	d.Scoring = readScoring(f.Must("scoring", "评分权重"))
	documents := f.Must("documents", "公文字数").Mapping("task", "general", "confidence", "source")
	d.Documents = DocumentLimits{
		Task:    int(documents.Must("task", "专项任务类公文字数").Whole(1, 100_000)),
		General: int(documents.Must("general", "一般公文字数").Whole(1, 100_000)),
		Basis:   ReadBasis(documents),
	}
	forms := f.Must("forms", "报表限制").Mapping("known_share", "confidence", "source")
	d.Forms = FormLimits{KnownShare: fraction(forms.Must("known_share", "已有现成数据的字段的上限")), Basis: ReadBasis(forms)}
	privacy := f.Must("privacy", "个人信息统计限制").Mapping("min_cell", "confidence", "source")
	d.Privacy = Privacy{MinCell: int(privacy.Must("min_cell", "可显示的最小人数").Whole(1, 1000)), Basis: ReadBasis(privacy)}
}

// timerStep is one timer with its key in the file.
type timerStep struct {
	key, what string
	to        *Limit
}

func (t *Timers) steps() []timerStep {
	return []timerStep{
		{"register", "立项", &t.Register}, {"sign", "签收", &t.Sign}, {"objection", "答复退回申请", &t.Objection},
		{"plan", "报办理方案", &t.Plan}, {"extension", "延期审批", &t.Extension}, {"accept", "开始审核", &t.Accept},
		{"review", "审核", &t.Review}, {"quantify", "补充目标数", &t.Quantify},
		{"report", "报送期后填报", &t.Report},
		{"due_document", "文件事项未写时限", &t.DueDocument}, {"due_minutes", "纪要事项未写时限", &t.DueMinutes},
		{"due_instruction", "一般批示", &t.DueInstruction}, {"meeting_report", "议定事项首次反馈", &t.MeetingReport},
		{"dispute", "申请复核", &t.Dispute}, {"dispute_decision", "复核决定", &t.DisputeDecision},
		{"look_back", "回头看", &t.LookBack}, {"notice", "临时要求的最短提前量", &t.Notice},
	}
}

// Named gives a timer by its key in defaults.yaml, and all keys beside it.
func (t Timers) Named(key string) (limit Limit, keys []string, ok bool) {
	for _, s := range t.steps() {
		keys = append(keys, s.key)
		if s.key == key {
			limit, ok = *s.to, true
		}
	}
	return limit, keys, ok
}

func readTimers(v strictyaml.Value) Timers {
	var t Timers
	_, keys, _ := t.Named("")
	f := v.Mapping(keys...)
	for _, s := range t.steps() {
		*s.to = ReadLimit(f.Must(s.key, s.what+"的时限"))
	}
	return t
}

var limitForm = regexp.MustCompile(`^([0-9]{1,3}) ?(工作日|自然日)$`)

// ReadLimit reads a limit with its confidence and source, as the timers of defaults.yaml are written.
func ReadLimit(v strictyaml.Value) Limit {
	f := v.Mapping("limit", "move_on", "confidence", "source")
	l := Limit{Basis: ReadBasis(f)}
	at := f.Must("limit", "如 5 工作日 或 30 自然日")
	s := at.Text()
	if s == "" {
		return l
	}
	m := limitForm.FindStringSubmatch(s)
	if m == nil {
		at.Problem(strictyaml.Quote(s), "天数与单位，如 5 工作日 或 30 自然日")
		return l
	}
	l.N, _ = strconv.Atoi(m[1]) // at most three digits
	l.Unit = calendar.Unit(m[2])
	l.MoveOn = f.May("move_on").Truth()
	if l.N == 0 {
		at.Problem(strictyaml.Quote(s), "至少 1 天")
	}
	if l.MoveOn && l.Unit == calendar.Workdays {
		f.May("move_on").Problem("true", "空缺：工作日时限不会落在休息日")
	}
	return l
}

func readReminder(v strictyaml.Value, before []Reminder) Reminder {
	f := v.Mapping("workdays", "action", "confidence", "source")
	at := f.Must("workdays", "相对到期日的工作日数，到期前为负")
	s := Reminder{
		Workdays: int(at.Whole(-250, 250)),
		Action:   strictyaml.Choice(f.Must("action", "动作"), ActionRemind, ActionUrge, ActionPropose),
		Basis:    ReadBasis(f),
	}
	if n := len(before); n > 0 && at.Present() && s.Workdays <= before[n-1].Workdays {
		at.Problem(at.Describe(), "大于上一步的 %d（从早到晚排列）", before[n-1].Workdays)
	}
	return s
}

func readExtension(v strictyaml.Value) Extension {
	f := v.Mapping("max", "share", "confidence", "source")
	return Extension{
		Max:   int(f.Must("max", "每项任务最多延期次数").Whole(0, 100)),
		Share: share(f.Must("share", "累计延期占原时长的上限")),
		Basis: ReadBasis(f),
	}
}

func readSampling(v strictyaml.Value) Sampling {
	f := v.Mapping("all_up_to", "min", "share", "look_back_share", "confidence", "source")
	return Sampling{
		AllUpTo:       int(f.Must("all_up_to", "不超过此数全部核查").Whole(0, 1_000_000)),
		Min:           int(f.Must("min", "最少抽查数").Whole(1, 1_000_000)),
		Share:         fraction(f.Must("share", "抽查比例")),
		LookBackShare: fraction(f.Must("look_back_share", "回头看比例")),
		Basis:         ReadBasis(f),
	}
}

func readScoring(v strictyaml.Value) Scoring {
	f := v.Mapping("result", "process", "rectification", "service", "cap", "yellow_twice", "red", "confidence", "source")
	s := Scoring{
		Result:        int(f.Must("result", "结果分权重").Whole(0, 100)),
		Process:       int(f.Must("process", "过程分权重").Whole(0, 100)),
		Rectification: int(f.Must("rectification", "整改分权重").Whole(0, 100)),
		Service:       int(f.Must("service", "服务分权重").Whole(0, 100)),
		Cap:           share(f.Must("cap", "单项完成率上限，如 110%")),
		YellowTwice:   int(f.Must("yellow_twice", "两次黄灯扣分").Whole(0, 100)),
		Red:           int(f.Must("red", "红灯扣分").Whole(0, 100)),
		Basis:         ReadBasis(f),
	}
	if sum := s.Result + s.Process + s.Rectification + s.Service; f.Present() && sum != 100 {
		f.Problem(fmt.Sprintf("四项权重之和 %d", sum), "100")
	}
	return s
}

func count(v strictyaml.Value) int { return int(v.Whole(0, 1000)) }

// fraction reads a share from 0 to 100 %.
func fraction(v strictyaml.Value) BasisPoints {
	b := share(v)
	if b < 0 || b > 10_000 {
		v.Problem(v.Describe(), "0%% 到 100%%")
		return 0
	}
	return b
}

// share reads a percentage with its sign, at most two decimals: -5%, 0.25%.
func share(v strictyaml.Value) BasisPoints {
	return hundredths(v, "%", "带百分号的数，至多两位小数，如 -5%")
}

// points reads a difference in percentage points: -0.5个百分点.
func points(v strictyaml.Value) BasisPoints {
	return hundredths(v, "个百分点", "以“个百分点”结尾的数，至多两位小数，如 -0.5个百分点")
}

var decimalForm = regexp.MustCompile(`^(-?)([0-9]{1,5})(?:\.([0-9]{1,2}))?$`)

func hundredths(v strictyaml.Value, unit, expected string) BasisPoints {
	s := v.Text()
	if s == "" {
		return 0
	}
	number, found := strings.CutSuffix(s, unit)
	m := decimalForm.FindStringSubmatch(strings.TrimSpace(number))
	if !found || m == nil {
		v.Problem(strictyaml.Quote(s), "%s", expected)
		return 0
	}
	n, _ := strconv.Atoi(m[2] + (m[3] + "00")[:2]) // at most seven digits
	if m[1] == "-" {
		n = -n
	}
	return BasisPoints(n)
}
