package api

import (
	"context"
	"net/http"

	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/supervise"
)

// cockpitView is everything about one list at this moment: what is behind, why,
// and whose turn it is.
type cockpitView struct {
	Today       string      `json:"today" doc:"计算日期（北京时间）"`
	Plan        *PlanView   `json:"plan,omitempty" doc:"清单；没有指定时为全市现行清单"`
	Tally       tallyView   `json:"tally" doc:"任务数，按显示的灯色"`
	Behind      []taskBrief `json:"behind" doc:"落后的任务，最严重的在前"`
	Owed        []taskBrief `json:"owed" doc:"还缺数、缺核验或待量化的任务"`
	Units       []groupRow  `json:"units" doc:"按牵头单位，落后最多的在前"`
	Territories []groupRow  `json:"territories" doc:"按地区，次序同城市包；任务与分解份额合并计数"`
}

type tallyView struct {
	Red    int `json:"red" doc:"严重滞后"`
	Yellow int `json:"yellow" doc:"滞后"`
	Blue   int `json:"blue" doc:"提醒"`
	Green  int `json:"green" doc:"正常"`
	Grey   int `json:"grey" doc:"无数据"`
	Total  int `json:"total" doc:"合计"`
}

type taskBrief struct {
	ID       string `json:"id" doc:"任务编号"`
	No       string `json:"no" doc:"年份-清单-序号"`
	Title    string `json:"title" doc:"标题"`
	Level    string `json:"level" doc:"显示的灯色"`
	Reason   string `json:"reason" doc:"理由"`
	LeadUnit string `json:"lead_unit,omitempty" doc:"牵头单位"`
	NextUnit string `json:"next_unit,omitempty" doc:"下一步由哪个单位办理"`
	NextStep string `json:"next_step,omitempty" doc:"下一步办什么"`
}

type groupRow struct {
	ID    string             `json:"id" doc:"单位或地区代码；未确定牵头单位的为空"`
	Name  string             `json:"name" doc:"名称"`
	Worst string             `json:"worst" doc:"最严重的灯色"`
	Tally tallyView          `json:"tally" doc:"各灯色的数目"`
	Pace  *quantity.Quantity `json:"pace_percent,omitempty" doc:"地区：已核验数占应达数的平均百分数，每项封顶 200；没有数则没有"`
}

func (s *server) cockpitRoutes() {
	add(s, route{
		id: "get-cockpit", method: http.MethodGet, path: "/cockpit", tag: tagPlan, summary: "总览：哪里落后、为什么、轮到谁", errors: []int{http.StatusNotFound},
		about: "不给 plan 时为全市现行的市级清单与专项方案。", curl: "plan=<清单编号>",
	}, s.cockpit)
}

func (s *server) cockpit(ctx context.Context, who org.Principal, in *struct {
	Plan string `query:"plan" doc:"清单编号"`
}) (*body[cockpitView], error) {
	if in.Plan != "" {
		if err := existing(in.Plan); err != nil {
			return nil, err
		}
	}
	board, err := s.Supervise.Board(ctx, who)
	if err != nil {
		return nil, err
	}
	if in.Plan != "" && board.Plan(in.Plan) == nil {
		return nil, errs.New(errs.NotFound, "没有这份清单")
	}
	return &body[cockpitView]{cockpitOf(board.View(s.Pack, in.Plan))}, nil
}

func cockpitOf(c supervise.Cockpit) cockpitView {
	v := cockpitView{
		Today: c.Board.Today.String(), Tally: tallyOf(c.Tally), Behind: each(c.Behind, briefOf), Owed: each(c.Owed, briefOf),
		Units: each(c.Units, func(g supervise.Group) groupRow { return rowOf(g, false) }), Territories: each(c.Territories, func(g supervise.Group) groupRow { return rowOf(g, true) }),
	}
	if c.Plan != nil {
		p := planOf(c.Plan.Plan)
		v.Plan = &p
	}
	return v
}

func tallyOf(t supervise.Tally) tallyView {
	return tallyView{t[supervise.Red], t[supervise.Yellow], t[supervise.Blue], t[supervise.Green], t[supervise.Grey], t.Total()}
}

// briefOf gives the reason of the level that shows: of one set by hand, the approver's.
func briefOf(t *supervise.TaskLight) taskBrief {
	b := taskBrief{t.ID, t.No, t.Title, string(t.Shown()), t.Computed.Reason, string(t.LeadUnit), string(t.Turn.Unit), t.Turn.What}
	if t.Override != nil {
		b.Reason = "人工改判：" + t.Override.Reason
	}
	return b
}

func rowOf(g supervise.Group, territory bool) groupRow {
	r := groupRow{ID: g.ID, Name: g.Name, Worst: string(g.Worst), Tally: tallyOf(g.Tally)}
	if territory && g.Share >= 0 {
		p := percent(g.Share)
		r.Pace = &p
	}
	return r
}
