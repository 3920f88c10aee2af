package indicator

import (
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/kit/strictyaml"
)

// Folder is the sub-folder of a pack that this room reads. All its files may be
// missing: a city need not follow any statistics.
const Folder = "indicator"

const (
	fileIndicators = "indicators.yaml"
	fileAdmission  = "admission.yaml"
	fileKnown      = "known.yaml"
)

// Catalogue is what the pack says about statistics. It is made by Load and read only.
type Catalogue struct {
	Indicators []Indicator // in the order of the pack
	Admission  Admission
	Known      []Observation // published figures that come with the pack
	pack       *city.Pack
}

// Indicator returns the indicator with the id; an unknown one is NotFound.
func (c *Catalogue) Indicator(id ID) (Indicator, error) {
	i := slices.IndexFunc(c.Indicators, func(ind Indicator) bool { return ind.ID == id })
	if i < 0 {
		return Indicator{}, errs.New(errs.NotFound, "没有这个指标：可能地址有误")
	}
	return c.Indicators[i], nil
}

// TerritoryName is the full name of a territory or of the province.
func (c *Catalogue) TerritoryName(id city.TerritoryID) string {
	if id == Province {
		return c.pack.Province.Name
	}
	t, ok := c.pack.Territory(id)
	if !ok {
		return string(id)
	}
	return t.Name
}

// Territories lists for which territories an indicator is published: the
// province, the city, then its parts.
func (c *Catalogue) Territories(ind Indicator) []city.TerritoryID {
	var list []city.TerritoryID
	if ind.Provincial {
		list = append(list, Province)
	}
	for _, t := range c.pack.Territories {
		if len(CalibersOf(c.pack, ind, t.ID)) > 0 {
			list = append(list, t.ID)
		}
	}
	return list
}

// Load reads the room's files of a pack. When anything in them is wrong, it
// returns an error with code Invalid whose cause is strictyaml.Errors.
func Load(pack *city.Pack) (*Catalogue, error) {
	c, problems := read(pack)
	if len(problems) > 0 {
		return nil, errs.New(errs.Invalid, "城市包的统计指标有 %d 处错误", len(problems)).Because(problems)
	}
	return c, nil
}

// Check returns everything that is wrong with the room's files of a pack.
func Check(pack *city.Pack) strictyaml.Errors {
	_, problems := read(pack)
	return problems
}

// reader fills one catalogue and remembers where each indicator was written.
type reader struct {
	*Catalogue
	folder strictyaml.Folder
	lines  map[ID]int
}

func read(pack *city.Pack) (*Catalogue, strictyaml.Errors) {
	r := &reader{Catalogue: &Catalogue{pack: pack}, lines: map[ID]int{},
		folder: strictyaml.Folder{FS: pack.Files, Name: "城市包"}}
	entries, err := fs.ReadDir(pack.Files, Folder)
	if errors.Is(err, fs.ErrNotExist) {
		return r.Catalogue, nil
	}
	if err != nil {
		r.folder.File(Folder).Problem("无法读取的文件夹", "一个文件夹")
	}
	for _, e := range entries {
		if known := []string{fileIndicators, fileAdmission, fileKnown}; !slices.Contains(known, e.Name()) {
			r.folder.File(Folder+"/"+e.Name()).Problem("未知的文件", "下列文件之一：%s", strings.Join(known, "、"))
		}
	}
	if _, ok := pack.Territory(Province); ok {
		r.folder.File(Folder).Problem("编号为“"+string(Province)+"”的地区", "另一个编号：它留给全省的数")
	}
	r.readIndicators(r.optional(fileIndicators))
	r.readAdmission(r.optional(fileAdmission))
	r.readKnown(r.optional(fileKnown))
	return r.Catalogue, r.folder.Problems.Sorted()
}

// optional reads a file that may be missing.
func (r *reader) optional(name string) strictyaml.Value {
	path := Folder + "/" + name
	if _, err := fs.Stat(r.folder.FS, path); errors.Is(err, fs.ErrNotExist) {
		return r.folder.File(path)
	}
	v, _ := r.folder.YAML(path)
	return v
}

