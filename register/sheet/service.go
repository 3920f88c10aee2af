package sheet

import (
	"context"
	"io"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/blob"
	"bihuan/kit/db"
	"bihuan/kit/errs"
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
type Service struct{ Parts }

// New makes the service.
func New(parts Parts) *Service { return &Service{parts} }

// Template writes the empty spreadsheet of a register.
func (s *Service) Template(ctx context.Context, p org.Principal, id register.ID, w io.Writer) error {
	return errs.New(errs.Unavailable, "模板暂不可用")
}

// Upload keeps a file and orders its dry run.
func (s *Service) Upload(ctx context.Context, p org.Principal, id register.ID, name string, r io.Reader) (importID string, err error) {
	return "", errs.New(errs.Unavailable, "导入暂不可用")
}

// Get gives an import, to the person who brought it.
func (s *Service) Get(ctx context.Context, p org.Principal, id string) (Import, error) {
	return Import{}, errs.New(errs.NotFound, "没有这次导入")
}

// Cells gives a page of the bad cells of an import and the number of all.
func (s *Service) Cells(ctx context.Context, p org.Principal, id string, offset, limit int) ([]BadCell, int, error) {
	return nil, 0, errs.New(errs.NotFound, "没有这次导入")
}

// List gives the person's imports into a register, the newest first; "" for all registers.
func (s *Service) List(ctx context.Context, p org.Principal, id register.ID) ([]Import, error) {
	return nil, nil
}

// Start enters the good rows of a checked import.
func (s *Service) Start(ctx context.Context, p org.Principal, id string) error {
	return errs.New(errs.NotFound, "没有这次导入")
}

// Cancel ends an import; what has been entered stays.
func (s *Service) Cancel(ctx context.Context, p org.Principal, id string) error {
	return errs.New(errs.NotFound, "没有这次导入")
}

// Mend writes a spreadsheet of the bad rows, the bad cells marked.
func (s *Service) Mend(ctx context.Context, p org.Principal, id string, w io.Writer) error {
	return errs.New(errs.NotFound, "没有这次导入")
}

// Export writes the records of a query as a spreadsheet, personal fields masked.
func (s *Service) Export(ctx context.Context, p org.Principal, q register.Query, w io.Writer) error {
	return errs.New(errs.Unavailable, "导出暂不可用")
}

// Handle sets the background work of imports.
func (s *Service) Handle(r *job.Registry) {}
