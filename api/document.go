package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// overview is the first paragraph of the documentation.
const overview = "供其他系统查询清单、任务、灯色，填报和核验进展，登记和办理台账，录入统计数据，读取督导文书，导入文件。" +
	"每个请求带接口令牌；提交类请求带 Idempotency-Key，断线后用同一个键重试不会办理两次，72 小时内得到同一个答复（Idempotency-Replayed: true）。" +
	"数为精确小数，最多四位；日期为 YYYY-MM-DD；时间为 RFC 3339（UTC）。没有的字段表示不知道或不适用。" +
	"拒绝一律为 application/problem+json（RFC 9457），errors 指明位置。请求过快答复 429，按 Retry-After 等待。"

// documentRoutes serves the OpenAPI document and the page made from it. They are
// made once, when all routes are known, and need no token: they hold no data.
func (s *server) documentRoutes() {
	doc := s.huma.OpenAPI()
	finish(doc)
	text, err := indented(doc)
	if err != nil {
		panic(err) // a slip in the declared routes
	}
	yaml, err := doc.YAML()
	if err != nil {
		panic(err) // likewise
	}
	page, err := s.drawPage(doc)
	if err != nil {
		panic(err) // likewise
	}
	s.serve("/openapi.json", "application/openapi+json", text, "")
	s.serve("/openapi.yaml", "application/openapi+yaml", yaml, "")
	s.serve("/docs", "text/html; charset=utf-8", page, pagePolicy)
}

// pagePolicy lets the page of documentation load its style from this server and nothing else.
const pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func (s *server) serve(path, kind string, content []byte, policy string) {
	pattern := http.MethodGet + " " + Prefix + path
	s.open[pattern] = true
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		if policy != "" {
			w.Header().Set("Content-Security-Policy", policy)
		}
		_, _ = w.Write(content) // into memory
	})
}

func indented(doc *huma.OpenAPI) ([]byte, error) {
	plain, err := doc.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("write the OpenAPI document: %w", err)
	}
	var v any
	if err := json.Unmarshal(plain, &v); err != nil {
		return nil, fmt.Errorf("read the OpenAPI document: %w", err)
	}
	text, err := json.MarshalIndent(v, "", "  ")
	return append(text, '\n'), err
}

// finish says in Chinese what the framework says in English, and that our lists
// are never null.
func finish(doc *huma.OpenAPI) {
	for _, item := range doc.Paths {
		for _, op := range operations(item) {
			for code, r := range op.Responses {
				status, err := strconv.Atoi(code)
				if err != nil {
					continue
				}
				r.Description = titleOf(status)
				switch status {
				case http.StatusOK:
					r.Description = "成功"
				case http.StatusCreated:
					r.Description = "已受理"
				}
			}
		}
	}
	for _, schema := range doc.Components.Schemas.Map() {
		for _, field := range schema.Properties {
			if field.Type == huma.TypeArray {
				field.Nullable = false
			}
		}
	}
}

func operations(item *huma.PathItem) []*huma.Operation {
	var all []*huma.Operation
	for _, op := range []*huma.Operation{item.Get, item.Post} {
		if op != nil {
			all = append(all, op)
		}
	}
	return all
}
