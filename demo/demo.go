// Package demo fills a fresh data folder with life: people of every role, the
// city pack's own plan imported and published, shares given out to counties, a few
// months of progress, records in every register of the pack, supervision under way
// and a bulletin. All of it is invented and marked so: every entry carries the demo
// mark, the names of people and records begin with 演示, and figures name as their
// source that nobody published them.
//
// What records say is data: words/ has the names of towns, shops and products and
// what problems, requirements and replies read like. A register that it does not
// name is filled in a general way.
//
// It goes through the same use cases as people do, in the order in which people
// do, so that what a demonstration shows is what the program does.
package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/read"
	"bihuan/register"
	"bihuan/supervise"
)

// filler is one filling under way.
type filler struct {
	ctx      context.Context //nolint:containedctx // lives as long as Fill
	a        *app.App
	operator org.Principal
	people   map[string]org.Principal // by login
	today    calendar.Date
	rng      *rand.Rand
	n        int                      // records so far
	wrong    bool                     // some were suspended and found false
	refs     map[register.ID][]string // the records made, by register
	task     *supervise.TaskLight     // that supervision speaks of
	words    *words
	made     map[register.ID]int // records that were asked for, by register
	keys     map[string]bool     // titles and unique keys that are taken
}

// seed makes every demonstration the same.
const seed = 2026

// Fill fills an empty program and returns the secret of a one-time log-in link
// for the dispatcher.
func Fill(ctx context.Context, a *app.App) (link string, err error) {
	defer errs.Wrap(&err, "demo.Fill")
	if len(a.Pack.Documents) == 0 {
		return "", errs.New(errs.NotFound, "城市包“%s”没有可演示的计划", a.Pack.Name)
	}
	w, err := loadWords()
	if err != nil {
		return "", err
	}
	f := &filler{ctx: ctx, a: a, operator: org.CommandLine("演示"), people: map[string]org.Principal{}, refs: map[register.ID][]string{},
		words: w, made: map[register.ID]int{}, keys: map[string]bool{},
		rng: rand.New(rand.NewPCG(seed, seed))} //nolint:gosec // nothing is secret here
	for _, part := range []func() error{f.offices, f.cityPlan, f.shares, f.progress, f.records, f.figures, f.supervision, f.bulletins, f.notices, f.countyList} {
		if err := part(); err != nil {
			return "", err
		}
	}
	return a.Org.IssueLoginLink(ctx, f.operator, f.people["dispatcher"].ID, 24*time.Hour)
}

// offices makes the people who work across units.
func (f *filler) offices() error {
	lead := f.a.Pack.LeadUnit().ID
	for _, x := range []struct {
		login, name string
		unit        city.UnitID
		role        org.Role
	}{
		{"dispatcher", "演示调度员", lead, org.Dispatcher}, {"approver", "演示审批人", lead, org.Approver},
		{"leader", "演示领导", "", org.Leader}, {"auditor", "演示审计", "", org.Auditor},
		{"sysadmin", "演示系统管理员", "", org.SysAdmin}, {"secadmin", "演示安全管理员", "", org.SecAdmin}, {"auditadmin", "演示审计管理员", "", org.AuditAdmin},
	} {
		if _, err := f.person(x.login, x.name, x.unit, x.role); err != nil {
			return err
		}
	}
	return nil
}

// person makes an account, gives it a role, and signs it in by a one-time link.
func (f *filler) person(login, name string, unit city.UnitID, role org.Role) (org.Principal, error) {
	if p, ok := f.people[login]; ok {
		return p, nil
	}
	inv, err := f.a.Org.CreatePerson(f.ctx, f.operator, org.PersonInput{Login: login, Name: name, UnitID: string(unit)})
	if err != nil {
		return org.Principal{}, err
	}
	if err := f.a.Org.GrantRole(f.ctx, f.operator, inv.PersonID, role); err != nil {
		return org.Principal{}, err
	}
	token, err := f.a.Org.IssueLoginLink(f.ctx, f.operator, inv.PersonID, time.Hour)
	if err != nil {
		return org.Principal{}, err
	}
	in, err := f.a.Org.RedeemLoginLink(f.ctx, token, org.From{Address: login, Agent: "demo"})
	if err != nil {
		return org.Principal{}, err
	}
	f.people[login] = in.Principal
	return in.Principal, nil
}

