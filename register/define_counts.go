package register

import (
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/quantity"
	"bihuan/kit/strictyaml"
)

func (d *defining) readCounts(list strictyaml.Value) {
	d.Method = strictyaml.Choice(d.file.May("method"), methods...)
	d.Sampled = d.Method == "抽样核查"
	if at := d.file.May("sampled"); at.Present() {
		d.Sampled = at.Truth()
	}
	seen := map[string]int{}
	for _, item := range list.Items() {
		c := d.readCount(item)
		strictyaml.Once(item.Child("id"), c.ID, seen)
		d.Counts = append(d.Counts, c)
	}
	if len(d.Counts) > 0 {
		d.checkCounted(list)
	}
}

func (d *defining) readCount(v strictyaml.Value) Count {
	f := v.Mapping("id", "name", "unit", "mode", "sum", "where", "new")
	c := Count{
		ID:   f.Must("id", "计数规则编号").ID(),
		Name: f.Must("name", "计数规则名称").Text(),
		Unit: d.Unit,
		Mode: strictyaml.Choice(f.Must("mode", "flow（当年新生效）或 stock（当日在册）"), Flow, Stock),
		Sum:  d.ref(f.May("sum"), Number),
		New:  f.May("new").Truth(),
	}
	if at := f.May("unit"); at.Present() {
		c.Unit = at.Text()
	}
	if c.New && d.Baseline.IsZero() {
		f.May("new").Problem("没有基期名单的新增", "baseline: 冻结名单的日期，如 2025-12-31")
	}
	if c.New && c.Mode == Stock {
		f.May("new").Problem("存量中的新增", "mode: flow")
	}
	c.Where = d.conditions(f.May("where"))
	return c
}

// conditions reads the values that fields must hold: {kind: [住宿, 餐饮]}.
func (d *defining) conditions(where strictyaml.Value) []Condition {
	if where.Present() && len(where.Keys()) == 0 {
		where.Problem(where.Describe(), "字段编号: [可取的值]")
	}
	var all []Condition
	f := where.Mapping(where.Keys()...)
	for _, name := range where.Keys() {
		all = append(all, d.condition(f.May(name), name))
	}
	return all
}

func (d *defining) condition(at strictyaml.Value, name string) Condition {
	c := Condition{Field: name}
	field, ok := d.Field(name)
	if !ok {
		at.Problem("不存在的字段"+strictyaml.Quote(name), "%s", strictyaml.OneOf("fields 中的字段编号", name, d.fieldNames()))
		return c
	}
	options := field.Options
	switch field.Type {
	case Choice, Many:
	case Truth:
		options = []string{"是", "否"}
	default:
		at.Problem("字段"+strictyaml.Quote(name)+"的类型 "+string(field.Type), "类型为 choice、many、truth 的字段")
		return c
	}
	for _, item := range at.Words() {
		value := item.Text()
		if value != "" && !slices.Contains(options, value) {
			item.Problem("不存在的选项"+strictyaml.Quote(value), "下列之一：%s", strings.Join(options, "、"))
		}
		c.In = append(c.In, value)
	}
	return c
}

// checkCounted notes what a register that counts is missing.
func (d *defining) checkCounted(list strictyaml.Value) {
	if d.Method == "" {
		d.file.Must("method", "核验方式："+strings.Join(methods, "、"))
	}
	if !slices.ContainsFunc(d.Stages, func(s Stage) bool { return s.Counts }) && len(d.Stages) > 0 {
		list.Problem("没有计数阶段的登记册的计数规则", "至少一个阶段写 counts: true")
	}
	if d.Effective == "" {
		d.file.Must("effective", "从哪个日期字段起计数")
		return
	}
	if !d.asks(d.Effective) {
		d.file.May("effective").Problem("可以不填的生效日期"+strictyaml.Quote(d.Effective), "必填的字段，或由一个动作的 needs 要求填写")
	}
}

// asks reports whether the field must be filled: at entry or by a move.
func (d *defining) asks(name string) bool {
	field, _ := d.Field(name)
	return field.Required || slices.ContainsFunc(d.Stages, func(s Stage) bool {
		return slices.ContainsFunc(s.Moves, func(m Move) bool { return slices.Contains(m.Needs, name) })
	})
}

func (d *defining) readExpiry(at strictyaml.Value) {
	if !at.Present() {
		return
	}
	f := at.Mapping("field", "years", "confirm")
	d.Expiry = Expiry{
		Field:   d.ref(f.May("field"), Date),
		Years:   int(f.May("years").Whole(1, 50)),
		Confirm: d.ref(f.May("confirm"), Date),
	}
	given := 0
	for _, k := range []string{"field", "years", "confirm"} {
		if f.May(k).Present() {
			given++
		}
	}
	if given != 1 && f.Present() {
		f.Problem("不是恰好一种失效规则", "field: 有效期末日字段，或 years: 年数，或 confirm: 年度确认日期字段")
	}
	if f.May("years").Present() && d.Effective == "" {
		f.May("years").Problem("没有生效日期的有效年数", "effective: 一个日期字段")
	}
}

