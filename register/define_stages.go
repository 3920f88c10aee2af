package register

import (
	"slices"

	"bihuan/city"
	"bihuan/kit/strictyaml"
)

var actors = []Actor{ByReporter, ByCounty, ByLead, ByAssignee, ByDispatch, ByApprover}

// readStages reads the name of a template or a list of stages.
func (d *defining) readStages(at strictyaml.Value) {
	list := at
	if at.Present() && !at.IsList() {
		list = d.set(at, d.stageSets, "阶段模板")
	}
	places := list.Items()
	seen := map[string]int{}
	for _, item := range places {
		s := d.readStage(item)
		strictyaml.Once(item.Child("id"), s.ID, seen)
		d.Stages = append(d.Stages, s)
	}
	for i, item := range places {
		if until := d.Stages[i].Until; until != "" && !d.asks(until) {
			item.Child("until").Problem("可以不填的期限"+strictyaml.Quote(until), "必填的字段，或由一个动作的 needs 要求填写")
		}
		d.checkOwner(item, d.Stages[i])
		for j, move := range item.Child("moves").Content() {
			d.checkMove(move, d.Stages[i], d.Stages[i].Moves[j])
		}
	}
	d.checkPaths(places)
}

// checkOwner notes a stage whose owner has nothing to do there.
func (d *defining) checkOwner(at strictyaml.Value, s Stage) {
	if s.Owner == "" || slices.ContainsFunc(s.Moves, func(m Move) bool { return slices.Contains(m.By, s.Owner) }) {
		return
	}
	at.Child("owner").Problem("没有动作可办的 "+string(s.Owner), "本阶段某个动作的 by 中的一个")
}

func (d *defining) readStage(v strictyaml.Value) Stage {
	f := v.Mapping("id", "label", "counts", "ends", "owner", "limit", "until", "pauses", "late", "moves")
	s := Stage{
		ID:     f.Must("id", "阶段编号").ID(),
		Label:  f.Must("label", "阶段名称").Text(),
		Counts: f.May("counts").Truth(),
		Ends:   f.May("ends").Truth(),
		Owner:  strictyaml.Choice(f.May("owner"), actors...),
		Limit:  d.limit(f.May("limit")),
		Until:  d.ref(f.May("until"), Date),
		Pauses: f.May("pauses").Truth(),
	}
	if !s.Ends && s.Owner == "" && !s.Counts {
		f.Must("owner", "由谁办理，如 reporter、lead")
	}
	if f.May("limit").Present() && f.May("until").Present() {
		f.May("until").Problem("两种期限", "limit 或 until 之一")
	}
	if f.May("limit").Present() || f.May("until").Present() {
		s.Late = f.Must("late", "超期后怎么办").Text()
	}
	seen := map[string]int{}
	for _, item := range f.May("moves").Items() {
		m := d.readMove(item)
		strictyaml.Once(item.Child("id"), m.ID, seen)
		s.Moves = append(s.Moves, m)
	}
	return s
}

// limit reads a limit, or the name of a timer of defaults.yaml.
func (d *defining) limit(at strictyaml.Value) *city.Limit {
	if !at.Present() {
		return nil
	}
	if at.IsMapping() {
		l := city.ReadLimit(at)
		return &l
	}
	name := at.Text()
	l, keys, ok := d.pack.Defaults.Timers.Named(name)
	if !ok && name != "" {
		at.Problem("不存在的时限"+strictyaml.Quote(name), "%s，或 {limit, confidence, source}", strictyaml.OneOf("defaults.yaml 中 timers 的键", name, keys))
	}
	return &l
}

var moveKeys = []string{"id", "label", "to", "by", "not_by", "where", "needs", "proof", "proven", "reason", "ends", "assigns", "guard", "document"}

func (d *defining) readMove(v strictyaml.Value) Move {
	f := v.Mapping(moveKeys...)
	m := Move{
		ID:       f.Must("id", "动作编号").ID(),
		Label:    f.Must("label", "动作名称").Text(),
		To:       f.Must("to", "到达的阶段").Text(),
		Where:    d.conditions(f.May("where")),
		Reason:   f.May("reason").Truth(),
		Ends:     f.May("ends").Truth(),
		Assigns:  d.ref(f.May("assigns"), UnitRef),
		Guard:    d.name(f.May("guard"), d.known.Guards, "规则"),
		Document: d.name(f.May("document"), d.known.Documents, "公文"),
	}
	for _, item := range f.Must("by", "由谁办理").Words() {
		m.By = append(m.By, strictyaml.Choice(item, actors...))
	}
	for _, item := range f.May("not_by").Words() {
		m.NotBy = append(m.NotBy, item.Text())
	}
	for _, item := range f.May("needs").Words() {
		m.Needs = append(m.Needs, d.ref(item))
	}
	for _, item := range f.May("proof").Words() {
		m.Proof = append(m.Proof, d.proofKind(item))
	}
	if m.Assigns != "" {
		m.need(m.Assigns)
	}
	if f.May("proven").Truth() {
		d.prove(&m)
	}
	return m
}

