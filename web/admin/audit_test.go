package admin_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/job"
	"bihuan/org"
	"bihuan/plan"
)

func TestAuditList(t *testing.T) {
	o := newOffice(t)
	for _, x := range []struct {
		query       string
		has, hasNot string
	}{
		{"", "新建账号", "没有符合条件"},
		{"action=org.", "登录", "没有符合条件"},
		{"action=org.role_grant", "授予角色", "没有符合条件"},
		{"action=plan.", "没有符合条件的记录", "<tbody>"},
		{"actor=command", "命令行（test）", "没有符合条件"},
		{"kind=person&object=" + o.clerk.P.ID, "测试clerk", "测试secadmin</a>"},
		{"from=2026-07-01&to=2026-07-01", "新建账号", "没有符合条件"},
		{"from=2026-07-02", "没有符合条件的记录", "<tbody>"},
		{"to=2026-06-30", "没有符合条件的记录", "<tbody>"},
	} {
		a := o.aud.Get("/admin/audit?" + x.query)
		want(t, a, http.StatusOK, x.has)
		if strings.Contains(a.Body, x.hasNot) {
			t.Errorf("%s: holds %q", x.query, x.hasNot)
		}
	}
	want(t, o.aud.Get("/admin/audit?from=1.7.26"), http.StatusUnprocessableEntity, "日期应写作")
	want(t, o.aud.Get("/admin/audit?from=2026-07-02&to=2026-07-01"), http.StatusUnprocessableEntity, "结束日期早于开始日期")
}

