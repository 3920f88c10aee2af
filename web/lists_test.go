package web_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"bihuan/web/webtest"
)

// TestEveryListIsAWorkbook takes the lists of the pages as workbooks, by the button of
// each page, and opens them as a spreadsheet program would.
func TestEveryListIsAWorkbook(t *testing.T) {
	d := demonstrate(t)
	b := webtest.NewBrowser(t, d.base)
	d.signIn(t, b, "dispatcher")
	for path, want := range map[string]string{
		"/todo": "企业服务", "/matters": "聊商务字〔2026〕8号", "/matters/proposals": "落后序时进度", "/matters/registers": "督办单", "/matters/burden": "不得随意", "/matters/rules": "政府督查工作条例",
		"/ranking": "茌平", "/ranking/chiping": "企业问题", "/territories": "东昌府", "/units": "市民政局", "/registers": "社区托育驿站", "/registers/parcel-point/checks": "", "/monitor": "社零增速", "/monitor/sectors": "批发",
		"/territories/chiping": "任务", "/units/civil": "银发", "/tasks": "推动县乡消费提质扩容", "/targets": "先进适用农机", "/registers/childcare-station": "托育驿站",
	} {
		b.Open(path)
		link := b.Eval(`[...document.querySelectorAll('main a[download], main a')].filter(a => a.innerText.includes("导出 Excel")).map(a => a.getAttribute("href"))[0] || ""`)
		if link == "" {
			t.Errorf("%s offers no workbook", path)
			continue
		}
		b.Fetch(link, func(encoded string) {
			data, err := base64.StdEncoding.DecodeString(encoded)
			if err != nil {
				t.Errorf("%s: %s", link, encoded)
				return
			}
			book, err := excelize.OpenReader(bytes.NewReader(data))
			if err != nil {
				t.Errorf("%s: %v", link, err)
				return
			}
			defer func() { _ = book.Close() }()
			all := ""
			for _, sheet := range book.GetSheetList() {
				rows, err := book.GetRows(sheet)
				if err != nil {
					t.Errorf("%s: %v", link, err)
				}
				for _, r := range rows {
					all += strings.Join(r, "|") + "\n"
				}
			}
			if !strings.Contains(all, want) || strings.Contains(all, "拟蓝色督办单") {
				t.Errorf("%s:\n%s", link, all)
			}
		})
	}
}