// clerk and head are the two people of a unit: one reports, the other verifies.
func (f *filler) clerk(u city.Unit) (org.Principal, error) {
	role := org.UnitClerk
	if u.Kind.IsGovernment() {
		role = org.CountyClerk
	}
	return f.person(string(u.ID)+"-clerk", "演示"+u.Short+"经办", u.ID, role)
}

func (f *filler) head(u city.Unit) (org.Principal, error) {
	role := org.UnitHead
	if u.Kind.IsGovernment() {
		role = org.CountyHead
	}
	return f.person(string(u.ID)+"-head", "演示"+u.Short+"审核", u.ID, role)
}

// deputy is a second person who verifies, where one alone may not.
func (f *filler) deputy(id city.UnitID) (p org.Principal, ok bool, err error) {
	u, ok := f.a.Pack.Unit(id)
	if ok {
		p, err = f.person(string(id)+"-deputy", "演示"+u.Short+"复审", id, org.UnitHead)
	}
	return p, ok, err
}

// cityPlan imports the pack's plan and has a second person publish it.
func (f *filler) cityPlan() error {
	doc := f.a.Pack.Documents[0]
	return f.publish(f.people["dispatcher"], f.people["approver"], plan.Upload{Name: doc.Title + ".txt", Kind: plan.KindCity}, doc.Text)
}

func (f *filler) publish(author, second org.Principal, u plan.Upload, text string) error {
	u.Data = strings.NewReader(text)
	id, err := f.a.Plan.Import(f.ctx, author, u)
	if err != nil {
		return err
	}
	if err := f.a.Plan.RunRead(f.ctx, id); err != nil {
		return err
	}
	r, err := f.a.Plan.Review(f.ctx, author, id)
	if err != nil {
		return err
	}
	if err := f.a.Plan.Submit(f.ctx, author, id, r.Revision); err != nil {
		return err
	}
	_, err = f.a.Plan.Publish(f.ctx, second, id, "演示发布")
	return err
}

func (f *filler) board() (*supervise.Board, error) {
	return f.a.Supervise.Board(f.ctx, f.people["leader"])
}

// shares gives the large counted targets out to the counties, by population where known.
func (f *filler) shares() error {
	b, err := f.board()
	if err != nil {
		return err
	}
	for _, t := range b.Tasks {
		unit, ok := f.a.Pack.Unit(t.LeadUnit)
		if !ok {
			continue
		}
		revision := t.Revision
		for _, g := range t.Targets {
			if g.Kind != plan.Flow || g.Value == nil || *g.Value < quantity.Of(1000) || *g.Value > quantity.Of(10_000) {
				continue
			}
			clerk, err := f.clerk(unit)
			if err != nil {
				return err
			}
			if err := f.a.Plan.ShareOut(f.ctx, clerk, g.ID, revision, f.split(*g.Value), ""); err != nil {
				return err
			}
			revision++
		}
	}
	return nil
}

// split gives each territory an even part in whole numbers; the first ones take the remainder.
func (f *filler) split(total quantity.Quantity) map[city.TerritoryID]string {
	parts := f.a.Pack.TerritoriesFor(city.CaliberZonesApart)
	whole, n := int64(total)/quantity.Scale, int64(len(parts))
	typed := map[city.TerritoryID]string{}
	for i, t := range parts {
		part := whole / n
		if int64(i) < whole%n {
			part++
		}
		typed[t.ID] = fmt.Sprint(part)
	}
	return typed
}

// paces are how the invented progress runs against what is expected, in percent;
// each target takes the next, so that every light shows. 0 reports nothing.
var paces = []int64{104, 101, 97, 103, 90, 106, 0, 102, 72, 100, 110}

