package plan

import (
	"context"
	"time"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// Alias is a spelling of a unit's name that a person confirmed; see LearnAlias.
type Alias struct {
	Printed string      // as it stands in documents
	Unit    city.UnitID // may have left the pack since
	By      string      // person id
	At      time.Time
}

// Aliases lists the spellings that people taught, by spelling. Everybody who is
// signed in may see them, like those of the city pack.
func (s *Service) Aliases(ctx context.Context, p org.Principal) (list []Alias, err error) {
	defer errs.Wrap(&err, "plan.Aliases")
	if p.ID == "" {
		return nil, errs.New(errs.Unauthenticated, "请先登录")
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.Each(func(r db.Scanner) error {
			var a Alias
			var at int64
			if err := r.Scan(&a.Printed, &a.Unit, &a.By, &at); err != nil {
				return err
			}
			a.At = time.UnixMilli(at).UTC()
			list = append(list, a)
			return nil
		}, "SELECT printed, unit_id, learned_by, learned_at FROM learned_alias ORDER BY printed")
	})
	return list, err
}
