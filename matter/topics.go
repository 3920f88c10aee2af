package matter

import (
	"errors"
	"io/fs"
	"strings"

	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/gongwen"
	"bihuan/kit/strictyaml"
	"bihuan/plan"
	"bihuan/supervise"
)

// TopicRule is one of the fixed topics of the monthly dispatch with what it looks at.
type TopicRule struct {
	Name    string
	Figures []FigureRule
}

// FigureRule is one figure of a topic: a measure as targets are bound to, in words.
type FigureRule struct {
	plan.Binding
	Says string // 今年举办促消费活动
	Unit string
}

// ReadTopics reads the topics of a pack; one without the file has none, and its
// bulletins no section about them.
func ReadTopics(files fs.FS) (all []TopicRule, err error) {
	const file = "measures/dispatch.yaml"
	if _, err := fs.Stat(files, file); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	folder := &strictyaml.Folder{FS: files, Name: "城市包"}
	v, _ := folder.YAML(file)
	for _, item := range v.Items() {
		f := item.Mapping("name", "figures")
		t := TopicRule{Name: f.Must("name", "调度事项").Text()}
		for _, x := range f.Must("figures", "看哪些数").Items() {
			g := x.Mapping("kind", "ref", "says", "unit")
			t.Figures = append(t.Figures, FigureRule{Binding: plan.Binding{Kind: strictyaml.Choice(g.Must("kind", "series 或 register"), plan.Series, plan.Register), Ref: g.Must("ref", "指标编号，或台账/计数").Text()},
				Says: g.Must("says", "这个数是什么").Text(), Unit: g.Must("unit", "单位").Text()})
		}
		all = append(all, t)
	}
	if len(folder.Problems) > 0 {
		return nil, errs.New(errs.Invalid, "%s", folder.Problems.Sorted().Error())
	}
	return all, nil
}

// bindings are the measures of all topics in their order.
func bindings(rules []TopicRule) (all []plan.Binding) {
	for _, t := range rules {
		for _, f := range t.Figures {
			all = append(all, f.Binding)
		}
	}
	return all
}

// topicsOf puts the values of the topics' measures, in the order of bindings, into
// words, with the target of the list that each belongs to. What nothing is known of
// is named at the end.
func topicsOf(rules []TopicRule, values []supervise.Figure, rows []supervise.TargetRow, day calendar.Date) (all []Topic) {
	for _, t := range rules {
		topic := Topic{Name: t.Name}
		unknown := map[plan.MeasureKind][]string{}
		for i, f := range t.Figures {
			v := values[i]
			if v.Value == nil {
				unknown[f.Kind] = append(unknown[f.Kind], f.Says)
				continue
			}
			if len(topic.Says) > 0 {
				topic.Says = append(topic.Says, gongwen.Text("；"))
			}
			if i+1 < len(t.Figures) && t.Figures[i+1].Kind == f.Kind && values[i+1].Value != nil && values[i+1].AsOf == v.AsOf {
				v.AsOf = day // the day is told once, behind the last of those that share it
			}
			topic.Says = append(append(topic.Says, f.says(v, day)...), targetWords(f.Binding, rows)...)
		}
		values = values[len(t.Figures):]
		if len(topic.Says) > 0 {
			topic.Says = append(topic.Says, gongwen.Text("。"))
		}
		for _, x := range []struct {
			kind  plan.MeasureKind
			words string
		}{{plan.Series, "尚未公布。"}, {plan.Register, "尚无已核验的记录。"}} {
			if names := unknown[x.kind]; len(names) > 0 {
				topic.Says = append(topic.Says, gongwen.Text(strings.Join(names, "、")+x.words))
			}
		}
		all = append(all, topic)
	}
	return all
}

// says puts one value into words; it opens to what lies under it.
func (f FigureRule) says(v supervise.Figure, day calendar.Date) []gongwen.Run {
	if f.Kind != plan.Series {
		return []gongwen.Run{gongwen.Text(f.Says), {Text: plan.Amount(*v.Value, f.Unit), Ref: v.URL}}
	}
	end := ""
	if v.AsOf != day {
		end = "（截至" + v.AsOf.Chinese() + "）"
	}
	switch gap := *v.Value; {
	case gap > 0:
		return []gongwen.Run{gongwen.Text(f.Says + "高于全省"), {Text: plan.Amount(gap, f.Unit), Ref: v.URL}, gongwen.Text(end)}
	case gap < 0:
		return []gongwen.Run{gongwen.Text(f.Says + "低于全省"), {Text: plan.Amount(-gap, f.Unit), Ref: v.URL}, gongwen.Text(end)}
	}
	return []gongwen.Run{gongwen.Text(f.Says + "与全省"), {Text: "持平", Ref: v.URL}, gongwen.Text(end)}
}

// targetWords tells what the list asks of a measure; nothing when no target is bound to it.
func targetWords(b plan.Binding, rows []supervise.TargetRow) []gongwen.Run {
	for _, row := range rows {
		g := row.Target
		if g.Measure.Kind != b.Kind || g.Measure.Ref != b.Ref {
			continue
		}
		words := "，" + g.Level.Label() + "）"
		if g.Expected != nil && b.Kind != plan.Series {
			words = "，序时应达" + plan.Amount(whole(*g.Expected), g.Unit) + words
		}
		return []gongwen.Run{gongwen.Text("（目标"), {Text: aim(g), Ref: "/tasks/" + row.Task.ID + "#" + g.ID}, gongwen.Text(words)}
	}
	return nil
}
