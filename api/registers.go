package api

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/register"
)

// ByCode is the input of a route about something that the city pack names.
type ByCode struct {
	ID string `path:"id" maxLength:"80" doc:"代码" example:"parcel-point"`
}

// AtDay is part of the input of routes that compute something as of a day.
type AtDay struct {
	At string `query:"at" format:"date" doc:"哪一天（北京时间）；不写为今天"`
}

// day is the day asked for.
func (s *server) day(in AtDay) (calendar.Date, error) {
	if in.At == "" {
		return calendar.Today(s.DB.Now()), nil
	}
	d, err := calendar.ParseDate(in.At)
	if err != nil {
		return d, wrong("query.at", "应为日期，写成 2026-06-30")
	}
	return d, nil
}

// countValues is the value of one count at a day.
type countValues struct {
	ID     string            `json:"id" doc:"计数规则"`
	Name   string            `json:"name" doc:"名称"`
	Unit   string            `json:"unit" doc:"单位"`
	Mode   string            `json:"mode" doc:"flow 当年发生，stock 当日在册"`
	Total  quantity.Quantity `json:"total" doc:"全市合计"`
	Places []placeValue      `json:"territories" doc:"各地区；园区与所在县区分开，没有的地区不列"`
}

type placeValue struct {
	Territory string            `json:"territory,omitempty" doc:"地区代码；全市的记录没有"`
	Value     quantity.Quantity `json:"value" doc:"数"`
}

// countsView are all counts of a register at a day.
type countsView struct {
	Register string        `json:"register" doc:"台账代码"`
	At       string        `json:"at" doc:"截至哪一天"`
	Counts   []countValues `json:"counts" doc:"各计数规则的数"`
}

// waitingItem is how many records of a register wait for the person.
type waitingItem struct {
	Register string `json:"register" doc:"台账代码"`
	Name     string `json:"name" doc:"台账名称"`
	Count    int    `json:"count" doc:"等待办理的记录数"`
}

// waitingView is what waits for the person.
type waitingView struct {
	Total int           `json:"total" doc:"合计"`
	Items []waitingItem `json:"items" doc:"各台账；没有的不列"`
}

func (s *server) registerRoutes() {
	missing := []int{http.StatusNotFound}
	add(s, route{
		id: "list-registers", method: http.MethodGet, path: "/registers", tag: tagRegister, summary: "全部台账", about: "城市包定义的台账。",
	}, s.listRegisters)
	add(s, route{
		id: "get-register", method: http.MethodGet, path: "/registers/{id}", tag: tagRegister, summary: "一个台账的定义", errors: missing,
		about: "字段、佐证、阶段及其办理、计数规则。",
	}, s.getRegister)
	add(s, route{
		id: "get-register-counts", method: http.MethodGet, path: "/registers/{id}/counts", tag: tagRegister, summary: "一个台账在某日的数", errors: missing,
		about: "按地区列出；只计入处于计数阶段的记录。", curl: "at=2026-06-30",
	}, s.registerCounts)
	add(s, route{
		id: "get-waiting", method: http.MethodGet, path: "/waiting", tag: tagRegister, summary: "等待本人办理的记录数",
		about: "明细见 " + Prefix + "/records?owed=true。",
	}, s.waiting)
}

func (s *server) listRegisters(_ context.Context, who org.Principal, in *struct{ Paging }) (*body[page[RegisterHead]], error) {
	if err := who.May(org.RegisterRead, org.Scope{}); err != nil {
		return nil, err
	}
	all := s.Register.Catalog().All()
	return pageOf(in.Paging, len(all), each(cut(in.Paging, all), registerHead)), nil
}

// register finds a definition for somebody who may read registers.
func (s *server) register(who org.Principal, id string) (*register.Definition, error) {
	if err := who.May(org.RegisterRead, org.Scope{}); err != nil {
		return nil, err
	}
	d, ok := s.Register.Catalog().Get(register.ID(id))
	if !ok {
		return nil, errs.New(errs.NotFound, "没有代码为“%s”的台账：代码见 %s/registers", short(id), Prefix)
	}
	return d, nil
}

func (s *server) getRegister(_ context.Context, who org.Principal, in *ByCode) (*body[registerDetail], error) {
	d, err := s.register(who, in.ID)
	if err != nil {
		return nil, err
	}
	return &body[registerDetail]{registerOf(d)}, nil
}

func (s *server) registerCounts(ctx context.Context, who org.Principal, in *struct {
	ByCode
	AtDay
}) (*body[countsView], error) {
	d, err := s.register(who, in.ID)
	if err != nil {
		return nil, err
	}
	day, err := s.day(in.AtDay)
	if err != nil {
		return nil, err
	}
	refs := each(d.Counts, func(c register.Count) register.CountRef { return register.CountRef{Register: d.ID, Count: c.ID} })
	values, err := s.Register.At(ctx, refs, day)
	if err != nil {
		return nil, err
	}
	v := countsView{Register: in.ID, At: day.String(), Counts: []countValues{}}
	for i, c := range d.Counts {
		v.Counts = append(v.Counts, countOf(c, values[refs[i]]))
	}
	return &body[countsView]{v}, nil
}

func countOf(c register.Count, values register.Values) countValues {
	v := countValues{ID: c.ID, Name: c.Name, Unit: c.Unit, Mode: string(c.Mode), Places: []placeValue{}}
	for _, t := range slices.Sorted(maps.Keys(values)) {
		v.Places = append(v.Places, placeValue{string(t), values[t]})
		v.Total += values[t]
	}
	return v
}

func (s *server) waiting(ctx context.Context, who org.Principal, _ *nothing) (*body[waitingView], error) {
	if err := who.May(org.RegisterRead, org.Scope{}); err != nil {
		return nil, err
	}
	counts, err := s.Register.Waiting(ctx, who)
	if err != nil {
		return nil, err
	}
	v := waitingView{Items: []waitingItem{}}
	for _, d := range s.Register.Catalog().All() {
		if n := counts[d.ID]; n > 0 {
			v.Items = append(v.Items, waitingItem{string(d.ID), d.Name, n})
			v.Total += n
		}
	}
	return &body[waitingView]{v}, nil
}
