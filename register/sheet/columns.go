package sheet

import (
	"slices"
	"strings"

	"bihuan/kit/errs"
	"bihuan/kit/office"
	"bihuan/register"
)

// Names of the columns that are not fields of a register.
const (
	territoryColumn = "@territory"
	parentColumn    = "@parent"
	reasonColumn    = "@reason" // in a file to mend; not read
)

// territoryAt is the place of the territory in the columns of every template.
const territoryAt = 0

// Labels of those columns.
const (
	territoryLabel = "属地"
	reasonLabel    = "需要修改的内容"
)

// column is one column of a template.
type column struct{ register.Field }

// columnsOf gives the columns of a register's template.
func (s *Service) columnsOf(d *register.Definition) []column {
	all := []column{{Field: register.Field{Name: territoryColumn, Label: territoryLabel, Type: register.Text, Required: enteredBelow(d),
		Help: "县（市、区）或开发区；简称、代码也可以；空着就是您所在的地区"}}}
	if d.Under != "" {
		label := string(d.Under)
		if parent, ok := s.Catalog.Get(d.Under); ok {
			label = parent.Name
		}
		all = append(all, column{Field: register.Field{Name: parentColumn, Label: "所属" + label, Type: register.RecordRef, Required: true, Of: d.Under,
			Help: "填所属记录的编号"}})
	}
	for _, f := range d.Fields {
		all = append(all, column{Field: f})
	}
	return all
}

// key is what stands in the hidden row of a template.
func key(d *register.Definition, name string) string { return string(d.ID) + "/" + name }

// layout says where the columns of a template stand in a file.
type layout struct {
	sheet   int
	header  int   // row of the headers; the data stands below
	place   []int // by column of the template: column of the file, -1 for absent
	ignored []string
}

// headerRows is how far down a header can stand.
const headerRows = 20

// find looks for the header on the sheets: the hidden keys of our template, or
// else the row with the most labels.
func (s *Service) find(book *office.Workbook, d *register.Definition, columns []column) (layout, error) {
	best, most := layout{}, 0
	for i, sheet := range book.Sheets() {
		keyed := false
		for row, err := range book.Rows(i) {
			if err != nil {
				return best, err
			}
			if row.Number > headerRows {
				break
			}
			if keyed { // the labels under the keys: names of columns that somebody added
				best.header, best.ignored = row.Number, strangers(row, best.place)
				return best, best.complete(columns)
			}
			if other := s.keysOfAnother(row, d); other != "" {
				return best, errs.New(errs.Invalid, "这是“%s”的模板，不能导入“%s”", other, d.Name)
			}
			place, n := placesOf(row, columns, func(c column, text string) bool { return text == key(d, c.Name) })
			if keyed = n > 0; keyed {
				best = layout{sheet: i, header: row.Number, place: place}
				continue
			}
			if sheet.Hidden {
				break
			}
			place, n = placesOf(row, columns, sameLabel)
			if n > most {
				best, most = layout{sheet: i, header: row.Number, place: place, ignored: strangers(row, place)}, n
			}
		}
	}
	if most == 0 {
		return best, errs.New(errs.Invalid, "没有找到“%s”的表头：请下载模板，把内容填进模板再上传", d.Name)
	}
	return best, best.complete(columns)
}

// keysOfAnother names the register whose template the hidden row belongs to, "" for ours or none.
func (s *Service) keysOfAnother(row office.Row, d *register.Definition) string {
	for _, c := range row.Cells {
		id, name, found := strings.Cut(c.Text, "/")
		if found && name == territoryColumn && id != string(d.ID) {
			if other, ok := s.Catalog.Get(register.ID(id)); ok {
				return other.Name
			}
		}
	}
	return ""
}

// placesOf finds the columns in a row of headers; a header that comes twice is
// taken where it stands first.
func placesOf(row office.Row, columns []column, same func(column, string) bool) (place []int, n int) {
	place = make([]int, len(columns))
	for i, c := range columns {
		place[i] = slices.IndexFunc(row.Cells, func(v office.Value) bool { return same(c, v.Text) })
		if place[i] >= 0 {
			n++
		}
	}
	return place, n
}

// sameLabel compares a header with a label, without the marks and units that people add.
func sameLabel(c column, header string) bool {
	plain := bare(header)
	plain = strings.Trim(plain, "*:")
	if plain == bare(c.Label) {
		return true
	}
	head, _, found := strings.Cut(plain, "(")
	return found && head == bare(c.Label)
}

// strangers lists headers that belong to no column.
func strangers(row office.Row, place []int) []string {
	var names []string
	for i, c := range row.Cells {
		if text := tidy(c.Text, false); text != "" && text != reasonLabel && !slices.Contains(place, i) {
			names = append(names, clip(text))
		}
	}
	return names
}

// complete refuses a file without a column that every row needs. The territory may
// be absent: it is then the person's own.
func (l layout) complete(columns []column) error {
	var missing []string
	for i, c := range columns {
		if c.Required && l.place[i] < 0 && c.Name != territoryColumn {
			missing = append(missing, c.Label)
		}
	}
	if len(missing) > 0 {
		return errs.New(errs.Invalid, "文件缺少必填的列：%s。请对照模板补上", strings.Join(missing, "、"))
	}
	return nil
}

// cell gives the file's cell for a column of the template.
func (l layout) cell(row office.Row, i int) office.Value {
	if at := l.place[i]; at >= 0 && at < len(row.Cells) {
		return row.Cells[at]
	}
	return office.Value{}
}

// blank reports whether a row says nothing: people number rows, and fill in the
// territory, far below the last one that they use.
func (l layout) blank(row office.Row) bool {
	for i := range l.place {
		if v := l.cell(row, i); i != territoryAt && (tidy(v.Text, false) != "" || v.Kind == office.ValueError) {
			return false
		}
	}
	return true
}

// letter names a column of the file.
func (l layout) letter(i int) string {
	n := l.place[i] + 1
	name := ""
	for ; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}
