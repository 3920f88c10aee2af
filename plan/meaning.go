package plan

import (
	"strings"

	"bihuan/kit/quantity"
	"bihuan/plan/read"
)

// Meaning says in one sentence what reaching the target takes: what Judge holds
// it against, in the words of officials.
func (t Target) Meaning() string {
	if t.Kind == Comparison {
		return "与对比对象相差大于 0 个百分点为完成"
	}
	if t.Value == nil {
		if t.QuantifyBy == "" {
			return "还没有数值，补充目标值以后才能比对进度"
		}
		return "还没有数值，应于 " + t.QuantifyBy + " 前补充目标值"
	}
	s := t.measured() + t.bar()
	if t.Aspirational {
		s += "；力争目标，不因数量亮红灯"
	}
	return s
}

// measured says which number is looked at.
func (t Target) measured() string {
	switch {
	case t.Kind == Rate && t.Change == read.ChangeUp:
		return "增幅"
	case t.Kind == Rate && t.Change == read.ChangeDown:
		return "降幅"
	case t.Kind == Flow && t.Cumulative:
		return "历年累计"
	case t.Kind == Flow:
		return "当年累计"
	case t.Kind == Stock:
		return "期末总量"
	}
	return ""
}

// bar says what the number must be.
func (t Target) bar() string {
	v := Amount(*t.Value, t.Unit)
	switch t.Comparator {
	case read.Above:
		return "超过 " + v + " 为完成，正好 " + v + " 不算"
	case read.Below:
		return "低于 " + v + " 为完成，正好 " + v + " 不算"
	case read.AtMost:
		return "不超过 " + v + " 为完成"
	case read.About:
		return "达到 " + v + " 左右为完成" + t.slack()
	case read.Range:
		if t.ValueMax != nil {
			return "达到 " + v + " 为完成，" + Amount(*t.ValueMax, t.Unit) + " 为争取"
		}
	case read.Equal, read.AtLeast:
	}
	return "达到 " + v + " 为完成"
}

// slack says what 左右 still allows.
func (t Target) slack() string {
	least, err := t.Value.MulDiv(whole-nearly, whole)
	if err != nil {
		return ""
	}
	return "（不少于 " + Amount(least, t.Unit) + "）"
}

// Explain says how the pace runs: 均衡推进，2026-01-01 至 2026-12-31.
func (c Curve) Explain() string {
	s := c.Kind.Label()
	if c.Kind == Flat {
		return s
	}
	parts := []string{s + "，" + c.Start.String() + " 至 " + c.End.String()}
	for _, step := range c.Steps {
		parts = append(parts, step.On.String()+" 达 "+percentText(step.Share)+"%")
	}
	for i, p := range c.Points {
		parts = append(parts, quantity.Of(int64(i+1)).String()+"月 "+percentText(p)+"%")
	}
	return strings.Join(parts, "；")
}
