package register

import (
	"fmt"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/notice"
)

// OwnerUnit is the unit that has to move a record on from where it stands; "" when
// nobody has. A county's head sits in the county's government.
func (s *Service) OwnerUnit(r Record) city.UnitID {
	d, ok := s.parts.Catalog.Get(r.Register)
	if !ok {
		return ""
	}
	st, _ := d.Stage(r.Stage)
	if r.Falsified || st.Ends || len(st.Moves) == 0 {
		return ""
	}
	switch st.Owner {
	case ByReporter:
		return r.Unit
	case ByCounty:
		if u, ok := s.parts.Pack.Government(r.Territory); ok {
			return u.ID
		}
	case ByLead:
		return d.Lead
	case ByAssignee:
		return r.Assignee
	case ByDispatch, ByApprover:
		return s.parts.Pack.LeadUnit().ID
	}
	return ""
}

// tell puts a notice to the unit whose turn it is after a move: when something is
// handed to it, or comes back to it. What waits in a queue of many is not told one
// by one; the to-do list has it.
func (s *Service) tell(tx *db.Tx, d *Definition, r Record, e Event) error {
	st, _ := d.Stage(r.Stage)
	unit := s.OwnerUnit(r)
	if unit == "" || st.Owner != ByAssignee && st.Owner != ByReporter || e.From == e.To {
		return nil
	}
	body := "现处于“" + st.Label + "”，请办理"
	if e.Reason != "" {
		body = "理由：" + e.Reason + "。" + body
	}
	if !r.Due.IsZero() {
		body += "，期限 " + r.Due.String()
	}
	return putAbout(tx, d, r, unit, notice.Todo, body, r.Stage)
}

// putAbout puts a notice about a record to a unit, once for each revision and matter.
func putAbout(tx *db.Tx, d *Definition, r Record, unit city.UnitID, kind notice.Kind, body, matter string) error {
	return notice.Put(tx, notice.Notice{To: notice.Unit(unit), Kind: kind, Title: d.Name + "：" + r.Title, Body: body, URL: "/records/" + r.ID, ObjectKind: "record", ObjectID: r.ID,
		Key: fmt.Sprintf("record/%s/%s/%d", r.ID, matter, r.Revision)})
}
