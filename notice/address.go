package notice

import (
	"context"
	"net/mail"
	"strings"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/seal"
	"bihuan/org"
)

// Address is where a unit's digest is mailed to.
type Address struct {
	UnitID city.UnitID
	Unit   string
	Email  string // masked; empty for none
}

// addressContext is where a sealed address belongs.
func addressContext(unit city.UnitID) string { return "notice_address.email:" + string(unit) }

// Addresses lists all units of the pack with their addresses. Needs notice.manage.
func (s *Service) Addresses(ctx context.Context, p org.Principal) (list []Address, err error) {
	if err := mayManage(p); err != nil {
		return nil, err
	}
	var sealed map[city.UnitID]string
	if err := s.DB.Read(ctx, func(tx *db.Tx) (err error) { sealed, err = sealedAddresses(tx); return err }); err != nil {
		return nil, err
	}
	for _, u := range s.Pack.Units {
		masked, err := s.masked(u.ID, sealed[u.ID])
		if err != nil {
			return nil, err
		}
		list = append(list, Address{u.ID, u.Short, masked})
	}
	return list, nil
}

func (s *Service) masked(unit city.UnitID, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	plain, err := s.Box.Open(sealed, addressContext(unit))
	return seal.MaskEmail(string(plain)), err
}

// SetAddress sets a unit's address, or with "" takes it away. Needs notice.manage.
func (s *Service) SetAddress(ctx context.Context, p org.Principal, unit city.UnitID, email string) error {
	if err := mayManage(p); err != nil {
		return err
	}
	var check errs.Check
	_, known := s.Pack.Unit(unit)
	check.Require(known, "unit", "没有这个单位，请从列表中选择")
	email, err := parseEmail(email)
	check.Add("email", err)
	if err := check.Err(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		old, err := sealedAddress(tx, unit)
		if err != nil {
			return err
		}
		before, err := s.masked(unit, old)
		if err != nil {
			return err
		}
		if err := s.storeAddress(tx, unit, email); err != nil {
			return err
		}
		return s.Log.Append(tx, p.Actor(), audit.Entry{Action: "notice.address", ObjectKind: "unit", ObjectID: string(unit), ObjectName: s.unitName(unit),
			Before: map[string]string{"email": before}, After: map[string]string{"email": seal.MaskEmail(email)}})
	})
}

func (s *Service) storeAddress(tx *db.Tx, unit city.UnitID, email string) error {
	if email == "" {
		return dropAddress(tx, unit)
	}
	sealed, err := s.Box.Seal([]byte(email), addressContext(unit))
	if err != nil {
		return err
	}
	return putAddress(tx, unit, sealed)
}

// parseEmail takes one bare address, or nothing.
func parseEmail(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", nil
	}
	a, err := mail.ParseAddress(typed)
	if err != nil || a.Address != typed || !plainAddress(typed) {
		return "", errs.New(errs.Invalid, "请填写一个邮件地址，如 office@example.gov.cn")
	}
	return typed, nil
}

// TestMail sends a trial letter to a unit's address; how it went stands in the log of
// deliveries. Needs notice.manage.
func (s *Service) TestMail(ctx context.Context, p org.Principal, unit city.UnitID) error {
	if err := mayManage(p); err != nil {
		return err
	}
	if !s.Settings.Mail.On() {
		return errs.New(errs.Conflict, "没有设置邮件服务器：请在数据目录的 %s 中填写", SettingsFile)
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		sealed, err := sealedAddress(tx, unit)
		if err != nil {
			return err
		}
		if sealed == "" {
			return errs.New(errs.NotFound, "该单位没有填写邮件地址")
		}
		if err := enqueue(tx, delivery{Channel: ByMail, unit: unit}); err != nil {
			return err
		}
		return s.Log.Append(tx, p.Actor(), audit.Entry{Action: "notice.test", ObjectKind: "unit", ObjectID: string(unit), ObjectName: s.unitName(unit)})
	})
}
