// Package registers draws the pages of the registers: the overview with what each
// counts, lists, one record with its proofs and moves, the queue of what waits for a
// person, imports of workbooks, spot checks, and each definition in words.
//
// Everything on these pages comes from a register's definition: columns, inputs,
// stages, moves and counts. What belongs here: reading the form, calling the use case
// of register or register/sheet, and putting its answer into words and components.
// What does not: any rule of the business; permission is checked by the use cases,
// and pages only hide what the person may not do.
//
// One file for each page or group of actions; small forms share formPage.
package registers

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -path .
