package registers

import (
	"net/url"
	"slices"

	"bihuan/org"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// checkShow is which of the checked records a page lists.
type checkShow string

// The choices; without any all are listed.
const (
	showMine    checkShow = "mine"  // those that the person may still enter a result for
	showOpen    checkShow = "open"  // those without a verdict
	showWrong   checkShow = "wrong" // false or not found
	showAllOfIt checkShow = ""
)

// keeps reports whether a record is among those that the choice lists.
func (s checkShow) keeps(p org.Principal, item register.DrawItem) bool {
	switch s {
	case showMine:
		return item.Hindrance == "" && !judged(p, item)
	case showOpen:
		return item.Verdict == ""
	case showWrong:
		return item.Verdict != "" && item.Verdict != register.FoundTrue
	case showAllOfIt:
	}
	return true
}

// checkQuery is what the address of a spot check asks for.
type checkQuery struct {
	of    string // the spot check's address
	Show  checkShow
	Page  int
	Print bool
}

func parseCheckQuery(c *frame.Ctx, x register.DrawView) checkQuery {
	q := checkQuery{of: checkURL(x.Draw), Show: checkShow(c.Form("show")), Page: c.Int("page", 1), Print: c.Form("print") == "1"}
	if !slices.Contains([]checkShow{showMine, showOpen, showWrong}, q.Show) {
		q.Show = showAllOfIt
	}
	return q
}

// page is the address of a page of the same choice.
func (q checkQuery) page(n int) string {
	v := url.Values{}
	if q.Show != showAllOfIt {
		v.Set("show", string(q.Show))
	}
	return q.of + suffix(pageValue(v, n))
}

// actions lead to paper and back.
func (q checkQuery) actions() ui.Buttons {
	if q.Print {
		return ui.Buttons{{Label: "打印", Icon: "print", Kind: ui.Primary, Do: "print"}, {Label: "返回抽查", URL: q.page(1)}}
	}
	v := url.Values{"print": {"1"}}
	if q.Show != showAllOfIt {
		v.Set("show", string(q.Show))
	}
	return ui.Buttons{{Label: "打印", Icon: "print", URL: q.of + suffix(v)}}
}

// pageValue adds the number of a page to the values of an address.
func pageValue(v url.Values, n int) url.Values {
	if n > 1 {
		if v == nil {
			v = url.Values{}
		}
		v.Set("page", itoa(n))
	}
	return v
}

// pageOf cuts a page out of a whole list; beyond the end is the last page.
func pageOf[T any](all []T, n int, address func(int) string) ([]T, ui.Pager) {
	n = min(max(1, n), max(1, (len(all)+perPage-1)/perPage))
	return all[(n-1)*perPage : min(n*perPage, len(all))], pagerOf(n, len(all), address)
}

// pagerOf leads from the nth page to its neighbours.
func pagerOf(n, total int, address func(int) string) ui.Pager {
	p := ui.Pager{From: int64((n-1)*perPage + 1), To: int64(min(n*perPage, total)), Total: int64(total)}
	if n > 1 {
		p.Prev = address(n - 1)
	}
	if n*perPage < total {
		p.Next = address(n + 1)
	}
	return p
}

// checkItems lists a page of the records that are checked, with what each person found.
func (a area) checkItems(p org.Principal, x register.DrawView, q checkQuery) checkList {
	if len(x.Items) == 0 {
		return checkList{} // nothing is drawn yet
	}
	kept := slices.DeleteFunc(slices.Clone(x.Items), func(i register.DrawItem) bool { return !q.Show.keeps(p, i) })
	v := checkList{Tabs: checkTabs(p, x, q), Note: itoa(len(x.Items)) + " 条", Printed: q.Print}
	here := q.page(q.Page)
	if q.Print {
		if len(kept) > mostPrinted {
			v.Note = "共 " + itoa(len(kept)) + " 条，只打印前 " + itoa(mostPrinted) + " 条"
			kept = kept[:mostPrinted]
		}
	} else {
		kept, v.Pager = pageOf(kept, q.Page, q.page)
	}
	v.Table = ui.NewTable("检查的记录", ui.Column{Label: "记录"}, ui.Column{Label: "地区", Narrow: true}, ui.Column{Label: "为何检查", Narrow: true}, ui.Column{Label: "各人的结果"}, ui.Column{Label: "结论", Narrow: true})
	entered := x.State == register.DrawDrawn && x.MayDraw && !q.Print
	if entered {
		v.Table.Columns = append(v.Table.Columns, ui.Column{Label: "登记", Narrow: true})
	}
	v.Table.Empty = ui.Empty{Title: "没有这样的记录", Label: "查看全部", URL: q.of + "#items", Icon: "check"}
	for _, item := range kept {
		verdict := ui.Text("待两人一致")
		if item.Verdict != "" {
			verdict = ui.Node(ui.Badge{Text: findingWords[item.Verdict], Kind: findingKind(item.Verdict)})
		}
		row := ui.Row{ID: "item-" + item.RecordID, URL: recordURL(item.RecordID), Cells: []ui.Cell{ui.Text(orDash(item.Title)).With(item.No), ui.Text(placeName(a.app.Pack, item.Territory)),
			ui.Text(whyWords[item.Why]), resultsCell(p, item), verdict}}
		if entered {
			row.Cells = append(row.Cells, judgeCell(p, x, item, here))
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	return v
}

// checkTabs count the records of each choice.
func checkTabs(p org.Principal, x register.DrawView, q checkQuery) ui.Tabs {
	t := ui.Tabs{Label: "检查的记录"}
	for _, s := range []struct {
		show  checkShow
		label string
	}{{showAllOfIt, "全部"}, {showMine, "待我登记"}, {showOpen, "没有结论"}, {showWrong, "不实或未找到"}} {
		n := 0
		for _, item := range x.Items {
			if s.show.keeps(p, item) {
				n++
			}
		}
		t.Items = append(t.Items, ui.Tab{Label: s.label, URL: checkQuery{of: q.of, Show: s.show}.page(1) + "#items", Count: itoa(n), Current: s.show == q.Show})
	}
	return t
}
