package matter

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/gongwen"
	"bihuan/org"
	"bihuan/register"
)

// Registers of meetings and what they decide.
const (
	meetings  = register.ID("meeting")
	decisions = register.ID("decision")
)

// Decision is one decision of a meeting.
type Decision struct{ Says, Lead, Due, Output string }

// MinutesPaper is the minutes of a dispatch meeting (调度会议纪要).
type MinutesPaper struct {
	Issuer, Meeting, Time, Place, Chair string
	Present, Absent, Auditors           []string
	LastTime                            []gongwen.Block // 上次议定事项落实情况
	Agenda                              string          // one item a line
	Decisions                           []Decision
	Date                                calendar.Date
	Copies                              []string
}

// Document writes the minutes. Every decision is numbered: each becomes a task.
func (m MinutesPaper) Document() gongwen.Document {
	name := strings.TrimSuffix(m.Meeting, "纪要")
	if !strings.HasSuffix(name, "会") && !strings.HasSuffix(name, "会议") {
		name += "会议"
	}
	d := gongwen.Document{Form: gongwen.Minutes, Issuers: []string{m.Issuer}, Mark: []string{name + "纪要"}, Title: name + "纪要", Date: m.Date, Note: "此件不予公开",
		Attendance: gongwen.Attendance{Present: m.Present, Absent: m.Absent, Auditors: m.Auditors}, Copies: m.Copies, Printed: gongwen.Printed{Organ: m.Issuer, Date: m.Date}}
	d.Body = append(d.Body, say("%s，%s在%s主持召开%s。会议议定事项纪要如下。", m.Time, m.Chair, m.Place, name))
	d.Body = append(d.Body, gongwen.Heading(1, "一、上次议定事项落实情况"))
	if len(m.LastTime) == 0 {
		d.Body = append(d.Body, say("此前没有议定事项。"))
	}
	d.Body = append(d.Body, m.LastTime...)
	d.Body = append(d.Body, gongwen.Heading(1, "二、会议议程"))
	d.Body = append(d.Body, lines(m.Agenda)...)
	d.Body = append(d.Body, gongwen.Heading(1, "三、本次议定事项"))
	for i, x := range m.Decisions {
		d.Body = append(d.Body, say("%d.%s。牵头单位：%s；完成时限：%s；成果：%s。", i+1, strings.TrimSuffix(x.Says, "。"), x.Lead, x.Due, strings.TrimSuffix(x.Output, "。")))
	}
	if len(m.Decisions) == 0 {
		d.Body = append(d.Body, say("会议没有新的议定事项。"))
	}
	return d
}

// Standing is where a decision of an earlier meeting stands.
type Standing struct {
	register.Record
	Lead  city.Unit
	Due   calendar.Date
	State string // 已办结, 落实中, 逾期未办结
	Done  bool
}

// LastTime is what a meeting begins with: how the decisions of the meeting before it
// were carried out, and those of still earlier ones that are not.
type LastTime struct {
	Meeting   register.Record // the meeting before; zero for none
	Decisions []Standing      // of that meeting
	Older     []Standing      // of earlier meetings, not done
}

// LastTime reads what a meeting of a day begins with.
func (s *Service) LastTime(ctx context.Context, p org.Principal, meeting register.Record) (l LastTime, err error) {
	defer errs.Wrap(&err, "matter.LastTime(%s)", meeting.ID)
	all, err := listAll(ctx, p, s.Records, meetings)
	if err != nil {
		return l, err
	}
	before := map[string]bool{}
	for _, r := range all {
		if !slices.Contains([]string{"held", "proposed", "issued"}, r.Stage) || r.ID == meeting.ID || r.Values["date"] >= meeting.Values["date"] {
			continue
		}
		before[r.ID] = true
		if r.Values["date"] > l.Meeting.Values["date"] {
			l.Meeting = r
		}
	}
	decided, err := listAll(ctx, p, s.Records, decisions)
	if err != nil {
		return l, err
	}
	today := calendar.Today(s.DB.Now())
	for _, r := range ordered(decided) {
		x := s.standing(r, today)
		switch {
		case r.Parent == l.Meeting.ID && l.Meeting.ID != "":
			l.Decisions = append(l.Decisions, x)
		case before[r.Parent] && !x.Done:
			l.Older = append(l.Older, x)
		}
	}
	return l, nil
}

func (s *Service) standing(r register.Record, today calendar.Date) Standing {
	x := Standing{Record: r, Due: dayOf(r.Values["due"]), State: "落实中", Done: r.Stage == "done"}
	x.Lead, _ = s.Pack.Unit(city.UnitID(r.Values["handler"]))
	switch {
	case x.Done:
		x.State = "已办结"
	case !x.Due.IsZero() && x.Due.Before(today):
		x.State = "逾期未办结"
	}
	return x
}

