package registers

import (
	"testing"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/register"
	"bihuan/web/ui"
)

func day(s string) calendar.Date { return calendar.MustParseDate(s) }

// course is a register with a straight course, a way back and an end beside it.
func course() *register.Definition {
	limit := &city.Limit{Limit: calendar.Limit{N: 5, Unit: calendar.Workdays}}
	return &register.Definition{ID: "point", Name: "站点", Baseline: day("2025-12-31"),
		Fields: []register.Field{{Name: "size", Label: "面积", Type: register.Number, Unit: "平方米"}, {Name: "kind", Label: "类别", Type: register.Choice, Options: []string{"甲", "乙"}}},
		Counts: []register.Count{{ID: "new", Name: "新增", Mode: register.Flow, New: true}, {ID: "area", Name: "面积", Mode: register.Stock, Sum: "size", Where: []register.Condition{{Field: "kind", In: []string{"甲", "乙"}}}}},
		Stages: []register.Stage{
			{ID: "claimed", Label: "已报", Owner: register.ByCounty, Limit: limit, Moves: []register.Move{{ID: "check", Label: "通过", To: "checked", By: []register.Actor{register.ByCounty}}, {ID: "return", Label: "退回", To: "back", Reason: true}}},
			{ID: "back", Label: "退回补正", Moves: []register.Move{{ID: "claim", Label: "重报", To: "claimed"}}},
			{ID: "checked", Label: "初审", Moves: []register.Move{{ID: "verify", Label: "认定", To: "verified"}}},
			{ID: "verified", Label: "计数", Counts: true, Moves: []register.Move{{ID: "end", Label: "退出", To: "gone", Ends: true}}},
			{ID: "gone", Label: "退出", Ends: true},
		}}
}

func labels(steps []ui.Step) string {
	s := ""
	for _, x := range steps {
		s += x.Label
		if x.Current {
			s += "*"
		}
		if x.Done {
			s += "+"
		}
		s += " "
	}
	return s
}

func TestStageBar(t *testing.T) {
	for now, want := range map[string]string{
		"claimed":  "已报* 初审 计数 ",
		"checked":  "已报+ 初审* 计数 ",
		"verified": "已报+ 初审+ 计数* ",
		"back":     "已报 初审 计数 退回补正* ",
		"gone":     "已报 初审 计数 退出* ",
	} {
		if got := labels(stageBar(course(), now)); got != want {
			t.Errorf("%s: %q, want %q", now, got, want)
		}
	}
	round := course()
	round.Stages[0].Moves[0].To = "claimed"
	if got := labels(stageBar(round, "claimed")); got != "已报* " {
		t.Errorf("a stage that leads to itself: %q", got)
	}
}

func TestWhenItCounts(t *testing.T) {
	spans := []register.Span{{From: day("2026-03-01"), To: day("2026-06-01")}, {From: day("2026-08-01")}}
	for on, want := range map[string]bool{"2026-02-28": false, "2026-03-01": true, "2026-05-31": true, "2026-06-01": false, "2026-07-31": false, "2026-08-01": true, "2030-01-01": true} {
		if countsOn(spans, day(on)) != want {
			t.Errorf("counts on %s: %v", on, !want)
		}
	}
	if got := spanWords(spans[0]); got != "自2026年3月1日起计入，至2026年5月31日止" {
		t.Error(got)
	}
	if got := spanWords(spans[1]); got != "自2026年8月1日起计入" {
		t.Error(got)
	}
}

func TestDueWords(t *testing.T) {
	for due, want := range map[string]string{"": "", "2026-06-30": "已超期1日", "2026-07-01": "今日到期", "2026-07-04": "还有3日"} {
		d := calendar.Date{}
		if due != "" {
			d = day(due)
		}
		got, late := dueWords(d, day("2026-07-01"))
		if got != want || late != (due == "2026-06-30") {
			t.Errorf("%q: %q %v", due, got, late)
		}
	}
}

func TestCountWords(t *testing.T) {
	d := course()
	if got, want := countWords(d, d.Counts[0]), "数记录条数，2025年12月31日以前已有的不计；当年生效的累计，次年从零开始"; got != want {
		t.Error(got)
	}
	if got, want := countWords(d, d.Counts[1]), "累加“面积”，只计“类别”为甲或乙的；当日有效的存量，佐证失效之日自动退出"; got != want {
		t.Error(got)
	}
	if got, want := modeWords(register.Flow, day("2026-07-01")), "2026年1月1日至7月1日生效的累计"; got != want {
		t.Error(got)
	}
}

func TestExpiryWords(t *testing.T) {
	for _, c := range []struct {
		e    register.Expiry
		want string
	}{
		{register.Expiry{}, "长期有效；退出须由人办理并写明日期"},
		{register.Expiry{Years: 3}, "生效满3年，自动退出"},
		{register.Expiry{Field: "size"}, "“面积”的次日，自动退出"},
		{register.Expiry{Confirm: "size"}, "“面积”满一年未再确认的，自动退出"},
	} {
		d := course()
		d.Expiry = c.e
		if got := expiryWords(d); got != c.want {
			t.Errorf("%+v: %s", c.e, got)
		}
	}
}

