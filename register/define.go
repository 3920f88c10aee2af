package register

import (
	"io/fs"
	"path"
	"slices"

	"bihuan/city"
	"bihuan/kit/strictyaml"
)

// reader fills one catalog.
type reader struct {
	folder     *strictyaml.Folder
	pack       *city.Pack
	known      Known
	catalog    *Catalog
	orders     map[ID]int64
	fieldSets  strictyaml.Fields
	checkSets  strictyaml.Fields
	stageSets  strictyaml.Fields
	incomplete bool                        // a file could not be read: questions between files make no sense
	unused     map[string]strictyaml.Value // templates that no register has used yet
	later      []func()                    // questions that need every register
}

// readShared reads what registers share: lists of stages, of fields and of checks, by name.
func (r *reader) readShared(entries []fs.DirEntry) {
	has := func(name string) bool {
		return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return path.Join(folderName, e.Name()) == name })
	}
	if has(stagesFile) {
		r.stageSets = r.readSets(r.yaml(stagesFile))
	}
	if has(sharedFile) {
		f := r.yaml(sharedFile).Mapping("fields", "checks")
		r.fieldSets, r.checkSets = r.readSets(f.May("fields")), r.readSets(f.May("checks"))
	}
}

// yaml reads a file; the value is absent if it cannot be read.
func (r *reader) yaml(name string) strictyaml.Value {
	v, ok := r.folder.YAML(name)
	r.incomplete = r.incomplete || !ok
	return v
}

func (r *reader) readSets(v strictyaml.Value) strictyaml.Fields {
	sets := v.Mapping(v.Keys()...)
	for _, k := range v.Keys() {
		at := sets.May(k)
		r.unused[at.Where()] = at
	}
	return sets
}

// set gives the template that the value names, absent if there is none.
func (r *reader) set(name strictyaml.Value, sets strictyaml.Fields, what string) strictyaml.Value {
	k := name.Text()
	if k == "" {
		return strictyaml.Value{}
	}
	v := sets.May(k)
	if !v.Present() {
		name.Problem("不存在的"+what+strictyaml.Quote(k), "%s", strictyaml.OneOf("已写好的"+what, k, sets.Keys()))
		return strictyaml.Value{}
	}
	delete(r.unused, v.Where())
	return v
}

var definitionKeys = []string{"id", "name", "short", "order", "group", "about", "clause", "unit", "lead", "partners", "entry",
	"fields", "title", "columns", "effective", "unique", "place", "proof", "method", "stages", "counts", "baseline", "expiry",
	"checks", "sampled", "under", "anonymous", "pending", "confidence", "source"}

var methods = []string{"系统比对", "抽样核查", "现场核查", "第三方", "上级认定"}

// defining is a register that is being read.
type defining struct {
	*reader
	*Definition
	file strictyaml.Fields
}

func (r *reader) readDefinition(v strictyaml.Value, file string) {
	f := v.Mapping(definitionKeys...)
	if !f.Present() {
		return
	}
	d := &defining{reader: r, file: f, Definition: &Definition{
		ID:        ID(f.Must("id", "登记册编号，与文件同名").ID()),
		Name:      f.Must("name", "登记册名称").Text(),
		Short:     f.Must("short", "编号前的字，如 站点").Text(),
		Group:     f.Must("group", "所属分组").Text(),
		About:     f.Must("about", "一条记录是什么").Text(),
		Clause:    f.May("clause").Text(),
		Unit:      f.Must("unit", "计量单位，如 个").Text(),
		Pending:   f.May("pending").Texts(),
		Anonymous: f.May("anonymous").Truth(),
		Baseline:  f.May("baseline").Date(),
		Basis:     city.ReadBasis(f),
	}}
	if d.ID != "" && string(d.ID) != file {
		f.May("id").Problem(strictyaml.Quote(string(d.ID)), "与文件同名的编号“%s”", file)
	}
	r.orders[d.ID] = 1000
	if at := f.May("order"); at.Present() {
		r.orders[d.ID] = at.Whole(1, 999)
	}
	d.readUnits()
	d.readFields(f.Must("fields", "字段列表"))
	d.readKeys()
	d.readProofs(f.May("proof"))
	d.readStages(f.Must("stages", "阶段模板的名称，或阶段列表"))
	d.readCounts(f.May("counts"))
	d.readExpiry(f.May("expiry"))
	d.readChecks(f.May("checks"))
	d.readUnder(f.May("under"))
	if d.ID != "" {
		r.catalog.by[d.ID] = d.Definition
		r.catalog.all = append(r.catalog.all, d.Definition)
	}
}

func (d *defining) readUnits() {
	d.Lead = d.unit(d.file.Must("lead", "牵头单位编号"))
	for _, item := range d.file.May("partners").Items() {
		u := d.unit(item)
		if u != "" && (u == d.Lead || slices.Contains(d.Partners, u)) {
			item.Problem("重复的单位"+strictyaml.Quote(string(u)), "每个单位只写一次")
		}
		d.Partners = append(d.Partners, u)
	}
	for _, item := range d.file.Must("entry", "填报者：county、lead 或 unit").Words() {
		d.Entry = append(d.Entry, strictyaml.Choice(item, EntrantCounty, EntrantLead, EntrantUnit))
	}
}

func (d *defining) unit(at strictyaml.Value) city.UnitID {
	id := city.UnitID(at.Text())
	if id == "" {
		return ""
	}
	if _, ok := d.pack.Unit(id); ok {
		return id
	}
	ids := make([]string, len(d.pack.Units))
	for i, u := range d.pack.Units {
		ids[i] = string(u.ID)
	}
	at.Problem("不存在的单位"+strictyaml.Quote(string(id)), "%s", strictyaml.OneOf("units.yaml 中的单位编号", string(id), ids))
	return ""
}

// readUnder reads the register that the records belong to.
func (d *defining) readUnder(at strictyaml.Value) {
	d.Under = ID(at.Text())
	if d.Under == "" {
		return
	}
	if d.Under == d.ID {
		at.Problem(strictyaml.Quote(string(d.Under)), "另一个登记册")
	}
	d.mustExist(at, d.Under)
}

// mustExist asks after everything was read whether there is such a register.
func (d *defining) mustExist(at strictyaml.Value, id ID) {
	d.later = append(d.later, func() {
		if _, ok := d.catalog.by[id]; ok {
			return
		}
		ids := make([]string, len(d.catalog.all))
		for i, other := range d.catalog.all {
			ids[i] = string(other.ID)
		}
		at.Problem("不存在的登记册"+strictyaml.Quote(string(id)), "%s", strictyaml.OneOf("registers 文件夹中的登记册编号", string(id), ids))
	})
}
