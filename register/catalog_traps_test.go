package register_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/register"
)

// rulesInCode and documentsInCode are the names that the moves of the first pack use.
var (
	rulesInCode = []string{"addressee-words", "all-crossed-off", "authority", "fed-back-first", "form-burden",
		"level-one-step", "look-back-due", "no-second-campaign", "objection-in-time", "parent-issued", "praise-allowed",
		"problems-listed", "reviewer-not-author"}
	documentsInCode = []string{"bulletin", "letter", "minutes", "rectify", "review", "sheet"}
)

func first(t testing.TB) *register.Catalog { return catalog(t, "liaocheng") }

func TestNamesInCode(t *testing.T) {
	pack, err := city.LoadBuiltin("liaocheng")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := register.LoadCatalog(pack, register.Known{Guards: rulesInCode, Documents: documentsInCode}); err != nil {
		t.Error(err)
	}
	guards, documents := map[string]bool{}, map[string]bool{}
	for _, d := range first(t).All() {
		for _, s := range d.Stages {
			for _, m := range s.Moves {
				guards[m.Guard], documents[m.Document] = true, true
			}
		}
	}
	delete(guards, "")
	delete(documents, "")
	if got := slices.Sorted(maps.Keys(guards)); !slices.Equal(got, rulesInCode) {
		t.Errorf("rules %v", got)
	}
	if got := slices.Sorted(maps.Keys(documents)); !slices.Equal(got, documentsInCode) {
		t.Errorf("documents %v", got)
	}
}

// say writes what a register rules in short lines, so that a table can name them.
func say(d *register.Definition) map[string]bool {
	said := map[string]bool{}
	add := func(format string, args ...any) { said[fmt.Sprintf(format, args...)] = true }
	for _, u := range d.Unique {
		add("key %s local=%v", strings.Join(u.Fields, "+"), u.Local)
	}
	for _, c := range d.Counts {
		add("count %s %s sum=%s where=%v new=%v", c.ID, c.Mode, c.Sum, c.Where, c.New)
	}
	for _, c := range d.Checks {
		add("check %s %s than=%s days=%d %s", c.Kind, c.Field, c.Than, c.Days, c.Confidence)
	}
	for _, p := range d.Proof {
		add("proof %s required=%v photo=%v most=%d", p.ID, p.Required, p.Photo, p.Most)
	}
	for _, f := range d.Fields {
		add("field %s %s required=%v personal=%v", f.Name, f.Type, f.Required, f.Personal)
	}
	for _, s := range d.Stages {
		sayStage(s, add)
	}
	add("baseline %s", d.Baseline)
	add("expiry %+v", d.Expiry)
	add("effective %s", d.Effective)
	add("unit %s", d.Unit)
	add("method %s sampled=%v", d.Method, d.Sampled)
	add("under %s", d.Under)
	add("anonymous %v", d.Anonymous)
	add("pending %v", len(d.Pending) > 0)
	return said
}

func sayStage(s register.Stage, add func(string, ...any)) {
	add("stage %s counts=%v ends=%v", s.ID, s.Counts, s.Ends)
	if s.Limit != nil {
		add("limit %s %d %s %s", s.ID, s.Limit.N, s.Limit.Unit, s.Limit.Confidence)
	}
	add("until %s %s", s.ID, s.Until)
	for _, m := range s.Moves {
		add("move %s: %s → %s by %v", m.ID, s.ID, m.To, m.By)
		add("guard %s: %s", m.ID, m.Guard)
		add("document %s: %s", m.ID, m.Document)
		for _, n := range m.NotBy {
			add("%s: not who did %s", m.ID, n)
		}
		for _, n := range m.Needs {
			add("%s: needs %s", m.ID, n)
		}
		for _, p := range m.Proof {
			add("%s: proof %s", m.ID, p)
		}
		for _, w := range m.Where {
			add("%s: where %s=%s", m.ID, w.Field, strings.Join(w.In, "、"))
		}
	}
}

