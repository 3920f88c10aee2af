package ui

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestGroupDigits(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "0": "0", "999": "999", "1000": "1,000", "-1234567.80": "-1,234,567.80", "1e9": "1e9", "12,000": "12,000",
		"—": "—", "1.": "1.", ".5": ".5", "-": "-", "120万": "120万",
	} {
		if got := GroupDigits(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestFen(t *testing.T) {
	for in, want := range map[int64]string{
		0: "0.00", 5: "0.05", 100: "1.00", 123456789: "1,234,567.89", -1: "-0.01", math.MinInt64: "-92,233,720,368,547,758.08",
	} {
		if got := Fen(in); got != want {
			t.Errorf("%d: got %q, want %q", in, got, want)
		}
	}
}

// Taking the commas out again gives the number back.
func TestNumbersRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "n")
		if back, err := strconv.ParseInt(strings.ReplaceAll(Int(n), ",", ""), 10, 64); err != nil || back != n {
			t.Fatalf("Int(%d) = %q", n, Int(n))
		}
		digits := strings.NewReplacer(",", "", ".", "").Replace(Fen(n))
		if back, err := strconv.ParseInt(digits, 10, 64); err != nil || back != n {
			t.Fatalf("Fen(%d) = %q", n, Fen(n))
		}
	})
}

func TestBytes(t *testing.T) {
	for in, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1024: "1 KB", 1536: "1.5 KB", 20 << 20: "20 MB"} {
		if got := Bytes(in); got != want {
			t.Errorf("%d: got %q, want %q", in, got, want)
		}
	}
}

func value(t *rapid.T, name string) float64 {
	return rapid.OneOf(rapid.Float64(), rapid.Float64Range(-10, 1000),
		rapid.SampledFrom([]float64{0, math.NaN(), math.Inf(1), math.Inf(-1)})).Draw(t, name)
}

func share(t *rapid.T, s string) float64 {
	v, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
	if err != nil || math.IsNaN(v) || v < 0 || v > 100 {
		t.Fatalf("%q is not a share", s)
	}
	return v
}

// Whatever the numbers, a bar stays within its frame and the unverified part
// begins where the verified one ends.
func TestProgressStaysInItsFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Progress{Actual: value(t, "actual"), Unverified: value(t, "unverified"), Expected: value(t, "expected"), Target: value(t, "target")}
		solid, x, width := share(t, p.solid()), share(t, p.hatchX()), share(t, p.hatchWidth())
		share(t, p.mark())
		if x != solid || x+width > 100.02 {
			t.Fatalf("solid to %v, hatched from %v for %v", solid, x, width)
		}
	})
}

// The stretches of a stacked bar follow each other without gap and fill it.
func TestLightBarFillsItsFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b LightBar
		for i, n := range rapid.SliceOfN(rapid.IntRange(-3, 500), 0, 8).Draw(t, "counts") {
			b.Counts = append(b.Counts, LightCount{Level: Levels()[i%5], Count: n})
		}
		at := 0.0
		for _, p := range b.parts() {
			x, w := share(t, p.X), share(t, p.Width)
			if math.Abs(x-at) > 0.06 || w <= 0 {
				t.Fatalf("a stretch at %v of %v, expected at %v", x, w, at)
			}
			at = x + w
		}
		if b.total() > 0 && math.Abs(at-100) > 0.06 {
			t.Fatalf("filled to %v", at)
		}
	})
}

// A gap in the data is a gap in the line: nothing is drawn across it.
func TestChartKeepsGaps(t *testing.T) {
	c := guideChart()
	c.Points[3].Verified = Value{}
	l := c.verified()
	if len(l.Dots) != 6 || len(l.Strokes) != 4 {
		t.Errorf("%d dots and %d strokes, want 6 and 4", len(l.Dots), len(l.Strokes))
	}
	spark := Sparkline{Values: []Value{Val(1, "1"), {}, Val(2, "2"), Val(3, "3")}}
	if l := spark.line(); len(l.Strokes) != 1 || len(l.Dots) != 3 {
		t.Errorf("sparkline: %d strokes, %d dots", len(l.Strokes), len(l.Dots))
	}
}

func TestChartStaysInItsFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := PaceChart{Target: Val(value(t, "target"), ""), Now: rapid.IntRange(-2, 14).Draw(t, "now")}
		for i := range rapid.IntRange(0, 13).Draw(t, "points") {
			c.Points = append(c.Points, PacePoint{Label: fmt.Sprint(i), Expected: Val(value(t, "e"), "")})
		}
		for _, d := range c.expected().Dots {
			share(t, d.X)
			if y, err := strconv.ParseFloat(d.Y, 64); err != nil || y < chartTop-1 || y > chartHeight-chartBottom+1 {
				t.Fatalf("a point at height %q", d.Y)
			}
		}
	})
}

func TestChartOfNothing(t *testing.T) {
	for name, c := range map[string]PaceChart{"no points": {Title: "空"}, "one point": {Title: "一", Now: 0, Points: []PacePoint{{Label: "1月"}}}} {
		raw, _ := render(t, c)
		if strings.Contains(raw, "NaN") || strings.Contains(raw, "Inf") {
			t.Errorf("%s: %s", name, raw)
		}
	}
}

func TestNiceTop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.Float64Range(0.0001, 1e12).Draw(t, "m")
		if top := niceTop(m); top < m || top > 3*m {
			t.Fatalf("the axis for %v ends at %v", m, top)
		}
	})
}

// contrast is the ratio that WCAG 2.2 defines for two colours written #rrggbb.
func contrast(a, b string) float64 {
	lum := func(hex string) float64 {
		n, _ := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
		part := func(v uint64) float64 {
			s := float64(v&255) / 255
			if s <= 0.04045 {
				return s / 12.92
			}
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return 0.2126*part(n>>16) + 0.7152*part(n>>8) + 0.0722*part(n)
	}
	x, y := lum(a), lum(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

// Text reaches 4.5:1 and signs and borders of fields 3:1 on the grounds they
// stand on (WCAG 2.2, 1.4.3 and 1.4.11).
func TestContrast(t *testing.T) {
	raw, err := os.ReadFile("../assets/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	normal, _, _ := strings.Cut(string(raw), "prefers-contrast")
	token := map[string]string{"white": "#ffffff"}
	for _, m := range regexp.MustCompile(`--([a-z0-9-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(normal, -1) {
		token[m[1]] = m[2]
	}
	check := func(fore, back string, need float64) {
		a, b := token[fore], token[back]
		if a == "" || b == "" {
			t.Errorf("no token %s or %s", fore, back)
			return
		}
		if got := contrast(a, b); got < need {
			t.Errorf("%s on %s: %.2f, needs %.1f", fore, back, got, need)
		}
	}
	for _, back := range []string{"paper", "sheet", "side-bg", "sunk", "wash"} {
		for _, fore := range []string{"ink", "ink-2", "ink-3", "link", "seal-2"} {
			check(fore, back, 4.5)
		}
		for _, fore := range []string{"green", "blue", "yellow", "red", "grey", "edge", "seal", "focus"} {
			check(fore, back, 3)
		}
	}
	for _, back := range []string{"paper", "sheet"} {
		for _, c := range []string{"green-ink", "blue-ink", "yellow-ink", "red-ink", "grey-ink"} {
			check(c, back, 4.5)
		}
	}
	for _, c := range []string{"green", "blue", "yellow", "red", "grey"} {
		check(c+"-ink", c+"-wash", 4.5)
		check(c, c+"-wash", 3)
	}
	check("on-navy", "navy", 4.5)
	check("on-navy-2", "navy", 4.5)
	check("white", "red", 4.5)
	check("white", "seal", 4.5)
}
