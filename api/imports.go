package api

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"bihuan/city"
	"bihuan/org"
	"bihuan/plan"
)

// ImportView is one document on its way to becoming a list.
type ImportView struct {
	ID          string     `json:"id" doc:"导入编号"`
	Kind        string     `json:"kind" doc:"清单类型：city、county、special"`
	State       string     `json:"state" doc:"reading 正在识别，failed 无法识别，draft 待核对，submitted 待发布，published 已发布，discarded 已放弃"`
	StateLabel  string     `json:"state_label" doc:"状态名称"`
	Title       string     `json:"title" doc:"识别出的标题；识别前为文件名"`
	FileName    string     `json:"file_name" doc:"文件名"`
	DocumentID  string     `json:"document_id" doc:"文件编号"`
	PlanID      string     `json:"plan_id,omitempty" doc:"发布成的清单，或作为其新版本的清单"`
	ParentID    string     `json:"parent_id,omitempty" doc:"所属的市级总清单"`
	Territory   string     `json:"territory,omitempty" doc:"县区清单的地区"`
	Unit        string     `json:"unit,omitempty" doc:"专项方案的牵头单位"`
	Problem     string     `json:"problem,omitempty" doc:"无法识别的原因"`
	Revision    int        `json:"revision" doc:"更正次数"`
	CreatorName string     `json:"creator_name" doc:"导入人"`
	CreatedAt   *time.Time `json:"created_at,omitempty" doc:"导入时间"`
	Note        string     `json:"note,omitempty" doc:"退回的理由或发布时的说明"`
}

// importDetail is an import with what was read and corrected.
type importDetail struct {
	ImportView
	Draft       *draftView    `json:"draft,omitempty" doc:"识别结果加上更正；识别完成前没有"`
	Problems    []findingView `json:"problems" doc:"发布前必须解决的问题"`
	Warnings    []findingView `json:"warnings" doc:"提醒，不影响发布"`
	Differences []diffView    `json:"differences" doc:"与所更新清单的差别"`
}

type findingView struct {
	Item string `json:"item,omitempty" doc:"草稿中的条目编号；整体的问题没有"`
	Text string `json:"text" doc:"说明"`
}

type diffView struct {
	Key    string `json:"key" doc:"差别的代号"`
	Kind   string `json:"kind" doc:"changed 有变化，new 新增，gone 移出，kept 不变"`
	TaskID string `json:"task_id,omitempty" doc:"原清单的任务"`
	Item   string `json:"item,omitempty" doc:"草稿中的任务"`
	Choice string `json:"choice,omitempty" doc:"已作的决定"`
}

type importInput struct {
	Keyed
	RawBody multipart.Form
}

type importQuery struct {
	Paging
	State importStateParam `query:"state"`
}

func (s *server) importRoutes() {
	add(s, route{
		id: "list-imports", method: http.MethodGet, path: "/imports", tag: tagImport, summary: "导入的文件", curl: "state=draft",
		about: "只列出本人可以办理或发布的导入，新的在前。",
	}, s.listImports)
	add(s, route{
		id: "create-import", method: http.MethodPost, path: "/imports", tag: tagImport, summary: "上传文件并识别", errors: []int{http.StatusNotFound},
		about: "文件保存好即答复，识别在后台进行：查询这次导入，直到状态不再是 reading。之后的核对、提交、发布在页面上由人办理。",
		curl:  `-F 'kind=city' -F 'file=@行动计划.docx'`,
		form:  importForm(), most: plan.MaxDocument + inMemory, created: true,
	}, s.createImport)
	add(s, route{
		id: "get-import", method: http.MethodGet, path: "/imports/{id}", tag: tagImport, summary: "一次导入及其草稿", errors: []int{http.StatusNotFound},
	}, s.getImport)
}

func (s *server) listImports(ctx context.Context, who org.Principal, in *importQuery) (*body[page[ImportView]], error) {
	if err := mayImport(who); err != nil {
		return nil, err
	}
	all, total, err := s.Plan.Imports(ctx, who, plan.ImportState(in.State), in.Limit, in.offset())
	if err != nil {
		return nil, err
	}
	return pageOf(in.Paging, total, each(all, importOf)), nil
}

