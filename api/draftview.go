package api

import (
	"bihuan/kit/quantity"
	"bihuan/plan"
	"bihuan/plan/read"
)

// draftView is a reading as people have corrected it so far.
type draftView struct {
	Title   string      `json:"title" doc:"标题"`
	Number  string      `json:"number,omitempty" doc:"发文字号"`
	Date    string      `json:"date,omitempty" doc:"印发日期"`
	Year    int         `json:"year" doc:"计划年份"`
	YearEnd int         `json:"year_end" doc:"截止年份"`
	Issuers []string    `json:"issuers" doc:"印发单位"`
	Goals   []string    `json:"goals" doc:"总体目标原文"`
	Tasks   []draftTask `json:"tasks" doc:"任务；删除的也在内，带标记"`
}

// DraftItem is what all items of a draft have in common.
type DraftItem struct {
	ID      string   `json:"id" doc:"草稿中的条目编号"`
	Origin  string   `json:"origin" doc:"read 识别所得，added 人工补充"`
	Changed []string `json:"changed" doc:"与识别结果不同的字段"`
	Deleted bool     `json:"deleted" doc:"是否已删除"`
	Span    *span    `json:"span,omitempty" doc:"在文件中的位置"`
}

type draftTask struct {
	DraftItem
	Path     []string      `json:"path" doc:"文件中的各级标题"`
	Number   string        `json:"number,omitempty" doc:"文件中的序号原文"`
	Title    string        `json:"title" doc:"标题"`
	Section  string        `json:"section" doc:"所在部分"`
	Category string        `json:"category" doc:"任务类别"`
	Due      string        `json:"due,omitempty" doc:"完成期限"`
	Parent   string        `json:"parent,omitempty" doc:"所承接的市级任务"`
	Units    []draftUnit   `json:"units" doc:"责任单位"`
	Targets  []draftTarget `json:"targets" doc:"目标"`
}

type draftUnit struct {
	DraftItem
	Name  string   `json:"name" doc:"文件中的写法"`
	Role  string   `json:"role" doc:"lead 牵头，support 配合，responsible 责任"`
	Units []string `json:"units" doc:"所指单位的代码；没有对应上则为空"`
}

type draftTarget struct {
	DraftItem
	Subject  string             `json:"subject" doc:"指标名称"`
	Kind     string             `json:"kind" doc:"类型代码"`
	Value    *quantity.Quantity `json:"value,omitempty" doc:"目标值"`
	ValueMax *quantity.Quantity `json:"value_max,omitempty" doc:"区间目标的上限"`
	Unit     string             `json:"unit,omitempty" doc:"计量单位"`
	Pledge   string             `json:"pledge" doc:"一句话：目标是多少"`
	Deadline string             `json:"deadline,omitempty" doc:"期限"`
	Quote    string             `json:"quote,omitempty" doc:"文件原文"`
}

func draftOf(r *plan.Review) *draftView {
	d := &r.Draft
	return &draftView{
		Title: d.Title, Number: d.Number, Date: d.Date, Year: d.Year, YearEnd: d.YearEnd, Issuers: full(d.Issuers),
		Goals: each(d.Goals, func(t read.Text) string { return t.Text }),
		Tasks: each(d.Tasks, func(t plan.DraftTask) draftTask { return draftTaskOf(t, r) }),
	}
}

func draftTaskOf(t plan.DraftTask, r *plan.Review) draftTask {
	return draftTask{
		DraftItem: itemOf(t.Item), Path: full(t.Path), Number: t.Number, Title: t.Title, Section: plan.SectionLabel(t.Section), Category: string(t.Category), Due: t.Due, Parent: t.Parent,
		Units: each(t.Units, func(u plan.DraftUnit) draftUnit {
			v := draftUnit{DraftItem: itemOf(u.Item), Name: u.Name, Role: string(u.Role), Units: unitIDs(r.Resolved[u.Name])}
			if u.As != "" {
				v.Units = []string{string(u.As)}
			}
			return v
		}),
		Targets: each(t.Targets, func(g plan.DraftTarget) draftTarget {
			return draftTarget{
				DraftItem: itemOf(g.Item), Subject: g.Subject, Kind: string(g.Kind), Value: g.Value, ValueMax: g.ValueMax, Unit: g.Unit,
				Pledge: g.Pledge(), Deadline: g.Deadline, Quote: g.Quote,
			}
		}),
	}
}

func itemOf(i plan.Item) DraftItem {
	return DraftItem{ID: i.ID, Origin: string(i.Origin), Changed: full(i.Changed), Deleted: i.Deleted, Span: spanOf(i.Span)}
}
