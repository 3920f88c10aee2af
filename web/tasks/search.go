package tasks

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/matter"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/register"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// mostHits is how many things of one kind the search shows.
const mostHits = 20

// searchView is what was found, by kind.
type searchView struct {
	ui.Base
	Field ui.Field
	Found []hits
	Empty ui.Empty
}

// hits are the things of one kind that were found.
type hits struct {
	Title string
	Note  string
	More  ui.Buttons
	Table ui.Table
}

func searchPage(c *frame.Ctx) error {
	words := c.Form("q")
	if r := []rune(words); len(r) > 100 {
		words = string(r[:100])
	}
	v := searchView{Base: c.Base("搜索"), Field: ui.Field{Kind: ui.SearchInput, Name: "q", Label: "搜索任务、目标、清单、单位、地区、记录、文书、导入", Value: words, Size: ui.Long, Focus: words == ""}}
	v.Query, v.AsOf = words, ""
	if words == "" {
		v.Empty = ui.Empty{Title: "请输入要找的字", Text: "可以写任务编号、原文里的词、目标、单位简称、地区、记录的编号和名称、文号或文件名；几个词用空格隔开，须同时出现。", Icon: "search"}
		return c.Render(http.StatusOK, searchTempl(v))
	}
	board, err := c.App.Supervise.Board(c.R.Context(), c.P)
	if err != nil {
		return err
	}
	for _, look := range []func(*frame.Ctx, *supervise.Board, string) (hits, error){findTasks, findTargets, findPlans, findUnits, findTerritories, findRecords, findPapers, findImports} {
		h, err := look(c, board, words)
		if err != nil {
			return err
		}
		if len(h.Table.Rows) > 0 {
			v.Found = append(v.Found, h)
		}
	}
	v.Empty = ui.Empty{Title: "没有找到“" + words + "”", Text: "换一个更短的词试试，或按单位、灯色在清单里找。", Label: "打开任务清单", URL: "/tasks", Icon: "search"}
	return c.Render(http.StatusOK, searchTempl(v))
}

// like reports whether all words appear in one of the texts.
func like(words string, texts ...string) bool {
	for _, w := range strings.Fields(strings.ToLower(words)) {
		if !slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(strings.ToLower(t), w) }) {
			return false
		}
	}
	return true
}

func findTasks(c *frame.Ctx, b *supervise.Board, words string) (hits, error) {
	ids, err := c.App.Plan.TaskIDs(c.R.Context(), c.P, plan.Filter{Text: words})
	if err != nil {
		return hits{}, err
	}
	h := hits{Title: "任务", Note: itoa(len(ids)) + " 项", Table: ui.NewTable("找到的任务", ui.Column{Label: "任务"}, ui.Column{Label: "牵头单位"}, ui.Column{Label: "清单"}, ui.Column{Label: "灯色"})}
	if len(ids) > mostHits {
		h.More = ui.Buttons{{Label: "在清单中查看全部", Small: true, URL: "/tasks?scope=all&q=" + url.QueryEscape(words)}}
	}
	for _, id := range ids {
		t := b.Task(id)
		if t == nil || len(h.Table.Rows) == mostHits {
			continue
		}
		lead, _ := leadOf(c.App.Pack, t)
		list := ""
		if t.Plan != nil {
			list = t.Plan.Title
		}
		h.Table.Rows = append(h.Table.Rows, ui.Row{URL: taskURL(id), Cells: []ui.Cell{ui.Text(t.Title).With(t.No), ui.Text(lead), ui.Text(list), ui.Node(lightOf(t))}})
	}
	return h, nil
}

func findTargets(_ *frame.Ctx, b *supervise.Board, words string) (hits, error) {
	h := hits{Title: "目标", Table: ui.NewTable("找到的目标", ui.Column{Label: "目标"}, ui.Column{Label: "任务"}, ui.Column{Label: "灯色"})}
	for _, t := range b.Tasks {
		for i := range t.Targets {
			g := &t.Targets[i]
			if len(h.Table.Rows) < mostHits && like(words, g.Pledge()) {
				h.Table.Rows = append(h.Table.Rows, ui.Row{URL: targetAnchor(t.ID, g.ID), Cells: []ui.Cell{ui.Text(g.Pledge()), ui.Text(t.Title), ui.Node(ui.Light{Level: levelOf(g.Level), Reason: g.Reason})}})
			}
		}
	}
	return h, nil
}

func findPlans(_ *frame.Ctx, b *supervise.Board, words string) (hits, error) {
	h := hits{Title: "清单", Table: ui.NewTable("找到的清单", ui.Column{Label: "清单"}, ui.Column{Label: "类型"}, ui.Column{Label: "年度"})}
	for _, p := range b.Plans {
		if like(words, p.Title, p.DocNo, p.Code) {
			h.Table.Rows = append(h.Table.Rows, ui.Row{URL: planURL(p.ID), Cells: []ui.Cell{ui.Text(p.Title).With(p.DocNo), ui.Text(p.Kind.Label()), ui.Text(years(p.Plan))}})
		}
	}
	return h, nil
}

