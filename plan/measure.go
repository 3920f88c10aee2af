package plan

import (
	"encoding/json"
	"fmt"
	"strings"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
)

// MeasureKind names a way of finding the actual value of a target.
type MeasureKind string

// The kinds of measure. All but Reported read what other rooms hold, so that
// nobody types a number that the program can count; supervise finds the values.
const (
	Register MeasureKind = "register" // counting rules of registers, "parcel-point/open"; several joined by +
	Series   MeasureKind = "series"   // a published series held against another's, by the id of the indicator
	Ledger   MeasureKind = "ledger"   // an account of the money room
	Reported MeasureKind = "reported" // the last resort: a unit reports the value, another person verifies it
)

// MeasureKinds lists the kinds in the order in which forms offer them.
var MeasureKinds = []Term[MeasureKind]{{Register, "台账计数"}, {Series, "统计数据"}, {Ledger, "资金账"}, {Reported, "单位填报"}}

// Label is the kind in the words of officials.
func (k MeasureKind) Label() string { return labelOf(MeasureKinds, k) }

// Binding ties a target to its measure. Ref means what the kind says it means:
// nothing for Reported, counting rules, a series, an account.
type Binding struct {
	Kind MeasureKind `json:"kind"`
	Ref  string      `json:"ref,omitempty"`
	// Chosen says that a person set it, so that a new version of the list leaves it.
	Chosen bool `json:"chosen,omitempty"`
}

// Refs are the single references whose values add up to the target's.
func (b Binding) Refs() []string {
	if b.Ref == "" {
		return nil
	}
	refs := strings.Split(b.Ref, "+")
	for i := range refs {
		refs[i] = strings.TrimSpace(refs[i])
	}
	return refs
}

// Bound reports whether the value comes from another room, so that nobody reports it.
func (b Binding) Bound() bool { return b.Kind != Reported }

// Measures knows what can be measured in this installation.
type Measures interface {
	// Check refuses a kind that no room serves yet, a reference that its room does not
	// have, and one that counts something else than targets of the kind ask for.
	Check(kind MeasureKind, ref string, target TargetKind) error
	// Where says where the records behind a reference are entered, for the person
	// who looked for a form: "台账“村级快递服务站点”".
	Where(kind MeasureKind, ref string) string
}

// checkBinding refuses a measure that does not fit the target or is not there.
func (s *Service) checkBinding(t Target, b Binding) error {
	if !known(MeasureKinds, b.Kind) {
		return errs.New(errs.Invalid, "没有“%s”这种数据来源", b.Kind)
	}
	if b.Kind == Reported {
		if b.Ref != "" {
			return errs.New(errs.Invalid, "单位填报的目标不用写数据来源编号")
		}
		return nil
	}
	refs := b.Refs()
	switch {
	case !t.Quantified():
		return errs.New(errs.Invalid, "“%s”还没有量化：请先补充目标值，再绑定数据来源", t.Subject)
	case len(refs) == 0:
		return errs.New(errs.Invalid, "请写明%s的编号", b.Kind.Label())
	case b.Kind == Series && (t.Summable() || len(refs) > 1):
		return errs.New(errs.Invalid, "统计数据只用于增速和比较类目标，每项目标一个指标")
	case b.Kind != Series && !t.Summable():
		return errs.New(errs.Invalid, "“%s”是%s，不能用%s计数", t.Subject, t.Kind.Label(), b.Kind.Label())
	case s.measures == nil:
		return errs.New(errs.Unavailable, "“%s”还没有接入本系统：这项目标暂由单位填报", b.Kind.Label())
	}
	for _, ref := range refs {
		if err := s.measures.Check(b.Kind, ref, t.Kind); err != nil {
			return err
		}
	}
	return nil
}

// refuseReport tells who would report a value that is counted where to enter things instead.
func (s *Service) refuseReport(t Target) error {
	if !t.Measure.Bound() {
		return nil
	}
	where := t.Measure.Kind.Label()
	if s.measures != nil {
		var places []string
		for _, ref := range t.Measure.Refs() {
			places = append(places, s.measures.Where(t.Measure.Kind, ref))
		}
		where = strings.Join(places, "、")
	}
	return errs.New(errs.Conflict, "“%s”的数由%s自动得出，不用填报：请到那里登记，核验后自动计入", t.Subject, where)
}

func (b Binding) encode() string {
	out, err := json.Marshal(b)
	if err != nil {
		panic(err) // texts always marshal
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
