package supervise

import (
	"math"

	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/plan"
	"bihuan/plan/read"
)

// Forecast is where a target is likely to end if it goes on as it did: labelled
// 测算 wherever it is shown, and never a verified value.
type Forecast struct {
	Low, Mid, High quantity.Quantity // Low to High holds the end about eight times in ten
	On             calendar.Date     // the end that is forecast
	Periods        int               // how many stretches of the year it rests on
}

// fewest is how many stretches a forecast needs at least.
const fewest = 3

// Project forecasts the end of a target from its values so far.
//
// Method: let s be the share of the frozen pace that a day asks for, and v the
// value on it. The rate so far is r = (v − v₀) ÷ (s − s₀), counted from zero (a
// stock: from its baseline, or from the first value when it has none). The middle
// is v + (1 − s)·r: the rest of the year brings value at the same ratio to the pace.
// The scatter comes from the stretches between the days: a stretch that asked for a
// share d and brought w misses the rate by e = w − r·d, whose variance is taken to
// grow with d, so σ² = Σ(e²/d) ÷ (n − 1). The rest of the year scatters by
// σ²·(1 − s), and the rate itself is uncertain by σ² ÷ (s − s₀), which together is
// σ²·(1 − s)·(1 + (1 − s) ÷ (s − s₀)). The interval is the middle ± Student's t for
// 80 % with n − 1 degrees of freedom. It assumes that months do not depend on each
// other and that nothing about the work changes; it knows nothing else.
//
// values stand for days, which rise; nil for a day of which nothing is known, and
// days after asOf are left out, since a figure that nobody renewed says nothing
// about them. There is none (nil) with fewer than three stretches, once the end is
// reached, for rates and ceilings, and never for official statistics.
func Project(t plan.Target, days []calendar.Date, values []*quantity.Quantity, asOf calendar.Date) *Forecast {
	if !projectable(t) {
		return nil
	}
	s0, v0, begun := 0.0, 0.0, t.Kind == plan.Flow || t.Baseline != nil
	if t.Kind == plan.Stock && t.Baseline != nil {
		v0 = t.Baseline.Float()
	}
	s, v := s0, v0
	var shares, gains []float64
	for i, day := range days {
		if values[i] == nil || day.After(asOf) {
			continue
		}
		share, value := float64(t.Curve.ShareAt(day))/10_000, values[i].Float()
		switch {
		case !begun:
			s0, v0, s, v, begun = share, value, share, value, true
		case share > s:
			shares, gains = append(shares, share-s), append(gains, value-v)
			s, v = share, value
		default: // the pace asked for nothing more: what came belongs to the stretch before
			if n := len(gains); n > 0 {
				gains[n-1] += value - v
				v = value
			}
		}
	}
	n := len(shares)
	if n < fewest || s >= 1 {
		return nil
	}
	rate := (v - v0) / (s - s0)
	sum := 0.0
	for i, d := range shares {
		e := gains[i] - rate*d
		sum += e * e / d
	}
	spread := student80(n-1) * math.Sqrt(sum/float64(n-1)*(1-s)*(1+(1-s)/(s-s0)))
	mid := v + (1-s)*rate
	f := &Forecast{Low: whole(mid - spread), Mid: whole(mid), High: whole(mid + spread), On: t.Curve.End, Periods: n}
	if now := whole(v); t.Kind == plan.Flow && f.Low < now { // what was counted in the year stays counted
		f.Low, f.Mid, f.High = now, max(f.Mid, now), max(f.High, now)
	}
	return f
}

// projectable leaves out what does not grow with the work of the year, and
// official statistics, which nobody but their publisher speaks for.
func projectable(t plan.Target) bool {
	return t.Summable() && t.Value != nil && !t.Cap() && t.Change != read.ChangeDown && t.Measure.Kind != plan.Series && t.Curve.Kind != plan.Flat
}

// whole rounds to whole units: a forecast has no decimals.
func whole(v float64) quantity.Quantity {
	const most = 1e13
	return quantity.Of(int64(math.Round(max(-most, min(most, v)))))
}

// student80 is Student's t that leaves 10 % on each side.
func student80(degrees int) float64 {
	table := []float64{3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356, 1.350, 1.345, 1.341}
	if degrees <= len(table) {
		return table[degrees-1]
	}
	return 1.282
}
