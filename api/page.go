package api

import (
	"bytes"
	_ "embed" // the page's text
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed page.html
var pageText string

// docPage is the page of documentation, drawn from the OpenAPI document, so that
// it cannot say anything else.
type docPage struct {
	Style    string
	Version  string
	Overview string
	Groups   []docGroup
	Schemas  []docSchema
}

type docGroup struct {
	Name   string
	Routes []docRoute
}

type docRoute struct {
	ID, Method, Path, Summary, About string
	Params                           []docField
	BodyKind                         string
	Body                             []docField
	Answers                          []docAnswer
	Curl                             string
}

type docField struct {
	Name, Place, Type, Ref, About string
	Required                      bool
}

type docAnswer struct{ Code, About, Ref string }

type docSchema struct {
	Name   string
	Fields []docField
}

func (s *server) drawPage(doc *huma.OpenAPI) ([]byte, error) {
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return nil, fmt.Errorf("read the page of documentation: %w", err)
	}
	p := docPage{Style: s.AssetURL("app.css"), Version: doc.Info.Version, Overview: doc.Info.Description, Groups: s.groups(doc), Schemas: schemasOf(doc)}
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return nil, fmt.Errorf("draw the page of documentation: %w", err)
	}
	return b.Bytes(), nil
}

// groups orders the routes as they were declared.
func (s *server) groups(doc *huma.OpenAPI) []docGroup {
	var all []docGroup
	for _, tag := range doc.Tags {
		g := docGroup{Name: tag.Name}
		for _, rt := range s.routes {
			if rt.tag == tag.Name {
				g.Routes = append(g.Routes, routeOf(doc, rt))
			}
		}
		all = append(all, g)
	}
	return all
}

func routeOf(doc *huma.OpenAPI, rt route) docRoute {
	item := doc.Paths[rt.path]
	op := item.Get
	if rt.method == http.MethodPost {
		op = item.Post
	}
	d := docRoute{ID: rt.id, Method: rt.method, Path: Prefix + rt.path, Summary: rt.summary, About: rt.about, Curl: curlOf(rt)}
	for _, p := range op.Parameters {
		f := fieldOf(p.Name, p.Schema, p.Required)
		f.Place = map[string]string{"query": "查询", "path": "路径", "header": "请求头"}[p.In]
		d.Params = append(d.Params, f)
	}
	if op.RequestBody != nil {
		for kind, m := range op.RequestBody.Content {
			d.BodyKind, d.Body = kind, fieldsOf(resolve(doc, m.Schema))
		}
	}
	for _, code := range slices.Sorted(maps.Keys(op.Responses)) {
		r := op.Responses[code]
		a := docAnswer{Code: code, About: r.Description}
		for _, m := range r.Content {
			a.Ref = refName(m.Schema)
		}
		d.Answers = append(d.Answers, a)
	}
	return d
}

// curlOf is a call that works once the host and the token are put in.
func curlOf(rt route) string {
	address := "https://<主机>" + Prefix + strings.NewReplacer("{id}", "<编号>", "{proof}", "<佐证编号>").Replace(rt.path)
	if rt.method == http.MethodGet {
		if rt.curl != "" {
			address += "?" + rt.curl
		}
		call := "curl"
		if rt.file {
			call = "curl -OJ"
		}
		return call + " -H \"Authorization: Bearer $BIHUAN_TOKEN\" \\\n  '" + address + "'"
	}
	lines := []string{"curl -X POST -H \"Authorization: Bearer $BIHUAN_TOKEN\"", "-H \"Idempotency-Key: $(uuidgen)\""}
	if rt.curl != "" {
		lines = append(lines, rt.curl)
	}
	return strings.Join(append(lines, "'"+address+"'"), " \\\n  ")
}

func schemasOf(doc *huma.OpenAPI) []docSchema {
	all := doc.Components.Schemas.Map()
	var out []docSchema
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out = append(out, docSchema{name, fieldsOf(all[name])})
	}
	return out
}

func resolve(doc *huma.OpenAPI, s *huma.Schema) *huma.Schema {
	if s != nil && s.Ref != "" {
		return doc.Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

func fieldsOf(s *huma.Schema) []docField {
	var out []docField
	if s == nil {
		return out
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		out = append(out, fieldOf(name, s.Properties[name], slices.Contains(s.Required, name)))
	}
	return out
}

func fieldOf(name string, s *huma.Schema, required bool) docField {
	f := docField{Name: name, Required: required}
	if s == nil {
		return f
	}
	f.Type, f.Ref, f.About = typeOf(s), refName(s), s.Description
	return f
}

// typeOf names a schema in one or two words.
func typeOf(s *huma.Schema) string {
	word := map[string]string{huma.TypeString: "文字", huma.TypeInteger: "整数", huma.TypeNumber: "数", huma.TypeBoolean: "是否", huma.TypeArray: "列表", huma.TypeObject: "对象"}[s.Type]
	switch {
	case s.Ref != "":
		return "对象"
	case s.Type == huma.TypeArray && s.Items != nil:
		return typeOf(s.Items) + "的列表"
	case s.Format == "binary":
		return "文件"
	case s.Format == "date":
		return "日期"
	case s.Format == "date-time":
		return "时间"
	case len(s.Enum) > 0:
		return "代码"
	}
	return word
}

// refName is the schema that a field or a list's items refer to.
func refName(s *huma.Schema) string {
	if s == nil {
		return ""
	}
	if s.Items != nil {
		return refName(s.Items)
	}
	return s.Ref[strings.LastIndex(s.Ref, "/")+1:]
}
