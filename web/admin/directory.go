package admin

import (
	"net/http"
	"strings"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// directoryView is the directory of units and territories.
type directoryView struct {
	Pack    *city.Pack
	Query   string
	Learned []plan.Alias // with Kept only
	Names   map[string]string
	Kept    bool // shows what people taught the program, and when
}

// directory is for everybody who is signed in.
func (p pages) directory(c *frame.Ctx) error {
	b := c.Base("单位名录")
	b.Lede = "责任单位、别名和县（市、区）的标准名称。"
	b.Actions = ui.Button{Label: "打印", Icon: "print", Do: "print"}
	return c.Render(http.StatusOK, directoryPage(b, directoryView{Pack: p.app.Pack, Query: c.Form("q")}))
}

// units is the directory for those who look after it: with the spellings that
// people taught.
func (p pages) units(c *frame.Ctx) error {
	if !c.P.MayAnywhere(org.AliasLearn) && !c.P.MayAnywhere(org.PeopleRead) {
		return c.P.May(org.PeopleRead, org.Scope{})
	}
	v := directoryView{Pack: p.app.Pack, Query: c.Form("q"), Kept: true}
	var err error
	if v.Learned, err = p.app.Plan.Aliases(c.R.Context(), c.P); err != nil {
		return err
	}
	ids := make([]string, len(v.Learned))
	for i, a := range v.Learned {
		ids[i] = a.By
	}
	if len(ids) > 0 {
		err = p.app.DB.Read(c.R.Context(), func(tx *db.Tx) (err error) { v.Names, err = p.org.Names(tx, ids...); return err })
		if err != nil {
			return err
		}
	}
	b := c.Base("单位名录与别名")
	b.Lede = "名录来自城市包；别名由核对人员在导入时认定。"
	return c.Render(http.StatusOK, directoryPage(b, v))
}

// path is the page's own address, for its search.
func (v directoryView) path() string {
	if v.Kept {
		return "/admin/units"
	}
	return "/directory"
}

func (v directoryView) search() ui.FilterBar {
	bar := ui.FilterBar{Action: v.path(), Target: "#units", Search: &ui.Field{Kind: ui.SearchInput, Name: "q", Label: "单位名称或别名", Value: v.Query}}
	if v.Query != "" {
		bar.Chips, bar.Reset = []ui.FilterChip{{Label: v.Query, Remove: v.path()}}, v.path()
	}
	return bar
}

// matches tells whether one of the unit's spellings holds what is looked for.
func (v directoryView) matches(u city.Unit) bool {
	for _, s := range append([]string{u.Name, u.Short}, u.Aliases...) {
		if strings.Contains(s, v.Query) {
			return true
		}
	}
	return false
}

func (v directoryView) unitTable() ui.Table {
	t := ui.NewTable("单位", ui.Column{Label: "简称"}, ui.Column{Label: "全称"}, ui.Column{Label: "类别"}, ui.Column{Label: "地区"}, ui.Column{Label: "文件中的其他写法"})
	t.Empty = ui.Empty{Title: "没有叫“" + v.Query + "”的单位", Text: "可以换一种写法。名录随城市包更新，缺少的单位请告诉系统管理员。", Label: "查看全部单位", URL: v.path()}
	for _, u := range v.Pack.Units {
		if !v.matches(u) {
			continue
		}
		short := ui.Text(u.Short)
		if u.Lead {
			short = short.With("牵头单位")
		}
		place, _ := v.Pack.Territory(u.Territory)
		t.Rows = append(t.Rows, ui.Row{ID: "unit-" + string(u.ID), Cells: []ui.Cell{short, ui.Text(u.Name), ui.Text(u.Kind.Label()), ui.Text(place.Short), ui.Text(strings.Join(u.Aliases, "、"))}})
	}
	return t
}

func (v directoryView) territoryTable() ui.Table {
	t := ui.NewTable("地区", ui.Column{Label: "名称"}, ui.Column{Label: "类别"}, ui.Column{Label: "代码"}, ui.Column{Label: "口径"}, ui.Column{Label: "比较组"})
	for _, x := range v.Pack.Territories {
		name := ui.Text(x.Name)
		if inside, ok := v.Pack.Territory(x.InsideOf); ok {
			name = name.With("位于" + inside.Short)
		}
		group, _ := v.Pack.GroupOf(x.ID)
		t.Rows = append(t.Rows, ui.Row{ID: "territory-" + string(x.ID), Cells: []ui.Cell{name, ui.Text(x.Kind.Label()), ui.Text(x.Code), ui.Text(string(x.Caliber)), ui.Text(group.Name)}})
	}
	return t
}

func (v directoryView) collectiveTable() ui.Table {
	t := ui.NewTable("合称", ui.Column{Label: "合称"}, ui.Column{Label: "其他写法"}, ui.Column{Label: "包括"})
	t.Empty = ui.Empty{Title: "城市包没有合称"}
	for _, x := range v.Pack.Collectives {
		names := make([]string, 0, len(x.Units))
		for _, id := range x.Units {
			names = append(names, v.unitName(id))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(x.Name), ui.Text(strings.Join(x.Aliases, "、")), ui.Text(strings.Join(names, "、"))}})
	}
	return t
}

// unitName is the unit's short name; one that left the pack keeps its id.
func (v directoryView) unitName(id city.UnitID) string {
	if u, ok := v.Pack.Unit(id); ok {
		return u.Short
	}
	return string(id)
}

func (v directoryView) learnedTable() ui.Table {
	t := ui.NewTable("认定的别名", ui.Column{Label: "文件中的写法"}, ui.Column{Label: "单位"}, ui.Column{Label: "认定人"}, ui.Column{Label: "认定时间"})
	t.Empty = ui.Empty{Title: "还没有认定过别名", Text: "导入文件时遇到名录里没有的写法，核对人员认定后会列在这里，以后自动识别。"}
	for _, a := range v.Learned {
		by := v.Names[a.By]
		if by == "" {
			by = a.By
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(a.Printed), ui.Link(v.unitName(a.Unit), "#unit-"+string(a.Unit)), ui.Text(by), ui.Text(ui.Moment(a.At))}})
	}
	return t
}
