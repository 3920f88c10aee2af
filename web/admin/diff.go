package admin

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"bihuan/org"
	"bihuan/web/ui"
)

// changes reads the states before and after an act, as the log keeps them, and
// tells what differs, in words. Text that is no JSON object is shown as it stands.
func changes(before, after string) []ui.Change {
	was, is := flatten(before), flatten(after)
	names := slices.Collect(maps.Keys(was))
	for name := range is {
		if _, known := was[name]; !known {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var list []ui.Change
	for _, name := range names {
		if was[name] != is[name] {
			list = append(list, ui.Change{Name: fieldLabel(name), Before: was[name], After: is[name]})
		}
	}
	return list
}

// flatten turns a JSON text into lines of name and value; names of inner values
// hang together by "/".
func flatten(text string) map[string]string {
	out := map[string]string{}
	if text == "" {
		return out
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		out[""] = text
		return out
	}
	put(out, "", v)
	return out
}

func put(out map[string]string, name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			put(out, strings.TrimPrefix(name+"/"+key, "/"), inner)
		}
	case []any:
		if plain(v) {
			out[name] = listText(name, v)
			return
		}
		for i, inner := range v {
			put(out, name+"/"+strconv.Itoa(i+1), inner)
		}
	case nil:
	default:
		out[name] = valueText(name, v)
	}
}

// plain tells whether a list holds single values only.
func plain(list []any) bool {
	return !slices.ContainsFunc(list, func(v any) bool {
		switch v.(type) {
		case map[string]any, []any:
			return true
		}
		return false
	})
}

func listText(name string, list []any) string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = valueText(name, v)
	}
	return strings.Join(texts, "、")
}

// valueText says a single value in words: roles, states, times, yes and no.
func valueText(name string, v any) string {
	text := fmt.Sprint(v)
	switch v := v.(type) {
	case bool:
		if v {
			return "是"
		}
		return "否"
	case string:
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			return ui.Moment(at)
		}
	}
	switch name {
	case "roles":
		return org.Role(text).Label()
	case "state":
		return org.State(text).Label()
	case "reason", "factor":
		if word, ok := factorWords()[text]; ok {
			return word
		}
	}
	return text
}
