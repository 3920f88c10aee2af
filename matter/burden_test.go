package matter_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/matter"
	"bihuan/org"
	"bihuan/register"
	"bihuan/schema"
)

// tables are the stored tables with their columns of text, as the schema names them.
func tables(t *testing.T) map[string][]string {
	t.Helper()
	files, err := fs.Glob(schema.FS, "*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	table := regexp.MustCompile(`(?s)CREATE TABLE (\w+) \((.*?)\n\);`)
	column := regexp.MustCompile(`(?m)^\s+(\w+)\s+TEXT\b`)
	all := map[string][]string{}
	for _, name := range files {
		text, err := fs.ReadFile(schema.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range table.FindAllStringSubmatch(string(text), -1) {
			for _, c := range column.FindAllStringSubmatch(m[2], -1) {
				all[m[1]] = append(all[m[1]], c[1])
			}
		}
	}
	return all
}

// TestAskedTwiceNamesNobody: who reports that something was asked twice stands
// nowhere in what is stored, and the case is answered in the open.
func TestAskedTwiceNamesNobody(t *testing.T) {
	halls(t, func(h hall) {
		reporter := h.Person("zz-reporter", "civil", org.UnitClerk)
		reporter.Name, reporter.UnitName = "匿名者本人", "反映人所在单位"
		id := h.enter(reporter, "asked-twice", "", values("what", "同一张床位表一周要了三次", "asker", "health", "channel", "工作群", "times", "3", "asked", "2026-06-30"))
		for name, columns := range tables(h.T) {
			for _, c := range columns {
				for _, secret := range []string{"zz-reporter", "匿名者本人", "反映人所在单位"} {
					found := 0
					h.ok(h.DB.Read(ctx, func(tx *db.Tx) error {
						return tx.One(nil, func(r db.Scanner) error { return r.Scan(&found) }, fmt.Sprintf("SELECT COUNT(*) FROM %s WHERE %s LIKE $1", name, c), "%"+secret+"%")
					}))
					if found > 0 {
						h.Errorf("%s.%s holds %q", name, c, secret)
					}
				}
			}
		}
		v, err := h.reg.Get(ctx, h.Dispatcher(), id)
		h.ok(err)
		if v.Unit != "" || v.ReportedBy != "" || v.Reporter != "" || v.Due.IsZero() || h.reg.OwnerUnit(v.Record) != h.Pack.LeadUnit().ID {
			h.Errorf("%+v", v.Record)
		}
		// Nobody edits it, the reporter neither: that would give a name away.
		h.want(h.reg.Edit(ctx, reporter, id, v.Revision, values("what", "改写"), "更正"), errs.Forbidden, "")
		h.want(h.move(h.Clerk("health"), id, "answer", "outcome", "合并", "answer", "已合并"), errs.Forbidden, "调度员")
		h.ok(h.move(h.Dispatcher(), id, "answer", "outcome", "合并", "answer", "床位表改由系统取数"))
		v, err = h.reg.Get(ctx, h.Clerk("finance"), id)
		h.ok(err)
		if v.Stage != "answered" || v.Values["answer"] != "床位表改由系统取数" {
			h.Errorf("the answer is not open: %+v", v.Values)
		}
	})
}

// TestNothingIsStoredToCountClicks: §5 forbids to count log-ins, points, likes,
// time on line and tracks; there is no column, count or field that could.
func TestNothingIsStoredToCountClicks(t *testing.T) {
	forbidden := regexp.MustCompile(`(?i)check_?in|sign_in_count|login_count|points|likes|votes|forwards|online_time|duration|install|usage|track|visits`)
	for name, columns := range tables(t) {
		for _, x := range append(columns, name) {
			if forbidden.MatchString(x) {
				t.Errorf("%s: %s", name, x)
			}
		}
	}
	words := regexp.MustCompile(`登录|签到|打卡|积分|点赞|转发数|学习时长|在线时长|安装率|使用率|活跃|轨迹`)
	for _, name := range city.Names() {
		pack, err := city.LoadBuiltin(name)
		if err != nil {
			t.Fatal(err)
		}
		catalog, err := register.LoadCatalog(pack, matter.Known)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range catalog.All() {
			for _, f := range d.Fields {
				if words.MatchString(f.Label) {
					t.Errorf("%s asks for %s", d.Name, f.Label)
				}
			}
			for _, c := range d.Counts {
				if words.MatchString(c.Name) {
					t.Errorf("%s counts %s", d.Name, c.Name)
				}
			}
		}
	}
	rules := matter.BurdenRules(city.Defaults{})
	if len(rules) < 10 {
		t.Errorf("%d rules", len(rules))
	}
	for _, x := range rules {
		if x.Law == "" || x.Says == "" || x.Kept == "" || strings.HasSuffix(x.Kept, "。") {
			t.Errorf("%+v", x)
		}
	}
}
