package org

import (
	"context"
	"slices"
	"time"

	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
)

func errNoSession() error { return errs.New(errs.Unauthenticated, "登录已结束，请重新登录") }

// opening says how a session comes to be.
type opening struct {
	action string // for the audit
	factor string // what was shown besides or instead of the password
	from   From
	byLink bool
}

// open makes a session of the account, saves the account as given, ends the
// oldest sessions above the limit, and audits it.
func (s *Service) open(tx *db.Tx, a account, o opening) (SignedIn, error) {
	o.from = o.from.cut()
	a.ActiveDay = today(tx.Now())
	if err := updateAccount(tx, a); err != nil {
		return SignedIn{}, err
	}
	token, err := newSecret(s.entropy())
	if err != nil {
		return SignedIn{}, err
	}
	id, err := tx.NewID()
	if err != nil {
		return SignedIn{}, err
	}
	row := sessionRow{ID: id, PersonID: a.ID, Created: tx.Now(), Seen: tx.Now(), Confirmed: tx.Now(), ByLink: o.byLink, Address: o.from.Address, Agent: o.from.Agent}
	ended, err := s.makeRoom(tx, a.ID)
	if err != nil {
		return SignedIn{}, err
	}
	if err := insertSession(tx, row, hashSecret(token)); err != nil {
		return SignedIn{}, err
	}
	p := s.principal(a, row, tx.Now())
	after := map[string]any{"address": o.from.Address, "factor": o.factor, "sessions_ended": ended}
	return SignedIn{Token: token, Expires: row.Created.Add(s.policy.SessionMax), Principal: p}, s.note(tx, p.Actor(), o.action, a, nil, after)
}

// makeRoom ends sessions that are over, and the oldest ones so that one more fits.
func (s *Service) makeRoom(tx *db.Tx, personID string) (ended int, err error) {
	rows, err := sessionsOf(tx, personID)
	if err != nil {
		return 0, err
	}
	kept := 0
	for _, row := range rows { // the newest first
		over := s.sessionOver(row, tx.Now())
		if !over && kept < s.policy.SessionsPerPerson-1 {
			kept++
			continue
		}
		if _, err := deleteSession(tx, row.ID); err != nil {
			return 0, err
		}
		if !over {
			ended++
		}
	}
	return ended, nil
}

// sessionOver reports whether the session has been idle too long or is too old.
func (s *Service) sessionOver(row sessionRow, now time.Time) bool {
	return now.Sub(row.Seen) >= s.policy.SessionIdle || now.Sub(row.Created) >= s.policy.SessionMax
}

// Authenticate reads who a session's secret belongs to, with the roles of this
// moment. The last use is written at most once in SessionTouch, so a session may
// end that much before SessionIdle is over. Requests that the page makes by
// itself are passive: they do not keep a session alive. Unauthenticated when the
// session ended, whatever the reason.
func (s *Service) Authenticate(ctx context.Context, token string, passive bool) (p Principal, err error) {
	if token == "" {
		return Principal{}, errs.New(errs.Unauthenticated, "请先登录")
	}
	touch := ""
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		row, err := sessionByHash(tx, hashSecret(token))
		if err != nil {
			return err
		}
		a, err := accountByID(tx, row.PersonID)
		if err != nil {
			return err
		}
		if s.sessionOver(row, tx.Now()) || a.State != Active {
			return errNoSession()
		}
		p = s.principal(a, row, tx.Now())
		if !passive && tx.Now().Sub(row.Seen) >= s.policy.SessionTouch {
			touch = row.ID
		}
		return nil
	})
	if err != nil {
		return Principal{}, err
	}
	if touch != "" {
		if err := s.db.Write(ctx, func(tx *db.Tx) error { return touchSession(tx, touch) }); err != nil {
			return Principal{}, err
		}
	}
	return p, nil
}

// principal is the account acting in the session at the moment.
func (s *Service) principal(a account, row sessionRow, now time.Time) Principal {
	p := s.principalOf(a, ViaPage)
	p.SessionID, p.ConfirmedAt = row.ID, row.Confirmed
	switch {
	case row.ByLink:
	case a.MustChange || now.Sub(a.PasswordChanged) >= s.policy.PasswordMaxAge:
		p.Owes = DutyPassword
	case a.TOTPSealed == "" && needsTOTP(a.Roles, s.policy):
		p.Owes = DutyTOTP
	}
	return p
}

func (s *Service) principalOf(a account, via string) Principal {
	unit, territory := s.unitOf(a.UnitID)
	return Principal{ID: a.ID, Name: a.Name, Login: a.Login, UnitID: a.UnitID, UnitName: unit, TerritoryID: territory, Roles: slices.Clone(a.Roles), Via: via}
}

// SignOut ends the principal's session. Signing out twice is no error.
func (s *Service) SignOut(ctx context.Context, p Principal) error {
	if p.SessionID == "" {
		return nil
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		ended, err := deleteSession(tx, p.SessionID)
		if err != nil || !ended {
			return err
		}
		return s.log.Append(tx, p.Actor(), audit.Entry{Action: "org.sign_out", ObjectKind: "person", ObjectID: p.ID, ObjectName: p.Name})
	})
}

// Session is a running session as its owner or the security administrator sees it.
type Session struct {
	ID      string
	Created time.Time
	Expires time.Time // at the latest
	Address string
	Agent   string
	Current bool // the one that asks
}

// Sessions lists the running sessions of a person, the newest first. One's own
// needs no permission, those of others session.revoke.
func (s *Service) Sessions(ctx context.Context, p Principal, personID string) (list []Session, err error) {
	if err := mayEnd(p, personID); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := sessionsOf(tx, personID)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if !s.sessionOver(row, tx.Now()) {
				list = append(list, Session{row.ID, row.Created, row.Created.Add(s.policy.SessionMax), row.Address, row.Agent, row.ID == p.SessionID})
			}
		}
		return nil
	})
	return list, err
}

// mayEnd allows people their own sessions and tokens, and the others' to holders of session.revoke.
func mayEnd(p Principal, personID string) error {
	if p.ID != "" && p.ID == personID && p.TokenID == "" {
		return nil
	}
	return p.May(SessionRevoke, Scope{})
}

// RevokeSession ends one session; the same permission as Sessions.
func (s *Service) RevokeSession(ctx context.Context, p Principal, sessionID string) error {
	if p.ID == "" {
		return errs.New(errs.Unauthenticated, "请先登录")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		row, err := sessionByID(tx, sessionID)
		if err != nil {
			return err
		}
		if err := mayEnd(p, row.PersonID); err != nil {
			return err
		}
		a, err := accountByID(tx, row.PersonID)
		if err != nil {
			return err
		}
		if _, err := deleteSession(tx, row.ID); err != nil {
			return err
		}
		return s.note(tx, p.Actor(), "org.session_revoke", a, map[string]any{"sessions": 1}, nil)
	})
}

// RevokeSessions ends all sessions of a person, and all of its tokens when they
// too are asked for; the session that asks stays. The same permission as Sessions.
func (s *Service) RevokeSessions(ctx context.Context, p Principal, personID string, tokensToo bool) error {
	if err := mayEnd(p, personID); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := accountByID(tx, personID)
		if err != nil {
			return err
		}
		before := map[string]int64{}
		if before["sessions"], err = deleteSessions(tx, a.ID, p.SessionID); err != nil {
			return err
		}
		if tokensToo {
			if before["tokens"], err = revokeTokens(tx, a.ID); err != nil {
				return err
			}
		}
		return s.note(tx, p.Actor(), "org.session_revoke", a, before, nil)
	})
}
