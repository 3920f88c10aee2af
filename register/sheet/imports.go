package sheet

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/job"
	"bihuan/org"
	"bihuan/register"
)

// MaxFile is the largest file that can be handed in, in bytes.
const MaxFile = 30 << 20

// sealedLimit bounds a sealed file: base64 and a head.
const sealedLimit = MaxFile*4/3 + 4096

func (s *Service) definition(id register.ID) (*register.Definition, error) {
	d, ok := s.Catalog.Get(id)
	if !ok {
		return nil, errs.New(errs.NotFound, "没有这个台账")
	}
	return d, nil
}

// mayImport asks whether the person may enter records of the register at all;
// which territories' is asked row by row.
func (s *Service) mayImport(p org.Principal, d *register.Definition) error {
	if d.Anonymous {
		return errs.New(errs.Forbidden, "“%s”不记录由谁登记，请逐条填写：导入会留下导入人", d.Name)
	}
	if mayEnter(p, d, "") || p.TerritoryID != string(s.Pack.Root().ID) && mayEnter(p, d, city.TerritoryID(p.TerritoryID)) {
		return nil
	}
	if err := p.May(org.RegisterEdit, p.Self()); err != nil {
		return err
	}
	return errs.New(errs.Forbidden, "“%s”不由您的单位登记", d.Name)
}

// sealFor names what a sealed file belongs to.
func sealFor(id string) string { return "register import " + id }

// Upload keeps a file, sealed, and orders its dry run. It answers as soon as the
// file is safe.
func (s *Service) Upload(ctx context.Context, p org.Principal, id register.ID, name string, r io.Reader) (importID string, err error) {
	defer errs.Wrap(&err, "sheet.Upload(%s)", id)
	d, err := s.definition(id)
	if err != nil {
		return "", err
	}
	if err := s.mayImport(p, d); err != nil {
		return "", err
	}
	plain, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("receive the file: %w", err)
	case len(plain) > MaxFile:
		return "", errs.New(errs.TooLarge, "文件超过 %d MB，请分成几个文件上传", MaxFile>>20)
	case len(plain) == 0:
		return "", errs.New(errs.Invalid, "文件是空的：请重新选择文件")
	}
	if importID, err = db.NewID(s.DB.Now(), s.DB.Entropy()); err != nil {
		return "", err
	}
	sealed, err := s.Box.Seal(plain, sealFor(importID))
	if err != nil {
		return "", err
	}
	ref, err := s.Blobs.Put(ctx, strings.NewReader(sealed), sealedLimit)
	if err != nil {
		return "", err
	}
	if name = strings.TrimSpace(name); name == "" {
		name = d.Name
	}
	i := Import{ID: importID, Register: id, Name: clip(name), State: Uploaded, ByID: p.ID, ByName: p.Name,
		Unit: city.UnitID(p.UnitID), hash: ref.Hash, principal: acting(p)}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := insertImport(tx, i); err != nil {
			return err
		}
		if _, err := job.Enqueue(tx, checkJob, importID, job.Options{UniqueKey: importID}); err != nil {
			return err
		}
		return s.Log.Append(tx, p.Actor(), audit.Entry{Action: "register.import", ObjectKind: "register_import", ObjectID: importID, ObjectName: i.Name,
			After: map[string]any{"台账": d.Name, "文件": i.Name, "字节": len(plain)}})
	})
	if err != nil {
		return "", err
	}
	s.wake()
	return importID, nil
}

// file opens the kept file of an import.
func (s *Service) file(i Import) (*bytes.Reader, error) {
	r, _, err := s.Blobs.Open(i.hash)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	var sealed strings.Builder
	if _, err := io.Copy(&sealed, io.LimitReader(r, sealedLimit)); err != nil {
		return nil, fmt.Errorf("read the file of import %s: %w", i.ID, err)
	}
	plain, err := s.Box.Open(sealed.String(), sealFor(i.ID))
	if err != nil {
		return nil, err
	}
	return bytes.NewReader(plain), nil
}

// own gives an import to the person who brought it: nobody else, since the file
// holds what is masked everywhere else.
func own(tx *db.Tx, p org.Principal, id string) (Import, error) {
	i, err := importByID(tx, id)
	if err == nil && (p.ID == "" || i.ByID != p.ID) {
		return Import{}, noImport()
	}
	return i, err
}

