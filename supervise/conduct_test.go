package supervise_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
	"bihuan/kit/seal"
	"bihuan/org"
	"bihuan/plan/plantest"
	"bihuan/register"
	"bihuan/supervise"
)

func TestCase(t *testing.T) {
	day := func(text string) calendar.Date {
		if text == "" {
			return calendar.Date{}
		}
		return calendar.MustParseDate(text)
	}
	for _, c := range []struct {
		name, due, done, broken, decided string
		falsified                        bool
		counts, met                      bool
		says                             string
	}{
		{name: "in time", due: "2026-06-30", done: "2026-06-30", counts: true, met: true, says: "按期"},
		{name: "before it is due", due: "2026-08-01", done: "2026-06-01", counts: true, met: true, says: "按期"},
		{name: "late", due: "2026-06-20", done: "2026-06-23", counts: true, says: "逾期 3 天完成"},
		{name: "not done", due: "2026-06-29", counts: true, says: "未完成，已逾期 2 天"},
		{name: "due today", due: "2026-07-01"},
		{name: "due later", due: "2026-07-20"},
		{name: "last year's", due: "2025-12-31", done: "2026-01-02"},
		{name: "did not hold", due: "2026-06-30", done: "2026-06-20", broken: "反弹 1 次", counts: true, says: "反弹 1 次"},
		{name: "false", due: "2026-08-30", done: "2026-06-20", falsified: true, counts: true, says: "查实不实"},
		{name: "without a limit, not decided"},
		{name: "without a limit", done: "2026-06-20", decided: "2026-06-20", counts: true, met: true, says: "认可"},
		{name: "without a limit, last year", done: "2025-06-20", decided: "2025-06-20", met: true},
		{name: "without a limit, refused", broken: "未解决 1 次", decided: "2026-06-20", counts: true, says: "未解决"},
	} {
		k := supervise.Case{Due: day(c.due), Done: day(c.done), Broken: c.broken, Decided: day(c.decided), Falsified: c.falsified}
		today := day("2026-07-01")
		if k.Counts(today) != c.counts || k.Counts(today) && (k.Met() != c.met || !strings.Contains(k.Says(today), c.says)) {
			t.Errorf("%s: counts %v, met %v: %s", c.name, k.Counts(today), k.Met(), k.Says(today))
		}
	}
}

