package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// ButtonKind is how a button looks.
type ButtonKind string

// The looks of buttons. A page has at most one primary button in sight.
const (
	Secondary ButtonKind = ""
	Primary   ButtonKind = "primary"
	Destroy   ButtonKind = "destroy" // cannot be taken back; ask with Confirm
	Quiet     ButtonKind = "quiet"   // looks like a link
)

// Button is a button, or a link that looks like one when URL is set.
type Button struct {
	Label    string
	Kind     ButtonKind
	Icon     string // a name from Icons
	URL      string // makes it a link
	Name     string // sent with the form, with Value
	Value    string
	Confirm  string // a question asked before sending
	Dialog   bool   // with URL: opens the address in a dialog when scripts run
	Opens    string // id of a Dialog on this page
	Disabled bool
	Why      string // why it is disabled; shown on hover and to screen readers
	Small    bool
	NoCheck  bool   // sends the form without the browser's checks
	Do       string // a script action: "print", "copy"; hidden without scripts
	FormID   string // id of the form it sends when it stands outside
	Action   string // sends the form to this address instead
	Download bool   // with URL: saves instead of opening
}

// Render draws the button.
func (b Button) Render(ctx context.Context, w io.Writer) error { return buttonView(b).Render(ctx, w) }

func (b Button) class() string {
	c := "btn"
	if b.Kind != Secondary {
		c += " btn-" + string(b.Kind)
	}
	if b.Small {
		c += " btn-small"
	}
	if b.Do != "" {
		c += " js-only"
	}
	return c
}

func (b Button) attrs() templ.Attributes {
	a := templ.Attributes{"class": b.class()}
	set := func(name, value string) {
		if value != "" {
			a[name] = value
		}
	}
	set("data-confirm", b.Confirm)
	set("data-do", b.Do)
	set("title", b.Why)
	if b.link() {
		if b.Dialog {
			a["data-dialog"] = true
		}
		set("data-open", b.Opens)
		if b.Download {
			a["download"] = true
		}
		return a
	}
	set("name", b.Name)
	set("value", b.Value)
	set("form", b.FormID)
	if b.Action != "" {
		a["formaction"] = string(templ.URL(b.Action))
	}
	if b.NoCheck {
		a["formnovalidate"] = true
	}
	if b.Disabled {
		a["disabled"] = true
	}
	a["type"] = "submit"
	if b.Do != "" {
		a["type"] = "button"
	}
	return a
}

// link tells whether the button is drawn as a link. A disabled one never is:
// a link cannot be disabled.
func (b Button) link() bool { return !b.Disabled && (b.URL != "" || b.Opens != "") }

func (b Button) href() string {
	if b.Opens != "" {
		return "#" + b.Opens
	}
	return b.URL
}

// Buttons is a row of buttons, the main one first.
type Buttons []Button

// Render draws the buttons one after another; put them in a row of actions.
func (b Buttons) Render(ctx context.Context, w io.Writer) error {
	for _, one := range b {
		if err := one.Render(ctx, w); err != nil {
			return err
		}
	}
	return nil
}
