// Package supervise judges what the plan's figures mean today: the light of each
// target and task, why it shows, and whose turn it is; and it draws these
// together for the cockpit.
//
// A light is computed from verified values only, against the pace that was fixed
// when the list was published, with the thresholds that were frozen with it.
// Missing data is grey, never red and never green. What a person sets by hand
// stands beside the computed light, with a reason and an end.
//
// The rules (Judge, Worst) are pure. Board reads the plan room through its
// functions and computes all lights of a moment; it is kept until something in
// the plan room changes or the day ends.
package supervise
