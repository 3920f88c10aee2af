package api

import (
	"context"
	"net/http"
	"time"

	"bihuan/kit/audit"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// auditEntry is an entry of the audit chain, whole, so that its hash can be recomputed.
type auditEntry struct {
	Seq        int64     `json:"seq" doc:"序号，从 1 起连续"`
	At         time.Time `json:"at" doc:"时间，UTC，到毫秒"`
	ActorID    string    `json:"actor_id" doc:"谁：账号编号"`
	ActorName  string    `json:"actor_name" doc:"谁：当时的姓名"`
	ActorUnit  string    `json:"actor_unit,omitempty" doc:"谁：当时的单位"`
	Via        string    `json:"via" doc:"从哪里：page 页面，api 接口，command 命令行，system 系统作业"`
	Action     string    `json:"action" doc:"做了什么"`
	ObjectKind string    `json:"object_kind" doc:"对象类型"`
	ObjectID   string    `json:"object_id" doc:"对象编号"`
	ObjectName string    `json:"object_name" doc:"对象当时的名称"`
	Before     string    `json:"before,omitempty" doc:"之前：JSON 原文，散列按原文计算"`
	After      string    `json:"after,omitempty" doc:"之后：JSON 原文，散列按原文计算"`
	Reason     string    `json:"reason,omitempty" doc:"理由"`
	PrevHash   string    `json:"prev_hash" doc:"上一条的散列"`
	Hash       string    `json:"hash" doc:"本条的散列（SM3）"`
	MAC        string    `json:"mac" doc:"密钥签名"`
}

// auditPage is a page of entries, the newest first.
type auditPage struct {
	Items  []auditEntry `json:"items" doc:"新的在前"`
	Before int64        `json:"next_before,omitempty" doc:"下一页的 before；没有下一页则没有"`
}

type auditQuery struct {
	ObjectKind string `query:"object_kind" maxLength:"40" doc:"对象类型：task、import、plan、person…"`
	ObjectID   string `query:"object_id" maxLength:"80" doc:"对象编号"`
	ActorID    string `query:"actor_id" maxLength:"80" doc:"谁做的：账号编号"`
	Action     string `query:"action" maxLength:"80" doc:"动作，如 progress.verified；以点结尾为一类，如 plan."`
	From       string `query:"from" format:"date" doc:"自何日（北京时间，含当日）"`
	To         string `query:"to" format:"date" doc:"至何日（北京时间，含当日）"`
	Before     int64  `query:"before" minimum:"1" doc:"只要序号小于它的：上一页的 next_before"`
	Limit      int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"每页几条，最多 200"`
}

func (s *server) auditRoutes() {
	add(s, route{
		id: "list-audit", method: http.MethodGet, path: "/audit", tag: tagAudit, summary: "审计日志",
		about: "需要“查看审计日志”的权限。管理员账号的令牌不能用于接口，审计管理员请在页面上查看。",
		curl:  "object_kind=task&object_id=<任务编号>",
	}, s.listAudit)
}

func (s *server) listAudit(ctx context.Context, who org.Principal, in *auditQuery) (*body[auditPage], error) {
	if err := who.May(org.AuditRead, org.Scope{}); err != nil {
		return nil, err
	}
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	var records []audit.Record
	if err := s.DB.Read(ctx, func(tx *db.Tx) (err error) { records, err = s.Log.List(tx, f); return err }); err != nil {
		return nil, err
	}
	p := auditPage{Items: each(records, recordOf)}
	if n := len(records); n == in.Limit && records[n-1].Seq > 1 {
		p.Before = records[n-1].Seq
	}
	return &body[auditPage]{p}, nil
}

// filter is the query as the log takes it.
func (q *auditQuery) filter() (audit.Filter, error) {
	f := audit.Filter{ActorID: q.ActorID, ObjectKind: q.ObjectKind, ObjectID: q.ObjectID, Action: q.Action, Before: q.Before, Limit: q.Limit}
	p := refuse(errs.Invalid, "")
	day := func(name, text string, add int) time.Time {
		if text == "" {
			return time.Time{}
		}
		d, err := calendar.ParseDate(text)
		if err != nil {
			p.Errors = append(p.Errors, FieldError{"query." + name, "应为日期，写成 2026-06-30"})
			return time.Time{}
		}
		return d.AddDays(add).Start()
	}
	f.From, f.To = day("from", q.From, 0), day("to", q.To, 1)
	if len(p.Errors) > 0 {
		p.Detail = detailOf(p.Status, len(p.Errors))
		return f, p
	}
	return f, nil
}

func recordOf(r audit.Record) auditEntry {
	return auditEntry{
		r.Seq, time.UnixMilli(r.At).UTC(), r.ActorID, r.ActorName, r.ActorUnit, string(r.Via), r.Action, r.ObjectKind, r.ObjectID, r.ObjectName,
		r.Before, r.After, r.Reason, r.PrevHash, r.Hash, r.MAC,
	}
}
