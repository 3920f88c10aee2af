package api

import (
	"context"
	"net/http"
	"strconv"

	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/register"
)

// manyInput is a list of moves that are decided at once.
type manyInput struct {
	Keyed
	Body struct {
		Moves []ManyMove `json:"moves" minItems:"1" maxItems:"200" doc:"各条记录的办理，一条记录只能列一次"`
	}
}

// ManyMove is one of many moves.
type ManyMove struct {
	ID       string            `json:"id" doc:"记录的编号" example:"06f8k3z7w5n2q4r6t8v0x1y3za"`
	Move     string            `json:"move" maxLength:"80" doc:"办理，见记录的 moves" example:"check"`
	Revision int64             `json:"revision" minimum:"0" doc:"看到的修订次数"`
	Values   map[string]string `json:"values,omitempty" doc:"这一步填写的字段"`
	Reason   string            `json:"reason,omitempty" maxLength:"500" doc:"理由，须写时必填"`
	Day      string            `json:"day,omitempty" doc:"退出计数的日期，不晚于今天；不写为今天" example:"2026-06-30"`
}

// manyView says what became of each move.
type manyView struct {
	Done    int        `json:"done" doc:"办成几条"`
	Refused int        `json:"refused" doc:"没有办成几条"`
	Items   []manyItem `json:"items" doc:"各条的结果，按提交的顺序"`
}

type manyItem struct {
	ID       string       `json:"id" doc:"记录的编号"`
	Done     bool         `json:"done" doc:"是否办成；没有办成的记录没有变动"`
	Revision int64        `json:"revision,omitempty" doc:"办成以后的修订次数"`
	Code     errs.Code    `json:"code,omitempty" doc:"没有办成：问题类别，同答复的 code"`
	Detail   string       `json:"detail,omitempty" doc:"没有办成：原因"`
	Errors   []FieldError `json:"errors,omitempty" doc:"没有办成：需要更正的各处"`
}

func (s *server) recordMany() {
	add(s, route{
		id: "move-records", method: http.MethodPost, path: "/records/moves", tag: tagRegister, summary: "成批办理记录", errors: []int{http.StatusBadRequest},
		about: "最多 200 条，逐条判断：不能办的写明原因，记录没有变动，其余的照办。请求本身有误（编号不对、同一条列了两次）则全部不办。",
		curl:  `-H 'Content-Type: application/json' -d '{"moves":[{"id":"06f8k3z7w5n2q4r6t8v0x1y3za","move":"check","revision":1}]}'`,
	}, s.moveRecords)
}

func (s *server) moveRecords(ctx context.Context, who org.Principal, in *manyInput) (*body[manyView], error) {
	if err := who.May(org.RegisterRead, org.Scope{}); err != nil {
		return nil, err
	}
	steps, err := manySteps(in.Body.Moves)
	if err != nil {
		return nil, err
	}
	refusals := make([]error, len(steps))
	var fit []register.Step
	var at []int // where each of them stands in the request
	for i, step := range steps {
		if refusals[i] = s.unmasked(ctx, who, step.ID, step.Values); refusals[i] == nil {
			fit, at = append(fit, step), append(at, i)
		}
	}
	answers, err := s.Register.MoveAll(ctx, who, fit)
	if err != nil {
		return nil, err
	}
	for i, err := range answers {
		if err != nil {
			refusals[at[i]] = inValues(err)
		}
	}
	v := manyView{Items: []manyItem{}}
	for i, err := range refusals {
		v.Items = append(v.Items, s.manyItem(ctx, steps[i], err))
		if err == nil {
			v.Done++
		} else {
			v.Refused++
		}
	}
	return &body[manyView]{v}, nil
}

// manySteps reads the moves and refuses the whole when one cannot be meant.
func manySteps(moves []ManyMove) ([]register.Step, error) {
	p := refuse(errs.Invalid, "")
	at := func(i int, name, message string) {
		p.Errors = append(p.Errors, FieldError{"body.moves[" + strconv.Itoa(i) + "]." + name, message})
	}
	steps, seen := make([]register.Step, len(moves)), map[string]bool{}
	for i, m := range moves {
		day, err := dayOf(m.Day, "")
		switch {
		case existing(m.ID) != nil:
			at(i, "id", "不是记录编号")
		case seen[m.ID]:
			at(i, "id", "同一条记录列了两次")
		case err != nil:
			at(i, "day", "应为日期，写成 2026-06-30")
		}
		seen[m.ID] = true
		steps[i] = register.Step{ID: m.ID, Move: m.Move, Revision: m.Revision, Values: m.Values, Reason: m.Reason, Day: day}
	}
	if len(p.Errors) == 0 {
		return steps, nil
	}
	p.Detail = detailOf(p.Status, len(p.Errors))
	return nil, p
}

func (s *server) manyItem(ctx context.Context, step register.Step, err error) manyItem {
	if err == nil {
		return manyItem{ID: step.ID, Done: true, Revision: step.Revision + 1}
	}
	p := s.problem(ctx, "move-records", err)
	return manyItem{ID: step.ID, Code: p.Code, Detail: p.Detail, Errors: p.Errors}
}
