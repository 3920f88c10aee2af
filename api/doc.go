// Package api is the face for other programs: REST under /api/v1, described by
// an OpenAPI 3.1 document at /api/v1/openapi.json (and .yaml) and by a page for
// people at /api/v1/docs.
//
// What belongs here: routes, the shape of requests and answers, tokens, rate
// limits, repeated requests and refusals as problem documents (RFC 9457). What
// does not: any rule of the business, any permission of its own, and any other
// room's tables. A handler calls the same use case as the page does and draws
// the answer.
//
// A request passes these stations in this order; the first that refuses ends it:
//
//	route known? ─▶ token ─▶ rate ─▶ read-only token? ─▶ Idempotency-Key (writing only) ─▶ parse ─▶ use case ─▶ answer
//
// Nothing rests on cookies, so no other site can make a browser act here.
//
// # Numbers and times
//
// Amounts are exact decimal numbers with at most four decimals. Civil dates are
// YYYY-MM-DD, instants RFC 3339 in UTC. A field that is absent is not known or
// does not apply; an empty list is always present as [].
//
// # Repeated requests
//
// A writing request carries an Idempotency-Key. Of all requests of one token with
// one key, at most one has an effect, whatever happens meanwhile:
//
//	(none) ──claim──▶ running ──answer──▶ answered ──72 h──▶ (none)
//	                    │  └──unavailable──▶ (none)
//	                    └──the program stopped──▶ interrupted: refused until 72 h are over
//
// The claim is committed before the use case runs and the answer after it. When
// the program stops in between, nobody knows whether the effect happened, so
// the key is never run again: the caller looks first and takes a new key.
//
// The answer to a change is made without reading again, so that no fault can
// follow the effect and free its key. An answer with a personal value is not kept: a
// repetition of its key is told so, and has no second effect. Because answers are kept by token, records
// whose author is not kept are entered on pages only.
package api
