package org

import "bihuan/kit/audit"

// Actor is the principal as the audit log keeps it.
func (p Principal) Actor() audit.Actor {
	return audit.Actor{ID: p.ID, Name: p.Name, Unit: p.UnitName, Via: audit.Via(p.Via)}
}