// listAll reads every record of a register that holds few: meetings and decisions.
func listAll(ctx context.Context, p org.Principal, records Records, id register.ID) (all []register.Record, err error) {
	const page = 500
	for {
		some, total, err := records.List(ctx, p, register.Query{Register: id, Offset: len(all), Limit: page})
		if err != nil {
			return nil, err
		}
		if all = append(all, some...); len(some) == 0 || len(all) >= total {
			return all, nil
		}
	}
}

// Blocks writes it into the minutes of a day: numbers open to the records.
func (l LastTime) Blocks(today calendar.Date) (blocks []gongwen.Block) {
	if l.Meeting.ID != "" {
		runs := []gongwen.Run{gongwen.Text("截至" + today.Chinese() + "，按议定事项台账口径，" + dayOf(l.Meeting.Values["date"]).Chinese() + l.Meeting.Values["name"] + "议定"), figureOf(len(l.Decisions), "/records/"+l.Meeting.ID), gongwen.Text("项")}
		for _, state := range []string{"已办结", "落实中", "逾期未办结"} {
			if n := countState(l.Decisions, state); n > 0 {
				runs = append(runs, gongwen.Text("，"+state), figureOf(n, "/records/"+l.Meeting.ID), gongwen.Text("项"))
			}
		}
		blocks = append(blocks, gongwen.Paragraph(append(runs, gongwen.Text("。"))...))
	}
	n := 0
	add := func(all []Standing) {
		for _, x := range all {
			n++
			blocks = append(blocks, gongwen.Paragraph(gongwen.Text(fmt.Sprintf("%d.", n)), gongwen.Run{Text: strings.TrimSuffix(x.Values["matter"], "。"), Ref: "/records/" + x.ID},
				gongwen.Text(fmt.Sprintf("（%s，时限%s）：%s。%s", x.Lead.Short, x.Due.Chinese(), x.State, x.Said()))))
		}
	}
	add(l.Decisions)
	if len(l.Older) > 0 {
		blocks = append(blocks, gongwen.Paragraph(gongwen.Text("更早的会议议定、尚未办结的"), figureOf(len(l.Older), "/registers/decision"), gongwen.Text("项。")))
		add(l.Older)
	}
	return blocks
}

// Said is what the unit reported last; "" for nothing yet.
func (x Standing) Said() string {
	if text := cmp.Or(x.Values["result"], x.Values["first"]); text != "" {
		return full(text)
	}
	return ""
}

func countState(all []Standing, state string) (n int) {
	for _, x := range all {
		if x.State == state {
			n++
		}
	}
	return n
}

// figureOf is a number that opens.
func figureOf(n int, ref string) gongwen.Run { return gongwen.Run{Text: fmt.Sprint(n), Ref: ref} }

func (w writer) minutes() (d gongwen.Document, err error) {
	last, err := w.s.LastTime(w.ctx, w.p, w.v.Record)
	if err != nil {
		return d, err
	}
	m := MinutesPaper{Issuer: w.s.Pack.LeadUnit().Name, Meeting: w.get("name"), Time: w.chinese("date") + clock(w.get("time")), Place: w.get("place"), Chair: w.get("chair"), Present: split(w.get("present")),
		Absent: split(w.get("absent")), Auditors: split(w.get("observers")), Agenda: w.get("agenda"), LastTime: last.Blocks(w.board.Today), Date: w.board.Today}
	for _, c := range ordered(w.v.Children) {
		u, _ := w.s.Pack.Unit(city.UnitID(c.Values["handler"]))
		m.Decisions = append(m.Decisions, Decision{Says: c.Values["matter"], Lead: u.Short, Due: dayOf(c.Values["due"]).Chinese(), Output: c.Values["output"]})
	}
	return m.Document(), nil
}

// ordered are the records that stand, in the order of their numbers.
func ordered(all []register.Record) []register.Record {
	all = slices.DeleteFunc(slices.Clone(all), func(r register.Record) bool { return r.Stage == "dropped" })
	slices.SortFunc(all, func(a, b register.Record) int { return cmp.Compare(a.No, b.No) })
	return all
}

// clock writes a time of day as documents do: 上午9时, 下午2时30分.
func clock(text string) string {
	var h, m int
	if _, err := fmt.Sscanf(text, "%d:%d", &h, &m); err != nil {
		return text
	}
	part := "上午"
	switch {
	case h == 12:
		part = "中午"
	case h > 12 && h < 18:
		part, h = "下午", h-12
	case h >= 18:
		part, h = "晚上", h-12
	}
	if m == 0 {
		return fmt.Sprintf("%s%d时", part, h)
	}
	return fmt.Sprintf("%s%d时%d分", part, h, m)
}
