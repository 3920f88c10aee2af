package api

import (
	"context"
	"net/http"

	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/register"
)

// doubt is the body of a request that marks something as found false.
type doubt struct {
	Revision int64  `json:"revision" minimum:"0" doc:"看到的修订次数"`
	Reason   string `json:"reason" minLength:"1" maxLength:"500" doc:"认定的依据：怎样查证、哪里不实"`
}

type falsifyInput struct {
	ByID
	Keyed
	Body doubt
}

type falsifyProofInput struct {
	ByID
	Keyed
	Proof string `path:"proof" doc:"佐证编号"`
	Body  doubt
}

type revealInput struct {
	ByID
	Keyed
	Body struct {
		Field  string `json:"field" maxLength:"80" doc:"字段名，台账定义中 personal 的" example:"phone"`
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"查看的理由：办理什么事项需要"`
	}
}

// revealed is one personal value.
type revealed struct {
	ID    string `json:"id" doc:"记录的编号"`
	Field string `json:"field" doc:"字段名"`
	Value string `json:"value" doc:"原文"`
}

func (s *server) recordDoubts() {
	withBody := []int{http.StatusBadRequest, http.StatusNotFound}
	add(s, route{
		id: "falsify-record", method: http.MethodPost, path: "/records/{id}/falsify", tag: tagRegister, summary: "认定一条记录不实", errors: withBody,
		about: "由核验单位或调度员认定，不能是登记的人；不能撤销。记录和佐证保留，从前、以后都不计入。",
		curl:  `-H 'Content-Type: application/json' -d '{"revision":3,"reason":"现场没有这个站点"}'`,
	}, s.falsifyRecord)
	add(s, route{
		id: "falsify-record-proof", method: http.MethodPost, path: "/records/{id}/proofs/{proof}/falsify", tag: tagRegister, summary: "认定一个佐证文件不实", errors: withBody,
		about: "不能是提供文件的人；不能撤销，文件保留。计数所需的一类佐证没有了可用的文件，记录自今日起不再计数，退回重新核验。",
		curl:  `-H 'Content-Type: application/json' -d '{"revision":3,"reason":"查无此备案号"}'`,
	}, s.falsifyProof)
	add(s, route{
		id: "reveal-record-field", method: http.MethodPost, path: "/records/{id}/reveal", tag: tagRegister, summary: "查看一项个人信息的原文", errors: withBody,
		about: "谁、何时、为何查看，都记入审计日志。答复不保存：用同一个键重试，答复 409，请换一个键、重新写明理由。",
		curl:  `-H 'Content-Type: application/json' -d '{"field":"phone","reason":"现场核查前联系"}'`, secret: true,
	}, s.revealField)
}

func (s *server) falsifyRecord(ctx context.Context, who org.Principal, in *falsifyInput) (*body[recordMark], error) {
	if err := existing(in.ID); err != nil {
		return nil, err
	}
	if err := s.Register.MarkFalsified(ctx, who, in.ID, in.Body.Revision, in.Body.Reason); err != nil {
		return nil, err
	}
	return &body[recordMark]{recordMark{in.ID, in.Body.Revision + 1}}, nil
}

func (s *server) falsifyProof(ctx context.Context, who org.Principal, in *falsifyProofInput) (*body[recordMark], error) {
	if err := existing(in.ID); err != nil {
		return nil, err
	}
	if err := existing(in.Proof); err != nil {
		return nil, err
	}
	if err := s.Register.FalsifyProof(ctx, who, in.ID, in.Proof, in.Body.Revision, in.Body.Reason); err != nil {
		return nil, err
	}
	return &body[recordMark]{recordMark{in.ID, in.Body.Revision + 1}}, nil
}

func (s *server) revealField(ctx context.Context, who org.Principal, in *revealInput) (*body[revealed], error) {
	v, err := s.personal(ctx, who, in.ID, in.Body.Field)
	if err != nil {
		return nil, err
	}
	text, err := s.Register.Reveal(ctx, who, v.ID, in.Body.Field, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &body[revealed]{revealed{v.ID, in.Body.Field, text}}, nil
}

// personal reads a record whose field holds something personal: the log is not to say
// that somebody looked at nothing.
func (s *server) personal(ctx context.Context, who org.Principal, id, field string) (register.View, error) {
	if err := existing(id); err != nil {
		return register.View{}, err
	}
	v, err := s.Register.Get(ctx, who, id)
	if err != nil {
		return v, err
	}
	f, ok := v.Definition.Field(field)
	switch {
	case !ok || !f.Personal:
		return v, wrong("body.field", "不是这个台账的个人信息：见台账定义中 personal 的字段")
	case v.Values[field] == "":
		return v, errs.New(errs.NotFound, "这条记录没有填写“%s”", f.Label)
	}
	return v, nil
}
