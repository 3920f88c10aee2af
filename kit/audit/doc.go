// Package audit keeps the chain of who did what to what, when and why.
//
// Every change of the program's data appends one entry in the same transaction
// as the change, so that neither exists without the other. An entry keeps the
// names as they were; it refers to nothing that could change afterwards.
//
// # Format "bihuan-audit-1"
//
// An entry's content is a list of fields: seq, at, actor_id, actor_name,
// actor_unit, via, action, object_kind, object_id, object_name, before, after,
// reason. Its canonical bytes are the text "bihuan-audit-1" followed by
// prev_hash and all those fields in that order, each written as its length in
// bytes (4 bytes, big endian) and its UTF-8 bytes. Numbers are written in
// decimal; at is milliseconds since 1970 in UTC; before and after are the JSON
// text exactly as stored, empty for none.
//
//	hash      = SM3(canonical bytes), 64 hexadecimal digits
//	prev_hash = hash of the entry with seq-1; 64 zeros for seq 1
//	mac       = HMAC-SM3(key, hash), made by the keyring outside the database
//
// The hashes let anybody with an export check that nothing inside was changed,
// left out or moved. The MACs let the owner of the key see that the whole chain
// was not computed anew by somebody with write access to the database. A cut
// tail shows only against a head that was kept elsewhere: keep the head of
// every export on paper or on another system and ask CheckHead.
//
// # Retention
//
// Nothing here deletes. The Cybersecurity Law (网络安全法) asks for logs of at
// least six months; records of providing and entrusting personal data are kept
// for three years (网络数据安全管理条例 art. 12), so operators archive exports
// for three years or longer and never prune the table.
package audit