func findUnits(c *frame.Ctx, b *supervise.Board, words string) (hits, error) {
	h := hits{Title: "单位", Table: ui.NewTable("找到的单位", ui.Column{Label: "单位"}, ui.Column{Label: "性质"}, ui.Column{Label: "牵头的任务", Num: true})}
	resolved := c.App.Pack.Directory().Resolve(words)
	led := map[city.UnitID]int{}
	for _, t := range b.Tasks {
		led[t.LeadUnit]++
	}
	for _, u := range c.App.Pack.Units {
		if !like(words, append([]string{u.Name, u.Short}, u.Aliases...)...) && !slices.Contains(resolved.Units, u.ID) {
			continue
		}
		tasks := query{Unit: u.ID, Lead: true, Scope: scopeAll}
		h.Table.Rows = append(h.Table.Rows, ui.Row{URL: "/units/" + string(u.ID), Cells: []ui.Cell{ui.Text(u.Short).With(u.Name), ui.Text(u.Kind.Label()), ui.Num(itoa(led[u.ID]), tasks.address())}})
	}
	return h, nil
}

func findTerritories(c *frame.Ctx, _ *supervise.Board, words string) (hits, error) {
	h := hits{Title: "地区", Table: ui.NewTable("找到的地区", ui.Column{Label: "地区"}, ui.Column{Label: "类型"}, ui.Column{Label: "任务"})}
	for _, t := range c.App.Pack.TerritoriesFor(city.CaliberZonesApart) {
		if like(words, append([]string{t.Name, t.Short}, t.Aliases...)...) {
			tasks := query{County: t.ID}
			h.Table.Rows = append(h.Table.Rows, ui.Row{URL: "/territories/" + string(t.ID), Cells: []ui.Cell{ui.Text(t.Short).With(t.Name), ui.Text(t.Kind.Label()), ui.Link("查看任务", tasks.address())}})
		}
	}
	return h, nil
}

// findImports looks through the imports that the person may see.
func findImports(c *frame.Ctx, _ *supervise.Board, words string) (hits, error) {
	h := hits{Title: "导入", Table: ui.NewTable("找到的导入", ui.Column{Label: "文件"}, ui.Column{Label: "状态"}, ui.Column{Label: "导入人"})}
	if !c.P.MayAnywhere(org.PlanImport) && !c.P.MayAnywhere(org.CountyListImport) && !c.P.MayAnywhere(org.PlanPublish) {
		return h, nil
	}
	const newest = 500
	all, _, err := c.App.Plan.Imports(c.R.Context(), c.P, "", newest, 0)
	if err != nil {
		return h, err
	}
	for _, im := range all {
		if len(h.Table.Rows) < mostHits && like(words, im.Title, im.FileName) {
			h.Table.Rows = append(h.Table.Rows, ui.Row{URL: "/imports/" + im.ID, Cells: []ui.Cell{ui.Text(im.Title).With(im.FileName), ui.Text(im.State.Label()), ui.Text(im.CreatorName).With(ui.Moment(im.CreatedAt))}})
		}
	}
	return h, nil
}

func findRecords(c *frame.Ctx, _ *supervise.Board, words string) (hits, error) {
	h := hits{Title: "台账记录", Table: ui.NewTable("找到的记录", ui.Column{Label: "记录"}, ui.Column{Label: "台账"}, ui.Column{Label: "状态"})}
	if c.App.Register == nil || !c.P.MayAnywhere(org.RegisterRead) {
		return h, nil
	}
	records, _, err := c.App.Register.List(c.R.Context(), c.P, register.Query{Text: words, Uncounted: true, Limit: mostHits + 1})
	if err != nil {
		return h, err
	}
	h.Note = itoa(len(records)) + " 条"
	if len(records) > mostHits {
		records, h.Note = records[:mostHits], "最近 "+itoa(mostHits)+" 条；要找更早的，请到台账里查"
	}
	for _, r := range records {
		d, ok := c.App.Register.Catalog().Get(r.Register)
		if !ok {
			continue
		}
		stage, _ := d.Stage(r.Stage)
		h.Table.Rows = append(h.Table.Rows, ui.Row{URL: "/records/" + r.ID, Cells: []ui.Cell{ui.Text(r.Title).With(r.No), ui.Text(d.Name), ui.Text(stage.Label)}})
	}
	return h, nil
}

func findPapers(c *frame.Ctx, _ *supervise.Board, words string) (hits, error) {
	h := hits{Title: "督导文书", Table: ui.NewTable("找到的文书", ui.Column{Label: "文书"}, ui.Column{Label: "文种"}, ui.Column{Label: "状态"})}
	if c.App.Matter == nil || !c.P.MayAnywhere(org.RegisterRead) {
		return h, nil
	}
	papers, total, err := c.App.Matter.List(c.R.Context(), c.P, matter.Query{Text: words, Limit: mostHits})
	if err != nil {
		return h, err
	}
	h.Note = itoa(total) + " 份"
	for _, in := range papers {
		h.Table.Rows = append(h.Table.Rows, ui.Row{URL: "/matters/papers/" + in.ID, Cells: []ui.Cell{ui.Text(in.Title).With(in.Number), ui.Text(in.Kind.Label()), ui.Text(in.State.Label())}})
	}
	return h, nil
}
