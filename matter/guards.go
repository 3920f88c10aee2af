package matter

import (
	"context"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/gongwen"
	"bihuan/org"
	"bihuan/register"
	"bihuan/supervise"
)

// Registers of supervision, as the packs name them.
const (
	campaigns = register.ID("campaign")
	sheets    = register.ID("supervision-sheet")
	problems  = register.ID("rectification-problem")
	praises   = register.ID("commendation")
	goodCases = register.ID("good-case")
	copies    = register.ID("case-copy")
)

// Records is the part of the register room that the guards look at.
type Records interface {
	Get(ctx context.Context, p org.Principal, id string) (register.View, error)
	List(ctx context.Context, p org.Principal, q register.Query) ([]register.Record, int, error)
}

// Guards are the rules that moves of the supervision registers name. Records is
// set once the register room is made, which needs the guards first.
type Guards struct {
	Records Records
	Catalog *register.Catalog
	Pack    *city.Pack
	Today   func() calendar.Date
}

// asked is one question to a guard: the record, with what the move fills in.
type asked struct {
	ctx    context.Context //nolint:containedctx // lives for one question
	p      org.Principal
	v      register.View
	step   register.Step
	values map[string]string
}

func (a asked) day(field string) calendar.Date {
	d, err := calendar.ParseDate(a.values[field])
	if err != nil {
		return calendar.Date{}
	}
	return d
}

// Known are the names that the packs may use in moves.
var Known = register.Known{Guards: (*Guards)(nil).names(), Documents: []string{string(KindBulletin), string(KindLetter), string(KindMinutes), string(KindRectify), string(KindReview), string(KindSheet)}}

// Map gives the guards by name.
func (g *Guards) Map() map[string]register.Guard {
	all := map[string]register.Guard{}
	for name, rule := range g.rules() {
		all[name] = func(ctx context.Context, p org.Principal, v register.View, step register.Step) error {
			values := make(map[string]string, len(v.Values)+len(step.Values))
			for k, x := range v.Values {
				values[k] = x
			}
			for k, x := range step.Values {
				values[k] = strings.TrimSpace(x)
			}
			return rule(asked{ctx, p, v, step, values})
		}
	}
	return all
}

