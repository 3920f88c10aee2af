package org

import (
	"context"
	"crypto/subtle"
	"slices"
	"strings"
	"time"

	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
)

// tokenPrefix lets people and secret scanners recognise a token that strayed
// into a file: "bihuan_<id>_<secret>".
const tokenPrefix = "bihuan_"

// Token is an API token as its owner sees it.
type Token struct {
	ID          string
	Name        string
	ReadOnly    bool
	Created     time.Time
	Expires     time.Time
	Revoked     time.Time // zero while it is good
	LastUsedDay string    // YYYY-MM-DD in China, or empty
}

// TokenInput is what a person says about a new token.
type TokenInput struct {
	Name     string // what it is for, 1 to 40 characters
	ReadOnly bool
	Life     time.Duration // at most Policy.TokenMax
}

// CreateToken makes a token that acts as the principal, with the roles the
// person has at the time of each request. The secret is returned once. Needs
// token.create and a recent confirmation.
func (s *Service) CreateToken(ctx context.Context, p Principal, in TokenInput) (secret string, t Token, err error) {
	if err := p.May(TokenCreate, p.Self()); err != nil {
		return "", Token{}, err
	}
	in.Name = strings.TrimSpace(in.Name)
	var check errs.Check
	check.Require(in.Name != "" && len([]rune(in.Name)) <= 40, "name", "请写明用途，不超过 40 个字")
	check.Require(in.Life > 0 && in.Life <= s.policy.TokenMax, "life", "有效期最长 %d 天", int(s.policy.TokenMax.Hours()/24))
	if err := check.Err(); err != nil {
		return "", Token{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.recent(p, tx.Now()); err != nil {
			return err
		}
		a, err := own(tx, p)
		if err != nil {
			return err
		}
		row := tokenRow{PersonID: a.ID, Name: in.Name, ReadOnly: in.ReadOnly, Created: tx.Now(), Expires: tx.Now().Add(in.Life)}
		if row.ID, err = tx.NewID(); err != nil {
			return err
		}
		part, err := newSecret(s.entropy())
		if err != nil {
			return err
		}
		row.Hash = hashSecret(part)
		secret, t = tokenPrefix+row.ID+"_"+part, row.shown()
		if err := insertToken(tx, row); err != nil {
			return err
		}
		return s.noteToken(tx, p.Actor(), "org.token_create", row)
	})
	if err != nil {
		return "", Token{}, err
	}
	return secret, t, nil
}

func (t tokenRow) shown() Token {
	return Token{t.ID, t.Name, t.ReadOnly, t.Created, t.Expires, t.Revoked, t.LastUsedDay}
}

func (s *Service) noteToken(tx *db.Tx, by audit.Actor, action string, row tokenRow) error {
	state := map[string]any{"person": row.PersonID, "read_only": row.ReadOnly, "expires": row.Expires.Format(time.RFC3339)}
	e := audit.Entry{Action: action, ObjectKind: "token", ObjectID: row.ID, ObjectName: row.Name, After: state}
	if action != "org.token_create" {
		e.Before, e.After = state, nil
	}
	return s.log.Append(tx, by, e)
}

// Tokens lists the tokens of a person, the newest first. One's own needs no
// permission, those of others session.revoke.
func (s *Service) Tokens(ctx context.Context, p Principal, personID string) (list []Token, err error) {
	if err := mayEnd(p, personID); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := tokensOf(tx, personID)
		for _, row := range rows {
			list = append(list, row.shown())
		}
		return err
	})
	return list, err
}

// RevokeToken ends a token; the same permission as Tokens.
func (s *Service) RevokeToken(ctx context.Context, p Principal, id string) error {
	if p.ID == "" {
		return errs.New(errs.Unauthenticated, "请先登录")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		row, err := tokenByID(tx, id)
		if err != nil {
			return err
		}
		if err := mayEnd(p, row.PersonID); err != nil {
			return err
		}
		if err := tx.Must(errs.New(errs.Conflict, "令牌已停用"), `UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at = 0`, id, tx.NowMilli()); err != nil {
			return err
		}
		return s.noteToken(tx, p.Actor(), "org.token_revoke", row)
	})
}

// AuthenticateToken reads who an API token acts for. Only the day of the last
// use is kept. Failures count against the address, and those with a known token
// id are audited. Tokens of administrators are refused: what administrators do
// takes two factors.
func (s *Service) AuthenticateToken(ctx context.Context, token string, from From) (p Principal, err error) {
	from = from.cut()
	id, part, ok := splitToken(token)
	if !ok {
		return Principal{}, s.refuseToken(ctx, tokenRow{}, "", from)
	}
	var row tokenRow
	var a account
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if row, err = tokenByID(tx, id); err != nil {
			return err
		}
		a, err = accountByID(tx, row.PersonID)
		return err
	})
	if errs.Is(err, errs.NotFound) {
		return Principal{}, s.refuseToken(ctx, tokenRow{}, "", from)
	}
	if err != nil {
		return Principal{}, err
	}
	now := s.db.Now()
	if reason := tokenFault(row, a, part, now); reason != "" {
		return Principal{}, s.refuseToken(ctx, row, reason, from)
	}
	if day := today(now); row.LastUsedDay < day || a.ActiveDay < day {
		if err := s.db.Write(ctx, func(tx *db.Tx) error { return useToken(tx, row, day) }); err != nil {
			return Principal{}, err
		}
	}
	p = s.principalOf(a, ViaAPI)
	p.TokenID, p.ReadOnly = row.ID, row.ReadOnly
	return p, nil
}

func useToken(tx *db.Tx, row tokenRow, day string) error {
	if _, err := tx.Exec(`UPDATE api_token SET last_used_day = $2 WHERE id = $1`, row.ID, day); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE person SET active_day = $2 WHERE id = $1 AND active_day < $2`, row.PersonID, day)
	return err
}

// tokenFault says why a token is not good, "" when it is.
func tokenFault(row tokenRow, a account, part string, now time.Time) string {
	switch {
	case subtle.ConstantTimeCompare([]byte(hashSecret(part)), []byte(row.Hash)) != 1:
		return "secret"
	case !row.Revoked.IsZero():
		return "revoked"
	case !now.Before(row.Expires):
		return "expired"
	case a.State != Active:
		return string(a.State)
	case slices.ContainsFunc(a.Roles, Role.IsAdmin):
		return "administrator"
	default:
		return ""
	}
}

func (s *Service) refuseToken(ctx context.Context, row tokenRow, reason string, from From) error {
	if err := s.admit(from); err != nil {
		return err
	}
	refusal := errs.New(errs.Unauthenticated, "接口令牌无效、已停用或已过期")
	if row.ID == "" {
		return refusal
	}
	return s.settle(ctx, func(tx *db.Tx) (error, error) {
		return refusal, s.log.Append(tx, stranger(ViaAPI), audit.Entry{Action: "org.token_failed", ObjectKind: "token", ObjectID: row.ID, ObjectName: row.Name,
			After: map[string]string{"reason": reason, "address": from.Address}})
	})
}

func splitToken(token string) (id, part string, ok bool) {
	rest, ok := strings.CutPrefix(token, tokenPrefix)
	if !ok {
		return "", "", false
	}
	id, part, ok = strings.Cut(rest, "_")
	return id, part, ok && db.ValidID(id) && part != "" && len(part) <= 64
}
