package matter

import (
	"context"
	"slices"

	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/register"
)

// Open names the sheets and rectifications of a task that are not ended: what keeps
// it from being crossed off (§3.3).
func Open(ctx context.Context, records Records, catalog *register.Catalog, taskID string) (open []string, err error) {
	defer errs.Wrap(&err, "matter.Open(%s)", taskID)
	for _, id := range []register.ID{sheets, "rectification"} {
		d, ok := catalog.Get(id)
		if !ok {
			continue
		}
		all, _, err := records.List(ctx, org.Job("销号检查"), register.Query{Register: id, Having: map[string]string{"task": taskID}, Limit: 1000})
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			running := func(s register.Stage) bool { return s.ID == r.Stage && !s.Ends }
			if !r.Falsified && slices.ContainsFunc(d.Stages, running) {
				open = append(open, d.Name+" "+r.No)
			}
		}
	}
	return open, nil
}
