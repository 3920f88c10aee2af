// Package cockpit holds the pages that look at everything together: 总览, 目标,
// 县区, 评分 and 部门. But for how far a ranking is told they change nothing: each draws what supervise.Board computed, for
// one list or for all of the city's lists, and leads on to the task pages.
package cockpit

import "bihuan/web/frame"

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -path .

// Routes registers the pages of this area.
func Routes(a *frame.App) {
	a.Handle("GET /{$}", overviewPage)
	a.Handle("GET /targets", targetsPage)
	a.Handle("GET /targets.xlsx", targetsExport)
	a.Handle("GET /territories", territoriesPage)
	a.Handle("GET /territories/{id}", territoryPage)
	a.Handle("GET /ranking", rankingPage)
	a.Handle("POST /ranking", rankingSave)
	a.Handle("GET /ranking/{id}", rankingCases)
	a.Handle("GET /units", unitsPage)
	a.Handle("GET /units/{id}", unitPage)
}
