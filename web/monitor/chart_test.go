package monitor

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/city"
	"bihuan/web/ui"
)

func values(known string, v ...float64) (list []ui.Value) {
	for i, x := range v {
		if known[i] == 'x' {
			list = append(list, ui.Val(x, strconv.FormatFloat(x, 'f', -1, 64)))
		} else {
			list = append(list, ui.Value{})
		}
	}
	return list
}

func TestGapsAndNewYearsAreNotJoined(t *testing.T) {
	c := trend{Labels: []string{"25.11", "25.12", "26.02", "26.03"}}
	for _, x := range []struct {
		known  string
		yearly bool
		want   int
	}{{"xxxx", false, 3}, {"xxxx", true, 2}, {"x.xx", false, 1}, {"x.x.", false, 0}, {"....", false, 0}} {
		c.Yearly = x.yearly
		l := trendLine{Values: values(x.known, 900, 1000, 150, 240)}
		if n := len(c.strokes(l)); n != x.want {
			t.Errorf("%s yearly %v: %d strokes, want %d", x.known, x.yearly, n, x.want)
		}
		if n := len(c.dots(l)); n != len(x.known)-strings.Count(x.known, ".") {
			t.Errorf("%s: %d dots", x.known, n)
		}
	}
}

// Whatever the values, the line stays in its frame and zero is on the axis.
func TestChartStaysInItsFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 0, 20).Draw(t, "v")
		c := trend{Labels: make([]string, len(v)), Lines: []trendLine{{Name: "全市"}}}
		for _, x := range v {
			c.Lines[0].Values = append(c.Lines[0].Values, ui.Val(x, "x"))
		}
		lo, hi, step := c.scale()
		if lo > 0 || hi < 0 || step <= 0 {
			t.Fatalf("axis from %v to %v by %v", lo, hi, step)
		}
		if n := len(c.yTicks()); n < 1 || n > 8 {
			t.Fatalf("%d lines on the axis", n)
		}
		for _, d := range c.dots(c.Lines[0]) {
			y, err := strconv.ParseFloat(d.Y, 64)
			if err != nil || y < trendTop-0.1 || y > trendHeight-trendBottom+0.1 {
				t.Fatalf("a point at %s", d.Y)
			}
		}
	})
}

func TestPointsInWords(t *testing.T) {
	for p, want := range map[int]string{30: "+0.3 高于全省 0.3 个百分点", -100: "-1.0 低于全省 1.0 个百分点", 0: "0.0 与全省持平", 5: "+0.05 高于全省 0.05 个百分点"} {
		if got := points(city.BasisPoints(p)) + " " + against(city.BasisPoints(p)); got != want {
			t.Errorf("%d: %s", p, got)
		}
	}
}