// mostMetres is how far a check looks for neighbours: what is farther is no neighbour.
const mostMetres = 1000

// checkForm says what a kind of check asks for.
type checkForm struct {
	field []FieldType
	than  string // "number", "date", "" for nothing
	days  bool
	needs func(*Definition) bool
	lack  string // what the register must have
}

var checkForms = map[string]checkForm{
	CheckNearDuplicate: {than: "number", needs: (*Definition).hasPlace, lack: "有经纬度字段的登记册"},
	CheckPhotoReused:   {needs: (*Definition).hasPhotos, lack: "有 photo: true 的佐证类别的登记册"},
	CheckPhoneMany:     {field: []FieldType{Phone}, than: "number"},
	CheckAreaCode:      {field: []FieldType{Text}, than: "number"},
	CheckLateFiling:    {field: []FieldType{Date}, than: "date", days: true},
	CheckOrder:         {field: []FieldType{Date}, than: "date"},
	CheckExpired:       {needs: (*Definition).expires, lack: "有 expiry 的登记册"},
	CheckBaseline:      {needs: (*Definition).hasBaseline, lack: "有 baseline 的登记册"},
	CheckLinkOnly:      {field: []FieldType{Link}},
	CheckMinimum:       {field: []FieldType{Number}, than: "number"},
	CheckMaximum:       {field: []FieldType{Number}, than: "number"},
	CheckRush:          {than: "number"},
	CheckEqualTarget:   {than: "number"},
	CheckRepeat:        {field: []FieldType{Text, USCC, UnitRef, RecordRef}, days: true},
}

var checkKinds = []string{CheckNearDuplicate, CheckPhotoReused, CheckPhoneMany, CheckAreaCode, CheckLateFiling, CheckOrder, CheckExpired,
	CheckBaseline, CheckLinkOnly, CheckMinimum, CheckMaximum, CheckRush, CheckEqualTarget, CheckRepeat}

func (d *Definition) hasPlace() bool    { return d.Place.Longitude != "" && d.Place.Latitude != "" }
func (d *Definition) expires() bool     { return d.Expiry != Expiry{} }
func (d *Definition) hasBaseline() bool { return !d.Baseline.IsZero() }
func (d *Definition) hasPhotos() bool {
	return slices.ContainsFunc(d.Proof, func(p ProofKind) bool { return p.Photo })
}

func (d *defining) readChecks(list strictyaml.Value) {
	for _, item := range list.Items() {
		if set := item.Child("set"); set.Present() {
			item.Mapping("set")
			for _, shared := range d.set(set, d.checkSets, "核查模板").Items() {
				d.readCheck(shared)
			}
			continue
		}
		d.readCheck(item)
	}
}

func (d *defining) readCheck(v strictyaml.Value) {
	f := v.Mapping("kind", "field", "than", "days", "says", "confidence", "source")
	kind := f.Must("kind", "核查类别")
	c := Check{Kind: strictyaml.Choice(kind, checkKinds...), Says: f.Must("says", "提示的话").Text(), Basis: city.ReadBasis(f)}
	form, ok := checkForms[c.Kind]
	if !ok {
		return
	}
	if form.needs != nil && !form.needs(d.Definition) {
		kind.Problem("不适用的核查"+strictyaml.Quote(c.Kind), "%s", form.lack)
	}
	c.Field = d.ref(d.asked(f, "field", form.field != nil, "字段编号"), form.field...)
	than := d.asked(f, "than", form.than != "", "比较的数或字段")
	if form.than == "date" {
		c.Than = d.ref(than, Date)
	} else if c.Than = than.Text(); c.Than != "" {
		q, err := quantity.Parse(c.Than)
		if err != nil {
			than.Problem(strictyaml.Quote(c.Than), "一个数")
		} else if c.Kind == CheckNearDuplicate && (q <= 0 || q > quantity.Of(mostMetres)) {
			than.Problem(strictyaml.Quote(c.Than), "不超过 %d 的米数", mostMetres)
		}
	}
	c.Days = int(d.asked(f, "days", form.days, "自然日数").Whole(1, 3660))
	d.Checks = append(d.Checks, c)
}

// asked gives a value that must be there or must not.
func (d *defining) asked(f strictyaml.Fields, k string, wanted bool, expected string) strictyaml.Value {
	if wanted {
		return f.Must(k, expected)
	}
	if at := f.May(k); at.Present() {
		at.Problem("这类核查不用的"+strictyaml.Quote(k), "空缺")
	}
	return strictyaml.Value{}
}
