package api

import (
	"context"
	"net/http"
	"time"

	"bihuan/org"
	"bihuan/plan"
)

// PlanView is a published list.
type PlanView struct {
	ID        string     `json:"id" doc:"清单编号"`
	Kind      string     `json:"kind" doc:"类型：city 市级总清单，county 县区清单，special 专项工作方案"`
	KindLabel string     `json:"kind_label" doc:"类型名称"`
	Code      string     `json:"code" doc:"年份与流水号，是任务编号的前缀"`
	Title     string     `json:"title" doc:"标题"`
	DocNo     string     `json:"doc_no,omitempty" doc:"发文字号"`
	IssuedOn  string     `json:"issued_on,omitempty" doc:"印发日期"`
	Year      int        `json:"year" doc:"计划年份"`
	YearEnd   int        `json:"year_end" doc:"截止年份"`
	Issuers   []string   `json:"issuers" doc:"印发单位"`
	Goals     []string   `json:"goals" doc:"总体目标原文"`
	ParentID  string     `json:"parent_id,omitempty" doc:"所属的市级总清单"`
	Territory string     `json:"territory,omitempty" doc:"县区清单所属地区"`
	Unit      string     `json:"unit,omitempty" doc:"专项方案的牵头单位"`
	Version   int        `json:"version" doc:"现行版本"`
	Active    bool       `json:"active" doc:"是否执行中"`
	CreatedAt *time.Time `json:"created_at,omitempty" doc:"首次发布时间"`
	UpdatedAt *time.Time `json:"updated_at,omitempty" doc:"最近变化时间"`
}

// planDetail is a list with its versions.
type planDetail struct {
	PlanView
	Versions []versionView `json:"versions" doc:"各版本，新的在前"`
}

type versionView struct {
	Version     int        `json:"version" doc:"版本号"`
	ImportID    string     `json:"import_id" doc:"由哪次导入发布"`
	DocumentID  string     `json:"document_id" doc:"依据的文件"`
	PublishedAt *time.Time `json:"published_at,omitempty" doc:"发布时间"`
	Kept        int        `json:"kept" doc:"不变的任务数"`
	Changed     int        `json:"changed" doc:"有变化的任务数"`
	Added       int        `json:"added" doc:"新增的任务数"`
	Dropped     int        `json:"dropped" doc:"移出的任务数"`
	Refused     int        `json:"refused" doc:"未采纳的差别数"`
}

func (s *server) planRoutes() {
	add(s, route{
		id: "list-plans", method: http.MethodGet, path: "/plans", tag: tagPlan, summary: "已发布的清单",
		about: "市级总清单在前，其下的专项方案、县区清单在后。",
	}, func(ctx context.Context, who org.Principal, in *struct{ Paging }) (*body[page[PlanView]], error) {
		all, err := s.Plan.Plans(ctx, who)
		if err != nil {
			return nil, err
		}
		return pageOf(in.Paging, len(all), each(cut(in.Paging, all), planOf)), nil
	})
	add(s, route{
		id: "get-plan", method: http.MethodGet, path: "/plans/{id}", tag: tagPlan, summary: "一份清单及其版本", errors: []int{http.StatusNotFound},
	}, func(ctx context.Context, who org.Principal, in *ByID) (*body[planDetail], error) {
		if err := existing(in.ID); err != nil {
			return nil, err
		}
		d, err := s.Plan.Plan(ctx, who, in.ID)
		if err != nil {
			return nil, err
		}
		return &body[planDetail]{planDetail{planOf(d.Plan), each(d.Versions, versionOf)}}, nil
	})
}

func planOf(p plan.Plan) PlanView {
	return PlanView{
		ID: p.ID, Kind: string(p.Kind), KindLabel: p.Kind.Label(), Code: p.Code, Title: p.Title, DocNo: p.DocNo, IssuedOn: p.IssuedOn, Year: p.Year, YearEnd: p.YearEnd,
		Issuers: full(p.Issuers), Goals: full(p.Goals), ParentID: p.ParentID, Territory: string(p.Territory), Unit: string(p.Unit), Version: p.Version, Active: p.Active,
		CreatedAt: instant(p.CreatedAt), UpdatedAt: instant(p.UpdatedAt),
	}
}

func versionOf(v plan.Version) versionView {
	return versionView{
		Version: v.Version, ImportID: v.ImportID, DocumentID: v.DocumentID, PublishedAt: instant(v.PublishedAt),
		Kept: v.Summary.Kept, Changed: v.Summary.Changed, Added: v.Summary.Added, Dropped: v.Summary.Dropped, Refused: v.Summary.Refused,
	}
}
