package imports

import (
	"slices"
	"unicode/utf8"

	"bihuan/plan"
	"bihuan/plan/read"
)

// The kinds of marked words, in the order of the legend.
const (
	markTask    = "task"    // a task's title
	markBody    = "body"    // the rest of a task's words
	markUnit    = "unit"    // a responsible unit
	markTarget  = "target"  // the clause of a target
	markFigure  = "figure"  // the figure in it
	markPromise = "promise" // a promise without a number
	markGoal    = "goal"    // a paragraph of overall goals
	markFront   = "front"   // title, number, date, issuer; sentences about all tasks
	markOut     = "out"     // words of an item that is not published
)

// planItem stands for the particulars of the plan where an item's id is wanted.
const planItem = "plan"

// legendEntry is one line of the legend, with its switch.
type legendEntry struct{ Kind, Label string }

func legend() []legendEntry {
	return []legendEntry{
		{markTask, "任务"}, {markUnit, "责任单位"}, {markTarget, "目标"}, {markPromise, "待量化"}, {markGoal, "总体目标"}, {markFront, "文件信息"},
	}
}

// sourceDoc is the original text with what was read from it marked.
type sourceDoc struct {
	Blocks  []sourceBlock
	anchors map[string]string // the anchor nearest to an item's words
}

// sourceBlock is a paragraph or a heading of the document: one line of the text
// as it was extracted, or several where the lines of a page were broken.
type sourceBlock struct {
	At       int // where it begins in the text, in bytes
	End      int
	Heading  int // 1 for the title, 2 and 3 for headings, 0 for text
	Task     string
	TaskNo   string // in the margin where a task begins
	Segments []sourceSegment
}

// sourceSegment is a run of words with one mark; Kind is "" for plain text.
type sourceSegment struct {
	Text  string
	Item  string
	Kind  string
	Note  string
	ID    string // anchor; only the first run of an item has one
	Focus bool   // the item in question, in an excerpt
}

// mark is a span of the text that belongs to an item.
type mark struct {
	span             read.Span
	item, kind, note string
	level            int // a higher level lies over a lower one
}

// newSource marks the text of an import.
func newSource(l *loaded, numbers map[string]string) sourceDoc {
	marks := marksOf(l)
	owner := paint(l.Text, marks)
	s := sourceDoc{anchors: map[string]string{}}
	anchored, begun := map[string]bool{}, map[string]bool{}
	starts := taskStarts(l)
	title := frontSpan(l.back.Front, "title")
	lines := linesOf(l.Text)
	for n, line := range lines {
		b := sourceBlock{At: line.Start, End: line.End, Heading: headingOf(l.Text[line.Start:line.End])}
		if title.End > title.Start && line.Start < title.End && title.Start < line.End {
			b.Heading = 1
		}
		b.Task = taskAt(starts, line)
		if b.Task != "" && !begun[b.Task] {
			begun[b.Task], b.TaskNo = true, numbers[b.Task]
		}
		for at := line.Start; at < line.End; {
			end := at + 1
			for end < line.End && owner[end] == owner[at] {
				end++
			}
			seg := sourceSegment{Text: l.Text[at:end]}
			if o := owner[at]; o > 0 {
				m := marks[o-1]
				seg.Item, seg.Kind, seg.Note = m.item, m.kind, m.note
				if m.item != "" && !anchored[m.item] {
					anchored[m.item], seg.ID = true, "span-"+m.item
				}
			}
			b.Segments = append(b.Segments, seg)
			at = end
		}
		if n > 0 && continues(l.Text, lines[n-1], line, b.Heading) {
			last := &s.Blocks[len(s.Blocks)-1]
			last.End, last.Segments = b.End, append(last.Segments, b.Segments...)
			if last.Task == "" || last.TaskNo == "" && b.TaskNo != "" {
				last.Task, last.TaskNo = b.Task, b.TaskNo
			}
			continue
		}
		s.Blocks = append(s.Blocks, b)
	}
	// Words that lie wholly under others' are reached by the anchor of those on top.
	for _, m := range marks {
		switch {
		case anchored[m.item]:
			s.anchors[m.item] = "#span-" + m.item
		case s.anchors[m.item] == "" && m.span.Start >= 0 && m.span.Start < len(owner) && owner[m.span.Start] > 0:
			s.anchors[m.item] = "#span-" + marks[owner[m.span.Start]-1].item
		}
	}
	return s
}

// marksOf lists what is to be marked, the lowest level first and the longer
// spans of a level before the shorter, so that painting in order shows all.
func marksOf(l *loaded) []mark {
	var all []mark
	add := func(span read.Span, level int, kind, item, note string) {
		if span.Start >= 0 && span.End <= len(l.Text) && span.Start < span.End {
			all = append(all, mark{whole(l.Text, span), item, kind, note, level})
		}
	}
	for _, f := range l.back.Front {
		add(f.Span, 3, markFront, planItem, "文件信息："+frontLabel(f.Name))
	}
	for _, i := range l.back.Issuers {
		add(i.Span, 3, markFront, planItem, "印发单位")
	}
	for _, n := range l.back.Notes {
		add(n.Span, 2, markFront, planItem, "适用于其后各项任务的要求")
	}
	for _, g := range l.Draft.Goals {
		add(g.Span, 0, markGoal, planItem, "总体目标")
	}
	for i := range l.Draft.Tasks {
		marksOfTask(&l.Draft.Tasks[i], add)
	}
	slices.SortStableFunc(all, func(a, b mark) int {
		if a.level != b.level {
			return a.level - b.level
		}
		return (b.span.End - b.span.Start) - (a.span.End - a.span.Start)
	})
	return all
}

