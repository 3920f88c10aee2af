// Package errs is the one error type of the program.
//
// An *Error carries a Code that decides the answer's status, a Message in the
// user's words that is safe to show, messages for single form fields, and a
// private cause for the log. Every other error is internal: it is logged whole
// and shown to the user only as "internal error" with a reference.
package errs

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Code says what kind of refusal an error is. Faces translate it to a status.
type Code string

// The codes. A new one is added only when some caller must act differently.
const (
	Invalid         Code = "invalid"         // the input is wrong; the user can mend it
	Unauthenticated Code = "unauthenticated" // nobody is signed in, or the session ended
	Forbidden       Code = "forbidden"       // this person may not do this
	NotFound        Code = "not_found"       // no such thing, or not visible to this person
	Conflict        Code = "conflict"        // the thing changed or is in the wrong state for this
	TooLarge        Code = "too_large"       // the input exceeds a stated limit
	TooMany         Code = "too_many"        // too many attempts; try again later
	Unavailable     Code = "unavailable"     // a part the work needs is missing or busy
	Internal        Code = "internal"        // a fault of ours
)

// Field is a message that belongs beside one field of a form.
type Field struct{ Name, Message string }

// Error is a refusal that can be shown. The zero value is not useful; use New.
type Error struct {
	Code    Code
	Message string  // shown to the user, in the user's language, ending without a stop
	Fields  []Field // in the order in which they were found
	Cause   error   // for the log only; may be nil
}

// New makes an error with a message for the user.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Because attaches the private cause and returns the same error.
func (e *Error) Because(cause error) *Error { e.Cause = cause; return e }

// Error gives the text for the log: code, message, fields and cause.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Code))
	b.WriteString(": ")
	b.WriteString(e.Message)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " [%s: %s]", f.Name, f.Message)
	}
	if e.Cause != nil {
		b.WriteString(": ")
		b.WriteString(e.Cause.Error())
	}
	return b.String()
}

// Unwrap returns the private cause.
func (e *Error) Unwrap() error { return e.Cause }

// CodeOf returns the code of err: "" for nil, Internal for any error that is not ours.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// Is reports whether err has the code.
func Is(err error, code Code) bool { return CodeOf(err) == code }

// Wrap adds what was being done to *err when it is not nil:
//
//	defer errs.Wrap(&err, "plan.Publish(%s)", id)
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *err)
	}
}

// Check collects messages for the fields of one form. The zero value is ready.
type Check struct{ fields []Field }

// Require records the message for the field when ok is false.
func (c *Check) Require(ok bool, field, format string, args ...any) {
	if !ok {
		c.fields = append(c.fields, Field{field, fmt.Sprintf(format, args...)})
	}
}

// Add records the public message of err for the field; nil records nothing.
func (c *Check) Add(field string, err error) {
	if err == nil {
		return
	}
	var e *Error
	if errors.As(err, &e) {
		c.fields = append(c.fields, Field{field, e.Message})
		return
	}
	c.fields = append(c.fields, Field{field, err.Error()})
}

// Err returns nil when nothing was recorded, else one Invalid error with all fields.
func (c *Check) Err() error {
	if len(c.fields) == 0 {
		return nil
	}
	e := New(Invalid, "有 %d 处需要更正", len(c.fields))
	e.Fields = c.fields
	return e
}

// FieldMessages returns the messages of err by field; several for one field are joined.
func FieldMessages(err error) map[string]string {
	var e *Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return nil
	}
	m := make(map[string]string, len(e.Fields))
	for _, f := range e.Fields {
		if m[f.Name] != "" {
			m[f.Name] += "；"
		}
		m[f.Name] += f.Message
	}
	return m
}

// FieldNames returns the names of the fields with a message, sorted.
func FieldNames(err error) []string {
	m := FieldMessages(err)
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}
