package api

import (
	"context"
	"net/http"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/register"
)

// recordQuery narrows the list of records; an absent part does not narrow.
type recordQuery struct {
	Paging
	Register  string `query:"register" maxLength:"80" doc:"台账代码"`
	Territory string `query:"territory" doc:"地区代码"`
	Stage     string `query:"stage" maxLength:"80" doc:"阶段，与 register 同用"`
	Unit      string `query:"unit" doc:"登记单位的代码"`
	Parent    string `query:"parent" doc:"所属记录的编号"`
	Text      string `query:"q" maxLength:"100" doc:"编号、标题和可检索字段中的文字，多个词用空格分开"`
	Flagged   bool   `query:"flagged" doc:"只要有疑点提示的"`
	Lapsed    bool   `query:"lapsed" doc:"只要曾经计数、现在不再计入的"`
	Late      bool   `query:"late" doc:"只要办理已逾期的"`
	Falsified bool   `query:"falsified" doc:"只要认定不实的"`
	Owed      bool   `query:"owed" doc:"只要等待本人办理的"`
	Count     string `query:"count" maxLength:"80" doc:"只要这条计数规则计入的，与 register 同用"`
	AtDay
}

// query is the query as the room takes it. Codes that the city does not have are
// refused: an empty list would hide the slip.
func (q *recordQuery) query(s *server) (register.Query, error) {
	day, err := s.day(q.AtDay)
	if err != nil {
		return register.Query{}, err
	}
	if err := q.known(s); err != nil {
		return register.Query{}, err
	}
	out := register.Query{
		Register: register.ID(q.Register), Territory: city.TerritoryID(q.Territory), Stage: q.Stage, Text: q.Text, Unit: city.UnitID(q.Unit), Parent: q.Parent,
		Flagged: q.Flagged, Lapsed: q.Lapsed, Late: q.Late, Falsified: q.Falsified, Owed: q.Owed, Offset: q.offset(), Limit: q.Limit,
	}
	if q.Count != "" {
		out.Under, out.At = register.CountRef{Register: out.Register, Count: q.Count}, day
	}
	return out, nil
}

func (q *recordQuery) known(s *server) error {
	p := refuse(errs.Invalid, "")
	require := func(ok bool, place, message string) {
		if !ok {
			p.Errors = append(p.Errors, FieldError{"query." + place, message})
		}
	}
	d, found := s.Register.Catalog().Get(register.ID(q.Register))
	require(found || q.Register == "", "register", "没有这个台账：代码见 "+Prefix+"/registers")
	require(q.Register != "" || q.Stage == "", "stage", "应与 register 同用")
	require(q.Register != "" || q.Count == "", "count", "应与 register 同用")
	require(q.Count != "" || q.At == "", "at", "应与 count 同用")
	if found {
		_, stage := d.Stage(q.Stage)
		require(stage || q.Stage == "", "stage", "这个台账没有这个阶段")
		_, count := d.Count(q.Count)
		require(count || q.Count == "", "count", "这个台账没有这条计数规则")
	}
	_, territory := s.Pack.Territory(city.TerritoryID(q.Territory))
	require(territory || q.Territory == "", "territory", "没有这个地区：代码见 "+Prefix+"/city")
	_, unit := s.Pack.Unit(city.UnitID(q.Unit))
	require(unit || q.Unit == "", "unit", "没有这个单位：代码见 "+Prefix+"/city")
	require(q.Parent == "" || existing(q.Parent) == nil, "parent", "不是记录编号")
	if len(p.Errors) == 0 {
		return nil
	}
	p.Detail = detailOf(p.Status, len(p.Errors))
	return p
}

func (s *server) recordRoutes() {
	missing := []int{http.StatusNotFound}
	add(s, route{
		id: "list-records", method: http.MethodGet, path: "/records", tag: tagRegister, summary: "台账记录",
		about: "新的在前；查等待办理和逾期的，先到期的在前。个人信息遮蔽。", curl: "register=parcel-point&stage=verified&limit=20",
	}, s.listRecords)
	add(s, route{
		id: "get-record", method: http.MethodGet, path: "/records/{id}", tag: tagRegister, summary: "一条记录的全部情况", errors: missing,
		about: "内容、佐证、疑点提示、计数时段、办理过程、从属记录和现在可以怎样办理。个人信息遮蔽，须写明理由另行查看。",
	}, s.getRecord)
	add(s, route{
		id: "get-record-proof", method: http.MethodGet, path: "/records/{id}/proofs/{proof}", tag: tagRegister, summary: "下载一个佐证文件", errors: missing, file: true,
	}, s.recordProof)
	s.recordChanges()
}

func (s *server) listRecords(ctx context.Context, who org.Principal, in *recordQuery) (*body[page[RecordItem]], error) {
	if err := who.May(org.RegisterRead, org.Scope{}); err != nil {
		return nil, err
	}
	q, err := in.query(s)
	if err != nil {
		return nil, err
	}
	all, total, err := s.Register.List(ctx, who, q)
	if err != nil {
		return nil, err
	}
	return pageOf(in.Paging, total, each(all, s.recordItem)), nil
}

func (s *server) getRecord(ctx context.Context, who org.Principal, in *ByID) (*body[recordDetail], error) {
	if err := existing(in.ID); err != nil {
		return nil, err
	}
	v, err := s.Register.Get(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &body[recordDetail]{s.recordOf(v)}, nil
}

func (s *server) recordProof(ctx context.Context, who org.Principal, in *struct {
	ByID
	Proof string `path:"proof" doc:"佐证编号"`
}) (*download, error) {
	if err := existing(in.ID); err != nil {
		return nil, err
	}
	f, proof, err := s.Register.Proof(ctx, who, in.ID, in.Proof)
	if err != nil {
		return nil, err
	}
	return downloaded(f, proof.Name, register.MaxProof)
}

// dayOf reads an optional day of a body.
func dayOf(text, place string) (calendar.Date, error) {
	if text == "" {
		return calendar.Date{}, nil
	}
	d, err := calendar.ParseDate(text)
	if err != nil {
		return d, wrong(place, "应为日期，写成 2026-06-30")
	}
	return d, nil
}
