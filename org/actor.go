package org

import "bihuan/kit/audit"

// Actor is the principal as the audit log keeps it.
func (p Principal) Actor() audit.Actor {
	return audit.Actor{ID: p.ID, Name: p.Name, Unit: p.UnitName, Via: audit.Via(p.Via)}
}

// stranger is the actor of a request without a signed-in person.
func stranger(via string) audit.Actor {
	return audit.Actor{ID: "anonymous", Name: "未登录", Via: audit.Via(via)}
}
