// Package notices holds the inbox of everybody and the administrator's page of how
// notices leave the program: the state of e-mail, the units' addresses, webhooks, and
// the log of what went out.
//
// It decides nothing: package notice does. Who reads what and when is not shown to
// anybody; the secret of a webhook is drawn once, in the answer to the form itself.
package notices

import (
	"bihuan/notice"
	"bihuan/web/frame"
)

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -path .

// pages draws and serves this area.
type pages struct{ notice *notice.Service }

// Routes registers the area's pages.
func Routes(f *frame.App, n *notice.Service) {
	p := pages{n}
	f.Handle("GET /notices", p.inbox)
	f.Handle("POST /notices/{id}/open", p.open)
	f.Handle("POST /notices/read", p.readAll)
	f.Handle("GET /admin/notices", p.admin)
	f.Handle("POST /admin/notices/addresses", p.setAddress)
	f.Handle("POST /admin/notices/addresses/{unit}/delete", p.dropAddress)
	f.Handle("POST /admin/notices/addresses/{unit}/test", p.testMail)
	f.Handle("POST /admin/notices/hooks", p.addHook)
	f.Handle("POST /admin/notices/hooks/{id}/disable", p.disableHook)
	f.Handle("POST /admin/notices/hooks/{id}/test", p.testHook)
	f.Handle("GET /admin/notices/log", p.log)
}
