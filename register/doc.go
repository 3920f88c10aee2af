// Package register keeps the things that a plan counts and the cases that its
// people handle: childcare stations, parcel points, certificates, events, shops,
// enterprise requests, supervision sheets, rectifications.
//
// A register is data: a YAML file of the city pack names its fields, keys, stages,
// counting rules, proofs and checks (Definition). A record moves through the
// stages; each move says who may make it, what it needs and who must not have made
// the one before. A new kind of thing is a new file, never new code.
//
// Every number is a sum over records. A record's contribution to each count is a
// handful of signed deltas on days (Delta): +1 on the day its proof takes effect, −1
// on the day it ends. They are kept added up for each count, territory and day, in
// the transaction that changes the record. So a value at any date and for any
// territory costs a short range of an index, a proof that runs out leaves the count
// on its day without anybody doing anything, and a rebuild from the records must
// give the same rows.
//
// A zone's records stand under the zone alone; the district that holds it is
// asked for in a caliber, which adds them or not, and never twice.
package register
