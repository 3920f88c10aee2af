package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
)

type taskPage struct {
	Total, Page, Limit int
	Items              []taskJSON
}

type taskJSON struct {
	ID, No, Title, Text string
	Light               *struct {
		Shown, Computed, Reason string
		Override                *struct{ Level, Reason, Until string }
	}
	Targets []targetJSON
}

type targetJSON struct {
	ID     string
	Shares []shareJSON
	Judged *judgedJSON
}

type shareJSON struct {
	Territory string
	Value     json.Number
	Judged    *judgedJSON
}

type judgedJSON struct {
	Actual, Pending, Expected json.Number
	Percent                   json.Number `json:"deviation_percent"`
	Level                     string
	Silent                    []string
}

func (x *house) tasks(query string) (p taskPage) {
	x.t.Helper()
	x.get("leader", "/tasks?"+query).into(200, &p)
	return p
}

func (x *house) fresh() *supervise.Board {
	x.t.Helper()
	b, err := x.parts.Supervise.Board(context.Background(), x.Dispatcher())
	if err != nil {
		x.t.Fatal(err)
	}
	return b
}

// The pages of a list hold the whole list once, in order, whatever their size.
func TestPages(t *testing.T) {
	x := open(t, db.SQLite)
	whole := x.tasks("limit=200")
	if whole.Total != 24 || len(whole.Items) != 24 {
		t.Fatalf("%d of %d", len(whole.Items), whole.Total)
	}
	for _, size := range []int{1, 5, 23, 24, 25} {
		var ids []string
		for page := 1; ; page++ {
			p := x.tasks(fmt.Sprintf("limit=%d&page=%d", size, page))
			if p.Total != 24 || p.Page != page || p.Limit != size {
				t.Errorf("page %d of %d: %+v", page, size, p)
			}
			if len(p.Items) == 0 {
				break
			}
			for _, item := range p.Items {
				ids = append(ids, item.ID)
			}
		}
		if want := idsOf(whole.Items); !slices.Equal(ids, want) {
			t.Errorf("pages of %d: %v", size, ids)
		}
	}
}

func idsOf(items []taskJSON) []string {
	var ids []string
	for _, i := range items {
		ids = append(ids, i.ID)
	}
	return ids
}

// Each filter lets through what the room's own filter does.
func TestFilters(t *testing.T) {
	x := open(t, db.SQLite)
	ctx := context.Background()
	unit := x.task.LeadUnit
	cases := []struct {
		query string
		f     plan.Filter
	}{
		{"plan=" + x.plan, plan.Filter{PlanID: x.plan}},
		{"plan=" + unknown, plan.Filter{PlanID: unknown}},
		{"kind=city", plan.Filter{Kind: plan.KindCity}},
		{"kind=county", plan.Filter{Kind: plan.KindCounty}},
		{"unit=" + string(unit), plan.Filter{Unit: unit}},
		{"unit=" + string(unit) + "&lead_only=true", plan.Filter{Unit: unit, LeadOnly: true}},
		{"state=registered", plan.Filter{State: plan.Registered}},
		{"category=" + url.QueryEscape(string(city.CategoryExpected)), plan.Filter{Category: city.CategoryExpected}},
		{"q=" + url.QueryEscape("托育"), plan.Filter{Text: "托育"}},
		{"territory=" + string(x.Pack.TerritoriesFor(city.CaliberZonesApart)[0].ID), plan.Filter{Territory: x.Pack.TerritoriesFor(city.CaliberZonesApart)[0].ID}},
		{"gone=true", plan.Filter{Gone: true}},
	}
	distinct := map[int]bool{}
	for _, c := range cases {
		want, err := x.Plan.TaskIDs(ctx, x.Dispatcher(), c.f)
		if err != nil {
			t.Fatal(err)
		}
		distinct[len(want)] = true
		if got := x.tasks("limit=200&" + c.query); !slices.Equal(idsOf(got.Items), want) {
			t.Errorf("%s: %d, want %d", c.query, len(got.Items), len(want))
		}
	}
	if len(distinct) < 4 {
		t.Errorf("the cases hardly differ: %v", distinct)
	}
}

