package plan

import (
	"context"
	"io"
	"maps"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/blob"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan/source"
)

// Service holds what the use cases of this room need. Each use case is a method
// that takes who acts, checks the permission, and changes state in one
// transaction together with its audit entry.
type Service struct {
	db       *db.DB
	log      *audit.Log
	pack     *city.Pack
	blobs    Blobs
	load     func(ctx context.Context, name string, data []byte) (source.Document, error)
	measures Measures
	holds    func(ctx context.Context, taskID string) ([]string, error)
}

// Blobs is the part of the blob store that this room uses.
type Blobs interface {
	Put(ctx context.Context, r io.Reader, limit int64) (blob.Ref, error)
	Open(hash string) (io.ReadSeekCloser, blob.Ref, error)
}

// File is a file that a person handed in.
type File struct {
	Name string
	Data io.ReaderAt
	Size int64
}

// Parts are what a Service is made of; all but Measures and Holds are required.
type Parts struct {
	DB    *db.DB
	Log   *audit.Log
	Pack  *city.Pack
	Blobs Blobs
	Load  func(ctx context.Context, name string, data []byte) (source.Document, error)
	// Measures knows which values other rooms count; without it every target is reported.
	Measures Measures
	// Holds names what other rooms still have open of a task (rectifications,
	// objections), which keeps it from being crossed off; nil for nothing.
	Holds func(ctx context.Context, taskID string) ([]string, error)
}

// New makes the room's service.
func New(p Parts) *Service {
	return &Service{db: p.DB, log: p.Log, pack: p.Pack, blobs: p.Blobs, load: p.Load, measures: p.Measures, holds: p.Holds}
}

// Pack is the city pack that the service works with.
func (s *Service) Pack() *city.Pack { return s.pack }

// keptChanges is how many changes are remembered one by one; who looked away for
// longer reads everything anew.
const keptChanges = 10_000

// wholePlan before the id of a plan is the mark of a change that concerns all its tasks.
const wholePlan = "plan "

// touch counts a change of this room and names the task it concerns: "" for none, wholePlan and an id for a list.
func touch(tx *db.Tx, taskID string) error {
	var n int64
	if err := tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) }, "SELECT COALESCE(MAX(n), 0) + 1 FROM plan_change"); err != nil {
		return err
	}
	if _, err := tx.Exec("INSERT INTO plan_change (n, task_id) VALUES ($1, $2)", n, taskID); err != nil {
		return err
	}
	if n%100 != 0 {
		return nil
	}
	_, err := tx.Exec("DELETE FROM plan_change WHERE n <= $1", n-keptChanges)
	return err
}

// record appends the audit entry of a change and counts the change.
func (s *Service) record(tx *db.Tx, p org.Principal, e audit.Entry) error {
	task := ""
	if e.ObjectKind == "task" {
		task = e.ObjectID
	}
	if err := touch(tx, task); err != nil {
		return err
	}
	return s.log.Append(tx, p.Actor(), e)
}

// learned are the spellings that people taught.
func learned(tx *db.Tx) (map[string]city.UnitID, error) {
	all := map[string]city.UnitID{}
	err := tx.Each(func(r db.Scanner) error {
		var printed, unit string
		if err := r.Scan(&printed, &unit); err != nil {
			return err
		}
		all[printed] = city.UnitID(unit)
		return nil
	}, "SELECT printed, unit_id FROM learned_alias ORDER BY printed")
	return all, err
}

// directory is the pack's directory with the spellings people taught. A spelling
// that a newer pack gives to another unit no longer counts: the pack is right.
func (s *Service) directory(tx *db.Tx) (*city.Directory, error) {
	all, err := learned(tx)
	if err != nil {
		return nil, err
	}
	dir := s.pack.Directory()
	if with, err := dir.WithAliases(all); err == nil {
		return with, nil
	}
	for _, printed := range slices.Sorted(maps.Keys(all)) {
		if with, err := dir.WithAliases(map[string]city.UnitID{printed: all[printed]}); err == nil {
			dir = with
		}
	}
	return dir, nil
}

// LearnAlias remembers that documents call a unit by this name.
func (s *Service) LearnAlias(ctx context.Context, p org.Principal, printed string, unit city.UnitID) (err error) {
	defer errs.Wrap(&err, "plan.LearnAlias")
	if err := p.May(org.AliasLearn, org.Scope{}); err != nil {
		return err
	}
	var c errs.Check
	printed, err = filled(strings.TrimSpace(printed), 60)
	c.Add("printed", err)
	u, ok := s.pack.Unit(unit)
	c.Require(ok, "unit", "请选择单位名录中的单位")
	if err := c.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		// A spelling that already means something else would make the directory contradict itself.
		all, err := learned(tx)
		if err != nil {
			return err
		}
		all[printed] = unit
		if _, err := s.pack.Directory().WithAliases(all); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO learned_alias (printed, unit_id, learned_by, learned_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (printed) DO UPDATE SET unit_id = $2, learned_by = $3, learned_at = $4`, printed, string(unit), p.ID, tx.NowMilli()); err != nil {
			return err
		}
		return s.record(tx, p, audit.Entry{Action: "alias.learn", ObjectKind: "unit", ObjectID: string(unit), ObjectName: u.Name,
			After: map[string]string{"写法": printed}})
	})
}
