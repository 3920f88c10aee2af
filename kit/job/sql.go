package job

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"bihuan/kit/db"
	"bihuan/kit/errs"
)

const columns = `id, kind, payload, state, run_at, lease_until, attempts, max_attempts, unique_key, last_error, created_at, finished_at`

func scan(s db.Scanner) (j Job, err error) {
	var payload string
	var runAt, lease, created, finished int64
	err = s.Scan(&j.ID, &j.Kind, &payload, &j.State, &runAt, &lease, &j.Attempts, &j.MaxAttempts, &j.UniqueKey, &j.LastError, &created, &finished)
	j.Payload = json.RawMessage(payload)
	j.RunAt, j.LeaseUntil, j.CreatedAt, j.FinishedAt = moment(runAt), moment(lease), moment(created), moment(finished)
	return j, err
}

// moment reads a column of milliseconds; 0 is none.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Enqueue adds a job in the caller's transaction and returns its identifier.
// With a UniqueKey that is taken by a waiting or running job it adds nothing and
// returns that job's identifier.
func Enqueue[T any](tx *db.Tx, kind Kind[T], payload T, opt Options) (_ string, err error) {
	defer errs.Wrap(&err, "job.Enqueue(%s)", kind)
	if opt.UniqueKey != "" {
		id, err := find(tx, string(kind), opt.UniqueKey, Waiting, Running)
		if err != nil || id != "" {
			return id, err
		}
	}
	return add(tx, string(kind), payload, opt)
}

// EnsureAt adds the job of a moment unless that moment had one already, waiting,
// running or finished: so repeated calls and several instances make one job.
// Finished jobs must be kept longer than the distance of two moments.
func EnsureAt[T any](tx *db.Tx, kind Kind[T], payload T, at time.Time) (err error) {
	defer errs.Wrap(&err, "job.EnsureAt(%s)", kind)
	return ensureAt(tx, string(kind), payload, at)
}

func ensureAt(tx *db.Tx, kind string, payload any, at time.Time) error {
	key := "at " + at.UTC().Format(time.RFC3339)
	id, err := find(tx, kind, key, Waiting, Running, Done, Failed)
	if err != nil || id != "" {
		return err
	}
	_, err = add(tx, kind, payload, Options{RunAt: at, UniqueKey: key})
	return err
}

// find gives the newest job with a unique key in one of the states, "" for none.
func find(tx *db.Tx, kind, key string, states ...State) (id string, err error) {
	args := []any{kind, key}
	for _, s := range states {
		args = append(args, string(s))
	}
	err = tx.Each(func(s db.Scanner) error { return s.Scan(&id) },
		`SELECT id FROM job WHERE kind = $1 AND unique_key = $2 AND state IN `+db.In(3, len(states))+` ORDER BY id DESC LIMIT 1`, args...)
	return id, err
}

func add(tx *db.Tx, kind string, payload any, opt Options) (string, error) {
	text, err := json.Marshal(payload)
	if err != nil {
		return "", fmt.Errorf("marshal the payload: %w", err)
	}
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	if opt.RunAt.IsZero() {
		opt.RunAt = tx.Now()
	}
	if opt.MaxAttempts <= 0 {
		opt.MaxAttempts = DefaultAttempts
	}
	_, err = tx.Exec(`INSERT INTO job (`+columns+`) VALUES ($1,$2,$3,'waiting',$4,0,0,$5,$6,'',$7,0)`,
		id, kind, string(text), opt.RunAt.UnixMilli(), opt.MaxAttempts, opt.UniqueKey, tx.NowMilli())
	return id, err
}

// due is the condition for a claim at $1; kinds follow from $2.
func due(kinds []string) (string, []any) {
	args := make([]any, 0, len(kinds))
	for _, k := range kinds {
		args = append(args, k)
	}
	return `(state = 'waiting' AND run_at <= $1 OR state = 'running' AND lease_until < $1) AND kind IN ` + db.In(2, len(kinds)), args
}

// anyDue looks, without the writer's lock, whether a claim would find something.
func anyDue(tx *db.Tx, kinds []string) (found bool, err error) {
	condition, args := due(kinds)
	err = tx.Each(func(s db.Scanner) error { found = true; return s.Scan(new(string)) },
		`SELECT id FROM job WHERE `+condition+` LIMIT 1`, append([]any{tx.NowMilli()}, args...)...)
	return found, err
}

