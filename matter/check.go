package matter

import (
	"fmt"

	"bihuan/city"
	"bihuan/indicator"
	"bihuan/plan"
	"bihuan/register"
	"bihuan/supervise"
)

// CheckPack names what the measures of a pack speak of that its registers and
// statistics do not have: in its bindings of targets, in its rules of ranking, and
// among its topics of the month.
func CheckPack(pack *city.Pack, catalog *register.Catalog) (problems []error) {
	add := func(err error) {
		if err != nil {
			problems = append(problems, err)
		}
	}
	statistics, err := indicator.Load(pack)
	if err != nil {
		return append(problems, err)
	}
	sources := supervise.NewSources(supervise.FromRegisters(nil, catalog.Get), supervise.FromIndicators(named{known: statistics}))
	refer := func(where string, b plan.Binding) {
		for _, ref := range b.Refs() {
			if err := sources.Check(b.Kind, ref, plan.Qualitative); err != nil {
				add(fmt.Errorf("%s：%w", where, err))
			}
		}
	}
	lines, err := plan.PackBindings(pack)
	add(err)
	for _, l := range lines {
		refer("measures/bindings.yaml "+l.Subject, plan.Binding{Kind: l.Kind, Ref: l.Ref})
	}
	rules, err := supervise.ReadRankingRules(pack.Files)
	add(err)
	for _, x := range append(rules.Rectification, rules.Service...) {
		add(x.Check(catalog.Get))
	}
	topics, err := ReadTopics(pack.Files)
	add(err)
	for _, topic := range topics {
		for _, f := range topic.Figures {
			refer("measures/dispatch.yaml "+f.Says, f.Binding)
		}
	}
	return problems
}

// named are the statistics of a pack without any figures.
type named struct {
	supervise.Gaps
	known *indicator.Catalogue
}

// Catalogue is what the pack names.
func (n named) Catalogue() *indicator.Catalogue { return n.known }
