package notice

import (
	"context"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/job"
	"bihuan/org"
)

// digest is what was gathered for a unit on a day.
type digest struct {
	id      string
	unit    city.UnitID
	day     calendar.Date
	notices int64
}

// Collect gathers what waits into one digest for each unit and hands the digests to the
// jobs that send them; it returns how many it made. On a day off, before the hour, and
// for a unit that had its digest today, it does nothing: those notices wait for the next
// working day. Only the program may.
func (s *Service) Collect(ctx context.Context, p org.Principal) (made int, err error) {
	defer errs.Wrap(&err, "notice.Collect")
	if !p.Has(org.System) {
		return 0, errs.New(errs.Forbidden, "消息汇总由系统自动办理")
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		made = 0
		if !s.collects(tx) {
			return nil
		}
		units, err := waitingUnits(tx)
		if err != nil {
			return err
		}
		notices := map[city.UnitID]int64{}
		for _, u := range units {
			d, ok, err := s.collect(tx, u)
			if err != nil {
				return err
			}
			if ok {
				notices[u], made = d.notices, made+1
			}
		}
		if made == 0 {
			return nil
		}
		return s.Log.Append(tx, p.Actor(), audit.Entry{Action: "notice.digest", ObjectKind: "day", ObjectID: calendar.Today(tx.Now()).String(), After: notices})
	})
	return made, err
}

// collects tells whether digests go out at the moment of the transaction.
func (s *Service) collects(tx *db.Tx) bool {
	day, at := calendar.Today(tx.Now()), s.Settings.digestAt()
	return s.Calendar.IsWorkday(day) && !tx.Now().Before(day.At(at.hour, at.minute))
}

// collect makes a unit's digest of the day with all that sends it; false when it had one.
func (s *Service) collect(tx *db.Tx, unit city.UnitID) (d digest, ok bool, err error) {
	d = digest{unit: unit, day: calendar.Today(tx.Now())}
	if d.id, err = tx.NewID(); err != nil {
		return d, false, err
	}
	if ok, err = claimDay(tx, d); err != nil || !ok {
		return d, false, err
	}
	if d.notices, err = takeAlong(tx, unit, d.id); err != nil {
		return d, false, err
	}
	if err := setDigestSize(tx, d); err != nil {
		return d, false, err
	}
	return d, true, s.dispatch(tx, d)
}

// dispatch enqueues the letter and the events of a digest.
func (s *Service) dispatch(tx *db.Tx, d digest) error {
	if s.Settings.Mail.On() {
		sealed, err := sealedAddress(tx, d.unit)
		if err != nil {
			return err
		}
		if sealed != "" {
			if err := enqueue(tx, delivery{Channel: ByMail, digest: d.id, unit: d.unit}); err != nil {
				return err
			}
		}
	}
	hooks, err := hooksFor(tx, d.unit)
	if err != nil {
		return err
	}
	for _, id := range hooks {
		if err := enqueue(tx, delivery{Channel: ByHook, digest: d.id, unit: d.unit, hook: id}); err != nil {
			return err
		}
	}
	return nil
}

// enqueue writes a delivery and the job that makes it.
func enqueue(tx *db.Tx, d delivery) (err error) {
	if d.ID, err = tx.NewID(); err != nil {
		return err
	}
	if err := insertDelivery(tx, d); err != nil {
		return err
	}
	_, err = job.Enqueue(tx, deliverJob, d.ID, job.Options{UniqueKey: d.ID})
	return err
}
