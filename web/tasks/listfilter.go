package tasks

import (
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/ui"
)

func listFilter(pack *city.Pack, b *supervise.Board, q query) ui.FilterBar {
	f := ui.FilterBar{Action: "/tasks", Reset: "/tasks", Target: "#task-list",
		Search: &ui.Field{Kind: ui.SearchInput, Name: "q", Label: "编号或文字", Value: q.Text},
		Fields: []ui.Field{
			{Kind: ui.Select, Name: "plan", Label: "清单", Blank: "不限", Value: q.Plan, Options: planOptions(b)},
			{Kind: ui.Select, Name: "unit", Label: "单位", Blank: "全部单位", Value: string(q.Unit), Options: unitOptions(pack)},
			{Kind: ui.Check, Name: "lead", Label: "只看牵头", Value: flag(q.Lead)},
			{Kind: ui.Select, Name: "light", Label: "灯色", Blank: "全部", Value: string(q.Light), Options: lightOptions()},
		},
		More: []ui.Field{
			{Kind: ui.Select, Name: "county", Label: "县（市、区）、开发区", Blank: "不限", Value: string(q.County), Options: territoryOptions(pack)},
			{Kind: ui.Select, Name: "state", Label: "状态", Blank: "全部", Value: string(q.State), Options: stateOptions()},
			{Kind: ui.Select, Name: "category", Label: "类别", Blank: "全部", Value: string(q.Category), Options: categoryOptions()},
			{Kind: ui.Select, Name: "scope", Label: "范围", Blank: "市级清单", Value: q.Scope, Options: []ui.Option{{Value: scopeCounty, Label: "县区清单"}, {Value: scopeAll, Label: "全部清单"}}},
			{Kind: ui.Select, Name: "sort", Label: "排序", Blank: "清单顺序", Value: q.Sort, Options: []ui.Option{{Value: orderLight, Label: "灯色，差的在前"}, {Value: orderDeviation, Label: "偏差，差的在前"}, {Value: orderDue, Label: "期限，近的在前"}}},
		}}
	if q.Flat {
		f.Hidden = append(f.Hidden, ui.HiddenPair{Name: "view", Value: "flat"})
	}
	f.Chips = listChips(pack, b, q)
	return f
}

func flag(on bool) string {
	if on {
		return "1"
	}
	return ""
}

// listChips names each condition in force, with the list's address without it.
func listChips(pack *city.Pack, b *supervise.Board, q query) []ui.FilterChip {
	var chips []ui.FilterChip
	add := func(on bool, label string, without func(*query)) {
		if on {
			rest := q
			without(&rest)
			chips = append(chips, ui.FilterChip{Label: label, Remove: rest.address()})
		}
	}
	title := "未知"
	if p := b.Plan(q.Plan); p != nil {
		title = p.Title
	}
	lead := ""
	if q.Lead {
		lead = "（牵头）"
	}
	add(q.Text != "", "文字："+q.Text, func(r *query) { r.Text = "" })
	add(q.Plan != "", "清单："+title, func(r *query) { r.Plan = "" })
	add(q.Unit != "", "单位："+nameOfUnit(pack, q.Unit)+lead, func(r *query) { r.Unit, r.Lead = "", false })
	add(q.County != "", "县区："+nameOfTerritory(pack, q.County), func(r *query) { r.County = "" })
	add(q.Light != "", "灯色："+q.Light.Label(), func(r *query) { r.Light = "" })
	add(q.State != "", "状态："+q.State.Label(), func(r *query) { r.State = "" })
	add(q.Category != "", "类别："+string(q.Category), func(r *query) { r.Category = "" })
	add(q.Scope == scopeCounty, "范围：县区清单", func(r *query) { r.Scope = "" })
	add(q.Scope == scopeAll, "范围：全部清单", func(r *query) { r.Scope = "" })
	return chips
}

func planOptions(b *supervise.Board) []ui.Option {
	opts := make([]ui.Option, len(b.Plans))
	for i, p := range b.Plans {
		opts[i] = ui.Option{Value: p.ID, Label: p.Title, Group: p.Kind.Label()}
	}
	return opts
}

func unitOptions(pack *city.Pack) []ui.Option {
	opts := make([]ui.Option, len(pack.Units))
	for i, u := range pack.Units {
		group := "市直单位"
		if u.Kind.IsGovernment() {
			group = "县（市、区）和开发区"
		}
		opts[i] = ui.Option{Value: string(u.ID), Label: u.Short, Group: group}
	}
	slices.SortStableFunc(opts, func(a, b ui.Option) int { return -strings.Compare(a.Group, b.Group) })
	return opts
}

func territoryOptions(pack *city.Pack) []ui.Option {
	var opts []ui.Option
	for _, t := range pack.TerritoriesFor(city.CaliberZonesApart) {
		opts = append(opts, ui.Option{Value: string(t.ID), Label: t.Short})
	}
	return opts
}

func lightOptions() []ui.Option {
	var opts []ui.Option
	for _, l := range supervise.Levels {
		opts = append(opts, ui.Option{Value: string(l), Label: l.Label()})
	}
	return opts
}

func stateOptions() []ui.Option { return termOptions(plan.States) }

func categoryOptions() []ui.Option {
	var opts []ui.Option
	for _, c := range city.TaskCategories() {
		opts = append(opts, ui.Option{Value: string(c), Label: string(c)})
	}
	return opts
}

// termOptions offers a fixed vocabulary.
func termOptions[T ~string](terms []plan.Term[T]) []ui.Option {
	opts := make([]ui.Option, len(terms))
	for i, t := range terms {
		opts[i] = ui.Option{Value: string(t.Code), Label: t.Label}
	}
	return opts
}
