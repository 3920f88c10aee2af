package sheet

import (
	"context"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/blob"
	"bihuan/kit/db"
	"bihuan/kit/job"
	"bihuan/org"
	"bihuan/register"
)

// Records is what this package needs of the register room.
type Records interface {
	// Enter makes records of the drafts in one transaction. also runs in it after
	// them with the refusal of each draft, nil for one that was entered; when it
	// fails nothing is written. A refused draft leaves nothing behind.
	Enter(ctx context.Context, p org.Principal, drafts []register.Draft, also func(tx *db.Tx, refused []error) error) error
	// List gives a page of records and the number of all.
	List(ctx context.Context, p org.Principal, q register.Query) ([]register.Record, int, error)
}

// Box seals what must not lie open on a disk.
type Box interface {
	Seal(plain []byte, context string) (string, error)
	Open(sealed, context string) ([]byte, error)
}

// Parts are what the service is made of.
type Parts struct {
	DB      *db.DB
	Log     *audit.Log
	Pack    *city.Pack
	Catalog *register.Catalog
	Records Records
	Blobs   blob.Store
	Box     Box
	Wake    func() // called when background work was ordered; may be nil
}

// Service has the use cases of spreadsheets.
type Service struct {
	Parts
	chunk int // rows entered in one transaction
	page  int // records fetched at a time for an export
}

// New makes the service.
func New(parts Parts) *Service { return &Service{Parts: parts, chunk: 250, page: 4000} }

// The background work of imports; the payload is the import's id.
const (
	checkJob job.Kind[string] = "register.import.check"
	enterJob job.Kind[string] = "register.import.enter"
)

// Handle sets the background work of imports.
func (s *Service) Handle(r *job.Registry) {
	job.Handle(r, checkJob, func(ctx context.Context, _ job.Job, id string) error { return s.check(ctx, id) })
	job.Handle(r, enterJob, func(ctx context.Context, _ job.Job, id string) error { return s.enter(ctx, id) })
}

func (s *Service) wake() {
	if s.Wake != nil {
		s.Wake()
	}
}
