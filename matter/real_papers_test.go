package matter_test

import (
	"regexp"
	"strings"
	"testing"

	"bihuan/city"
	"bihuan/kit/gongwen"
	"bihuan/matter"
	"bihuan/org"
)

// drafted writes the paper that a record asks for now.
func (h hall) drafted(id string) matter.Issue {
	h.Helper()
	paper, err := h.s.DraftFor(ctx, h.Dispatcher(), id)
	h.ok(err)
	in, err := h.s.Get(ctx, h.Dispatcher(), paper)
	h.ok(err)
	return in
}

// papersOf make each document out of the records that a city would have.
var papersOf = []struct {
	name string
	make func(h hall) matter.Issue
}{
	{"督办单", func(h hall) matter.Issue {
		id := h.enter(h.Dispatcher(), "supervision-sheet", "", sheet(h.task(), "clause", "二（二）4", "partners", "市财政局"))
		h.ok(h.move(h.Dispatcher(), id, "submit"))
		return h.drafted(id)
	}},
	{"销号意见", func(h hall) matter.Issue {
		d, u := h.Dispatcher(), h.Head("civil")
		id := h.enter(d, "supervision-sheet", "", sheet(h.task()))
		h.ok(h.move(d, id, "submit"))
		first := h.drafted(id)
		h.ok(h.s.Discard(ctx, d, first.ID, first.Revision, "另行印发"))
		h.ok(h.move(h.Approver(), id, "issue"))
		h.ok(h.move(u, id, "sign"))
		h.ok(h.reg.Attach(ctx, u, id, text("result")))
		h.ok(h.move(u, id, "answer", "reply", "6月底前已全部发放。"))
		h.ok(h.move(d, id, "pass", "method", "资料核查", "checkers", "赵六、钱七"))
		sheet := h.drafted(id) // the sheet itself was given up and comes first
		h.ok(h.s.Submit(ctx, d, sheet.ID, sheet.Revision))
		h.ok(h.s.Approve(ctx, h.Approver(), sheet.ID, sheet.Revision+1, ""))
		return h.drafted(id)
	}},
	{"提醒函", func(h hall) matter.Issue {
		h.PackPlan(h.T)
		gov, _ := h.Pack.Government("shenxian")
		id := h.enter(h.Dispatcher(), "reminder-letter", "", values("name", "社区托育驿站建设", "addressee", string(gov.ID), "facts", "截至目前贵县建成2个，数据截至2026年6月30日，为已核验台账口径",
			"standard", "计划要求年内全市建成25个", "request", "请结合实际加快建设", "due", "2026-07-20", "contact", "张三丰"))
		h.ok(h.move(h.Dispatcher(), id, "submit"))
		return h.drafted(id)
	}},
	{"整改通知", func(h hall) matter.Issue { return h.drafted(h.rectification("civil")) }},
	{"致政府的整改函", func(h hall) matter.Issue { return h.drafted(h.rectification("shenxian-gov")) }},
	{"约谈函", func(h hall) matter.Issue {
		id := h.enter(h.Dispatcher(), "talk", "", values("name", "消费券发放滞后", "addressee", "civil", "called", "李四光", "campaign", h.fedBack(), "matters", "说明发放滞后的原因", "date", "2026-07-10", "time", "09:00",
			"place", "市商务局三楼会议室", "attendees", "分管负责人", "materials", "发放台账"))
		h.ok(h.move(h.Dispatcher(), id, "submit"))
		return h.drafted(id)
	}},
	{"反馈结论函", func(h hall) matter.Issue { return h.drafted(h.fedBack()) }},
	{"复核意见", func(h hall) matter.Issue {
		c, u := h.fedBack(), h.Clerk("civil")
		id := h.enter(u, "objection", "", values("subject", "养老消费券督导结论", "campaign", c, "received", "2026-07-01", "grounds", "漏算第二批发放", "applied", "2026-07-01"))
		h.ok(h.move(u, id, "apply"))
		h.ok(h.move(h.Person("other", h.Pack.LeadUnit().ID, org.Dispatcher), id, "decide", "reviewer", "赵六", "decision", "变更", "reasons", "核对发放清单，第二批确已发放", "decided", "2026-07-01"))
		return h.drafted(id)
	}},
	{"会议纪要", func(h hall) matter.Issue { return h.drafted(h.meetings()) }},
	{"通报表扬", func(h hall) matter.Issue {
		d := h.Dispatcher()
		id := h.enter(d, "commendation", "", values("name", "消费券发放工作", "kind", "通报表扬", "unit", "civil", "facts", "市民政局按月核对发放台账。", "verified", "是", "group", "市直部门", "caliber", "已核验台账", "cut-off", "2026-06-30", "measures", "请各单位学习借鉴。"))
		h.ok(h.move(d, id, "propose", "result", "上半年发放1.2万张，完成全年任务的60%", "merit", "按月核对、及时补发"))
		h.ok(h.move(h.Approver(), id, "approve"))
		return h.drafted(id)
	}},
	{"通报批评", func(h hall) matter.Issue {
		d := h.Dispatcher()
		id := h.enter(d, "commendation", "", values("name", "关于消费券发放情况的通报", "kind", "通报批评", "unit", "civil", "campaign", h.fedBack(), "facts", "发放进度落后", "verified", "是", "group", "市直部门", "caliber", "已核验台账", "cut-off", "2026-06-30"))
		h.ok(h.move(d, id, "propose-criticism"))
		h.ok(h.move(h.Approver(), id, "approve"))
		return h.drafted(id)
	}},
	{"案例推介", func(h hall) matter.Issue { return h.drafted(h.goodCase()) }},
	{"月调度通报", func(h hall) matter.Issue { return h.bulletin("2026-06") }},
	{"季通报", func(h hall) matter.Issue {
		h.ok(h.move(h.Approver(), h.goodCase(), "publish"))
		return h.bulletin("2026-Q3")
	}},
}

