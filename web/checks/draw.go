package checks

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

type drawView struct {
	ui.Base
	Steps ui.Steps
	Alert ui.Alert
	Bound string
	Form  ui.Form
	Next  ui.Button
	Facts ui.Facts
	Table ui.Table
}

type itemView struct {
	Lines     []string
	Hindrance string
	Form      ui.Form
	Fields    []ui.Field
}

var states = []register.DrawState{register.DrawOpen, register.DrawClosed, register.DrawDrawn, register.DrawDone}

func stateWord(s register.DrawState) string {
	return map[register.DrawState]string{register.DrawOpen: "承诺已公布", register.DrawClosed: "清单已封存", register.DrawDrawn: "登记结果", register.DrawDone: "已办结"}[s]
}

func findingWord(f register.Finding) string {
	return map[register.Finding]string{register.FoundTrue: "属实", register.FoundFalse: "不实", register.FoundMissing: "未找到"}[f]
}

func (a area) draw(c *frame.Ctx) error {
	x, err := a.reg.DrawView(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	v := drawView{Base: c.Base(x.Definition.Name+"抽查", ui.Crumb{Label: "抽查", URL: "/checks"}), Steps: stepsOf(x.State)}
	v.Lede = a.batch(x.Batch)
	v.Form, v.Next = nextOf(x)
	v.Facts = factsOf(x)
	if x.State == register.DrawDrawn || x.State == register.DrawDone {
		v.Bound = boundWords(x.Draw)
	}
	if x.Whole {
		v.Alert = ui.Alert{Kind: ui.Danger, Title: "整批全查", Text: "有记录不实或未找到，这一批其余记录已全部列入检查。未找到的，请查实后在记录页认定不实。"}
	}
	v.Table = a.itemTable(x)
	return c.Render(http.StatusOK, drawTempl(v))
}

func stepsOf(state register.DrawState) ui.Steps {
	s := ui.Steps{Label: "抽查的步骤"}
	now := slices.Index(states, state)
	for i, x := range states {
		s.Items = append(s.Items, ui.Step{Label: stateWord(x), Done: i < now || state == register.DrawDone, Current: i == now && state != register.DrawDone})
	}
	return s
}

// nextOf is the step that the person may take now.
func nextOf(x register.DrawView) (ui.Form, ui.Button) {
	step, label := "", ""
	switch {
	case !x.MayDraw:
	case x.State == register.DrawOpen:
		step, label = "close", "封存清单"
	case x.State == register.DrawClosed:
		step, label = "draw", "公开种子并抽取"
	case x.State == register.DrawDrawn && x.Outcome.Ready():
		step, label = "finish", "办结抽查"
	}
	return ui.Form{Action: drawURL(x.ID) + "/" + step, Label: label}, ui.Button{Label: label, Kind: ui.Primary}
}

func factsOf(x register.DrawView) ui.Facts {
	f := ui.Facts{Items: []ui.Fact{{Term: "承诺（种子的 SHA-256）", Node: mono(x.Commitment), Sub: "公布于 " + ui.Moment(x.CreatedAt) + "，" + x.Creator}}}
	if x.ListHash != "" {
		f.Items = append(f.Items, ui.Fact{Term: "清单摘要", Node: mono(x.ListHash), Sub: fmt.Sprintf("%d 个，封存于 %s；抽 %d 个（%s）", x.Population, ui.Moment(x.ClosedAt), x.Size, x.SizeRule)})
	}
	if x.Seed != "" {
		f.Items = append(f.Items, ui.Fact{Term: "种子", Node: mono(x.Seed), Sub: "公开于 " + ui.Moment(x.DrawnAt)},
			ui.Fact{Term: "抽查文件", Text: "下载，任何人都能重算", URL: drawURL(x.ID) + "/draw.json",
				Sub: "对每个编号计算 printf '%s\\0%s' 种子 编号 | sha256sum，从小到大取前 " + strconv.Itoa(x.Size) + " 个，就是随机抽中的。"})
	}
	return f
}

// boundWords says what the checks show, with the exact bound.
func boundWords(x register.Draw) string {
	o := x.Outcome
	if !o.Ready() { // whoever is looked at first is no random sample
		return fmt.Sprintf("已核验 %d 个；抽查 %d 个，已有结论 %d 个，%d 个不实。全部有结论后，按95%%置信度给出真实数的区间。", x.Population, o.Chosen, o.Settled, o.False)
	}
	low, high := x.TrueCount()
	shareLow, shareHigh := x.Share()
	return fmt.Sprintf("已核验 %d 个；抽查 %d 个，%d 个不实；按95%%置信度，真实的在 %d 到 %d 个之间（%.1f%% 到 %.1f%%）。区间只按随机抽中的 %d 个计算，疑点加查的不算作随机样本。",
		x.Population, o.Chosen, o.False, low, high, 100*shareLow, 100*shareHigh, o.Drawn)
}

func (a area) itemTable(x register.DrawView) ui.Table {
	t := ui.NewTable("检查的记录", ui.Column{Label: "记录"}, ui.Column{Label: "为何检查", Narrow: true}, ui.Column{Label: "结论", Narrow: true}, ui.Column{Label: "各人的结果"})
	for _, item := range x.Items {
		verdict := findingWord(item.Verdict)
		if verdict == "" && len(item.Results) > 1 {
			verdict = "意见不一"
		}
		why := map[register.Why]string{register.WhyDrawn: "随机抽中", register.WhyFlagged: "有疑点", register.WhyWhole: "整批全查"}[item.Why]
		t.Rows = append(t.Rows, ui.Row{URL: "/records/" + item.RecordID, Muted: item.Falsified, Cells: []ui.Cell{
			ui.Text(item.Title).With(item.No), ui.Text(why), ui.Text(verdict), ui.Node(findings(itemOf(x, item)))}})
	}
	return t
}

func itemOf(x register.DrawView, item register.DrawItem) itemView {
	v := itemView{Hindrance: item.Hindrance}
	for _, r := range item.Results {
		line := r.Name + "：" + findingWord(r.Finding)
		if r.Note != "" {
			line += "，" + r.Note
		}
		v.Lines = append(v.Lines, line)
	}
	seq := strconv.FormatInt(item.Seq, 10)
	v.Form = ui.Form{Action: drawURL(x.ID) + "/result", Label: item.No + " 的结果", NoValid: true, Hidden: []ui.HiddenPair{{Name: "seq", Value: seq}}}
	v.Fields = []ui.Field{
		{Kind: ui.Select, Name: "finding", ID: "finding-" + seq, Label: "结果", Required: true, Options: []ui.Option{{Value: "true", Label: "属实"}, {Value: "false", Label: "不实"}, {Value: "missing", Label: "未找到"}}},
		{Name: "note", ID: "note-" + seq, Label: "所见", MaxLength: 500},
	}
	return v
}
