package demo

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/register"
	"bihuan/supervise"
)

// maker invents the values of one record after its register's definition.
type maker struct {
	rng       *rand.Rand
	pack      *city.Pack
	d         *register.Definition
	n         int // of the record: no two have the same
	territory city.TerritoryID
	day       calendar.Date // from which it counts
	today     calendar.Date
	fixed     map[string]string // values that are given
	task      *supervise.TaskLight
	refs      map[register.ID][]string // records that may be referred to
	words     *words
	note      string // after the title
	speech
}

// values are those of an entry: what is asked for then, and most of what may be
// filled in. What a move fills in later stays empty.
func (m *maker) values() map[string]string {
	later := map[string]bool{}
	for _, s := range m.d.Stages {
		for _, mv := range s.Moves {
			for _, name := range mv.Needs {
				later[name] = true
			}
		}
	}
	values := map[string]string{}
	for _, f := range m.d.Fields {
		if f.Required || m.checked(f.Name) || f.Type == register.Longitude || f.Type == register.Latitude || !later[f.Name] && (m.fixed[f.Name] != "" || m.rng.IntN(8) > 0) {
			if v := m.value(f); v != "" {
				values[f.Name] = v
			}
		}
	}
	values[m.d.Title] += m.note
	return values
}

// keys are what no second record of the register may have.
func (m *maker) keys(values map[string]string) (keys []string) {
	for _, u := range m.d.Unique {
		key := string(m.d.ID) + "/" + u.Name
		if u.Local {
			key += "/" + string(m.territory)
		}
		for _, name := range u.Fields {
			if values[name] == "" {
				key = ""
				break
			}
			key += "\n" + values[name]
		}
		if key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

func (m *maker) titleKey(values map[string]string) string {
	return string(m.d.ID) + "\n" + values[m.d.Title]
}

// checked reports whether an empty value would be noted.
func (m *maker) checked(name string) bool {
	return slices.ContainsFunc(m.d.Checks, func(c register.Check) bool { return c.Kind == register.CheckMinimum && c.Field == name })
}

// truth is either, but mostly what a way forward asks for.
func (m *maker) truth(name string) string {
	for _, s := range m.d.Stages {
		for _, mv := range s.Moves {
			for _, c := range mv.Where {
				if c.Field == name && m.rng.IntN(6) > 0 {
					return c.In[0]
				}
			}
		}
	}
	return []string{"是", "否"}[m.rng.IntN(2)]
}

// value is one value in the form of its type, the same whenever it is asked for; ""
// when there is nothing to refer to.
func (m *maker) value(f register.Field) string {
	if v, ok := m.have[f.Name]; ok {
		return v
	}
	v, ok := m.fixed[f.Name]
	if !ok {
		v, ok = m.said(f)
	}
	if !ok {
		v = m.general(f)
	}
	m.have[f.Name] = v
	return v
}

// general is a value of which there are no words.
func (m *maker) general(f register.Field) string {
	switch f.Type {
	case register.Text, register.LongText:
		return m.text(f)
	case register.Number:
		return m.number(f)
	case register.Date:
		return m.date(f)
	case register.Choice:
		return f.Options[m.rng.IntN(len(f.Options))]
	case register.Many:
		return strings.Join(f.Options[:1+m.rng.IntN(min(3, len(f.Options)))], "、")
	case register.Truth:
		return m.truth(f.Name)
	case register.USCC:
		return checkedUSCC(fmt.Sprintf("91%sDEMX%05d", m.code(), m.n%100_000))
	case register.IDNumber:
		return checkedID(fmt.Sprintf("00000019800101%03d", m.n%1000))
	case register.Phone:
		return fmt.Sprintf("0000%07d", m.n)
	case register.Longitude: // open sea
		return fmt.Sprintf("130.%04d", m.n*37%10_000)
	case register.Latitude:
		return fmt.Sprintf("20.%04d", m.n*91%10_000)
	case register.Link:
		return fmt.Sprintf("https://demo.example.com/%d", m.n)
	case register.UnitRef:
		return string(m.unit())
	case register.TaskRef:
		if m.task == nil {
			return ""
		}
		return m.task.ID
	case register.RecordRef:
		if ids := m.refs[f.Of]; len(ids) > 0 {
			return ids[m.n%len(ids)]
		}
	}
	return ""
}

// unit is a unit that something is handed to: that of the task, or any bureau.
func (m *maker) unit() city.UnitID {
	if m.task != nil && m.task.LeadUnit != "" {
		return m.task.LeadUnit
	}
	var all []city.UnitID
	for _, u := range m.pack.Units {
		if u.Kind == city.KindBureau {
			all = append(all, u.ID)
		}
	}
	return all[m.rng.IntN(len(all))]
}

// code are the six digits of the territory, for a zone those of the district around it.
func (m *maker) code() string {
	t, ok := m.pack.Territory(m.territory)
	if ok && t.InsideOf != "" {
		t, ok = m.pack.Territory(t.InsideOf)
	}
	if !ok {
		t = m.pack.Root()
	}
	return t.Code
}

func (m *maker) text(f register.Field) string {
	t, _ := m.pack.Territory(m.territory)
	switch {
	case f.Pattern != "":
		return m.patterned(f)
	case f.Name == m.d.Title:
		return fmt.Sprintf("演示%s%s%d", t.Short, m.d.Short, m.n)
	case f.Personal:
		return "演示人员"
	case f.Name == m.d.Place.Address:
		return fmt.Sprintf("%s演示路%d号", t.Name, m.n)
	}
	return fmt.Sprintf("演示%s%d", f.Label, m.n)
}

// patterned is a text in the form of a pattern: a month, a year or a time where
// that fits, else any. Where the digits of the place are compared, they are right.
func (m *maker) patterned(f register.Field) string {
	re := regexp.MustCompile(f.Pattern)
	for _, s := range []string{m.day.String()[:7], m.day.String()[:4], fmt.Sprintf("%02d:30", 8+m.n%10)} {
		if re.MatchString(s) {
			return s
		}
	}
	parsed, err := syntax.Parse(f.Pattern, syntax.Perl)
	if err != nil {
		return ""
	}
	s := m.generate(parsed)
	for _, c := range m.d.Checks {
		if c.Kind != register.CheckAreaCode || c.Field != f.Name {
			continue
		}
		skip, _ := quantity.Parse(c.Than)
		at := int(skip / quantity.Scale)
		if m.rng.IntN(30) > 0 && len(s) >= at+6 {
			s = s[:at] + m.code() + s[at+6:]
		}
	}
	return s
}

// generate writes a text that a pattern accepts.
func (m *maker) generate(re *syntax.Regexp) string {
	var b strings.Builder
	repeat := func(least, most int) {
		if most < 0 {
			most = least + 4
		}
		for range least + m.rng.IntN(most-least+1) {
			b.WriteString(m.generate(re.Sub[0]))
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		i := 2 * m.rng.IntN(len(re.Rune)/2)
		return string(re.Rune[i] + rune(m.rng.IntN(int(re.Rune[i+1]-re.Rune[i])+1)))
	case syntax.OpAlternate:
		return m.generate(re.Sub[m.rng.IntN(len(re.Sub))])
	case syntax.OpConcat, syntax.OpCapture:
		for _, sub := range re.Sub {
			b.WriteString(m.generate(sub))
		}
	case syntax.OpStar:
		repeat(0, -1)
	case syntax.OpPlus:
		repeat(1, -1)
	case syntax.OpQuest:
		repeat(0, 1)
	case syntax.OpRepeat:
		repeat(re.Min, re.Max)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "X"
	case syntax.OpNoMatch, syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
	}
	return b.String()
}

// spread is how far numbers of a unit go above their least.
var spread = map[string]int64{"元": 20_000, "万元": 300, "%": 60, "平方米": 600, "年": 9}

// number is in the bounds of the field and, but for one in forty, of the checks.
func (m *maker) number(f register.Field) string {
	low, high := quantity.Quantity(0), quantity.Quantity(-1)
	if f.Min != nil {
		low = *f.Min
	}
	if f.Max != nil {
		high = *f.Max
	}
	strange := m.rng.IntN(40) == 0
	for _, c := range m.d.Checks {
		than, err := quantity.Parse(c.Than)
		if err != nil || c.Field != f.Name || strange {
			continue
		}
		if c.Kind == register.CheckMinimum {
			low = max(low, than)
		}
		if c.Kind == register.CheckMaximum {
			high = than
		}
	}
	room, ok := spread[f.Unit]
	if !ok {
		room = 80
	}
	if high >= low {
		room = min(room, int64(high-low)/quantity.Scale)
	}
	return (low + quantity.Of(m.rng.Int64N(room+1))).String()
}

func (m *maker) date(f register.Field) string {
	switch {
	case f.Name == m.d.Effective:
		return m.day.String()
	case f.Name == m.d.Expiry.Field:
		return m.day.AddMonths(12 * (1 + m.rng.IntN(3))).String()
	case slices.ContainsFunc(m.d.Stages, func(s register.Stage) bool { return s.Until == f.Name }):
		return m.pack.Calendar.NextWorkday(m.today.AddDays(10 + m.rng.IntN(30))).String()
	}
	first, last := 0, 6 // days after the effective one
	for _, c := range m.d.Checks {
		if c.Kind == register.CheckOrder && c.Than == f.Name && m.rng.IntN(40) > 0 { // it comes before
			first, last = -6, 0
		}
		if c.Kind == register.CheckLateFiling && c.Field == f.Name && m.rng.IntN(40) == 0 {
			first, last = c.Days+1, c.Days+9
		}
	}
	day := m.day.AddDays(first + m.rng.IntN(last-first+1))
	if day.After(m.today) {
		day = m.today
	}
	return day.String()
}

// checkedUSCC appends the check character of GB 32100-2015 to 17 characters.
func checkedUSCC(s string) string {
	for _, c := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		if register.ValidUSCC(s + string(c)) {
			return s + string(c)
		}
	}
	return ""
}

// checkedID appends the check character of GB 11643-1999 to 17 digits.
func checkedID(s string) string {
	sum, weight := 0, 1
	for i := len(s) - 1; i >= 0; i-- {
		weight = weight * 2 % 11
		sum += int(s[i]-'0') * weight
	}
	return s + string("10X98765432"[sum%11])
}
