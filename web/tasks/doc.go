// Package tasks draws the pages about the list and the work on it: the task list
// with its filters and exports, one task, reporting and verifying figures,
// milestones, sharing targets out, lists (plans) and the search.
//
// What belongs here: reading the form, calling the use case of plan or supervise,
// and putting its answer into words and components. What does not: any rule of
// the business; permission is checked by the use cases, and pages only hide what
// the person may not do.
//
// One file for each page or group of actions; small forms share formPage.
package tasks

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -path .