// From a reported figure over verification to the light, with exact numbers.
func TestFigureComesThrough(t *testing.T) {
	x := open(t, db.SQLite)
	if n := x.tasks("light=blue").Total; n != 0 {
		t.Fatalf("%d blue at first", n)
	}
	entry := x.report("12.0625", "2026-06-30")
	var list struct {
		Total int
		Items []struct {
			ID, State, AsOf, Reason string
			Value                   json.RawMessage
			ReportedAt              string `json:"reported_at"`
			ProofHash               string `json:"proof_sha256"`
		}
	}
	x.get("leader", x.reports()).into(200, &list)
	if e := list.Items[0]; list.Total != 1 || e.ID != entry || e.State != "reported" || string(e.Value) != "12.0625" || e.ReportedAt != "2026-07-01T01:00:00Z" || len(e.ProofHash) != 64 {
		t.Errorf("%+v", list)
	}
	if g := x.figureOf(); g.Judged.Pending != "12.0625" || g.Judged.Actual != "" || g.Judged.Level != "grey" || g.Judged.Percent != "" {
		t.Errorf("pending: %+v", g.Judged)
	}
	x.post("head", "/progress/"+entry+"/verify", "v", nil).status(200)
	b := x.fresh()
	light := b.Task(x.task.ID).Targets[0]
	g := x.figureOf()
	if g.Judged.Actual != "12.0625" || g.Judged.Pending != "" || g.Judged.Level != string(light.Level) || g.Judged.Expected.String() != light.Expected.String() || !strings.HasPrefix(g.Judged.Percent.String(), "-") {
		t.Errorf("verified: %+v, board %+v", g.Judged, light.Outcome)
	}
	if p := x.tasks("light=" + string(light.Level)); p.Total != 1 || p.Items[0].ID != x.task.ID {
		t.Errorf("by light: %+v", p)
	}
	x.post("head", "/progress/"+entry+"/withdraw", "w", reason("台账有误")).status(200)
	x.get("leader", x.reports()).into(200, &list)
	if e := list.Items[0]; e.State != "withdrawn" || e.Reason != "台账有误" {
		t.Errorf("%+v", e)
	}
}

func (x *house) figureOf() targetJSON {
	x.t.Helper()
	var task taskJSON
	x.get("leader", "/tasks/"+x.task.ID).into(200, &task)
	for _, t := range task.Targets {
		if t.ID == x.target.ID {
			return t
		}
	}
	x.t.Fatal("the target is gone")
	return targetJSON{}
}

// A county reports its own part only; the whole adds up.
func TestShares(t *testing.T) {
	x := open(t, db.SQLite)
	ctx := context.Background()
	parts := x.Pack.TerritoriesFor(city.CaliberZonesApart)
	typed := map[city.TerritoryID]string{parts[0].ID: "10", parts[1].ID: "10", parts[2].ID: "5"}
	if err := x.Plan.ShareOut(ctx, x.Clerk(x.task.LeadUnit), x.target.ID, x.task.Revision, typed, ""); err != nil {
		t.Fatal(err)
	}
	x.let("county", x.County(parts[0].ID, org.CountyClerk))
	x.let("county-head", x.County(parts[0].ID, org.CountyHead))
	part := func(territory city.TerritoryID) sheet {
		f := figure("5", "2026-06-30")
		f.fields["territory"] = string(territory)
		return f
	}
	x.form("county", x.reports(), "neighbour", part(parts[1].ID)).problem(403)
	x.form("county", x.reports(), "whole", figure("5", "2026-06-30")).problem(422)
	var made struct{ ID string }
	x.form("county", x.reports(), "own", part(parts[0].ID)).into(201, &made)
	x.post("county-head", "/progress/"+made.ID+"/verify", "verify", nil).status(200)
	g := x.figureOf()
	if len(g.Shares) != 3 || g.Judged.Actual != "5" || len(g.Judged.Silent) != 2 {
		t.Errorf("%+v", g)
	}
	i := slices.IndexFunc(g.Shares, func(s shareJSON) bool { return s.Territory == string(parts[0].ID) })
	if s := g.Shares[i]; s.Value != "10" || s.Judged.Actual != "5" || s.Judged.Expected == "" {
		t.Errorf("%+v", s)
	}
}

// A light set by hand shows, and the computed one stays beside it.
func TestOverride(t *testing.T) {
	x := open(t, db.SQLite)
	if err := x.parts.Supervise.SetLight(context.Background(), x.Approver(), x.task.ID, supervise.Red, "停工", "2026-07-31"); err != nil {
		t.Fatal(err)
	}
	p := x.tasks("light=red")
	if p.Total != 1 || p.Items[0].Light.Shown != "red" || p.Items[0].Light.Computed != "grey" || p.Items[0].Light.Override.Until != "2026-07-31" {
		t.Fatalf("%+v", p)
	}
	var c struct {
		Tally  struct{ Red, Grey, Total int }
		Behind []struct{ ID, Reason string }
		Plan   *struct{ ID string }
		Units  []struct {
			ID, Name, Worst string
			Tally           struct{ Total int }
		}
		Territories []struct{ ID string }
	}
	x.get("leader", "/cockpit?plan="+x.plan).into(200, &c)
	view := x.fresh().View(x.Pack, x.plan)
	if c.Tally.Red != 1 || c.Tally.Total != view.Tally.Total() || len(c.Behind) != 1 || c.Behind[0].Reason != "人工改判：停工" || c.Plan.ID != x.plan || len(c.Territories) != 11 {
		t.Errorf("%+v", c)
	}
	sum := 0
	for _, u := range c.Units {
		sum += u.Tally.Total
	}
	if sum != c.Tally.Total || c.Units[0].Worst != "red" {
		t.Errorf("units: %+v", c.Units)
	}
	x.get("leader", "/cockpit?plan="+unknown).problem(404)
	x.get("leader", "/cockpit?plan=x").problem(404)
}

