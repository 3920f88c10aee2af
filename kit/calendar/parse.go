package calendar

import (
	"go.yaml.in/yaml/v3"

	"bihuan/kit/errs"
)

// Parse reads notices and makes their calendar:
//
//	years:
//	  - year: 2026
//	    source: 国办发明电〔2025〕7号
//	    holidays:
//	      - {name: 元旦, from: 2026-01-01, to: 2026-01-03}
//	    workdays: [2026-01-04]
//
// The error is Invalid and names the line.
func Parse(data []byte) (*Calendar, error) {
	years, err := ParseYears(data)
	if err != nil {
		return nil, err
	}
	c, err := New(years...)
	if err != nil {
		return nil, errs.New(errs.Invalid, "日历有误：%s", err.Error())
	}
	return c, nil
}

// ParseYears is Parse without the checks of New, for a pack that joins several files.
func ParseYears(data []byte) ([]Year, error) {
	var file struct {
		Years []yearForm `yaml:"years"`
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, errs.New(errs.Invalid, "日历不是合格的 YAML：%s", err.Error())
	}
	if err := known(&root); err != nil {
		return nil, err
	}
	if err := root.Decode(&file); err != nil {
		return nil, errs.New(errs.Invalid, "日历的结构有误：%s", err.Error())
	}
	if len(file.Years) == 0 {
		return nil, errs.New(errs.Invalid, "日历里没有年份（第 1 行应有 years）")
	}
	years := make([]Year, 0, len(file.Years))
	for _, f := range file.Years {
		y, err := f.year()
		if err != nil {
			return nil, err
		}
		years = append(years, y)
	}
	return years, nil
}

// The forms keep YAML nodes, so that every message can name its line.
type yearForm struct {
	Year     yaml.Node `yaml:"year"`
	Source   string    `yaml:"source"`
	Holidays []struct {
		Name string    `yaml:"name"`
		From yaml.Node `yaml:"from"`
		To   yaml.Node `yaml:"to"`
	} `yaml:"holidays"`
	Workdays []yaml.Node `yaml:"workdays"`
}

func (f yearForm) year() (Year, error) {
	y := Year{Source: f.Source}
	if err := f.Year.Decode(&y.Year); err != nil || y.Year < 1949 || y.Year > 2999 {
		return y, errs.New(errs.Invalid, "第 %d 行：年份“%s”有误", f.Year.Line, clip(f.Year.Value))
	}
	if f.Source == "" {
		return y, errs.New(errs.Invalid, "第 %d 行：%d 年没有写明依据（source）", f.Year.Line, y.Year)
	}
	for _, h := range f.Holidays {
		from, err := date(h.From, f.Year.Line)
		if err != nil {
			return y, err
		}
		to, err := date(h.To, f.Year.Line)
		if err != nil {
			return y, err
		}
		// A single year is checked here as well as in New, so that the message has the line.
		r := Range{h.Name, from, to}
		if _, err := New(Year{Year: y.Year, Holidays: []Range{r}}); err != nil {
			return y, errs.New(errs.Invalid, "第 %d 行：%s", h.From.Line, err.Error())
		}
		y.Holidays = append(y.Holidays, r)
	}
	for _, n := range f.Workdays {
		d, err := date(n, f.Year.Line)
		if err != nil {
			return y, err
		}
		y.Workdays = append(y.Workdays, d)
		if _, err := New(Year{Year: y.Year, Holidays: y.Holidays, Workdays: y.Workdays}); err != nil {
			return y, errs.New(errs.Invalid, "第 %d 行：%s", n.Line, err.Error())
		}
	}
	return y, nil
}

// date reads a node; one that is missing is reported at the line of its year.
func date(n yaml.Node, yearLine int) (Date, error) {
	if n.IsZero() {
		return Date{}, errs.New(errs.Invalid, "第 %d 行起的年份里有假期缺少起止日期", yearLine)
	}
	d, err := ParseDate(n.Value)
	if err != nil {
		return d, errs.New(errs.Invalid, "第 %d 行：“%s”不是日期", n.Line, clip(n.Value))
	}
	return d, nil
}

// known refuses keys that the form does not have: a misspelt key would be a lost holiday.
func known(n *yaml.Node) error {
	keys := map[string]bool{"years": true, "year": true, "source": true, "holidays": true, "workdays": true, "name": true, "from": true, "to": true}
	if n.Kind == yaml.AliasNode {
		return errs.New(errs.Invalid, "第 %d 行：日历里不能用引用", n.Line)
	}
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && !keys[child.Value] {
			return errs.New(errs.Invalid, "第 %d 行：不认识的项“%s”", child.Line, clip(child.Value))
		}
		if err := known(child); err != nil {
			return err
		}
	}
	return nil
}
