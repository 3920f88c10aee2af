package api_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"bihuan/kit/quantity"
)

// schema is as much of JSON Schema as the document uses.
type schema struct {
	Ref        string `json:"$ref"`
	Type       string
	Format     string
	Properties map[string]*schema
	Required   []string
	Items      *schema
	Enum       []any
	More       json.RawMessage `json:"additionalProperties"`
}

// member is the schema of a member of an object; nil for none.
func (s *schema) member(name string) *schema {
	var more schema
	if s.Properties[name] == nil && json.Unmarshal(s.More, &more) == nil {
		return &more
	}
	return s.Properties[name]
}

type document struct {
	Paths map[string]map[string]struct {
		Responses map[string]struct {
			Content map[string]struct{ Schema *schema }
		}
	}
	Components struct{ Schemas map[string]*schema }
}

func loadDocument(t *testing.T, x *house) *document {
	t.Helper()
	var d document
	if err := json.Unmarshal(x.get("", "/openapi.json").status(200).Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	return &d
}

func (d *document) schemaFor(t *testing.T, c call, status int, x *house) *schema {
	t.Helper()
	parts := strings.Split(c.path, "/")
	for i, p := range parts {
		if len(p) == len(unknown) || p == "parcel-point" || p == "retail-rate" {
			parts[i] = "{id}"
			if parts[i-1] == "proofs" {
				parts[i] = "{proof}"
			}
		}
	}
	m := d.Paths[strings.Join(parts, "/")][strings.ToLower(c.method)].Responses[fmt.Sprint(status)].Content["application/json"]
	if m.Schema == nil {
		t.Fatalf("no schema for %s %v %d", c.method, parts, status)
	}
	return m.Schema
}

// check holds a value against a schema: no member too many, none missing, no
// null, and each of the type and format that is promised.
func (d *document) check(t *testing.T, s *schema, v any, at string) {
	t.Helper()
	if s.Ref != "" {
		s = d.Components.Schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]]
	}
	switch v := v.(type) {
	case map[string]any:
		for name, e := range v {
			m := s.member(name)
			if m == nil {
				t.Errorf("%s.%s is not in the document", at, name)
				continue
			}
			d.check(t, m, e, at+"."+name)
		}
		for _, name := range s.Required {
			if _, ok := v[name]; !ok {
				t.Errorf("%s lacks %s", at, name)
			}
		}
	case []any:
		if s.Type != "array" {
			t.Errorf("%s: a list for %q", at, s.Type)
			return
		}
		for i, e := range v {
			d.check(t, s.Items, e, fmt.Sprintf("%s[%d]", at, i))
		}
	case json.Number:
		_, err := quantity.Parse(v.String())
		if s.Type != "number" && s.Type != "integer" || err != nil {
			t.Errorf("%s: %s for %q %v", at, v, s.Type, err)
		}
	case string:
		d.checkText(t, s, v, at)
	case bool:
		if s.Type != "boolean" {
			t.Errorf("%s: a boolean for %q", at, s.Type)
		}
	case nil:
		t.Errorf("%s is null", at)
	}
}

func (d *document) checkText(t *testing.T, s *schema, v, at string) {
	t.Helper()
	if s.Type != "string" {
		t.Errorf("%s: a text for %q", at, s.Type)
	}
	if s.Format == "date-time" {
		if m, err := time.Parse(time.RFC3339Nano, v); err != nil || m.Location() != time.UTC || !strings.HasSuffix(v, "Z") {
			t.Errorf("%s: %q is no instant in UTC", at, v)
		}
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, any(v)) {
		t.Errorf("%s: %q is not among %v", at, v, s.Enum)
	}
}
