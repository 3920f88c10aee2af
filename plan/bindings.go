package plan

import (
	"errors"
	"io/fs"
	"strings"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/strictyaml"
)

// bindingsFile names the file of a city pack that says where the values of the
// targets of its documents come from.
const bindingsFile = "measures/bindings.yaml"

// PackBinding is one line of the pack's bindings: it holds for the target of a
// document whose subject it names, under the task that it names.
type PackBinding struct {
	Document city.DocumentID
	Task     string // words of the task's title; "" when the subject alone is unique
	Subject  string
	Kind     MeasureKind
	Ref      string
	Note     string // why it is still reported, or what the counting rule takes for granted
}

// PackBindings reads the bindings of a pack; a pack without the file has none.
func PackBindings(pack *city.Pack) ([]PackBinding, error) {
	if _, err := fs.Stat(pack.Files, bindingsFile); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	folder := &strictyaml.Folder{FS: pack.Files, Name: "城市包"}
	v, _ := folder.YAML(bindingsFile)
	var all []PackBinding
	for _, item := range v.Items() {
		all = append(all, readBinding(item, pack))
	}
	if len(folder.Problems) > 0 {
		return nil, errs.New(errs.Invalid, "%s", folder.Problems.Sorted().Error())
	}
	return all, nil
}

func readBinding(v strictyaml.Value, pack *city.Pack) PackBinding {
	f := v.Mapping("document", "task", "subject", "kind", "ref", "note")
	document := f.Must("document", "文件编号")
	b := PackBinding{
		Document: city.DocumentID(document.ID()),
		Task:     f.May("task").Text(),
		Subject:  f.Must("subject", "目标的对象").Text(),
		Kind:     strictyaml.Choice(f.Must("kind", string(Register)), Register, Series, Ledger, Reported),
		Note:     f.May("note").Text(),
	}
	if _, ok := pack.Document(b.Document); !ok && document.Present() {
		document.Problem(strictyaml.Quote(string(b.Document)), "pack.yaml 中 documents 的编号")
	}
	ref := f.May("ref")
	b.Ref = ref.Text()
	if (b.Kind == Reported) == ref.Present() {
		v.Problem(strictyaml.Quote(b.Ref), "ref：单位填报不写，其他来源要写编号")
	}
	return b
}

// Fits reports whether the line speaks of this target.
func (b PackBinding) Fits(task string, t Target) bool {
	return squeeze(b.Subject) == squeeze(t.Subject) && strings.Contains(squeeze(task), squeeze(b.Task))
}

// sameDocument reports whether a list was read from a document of the pack: by
// number when both have one, else by title, always for the same year.
func sameDocument(p Plan, d city.PlanDocument) bool {
	if p.Kind != KindCity || p.Year != d.Year {
		return false
	}
	if p.DocNo != "" && d.Number != "" {
		return squeeze(p.DocNo) == squeeze(d.Number)
	}
	return squeeze(p.Title) == squeeze(d.Title)
}

// bindings are the lines of the pack that speak of a list.
func (s *Service) bindings(p Plan) ([]PackBinding, error) {
	all, err := PackBindings(s.pack)
	if err != nil {
		return nil, err
	}
	var ours []PackBinding
	for _, b := range all {
		if d, ok := s.pack.Document(b.Document); ok && sameDocument(p, d) {
			ours = append(ours, b)
		}
	}
	return ours, nil
}

// measureFor is the measure that the pack gives to a target. What no room serves
// yet, or does not fit, stays reported: publishing a list never waits for it.
func (s *Service) measureFor(lines []PackBinding, task string, t Target) Binding {
	for _, line := range lines {
		if !line.Fits(task, t) {
			continue
		}
		if b := (Binding{Kind: line.Kind, Ref: line.Ref}); s.checkBinding(t, b) == nil {
			return b
		}
	}
	return Binding{Kind: Reported}
}

// keptMeasure is the measure of a target in the next version of its list: what a
// person chose holds while it fits, and what was reported by a unit goes on being
// reported; else the pack decides.
func (b *publication) keptMeasure(old, t Target) (Binding, error) {
	if (old.Measure.Chosen || old.Measure.Bound()) && b.s.checkBinding(t, old.Measure) == nil {
		return old.Measure, nil
	}
	entries := 0
	if err := b.tx.One(nil, func(r db.Scanner) error { return r.Scan(&entries) },
		"SELECT count(*) FROM progress WHERE target_id = $1", old.ID); err != nil || entries > 0 {
		return Binding{Kind: Reported}, err
	}
	return t.Measure, nil
}