// Every type of field has an input, a word and a way to be shown.
func TestInputs(t *testing.T) {
	least := quantity.Of(1)
	for _, c := range []struct {
		f    register.Field
		kind ui.FieldKind
		hint string
	}{
		{register.Field{Type: register.Text, Help: "照牌匾写。", Format: "12位数字"}, ui.TextInput, "照牌匾写；12位数字。"},
		{register.Field{Type: register.LongText}, ui.TextArea, ""},
		{register.Field{Type: register.Number, Min: &least}, ui.Number, "不小于1。"},
		{register.Field{Type: register.Date}, ui.Date, ""},
		{register.Field{Type: register.Choice, Options: []string{"甲", "乙"}}, ui.Radio, ""},
		{register.Field{Type: register.Choice, Options: []string{"1", "2", "3", "4", "5", "6"}}, ui.Select, ""},
		{register.Field{Type: register.Many, Options: []string{"甲", "乙"}}, ui.Checks, ""},
		{register.Field{Type: register.Truth}, ui.Radio, ""},
		{register.Field{Type: register.USCC, Source: "登记系统"}, ui.TextInput, "18位，按营业执照填写，自动校验；已有来源：“登记系统”，请先从那里取数，不重复采集。"},
		{register.Field{Type: register.Phone, Personal: true}, ui.Tel, "个人信息，加密保存、页面脱敏。"},
		{register.Field{Type: register.IDNumber, Personal: true}, ui.TextInput, "个人信息，加密保存、页面脱敏。"},
		{register.Field{Type: register.Longitude}, ui.Number, "WGS-84经度，如 115.985432。"},
		{register.Field{Type: register.Latitude}, ui.Number, "WGS-84纬度，如 36.456789。"},
		{register.Field{Type: register.Link}, ui.TextInput, ""},
		{register.Field{Type: register.UnitRef}, ui.Select, ""},
		{register.Field{Type: register.TaskRef}, ui.Select, ""},
		{register.Field{Type: register.RecordRef}, ui.Select, ""},
	} {
		in := inputOf(c.f, "甲、乙")
		if in.Kind != c.kind || in.Hint != c.hint {
			t.Errorf("%s: %q with the hint %q", c.f.Type, in.Kind, in.Hint)
		}
		if c.f.Type == register.Many && len(in.Values) != 2 {
			t.Errorf("several values: %v", in.Values)
		}
		if typeWords[c.f.Type] == "" {
			t.Errorf("%s has no word", c.f.Type)
		}
	}
}

// A refusal leads to the input of the field that it names.
func TestProblemsLeadToInputs(t *testing.T) {
	in := []ui.Field{{Name: "v-size"}, {Name: "p-photo"}, {Name: "reason"}}
	for field, want := range map[string]string{"size": "v-size", "proof-photo": "p-photo", "reason": "reason"} {
		if got := problemsOf(badField(field, "x"), in); len(got) != 1 || got[0].Field != want {
			t.Errorf("%s: %+v", field, got)
		}
	}
}

// What a browser must not follow is no link.
func TestWebLink(t *testing.T) {
	for in, want := range map[string]string{"https://a.example/x": "https://a.example/x", "javascript:alert(1)": "", "data:text/html,x": "", "": ""} {
		if got := webLink(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

// The address of a list says everything that its filter says.
func TestQueryAddress(t *testing.T) {
	q := query{Register: "point", Territory: "x", Stage: "checked", Text: "村 店", Flagged: true, Lapsed: true, Late: true, Owed: true, Count: "new", At: day("2026-06-30"), Page: 3}
	if got, want := q.page(3), "/registers/point?at=2026-06-30&count=new&flagged=1&lapsed=1&late=1&owed=1&page=3&q=%E6%9D%91+%E5%BA%97&stage=checked&territory=x"; got != want {
		t.Error(got)
	}
	asked := q.asked(day("2026-07-01"))
	if asked.Under != (register.CountRef{Register: "point", Count: "new"}) || asked.At != day("2026-06-30") || !asked.Flagged || !asked.Lapsed || !asked.Late || !asked.Owed {
		t.Errorf("%+v", asked)
	}
	if asked := (query{Register: "point", Count: "new"}).asked(day("2026-07-01")); asked.At != day("2026-07-01") {
		t.Errorf("a count without a day is of %s", asked.At)
	}
}

// A printed list says when it is not the whole.
func TestPrintNote(t *testing.T) {
	chips := []ui.FilterChip{{Label: "状态：已报"}, {Label: "有疑点"}}
	if got, want := printNote(chips, 1000, 1200), "共 1200 条，只打印前 1000 条：请加条件，或导出 Excel。条件：状态：已报；有疑点。"; got != want {
		t.Error(got)
	}
	if got, want := printNote(nil, 3, 3), "共 3 条。"; got != want {
		t.Error(got)
	}
}
