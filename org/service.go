package org

import (
	"context"
	"errors"
	"io"
	"time"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/seal"
)

// Secrets seals phones and second factors, and makes the keyed hashes by which
// they are found; seal.Keyring is one.
type Secrets interface {
	seal.Box
	BlindIndex(purpose, value string) string
}

// Service runs the use cases of this room. It is safe for concurrent use.
type Service struct {
	db      *db.DB
	log     *audit.Log
	secrets Secrets
	pack    *city.Pack
	policy  Policy
	hasher  *hasher
	limiter *limiter
}

// New makes the service. A policy that leaves a protection out is refused.
func New(d *db.DB, log *audit.Log, secrets Secrets, pack *city.Pack, policy Policy) (_ *Service, err error) {
	defer errs.Wrap(&err, "org.New")
	if err := policy.check(); err != nil {
		return nil, err
	}
	h, err := newHasher(policy, d.Entropy())
	if err != nil {
		return nil, err
	}
	return &Service{db: d, log: log, secrets: secrets, pack: pack, policy: policy, hasher: h, limiter: newLimiter(policy)}, nil
}

// Policy is the policy in force, for pages that state the rules.
func (s *Service) Policy() Policy { return s.policy }

// From tells where a request came from. Neither is trusted for a decision
// about permissions.
type From struct {
	Address string // of the client, without port
	Agent   string // the browser's own description
}

const (
	maxAddress = 64
	maxAgent   = 160
)

func (f From) cut() From {
	return From{cut(f.Address, maxAddress), cut(f.Agent, maxAgent)}
}

// cut shortens a text to n characters.
func cut(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}

// note writes one audit entry about a person.
func (s *Service) note(tx *db.Tx, by audit.Actor, action string, about account, before, after any) error {
	return s.log.Append(tx, by, audit.Entry{Action: action, ObjectKind: "person", ObjectID: about.ID, ObjectName: about.Name, Before: before, After: after})
}

// settle runs f in a writing transaction that is kept even when f refuses the
// request: counters and audit entries of a failure must stay. A fault still
// rolls everything back.
func (s *Service) settle(ctx context.Context, f func(tx *db.Tx) (refusal, fault error)) error {
	var refusal error
	err := s.db.Write(ctx, func(tx *db.Tx) (fault error) {
		refusal, fault = f(tx)
		return fault
	})
	if err != nil {
		return err
	}
	return refusal
}

// admit takes one attempt from the address's allowance.
func (s *Service) admit(from From) error {
	if !s.limiter.allow(from.Address, s.db.Now()) {
		return errs.New(errs.TooMany, "尝试过于频繁，请稍后再试")
	}
	return nil
}

// ErrConfirm is the cause of the refusal of a sensitive act until the person
// gives the password again: a page that finds it asks and repeats the act.
var ErrConfirm = errors.New("org: the password must be given again")

// NeedsConfirmation reports whether err asks for Service.Confirm first.
func NeedsConfirmation(err error) bool { return errors.Is(err, ErrConfirm) }

// recent refuses a sensitive act of a person who has not given the password
// lately; API tokens never do such acts, the program itself needs no password.
func (s *Service) recent(p Principal, now time.Time) error {
	switch {
	case p.TokenID != "":
		return errs.New(errs.Forbidden, "接口令牌不能办理此项，请登录办理")
	case p.IsPerson() && now.Sub(p.ConfirmedAt) > s.policy.ConfirmAge:
		return errs.New(errs.Forbidden, "请再次输入密码后继续").Because(ErrConfirm)
	}
	return nil
}

// place reads the unit in the city pack.
func (s *Service) place(unitID string) place {
	u, ok := s.pack.Unit(city.UnitID(unitID))
	return place{Known: ok, Lead: ok && u.Lead, County: ok && u.Territory != "" && u.Territory != s.pack.Root().ID}
}

// unitOf gives the display name and the territory of a unit; a unit that left
// the pack keeps its id as name and has no territory.
func (s *Service) unitOf(unitID string) (name, territory string) {
	u, ok := s.pack.Unit(city.UnitID(unitID))
	if !ok {
		return unitID, ""
	}
	return u.Short, string(u.Territory)
}

func (s *Service) entropy() io.Reader { return s.db.Entropy() }

// today is the civil day in China, as account use is kept.
func today(now time.Time) string {
	return now.In(time.FixedZone("CST", 8*60*60)).Format(time.DateOnly)
}