// Get gives an import, to the person who brought it.
func (s *Service) Get(ctx context.Context, p org.Principal, id string) (i Import, err error) {
	defer errs.Wrap(&err, "sheet.Get(%s)", id)
	err = s.DB.Read(ctx, func(tx *db.Tx) error { i, err = own(tx, p, id); return err })
	return i, err
}

// Cells gives a page of the bad cells of an import and the number of all.
func (s *Service) Cells(ctx context.Context, p org.Principal, id string, offset, limit int) (bad []BadCell, total int, err error) {
	defer errs.Wrap(&err, "sheet.Cells(%s)", id)
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		i, err := own(tx, p, id)
		if err != nil {
			return err
		}
		total = i.Cells
		bad, err = cellsOf(tx, id, max(0, offset), limit)
		return err
	})
	return bad, total, err
}

// List gives the person's imports into a register, the newest first; "" for all registers.
func (s *Service) List(ctx context.Context, p org.Principal, id register.ID) (list []Import, err error) {
	defer errs.Wrap(&err, "sheet.List")
	if p.ID == "" {
		return nil, p.May(org.RegisterRead, org.Scope{})
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error { list, err = importsOf(tx, p.ID, id); return err })
	return list, err
}

// Start enters the good rows of a checked import; the bad ones stay out. Starting
// an import whose work was given up lets it go on where it stopped.
func (s *Service) Start(ctx context.Context, p org.Principal, id string) (err error) {
	defer errs.Wrap(&err, "sheet.Start(%s)", id)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		i, err := own(tx, p, id)
		if err != nil {
			return err
		}
		d, err := s.definition(i.Register)
		if err != nil {
			return err
		}
		if err := s.mayImport(p, d); err != nil {
			return err
		}
		switch {
		case i.State == Uploaded || i.State == Checking:
			_, err = job.Enqueue(tx, checkJob, id, job.Options{UniqueKey: id})
			return err
		case i.State == Importing:
			_, err = job.Enqueue(tx, enterJob, id, job.Options{UniqueKey: id})
			return err
		case i.State != Checked:
			return errs.New(errs.Conflict, "这次导入%s，不能再导入", i.State.Label())
		case i.Good == 0:
			return errs.New(errs.Conflict, "没有可以导入的行，请下载待修改的文件，改好后重新上传")
		}
		return s.begin(tx, p, i)
	})
	if err == nil {
		s.wake()
	}
	return err
}

// begin brings a checked import to its entry, which starts at the top of the file.
func (s *Service) begin(tx *db.Tx, p org.Principal, i Import) error {
	if err := move(tx, i.ID, Checked, Importing); err != nil {
		return err
	}
	from := i.Row
	i.State, i.Row, i.principal = Importing, 0, acting(p)
	if err := save(tx, i, from); err != nil {
		return err
	}
	if err := savePrincipal(tx, i); err != nil {
		return err
	}
	if _, err := job.Enqueue(tx, enterJob, i.ID, job.Options{UniqueKey: i.ID}); err != nil {
		return err
	}
	return s.Log.Append(tx, p.Actor(), audit.Entry{Action: "register.import_start", ObjectKind: "register_import", ObjectID: i.ID, ObjectName: i.Name,
		After: map[string]any{"可导入": i.Good, "有问题": i.Bad}})
}

// Cancel ends an import; what has been entered stays.
func (s *Service) Cancel(ctx context.Context, p org.Principal, id string) (err error) {
	defer errs.Wrap(&err, "sheet.Cancel(%s)", id)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		i, err := own(tx, p, id)
		if err != nil {
			return err
		}
		if !i.State.Running() && i.State != Checked {
			return errs.New(errs.Conflict, "这次导入%s，不能取消", i.State.Label())
		}
		if err := move(tx, id, i.State, Cancelled); err != nil {
			return err
		}
		return s.Log.Append(tx, p.Actor(), audit.Entry{Action: "register.import_cancel", ObjectKind: "register_import", ObjectID: id, ObjectName: i.Name,
			After: map[string]any{"已导入": i.Entered}})
	})
}

// acting is the principal as an import keeps it: who acts and with which rights,
// without the session.
func acting(p org.Principal) org.Principal {
	return org.Principal{ID: p.ID, Name: p.Name, UnitID: p.UnitID, UnitName: p.UnitName, TerritoryID: p.TerritoryID, Roles: p.Roles, Via: p.Via}
}
