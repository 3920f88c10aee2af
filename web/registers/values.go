package registers

import (
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/register"
	"bihuan/web/ui"
)

// shown is a stored value as a page writes it.
func shown(pack *city.Pack, f register.Field, value string) string {
	if value == "" {
		return ""
	}
	switch f.Type {
	case register.Number:
		s := ui.GroupDigits(value)
		if f.Unit != "" {
			s += " " + f.Unit
		}
		return s
	case register.Date:
		if d, err := calendar.ParseDate(value); err == nil {
			return d.Chinese()
		}
	case register.UnitRef:
		return unitName(pack, city.UnitID(value))
	case register.Longitude, register.Latitude:
		return value + "°"
	default:
	}
	return value
}

// cellOf is a value in a list: as short as it can be.
func cellOf(pack *city.Pack, f register.Field, value string) ui.Cell {
	if value == "" {
		return ui.Text(noWord)
	}
	switch f.Type {
	case register.Number:
		return ui.Text(ui.GroupDigits(value))
	case register.LongText:
		return ui.Text(cut(value, 60))
	default:
		return ui.Text(shown(pack, f, value))
	}
}

// cut shortens a long text.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// columnOf is a field as a column of a list.
func columnOf(f register.Field) ui.Column {
	c := ui.Column{Label: f.Label}
	switch f.Type {
	case register.Number:
		c.Num, c.Unit = true, f.Unit
	case register.Date, register.Truth, register.Phone, register.USCC:
		c.Narrow = true
	default:
	}
	return c
}

// webLink gives the address of a Link value that a browser may follow, else "".
func webLink(value string) string {
	if strings.HasPrefix(value, "https://") || strings.HasPrefix(value, "http://") {
		return value
	}
	return ""
}
