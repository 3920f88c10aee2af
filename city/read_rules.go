package city

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bihuan/kit/calendar"
)

func (r *reader) readThresholds(v value) {
	f := v.mapping("light", "categories", "growth")
	t := &r.pack.Thresholds
	t.Light = readLight(f.must("light", "亮灯规则"), nil)
	for _, item := range f.may("categories").items() {
		t.Categories = append(t.Categories, readCategory(item, t))
	}
	growth := f.must("growth", "增速类亮灯规则").mapping("green", "blue", "yellow", "confidence", "source")
	t.Growth = GrowthRule{
		Green:  growth.must("green", "绿灯下限").points(),
		Blue:   growth.must("blue", "蓝灯下限").points(),
		Yellow: growth.must("yellow", "黄灯下限").points(),
		Basis:  readBasis(growth),
	}
	falling(growth.value, t.Growth.Green, t.Growth.Blue, t.Growth.Yellow)
}

// readLight reads a rule; with a base, what is not written is as in the base.
func readLight(v value, base *LightRule) LightRule {
	f := v.mapping("category", "green", "blue", "yellow", "late_workdays", "near_workdays",
		"yellows_to_red", "aspirational_red", "confidence", "source")
	part := f.must
	var l LightRule
	if base != nil {
		l = *base
		part = func(k, _ string) value { return f.may(k) }
	} else if c := f.may("category"); c.present() {
		c.problem(describe(c.node), "空缺：light 适用于所有类别")
	}
	set(&l.Green, part("green", "绿灯下限，如 0%"), value.share)
	set(&l.Blue, part("blue", "蓝灯下限，如 -5%"), value.share)
	set(&l.Yellow, part("yellow", "黄灯下限，如 -15%"), value.share)
	set(&l.LateWorkdays, part("late_workdays", "黄灯最多逾期的工作日数"), count)
	set(&l.NearWorkdays, part("near_workdays", "节点临近的工作日数"), count)
	set(&l.YellowsToRed, part("yellows_to_red", "连续几期黄灯转红灯，0 为不转"), count)
	set(&l.AspirationalRed, part("aspirational_red", "力争类目标能否仅因数量亮红灯"), value.truth)
	l.Basis = readBasis(f)
	falling(f.value, l.Green, l.Blue, l.Yellow)
	return l
}

func set[T any](to *T, from value, read func(value) T) {
	if from.present() {
		*to = read(from)
	}
}

func readCategory(v value, t *Thresholds) CategoryRule {
	c := CategoryRule{Light: readLight(v, &t.Light)}
	at := v.child("category")
	if !at.present() {
		v.problem("缺少“category”", "category: 任务类别")
		return c
	}
	c.Category = choice(at, TaskCategories()...)
	if slices.ContainsFunc(t.Categories, func(had CategoryRule) bool { return had.Category == c.Category && c.Category != "" }) {
		at.problem("重复的类别"+quote(string(c.Category)), "每个类别一条规则")
	}
	return c
}

// falling notes thresholds that do not fall from green to yellow: some light
// could then never show.
func falling(at value, green, blue, yellow BasisPoints) {
	if at.present() && (green < blue || blue < yellow) {
		at.problem(fmt.Sprintf("green %v、blue %v、yellow %v", green, blue, yellow), "从 green 到 yellow 不增的界限")
	}
}

// readBasis reads the confidence and source of a mapping.
func readBasis(f fields) Basis {
	return Basis{
		Confidence: choice(f.must("confidence", "可信度 A、B、C 或 D"), ConfidenceText, ConfidenceReported, ConfidenceCommon, ConfidenceChosen),
		Source:     f.must("source", "来源：法规条款、通知、出版物，或设定的理由").text(),
	}
}

func (r *reader) readDefaults(v value) {
	f := v.mapping("timers", "reminders", "extension", "sampling", "scoring", "documents", "privacy")
	d := &r.pack.Defaults
	d.Timers = readTimers(f.must("timers", "时限"))
	for _, item := range f.must("reminders", "提醒阶梯").items() {
		d.Reminders = append(d.Reminders, readReminder(item, d.Reminders))
	}
	d.Extension = readExtension(f.must("extension", "延期限制"))
	d.Sampling = readSampling(f.must("sampling", "抽查比例"))
	d.Scoring = readScoring(f.must("scoring", "评分权重"))
	documents := f.must("documents", "公文字数").mapping("task", "general", "confidence", "source")
	d.Documents = DocumentLimits{
		Task:    int(documents.must("task", "专项任务类公文字数").whole(1, 100_000)),
		General: int(documents.must("general", "一般公文字数").whole(1, 100_000)),
		Basis:   readBasis(documents),
	}
	privacy := f.must("privacy", "个人信息统计限制").mapping("min_cell", "confidence", "source")
	d.Privacy = Privacy{MinCell: int(privacy.must("min_cell", "可显示的最小人数").whole(1, 1000)), Basis: readBasis(privacy)}
}

