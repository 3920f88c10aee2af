package admin

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"

	"bihuan/kit/audit"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// auditView is a page of the log.
type auditView struct {
	Filter   audit.Filter
	From, To string // as typed
	List     []audit.Record
	More     bool
	Actors   []audit.Actor
	Problems []ui.Problem
}

func (p pages) auditList(c *frame.Ctx) error {
	v, err := readAuditFilter(c)
	status := http.StatusOK
	if err != nil {
		status, v.Problems = http.StatusUnprocessableEntity, ui.Problems(err)
	} else if v.List, err = p.trail.list(c.R.Context(), c.P, v.Filter); err != nil {
		return err
	}
	if v.Actors, err = p.trail.recentActors(c.R.Context(), c.P); err != nil {
		return err
	}
	if len(v.List) > perPage {
		v.List, v.More = v.List[:perPage], true
	}
	b := c.Base("审计日志")
	b.Lede = "谁在什么时候对什么做了什么。只增不改，前后相连，可以离线核验。"
	b.Actions = ui.Buttons{{Label: "核验链条", Icon: "shield", URL: "/admin/audit/verify"}}
	return c.Render(status, auditPage(b, v))
}

// readAuditFilter reads the conditions; days are civil days in China, both included.
func readAuditFilter(c *frame.Ctx) (auditView, error) {
	v := auditView{From: c.Form("from"), To: c.Form("to")}
	v.Filter = audit.Filter{ActorID: c.Form("actor"), ObjectKind: c.Form("kind"), ObjectID: c.Form("object"), Action: c.Form("action"),
		Before: int64(c.Int("before", 0)), Limit: perPage + 1}
	var check errs.Check
	day := func(name, typed string) calendar.Date {
		if typed == "" {
			return calendar.Date{}
		}
		d, err := calendar.ParseDate(typed)
		check.Require(err == nil, name, "日期应写作 2026-07-01")
		return d
	}
	from, to := day("from", v.From), day("to", v.To)
	check.Require(from.IsZero() || to.IsZero() || !to.Before(from), "to", "结束日期早于开始日期")
	if !from.IsZero() {
		v.Filter.From = from.Start()
	}
	if !to.IsZero() {
		v.Filter.To = to.AddDays(1).Start()
	}
	return v, check.Err()
}

func (v auditView) conditions() []pair {
	return []pair{{"actor", v.Filter.ActorID}, {"kind", v.Filter.ObjectKind}, {"object", v.Filter.ObjectID}, {"action", v.Filter.Action}, {"from", v.From}, {"to", v.To}}
}

// address is the log with one condition changed, from its first page.
func (v auditView) address(name, value string) string {
	return address("/admin/audit", v.conditions(), name, value)
}

func (v auditView) filter() ui.FilterBar {
	bar := ui.FilterBar{Action: "/admin/audit", Target: "#audit", Fields: []ui.Field{
		{Kind: ui.Select, Name: "actor", Label: "操作人", Value: v.Filter.ActorID, Options: v.actorOptions(), Blank: "全部"},
		{Kind: ui.Select, Name: "action", Label: "操作", Value: v.Filter.Action, Options: actionOptions(v.Filter.Action), Blank: "全部"},
		{Kind: ui.Select, Name: "kind", Label: "对象", Value: v.Filter.ObjectKind, Options: objectOptions(), Blank: "全部"},
		{Kind: ui.Date, Name: "from", Label: "自", Value: v.From, Error: ui.ProblemOf(v.Problems, "from")},
		{Kind: ui.Date, Name: "to", Label: "至", Value: v.To, Error: ui.ProblemOf(v.Problems, "to")},
	}}
	for _, f := range bar.Fields {
		if f.Value != "" {
			bar.Chips = append(bar.Chips, ui.FilterChip{Label: f.Label + "：" + optionLabel(f), Remove: v.address(f.Name, "")})
		}
	}
	if v.Filter.ObjectID != "" {
		bar.Hidden = append(bar.Hidden, ui.HiddenPair{Name: "object", Value: v.Filter.ObjectID})
		bar.Chips = append(bar.Chips, ui.FilterChip{Label: "编号：" + v.Filter.ObjectID, Remove: v.address("object", "")})
	}
	if len(bar.Chips) > 0 {
		bar.Reset = "/admin/audit"
	}
	return bar
}

