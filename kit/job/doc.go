// Package job runs background work from a table of the database.
//
// A job is enqueued in the transaction of the change that asks for it, so that
// both happen or neither. Workers claim due jobs under a lease, renew it while
// they work, and record the outcome. A job whose worker died is taken again when
// its lease has run out. So every job runs at least once, and a handler must bear
// running twice.
//
//	            Enqueue                claim                handler returned nil
//	(nothing) ──────────▶ waiting ──────────────▶ running ─────────────────────▶ done
//	                         ▲                       │
//	                         │   failed, with a pause│  last attempt failed, or
//	                         ├───────────────────────┤  a Permanent error
//	                         │   lease ran out       └─────────────────────────▶ failed
//	                         └─────── Retry by an operator ────────────────────────┘
//
// Claims need no row locks: db.Write has one writer at a time on both engines.
// The number of attempts is also the fence: a worker that lost its lease finds
// another number in the row and records nothing.
package job
