// Package matters draws the pages of supervision (督导): official documents from
// draft to issue, the month's archive, the articles that limit supervision. The
// sheets, rectifications and meetings themselves are registers and are drawn there.
package matters

import (
	"bihuan/matter"
	"bihuan/register"
	"bihuan/web/frame"
)

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -path .

const home = "/matters"

// area is what the pages of this area share.
type area struct {
	app  *frame.App
	room *matter.Service
	reg  *register.Service
}

// Routes registers the pages of this area.
func Routes(f *frame.App, m *matter.Service, reg *register.Service) {
	a := area{f, m, reg}
	f.Handle("GET /matters", a.list)
	f.Handle("POST /matters/bulletins", a.bulletin)
	f.Handle("GET /matters/proposals", a.proposals)
	f.Handle("GET /matters/registers", a.registers)
	f.Handle("GET /matters/burden", a.burden)
	f.Handle("GET /matters/draft/{record}", a.papers)
	f.Handle("POST /matters/draft/{record}", a.draft)
	f.Handle("GET /matters/papers/{id}", a.paper)
	f.Handle("GET /matters/papers/{id}/file", a.file)
	f.Handle("GET /matters/papers/{id}/edit", a.editForm)
	f.Handle("POST /matters/papers/{id}/edit", a.editSave)
	f.Handle("POST /matters/papers/{id}/submit", a.submit)
	f.Handle("POST /matters/papers/{id}/return", a.giveBack)
	f.Handle("POST /matters/papers/{id}/discard", a.discard)
	f.Handle("POST /matters/papers/{id}/approve", a.approve)
	f.Handle("GET /matters/rules", a.rules)
	f.Handle("GET /matters/archive", a.archive)
}
