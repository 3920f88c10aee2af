// Package web puts the areas of pages together into one handler: the navigation,
// the order of the guards, the assets. Each area (entry, admin, imports, tasks,
// cockpit) is a package of its own beside it; what they share is in frame, what
// they draw with is in ui.
package web

import (
	"context"
	"log/slog"
	"math"
	"net"
	"net/http"
	"strings"
	"sync"

	"bihuan/api"
	"bihuan/app"
	"bihuan/kit/job"
	"bihuan/notice"
	"bihuan/org"
	"bihuan/web/admin"
	"bihuan/web/assets"
	"bihuan/web/cockpit"
	"bihuan/web/entry"
	"bihuan/web/frame"
	"bihuan/web/imports"
	"bihuan/web/matters"
	"bihuan/web/monitor"
	"bihuan/web/notices"
	"bihuan/web/registers"
	"bihuan/web/tasks"
	"bihuan/web/todo"
	"bihuan/web/ui"
)

// MaxBody is the largest request: a document with its form.
const MaxBody = 52 << 20

// Options say how the pages are served.
type Options struct {
	Logger  *slog.Logger
	Version string
	Demo    bool // every page says that its data is invented
	Secure  bool // over TLS: cookies are bound to it
	Proxy   bool // the client's address is in X-Forwarded-For, set by a proxy of ours
}

// Jobs registers the background work of the faces; give it to app.Config.More.
func Jobs(a *app.App) {
	prune := job.Kind[string]("api.prune_answers")
	job.Handle(a.Registry, prune, func(ctx context.Context, _ job.Job, _ string) error {
		_, err := api.PruneAnswers(ctx, a.DB)
		return err
	})
	job.Repeat(a.Registry, prune, "", job.Daily(3, 30))
}

// New makes the handler of all pages and of the API.
func New(a *app.App, o Options) (http.Handler, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if err := assets.Check(); err != nil {
		return nil, err
	}
	f := &frame.App{
		DB: a.DB, Log: a.Log, Pack: a.Pack, People: a.Org, Plan: a.Plan, Supervise: a.Supervise, Register: a.Register, Matter: a.Matter, Jobs: a.Jobs, Logger: o.Logger,
		Version: o.Version, Demo: o.Demo, Secure: o.Secure, Mux: http.NewServeMux(), Trusted: clientAddress(o.Proxy),
	}
	waits := &waiting{known: map[string]count{}}
	f.Nav = func(c *frame.Ctx) []ui.NavItem { return nav(c, a.Notice, waits) }
	f.Mux.Handle("GET "+assets.Prefix, assets.Handler())
	f.Mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	f.Open("GET /styleguide", func(c *frame.Ctx) error { return c.Render(http.StatusOK, ui.StyleGuide(false)) })
	f.Open("/", func(c *frame.Ctx) error { return frame.NoPage() })
	entry.Routes(f, a.Org)
	admin.Routes(f, a)
	imports.Routes(f)
	tasks.Routes(f)
	cockpit.Routes(f)
	registers.Routes(f, a.Register, a.Sheets)
	monitor.Routes(f, a.Indicator)
	todo.Routes(f, todo.Rooms{Register: a.Register, Matter: a.Matter})
	matters.Routes(f, a.Matter, a.Register)
	notices.Routes(f, a.Notice)
	f.Mux.Handle("/api/", api.New(api.Parts{DB: a.DB, Org: a.Org, Plan: a.Plan, Supervise: a.Supervise, Register: a.Register, Indicator: a.Indicator, Matter: a.Matter, Pack: a.Pack, Log: a.Log, Logger: o.Logger, AssetURL: assets.URL, Demo: o.Demo, Version: o.Version, Address: f.Trusted}))
	return f.Guard(f.Mux, MaxBody), nil
}

// clientAddress finds who is asking, for the limit on sign-in attempts.
func clientAddress(proxy bool) func(*http.Request) string {
	return func(r *http.Request) string {
		if proxy {
			hops := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
			if last := strings.TrimSpace(hops[len(hops)-1]); last != "" {
				return last
			}
		}
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			return r.RemoteAddr
		}
		return host
	}
}

// entryOf is one line of the navigation table.
type entryOf struct {
	item  ui.NavItem
	needs org.Action
}

