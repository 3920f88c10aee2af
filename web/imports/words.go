package imports

import (
	"strings"
	"time"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/plan"
	"bihuan/plan/read"
	"bihuan/web/ui"
)

// fieldLabels are the words for the fields of a correction.
func fieldLabel(name string) string {
	switch name {
	case "title":
		return "名称"
	case "number":
		return "编号"
	case "date":
		return "印发日期"
	case "year":
		return "起始年份"
	case "year_end":
		return "截止年份"
	case "issuers":
		return "印发单位"
	case "path":
		return "上级标题"
	case "section":
		return "所在部分"
	case "category":
		return "类别"
	case "due":
		return "完成时限"
	case "parent":
		return "对应市级任务"
	case "name":
		return "单位名称"
	case "role":
		return "分工"
	case "as":
		return "对应单位"
	case "choice":
		return "决定"
	}
	return targetLabel(name)
}

// targetLabel are the words for the fields of a target.
func targetLabel(name string) string {
	switch name {
	case "subject":
		return "目标对象"
	case "kind":
		return "目标类型"
	case "comparator":
		return "比较方式"
	case "value":
		return "目标值"
	case "value_max":
		return "上限"
	case "unit":
		return "计量单位"
	case "deadline":
		return "完成时限"
	case "deadline_text":
		return "时限原文"
	case "aspirational":
		return "力争目标"
	case "cumulative":
		return "累计"
	case "baseline":
		return "基数"
	case "words":
		return "未量化的表述"
	case "curve":
		return "序时进度"
	case "quote":
		return "原文依据"
	case "span":
		return "原文范围"
	}
	return name
}

// reader turns the values of forms into the words that people read.
type reader struct {
	pack    *city.Pack
	parents []plan.TaskView
}

// value is the value of a field in words; "" stays "".
func (w reader) value(name, v string) string {
	if v == "" {
		return ""
	}
	switch name {
	case "role":
		return plan.RoleLabel(read.Role(v))
	case "section":
		return plan.SectionLabel(read.Section(v))
	case "kind":
		return plan.TargetKind(v).Label()
	case "comparator":
		return plan.ComparatorLabel(read.Comparator(v))
	case "as":
		return w.unit(city.UnitID(v))
	case "parent":
		if v == plan.NoParent {
			return "无"
		}
		for _, t := range w.parents {
			if t.ID == v {
				return t.No + " " + t.Title
			}
		}
	case "aspirational", "cumulative":
		return "是"
	case "curve":
		return curveWords(v)
	case "path", "issuers":
		return strings.ReplaceAll(v, "\n", "、")
	case "choice":
		if plan.Choice(v) == plan.TakeNew {
			return "按新文件"
		}
		return "保持原清单"
	}
	return v
}

// unit is the short name of a unit.
func (w reader) unit(id city.UnitID) string {
	if u, ok := w.pack.Unit(id); ok {
		return u.Short
	}
	return string(id)
}

// units are the short names of several units, shortened when there are many.
func (w reader) units(ids []city.UnitID) string {
	const shown = 3
	names := make([]string, 0, shown)
	for i, id := range ids {
		if i == shown {
			return strings.Join(names, "、") + "等" + ui.Int(int64(len(ids))) + "个单位"
		}
		names = append(names, w.unit(id))
	}
	return strings.Join(names, "、")
}

// curveWords says a pace in words: 分段到点 2026-06-30=50 ….
func curveWords(v string) string {
	kind, rest, _ := strings.Cut(v, " ")
	return strings.TrimSpace(plan.CurveKind(kind).Label() + " " + rest)
}

// dateText is a date of a form in the writing of documents; what is no date stays.
func dateText(v string) string {
	d, err := calendar.ParseDate(v)
	if err != nil {
		return v
	}
	return d.Chinese()
}

// moment writes an instant in local time.
func moment(t time.Time) string { return t.In(calendar.Zone()).Format("2006-01-02 15:04") }

// stateKind is the tone in which a state is shown.
func stateKind(s plan.ImportState) ui.Kind {
	switch s {
	case plan.ImportReading, plan.ImportDraft:
		return ui.Info
	case plan.ImportFailed:
		return ui.Danger
	case plan.ImportSubmitted:
		return ui.Warning
	case plan.ImportPublished:
		return ui.Success
	case plan.ImportDiscarded:
	}
	return ui.Plain
}

// opLabel says what a correction does.
func opLabel(op plan.Op) string {
	switch op {
	case plan.OpSet:
		return "修改"
	case plan.OpAddTask:
		return "补充任务"
	case plan.OpAddUnit:
		return "补充责任单位"
	case plan.OpAddTarget:
		return "补充目标"
	case plan.OpDelete:
		return "不列入"
	case plan.OpRestore:
		return "恢复列入"
	case plan.OpSplit:
		return "拆分"
	case plan.OpMerge:
		return "并入上一项"
	case plan.OpDecide:
		return "新旧差别的决定"
	case plan.OpUndo:
		return "撤销"
	}
	return string(op)
}

// actionLabel says what an entry of the audit log about an import tells.
func actionLabel(action string) string {
	switch action {
	case "plan.import":
		return "上传文件"
	case "plan.read":
		return "识别完成"
	case "plan.read_failed":
		return "识别未成功"
	case "plan.correct":
		return "更正"
	case "plan.decide":
		return "批量决定新旧差别"
	case "plan.submit":
		return "提交发布"
	case "plan.return":
		return "退回修改"
	case "plan.discard":
		return "放弃"
	case "plan.publish":
		return "发布"
	}
	return action
}

// auditMoment writes an instant of the audit log in local time.
func auditMoment(ms int64) string { return moment(time.UnixMilli(ms)) }
