package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"bihuan/kit/errs"
)

// FieldKind says how a field is filled in.
type FieldKind string

// The kinds of fields. The zero value is a line of text.
const (
	TextInput   FieldKind = ""
	Password    FieldKind = "password"
	Number      FieldKind = "number" // decimal text; the server parses it exactly
	Tel         FieldKind = "tel"
	Email       FieldKind = "email"
	Date        FieldKind = "date"
	Month       FieldKind = "month"
	Select      FieldKind = "select"
	Radio       FieldKind = "radio"
	Checks      FieldKind = "checks" // several of a list
	Check       FieldKind = "check"  // one yes or no; sends "1" when ticked
	TextArea    FieldKind = "textarea"
	File        FieldKind = "file"
	Hidden      FieldKind = "hidden"
	SearchInput FieldKind = "search"
)

// Size is how wide a field is drawn; it should fit what is expected in it.
type Size string

// The sizes.
const (
	Medium Size = ""
	Short  Size = "short"
	Long   Size = "long"
	Full   Size = "full"
)

// Option is one choice of a Select, Radio or Checks field. Options of one Group
// that follow each other stand under its name.
type Option struct {
	Value    string
	Label    string
	Hint     string
	Group    string
	Disabled bool
}

// Field is one field of a form with its label, hint and error. Name and Label
// are always given; the rest as the kind needs it.
type Field struct {
	Kind         FieldKind
	Name         string
	Label        string
	Hint         string // shown under the label, before the field
	Error        string // shown at the field and read with it
	Value        string
	Values       []string // ticked values of Checks
	Options      []Option
	Blank        string // first, empty choice of a Select; "请选择" when empty and not required
	ID           string // "f-" + Name when empty
	Required     bool
	Optional     bool // says 选填 after the label
	ReadOnly     bool // shown, sent, cannot be changed
	Disabled     bool
	Focus        bool   // starts with the cursor here
	HideLabel    bool   // label only for screen readers
	Autocomplete string // "username", "current-password", "one-time-code", "tel"…
	Placeholder  string
	InputMode    string // "decimal", "numeric"
	Unit         string // after the field: 元, 个, %
	Min, Max     string
	Step         string
	MaxLength    int
	Rows         int    // of a TextArea; 4 when zero
	Accept       string // of a File: ".docx,.pdf"
	Multiple     bool   // of a File
	MaxBytes     int64  // of a File: checked before sending; 0 for no limit stated
	Size         Size
}

// Render draws the field.
func (f Field) Render(ctx context.Context, w io.Writer) error { return fieldView(f).Render(ctx, w) }

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return "f-" + f.Name
}

func (f Field) errorID() string { return f.id() + "-error" }

func (f Field) hintID() string { return f.id() + "-hint" }

// describedBy lists the ids of the texts that explain the field.
func (f Field) describedBy() string {
	var ids []string
	if f.hint() != "" {
		ids = append(ids, f.hintID())
	}
	if f.Error != "" {
		ids = append(ids, f.errorID())
	}
	return strings.Join(ids, " ")
}

// hint is the given hint; a file field adds its limit.
func (f Field) hint() string {
	if f.Kind != File || f.MaxBytes <= 0 {
		return f.Hint
	}
	limit := fmt.Sprintf(textUploadLimit, Bytes(f.MaxBytes))
	if f.Hint == "" {
		return limit
	}
	return f.Hint + "；" + limit
}

// attrs are the attributes that the kinds of fields have in common.
func (f Field) attrs() templ.Attributes {
	a := templ.Attributes{"id": f.id(), "name": f.Name}
	set := func(name, value string) {
		if value != "" {
			a[name] = value
		}
	}
	set("aria-describedby", f.describedBy())
	set("autocomplete", f.Autocomplete)
	set("placeholder", f.Placeholder)
	set("inputmode", f.inputMode())
	set("min", f.Min)
	set("max", f.Max)
	set("step", f.Step)
	if f.MaxLength > 0 {
		a["maxlength"] = strconv.Itoa(f.MaxLength)
	}
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	for name, on := range map[string]bool{
		"required": f.Required, "readonly": f.ReadOnly, "disabled": f.Disabled, "autofocus": f.Focus,
	} {
		if on {
			a[name] = true
		}
	}
	return a
}

func (f Field) inputMode() string {
	if f.InputMode == "" && f.Kind == Number {
		return "decimal"
	}
	return f.InputMode
}

