package indicator_test

import (
	"fmt"
	"strings"
	"testing"

	"bihuan/city"
	"bihuan/indicator"
	"bihuan/kit/audit"
	"bihuan/kit/db/dbtest"
)

// BenchmarkAll reads five years of all indicators for all territories, as the page of the sectors does, and of the two that the overview needs.
func BenchmarkAll(b *testing.B) {
	pack, err := city.LoadBuiltin("liaocheng")
	if err != nil {
		b.Fatal(err)
	}
	clock := dbtest.NewClock("2026-07-01T09:00:00+08:00")
	s, err := indicator.New(dbtest.Open(b, "sqlite", clock), audit.New(audit.Key("the key of a test")), pack)
	if err != nil {
		b.Fatal(err)
	}
	for _, ind := range s.Catalogue().Indicators {
		if _, err := s.Import(ctx, clerk, fiveYears(s.Catalogue(), pack, ind)); err != nil {
			b.Fatal(err)
		}
	}
	for name, only := range map[string][]city.TerritoryID{"everywhere": nil, "city and province": {pack.Root().ID, indicator.Province}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.All(ctx, reader, only...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// fiveYears is a table with a figure for each cumulative period, territory and caliber.
func fiveYears(c *indicator.Catalogue, pack *city.Pack, ind indicator.Indicator) [][]string {
	rows := [][]string{strings.Fields("指标 地区 时期 口径 数值 发布日期 来源文件")}
	for year := 2021; year <= 2025; year++ {
		for _, p := range ind.Due(year) {
			_, day := ind.Window(p)
			for _, t := range c.Territories(ind) {
				for _, cal := range indicator.CalibersOf(pack, ind, t) {
					rows = append(rows, []string{ind.Name, string(t), p.Label(), string(cal), fmt.Sprint(len(rows) % 9), day.String(), "统计月报"})
				}
			}
		}
	}
	return rows
}
