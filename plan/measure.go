package plan

import (
	"encoding/json"
	"fmt"

	"bihuan/city"
	"bihuan/kit/quantity"
)

// MeasureKind names a way of finding the actual value of a target.
type MeasureKind string

// Reported is the last resort: a unit reports the value, another person verifies it.
// Other kinds count a register, read a published series or a ledger; each comes
// with a Measure of its own and needs no change of targets, lights or pages.
const Reported MeasureKind = "reported"

// Binding ties a target to its measure. Ref means what the kind says it means:
// nothing for Reported, a register's counting rule, a series, an account.
type Binding struct {
	Kind MeasureKind `json:"kind"`
	Ref  string      `json:"ref,omitempty"`
}

func (b Binding) encode() string {
	out, err := json.Marshal(b)
	if err != nil {
		panic(err) // two strings always marshal
	}
	return string(out)
}

func decodeBinding(s string) (b Binding, err error) {
	if err := json.Unmarshal([]byte(s), &b); err != nil {
		return Binding{}, fmt.Errorf("stored measure: %w", err)
	}
	return b, nil
}

// Actual is what a measure knows about a target, for the whole or for one territory.
type Actual struct {
	Value       *quantity.Quantity // verified; nil when nothing is known
	AsOf        string             // the day up to which Value counts
	Pending     *quantity.Quantity // reported, not verified; never decides a light
	PendingAsOf string
	Covered     *quantity.Quantity // the shares that Value speaks for, while some territories are silent; nil when it speaks for all or for none
	Silent      []city.TerritoryID // territories that carry a share and have nothing verified
}