// rectification is a notice with two problems, waiting for approval.
func (h hall) rectification(to string) string {
	d := h.Dispatcher()
	id := h.enter(d, "rectification", "", values("name", "消费券台账", "addressee", to, "campaign", h.fedBack(), "basis", "督导结论", "check-method", "调阅台账并现场核查", "rights", "可以说明情况", "due", "2026-08-01"))
	for _, p := range []string{"三笔发放重复登记", "缺少领取人签字"} {
		h.enter(d, "rectification-problem", id, values("problem", p, "evidence", "6月发放台账", "requirement", "逐笔核对并更正", "handler", to, "responsible", "王小明", "level", "蓝色", "due", "2026-07-20"))
	}
	h.ok(h.move(d, id, "submit"))
	return id
}

// meetings is a second meeting after one whose three decisions stand differently: done, late, under way.
func (h hall) meetings() string {
	d, a := h.Dispatcher(), h.Approver()
	meeting := func(date, agenda string) string {
		id := h.enter(d, "meeting", "", values("name", "提振消费工作调度会议", "date", date, "time", "09:00", "place", "市商务局三楼会议室", "chair", "张三", "level", "分管负责人", "units", "市民政局、市财政局", "agenda", agenda))
		h.ok(h.move(d, id, "notify"))
		h.ok(h.move(d, id, "held", "present", "李四（市民政局）、王五（市财政局）"))
		return id
	}
	first := meeting("2026-05-20", "一、听取各单位情况")
	for i, x := range []struct{ matter, due string }{{"补发第一批消费券", "2026-06-10"}, {"公布发放网点", "2026-06-20"}, {"制定第二批发放办法", "2026-07-31"}} {
		id := h.enter(d, "decision", first, values("matter", x.matter, "handler", "civil", "output", "书面结果", "due", x.due))
		h.ok(h.move(d, id, "assign"))
		u := h.Head("civil")
		h.ok(h.move(u, id, "first-report", "first", "已安排"))
		if i > 0 {
			continue
		}
		h.ok(h.reg.Attach(ctx, u, id, text("result")))
		h.ok(h.move(u, id, "report", "result", "第一批9笔已补发"))
		h.ok(h.move(d, id, "close"))
	}
	h.ok(h.move(d, first, "submit"))
	h.ok(h.move(a, first, "issue"))
	second := meeting("2026-07-01", "一、听取上次议定事项落实情况\n二、研究第二批消费券发放")
	h.enter(d, "decision", second, values("matter", "第二批消费券于7月底前发放", "handler", "civil", "output", "发放清单", "due", "2026-07-31"))
	h.ok(h.move(d, second, "submit"))
	return second
}

// goodCase is a case that two counties copied, waiting for publication.
func (h hall) goodCase() string {
	u, lead := h.Clerk("civil"), h.Person("verifier", h.Pack.LeadUnit().ID, org.UnitHead)
	id := h.enter(u, "good-case", "", values("name", "消费券按月对账", "problem", "发放与台账不一致", "done", "每月5日前逐笔核对", "indicator", "台账差错率（%）", "before", "3.2", "after", "0.1", "effect-source", "抽查记录",
		"effect-verified", "是", "conditions", "有逐笔登记的台账", "cost", "0", "contact", "张三丰 0635-8240001", "openness", "主动公开"))
	h.ok(h.reg.Attach(ctx, u, id, text("effect")))
	h.ok(h.move(u, id, "submit"))
	h.ok(h.move(lead, id, "pass"))
	for county, effect := range map[string]string{"guanxian": "差错率由2.1%降到0.3%", "shenxian": ""} {
		gov, _ := h.Pack.Government(city.TerritoryID(county))
		copied := h.enter(h.Clerk("civil"), "case-copy", id, values("name", "按月对账", "adapter", string(gov.ID), "adopted", "2026-06-15"))
		if effect != "" {
			h.ok(h.move(h.Clerk("civil"), copied, "report", "effect", effect))
		}
	}
	return id
}

func (h hall) bulletin(period string) matter.Issue {
	h.PackPlan(h.T)
	id, err := h.s.DraftBulletin(ctx, h.Dispatcher(), period, false)
	h.ok(err)
	in, err := h.s.Get(ctx, h.Dispatcher(), id)
	h.ok(err)
	return in
}

