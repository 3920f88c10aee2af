package notice

import (
	"context"
	"fmt"
	"net/netip"

	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/org"
)

// Status is how sending stands, for administrators. It holds no secret.
type Status struct {
	Mail    Mail // without the password
	Base    string
	Hour    string // when digests go out, "08:30"
	Next    calendar.Date
	Last    calendar.Date // of the newest digest; zero for none
	Waiting int64         // notices that wait for the next digest
	Allow   []netip.Prefix
}

// Status tells how sending stands. Needs notice.manage.
func (s *Service) Status(ctx context.Context, p org.Principal) (st Status, err error) {
	if err := mayManage(p); err != nil {
		return Status{}, err
	}
	at := s.Settings.digestAt()
	st = Status{Mail: s.Settings.Mail, Base: s.Settings.Base, Hour: fmt.Sprintf("%02d:%02d", at.hour, at.minute), Allow: s.Settings.Webhook.Allow}
	st.Mail.password = ""
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		day := calendar.Today(tx.Now())
		if !tx.Now().Before(day.At(at.hour, at.minute)) {
			day = day.AddDays(1)
		}
		st.Next = s.Calendar.NextWorkday(day)
		if st.Last, err = lastDigest(tx); err != nil {
			return err
		}
		st.Waiting, err = countWaiting(tx)
		return err
	})
	return st, err
}
