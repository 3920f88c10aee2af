package org

import (
	"context"
	"strings"
	"time"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/seal"
)

// State is where an account stands in its life; see the package comment.
type State string

// The states.
const (
	Invited  State = "invited"  // waits for the person to set a password
	Active   State = "active"   // can sign in
	Disabled State = "disabled" // ended by an administrator
	Locked   State = "locked"   // unused for too long
)

// Label is the state's Chinese name.
func (s State) Label() string {
	switch s {
	case Invited:
		return "待激活"
	case Active:
		return "正常"
	case Disabled:
		return "已停用"
	case Locked:
		return "长期未用已锁定"
	default:
		return string(s)
	}
}

// Person is an account as pages show it. It says nothing about how often or
// when somebody uses the program.
type Person struct {
	ID           string
	Login        string
	Name         string
	UnitID       string
	UnitName     string // short name of the unit
	TerritoryID  string // of the unit
	Phone        string // masked: 138****5678
	State        State
	Roles        []Role
	Created      time.Time
	SecondFactor bool // a second factor is enrolled
}

// PersonInput is what an administrator types about a person. Login is used on
// creation only.
type PersonInput struct {
	Login  string
	Name   string
	UnitID string // of the city pack; empty for people outside the units
	Phone  string // optional
}

// PeopleFilter selects people; empty fields select all.
type PeopleFilter struct {
	Text   string // part of login or name, or a whole phone number
	UnitID string
	Role   Role
	State  State
	After  string // login of the last person of the page before
	Limit  int    // people in a page: 50 when 0, at most 500
}

// People lists accounts by login name. Needs people.read.
func (s *Service) People(ctx context.Context, p Principal, f PeopleFilter) (list []Person, err error) {
	if err := p.May(PeopleRead, Scope{}); err != nil {
		return nil, err
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	f.Limit = min(f.Limit, 500)
	index := ""
	if digits, err := parsePhone(f.Text); err == nil && digits != "" {
		index = s.phoneIndex(digits)
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		accounts, err := listAccounts(tx, f, index)
		if err != nil {
			return err
		}
		for _, a := range accounts {
			person, err := s.person(a)
			if err != nil {
				return err
			}
			list = append(list, person)
		}
		return nil
	})
	return list, err
}

// Person gives one account. Needs people.read, except for one's own.
func (s *Service) Person(ctx context.Context, p Principal, id string) (person Person, err error) {
	if p.ID != id || id == "" {
		if err := p.May(PeopleRead, Scope{}); err != nil {
			return Person{}, err
		}
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, err := accountByID(tx, id)
		if err != nil {
			return err
		}
		person, err = s.person(a)
		return err
	})
	return person, err
}

// Names gives the names of people by id, for other rooms' lists; unknown ids are left out.
func (s *Service) Names(tx *db.Tx, ids ...string) (map[string]string, error) {
	names := make(map[string]string, len(ids))
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	err := tx.Each(func(r db.Scanner) error {
		var id, name string
		if err := r.Scan(&id, &name); err != nil {
			return err
		}
		names[id] = name
		return nil
	}, `SELECT id, name FROM person WHERE id IN `+db.In(1, len(ids))+` ORDER BY id`, args...)
	return names, err
}

// CreatePerson makes an account without roles and without a password, and gives
// the invitation by which its owner sets one. Needs people.manage.
func (s *Service) CreatePerson(ctx context.Context, p Principal, in PersonInput) (inv Invitation, err error) {
	if err := p.May(PeopleManage, Scope{}); err != nil {
		return Invitation{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.create(tx, p.Actor(), in)
		if err != nil {
			return err
		}
		inv, err = s.invite(tx, a)
		return err
	})
	return inv, err
}

// create inserts a new account in state invited, and audits it.
func (s *Service) create(tx *db.Tx, by audit.Actor, in PersonInput) (a account, err error) {
	var check errs.Check
	a.Login, err = ParseLogin(in.Login)
	check.Add("login", err)
	if err == nil {
		_, err = accountByLogin(tx, a.Login)
		switch {
		case err == nil:
			check.Require(false, "login", "登录名已被使用")
		case !errs.Is(err, errs.NotFound):
			return a, err
		}
	}
	if a.ID, err = tx.NewID(); err != nil {
		return a, err
	}
	a.State, a.Created, a.ActiveDay = Invited, tx.Now(), today(tx.Now())
	if err := s.fill(&a, in, &check); err != nil {
		return a, err
	}
	if err := check.Err(); err != nil {
		return a, err
	}
	if err := insertAccount(tx, a); err != nil {
		return a, err
	}
	after, err := s.state(a)
	if err != nil {
		return a, err
	}
	return a, s.note(tx, by, "org.person_create", a, nil, after)
}