// claim takes up to n due jobs under a lease. A job whose worker died in its last
// attempt is not taken again but fails.
func claim(tx *db.Tx, kinds []string, n int, lease time.Duration) ([]Job, error) {
	now := tx.NowMilli()
	if _, err := tx.Exec(`UPDATE job SET state = 'failed', finished_at = $1, lease_until = 0, last_error = $2
		WHERE state = 'running' AND lease_until < $1 AND attempts >= max_attempts`, now, "执行者中断，且已到最多次数"); err != nil {
		return nil, err
	}
	condition, args := due(kinds)
	args = append([]any{now}, args...)
	args = append(args, now+lease.Milliseconds(), n)
	query := fmt.Sprintf(`UPDATE job SET state = 'running', attempts = attempts + 1, lease_until = $%d
		WHERE id IN (SELECT id FROM job WHERE %s ORDER BY run_at, id LIMIT $%d) RETURNING %s`, len(args)-1, condition, len(args), columns)
	var jobs []Job
	err := tx.Each(func(s db.Scanner) error {
		j, err := scan(s)
		jobs = append(jobs, j)
		return err
	}, query, args...)
	slices.SortFunc(jobs, func(a, b Job) int {
		if c := a.RunAt.Compare(b.RunAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return jobs, err
}

// renew extends the lease of a claimed job, or gives errLost.
func renew(tx *db.Tx, j Job, lease time.Duration) error {
	return tx.Must(errLost, `UPDATE job SET lease_until = $1 WHERE id = $2 AND state = 'running' AND attempts = $3`,
		tx.NowMilli()+lease.Milliseconds(), j.ID, j.Attempts)
}

// settle records the outcome of a claimed job, or gives errLost.
func settle(tx *db.Tx, j Job, o outcome) error {
	runAt, finished := j.RunAt.UnixMilli(), tx.NowMilli()
	if o.state == Waiting {
		runAt, finished = o.runAt.UnixMilli(), 0
	}
	return tx.Must(errLost, `UPDATE job SET state = $1, run_at = $2, finished_at = $3, last_error = $4, attempts = $5, lease_until = 0
		WHERE id = $6 AND state = 'running' AND attempts = $7`, string(o.state), runAt, finished, o.lastError, o.attempts, j.ID, j.Attempts)
}

// Get returns one job, or NotFound.
func Get(tx *db.Tx, id string) (j Job, err error) {
	err = tx.One(errs.New(errs.NotFound, "没有这个后台任务"), func(s db.Scanner) (err error) { j, err = scan(s); return err },
		`SELECT `+columns+` FROM job WHERE id = $1`, id)
	return j, err
}

// List returns up to limit jobs in a state, the newest first; before is the
// identifier of the last job of the page before, or empty.
func List(tx *db.Tx, state State, before string, limit int) (out []Job, err error) {
	args := []any{string(state), min(max(limit, 1), 1000)}
	older := ""
	if before != "" {
		older, args = ` AND id < $3`, append(args, before)
	}
	err = tx.Each(func(s db.Scanner) error {
		j, err := scan(s)
		out = append(out, j)
		return err
	}, `SELECT `+columns+` FROM job WHERE state = $1`+older+` ORDER BY id DESC LIMIT $2`, args...)
	return out, err
}

// Count is how many jobs of a kind are in a state, and the earliest RunAt among them.
type Count struct {
	Kind   string
	State  State
	Number int
	Oldest time.Time
}

// Counts sums the table up for operators, by kind and state.
func Counts(tx *db.Tx) (out []Count, err error) {
	err = tx.Each(func(s db.Scanner) error {
		var c Count
		var oldest int64
		err := s.Scan(&c.Kind, &c.State, &c.Number, &oldest)
		c.Oldest = moment(oldest)
		out = append(out, c)
		return err
	}, `SELECT kind, state, count(*), min(run_at) FROM job GROUP BY kind, state ORDER BY kind, state`)
	return out, err
}

// Retry lets a failed job start over; anything else is a Conflict. When another
// job with its unique key is on its way, that one will do, and this is a Conflict too.
func Retry(tx *db.Tx, id string) error {
	return tx.Must(errs.New(errs.Conflict, "只有失败的后台任务可以重试"),
		`UPDATE job SET state = 'waiting', attempts = 0, run_at = $1, finished_at = 0 WHERE id = $2 AND state = 'failed'`, tx.NowMilli(), id)
}

// Prune removes jobs that were done before a moment and returns their number. Failed ones stay.
func Prune(tx *db.Tx, before time.Time) (int64, error) {
	return tx.Exec(`DELETE FROM job WHERE state = 'done' AND finished_at < $1`, before.UnixMilli())
}
