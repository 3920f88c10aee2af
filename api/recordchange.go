package api

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/register"
)

// proofField is how form fields with evidence begin; the kind follows.
const proofField = "proof."

// recordMark is the answer to a change of a record. It is made without reading
// again, so that nothing can fail once the change stands.
type recordMark struct {
	ID       string `json:"id" doc:"记录的编号"`
	Revision int64  `json:"revision" doc:"现在的修订次数"`
}

type newRecord struct {
	ByCode
	Keyed
	RawBody multipart.Form
}

type newProof struct {
	ByID
	Keyed
	RawBody multipart.Form
}

type editInput struct {
	ByID
	Keyed
	Body struct {
		Revision int64             `json:"revision" minimum:"0" doc:"看到的修订次数"`
		Values   map[string]string `json:"values" doc:"要改的字段；空文字表示清除，没有列出的不变"`
		Reason   string            `json:"reason,omitempty" maxLength:"500" doc:"理由；已计数的记录必填"`
	}
}

type moveInput struct {
	ByID
	Keyed
	Body struct {
		Move     string            `json:"move" maxLength:"80" doc:"办理，见记录的 moves" example:"verify"`
		Revision int64             `json:"revision" minimum:"0" doc:"看到的修订次数"`
		Values   map[string]string `json:"values,omitempty" doc:"这一步填写的字段"`
		Reason   string            `json:"reason,omitempty" maxLength:"500" doc:"理由，须写时必填"`
		Day      string            `json:"day,omitempty" doc:"退出计数的日期，不晚于今天；不写为今天" example:"2026-06-30"`
	}
}

func (s *server) recordChanges() {
	missing := []int{http.StatusNotFound}
	withBody := []int{http.StatusBadRequest, http.StatusNotFound}
	add(s, route{
		id: "create-record", method: http.MethodPost, path: "/registers/{id}/records", tag: tagRegister, summary: "登记一条记录", errors: missing,
		about: "字段和佐证种类见台账定义。佐证以 proof. 加种类为字段名，同一种类可有几个文件；一次合计不超过 40 MB，更多的随后补充。记录处于第一个阶段。不保存登记人的台账只能在页面上登记。",
		curl:  `-F 'territory=shenxian' -F 'values={"name":"李庄站"}' -F 'proof.receipt=@回执.pdf'`,
		form:  recordForm(), most: 2*register.MaxProof + inMemory, created: true,
	}, s.createRecord)
	add(s, route{
		id: "edit-record", method: http.MethodPost, path: "/records/{id}/edit", tag: tagRegister, summary: "更正一条记录", errors: withBody,
		about: "由登记的单位更正；上级发现问题应退回核实，不能代改。revision 与现在的不同则答复 409：请重新读取后再办。",
		curl:  `-H 'Content-Type: application/json' -d '{"revision":0,"values":{"host":"便民超市"}}'`,
	}, s.editRecord)
	add(s, route{
		id: "move-record", method: http.MethodPost, path: "/records/{id}/move", tag: tagRegister, summary: "办理一条记录", errors: withBody,
		about: "可以怎样办理见记录的 moves。revision 与现在的不同则答复 409：请重新读取后再办。",
		curl:  `-H 'Content-Type: application/json' -d '{"move":"claim","revision":0}'`,
	}, s.moveRecord)
	add(s, route{
		id: "attach-record-proof", method: http.MethodPost, path: "/records/{id}/proofs", tag: tagRegister, summary: "补充一个佐证文件", errors: missing,
		about: "文件不能撤下；传错的由核验人员标明。", curl: `-F 'kind=photo' -F 'file=@门头.jpg'`,
		form: attachForm(), most: register.MaxProof + inMemory, created: true,
	}, s.attachProof)
	s.recordMany()
	s.recordDoubts()
}

func (s *server) createRecord(ctx context.Context, who org.Principal, in *newRecord) (*made[recordMark], error) {
	reg, err := s.register(who, in.ID)
	if err != nil {
		return nil, err
	}
	if reg.Anonymous { // the kept answer of a key would tie the record to the token
		return nil, errs.New(errs.Forbidden, "“%s”不保存登记人，而接口按令牌保存答复：请在页面上登记", reg.Name)
	}
	f := form{values: in.RawBody.Value, files: in.RawBody.File}
	defer f.close()
	d, err := recordDraft(&f)
	if err != nil {
		return nil, err
	}
	d.Register, d.Demo = reg.ID, s.Demo
	id, err := s.Register.Create(ctx, who, d)
	if err != nil {
		return nil, inValues(err)
	}
	return &made[recordMark]{Prefix + "/records/" + id, recordMark{ID: id}}, nil
}

// recordDraft reads the form of a new record.
func recordDraft(f *form) (d register.Draft, err error) {
	texts := form{values: f.values}
	if err := texts.only("territory", "parent", "values"); err != nil {
		return d, err
	}
	d = register.Draft{Territory: city.TerritoryID(f.value("territory")), Parent: f.value("parent")}
	if err := json.Unmarshal([]byte(f.value("values")), &d.Values); err != nil {
		return d, wrong("body.values", `应为 JSON 对象，各值为文字，如 {"name":"李庄站"}`)
	}
	for name, v := range d.Values {
		if !storable(name) || !storable(v) {
			return d, wrong("body.values", "文字中有不能保存的字符（U+0000）")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.files)) {
		kind, ok := strings.CutPrefix(name, proofField)
		if !ok {
			return d, wrong("body."+short(name), "没有这个字段：佐证的字段名为 "+proofField+" 加种类")
		}
		for i := range f.files[name] {
			file, err := f.fileAt(name, i)
			if err != nil {
				return d, err
			}
			d.Proofs = append(d.Proofs, evidence(kind, file))
		}
	}
	return d, nil
}

