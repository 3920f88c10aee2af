package cockpit

import (
	"fmt"
	"strconv"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// casesShown are the most records that one table of a territory's score lists.
const casesShown = 300

// conductPage is what the rectification and service parts of one score consist of.
type conductPage struct {
	Base  ui.Base
	Facts ui.Facts
	Lines []conductLine
}

// conductLine is one share with the records that it counts.
type conductLine struct {
	Title, Note string
	Table       ui.Table
}

func conductURL(id city.TerritoryID) string { return "/ranking/" + escape(string(id)) }

// rankingCases shows the records behind one territory's score.
func rankingCases(c *frame.Ctx) error {
	r, err := c.App.Supervise.Ranking(c.R.Context(), c.P)
	if err != nil {
		return err
	}
	for _, g := range r.Groups {
		for _, s := range g.Scores {
			if string(s.Territory) == c.R.PathValue("id") {
				v := conductOf(c, r, s)
				c.BookOf(org.Scope{Territory: string(s.Territory)})
				v.Base.Actions = c.WithBook(nil)
				var tables []ui.Table
				for _, l := range v.Lines {
					tables = append(tables, l.Table)
				}
				return c.Lists(conductView(v), v.Base.Title, tables...)
			}
		}
	}
	return errs.New(errs.NotFound, "没有这个县区的评分")
}

func conductOf(c *frame.Ctx, r supervise.Ranking, s supervise.Score) conductPage {
	v := conductPage{Base: c.Base(s.Name+"：整改和服务评价", ui.Crumb{Label: "县区", URL: "/territories"}, ui.Crumb{Label: "县区评分", URL: "/ranking"})}
	v.Base.AsOf = r.Board.Today.Chinese() + "计算"
	v.Base.Lede = "由整改、企业问题和投诉转办的台账逐件判断，只计本年到期或者已经办完的；交给市直部门的不计入县区。"
	v.Facts = ui.Facts{Columns: true, Items: []ui.Fact{
		{Term: "整改", Text: partWords(s.Rectification), Sub: ontimeWords(s.Rectifications)},
		{Term: "服务评价", Text: partWords(s.Service), Sub: "件数足够的各项比例的平均"},
	}}
	today := r.Board.Today
	if rules := r.Rules.Rectification; len(rules) > 0 {
		v.Lines = append(v.Lines, conductLine{"整改", shownNote(s.Rectifications) + rules[0].Source, caseTable("整改", s.Rectifications, today)})
	}
	for i, l := range s.Performance.Service.Lines {
		note := ontimeWords(l.Ontime)
		if l.Due < r.Rules.Least {
			note += "，少于 " + strconv.Itoa(r.Rules.Least) + " 件，不计入"
		}
		v.Lines = append(v.Lines, conductLine{l.Name, note + "。" + shownNote(l.Ontime) + r.Rules.Service[i].Source, caseTable(l.Name, l.Ontime, today)})
	}
	if len(s.False) > 0 {
		v.Lines = append(v.Lines, conductLine{"查实不实的记录", "取自这些台账的指标按零计", caseTable("查实不实的记录", supervise.Ontime{Cases: s.False}, today)})
	}
	return v
}

// shownNote says that a table is shorter than its share; "" when it is not.
func shownNote(o supervise.Ontime) string {
	if len(o.Cases) <= casesShown {
		return ""
	}
	return "未按期的排在前面，只列前 " + strconv.Itoa(casesShown) + " 件。"
}

func partWords(p supervise.Part) string {
	if !p.Known {
		return "没有数据，不计分"
	}
	return p.Points.String() + " 分（满分 " + strconv.Itoa(p.Weight) + "）"
}

// ontimeWords tells what a share consists of; "" when there is nothing to count.
func ontimeWords(o supervise.Ontime) string {
	if o.Due == 0 {
		return "没有应计的记录"
	}
	return fmt.Sprintf("应计 %d 件，按期 %d 件", o.Due, o.Met)
}

func caseTable(name string, o supervise.Ontime, today calendar.Date) ui.Table {
	t := ui.NewTable(name, ui.Column{Label: "记录"}, ui.Column{Label: "期限", Narrow: true}, ui.Column{Label: "办完日期", Narrow: true}, ui.Column{Label: "判断"})
	t.Empty = ui.Empty{Title: "没有应计的记录", Text: "没有到期也没有办完的记录，这一项不计分。"}
	for _, k := range o.Cases[:min(len(o.Cases), casesShown)] {
		to := "/records/" + escape(k.ID)
		verdict := ui.Badge{Text: k.Says(today), Kind: ui.Success}
		if !k.Met() {
			verdict.Kind = ui.Danger
		}
		t.Rows = append(t.Rows, ui.Row{URL: to, Cells: []ui.Cell{ui.Link(k.Title, to).With(k.No), ui.Text(dayOrNothing(k.Due)), ui.Text(dayOrNothing(k.Done)), ui.Node(verdict)}})
	}
	return t
}

func dayOrNothing(d calendar.Date) string {
	if d.IsZero() {
		return nothing
	}
	return d.String()
}