// A document goes in by one request; its draft comes out when it has been read.
func TestImportThroughTheAPI(t *testing.T) {
	x := empty(t, db.SQLite)
	var made, got struct {
		ID, State, Title string
		Draft            *struct {
			Year  int
			Tasks []struct {
				ID, Origin, Title string
				Units             []struct {
					Name  string
					Units []string
				}
				Targets []struct{ Pledge string }
			}
		}
	}
	a := x.form("dispatcher", "/imports", "doc", planSheet(x))
	a.into(201, &made)
	if made.State != "reading" || a.Header().Get("Location") != "/api/v1/imports/"+made.ID {
		t.Errorf("%+v %v", made, a.Header())
	}
	x.get("dispatcher", "/imports/"+made.ID).into(200, &got)
	if got.Draft != nil {
		t.Error("a draft before reading")
	}
	if err := x.Plan.RunRead(context.Background(), made.ID); err != nil {
		t.Fatal(err)
	}
	x.get("dispatcher", "/imports/"+made.ID).into(200, &got)
	if got.State != "draft" || got.Draft == nil || len(got.Draft.Tasks) != 24 || got.Draft.Year != 2026 {
		t.Fatalf("%+v", got)
	}
	if task := got.Draft.Tasks[1]; task.Origin != "read" || len(task.Units) == 0 || len(task.Units[0].Units) == 0 {
		t.Errorf("%+v", task)
	}
	var list struct{ Total int }
	x.get("approver", "/imports?state=draft").into(200, &list)
	if list.Total != 1 {
		t.Errorf("%d drafts", list.Total)
	}
	x.get("approver", "/imports?state=published").into(200, &list)
	if list.Total != 0 {
		t.Errorf("%d published", list.Total)
	}
}

// A county sees and brings in its own lists only.
func TestCountyImports(t *testing.T) {
	x := open(t, db.SQLite)
	parts := x.Pack.TerritoriesFor(city.CaliberZonesApart)
	for i, name := range []string{"here", "there"} {
		x.let(name, x.County(parts[i].ID, org.CountyHead))
	}
	own := sheet{map[string]string{"kind": "county", "parent": x.plan, "territory": string(parts[0].ID)}, "file", "a.txt", "一、任务\n建设驿站2个。"}
	x.form("there", "/imports", "c", own).problem(403)
	var made struct{ ID string }
	x.form("here", "/imports", "c", own).into(201, &made)
	x.get("here", "/imports/"+made.ID).status(200)
	x.get("there", "/imports/"+made.ID).problem(403)
	var list struct{ Total int }
	x.get("there", "/imports").into(200, &list)
	if list.Total != 0 {
		t.Errorf("the neighbour sees %d", list.Total)
	}
}

func TestAuditPages(t *testing.T) {
	x := open(t, db.SQLite)
	x.report("3", "2026-06-01")
	type auditJSON struct {
		Items []struct {
			Seq                            int64
			Via, Action, At, Hash, ActorID string
			Prev                           string `json:"prev_hash"`
			ObjectKind                     string `json:"object_kind"`
		}
		Next int64 `json:"next_before"`
	}
	var seqs []int64
	prev := ""
	for query := "limit=2"; ; {
		var p auditJSON
		x.get("auditor", "/audit?"+query).into(200, &p)
		for _, e := range p.Items {
			if prev != "" && e.Hash != prev {
				t.Errorf("entry %d does not follow", e.Seq)
			}
			seqs, prev = append(seqs, e.Seq), e.Prev
		}
		if p.Next == 0 {
			break
		}
		query = fmt.Sprintf("limit=2&before=%d", p.Next)
	}
	if len(seqs) < 4 || seqs[len(seqs)-1] != 1 || int(seqs[0]) != len(seqs) {
		t.Errorf("%v", seqs)
	}
	var p auditJSON
	x.get("auditor", "/audit?action=progress.&object_kind=task&from=2026-07-01&to=2026-07-01").into(200, &p)
	if len(p.Items) != 1 || p.Items[0].Via != "api" || p.Items[0].Action != "progress.report" || p.Items[0].At != "2026-07-01T01:00:00Z" {
		t.Errorf("%+v", p)
	}
	x.get("auditor", "/audit?to=2026-06-30").into(200, &p)
	if len(p.Items) != 0 {
		t.Errorf("before everything: %+v", p)
	}
}

