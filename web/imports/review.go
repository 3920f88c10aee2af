package imports

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// The filters of the review page: which of the items are shown.
const (
	showAll     = ""
	showDoubt   = "doubt"   // tasks with a remark
	showUnits   = "units"   // tasks with a name that is not in the directory
	showPromise = "promise" // tasks with a promise that has no number
	showChanged = "changed" // tasks that somebody corrected
	showOut     = "out"     // tasks that are not published, or of which a part is not
)

// reviewPage is an import with its text on one side and what was read on the other.
type reviewPage struct {
	ui.Base
	ID       string
	Revision string
	Stats    ui.Stats
	Steps    ui.Steps
	Notices  []ui.Alert
	Problems []finding
	Warnings []findings
	Info     ui.Facts
	Editable bool
	Tabs     ui.Tabs
	Source   sourceDoc
	Cards    []card
	Empty    ui.Empty
	Return   string // the filter in force, to come back to
	CanUndo  bool
	Legend   []legendEntry
}

// finding is a remark that leads to its item.
type finding struct{ Text, URL string }

// findings are the remarks of one kind.
type findings struct {
	Title string
	Items []finding
	URL   string
}

// waitPage tells what became of an import that has no draft.
type waitPage struct {
	ui.Base
	ID      string
	State   plan.ImportState
	Problem string
	Slow    bool // it takes longer than it should
	File    ui.Facts
	Again   string // where to hand the file in anew
	Discard bool
}

// slowReading is after how long a person is told that reading takes unusually long.
const slowReading = 2 * time.Minute

// review shows an import as its state asks for.
func (a area) review(c *frame.Ctx) error {
	l, err := a.load(c)
	if err != nil {
		return err
	}
	if !l.back.Read {
		return a.wait(c, &l)
	}
	return a.drawReview(c, http.StatusOK, &l, nil)
}

// wait shows an import whose document is being read, could not be read, or was given up before.
func (a area) wait(c *frame.Ctx, l *loaded) error {
	v := waitPage{Base: c.Base(l.Title, listCrumb()), ID: l.ID, State: l.State, Problem: l.Problem, Discard: l.allowed.Correct && l.State != plan.ImportDiscarded}
	v.Eyebrow, v.AsOf = l.State.Label(), ""
	v.File = ui.Facts{Items: a.fileFacts(l)}
	v.Again = "/imports/new?kind=" + string(l.Kind) + "&plan=" + l.PlanID + "&territory=" + string(l.Territory) + "&unit=" + string(l.Unit) + "&parent=" + l.ParentID
	if l.State == plan.ImportReading {
		v.Slow = a.app.DB.Now().Sub(l.CreatedAt) > slowReading
		c.W.Header().Set("Refresh", "3")
	}
	return c.Render(http.StatusOK, waitView(v))
}

// drawReview draws the review page; problem is why the last action was refused.
func (a area) drawReview(c *frame.Ctx, status int, l *loaded, problem error) error {
	show := c.Form("show")
	v := reviewPage{Base: c.Base(orTitle(l.Draft.Title, l.Title), listCrumb()), ID: l.ID, Revision: strconv.Itoa(l.Revision), Editable: l.editable(), Return: show}
	v.Wide, v.AsOf, v.Eyebrow = true, "", l.Kind.Label()+" · "+l.State.Label()
	if scope := a.scopeName(l.Import); scope != "" {
		v.Eyebrow = scope + " · " + v.Eyebrow
	}
	for _, p := range ui.Problems(problem) {
		v.Flash = append(v.Flash, ui.Flash{Kind: ui.Danger, Text: p.Text})
	}
	cards := newCards(l, show)
	numbers := map[string]string{}
	for _, k := range cards {
		numbers[k.ID] = k.No
	}
	v.Source = newSource(l, numbers)
	for i := range cards {
		cards[i].locate(&v.Source)
	}
	v.Cards = slices.DeleteFunc(slices.Clone(cards), func(k card) bool { return !k.shown(show) })
	headings(v.Cards)
	v.Problems, v.Warnings = findingsOf(l, cards)
	v.Stats, v.Tabs, v.Legend = stats(l, cards), showTabs(l.ID, show, cards), legend()
	v.Steps, v.Notices = stepsOf(l), notices(l)
	v.Info = ui.Facts{Columns: true, Items: append(infoFacts(l), a.fileFacts(l)...)}
	v.CanUndo = v.Editable && standing(l.back.Log) > 0
	v.Actions = reviewActions(l)
	v.Empty = ui.Empty{Title: "没有识别出任务", Text: "请确认上传的是计划正文；也可以从原文中选取文字补充任务。"}
	if show != showAll {
		v.Empty = ui.Empty{Title: "没有符合条件的任务", Label: "查看全部任务", URL: importURL(l.ID)}
	}
	return c.Render(status, reviewView(v))
}

