package plan

import (
	"context"

	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// DecideRest decides in one way all differences of a new version that nobody has
// decided yet: those of one kind, or all when kind is "". Each becomes a
// correction of its own, so that each can be seen and changed. It returns how
// many there were.
func (s *Service) DecideRest(ctx context.Context, p org.Principal, id string, revision int, kind DiffKind, choice Choice) (n int, err error) {
	defer errs.Wrap(&err, "plan.DecideRest(%s)", id)
	if choice != TakeNew && choice != KeepOld {
		return 0, errs.New(errs.Invalid, "请选择按新文件或保持原清单")
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		n = 0
		r, err := s.review(tx, p, id)
		if err != nil {
			return err
		}
		if err := s.mayCorrect(p, r.Import); err != nil {
			return err
		}
		if err := r.check(ImportDraft, revision); err != nil {
			return err
		}
		for _, d := range r.Differences {
			if d.Kind == DiffKept || d.Choice != "" || (kind != "" && d.Kind != kind) {
				continue
			}
			n++
			c := Correction{Op: OpDecide, Item: d.Key, Fields: map[string]string{"choice": string(choice)}, Seq: len(r.Corrections) + n}
			if err := insertCorrection(tx, p, id, c); err != nil {
				return err
			}
		}
		if n == 0 {
			return errs.New(errs.Conflict, "没有待决定的差别：请刷新页面")
		}
		return s.record(tx, p, audit.Entry{Action: "plan.decide", ObjectKind: "import", ObjectID: id, ObjectName: r.Title,
			After: map[string]any{"决定": string(choice), "处数": n}})
	})
	return n, err
}
