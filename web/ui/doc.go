// Package ui is the design system: the typed pieces from which every page is
// drawn. It knows nothing of the business; pages hand it texts, numbers and
// addresses that are already decided.
//
// Most pieces are plain structs that are components themselves, so a page
// writes @ui.Light{Level: ui.Red, Reason: "…"}. Pieces that wrap other content
// (Page, Section, Form, FilterBar, Dialog) take it as children.
//
// What holds for every piece: it works without JavaScript unless its comment
// says otherwise; it carries no style or on… attribute, so it lives under
// assets.CSP; colour never speaks alone, a light has a shape and a word too;
// every text is escaped.
//
// The files: base (page frame), table, filter, field (forms), light, progress,
// chart (drawn as SVG on the server), tile, tree, timeline, source, dialog,
// parts (small pieces), icon, format, text (the words the pieces say
// themselves), styleguide (all of them on one page).
package ui

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -path .
