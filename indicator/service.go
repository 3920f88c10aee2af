package indicator

import (
	"context"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// Service holds what the use cases of this room need. Each use case takes who
// acts, checks the permission, and changes state in one transaction together with
// its audit entry.
type Service struct {
	db        *db.DB
	log       *audit.Log
	pack      *city.Pack
	catalogue *Catalogue
}

// New makes the room's service; a mistake in the pack's files is Invalid.
func New(d *db.DB, log *audit.Log, pack *city.Pack) (*Service, error) {
	c, err := Load(pack)
	if err != nil {
		return nil, err
	}
	return &Service{db: d, log: log, pack: pack, catalogue: c}, nil
}

// Catalogue is what the pack says about statistics.
func (s *Service) Catalogue() *Catalogue { return s.catalogue }

// keptChanges is how many changes are remembered one by one.
const keptChanges = 10_000

// Changes names the indicators that changed after change n, and the number of the
// newest change. Whoever asks with 0, or looked away for too long, gets all indicators.
func (s *Service) Changes(ctx context.Context, n int64) (ids []ID, now int64, err error) {
	defer errs.Wrap(&err, "indicator.Changes(%d)", n)
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		ids, now, err = s.changes(tx, n)
		return err
	})
	return ids, now, err
}

func (s *Service) changes(tx *db.Tx, n int64) (ids []ID, now int64, err error) {
	var oldest int64
	if err := tx.One(nil, func(r db.Scanner) error { return r.Scan(&oldest, &now) }, "SELECT COALESCE(MIN(n), 0), COALESCE(MAX(n), 0) FROM indicator_change"); err != nil {
		return nil, 0, err
	}
	if n <= 0 || n > now || n < oldest-1 {
		for _, ind := range s.catalogue.Indicators {
			ids = append(ids, ind.ID)
		}
		return ids, now, nil
	}
	err = tx.Each(func(r db.Scanner) error {
		var id ID
		if err := r.Scan(&id); err != nil {
			return err
		}
		ids = append(ids, id)
		return nil
	}, "SELECT DISTINCT indicator_id FROM indicator_change WHERE n > $1 AND indicator_id <> '' ORDER BY indicator_id", n)
	return ids, now, err
}

// touch counts a change of an indicator.
func touch(tx *db.Tx, id ID) error {
	var n int64
	if err := tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) }, "SELECT COALESCE(MAX(n), 0) + 1 FROM indicator_change"); err != nil {
		return err
	}
	if _, err := tx.Exec("INSERT INTO indicator_change (n, indicator_id) VALUES ($1, $2)", n, string(id)); err != nil {
		return err
	}
	if n%100 != 0 {
		return nil
	}
	_, err := tx.Exec("DELETE FROM indicator_change WHERE n <= $1", n-keptChanges)
	return err
}

// Enter stores a published figure for the first time and returns its version's id.
// A figure that is already here is a Conflict: it is revised instead.
func (s *Service) Enter(ctx context.Context, p org.Principal, e Entry) (id string, err error) {
	defer errs.Wrap(&err, "indicator.Enter")
	return s.store(ctx, p, e, func(last, o Observation) error {
		var c errs.Check
		switch {
		case last.Revision > 0 && !last.Withdrawn():
			return errs.New(errs.Conflict, "这个数已经录入（%s）：如公布机构作了修订，请办理修订", s.figure(last))
		case last.Revision > 0:
			c.Require(o.Reason != "", "reason", "这个数曾经撤回，重新录入请写明原因")
		}
		return c.Err()
	})
}

// Revise adds a version to a figure, with the reason. Nothing is overwritten.
func (s *Service) Revise(ctx context.Context, p org.Principal, e Entry) (id string, err error) {
	defer errs.Wrap(&err, "indicator.Revise")
	return s.store(ctx, p, e, func(last, o Observation) error {
		if err := revisable(last, e.Revision); err != nil {
			return err
		}
		return checkRevision(last, o)
	})
}

// checkRevision refuses a version without a reason or without a difference.
func checkRevision(last, o Observation) error {
	var c errs.Check
	c.Require(o.Reason != "", "reason", "请写明修订的原因")
	same := !last.Withdrawn() && *last.Value == *o.Value && last.Released == o.Released && last.Source == o.Source
	c.Require(!same, "value", "与现有的数相同，不必修订")
	c.Require(!o.Released.Before(last.Released), "released", "发布日期不能早于上一版的 %s", last.Released)
	return c.Err()
}

func revisable(last Observation, seen int) error {
	switch {
	case last.Revision == 0 || last.Withdrawn():
		return errs.New(errs.NotFound, "没有可以修订的数：可能已经撤回")
	case last.Revision != seen:
		return errs.New(errs.Conflict, "别人已改过这个数，现为第 %d 版：请刷新后再办", last.Revision)
	}
	return nil
}

