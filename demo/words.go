package demo

import (
	"embed"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bihuan/city"
	"bihuan/kit/strictyaml"
	"bihuan/register"
)

// words is the vocabulary of a demonstration, read from the files in words/. A pack,
// register or field that they do not name is filled in a general way.
type words struct {
	places    map[city.TerritoryID]map[string][]string // lists that hold in one territory
	lists     map[string][]string
	common    map[string]wording // by field name, for registers without words of their own
	reasons   map[string][]string
	registers map[register.ID]saying
}

// saying is what records of one register say.
type saying struct {
	fields map[string]wording
	sets   []map[string]wording // values that belong together; a record takes one set
}

// wording is how one value is invented: one of several patterns, or a number.
type wording struct {
	patterns       []string
	from, to, step int64  // a number, when to is not 0
	of             string // or so many percent of this field
	since, until   string // or the day so many days after, or before, that of this field
}

//go:embed words/*.yaml
var wordFiles embed.FS

// loadWords reads the vocabulary that comes with the program.
func loadWords() (*words, error) {
	files, err := fs.Sub(wordFiles, "words")
	if err != nil {
		return nil, err
	}
	return readWords(files)
}

// readWords reads every YAML file of a folder. Mistakes come with file and line.
func readWords(files fs.FS) (*words, error) {
	w := &words{places: map[city.TerritoryID]map[string][]string{}, lists: map[string][]string{}, common: map[string]wording{},
		reasons: map[string][]string{}, registers: map[register.ID]saying{}}
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, err
	}
	folder := &strictyaml.Folder{FS: files, Name: "演示词库"}
	var patterns []strictyaml.Value
	for _, name := range names {
		v, ok := folder.YAML(name)
		if !ok {
			continue
		}
		f := v.Mapping("places", "lists", "common", "reasons", "registers")
		for _, id := range f.May("places").Keys() {
			patterns = append(patterns, readLists(f.May("places").Child(id), w.place(id))...)
		}
		patterns = append(patterns, readLists(f.May("lists"), w.lists)...)
		patterns = append(patterns, readLists(f.May("reasons"), w.reasons)...)
		patterns = append(patterns, readWordings(f.May("common"), w.common)...)
		for _, id := range f.May("registers").Keys() {
			patterns = append(patterns, w.readRegister(f.May("registers").Child(id), register.ID(id))...)
		}
	}
	for _, v := range patterns {
		w.checkPattern(v)
	}
	if len(folder.Problems) > 0 {
		return nil, folder.Problems.Sorted()
	}
	return w, nil
}

func (w *words) place(id string) map[string][]string {
	lists := map[string][]string{}
	w.places[city.TerritoryID(id)] = lists
	return lists
}

// readLists reads named lists of texts; it gives the places of the texts.
func readLists(v strictyaml.Value, into map[string][]string) (patterns []strictyaml.Value) {
	f := v.Mapping(v.Keys()...)
	for _, name := range v.Keys() {
		if _, twice := into[name]; twice {
			f.May(name).Problem("重复的“"+name+"”", "只写一次（另一个文件已有）")
		}
		into[name] = texts(f.May(name))
		patterns = append(patterns, f.May(name).Words()...)
	}
	return patterns
}

// texts reads one text or several, each of one line or more.
func texts(v strictyaml.Value) (all []string) {
	for _, item := range v.Words() {
		s := strings.TrimSpace(item.Raw())
		if s == "" {
			item.Problem(item.Describe(), "文字")
			continue
		}
		all = append(all, s)
	}
	return all
}

func readWordings(v strictyaml.Value, into map[string]wording) (patterns []strictyaml.Value) {
	f := v.Mapping(v.Keys()...)
	for _, name := range v.Keys() {
		field := f.May(name)
		if !field.IsMapping() {
			into[name] = wording{patterns: texts(field)}
			patterns = append(patterns, field.Words()...)
			continue
		}
		n := field.Mapping("from", "to", "step", "of", "after", "before")
		x := wording{from: n.Must("from", "最小的数").Whole(0, most), to: n.Must("to", "最大的数").Whole(1, most), step: max(1, n.May("step").Whole(1, most)),
			of: n.May("of").Text(), since: n.May("after").Text(), until: n.May("before").Text()}
		if x.from > x.to {
			field.Problem("从大到小的数", "from 不大于 to")
		}
		into[name] = x
	}
	return patterns
}

// most is the largest number that words may give.
const most = 1_000_000_000

func (w *words) readRegister(v strictyaml.Value, id register.ID) (patterns []strictyaml.Value) {
	if _, twice := w.registers[id]; twice {
		v.Problem("重复的登记册“"+string(id)+"”", "每个登记册只写一次")
	}
	f := v.Mapping("fields", "sets")
	s := saying{fields: map[string]wording{}}
	patterns = readWordings(f.May("fields"), s.fields)
	for _, item := range f.May("sets").Items() {
		set := map[string]wording{}
		patterns = append(patterns, readWordings(item, set)...)
		s.sets = append(s.sets, set)
	}
	w.registers[id] = s
	return patterns
}

// A slot is a list's name, with a digit for another choice from it: {社区}
// {社区2}; a range {3-12}; digits {####}; the value of a field {=visit}, or its last
// characters {=vin/6}; or one of the known facts.
var (
	slot       = regexp.MustCompile(`\{[^{}]*\}`)
	rangeForm  = regexp.MustCompile(`^\d{1,6}-\d{1,6}$`)
	digitsForm = regexp.MustCompile(`^#{1,12}$`)
	fieldForm  = regexp.MustCompile(`^=[a-z][a-z0-9-]*(/\d{1,2})?$`)
)

// facts are the slots that the program knows of a record.
var facts = []string{"县", "县全", "市全", "属地政府", "代码", "n", "年", "月", "本月", "月份", "月末", "最近月末", "任务", "指标", "差距", "承办"}

// checkPattern notes a slot that nothing stands for.
func (w *words) checkPattern(v strictyaml.Value) {
	for _, p := range slot.FindAllString(v.Raw(), -1) {
		name := p[1 : len(p)-1]
		if rangeForm.MatchString(name) || digitsForm.MatchString(name) || fieldForm.MatchString(name) || slices.Contains(facts, name) || w.isList(listName(name)) {
			continue
		}
		v.Problem("占位词"+strictyaml.Quote(p), "%s", strictyaml.OneOf("词表的名称或已知的占位词", listName(name), slices.Concat(w.listNames(), facts)))
	}
	if strings.ContainsAny(slot.ReplaceAllString(v.Raw(), ""), "{}") {
		v.Problem("不成对的花括号", "成对的花括号")
	}
}

func listName(slot string) string { return strings.TrimRight(slot, "0123456789") }

// isList reports whether a list is there for every territory. Those of places stand
// for a general one, which other packs use.
func (w *words) isList(name string) bool { return len(w.lists[name]) > 0 }

func (w *words) listNames() (names []string) {
	for name := range w.lists {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// list gives the words under a name: those of the territory, else those for all.
func (w *words) list(t city.TerritoryID, name string) []string {
	if own := w.places[t][name]; len(own) > 0 {
		return own
	}
	return w.lists[name]
}

// bounds reads a range slot.
func bounds(form string) (from, to int64) {
	a, b, _ := strings.Cut(form, "-")
	from, _ = strconv.ParseInt(a, 10, 64)
	to, _ = strconv.ParseInt(b, 10, 64)
	return from, max(from, to)
}
