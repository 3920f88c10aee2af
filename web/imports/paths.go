package imports

import (
	"net/url"

	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

const listURL = "/imports"

// importURL is the address of an import or of a part of it.
func importURL(id string, parts ...string) string {
	u := listURL + "/" + url.PathEscape(id)
	for _, p := range parts {
		u += "/" + url.PathEscape(p)
	}
	return u
}

// reviewURL is the review page under a filter, at an item when item is not "".
func reviewURL(id, show, item string) string {
	u := importURL(id)
	if show != "" {
		u += "?show=" + url.QueryEscape(show)
	}
	if item != "" {
		u += "#item-" + item
	}
	return u
}

func listCrumb() ui.Crumb { return ui.Crumb{Label: "导入与核对", URL: listURL} }

func importCrumbs(im plan.Import) []ui.Crumb {
	return []ui.Crumb{listCrumb(), {Label: im.Title, URL: importURL(im.ID)}}
}

// loaded is an import as the pages need it.
type loaded struct {
	plan.Review
	back    plan.Background
	allowed plan.Allowed
	words   reader
}

// load reads the import that the address names. An import that has not been
// read, or never will be, has no draft: see plan.Background.Read.
func (a area) load(c *frame.Ctx) (l loaded, err error) {
	ctx, id := c.R.Context(), c.R.PathValue("id")
	if l.back, err = a.app.Plan.Background(ctx, c.P, id); err != nil {
		return l, err
	}
	l.Import = l.back.Import
	if l.back.Read {
		if l.Review, err = a.app.Plan.Review(ctx, c.P, id); err != nil {
			return l, err
		}
	}
	l.allowed = a.app.Plan.Allowed(c.P, l.Import)
	l.words = reader{a.app.Pack, l.Parents}
	return l, nil
}

// editable reports whether the person may correct the draft now.
func (l *loaded) editable() bool { return l.Editable() && l.allowed.Correct }

// loadDraft is load for pages that need a draft the person may correct.
func (a area) loadDraft(c *frame.Ctx) (loaded, error) {
	if err := c.Parse(); err != nil {
		return loaded{}, err
	}
	l, err := a.load(c)
	if err != nil {
		return l, err
	}
	return l, l.mustEdit()
}
