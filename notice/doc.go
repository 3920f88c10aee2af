// Package notice tells units and people what they should know, seldom and once.
//
// Any room puts a notice in the transaction of its own change (Put). The same matter,
// named by a key, is told to one recipient only once, however often it is put. People
// find their own notices and those of their unit in an inbox; what is read is known to
// each person alone.
//
// A unit's notices also go out, gathered into a digest: at most one for a unit and a
// working day, at a set hour, never on a holiday. What was put on days off is in the
// digest of the next working day. The digest, the mark on its notices and the jobs that
// send it are written in one transaction, so neither a restart nor a crash sends two or
// loses a notice. Sending itself happens at least once: a repeated letter has the same
// Message-ID, a repeated event the same id.
//
// # Webhooks
//
// An event is a POST of JSON ({"id", "type", "unit", "day", "count", "notices"}) with
// these headers:
//
//	Bihuan-Event      digest or test
//	Bihuan-Event-Id   the same in every repetition of an event
//	Bihuan-Timestamp  seconds since 1970, when this attempt was made
//	Bihuan-Signature  v1= and HMAC-SHA256(secret, timestamp + "." + body) in hexadecimal
//
// A receiver computes the signature over the bytes as they came, compares in constant
// time, refuses timestamps more than five minutes (ReplayWindow) from its own clock and
// event ids that it has seen, and answers 2xx. Redirects are not followed. Addresses of
// this machine and of private networks are refused unless the operator allows them; the
// address is checked when the connection is made, not when the name was typed. Plain
// HTTP goes only to addresses that the operator allowed.
//
// # Settings
//
// The file notice.yaml in the data folder; see Settings. Without it there is no e-mail.
package notice
