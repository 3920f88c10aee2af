package org

import (
	"context"

	"bihuan/kit/db"
	"bihuan/kit/errs"
)

// Prune removes what has ended: sessions, one-time secrets, and failures of
// sign-in that no longer count. Jobs call it daily; it returns the number of
// rows. Nothing that the audit needs is lost.
func (s *Service) Prune(ctx context.Context, p Principal) (removed int64, err error) {
	if err := programOnly(p); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		removed = 0
		now := tx.Now()
		for _, q := range []struct {
			sql  string
			args []any
		}{
			{`DELETE FROM session WHERE seen_at <= $1 OR created_at <= $2`, []any{milli(now.Add(-s.policy.SessionIdle)), milli(now.Add(-s.policy.SessionMax))}},
			{`DELETE FROM one_time WHERE expires_at <= $1`, []any{milli(now)}},
			{`DELETE FROM login_failure WHERE last_at <= $1 AND locked_until <= $1`, []any{milli(now.Add(-s.policy.LockMax))}},
		} {
			n, err := tx.Exec(q.sql, q.args...)
			if err != nil {
				return err
			}
			removed += n
		}
		return nil
	})
	return removed, err
}

// LockIdle locks the accounts that nobody has used for Policy.IdleAccount
// (GB/T 22239-2019, 8.1.4.2: accounts that are not needed are removed) and
// returns how many. It is a protection and no statistic: no list of use leaves
// this room. The last administrator of a kind is never locked.
func (s *Service) LockIdle(ctx context.Context, p Principal) (locked int, err error) {
	if err := programOnly(p); err != nil || s.policy.IdleAccount == 0 {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		locked = 0
		ids, err := texts(tx, `SELECT id FROM person WHERE state = 'active' AND active_day < $1 ORDER BY id`, today(tx.Now().Add(-s.policy.IdleAccount)))
		if err != nil {
			return err
		}
		for _, id := range ids {
			done, err := s.lockIdle(tx, p, id)
			if err != nil {
				return err
			}
			if done {
				locked++
			}
		}
		return nil
	})
	return locked, err
}

func (s *Service) lockIdle(tx *db.Tx, p Principal, id string) (bool, error) {
	old, err := accountByID(tx, id)
	if err != nil {
		return false, err
	}
	if err := keepAdmins(tx, old, old.Roles); errs.Is(err, errs.Conflict) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	a := old
	a.State = Locked
	if err := endAccess(tx, id); err != nil {
		return false, err
	}
	return true, s.save(tx, p.Actor(), "org.idle_lock", old, a)
}

func programOnly(p Principal) error {
	if p.Has(System) || p.Has(Operator) {
		return nil
	}
	return errs.New(errs.Forbidden, "此项由系统自动办理")
}
