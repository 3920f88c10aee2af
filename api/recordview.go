package api

import (
	"time"

	"bihuan/kit/calendar"
	"bihuan/register"
)

// RecordItem is a record as lists show it.
type RecordItem struct {
	ID         string            `json:"id" doc:"编号"`
	Register   string            `json:"register" doc:"台账代码"`
	No         string            `json:"no" doc:"记录号，不重复使用"`
	Title      string            `json:"title" doc:"标题"`
	Territory  string            `json:"territory,omitempty" doc:"地区代码；全市的记录没有"`
	Stage      string            `json:"stage" doc:"阶段"`
	StageLabel string            `json:"stage_label" doc:"阶段名称"`
	Counts     bool              `json:"counts" doc:"是否处于计数的阶段且未认定不实"`
	Values     map[string]string `json:"values" doc:"各字段的值，没有填写的不列；个人信息遮蔽"`
	Unit       string            `json:"unit,omitempty" doc:"登记单位"`
	Assignee   string            `json:"assignee,omitempty" doc:"承办单位"`
	Parent     string            `json:"parent,omitempty" doc:"所属记录"`
	Flags      []flagView        `json:"flags" doc:"疑点提示，不妨碍办理"`
	Due        string            `json:"due,omitempty" doc:"应在哪天前办理"`
	Falsified  bool              `json:"falsified" doc:"是否认定不实：保留而不计数"`
	Demo       bool              `json:"demo" doc:"是否演示数据"`
	Revision   int64             `json:"revision" doc:"修订次数，更正和办理时带上"`
	Reporter   string            `json:"reporter,omitempty" doc:"登记人"`
	ReportedAt *time.Time        `json:"reported_at,omitempty" doc:"登记时间"`
	UpdatedAt  *time.Time        `json:"updated_at,omitempty" doc:"最近变化时间"`
}

type flagView struct {
	Kind string `json:"kind" doc:"核查种类"`
	Says string `json:"says" doc:"提示"`
}

// recordDetail is a record with everything that belongs to it.
type recordDetail struct {
	RecordItem
	Spans    []spanView   `json:"spans" doc:"计数的时段"`
	Proofs   []proofView  `json:"proofs" doc:"佐证文件"`
	Events   []eventView  `json:"events" doc:"办理过程，旧的在前"`
	Moves    []moveView   `json:"moves" doc:"本人现在可以怎样办理"`
	MayEdit  bool         `json:"may_edit" doc:"本人现在可否更正"`
	Doubt    bool         `json:"may_falsify" doc:"本人现在可否认定不实"`
	Lapsed   *lapsedView  `json:"lapsed,omitempty" doc:"曾经计数而今天不再计入的：从哪天起、为什么"`
	Children []RecordItem `json:"children" doc:"从属的记录，最多 500 条"`
}

type lapsedView struct {
	Since string `json:"since" doc:"从哪天起不再计入"`
	Why   string `json:"why" doc:"原因"`
}

type spanView struct {
	From string `json:"from" doc:"从哪天起计数"`
	To   string `json:"to,omitempty" doc:"从哪天起不再计数"`
}

type proofView struct {
	ID        string     `json:"id" doc:"编号"`
	Kind      string     `json:"kind" doc:"佐证种类"`
	Name      string     `json:"name" doc:"文件名"`
	Media     string     `json:"media_type" doc:"按内容识别的类型"`
	Size      int64      `json:"size" doc:"字节数"`
	Hash      string     `json:"sha256" doc:"文件的 SHA-256"`
	Falsified bool       `json:"falsified" doc:"是否认定不实"`
	AddedBy   string     `json:"added_by,omitempty" doc:"上传人"`
	AddedAt   *time.Time `json:"added_at,omitempty" doc:"上传时间"`
}

type eventView struct {
	At      *time.Time   `json:"at,omitempty" doc:"时间"`
	Name    string       `json:"name,omitempty" doc:"办理人"`
	Unit    string       `json:"unit,omitempty" doc:"单位"`
	Move    string       `json:"move" doc:"办理：create 登记，edit 更正，proof 补充佐证，falsify 认定不实，falsify-proof 认定佐证不实，其余见台账定义"`
	From    string       `json:"from,omitempty" doc:"原阶段"`
	To      string       `json:"to,omitempty" doc:"新阶段"`
	Reason  string       `json:"reason,omitempty" doc:"理由或说明"`
	Changes []changeView `json:"changes" doc:"改动的字段"`
}

type changeView struct {
	Field  string `json:"field" doc:"字段名"`
	Before string `json:"before,omitempty" doc:"之前；个人信息遮蔽"`
	After  string `json:"after,omitempty" doc:"之后；个人信息遮蔽"`
}

func (s *server) recordItem(r register.Record) RecordItem {
	v := RecordItem{
		ID: r.ID, Register: string(r.Register), No: r.No, Title: r.Title, Territory: string(r.Territory), Stage: r.Stage, StageLabel: r.Stage,
		Values: r.Values, Unit: string(r.Unit), Assignee: string(r.Assignee), Parent: r.Parent,
		Flags: each(r.Flags, func(f register.Flag) flagView { return flagView{f.Kind, f.Says} }), Due: r.Due.String(), Falsified: r.Falsified, Demo: r.Demo,
		Revision: r.Revision, Reporter: r.Reporter, ReportedAt: instant(r.ReportedAt), UpdatedAt: instant(r.UpdatedAt),
	}
	if v.Values == nil {
		v.Values = map[string]string{}
	}
	if d, ok := s.Register.Catalog().Get(r.Register); ok {
		if st, ok := d.Stage(r.Stage); ok {
			v.StageLabel, v.Counts = st.Label, st.Counts && !r.Falsified
		}
	}
	return v
}

func (s *server) recordOf(v register.View) recordDetail {
	var lapsed *lapsedView
	if since, why := v.Definition.Lapsed(v.Record, calendar.Today(s.DB.Now())); !since.IsZero() {
		lapsed = &lapsedView{since.String(), why}
	}
	return recordDetail{
		RecordItem: s.recordItem(v.Record), Spans: each(v.Spans, func(x register.Span) spanView { return spanView{x.From.String(), x.To.String()} }),
		Proofs: each(v.Proofs, proofOf), Events: each(v.Events, func(e register.Event) eventView { return eventOf(v.Definition, e) }),
		Moves: each(v.Moves, moveOf), MayEdit: v.MayEdit, Doubt: v.MayFalsify, Lapsed: lapsed, Children: each(v.Children, s.recordItem),
	}
}

func proofOf(x register.Proof) proofView {
	return proofView{x.ID, x.Kind, x.Name, x.Media, x.Size, x.Hash, x.Falsified, x.AddedBy, instant(x.AddedAt)}
}

// eventOf lists changes in the order of the form.
func eventOf(d *register.Definition, e register.Event) eventView {
	v := eventView{At: instant(e.At), Name: e.Name, Unit: e.Unit, Move: e.Move, From: e.From, To: e.To, Reason: e.Reason, Changes: []changeView{}}
	for _, f := range d.Fields {
		if c, ok := e.Changes[f.Name]; ok {
			v.Changes = append(v.Changes, changeView{f.Name, c[0], c[1]})
		}
	}
	return v
}
