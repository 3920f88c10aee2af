package api

import (
	"fmt"
	"maps"
	"mime/multipart"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"bihuan/kit/errs"
	"bihuan/plan"
)

// form is a multipart form that has been read. What its fields must be is for
// the use case to say, so that pages and programs hear the same words.
type form struct {
	values map[string][]string
	files  map[string][]*multipart.FileHeader
	open   []multipart.File
}

// only refuses fields that the route does not know, and fields given twice.
func (f *form) only(names ...string) error {
	p := refuse(errs.Invalid, "")
	given := map[string]int{}
	for n, v := range f.values {
		given[n] += len(v)
	}
	for n, v := range f.files {
		given[n] += len(v)
	}
	for _, n := range slices.Sorted(maps.Keys(given)) {
		switch {
		case !slices.Contains(names, n):
			p.Errors = append(p.Errors, FieldError{"body." + short(n), "没有这个字段"})
		case given[n] > 1:
			p.Errors = append(p.Errors, FieldError{"body." + n, "只能给出一次"})
		}
	}
	if len(p.Errors) == 0 {
		return nil
	}
	p.Detail = detailOf(p.Status, len(p.Errors))
	return p
}

// value gives a field without white space around it, "" when it is absent.
func (f *form) value(name string) string {
	if v := f.values[name]; len(v) > 0 {
		return strings.TrimSpace(v[0])
	}
	return ""
}

// file opens an uploaded file; the zero File when there is none. It is readable until close.
func (f *form) file(name string) (plan.File, error) {
	if len(f.files[name]) == 0 {
		return plan.File{}, nil
	}
	return f.fileAt(name, 0)
}

// fileAt opens one of several uploaded files of a name.
func (f *form) fileAt(name string, i int) (plan.File, error) {
	head := f.files[name][i]
	file, err := head.Open()
	if err != nil {
		return plan.File{}, fmt.Errorf("open the uploaded file %s: %w", name, err)
	}
	f.open = append(f.open, file)
	return plan.File{Name: head.Filename, Data: file, Size: head.Size}, nil
}

func (f *form) close() {
	for _, file := range f.open {
		_ = file.Close() // read only
	}
}

// formOf describes a multipart form.
func formOf(required []string, fields map[string]*huma.Schema) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, Properties: fields, Required: required, AdditionalProperties: false}
}
