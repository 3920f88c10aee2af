package plan

import (
	"context"
	"strings"

	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan/read"
)

// Background is what lies behind an import: its file, where the document says
// what it is, the log of corrections, and what was done with it.
type Background struct {
	Import  Import
	Paper   Paper
	Read    bool         // the document has been read: Review has a draft to show
	Front   []read.Field // where title, number and date stand
	Issuers []read.Text
	Notes   []read.Text // sentences about all following tasks
	Log     []Logged
	Audit   []audit.Record // newest first
}

// Paper is a document as it was handed in.
type Paper struct {
	ID       string
	Name     string
	Format   string
	Encoding string
	Size     int64
	Pages    int
	Warnings []string // what the reader of the file could not be sure of
}

// Background gives what lies behind an import, to those who may see the import.
func (s *Service) Background(ctx context.Context, p org.Principal, id string) (b Background, err error) {
	defer errs.Wrap(&err, "plan.Background(%s)", id)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if b.Import, err = importByID(tx, id); err != nil {
			return err
		}
		im := b.Import
		if err := s.maySee(p, im); err != nil {
			return err
		}
		if b.Paper, err = paperOf(tx, im.DocumentID); err != nil {
			return err
		}
		if b.Audit, err = s.log.List(tx, audit.Filter{ObjectKind: "import", ObjectID: id, Limit: 1000}); err != nil {
			return err
		}
		// An import may have been given up before its document was read.
		if err := tx.One(noImport(), func(r db.Scanner) error { return r.Scan(&b.Read) }, "SELECT reading <> '' FROM import WHERE id = $1", id); err != nil || !b.Read {
			return err
		}
		return b.addReading(tx, im)
	})
	return b, err
}

func (b *Background) addReading(tx *db.Tx, im Import) error {
	reading, _, err := readingOf(tx, im)
	if err != nil {
		return err
	}
	all, err := correctionsOf(tx, im.ID)
	if err != nil {
		return err
	}
	b.Front, b.Issuers, b.Notes = reading.Front, reading.Issuers, reading.Notes
	b.Log, err = History(reading, all)
	return err
}

func paperOf(tx *db.Tx, id string) (p Paper, err error) {
	var warnings string
	err = tx.One(noImport(), func(r db.Scanner) error {
		return r.Scan(&p.ID, &p.Name, &p.Format, &p.Encoding, &p.Size, &p.Pages, &warnings)
	}, "SELECT id, name, format, encoding, size, pages, warnings FROM document WHERE id = $1", id)
	p.Warnings = strings.FieldsFunc(warnings, func(r rune) bool { return r == '\n' })
	return p, err
}

// Allowed is what a person may do with an import, for pages that hide what would
// be refused. The use cases check again.
type Allowed struct {
	Correct bool  // correct, submit and discard, while the state lets anybody
	Publish error // nil when the person may publish or return it, else why not
}

// Allowed tells what a person may do with an import.
func (s *Service) Allowed(p org.Principal, im Import) Allowed {
	return Allowed{Correct: s.mayCorrect(p, im) == nil, Publish: s.mayPublish(p, im)}
}
