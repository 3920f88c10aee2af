package register_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"bihuan/register"
)

const crowd = 1_000_000

// TestBoundKnown compares with published tables of the exact binomial interval, and
// with its closed forms: 1 − 0.025^(1/n) for none found, the mirror for all.
func TestBoundKnown(t *testing.T) {
	for _, x := range []struct {
		n, found  int
		low, high float64
	}{
		{10, 0, 0, 0.3085}, {10, 10, 0.6915, 1}, {20, 1, 0.0013, 0.2487}, {10, 5, 0.1871, 0.8129}, {10, 1, 0.0025, 0.4450},
		{50, 48, 0.8629, 0.9951}, {100, 95, 0.8872, 0.9836}, {1, 0, 0, 0.975}, {1, 1, 0.025, 1}, {12, 11, 0.6152, 0.9979},
		{0, 0, 0, 1}, {500, 500, math.Pow(0.025, 1.0/500), 1}, {5000, 0, 0, 1 - math.Pow(0.025, 1.0/5000)},
	} {
		low, high := register.Bound(x.n, x.found, crowd)
		if math.Abs(low-x.low) > 5e-5 || math.Abs(high-x.high) > 5e-5 {
			t.Errorf("%d of %d: %.5f to %.5f, want %.4f to %.4f", x.found, x.n, low, high, x.low, x.high)
		}
	}
	if low, high := register.Bound(8, 7, 8); low != 0.875 || high != 0.875 {
		t.Errorf("all checked: %v to %v", low, high)
	}
}

func TestTrueCount(t *testing.T) {
	for _, x := range []struct{ n, found, population, knownTrue, knownFalse, low, high int }{
		{12, 11, 120, 11, 1, 73, 119},   // 0.6152 to 0.9979 of 120, but one is false
		{12, 12, 120, 12, 0, 88, 120},   // 0.7353 of 120
		{10, 0, 1000, 0, 10, 0, 309},    // 0.3085 of 1000
		{10, 9, 11, 10, 1, 10, 10},      // with the outlier all is known
		{8, 7, 8, 7, 1, 7, 7},           // all checked
		{0, 0, 40, 0, 0, 0, 40},         // nothing known
		{10, 10, 120, 119, 1, 119, 119}, // the rest checked after one was false
	} {
		low, high := register.TrueCount(x.n, x.found, x.population, x.knownTrue, x.knownFalse)
		if low != x.low || high != x.high {
			t.Errorf("%+v: %d to %d", x, low, high)
		}
	}
}

// binomial is the chance of at most k of n, by adding up.
func binomial(n, k int, p float64) float64 {
	sum := 0.0
	for i := 0; i <= k; i++ {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(i + 1))
		c, _ := math.Lgamma(float64(n - i + 1))
		sum += math.Exp(a - b - c + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return sum
}

// TestBoundProperties: the interval holds the share that was found, grows with it,
// mirrors, and its ends have exactly the tails that define it.
func TestBoundProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 400).Draw(t, "n")
		found := rapid.IntRange(0, n).Draw(t, "found")
		low, high := register.Bound(n, found, crowd)
		share := float64(found) / float64(n)
		if !(0 <= low && low <= share && share <= high && high <= 1) {
			t.Fatalf("%v to %v does not hold %v", low, high, share)
		}
		if found < n {
			if l, h := register.Bound(n, found+1, crowd); l <= low || h < high {
				t.Fatalf("one more true gives %v to %v after %v to %v", l, h, low, high)
			}
		}
		if l, h := register.Bound(n, n-found, crowd); math.Abs(l-(1-high)) > 1e-9 || math.Abs(h-(1-low)) > 1e-9 {
			t.Fatalf("the mirror of %v to %v is %v to %v", low, high, l, h)
		}
		if found > 0 && math.Abs(1-binomial(n, found-1, low)-0.025) > 1e-6 {
			t.Fatalf("lower tail at %v: %v", low, 1-binomial(n, found-1, low))
		}
		if found < n && math.Abs(binomial(n, found, high)-0.025) > 1e-6 {
			t.Fatalf("upper tail at %v: %v", high, binomial(n, found, high))
		}
	})
}
