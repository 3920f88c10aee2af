package api

import (
	"context"
	"net/http"

	"bihuan/org"
)

// me is who a token acts for.
type me struct {
	ID          string       `json:"id" doc:"人员编号"`
	Name        string       `json:"name" doc:"姓名"`
	Login       string       `json:"login" doc:"登录名"`
	Unit        string       `json:"unit,omitempty" doc:"所在单位的代码"`
	UnitName    string       `json:"unit_name,omitempty" doc:"所在单位的简称"`
	Territory   string       `json:"territory,omitempty" doc:"单位所属地区的代码"`
	Roles       []roleOfMe   `json:"roles" doc:"现有角色"`
	TokenID     string       `json:"token_id" doc:"本令牌的编号"`
	ReadOnly    bool         `json:"read_only" doc:"是否只读令牌"`
	Permissions []permission `json:"permissions" doc:"本令牌现在能做的事"`
}

type roleOfMe struct {
	Role  string `json:"role" doc:"角色代码"`
	Label string `json:"label" doc:"角色名称"`
}

type permission struct {
	Action    string   `json:"action" doc:"权限代码"`
	Label     string   `json:"label" doc:"权限名称"`
	All       bool     `json:"all" doc:"是否不限范围"`
	Units     []string `json:"units" doc:"限于这些单位"`
	Territory string   `json:"territory,omitempty" doc:"限于这个地区"`
}

func (s *server) whoRoutes() {
	add(s, route{
		id: "get-me", method: http.MethodGet, path: "/me", tag: tagMe, summary: "令牌属于谁、能做什么",
		about: "用来检查令牌是否有效。权限随账号的角色变化，不必重新创建令牌。",
	}, func(_ context.Context, who org.Principal, _ *nothing) (*body[me], error) {
		return &body[me]{meOf(who)}, nil
	})
}

func meOf(p org.Principal) me {
	m := me{
		ID: p.ID, Name: p.Name, Login: p.Login, Unit: p.UnitID, UnitName: p.UnitName, Territory: p.TerritoryID, TokenID: p.TokenID, ReadOnly: p.ReadOnly,
		Roles:       each(p.Roles, func(r org.Role) roleOfMe { return roleOfMe{string(r), r.Label()} }),
		Permissions: []permission{},
	}
	for _, a := range org.Actions() {
		if v := p.Extent(a.Action); !v.None() {
			m.Permissions = append(m.Permissions, permission{string(a.Action), a.Label, v.All, full(v.Units), v.Territory})
		}
	}
	return m
}
