// Package sheet moves records of registers in and out of spreadsheets.
//
// A register's template is an .xlsx with drop-downs and notes. What a person
// fills in goes through these states:
//
//	uploaded ─▶ checking ─▶ checked ─▶ importing ─▶ done
//	                │          │           │
//	                ▼          ▼           ▼
//	              failed   cancelled   cancelled, or failed
//
// Checking is a dry run over the whole file: every bad cell is kept with its row,
// column, what stood there and the reason. Importing then enters the good rows in
// chunks; each chunk and the place reached are one transaction, so that an import
// that was cut off goes on where it stopped, with no row twice and none half. The
// bad rows come back as a file to mend and hand in again.
package sheet
