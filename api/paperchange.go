package api

import (
	"context"
	"net/http"

	"bihuan/matter"
	"bihuan/org"
)

type newPaper struct {
	Keyed
	Body struct {
		Period string `json:"period,omitempty" maxLength:"10" doc:"起草通报：期间，月写成 2026-06，季写成 2026-Q2" example:"2026-06"`
		Record string `json:"record,omitempty" doc:"起草一条台账记录此时需要的文书：记录的编号；period 和 record 写且只写一个"`
	}
}

type paperStep struct {
	ByID
	Keyed
	Body struct {
		Revision int64 `json:"revision" minimum:"0" doc:"看到的修订次数"`
	}
}

type paperEdit struct {
	ByID
	Keyed
	Body struct {
		Revision  int64    `json:"revision" minimum:"0" doc:"看到的修订次数"`
		Title     string   `json:"title" maxLength:"200" doc:"标题"`
		Addressee string   `json:"addressee" maxLength:"500" doc:"主送机关"`
		Text      string   `json:"text" maxLength:"60000" doc:"正文，写法与读到的相同；[数](地址) 不能改动"`
		Note      string   `json:"note" maxLength:"200" doc:"附注，公开属性" example:"此件不予公开"`
		Persons   []string `json:"persons,omitempty" maxItems:"200" doc:"表格中的姓名，按读到的 persons 的顺序；不写则不变"`
	}
}

type paperRefusal struct {
	ByID
	Keyed
	Body struct {
		Revision int64  `json:"revision" minimum:"0" doc:"看到的修订次数"`
		Reason   string `json:"reason" minLength:"1" maxLength:"500" doc:"理由"`
	}
}

type paperApproval struct {
	ByID
	Keyed
	Body struct {
		Revision int64  `json:"revision" minimum:"0" doc:"看到的修订次数"`
		Number   string `json:"number,omitempty" maxLength:"60" doc:"发文字号；不写为下一个" example:"聊商务字〔2026〕8号"`
	}
}

// paperMark is the answer to a change of a document. It is made without reading
// again, so that nothing can fail once the change stands.
type paperMark struct {
	ID       string `json:"id" doc:"文书的编号"`
	Revision int64  `json:"revision" doc:"现在的修订次数"`
}

func (s *server) paperChanges() {
	withBody := []int{http.StatusBadRequest, http.StatusNotFound}
	const seen = `-H 'Content-Type: application/json' -d '{"revision":0`
	const stale = "revision 与现在的不同则答复 409：请重新读取后再办。"
	add(s, route{
		id: "draft-paper", method: http.MethodPost, path: "/papers", tag: tagPaper, summary: "起草一份文书", errors: withBody, created: true,
		about: "正文由数据填好。通报一期一份；一条记录同时只办一份，正在办理的答复 409。",
		curl:  `-H 'Content-Type: application/json' -d '{"period":"2026-06"}'`,
	}, s.draftPaper)
	add(s, route{
		id: "edit-paper", method: http.MethodPost, path: "/papers/{id}/edit", tag: tagPaper, summary: "修改草稿", errors: withBody,
		about: "标题、主送机关、正文和附注整个写出；数据填入的数不能改。" + stale,
		curl:  seen + `,"title":"关于核对进展的提醒函","addressee":"市民政局：","text":"请核对。","note":"此件不予公开"}'`,
	}, s.editPaper)
	add(s, route{
		id: "submit-paper", method: http.MethodPost, path: "/papers/{id}/submit", tag: tagPaper, summary: "送审", errors: withBody,
		about: "不合公文格式和规定的答复 422，写明哪里要改。" + stale, curl: seen + `}'`,
	}, s.submitPaper)
	add(s, route{
		id: "return-paper", method: http.MethodPost, path: "/papers/{id}/return", tag: tagPaper, summary: "退回修改", errors: withBody,
		about: "由审批人退回。" + stale, curl: seen + `,"reason":"数据截止日期不对"}'`,
	}, s.returnPaper)
	add(s, route{
		id: "approve-paper", method: http.MethodPost, path: "/papers/{id}/approve", tag: tagPaper, summary: "批准印发", errors: withBody,
		about: "由起草人以外的审批人批准；给出字号，保存印发的文件。" + stale, curl: seen + `}'`,
	}, s.approvePaper)
	add(s, route{
		id: "discard-paper", method: http.MethodPost, path: "/papers/{id}/discard", tag: tagPaper, summary: "作废一份没有印发的文书", errors: withBody,
		about: "原稿保留。" + stale, curl: seen + `,"reason":"不再需要"}'`,
	}, s.discardPaper)
}

func (s *server) draftPaper(ctx context.Context, who org.Principal, in *newPaper) (*made[paperMark], error) {
	id, err := s.drafted(ctx, who, in)
	if err != nil {
		return nil, err
	}
	return &made[paperMark]{Prefix + "/papers/" + id, paperMark{ID: id}}, nil
}

func (s *server) drafted(ctx context.Context, who org.Principal, in *newPaper) (string, error) {
	if err := who.May(org.MatterIssue, org.Scope{}); err != nil {
		return "", err
	}
	switch period, record := in.Body.Period, in.Body.Record; {
	case (period == "") == (record == ""):
		return "", wrong("body.period", "period 和 record 写且只写一个")
	case period != "":
		return s.Matter.DraftBulletin(ctx, who, period, s.Demo)
	case existing(record) != nil:
		return "", wrong("body.record", "不是记录编号")
	default:
		return s.Matter.DraftFor(ctx, who, record)
	}
}

func (s *server) editPaper(ctx context.Context, who org.Principal, in *paperEdit) (*body[paperMark], error) {
	b := in.Body
	return stepped(in.ID, b.Revision, func() error {
		return s.Matter.Edit(ctx, who, matter.Edit{ID: in.ID, Revision: b.Revision, Title: b.Title, Addressee: b.Addressee, Text: b.Text, Note: b.Note, Persons: b.Persons})
	})
}

func (s *server) submitPaper(ctx context.Context, who org.Principal, in *paperStep) (*body[paperMark], error) {
	return stepped(in.ID, in.Body.Revision, func() error { return s.Matter.Submit(ctx, who, in.ID, in.Body.Revision) })
}

func (s *server) returnPaper(ctx context.Context, who org.Principal, in *paperRefusal) (*body[paperMark], error) {
	return stepped(in.ID, in.Body.Revision, func() error { return s.Matter.Return(ctx, who, in.ID, in.Body.Revision, in.Body.Reason) })
}

func (s *server) approvePaper(ctx context.Context, who org.Principal, in *paperApproval) (*body[paperMark], error) {
	return stepped(in.ID, in.Body.Revision, func() error { return s.Matter.Approve(ctx, who, in.ID, in.Body.Revision, in.Body.Number) })
}

func (s *server) discardPaper(ctx context.Context, who org.Principal, in *paperRefusal) (*body[paperMark], error) {
	return stepped(in.ID, in.Body.Revision, func() error { return s.Matter.Discard(ctx, who, in.ID, in.Body.Revision, in.Body.Reason) })
}

// stepped takes a step of a document and marks it.
func stepped(id string, revision int64, step func() error) (*body[paperMark], error) {
	if err := existing(id); err != nil {
		return nil, err
	}
	if err := step(); err != nil {
		return nil, err
	}
	return &body[paperMark]{paperMark{id, revision + 1}}, nil
}
