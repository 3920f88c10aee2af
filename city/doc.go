// Package city reads city packs: everything the program knows about one city.
//
// What belongs here: the types of a pack, the strict loader, and the directory
// that says which unit a printed name stands for. What does not: rules that use
// the data (they stand in the rooms that apply them) and any fact about a
// particular city (it stands in a pack). No Go file knows a city's name.
//
// # A pack
//
// A pack is a folder of YAML files and plain texts. All six files are required;
// unknown files, unknown keys, anchors and aliases (& and *) are refused, so
// that a misspelling cannot be overlooked. Check lists every mistake with file,
// line, column, what was found and what was expected.
//
//	pack.yaml         id, version, name, short, level, word, province, documents
//	territories.yaml  territories and comparison groups
//	units.yaml        units and collectives
//	calendar.yaml     holidays and make-up working days by year
//	thresholds.yaml   when a task is green, blue, yellow, red
//	defaults.yaml     timers, reminders, extension, sampling, scoring, limits
//	plans/*.txt       the texts of plans, UTF-8
//
// Sub-folders other than these belong to other rooms (registers to room register);
// this package does not look into them, but they count for the digest.
//
// # Writing a pack
//
// Copy the folder of a pack that exists, change it file by file, and run the
// check after each file.
//
// pack.yaml names the city. word is what its documents put before a unit
// instead of the city's name (市商务局: 市). Raise version with every change: a
// decision stores version and digest and can so be repeated.
//
// territories.yaml lists the city as a whole (kind prefecture), then its parts
// (district, county_city, county) and its zones (zone, with inside_of). Divisions
// carry their GB/T 2260 code. A zone has none and gets an internal code such as
// Z-01 that cannot be mistaken for one. Population holds published numbers
// only: a year that was not found is left out. Where a territory holds zones,
// each number says its caliber: 行政区划口径 counts the zones in, 功能区单列口径
// does not. grid is the place in the schematic map, north and west first. Each
// part stands in exactly one comparison group.
//
// units.yaml lists units in the order in which documents sign; exactly one has
// lead: true. Each part of the city has one government (county_government, or
// zone_committee for zones). The city's name or word before a unit need not be
// listed, nor typography (brackets, spaces, full width), nor shortenings that
// are customary in the whole country (委员会 → 委, 教育和体育 → 教体); the pack lists
// what is particular to the city, and what it lists counts as confirmed. No
// spelling may stand for two units. A collective is a name for several units,
// by kinds or by ids.
//
// calendar.yaml holds the notices of the State Council; it needs the years of
// all documents. Shares are written with their sign (-5%), differences of
// growth rates in words (-0.5个百分点), limits with their unit (5 工作日, 30 自然日;
// with move_on a natural-day limit that ends on a day off ends on the next workday).
//
// Every threshold, limit and population carries confidence and source. A: the
// law or notice itself was read. B: reported by an official site or the press.
// C: professional knowledge or arithmetic. D: chosen by the city or this
// project; no rule prescribes it.
package city