// prove asks for everything that proves a record: its date and the kinds of
// evidence that must be there.
func (d *defining) prove(m *Move) {
	if d.Effective != "" {
		m.need(d.Effective)
	}
	for _, p := range d.Proof {
		if p.Required && !slices.Contains(m.Proof, p.ID) {
			m.Proof = append(m.Proof, p.ID)
		}
	}
}

func (m *Move) need(field string) {
	if !slices.Contains(m.Needs, field) {
		m.Needs = append(m.Needs, field)
	}
}

// name reads the name of something in code.
func (d *defining) name(at strictyaml.Value, known []string, what string) string {
	s := at.ID()
	if s != "" && known != nil && !slices.Contains(known, s) {
		at.Problem("程序中没有的"+what+strictyaml.Quote(s), "%s", strictyaml.OneOf("程序已有的"+what, s, known))
	}
	return s
}

func (d *defining) proofKind(at strictyaml.Value) string {
	id := at.Text()
	ids := make([]string, len(d.Proof))
	for i, p := range d.Proof {
		ids[i] = p.ID
	}
	if id != "" && !slices.Contains(ids, id) {
		at.Problem("不存在的佐证类别"+strictyaml.Quote(id), "%s", strictyaml.OneOf("proof 中的编号", id, ids))
	}
	return id
}

// checkMove notes what is wrong between a move and the other stages.
func (d *defining) checkMove(at strictyaml.Value, from Stage, m Move) {
	ids := make([]string, len(d.Stages))
	moves := []string{"create"}
	assigned := false
	for i, s := range d.Stages {
		ids[i] = s.ID
		for _, other := range s.Moves {
			moves = append(moves, other.ID)
			assigned = assigned || other.Assigns != ""
		}
	}
	to, ok := d.Stage(m.To)
	if !ok && m.To != "" {
		at.Child("to").Problem("不存在的阶段"+strictyaml.Quote(m.To), "%s", strictyaml.OneOf("阶段编号", m.To, ids))
	}
	for i, item := range at.Child("not_by").Words() {
		if i < len(m.NotBy) && m.NotBy[i] != "" && !slices.Contains(moves, m.NotBy[i]) {
			item.Problem("不存在的动作"+strictyaml.Quote(m.NotBy[i]), "%s", strictyaml.OneOf("动作编号或 create", m.NotBy[i], moves))
		}
	}
	if slices.Contains(m.By, ByAssignee) && !assigned {
		at.Child("by").Problem("没有承办单位的登记册中的 assignee", "先有一个带 assigns 的动作")
	}
	if m.Ends && (!from.Counts || to.Counts) {
		at.Child("ends").Problem("不是退出计数的动作", "从计数的阶段到不计数的阶段")
	}
}

// checkPaths notes stages that nobody reaches and stages from which no end is reached.
func (d *defining) checkPaths(places []strictyaml.Value) {
	if len(d.Stages) == 0 {
		return
	}
	begun := d.reach(func(s Stage) bool { return s.ID == d.Stages[0].ID }, false)
	ended := d.reach(func(s Stage) bool { return s.Ends }, true)
	for i, s := range d.Stages {
		switch {
		case s.ID == "":
		case !begun[s.ID]:
			places[i].Problem("走不到的阶段"+strictyaml.Quote(s.ID), "从第一个阶段可以到达的阶段")
		case !ended[s.ID]:
			places[i].Problem("阶段"+strictyaml.Quote(s.ID)+"走不到任何结束阶段", "可以到达一个 ends: true 的阶段")
		}
	}
}

// reach gives the stages that are reached from the chosen ones, or from which those are reached.
func (d *defining) reach(start func(Stage) bool, backwards bool) map[string]bool {
	found := map[string]bool{}
	for _, s := range d.Stages {
		found[s.ID] = start(s)
	}
	for range d.Stages {
		for _, s := range d.Stages {
			for _, m := range s.Moves {
				if backwards && found[m.To] {
					found[s.ID] = true
				}
				if !backwards && found[s.ID] {
					found[m.To] = true
				}
			}
		}
	}
	return found
}