func (r *reader) readIndicators(v strictyaml.Value) {
	root := v.Mapping("indicators")
	rates := map[ID]strictyaml.Value{}
	for _, item := range root.Must("indicators", "指标列表").Items() {
		f := item.Mapping("id", "name", "short", "unit", "kind", "frequency", "sector", "level", "calibers", "provincial", "parts",
			"owner", "publisher", "definition", "release", "confidence", "source")
		ind := r.indicator(f)
		if !strictyaml.Once(f.May("id"), ind.ID, r.lines) {
			continue
		}
		if f.May("level").Present() {
			rates[ind.ID] = f.May("level")
		}
		r.Indicators = append(r.Indicators, ind)
	}
	for _, ind := range r.Indicators {
		if at, ok := rates[ind.ID]; ok {
			r.checkLevel(ind, at)
		}
	}
}

func (r *reader) indicator(f strictyaml.Fields) Indicator {
	ind := Indicator{
		ID: ID(f.Must("id", "指标编号").ID()), Name: f.Must("name", "指标全称").Text(), Short: f.May("short").Text(), Unit: f.Must("unit", "计量单位").Text(),
		Kind:      strictyaml.Choice(f.Must("kind", "level（总量）或 rate（增速）"), Level, Rate),
		Frequency: strictyaml.Choice(f.Must("frequency", "month、quarter 或 year"), Monthly, Quarterly, Yearly),
		Sector:    strictyaml.Choice(f.May("sector"), Sectors()...),
		LevelOf:   ID(f.May("level").ID()), Provincial: f.May("provincial").Truth(), Parts: f.May("parts").Truth(),
		Owner: city.UnitID(f.Must("owner", "录入单位的编号").ID()), Publisher: f.Must("publisher", "发布机构").Text(),
		Definition: f.Must("definition", "指标含义").Text(), Release: release(f.Must("release", "发布时间窗口")), Basis: basis(f),
	}
	if ind.Short == "" {
		ind.Short = ind.Name
	}
	if ind.Kind == Rate && ind.Unit != "%" {
		f.May("unit").Problem(strictyaml.Quote(ind.Unit), "“%%”：增速以百分数公布")
	}
	if _, ok := r.pack.Unit(ind.Owner); !ok && ind.Owner != "" {
		f.May("owner").Problem(strictyaml.Quote(string(ind.Owner)), "单位名录（units.yaml）中的编号")
	}
	for _, item := range f.Must("calibers", "公布所用的口径").Items() {
		if c := strictyaml.Choice(item, city.CaliberAdministrative, city.CaliberZonesApart); c != "" && !slices.Contains(ind.Calibers, c) {
			ind.Calibers = append(ind.Calibers, c)
		}
	}
	return ind
}

// checkLevel holds the reference of a rate against the other indicators.
func (r *reader) checkLevel(ind Indicator, at strictyaml.Value) {
	level, err := r.Indicator(ind.LevelOf)
	switch {
	case ind.Kind != Rate:
		at.Problem("总量指标的“level”", "不写：只有增速指标才有对应的总量")
	case err != nil || level.Kind != Level:
		at.Problem(strictyaml.Quote(string(ind.LevelOf)), "一个总量（level）指标的编号")
	case level.Frequency != ind.Frequency:
		at.Problem(strictyaml.Quote(string(ind.LevelOf)), "与增速同一频率的总量指标")
	}
}

func release(v strictyaml.Value) Release {
	f := v.Mapping("months", "from", "to", "dates", "confidence", "source")
	r := Release{Months: int(f.Must("months", "时期结束后第几个月发布").Whole(1, 12)), From: int(f.Must("from", "从几日").Whole(1, 31)),
		To: int(f.Must("to", "到几日").Whole(1, 31)), Basis: basis(f)}
	if r.From > r.To && r.To > 0 {
		f.May("to").Problem(f.May("to").Raw(), "不早于 from 的日子")
	}
	if f.May("dates").Present() {
		r.Dates = announced(f.May("dates"))
	}
	return r
}

