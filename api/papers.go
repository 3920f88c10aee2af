package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"bihuan/city"
	"bihuan/matter"
	"bihuan/org"
)

// maxPaper is the largest issued file, in bytes.
const maxPaper = 50 << 20

// PaperItem is an official document as lists show it.
type PaperItem struct {
	ID         string     `json:"id" doc:"编号"`
	Kind       string     `json:"kind" doc:"文种：bulletin 通报，sheet 督办单，letter 提醒函，rectify 整改通知，minutes 会议纪要，review 复核意见"`
	KindLabel  string     `json:"kind_label" doc:"文种名称"`
	State      string     `json:"state" doc:"draft 起草，submitted 待审批，issued 已印发，discarded 已作废"`
	StateLabel string     `json:"state_label" doc:"状态名称"`
	Period     string     `json:"period,omitempty" doc:"通报的期间：2026-06 或 2026-Q2"`
	RecordID   string     `json:"record_id,omitempty" doc:"由哪条台账记录形成"`
	Title      string     `json:"title" doc:"标题"`
	Number     string     `json:"number,omitempty" doc:"发文字号，印发时给出"`
	To         []string   `json:"to" doc:"主送哪类单位"`
	Hash       string     `json:"sha256,omitempty" doc:"印发文件的 SHA-256"`
	Drafter    string     `json:"drafter" doc:"起草人"`
	DraftedAt  *time.Time `json:"drafted_at,omitempty" doc:"起草时间"`
	Decider    string     `json:"decider,omitempty" doc:"审批人"`
	DecidedAt  *time.Time `json:"decided_at,omitempty" doc:"审批时间"`
	Reason     string     `json:"reason,omitempty" doc:"退回或作废的理由"`
	Revision   int64      `json:"revision" doc:"修订次数"`
	Demo       bool       `json:"demo" doc:"是否演示数据"`
}

// paperDetail is an official document with its words.
type paperDetail struct {
	PaperItem
	Addressee string `json:"addressee,omitempty" doc:"主送机关"`
	Text      string `json:"text" doc:"正文；[数](地址) 为由数据填入的数"`
	Note      string `json:"note,omitempty" doc:"附注，公开属性"`

	Persons []paperPerson `json:"persons" doc:"表格中可以填写的姓名"`
}

type paperPerson struct {
	Row  string `json:"row" doc:"在哪一行"`
	Name string `json:"name,omitempty" doc:"现在的姓名；个人信息遮蔽"`
}

type paperKindParam string

// Schema implements huma.SchemaProvider.
func (paperKindParam) Schema(huma.Registry) *huma.Schema { return terms(matter.Kinds, "文种") }

type paperStateParam string

// Schema implements huma.SchemaProvider.
func (paperStateParam) Schema(huma.Registry) *huma.Schema {
	return terms(matter.States, "文书状态")
}

type paperQuery struct {
	Paging
	Kind   paperKindParam  `query:"kind"`
	State  paperStateParam `query:"state"`
	Record string          `query:"record" doc:"由哪条台账记录形成：记录的编号"`
	Text   string          `query:"q" maxLength:"100" doc:"标题和文号中的文字"`
}

func (s *server) paperRoutes() {
	missing := []int{http.StatusNotFound}
	add(s, route{
		id: "list-papers", method: http.MethodGet, path: "/papers", tag: tagPaper, summary: "督导文书",
		about: "新的在前。", curl: "kind=bulletin&state=issued",
	}, s.listPapers)
	add(s, route{id: "get-paper", method: http.MethodGet, path: "/papers/{id}", tag: tagPaper, summary: "一份文书", errors: missing}, s.getPaper)
	add(s, route{
		id: "get-paper-file", method: http.MethodGet, path: "/papers/{id}/file", tag: tagPaper, summary: "下载印发的文件", errors: missing, file: true,
		about: "印发时保存的原件；尚未印发的答复 404。",
	}, s.paperFile)
	s.paperChanges()
}

func (s *server) listPapers(ctx context.Context, who org.Principal, in *paperQuery) (*body[page[PaperItem]], error) {
	if in.Record != "" && existing(in.Record) != nil {
		return nil, wrong("query.record", "不是记录编号")
	}
	all, total, err := s.Matter.List(ctx, who, matter.Query{Kind: matter.Kind(in.Kind), State: matter.State(in.State), Text: in.Text, RecordID: in.Record, Offset: in.offset(), Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return pageOf(in.Paging, total, each(all, paperItem)), nil
}

// paper reads one document.
func (s *server) paper(ctx context.Context, who org.Principal, id string) (matter.Issue, error) {
	if err := existing(id); err != nil {
		return matter.Issue{}, err
	}
	return s.Matter.Get(ctx, who, id)
}

func (s *server) getPaper(ctx context.Context, who org.Principal, in *ByID) (*body[paperDetail], error) {
	p, err := s.paper(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &body[paperDetail]{paperDetail{paperItem(p), p.Document.Addressee, matter.Text(p.Document.Body), p.Document.Note,
		each(matter.Persons(p.Document.Body), func(x matter.Person) paperPerson { return paperPerson{x.Row, x.Value} })}}, nil
}

func (s *server) paperFile(ctx context.Context, who org.Principal, in *ByID) (*download, error) {
	p, err := s.paper(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	f, err := s.Matter.File(p)
	if err != nil {
		return nil, err
	}
	return downloaded(f, p.Number+" "+p.Title, maxPaper)
}

func paperItem(p matter.Issue) PaperItem {
	return PaperItem{
		ID: p.ID, Kind: string(p.Kind), KindLabel: p.Kind.Label(), State: string(p.State), StateLabel: p.State.Label(), Period: p.Period, RecordID: p.RecordID, Title: p.Title, Number: p.Number,
		To: each(p.To, func(k city.UnitKind) string { return string(k) }), Hash: p.Hash, Drafter: p.Drafter, DraftedAt: instant(p.DraftedAt), Decider: p.Decider, DecidedAt: instant(p.DecidedAt),
		Reason: p.Reason, Revision: p.Revision, Demo: p.Demo,
	}
}
