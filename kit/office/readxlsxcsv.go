package office

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"bihuan/kit/errs"
)

// ReadCSV opens a table of text, separated by commas, tabs or semicolons, in UTF-8,
// UTF-16 with its mark, or GB18030. All its values are texts.
func ReadCSV(data io.ReaderAt, size int64, limits XlsxLimits) (*Workbook, error) {
	b := csvBook{data: data, size: size, limits: limits.withDefaults()}
	if err := b.sniff(); err != nil {
		return nil, err
	}
	return &Workbook{sheets: []SheetInfo{{Name: "CSV"}}, rows: b.readRows}, nil
}

type csvBook struct {
	data   io.ReaderAt
	size   int64
	limits XlsxLimits
	decode func(io.Reader) io.Reader
	comma  rune
}

// sniff finds the encoding and the sign between fields.
func (b *csvBook) sniff() error {
	head := make([]byte, 4096)
	n, err := b.data.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read table: %w", err)
	}
	head = head[:n]
	switch {
	case n == 0:
		return errs.New(errs.Invalid, "文件是空的：请重新选择文件")
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		b.decode = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader
	case bytes.IndexByte(head, 0) >= 0:
		return errs.New(errs.Invalid, "不认识这种文件：请上传 .xlsx 或 .csv 表格")
	case b.isUTF8():
		b.decode = unicode.UTF8BOM.NewDecoder().Reader
	default:
		b.decode = simplifiedchinese.GB18030.NewDecoder().Reader
	}
	line, err := bufio.NewReader(b.decode(bytes.NewReader(head))).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return errs.New(errs.Invalid, "认不出文件的编码：请另存为 UTF-8 或 .xlsx 再上传").Because(err)
	}
	b.comma = ','
	for _, c := range "\t;" {
		if strings.Count(line, string(c)) > strings.Count(line, string(b.comma)) {
			b.comma = c
		}
	}
	return nil
}

func (b *csvBook) isUTF8() bool {
	r := bufio.NewReader(io.NewSectionReader(b.data, 0, b.size))
	for {
		c, width, err := r.ReadRune()
		if err != nil {
			return errors.Is(err, io.EOF)
		}
		if c == utf8.RuneError && width == 1 {
			return false
		}
	}
}

// readRows is Workbook.Rows of a text table.
func (b *csvBook) readRows(_ int, yield func(Row) bool) error {
	r := csv.NewReader(b.decode(io.NewSectionReader(b.data, 0, b.size)))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = b.comma, true, -1, true
	row := Row{}
	expected, filled := 1, 0 // the line on which the next record begins if no line is empty
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errs.New(errs.Invalid, "第 %d 行之后读不下去：请检查引号是否成对，或另存为 .xlsx 再上传", row.Number).Because(err)
		}
		line, _ := r.FieldPos(0)
		row.Number += 1 + max(0, line-expected)
		expected = line + 1
		for _, f := range record {
			expected += strings.Count(f, "\n")
		}
		if len(record) > b.limits.Columns {
			return errs.New(errs.TooLarge, "第 %d 行超过 %d 列，请删去多余的列", row.Number, b.limits.Columns)
		}
		row.Cells = row.Cells[:0]
		empty := true
		for _, f := range record {
			if err := tooLong(len(f), b.limits.CellText); err != nil {
				return err
			}
			row.Cells = append(row.Cells, textValue(strings.ToValidUTF8(f, "\uFFFD")))
			empty = empty && f == ""
		}
		if empty {
			continue
		}
		if filled++; filled > b.limits.Rows {
			return errs.New(errs.TooLarge, "表格超过 %d 行，请分成几个文件上传", b.limits.Rows)
		}
		if !yield(row) {
			return nil
		}
	}
}
