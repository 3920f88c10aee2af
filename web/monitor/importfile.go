package monitor

import (
	"slices"

	"bihuan/indicator"
	"bihuan/kit/errs"
	"bihuan/kit/office"
	"bihuan/plan"
)

// accepted are the kinds of table that can be uploaded.
const (
	accepted = ".xlsx,.csv,.tsv,.txt"
	fileHint = "电子表格（.xlsx）取第一张工作表，或 CSV 文本，至多 2 MB。增速写 5.3，不要用百分比格式"
)

// readFile takes the rows out of an uploaded table; each keeps its number in the sheet.
func readFile(f plan.File) ([][]string, error) {
	if f.Size > indicator.MaxImport {
		return nil, errs.New(errs.TooLarge, "表格超过 %d MB：请分几次导入", indicator.MaxImport>>20)
	}
	book, err := office.ReadTable(f.Data, f.Size, office.XlsxLimits{Unpacked: 64 << 20, SharedText: 16 << 20, Rows: indicator.MaxRows + 1, Columns: 64})
	if err != nil {
		return nil, err
	}
	sheet := slices.IndexFunc(book.Sheets(), func(s office.SheetInfo) bool { return !s.Hidden })
	var rows [][]string
	for row, err := range book.Rows(max(sheet, 0)) {
		if err != nil {
			return nil, err
		}
		if row.Number > indicator.MaxRows+1 {
			return nil, errs.New(errs.TooLarge, "超过 %d 行：请分几次导入", indicator.MaxRows)
		}
		for len(rows) < row.Number-1 {
			rows = append(rows, nil)
		}
		cells := make([]string, len(row.Cells))
		for i, v := range row.Cells {
			cells[i] = v.Text
		}
		rows = append(rows, cells)
	}
	return rows, nil
}
