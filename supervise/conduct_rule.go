package supervise

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/strictyaml"
	"bihuan/register"
)

// RankingRules are what a pack says about ranking beside the weights.
type RankingRules struct {
	Least         int // indicators from which a territory is ranked, and cases from which a share says something
	Rectification []CaseRule
	Service       []CaseRule
	city.Basis
}

// CaseRule says which records of a register make one share of a score, and what
// being done in time means for them.
type CaseRule struct {
	Name     string
	Register register.ID
	Where    []register.Condition
	Without  []string   // stages whose records are not looked at
	Due      string     // a date field: the last day; or
	Since    string     // a date field from which Limit runs; both empty when there is no limit
	Limit    city.Limit // zero without Since
	Done     string     // a date field: the day on which it was done; or
	By       []string   // moves, the first of which does it
	Broken   []string   // moves after which it is not met, whatever follows
	city.Basis
}

// Case is one record that a share counts. It is due on Due, or judged on the day
// on which it was decided when there is no limit.
type Case struct {
	ID, No, Title string
	Territory     city.TerritoryID
	Due           calendar.Date // as first set; zero without a limit
	Done          calendar.Date // zero while it is not done
	Broken        string        // why it is not met: 不通过 2 次; "" for nothing
	Decided       calendar.Date // the last day on which it was done or broken; zero for never
	Falsified     bool
}

// Counts reports whether a case is part of the share of a year up to a day: it is
// due before the day, or settled already.
func (c Case) Counts(today calendar.Date) bool {
	if c.Due.IsZero() {
		return !c.Decided.IsZero() && c.Decided.Year() == today.Year()
	}
	return c.Due.Year() == today.Year() && (c.Due.Before(today) || !c.Done.IsZero() || c.Falsified)
}

// Met reports whether it was done in time and holds.
func (c Case) Met() bool {
	return !c.Falsified && c.Broken == "" && !c.Done.IsZero() && (c.Due.IsZero() || !c.Done.After(c.Due))
}

// Says tells in words why a case is met or not.
func (c Case) Says(today calendar.Date) string {
	switch {
	case c.Falsified:
		return "查实不实，按未完成计"
	case c.Broken != "":
		return c.Broken
	case c.Done.IsZero():
		return fmt.Sprintf("未完成，已逾期 %d 天", today.Sub(c.Due))
	case !c.Due.IsZero() && c.Done.After(c.Due):
		return fmt.Sprintf("逾期 %d 天完成", c.Done.Sub(c.Due))
	case c.Due.IsZero():
		return "认可"
	}
	return "按期"
}

// caseOf reads what a rule asks of one record; false when the record is not looked at.
func (x CaseRule) caseOf(v register.View, c *calendar.Calendar) (Case, bool) {
	if slices.Contains(x.Without, v.Stage) || slices.ContainsFunc(x.Where, func(w register.Condition) bool { return !slices.Contains(w.In, v.Values[w.Field]) }) {
		return Case{}, false
	}
	k := Case{ID: v.ID, No: v.No, Title: v.Title, Falsified: v.Falsified, Due: x.dueOf(v, c), Done: civil(v.Values[x.Done])}
	if k.Due.IsZero() && x.Due+x.Since != "" {
		return Case{}, false
	}
	broken := map[string]int{}
	for _, e := range v.Events {
		day := calendar.Today(e.At)
		if slices.Contains(x.By, e.Move) {
			if k.Done.IsZero() {
				k.Done = day
			}
			k.Decided = day
		}
		if slices.Contains(x.Broken, e.Move) {
			broken[e.Move]++
			k.Decided = day
		}
	}
	k.Broken = x.brokenWords(v.Definition, broken)
	return k, true
}

// dueOf is the last day as it was when the record first went out: a deadline that
// was moved later does not make what was late punctual.
func (x CaseRule) dueOf(v register.View, c *calendar.Calendar) calendar.Date {
	if x.Since != "" {
		since := civil(v.Values[x.Since])
		if since.IsZero() {
			return since
		}
		return c.DueAfter(since, x.Limit.Limit)
	}
	due := v.Values[x.Due]
	for _, e := range slices.Backward(v.Events) {
		if len(v.Definition.Stages) > 0 && e.From == v.Definition.Stages[0].ID && e.To != e.From {
			return civil(due)
		}
		if change, ok := e.Changes[x.Due]; ok {
			due = change[0]
		}
	}
	return civil(due)
}

func (x CaseRule) brokenWords(d *register.Definition, times map[string]int) string {
	var words []string
	for _, move := range x.Broken {
		if n := times[move]; n > 0 {
			words = append(words, fmt.Sprintf("%s %d 次", moveLabel(d, move), n))
		}
	}
	return strings.Join(words, "，")
}

