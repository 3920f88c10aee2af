package org

import (
	"context"
	"slices"

	"bihuan/kit/db"
	"bihuan/kit/errs"
)

// DisablePerson ends an account: its sessions, tokens and invitations end at
// once. Nobody disables himself, nor the last administrator of a kind. Needs
// people.manage.
func (s *Service) DisablePerson(ctx context.Context, p Principal, id string) error {
	return s.changeState(ctx, p, id, "org.person_disable", func(tx *db.Tx, a *account) error {
		if a.State == Disabled {
			return errs.New(errs.Conflict, "账号已停用")
		}
		if err := keepAdmins(tx, *a, a.Roles); err != nil {
			return err
		}
		a.State = Disabled
		return endAccess(tx, a.ID)
	})
}

// UnlockPerson makes an account usable again that was locked for being unused,
// and lifts the lock after failed sign-ins. Needs people.manage.
func (s *Service) UnlockPerson(ctx context.Context, p Principal, id string) error {
	return s.changeState(ctx, p, id, "org.person_unlock", func(tx *db.Tx, a *account) error {
		if a.State == Disabled {
			return errs.New(errs.Conflict, "账号已停用，请重新邀请")
		}
		if a.State == Locked {
			a.State, a.ActiveDay = Active, today(tx.Now())
		}
		return clearLockout(tx, s.loginKey(a.Login))
	})
}

// Reinvite starts an account anew: password, second factor, sessions and tokens
// end, and the invitation lets its owner set new ones. It serves forgotten
// passwords, lost telephones, expired invitations and disabled accounts. An
// administrator's account in use can be started anew only from the command line,
// lest one administrator take the place of another. Needs people.manage.
func (s *Service) Reinvite(ctx context.Context, p Principal, id string) (inv Invitation, err error) {
	err = s.changeState(ctx, p, id, "org.person_reinvite", func(tx *db.Tx, a *account) error {
		if a.State != Invited && slices.ContainsFunc(a.Roles, Role.IsAdmin) && !p.Has(Operator) {
			return errs.New(errs.Forbidden, "管理员账号只能在服务器命令行上重新邀请")
		}
		if err := retirePassword(tx, *a, s.policy.PasswordHistory); err != nil {
			return err
		}
		a.State, a.PasswordHash, a.MustChange, a.TOTPSealed, a.TOTPStep = Invited, "", false, "", 0
		a.ActiveDay = today(tx.Now())
		if err := endAccess(tx, a.ID); err != nil {
			return err
		}
		if err := replaceRecovery(tx, a.ID, nil); err != nil {
			return err
		}
		if err := clearLockout(tx, s.loginKey(a.Login)); err != nil {
			return err
		}
		inv, err = s.invite(tx, *a)
		return err
	})
	if err != nil {
		return Invitation{}, err
	}
	return inv, nil
}

// changeState runs one change of an account's state by an administrator.
func (s *Service) changeState(ctx context.Context, p Principal, id, action string, f func(tx *db.Tx, a *account) error) error {
	if err := p.May(PeopleManage, Scope{}); err != nil {
		return err
	}
	if id == p.ID {
		return errs.New(errs.Forbidden, "不能对自己的账号办理此项")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.recent(p, tx.Now()); err != nil {
			return err
		}
		old, err := accountByID(tx, id)
		if err != nil {
			return err
		}
		a := old
		if err := f(tx, &a); err != nil {
			return err
		}
		return s.save(tx, p.Actor(), action, old, a)
	})
}

// endAccess ends whatever lets somebody in under the account.
func endAccess(tx *db.Tx, personID string) error {
	if _, err := deleteSessions(tx, personID, ""); err != nil {
		return err
	}
	if _, err := revokeTokens(tx, personID); err != nil {
		return err
	}
	for _, purpose := range []string{forInvitation, forLogin, forCode} {
		if err := dropOnce(tx, personID, purpose); err != nil {
			return err
		}
	}
	return nil
}

// keepAdmins refuses to take an administrator's role from its last holder: the
// program could not be governed any more.
func keepAdmins(tx *db.Tx, a account, losing []Role) error {
	for _, r := range losing {
		if !r.IsAdmin() || (a.State != Active && a.State != Invited) {
			continue
		}
		n, err := countHolders(tx, r)
		if err != nil {
			return err
		}
		if n <= 1 {
			return errs.New(errs.Conflict, "这是最后一位%s，请先授予他人", r.Label())
		}
	}
	return nil
}

// GrantRole gives a person a role. Needs role.grant; nobody grants to himself.
// It takes effect with the person's next request.
func (s *Service) GrantRole(ctx context.Context, p Principal, id string, role Role) error {
	return s.changeRoles(ctx, p, id, "org.role_grant", func(tx *db.Tx, a *account) error {
		if a.State == Disabled {
			return errs.New(errs.Conflict, "账号已停用")
		}
		if err := checkGrant(p, a.ID, a.Roles, role, s.place(a.UnitID)); err != nil {
			return err
		}
		a.Roles = sortRoles(append(slices.Clone(a.Roles), role))
		return insertRole(tx, a.ID, role, p.ID)
	})
}

// RevokeRole takes a role from a person. Needs role.grant; nobody revokes his own.
func (s *Service) RevokeRole(ctx context.Context, p Principal, id string, role Role) error {
	return s.changeRoles(ctx, p, id, "org.role_revoke", func(tx *db.Tx, a *account) error {
		if a.ID == p.ID {
			return errs.New(errs.Forbidden, "不能给自己授予或收回角色")
		}
		if a.hasRole(role) {
			if err := keepAdmins(tx, *a, []Role{role}); err != nil {
				return err
			}
		}
		a.Roles = slices.DeleteFunc(slices.Clone(a.Roles), func(r Role) bool { return r == role })
		return deleteRole(tx, a.ID, role)
	})
}

func (a account) hasRole(r Role) bool { return slices.Contains(a.Roles, r) }

func (s *Service) changeRoles(ctx context.Context, p Principal, id, action string, f func(tx *db.Tx, a *account) error) error {
	if err := p.May(RoleGrant, Scope{}); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.recent(p, tx.Now()); err != nil {
			return err
		}
		old, err := accountByID(tx, id)
		if err != nil {
			return err
		}
		a := old
		if err := f(tx, &a); err != nil {
			return err
		}
		before, err := s.state(old)
		if err != nil {
			return err
		}
		after, err := s.state(a)
		if err != nil {
			return err
		}
		return s.note(tx, p.Actor(), action, a, before, after)
	})
}