// headings leaves the path only on the first card of each run under the same headings.
func headings(cards []card) {
	last := ""
	for i := range cards {
		path := cards[i].Path
		if path == last {
			cards[i].Path = ""
		}
		last = path
	}
}

func orTitle(title, otherwise string) string {
	if title == "" {
		return otherwise
	}
	return title
}

// reviewActions are the buttons beside the title.
func reviewActions(l *loaded) ui.Buttons {
	var b ui.Buttons
	if l.State == plan.ImportSubmitted {
		b = append(b, ui.Button{Label: "复核与发布", Kind: ui.Primary, URL: importURL(l.ID, "publish")})
	}
	if l.State == plan.ImportPublished && l.PlanID != "" {
		b = append(b, ui.Button{Label: "查看清单", Kind: ui.Primary, URL: "/plans/" + l.PlanID})
	}
	if l.Old != nil {
		b = append(b, ui.Button{Label: "与原清单比较", URL: importURL(l.ID, "compare")})
	}
	return append(b,
		ui.Button{Label: "更正记录", URL: importURL(l.ID, "log")},
		ui.Button{Label: "原文件", Icon: "doc", URL: "/documents/" + l.DocumentID})
}

// stepsOf shows where the import stands.
func stepsOf(l *loaded) ui.Steps {
	at := map[plan.ImportState]int{plan.ImportDraft: 1, plan.ImportSubmitted: 2, plan.ImportPublished: 3}[l.State]
	if l.State == plan.ImportDiscarded {
		return ui.Steps{}
	}
	s := ui.Steps{Label: "办理过程", Items: []ui.Step{{Label: "识别", Sub: l.CreatorName}, {Label: "核对更正"}, {Label: "复核发布"}, {Label: "成为清单"}}}
	for i := range s.Items {
		s.Items[i].Done, s.Items[i].Current = i < at, i == at && l.State != plan.ImportPublished
	}
	if l.State == plan.ImportPublished {
		s.Items[3].Done = true
	}
	return s
}

// notices are what concerns the import as a whole.
func notices(l *loaded) []ui.Alert {
	var out []ui.Alert
	switch l.State {
	case plan.ImportDraft:
		if l.Note != "" {
			out = append(out, ui.Alert{Kind: ui.Warning, Title: "已退回修改", Text: l.Note})
		}
		if !l.allowed.Correct {
			out = append(out, ui.Alert{Kind: ui.Info, Text: "正在由经办人核对，提交后可以复核发布。"})
		}
	case plan.ImportSubmitted:
		text := "已提交，等待另一人复核发布；在此期间不能更正。"
		if l.allowed.Publish != nil {
			text += "您不能发布：" + messageOf(l.allowed.Publish) + "。"
		}
		out = append(out, ui.Alert{Kind: ui.Info, Text: text})
	case plan.ImportPublished:
		out = append(out, ui.Alert{Kind: ui.Success, Text: "已发布。这里保留当时的识别结果和全部更正，供查证。", Label: "查看清单", URL: "/plans/" + l.PlanID})
	case plan.ImportDiscarded:
		out = append(out, ui.Alert{Kind: ui.Plain, Text: "已放弃，没有成为清单。文件和更正记录保留，供查证。"})
	case plan.ImportReading, plan.ImportFailed:
	}
	for _, w := range l.back.Paper.Warnings {
		out = append(out, ui.Alert{Kind: ui.Warning, Title: "读取文件时的提示", Text: w})
	}
	return out
}

// messageOf is what an error may say to a person.
func messageOf(err error) string {
	for _, p := range ui.Problems(err) {
		return p.Text
	}
	return ""
}

// standing counts the corrections that hold.
func standing(log []plan.Logged) int {
	n := 0
	for _, c := range log {
		if c.Undone == 0 && c.Op != plan.OpUndo {
			n++
		}
	}
	return n
}

// stats are the counts of what was read; each opens to what it counts.
func stats(l *loaded, cards []card) ui.Stats {
	tasks, units, unknown, targets, promises := 0, 0, 0, 0, 0
	for _, k := range cards {
		if k.Out {
			continue
		}
		tasks++
		for _, u := range k.Units {
			if !u.Out {
				units++
				if !u.Known {
					unknown++
				}
			}
		}
		for _, g := range k.Targets {
			switch {
			case g.Out:
			case g.Promise:
				promises++
			default:
				targets++
			}
		}
	}
	stat := func(label string, n int, unit, url string) ui.Stat {
		return ui.Stat{Label: label, Value: ui.Int(int64(n)), Unit: unit, URL: url}
	}
	here := importURL(l.ID)
	unit := stat("责任单位", units, "处", here+"#items")
	unit.Sub = "未识别 " + strconv.Itoa(unknown) + " 处"
	if unknown > 0 {
		unit.URL = here + "?show=" + showUnits
	}
	return ui.Stats{
		stat("任务", tasks, "项", here+"#items"), unit, stat("目标", targets, "个", here+"#items"),
		stat("待量化", promises, "个", here+"?show="+showPromise), stat("更正", standing(l.back.Log), "处", importURL(l.ID, "log")),
	}
}

