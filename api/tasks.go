package api

import (
	"context"
	"net/http"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
)

// taskQuery narrows the list of tasks; an absent part does not narrow.
type taskQuery struct {
	Paging
	Plan      string        `query:"plan" doc:"所属清单的编号"`
	Kind      kindParam     `query:"kind"`
	Territory string        `query:"territory" doc:"县区自己清单中的任务：地区代码"`
	Unit      string        `query:"unit" doc:"责任单位的代码，单独或作为集体称呼的成员列出都算"`
	LeadOnly  bool          `query:"lead_only" doc:"与 unit 同用：只要它牵头的"`
	State     stateParam    `query:"state"`
	Category  categoryParam `query:"category"`
	Light     lightParam    `query:"light"`
	Text      string        `query:"q" maxLength:"100" doc:"编号、标题、正文中的文字，多个词用空格分开"`
	Gone      bool          `query:"gone" doc:"是否包括已移出清单的任务"`
}

// filter is the query as the room plan takes it. Codes that the city does not
// have are refused: an empty list would hide the slip.
func (q *taskQuery) filter(pack *city.Pack) (plan.Filter, error) {
	p := refuse(errs.Invalid, "")
	if _, ok := pack.Territory(city.TerritoryID(q.Territory)); !ok && q.Territory != "" {
		p.Errors = append(p.Errors, FieldError{"query.territory", "没有这个地区：代码见 " + Prefix + "/city"})
	}
	if _, ok := pack.Unit(city.UnitID(q.Unit)); !ok && q.Unit != "" {
		p.Errors = append(p.Errors, FieldError{"query.unit", "没有这个单位：代码见 " + Prefix + "/city"})
	}
	if q.LeadOnly && q.Unit == "" {
		p.Errors = append(p.Errors, FieldError{"query.lead_only", "应与 unit 同用"})
	}
	if q.Plan != "" && existing(q.Plan) != nil {
		p.Errors = append(p.Errors, FieldError{"query.plan", "不是清单编号"})
	}
	if len(p.Errors) > 0 {
		p.Detail = detailOf(p.Status, len(p.Errors))
		return plan.Filter{}, p
	}
	return plan.Filter{
		PlanID: q.Plan, Kind: plan.Kind(q.Kind), Territory: city.TerritoryID(q.Territory), Unit: city.UnitID(q.Unit), LeadOnly: q.LeadOnly,
		State: plan.State(q.State), Category: city.TaskCategory(q.Category), Text: q.Text, Gone: q.Gone,
	}, nil
}

func (s *server) taskRoutes() {
	add(s, route{
		id: "list-tasks", method: http.MethodGet, path: "/tasks", tag: tagPlan, summary: "任务清单",
		about: "按清单中的次序分页。灯色、现值、应达数都是此刻计算的；只有已核验的数影响灯色。",
		curl:  "light=red&limit=20",
	}, s.listTasks)
	add(s, route{
		id: "get-task", method: http.MethodGet, path: "/tasks/{id}", tag: tagPlan, summary: "一项任务的全部情况", errors: []int{http.StatusNotFound},
		about: "责任单位、目标、份额、现值、灯色与理由、应达数、偏差、人工改判、时间节点、来源。",
	}, s.getTask)
}

func (s *server) listTasks(ctx context.Context, who org.Principal, in *taskQuery) (*body[page[taskItem]], error) {
	f, err := in.filter(s.Pack)
	if err != nil {
		return nil, err
	}
	ids, err := s.Plan.TaskIDs(ctx, who, f)
	if err != nil {
		return nil, err
	}
	board, err := s.Supervise.Board(ctx, who)
	if err != nil {
		return nil, err
	}
	if in.Light != "" {
		ids = withLight(board, ids, supervise.Level(in.Light))
	}
	items, err := s.drawTasks(ctx, who, board, cut(in.Paging, ids))
	if err != nil {
		return nil, err
	}
	return pageOf(in.Paging, len(ids), items), nil
}

// withLight keeps the tasks that show a level.
func withLight(b *supervise.Board, ids []string, level supervise.Level) []string {
	var kept []string
	for _, id := range ids {
		if t := b.Task(id); t != nil && t.Shown() == level {
			kept = append(kept, id)
		}
	}
	return kept
}

// drawTasks draws tasks in order; those that are not on the board any more are read.
func (s *server) drawTasks(ctx context.Context, who org.Principal, b *supervise.Board, ids []string) ([]taskItem, error) {
	var gone []string
	for _, id := range ids {
		if b.Task(id) == nil {
			gone = append(gone, id)
		}
	}
	read := map[string]plan.TaskView{}
	if len(gone) > 0 {
		views, err := s.Plan.Views(ctx, who, gone)
		if err != nil {
			return nil, err
		}
		for _, v := range views {
			read[v.ID] = v
		}
	}
	items := make([]taskItem, 0, len(ids))
	for _, id := range ids {
		if t := b.Task(id); t != nil {
			items = append(items, lit(t))
		} else if v, ok := read[id]; ok {
			items = append(items, unlit(v))
		}
	}
	return items, nil
}
