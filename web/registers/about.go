package registers

import (
	"net/http"
	"strings"

	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// aboutView is a definition in words.
type aboutView struct {
	ui.Base
	Pending []string
	Facts   ui.Facts
	Counts  ui.Table
	Keys    []string
	Fields  ui.Table
	Stages  ui.Table
	Proofs  ui.Table
	Checks  ui.Table
}

func (a area) about(c *frame.Ctx) error {
	d, err := a.definition(c)
	if err != nil {
		return err
	}
	v := aboutView{Base: c.Base("口径说明", indexCrumb(), registerCrumb(d)), Pending: d.Pending, Facts: a.aboutFacts(d), Counts: aboutCounts(d), Keys: keyWords(d),
		Fields: aboutFields(d), Stages: aboutStages(d), Proofs: aboutProofs(d), Checks: aboutChecks(d)}
	v.Eyebrow, v.Lede, v.AsOf = d.Name, d.About, ""
	v.Actions = ui.Buttons{{Label: "打印", Icon: "print", Do: "print"}}
	return c.Render(http.StatusOK, aboutTempl(v))
}

func (a area) aboutFacts(d *register.Definition) ui.Facts {
	items := []ui.Fact{{Term: "一条记录是", Text: d.About}, {Term: "计量单位", Text: d.Unit}, {Term: "对应的计划条款", Text: d.Clause},
		{Term: "主管部门", Text: unitName(a.app.Pack, d.Lead)}}
	if len(d.Partners) > 0 {
		items = append(items, ui.Fact{Term: "共同核验", Text: unitNames(a.app.Pack, d.Partners)})
	}
	items = append(items, ui.Fact{Term: "谁登记", Text: entrants(a.app.Pack, d)}, ui.Fact{Term: "核验方式", Text: methodWords(d)}, ui.Fact{Term: "哪天起计入", Text: effectiveWords(d)},
		ui.Fact{Term: "哪天退出", Text: expiryWords(d)})
	if !d.Baseline.IsZero() {
		items = append(items, ui.Fact{Term: "基期名单", Text: d.Baseline.Chinese() + "以前生效的在基期名单上，不算新增"})
	}
	if d.Anonymous {
		items = append(items, ui.Fact{Term: "匿名", Text: "不保存是谁登记的"})
	}
	items = append(items, ui.Fact{Term: "依据", Text: basisWords(d.Basis)})
	return ui.Facts{Items: items}
}

func methodWords(d *register.Definition) string {
	if d.Sampled {
		return d.Method + "；已核验的记录还会抽查"
	}
	return d.Method
}

func effectiveWords(d *register.Definition) string {
	if d.Effective == "" {
		return "核验通过之日"
	}
	return "“" + fieldLabel(d, d.Effective) + "”之日（不是上传之日），且已核验"
}

func expiryWords(d *register.Definition) string {
	e := d.Expiry
	switch {
	case e.Field != "":
		return "“" + fieldLabel(d, e.Field) + "”的次日，自动退出"
	case e.Confirm != "":
		return "“" + fieldLabel(d, e.Confirm) + "”满一年未再确认的，自动退出"
	case e.Years > 0:
		return "生效满" + itoa(e.Years) + "年，自动退出"
	}
	return "长期有效；退出须由人办理并写明日期"
}

// keyWords say what must not be entered twice.
func keyWords(d *register.Definition) []string {
	var out []string
	for _, u := range d.Unique {
		labels := make([]string, len(u.Fields))
		for i, f := range u.Fields {
			labels[i] = "“" + fieldLabel(d, f) + "”"
		}
		out = append(out, strings.Join(labels, "加")+"相同的只登记一次，"+keyReach(u)+"。")
	}
	return out
}

// keyReach says how far a key reaches.
func keyReach(u register.Unique) string {
	switch {
	case u.Yearly && u.Local:
		return "同一县区、同一年内"
	case u.Yearly:
		return "跨县区，同一年内"
	case u.Local:
		return "同一县区内，跨年度"
	}
	return "跨县区、跨年度都一样"
}

func aboutCounts(d *register.Definition) ui.Table {
	t := ui.NewTable("怎样计数", ui.Column{Label: "计数"}, ui.Column{Label: "单位", Narrow: true}, ui.Column{Label: "怎样算"})
	t.Empty = ui.Empty{Title: "这本台账只办理，不计数"}
	for _, n := range d.Counts {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(n.Name, query{Register: d.ID, Count: n.ID}.address()), ui.Text(n.Unit), ui.Text(countWords(d, n) + "。")}})
	}
	return t
}

