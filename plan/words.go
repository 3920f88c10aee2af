package plan

import (
	"strings"

	"bihuan/kit/quantity"
	"bihuan/plan/read"
)

// Amount writes a quantity the way documents print it: 1300, 4万, 1.2亿, with the unit.
func Amount(q quantity.Quantity, unit string) string {
	if unit == "%" {
		return q.String() + "%"
	}
	for _, w := range tenThousands[1:] { // no document prints 万亿 of what a plan counts
		step := quantity.Of(w.by)
		if q >= step && q%(step/100) == 0 {
			scaled, err := q.MulDiv(1, w.by)
			if err == nil {
				return scaled.String() + w.word + unit
			}
		}
	}
	return q.String() + unit
}

// Pledge is the target in one short phrase: 山东老字号 2–3家.
func (t Target) Pledge() string {
	return pledge(t.Subject, t.Kind, t.Comparator, t.Value, t.ValueMax, t.Unit, t.Words, t.Change)
}

// Pledge is the target in one short phrase.
func (g DraftTarget) Pledge() string {
	return pledge(g.Subject, g.Kind, g.Comparator, g.Value, g.ValueMax, g.Unit, g.Words, g.Change)
}

func pledge(subject string, kind TargetKind, c read.Comparator, value, most *quantity.Quantity, unit, words string, change read.Change) string {
	if value == nil || kind == Comparison {
		return strings.TrimSpace(subject + " " + words)
	}
	verb := ""
	if strings.HasPrefix(unit, "%") || strings.HasSuffix(unit, "百分点") || kind == Rate { // 新增 2 家 is no growth rate
		verb = map[read.Change]string{read.ChangeUp: "增长", read.ChangeDown: "下降"}[change]
	}
	n := Amount(*value, unit)
	switch c {
	case read.Equal:
	case read.AtLeast:
		n = "≥ " + n
	case read.Above:
		n = "> " + n
	case read.About:
		n += "左右"
	case read.AtMost:
		n = "≤ " + n
	case read.Below:
		n = "< " + n
	case read.Range:
		if most != nil {
			n = Amount(*value, "") + "–" + Amount(*most, unit)
		}
	}
	return strings.TrimSpace(subject + " " + verb + n)
}
