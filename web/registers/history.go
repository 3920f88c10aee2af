package registers

import (
	"maps"
	"slices"
	"strings"

	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// newestEvents is how many events are shown unfolded.
const newestEvents = 12

// history tells what happened to a record, newest first; what is older than the
// first few comes apart.
func (a area) history(c *frame.Ctx, d *register.Definition, events []register.Event) (newest, earlier ui.Timeline) {
	out := make([]ui.Event, len(events))
	for i, e := range slices.SortedFunc(slices.Values(events), func(a, b register.Event) int { return int(b.Seq - a.Seq) }) {
		out[i] = a.eventOf(c, d, e)
	}
	cut := min(len(out), newestEvents)
	newest = ui.Timeline{Label: "办理过程", Events: out[:cut], Empty: ui.Empty{Title: "还没有记录"}}
	earlier = ui.Timeline{Label: "更早的办理过程", Events: out[cut:]}
	return newest, earlier
}

func (a area) eventOf(c *frame.Ctx, d *register.Definition, e register.Event) ui.Event {
	out := ui.Event{When: ui.Moment(e.At), Title: moveLabel(d, e), Who: strings.TrimSpace(e.Unit + " " + e.Name), Kind: eventKind(d, e)}
	if to := stageLabel(d, e.To); e.To != "" && e.From != e.To && to != out.Title {
		out.Title += " → " + to
	}
	switch {
	case e.Move == "proof" || e.Move == moveFalsifyProof:
		out.Text = e.Reason // it names the file
	case e.Reason != "":
		out.Text = "理由：" + e.Reason
	}
	if len(e.Changes) > 0 && e.Move != "create" {
		out.Node = ui.Diff{Caption: out.Title, Changes: a.changesOf(c, d, e.Changes)}
	}
	return out
}

// eventKind colours what made a record count, and what sent it back.
func eventKind(d *register.Definition, e register.Event) ui.Kind {
	to, _ := d.Stage(e.To)
	switch {
	case e.Move == "falsify" || e.Move == moveFalsifyProof:
		return ui.Danger
	case e.Move == "proof":
		return ui.Plain
	case to.Counts && e.From != e.To:
		return ui.Success
	case e.From != "" && e.Reason != "" && e.Move != "edit":
		return ui.Warning
	case e.Move == "create":
		return ui.Info
	}
	return ui.Plain
}

// changesOf writes what was changed as the record shows it.
func (a area) changesOf(c *frame.Ctx, d *register.Definition, changes map[string][2]string) []ui.Change {
	var out []ui.Change
	for _, name := range slices.SortedFunc(maps.Keys(changes), func(a, b string) int { return placeOf(d, a) - placeOf(d, b) }) {
		f, _ := d.Field(name)
		out = append(out, ui.Change{Name: fieldLabel(d, name), Before: a.inWords(c, f, changes[name][0]), After: a.inWords(c, f, changes[name][1])})
	}
	return out
}

// inWords is a stored value as people read it; what it refers to by its name.
func (a area) inWords(c *frame.Ctx, f register.Field, value string) string {
	switch {
	case value == "" || f.Personal:
	case f.Type == register.TaskRef:
		return a.taskTitle(c, value)
	case f.Type == register.RecordRef:
		return a.parentFact(c, value).Text
	default:
		return shown(a.app.Pack, f, value)
	}
	return value
}

// placeOf is where a field stands in the definition.
func placeOf(d *register.Definition, name string) int {
	return slices.IndexFunc(d.Fields, func(f register.Field) bool { return f.Name == name })
}