// ugly are the marks of a text that a program wrote without care.
var ugly = regexp.MustCompile(`[。，；：、]{2}|（）|“”|『|』|\d{4}-\d{2}-\d{2}|0001年|nil|null|true|false|%!|  `)

// words are all texts of a document.
func words(d gongwen.Document) string {
	var b strings.Builder
	add := func(runs []gongwen.Run) {
		for _, r := range runs {
			b.WriteString(r.Text)
		}
		b.WriteByte('\n')
	}
	b.WriteString(d.Title + "\n" + d.Addressee + "\n" + d.Note + "\n")
	for _, x := range d.Body {
		add(append(x.Runs[:len(x.Runs):len(x.Runs)], x.Then...))
		if x.Table != nil {
			b.WriteString(x.Table.Caption + "\n")
			for _, row := range x.Table.Rows {
				for _, c := range row {
					add(c)
				}
			}
		}
		if x.Chart != nil {
			b.WriteString(x.Chart.Caption + "\n" + x.Chart.Note + "\n")
		}
	}
	return b.String()
}

// TestPapersOfRecords: every document that records make can be finished as it is
// drafted, and reads like one that a clerk wrote.
func TestPapersOfRecords(t *testing.T) {
	for _, c := range papersOf {
		t.Run(c.name, func(t *testing.T) {
			halls(t, func(h hall) {
				in := c.make(h)
				if f := h.s.Findings(in); gongwen.Blocked(f) {
					h.Errorf("%s: %+v", in.Title, f)
				}
				text := words(in.Document)
				if at := ugly.FindStringIndex(text); at != nil {
					h.Errorf("%q in %s", text[at[0]:at[1]], text)
				}
				for line := range strings.Lines(text) {
					if line = strings.TrimSpace(line); line != "" && strings.HasPrefix(line, "。") {
						h.Errorf("an empty sentence: %q", line)
					}
				}
			})
		})
	}
}

// TestMinutesBeginWithTheLastDecisions: each decision of the meeting before stands
// with its state and opens to its record; open ones of earlier meetings follow.
func TestMinutesBeginWithTheLastDecisions(t *testing.T) {
	halls(t, func(h hall) {
		d := h.Dispatcher()
		second := h.meetings()
		text := matter.Text(h.drafted(second).Document.Body)
		for _, want := range []string{"截至2026年7月1日", "2026年5月20日提振消费工作调度会议议定[3](/records/", "已办结[1]", "落实中[1]", "逾期未办结[1]", "[补发第一批消费券](/records/", "：已办结。第一批9笔已补发。",
			"[公布发放网点](/records/", "：逾期未办结。已安排。", "1.听取上次议定事项落实情况。", "1.第二批消费券于7月底前发放。牵头单位：市民政局；完成时限：2026年7月31日；成果：发放清单。"} {
			if !strings.Contains(text, want) {
				h.Errorf("no %q in %s", want, text)
			}
		}
		if strings.Index(text, "一、上次议定事项落实情况") > strings.Index(text, "[补发第一批消费券]") || strings.Contains(text, "更早") {
			h.Error(text)
		}
		// At the third meeting, what the first decided and nobody has done is still told.
		third := h.enter(d, "meeting", "", values("name", "提振消费工作调度会", "date", "2026-07-02", "time", "14:30", "place", "市商务局", "chair", "张三", "level", "经办人员", "units", "市民政局", "agenda", "听取情况"))
		h.ok(h.move(d, third, "notify"))
		h.ok(h.move(d, third, "held", "present", "李四"))
		h.ok(h.move(d, third, "submit"))
		in := h.drafted(third)
		text = matter.Text(in.Document.Body)
		if in.Title != "提振消费工作调度会纪要" || !strings.Contains(text, "下午2时30分") || !strings.Contains(text, "议定[1]") || !strings.Contains(text, "更早的会议议定、尚未办结的[2](/registers/decision)项") ||
			strings.Contains(text, "补发第一批") || !strings.Contains(text, "会议没有新的议定事项。") {
			h.Errorf("%s\n%s", in.Title, text)
		}
	})
}

// TestCasesNameWhoCopiedThem: a case has its effect before and after, and who took it over.
func TestCasesNameWhoCopiedThem(t *testing.T) {
	halls(t, func(h hall) {
		in := h.drafted(h.goodCase())
		text := matter.Text(in.Document.Body)
		for _, want := range []string{"台账差错率由[3.2%](/records/", "变为[0.1%](/records/", "[冠县政府](/records/", "于2026年6月15日借鉴“按月对账”：差错率由2.1%降到0.3%。", "[莘县政府](/records/", "效果待反馈。", "成本：没有另外支出。"} {
			if !strings.Contains(text, want) {
				h.Errorf("no %q in %s", want, text)
			}
		}
		if in.Document.Note != "此件主动公开" || strings.Contains(text, "8240001") {
			h.Errorf("%s\n%s", in.Document.Note, text)
		}
	})
}