func (g *Guards) names() (all []string) {
	for name := range g.rules() {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func (g *Guards) rules() map[string]func(asked) error {
	return map[string]func(asked) error{
		"authority":           g.authority,
		"no-second-campaign":  g.noSecondCampaign,
		"fed-back-first":      g.fedBackFirst,
		"praise-allowed":      g.praiseAllowed,
		"level-one-step":      g.levelOneStep,
		"addressee-words":     g.addresseeWords,
		"form-burden":         g.formBurden,
		"objection-in-time":   g.objectionInTime,
		"reviewer-not-author": g.reviewerNotAuthor,
		"parent-issued":       g.parentIssued,
		"problems-listed":     g.problemsListed,
		"all-crossed-off":     g.allCrossedOff,
		"look-back-due":       g.lookBackDue,
	}
}

func (a asked) campaign() Campaign {
	return Campaign{ID: a.v.No, Authority: Authority(a.values["authority"]), Basis: a.values["basis"], Approver: a.values["approver"], Plan: a.values["plan"],
		Designation: Designation{a.values["designation-no"], a.values["designation-matters"], a.values["designation-scope"], a.day("designation-start"), a.day("designation-end")},
		Methods:     strings.FieldsFunc(a.values["methods"], func(r rune) bool { return r == '、' }), Object: a.values["object"], Matter: a.values["matter"]}
}

func (g *Guards) authority(a asked) error { return a.campaign().Check(g.Today(), nil) }

func (g *Guards) noSecondCampaign(a asked) error {
	all, _, err := g.Records.List(a.ctx, a.p, register.Query{Register: campaigns, Having: map[string]string{"object": a.values["object"], "matter": a.values["matter"]}, Limit: 1000})
	if err != nil {
		return err
	}
	var open []Campaign
	for _, r := range all {
		if slices.Contains([]string{"running", "concluded", "fed-back"}, r.Stage) {
			open = append(open, Campaign{ID: r.No, Object: r.Values["object"], Matter: r.Values["matter"]})
		}
	}
	return a.campaign().Check(g.Today(), open)
}

// concluded reads the conclusion of the campaign that a record rests on, or of the
// campaign itself; none when it names none.
func (g *Guards) concluded(a asked) (c Conclusion, named bool, err error) {
	v := a.v
	if v.Register != campaigns {
		id := a.values["campaign"]
		if id == "" {
			return c, false, nil
		}
		if v, err = g.Records.Get(a.ctx, a.p, id); err != nil {
			return c, false, err
		}
		a = asked{v: v, values: v.Values}
	}
	c.FedBack = a.day("fed-back")
	for _, e := range v.Events {
		if e.Move == "conclude" {
			c.Author = e.By
		}
	}
	return c, true, nil
}

func (g *Guards) fedBackFirst(a asked) error {
	c, named, err := g.concluded(a)
	switch {
	case err != nil:
		return err
	case !named && a.values["kind"] == "通报表扬":
		return nil // praise rests on verified figures and needs no campaign
	}
	return c.MayPublish()
}

func (g *Guards) praiseAllowed(a asked) error {
	unit := city.UnitID(a.values["unit"])
	red, err := g.openRed(a, unit)
	if err != nil {
		return err
	}
	_, falsified, err := g.Records.List(a.ctx, a.p, register.Query{Unit: unit, Falsified: true, Limit: 1})
	if err != nil {
		return err
	}
	return Praise{Result: a.values["result"], Verified: a.values["verified"] == "是", Group: a.values["group"], Merit: a.values["merit"],
		OpenRed: red, Falsified: falsified, ProposedBy: a.p.ID, WordsOfPraise: a.values["name"]}.Check()
}

// openRed counts a unit's red problems that are not crossed off.
func (g *Guards) openRed(a asked, unit city.UnitID) (n int, err error) {
	all, _, err := g.Records.List(a.ctx, a.p, register.Query{Register: problems, Assignee: unit, Having: map[string]string{"level": "红色"}, Limit: 1000})
	for _, r := range all {
		if !slices.Contains([]string{"crossed-off", "looking-back", "settled", "dropped"}, r.Stage) {
			n++
		}
	}
	return n, err
}

var levelOf = map[string]supervise.Level{"蓝色": supervise.Blue, "黄色": supervise.Yellow, "红色": supervise.Red}

func sheetOf(r register.Record, values map[string]string) Sheet {
	return Sheet{ID: r.No, Task: values["task"], Reason: values["reason"], Period: values["period"], Level: levelOf[values["level"]], Special: values["special"] == "是",
		Passed: r.Stage == "passed" || r.Stage == "closed"}
}

// levelOneStep holds for sheets among those of their task, and for a problem that is
// issued again.
func (g *Guards) levelOneStep(a asked) error {
	if a.v.Register != sheets {
		before := Sheet{ID: "上一次", Task: a.v.ID, Level: levelOf[a.v.Values["level"]]}
		return Sheet{ID: a.v.No, Task: a.v.ID, Period: "重新下发", Level: levelOf[a.values["level"]]}.Check([]Sheet{before})
	}
	before, _, err := sheetsOf(a.ctx, a.p, g.Records, a.values["task"])
	if err != nil {
		return err
	}
	if last := lastIssued(a.v); last != "" { // it failed and goes out again
		before = append(before, Sheet{ID: "上一次", Task: a.values["task"], Level: levelOf[last]})
	}
	return sheetOf(a.v.Record, a.values).Check(before)
}

// lastIssued is the level at which a sheet went out before, "" if it never did: its
// level now, with every change since taken back.
func lastIssued(v register.View) string {
	level := v.Values["level"]
	for _, e := range slices.Backward(v.Events) { // the newest last
		if e.Move == "issue" {
			return level
		}
		if c, changed := e.Changes["level"]; changed {
			level = c[0]
		}
	}
	return ""
}

// addresseeWords refuses words of command in anything that goes to a government (1.10).
func (g *Guards) addresseeWords(a asked) error {
	u, ok := g.Pack.Unit(city.UnitID(a.values["addressee"]))
	if !ok || !u.Kind.IsGovernment() {
		return nil
	}
	for _, f := range a.v.Definition.Fields {
		for _, w := range gongwen.DirectiveWords() {
			if f.Type != register.Choice && strings.Contains(a.values[f.Name], w) {
				return refuse("1.10", "发往%s的“%s”中有“%s”：请改用商请的措辞，或改发县区商务主管部门，或报请市政府办公室印发", u.Short, f.Label, w)
			}
		}
	}
	return nil
}

func (g *Guards) formBurden(a asked) error {
	known := map[string]bool{}
	for _, d := range g.Catalog.All() {
		for _, f := range d.Fields {
			known[f.Label] = known[f.Label] || d.Group != a.v.Definition.Group
		}
	}
	return Form{Title: a.v.Title, Fields: strings.Fields(a.values["items"]), Survey: a.values["survey"] == "是", Maker: a.values["survey-maker"], FilingNo: a.values["filing-no"],
		ValidUntil: a.day("valid-until"), Issued: a.day("issued"), Due: a.day("due"), Written: a.values["written"] == "是", WhyWritten: a.values["why-written"]}.
		Check(Burden{MostShare: g.Pack.Defaults.Forms.KnownShare, Notice: g.Pack.Defaults.Timers.Notice}, g.Pack.Calendar, g.Today(), known)
}

// objectionInTime counts from the day on which the conclusion was fed back, as the
// campaign has it, and not as the applicant remembers it.
func (g *Guards) objectionInTime(a asked) error {
	c, _, err := g.concluded(a)
	if err != nil {
		return err
	}
	return c.MayObject(g.Today(), g.Pack.Defaults.Timers.Dispute.N)
}

// reviewerNotAuthor keeps those who made a conclusion out of its review, and the
// unit that did the work out of its re-check, which takes two people.
func (g *Guards) reviewerNotAuthor(a asked) error {
	c, named, err := g.concluded(a)
	if err != nil {
		return err
	}
	if named {
		return c.MayReview(a.p.ID)
	}
	if string(a.v.Assignee) == a.p.UnitID && a.v.Assignee != g.Pack.LeadUnit().ID {
		return errs.New(errs.Forbidden, "复核须由承办单位以外的人员办理")
	}
	if _, asks := a.v.Definition.Field("checkers"); asks {
		names := strings.FieldsFunc(a.values["checkers"], func(r rune) bool { return strings.ContainsRune("、,，;； ", r) })
		if len(names) < 2 || names[0] == names[1] {
			return errs.New(errs.Invalid, "复核人员不少于两人，请以顿号分开填写")
		}
	}
	return nil
}

func (g *Guards) parentIssued(a asked) error {
	v, err := g.Records.Get(a.ctx, a.p, a.v.Parent)
	if err != nil {
		return err
	}
	if v.Stage != "issued" {
		return errs.New(errs.Conflict, "整改通知 %s 尚未印发，问题随通知下发", v.No)
	}
	return nil
}

func (g *Guards) problemsListed(a asked) error {
	if len(a.v.Children) == 0 {
		return errs.New(errs.Conflict, "请先逐条列出整改问题：一个问题一条，各有时限")
	}
	return nil
}

func (g *Guards) allCrossedOff(a asked) error {
	for _, r := range a.v.Children {
		if !slices.Contains([]string{"crossed-off", "looking-back", "settled", "dropped"}, r.Stage) {
			return errs.New(errs.Conflict, "问题 %s 尚未销号，整改不能办结", r.No)
		}
	}
	return nil
}

func (g *Guards) lookBackDue(a asked) error {
	crossed := a.day("crossed")
	limit := g.Pack.Defaults.Timers.LookBack
	if due := g.Pack.Calendar.DueAfter(crossed, limit.Limit); g.Today().Before(due) {
		return errs.New(errs.Conflict, "回头看在销号 %d 天以后进行，最早 %s", limit.N, due)
	}
	return nil
}
