package register

import (
	"regexp"
	"slices"
	"strings"

	"bihuan/kit/quantity"
	"bihuan/kit/strictyaml"
)

var fieldTypes = []FieldType{Text, LongText, Number, Date, Choice, Many, Truth, USCC, Phone, IDNumber,
	Longitude, Latitude, Link, UnitRef, TaskRef, RecordRef}

var fieldKeys = []string{"set", "name", "label", "type", "required", "unit", "options", "pattern", "format", "min", "max",
	"personal", "help", "source", "of"}

func (d *defining) readFields(list strictyaml.Value) {
	seen := map[string]int{}
	for _, item := range list.Items() {
		if set := item.Child("set"); set.Present() {
			item.Mapping("set")
			for _, shared := range d.set(set, d.fieldSets, "字段模板").Items() {
				d.readField(shared, seen)
			}
			continue
		}
		d.readField(item, seen)
	}
}

func (d *defining) readField(v strictyaml.Value, seen map[string]int) {
	f := v.Mapping(fieldKeys[1:]...)
	name := f.Must("name", "字段编号")
	field := Field{
		Name:     name.ID(),
		Label:    f.Must("label", "字段名称").Text(),
		Type:     Text,
		Required: f.May("required").Truth(),
		Unit:     f.May("unit").Text(),
		Help:     f.May("help").Text(),
		Source:   f.May("source").Text(),
	}
	if at := f.May("type"); at.Present() {
		field.Type = strictyaml.Choice(at, fieldTypes...)
	}
	field.Personal = field.Type == Phone || field.Type == IDNumber
	if at := f.May("personal"); at.Present() {
		field.Personal = at.Truth()
		if field.Type == IDNumber && !field.Personal {
			at.Problem("不保密的身份证号码", "true，或不写")
		}
	}
	field.readOptions(f)
	field.readPattern(f)
	field.Min, field.Max = field.bound(f.May("min")), field.bound(f.May("max"))
	if field.Min != nil && field.Max != nil && *field.Min > *field.Max {
		f.May("max").Problem(f.May("max").Describe(), "不小于 min 的数")
	}
	d.readOf(f, &field)
	if strictyaml.Once(name, field.Name, seen) {
		d.Fields = append(d.Fields, field)
	}
}

func (field *Field) readOptions(f strictyaml.Fields) {
	choice := field.Type == Choice || field.Type == Many
	at := f.May("options")
	if choice {
		at = f.Must("options", "可选的值")
	} else if at.Present() {
		at.Problem("不是选项的字段", "空缺：只有 choice 和 many 有选项")
	}
	for _, item := range at.Items() {
		option := item.Text()
		if slices.Contains(field.Options, option) {
			item.Problem("重复的选项"+strictyaml.Quote(option), "每个选项只写一次")
		}
		if strings.Contains(option, "、") {
			item.Problem(strictyaml.Quote(option), "不含顿号的选项（多选的值以顿号相连）")
		}
		field.Options = append(field.Options, option)
	}
}

func (field *Field) readPattern(f strictyaml.Fields) {
	at := f.May("pattern")
	pattern := at.Text()
	if pattern == "" {
		return
	}
	if field.Type != Text {
		at.Problem("不是单行文字的字段", "空缺：只有 text 有格式")
	}
	field.Pattern = "^(?:" + pattern + ")$"
	field.Format = f.Must("format", "用文字说明格式，如 12位数字").Text()
	if _, err := regexp.Compile(field.Pattern); err != nil {
		at.Problem(strictyaml.Quote(pattern), "正则表达式")
	}
}

// bound reads the least or the greatest value of a number.
func (field *Field) bound(at strictyaml.Value) *quantity.Quantity {
	s := at.Text()
	if s == "" {
		return nil
	}
	if field.Type != Number {
		at.Problem("不是数的字段", "空缺：只有 number 有上下限")
	}
	q, err := quantity.Parse(s)
	if err != nil {
		at.Problem(strictyaml.Quote(s), "一个数，至多四位小数")
		return nil
	}
	return &q
}

func (d *defining) readOf(f strictyaml.Fields, field *Field) {
	at := f.May("of")
	if field.Type != RecordRef {
		if at.Present() {
			at.Problem("不是记录的字段", "空缺：只有 record 指明登记册")
		}
		return
	}
	at = f.Must("of", "登记册编号")
	if field.Of = ID(at.Text()); field.Of != "" {
		d.mustExist(at, field.Of)
	}
}

