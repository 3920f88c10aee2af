package indicator

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// MaxRows and MaxImport bound one import.
const (
	MaxRows   = 5000
	MaxImport = 2 << 20 // bytes of text
)

// Column is one column of an import: its field of Entry and its heading.
type Column struct {
	Field    string
	Header   string
	Required bool
	also     []string
}

// Columns lists the columns in the order of the template and of the export.
func Columns() []Column {
	return []Column{
		{"indicator", "指标", true, []string{"指标名称", "指标编号"}},
		{"territory", "地区", true, []string{"区域", "县区", "县（市、区）"}},
		{"period", "时期", true, []string{"统计时期", "月份"}},
		{"caliber", "口径", false, nil},
		{"value", "数值", true, []string{"公布数", "数据"}},
		{"released", "发布日期", true, []string{"公布日期"}},
		{"source", "来源文件", true, []string{"来源", "依据"}},
		{"reason", "修订原因", false, []string{"原因"}},
	}
}

// ReadText turns pasted or uploaded text into rows: cells apart by tabs, or by
// commas as in CSV. Text of older programs in GB 18030 is taken too.
func ReadText(data []byte) ([][]string, error) {
	if len(data) > MaxImport {
		return nil, errs.New(errs.TooLarge, "表格超过 %d MB：请分几次导入", MaxImport>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if !utf8.Valid(data) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			return nil, errs.New(errs.Invalid, "读不出文字：请另存为 UTF-8 编码的 CSV，或直接粘贴表格")
		}
		data = decoded
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	if bytes.ContainsRune(data, '\t') {
		r.Comma = '\t'
	}
	var rows [][]string
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, errs.New(errs.Invalid, "第 %d 行读不出来：请检查引号是否成对", len(rows)+1).Because(err)
		}
		// The reader leaves out empty lines; they are put back, so that rows keep their numbers.
		for line, _ := r.FieldPos(0); len(rows) < line-1; {
			rows = append(rows, nil)
		}
		if rows = append(rows, row); len(rows) > MaxRows+1 {
			return nil, errs.New(errs.TooLarge, "超过 %d 行：请分几次导入", MaxRows)
		}
	}
}

// CellProblem is one cell of an import that cannot be taken.
type CellProblem struct {
	Row    int    // as a spreadsheet counts, the heading being row 1
	Column string // letter of the column, as a spreadsheet shows it; "" for the row as a whole
	Header string
	Text   string // what stands there
	Reason string
}

// RowState says what an import does with a row.
type RowState string

// States of a row.
const (
	RowNew      RowState = "new"      // a figure that is not here yet
	RowRevision RowState = "revision" // a further version, with its reason
	RowSame     RowState = "same"     // here already; left out
)

// ImportRow is a row that can be taken.
type ImportRow struct {
	Row   int
	State RowState
	Observation
	last Observation
}

// ImportCheck is what an import would do.
type ImportCheck struct {
	Rows     []ImportRow
	Problems []CellProblem
}

// Count is the number of rows in a state.
func (c ImportCheck) Count(s RowState) int {
	n := 0
	for _, r := range c.Rows {
		if r.State == s {
			n++
		}
	}
	return n
}

// BadRows is the number of rows with a problem.
func (c ImportCheck) BadRows() int {
	var rows []int
	for _, p := range c.Problems {
		if !slices.Contains(rows, p.Row) {
			rows = append(rows, p.Row)
		}
	}
	return len(rows)
}

// CheckImport tells what an import of the rows would do and changes nothing. The
// headings stand in one of the first rows.
func (s *Service) CheckImport(ctx context.Context, p org.Principal, rows [][]string) (check ImportCheck, err error) {
	defer errs.Wrap(&err, "indicator.CheckImport")
	if err := p.May(org.IndicatorEdit, org.Scope{}); err != nil {
		return check, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		check, err = s.check(tx, rows)
		return err
	})
	return check, err
}

// Import takes the rows that are good, all in one transaction, and returns what
// was done; bad rows are left out and named.
func (s *Service) Import(ctx context.Context, p org.Principal, rows [][]string) (check ImportCheck, err error) {
	defer errs.Wrap(&err, "indicator.Import")
	if err := p.May(org.IndicatorEdit, org.Scope{}); err != nil {
		return check, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if check, err = s.check(tx, rows); err != nil {
			return err
		}
		if check.Count(RowNew)+check.Count(RowRevision) == 0 {
			return errs.New(errs.Invalid, "没有可以导入的行：请按提示更正")
		}
		batch, err := s.log.Batch(tx)
		if err != nil {
			return err
		}
		for _, r := range check.Rows {
			if r.State == RowSame {
				continue
			}
			if _, err := s.append(tx, batch, p, r.last, r.Observation); err != nil {
				return err
			}
		}
		return nil
	})
	return check, err
}