func (v auditView) actorOptions() []ui.Option {
	var list []ui.Option
	found := v.Filter.ActorID == ""
	for _, a := range v.Actors {
		label := a.Name
		if a.Unit != "" {
			label += "（" + a.Unit + "）"
		}
		list = append(list, ui.Option{Value: a.ID, Label: label})
		found = found || a.ID == v.Filter.ActorID
	}
	if !found {
		name := v.Filter.ActorID
		if len(v.List) > 0 {
			name = v.List[0].ActorName
		}
		list = append(list, ui.Option{Value: v.Filter.ActorID, Label: name})
	}
	return list
}

func (v auditView) table() ui.Table {
	t := ui.NewTable("审计日志", ui.Column{Label: "序号", Num: true}, ui.Column{Label: "时间", Narrow: true}, ui.Column{Label: "操作人"}, ui.Column{Label: "操作"}, ui.Column{Label: "对象"}, ui.Column{Label: "理由"})
	t.Empty = ui.Empty{Title: "没有符合条件的记录", Text: "请放宽条件或日期范围。", Label: "查看全部记录", URL: "/admin/audit"}
	for _, r := range v.List {
		page := fmt.Sprintf("/admin/audit/%d", r.Seq)
		t.Rows = append(t.Rows, ui.Row{URL: page, Cells: []ui.Cell{
			ui.Num(strconv.FormatInt(r.Seq, 10), page), ui.Text(moment(r.At)), ui.Link(r.ActorName, v.address("actor", r.ActorID)).With(joined(r.ActorUnit, viaLabel(r.Via))),
			ui.Link(actionLabel(r.Action), page), objectCell(r), ui.Text(r.Reason)}})
	}
	return t
}

// objectCell names what was acted on and leads to all that happened to it.
func objectCell(r audit.Record) ui.Cell {
	if r.ObjectID == "" {
		return ui.Text(cmp.Or(r.ObjectName, objectLabel(r.ObjectKind)))
	}
	link := address("/admin/audit", []pair{{"kind", r.ObjectKind}}, "object", r.ObjectID)
	return ui.Link(cmp.Or(r.ObjectName, r.ObjectID), link).With(objectLabel(r.ObjectKind))
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}

func moment(milli int64) string {
	return time.UnixMilli(milli).In(calendar.Zone()).Format("2006-01-02 15:04:05")
}

func (v auditView) pager() ui.Pager {
	pg := ui.Pager{Total: -1}
	if v.More {
		pg.Next = v.address("before", strconv.FormatInt(v.List[len(v.List)-1].Seq, 10))
	}
	if v.Filter.Before > 0 {
		pg.Prev = v.address("", "")
	}
	return pg
}

func auditCrumb() ui.Crumb { return ui.Crumb{Label: "审计日志", URL: "/admin/audit"} }

// entryView is one entry of the log.
type entryView struct {
	Record  audit.Record
	Last    int64 // seq of the newest entry
	Changes []ui.Change
}

func (p pages) auditEntry(c *frame.Ctx) error {
	seq, err := strconv.ParseInt(c.R.PathValue("seq"), 10, 64)
	if err != nil || seq <= 0 {
		return frame.NoPage()
	}
	r, last, err := p.trail.get(c.R.Context(), c.P, seq)
	if err != nil {
		return err
	}
	b := formBase(c, actionLabel(r.Action), auditCrumb())
	b.Eyebrow = fmt.Sprintf("第 %d 条", r.Seq)
	return c.Render(http.StatusOK, entryPage(b, entryView{r, last, changes(r.Before, r.After)}))
}

func (v entryView) facts() ui.Facts {
	r := v.Record
	return ui.Facts{Columns: true, Items: []ui.Fact{
		{Term: "时间", Text: moment(r.At)},
		{Term: "操作人", Text: r.ActorName, URL: address("/admin/audit", nil, "actor", r.ActorID), Sub: r.ActorUnit},
		{Term: "途径", Text: viaLabel(r.Via)},
		{Term: "操作", Text: actionLabel(r.Action), URL: address("/admin/audit", nil, "action", r.Action), Sub: r.Action},
		{Term: "对象", Text: cmp.Or(objectCell(r).Text, "—"), URL: objectCell(r).URL, Sub: objectLabel(r.ObjectKind)},
		{Term: "理由", Text: r.Reason},
	}}
}

