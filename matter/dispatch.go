package matter

import (
	"context"
	"fmt"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/gongwen"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/register"
	"bihuan/supervise"
)

// after is the first day of the period that follows the one of a first day.
func (r Rhythm) after(first calendar.Date) calendar.Date {
	if r == Quarterly {
		return first.AddMonths(3)
	}
	return first.AddMonths(1)
}

// fillBulletin reads what a bulletin says from statistics and registers. first is
// the first day of its period.
func (s *Service) fillBulletin(ctx context.Context, p org.Principal, f *BulletinFacts, first calendar.Date) error {
	rules, err := ReadTopics(s.Pack.Files)
	if err != nil {
		return err
	}
	values, err := s.Supervise.Figures(ctx, p, bindings(rules), f.Cutoff)
	if err != nil {
		return err
	}
	f.Topics = topicsOf(rules, values, f.Cockpit.Targets, f.Cutoff)
	if s.Records == nil {
		return nil
	}
	if f.Rectify, err = s.rectifyWords(ctx, p, f.Cutoff); err != nil {
		return err
	}
	if f.Rhythm != Quarterly {
		return nil
	}
	if f.Ranking, err = s.rankingTable(ctx, p); err != nil {
		return err
	}
	if f.Praise, f.Blame, err = s.praiseWords(ctx, p, first, f.Rhythm.after(first)); err != nil {
		return err
	}
	cases, err := s.caseWords(ctx, p, first, f.Rhythm.after(first), len(f.Praise))
	f.Praise = append(f.Praise, cases...)
	return err
}

// rankingTable is the ranking of counties as far as it may be told: an internal one
// stands in no bulletin.
func (s *Service) rankingTable(ctx context.Context, p org.Principal) ([]gongwen.Block, error) {
	r, err := s.Supervise.Ranking(ctx, p)
	if errs.Is(err, errs.Forbidden) { // internal, and not for who drafts
		return nil, nil
	}
	return rankingBlocks(r), err
}

