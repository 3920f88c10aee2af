package office

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strings"
	"time"

	"bihuan/kit/errs"
)

// XlsxLimits bound what is read from a table. Zero fields take the values named here.
type XlsxLimits struct {
	Unpacked   int64 // bytes of one part of the file: 1 GB
	SharedText int64 // bytes of the texts that cells share: 64 MB
	Rows       int   // rows with anything in them on a sheet: 200,000
	Columns    int   // 256
	CellText   int   // bytes of one cell: 131,072
}

func (l XlsxLimits) withDefaults() XlsxLimits {
	set := func(n *int, def int) {
		if *n <= 0 {
			*n = def
		}
	}
	if l.Unpacked <= 0 {
		l.Unpacked = 1 << 30
	}
	if l.SharedText <= 0 {
		l.SharedText = 64 << 20
	}
	set(&l.Rows, 200_000)
	set(&l.Columns, 256)
	set(&l.CellText, 1<<17)
	return l
}

// ValueKind says what a cell holds.
type ValueKind int

// The kinds of values.
const (
	ValueEmpty  ValueKind = iota
	ValueText             // as typed
	ValueNumber           // Text is a plain decimal, "1234.5"
	ValueBool             // Text is TRUE or FALSE
	ValueDate             // Date is set; Text is "2026-03-01", with the time where there is one
	ValueError            // Text is #N/A and the like, or empty for a formula that was never computed
)

// Value is the content of a cell. Of a formula it is the value last computed.
type Value struct {
	Kind ValueKind
	Text string
	Date time.Time // UTC; only of ValueDate
}

// Row is one row of a table. Cells stand at their columns, from A on, and are
// overwritten by the next row.
type Row struct {
	Number int // as the spreadsheet counts, from 1
	Cells  []Value
}

// SheetInfo names a sheet.
type SheetInfo struct {
	Name   string
	Hidden bool
}

// Workbook is a table that was opened for reading. Rows are read as they are asked
// for; only texts that cells share are kept.
type Workbook struct {
	sheets []SheetInfo
	rows   func(sheet int, yield func(Row) bool) error
}

// Sheets lists the sheets in the order of their tabs.
func (w *Workbook) Sheets() []SheetInfo { return w.sheets }

// Rows reads a sheet from top to bottom, passing over empty rows. The error, which
// comes last, is for the user.
func (w *Workbook) Rows(sheet int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if sheet < 0 || sheet >= len(w.sheets) {
			yield(Row{}, errs.New(errs.Invalid, "文件里没有工作表"))
			return
		}
		if err := w.rows(sheet, func(r Row) bool { return yield(r, nil) }); err != nil && !errors.Is(err, errEnough) {
			yield(Row{}, err)
		}
	}
}

// errEnough ends the reading of a sheet when nobody wants more rows.
var errEnough = errors.New("no more rows wanted")

// ReadTable opens an .xlsx or a .csv file, whatever it is called.
func ReadTable(data io.ReaderAt, size int64, limits XlsxLimits) (*Workbook, error) {
	head := make([]byte, 8)
	n, err := data.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read table: %w", err)
	}
	if head = head[:n]; bytes.HasPrefix(head, []byte("PK")) || IsOLE(head) {
		return ReadXlsx(data, size, limits)
	}
	return ReadCSV(data, size, limits)
}

// xlsxBook reads the parts of an .xlsx file.
type xlsxBook struct {
	parts    map[string]*zip.File
	limits   XlsxLimits
	paths    []string // of the sheets
	shared   []string
	dates    []bool // by style: numbers are dates
	from1904 bool
}

// ReadXlsx opens an .xlsx file. Rows are read later, by Workbook.Rows.
func ReadXlsx(data io.ReaderAt, size int64, limits XlsxLimits) (_ *Workbook, err error) {
	b := &xlsxBook{limits: limits.withDefaults()}
	if err := b.open(data, size); err != nil {
		return nil, err
	}
	w := &Workbook{rows: b.readRows}
	for _, step := range []func() error{func() error { return b.readWorkbook(w) }, b.readStyles, b.readShared} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func (b *xlsxBook) open(data io.ReaderAt, size int64) error {
	head := make([]byte, len(ole))
	if _, err := data.ReadAt(head, 0); err == nil && IsOLE(head) {
		return errs.New(errs.Invalid, "这是旧版 .xls 文件或设有打开密码的文件：请去掉密码，用 Excel 或 WPS 另存为 .xlsx 再上传")
	}
	r, err := zip.NewReader(data, size)
	if err != nil {
		return errs.New(errs.Invalid, "文件不是完整的 .xlsx 表格，请重新保存后上传").Because(err)
	}
	if len(r.File) > maxEntries {
		return errBomb("%d entries", len(r.File))
	}
	b.parts = make(map[string]*zip.File, len(r.File))
	for _, f := range r.File {
		name := strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(f.Name, "\\", "/")), "/"))
		if b.parts[name] != nil {
			return errs.New(errs.Invalid, "文件内部结构异常（同名部件重复），请用 Excel 或 WPS 打开后另存再上传").Because(fmt.Errorf("entry %q twice", f.Name))
		}
		b.parts[name] = f
	}
	return nil
}

// boundedPart unpacks a part and ends when it grows past what a table can be.
type boundedPart struct {
	io.ReadCloser
	name   string
	packed uint64
	limit  int64
	read   int64
}