// seals are the parts of the chain, for comparing with an export.
func (v entryView) seals() ui.Facts {
	r := v.Record
	return ui.Facts{Items: []ui.Fact{{Term: "本条摘要（SM3）", Node: code(r.Hash)}, {Term: "上一条摘要", Node: code(r.PrevHash)}, {Term: "校验码（HMAC-SM3）", Node: code(r.MAC)}}}
}

// neighbours leads to the entries before and after.
func (v entryView) neighbours() ui.Buttons {
	var list ui.Buttons
	if v.Record.Seq > 1 {
		list = append(list, ui.Button{Label: "上一条", Icon: "prev", Small: true, URL: fmt.Sprintf("/admin/audit/%d", v.Record.Seq-1)})
	}
	if v.Record.Seq < v.Last {
		list = append(list, ui.Button{Label: "下一条", Icon: "next", Small: true, URL: fmt.Sprintf("/admin/audit/%d", v.Record.Seq+1)})
	}
	return list
}

// verifyView is the page of the verification; Done is nil before it ran.
type verifyView struct {
	Done      *checked
	Seq, Hash string // of a head kept elsewhere, as typed
	MayExport bool
	Problems  []ui.Problem
}

func (p pages) verifyForm(c *frame.Ctx) error {
	if err := c.P.May(org.AuditRead, org.Scope{}); err != nil {
		return err
	}
	return p.drawVerify(c, http.StatusOK, verifyView{})
}

func (p pages) drawVerify(c *frame.Ctx, status int, v verifyView) error {
	v.MayExport = c.P.May(org.AuditExport, org.Scope{}) == nil
	return c.Render(status, verifyPage(formBase(c, "核验链条", auditCrumb()), v))
}

func (p pages) verify(c *frame.Ctx) error {
	v := verifyView{Seq: c.Form("seq"), Hash: c.Form("hash")}
	kept := audit.Head{Hash: v.Hash}
	if v.Seq != "" || v.Hash != "" {
		seq, err := strconv.ParseInt(v.Seq, 10, 64)
		var check errs.Check
		check.Require(err == nil && seq > 0, "seq", "请填写留存的末条序号")
		check.Require(len(v.Hash) == len(audit.Genesis), "hash", "摘要是 64 位十六进制字符，请填写完整")
		if err := check.Err(); err != nil {
			v.Problems = ui.Problems(err)
			return p.drawVerify(c, http.StatusUnprocessableEntity, v)
		}
		kept.Seq = seq
	}
	done, err := p.trail.verify(c.R.Context(), c.P, kept)
	if err != nil {
		return err
	}
	v.Done = &done
	return p.drawVerify(c, http.StatusOK, v)
}

func (v verifyView) fields() []ui.Field {
	return []ui.Field{
		{Kind: ui.Number, Name: "seq", Label: "留存的末条序号", Value: v.Seq, Optional: true, InputMode: "numeric", Size: ui.Short, Error: ui.ProblemOf(v.Problems, "seq")},
		{Name: "hash", Label: "留存的末条摘要", Hint: "上次导出时抄存在系统之外的 64 位摘要。填写后可以发现末尾记录被整段删除。", Value: v.Hash, Optional: true, Size: ui.Full, MaxLength: 64, Error: ui.ProblemOf(v.Problems, "hash")},
	}
}

// export sends the log as a file. It is written aside first, so that a fault
// becomes an error page and not half a file.
func (p pages) export(c *frame.Ctx) (err error) {
	after := c.Int("after", 0)
	if after < 0 {
		return errs.New(errs.Invalid, "起始序号不能小于零")
	}
	f, err := os.CreateTemp("", "bihuan-audit-*.jsonl")
	if err != nil {
		return fmt.Errorf("make the export's file: %w", err)
	}
	defer func() {
		_ = f.Close()
		_ = os.Remove(f.Name())
	}()
	head, err := p.trail.export(c.R.Context(), c.P, int64(after), f)
	if err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "application/x-ndjson")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="bihuan-audit-%s-%d.jsonl"`, c.Today(), head.Seq))
	h.Set("Cache-Control", "no-store")
	c.Wrote()
	http.ServeContent(c.W, c.R, "", time.Time{}, f)
	return nil
}

// keptText is what the comparison with a kept head found, for people.
func keptText(err error) string {
	for _, p := range ui.Problems(err) {
		return p.Text
	}
	return "与留存的末条不一致"
}
