package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"bihuan/kit/db"
)

func TestOpenAPI(t *testing.T) {
	x := empty(t, db.SQLite)
	text := x.get("", "/openapi.json").status(http.StatusOK)
	golden(t, "openapi.json", text.Body.Bytes())
	var doc, same struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			OperationID string
			Summary     string
			Responses   map[string]any
			Parameters  []struct{ Name, In, Description string }
		}
	}
	if err := json.Unmarshal(text.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.OpenAPI != "3.1.0" || len(doc.Paths) < 14 {
		t.Errorf("version %q, %d paths", doc.OpenAPI, len(doc.Paths))
	}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			name := method + " " + path
			if !chinese(op.Summary) || op.OperationID == "" {
				t.Errorf("%s has no summary or id", name)
			}
			for _, code := range []string{"401", "403", "422", "429", "500"} {
				if op.Responses[code] == nil {
					t.Errorf("%s does not say when it answers %s", name, code)
				}
			}
			key := false
			for _, p := range op.Parameters {
				if !chinese(p.Description) {
					t.Errorf("%s: %s is not explained", name, p.Name)
				}
				key = key || p.Name == "Idempotency-Key" && p.In == "header"
			}
			if key != (method == "post") {
				t.Errorf("%s: Idempotency-Key %v", name, key)
			}
		}
	}
	if err := yaml.Unmarshal(x.get("", "/openapi.yaml").status(http.StatusOK).Body.Bytes(), &same); err != nil || same.OpenAPI != doc.OpenAPI {
		t.Errorf("yaml: %v %q", err, same.OpenAPI)
	}
	if strings.Contains(text.Body.String(), "ErrorModel") {
		t.Error("the framework's own error schema shows")
	}
}

// Every field of every schema is explained in Chinese.
func TestFieldsAreExplained(t *testing.T) {
	x := empty(t, db.SQLite)
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct {
					Description string
					Ref         string `json:"$ref"`
					Type        any
				}
			}
		}
	}
	x.get("", "/openapi.json").into(http.StatusOK, &doc)
	if len(doc.Components.Schemas) < 20 {
		t.Fatalf("%d schemas", len(doc.Components.Schemas))
	}
	for name, s := range doc.Components.Schemas {
		for field, p := range s.Properties {
			if p.Ref == "" && !chinese(p.Description) {
				t.Errorf("%s.%s is not explained", name, field)
			}
			if list, ok := p.Type.([]any); ok {
				t.Errorf("%s.%s may be several types: %v", name, field, list)
			}
		}
	}
}

func TestDocumentationPage(t *testing.T) {
	x := empty(t, db.SQLite)
	a := x.get("", "/docs").status(http.StatusOK)
	page := a.Body.String()
	for _, want := range []string{`lang="zh-CN"`, `href="/assets/app.css"`, "/api/v1/tasks", "Idempotency-Key", "curl", "退回核实", `id="schema-Problem"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, bad := range []string{"<script", "style=", "onclick", "src=\"http", "href=\"http", "//unpkg"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	if p := a.Header().Get("Content-Security-Policy"); !strings.HasPrefix(p, "default-src 'none'; style-src 'self'") {
		t.Errorf("policy %q", p)
	}
	golden(t, "docs.html", a.Body.Bytes())
}
