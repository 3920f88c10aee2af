package registers

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bihuan/org"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// checkView is one spot check.
type checkView struct {
	ui.Base
	Steps  ui.Steps
	Alerts []ui.Alert
	Stats  ui.Stats
	Next   *nextStep
	Facts  ui.Facts
	File   ui.Buttons
	How    string
	Items  checkList
}

// checkList is a page of the records that are checked.
type checkList struct {
	Tabs    ui.Tabs
	Table   ui.Table
	Pager   ui.Pager
	Note    string
	Printed bool
}

// nextStep is the step that the person may take now.
type nextStep struct{ URL, Label, Sure string }

func (a area) checkPage(c *frame.Ctx) error {
	x, err := a.check(c)
	if err != nil {
		return err
	}
	v := checkView{Base: c.Base(a.batchOwner(x.Batch)+"抽查", indexCrumb(), registerCrumb(x.Definition), ui.Crumb{Label: "抽查", URL: checksURL(x.Register)})}
	v.Eyebrow, v.Lede = x.Definition.Name, batchDays(x.Batch)+"、现在计数的记录"
	q := parseCheckQuery(c, x)
	q.Print = q.Print || c.AsBook() // whole, not a page of it
	v.Actions = c.WithBook(q.actions())
	v.Steps = ui.Steps{Label: "抽查的步骤", Items: checkSteps(x.State)}
	v.Alerts = checkAlerts(x)
	v.Stats = checkStats(x.Draw)
	v.Next = checkNext(x)
	v.Facts = checkFacts(x.Draw)
	v.How = "怎样重算：种子的 SHA-256 应等于承诺值，名单（编号按顺序每行一个）的 SHA-256 应等于名单指纹；对名单里每个编号计算 SHA-256（种子、一个零字节、编号），从小到大取前几个，就是抽中的。抽查文件里有全部数据和这条规则，任何人用任何工具都能重算。"
	if x.Seed != "" {
		v.File = ui.Buttons{{Label: "下载抽查文件", Icon: "download", Small: true, URL: checkURL(x.Draw) + "/draw.json", Download: true}}
	}
	v.Items = a.checkItems(c.P, x, q)
	return c.Lists(checkTempl(v), v.Title, v.Items.Table)
}

func checkSteps(s register.DrawState) []ui.Step {
	steps := []ui.Step{{Label: "封存种子"}, {Label: "封存名单"}, {Label: "公布种子、抽取"}, {Label: "两人检查"}, {Label: "办结"}}
	at := map[register.DrawState]int{register.DrawOpen: 1, register.DrawClosed: 2, register.DrawDrawn: 3, register.DrawDone: 4}[s]
	for i := range steps {
		steps[i].Done, steps[i].Current = i < at, i == at
	}
	steps[at].Sub = checkStates[s]
	return steps
}

// checkAlerts say what came out that changes the course.
func checkAlerts(x register.DrawView) []ui.Alert {
	var out []ui.Alert
	if x.Whole {
		out = append(out, ui.Alert{Kind: ui.Danger, Title: "本批全部加查", Text: "检查中有一条不实或未找到：按规则，这一批其余的记录全部检查。两人一致认定不实的已退出计数。"})
	}
	if differ := slices.IndexFunc(x.Items, func(i register.DrawItem) bool { return i.Verdict == "" && len(i.Results) > 1 }); differ >= 0 {
		out = append(out, ui.Alert{Kind: ui.Warning, Text: "有记录两人结果不一致：可以各自再看后更改自己的结果，或请第三人查看。"})
	}
	return out
}

// checkStats are the verified count and what the sample says about it.
func checkStats(x register.Draw) ui.Stats {
	if x.State == register.DrawOpen {
		return nil
	}
	s := ui.Stats{{Label: "已核验计数", Value: itoa(x.Population), Unit: "条", Sub: "封存的名单"}}
	if x.Seed == "" {
		return append(s, ui.Stat{Label: "将抽取", Value: itoa(x.Size), Unit: "条", Sub: x.SizeRule})
	}
	o := x.Outcome
	s = append(s, ui.Stat{Label: "有结论", Value: itoa(o.Settled) + "/" + itoa(o.Chosen), Unit: "条", Sub: chosenWords(x)},
		ui.Stat{Label: "不实或未找到", Value: itoa(o.False), Unit: "条", Sub: "其中未找到 " + itoa(o.Missing) + " 条"})
	if o.Drawn == 0 {
		return append(s, ui.Stat{Label: "真实的记录", Sub: "有结论以后估计"})
	}
	low, high := x.TrueCount()
	least, most := x.Share()
	value := itoa(low)
	if low != high {
		value += "–" + itoa(high)
	}
	return append(s, ui.Stat{Label: "真实的记录", Value: value, Unit: "条", Sub: boundWords(least, most, o.Settled == x.Population), Hint: "Clopper–Pearson 精确区间，只用随机抽中的记录估计"})
}

