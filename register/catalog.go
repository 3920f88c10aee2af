package register

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/kit/strictyaml"
)

// The folder of registers in a pack and the file in it that registers share.
const (
	folderName = "registers"
	sharedFile = "registers/_shared.yaml"
	stagesFile = "registers/_stages.yaml"
)

// Catalog is all registers of a pack. It is read only.
type Catalog struct {
	all []*Definition
	by  map[ID]*Definition
}

// Known are the names of rules and documents in code that moves may use. A nil
// list is not compared.
type Known struct {
	Guards    []string
	Documents []string
}

// Get gives a register by id.
func (c *Catalog) Get(id ID) (*Definition, bool) {
	d, ok := c.by[id]
	return d, ok
}

// All gives the registers in the order of their `order`, then of their ids.
func (c *Catalog) All() []*Definition { return c.all }

// Under gives the registers whose records belong to records of the register.
func (c *Catalog) Under(id ID) []*Definition {
	var children []*Definition
	for _, d := range c.all {
		if d.Under == id && id != "" {
			children = append(children, d)
		}
	}
	return children
}

// LoadCatalog reads the registers of the pack: the files registers/*.yaml. A pack
// without them has an empty catalog. When anything is wrong it returns no catalog
// and an error with code Invalid whose cause is city.Errors with all problems.
//
// A register is one file, named by its id. Its keys are those of Definition in lower
// case; what is left out has a sensible value:
//
//	title is the field "name"; place is the fields address, longitude and latitude
//	stages: item is the list of that name in registers/_stages.yaml
//	fields and checks may hold {set: place}: the list of that name in registers/_shared.yaml
//	by, not_by, needs, proof, entry and fields of a key are one word or a list
//	limit: review is the timer of defaults.yaml; or {limit: 5 工作日, confidence: D, source: …}
//	proven: true asks for the effective date and every required kind of proof
//	assigns: handler asks for that field, too
//	where: {kind: [住宿, 餐饮]} is a condition of a count or of a move
//	phone and id-number are personal; 抽样核查 is sampled
func LoadCatalog(pack *city.Pack, known ...Known) (*Catalog, error) {
	c, problems := readCatalog(pack.Files, pack, known)
	if len(problems) > 0 {
		return nil, errs.New(errs.Invalid, "登记册有 %d 处错误", len(problems)).Because(problems)
	}
	return c, nil
}

// Problems returns everything that is wrong with the registers in a pack's folder;
// nothing if they can be loaded.
func Problems(fsys fs.FS, pack *city.Pack, known ...Known) []city.Problem {
	_, problems := readCatalog(fsys, pack, known)
	return problems
}

func readCatalog(fsys fs.FS, pack *city.Pack, known []Known) (*Catalog, city.Errors) {
	r := &reader{folder: &strictyaml.Folder{FS: fsys, Name: "城市包"}, pack: pack,
		catalog: &Catalog{by: map[ID]*Definition{}}, orders: map[ID]int64{}, unused: map[string]strictyaml.Value{}}
	for _, k := range known {
		r.known.Guards = append(r.known.Guards, k.Guards...)
		r.known.Documents = append(r.known.Documents, k.Documents...)
	}
	entries, err := fs.ReadDir(fsys, folderName)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.folder.File(folderName).Problem("无法读取的文件夹", "登记册文件夹")
	}
	r.readShared(entries)
	for _, e := range entries {
		r.readEntry(e)
	}
	if !r.incomplete {
		r.checkTogether()
	}
	slices.SortFunc(r.catalog.all, func(a, b *Definition) int {
		return cmp.Or(cmp.Compare(r.orders[a.ID], r.orders[b.ID]), cmp.Compare(a.ID, b.ID))
	})
	return r.catalog, slices.Compact(r.folder.Problems.Sorted())
}

// checkTogether notes what is wrong between the files.
func (r *reader) checkTogether() {
	for _, check := range r.later {
		check()
	}
	for _, v := range r.unused {
		v.Problem("没有登记册使用的模板", "有登记册用到的模板，或删去")
	}
}

// readEntry reads one file of the folder; what is not a register is refused, so
// that a misspelt name is not overlooked.
func (r *reader) readEntry(e fs.DirEntry) {
	name := path.Join(folderName, e.Name())
	switch {
	case name == sharedFile, name == stagesFile, strings.HasPrefix(e.Name(), "."):
	case e.IsDir() || !strings.HasSuffix(name, ".yaml"):
		r.folder.File(name).Problem("不是登记册的文件", "以 .yaml 结尾的登记册文件")
	default:
		r.readDefinition(r.yaml(name), strings.TrimSuffix(e.Name(), ".yaml"))
	}
}
