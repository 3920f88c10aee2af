package admin

import (
	"context"
	"time"

	"bihuan/app"
	"bihuan/kit/audit"
	"bihuan/kit/blob"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/job"
	"bihuan/org"
	"bihuan/schema"
)

// health is the state of the running program for those who keep it running.
type health struct {
	app     *app.App
	version string
}

// failedShown is how many failed jobs the page lists.
const failedShown = 50

// state is what the page of the system shows.
type state struct {
	Version   string
	Engine    db.Engine
	Schema    int64
	DataBytes int64 // of the database
	Files     int   // stored attachments
	FileBytes int64
	Jobs      []job.Count
	Failed    []job.Job // the newest first, at most failedShown
	Entries   int64     // of the audit log
	Checked   time.Time
}

// read looks at everything once. Needs system.read.
func (h health) read(ctx context.Context, p org.Principal) (s state, err error) {
	defer errs.Wrap(&err, "read the state of the system")
	if err := p.May(org.SystemRead, org.Scope{}); err != nil {
		return s, err
	}
	s = state{Version: h.version, Engine: h.app.DB.Engine(), Checked: h.app.DB.Now()}
	if s.Schema, err = h.app.DB.SchemaVersion(ctx, schema.FS); err != nil {
		return s, err
	}
	err = h.app.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if s.DataBytes, err = databaseBytes(tx); err != nil {
			return err
		}
		if s.Jobs, err = job.Counts(tx); err != nil {
			return err
		}
		if s.Failed, err = job.List(tx, job.Failed, "", failedShown); err != nil {
			return err
		}
		head, err := h.app.Log.Head(tx)
		s.Entries = head.Seq
		return err
	})
	if err != nil {
		return s, err
	}
	err = h.app.Blobs.Walk(ctx, func(r blob.Ref) error {
		s.Files++
		s.FileBytes += r.Size
		return nil
	})
	return s, err
}

// databaseBytes is how much room the database takes, as the engine tells it.
func databaseBytes(tx *db.Tx) (n int64, err error) {
	query := `SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()`
	if tx.Engine() == db.PostgreSQL {
		query = `SELECT pg_database_size(current_database())`
	}
	err = tx.One(errs.New(errs.Internal, "无法读取数据库大小"), func(r db.Scanner) error { return r.Scan(&n) }, query)
	return n, err
}

// retry lets a failed job start over, and notes who wanted it. Needs system.read,
// by a person on a page: the system administrator has no other business with jobs.
func (h health) retry(ctx context.Context, p org.Principal, id string) (err error) {
	defer errs.Wrap(&err, "retry job %s", id)
	if err := p.May(org.SystemRead, org.Scope{}); err != nil {
		return err
	}
	err = h.app.DB.Write(ctx, func(tx *db.Tx) error {
		j, err := job.Get(tx, id)
		if err != nil {
			return err
		}
		if err := job.Retry(tx, id); err != nil {
			return err
		}
		return h.app.Log.Append(tx, p.Actor(), audit.Entry{Action: "job.retry", ObjectKind: "job", ObjectID: j.ID, ObjectName: jobLabel(j.Kind),
			Before: map[string]any{"attempts": j.Attempts, "error": j.LastError}})
	})
	if err == nil {
		h.app.Jobs.Wake()
	}
	return err
}
