package cockpit

import (
	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// everyList is the value of the parameter plan that stands for all of the city's lists.
const everyList = "all"

// scene is what every page of this area starts from: the lights of now, seen
// through one list or through all of the city's.
type scene struct {
	c      *frame.Ctx
	pack   *city.Pack
	view   supervise.Cockpit
	choice string     // the parameter plan as it stands in addresses; "" for the usual list
	plan   *plan.Plan // the list in view; nil for all of them
	usual  *plan.Plan // the list shown when none is chosen: the newest city list in force
}

// look reads the board and the list that the address asks for.
func look(c *frame.Ctx) (*scene, error) {
	board, err := c.App.Supervise.Board(c.R.Context(), c.P)
	if err != nil {
		return nil, err
	}
	s := &scene{c: c, pack: c.App.Pack, choice: c.Form("plan"), usual: usualList(board.Plans)}
	switch {
	case s.choice == everyList:
	case s.choice != "":
		ruled := board.Plan(s.choice)
		if ruled == nil {
			return nil, errs.New(errs.NotFound, "没有这份清单：可能已换了新的编号")
		}
		s.plan = &ruled.Plan
		if s.usual != nil && s.usual.ID == s.choice {
			s.choice = ""
		}
	default:
		s.plan = s.usual
	}
	s.view = board.View(s.pack, s.planID())
	return s, nil
}

// usualList is the newest list of the city that is in force; the plans stand newest first.
func usualList(plans []plan.Ruled) *plan.Plan {
	for i := range plans {
		if plans[i].Kind == plan.KindCity && plans[i].Active {
			return &plans[i].Plan
		}
	}
	return nil
}

func (s *scene) planID() string {
	if s.plan == nil {
		return ""
	}
	return s.plan.ID
}

// none reports whether nothing has been published yet.
func (s *scene) none() bool { return len(s.view.Board.Plans) == 0 }

// tasks lists the tasks in view, in the order of the lists.
func (s *scene) tasks() []*supervise.TaskLight {
	var all []*supervise.TaskLight
	for _, a := range s.view.Actions {
		all = append(all, a.Tasks...)
	}
	return all
}

// base is the frame of a page about the list in view.
func (s *scene) base(title string, crumbs ...ui.Crumb) ui.Base {
	b := s.c.Base(title, crumbs...)
	b.AsOf = s.view.Board.Today.Chinese() + "计算，尚无已核验数据"
	if day := s.newest(); day != "" {
		b.AsOf = "数据截至 " + chineseDay(day) + "（" + s.view.Board.Today.Chinese() + "计算）"
	}
	if s.plan != nil {
		b.Plan = s.plan.Title
	}
	return b
}

// newest is the latest day up to which some verified figure in view counts; "" without any.
func (s *scene) newest() string {
	day := ""
	for _, r := range s.view.Targets {
		day = max(day, r.Target.Actual.AsOf)
	}
	return day
}

// chooser is the bar that chooses the list; without a choice to make it has no field.
func (s *scene) chooser(path string) ui.FilterBar {
	bar := ui.FilterBar{Action: path}
	if f, ok := s.planField(); ok {
		bar.Fields = []ui.Field{f}
	}
	return bar
}

// planField offers the lists; false when there is only one.
func (s *scene) planField() (ui.Field, bool) {
	f := ui.Field{Kind: ui.Select, Name: "plan", Label: "清单", Value: s.choice, Blank: "全部市级清单"}
	if s.usual != nil {
		f.Blank = s.usual.Title
		f.Options = append(f.Options, ui.Option{Value: everyList, Label: "全部市级清单和专项方案"})
	}
	for _, p := range s.view.Board.Plans {
		if s.usual == nil || p.ID != s.usual.ID {
			f.Options = append(f.Options, ui.Option{Value: p.ID, Label: p.Title, Group: p.Kind.Label()})
		}
	}
	return f, len(s.view.Board.Plans) > 1
}

// start is what stands on every page while no list has been published.
func (s *scene) start() ui.Empty {
	e := ui.Empty{Title: "还没有发布任务清单", Icon: "doc"}
	switch p := s.c.P; {
	case p.MayAnywhere(org.PlanImport):
		e.Text, e.Label, e.URL = "导入行动计划文件，核对识别出的任务、单位和目标，经审批人发布后，这里显示进度。", "导入计划", "/imports/new"
	case p.MayAnywhere(org.PlanPublish):
		e.Text, e.Label, e.URL = "调度员提交后，由您审批发布。", "查看待发布的计划", "/imports?state=submitted"
	default:
		e.Text = "由" + s.pack.LeadUnit().Short + "导入并发布行动计划后，这里显示进度。"
	}
	return e
}

// listed is the address of the task list narrowed to the list in view.
func (s *scene) listed(pairs ...string) string {
	if s.plan == nil {
		return address("/tasks", pairs...)
	}
	return address("/tasks", append([]string{"plan", s.plan.ID}, pairs...)...)
}

// to is the address of a page of this area that keeps the chosen list.
func (s *scene) to(path string, pairs ...string) string {
	return address(path, append([]string{"plan", s.choice}, pairs...)...)
}

func (s *scene) unitURL(id city.UnitID, pairs ...string) string {
	if id == "" {
		id = noLead
	}
	return s.to("/units/"+escape(string(id)), pairs...)
}

func (s *scene) territoryURL(id city.TerritoryID, pairs ...string) string {
	return s.to("/territories/"+escape(string(id)), pairs...)
}
