// Package monitor holds the pages of published statistics: 统计监测 with the newest
// figures and what is not published yet, each series with its chart and revisions,
// the four sectors 批零住餐 side by side, and the forms to enter and import figures.
package monitor

import (
	"bihuan/indicator"
	"bihuan/web/frame"
)

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -path .

// area holds what these pages call besides the frame.
type area struct{ ind *indicator.Service }

// Routes registers the pages of this area.
func Routes(f *frame.App, ind *indicator.Service) {
	a := area{ind}
	f.Handle("GET /monitor", a.overviewPage)
	f.Handle("GET /monitor/sectors", a.sectorsPage)
	f.Handle("GET /monitor/series/{id}", a.seriesPage)
	f.Handle("GET /monitor/series/{id}/export.xlsx", a.export)
	f.Handle("GET /monitor/series/{id}/figure", a.figurePage)
	f.Handle("GET /monitor/series/{id}/revise", a.reviseForm)
	f.Handle("POST /monitor/series/{id}/revise", a.reviseSave)
	f.Handle("GET /monitor/series/{id}/withdraw", a.withdrawForm)
	f.Handle("POST /monitor/series/{id}/withdraw", a.withdrawSave)
	f.Handle("GET /monitor/entry", a.entryForm)
	f.Handle("POST /monitor/entry", a.entrySave)
	f.Handle("GET /monitor/import", a.importForm)
	f.Handle("POST /monitor/import", a.importRun)
	f.Handle("GET /monitor/import/template.xlsx", a.importTemplate)
}
