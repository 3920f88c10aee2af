package notice

import (
	"context"

	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// Put tells a notice, in the transaction of the change that it tells of. A notice whose
// recipient was told the same key before changes nothing. An error is a fault of the
// calling code or of the database.
func Put(tx *db.Tx, n Notice) (err error) {
	defer errs.Wrap(&err, "notice.Put(%s)", n.Key)
	if n, err = n.checked(); err != nil {
		return err
	}
	return insert(tx, n)
}

// Item is a notice in a person's inbox.
type Item struct {
	Notice
	Read bool
}

// Filter selects notices of an inbox; the zero Filter gives the newest of all.
type Filter struct {
	Unread bool
	Kind   Kind  // "" for all
	Before int64 // the last ID of the page before; 0 for the first page
	Limit  int   // 30 when 0, at most 200
}

// Inbox lists the person's own notices and those of the unit, the newest first. It needs
// nothing but a signed-in person.
func (s *Service) Inbox(ctx context.Context, p org.Principal, f Filter) (list []Item, err error) {
	if err := personOnly(p); err != nil {
		return nil, err
	}
	if f.Limit <= 0 {
		f.Limit = 30
	}
	f.Limit = min(f.Limit, 200)
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) { list, err = inbox(tx, p, f); return err })
	return list, err
}

// MostCounted is where Count stops.
const MostCounted = 1000

// Count is how many notices the person has not read, for the navigation; it stops at
// MostCounted. The program itself has none.
func (s *Service) Count(ctx context.Context, p org.Principal) (n int, err error) {
	if !p.IsPerson() {
		return 0, nil
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) { n, err = countUnread(tx, p); return err })
	return n, err
}

// Read marks one notice as read by the person and gives it. One that is not in the
// person's inbox is not found.
func (s *Service) Read(ctx context.Context, p org.Principal, id int64) (n Notice, err error) {
	if err := personOnly(p); err != nil {
		return Notice{}, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if n, err = visible(tx, p, id); err != nil {
			return err
		}
		return markRead(tx, p.ID, id)
	})
	return n, err
}

// ReadAll marks as read what the person has been shown: all notices up to one.
func (s *Service) ReadAll(ctx context.Context, p org.Principal, upTo int64) error {
	if err := personOnly(p); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		newest, err := newestVisible(tx, p)
		if err != nil {
			return err
		}
		return markAll(tx, p.ID, min(upTo, newest))
	})
}

func personOnly(p org.Principal) error {
	switch {
	case p.ID == "":
		return errs.New(errs.Unauthenticated, "请先登录")
	case !p.IsPerson():
		return errs.New(errs.Forbidden, "消息只给个人查看，请以个人账号登录")
	}
	return nil
}
