package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/quantity"
	"bihuan/register"
)

func vocabulary(t *testing.T) (*words, *register.Catalog, *city.Pack) {
	t.Helper()
	w, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	pack, err := city.LoadBuiltin(city.Names()[0])
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(context.Background(), app.Config{Data: t.TempDir(), City: city.Names()[0], Now: dbtest.NewClock("2026-07-20T09:00:00+08:00").Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return w, a.Register.Catalog(), pack
}

// TestEveryRegisterHasWords asks for words of the title and of every text of every
// register of the pack, so that a new one is not forgotten.
func TestEveryRegisterHasWords(t *testing.T) {
	w, catalog, _ := vocabulary(t)
	for _, d := range catalog.All() {
		own, named := w.registers[d.ID]
		if !named {
			t.Errorf("%s has no words", d.ID)
			continue
		}
		for _, f := range d.Fields {
			says := func(fields map[string]wording) bool { return fields[f.Name].is() }
			if f.Type != register.Text && f.Type != register.LongText || f.Pattern != "" || says(own.fields) || says(w.common) {
				continue
			}
			if len(own.sets) == 0 || slices.ContainsFunc(own.sets, func(set map[string]wording) bool { return !says(set) }) {
				t.Errorf("%s: no words for %s %s", d.ID, f.Name, f.Label)
			}
		}
	}
}

func (w wording) is() bool { return len(w.patterns) > 0 || w.to > 0 }

// TestWordsFit holds the words against the registers: they are for fields that are
// there, and what they say may stand there.
func TestWordsFit(t *testing.T) {
	w, catalog, pack := vocabulary(t)
	for id := range w.places {
		if _, ok := pack.Territory(id); !ok {
			t.Errorf("no territory %s", id)
		}
	}
	for id, own := range w.registers {
		d, ok := catalog.Get(id)
		if !ok {
			t.Errorf("no register %s", id)
			continue
		}
		for _, fields := range append([]map[string]wording{own.fields}, own.sets...) {
			for name, said := range fields {
				f, ok := d.Field(name)
				if !ok {
					t.Errorf("%s has no field %s", id, name)
					continue
				}
				checkFit(t, d, f, said, pack)
			}
		}
	}
}

func checkFit(t *testing.T, d *register.Definition, f register.Field, w wording, pack *city.Pack) {
	t.Helper()
	wrong := func(what string) { t.Errorf("%s: %s of %s", d.ID, what, f.Name) }
	for _, name := range []string{w.of, w.since, w.until} {
		if _, ok := d.Field(name); name != "" && !ok {
			wrong("no field " + name + " for the words")
		}
	}
	if w.to > 0 && w.of == "" && w.since+w.until == "" {
		checkRange(t, d, f, w)
	}
	for _, p := range w.patterns {
		for _, of := range regexp.MustCompile(`\{=([a-z-]+)`).FindAllStringSubmatch(p, -1) {
			if _, ok := d.Field(of[1]); !ok {
				wrong("no field " + of[1] + " for the words")
			}
		}
		if p == nothing {
			if f.Name == d.Title {
				wrong("an empty title")
			}
			continue
		}
		if f.Personal && !strings.HasPrefix(strings.TrimPrefix(p, "{"), "演示") {
			wrong("a name without label " + p)
		}
		switch f.Type {
		case register.Choice, register.Many, register.Truth:
			options := f.Options
			if f.Type == register.Truth {
				options = []string{"是", "否"}
			}
			for _, one := range strings.Split(p, "、") {
				if !slices.Contains(options, one) {
					wrong("no option " + one)
				}
			}
		case register.Number:
			if _, err := quantity.Parse(p); err != nil {
				wrong("no number " + p)
			}
		case register.UnitRef:
			if _, ok := pack.Unit(city.UnitID(p)); !ok && p != "{属地政府}" {
				wrong("no unit " + p)
			}
		}
	}
}

// checkRange keeps numbers within what the field takes and no check notes.
func checkRange(t *testing.T, d *register.Definition, f register.Field, w wording) {
	t.Helper()
	from, to := quantity.Of(w.from), quantity.Of(w.to)
	if f.Type != register.Number || f.Min != nil && from < *f.Min || f.Max != nil && to > *f.Max {
		t.Errorf("%s: %d to %d is not for %s", d.ID, w.from, w.to, f.Name)
	}
	for _, c := range d.Checks {
		than, err := quantity.Parse(c.Than)
		if c.Field == f.Name && err == nil && (c.Kind == register.CheckMinimum && from < than || c.Kind == register.CheckMaximum && to > than) {
			t.Errorf("%s: %d to %d of %s would be noted: %s", d.ID, w.from, w.to, f.Name, c.Says)
		}
	}
}

// TestReadWords shows that a mistake in the words is told with its file and line.
func TestReadWords(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"slot":  {"lists:\n  社区: [阳光社区]\nregisters:\n  a:\n    fields:\n      name: \"{社去}驿站\"\n", "a.yaml:6:"},
		"key":   {"registers:\n  a:\n    field: {}\n", "a.yaml:3:"},
		"range": {"common:\n  area: {from: 9, to: 3}\n", "a.yaml:2:"},
		"brace": {"common:\n  name: \"{社区\"\n", "a.yaml:2:"},
		"empty": {"lists:\n  社区:\n    - \"\"\n", "a.yaml:3:"},
		"twice": {"lists:\n  社区: [甲]\n  社区: [乙]\n", "a.yaml:3:"},
	} {
		_, err := readWords(fstest.MapFS{"a.yaml": {Data: []byte(c.text)}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	_, err := readWords(fstest.MapFS{"a.yaml": {Data: []byte("lists:\n  社区: [甲]\n")}, "b.yaml": {Data: []byte("lists:\n  社区: [乙]\n")}})
	if err == nil || !strings.Contains(err.Error(), "b.yaml:2:") {
		t.Errorf("a list in two files: %v", err)
	}
}

// TestSaid invents records of every register in every territory: what they say is of
// that place, is labelled and is not the label of a field with a number.
func TestSaid(t *testing.T) {
	w, catalog, pack := vocabulary(t)
	day := calendar.Of(2026, 5, 6)
	for _, d := range catalog.All() {
		for _, place := range pack.TerritoriesFor(city.CaliberZonesApart) {
			m := &maker{rng: rand.New(rand.NewPCG(1, 2)), pack: pack, d: d, territory: place.ID, day: day, today: calendar.Of(2026, 7, 20), words: w}
			for m.nth = range 12 {
				m.n++
				m.begin(0)
				checkSaid(t, m, m.values(), place)
			}
		}
	}
}

func checkSaid(t *testing.T, m *maker, values map[string]string, place city.Territory) {
	t.Helper()
	for name, v := range values {
		f, _ := m.d.Field(name)
		if f.Type != register.Text && f.Type != register.LongText {
			continue
		}
		if f.Name == m.d.Title && f.Pattern == "" && !strings.HasPrefix(v, "演示") {
			t.Errorf("%s: title %q is not labelled", m.d.ID, v)
		}
		if v == fmt.Sprintf("演示%s%d", f.Label, m.n) || strings.HasSuffix(v, m.d.Short+fmt.Sprint(m.n)) || strings.ContainsAny(v, "{}") {
			t.Errorf("%s: %s says %q", m.d.ID, f.Label, v)
		}
		if f.Name == m.d.Place.Address && !strings.HasPrefix(v, place.Name) {
			t.Errorf("%s in %s: address %q", m.d.ID, place.Name, v)
		}
		if town := m.foreignTown(v); town != "" {
			t.Errorf("%s in %s: %q speaks of %s", m.d.ID, place.Name, v, town)
		}
	}
}

// foreignTown is a town of another territory that a text speaks of.
func (m *maker) foreignTown(text string) string {
	for _, list := range []string{"镇", "街道"} {
		for _, own := range m.words.list(m.territory, list) {
			text = strings.ReplaceAll(text, own, "")
		}
		for _, lists := range m.words.places {
			for _, town := range lists[list] {
				if strings.Contains(text, town) {
					return town
				}
			}
		}
	}
	return ""
}

// TestSetsBelongTogether shows that a record takes one set as a whole, another one
// next time, and only one that agrees with what is given.
func TestSetsBelongTogether(t *testing.T) {
	w, err := readWords(fstest.MapFS{"a.yaml": {Data: []byte("registers:\n  a:\n    sets:\n      - {kind: 甲, name: 甲店, n: {from: 2, to: 5}}\n      - {kind: 乙, name: 乙店, n: \"1\"}\n")}})
	if err != nil {
		t.Fatal(err)
	}
	d := &register.Definition{ID: "a", Title: "name", Fields: []register.Field{{Name: "kind", Type: register.Choice}, {Name: "name", Type: register.Text}}}
	said := func(nth int, fixed map[string]string) string {
		m := &maker{rng: rand.New(rand.NewPCG(1, 2)), pack: &city.Pack{Territories: []city.Territory{{ID: "city"}}}, d: d, words: w, fixed: fixed}
		m.nth = nth
		m.begin(0)
		return m.field("kind") + m.field("name")
	}
	for i, c := range []struct {
		nth   int
		fixed map[string]string
		want  string
	}{{0, nil, "甲演示·甲店"}, {1, nil, "乙演示·乙店"}, {1, map[string]string{"kind": "甲"}, "甲演示·甲店"}, {0, map[string]string{"n": "1"}, "乙演示·乙店"}, {1, map[string]string{"n": "4"}, "甲演示·甲店"}} {
		if got := said(c.nth, c.fixed); got != c.want {
			t.Errorf("%d: %s, want %s", i, got, c.want)
		}
	}
}

// TestBetween asks for shares of another number and for days before and after another
// day, those after it not in the future, and for the same value whenever it is asked for.
func TestBetween(t *testing.T) {
	w, err := readWords(fstest.MapFS{"a.yaml": {Data: []byte("registers:\n  a:\n    fields:\n      all: {from: 200, to: 400, step: 100}\n      part: {of: all, from: 10, to: 50}\n      first: {before: day, from: 3, to: 9}\n      last: {after: day, from: 3, to: 9}\n")}})
	if err != nil {
		t.Fatal(err)
	}
	d := &register.Definition{ID: "a", Effective: "day", Fields: []register.Field{{Name: "all", Type: register.Number}, {Name: "part", Type: register.Number},
		{Name: "day", Type: register.Date}, {Name: "first", Type: register.Date}, {Name: "last", Type: register.Date}}}
	day, today := calendar.Of(2026, 7, 10), calendar.Of(2026, 7, 15)
	for seed := range uint64(100) {
		m := &maker{rng: rand.New(rand.NewPCG(seed, 2)), d: d, words: w, day: day, today: today}
		m.begin(0)
		part, all := number(t, m.field("part")), number(t, m.field("all"))
		if all%100 != 0 || all < 200 || all > 400 || part*100 < all*9 || part*2 > all || number(t, m.field("part")) != part {
			t.Errorf("%d of %d", part, all)
		}
		first, _ := calendar.ParseDate(m.field("first"))
		last, _ := calendar.ParseDate(m.field("last"))
		if n := day.Sub(first); n < 3 || n > 9 || last.Sub(day) < 3 || last.After(today) {
			t.Errorf("%s to %s around %s", first, last, day)
		}
	}
}

func number(t *testing.T, s string) int64 {
	t.Helper()
	q, err := quantity.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return int64(q) / quantity.Scale
}

// TestDrawsDiffer asks for another word where a pattern asks for one, and for the same
// where it does not.
func TestDrawsDiffer(t *testing.T) {
	w, err := readWords(fstest.MapFS{"a.yaml": {Data: []byte("lists:\n  村: [\"{姓}村\"]\n  姓: [张, 王, 李, 赵]\n")}})
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(50) {
		m := &maker{rng: rand.New(rand.NewPCG(seed, 2)), pack: &city.Pack{Territories: []city.Territory{{ID: "city"}}}, d: &register.Definition{}, words: w}
		m.drawn = map[string]string{}
		one := strings.Fields(m.expand("{村} {村2} {村} {姓}村"))
		if one[0] == one[1] || one[0] != one[2] || one[0] != one[3] {
			t.Errorf("%v", one)
		}
	}
}