// fill puts the checked input into the account.
func (s *Service) fill(a *account, in PersonInput, check *errs.Check) (err error) {
	a.Name, err = parseName(in.Name)
	check.Add("name", err)
	a.UnitID = strings.TrimSpace(in.UnitID)
	if a.UnitID != "" {
		_, known := s.pack.Unit(city.UnitID(a.UnitID))
		check.Require(known, "unit", "没有这个单位")
	}
	digits, err := parsePhone(in.Phone)
	check.Add("phone", err)
	if digits == "" {
		a.PhoneSealed, a.PhoneIndex = "", ""
		return nil
	}
	a.PhoneIndex = s.phoneIndex(digits)
	a.PhoneSealed, err = s.secrets.Seal([]byte(digits), "person.phone:"+a.ID)
	return err
}

// EditPerson changes name, unit and phone. An empty phone in the input keeps the
// present one when keepPhone is set: forms show it masked and do not send it back.
// Roles that the new unit does not allow must be taken away first. Needs people.manage.
func (s *Service) EditPerson(ctx context.Context, p Principal, id string, in PersonInput, keepPhone bool) error {
	if err := p.May(PeopleManage, Scope{}); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		old, err := accountByID(tx, id)
		if err != nil {
			return err
		}
		a := old
		var check errs.Check
		if err := s.fill(&a, in, &check); err != nil {
			return err
		}
		if keepPhone && strings.TrimSpace(in.Phone) == "" {
			a.PhoneSealed, a.PhoneIndex = old.PhoneSealed, old.PhoneIndex
		}
		if a.UnitID != old.UnitID {
			for _, r := range a.Roles {
				check.Add("unit", checkPlace(r, s.place(a.UnitID)))
			}
		}
		if err := check.Err(); err != nil {
			return err
		}
		return s.save(tx, p.Actor(), "org.person_edit", old, a)
	})
}

// save writes a changed account and audits what it was and is.
func (s *Service) save(tx *db.Tx, by audit.Actor, action string, old, a account) error {
	if err := updateAccount(tx, a); err != nil {
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
	return s.note(tx, by, action, a, before, after)
}

// RevealPhone gives the whole phone number; the reason is required and audited. Needs people.manage.
func (s *Service) RevealPhone(ctx context.Context, p Principal, id, reason string) (phone string, err error) {
	if err := p.May(PeopleManage, Scope{}); err != nil {
		return "", err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return "", errs.New(errs.Invalid, "请填写查看完整号码的理由")
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := accountByID(tx, id)
		if err != nil {
			return err
		}
		if phone, err = s.phone(a); err != nil {
			return err
		}
		return s.log.Append(tx, p.Actor(), audit.Entry{Action: "org.phone_reveal", ObjectKind: "person", ObjectID: a.ID, ObjectName: a.Name, Reason: cut(reason, 200)})
	})
	return phone, err
}

func (s *Service) phoneIndex(digits string) string {
	return s.secrets.BlindIndex("person.phone", digits)
}

func (s *Service) phone(a account) (string, error) {
	if a.PhoneSealed == "" {
		return "", nil
	}
	b, err := s.secrets.Open(a.PhoneSealed, "person.phone:"+a.ID)
	return string(b), err
}

// person is the account as it may be shown.
func (s *Service) person(a account) (Person, error) {
	phone, err := s.phone(a)
	if err != nil {
		return Person{}, err
	}
	if phone != "" {
		phone = seal.MaskPhone(phone)
	}
	unit, territory := s.unitOf(a.UnitID)
	return Person{ID: a.ID, Login: a.Login, Name: a.Name, UnitID: a.UnitID, UnitName: unit, TerritoryID: territory, Phone: phone,
		State: a.State, Roles: a.Roles, Created: a.Created, SecondFactor: a.TOTPSealed != ""}, nil
}

// accountState is an account in the audit log: no secrets, the phone masked.
type accountState struct {
	Login        string `json:"login"`
	Name         string `json:"name"`
	Unit         string `json:"unit"`
	Phone        string `json:"phone,omitempty"`
	State        State  `json:"state"`
	Roles        []Role `json:"roles,omitempty"`
	SecondFactor bool   `json:"second_factor,omitempty"`
}

func (s *Service) state(a account) (accountState, error) {
	p, err := s.person(a)
	return accountState{p.Login, p.Name, p.UnitName, p.Phone, p.State, p.Roles, p.SecondFactor}, err
}
