package notice

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// Hook is another system that is sent the digests, as an administrator sees it. Its
// address may hold a key of that system: only the host is shown.
type Hook struct {
	ID       string
	Name     string
	UnitID   city.UnitID // whose digests; empty for all
	Unit     string      // the unit's name; empty for all
	Host     string
	Created  time.Time
	Creator  string
	Disabled time.Time // zero while it is in use
}

// hookRow is a row of notice_hook.
type hookRow struct {
	Hook
	urlSealed    string
	secretSealed string
}

// HookInput is what an administrator says about a new webhook.
type HookInput struct {
	Name   string      // which system it is, 1 to 40 characters
	URL    string      // https, or http where the operator allows the address
	UnitID city.UnitID // empty for the digests of all units
}

func urlContext(id string) string    { return "notice_hook.url:" + id }
func secretContext(id string) string { return "notice_hook.secret:" + id }

// Hooks lists the webhooks, those in use first. Needs notice.manage.
func (s *Service) Hooks(ctx context.Context, p org.Principal) (list []Hook, err error) {
	if err := mayManage(p); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := allHooks(tx)
		for _, h := range rows {
			if h.UnitID != "" {
				h.Unit = s.unitName(h.UnitID)
			}
			list = append(list, h.Hook)
		}
		return err
	})
	return list, err
}

// AddHook makes a webhook and gives the secret that signs its events; it is shown this
// once. Needs notice.manage.
func (s *Service) AddHook(ctx context.Context, p org.Principal, in HookInput) (secret string, h Hook, err error) {
	if err := mayManage(p); err != nil {
		return "", Hook{}, err
	}
	in.Name, in.URL = strings.TrimSpace(in.Name), strings.TrimSpace(in.URL)
	u, err := s.checkHook(in)
	if err != nil {
		return "", Hook{}, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		row := hookRow{Hook: Hook{Name: in.Name, UnitID: in.UnitID, Host: u.Host, Creator: p.Name, Created: tx.Now()}}
		if row.ID, err = tx.NewID(); err != nil {
			return err
		}
		if secret, err = newSecret(s.DB.Entropy()); err != nil {
			return err
		}
		if row.urlSealed, err = s.Box.Seal([]byte(in.URL), urlContext(row.ID)); err != nil {
			return err
		}
		if row.secretSealed, err = s.Box.Seal([]byte(secret), secretContext(row.ID)); err != nil {
			return err
		}
		h = row.Hook
		if err := insertHook(tx, row); err != nil {
			return err
		}
		return s.noteHook(tx, p, "notice.hook_add", h)
	})
	return secret, h, err
}

func (s *Service) checkHook(in HookInput) (u *url.URL, err error) {
	var check errs.Check
	check.Require(in.Name != "" && len([]rune(in.Name)) <= 40, "name", "请写明是哪个系统，不超过 40 个字")
	u, err = url.Parse(in.URL)
	good := err == nil && len(in.URL) <= 1000 && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil && u.Fragment == ""
	check.Require(good, "url", "请填写完整网址，如 https://oa.example.gov.cn/hook，不带用户名和 # 部分")
	if good && u.Scheme == "http" {
		check.Require(len(s.Settings.Webhook.Allow) > 0, "url", "请使用 https 网址；http 只能推送到运维人员在 %s 中允许的网段", SettingsFile)
	}
	if in.UnitID != "" {
		_, known := s.Pack.Unit(in.UnitID)
		check.Require(known, "unit", "没有这个单位，请从列表中选择")
	}
	return u, check.Err()
}

// newSecret makes an unguessable text of 256 bits.
func newSecret(entropy io.Reader) (string, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(entropy, b); err != nil {
		return "", fmt.Errorf("make a secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// DisableHook ends a webhook; what still waits for it is not sent. Needs notice.manage.
func (s *Service) DisableHook(ctx context.Context, p org.Principal, id string) error {
	if err := mayManage(p); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		h, err := hookByID(tx, id)
		if err != nil {
			return err
		}
		if err := tx.Must(errs.New(errs.Conflict, "这个推送地址已停用"), `UPDATE notice_hook SET disabled_at = $2 WHERE id = $1 AND disabled_at = 0`, id, tx.NowMilli()); err != nil {
			return err
		}
		return s.noteHook(tx, p, "notice.hook_disable", h.Hook)
	})
}

// TestHook sends a trial event; how it went stands in the log of deliveries. Needs
// notice.manage.
func (s *Service) TestHook(ctx context.Context, p org.Principal, id string) error {
	if err := mayManage(p); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		h, err := hookByID(tx, id)
		if err != nil {
			return err
		}
		if !h.Disabled.IsZero() {
			return errs.New(errs.Conflict, "这个推送地址已停用")
		}
		if err := enqueue(tx, delivery{Channel: ByHook, hook: id}); err != nil {
			return err
		}
		return s.noteHook(tx, p, "notice.test", h.Hook)
	})
}

func (s *Service) noteHook(tx *db.Tx, p org.Principal, action string, h Hook) error {
	return s.Log.Append(tx, p.Actor(), audit.Entry{Action: action, ObjectKind: "webhook", ObjectID: h.ID, ObjectName: h.Name,
		After: map[string]string{"host": h.Host, "unit": string(h.UnitID)}})
}
