package notice

import (
	"context"

	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// Reseal seals anew what an older key sealed, after a rotation, and returns how many
// texts it renewed. Only the command line and the program may.
func (s *Service) Reseal(ctx context.Context, p org.Principal) (renewed int, err error) {
	defer errs.Wrap(&err, "notice.Reseal")
	if !p.Has(org.Operator) && !p.Has(org.System) {
		return 0, errs.New(errs.Forbidden, "重新加密由运维人员在命令行办理")
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := s.resealAddresses(tx)
		if err != nil {
			return err
		}
		m, err := s.resealHooks(tx)
		if err != nil {
			return err
		}
		if renewed = n + m; renewed == 0 {
			return nil
		}
		return s.Log.Append(tx, p.Actor(), audit.Entry{Action: "notice.reseal", After: map[string]int{"重新加密": renewed}})
	})
	return renewed, err
}

func (s *Service) resealAddresses(tx *db.Tx) (n int, err error) {
	all, err := sealedAddresses(tx)
	if err != nil {
		return 0, err
	}
	for unit, sealed := range all {
		fresh, renewed, err := s.renew(sealed, addressContext(unit))
		if err != nil {
			return 0, err
		}
		if !renewed {
			continue
		}
		if err := putAddress(tx, unit, fresh); err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

func (s *Service) resealHooks(tx *db.Tx) (n int, err error) {
	hooks, err := allHooks(tx)
	if err != nil {
		return 0, err
	}
	for _, h := range hooks {
		url, first, err := s.renew(h.urlSealed, urlContext(h.ID))
		if err != nil {
			return 0, err
		}
		secret, second, err := s.renew(h.secretSealed, secretContext(h.ID))
		if err != nil {
			return 0, err
		}
		if !first && !second {
			continue
		}
		if _, err := tx.Exec(`UPDATE notice_hook SET url_sealed = $2, secret_sealed = $3 WHERE id = $1`, h.ID, url, secret); err != nil {
			return 0, err
		}
		n += 2
	}
	return n, nil
}

// renew seals a text under the newest key; false when it is already.
func (s *Service) renew(sealed, where string) (string, bool, error) {
	if !s.Box.NeedsReseal(sealed) {
		return sealed, false, nil
	}
	plain, err := s.Box.Open(sealed, where)
	if err != nil {
		return "", false, err
	}
	fresh, err := s.Box.Seal(plain, where)
	return fresh, true, err
}
