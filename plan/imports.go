package plan

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/job"
	"bihuan/org"
	"bihuan/plan/read"
)

// MaxDocument is the largest document that can be handed in, in bytes.
const MaxDocument = 50 << 20

// ReadJob is the kind of the background job that reads an uploaded document.
const ReadJob job.Kind[string] = "plan.read"

// ImportState is where an import stands.
type ImportState string

// The states of an import.
const (
	ImportReading   ImportState = "reading"
	ImportFailed    ImportState = "failed"
	ImportDraft     ImportState = "draft"
	ImportSubmitted ImportState = "submitted"
	ImportPublished ImportState = "published"
	ImportDiscarded ImportState = "discarded"
)

// ImportStates lists the states with their labels.
var ImportStates = []Term[ImportState]{
	{ImportReading, "正在识别"}, {ImportFailed, "无法识别"}, {ImportDraft, "待核对"},
	{ImportSubmitted, "待发布"}, {ImportPublished, "已发布"}, {ImportDiscarded, "已放弃"},
}

// Label is the state in the words of officials.
func (s ImportState) Label() string { return labelOf(ImportStates, s) }

// Import is one document on its way to becoming a list.
type Import struct {
	ID          string
	DocumentID  string
	Kind        Kind
	State       ImportState
	Title       string
	FileName    string
	PlanID      string // the list it became, or the list of which it is a new version
	ParentID    string
	Territory   city.TerritoryID
	Unit        city.UnitID
	Problem     string // why it could not be read
	Revision    int
	CreatedBy   string
	CreatorName string
	CreatedAt   time.Time
	SubmittedBy string
	DecidedBy   string
	Note        string // why it was returned, or what the publisher remarked
}

// Editable reports whether corrections can be made.
func (i Import) Editable() bool { return i.State == ImportDraft }

// Upload is what a person hands in.
type Upload struct {
	Name      string
	Data      io.Reader
	Kind      Kind
	PlanID    string // set when this is a new version of that list
	ParentID  string // the city's plan, for a county's list or a special plan
	Territory city.TerritoryID
	Unit      city.UnitID
}

// importScope is the permission that importing needs: everyone's plan needs the
// dispatcher, a county may bring in its own list.
func importScope(kind Kind, t city.TerritoryID) (org.Action, org.Scope) {
	if kind == KindCounty {
		return org.CountyListImport, org.Scope{Territory: string(t)}
	}
	return org.PlanImport, org.Scope{}
}

// Import stores a document and starts to read it. It answers as soon as the
// document is safe; the reading appears when the background job has run.
func (s *Service) Import(ctx context.Context, p org.Principal, u Upload) (id string, err error) {
	defer errs.Wrap(&err, "plan.Import")
	if err := p.May(importScope(u.Kind, u.Territory)); err != nil {
		return "", err
	}
	if err := s.checkUpload(ctx, &u); err != nil {
		return "", err
	}
	ref, err := s.blobs.Put(ctx, u.Data, MaxDocument)
	if err != nil {
		return "", err
	}
	if ref.Size == 0 {
		return "", errs.New(errs.Invalid, "文件是空的：请重新选择文件")
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		doc, err := tx.NewID()
		if err != nil {
			return err
		}
		if id, err = tx.NewID(); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO document (id, blob_hash, name, format, encoding, size, body, pages, warnings, uploaded_by, uploaded_at)
			VALUES ($1, $2, $3, '', '', $4, '', 0, '', $5, $6)`, doc, ref.Hash, u.Name, ref.Size, p.ID, tx.NowMilli()); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO import (id, document_id, kind, state, title, plan_id, parent_id, territory_id, unit_id, reading, problem,
			revision, created_by, creator_name, created_at, submitted_by, submitted_at, decided_by, decided_at, note)
			VALUES ($1, $2, $3, 'reading', $4, $5, $6, $7, $8, '', '', 0, $9, $10, $11, '', 0, '', 0, '')`,
			id, doc, string(u.Kind), u.Name, u.PlanID, u.ParentID, string(u.Territory), string(u.Unit), p.ID, p.Name, tx.NowMilli()); err != nil {
			return err
		}
		if _, err := job.Enqueue(tx, ReadJob, id, job.Options{UniqueKey: id}); err != nil {
			return err
		}
		return s.record(tx, p, audit.Entry{Action: "plan.import", ObjectKind: "import", ObjectID: id, ObjectName: u.Name,
			After: map[string]any{"文件": u.Name, "字节": ref.Size, "SHA-256": ref.Hash, "类型": u.Kind.Label()}})
	})
	return id, err
}