// evidence is an uploaded file as the room takes it.
func evidence(kind string, f plan.File) register.File {
	return register.File{Kind: kind, Name: f.Name, Data: io.NewSectionReader(f.Data, 0, f.Size), Size: f.Size}
}

// inValues names the place of wrong fields as the caller wrote them.
func inValues(err error) error {
	fields := errs.FieldMessages(err)
	if len(fields) == 0 {
		return err
	}
	p := refuse(errs.CodeOf(err), detailOf(statusOf(errs.CodeOf(err)), len(fields)))
	for _, name := range errs.FieldNames(err) {
		p.Errors = append(p.Errors, FieldError{placeOf(name), fields[name]})
	}
	return p
}

func placeOf(name string) string {
	if kind, ok := strings.CutPrefix(name, "proof-"); ok {
		return "body." + proofField + kind
	}
	if name == "reason" {
		return "body.reason"
	}
	return "body.values." + name
}

func (s *server) editRecord(ctx context.Context, who org.Principal, in *editInput) (*body[recordMark], error) {
	if err := existing(in.ID); err != nil {
		return nil, err
	}
	if err := s.unmasked(ctx, who, in.ID, in.Body.Values); err != nil {
		return nil, err
	}
	if err := s.Register.Edit(ctx, who, in.ID, in.Body.Revision, in.Body.Values, in.Body.Reason); err != nil {
		return nil, inValues(err)
	}
	return &body[recordMark]{recordMark{in.ID, in.Body.Revision + 1}}, nil
}

func (s *server) moveRecord(ctx context.Context, who org.Principal, in *moveInput) (*body[recordMark], error) {
	if err := existing(in.ID); err != nil {
		return nil, err
	}
	day, err := dayOf(in.Body.Day, "body.day")
	if err != nil {
		return nil, err
	}
	if err := s.unmasked(ctx, who, in.ID, in.Body.Values); err != nil {
		return nil, err
	}
	step := register.Step{ID: in.ID, Move: in.Body.Move, Revision: in.Body.Revision, Values: in.Body.Values, Reason: in.Body.Reason, Day: day}
	if err := s.Register.Move(ctx, who, step); err != nil {
		return nil, inValues(err)
	}
	return &body[recordMark]{recordMark{in.ID, in.Body.Revision + 1}}, nil
}

// unmasked refuses personal values that come back as answers show them: stored,
// they would replace what they stand for.
func (s *server) unmasked(ctx context.Context, who org.Principal, id string, values map[string]string) error {
	if len(values) == 0 {
		return nil
	}
	v, err := s.Register.Get(ctx, who, id)
	if err != nil {
		return err
	}
	p := refuse(errs.Invalid, "")
	for _, f := range v.Definition.Fields {
		if shown := v.Values[f.Name]; f.Personal && shown != "" && strings.TrimSpace(values[f.Name]) == shown {
			p.Errors = append(p.Errors, FieldError{"body.values." + f.Name, "这是遮蔽后的样子：不改就不要列出"})
		}
	}
	if len(p.Errors) == 0 {
		return nil
	}
	p.Detail = detailOf(p.Status, len(p.Errors))
	return p
}

// proofMark is the answer to evidence that was added.
type proofMark struct {
	ID string `json:"id" doc:"记录的编号"`
}

func (s *server) attachProof(ctx context.Context, who org.Principal, in *newProof) (*made[proofMark], error) {
	if err := existing(in.ID); err != nil {
		return nil, err
	}
	f := form{values: in.RawBody.Value, files: in.RawBody.File}
	defer f.close()
	if err := f.only("kind", "file"); err != nil {
		return nil, err
	}
	file, err := f.file("file")
	if err != nil {
		return nil, err
	}
	if file.Data == nil {
		return nil, wrong("body.file", "请附上文件")
	}
	if err := s.Register.Attach(ctx, who, in.ID, evidence(f.value("kind"), file)); err != nil {
		return nil, err
	}
	return &made[proofMark]{Prefix + "/records/" + in.ID, proofMark{in.ID}}, nil
}

func recordForm() *huma.Schema {
	s := formOf([]string{"values"}, map[string]*huma.Schema{
		"territory":  {Type: huma.TypeString, Description: "地区代码；全市的记录不写"},
		"parent":     {Type: huma.TypeString, Description: "所属记录的编号，台账有 under 时必填"},
		"values":     {Type: huma.TypeString, Description: "各字段的值：JSON 对象，键为字段名，值为文字", Examples: []any{`{"name":"李庄站"}`}},
		"proof.<种类>": {Type: huma.TypeString, Format: "binary", Description: "佐证文件，每个最大 20 MB"},
	})
	s.AdditionalProperties = true
	return s
}

func attachForm() *huma.Schema {
	return formOf([]string{"kind", "file"}, map[string]*huma.Schema{
		"kind": {Type: huma.TypeString, Description: "佐证种类，见台账定义", Examples: []any{"photo"}},
		"file": {Type: huma.TypeString, Format: "binary", Description: "佐证文件，最大 20 MB"},
	})
}
