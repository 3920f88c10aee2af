package matter

import (
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/supervise"
)

// Sheet is a supervision sheet as its rules see it.
type Sheet struct {
	ID      string
	Task    string // task id
	Reason  string
	Period  string // 2026-06: the period that it speaks of
	Level   supervise.Level
	Special bool // 特事特办, marked by the approver
	Closed  bool
	Passed  bool // a re-check was passed
}

// steps are the levels of sheets in the order in which they rise.
var steps = []supervise.Level{supervise.Blue, supervise.Yellow, supervise.Red}

func step(l supervise.Level) int {
	for i, s := range steps {
		if s == l {
			return i + 1
		}
	}
	return 0
}

// Check refuses a sheet beside those that the task has had, the newest last.
// The level rises one step at a time unless the approver marks it as special, and
// falls only after a passed re-check; one task, reason and period have one sheet.
func (s Sheet) Check(before []Sheet) error {
	if step(s.Level) == 0 {
		return errs.New(errs.Invalid, "督办单分蓝、黄、红三级，请选择一级")
	}
	before = slices.DeleteFunc(slices.Clone(before), func(b Sheet) bool { return b.ID == s.ID })
	for _, b := range before {
		if b.Task == s.Task && b.Reason == s.Reason && b.Period == s.Period {
			return errs.New(errs.Conflict, "%s 同一任务同一原因已发过督办单 %s，不重复发单", s.Period, b.ID)
		}
	}
	floor, reached := bounds(before)
	switch at := step(s.Level); {
	case at > reached+1 && !s.Special:
		return errs.New(errs.Invalid, "督办等级每次只升一级：上次为%s，这次不能直接发%s；确需特事特办的，由审批人注明", word(reached), word(at))
	case at < floor:
		return errs.New(errs.Invalid, "上一张%s督办单尚未通过复核，不能降为%s", word(floor), word(at))
	}
	return nil
}

// bounds are the level that was reached last, and the one below which the next may
// not fall: none once a re-check was passed.
func bounds(before []Sheet) (floor, reached int) {
	for _, b := range before {
		reached = step(b.Level)
		if floor = reached; b.Passed {
			floor = 0
		}
	}
	return floor, reached
}

// allowed is the level nearest to a light's that the sheets before allow.
func allowed(l supervise.Level, before []Sheet) supervise.Level {
	floor, reached := bounds(before)
	at := min(max(step(l), floor), reached+1, len(steps))
	return steps[at-1]
}

func word(n int) string { return []string{"未发单", "蓝色", "黄色", "红色"}[n] }

// Praise is a proposal to commend a unit.
type Praise struct {
	Result        string // concrete, with a number
	Verified      bool   // the number comes from verified records
	Group         string // comparison group
	Merit         string // originality or what others can take over
	OpenRed       int    // red problems that are open
	Falsified     int    // falsified items found in the period
	Approved      bool
	ProposedBy    string
	ApprovedBy    string
	WordsOfPraise string // title
}

// Check refuses praise that §4.6 and 1.8 do not allow.
func (p Praise) Check() error {
	switch {
	case strings.TrimSpace(p.Result) == "" || !strings.ContainsAny(p.Result, "0123456789"):
		return errs.New(errs.Invalid, "通报表扬须写明具体成效和数字")
	case !p.Verified:
		return errs.New(errs.Invalid, "成效数字尚未核验，不能通报表扬")
	case p.Group == "":
		return errs.New(errs.Invalid, "请选择比较组：只在同组内比较")
	case strings.TrimSpace(p.Merit) == "":
		return errs.New(errs.Invalid, "请写明创新之处或可推广之处")
	case p.OpenRed > 0:
		return errs.New(errs.Conflict, "该单位有 %d 项红色问题未销号，暂不能通报表扬", p.OpenRed)
	case p.Falsified > 0:
		return errs.New(errs.Conflict, "该单位本期有 %d 条记录被认定不实，不能通报表扬", p.Falsified)
	case strings.Contains(p.WordsOfPraise, "表彰") || strings.Contains(p.WordsOfPraise, "评比"):
		return errs.New(errs.Invalid, "请用“通报表扬”：表彰、评比须另行报批")
	case p.Approved && (p.ApprovedBy == "" || p.ApprovedBy == p.ProposedBy):
		return refuse("1.8", "通报表扬须由提出建议以外的人批准")
	}
	return nil
}

// Form is a form that somebody wants to send out.
type Form struct {
	Title       string
	Fields      []string // names of the field dictionary
	Survey      bool     // it is a statistical survey
	Maker       string   // 制定机关
	FilingNo    string   // 批准或备案文号
	ValidUntil  calendar.Date
	Issued, Due calendar.Date
	Written     bool // it demands a written report
	WhyWritten  string
}

// Burden are the limits of the pack for forms.
type Burden struct {
	MostShare city.BasisPoints // of fields that are in the dictionary already
	Notice    city.Limit       // shortest notice
}

// Check refuses a form that asks again, comes too late, or is a survey without a
// number; known are the fields that the dictionary holds with a fresh value.
func (f Form) Check(b Burden, c *calendar.Calendar, today calendar.Date, known map[string]bool) error {
	if len(f.Fields) == 0 {
		return errs.New(errs.Invalid, "请列出表单的字段")
	}
	var twice []string
	for _, name := range f.Fields {
		if known[name] {
			twice = append(twice, name)
		}
	}
	if len(twice)*10_000 > int(b.MostShare)*len(f.Fields) {
		return refuse("1.13", "%d 个字段中有 %d 个已有现成数据（%s），超过 %s，请直接引用，不再要求填报", len(f.Fields), len(twice), strings.Join(twice, "、"), b.MostShare)
	}
	if f.Survey && (f.Maker == "" || f.FilingNo == "" || f.ValidUntil.IsZero()) {
		return refuse("统40", "统计调查表须标明制定机关、批准或者备案文号和有效期，否则不能发布")
	}
	if f.Survey && today.After(f.ValidUntil) {
		return refuse("统40", "该统计调查表的有效期 %s 已过", f.ValidUntil)
	}
	if earliest := c.DueAfter(f.Issued, b.Notice.Limit); f.Due.Before(earliest) {
		return refuse("1.13", "临时要数至少提前 %d 个工作日，最早可要求 %s 报送", b.Notice.N, earliest)
	}
	if f.Written && strings.TrimSpace(f.WhyWritten) == "" {
		return refuse("1.11", "要求书面报告落实情况的，须写明理由")
	}
	return nil
}