func TestAuditPages(t *testing.T) {
	o := newOffice(t)
	err := o.App.DB.Write(t.Context(), func(tx *db.Tx) error {
		for range 60 {
			if err := o.App.Log.Append(tx, audit.Program("test"), audit.Entry{Action: "job.retry"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	a := o.aud.Get("/admin/audit?action=job.")
	next := regexp.MustCompile(`href="([^"]*before=[^"]*)"`).FindStringSubmatch(a.Body)
	if next == nil {
		t.Fatal("no next page")
	}
	second := o.aud.Get(strings.ReplaceAll(next[1], "&amp;", "&"))
	if n := strings.Count(second.Body, "data-href="); n != 10 {
		t.Errorf("%d entries on the second page, want 10", n)
	}
}

func TestAuditEntryTellsWhatChanged(t *testing.T) {
	o := newOffice(t)
	page := "/admin/people/" + o.clerk.P.ID
	to(t, o.sec.Post(page+"/roles", "role", "unit_head"), page+"#roles")
	list := o.aud.Get("/admin/audit?action=org.role_grant&actor=" + o.sec.P.ID)
	link := regexp.MustCompile(`href="(/admin/audit/\d+)"`).FindStringSubmatch(list.Body)[1]
	a := o.aud.Get(link)
	want(t, a, http.StatusOK, "授予角色", "测试secadmin", "测试clerk", "部门经办、部门审核", "本条摘要")
	without(t, a, "unit_head")
}

func TestVerify(t *testing.T) {
	o := newOffice(t)
	a := o.aud.Post("/admin/audit/verify")
	want(t, a, http.StatusOK, "核验通过")
	head := regexp.MustCompile(`(?s)<dd>第 (\d+) 条.*?<code class="mono">([0-9a-f]{64})</code>`).FindStringSubmatch(a.Body)
	want(t, o.aud.Post("/admin/audit/verify", "seq", head[1], "hash", head[2]), http.StatusOK, "核验通过")
	want(t, o.aud.Post("/admin/audit/verify", "seq", "1", "hash", head[2]), http.StatusOK, "核验没有通过", "历史被改写")
	want(t, o.aud.Post("/admin/audit/verify", "seq", "99999", "hash", head[2]), http.StatusOK, "核验没有通过", "末尾的记录已丢失")
	want(t, o.aud.Post("/admin/audit/verify", "seq", "", "hash", "abc"), http.StatusUnprocessableEntity, "请填写留存的末条序号", "64 位")

	err := o.App.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE audit_entry SET actor_name = '别人' WHERE seq = 3`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want(t, o.aud.Post("/admin/audit/verify"), http.StatusOK, "核验没有通过", "第 3 条内容被改动")
}

func TestExport(t *testing.T) {
	o := newOffice(t)
	a := o.aud.Get("/admin/audit/export")
	if a.Status != http.StatusOK || !strings.Contains(a.Header.Get("Content-Disposition"), `filename="bihuan-audit-2026-07-01-`) {
		t.Fatalf("%d %v", a.Status, a.Header)
	}
	r, err := audit.VerifyExport(strings.NewReader(a.Body))
	if err != nil || !r.Sound() {
		t.Fatalf("%+v %v", r, err)
	}
	if !strings.Contains(a.Body[strings.LastIndex(strings.TrimSpace(a.Body), "\n"):], `"action":"audit.export"`) {
		t.Error("the export does not end with the note about itself")
	}
	part := o.aud.Get("/admin/audit/export?after=2")
	if r, err := audit.VerifyExport(strings.NewReader(part.Body)); err != nil || !r.Sound() || r.After.Seq != 2 {
		t.Errorf("%+v %v", r, err)
	}
	want(t, o.aud.Get("/admin/audit/export?after=99999"), http.StatusNotFound)
	want(t, o.aud.Get("/admin/audit/export?after=-1"), http.StatusUnprocessableEntity)
	want(t, o.aud.Get("/admin/audit"), http.StatusOK, "导出审计日志")
}

func TestSystem(t *testing.T) {
	o := newOffice(t)
	want(t, o.sys.Get("/admin/system"), http.StatusOK, "SQLite", "没有失败的作业", o.App.Pack.Version, "bihuan backup", "keys.json", "放假安排", "国办发明电", "有明文", "连续 5 次锁定 5 分钟")
	var id string
	err := o.App.DB.Write(t.Context(), func(tx *db.Tx) (err error) {
		if id, err = job.Enqueue(tx, plan.ReadJob, "none", job.Options{MaxAttempts: 1}); err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE job SET state = 'failed', attempts = 1, last_error = '磁盘已满', finished_at = $1`, tx.NowMilli())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want(t, o.sys.Get("/admin/system"), http.StatusOK, "识别上传的文件", "磁盘已满", "重试")
	to(t, o.sys.Post("/admin/system/jobs/"+id+"/retry"), "/admin/system#jobs")
	want(t, o.sys.Post("/admin/system/jobs/"+id+"/retry"), http.StatusConflict, "只有失败的后台任务可以重试")
	want(t, o.sys.Get("/admin/system"), http.StatusOK, "没有失败的作业")
	want(t, o.aud.Get("/admin/audit?action=job.retry"), http.StatusOK, "重试后台作业", "测试sysadmin")
}

func TestDirectory(t *testing.T) {
	o := newOffice(t)
	a := o.clerk.Get("/directory")
	for _, u := range o.App.Pack.Units {
		want(t, a, http.StatusOK, u.Name)
	}
	for _, x := range o.App.Pack.Territories {
		want(t, a, http.StatusOK, x.Name)
	}
	lead := o.App.Pack.LeadUnit()
	want(t, o.clerk.Get("/directory?q="+lead.Name), http.StatusOK, lead.Name)
	want(t, o.clerk.Get("/directory?q=没有这样的"), http.StatusOK, "没有叫“没有这样的”的单位")
	without(t, a, "认定的别名")

	boss := o.As("boss", lead.ID, org.Dispatcher)
	want(t, boss.Get("/admin/units"), http.StatusOK, "还没有认定过别名")
	if err := o.App.Plan.LearnAlias(t.Context(), boss.P, "测试牵头办", lead.ID); err != nil {
		t.Fatal(err)
	}
	want(t, boss.Get("/admin/units"), http.StatusOK, "测试牵头办", "测试boss")
}
