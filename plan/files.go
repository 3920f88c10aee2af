package plan

import (
	"context"

	"bihuan/kit/db"
	"bihuan/kit/errs"
)

// MissingFiles names the rows whose document or proof is not in the blob store,
// and tells how many references were checked. A sound store has none missing.
func (s *Service) MissingFiles(ctx context.Context) (missing []string, checked int, err error) {
	defer errs.Wrap(&err, "plan.MissingFiles")
	var refs [][2]string
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.Each(func(r db.Scanner) error {
			var ref [2]string
			if err := r.Scan(&ref[0], &ref[1]); err != nil {
				return err
			}
			refs = append(refs, ref)
			return nil
		}, `SELECT 'document ' || id, blob_hash FROM document
			UNION ALL SELECT 'progress ' || id, proof_hash FROM progress WHERE proof_hash <> ''
			UNION ALL SELECT 'milestone ' || id, proof_hash FROM milestone WHERE proof_hash <> ''
			UNION ALL SELECT 'task_move ' || id, proof_hash FROM task_move WHERE proof_hash <> ''`)
	})
	if err != nil {
		return nil, 0, err
	}
	known := map[string]bool{}
	for _, ref := range refs {
		there, done := known[ref[1]]
		if !done {
			f, _, err := s.blobs.Open(ref[1])
			if there = err == nil; there {
				_ = f.Close()
			}
			known[ref[1]] = there
		}
		if !there {
			missing = append(missing, ref[0])
		}
	}
	return missing, len(refs), nil
}
