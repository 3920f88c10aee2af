// Package supervise judges what the plan's figures mean today: the light of each
// target and task, why it shows, and whose turn it is; and it draws these
// together for the cockpit.
//
// A light is computed from verified values only, against the pace that was fixed
// when the list was published, with the thresholds that were frozen with it.
// Missing data is grey, never red and never green. What a person sets by hand
// stands beside the computed light, with a reason and an end.
//
// What a target's value is comes from its measure: figures that units report and
// others verify, or a Source — registers that count records, published series —
// which is asked for sums by day and territory and never for records. Only the scores
// of rectification and service look at records one by one, and keep what they saw.
//
// The rules (Judge, Ladder, Project, ScoreOf) are pure. Board reads the plan room
// and the sources through their functions and computes all lights of a moment; it
// is kept until something there changes or the day ends, and then only what
// changed is judged anew. Proposals of sheets and scores of counties are drawn from
// a board; a person decides what becomes of them.
package supervise