// progress reports and verifies month ends of the plan's year up to today.
func (f *filler) progress() error {
	b, err := f.board()
	if err != nil {
		return err
	}
	days := monthEnds(b.Today, f.a.Pack.Documents[0].Year)
	n := 0
	for _, t := range b.Tasks {
		unit, ok := f.a.Pack.Unit(t.LeadUnit)
		if !ok {
			continue
		}
		for _, g := range t.Targets {
			if !g.Quantified() {
				continue
			}
			n++
			if g.Measure.Bound() {
				continue // counted from records and figures
			}
			if len(g.Shares) == 0 {
				err = f.series(unit, g.Target, "", paces[n%len(paces)], days, n%5 == 3)
			} else {
				err = f.countySeries(g, days, n)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *filler) countySeries(g supervise.TargetLight, days []calendar.Date, n int) error {
	for i, sh := range g.Shares {
		unit, ok := f.a.Pack.Government(sh.Territory)
		if !ok {
			continue
		}
		part, value := g.Target, sh.Value
		part.Value, part.ValueMax, part.Baseline = &value, nil, nil
		if err := f.series(unit, part, sh.Territory, paces[(n+i)%len(paces)], days[max(0, len(days)-2):], i == 4); err != nil {
			return err
		}
	}
	return nil
}

// series reports one part at each day; the last value stays unverified when pending.
func (f *filler) series(u city.Unit, t plan.Target, territory city.TerritoryID, pace int64, days []calendar.Date, pending bool) error {
	if pace == 0 {
		return nil
	}
	clerk, err := f.clerk(u)
	if err != nil {
		return err
	}
	head, err := f.head(u)
	if err != nil {
		return err
	}
	for i, day := range days {
		id, err := f.a.Plan.Report(f.ctx, clerk, plan.Report{TargetID: t.ID, Territory: territory, AsOf: day.String(), Value: invented(t, day, latePace(pace, i == len(days)-1)), Demo: true,
			Note: "演示数据", Proof: proof(t, day)})
		if err != nil {
			return err
		}
		if pending && i == len(days)-1 {
			break
		}
		if err := f.a.Plan.Verify(f.ctx, head, id); err != nil {
			return err
		}
	}
	return nil
}

// latePace lets a part that is a little behind be so only lately: behind for two
// periods in a row would be far behind.
func latePace(pace int64, last bool) int64 {
	if pace >= 85 && pace < 95 && !last {
		return 100
	}
	return pace
}

// invented is a value that runs at the pace, in whole numbers where things are counted.
func invented(t plan.Target, day calendar.Date, pace int64) string {
	if t.Kind == plan.Comparison {
		gap := quantity.Quantity((pace - 98) * quantity.Scale / 20)
		return gap.String()
	}
	expected, _ := t.ExpectedAt(day)
	v, err := expected.MulDiv(pace, 100)
	if err != nil {
		v = expected
	}
	if t.Kind == plan.Flow || t.Kind == plan.Stock {
		v = (v + quantity.Scale/2) / quantity.Scale * quantity.Scale
	}
	return v.String()
}

func proof(t plan.Target, day calendar.Date) plan.File {
	text := "演示佐证，不是真实材料。\n" + t.Subject + "，截至 " + day.String() + "\n"
	return plan.File{Name: "演示佐证-" + day.String() + ".txt", Data: strings.NewReader(text), Size: int64(len(text))}
}

// monthEnds are the last five month ends of the year up to today, or today itself in the first month.
func monthEnds(today calendar.Date, year int) []calendar.Date {
	var days []calendar.Date
	for m := 1; m <= 12; m++ {
		if d := calendar.Of(year, time.Month(m+1), 0); !d.After(today) {
			days = append(days, d)
		}
	}
	if len(days) == 0 && today.Year() == year {
		days = append(days, today)
	}
	return days[max(0, len(days)-5):]
}

// countyList has one county hand in its own list under the city's tasks.
func (f *filler) countyList() error {
	b, err := f.board()
	if err != nil || len(b.Plans) == 0 {
		return err
	}
	territory := f.a.Pack.TerritoriesFor(city.CaliberZonesApart)[1]
	gov, ok := f.a.Pack.Government(territory.ID)
	if !ok {
		return nil
	}
	clerk, err := f.clerk(gov)
	if err != nil {
		return err
	}
	head, err := f.head(gov)
	if err != nil {
		return err
	}
	return f.publish(clerk, head, plan.Upload{Name: territory.Name + "实施方案（演示）.txt", Kind: plan.KindCounty, ParentID: b.Plans[0].ID, Territory: territory.ID},
		countyText(territory, b))
}

// countyText writes a short implementation plan after the city's first tasks with targets.
func countyText(t city.Territory, b *supervise.Board) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s%d年实施方案（演示）\n\n一、重点任务\n\n", t.Name, b.Plans[0].Year)
	n := 0
	for _, task := range b.Tasks {
		if task.Section != read.SectionTasks || len(task.Targets) == 0 || n == 4 {
			continue
		}
		n++
		fmt.Fprintf(&s, "%d.%s。细化工作清单，明确时间节点，6月底前完成中期评估，年底前全面完成。（责任单位：%s人民政府）\n\n", n, task.Title, t.Name)
	}
	return s.String()
}
