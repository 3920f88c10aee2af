// Package frame is what all pages share: who is asking, how a page is drawn, how
// an error is shown, forms, uploads, messages after an action, and the headers
// that keep a browser safe.
//
// A page is a Handler: a function that gets a *Ctx and returns an error. Each
// reads in one order: parse → do → redirect or render; the use case itself checks
// the permission. Areas of pages (entry, lists, cockpit, admin) stand beside this
// package and register their routes on it; no rule of the business lives in any.
package frame

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -path .
