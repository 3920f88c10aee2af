package notices_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"bihuan/notice"
	"bihuan/org"
	"bihuan/web/webtest"
)

// The pages fit on a phone and on a desk, and a notice is opened with one click.
func TestInTheBrowser(t *testing.T) {
	d := newDesk(t, notice.Settings{Base: "https://bihuan.example.gov.cn", Mail: notice.Mail{Host: "smtp.example.gov.cn", Port: 25, TLS: notice.NoTLS, From: "闭环系统 <bihuan@example.gov.cn>"}})
	for i := range 4 {
		d.put(notice.Unit(d.unit), notice.Kinds()[i], fmt.Sprintf("“全市快递进村覆盖率达到百分之九十五”距离时间节点还有 %d 个工作日，尚未上传佐证材料", i))
	}
	for _, u := range d.App.Pack.Units[:3] {
		if err := d.n.SetAddress(t.Context(), d.sys.P, u.ID, "bangongshi.duchake@swj-longname.liaocheng.example.gov.cn"); err != nil {
			t.Fatal(err)
		}
	}
	_, hook, err := d.n.AddHook(t.Context(), d.sys.P, notice.HookInput{Name: "全市一体化协同办公平台", URL: "https://xietong-bangong.liaocheng.example.gov.cn/api/hooks/bihuan"})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.n.TestHook(t.Context(), d.sys.P, hook.ID); err != nil {
		t.Fatal(err)
	}
	shots := os.Getenv("BIHUAN_SHOTS") // a folder for pictures of the pages; empty for none
	for _, who := range []struct {
		c     *webtest.Client
		paths []string
	}{{d.clerk, []string{"/notices", "/notices?show=all"}}, {d.sys, []string{"/admin/notices", "/admin/notices/log"}}} {
		link, err := d.App.Org.IssueLoginLink(t.Context(), org.CommandLine("test"), who.c.P.ID, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		b := webtest.NewBrowser(t, d.Server.URL)
		b.Redeem(link)
		for i, path := range who.paths {
			for _, width := range []int64{1440, 390} {
				b.Size(width, 900)
				b.Open(path)
				if n := b.Overflow(); n > 0 {
					t.Errorf("%s is %d px too wide at %d", path, n, width)
				}
				if shots != "" {
					b.Shot(filepath.Join(shots, fmt.Sprintf("%s-%d-%d.png", who.c.P.Login, i, width)))
				}
			}
		}
		if who.c == d.clerk {
			b.Open("/notices")
			b.ClickText("打开")
			b.See("接口令牌") // the account's page, where the notice leads
		}
	}
}
