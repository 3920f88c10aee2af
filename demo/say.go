package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/plan"
	"bihuan/register"
)

// label begins the title of every record of a demonstration.
const label = "演示"

// speech is what one record has said. What it drew once it says again, so that a
// record speaks of one place and one business throughout.
type speech struct {
	drawn map[string]string  // by slot
	have  map[string]string  // values by field
	set   map[string]wording // the values that belong together in this record
	nth   int                // of the register's records
	try   int
	plain bool // words are left aside, for they gave nothing new
}

// begin forgets what was said; after some tries it takes up another set.
func (m *maker) begin(try int) {
	m.drawn, m.have = map[string]string{}, map[string]string{}
	m.try = try
	m.choose(m.nth + try/3)
}

// choose takes the next of a register's sets that agrees with the given values. The
// order shifts by one at every round, so that a set does not cling to a county.
func (m *maker) choose(nth int) {
	var fit []map[string]wording
	for _, set := range m.words.registers[m.d.ID].sets {
		if m.agrees(set) {
			fit = append(fit, set)
		}
	}
	if len(fit) > 0 {
		m.set = fit[(nth+nth/len(fit))%len(fit)]
	}
}

func (m *maker) agrees(set map[string]wording) bool {
	for name, given := range m.fixed {
		if w, ok := set[name]; ok && !w.allows(given) && !m.stands(w, given) {
			return false
		}
	}
	return true
}

// stands reports whether a wording that is a fact of the record's place is the given value.
func (m *maker) stands(w wording, given string) bool {
	return slices.ContainsFunc(w.patterns, func(p string) bool {
		s, ok := m.fact(strings.Trim(p, "{}"))
		return ok && strings.HasPrefix(p, "{") && s == given
	})
}

// allows reports whether a given value is one of the wording's.
func (w wording) allows(given string) bool {
	n, err := quantity.Parse(given)
	return slices.Contains(w.patterns, given) || w.to > 0 && err == nil && n >= quantity.Of(w.from) && n <= quantity.Of(w.to)
}

// nothing is the pattern of a value that stays empty.
const nothing = "-"

// wording is how a field's value is invented: by the record's set, by its
// register's words, or by those for all registers.
func (m *maker) wording(f register.Field) (w wording, ok bool) {
	if m.plain {
		return w, false
	}
	if w, ok = m.set[f.Name]; ok {
		return w, true
	}
	own, named := m.words.registers[m.d.ID]
	if w, ok = own.fields[f.Name]; ok || !named {
		return w, ok
	}
	w, ok = m.words.common[f.Name]
	return w, ok
}

// said is a field's value after its words; false when there are none that it may hold.
func (m *maker) said(f register.Field) (string, bool) {
	w, ok := m.wording(f)
	if !ok {
		return "", false
	}
	var s string
	switch {
	case len(w.patterns) > 0:
		s = m.expand(w.patterns[m.rng.IntN(len(w.patterns))])
	case w.since != "" || w.until != "":
		s = m.away(w)
	case m.strange(f):
		return "", false
	default:
		s = m.between(w)
	}
	if s == nothing {
		return "", true
	}
	if f.Type == register.UnitRef {
		_, ok = m.pack.Unit(city.UnitID(s))
		return s, ok
	}
	if f.Name == m.d.Title && f.Pattern == "" && !strings.HasPrefix(s, label) {
		s = label + "·" + s
	}
	return s, true
}

// strange makes one in forty of the numbers that a check looks at one that may be noted.
func (m *maker) strange(f register.Field) bool {
	return slices.ContainsFunc(m.d.Checks, func(c register.Check) bool { return c.Field == f.Name }) && m.rng.IntN(40) == 0
}

// away is a day so many days after or before that of another field; what happened
// is not in the future.
func (m *maker) away(w wording) string {
	days := int(w.from + m.rng.Int64N(w.to-w.from+1))
	day, err := calendar.ParseDate(m.field(w.since + w.until))
	if err != nil {
		return ""
	}
	if w.until != "" {
		return day.AddDays(-days).String()
	}
	if day = day.AddDays(days); day.After(m.today) && days < 300 {
		day = m.today
	}
	return day.String()
}

// between is a number of the wording.
func (m *maker) between(w wording) string {
	n := w.from + w.step*m.rng.Int64N((w.to-w.from)/w.step+1)
	if w.of == "" {
		return fmt.Sprint(n)
	}
	whole, err := quantity.Parse(m.field(w.of))
	if err != nil {
		return ""
	}
	return fmt.Sprint(int64(whole) / quantity.Scale * n / 100)
}

// reason is why a move is made that asks for one.
func (m *maker) reason(mv register.Move) string {
	if list := m.words.reasons[mv.ID]; len(list) > 0 {
		return label + "：" + m.expand(list[m.rng.IntN(len(list))])
	}
	return label + "：" + mv.Label
}