func marksOfTask(t *plan.DraftTask, add func(span read.Span, level int, kind, item, note string)) {
	if t.Deleted {
		add(t.Span, 1, markOut, t.ID, "不列入："+t.Title)
		return
	}
	add(t.Span, 1, markBody, t.ID, "")
	if t.Read != nil {
		add(t.Read.TitleSpan, 3, markTask, t.ID, "任务："+t.Title)
	}
	for _, u := range t.Units {
		if u.Deleted {
			add(u.Span, 4, markOut, u.ID, "不列入："+u.Name)
			continue
		}
		add(u.Span, 4, markUnit, u.ID, plan.RoleLabel(u.Role)+"单位："+u.Name)
	}
	for _, g := range t.Targets {
		switch {
		case g.Deleted:
			add(g.Span, 5, markOut, g.ID, "不列入："+g.Pledge())
		case g.Promise != nil && !quantified(&g):
			add(g.Span, 5, markPromise, g.ID, "待量化："+g.Pledge())
		default:
			add(g.Span, 5, markTarget, g.ID, "目标："+g.Pledge())
			if g.Read != nil {
				add(g.Read.NumberSpan, 6, markFigure, g.ID, "目标："+g.Pledge())
			}
		}
	}
}

// quantified tells whether a target of a draft has something to be held against.
func quantified(g *plan.DraftTarget) bool { return g.Kind != plan.Qualitative }

func frontLabel(name string) string {
	switch name {
	case "title":
		return "标题"
	case "number":
		return "文号"
	case "date":
		return "印发日期"
	}
	return name
}

func frontSpan(front []read.Field, name string) read.Span {
	for _, f := range front {
		if f.Name == name {
			return f.Span
		}
	}
	return read.Span{}
}

// whole widens a span to whole characters.
func whole(text string, s read.Span) read.Span {
	for s.Start > 0 && !utf8.RuneStart(text[s.Start]) {
		s.Start--
	}
	for s.End < len(text) && !utf8.RuneStart(text[s.End]) {
		s.End++
	}
	return s
}

// paint gives for every byte of the text the mark on top, counted from one; 0 is none.
func paint(text string, marks []mark) []int32 {
	owner := make([]int32, len(text))
	for i, m := range marks {
		for at := m.span.Start; at < m.span.End; at++ {
			owner[at] = int32(i + 1) // a document has no two thousand million marks
		}
	}
	return owner
}

// taskSpan is where a task stands.
type taskSpan struct {
	span read.Span
	id   string
}

func taskStarts(l *loaded) []taskSpan {
	var all []taskSpan
	for i := range l.Draft.Tasks {
		if t := &l.Draft.Tasks[i]; !t.Deleted && t.Span.End > t.Span.Start {
			all = append(all, taskSpan{t.Span, t.ID})
		}
	}
	slices.SortStableFunc(all, func(a, b taskSpan) int { return a.span.Start - b.span.Start })
	return all
}

// taskAt is the first task that begins in a line, else the last one that reaches into it.
func taskAt(tasks []taskSpan, line read.Span) string {
	id := ""
	first, _ := slices.BinarySearchFunc(tasks, line.Start, func(t taskSpan, at int) int { return t.span.Start - at })
	if first < len(tasks) && tasks[first].span.Start < line.End {
		return tasks[first].id
	}
	for i := first - 1; i >= 0 && i >= first-8; i-- {
		if tasks[i].span.End > line.Start {
			return tasks[i].id
		}
	}
	return id
}

// anchor is where in the source an item's words are; "" when a person added it.
func (s *sourceDoc) anchor(item string) string { return s.anchors[item] }

// excerpt is the part of the source that a span lies in, without anchors: it is
// shown beside a form, with the item in question stressed.
func (s *sourceDoc) excerpt(span read.Span, item string) []sourceBlock {
	var out []sourceBlock
	for _, b := range s.Blocks {
		if b.At >= span.End || b.End <= span.Start {
			continue
		}
		part := b
		part.TaskNo = ""
		part.Segments = slices.Clone(b.Segments)
		for i := range part.Segments {
			seg := &part.Segments[i]
			seg.Focus = item != "" && seg.Item == item
			seg.ID = ""
		}
		out = append(out, part)
	}
	return out
}

// blockClass says how a line of the source is drawn.
func blockClass(b sourceBlock) string {
	class := "src-block"
	switch b.Heading {
	case 1:
		class += " src-h1"
	case 2:
		class += " src-h2"
	case 3:
		class += " src-h3"
	}
	if b.Task != "" {
		class += " src-in-task"
	}
	return class
}
