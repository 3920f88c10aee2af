package tasks

import (
	"fmt"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// exportList hands out the list under a filter as a workbook. Who may export only
// what concerns the own unit or territory gets that part of it.
func exportList(c *frame.Ctx) error {
	ctx := c.R.Context()
	may := c.P.Extent(org.ListExport)
	if may.None() {
		return c.P.May(org.ListExport, org.Scope{})
	}
	q := parseQuery(c)
	board, err := c.App.Supervise.Board(ctx, c.P)
	if err != nil {
		return err
	}
	found, err := find(ctx, c.App, c.P, board, q)
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(t *supervise.TaskLight) bool { return !exportable(t, may) })
	if len(found) == 0 {
		return errs.New(errs.NotFound, "没有可以导出的任务：请放宽条件，或选择本单位、本地区的任务")
	}
	book := listBook(c.App.Pack, board, found, bookHead{
		Title: bookTitle(board, q), Who: c.P.UnitName + " " + c.P.Name, When: ui.Moment(c.App.DB.Now()), Narrow: !may.All, Demo: c.App.Demo})
	book.Created = c.App.DB.Now()
	return c.SendBook(book, fmt.Sprintf("任务清单-%s.xlsx", board.Today))
}

// exportable reports whether a task lies within the person's reach.
func exportable(t *supervise.TaskLight, may org.Visible) bool {
	if may.All {
		return true
	}
	for _, u := range may.Units {
		if t.Concerns(city.UnitID(u)) {
			return true
		}
	}
	return may.Territory != "" && carriedBy(t, city.TerritoryID(may.Territory))
}

func bookTitle(b *supervise.Board, q query) string {
	if p := b.Plan(q.Plan); p != nil {
		return p.Title
	}
	var titles []string
	for _, p := range b.Plans {
		if p.Territory == "" && p.Active {
			titles = append(titles, p.Title)
		}
	}
	if len(titles) == 1 && q.Scope == scopeCity && q.County == "" {
		return titles[0]
	}
	return "任务清单"
}

// bookHead is what stands over every sheet.
type bookHead struct {
	Title  string
	Who    string // who took it out
	When   string
	Narrow bool // only the person's own part
	Demo   bool
}

// note is the line under a sheet's title: date of the data, who took it out and when.
func (h bookHead) note(b *supervise.Board) string {
	s := "数据截至 " + b.Today.Chinese() + "    导出：" + strings.TrimSpace(h.Who) + "，" + h.When
	if h.Narrow {
		s += "    范围：本单位、本地区的任务"
	}
	if h.Demo {
		s += "    演示数据"
	}
	return s
}