// field is the value that the record has, or will have, in a field.
func (m *maker) field(name string) string {
	f, ok := m.d.Field(name)
	if !ok {
		return ""
	}
	return m.value(f)
}

// expand puts words in the place of a pattern's slots.
func (m *maker) expand(pattern string) string {
	return slot.ReplaceAllStringFunc(pattern, func(p string) string { return m.word(p[1 : len(p)-1]) })
}

func (m *maker) word(name string) string {
	switch {
	case rangeForm.MatchString(name):
		from, to := bounds(name)
		return fmt.Sprint(from + m.rng.Int64N(to-from+1))
	case digitsForm.MatchString(name):
		return fmt.Sprintf("%0*d", len(name), m.rng.Int64N(power(len(name))))
	case fieldForm.MatchString(name):
		return m.ending(name[1:])
	}
	if s, ok := m.drawn[name]; ok {
		return s
	}
	s, ok := m.fact(name)
	if !ok {
		s = m.draw(name)
	}
	m.drawn[name] = s
	return s
}

// draw takes a word from a list: for {社区2} one that {社区} is not, if there is one,
// and what that is made of is numbered too.
func (m *maker) draw(name string) (s string) {
	base := listName(name)
	list := m.words.list(m.territory, base)
	if len(list) == 0 {
		return ""
	}
	first := m.rng.IntN(len(list))
	for i := range list {
		pattern := list[(first+i)%len(list)]
		if number := name[len(base):]; number != "" {
			pattern = slot.ReplaceAllStringFunc(pattern, func(p string) string {
				if inner := p[1 : len(p)-1]; m.words.isList(inner) {
					return "{" + inner + number + "}"
				}
				return p
			})
		}
		if s = m.expand(pattern); !m.used(base, s) {
			break
		}
	}
	return s
}

// used reports whether a word was drawn from a list before.
func (m *maker) used(base, word string) bool {
	for name, s := range m.drawn {
		if s == word && listName(name) == base {
			return true
		}
	}
	return false
}

func power(digits int) int64 {
	n := int64(1)
	for range digits {
		n *= 10
	}
	return n
}

// ending is a field's value, or its last characters: vin/6.
func (m *maker) ending(of string) string {
	name, last, cut := strings.Cut(of, "/")
	s := []rune(strings.TrimPrefix(m.field(name), label+"·"))
	if n, _ := bounds(last); cut && int(n) < len(s) {
		s = s[len(s)-int(n):]
	}
	return string(s)
}

// fact is what the program knows of a record.
func (m *maker) fact(name string) (string, bool) {
	t, ok := m.pack.Territory(m.territory)
	if !ok {
		t = m.pack.Root()
	}
	switch name {
	case "县":
		return t.Short, true
	case "县全":
		return t.Name, true
	case "市全":
		return m.pack.Root().Name, true
	case "属地政府":
		u, ok := m.pack.Government(t.ID)
		return string(u.ID), ok
	case "代码":
		return m.code(), true
	case "n":
		return fmt.Sprint(m.n), true
	case "本月":
		return fmt.Sprint(int(m.today.Month())), true
	case "年":
		return fmt.Sprint(m.day.Year()), true
	case "月":
		return fmt.Sprint(int(m.day.Month())), true
	case "月份":
		return m.monthEnd().String()[:7], true
	case "月末":
		return m.monthEnd().String(), true
	case "最近月末":
		if last := calendar.Of(m.today.Year(), m.today.Month(), 0); !last.Before(m.day) {
			return last.String(), true
		}
		return nothing, true
	}
	return m.taskFact(name)
}

// monthEnd is the end of one of the last six months, for the next record of an
// earlier one.
func (m *maker) monthEnd() calendar.Date {
	return calendar.Of(m.today.Year(), m.today.Month()-time.Month((m.nth+m.try)%6), 0)
}

// taskFact is what the board says of the task that supervision speaks of.
func (m *maker) taskFact(name string) (string, bool) {
	if m.task == nil {
		s, ok := map[string]string{"任务": "提振消费重点任务", "指标": "重点指标", "差距": "尚无经核验的数", "承办": "承办单位"}[name]
		return s, ok
	}
	switch name {
	case "任务":
		return m.task.Title, true
	case "承办":
		u, _ := m.pack.Unit(m.task.LeadUnit)
		return u.Short, true
	case "指标", "差距":
		subject, gap := m.behind()
		return map[string]string{"指标": subject, "差距": gap}[name], true
	}
	return "", false
}

// behind is the target that gives the task its light, and how much it lacks.
func (m *maker) behind() (subject, gap string) {
	subject, gap = m.task.Title, "尚无经核验的数"
	for _, g := range m.task.Targets {
		if g.Level != m.task.Shown() || g.Expected == nil || g.Actual.Value == nil {
			continue
		}
		lacks := (*g.Expected - *g.Actual.Value) / quantity.Scale * quantity.Scale
		return g.Subject, "比序时进度少" + plan.Amount(lacks, g.Unit)
	}
	return subject, gap
}
