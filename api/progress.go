package api

import (
	"context"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
)

// entryView is one reported value with what became of it.
type entryView struct {
	ID           string            `json:"id" doc:"填报编号"`
	TargetID     string            `json:"target_id" doc:"目标编号"`
	Territory    string            `json:"territory,omitempty" doc:"地区；全市数没有"`
	AsOf         string            `json:"as_of" doc:"截至日期"`
	Value        quantity.Quantity `json:"value" doc:"截至该日的累计数"`
	Note         string            `json:"note,omitempty" doc:"说明"`
	ProofName    string            `json:"proof_name" doc:"佐证文件名"`
	ProofHash    string            `json:"proof_sha256" doc:"佐证文件的 SHA-256"`
	State        string            `json:"state" doc:"reported 待核验，verified 已核验，returned 退回核实，withdrawn 已撤回"`
	StateLabel   string            `json:"state_label" doc:"状态名称"`
	ReporterName string            `json:"reporter_name" doc:"填报人"`
	ReporterUnit string            `json:"reporter_unit,omitempty" doc:"填报人单位"`
	ReportedAt   *time.Time        `json:"reported_at,omitempty" doc:"填报时间"`
	DeciderName  string            `json:"decider_name,omitempty" doc:"核验、退回或撤回的人"`
	DecidedAt    *time.Time        `json:"decided_at,omitempty" doc:"核验、退回或撤回的时间"`
	Reason       string            `json:"reason,omitempty" doc:"退回或撤回的理由"`
	Demo         bool              `json:"demo" doc:"是否演示数据"`
}

// entryMark is the answer to an act on one reported value.
type entryMark struct {
	ID    string `json:"id" doc:"填报编号"`
	State string `json:"state" doc:"现在的状态"`
	Label string `json:"state_label" doc:"状态名称"`
}

type reportInput struct {
	ByID
	Keyed
	RawBody multipart.Form
}

type decideInput struct {
	ByID
	Keyed
}

type reasonInput struct {
	ByID
	Keyed
	Body struct {
		Reason string `json:"reason" maxLength:"500" doc:"理由" example:"与台账不符，请核实"`
	}
}

func (s *server) progressRoutes() {
	add(s, route{
		id: "list-progress", method: http.MethodGet, path: "/targets/{id}/progress", tag: tagProgress, summary: "一个目标的填报记录",
		about: "新的在前，最多 500 条。", errors: []int{http.StatusNotFound},
	}, s.listProgress)
	add(s, route{
		id: "report-progress", method: http.MethodPost, path: "/targets/{id}/progress", tag: tagProgress, summary: "填报一个数", errors: []int{http.StatusNotFound},
		about: "填报截至某日的累计数并附佐证，由另一人核验后才计入。已分解到县区的目标由各县区分别填报，给出 territory。",
		curl:  `-F 'value=12.5' -F 'as_of=2026-06-30' -F 'note=' -F 'proof=@台账.xlsx'`,
		form:  reportForm(), most: plan.MaxProof + inMemory, created: true,
	}, s.report)
	add(s, route{
		id: "verify-progress", method: http.MethodPost, path: "/progress/{id}/verify", tag: tagProgress, summary: "核验通过", errors: []int{http.StatusNotFound},
		about: "核验人不能是填报人。",
	}, func(ctx context.Context, who org.Principal, in *decideInput) (*body[entryMark], error) {
		if err := existing(in.ID); err != nil {
			return nil, err
		}
		return marked(in.ID, plan.EntryVerified, s.Plan.Verify(ctx, who, in.ID))
	})
	for _, act := range s.acts() {
		add(s, act.route, act.run)
	}
}

// act is a decision on a reported value that needs a reason.
type act struct {
	route
	run func(context.Context, org.Principal, *reasonInput) (*body[entryMark], error)
}