// checkUpload holds the parts of an upload against each other and the stored lists.
func (s *Service) checkUpload(ctx context.Context, u *Upload) error {
	var c errs.Check
	u.Name = strings.TrimSpace(u.Name)
	c.Require(u.Name != "" && u.Data != nil, "file", "请选择文件")
	_, err := short(u.Name, 200)
	c.Add("file", err)
	c.Require(u.Kind == KindCity || u.Kind == KindCounty || u.Kind == KindSpecial, "kind", "请选择清单类型")
	if u.Kind == KindCounty {
		t, ok := s.pack.Territory(u.Territory)
		c.Require(ok && t.Kind != city.TerritoryPrefecture, "territory", "请选择县（市、区）或开发区")
	}
	if u.Kind == KindSpecial {
		_, ok := s.pack.Unit(u.Unit)
		c.Require(ok, "unit", "请选择牵头部门")
	}
	if u.Kind == KindCity {
		u.ParentID, u.Territory, u.Unit = "", "", ""
	}
	if err := c.Err(); err != nil {
		return err
	}
	return s.db.Read(ctx, func(tx *db.Tx) error {
		if u.PlanID != "" {
			old, err := planByID(tx, u.PlanID)
			if err != nil {
				return err
			}
			if old.Kind != u.Kind || old.Territory != u.Territory || old.Unit != u.Unit {
				return errs.New(errs.Invalid, "新版本的类型、地区和部门应与原清单“%s”一致", old.Title)
			}
			u.ParentID = old.ParentID
		} else if u.Kind != KindCity {
			parent, err := planByID(tx, u.ParentID)
			if err != nil || parent.Kind != KindCity {
				return fieldError("parent", "请选择所属的市级总清单")
			}
		}
		return nil
	})
}

// RunRead is the background job: it reads the document of an import. It may run
// again after a crash; an import that is no longer waiting is left alone.
func (s *Service) RunRead(ctx context.Context, id string) (err error) {
	defer errs.Wrap(&err, "plan.RunRead(%s)", id)
	var im Import
	var hash string
	if err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if im, err = importByID(tx, id); err != nil {
			return err
		}
		hash, err = documentHash(tx, im.DocumentID)
		return err
	}); err != nil {
		return err
	}
	if im.State != ImportReading {
		return nil
	}
	data, err := s.bytesOf(hash)
	if err != nil {
		return err
	}
	doc, err := s.load(ctx, im.FileName, data)
	if err != nil {
		return s.failRead(ctx, im, err)
	}
	reading := read.Parse(doc.Text, read.Options{Name: im.FileName})
	encoded, err := json.Marshal(reading)
	if err != nil {
		return fmt.Errorf("encode the reading: %w", err)
	}
	title := reading.Title
	if title == "" {
		title = im.FileName
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec("UPDATE import SET state = 'draft', title = $2, reading = $3 WHERE id = $1 AND state = 'reading'", id, title, string(encoded))
		if err != nil || n == 0 { // given up meanwhile, or read by the same job started twice
			return err
		}
		if _, err := tx.Exec("UPDATE document SET format = $2, encoding = $3, body = $4, pages = $5, warnings = $6 WHERE id = $1",
			im.DocumentID, string(doc.Format), doc.Encoding, doc.Text, doc.Pages, strings.Join(doc.Warnings, "\n")); err != nil {
			return err
		}
		return s.record(tx, org.Job("识别文件"), audit.Entry{Action: "plan.read", ObjectKind: "import", ObjectID: id, ObjectName: title,
			After: map[string]any{"任务": len(reading.Tasks), "格式": doc.Format}})
	})
}

// failRead keeps a refusal that the user can act on with the import; a fault of
// ours goes back to the job runner, which tries again.
func (s *Service) failRead(ctx context.Context, im Import, cause error) error {
	var e *errs.Error
	if !errors.As(cause, &e) || ctx.Err() != nil {
		return cause
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec("UPDATE import SET state = 'failed', problem = $2 WHERE id = $1 AND state = 'reading'", im.ID, e.Message)
		if err != nil || n == 0 {
			return err
		}
		return s.record(tx, org.Job("识别文件"), audit.Entry{Action: "plan.read_failed", ObjectKind: "import", ObjectID: im.ID, ObjectName: im.FileName, Reason: e.Message})
	})
}

func (s *Service) bytesOf(hash string) ([]byte, error) {
	f, _, err := s.blobs.Open(hash)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	var b bytes.Buffer
	if _, err := io.Copy(&b, f); err != nil {
		return nil, fmt.Errorf("read blob %s: %w", hash, err)
	}
	return b.Bytes(), nil
}