func TestRatingIsTheMeanOfSharesWithEnoughCases(t *testing.T) {
	line := func(met, due int) supervise.Line { return supervise.Line{Ontime: supervise.Ontime{Met: met, Due: due}} }
	for _, c := range []struct {
		name          string
		lines         []supervise.Line
		points, asked int
	}{
		{"nothing", nil, 0, 0},
		{"one share", []supervise.Line{line(3, 4)}, 7_500, 4},
		{"many cases of one do not outweigh another", []supervise.Line{line(1_000, 1_000), line(0, 4)}, 5_000, 1_004},
		{"too few are left out", []supervise.Line{line(0, 2), line(3, 3)}, 10_000, 3},
		{"all too few", []supervise.Line{line(1, 2), line(1, 1)}, 0, 0},
	} {
		if r := supervise.RatingOf(c.lines, 3); r.Points != c.points || r.Asked != c.asked || len(r.Lines) != len(c.lines) {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
}

// The rules of every pack speak of what its registers have.
func TestRankingRulesOfThePacksFit(t *testing.T) {
	for _, name := range city.Names() {
		pack, err := city.LoadBuiltin(name)
		must(t, err)
		catalog, err := register.LoadCatalog(pack)
		must(t, err)
		rules, err := supervise.ReadRankingRules(pack.Files)
		must(t, err)
		for _, x := range append(rules.Rectification, rules.Service...) {
			if err := x.Check(catalog.Get); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	catalog, err := register.LoadCatalog(packOf(t))
	must(t, err)
	good := supervise.CaseRule{Name: "x", Register: "rectification-problem", Due: "due", Done: "crossed"}
	for want, change := range map[string]func(x *supervise.CaseRule){
		"没有台账": func(x *supervise.CaseRule) { x.Register = "none" },
		"日期项目": func(x *supervise.CaseRule) { x.Due = "problem" },
		"选项":   func(x *supervise.CaseRule) { x.Where = []register.Condition{{Field: "level", In: []string{"紫色"}}} },
		"没有阶段": func(x *supervise.CaseRule) { x.Without = []string{"none"} },
		"没有动作": func(x *supervise.CaseRule) { x.Broken = []string{"none"} },
	} {
		x := good
		change(&x)
		if err := x.Check(catalog.Get); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestRankingRulesAreRefused(t *testing.T) {
	const head, basis = "minimum: 3\nconfidence: D\nsource: x\n", ", confidence: D, source: x}"
	for want, text := range map[string]string{
		"最低样本":   "confidence: D\nsource: x\n",
		"不完整的期限": head + "service:\n  - {name: a, register: b, since: c, by: [d]" + basis,
		"怎样算完成":  head + "service:\n  - {name: a, register: b, due: c" + basis,
	} {
		_, err := supervise.ReadRankingRules(fstest.MapFS{"measures/ranking.yaml": {Data: []byte(text)}})
		if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if rules, err := supervise.ReadRankingRules(fstest.MapFS{}); err != nil || rules.Least != 1 {
		t.Errorf("a pack that says nothing: %+v %v", rules, err)
	}
}

// desk is the registers of a city with people who move their records; what guards
// rule is tested where they are.
type desk struct {
	*testing.T
	*plantest.Room
	records *readings
	s       *supervise.Service
}

// readings is the register room, which counts how often a record is read.
type readings struct {
	*register.Service
	gets int
}

func (c *readings) Get(ctx context.Context, p org.Principal, id string) (register.View, error) {
	c.gets++
	return c.Service.Get(ctx, p, id)
}

func desks(t *testing.T, f func(d desk)) {
	t.Helper()
	for _, e := range dbtest.Engines(t) {
		t.Run(string(e), func(t *testing.T) {
			r := plantest.New(t, e)
			keys, err := seal.Create(t.TempDir()+"/keys.json", r.Clock.Now(), strings.NewReader(strings.Repeat("entropy of a test ", 100)))
			must(t, err)
			catalog, err := register.LoadCatalog(r.Pack)
			must(t, err)
			guards := map[string]register.Guard{}
			for _, d := range catalog.All() {
				for _, st := range d.Stages {
					for _, m := range st.Moves {
						guards[m.Guard] = func(context.Context, org.Principal, register.View, register.Step) error { return nil }
					}
				}
			}
			records := &readings{Service: register.New(register.Parts{DB: r.DB, Log: r.Log, Box: keys, Pack: r.Pack, Catalog: catalog, Blobs: r.Blobs, Guards: guards})}
			source := supervise.FromRegisters(records, catalog.Get)
			r.Measured(supervise.NewSources(source))
			r.PackPlan(t)
			f(desk{t, r, records, supervise.New(r.DB, r.Log, r.Plan, source)})
		})
	}
}

func (d desk) enter(p org.Principal, in register.Draft) string {
	d.Helper()
	id, err := d.records.Create(context.Background(), p, in)
	must(d.T, err)
	return id
}

func (d desk) move(p org.Principal, id, move string, pairs ...string) {
	d.Helper()
	v, err := d.records.Service.Get(context.Background(), p, id)
	must(d.T, err)
	step := register.Step{ID: id, Move: move, Revision: v.Revision, Reason: "见记录", Values: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		step.Values[pairs[i]] = pairs[i+1]
	}
	must(d.T, d.records.Move(context.Background(), p, step))
}

// score is what a territory is scored by.
func (d desk) score(territory city.TerritoryID) supervise.Score {
	d.Helper()
	r, err := d.s.Ranking(context.Background(), d.Dispatcher())
	must(d.T, err)
	for _, g := range r.Groups {
		for _, s := range g.Scores {
			if s.Territory == territory {
				return s
			}
		}
	}
	d.Fatalf("no %s", territory)
	return supervise.Score{}
}

// problem is a problem that was handed to a county, due on a day.
func (d desk) problem(notice, handler, due string) string {
	id := d.enter(d.Dispatcher(), register.Draft{Register: "rectification-problem", Parent: notice, Values: map[string]string{"problem": "台账缺页", "evidence": "台账", "requirement": "补齐",
		"handler": handler, "responsible": "王小明", "level": "蓝色", "due": due}})
	d.move(d.Dispatcher(), id, "issue")
	return id
}

// rectify brings a problem from issue to its re-check.
func (d desk) rectify(county org.Principal, id string) {
	d.Helper()
	d.move(county, id, "sign")
	d.move(county, id, "file-plan", "plan", "逐项补齐")
	d.move(d.Dispatcher(), id, "start")
	d.again(county, id)
}

func (d desk) again(county org.Principal, id string) {
	d.Helper()
	d.move(county, id, "file-evidence", "result", "已补齐", "result-kind", "文件资料")
	d.move(d.Dispatcher(), id, "recheck", "method", "资料核查", "checkers", "甲、乙", "checked", "2026-07-02")
}

func TestRectificationIsScoredFromItsRecords(t *testing.T) {
	desks(t, func(d desk) {
		county := d.County("guanxian", org.CountyHead)
		notice := d.enter(d.Dispatcher(), register.Draft{Register: "rectification", Values: map[string]string{"name": "台账", "addressee": "guanxian-gov", "basis": "结论", "check-method": "现场核查", "rights": "可以说明情况", "due": "2026-08-01"}})
		if s := d.score("guanxian"); s.Rectification.Known {
			t.Errorf("known without any problem: %+v", s.Rectification)
		}
		good, late, open := d.problem(notice, "guanxian-gov", "2026-07-10"), d.problem(notice, "guanxian-gov", "2026-07-10"), d.problem(notice, "guanxian-gov", "2026-07-10")
		d.problem(notice, "civil", "2026-07-10") // a department is nobody's county
		if s := d.score("guanxian"); s.Rectification.Known {
			t.Errorf("known before anything is due: %+v", s.Rectifications)
		}
		d.rectify(county, good)
		d.move(d.Dispatcher(), good, "pass")
		d.move(d.Approver(), good, "cross-off", "crossed", "2026-07-10")
		if s := d.score("guanxian"); s.Rectifications.Met != 1 || s.Rectifications.Due != 1 || s.Rectification.Points.String() != "10" {
			t.Errorf("one crossed off in time: %+v", s.Rectifications)
		}
		// Not passed, reissued with a later day, crossed off before that: late all the same.
		d.rectify(county, late)
		d.move(d.Dispatcher(), late, "fail")
		d.move(d.Dispatcher(), late, "reissue", "level", "黄色", "due", "2026-09-01")
		d.Clock.Add(14 * 24 * time.Hour)
		s := d.score("guanxian")
		if s.Rectifications.Met != 1 || s.Rectifications.Due != 3 || s.Rectification.Points.String() != "3.33" {
			t.Fatalf("%+v", s.Rectifications)
		}
		want := map[string]string{late: "不通过 1 次", open: "未完成，已逾期 5 天", good: "按期"}
		for i, k := range s.Rectifications.Cases {
			if !strings.Contains(k.Says(calendar.MustParseDate("2026-07-15")), want[k.ID]) || k.Due.String() != "2026-07-10" || (i == 2) != k.Met() {
				t.Errorf("%d %s: %s, due %s", i, k.No, k.Says(calendar.MustParseDate("2026-07-15")), k.Due)
			}
		}
		// A relapse at the look-back takes the crossing off back.
		d.Clock.Add(90 * 24 * time.Hour)
		d.move(d.Dispatcher(), good, "look-back")
		d.move(d.Dispatcher(), good, "relapse", "looked-back", "又缺页", "level", "红色", "due", "2026-11-30")
		if s := d.score("guanxian"); s.Rectifications.Met != 0 || s.Rectifications.Due != 3 {
			t.Errorf("after the relapse: %+v", s.Rectifications)
		}
		if s := d.score("linqing"); s.Rectifications.Due != 0 {
			t.Errorf("another county: %+v", s.Rectifications)
		}
		// A page after nothing changed reads no record, one after a change reads that record alone.
		d.records.gets = 0
		d.score("guanxian")
		if d.records.gets != 0 {
			t.Errorf("%d records read again", d.records.gets)
		}
		d.move(county, good, "sign")
		if d.score("guanxian"); d.records.gets != 1 {
			t.Errorf("%d records read for one that changed", d.records.gets)
		}
	})
}

func TestServiceIsScoredFromItsRecords(t *testing.T) {
	desks(t, func(d desk) {
		ctx := context.Background()
		county, clerk := d.County("guanxian", org.CountyHead), d.County("guanxian", org.CountyClerk)
		enter := func(received string) string {
			return d.enter(clerk, register.Draft{Register: "enterprise-problem", Territory: "guanxian", Values: map[string]string{"problem": "招工难", "detail": "缺20人", "enterprise": "某食品公司", "uscc": "91371500MA3C0YMT1D", "category": "用工", "received": received}})
		}
		proof := func(p org.Principal, id, kind string) {
			const words = "办理材料"
			must(t, d.records.Attach(ctx, p, id, register.File{Kind: kind, Name: "材料.txt", Data: strings.NewReader(words), Size: int64(len(words))}))
		}
		// Answered on the day and confirmed; answered on the day and found unsolved; not answered.
		first, second, third := enter("2026-07-01"), enter("2026-07-01"), enter("2026-07-01")
		for _, id := range []string{first, second, third} {
			d.move(d.Dispatcher(), id, "assign", "handler", "guanxian-gov", "level", "县级解决")
		}
		for _, id := range []string{first, second} {
			d.move(county, id, "reply", "answer", "已联系零工市场", "ledger", "计划解决")
			proof(county, id, "answer")
			d.move(county, id, "answer", "answer", "已招满")
		}
		proof(d.Dispatcher(), first, "confirmation")
		d.move(d.Dispatcher(), first, "confirm", "confirmed-by", "赵六", "confirmed", "2026-07-03")
		d.move(d.Dispatcher(), second, "unsolved")
		d.Clock.Add(10 * 24 * time.Hour)
		s := d.score("guanxian")
		lines := s.Performance.Service.Lines
		if len(lines) != 3 || lines[0].Met != 2 || lines[0].Due != 3 || lines[1].Met != 1 || lines[1].Due != 2 || lines[2].Due != 0 {
			t.Fatalf("%+v", lines)
		}
		// Two cases of an evaluation are too few to say anything: the share of answers stands alone.
		if r := s.Performance.Service; r.Points != 6_666 || r.Asked != 3 || s.Service.Points.String() != "6.67" {
			t.Errorf("%d of %d: %s", r.Points, r.Asked, s.Service.Points)
		}
	})
}

// A record that was found false takes the result that it was counted for to nothing.
func TestFalsificationTakesTheResultToNothing(t *testing.T) {
	desks(t, func(d desk) {
		ctx := context.Background()
		const subject, notice = "中医药文化进社区、进商圈体验活动", "关于举办体验活动的通知"
		task, g := targetOf(t, lights(t, d.Room, d.s), subject)
		must(t, d.Plan.ShareOut(ctx, d.Clerk(task.LeadUnit), g.ID, task.Revision, map[city.TerritoryID]string{"guanxian": "2"}, "其余由市直承担"))
		held := func(day string) string {
			id := d.enter(d.County("guanxian", org.CountyClerk), register.Draft{Register: "tcm-event", Territory: "guanxian",
				Values: map[string]string{"name": "进社区", "setting": "社区", "address": "冠县某社区", "organiser": "县卫健局", "held": day, "doctors": "5", "visitors": "80"},
				Proofs: []register.File{{Kind: "notice", Name: "通知.txt", Data: strings.NewReader(notice), Size: int64(len(notice))}}})
			d.move(d.County("guanxian", org.CountyHead), id, "check")
			d.move(d.Head("health"), id, "verify")
			return id
		}
		held("2026-06-18")
		false1 := held("2026-06-19")
		if s := d.score("guanxian"); len(s.Results) != 1 || s.Results[0].Falsified || s.Result.Points.String() != "60" {
			t.Fatalf("before: %+v", s.Results)
		}
		v, err := d.records.Service.Get(ctx, d.Head("health"), false1)
		must(t, err)
		must(t, d.records.MarkFalsified(ctx, d.Head("health"), false1, v.Revision, "现场核查没有这场活动"))
		check := func(s supervise.Score) {
			t.Helper()
			if len(s.Results) != 1 || !s.Results[0].Falsified || s.Result.Points != 0 || len(s.False) != 1 || s.False[0].ID != false1 {
				t.Errorf("%+v, false %+v", s.Results, s.False)
			}
		}
		check(d.score("guanxian"))
		// A program that starts now finds the same.
		d.s = supervise.New(d.DB, d.Log, d.Plan, supervise.FromRegisters(d.records, d.records.Catalog().Get))
		check(d.score("guanxian"))
	})
}