// TestTraps holds each row of the rule book's tables against its register: what a
// careless register would count twice, too early, or not at all.
func TestTraps(t *testing.T) {
	c := first(t)
	for _, trap := range []struct {
		why      string
		register register.ID
		rules    []string
	}{
		{"coverage is no count", "fitness-place", []string{"field longitude longitude required=true personal=false", "pending true"}},
		{"circles by what they have", "living-circle", []string{"key name local=true", "check minimum satisfaction than=90 days=0 B", "count residents stock sum=residents where=[] new=false"}},
		{"a brand is no shop, and old brands are not new", "time-honored-brand", []string{
			"key name local=false", "key trademark local=false", "count new flow sum= where=[] new=true", "baseline 2025-12-31", "effective announced", "proof notice required=true photo=false most=5", "pending true"}},
		{"the national list is counted on its own", "national-brand", []string{"key name local=false", "count new flow sum= where=[] new=true"}},
		{"the list is not the leaf certificate", "green-hotel", []string{
			"field leaf choice required=false personal=false", "field announced date required=true personal=false", "proof list required=true photo=false most=5", "proof leaf required=false photo=false most=5", "key uscc+name local=false"}},
		{"an undefined minimum is a parameter to be confirmed", "childcare-station", []string{
			"field area number required=true personal=false", "field places number required=true personal=false", "check minimum area than=60 days=0 D", "check minimum places than=10 days=0 D",
			"pending true", "proof photo required=true photo=true most=3", "effective accepted"}},
		{"an undefined station", "circle-station", []string{"check minimum function-count than=3 days=0 D", "pending true", "effective opened"}},
		{"a shop is no enterprise, and stock needs sales within a year", "online-retailer", []string{
			"key uscc local=false", "count active stock sum= where=[] new=false", "count enterprises stock sum= where=[{entity [企业]}] new=false", "expiry {Field: Years:0 Confirm:last-sale}", "field converted date required=false personal=false", "pending true"}},
		{"the code names the county, renewals are not new, three years", "green-food", []string{
			"check area-code enterprise-code than=2 days=0 B", "count new flow sum= where=[{renewal [否]}] new=true", "expiry {Field:expires Years:0 Confirm:}", "key certificate-no local=false", "check expired  than= days=0 B"}},
		{"one product of one certificate", "organic-food", []string{"key certificate-no+name local=false", "count new flow sum= where=[{renewal [否]}] new=true", "expiry {Field:expires Years:0 Confirm:}"}},
		{"without the yearly confirmation it drops out", "famous-produce", []string{"expiry {Field: Years:0 Confirm:confirmed}", "key name local=true", "field listed date required=true personal=false", "effective issued"}},
		{"filed within twenty days, three brands are one site", "parcel-point", []string{
			"check late-filing filed than=opened days=20 A", "key village-code+host local=false", "key filing-no local=false", "check area-code village-code than=0 days=0 D", "proof receipt required=true photo=false most=5",
			"count open flow sum= where=[] new=false", "count standing stock sum= where=[] new=false", "pending true", "effective opened", "verify: not who did claim", "verify: not who did check", "check: not who did create"}},
		{"a route", "freight-route", []string{"key origin+destination+uscc local=false", "field load-limit number required=true personal=false", "proof agreement required=true photo=false most=5"}},
		{"the federation's list first", "women-product", []string{"key uscc+name local=false", "proof list required=true photo=false most=5", "field leader text required=true personal=true", "pending true"}},
		{"an event is not its sessions", "sports-event", []string{"unit 场次", "key event+venue+held local=false", "count held flow sum=sessions where=[] new=false", "method 抽样核查 sampled=true", "pending true", "verify: not who did check", "verify: not who did create"}},
		{"one event in a place on a day", "tcm-event", []string{"key name+address+held local=false", "effective held"}},
		{"an upgrade is not new", "scenic-area", []string{"key name local=false", "count new flow sum= where=[{former [未评级 2A及以下]}] new=true"}},
		{"levels apart", "special-street", []string{"count provincial flow sum= where=[{level [省级]}] new=true", "count municipal flow sum= where=[{level [市级]}] new=true"}},
		{"no earlier shop of the brand, three years", "first-shop", []string{
			"key brand+claim+kind local=false", "expiry {Field: Years:3 Confirm:}", "check minimum area than=80 days=0 B", "count new flow sum= where=[{kind [首店 旗舰店（概念店）]} {earlier [否]} {authorised [是]}] new=false", "pending true"}},
		{"criteria from elsewhere only warn", "night-area", []string{"check maximum area than=3 days=0 B", "check minimum culture than=40 days=0 B", "field late number required=true personal=false"}},
		{"three drafters are one standard, and group standards do not count", "standard", []string{
			"key standard-no local=false", "count new flow sum= where=[{level [国家标准 行业标准 地方标准]}] new=false", "effective published", "verify: not who did create"}},
		{"withdrawn units leave the stock", "trusted-unit", []string{"count standing stock sum= where=[{commitment-public [是]}] new=false", "move withdraw: verified → withdrawn by [lead]"}},
		{"seven days at least", "no-reason-return", []string{"count standing stock sum= where=[] new=false", "key uscc+address local=false"}},
		{"fund and rule", "advance-payment", []string{"field fund number required=true personal=false", "proof rule required=true photo=false most=5"}},
		{"an application is no admission, branches cannot apply", "statistics-admission", []string{
			"apply: where legal=是", "admit: needs approved", "effective approved", "stage state-passed counts=false ends=false", "stage admitted counts=true ends=false", "stage in-directory counts=true ends=false", "stage removed counts=false ends=true",
			"move city-pass: county-passed → city-passed by [lead]", "apply: proof vat", "key uscc local=false", "check minimum share than=70 days=0 D"}},
		{"a machine sold once", "farm-machine", []string{"key brand+model+serial local=false", "field owner text required=false personal=true"}},
		{"scrapped is recovered and removed from the register", "farm-scrap", []string{"key brand+model+serial local=false", "key recovery-no local=false", "effective deregistered"}},
		{"times are not people", "skill-training", []string{
			"unit 人次", "key token+class-no local=false", "count times flow sum= where=[] new=false", "count people flow sum= where=[{first [是]}] new=false"}},
		{"classes and times", "ecommerce-training", []string{"count classes flow sum= where=[] new=false", "count trained flow sum=trained where=[] new=false"}},
		{"before and after", "town-centre", []string{"proof photo required=true photo=true most=6", "effective accepted"}},
		{"held is not effect", "promotion", []string{"field effect number required=false personal=false", "count effect flow sum=effect where=[{effect-verified [是]}] new=false", "field safety-no text required=true personal=false"}},
		{"a renamed route is not new", "tour-route", []string{"key start+end+kind local=false", "count new flow sum= where=[{renamed [否]}] new=true"}},
		{"filed and open", "elder-facility", []string{"proof filing required=true photo=false most=5", "proof fire required=true photo=false most=5", "key address+kind local=false"}},
		{"a base on the list", "livestream-base", []string{"key name+kind local=false", "proof list required=true photo=false most=5"}},
		{"a household's case", "home-swap", []string{"field applicant text required=true personal=true", "key new-contract local=false", "verify: not who did create", "effective signed"}},
		{"a car's case", "used-car", []string{"key vin+transferred local=false", "effective transferred"}},
		{"a house-keeping outlet", "housekeeping", []string{"key uscc+address local=false"}},
		{"visits are no score and are not repeated", "enterprise-visit", []string{"check repeat uscc than= days=30 D", "method  sampled=false"}},
		{"1, 3, 15, 30 working days, and the enterprise says when it is solved", "enterprise-problem", []string{
			"limit received 1 工作日 B", "limit checking 2 工作日 B", "limit handling 12 工作日 B", "limit extended 15 工作日 B", "move extend: handling → extended by [approver]",
			"confirm: not who did answer", "confirm: needs confirmed-by", "confirm: proof confirmation", "move assign: received → checking by [dispatch]"}},
		{"one row a month and place", "complaint-month", []string{"key month local=true", "count reports flow sum=reports where=[] new=false"}},
		{"complaint and report apart, seven working days and sixty days", "complaint-referral", []string{
			"limit deciding 7 工作日 A", "limit mediating 60 自然日 B", "limit verifying 15 工作日 C", "limit verifying-longer 15 工作日 C", "key platform-no+kind local=false",
			"assign: where kind=投诉", "assign-report: where kind=举报", "refuse: needs refusal", "pending true"}},
		{"an inspection needs its designation", "campaign", []string{
			"submit-inspection: needs designation-no", "submit-inspection: where authority=政府督查", "guard submit: authority", "guard approve: no-second-campaign", "approve: not who did create", "limit fed-back 30 自然日 A", "guard close: fed-back-first", "field basis text required=true personal=false"}},
		{"one sheet, one step", "supervision-sheet", []string{
			"key task+reason+period local=false", "guard issue: level-one-step", "document issue: sheet", "issue: not who did submit", "until handling due", "guard pass: reviewer-not-author", "pass: not who did answer", "limit issued 1 工作日 D"}},
		{"a letter asks", "reminder-letter", []string{"guard submit: addressee-words", "document issue: letter", "until issued due"}},
		{"a notice lists problems", "rectification", []string{"guard submit: problems-listed", "document issue: rectify", "guard close: all-crossed-off", "field rights long required=true personal=false"}},
		{"each problem is crossed off on its own", "rectification-problem", []string{
			"under rectification", "move issue: drafted → issued by [dispatch lead]", "move sign: issued → signed by [assignee]", "move file-plan: signed → plan-filed by [assignee]", "move start: plan-filed → rectifying by [dispatch lead]",
			"move file-evidence: rectifying → evidence-filed by [assignee]", "move recheck: evidence-filed → rechecked by [dispatch lead]", "move pass: rechecked → passed by [dispatch lead]", "move cross-off: passed → crossed-off by [approver]",
			"move fail: rechecked → failed by [dispatch lead]", "move reissue: failed → issued by [dispatch lead]", "reissue: needs level", "recheck: not who did file-evidence", "recheck: needs checkers", "until rectifying due", "guard look-back: look-back-due",
			"move relapse: looking-back → issued by [dispatch lead]", "stage crossed-off counts=true ends=true", "proof before-after required=false photo=true most=6"}},
		{"thirty days and thirty days, by somebody else", "objection", []string{"limit draft 30 自然日 A", "limit reviewing 30 自然日 A", "guard apply: objection-in-time", "guard decide: reviewer-not-author", "check late-filing applied than=received days=30 A"}},
		{"both sign", "talk", []string{"held: proof signed", "held: needs promise", "field campaign record required=true personal=false"}},
		{"deputies come", "meeting", []string{"notify-heads: needs level-reason", "document issue: minutes"}},
		{"first feedback after five working days", "decision", []string{"under meeting", "limit assigned 5 工作日 D", "until handling due", "close: not who did report"}},
		{"proposed, then approved by another", "commendation", []string{
			"guard propose: praise-allowed", "propose: where kind=通报表扬", "approve: not who did propose", "guard publish: fed-back-first", "document publish: bulletin", "publish: where kind=通报表扬、通报批评", "transfer: where kind=问责建议"}},
		{"no case without a verified effect", "good-case", []string{"pass: where effect-verified=是", "submit: proof effect", "pass: not who did submit"}},
		{"who copies it", "case-copy", []string{"under good-case"}},
		{"nobody is named", "asked-twice", []string{"anonymous true"}},
		{"a survey shows its number", "form", []string{"submit-survey: needs filing-no", "submit-survey: where survey=是", "guard publish: form-burden", "publish: not who did create", "expiry {Field:valid-until Years:0 Confirm:}"}},
	} {
		d, ok := c.Get(trap.register)
		if !ok {
			t.Errorf("%s: no register %s", trap.why, trap.register)
			continue
		}
		said := say(d)
		for _, rule := range trap.rules {
			if !said[rule] {
				t.Errorf("%s (%s): %q does not hold", trap.register, trap.why, rule)
			}
		}
	}
}

