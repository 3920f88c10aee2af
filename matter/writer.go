package matter

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/gongwen"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/register"
	"bihuan/supervise"
)

// writer puts the values of one record into its document. Personal values come
// masked: who drafts types them where they are wanted.
type writer struct {
	ctx   context.Context //nolint:containedctx // lives for one document
	p     org.Principal
	s     *Service
	v     register.View
	board *supervise.Board
}

func (w writer) get(field string) string { return w.v.Values[field] }

func (w writer) unit(field string) city.Unit {
	u, _ := w.s.Pack.Unit(city.UnitID(w.get(field)))
	return u
}

func dayOf(text string) calendar.Date {
	d, err := calendar.ParseDate(text)
	if err != nil {
		return calendar.Date{}
	}
	return d
}

func (w writer) chinese(field string) string {
	if d := dayOf(w.get(field)); !d.IsZero() {
		return d.Chinese()
	}
	return ""
}

func (w writer) paper(to city.Unit) Paper {
	return Paper{Issuer: w.s.Pack.LeadUnit().Name, Addressee: to.Name, Date: w.board.Today, Contact: w.get("contact")}
}

// pace tells how the record's task stands against its pace, each figure opening to
// the task.
func (w writer) pace() (runs []gongwen.Run) {
	t := w.board.Task(w.get("task"))
	if t == nil || len(t.Targets) == 0 {
		return nil
	}
	runs = []gongwen.Run{gongwen.Text(fmt.Sprintf("截至%s，按经核验的数和%s，", w.board.Today.Chinese(), city.CaliberZonesApart))}
	for i := range t.Targets {
		g := &t.Targets[i]
		ref := "/tasks/" + t.ID + "#" + g.ID
		if i > 0 {
			runs = append(runs, gongwen.Text("；"))
		}
		if g.Actual.Value == nil {
			runs = append(runs, gongwen.Run{Text: g.Subject, Ref: ref}, gongwen.Text("尚无已核验的数"))
			continue
		}
		runs = append(runs, gongwen.Text(g.Subject+"完成"), gongwen.Run{Text: plan.Amount(*g.Actual.Value, g.Unit), Ref: ref})
		if g.Expected != nil {
			runs = append(runs, gongwen.Text("，序时应达"), gongwen.Run{Text: plan.Amount(whole(*g.Expected), g.Unit), Ref: ref})
		}
		runs = append(runs, gongwen.Text("，目标"+aim(g)+"（"+g.Level.Label()+"）"))
	}
	return append(runs, gongwen.Text("。"))
}

// full ends a typed sentence.
func full(text string) string { return strings.TrimSuffix(strings.TrimSpace(text), "。") + "。" }

func (w writer) facts(field string) []gongwen.Run {
	return append([]gongwen.Run{gongwen.Text(full(w.get(field)))}, w.pace()...)
}

func (w writer) sheet() gongwen.Document {
	to := w.unit("addressee")
	units := to.Name
	if w.get("partners") != "" {
		units += "（配合：" + w.get("partners") + "）"
	}
	return SheetPaper{Paper: w.paper(to), No: w.v.No, Colour: w.get("level"), Matter: w.get("matter"), Clause: w.get("clause"), Units: units, Requirement: w.get("requirement"),
		State: w.facts("present"), Gap: w.get("gap"), Due: w.chinese("due"), Feedback: w.get("form"), Approver: w.who("issue"), Otherwise: w.get("otherwise")}.Document()
}

// who is the name of the person that last made a move.
func (w writer) who(move string) string {
	for _, e := range slices.Backward(w.v.Events) {
		if e.Move == move {
			return e.Name
		}
	}
	return approverLate
}

func (w writer) reminder() gongwen.Document {
	return LetterPaper{Paper: w.paper(w.unit("addressee")), Matter: w.get("name"), Facts: w.facts("facts"), Standard: full(w.get("standard")), Request: full(w.get("request")), ReplyBy: w.chinese("due")}.Document()
}

func (w writer) rectify() gongwen.Document {
	to := w.unit("addressee")
	r := RectifyPaper{Paper: w.paper(to), Matter: w.get("name"), Basis: w.get("basis"), Recheck: w.get("check-method"), ToGovernment: to.Kind.IsGovernment()}
	for _, c := range ordered(w.v.Children) {
		r.Problems = append(r.Problems, Problem{No: shortNo(c.No), Says: c.Values["problem"], Evidence: c.Values["evidence"], Requirement: c.Values["requirement"], Due: dayOf(c.Values["due"]).Chinese(), Person: c.Values["responsible"]})
	}
	return r.Document()
}

// shortNo is a record's number without the word for its register: 2026-000001.
func shortNo(no string) string {
	if _, rest, ok := strings.Cut(no, "-"); ok {
		return rest
	}
	return no
}