// Dropped tasks appear when they are asked for, without a light.
func TestGoneTasks(t *testing.T) {
	x := open(t, db.SQLite)
	ctx := context.Background()
	text := x.Pack.Documents[0].Text
	id := x.Import(t, x.Dispatcher(), plan.Upload{PlanID: x.plan}, text)
	r, err := x.Plan.Review(ctx, x.Dispatcher(), id)
	if err != nil {
		t.Fatal(err)
	}
	revision := r.Revision
	correct := func(c plan.Correction) {
		t.Helper()
		if err := x.Plan.Correct(ctx, x.Dispatcher(), id, revision, c); err != nil {
			t.Fatal(err)
		}
		revision++
	}
	correct(plan.Correction{Op: plan.OpDelete, Item: "t1"})
	if r, err = x.Plan.Review(ctx, x.Dispatcher(), id); err != nil {
		t.Fatal(err)
	}
	for _, d := range r.Differences {
		if d.Kind != plan.DiffKept {
			correct(plan.Correction{Op: plan.OpDecide, Item: d.Key, Fields: map[string]string{"choice": string(plan.TakeNew)}})
		}
	}
	x.Publish(t, id)
	var lost taskJSON
	for _, item := range x.tasks("limit=200&gone=true").Items {
		if item.Light == nil {
			lost = item
		}
	}
	if x.tasks("").Total != 23 || lost.ID == "" {
		t.Fatalf("%d stand, lost %+v", x.tasks("").Total, lost)
	}
	var d taskJSON
	x.get("leader", "/tasks/"+lost.ID).into(200, &d)
	if d.Title != lost.Title || d.Text == "" || d.Light != nil {
		t.Errorf("%+v", d)
	}
	var versions struct {
		Versions []struct{ Version, Dropped int }
	}
	x.get("leader", "/plans/"+x.plan).into(200, &versions)
	if len(versions.Versions) != 2 || versions.Versions[0].Dropped != 1 {
		t.Errorf("%+v", versions)
	}
}

func TestMe(t *testing.T) {
	x := open(t, db.SQLite)
	var m struct {
		ID, Unit, TokenID string
		ReadOnly          bool `json:"read_only"`
		Permissions       []struct {
			Action string
			All    bool
			Units  []string
		}
	}
	x.get("clerk", "/me").into(200, &m)
	can := map[string]bool{}
	for _, p := range m.Permissions {
		can[p.Action] = p.All
	}
	if all, ok := can["plan.read"]; !ok || !all || m.Unit != string(x.task.LeadUnit) || m.ReadOnly {
		t.Errorf("%+v", m)
	}
	if all, ok := can["progress.report"]; !ok || all || can["progress.verify"] {
		t.Errorf("%+v", can)
	}
	m.Permissions = nil
	x.get("reader", "/me").into(200, &m)
	for _, p := range m.Permissions {
		if p.Action == "progress.report" {
			t.Error("a read-only token may report")
		}
	}
	if !m.ReadOnly {
		t.Error("not shown as read-only")
	}
}

// An answer that has not changed is told in a line.
func TestETag(t *testing.T) {
	x := open(t, db.SQLite)
	first := x.get("leader", "/tasks").status(200)
	tag := first.Header().Get("ETag")
	ask := func() answer {
		return x.do("leader", http.MethodGet, "/tasks", http.Header{"If-None-Match": {`"other", ` + tag}}, nil)
	}
	if a := ask().status(http.StatusNotModified); tag == "" || a.Body.Len() != 0 {
		t.Errorf("%q %s", tag, a.Body)
	}
	x.report("3", "2026-06-01")
	if a := ask().status(200); a.Header().Get("ETag") == tag {
		t.Error("a changed answer has the same tag")
	}
	if a := x.do("leader", http.MethodHead, "/tasks", nil, nil).status(200); a.Body.Len() != 0 {
		t.Error("HEAD has a body")
	}
	if x.get("", "/me").problem(401); x.get("", "/me").Header().Get("Cache-Control") != "no-store" {
		t.Error("a refusal may be stored")
	}
}
