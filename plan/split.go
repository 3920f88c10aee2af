package plan

import (
	"cmp"
	"slices"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
)

// Split cuts a total into parts in proportion to weights. The parts add up to the
// total exactly: what whole steps leave over goes to the largest remainders,
// the first of equals. Whole totals are cut into whole parts. It fails when no
// weight is positive or the total is negative.
func Split(total quantity.Quantity, weights []int64) ([]quantity.Quantity, error) {
	step := quantity.Quantity(1)
	if total%quantity.Scale == 0 {
		step = quantity.Scale
	}
	sum := int64(0)
	for _, w := range weights {
		if w < 0 {
			return nil, errs.New(errs.Invalid, "权重不能为负数")
		}
		sum += w
	}
	if sum == 0 || total < 0 {
		return nil, errs.New(errs.Invalid, "没有可分配的数")
	}
	steps := total / step
	parts := make([]quantity.Quantity, len(weights))
	order := make([]int, len(weights))
	rest := make([]quantity.Quantity, len(weights))
	left := steps
	for i, w := range weights {
		exact, err := steps.MulDiv(w, sum)
		if err != nil {
			return nil, errs.New(errs.Invalid, "数字太大，无法自动分配").Because(err)
		}
		parts[i], order[i] = exact, i
		// MulDiv rounds; a part is never more than its share, so that what is left is not negative.
		if over := remainder(steps, w, sum, exact); over < 0 {
			parts[i]--
		}
		rest[i] = remainder(steps, w, sum, parts[i])
		left -= parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
	for _, i := range order[:left] {
		parts[i]++
	}
	for i := range parts {
		parts[i] *= step
	}
	return parts, nil
}

// remainder is steps×w − part×sum: how much of its exact share a part is short.
func remainder(steps quantity.Quantity, w, sum int64, part quantity.Quantity) quantity.Quantity {
	// Products may wrap; their difference is small, so it comes out right all the same.
	return steps*quantity.Quantity(w) - part*quantity.Quantity(sum)
}

// SplitEven suggests the same part for every territory that counts for itself.
func SplitEven(pack *city.Pack, total quantity.Quantity) ([]Share, error) {
	territories := pack.TerritoriesFor(city.CaliberZonesApart)
	weights := make([]int64, len(territories))
	for i := range weights {
		weights[i] = 1
	}
	return sharesFor(territories, total, weights)
}

// SplitByPopulation suggests parts in proportion to residents of one year in one
// caliber: the newest year for which most territories have a published number.
// Territories without one get no part and are named in missing; no other year
// stands in for them.
func SplitByPopulation(pack *city.Pack, total quantity.Quantity) (shares []Share, year int, missing []string, err error) {
	territories := pack.TerritoriesFor(city.CaliberZonesApart)
	counts := map[int]int{}
	for _, t := range territories {
		for _, p := range t.Population {
			if slices.Contains(p.Calibers, city.CaliberZonesApart) {
				counts[p.Year]++
			}
		}
	}
	for y, n := range counts {
		if n > counts[year] || n == counts[year] && y > year {
			year = y
		}
	}
	if year == 0 {
		return nil, 0, nil, errs.New(errs.Invalid, "城市数据包中没有各县区的人口数，不能按人口分")
	}
	var known []city.Territory
	var weights []int64
	for _, t := range territories {
		p, ok := t.PopulationIn(city.CaliberZonesApart, year)
		if !ok {
			missing = append(missing, t.Short)
			continue
		}
		known, weights = append(known, t), append(weights, p.Persons)
	}
	shares, err = sharesFor(known, total, weights)
	return shares, year, missing, err
}

func sharesFor(territories []city.Territory, total quantity.Quantity, weights []int64) ([]Share, error) {
	parts, err := Split(total, weights)
	if err != nil {
		return nil, err
	}
	shares := make([]Share, len(parts))
	for i := range parts {
		shares[i] = Share{Territory: territories[i].ID, Value: parts[i]}
	}
	return shares, nil
}
