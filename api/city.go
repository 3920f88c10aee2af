package api

import (
	"context"
	"net/http"

	"bihuan/city"
	"bihuan/org"
)

// cityView is the city pack as other programs need it: the codes that all other
// answers use, with their names.
type cityView struct {
	ID          string          `json:"id" doc:"城市包名称"`
	Version     string          `json:"version" doc:"城市包版本"`
	Digest      string          `json:"digest" doc:"城市包全部文件的 SHA-256"`
	Name        string          `json:"name" doc:"城市全称"`
	Short       string          `json:"short" doc:"城市简称"`
	Province    string          `json:"province" doc:"所在省"`
	LeadUnit    string          `json:"lead_unit" doc:"总牵头单位的代码"`
	Units       []unitView      `json:"units" doc:"单位，按文件中的次序"`
	Collectives []groupView     `json:"collectives" doc:"一个称呼代表多个单位"`
	Territories []territoryView `json:"territories" doc:"地区，全市在前"`
	Groups      []groupView     `json:"groups" doc:"可比分组：只在组内排序"`
}

type unitView struct {
	ID        string   `json:"id" doc:"单位代码"`
	Name      string   `json:"name" doc:"全称"`
	Short     string   `json:"short" doc:"简称"`
	Aliases   []string `json:"aliases" doc:"文件中的其他写法"`
	Kind      string   `json:"kind" doc:"类型代码"`
	KindLabel string   `json:"kind_label" doc:"类型名称"`
	Territory string   `json:"territory" doc:"负责的地区"`
	Lead      bool     `json:"lead" doc:"是否总牵头单位"`
}

type territoryView struct {
	ID        string `json:"id" doc:"地区代码（本系统）"`
	Name      string `json:"name" doc:"全称"`
	Short     string `json:"short" doc:"简称"`
	Kind      string `json:"kind" doc:"类型代码"`
	KindLabel string `json:"kind_label" doc:"类型名称"`
	Code      string `json:"code" doc:"GB/T 2260 代码；功能区没有行政区划代码，用 Z- 开头的内部代码"`
	Caliber   string `json:"caliber" doc:"首次出现的统计口径"`
	InsideOf  string `json:"inside_of,omitempty" doc:"功能区所在的区"`
}

type groupView struct {
	ID      string   `json:"id" doc:"代码"`
	Name    string   `json:"name" doc:"名称"`
	Members []string `json:"members" doc:"成员代码"`
}

func (s *server) cityRoutes() {
	add(s, route{
		id: "get-city", method: http.MethodGet, path: "/city", tag: tagCity, summary: "城市包：单位、地区与分组",
		about: "其他接口中的单位、地区代码都在这里查名称。内容随城市包版本变化，可凭 ETag 缓存。",
	}, func(_ context.Context, who org.Principal, _ *nothing) (*body[cityView], error) {
		if err := who.May(org.PlanRead, org.Scope{}); err != nil {
			return nil, err
		}
		return &body[cityView]{cityOf(s.Pack)}, nil
	})
}

func cityOf(p *city.Pack) cityView {
	return cityView{
		ID: p.ID, Version: p.Version, Digest: p.Digest, Name: p.Name, Short: p.Short, Province: p.Province.Name, LeadUnit: string(p.LeadUnit().ID),
		Units: each(p.Units, func(u city.Unit) unitView {
			return unitView{string(u.ID), u.Name, u.Short, full(u.Aliases), string(u.Kind), u.Kind.Label(), string(u.Territory), u.Lead}
		}),
		Collectives: each(p.Collectives, func(c city.Collective) groupView {
			return groupView{string(c.ID), c.Name, unitIDs(c.Units)}
		}),
		Territories: each(p.Territories, func(t city.Territory) territoryView {
			return territoryView{string(t.ID), t.Name, t.Short, string(t.Kind), t.Kind.Label(), t.Code, string(t.Caliber), string(t.InsideOf)}
		}),
		Groups: each(p.Groups, func(g city.Group) groupView {
			return groupView{string(g.ID), g.Name, each(g.Territories, func(t city.TerritoryID) string { return string(t) })}
		}),
	}
}
