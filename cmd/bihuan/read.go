package main

import (
	"context"
	"encoding/json"
	"io"

	"bihuan/kit/office"
	"bihuan/plan/read"
	"bihuan/plan/source"
)

// readCmd reads a document without storing anything.
type readCmd struct {
	pdf
	File string `arg:"" help:"The document: .txt, .md, .docx, .pdf or .html." type:"path"`
	JSON bool   `help:"Print JSON for programs."`
	Text bool   `help:"Print the text that was taken out of the document, and stop."`
	Year int    `help:"The year of the plan, when the document does not say it."`
}

// Run prints what was read.
func (c *readCmd) Run(ctx context.Context, s Streams) error {
	tools, err := reader(userCache(), c.limits())
	if err != nil {
		return err
	}
	doc, err := source.LoadFile(ctx, c.File, tools)
	if err != nil {
		return err
	}
	if c.Text {
		_, err := io.WriteString(s.Out, doc.Text)
		return err
	}
	p := read.Parse(doc.Text, read.Options{Name: doc.Name, Year: c.Year})
	if c.JSON {
		enc := json.NewEncoder(s.Out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		return enc.Encode(p)
	}
	return read.WriteText(s.Out, p)
}

// internalCmd holds what the program starts itself.
type internalCmd struct {
	PDFExtract pdfExtractCmd `cmd:"" name:"pdf-extract"`
}

// pdfExtractCmd is the child process that opens PDF files.
type pdfExtractCmd struct{}

// Run reads a PDF from standard input and writes its text.
func (pdfExtractCmd) Run(ctx context.Context, s Streams) error {
	return office.PDFChild(ctx, s.In, s.Out)
}
