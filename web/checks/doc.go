// Package checks draws the pages of spot checks: the list of all draws with the form
// for a new one, and one draw with its steps, its records and what they show.
//
// What belongs here: reading the form, calling the use case of register, and putting
// its answer into words. What does not: any rule of the business; permission is
// checked by the use cases, and pages only hide what the person may not do.
package checks

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -path .
