package matter_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"bihuan/city"
	"bihuan/indicator"
	"bihuan/kit/errs"
	"bihuan/matter"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/register"
	"bihuan/supervise"
)

// TestDispatchIsFilledFromTheRegisters: the fixed topics take published figures and
// verified records, each figure opens to exactly those, and nothing is typed.
func TestDispatchIsFilledFromTheRegisters(t *testing.T) {
	halls(t, func(h hall) {
		h.PackPlan(h.T)
		d := h.Dispatcher()
		const notice = "关于举办体验活动的通知"
		held := func(day string, verified bool) {
			id, err := h.reg.Create(ctx, h.County("guanxian", org.CountyClerk), register.Draft{Register: "tcm-event", Territory: "guanxian",
				Values: values("name", "进社区", "setting", "社区", "address", "冠县某社区", "organiser", "县卫健局", "held", day, "doctors", "5", "visitors", "80"),
				Proofs: []register.File{{Kind: "notice", Name: "通知.txt", Data: strings.NewReader(notice), Size: int64(len(notice))}}})
			h.ok(err)
			h.ok(h.move(h.County("guanxian", org.CountyHead), id, "check"))
			if verified {
				h.ok(h.move(h.Head("health"), id, "verify"))
			}
		}
		held("2026-06-18", true)
		held("2026-06-19", true)
		held("2026-06-20", false)
		for rate, period := range map[string]string{"retail-rate": "2026年1—5月", "wholesale-rate": "2026年1—3月", "retailing-rate": "2026年1—3月"} {
			for territory, value := range map[string]string{string(h.Pack.Root().ID): "6.1", string(indicator.Province): "5.8"} {
				_, err := h.statistics.Enter(ctx, d, indicator.Entry{Indicator: indicator.ID(rate), Territory: territory, Period: period, Value: value, Released: "2026-06-18", Source: "统计局网站"})
				h.ok(err)
			}
		}
		text := matter.Text(h.bulletin("2026-06").Document.Body)
		for _, want := range []string{"（一）社会消费品零售总额。全市社会消费品零售总额增速高于全省[0.3个百分点](/monitor/series/retail-rate)（截至2026年5月31日）（目标[",
			"批发业销售额增速高于全省[0.3个百分点](/monitor/series/wholesale-rate)；零售业销售额增速高于全省[0.3个百分点](/monitor/series/retailing-rate)（截至2026年3月31日）。住宿业营业额增速、餐饮业营业额增速尚未公布。",
			"今年举办中医药文化体验活动[2场](/registers/tcm-event?at=2026-07-01&count=held)（目标[10场](/tasks/", "，序时应达", "促消费活动、已核实带动销售额", "尚无已核验的记录。"} {
			if !strings.Contains(text, want) {
				h.Errorf("no %q in %s", want, text)
			}
		}
		if n := strings.Count(text, "\n（"); n != 4 {
			h.Errorf("%d topics in %s", n, text)
		}
	})
}

// TestBulletinTellsRectificationAndPraise: problems where they stand, and in the
// quarter's bulletin praise and cases apart from criticism.
func TestBulletinTellsRectificationAndPraise(t *testing.T) {
	halls(t, func(h hall) {
		d, a := h.Dispatcher(), h.Approver()
		notice := h.rectification("civil")
		h.ok(h.move(a, notice, "issue"))
		v, err := h.reg.Get(ctx, d, notice)
		h.ok(err)
		for _, c := range v.Children {
			h.ok(h.move(d, c.ID, "issue"))
		}
		h.ok(h.move(h.Head("civil"), v.Children[0].ID, "sign"))
		publish := func(kind, verb string, more ...string) {
			id := h.enter(d, "commendation", "", values(append([]string{"name", "消费券发放", "kind", kind, "unit", "civil", "facts", "发放进度落后", "verified", "是", "group", "市直部门", "caliber", "台账", "cut-off", "2026-06-30"}, more...)...))
			if kind == "通报表扬" {
				h.ok(h.move(d, id, verb, "result", "上半年发放1.2万张", "merit", "按月核对"))
			} else {
				h.ok(h.move(d, id, verb))
			}
			h.ok(h.move(a, id, "approve"))
			h.ok(h.move(d, id, "publish"))
		}
		publish("通报表扬", "propose")
		publish("通报批评", "propose-criticism", "campaign", v.Values["campaign"])
		h.ok(h.move(a, h.goodCase(), "publish"))
		text := matter.Text(h.bulletin("2026-Q3").Document.Body)
		for _, want := range []string{"五、整改情况\n整改问题中，待签收[1](/registers/rectification-problem?stage=issued)个，待报方案[1](/registers/rectification-problem?stage=signed)个。",
			"六、通报表扬和典型案例\n1.[市民政局](/records/", "：上半年发放1.2万张。\n2.典型案例“[消费券按月对账](/records/", "，学习借鉴[2](/records/", "七、通报批评\n1.[市民政局](/records/", "：发放进度落后。\n八、下一步工作"} {
			if !strings.Contains(text, want) {
				h.Errorf("no %q in %s", want, text)
			}
		}
		id, err := h.s.DraftBulletin(ctx, d, "2026-06", false)
		h.ok(err)
		month, err := h.s.Get(ctx, d, id)
		h.ok(err)
		if text := matter.Text(month.Document.Body); strings.Contains(text, "通报表扬和典型案例") || !strings.Contains(text, "六、下一步工作") {
			h.Error(text)
		}
		_, err = h.s.DraftBulletin(ctx, d, "2026-05", false)
		h.want(err, errs.Invalid, "只能起草本期和上一期")
	})
}