// typeWords are the types of fields as people call them.
var typeWords = map[register.FieldType]string{
	register.Text: "一行文字", register.LongText: "文字", register.Number: "数", register.Date: "日期", register.Choice: "单选", register.Many: "多选", register.Truth: "是或否",
	register.USCC: "统一社会信用代码", register.Phone: "电话", register.IDNumber: "居民身份证号", register.Longitude: "经度", register.Latitude: "纬度", register.Link: "网址",
	register.UnitRef: "单位", register.TaskRef: "任务", register.RecordRef: "另一条记录",
}

func aboutFields(d *register.Definition) ui.Table {
	t := ui.NewTable("登记项", ui.Column{Label: "登记项"}, ui.Column{Label: "填什么"}, ui.Column{Label: "必填", Narrow: true}, ui.Column{Label: "说明"})
	for _, f := range d.Fields {
		what := typeWords[f.Type]
		if f.Unit != "" {
			what += "（" + f.Unit + "）"
		}
		cell := ui.Text(what)
		if len(f.Options) > 0 {
			cell = cell.With(strings.Join(f.Options, "、"))
		}
		need := "选填"
		if f.Required {
			need = "必填"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(f.Label), cell, ui.Text(need), ui.Text(orDash(hintOf(f)))}})
	}
	return t
}

func aboutStages(d *register.Definition) ui.Table {
	t := ui.NewTable("办理阶段", ui.Column{Label: "阶段"}, ui.Column{Label: "由谁办"}, ui.Column{Label: "时限"}, ui.Column{Label: "可以怎样办"})
	for _, s := range d.Stages {
		name := ui.Text(s.Label)
		switch {
		case s.Counts:
			name = name.With("计入统计")
		case s.Ends:
			name = name.With("办结，不计入")
		}
		owner := actorWords[s.Owner]
		if s.Owner == "" && len(s.Moves) > 0 {
			owner = actorsOf(s.Moves[0].By)
		}
		limit := ui.Text("不限")
		if s.Limit != nil {
			limit = ui.Text(limitWords(s.Limit.Limit)).With(joined(s.Late, basisWords(s.Limit.Basis)))
		} else if s.Until != "" {
			limit = ui.Text("到“" + fieldLabel(d, s.Until) + "”").With(s.Late)
		} else if s.Pauses {
			limit = ui.Text("期限暂停").With("办完后接着计算")
		}
		var lines []string
		for _, m := range s.Moves {
			lines = append(lines, moveWords(d, m))
		}
		moves := ui.Text("不再办理")
		if len(lines) > 0 {
			moves = ui.Node(lineList(lines))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, ui.Text(orDash(owner)), limit, moves}})
	}
	return t
}

func joined(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "；")
}

// moveWords is a move in a sentence.
func moveWords(d *register.Definition, m register.Move) string {
	var asks []string
	for _, f := range m.Needs {
		asks = append(asks, fieldLabel(d, f))
	}
	for _, k := range m.Proof {
		asks = append(asks, proofLabel(d, k))
	}
	if m.Reason {
		asks = append(asks, "理由")
	}
	s := m.Label
	if to := stageLabel(d, m.To); to != s {
		s += " → " + to
	}
	s += "：" + actorsOf(m.By)
	for _, w := range m.Where {
		s += "，限“" + fieldLabel(d, w.Field) + "”为" + strings.Join(w.In, "或") + "的"
	}
	if len(m.NotBy) > 0 {
		s += "，不能是" + strings.Join(labelsOf(d, m.NotBy), "、") + "的同一人"
	}
	if len(asks) > 0 {
		s += "；须有" + strings.Join(asks, "、")
	}
	return s
}

// labelsOf names moves of a register.
func labelsOf(d *register.Definition, moves []string) []string {
	var out []string
	for _, id := range moves {
		label := "登记"
		for _, s := range d.Stages {
			for _, m := range s.Moves {
				if m.ID == id {
					label = m.Label
				}
			}
		}
		out = append(out, label)
	}
	return out
}

func aboutProofs(d *register.Definition) ui.Table {
	t := ui.NewTable("佐证材料", ui.Column{Label: "材料"}, ui.Column{Label: "要求"})
	t.Empty = ui.Empty{Title: "不要求佐证材料"}
	for _, k := range d.Proof {
		s := "选备"
		if k.Required {
			s = "必备"
		}
		if k.Photo {
			s += "，照片"
		}
		if k.Most > 0 {
			s += "，最多" + itoa(k.Most) + "个"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(k.Label), ui.Text(s)}})
	}
	return t
}

func aboutChecks(d *register.Definition) ui.Table {
	t := ui.NewTable("系统提示的疑点", ui.Column{Label: "疑点"}, ui.Column{Label: "依据"})
	for _, k := range d.Checks {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(k.Says), ui.Text(orDash(basisWords(k.Basis)))}})
	}
	return t
}