// chosenWords says how many are checked by chance, and how many besides.
func chosenWords(x register.Draw) string {
	s := "随机抽中 " + itoa(x.Size) + " 条"
	if more := x.Outcome.Chosen - x.Size; more > 0 {
		s += "，因疑点或全部加查 " + itoa(more) + " 条"
	}
	return s
}

func boundWords(least, most float64, whole bool) string {
	if whole {
		return "全部查过，不是估计"
	}
	return fmt.Sprintf("真实率 %s%%–%s%%（95%% 精确区间）", percent(math.Floor(least*1000)/10), percent(math.Ceil(most*1000)/10))
}

func percent(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// checkNext is the step that the person may take, nil for none.
func checkNext(x register.DrawView) *nextStep {
	if !x.MayDraw {
		return nil
	}
	to := checkURL(x.Draw)
	switch x.State {
	case register.DrawOpen:
		return &nextStep{to + "/close", "封存名单", "封存名单？封存后这一批的记录不再增减。"}
	case register.DrawClosed:
		return &nextStep{to + "/draw", "公布种子并抽取", ""}
	case register.DrawDrawn:
		if x.Outcome.Ready() {
			return &nextStep{to + "/finish", "办结抽查", "办结抽查？办结后结果不能再改。"}
		}
	case register.DrawDone:
	}
	return nil
}

func checkFacts(x register.Draw) ui.Facts {
	items := []ui.Fact{
		{Term: "组织", Text: x.Creator, Sub: ui.Moment(x.CreatedAt)},
		{Term: "种子的承诺值", Node: code(x.Commitment), Sub: "封存名单以前公布"},
		{Term: "名单指纹", Text: "封存名单时公布"},
		{Term: "种子", Text: "抽取时公布"},
	}
	if x.ListHash != "" {
		items[2].Node, items[2].Sub = code(x.ListHash), ui.Moment(x.ClosedAt)+"，"+itoa(x.Population)+" 条"
	}
	if x.Seed != "" {
		items[3].Node, items[3].Sub = code(x.Seed), ui.Moment(x.DrawnAt)
	}
	if x.SizeRule != "" {
		items = append(items, ui.Fact{Term: "抽多少", Text: itoa(x.Size) + " 条", Sub: x.SizeRule})
	}
	return ui.Facts{Items: append(items, ui.Fact{Term: "整批规则", Text: "有一条不实或未找到，本批其余的全部检查；系统提示过疑点的一律检查"})}
}

var whyWords = map[register.Why]string{register.WhyDrawn: "随机抽中", register.WhyFlagged: "有疑点", register.WhyWhole: "全部加查"}

// resultsCell shows what each person found; who has still to look sees it only afterwards.
func resultsCell(p org.Principal, item register.DrawItem) ui.Cell {
	switch {
	case len(item.Results) == 0:
		return ui.Text("还没有")
	case item.Hindrance == "" && !judged(p, item):
		return ui.Text("已有 " + itoa(len(item.Results)) + " 人登记").With("您登记以后显示，以免互相影响")
	}
	lines := make([]string, len(item.Results))
	for i, r := range item.Results {
		lines[i] = r.Name + "：" + findingWords[r.Finding]
		if r.Note != "" {
			lines[i] += "，" + r.Note
		}
	}
	return ui.Node(lineList(lines))
}

// judged reports whether a person has entered a result.
func judged(p org.Principal, item register.DrawItem) bool {
	return slices.ContainsFunc(item.Results, func(r register.DrawResult) bool { return r.By == p.ID })
}

// judgeCell offers to enter a result, or says why this person may not.
func judgeCell(p org.Principal, x register.DrawView, item register.DrawItem, here string) ui.Cell {
	switch {
	case item.Hindrance == "":
		label := "登记结果"
		if judged(p, item) {
			label = "更改我的结果"
		}
		return ui.Node(ui.Button{Label: label, Small: true, URL: checkURL(x.Draw) + "/items/" + strconv.FormatInt(item.Seq, 10) + "?return=" + url.QueryEscape(here), Dialog: true})
	case !x.MayDraw || item.Verdict != "" || x.State != register.DrawDrawn:
		return ui.Text(noWord)
	}
	return ui.Text("须由他人检查").With(strings.TrimSuffix(cut(item.Hindrance, 20), "…"))
}

func findingKind(f register.Finding) ui.Kind {
	if f == register.FoundTrue {
		return ui.Success
	}
	return ui.Danger
}