// mayImport refuses who could never see an import: an empty list would look like none.
func mayImport(who org.Principal) error {
	for _, a := range []org.Action{org.PlanPublish, org.CountyListImport} {
		if who.MayAnywhere(a) {
			return nil
		}
	}
	if who.MayAnywhere(org.PlanImport) {
		return nil
	}
	return who.May(org.PlanImport, org.Scope{})
}

func (s *server) createImport(ctx context.Context, who org.Principal, in *importInput) (*made[ImportView], error) {
	f := form{values: in.RawBody.Value, files: in.RawBody.File}
	defer f.close()
	if err := f.only("file", "kind", "plan", "parent", "territory", "unit"); err != nil {
		return nil, err
	}
	if err := knownIDs(&f, "plan", "parent"); err != nil {
		return nil, err
	}
	file, err := f.file("file")
	if err != nil {
		return nil, err
	}
	up := plan.Upload{
		Name: file.Name, Kind: plan.Kind(f.value("kind")), PlanID: f.value("plan"), ParentID: f.value("parent"),
		Territory: city.TerritoryID(f.value("territory")), Unit: city.UnitID(f.value("unit")),
	}
	if file.Data != nil {
		up.Data = io.NewSectionReader(file.Data, 0, file.Size)
	}
	id, err := s.Plan.Import(ctx, who, up)
	if err != nil {
		return nil, err
	}
	r, err := s.Plan.Review(ctx, who, id)
	if err != nil {
		return nil, err
	}
	return &made[ImportView]{Prefix + "/imports/" + id, importOf(r.Import)}, nil
}

// knownIDs refuses fields that hold something other than an identifier.
func knownIDs(f *form, names ...string) error {
	for _, n := range names {
		if v := f.value(n); v != "" && existing(v) != nil {
			return wrong("body."+n, "不是清单编号")
		}
	}
	return nil
}

func (s *server) getImport(ctx context.Context, who org.Principal, in *ByID) (*body[importDetail], error) {
	if err := existing(in.ID); err != nil {
		return nil, err
	}
	r, err := s.Plan.Review(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &body[importDetail]{reviewOf(&r)}, nil
}

func importOf(i plan.Import) ImportView {
	return ImportView{
		ID: i.ID, Kind: string(i.Kind), State: string(i.State), StateLabel: i.State.Label(), Title: i.Title, FileName: i.FileName, DocumentID: i.DocumentID,
		PlanID: i.PlanID, ParentID: i.ParentID, Territory: string(i.Territory), Unit: string(i.Unit), Problem: i.Problem, Revision: i.Revision,
		CreatorName: i.CreatorName, CreatedAt: instant(i.CreatedAt), Note: i.Note,
	}
}

func reviewOf(r *plan.Review) importDetail {
	finding := func(f plan.Finding) findingView { return findingView{f.Item, f.Text} }
	d := importDetail{ImportView: importOf(r.Import), Problems: each(r.Problems, finding), Warnings: each(r.Warnings, finding), Differences: each(r.Differences, diffOf)}
	if r.State != plan.ImportReading && r.State != plan.ImportFailed {
		d.Draft = draftOf(r)
	}
	return d
}

func diffOf(d plan.Difference) diffView {
	v := diffView{Key: d.Key, Kind: string(d.Kind), Choice: string(d.Choice)}
	if d.Old != nil {
		v.TaskID = d.Old.ID
	}
	if d.New != nil {
		v.Item = d.New.ID
	}
	return v
}

func importForm() *huma.Schema {
	return formOf([]string{"file", "kind"}, map[string]*huma.Schema{
		"file":      {Type: huma.TypeString, Format: "binary", Description: "文件：docx、pdf、html、md、txt，最大 50 MB"},
		"kind":      {Type: huma.TypeString, Enum: []any{"city", "county", "special"}, Description: "清单类型：city 市级总清单，county 县区清单，special 专项工作方案"},
		"plan":      {Type: huma.TypeString, Description: "作为哪份清单的新版本"},
		"parent":    {Type: huma.TypeString, Description: "县区清单、专项方案所属的市级总清单"},
		"territory": {Type: huma.TypeString, Description: "县区清单的地区代码"},
		"unit":      {Type: huma.TypeString, Description: "专项方案的牵头单位代码"},
	})
}
