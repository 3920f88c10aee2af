// Package imports holds the pages on which a document becomes a list: handing a
// file in, waiting for its reading, checking and correcting what was read beside
// the original text, comparing a new version with the list it renews, and
// publishing by a second person.
//
// What belongs here: turning forms into corrections and reviews into pages. What
// does not: any rule about what a correction does or who may publish; those are
// in the room plan.
package imports

import (
	"bihuan/web/frame"
)

// area is this part of the pages: its handlers are its methods.
type area struct{ app *frame.App }

// Routes registers all pages of this area.
func Routes(a *frame.App) {
	h := area{a}
	for pattern, handler := range map[string]frame.Handler{
		"GET /imports":                             h.list,
		"GET /imports/new":                         h.newForm,
		"POST /imports/new":                        h.upload,
		"GET /imports/{id}":                        h.review,
		"GET /imports/{id}/info":                   h.infoForm,
		"POST /imports/{id}/info":                  h.saveInfo,
		"GET /imports/{id}/items/{item}":           h.itemForm,
		"POST /imports/{id}/items/{item}":          h.saveItem,
		"GET /imports/{id}/items/{item}/split":     h.splitForm,
		"POST /imports/{id}/items/{item}/split":    h.split,
		"POST /imports/{id}/items/{item}/{action}": h.act,
		"GET /imports/{id}/add/{kind}":             h.addForm,
		"POST /imports/{id}/add/{kind}":            h.add,
		"POST /imports/{id}/undo":                  h.undo,
		"POST /imports/{id}/submit":                h.submit,
		"POST /imports/{id}/discard":               h.discard,
		"GET /imports/{id}/log":                    h.log,
		"GET /imports/{id}/compare":                h.compare,
		"POST /imports/{id}/compare":               h.decide,
		"POST /imports/{id}/compare/rest":          h.decideRest,
		"GET /imports/{id}/publish":                h.publishForm,
		"POST /imports/{id}/publish":               h.publish,
		"POST /imports/{id}/return":                h.giveBack,
		"GET /documents/{id}":                      h.document,
	} {
		a.Handle(pattern, handler)
	}
}