// What holds for every register of the first pack.
func TestEveryRegister(t *testing.T) {
	frozen := calendar.MustParseDate("2025-12-31")
	for _, d := range first(t).All() {
		for _, f := range d.Fields {
			if f.Type == register.IDNumber || f.Personal && (strings.HasPrefix(string(d.ID), "complaint-") || d.Anonymous) {
				t.Errorf("%s asks for %s: nothing about people that is not needed", d.ID, f.Name)
			}
		}
		if !d.Baseline.IsZero() && d.Baseline != frozen {
			t.Errorf("%s: baseline %s", d.ID, d.Baseline)
		}
		for _, p := range d.Proof {
			if p.Photo && p.Most > 6 {
				t.Errorf("%s: %d photos", d.ID, p.Most)
			}
		}
		fourEyes(t, d)
	}
}

// fourEyes wants that nobody alone brings a record into a count.
func fourEyes(t *testing.T, d *register.Definition) {
	for _, s := range d.Stages {
		for _, m := range s.Moves {
			to, _ := d.Stage(m.To)
			if to.Counts && !s.Counts && len(m.NotBy) == 0 {
				t.Errorf("%s: %s counts what one person entered", d.ID, m.ID)
			}
		}
	}
}

// TestPatterns tries the forms of numbers on examples.
func TestPatterns(t *testing.T) {
	c := first(t)
	for _, p := range []struct {
		register  register.ID
		field     string
		good, bad string
	}{
		{"green-food", "certificate-no", "LB-03-2601150001A", "LB-2601150001A"},
		{"green-food", "enterprise-code", "GF371525260001", "GF3715252601"},
		{"standard", "standard-no", "GB/T 12345-2026", "GB/T 12345"},
		{"standard", "standard-no", "DB37/T 1234.1-2026", "DB37 T1234-2026"},
		{"standard", "standard-no", "SB/T 11111-2026", "企标 1-2026"},
		{"parcel-point", "village-code", "371525101201", "37152510120"},
		{"used-car", "vin", "LSVAA49J132047371", "LSVAA49J13204737I"},
		{"sports-event", "start", "09:00", "24:00"},
		{"complaint-month", "month", "2026-05", "2026-13"},
		{"supervision-sheet", "period", "2026-12", "2026-00"},
		{"time-honored-brand", "founded", "1887", "八七年"},
	} {
		d, _ := c.Get(p.register)
		f, ok := d.Field(p.field)
		form, err := regexp.Compile(f.Pattern)
		if !ok || err != nil || !form.MatchString(p.good) || form.MatchString(p.bad) {
			t.Errorf("%s %s: %s (%v)", p.register, p.field, f.Pattern, err)
		}
	}
}