func rankingBlocks(r supervise.Ranking) []gongwen.Block {
	if r.Level == supervise.Internal || r.Level == "" {
		return nil
	}
	t := gongwen.Table{Caption: "县区评分", Columns: []gongwen.Column{{Header: "比较组", Width: 3}, {Header: "名次", Width: 2}, {Header: "地区", Width: 4}, {Header: "总分", Width: 2}}}
	for _, g := range r.Groups {
		for _, x := range g.Scores {
			if x.Rank > 0 {
				const hundredth = quantity.Scale / 100
				total := (x.Total + hundredth/2) / hundredth * hundredth
				t.Rows = append(t.Rows, []gongwen.Cell{{gongwen.Text(g.Name)}, {gongwen.Text(fmt.Sprint(x.Rank))}, {gongwen.Text(x.Name)}, {gongwen.Run{Text: total.String(), Ref: "/ranking/" + string(x.Territory)}}})
			}
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []gongwen.Block{say("同类地区之间比较，同分并列；指标不足%d项的地区不排名次。", r.Rules.Least), {Kind: gongwen.KindTable, Table: &t}}
}

// openStages are where a problem stands that is under rectification, in words.
var openStages = []struct{ id, words string }{{"issued", "待签收"}, {"signed", "待报方案"}, {"plan-filed", "方案待审"}, {"rectifying", "整改中"}, {"evidence-filed", "待复核"},
	{"rechecked", "待定复核结果"}, {"failed", "复核未通过"}, {"passed", "待销号"}}

// rectifyWords tells how many problems stand where; each number opens to exactly
// those records. A city that keeps no register of problems says nothing of them.
func (s *Service) rectifyWords(ctx context.Context, p org.Principal, day calendar.Date) (runs []gongwen.Run, err error) {
	const at = "/registers/" + string(problems)
	crossed := register.Query{Register: problems, Under: register.CountRef{Register: problems, Count: "crossed-off"}, At: day, Limit: 1}
	if _, _, err := s.Records.List(ctx, p, crossed); errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	count := func(q register.Query, words, query string) error {
		q.Register, q.Limit = problems, 1
		_, n, err := s.Records.List(ctx, p, q)
		if err != nil || n == 0 {
			return err
		}
		sep := "，"
		if len(runs) == 0 {
			sep = "整改问题中，"
		}
		runs = append(runs, gongwen.Text(sep+words), figureOf(n, at+"?"+query), gongwen.Text("个"))
		return nil
	}
	for _, st := range openStages {
		if err := count(register.Query{Stage: st.id}, st.words, "stage="+st.id); err != nil {
			return nil, err
		}
	}
	if len(runs) == 0 {
		runs = append(runs, gongwen.Text("目前没有正在整改的问题"))
	}
	if err := count(register.Query{Late: true}, "其中已过办理期限", "late=1"); err != nil {
		return nil, err
	}
	if err := count(crossed, "本年已销号", "count=crossed-off&at="+day.String()); err != nil {
		return nil, err
	}
	return append(runs, gongwen.Text("。")), nil
}

// published reads the records of a register that were published in a period.
func (s *Service) published(ctx context.Context, p org.Principal, id register.ID, first, after calendar.Date) (all []register.Record, err error) {
	records, _, err := s.Records.List(ctx, p, register.Query{Register: id, Stage: "published", Limit: 1000})
	for _, r := range records {
		if day := calendar.Today(r.StageAt); !day.Before(first) && day.Before(after) && !r.Falsified {
			all = append(all, r)
		}
	}
	return ordered(all), err
}

// praiseWords are the commendations and criticisms of a period, apart from each other (§4.4).
func (s *Service) praiseWords(ctx context.Context, p org.Principal, first, after calendar.Date) (praise, blame []gongwen.Block, err error) {
	records, err := s.published(ctx, p, praises, first, after)
	for _, r := range records {
		u, _ := s.Pack.Unit(city.UnitID(r.Values["unit"]))
		words := func(n int, text string) gongwen.Block {
			return gongwen.Paragraph(gongwen.Text(fmt.Sprintf("%d.", n+1)), gongwen.Run{Text: u.Short, Ref: "/records/" + r.ID}, gongwen.Text("："+full(text)))
		}
		switch r.Values["kind"] {
		case "通报表扬":
			praise = append(praise, words(len(praise), r.Values["result"]))
		case "通报批评":
			blame = append(blame, words(len(blame), r.Values["facts"]))
		}
	}
	return praise, blame, err
}

// caseWords are the cases of a period with who copied them; before is how many
// paragraphs stand above.
func (s *Service) caseWords(ctx context.Context, p org.Principal, first, after calendar.Date, before int) (blocks []gongwen.Block, err error) {
	records, err := s.published(ctx, p, goodCases, first, after)
	if err != nil {
		return nil, err
	}
	for i, r := range records {
		v, err := s.Records.Get(ctx, p, r.ID)
		if err != nil {
			return nil, err
		}
		name, unit := unitIn(r.Values["indicator"])
		copied := 0
		for _, c := range v.Children {
			if c.Stage != "stopped" {
				copied++
			}
		}
		ref := "/records/" + r.ID
		runs := []gongwen.Run{gongwen.Text(fmt.Sprintf("%d.典型案例“", before+i+1)), {Text: r.Title, Ref: ref}, gongwen.Text("”：" + name + "由"), {Text: r.Values["before"] + unit, Ref: ref},
			gongwen.Text("变为"), {Text: r.Values["after"] + unit, Ref: ref}}
		if copied > 0 {
			runs = append(runs, gongwen.Text("，学习借鉴"), figureOf(copied, ref), gongwen.Text("家"))
		}
		blocks = append(blocks, gongwen.Paragraph(append(runs, gongwen.Text("。"))...))
	}
	return blocks, nil
}