// Withdraw takes a figure back that was entered by mistake: a version without a
// value, with the reason. What was entered stays on record.
func (s *Service) Withdraw(ctx context.Context, p org.Principal, indicator ID, k Key, revision int, reason string) (err error) {
	defer errs.Wrap(&err, "indicator.Withdraw")
	if err := p.May(org.IndicatorEdit, org.Scope{}); err != nil {
		return err
	}
	if _, err := s.catalogue.Indicator(indicator); err != nil {
		return err
	}
	var c errs.Check
	reason, err = text(reason, "请写明撤回的原因", maxReason)
	c.Add("reason", err)
	if err := c.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		last, err := lastVersion(tx, indicator, k)
		if err != nil {
			return err
		}
		if err := revisable(last, revision); err != nil {
			return err
		}
		batch, err := s.log.Batch(tx)
		if err != nil {
			return err
		}
		o := last
		o.Value, o.Reason = nil, reason
		_, err = s.append(tx, batch, p, last, o)
		return err
	})
}

// store parses and appends one version after decide has checked it against the last one.
func (s *Service) store(ctx context.Context, p org.Principal, e Entry, decide func(last, o Observation) error) (id string, err error) {
	if err := p.May(org.IndicatorEdit, org.Scope{}); err != nil {
		return "", err
	}
	o, err := s.catalogue.parse(e, calendar.Today(s.db.Now()))
	if err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		last, err := lastVersion(tx, o.Indicator, o.Key)
		if err != nil {
			return err
		}
		if err := decide(last, o); err != nil {
			return err
		}
		batch, err := s.log.Batch(tx)
		if err != nil {
			return err
		}
		id, err = s.append(tx, batch, p, last, o)
		return err
	})
	return id, err
}

// append writes the version after last by a person.
func (s *Service) append(tx *db.Tx, batch *audit.Batch, p org.Principal, last, o Observation) (string, error) {
	o.ByID, o.ByName, o.ByUnit = p.ID, p.Name, p.UnitName
	return s.write(tx, batch, p.Actor(), last, o)
}

// write stores the version after last with its audit entry and counts the change.
func (s *Service) write(tx *db.Tx, batch *audit.Batch, actor audit.Actor, last, o Observation) (string, error) {
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	o.ID, o.Revision = id, last.Revision+1
	if err := insert(tx, o); err != nil {
		return "", err
	}
	if err := touch(tx, o.Indicator); err != nil {
		return "", err
	}
	ind, err := s.catalogue.Indicator(o.Indicator)
	if err != nil {
		return "", err
	}
	entry := audit.Entry{Action: action(o), ObjectKind: "indicator", ObjectID: string(o.Indicator), ObjectName: ind.Name, Reason: o.Reason, After: s.facts(ind, o)}
	if last.Revision > 0 {
		entry.Before = s.facts(ind, last)
	}
	return id, batch.Append(actor, entry)
}

func action(o Observation) string {
	switch {
	case o.Withdrawn():
		return "indicator.withdraw"
	case o.Revision > 1:
		return "indicator.revise"
	}
	return "indicator.enter"
}

// facts are a version as the audit log keeps it.
func (s *Service) facts(ind Indicator, o Observation) map[string]string {
	f := map[string]string{"地区": s.catalogue.TerritoryName(o.Territory), "时期": ind.Label(o.Period), "数值": s.figure(o), "发布日期": o.Released.String(), "来源": o.Source}
	if o.Caliber != "" {
		f["口径"] = string(o.Caliber)
	}
	return f
}

func (s *Service) figure(o Observation) string {
	if o.Withdrawn() {
		return "已撤回"
	}
	ind, err := s.catalogue.Indicator(o.Indicator)
	if err != nil {
		return o.Value.String()
	}
	return ind.Figure(*o.Value)
}

// Bring stores the figures that come with the pack and are not here yet; what
// people entered or withdrew stays as it is. It is called when the program starts.
func (s *Service) Bring(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "indicator.Bring")
	if len(s.catalogue.Known) == 0 {
		return nil
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		batch, err := s.log.Batch(tx)
		if err != nil {
			return err
		}
		actor := audit.Program("indicator.bring")
		for _, o := range s.catalogue.Known {
			last, err := lastVersion(tx, o.Indicator, o.Key)
			if err != nil {
				return err
			}
			if last.Revision > 0 {
				continue
			}
			o.ByID, o.ByName = actor.ID, "城市包"
			if _, err := s.write(tx, batch, actor, last, o); err != nil {
				return err
			}
		}
		return nil
	})
}
