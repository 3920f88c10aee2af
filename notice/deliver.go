package notice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/job"
	"bihuan/org"
)

// Channel is a way on which something leaves the program.
type Channel string

// The channels.
const (
	ByMail Channel = "mail"
	ByHook Channel = "webhook"
)

// DeliveryState is how far a delivery is.
type DeliveryState string

// The states. A delivery that failed for good can be tried again where failed jobs are.
const (
	Waiting DeliveryState = "waiting"
	Sent    DeliveryState = "sent"
	Failed  DeliveryState = "failed"
)

// Delivery is a line of the log of what went out.
type Delivery struct {
	ID       string
	Channel  Channel
	Unit     string // the unit's name; empty for a trial of a webhook
	Hook     string // the webhook's name; empty for a letter
	Trial    bool
	Day      string // of the digest; empty for a trial
	Notices  int64  // in the digest
	State    DeliveryState
	Attempts int
	Answer   string // what the other side said last, or what went wrong
	Created  time.Time
	Done     time.Time // zero while it waits
}

// delivery is a row of notice_delivery.
type delivery struct {
	ID      string
	Channel Channel
	digest  string // empty for a trial
	unit    city.UnitID
	hook    string
	State   DeliveryState
	created time.Time
}

// Deliveries lists what went out, the newest first; before is the last ID of the page
// before. Needs notice.manage.
func (s *Service) Deliveries(ctx context.Context, p org.Principal, before string, limit int) (list []Delivery, err error) {
	if err := mayManage(p); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = deliveries(tx, before, min(max(limit, 1), 200))
		return err
	})
	for i := range list {
		if list[i].Unit != "" {
			list[i].Unit = s.unitName(city.UnitID(list[i].Unit))
		}
	}
	return list, err
}

// deliver makes one delivery. A repetition after a crash sends the same thing again
// under the same id; what is recorded as sent is never sent again.
func (s *Service) deliver(ctx context.Context, j job.Job, id string) error {
	var d delivery
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) { d, err = deliveryByID(tx, id); return err })
	if errs.Is(err, errs.NotFound) {
		return job.Permanent(err)
	}
	if err != nil || d.State == Sent {
		return err
	}
	if held, err := s.hold(ctx, d); held || err != nil {
		return err
	}
	answer, sendErr := s.send(ctx, d)
	if sendErr != nil && ctx.Err() != nil {
		return sendErr // the program ends: this was no attempt
	}
	var final refusal
	o := result{id: id, state: Sent, answer: answer}
	switch {
	case errors.As(sendErr, &final):
		o.state, o.answer = Failed, final.Error()
		sendErr = job.Permanent(sendErr)
	case sendErr != nil:
		o.state, o.answer = Waiting, sendErr.Error()
		if j.Attempts >= j.MaxAttempts {
			o.state = Failed
		}
	}
	o.answer = line(o.answer, 300)
	if err := s.DB.Write(ctx, func(tx *db.Tx) error { return settle(tx, o) }); err != nil {
		return errors.Join(sendErr, err)
	}
	return sendErr
}

// hold puts a digest that could not be delivered in time off to the next working day
// when today is none. Trials are sent at any time.
func (s *Service) hold(ctx context.Context, d delivery) (held bool, err error) {
	today := calendar.Today(s.DB.Now())
	if d.digest == "" || s.Calendar.IsWorkday(today) {
		return false, nil
	}
	day, at := s.Calendar.NextWorkday(today), s.Settings.digestAt()
	return true, s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := job.Enqueue(tx, deliverJob, d.ID, job.Options{RunAt: day.At(at.hour, at.minute), UniqueKey: d.ID + " " + day.String()})
		return err
	})
}

// refusal is a failure that no repetition mends.
type refusal struct{ error }

func (r refusal) Unwrap() error { return r.error }

// refuse makes a failure final, with a message for the log.
func refuse(format string, args ...any) error {
	return refusal{fmt.Errorf(format, args...)}
}

// parcel is a delivery with all that its sending needs.
type parcel struct {
	delivery
	digest  digest
	notices []Notice
	to      string // the sealed address, or URL
	secret  string // the sealed secret of a webhook
}

// send reads what is to be sent and sends it on its channel.
func (s *Service) send(ctx context.Context, d delivery) (answer string, err error) {
	p := parcel{delivery: d}
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if d.digest != "" {
			if p.digest, err = digestByID(tx, d.digest); err != nil {
				return err
			}
			if p.notices, err = noticesOf(tx, d.digest); err != nil {
				return err
			}
		}
		if d.Channel == ByMail {
			p.to, err = sealedAddress(tx, d.unit)
			return err
		}
		h, err := hookByID(tx, d.hook)
		if err == nil && h.Disabled.IsZero() {
			p.to, p.secret = h.urlSealed, h.secretSealed
		}
		return err
	})
	if err != nil {
		return "", err
	}
	if d.Channel == ByMail {
		return s.sendMail(ctx, p)
	}
	return s.sendEvent(ctx, p)
}
