package api

import (
	"cmp"
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
)

// route is what a route says about itself.
type route struct {
	id      string // operationId
	method  string
	path    string // below Prefix
	tag     string
	summary string
	about   string
	curl    string       // what a call adds: a query for reading, options for writing
	errors  []int        // refusals besides those that every route has
	form    *huma.Schema // the multipart form; nil for none
	most    int64        // largest body in bytes; 0 for the default
	created bool         // answers 201 with a Location
	file    bool         // answers a file
	secret  bool         // the answer is not kept for repeated requests
}

// The groups of the page of documentation.
const (
	tagMe        = "令牌"
	tagCity      = "城市"
	tagPlan      = "清单与任务"
	tagProgress  = "进展"
	tagRegister  = "台账"
	tagIndicator = "统计"
	tagPaper     = "督导文书"
	tagImport    = "导入"
	tagAudit     = "审计"
)

// config is the framework with everything switched off that would reach for
// another host, change our answers or serve pages of its own.
func (s *server) config() huma.Config {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	registry.RegisterTypeAlias(reflect.TypeFor[huma.ErrorModel](), reflect.TypeFor[Problem]())
	registry.RegisterTypeAlias(reflect.TypeFor[quantity.Quantity](), reflect.TypeFor[number]())
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "闭环接口", Version: s.Version, Description: overview},
			Servers: []*huma.Server{{URL: Prefix, Description: "本机"}},
			Components: &huma.Components{
				Schemas: registry,
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"token": {Type: "http", Scheme: "bearer", BearerFormat: "bihuan_<编号>_<密钥>", Description: "在“我的账号 → 接口令牌”中创建，只显示一次"},
				},
			},
			Security: []map[string][]string{{"token": {}}},
			Tags: []*huma.Tag{
				{Name: tagMe}, {Name: tagCity}, {Name: tagPlan}, {Name: tagProgress}, {Name: tagRegister}, {Name: tagIndicator}, {Name: tagPaper}, {Name: tagImport}, {Name: tagAudit},
			},
		},
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{s.translate},
	}
}

// nothing is the input of a route without parameters.
type nothing struct{}

// body is an answer with a body and nothing else.
type body[T any] struct{ Body T }

// made is the answer to a request that made something.
type made[T any] struct {
	Location string `header:"Location" doc:"新建内容的地址"`
	Body     T
}

// Types that are embedded in an input or an answer are exported: the framework
// passes over the fields of unexported ones.

// ByID is the input of a route about one thing.
type ByID struct {
	ID string `path:"id" doc:"编号（26 个字符）" example:"06f8k3z7w5n2q4r6t8v0x1y3za"`
}

// Keyed is part of the input of every writing route; the value itself is dealt
// with before the route is reached.
type Keyed struct {
	Key string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"128" doc:"随机生成的键；重试同一请求时保持不变，72 小时内只办理一次" example:"0d1c6c1e-6f0a-4a55-9d1c-4f8f6a1f2b77"`
}

// add registers a route. f gets who asks and the parsed input; its error becomes
// a problem.
func add[I, O any](s *server, rt route, f func(ctx context.Context, who org.Principal, in *I) (*O, error)) {
	op := huma.Operation{
		OperationID: rt.id, Method: rt.method, Path: rt.path, Tags: []string{rt.tag}, Summary: rt.summary, Description: rt.about,
		Errors:          append([]int{http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusTooManyRequests}, rt.errors...),
		BodyReadTimeout: -1, // the body has been read already
	}
	if rt.method != http.MethodGet {
		op.Errors = append(op.Errors, http.StatusConflict, http.StatusRequestEntityTooLarge)
	}
	if rt.created {
		op.DefaultStatus = http.StatusCreated
	}
	if rt.form != nil {
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{formKind: {Schema: rt.form}}}
	}
	if rt.file {
		op.Responses = map[string]*huma.Response{"200": {Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
	}
	s.routes = append(s.routes, rt)
	s.takes[rt.method+" "+Prefix+rt.path] = accepted{form: rt.form != nil, most: cmp.Or(rt.most, defaultBody), secret: rt.secret}
	huma.Register(s.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, whoIs(ctx), in)
		if err != nil {
			return nil, s.problem(ctx, rt.id, err)
		}
		return out, nil
	})
}

// existing refuses what cannot be an identifier without asking the database.
func existing(id string) error {
	if !db.ValidID(id) {
		return errs.New(errs.NotFound, "没有编号为“%s”的内容", short(id))
	}
	return nil
}

// short cuts a text that is shown back.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// Paging is part of the input of lists.
type Paging struct {
	Page  int `query:"page" minimum:"1" maximum:"100000" default:"1" doc:"第几页，从 1 起"`
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"每页几条，最多 200"`
}

// offset is how many items come before the page.
func (p Paging) offset() int { return (p.Page - 1) * p.Limit }

// page is one page of a list.
type page[T any] struct {
	Total int `json:"total" doc:"符合条件的总条数"`
	Page  int `json:"page" doc:"本页页码"`
	Limit int `json:"limit" doc:"每页条数"`
	Items []T `json:"items" doc:"本页内容"`
}

func pageOf[T any](p Paging, total int, items []T) *body[page[T]] {
	return &body[page[T]]{page[T]{Total: total, Page: p.Page, Limit: p.Limit, Items: full(items)}}
}

// cut takes the page's part of a whole list.
func cut[T any](p Paging, all []T) []T {
	from := min(p.offset(), len(all))
	return all[from:min(from+p.Limit, len(all))]
}

// full makes an absent list an empty one, so that it is [] and not null.
func full[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// each draws a list.
func each[A, B any](list []A, f func(A) B) []B {
	out := make([]B, len(list))
	for i := range list {
		out[i] = f(list[i])
	}
	return out
}
