package org

import (
	"context"
	"time"

	"bihuan/kit/db"
	"bihuan/kit/errs"
)

// Invitation lets its bearer take an account into use once. The token is
// nowhere else: the database keeps its hash.
type Invitation struct {
	PersonID string
	Name     string
	Login    string
	Token    string
	Expires  time.Time
}

// invite issues a new invitation for the account; older ones end.
func (s *Service) invite(tx *db.Tx, a account) (Invitation, error) {
	token, err := newSecret(s.entropy())
	if err != nil {
		return Invitation{}, err
	}
	expires := tx.Now().Add(s.policy.InvitationTTL)
	return Invitation{a.ID, a.Name, a.Login, token, expires}, issueOnce(tx, a.ID, forInvitation, hashSecret(token), expires)
}

// LookInvitation tells whom an invitation is for, so that the page can greet
// them; it does not use it up. NotFound when it is not good any more.
func (s *Service) LookInvitation(ctx context.Context, token string, from From) (inv Invitation, err error) {
	if err := s.admit(from); err != nil {
		return Invitation{}, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, err := s.invited(tx, token)
		inv = Invitation{PersonID: a.ID, Name: a.Name, Login: a.Login}
		return err
	})
	return inv, err
}

// invited is the account that a good invitation is for.
func (s *Service) invited(tx *db.Tx, token string) (account, error) {
	a, err := holderOnce(tx, hashSecret(token), forInvitation)
	if err == nil && a.State != Invited {
		err = errStaleLink()
	}
	return a, err
}

// AcceptInvitation sets the password and signs the person in. When a role
// demands a second factor, the principal owes it.
func (s *Service) AcceptInvitation(ctx context.Context, token, password string, from From) (in SignedIn, err error) {
	if err := s.admit(from); err != nil {
		return SignedIn{}, err
	}
	var a account
	var former []string
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if a, err = s.invited(tx, token); err != nil {
			return err
		}
		former, err = formerPasswords(tx, a.ID)
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	hash, err := s.newPassword(ctx, a, former, password)
	if err != nil {
		return SignedIn{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.invited(tx, token)
		if err != nil {
			return err
		}
		if err := dropOnce(tx, a.ID, forInvitation); err != nil {
			return err
		}
		a.State, a.PasswordHash, a.PasswordChanged, a.MustChange = Active, hash, tx.Now(), false
		in, err = s.open(tx, a, opening{action: "org.invitation_accept", from: from})
		return err
	})
	return in, err
}

// IssueLoginLink makes a link that signs a person in once without a password,
// for demonstrations. Only the command line may: whoever has a shell on the
// server and the keys beside it needs no trust from here. An account that was
// never taken into use becomes active.
func (s *Service) IssueLoginLink(ctx context.Context, p Principal, personID string, ttl time.Duration) (token string, err error) {
	if !p.Has(Operator) || p.Via != ViaCommand {
		return "", errs.New(errs.Forbidden, "一次性登录链接只能在服务器命令行上签发")
	}
	if ttl <= 0 || ttl > s.policy.LoginLinkMax {
		return "", errs.New(errs.Invalid, "链接有效期须大于零且不超过 %s", s.policy.LoginLinkMax)
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := accountByID(tx, personID)
		if err != nil {
			return err
		}
		if a.State != Active && a.State != Invited {
			return errs.New(errs.Conflict, "账号%s，不能签发登录链接", a.State.Label())
		}
		if token, err = newSecret(s.entropy()); err != nil {
			return err
		}
		expires := tx.Now().Add(ttl)
		if err := issueOnce(tx, a.ID, forLogin, hashSecret(token), expires); err != nil {
			return err
		}
		return s.note(tx, p.Actor(), "org.login_link_issue", a, nil, map[string]string{"expires": expires.Format(time.RFC3339)})
	})
	return token, err
}

// RedeemLoginLink signs in by a link of IssueLoginLink. The session owes nothing:
// the operator has vouched for it, and the audit says so.
func (s *Service) RedeemLoginLink(ctx context.Context, token string, from From) (in SignedIn, err error) {
	if err := s.admit(from); err != nil {
		return SignedIn{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := holderOnce(tx, hashSecret(token), forLogin)
		if err != nil {
			return err
		}
		if a.State != Active && a.State != Invited {
			return errStaleLink()
		}
		if err := dropOnce(tx, a.ID, forLogin); err != nil {
			return err
		}
		if a.State == Invited {
			if err := dropOnce(tx, a.ID, forInvitation); err != nil {
				return err
			}
		}
		a.State = Active
		in, err = s.open(tx, a, opening{action: "org.sign_in", factor: "link", from: from, byLink: true})
		return err
	})
	return in, err
}
