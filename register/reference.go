package register

import (
	"context"
	"maps"
	"strings"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// references refuses the name of a unit that the pack does not have, and of a record
// that is not there or of another register.
func (s *Service) references(tx *db.Tx, d *Definition, values map[string]string) error {
	var c errs.Check
	for _, f := range d.Fields {
		v := values[f.Name]
		switch {
		case v == "":
		case f.Type == UnitRef:
			_, ok := s.parts.Pack.Unit(city.UnitID(v))
			c.Require(ok, f.Name, "“%s”不是名录中的单位，请从列表中选择", f.Label)
		case f.Type == RecordRef:
			ok, err := exists(tx, "SELECT 1 FROM record r WHERE r.id = $1 AND r.register = $2", v, string(f.Of))
			if err != nil {
				return err
			}
			name := string(f.Of)
			if of, known := s.parts.Catalog.Get(f.Of); known {
				name = of.Name
			}
			c.Require(ok, f.Name, "“%s”：台账“%s”里没有这条记录，请重新选择", f.Label, name)
		}
	}
	return c.Err()
}

// tasks finds the tasks that values name. It asks another room, and so before a
// transaction begins.
type tasks struct {
	find func(name string) (id string, err error)
	seen map[string]string // ids by name, "" for none
}

func (s *Service) tasks(ctx context.Context, p org.Principal) *tasks {
	t := &tasks{seen: map[string]string{}}
	if s.parts.Task != nil {
		t.find = func(name string) (string, error) { return s.parts.Task(ctx, p, name) }
	}
	return t
}

// named gives typed values with each task by its id, whether it was named by that or by
// its number. It refuses what is not there or not for the person to see: these are told
// the same, so that nobody learns of a task by guessing.
func (t *tasks) named(d *Definition, typed map[string]string) (map[string]string, error) {
	if t.find == nil {
		return typed, nil
	}
	var c errs.Check
	values := typed
	for _, f := range d.Fields {
		v := strings.TrimSpace(typed[f.Name])
		if f.Type != TaskRef || v == "" {
			continue
		}
		id, err := t.id(v)
		if err != nil {
			return nil, err
		}
		if id == "" {
			c.Require(false, f.Name, "“%s”：没有这项任务，请填写任务编号或重新选择", f.Label)
			continue
		}
		values = maps.Clone(values)
		values[f.Name] = id
	}
	return values, c.Err()
}

func (t *tasks) id(name string) (string, error) {
	if id, ok := t.seen[name]; ok {
		return id, nil
	}
	id, err := t.find(name)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Forbidden) {
		id, err = "", nil
	}
	if err == nil {
		t.seen[name] = id
	}
	return id, err
}

// namedOf does the same with values for a record, of whatever register it is.
func (s *Service) namedOf(ctx context.Context, p org.Principal, id string, typed map[string]string) (map[string]string, error) {
	if len(typed) == 0 || s.parts.Task == nil {
		return typed, nil
	}
	var r Record
	if err := s.parts.DB.Read(ctx, func(tx *db.Tx) (err error) { r, err = recordByID(tx, id); return err }); err != nil {
		return nil, err
	}
	d, err := s.definition(r.Register)
	if err != nil {
		return nil, err
	}
	return s.tasks(ctx, p).named(d, typed)
}