func (s *Service) check(tx *db.Tx, rows [][]string) (check ImportCheck, err error) {
	first, at, err := findHeading(rows)
	if err != nil {
		return check, err
	}
	today, taken := calendar.Today(tx.Now()), map[string]int{}
	for i := first + 1; i < len(rows); i++ {
		if blank(rows[i]) {
			continue
		}
		if err := s.checkRow(tx, &check, importLine{i + 1, rows[i], at}, today, taken); err != nil {
			return check, err
		}
	}
	return check, nil
}

// importLine is one row with the places of its columns.
type importLine struct {
	row   int
	cells []string
	at    map[string]int
}

func (l importLine) cell(field string) string {
	i, ok := l.at[field]
	if !ok || i >= len(l.cells) {
		return ""
	}
	return strings.TrimSpace(l.cells[i])
}

func (l importLine) problem(field, reason string) CellProblem {
	p := CellProblem{Row: l.row, Text: l.cell(field), Reason: reason}
	for _, c := range Columns() {
		if c.Field == field {
			p.Header = c.Header
		}
	}
	if i, ok := l.at[field]; ok {
		p.Column = columnName(i)
	}
	return p
}

func (s *Service) checkRow(tx *db.Tx, check *ImportCheck, l importLine, today calendar.Date, taken map[string]int) error {
	id, _ := s.catalogue.named(l.cell("indicator"))
	o, err := s.catalogue.parse(Entry{Indicator: id, Territory: l.cell("territory"), Period: l.cell("period"), Caliber: l.cell("caliber"), Value: l.cell("value"),
		Released: l.cell("released"), Source: l.cell("source"), Reason: l.cell("reason")}, today)
	if err != nil {
		check.note(l, err)
		return nil
	}
	key := strings.Join([]string{string(o.Indicator), string(o.Territory), o.Period.Code(), string(o.Caliber)}, " ")
	if before, twice := taken[key]; twice {
		check.Problems = append(check.Problems, l.problem("period", "与第 "+strconv.Itoa(before)+" 行是同一个数"))
		return nil
	}
	taken[key] = l.row
	last, err := lastVersion(tx, o.Indicator, o.Key)
	if err != nil {
		return err
	}
	row := ImportRow{Row: l.row, State: RowNew, Observation: o, last: last}
	switch {
	case last.Revision == 0:
	case !last.Withdrawn() && *last.Value == *o.Value && last.Released == o.Released:
		row.State = RowSame
	default:
		row.State = RowRevision
		if err := checkRevision(last, o); err != nil {
			check.note(l, err)
			return nil
		}
	}
	check.Rows = append(check.Rows, row)
	return nil
}

// note adds the messages of a refusal, each at its cell.
func (c *ImportCheck) note(l importLine, err error) {
	messages := errs.FieldMessages(err)
	for _, column := range Columns() {
		if m := messages[column.Field]; m != "" {
			c.Problems = append(c.Problems, l.problem(column.Field, m))
		}
	}
}

// named finds an indicator by its id or name.
func (c *Catalogue) named(s string) (ID, bool) {
	for _, ind := range c.Indicators {
		if s != "" && (string(ind.ID) == s || ind.Name == s || ind.Short == s) {
			return ind.ID, true
		}
	}
	return ID(s), false
}

// maxTitle is how many rows of title may stand over the heading.
const maxTitle = 5

// findHeading looks for the row of headings among the first rows.
func findHeading(rows [][]string) (row int, at map[string]int, err error) {
	seen := 0
	for i, cells := range rows {
		if blank(cells) {
			continue
		}
		found, wrong := heading(cells)
		if wrong == nil {
			return i, found, nil
		}
		if err == nil || len(found) > 0 {
			err = wrong // a row with some of the headings tells best what is missing
		}
		if seen++; seen == maxTitle {
			break
		}
	}
	if err == nil {
		err = errs.New(errs.Invalid, "没有内容：请粘贴带表头的表格")
	}
	return 0, nil, err
}

// heading finds the columns by their names; with an error it returns what was found.
func heading(row []string) (map[string]int, error) {
	at := map[string]int{}
	var unknown, missing []string
	for i, cell := range row {
		name := strings.TrimSpace(cell)
		j := slices.IndexFunc(Columns(), func(c Column) bool { return c.Header == name || slices.Contains(c.also, name) })
		if j < 0 {
			if name != "" {
				unknown = append(unknown, name)
			}
			continue
		}
		if _, twice := at[Columns()[j].Field]; twice {
			return at, errs.New(errs.Invalid, "表头“%s”出现了两次", name)
		}
		at[Columns()[j].Field] = i
	}
	for _, c := range Columns() {
		if _, ok := at[c.Field]; c.Required && !ok {
			missing = append(missing, c.Header)
		}
	}
	if len(missing) > 0 {
		text := "表头缺少：" + strings.Join(missing, "、")
		if len(unknown) > 0 {
			text += "；不认识：" + clip(strings.Join(unknown, "、"))
		}
		return at, errs.New(errs.Invalid, "%s", text)
	}
	return at, nil
}

func blank(row []string) bool {
	return !slices.ContainsFunc(row, func(s string) bool { return strings.TrimSpace(s) != "" })
}

// columnName is the letter of a spreadsheet's column: A for 0, AA for 26.
func columnName(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}
