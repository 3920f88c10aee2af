package matters

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"

	"bihuan/kit/gongwen"
)

// runs draws pieces of text without any space between them: a figure is a link to
// where it opens, and what may not be printed yet is marked.
func runs(list []gongwen.Run) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		for _, r := range list {
			text := templ.EscapeString(r.Text)
			if r.Ref != "" {
				text = `<a href="` + templ.EscapeString(string(templ.URL(r.Ref))) + `">` + text + `</a>`
			}
			b.WriteString(text)
			if r.Doubt != "" {
				b.WriteString(`<mark class="paper-doubt">` + templ.EscapeString(string(r.Doubt)) + `</mark>`)
			}
		}
		_, err := io.WriteString(w, b.String())
		return err
	})
}
