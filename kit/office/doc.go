// Package office reads and writes the formats of office suites, and knows
// nothing of the business: text out of PDF and Word files that strangers made,
// and workbooks for the people who want their lists in a spreadsheet.
//
// Everything read here is hostile until shown otherwise. PDF is parsed in a
// child process with limits on time, memory and output; Word files are read
// with limits on entries, sizes and nesting. A file that cannot be read is
// refused with an errs.Invalid or errs.TooLarge error whose message says, in
// the user's language, what to do next.
package office
