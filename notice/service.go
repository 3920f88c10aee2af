package notice

import (
	"context"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/job"
	"bihuan/kit/seal"
	"bihuan/org"
)

// Parts are what the room needs. All are required; the zero Settings is no e-mail.
type Parts struct {
	DB       *db.DB
	Log      *audit.Log
	Box      seal.Box // seals addresses, and the secrets of webhooks
	Pack     *city.Pack
	Calendar *calendar.Calendar
	Settings Settings
}

// Service runs the use cases of this room. It is safe for concurrent use.
type Service struct {
	Parts
	post *post
	hook *caller
}

// New makes the service.
func New(p Parts) (_ *Service, err error) {
	defer errs.Wrap(&err, "notice.New")
	roots, err := p.Settings.roots()
	if err != nil {
		return nil, err
	}
	return &Service{Parts: p, post: newPost(p.Settings.Mail, roots), hook: newCaller(p.Settings.Webhook.Allow, roots)}, nil
}

// The background work of this room.
const (
	collectJob = job.Kind[string]("notice.collect")
	deliverJob = job.Kind[string]("notice.deliver")
)

// Jobs registers the background work: the digest at its hour, and the sending.
func Jobs(r *job.Registry, s *Service) {
	job.Handle(r, collectJob, func(ctx context.Context, _ job.Job, _ string) error {
		_, err := s.Collect(ctx, org.Job("消息汇总"))
		return err
	})
	at := s.Settings.digestAt()
	job.Repeat(r, collectJob, "", job.Daily(at.hour, at.minute))
	job.Handle(r, deliverJob, s.deliver)
}

// unitName is what pages and letters call a unit; one that left the pack keeps its id.
func (s *Service) unitName(id city.UnitID) string {
	if u, ok := s.Pack.Unit(id); ok {
		return u.Short
	}
	return string(id)
}

func mayManage(p org.Principal) error { return p.May(org.NoticeManage, org.Scope{}) }