// Read implements io.Reader.
func (p *boundedPart) Read(buf []byte) (int, error) {
	n, err := p.ReadCloser.Read(buf)
	p.read += int64(n)
	if p.read > p.limit || p.read > ratioFrom && uint64(p.read) > maxPackRatio*max(1, p.packed) {
		return 0, errBomb("part %s unpacks past the limit", p.name)
	}
	return n, err
}

// part opens a part for reading; nil when there is none.
func (b *xlsxBook) part(name string, limit int64) (*boundedPart, error) {
	f := b.parts[strings.ToLower(strings.TrimPrefix(name, "/"))]
	if f == nil {
		return nil, nil
	}
	if f.Flags&1 != 0 {
		return nil, errs.New(errs.Invalid, "文件设有密码，请去掉密码后上传")
	}
	r, err := f.Open()
	if err != nil {
		return nil, damagedPart(name, err)
	}
	return &boundedPart{ReadCloser: r, name: name, packed: f.CompressedSize64, limit: limit}, nil
}

// walk reads a part's root element and its children with f; a missing part is none.
func (b *xlsxBook) walk(name string, limit int64, f func(x *xmlReader) error) error {
	r, err := b.part(name, limit)
	if err != nil || r == nil {
		return err
	}
	defer func() { _ = r.Close() }()
	x := streamXML(r)
	if _, err := x.root(); err != nil {
		return xlsxFailure(name, err)
	}
	if err := f(x); err != nil && !errors.Is(err, errEnough) {
		return xlsxFailure(name, err)
	}
	return nil
}

// xlsxFailure turns a reading error into the refusal for the user.
func xlsxFailure(part string, err error) error {
	if errors.Is(err, errEntities) {
		return errs.New(errs.Invalid, "文件里有不允许的实体声明，可能是恶意文件，请用 Excel 或 WPS 打开后另存再上传").Because(fmt.Errorf("part %s: %w", part, err))
	}
	return xmlFailure(part, err)
}

// readWorkbook reads the names and places of the sheets.
func (b *xlsxBook) readWorkbook(w *Workbook) error {
	main := "xl/workbook.xml"
	if err := b.eachRelation("_rels/.rels", "", func(_, kind, target string) {
		if strings.HasSuffix(kind, "/officeDocument") {
			main = target
		}
	}); err != nil {
		return err
	}
	if b.parts[strings.ToLower(main)] == nil {
		return errs.New(errs.Invalid, "文件里没有工作簿：请确认是 .xlsx 表格，而不是文档或压缩包")
	}
	targets := map[string]string{}
	dir, file := path.Split(main)
	if err := b.eachRelation(dir+"_rels/"+file+".rels", dir, func(id, _, target string) { targets[id] = target }); err != nil {
		return err
	}
	err := b.walk(main, b.limits.Unpacked, func(x *xmlReader) error { return b.readSheetList(x, w, targets) })
	if err == nil && len(w.sheets) == 0 {
		err = errs.New(errs.Invalid, "文件里没有工作表")
	}
	return err
}

func (b *xlsxBook) readSheetList(x *xmlReader, w *Workbook, targets map[string]string) error {
	return x.descend(func(e element) error {
		switch e.Name.Local {
		case "workbookPr":
			v := attr(e, "date1904")
			b.from1904 = v == "1" || v == "true"
		case "sheet":
			target := ""
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					target = targets[a.Value]
				}
			}
			if b.parts[strings.ToLower(target)] == nil || len(b.paths) >= maxEntries {
				return nil // a chart, or a sheet that is not there
			}
			b.paths = append(b.paths, target)
			w.sheets = append(w.sheets, SheetInfo{Name: attr(e, "name"), Hidden: attr(e, "state") != "" && attr(e, "state") != "visible"})
		}
		return nil
	})
}

// eachRelation reads a part of relations; targets are relative to dir.
func (b *xlsxBook) eachRelation(name, dir string, f func(id, kind, target string)) error {
	return b.walk(name, b.limits.Unpacked, func(x *xmlReader) error {
		return x.descend(func(e element) error {
			if e.Name.Local == "Relationship" {
				target := attr(e, "Target")
				if !strings.HasPrefix(target, "/") {
					target = dir + target
				}
				f(attr(e, "Id"), attr(e, "Type"), strings.TrimPrefix(path.Clean("/"+target), "/"))
			}
			return nil
		})
	})
}

// sibling finds a part beside the workbook by the end of its name.
func (b *xlsxBook) sibling(name string) string {
	var found []string
	for p := range b.parts {
		if path.Base(p) == name {
			found = append(found, p)
		}
	}
	slices.Sort(found)
	if len(found) == 0 {
		return ""
	}
	return found[0]
}

// readShared reads the texts that cells share.
func (b *xlsxBook) readShared() error {
	var size int64
	return b.walk(b.sibling("sharedstrings.xml"), b.limits.Unpacked, func(x *xmlReader) error {
		return x.children(func(e element) error {
			text, err := x.richText(b.limits.CellText)
			if err != nil {
				return err
			}
			if size += int64(len(text)) + 16; size > b.limits.SharedText {
				return errs.New(errs.TooLarge, "表格里的文字超过 %d MB，请分成几个文件上传", b.limits.SharedText>>20)
			}
			b.shared = append(b.shared, text)
			return nil
		})
	})
}
