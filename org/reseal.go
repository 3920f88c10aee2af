package org

import (
	"context"
	"fmt"

	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
)

// Reseal seals anew what an older key sealed, after a rotation, and returns how
// many texts it renewed. Running it twice does no harm: what the newest key
// sealed is left alone. Only the program and the command line may.
func (s *Service) Reseal(ctx context.Context, p Principal) (renewed int, err error) {
	defer errs.Wrap(&err, "org.Reseal")
	if err := programOnly(p); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		renewed = 0
		for _, c := range []struct{ column, context string }{{"phone_sealed", "person.phone:"}, {"totp_sealed", "person.totp:"}} {
			n, err := s.resealColumn(tx, c.column, c.context)
			if err != nil {
				return fmt.Errorf("%s: %w", c.column, err)
			}
			renewed += n
		}
		if renewed == 0 {
			return nil
		}
		return s.log.Append(tx, p.Actor(), audit.Entry{Action: "org.reseal", After: map[string]int{"重新加密": renewed}})
	})
	return renewed, err
}

// resealColumn renews one sealed column of person; column is one of our own names.
func (s *Service) resealColumn(tx *db.Tx, column, seal string) (renewed int, err error) {
	sealed := map[string]string{}
	if err := tx.Each(func(r db.Scanner) error {
		var id, text string
		if err := r.Scan(&id, &text); err != nil {
			return err
		}
		sealed[id] = text
		return nil
	}, "SELECT id, "+column+" FROM person WHERE "+column+" <> '' ORDER BY id"); err != nil {
		return 0, err
	}
	for id, text := range sealed {
		if !s.secrets.NeedsReseal(text) {
			continue
		}
		plain, err := s.secrets.Open(text, seal+id)
		if err != nil {
			return 0, err
		}
		fresh, err := s.secrets.Seal(plain, seal+id)
		if err != nil {
			return 0, err
		}
		if _, err := tx.Exec("UPDATE person SET "+column+" = $2 WHERE id = $1", id, fresh); err != nil {
			return 0, err
		}
		renewed++
	}
	return renewed, nil
}
