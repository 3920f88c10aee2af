package register

import "math"

// confidence of the bounds, two-sided.
const confidence = 0.95

// Bound gives the exact Clopper–Pearson interval, at 95 % and two-sided, of the share
// of true records when found of n records drawn at random were true. Nothing drawn
// tells nothing: 0 to 1. All drawn tells all: the share itself.
//
// The interval assumes that each drawn record is true with the same chance, as drawing
// with replacement gives it. The draw is without replacement, from a list of
// population records, which tells more: the interval is then wider than it need be,
// never narrower.
func Bound(n, found, population int) (low, high float64) {
	found = min(max(found, 0), n)
	switch {
	case n <= 0:
		return 0, 1
	case n >= population:
		share := float64(found) / float64(n)
		return share, share
	}
	const tail = (1 - confidence) / 2
	low, high = 0, 1
	if found > 0 {
		low = betaQuantile(tail, float64(found), float64(n-found+1))
	}
	if found < n {
		high = betaQuantile(1-tail, float64(found+1), float64(n-found))
	}
	return low, high
}

// TrueCount gives between how many and how many of the verified records are true: the
// bounds of the share times the population, rounded outwards, and never against what
// is known of single records, drawn at random or not.
func TrueCount(n, found, population, knownTrue, knownFalse int) (low, high int) {
	l, h := Bound(n, found, population)
	const slack = 1e-9 // a share that is a whole number of records stays one
	low = int(math.Floor(l*float64(population) + slack))
	high = int(math.Ceil(h*float64(population) - slack))
	return max(low, knownTrue), min(high, population-knownFalse)
}

// betaQuantile finds x with betaShare(x, a, b) = p by halving: the function grows.
func betaQuantile(p, a, b float64) float64 {
	low, high := 0.0, 1.0
	for range 64 {
		mid := (low + high) / 2
		if betaShare(mid, a, b) < p {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

// betaShare is the regularised incomplete beta function I_x(a, b). Its continued
// fraction converges fast below the mean of the distribution; above it the mirrored
// one is taken.
func betaShare(x, a, b float64) float64 {
	if x <= 0 || x >= 1 {
		return min(max(x, 0), 1)
	}
	if x > (a+1)/(a+b+2) {
		return 1 - betaShare(1-x, b, a)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	return math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a * betaFraction(x, a, b)
}

// betaFraction is the continued fraction of I_x(a, b) by the modified method of Lentz.
func betaFraction(x, a, b float64) float64 {
	const tiny, enough, most = 1e-300, 1e-15, 10_000
	away := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/away(1-(a+b)*x/(a+1))
	f := d
	for i := 1; i <= most; i++ {
		m := float64(i)
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d, c = 1/away(1+even*d), away(1+even/c)
		f *= d * c
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d, c = 1/away(1+odd*d), away(1+odd/c)
		f *= d * c
		if math.Abs(d*c-1) < enough {
			break
		}
	}
	return f
}