func split(text string) []string {
	var all []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、,，;；\n", r) }) {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// evidence names the files of a record that stand.
func (w writer) evidence() (names []string) {
	for _, x := range w.v.Proofs {
		if !x.Falsified {
			names = append(names, strings.TrimSuffix(x.Name, path.Ext(x.Name)))
		}
	}
	if len(names) == 0 {
		names = []string{"台账登记的办理过程"}
	}
	return names
}

// crossOff is the paper with which a sheet or a problem ends.
func (w writer) crossOff(to city.Unit, result string) gongwen.Document {
	return ReviewPaper{Paper: w.paper(to), Matter: w.v.Title, Asked: fmt.Sprintf("%s（%s）的办理结果已经报来：%s", w.v.Title, w.v.No, full(result)), Method: w.get("method"),
		Apart: "承办单位的人员没有参与", Evidence: w.evidence(), Checkers: split(w.get("checkers")), Result: "复核通过，予以销号。"}.Document()
}

func (w writer) review(to city.Unit) gongwen.Document {
	return ReviewPaper{Paper: w.paper(to), Matter: w.get("subject"), Asked: fmt.Sprintf("你单位于%s就“%s”申请复核，理由：%s", w.chinese("applied"), w.get("subject"), full(w.get("grounds"))),
		Method: "调阅材料", Evidence: w.evidence(), Checkers: split(w.get("reviewer")), Result: w.get("decision") + "原结论。" + full(w.get("reasons"))}.Document()
}

func (w writer) talk() gongwen.Document {
	return TalkPaper{Paper: w.paper(w.unit("addressee")), Matter: w.get("name"), Called: w.get("called"), Matters: full(w.get("matters")), Time: w.chinese("date") + clock(w.get("time")),
		Place: w.get("place"), Attendees: w.get("attendees"), Materials: w.get("materials")}.Document()
}

func (w writer) conclusion() gongwen.Document {
	return ConclusionPaper{Paper: w.paper(w.unit("object")), Matter: w.get("matter"), Basis: w.get("basis"), Methods: w.get("methods"), Conclusion: w.get("conclusion")}.Document()
}

func (w writer) commend() gongwen.Document {
	c := CommendPaper{Issuer: w.s.Pack.LeadUnit().Name, Title: w.get("name"), Facts: w.get("facts"), Caliber: w.get("caliber"), CutOff: dayOf(w.get("cut-off")), Date: w.board.Today, Measures: w.get("measures")}
	if !strings.HasSuffix(c.Title, "通报") {
		c.Title = "关于" + strings.TrimPrefix(c.Title, "关于") + "的通报"
	}
	name := w.unit("unit").Name
	if w.get("kind") == "通报表扬" {
		c.Praise = []string{"在" + w.get("group") + "范围内比较，对" + name + "予以通报表扬：" + full(w.get("result")), "创新和可推广之处：" + full(w.get("merit"))}
	} else {
		c.Criticism = []string{"对" + name + "予以通报批评，事实如上。"}
	}
	return c.Document()
}

// goodCase recommends a case. Its figures open to the record that proves them.
func (w writer) goodCase() gongwen.Document {
	ref, unit := "/records/"+w.v.ID, city.Unit{}
	if u, ok := w.s.Pack.Unit(w.v.Unit); ok {
		unit = u
	}
	name, measured := unitIn(w.get("indicator"))
	effect := []gongwen.Run{gongwen.Text(name + "由"), {Text: w.get("before") + measured, Ref: ref}, gongwen.Text("变为"), {Text: w.get("after") + measured, Ref: ref},
		gongwen.Text("。数据来源：" + strings.TrimSuffix(w.get("effect-source"), "。") + "；口径：该项做法实施前后对比；截至" + calendar.Today(w.v.StageAt).Chinese() + "。")}
	c := CasePaper{Issuer: w.s.Pack.LeadUnit().Name, Name: w.get("name"), Unit: unit.Name, Problem: w.get("problem"), Done: w.get("done"), Effect: effect, Conditions: w.get("conditions"),
		Contact: w.get("contact"), Openness: w.get("openness"), Copies: w.s.copies(w.v.Children), Date: w.board.Today}
	if cost := w.get("cost"); cost == "0" {
		c.Cost = "没有另外支出"
	} else if cost != "" {
		c.Cost = cost + "万元"
	}
	return c.Document()
}

// unitIn takes the unit out of an indicator's name: 台账差错率（%） is measured in %.
func unitIn(indicator string) (name, unit string) {
	head, rest, ok := strings.Cut(indicator, "（")
	if unit, closed := strings.CutSuffix(rest, "）"); ok && closed {
		return head, unit
	}
	return indicator, ""
}

// copies tells who took a case over, and with what effect; each opens to its record.
func (s *Service) copies(children []register.Record) (blocks []gongwen.Block) {
	n := 0
	for _, c := range ordered(children) {
		if c.Stage == "stopped" {
			continue
		}
		n++
		u, _ := s.Pack.Unit(city.UnitID(c.Values["adapter"]))
		effect := "效果待反馈。"
		if c.Values["effect"] != "" {
			effect = full(c.Values["effect"])
		}
		blocks = append(blocks, gongwen.Paragraph(gongwen.Text(fmt.Sprintf("%d.", n)), gongwen.Run{Text: u.Short, Ref: "/records/" + c.ID},
			gongwen.Text("于"+dayOf(c.Values["adopted"]).Chinese()+"借鉴“"+strings.TrimSuffix(c.Values["name"], "。")+"”："+effect)))
	}
	return blocks
}
