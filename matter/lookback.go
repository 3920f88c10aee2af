package matter

import (
	"context"
	"slices"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/register"
)

// LookBack is what is due of the look-back: problems whose time has come, and how
// many of them are still to be looked at. Which ones is drawn, see the register's
// spot checks.
type LookBack struct {
	Due    []register.Record // crossed off long enough ago, not looked at; the oldest first
	Looked int               // looked at already, or being looked at
	Wanted int               // still to be looked at
	Days   int               // after how many days
	Share  city.BasisPoints  // of those crossed off, by the pack
}

// LookBack reads what is due today, of all problems crossed off.
func (s *Service) LookBack(ctx context.Context, p org.Principal) (l LookBack, err error) {
	defer errs.Wrap(&err, "matter.LookBack")
	limit := s.Pack.Defaults.Timers.LookBack
	l.Days, l.Share = limit.N, s.Pack.Defaults.Sampling.LookBackShare
	today := calendar.Today(s.DB.Now())
	for _, stage := range []string{"crossed-off", "looking-back", "settled"} {
		const page = 500
		for seen := 0; ; {
			some, total, err := s.Records.List(ctx, p, register.Query{Register: problems, Stage: stage, Offset: seen, Limit: page})
			if err != nil {
				return LookBack{}, err
			}
			for _, r := range some {
				crossed := dayOf(r.Values["crossed"])
				switch {
				case stage != "crossed-off":
					l.Looked++
				case !crossed.IsZero() && !today.Before(s.Pack.Calendar.DueAfter(crossed, limit.Limit)):
					l.Due = append(l.Due, r)
				}
			}
			if seen += len(some); len(some) == 0 || seen >= total {
				break
			}
		}
	}
	slices.Reverse(l.Due) // the list has the newest first
	l.Wanted = max(0, l.Share.Of(len(l.Due)+l.Looked)-l.Looked)
	return l, nil
}
