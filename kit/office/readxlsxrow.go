package office

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"bihuan/kit/errs"
)

// element is shorter to read in signatures.
type element = xml.StartElement

// streamXML walks a part while it is unpacked.
func streamXML(r io.Reader) *xmlReader {
	dec := xml.NewDecoder(r)
	dec.CharsetReader = func(label string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("encoding %q", label)
	}
	return &xmlReader{dec: dec}
}

// descend calls each for every element inside the one just entered, at any depth.
func (x *xmlReader) descend(each func(element) error) error {
	for open := 1; open > 0; {
		token, err := x.next()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case element:
			open++
			if err := each(t); err != nil {
				return err
			}
		case xml.EndElement:
			open--
		}
	}
	return nil
}

// richText gives the text of a <si> or <is> just entered: plain or in runs,
// without the readings that stand above Japanese words.
func (x *xmlReader) richText(limit int) (string, error) {
	var text strings.Builder
	err := x.children(func(e element) error {
		switch e.Name.Local {
		case "t":
			s, err := x.text()
			text.WriteString(s)
			return errors.Join(err, tooLong(text.Len(), limit))
		case "r":
			return x.children(func(run element) error {
				if run.Name.Local != "t" {
					return x.skip()
				}
				s, err := x.text()
				text.WriteString(s)
				return errors.Join(err, tooLong(text.Len(), limit))
			})
		}
		return x.skip()
	})
	return text.String(), err
}

func tooLong(n, limit int) error {
	if n > limit {
		return errs.New(errs.TooLarge, "有单元格的文字过长，请缩短后上传")
	}
	return nil
}

// sheetReader reads the rows of one sheet.
type sheetReader struct {
	*xlsxBook
	x      *xmlReader
	merged []merge
	row    Row
	filled int // rows with anything in them
	yield  func(Row) bool
}

// readRows is Workbook.Rows of an .xlsx file.
func (b *xlsxBook) readRows(sheet int, yield func(Row) bool) error {
	merged, err := b.mergesOf(b.paths[sheet])
	if err != nil {
		return err
	}
	return b.walk(b.paths[sheet], b.limits.Unpacked, func(x *xmlReader) error {
		s := &sheetReader{xlsxBook: b, x: x, merged: merged, yield: yield}
		return x.children(func(e element) error {
			if e.Name.Local != "sheetData" {
				return x.skip()
			}
			if err := x.children(s.readRow); err != nil {
				return err
			}
			return errEnough // what follows the rows is not needed
		})
	})
}

// readRow reads the row whose element was just entered and hands it on.
func (s *sheetReader) readRow(e element) error {
	last := s.row.Number
	s.row.Number, s.row.Cells = last+1, s.row.Cells[:0]
	if r := attr(e, "r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n <= last || n > maxRows {
			return fmt.Errorf("row %q after row %d", r, last)
		}
		s.row.Number = n
	}
	if err := s.x.children(s.readCell); err != nil {
		return err
	}
	s.fillMerged()
	empty := true
	for _, c := range s.row.Cells {
		empty = empty && c.Kind == ValueEmpty
	}
	if empty {
		return nil
	}
	if s.filled++; s.filled > s.limits.Rows {
		return errs.New(errs.TooLarge, "表格超过 %d 行，请分成几个文件上传", s.limits.Rows)
	}
	if !s.yield(s.row) {
		return errEnough
	}
	return nil
}

// readCell reads the cell whose element was just entered.
func (s *sheetReader) readCell(e element) error {
	if e.Name.Local != "c" {
		return s.x.skip()
	}
	column := len(s.row.Cells)
	if ref := attr(e, "r"); ref != "" {
		c, _, ok := parseRef(ref)
		if !ok || c < column {
			return fmt.Errorf("cell %q after column %d", ref, column)
		}
		column = c
	}
	raw, formula := "", false
	err := s.x.children(func(part element) (err error) {
		switch part.Name.Local {
		case "v":
			raw, err = s.x.text()
			return errors.Join(err, tooLong(len(raw), s.limits.CellText))
		case "is":
			raw, err = s.x.richText(s.limits.CellText)
			return err
		case "f":
			formula = true
		}
		return s.x.skip()
	})
	if err != nil {
		return err
	}
	v, err := s.value(e, raw)
	if err != nil {
		return err
	}
	if formula && raw == "" && attr(e, "t") != "str" {
		v = Value{Kind: ValueError}
	}
	if v.Kind == ValueEmpty {
		return nil
	}
	if column >= s.limits.Columns {
		return errs.New(errs.TooLarge, "第 %d 行超过 %d 列，请删去多余的列", s.row.Number, s.limits.Columns)
	}
	for len(s.row.Cells) < column {
		s.row.Cells = append(s.row.Cells, Value{})
	}
	s.row.Cells = append(s.row.Cells, v)
	return nil
}