// inputType is the HTML type. Numbers are typed as text: a browser's number
// field changes on the mouse wheel and rounds what it shows.
func (f Field) inputType() string {
	switch f.Kind {
	case TextInput, Number:
		return "text"
	}
	return string(f.Kind)
}

func (f Field) rows() string {
	if f.Rows > 0 {
		return strconv.Itoa(f.Rows)
	}
	return "4"
}

func (f Field) optionID(i int) string { return f.id() + "-" + strconv.Itoa(i) }

func (f Field) chosen(value string) bool {
	if f.Kind == Checks {
		return slices.Contains(f.Values, value)
	}
	return f.Value == value
}

// group tells whether the field is a set of boxes under one legend.
func (f Field) group() bool { return f.Kind == Radio || f.Kind == Checks }

// blank is the text of the empty choice of a select.
func (f Field) blank() string {
	if f.Blank != "" {
		return f.Blank
	}
	return textPick
}

// optionGroup is a run of options under one name.
type optionGroup struct {
	Name    string
	Options []Option
}

func (f Field) optionGroups() []optionGroup {
	var out []optionGroup
	for _, o := range f.Options {
		if len(out) == 0 || out[len(out)-1].Name != o.Group {
			out = append(out, optionGroup{Name: o.Group})
		}
		g := &out[len(out)-1]
		g.Options = append(g.Options, o)
	}
	return out
}

// Problem is one thing to mend, named by its field.
type Problem struct {
	Field string // name of the field; empty for the form as a whole
	Text  string
}

// ErrorSummary lists at the top of a form what must be mended; each line leads
// to its field. Nothing is drawn when there is nothing to mend.
type ErrorSummary struct {
	Title    string // "有 2 处需要修改" when empty
	Problems []Problem
}

// Render draws the summary.
func (e ErrorSummary) Render(ctx context.Context, w io.Writer) error {
	return errorSummaryView(e).Render(ctx, w)
}

func (e ErrorSummary) title() string {
	if e.Title != "" {
		return e.Title
	}
	return fmt.Sprintf(textProblems, len(e.Problems))
}

// Problems reads what can be shown from an error of kit/errs: its field
// messages, or its one message when it names no field. Nil and foreign errors
// give nothing: they are not the user's to mend.
func Problems(err error) []Problem {
	var e *errs.Error
	if !errors.As(err, &e) {
		return nil
	}
	if len(e.Fields) == 0 {
		return []Problem{{Text: e.Message}}
	}
	out := make([]Problem, 0, len(e.Fields))
	for _, f := range e.Fields {
		out = append(out, Problem{Field: f.Name, Text: f.Message})
	}
	return out
}

// ProblemOf returns the first text for the named field, or "".
func ProblemOf(problems []Problem, name string) string {
	for _, p := range problems {
		if p.Field == name {
			return p.Text
		}
	}
	return ""
}

// Form is the frame of a form; fields and buttons are its children. It is sent
// once however often the button is pressed.
type Form struct {
	Action    string
	Method    string // "post" when empty
	ID        string
	Label     string       // name for screen readers when no heading is near
	Upload    bool         // carries files, with progress
	Guard     bool         // warns before leaving with unsaved input
	Confirm   string       // a question asked before sending; may be empty
	Hidden    []HiddenPair // carried unseen
	Problems  []Problem    // drawn as ErrorSummary
	Inline    bool         // fields beside each other
	Target    string       // with scripts, replace this part with the answer; empty loads the page
	Columns   bool         // two columns where there is room
	NoValid   bool         // leave all checking to the server
	Autofocus bool         // put the cursor on the error summary when there is one
}

func (f Form) method() string {
	if strings.EqualFold(f.Method, "get") {
		return "get"
	}
	return "post"
}

func (f Form) attrs() templ.Attributes {
	a := templ.Attributes{"action": string(templ.URL(f.Action)), "method": f.method()}
	if f.method() == "post" {
		a["data-once"] = true
	}
	set := func(name, value string) {
		if value != "" {
			a[name] = value
		}
	}
	set("id", f.ID)
	set("aria-label", f.Label)
	set("data-confirm", f.Confirm)
	if f.Upload {
		a["enctype"] = "multipart/form-data"
		a["data-upload"] = true
	}
	if f.Guard {
		a["data-guard"] = true
	}
	if f.NoValid {
		a["novalidate"] = true
	}
	if f.Target != "" {
		a["hx-"+f.method()] = string(templ.URL(f.Action))
		a["hx-target"] = f.Target
		a["hx-select"] = f.Target
		a["hx-swap"] = "outerHTML"
	}
	return a
}
