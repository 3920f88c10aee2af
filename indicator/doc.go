// Package indicator is the statistics room: figures that a statistics office has
// published, kept with the document they come from, and what may be concluded
// from them.
//
// What belongs here: which indicators a city follows (data of the city pack),
// their periods and release windows, published figures with every revision, the
// comparison of a city's growth rate with the province's, and the thresholds from
// which an enterprise counts as above the limit. What does not: figures that units
// report about their own work (plan), and the light that a gap gives (supervise).
//
// A figure is a chain of versions and never overwritten:
//
//	entered (1) ─▶ revised (2, reason) ─▶ … ─▶ withdrawn (n, reason)
//
// Rules that hold throughout:
//
//   - Level, rate, caliber, release date and source are kept apart.
//   - A published growth rate is never computed from two levels: rates are on a
//     comparable basis. What is computed is a Computed, says 测算, and cannot be entered.
//   - January and February are one period.
//   - The city is compared with the province only for one indicator and one period.
//   - Zones and the district that holds them are never added up twice.
//   - There is no field for an expected value, and no figure before its period has ended.
package indicator