// entries is the navigation: who may do nothing with a page does not see it.
var entries = []entryOf{
	{ui.NavItem{Label: "总览", URL: "/", Icon: "home", Key: "h", Primary: true, Group: "督导"}, org.PlanRead},
	{ui.NavItem{Label: "任务清单", URL: "/tasks", Icon: "list", Key: "t", Primary: true, Group: "督导"}, org.PlanRead},
	{ui.NavItem{Label: "目标", URL: "/targets", Icon: "target", Key: "g", Group: "督导"}, org.PlanRead},
	{ui.NavItem{Label: "县区", URL: "/territories", Icon: "map", Key: "c", Group: "督导"}, org.PlanRead},
	{ui.NavItem{Label: "部门", URL: "/units", Icon: "unit", Key: "u", Group: "督导"}, org.PlanRead},
	{ui.NavItem{Label: "排名", URL: "/ranking", Icon: "scale", Group: "督导"}, org.MatterIssue},
	{ui.NavItem{Label: "统计监测", URL: "/monitor", Icon: "chart", Key: "s", Group: "督导"}, org.PlanRead},
	{ui.NavItem{Label: "督导", URL: "/matters", Icon: "flag", Key: "d", Group: "督导"}, org.RegisterRead},
	{ui.NavItem{Label: "我的待办", URL: "/todo", Icon: "clock", Key: "o", Primary: true, Group: "办理"}, org.PlanRead},
	{ui.NavItem{Label: "台账", URL: "/registers", Icon: "sheet", Key: "b", Primary: true, Group: "办理"}, org.RegisterRead},
	{ui.NavItem{Label: "填报", URL: "/report", Icon: "edit", Key: "r", Group: "办理"}, org.ProgressReport},
	{ui.NavItem{Label: "核验", URL: "/verify", Icon: "check", Key: "v", Group: "办理"}, org.ProgressVerify},
	{ui.NavItem{Label: "消息", URL: "/notices", Icon: "bell", Key: "m", Group: "办理"}, org.PlanRead},
	{ui.NavItem{Label: "清单与版本", URL: "/plans", Icon: "doc", Key: "p", Group: "文件"}, org.PlanRead},
	{ui.NavItem{Label: "导入", URL: "/imports", Icon: "upload", Key: "i", Group: "文件"}, org.PlanImport},
	{ui.NavItem{Label: "导入", URL: "/imports", Icon: "upload", Key: "i", Group: "文件"}, org.CountyListImport},
	{ui.NavItem{Label: "待发布", URL: "/imports?state=submitted", Icon: "upload", Key: "i", Group: "文件"}, org.PlanPublish},
	{ui.NavItem{Label: "单位名录", URL: "/directory", Icon: "people", Group: "文件"}, org.PlanRead},
	{ui.NavItem{Label: "人员", URL: "/admin/people", Icon: "people", Group: "管理"}, org.PeopleRead},
	{ui.NavItem{Label: "权限表", URL: "/admin/permissions", Icon: "shield", Group: "管理"}, org.PeopleRead},
	{ui.NavItem{Label: "审计日志", URL: "/admin/audit", Icon: "clock", Group: "管理"}, org.AuditRead},
	{ui.NavItem{Label: "通知渠道", URL: "/admin/notices", Icon: "bell", Group: "管理"}, org.NoticeManage},
	{ui.NavItem{Label: "系统", URL: "/admin/system", Icon: "gear", Group: "管理"}, org.SystemRead},
}

func nav(c *frame.Ctx, told *notice.Service, waits *waiting) []ui.NavItem {
	var items []ui.NavItem
	seen := map[string]bool{}
	for _, e := range entries {
		path, _, _ := strings.Cut(e.item.URL, "?")
		if seen[path] || !c.P.MayAnywhere(e.needs) {
			continue
		}
		seen[path] = true
		it := e.item
		it.Current = path == c.R.URL.Path || (path != "/" && strings.HasPrefix(c.R.URL.Path, path+"/"))
		switch path {
		case "/verify":
			it.Count = waits.forPerson(c)
		case "/notices":
			it.Count, _ = told.Count(c.R.Context(), c.P) // a menu is no place for errors
		}
		items = append(items, it)
	}
	return items
}

// waiting remembers how many values wait for a person's verification. It holds
// until something in the plan room changes: every page shows the number, and few
// pages change it.
type waiting struct {
	mu    sync.Mutex
	known map[string]count
}

type count struct {
	at int64 // the plan room's count of changes
	n  int
}

// most is how many people are remembered; beyond it everything is forgotten.
const most = 1000

// forPerson gives the number, or 0 when it cannot be had: a menu is no place for errors.
func (w *waiting) forPerson(c *frame.Ctx) int {
	at, _, _, err := c.App.Plan.Changes(c.R.Context(), math.MaxInt64)
	if err != nil {
		return 0
	}
	w.mu.Lock()
	known, ok := w.known[c.P.ID]
	w.mu.Unlock()
	if ok && known.at == at {
		return known.n
	}
	_, n, err := c.App.Plan.ToDecide(c.R.Context(), c.P, 0)
	if err != nil {
		return 0
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.known) >= most {
		clear(w.known)
	}
	w.known[c.P.ID] = count{at, n}
	return n
}
