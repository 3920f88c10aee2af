package register

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"bihuan/kit/blob"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// MaxProof is the largest evidence file, in bytes.
const MaxProof = 20 << 20

// keptFile is an evidence file whose bytes are in the store.
type keptFile struct {
	File
	ref  blob.Ref
	kind blob.Kind
}

// keep stores the evidence files of a draft before the transaction that names them.
func (s *Service) keep(ctx context.Context, d *Definition, files []File) (kept []keptFile, err error) {
	for _, f := range files {
		i := slices.IndexFunc(d.Proof, func(k ProofKind) bool { return k.ID == f.Kind })
		if i < 0 {
			return nil, errs.New(errs.Invalid, "这个台账没有“%s”这种佐证", f.Kind)
		}
		data, err := io.ReadAll(io.LimitReader(f.Data, MaxProof+1))
		if err != nil {
			return nil, errs.New(errs.Invalid, "“%s”没有传完整：请重试", f.Name).Because(err)
		}
		switch {
		case len(data) == 0:
			return nil, errs.New(errs.Invalid, "“%s”是空文件", f.Name)
		case len(data) > MaxProof:
			return nil, errs.New(errs.TooLarge, "“%s”超过 %d MB 的上限", f.Name, MaxProof>>20)
		}
		kind, err := blob.Sniff(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return nil, err
		}
		if d.Proof[i].Photo && !strings.HasPrefix(kind.MIME, "image/") {
			return nil, errs.New(errs.Invalid, "“%s”要求照片，“%s”是%s", d.Proof[i].Label, f.Name, kind.Name)
		}
		ref, err := s.parts.Blobs.Put(ctx, bytes.NewReader(data), MaxProof)
		if err != nil {
			return nil, err
		}
		kept = append(kept, keptFile{f, ref, kind})
	}
	return kept, nil
}

func addProof(tx *db.Tx, p org.Principal, record string, f keptFile) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO record_proof (id, record_id, kind, hash, name, media, size, falsified, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9)",
		id, record, f.Kind, f.ref.Hash, f.Name, f.kind.MIME, f.ref.Size, p.Name, tx.NowMilli())
	return err
}

func proofs(tx *db.Tx, id string) (all []Proof, err error) {
	err = tx.Each(func(r db.Scanner) error {
		var x Proof
		var at int64
		err := r.Scan(&x.ID, &x.Kind, &x.Hash, &x.Name, &x.Media, &x.Size, &x.Falsified, &x.AddedBy, &at)
		x.AddedAt = moment(at)
		all = append(all, x)
		return err
	}, "SELECT id, kind, hash, name, media, size, falsified, added_by, added_at FROM record_proof WHERE record_id = $1 ORDER BY added_at, id", id)
	return all, err
}

// Attach adds an evidence file to a record. Files are never taken away: a wrong one
// is marked.
func (s *Service) Attach(ctx context.Context, p org.Principal, id string, f File) (err error) {
	defer errs.Wrap(&err, "register.Attach(%s)", id)
	v, err := s.Get(ctx, p, id)
	if err != nil {
		return err
	}
	if err := s.mayAttach(p, v.Definition, v.Record); err != nil {
		return err
	}
	files, err := s.keep(ctx, v.Definition, []File{f})
	if err != nil {
		return err
	}
	return s.parts.DB.Write(ctx, func(tx *db.Tx) error { return s.attach(tx, p, id, files[0]) })
}

// attach adds a file whose bytes are kept. What was allowed before they came is asked
// again: they may have taken a while.
func (s *Service) attach(tx *db.Tx, p org.Principal, id string, f keptFile) error {
	r, d, err := s.load(tx, id)
	if err != nil {
		return err
	}
	if err := s.mayAttach(p, d, r); err != nil {
		return err
	}
	if err := roomFor(d, r, f.Kind); err != nil {
		return err
	}
	if err := addProof(tx, p, id, f); err != nil {
		return err
	}
	if r.Proofs, err = proofs(tx, id); err != nil {
		return err
	}
	if err := s.reflag(tx, d, nil, r); err != nil {
		return err
	}
	return s.event(tx, p, d, r, Event{Move: "proof", From: r.Stage, To: r.Stage, Reason: f.Name})
}

// mayAttach lets the reporter and whoever the record was handed to add evidence.
func (s *Service) mayAttach(p org.Principal, d *Definition, r Record) error {
	if !r.Falsified && (s.mayEdit(p, d, r) || s.is(p, d, r, ByAssignee) || s.is(p, d, r, ByDispatch)) {
		return nil
	}
	return s.editRefusal(p, d, r)
}

// roomFor refuses more files of a kind than a record may carry.
func roomFor(d *Definition, r Record, kind string) error {
	n := 0
	for _, x := range r.Proofs {
		if x.Kind == kind && !x.Falsified {
			n++
		}
	}
	for _, k := range d.Proof {
		if k.ID == kind && k.Most > 0 && n >= k.Most {
			return errs.New(errs.Conflict, "“%s”最多 %d 个文件", k.Label, k.Most)
		}
	}
	return nil
}

// Proof opens an evidence file of a record and gives its media type.
func (s *Service) Proof(ctx context.Context, p org.Principal, id, proof string) (f io.ReadSeekCloser, x Proof, err error) {
	defer errs.Wrap(&err, "register.Proof(%s)", proof)
	v, err := s.Get(ctx, p, id)
	if err != nil {
		return nil, x, err
	}
	i := slices.IndexFunc(v.Proofs, func(x Proof) bool { return x.ID == proof })
	if i < 0 {
		return nil, x, errs.New(errs.NotFound, "没有这个佐证文件")
	}
	f, _, err = s.parts.Blobs.Open(v.Proofs[i].Hash)
	return f, v.Proofs[i], err
}

// MissingFiles names the evidence whose bytes are not in the store.
func (s *Service) MissingFiles(ctx context.Context) (missing []string, checked int, err error) {
	defer errs.Wrap(&err, "register.MissingFiles")
	var refs [][2]string
	if err := s.parts.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.Each(func(r db.Scanner) error {
			var ref [2]string
			err := r.Scan(&ref[0], &ref[1])
			refs = append(refs, ref)
			return err
		}, "SELECT MIN(id), hash FROM record_proof GROUP BY hash ORDER BY hash")
	}); err != nil {
		return nil, 0, err
	}
	for _, ref := range refs {
		f, _, err := s.parts.Blobs.Open(ref[1])
		if err != nil {
			missing = append(missing, fmt.Sprintf("record_proof %s", ref[0]))
			continue
		}
		_ = f.Close() // read only
	}
	return missing, len(refs), nil
}