// The topics of every pack look at measures that there are, in their units.
func TestTopicsOfThePacksFit(t *testing.T) {
	for _, name := range city.Names() {
		pack, err := city.LoadBuiltin(name)
		if err != nil {
			t.Fatal(err)
		}
		catalog, err := register.LoadCatalog(pack, matter.Known)
		if err != nil {
			t.Fatal(err)
		}
		series, err := indicator.Load(pack)
		if err != nil {
			t.Fatal(err)
		}
		topics, err := matter.ReadTopics(pack.Files)
		if err != nil {
			t.Fatal(err)
		}
		for _, topic := range topics {
			for _, f := range topic.Figures {
				for _, ref := range f.Refs() {
					if f.Kind == plan.Series {
						if _, err := series.Indicator(indicator.ID(ref)); err != nil {
							t.Errorf("%s: %v", f.Says, err)
						}
						continue
					}
					id, count, _ := strings.Cut(ref, "/")
					d, ok := catalog.Get(register.ID(id))
					if !ok {
						t.Errorf("%s: no register %s", f.Says, ref)
						continue
					}
					if c, ok := d.Count(count); !ok || c.Unit != f.Unit {
						t.Errorf("%s: %s counts %q in %s, not %s", f.Says, ref, c.Name, c.Unit, f.Unit)
					}
				}
			}
		}
	}
	if _, err := matter.ReadTopics(fstest.MapFS{"measures/dispatch.yaml": {Data: []byte("- {name: a, figures: [{kind: ledger, ref: x, says: y}]}")}}); err == nil || !strings.Contains(err.Error(), "unit") {
		t.Errorf("a broken topic: %v", err)
	}
}

// TestBulletinTellsWhatHasToBeSettled: a task that a unit declined waits for a decision.
func TestBulletinTellsWhatHasToBeSettled(t *testing.T) {
	halls(t, func(h hall) {
		h.PackPlan(h.T)
		board, err := supervise.New(h.DB, h.Log, h.Plan).Board(ctx, h.Dispatcher())
		h.ok(err)
		task := board.Tasks[0]
		h.ok(h.Plan.MoveTask(ctx, h.Dispatcher(), task.ID, task.Revision, plan.MoveForm{Move: plan.MoveAssign}))
		h.ok(h.Plan.MoveTask(ctx, h.Clerk(task.LeadUnit), task.ID, task.Revision+1, plan.MoveForm{Move: plan.MoveObject, Words: "三定规定中不属本单位职责"}))
		id, err := h.s.DraftBulletin(ctx, h.Dispatcher(), "2026-06", false)
		h.ok(err)
		in, err := h.s.Get(ctx, h.Dispatcher(), id)
		h.ok(err)
		if text := matter.Text(in.Document.Body); !strings.Contains(text, "五、需要协调的事项\n1.["+task.Title+"](/tasks/"+task.ID+")") || !strings.Contains(text, "：退回申请，待决定。") {
			h.Error(text)
		}
	})
}

// otherCity has no register of problems.
type otherCity struct{ matter.Records }

func (otherCity) List(_ context.Context, _ org.Principal, q register.Query) ([]register.Record, int, error) {
	if q.Under.Count != "" {
		return nil, 0, errs.New(errs.NotFound, "没有这个台账")
	}
	return nil, 0, nil
}

func TestBulletinOfACityWithoutThatRegister(t *testing.T) {
	halls(t, func(h hall) {
		h.PackPlan(h.T)
		s := matter.New(matter.Parts{DB: h.DB, Log: h.Log, Pack: h.Pack, Blobs: h.Blobs, Supervise: supervise.New(h.DB, h.Log, h.Plan), Records: otherCity{h.reg}})
		id, err := s.DraftBulletin(ctx, h.Dispatcher(), "2026-Q2", false)
		h.ok(err)
		in, err := s.Get(ctx, h.Dispatcher(), id)
		h.ok(err)
		if text := matter.Text(in.Document.Body); strings.Contains(text, "整改情况") || !strings.Contains(text, "五、下一步工作") {
			h.Error(text)
		}
	})
}
