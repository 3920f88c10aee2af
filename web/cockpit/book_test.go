package cockpit_test

import (
	"net/http"
	"strings"
	"testing"

	"bihuan/org"
	"bihuan/web/webtest"
)

// TestWorkbooksKeepToTheOwnPart: who may export the own unit or county only is offered
// the workbook of its own page, and no other by its address either.
func TestWorkbooksKeepToTheOwnPart(t *testing.T) {
	s := open(t)
	s.PackPlan()
	clerk, county, leader := s.As("clerk", "civil", org.UnitClerk), s.As("county", "shenxian-gov", org.CountyClerk), s.As("leader", "", org.Leader)
	for _, x := range []struct {
		who  string
		get  func(string) (int, bool)
		path string
		may  bool
	}{
		{"leader", opens(leader), "/units", true}, {"leader", opens(leader), "/territories", true}, {"leader", opens(leader), "/ranking", true},
		{"clerk", opens(clerk), "/units/civil", true}, {"clerk", opens(clerk), "/units/commerce", false}, {"clerk", opens(clerk), "/units", false}, {"clerk", opens(clerk), "/territories", false},
		{"county", opens(county), "/territories/shenxian", true}, {"county", opens(county), "/territories/yanggu", false},
	} {
		status, offered := x.get(x.path)
		if x.may != (status == http.StatusOK) || !x.may && status != http.StatusForbidden || offered != x.may {
			t.Errorf("%s at %s: %d, offered %v", x.who, x.path, status, offered)
		}
	}
}

// opens asks for a page's workbook, and whether the page offers it.
func opens(c *webtest.Client) func(path string) (status int, offered bool) {
	return func(path string) (int, bool) {
		return c.Get(path + "?as=xlsx").Status, strings.Contains(c.Get(path).Body, "as=xlsx")
	}
}