// showTabs filters the items.
func showTabs(id, now string, cards []card) ui.Tabs {
	tabs := ui.Tabs{Label: "筛选任务"}
	for _, t := range []struct{ show, label string }{
		{showAll, "全部"}, {showDoubt, "有提示"}, {showUnits, "单位未识别"}, {showPromise, "待量化"}, {showChanged, "已更正"}, {showOut, "不列入"},
	} {
		n := 0
		for _, k := range cards {
			if k.shown(t.show) {
				n++
			}
		}
		if n > 0 || t.show == now || t.show == showAll {
			tabs.Items = append(tabs.Items, ui.Tab{Label: t.label, URL: reviewURL(id, t.show, "") + "#items", Count: strconv.Itoa(n), Current: t.show == now})
		}
	}
	return tabs
}

// findingsOf sorts the remarks about the draft: what stops a publication, and
// what only deserves a look, by kind.
func findingsOf(l *loaded, cards []card) (problems []finding, warnings []findings) {
	link := func(f plan.Finding) finding {
		out := finding{Text: f.Text, URL: importURL(l.ID, "info")}
		if f.Item != "" {
			out.URL = reviewURL(l.ID, "", f.Item)
		} else if l.Old != nil && plan.Undecided(l.Differences) > 0 {
			out.URL = importURL(l.ID, "compare")
		}
		return out
	}
	for _, f := range l.Problems {
		problems = append(problems, link(f))
	}
	kinds := map[string]string{}
	for _, k := range cards {
		for _, u := range k.Units {
			kinds[u.ID] = showUnits
		}
		for _, g := range k.Targets {
			kinds[g.ID] = showPromise
		}
	}
	groups := []findings{
		{Title: "没有责任单位", URL: reviewURL(l.ID, showDoubt, "")},
		{Title: "单位不在名录中", URL: reviewURL(l.ID, showUnits, "")},
		{Title: "尚未量化", URL: reviewURL(l.ID, showPromise, "")},
	}
	for _, f := range l.Warnings {
		n := 0
		switch kinds[f.Item] {
		case showUnits:
			n = 1
		case showPromise:
			n = 2
		}
		groups[n].Items = append(groups[n].Items, link(f))
	}
	return problems, slices.DeleteFunc(groups, func(g findings) bool { return len(g.Items) == 0 })
}

// infoFacts are the particulars of the plan as they stand.
func infoFacts(l *loaded) []ui.Fact {
	d := &l.Draft
	years := strconv.Itoa(d.Year)
	if d.YearEnd != d.Year {
		years += "—" + strconv.Itoa(d.YearEnd)
	}
	if d.Year == 0 {
		years = "未识别"
	}
	issuers := ""
	for i, s := range d.Issuers {
		if i > 0 {
			issuers += "、"
		}
		issuers += s
	}
	return []ui.Fact{{Term: "标题", Text: d.Title}, {Term: "文号", Text: d.Number}, {Term: "印发日期", Text: dateText(d.Date)}, {Term: "计划年份", Text: years}, {Term: "印发单位", Text: issuers}}
}

// fileFacts are the particulars of the file.
func (a area) fileFacts(l *loaded) []ui.Fact {
	p := l.back.Paper
	size := ui.Bytes(p.Size)
	if p.Pages > 0 {
		size += "，" + strconv.Itoa(p.Pages) + " 页"
	}
	facts := []ui.Fact{{Term: "文件", Text: p.Name, URL: "/documents/" + p.ID, Sub: size}, {Term: "导入", Text: l.CreatorName, Sub: moment(l.CreatedAt)}}
	if t, ok := a.app.Pack.Territory(l.Territory); ok {
		facts = append(facts, ui.Fact{Term: "地区", Text: t.Name})
	}
	if u, ok := a.app.Pack.Unit(l.Unit); ok {
		facts = append(facts, ui.Fact{Term: "牵头部门", Text: u.Name})
	}
	if l.Old != nil {
		facts = append(facts, ui.Fact{Term: "原清单", Text: l.Old.Title, URL: "/plans/" + l.Old.ID, Sub: "第 " + strconv.Itoa(l.Old.Version) + " 版"})
	}
	return facts
}

// unitIDs are the units that a name of a draft stands for.
func (l *loaded) unitIDs(u *plan.DraftUnit) []city.UnitID {
	if u.As != "" {
		return []city.UnitID{u.As}
	}
	return l.Resolved[u.Name]
}

// mustEdit refuses, in the words of the person, when a draft cannot be corrected by them now.
func (l *loaded) mustEdit() error {
	if !l.allowed.Correct {
		return errs.New(errs.Forbidden, "您没有更正这份文件的权限")
	}
	if !l.Editable() {
		return errs.New(errs.Conflict, "“%s”现在是“%s”，不能更正", l.Title, l.State.Label())
	}
	return nil
}
