package supervise

import (
	"context"
	"strings"
	"time"

	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
)

// Publicity says how far a ranking is told.
type Publicity string

// The levels; a ranking is internal unless an approver decided otherwise.
const (
	Internal Publicity = "internal" // who dispatches, approves, leads or audits
	Bulletin Publicity = "bulletin" // everybody who is signed in; may stand in a bulletin
	Open     Publicity = "open"     // may be told outside the government
)

// Publicities lists the levels with their labels.
var Publicities = []plan.Term[Publicity]{{Code: Internal, Label: "内部"}, {Code: Bulletin, Label: "通报"}, {Code: Open, Label: "公开"}}

// Label is the level in the words of officials.
func (p Publicity) Label() string {
	for _, t := range Publicities {
		if t.Code == p {
			return t.Label
		}
	}
	return string(p)
}

// Ranking is the ranking of counties with who decided how far it is told.
type Ranking struct {
	Board  *Board
	Groups []RankedGroup
	Rules  RankingRules
	Level  Publicity
	By     string // "" while nobody decided anything
	Reason string
	At     time.Time
}

// Ranking gives the scores of now. While it is internal only those see it who may
// export every list; then everybody who may read the plans.
func (s *Service) Ranking(ctx context.Context, p org.Principal) (r Ranking, err error) {
	defer errs.Wrap(&err, "supervise.Ranking")
	if r.Board, err = s.Board(ctx, p); err != nil {
		return r, err
	}
	if err := s.publicity(ctx, &r); err != nil {
		return r, err
	}
	if r.Level == Internal && p.May(org.ListExport, org.Scope{}) != nil {
		return r, errs.New(errs.Forbidden, "县区评分目前只供内部参考，审批人决定通报后才向各单位公布")
	}
	if r.Rules, err = ReadRankingRules(s.pack.Files); err != nil {
		return r, err
	}
	all := Performances(r.Board, s.pack)
	if err := s.fillConduct(ctx, all, r.Rules, r.Board); err != nil {
		return r, err
	}
	r.Groups = RankAll(s.pack, all, r.Rules.Least)
	return r, nil
}

func (s *Service) publicity(ctx context.Context, r *Ranking) error {
	r.Level = Internal
	return s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.Each(func(row db.Scanner) error {
			var at int64
			err := row.Scan(&r.Level, &r.Reason, &r.By, &at)
			r.At = time.UnixMilli(at).UTC()
			return err
		}, "SELECT level, reason, by_name, at FROM ranking_level ORDER BY n DESC LIMIT 1")
	})
}

// Publicise decides how far the ranking is told, with a reason.
func (s *Service) Publicise(ctx context.Context, p org.Principal, to Publicity, reason string) (err error) {
	defer errs.Wrap(&err, "supervise.Publicise(%s)", to)
	if err := p.May(org.MatterApprove, org.Scope{}); err != nil {
		return err
	}
	var c errs.Check
	reason = strings.TrimSpace(reason)
	c.Require(to.Label() != string(to), "level", "请选择公布范围")
	c.Require(reason != "" && len([]rune(reason)) <= 300, "reason", "请写明理由（300 字以内）")
	if err := c.Err(); err != nil {
		return err
	}
	var before Ranking
	if err := s.publicity(ctx, &before); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(`INSERT INTO ranking_level (n, level, reason, by_id, by_name, at)
			SELECT COALESCE(MAX(n), 0) + 1, $1, $2, $3, $4, $5 FROM ranking_level`, string(to), reason, p.ID, p.Name, tx.NowMilli()); err != nil {
			return err
		}
		return s.log.Append(tx, p.Actor(), audit.Entry{Action: "ranking.publicise", ObjectKind: "ranking", ObjectID: "ranking", ObjectName: "县区评分", Reason: reason,
			Before: map[string]string{"公布范围": before.Level.Label()}, After: map[string]string{"公布范围": to.Label()}})
	})
}