// announced reads the days that a publisher has announced for periods.
func announced(v strictyaml.Value) map[Period]calendar.Date {
	dates := map[Period]calendar.Date{}
	for _, item := range v.Items() {
		f := item.Mapping("period", "on")
		day, written := f.Must("on", "公布的发布日").Date(), f.Must("period", "时期")
		p, err := ParsePeriod(written.Text())
		switch {
		case !written.Present() || day.IsZero():
		case err != nil:
			written.Problem(strictyaml.Quote(written.Raw()), "时期，如 2026年1—3月")
		case !day.After(p.Ends()):
			f.May("on").Problem(day.String(), "晚于时期末日 %s 的日期", p.Ends())
		default:
			dates[p] = day
		}
	}
	return dates
}

func basis(f strictyaml.Fields) city.Basis {
	return city.Basis{
		Confidence: strictyaml.Choice(f.Must("confidence", "A、B、C 或 D"), city.ConfidenceText, city.ConfidenceReported, city.ConfidenceCommon, city.ConfidenceChosen),
		Source:     f.Must("source", "依据").Text(),
	}
}

var percentForm = regexp.MustCompile(`^[0-9]{1,3}%$`)

func (r *reader) readAdmission(v strictyaml.Value) {
	f := v.Mapping("limits", "near")
	seen := map[Sector]int{}
	for _, item := range f.Must("limits", "四个行业的限额标准").Items() {
		l := item.Mapping("sector", "yuan", "confidence", "source")
		limit := Limit{Sector: strictyaml.Choice(l.Must("sector", "行业"), Sectors()...),
			Yuan: quantity.Of(l.Must("yuan", "年主营业务收入，元").Whole(1, 100_000_000_000)), Basis: basis(l)}
		if strictyaml.Once(l.May("sector"), limit.Sector, seen) {
			r.Admission.Limits = append(r.Admission.Limits, limit)
		}
	}
	if v.Present() && len(seen) < len(Sectors()) {
		f.May("limits").Problem("不全的限额标准", "批发、零售、住宿、餐饮各一项")
	}
	near := f.Must("near", "预警比例").Mapping("share", "confidence", "source")
	if s := near.Must("share", "占限额的比例，如 70%").Matching(percentForm, "百分数，如 70%"); s != "" {
		r.Admission.Near = city.BasisPoints(number(strings.TrimSuffix(s, "%")) * 100)
	}
	r.Admission.NearBasis = basis(near)
}

func (r *reader) readKnown(v strictyaml.Value) {
	f := v.Mapping("known")
	for _, item := range f.Must("known", "已公布的数").Items() {
		o := item.Mapping("indicator", "territory", "period", "caliber", "value", "released", "confidence", "source")
		e := Entry{Indicator: ID(o.Must("indicator", "指标编号").Text()), Territory: o.Must("territory", "地区编号，或 province").Text(),
			Period: o.Must("period", "时期").Text(), Caliber: o.May("caliber").Text(), Value: o.Must("value", "公布的数").Text(),
			Released: o.Must("released", "发布日期").Text(), Source: o.Must("source", "来源").Text()}
		b := basis(o)
		known, err := r.parse(e, calendar.Date{})
		known.Confidence = b.Confidence
		for _, field := range errs.FieldNames(err) {
			o.May(field).Problem(strictyaml.Quote(o.May(field).Raw()), "%s", errs.FieldMessages(err)[field])
		}
		if slices.ContainsFunc(r.Known, func(k Observation) bool { return k.Indicator == known.Indicator && k.Key == known.Key }) {
			item.Problem("重复的数", "每个指标、地区、时期、口径只写一次")
		}
		if err == nil {
			r.Known = append(r.Known, known)
		}
	}
}
