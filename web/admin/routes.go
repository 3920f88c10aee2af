// Package admin holds the pages of the three administrators and of those who look
// over their shoulders: people and roles, the permission table, the audit log, the
// state of the system, and the directory of units.
//
// Each page asks a use case, which checks the permission; what a person may not do
// is not drawn either. The audit log and the system's state have no room of their
// own above kit: trail.go and health.go here are their use cases.
package admin

import (
	"bihuan/app"
	"bihuan/org"
	"bihuan/web/entry/reconfirm"
	"bihuan/web/frame"
)

// pages draws and serves this area.
type pages struct {
	app    *app.App
	org    *org.Service
	trail  trail
	health health
}

// Routes registers the area's pages.
func Routes(f *frame.App, a *app.App) {
	p := pages{app: a, org: a.Org, trail: trail{a.DB, a.Log}, health: health{app: a, version: f.Version}}
	p.peopleRoutes(f)
	f.Handle("GET /admin/permissions", p.permissions)
	f.Handle("GET /admin/audit", p.auditList)
	f.Handle("GET /admin/audit/{seq}", p.auditEntry)
	f.Handle("GET /admin/audit/verify", p.verifyForm)
	f.Handle("POST /admin/audit/verify", p.verify)
	f.Handle("GET /admin/audit/export", p.export)
	f.Handle("GET /admin/system", p.system)
	f.Handle("POST /admin/system/jobs/{id}/retry", p.retryJob)
	f.Handle("GET /admin/units", p.units)
	f.Handle("GET /directory", p.directory)
}

func (p pages) peopleRoutes(f *frame.App) {
	sensitive := func(h frame.Handler) frame.Handler { return reconfirm.Guard(p.org, h) }
	f.Handle("GET /admin/people", p.people)
	f.Handle("GET /admin/people/new", p.newPerson)
	f.Handle("POST /admin/people", p.createPerson)
	f.Handle("GET /admin/people/{id}", p.person)
	f.Handle("GET /admin/people/{id}/edit", p.editForm)
	f.Handle("POST /admin/people/{id}/edit", p.editPerson)
	f.Handle("POST /admin/people/{id}/disable", sensitive(p.disable))
	f.Handle("POST /admin/people/{id}/unlock", sensitive(p.unlock))
	f.Handle("POST /admin/people/{id}/reinvite", sensitive(p.reinvite))
	f.Handle("POST /admin/people/{id}/phone", p.revealPhone)
	f.Handle("POST /admin/people/{id}/roles", sensitive(p.grantRole))
	f.Handle("POST /admin/people/{id}/roles/revoke", sensitive(p.revokeRole))
	f.Handle("POST /admin/people/{id}/sessions/end", p.endSessions)
	f.Handle("POST /admin/people/{id}/sessions/{session}/end", p.endSession)
	f.Handle("POST /admin/people/{id}/tokens/{token}/revoke", p.revokeToken)
}
