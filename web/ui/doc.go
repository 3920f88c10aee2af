// Package ui is the design system: the typed pieces from which every page is
// drawn. It knows nothing of the business; pages hand it texts, numbers and
// addresses that are already decided.
//
// Most pieces are plain structs that are components themselves, so a page
// writes @ui.Light{Level: ui.Red, Reason: "…"}. Those that wrap other content (Page,
// BarePage, SectionBox, FormBox, FieldGroup, FormEnd, AlertBox, DialogBox) are
// functions that take it as children.
//
// What holds for every piece: it works without JavaScript unless its comment
// says otherwise; it carries no style or on… attribute, so it lives under
// assets.CSP; colour never speaks alone, a light has a shape and a word too;
// every text is escaped.
//
// Around the pieces a page uses these classes and no others of its own: grid
// (equal columns that wrap), split (wide and narrow side by side), stack (air
// between blocks), cluster (things in a row), actions (buttons in a row), prose
// (running text), quiet, small, nowrap, mt, mb, sr (for screen readers only),
// js-only, print-only, screen-only.
//
// With htmx, FilterBar and Form replace a part of the page when Target is set,
// Toast travels with the answer, and an HX-Trigger header {"toast":{"text":…,
// "kind":…}} shows a passing message. A Button with Dialog opens another page's
// <main> in a window; without scripts it leads there.
//
// The files: base (page frame), table (with pager and filter bar), field (forms
// and buttons), light (with bars and matrix), chart (progress and charts drawn as
// SVG on the server), source (documents with marked words), parts (everything
// small, tree, timeline, dialog, schematic map), icon, format, text (the words
// the pieces say themselves), styleguide (all of them on one page).
package ui

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -path .
