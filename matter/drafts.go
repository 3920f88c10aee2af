package matter

import (
	"context"
	"slices"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/kit/gongwen"
	"bihuan/org"
	"bihuan/register"
)

// RecordPapers are the documents of a record: those that there are, and the one
// that its stage asks for now.
type RecordPapers struct {
	View   register.View
	Papers []Issue // the newest first, without what was given up
	Next   Kind    // to be written now; "" for none
}

// Open is the document of the record that is not finished; nil for none.
func (r RecordPapers) Open() *Issue {
	i := slices.IndexFunc(r.Papers, func(in Issue) bool { return in.State == Drafting || in.State == Submitted })
	if i < 0 {
		return nil
	}
	return &r.Papers[i]
}

// Papers reads the documents of a record.
func (s *Service) Papers(ctx context.Context, p org.Principal, recordID string) (r RecordPapers, err error) {
	defer errs.Wrap(&err, "matter.Papers(%s)", recordID)
	if r.View, err = s.Records.Get(ctx, p, recordID); err != nil {
		return r, err
	}
	if r.Papers, _, err = s.List(ctx, p, Query{RecordID: recordID, Limit: 100}); err != nil {
		return r, err
	}
	r.Next = owedKind(r.View, r.Papers)
	return r, nil
}

// owedKind is the first document that a record made a move for, or is about to, and
// that nobody has written.
func owedKind(v register.View, papers []Issue) Kind {
	var order []Kind
	owed := map[Kind]int{}
	for _, st := range v.Definition.Stages {
		for _, m := range st.Moves {
			n := times(v, st, m)
			if m.Document == "" || n == 0 {
				continue
			}
			order = append(order, Kind(m.Document))
			owed[Kind(m.Document)] += n
		}
	}
	for _, in := range papers {
		owed[in.Kind]--
	}
	for _, k := range order {
		if owed[k] > 0 {
			return k
		}
	}
	return ""
}

// times counts how often a record made a move, with the time that is before it.
func times(v register.View, st register.Stage, m register.Move) (n int) {
	for _, e := range v.Events {
		if e.Move == m.ID && e.From == st.ID {
			n++
		}
	}
	if v.Stage == st.ID && !v.Falsified && ready(v, m) {
		n++
	}
	return n
}

// ready reports whether a record holds what a move's document speaks of: all that
// the move fills in but the day on which it is made.
func ready(v register.View, m register.Move) bool {
	for _, c := range m.Where {
		if !slices.Contains(c.In, v.Values[c.Field]) {
			return false
		}
	}
	for _, name := range m.Needs {
		if f, _ := v.Definition.Field(name); f.Type != register.Date && v.Values[name] == "" {
			return false
		}
	}
	return true
}

// DraftFor writes the official document that a record's stage asks for. A record
// has one unfinished document at a time: its id comes with the conflict.
func (s *Service) DraftFor(ctx context.Context, p org.Principal, recordID string) (id string, err error) {
	defer errs.Wrap(&err, "matter.DraftFor(%s)", recordID)
	if err := p.May(org.MatterIssue, org.Scope{}); err != nil {
		return "", err
	}
	r, err := s.Papers(ctx, p, recordID)
	if err != nil {
		return "", err
	}
	if open := r.Open(); open != nil {
		return open.ID, errs.New(errs.Conflict, "%s 的%s正在办理，请打开原稿，或者先作废", r.View.No, open.Kind.Label())
	}
	if r.Next == "" {
		stage, _ := r.View.Definition.Stage(r.View.Stage)
		return "", errs.New(errs.Conflict, "%s 处于“%s”，这一步没有要起草的文书", r.View.No, stage.Label)
	}
	board, err := s.Supervise.Board(ctx, p)
	if err != nil {
		return "", err
	}
	w := writer{ctx: ctx, p: p, s: s, v: r.View, board: board}
	d, to, err := w.write(r.Next)
	if err != nil {
		return "", err
	}
	in := Issue{Kind: r.Next, RecordID: recordID, Document: d, Demo: r.View.Demo}
	if to.Kind != "" {
		in.To = []city.UnitKind{to.Kind}
	}
	return s.keep(ctx, p, in)
}

func (w writer) write(k Kind) (d gongwen.Document, to city.Unit, err error) {
	switch w.v.Register {
	case sheets:
		if k == KindReview {
			return w.crossOff(w.unit("addressee"), w.v.Values["reply"]), w.unit("addressee"), nil
		}
		return w.sheet(), w.unit("addressee"), nil
	case "reminder-letter":
		return w.reminder(), w.unit("addressee"), nil
	case "rectification":
		return toGovernment(w.rectify(), w.unit("addressee")), w.unit("addressee"), nil
	case problems:
		return w.crossOff(w.unit("handler"), w.v.Values["result"]), w.unit("handler"), nil
	case "talk":
		return w.talk(), w.unit("addressee"), nil
	case campaigns:
		return w.conclusion(), w.unit("object"), nil
	case "commendation":
		return w.commend(), w.unit("unit"), nil
	case goodCases:
		return w.goodCase(), city.Unit{}, nil
	case "objection":
		to, _ = w.s.Pack.Unit(w.v.Unit)
		return w.review(to), to, nil
	case meetings:
		d, err = w.minutes()
		return d, city.Unit{}, err
	}
	return d, to, errs.New(errs.Invalid, "程序不会起草“%s”的%s，请在系统外拟制", w.v.Definition.Name, k.Label())
}
