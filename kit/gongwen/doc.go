// Package gongwen writes, checks and previews official documents by
// GB/T 9704-2012 《党政机关公文格式》, and knows nothing of the business.
//
// A caller fills a Document: the elements of the form (文件格式, 信函格式 or
// 纪要格式) and the body as blocks of runs. Write makes the .docx, the same bytes
// for the same document. Check compares the document with the standard and with
// the national rules on what a department may demand. Preview gives the elements
// in their order for a page to draw, with the reference of every figure.
//
// Fonts are named as office machines have them and never embedded. The lines of
// a title break where the caller put "\n", else at equal lengths where a word ends.
package gongwen