func (s *server) acts() []act {
	decide := func(to plan.ProgressState, f func(context.Context, org.Principal, string, string) error) func(context.Context, org.Principal, *reasonInput) (*body[entryMark], error) {
		return func(ctx context.Context, who org.Principal, in *reasonInput) (*body[entryMark], error) {
			if err := existing(in.ID); err != nil {
				return nil, err
			}
			return marked(in.ID, to, f(ctx, who, in.ID, in.Body.Reason))
		}
	}
	const curl = `-H 'Content-Type: application/json' -d '{"reason":"与台账不符，请核实"}'`
	missing := []int{http.StatusBadRequest, http.StatusNotFound}
	return []act{
		{route{id: "return-progress", method: http.MethodPost, path: "/progress/{id}/return", tag: tagProgress, summary: "退回核实", errors: missing, curl: curl,
			about: "由有核验权限的人退回待核验的数，写明理由。"}, decide(plan.EntryReturned, s.Plan.ReturnEntry)},
		{route{id: "withdraw-progress", method: http.MethodPost, path: "/progress/{id}/withdraw", tag: tagProgress, summary: "撤回", errors: missing, curl: curl,
			about: "待核验的数由填报人撤回，已核验的数由有核验权限的人撤回；记录保留。"}, decide(plan.EntryWithdrawn, s.Plan.WithdrawEntry)},
	}
}

func marked(id string, to plan.ProgressState, err error) (*body[entryMark], error) {
	if err != nil {
		return nil, err
	}
	return &body[entryMark]{entryMark{id, string(to), to.Label()}}, nil
}

func (s *server) listProgress(ctx context.Context, who org.Principal, in *struct {
	ByID
	Paging
}) (*body[page[entryView]], error) {
	if err := existing(in.ID); err != nil {
		return nil, err
	}
	g, err := s.target(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return pageOf(in.Paging, len(g.Entries), each(cut(in.Paging, g.Entries), entryOf)), nil
}

// target finds a target of a standing list with what was reported for it.
func (s *server) target(ctx context.Context, who org.Principal, id string) (plan.TargetDetail, error) {
	none := errs.New(errs.NotFound, "没有这个目标：可能已移出清单")
	board, err := s.Supervise.Board(ctx, who)
	if err != nil {
		return plan.TargetDetail{}, err
	}
	for _, t := range board.Tasks {
		for i := range t.Targets {
			if t.Targets[i].ID != id {
				continue
			}
			d, err := s.Plan.Task(ctx, who, t.ID)
			if err != nil {
				return plan.TargetDetail{}, err
			}
			for _, g := range d.Targets {
				if g.ID == id {
					return g, nil
				}
			}
		}
	}
	return plan.TargetDetail{}, none
}

func (s *server) report(ctx context.Context, who org.Principal, in *reportInput) (*made[entryMark], error) {
	if err := existing(in.ID); err != nil {
		return nil, err
	}
	f := form{values: in.RawBody.Value, files: in.RawBody.File}
	defer f.close()
	if err := f.only("value", "as_of", "territory", "note", "proof"); err != nil {
		return nil, err
	}
	proof, err := f.file("proof")
	if err != nil {
		return nil, err
	}
	id, err := s.Plan.Report(ctx, who, plan.Report{
		TargetID: in.ID, Territory: city.TerritoryID(f.value("territory")), AsOf: f.value("as_of"), Value: f.value("value"), Note: f.value("note"), Proof: proof, Demo: s.Demo,
	})
	if err != nil {
		return nil, err
	}
	return &made[entryMark]{Prefix + "/targets/" + in.ID + "/progress", entryMark{id, string(plan.EntryReported), plan.EntryReported.Label()}}, nil
}

func reportForm() *huma.Schema {
	return formOf([]string{"value", "as_of", "proof"}, map[string]*huma.Schema{
		"value":     {Type: huma.TypeString, Description: "截至该日的累计数：1300、12.5、4万，最多四位小数", Examples: []any{"12.5"}},
		"as_of":     {Type: huma.TypeString, Format: "date", Description: "截至日期，不晚于今天", Examples: []any{"2026-06-30"}},
		"territory": {Type: huma.TypeString, Description: "目标已分解时：填报的地区代码"},
		"note":      {Type: huma.TypeString, Description: "说明，最多 500 字；累计数减少时必填"},
		"proof":     {Type: huma.TypeString, Format: "binary", Description: "佐证文件，最大 20 MB"},
	})
}

func entryOf(e plan.Entry) entryView {
	return entryView{
		ID: e.ID, TargetID: e.TargetID, Territory: string(e.Territory), AsOf: e.AsOf, Value: e.Value, Note: e.Note, ProofName: e.ProofName, ProofHash: e.ProofHash,
		State: string(e.State), StateLabel: e.State.Label(), ReporterName: e.ReporterName, ReporterUnit: e.ReporterUnit, ReportedAt: instant(e.ReportedAt),
		DeciderName: e.DeciderName, DecidedAt: instant(e.DecidedAt), Reason: e.Reason, Demo: e.Demo,
	}
}
