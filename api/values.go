package api

import (
	"time"

	"github.com/danielgtaylor/huma/v2"

	"bihuan/city"
	"bihuan/kit/quantity"
	"bihuan/plan"
	"bihuan/plan/read"
	"bihuan/supervise"
)

// number describes quantity.Quantity, which writes itself as an exact decimal.
type number struct{}

// Schema implements huma.SchemaProvider.
func (number) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeNumber, Description: "精确小数，最多四位"}
}

// instant is a moment in UTC; nil when there is none.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	u := t.UTC()
	return &u
}

// percent is a share with two decimals: 12.34 for 1234 basis points.
func percent(basisPoints int) quantity.Quantity {
	return quantity.Quantity(basisPoints) * (quantity.Scale / 100)
}

// The parameters below take one of a fixed list of codes, which the rooms own.

type stateParam string

// Schema implements huma.SchemaProvider.
func (stateParam) Schema(huma.Registry) *huma.Schema { return terms(plan.States, "任务状态") }

type importStateParam string

// Schema implements huma.SchemaProvider.
func (importStateParam) Schema(huma.Registry) *huma.Schema {
	return terms(plan.ImportStates, "导入状态")
}

type kindParam string

// Schema implements huma.SchemaProvider.
func (kindParam) Schema(huma.Registry) *huma.Schema {
	kinds := []plan.Term[plan.Kind]{}
	for _, k := range []plan.Kind{plan.KindCity, plan.KindCounty, plan.KindSpecial} {
		kinds = append(kinds, plan.Term[plan.Kind]{Code: k, Label: k.Label()})
	}
	return terms(kinds, "清单类型")
}

type lightParam string

// Schema implements huma.SchemaProvider.
func (lightParam) Schema(huma.Registry) *huma.Schema {
	levels := []plan.Term[supervise.Level]{}
	for _, l := range supervise.Levels {
		levels = append(levels, plan.Term[supervise.Level]{Code: l, Label: l.Label()})
	}
	return terms(levels, "显示的灯色")
}

type categoryParam string

// Schema implements huma.SchemaProvider.
func (categoryParam) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Description: "任务类别"}
	for _, c := range city.TaskCategories() {
		s.Enum = append(s.Enum, string(c))
	}
	return s
}

// terms is the schema of a code, with the meaning of each value in its description.
func terms[T ~string](list []plan.Term[T], what string) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Description: what + "："}
	for i, t := range list {
		s.Enum = append(s.Enum, string(t.Code))
		if i > 0 {
			s.Description += "，"
		}
		s.Description += string(t.Code) + " " + t.Label
	}
	return s
}

// span is a piece of the document's text, in bytes.
type span struct {
	Start int `json:"start" doc:"起始字节"`
	End   int `json:"end" doc:"结束字节（不含）"`
}

func spanOf(s read.Span) *span {
	if s.End <= s.Start {
		return nil
	}
	return &span{s.Start, s.End}
}

func unitIDs(ids []city.UnitID) []string {
	return each(ids, func(id city.UnitID) string { return string(id) })
}