func moveLabel(d *register.Definition, id string) string {
	for _, st := range d.Stages {
		for _, m := range st.Moves {
			if m.ID == id {
				return m.Label
			}
		}
	}
	return id
}

// civil reads a stored date; zero for none.
func civil(text string) calendar.Date {
	d, err := calendar.ParseDate(text)
	if err != nil {
		return calendar.Date{}
	}
	return d
}

// ReadRankingRules reads what the pack says about ranking. A pack that says
// nothing ranks everybody, by results and steps alone.
func ReadRankingRules(files fs.FS) (rules RankingRules, err error) {
	const file = "measures/ranking.yaml"
	if _, err := fs.Stat(files, file); errors.Is(err, fs.ErrNotExist) {
		return RankingRules{Least: 1, Basis: city.Basis{Confidence: city.ConfidenceChosen, Source: "城市包没有规定"}}, nil
	}
	folder := &strictyaml.Folder{FS: files, Name: "城市包"}
	v, _ := folder.YAML(file)
	f := v.Mapping("minimum", "rectification", "service", "confidence", "source")
	rules.Least, rules.Basis = int(f.Must("minimum", "最低样本").Whole(1, 100)), city.ReadBasis(f)
	rules.Rectification, rules.Service = readCaseRules(f.May("rectification")), readCaseRules(f.May("service"))
	if len(folder.Problems) > 0 {
		return RankingRules{}, errs.New(errs.Invalid, "%s", folder.Problems.Sorted().Error())
	}
	return rules, nil
}

func readCaseRules(list strictyaml.Value) (all []CaseRule) {
	for _, item := range list.Items() {
		f := item.Mapping("name", "register", "where", "without", "due", "since", "limit", "done", "by", "broken", "confidence", "source")
		x := CaseRule{Name: f.Must("name", "这一项的名称").Text(), Register: register.ID(f.Must("register", "台账编号").ID()), Without: f.May("without").Texts(),
			Due: f.May("due").Text(), Since: f.May("since").Text(), Done: f.May("done").Text(), By: f.May("by").Texts(), Broken: f.May("broken").Texts(), Basis: city.ReadBasis(f)}
		where := f.May("where")
		fields := where.Mapping(where.Keys()...)
		for _, name := range where.Keys() {
			x.Where = append(x.Where, register.Condition{Field: name, In: fields.May(name).Texts()})
		}
		if at := f.May("limit"); at.Present() {
			x.Limit = city.ReadLimit(at)
		}
		if x.Due != "" && x.Since != "" || (x.Since != "") != (x.Limit.N > 0) {
			item.Problem("不完整的期限", "due: 日期字段，或 since: 日期字段并写 limit，或都不写")
		}
		if (x.Done == "") == (len(x.By) == 0) {
			item.Problem("没有写明怎样算完成", "done: 日期字段，或 by: [动作] 之一")
		}
		all = append(all, x)
	}
	return all
}

// Check names what a rule speaks of and the register does not have.
func (x CaseRule) Check(find func(register.ID) (*register.Definition, bool)) error {
	d, ok := find(x.Register)
	if !ok {
		return errs.New(errs.Invalid, "%s：没有台账“%s”", x.Name, x.Register)
	}
	for _, name := range []string{x.Due, x.Since, x.Done} {
		if f, ok := d.Field(name); name != "" && (!ok || f.Type != register.Date) {
			return errs.New(errs.Invalid, "%s：台账“%s”没有日期项目“%s”", x.Name, d.Name, name)
		}
	}
	for _, w := range x.Where {
		if f, ok := d.Field(w.Field); !ok || !slices.ContainsFunc(w.In, func(v string) bool { return slices.Contains(f.Options, v) }) {
			return errs.New(errs.Invalid, "%s：台账“%s”没有项目“%s”的这些选项", x.Name, d.Name, w.Field)
		}
	}
	for _, id := range x.Without {
		if _, ok := d.Stage(id); !ok {
			return errs.New(errs.Invalid, "%s：台账“%s”没有阶段“%s”", x.Name, d.Name, id)
		}
	}
	for _, move := range slices.Concat(x.By, x.Broken) {
		if !slices.ContainsFunc(d.Stages, func(s register.Stage) bool {
			return slices.ContainsFunc(s.Moves, func(m register.Move) bool { return m.ID == move })
		}) {
			return errs.New(errs.Invalid, "%s：台账“%s”没有动作“%s”", x.Name, d.Name, move)
		}
	}
	return nil
}
