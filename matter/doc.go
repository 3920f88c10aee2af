// Package matter holds what is particular to supervision: the limits of who may
// supervise whom, the ladder of sheets, reviews, praise, the guard against forms
// for their own sake, and the official documents that all these make.
//
// A sheet, a rectification, an objection, a meeting decision are records of
// registers of the pack: their fields, stages, limits and actors are data there.
// Here are only the rules that need more than one record to decide (Guards, which
// the moves of those registers name) and the texts (documents). Every refusal says
// which article stands against it.
package matter