func readTimers(v value) Timers {
	var t Timers
	steps := []struct {
		key, what string
		to        *Limit
	}{
		{"register", "立项", &t.Register}, {"sign", "签收", &t.Sign}, {"objection", "答复退回申请", &t.Objection},
		{"plan", "报办理方案", &t.Plan}, {"extension", "延期审批", &t.Extension}, {"accept", "开始审核", &t.Accept},
		{"review", "审核", &t.Review}, {"quantify", "补充目标数", &t.Quantify},
		{"report", "报送期后填报", &t.Report},
		{"due_document", "文件事项未写时限", &t.DueDocument}, {"due_minutes", "纪要事项未写时限", &t.DueMinutes},
		{"due_instruction", "一般批示", &t.DueInstruction}, {"meeting_report", "议定事项首次反馈", &t.MeetingReport},
		{"dispute", "申请复核", &t.Dispute}, {"dispute_decision", "复核决定", &t.DisputeDecision},
		{"look_back", "回头看", &t.LookBack}, {"notice", "临时要求的最短提前量", &t.Notice},
	}
	keys := make([]string, len(steps))
	for i, s := range steps {
		keys[i] = s.key
	}
	f := v.mapping(keys...)
	for _, s := range steps {
		*s.to = readLimit(f.must(s.key, s.what+"的时限"))
	}
	return t
}

var limitForm = regexp.MustCompile(`^([0-9]{1,3}) ?(工作日|自然日)$`)

func readLimit(v value) Limit {
	f := v.mapping("limit", "move_on", "confidence", "source")
	l := Limit{Basis: readBasis(f)}
	at := f.must("limit", "如 5 工作日 或 30 自然日")
	s := at.text()
	if s == "" {
		return l
	}
	m := limitForm.FindStringSubmatch(s)
	if m == nil {
		at.problem(quote(s), "天数与单位，如 5 工作日 或 30 自然日")
		return l
	}
	l.N, _ = strconv.Atoi(m[1]) // at most three digits
	l.Unit = calendar.Unit(m[2])
	l.MoveOn = f.may("move_on").truth()
	if l.N == 0 {
		at.problem(quote(s), "至少 1 天")
	}
	if l.MoveOn && l.Unit == calendar.Workdays {
		f.may("move_on").problem("true", "空缺：工作日时限不会落在休息日")
	}
	return l
}

func readReminder(v value, before []Reminder) Reminder {
	f := v.mapping("workdays", "action", "confidence", "source")
	at := f.must("workdays", "相对到期日的工作日数，到期前为负")
	s := Reminder{
		Workdays: int(at.whole(-250, 250)),
		Action:   choice(f.must("action", "动作"), ActionRemind, ActionUrge, ActionPropose),
		Basis:    readBasis(f),
	}
	if n := len(before); n > 0 && at.present() && s.Workdays <= before[n-1].Workdays {
		at.problem(describe(at.node), "大于上一步的 %d（从早到晚排列）", before[n-1].Workdays)
	}
	return s
}

func readExtension(v value) Extension {
	f := v.mapping("max", "share", "confidence", "source")
	return Extension{
		Max:   int(f.must("max", "每项任务最多延期次数").whole(0, 100)),
		Share: f.must("share", "累计延期占原时长的上限").share(),
		Basis: readBasis(f),
	}
}

func readSampling(v value) Sampling {
	f := v.mapping("all_up_to", "min", "share", "look_back_share", "confidence", "source")
	return Sampling{
		AllUpTo:       int(f.must("all_up_to", "不超过此数全部核查").whole(0, 1_000_000)),
		Min:           int(f.must("min", "最少抽查数").whole(1, 1_000_000)),
		Share:         fraction(f.must("share", "抽查比例")),
		LookBackShare: fraction(f.must("look_back_share", "回头看比例")),
		Basis:         readBasis(f),
	}
}

func readScoring(v value) Scoring {
	f := v.mapping("result", "process", "rectification", "service", "cap", "yellow_twice", "red", "confidence", "source")
	s := Scoring{
		Result:        int(f.must("result", "结果分权重").whole(0, 100)),
		Process:       int(f.must("process", "过程分权重").whole(0, 100)),
		Rectification: int(f.must("rectification", "整改分权重").whole(0, 100)),
		Service:       int(f.must("service", "服务分权重").whole(0, 100)),
		Cap:           f.must("cap", "单项完成率上限，如 110%").share(),
		YellowTwice:   int(f.must("yellow_twice", "两次黄灯扣分").whole(0, 100)),
		Red:           int(f.must("red", "红灯扣分").whole(0, 100)),
		Basis:         readBasis(f),
	}
	if sum := s.Result + s.Process + s.Rectification + s.Service; f.present() && sum != 100 {
		f.problem(fmt.Sprintf("四项权重之和 %d", sum), "100")
	}
	return s
}

func count(v value) int { return int(v.whole(0, 1000)) }

// fraction reads a share from 0 to 100 %.
func fraction(v value) BasisPoints {
	b := v.share()
	if b < 0 || b > 10_000 {
		v.problem(describe(v.node), "0%% 到 100%%")
		return 0
	}
	return b
}

// share reads a percentage with its sign, at most two decimals: -5%, 0.25%.
func (v value) share() BasisPoints {
	return v.hundredths("%", "带百分号的数，至多两位小数，如 -5%")
}

// points reads a difference in percentage points: -0.5个百分点.
func (v value) points() BasisPoints {
	return v.hundredths("个百分点", "以“个百分点”结尾的数，至多两位小数，如 -0.5个百分点")
}

var decimalForm = regexp.MustCompile(`^(-?)([0-9]{1,5})(?:\.([0-9]{1,2}))?$`)

func (v value) hundredths(unit, expected string) BasisPoints {
	s := v.text()
	if s == "" {
		return 0
	}
	number, found := strings.CutSuffix(s, unit)
	m := decimalForm.FindStringSubmatch(strings.TrimSpace(number))
	if !found || m == nil {
		v.problem(quote(s), "%s", expected)
		return 0
	}
	n, _ := strconv.Atoi(m[2] + (m[3] + "00")[:2]) // at most seven digits
	if m[1] == "-" {
		n = -n
	}
	return BasisPoints(n)
}
