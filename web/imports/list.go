package imports

import (
	"math"
	"net/http"
	"net/url"
	"strconv"

	"bihuan/org"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

const perPage = 30

// listPage is the list of imports.
type listPage struct {
	ui.Base
	Tabs  ui.Tabs
	Table ui.Table
	Pager ui.Pager
}

// mayImport reports whether the person may hand in any document.
func mayImport(p org.Principal) bool {
	return p.MayAnywhere(org.PlanImport) || p.MayAnywhere(org.CountyListImport)
}

// list shows the imports that the person may see, newest first.
func (a area) list(c *frame.Ctx) error {
	if !mayImport(c.P) && !c.P.MayAnywhere(org.PlanPublish) {
		return c.P.May(org.PlanImport, org.Scope{})
	}
	state := plan.ImportState(c.Form("state"))
	page := max(c.Int("page", 1), 1)
	rows, total, err := a.app.Plan.Imports(c.R.Context(), c.P, state, perPage, (page-1)*perPage)
	if err != nil {
		return err
	}
	all, _, err := a.app.Plan.Imports(c.R.Context(), c.P, "", math.MaxInt, 0)
	if err != nil {
		return err
	}
	v := listPage{Base: c.Base("导入与核对"), Tabs: stateTabs(state, all), Pager: pager(state, page, len(rows), total)}
	v.Lede = "上传计划文件，系统识别出任务、责任单位和目标；逐项核对后，由另一人发布为清单。"
	v.AsOf = ""
	if mayImport(c.P) {
		v.Actions = ui.Button{Label: "导入文件", Kind: ui.Primary, Icon: "upload", URL: "/imports/new"}
	}
	v.Table = a.listTable(c, state, rows)
	return c.Render(http.StatusOK, listView(v))
}

func (a area) listTable(c *frame.Ctx, state plan.ImportState, rows []plan.Import) ui.Table {
	t := ui.NewTable("导入的文件", ui.Column{Label: "文件"}, ui.Column{Label: "类型"}, ui.Column{Label: "状态"}, ui.Column{Label: "导入人"}, ui.Column{Label: "时间", Narrow: true})
	for _, im := range rows {
		name := ui.Link(im.Title, importURL(im.ID))
		if im.FileName != im.Title {
			name = name.With(im.FileName)
		}
		kind := ui.Text(im.Kind.Label())
		if scope := a.scopeName(im); scope != "" {
			kind = kind.With(scope)
		}
		if im.PlanID != "" && im.State != plan.ImportPublished {
			kind = kind.With("原清单的新版本")
		}
		chip := ui.Node(ui.Badge{Text: im.State.Label(), Kind: stateKind(im.State)})
		switch {
		case im.Problem != "" && im.State == plan.ImportFailed:
			chip = chip.With(im.Problem)
		case im.Note != "" && im.State == plan.ImportDraft:
			chip = chip.With("已退回：" + im.Note)
		}
		t.Rows = append(t.Rows, ui.Row{URL: importURL(im.ID), Muted: im.State == plan.ImportDiscarded,
			Cells: []ui.Cell{name, kind, chip, ui.Text(im.CreatorName), ui.Text(moment(im.CreatedAt))}})
	}
	t.Empty = ui.Empty{Title: "还没有导入文件", Text: "上传行动计划正文，系统会列出任务、责任单位和目标，供逐项核对。", Icon: "doc"}
	if state != "" {
		t.Empty = ui.Empty{Title: "没有“" + state.Label() + "”的文件", Text: "可查看其他状态的文件。", Label: "查看全部", URL: listURL}
	} else if mayImport(c.P) {
		t.Empty.Label, t.Empty.URL = "导入文件", "/imports/new"
	}
	return t
}

// scopeName is the county or department whose list an import is.
func (a area) scopeName(im plan.Import) string {
	if t, ok := a.app.Pack.Territory(im.Territory); ok {
		return t.Short
	}
	if u, ok := a.app.Pack.Unit(im.Unit); ok {
		return u.Short
	}
	return ""
}

func stateTabs(now plan.ImportState, all []plan.Import) ui.Tabs {
	counts := map[plan.ImportState]int{}
	for _, im := range all {
		counts[im.State]++
	}
	tabs := ui.Tabs{Label: "按状态查看", Items: []ui.Tab{{Label: "全部", URL: listURL, Count: strconv.Itoa(len(all)), Current: now == ""}}}
	for _, s := range plan.ImportStates {
		if counts[s.Code] > 0 || s.Code == now {
			tabs.Items = append(tabs.Items, ui.Tab{Label: s.Label, URL: pageURL(s.Code, 1), Count: strconv.Itoa(counts[s.Code]), Current: s.Code == now})
		}
	}
	return tabs
}

func pager(state plan.ImportState, page, shown, total int) ui.Pager {
	from := (page - 1) * perPage
	p := ui.Pager{From: int64(from + 1), To: int64(from + shown), Total: int64(total)}
	if page > 1 {
		p.Prev = pageURL(state, page-1)
	}
	if from+shown < total && shown > 0 {
		p.Next = pageURL(state, page+1)
	}
	return p
}

func pageURL(state plan.ImportState, page int) string {
	q := url.Values{}
	if state != "" {
		q.Set("state", string(state))
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return listURL
	}
	return listURL + "?" + q.Encode()
}