// value gives a cell's raw text its meaning.
func (s *sheetReader) value(e element, raw string) (Value, error) {
	switch attr(e, "t") {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(raw))
		if err != nil || i < 0 || i >= len(s.shared) {
			return Value{}, fmt.Errorf("shared text %q of %d", raw, len(s.shared))
		}
		return textValue(s.shared[i]), nil
	case "inlineStr", "str":
		return textValue(raw), nil
	case "b":
		if strings.TrimSpace(raw) == "1" {
			return Value{Kind: ValueBool, Text: "TRUE"}, nil
		}
		return Value{Kind: ValueBool, Text: "FALSE"}, nil
	case "e":
		return Value{Kind: ValueError, Text: raw}, nil
	case "d":
		return isoDate(raw), nil
	}
	if raw = strings.TrimSpace(raw); raw == "" {
		return Value{}, nil
	}
	style, _ := strconv.Atoi(attr(e, "s"))
	return s.number(raw, style)
}

func textValue(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{Kind: ValueText, Text: s}
}

func isoDate(raw string) Value {
	for _, form := range []string{time.DateOnly, "2006-01-02T15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(form, raw); err == nil {
			return dateValue(t)
		}
	}
	return textValue(raw)
}

func dateValue(t time.Time) Value {
	form := time.DateOnly
	if t.Hour() != 0 || t.Minute() != 0 || t.Second() != 0 {
		form = time.DateTime
	}
	return Value{Kind: ValueDate, Text: t.Format(form), Date: t}
}

// number reads a number, which is a date when its style says so.
func (s *sheetReader) number(raw string, style int) (Value, error) {
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return Value{}, fmt.Errorf("number %q", raw)
	}
	if style >= 0 && style < len(s.dates) && s.dates[style] && f >= 1 && f < 2958466 { // up to 9999-12-31
		return dateValue(serialDate(f, s.from1904)), nil
	}
	// A workbook keeps 15 digits: 0.1+0.2 is stored as 0.30000000000000004 and means 0.3.
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if short, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64); err == nil && math.Abs(f) < exactUnits {
		text = strconv.FormatFloat(short, 'f', -1, 64)
	}
	return Value{Kind: ValueNumber, Text: text}, nil
}

// serialDate is the moment that a workbook counts as so many days: from 1900 with
// a 29 February 1900 that never was, or from 1904.
func serialDate(f float64, from1904 bool) time.Time {
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case from1904:
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case f < 60:
		first = first.AddDate(0, 0, 1)
	}
	days := math.Floor(f)
	seconds := math.Round((f - days) * 24 * 60 * 60)
	return first.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second)
}

// parseRef reads "C12" as column 2 and row 12.
func parseRef(ref string) (column, row int, ok bool) {
	i := 0
	for ; i < len(ref) && i < 4; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		column = column*26 + int(c-'A') + 1
	}
	row, err := strconv.Atoi(ref[i:])
	return column - 1, row, err == nil && i > 0 && column <= 16384 && row > 0
}

// merge is a block of merged cells; from and to are both part of it.
type merge struct {
	fromCol, fromRow, toCol, toRow int
	value                          Value // once its first cell was read
}

// Merged cells are filled in the rows that can be a header; a sheet has a few of them.
const (
	mergedRows = 20
	mostMerges = 1000
)

// mergesOf finds the merged cells of a sheet. They stand behind the rows, so the
// part is searched for them before its rows are read.
func (b *xlsxBook) mergesOf(name string) (merges []merge, err error) {
	r, err := b.part(name, b.limits.Unpacked)
	if err != nil || r == nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	const mark, longest = "mergeCell ", 256
	buf := make([]byte, 64<<10)
	kept := 0
	for len(merges) < mostMerges {
		n, err := io.ReadFull(r, buf[kept:])
		end := kept + n
		at := 0
		for {
			i := bytes.Index(buf[at:end], []byte(mark))
			if i < 0 || (at+i+longest > end && err == nil) {
				break
			}
			at += i + len(mark)
			if m, ok := parseMerge(buf[at:min(end, at+longest)]); ok && m.fromRow <= mergedRows {
				merges = append(merges, m)
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return nil, xlsxFailure(name, err)
		}
		kept = copy(buf, buf[max(at, end-longest):end])
	}
	return merges, nil
}

func parseMerge(tag []byte) (m merge, ok bool) {
	_, rest, found := bytes.Cut(tag, []byte(`ref="`))
	ref, _, closed := bytes.Cut(rest, []byte(`"`))
	from, to, pair := strings.Cut(string(ref), ":")
	if !found || !closed || !pair {
		return m, false
	}
	var okFrom, okTo bool
	m.fromCol, m.fromRow, okFrom = parseRef(from)
	m.toCol, m.toRow, okTo = parseRef(to)
	return m, okFrom && okTo && m.fromCol <= m.toCol && m.fromRow <= m.toRow
}

// fillMerged gives every cell of a merged block the block's value, so that a
// header of two lines has its words above each of its columns.
func (s *sheetReader) fillMerged() {
	if s.row.Number > mergedRows {
		return
	}
	for i := range s.merged {
		m := &s.merged[i]
		if s.row.Number < m.fromRow || s.row.Number > m.toRow {
			continue
		}
		if s.row.Number == m.fromRow && m.fromCol < len(s.row.Cells) {
			m.value = s.row.Cells[m.fromCol]
		}
		for c := m.fromCol; c <= min(m.toCol, s.limits.Columns-1) && m.value.Kind != ValueEmpty; c++ {
			for len(s.row.Cells) <= c {
				s.row.Cells = append(s.row.Cells, Value{})
			}
			s.row.Cells[c] = m.value
		}
	}
}
