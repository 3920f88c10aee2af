package api

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"bihuan/kit/db"
	"bihuan/kit/errs"
)

// keptFor is how long a key keeps its answer.
const keptFor = 72 * time.Hour

// interruptedAfter is when a running key must have been left behind by a program
// that stopped: much longer than effectTime.
const interruptedAfter = 5 * effectTime

// keyState is what a key was found in.
type keyState int

const (
	keyFree        keyState = iota // nobody used it: now it is claimed
	keyAnswered                    // used for the same input, and answered
	keyOther                       // used for other input
	keyRunning                     // its request is being worked on
	keyInterrupted                 // its request began and never ended
)

// found is a key with the answer that it has, for keyAnswered.
type found struct {
	state  keyState
	status int
	answer stored
}

// replies keeps the answers of writing requests in the table idempotency, which
// is this room's own. A row with status 0 is a claim.
type replies struct{ db *db.DB }

// claim finds out what a key was used for and claims it when it is free. Writers
// are serialised, so of many claims at once exactly one finds it free.
func (r *replies) claim(ctx context.Context, token, key, hash string) (f found, err error) {
	defer errs.Wrap(&err, "api.claim")
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		f = found{}
		free := errs.New(errs.NotFound, "")
		var kept, text string
		var status, at int64
		err := tx.One(free, func(s db.Scanner) error { return s.Scan(&kept, &status, &text, &at) },
			"SELECT input_hash, status, answer, at FROM idempotency WHERE token_id = $1 AND key = $2", token, key)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		age := tx.Now().Sub(time.UnixMilli(at))
		if err != nil || age >= keptFor {
			return insertClaim(tx, token, key, hash)
		}
		f.state, f.status = stateOf(kept == hash, status, age), int(status)
		if f.state != keyAnswered {
			return nil
		}
		if err := json.Unmarshal([]byte(text), &f.answer); err != nil {
			return fmt.Errorf("stored answer: %w", err)
		}
		return nil
	})
	return f, err
}

// stateOf judges a kept row.
func stateOf(same bool, status int64, age time.Duration) keyState {
	switch {
	case !same:
		return keyOther
	case status != 0:
		return keyAnswered
	case age >= interruptedAfter:
		return keyInterrupted
	}
	return keyRunning
}

func insertClaim(tx *db.Tx, token, key, hash string) error {
	if _, err := tx.Exec("DELETE FROM idempotency WHERE token_id = $1 AND key = $2", token, key); err != nil {
		return err
	}
	_, err := tx.Exec("INSERT INTO idempotency (token_id, key, input_hash, status, answer, at) VALUES ($1, $2, $3, 0, '', $4)", token, key, hash, tx.NowMilli())
	return err
}

// keep stores the answer of a claimed key.
func (r *replies) keep(ctx context.Context, token, key string, a *capture) (err error) {
	defer errs.Wrap(&err, "api.keep")
	text, err := a.encode()
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(tx *db.Tx) error {
		return tx.Must(errs.New(errs.NotFound, "键已不在"), "UPDATE idempotency SET status = $3, answer = $4 WHERE token_id = $1 AND key = $2 AND status = 0", token, key, a.status, text)
	})
}

// release gives up a claim that had no effect.
func (r *replies) release(ctx context.Context, token, key string) (err error) {
	defer errs.Wrap(&err, "api.release")
	return r.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec("DELETE FROM idempotency WHERE token_id = $1 AND key = $2 AND status = 0", token, key)
		return err
	})
}

// prune deletes what is older than keptFor.
func (r *replies) prune(ctx context.Context) (removed int64, err error) {
	defer errs.Wrap(&err, "api.PruneAnswers")
	err = r.db.Write(ctx, func(tx *db.Tx) (err error) {
		removed, err = tx.Exec("DELETE FROM idempotency WHERE at <= $1", tx.Now().Add(-keptFor).UnixMilli())
		return err
	})
	return removed, err
}
