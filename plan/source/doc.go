// Package source turns a published document into plain text: .txt, .md, .html,
// .docx and .pdf as they are found on government sites, in the encodings found
// there. It knows files and formats and nothing of what a plan says; reading
// tasks and targets out of the text belongs to the reader of plans.
//
// The format is decided by the content, and by the name only where the content
// leaves a choice. Nothing is lost silently: what was left out or mended is a
// warning of the document, and a file that cannot be read is refused with a
// message that says what to do.
package source