// ref reads the name of a field that must exist and be of one of the types; any type if none is given.
func (d *defining) ref(at strictyaml.Value, types ...FieldType) string {
	name := at.Text()
	if name == "" {
		return ""
	}
	f, ok := d.Field(name)
	if !ok {
		at.Problem("不存在的字段"+strictyaml.Quote(name), "%s", strictyaml.OneOf("fields 中的字段编号", name, d.fieldNames()))
		return ""
	}
	if len(types) > 0 && f.Type != "" && !slices.Contains(types, f.Type) {
		words := make([]string, len(types))
		for i, t := range types {
			words[i] = string(t)
		}
		at.Problem("字段"+strictyaml.Quote(name)+"的类型 "+string(f.Type), "类型为 %s 的字段", strings.Join(words, "、"))
		return ""
	}
	return name
}

func (d *defining) fieldNames() []string {
	names := make([]string, len(d.Fields))
	for i, f := range d.Fields {
		names[i] = f.Name
	}
	return names
}

// open reads the name of a field that everybody may see.
func (d *defining) open(at strictyaml.Value, types ...FieldType) string {
	name := d.ref(at, types...)
	if f, ok := d.Field(name); ok && f.Personal {
		at.Problem("个人信息字段"+strictyaml.Quote(name), "不含个人信息的字段")
		return ""
	}
	return name
}

// readKeys reads what names, dates, lists and places a record.
func (d *defining) readKeys() {
	if at := d.file.May("title"); at.Present() || !slices.Contains(d.fieldNames(), "name") {
		d.Title = d.open(d.file.Must("title", "作为记录名称的字段"), Text, Choice, UnitRef, USCC, LongText)
	} else {
		d.Title = "name"
	}
	for _, item := range d.file.May("columns").Items() {
		d.Columns = append(d.Columns, d.open(item))
	}
	d.Effective = d.ref(d.file.May("effective"), Date)
	names := map[string]int{}
	for _, item := range d.file.May("unique").Items() {
		d.readUnique(item, names)
	}
	d.readPlace(d.file.May("place"))
}

func (d *defining) readUnique(v strictyaml.Value, seen map[string]int) {
	f := v.Mapping("name", "fields", "yearly", "local", "says")
	name := f.Must("name", "唯一键编号")
	u := Unique{Name: name.ID(), Yearly: f.May("yearly").Truth(), Local: f.May("local").Truth(), Says: f.Must("says", "重复时的提示").Text()}
	for _, item := range f.Must("fields", "字段编号列表").Words() {
		field := d.open(item, Text, Number, Date, Choice, Truth, USCC, UnitRef, TaskRef, RecordRef)
		if field != "" && slices.Contains(u.Fields, field) {
			item.Problem("重复的字段"+strictyaml.Quote(field), "每个字段只写一次")
		}
		u.Fields = append(u.Fields, field)
	}
	if u.Yearly && d.Effective == "" {
		f.May("yearly").Problem("没有生效日期的年度唯一键", "effective: 一个日期字段")
	}
	strictyaml.Once(name, u.Name, seen)
	d.Unique = append(d.Unique, u)
}

// readPlace reads the fields of the place; those named address, longitude and
// latitude are it without being said.
func (d *defining) readPlace(at strictyaml.Value) {
	if at.Present() {
		f := at.Mapping("address", "longitude", "latitude")
		d.Place = Place{
			Address:   d.open(f.May("address"), Text),
			Longitude: d.open(f.May("longitude"), Longitude),
			Latitude:  d.open(f.May("latitude"), Latitude),
		}
		return
	}
	for _, f := range d.Fields {
		switch {
		case f.Name == "address" && f.Type == Text && !f.Personal:
			d.Place.Address = f.Name
		case f.Type == Longitude && f.Name == "longitude":
			d.Place.Longitude = f.Name
		case f.Type == Latitude && f.Name == "latitude":
			d.Place.Latitude = f.Name
		}
	}
}

func (d *defining) readProofs(list strictyaml.Value) {
	if d.Anonymous && list.Present() {
		list.Problem("佐证类别", "不写：匿名登记的台账不收文件，文件会透露是谁交的")
	}
	seen := map[string]int{}
	for _, item := range list.Items() {
		f := item.Mapping("id", "label", "required", "photo", "most")
		id := f.Must("id", "佐证类别编号")
		p := ProofKind{ID: id.ID(), Label: f.Must("label", "佐证类别名称").Text(), Required: f.May("required").Truth(), Photo: f.May("photo").Truth(), Most: 5}
		if at := f.May("most"); at.Present() {
			p.Most = int(at.Whole(1, 50))
		}
		strictyaml.Once(id, p.ID, seen)
		d.Proof = append(d.Proof, p)
	}
}
