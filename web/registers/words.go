package registers

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/register"
	"bihuan/web/ui"
)

// noWord stands where there is nothing to say.
const noWord = "—"

// Addresses of this area's pages.
func registerURL(id register.ID) string { return "/registers/" + url.PathEscape(string(id)) }
func recordURL(id string) string        { return "/records/" + url.PathEscape(id) }

func suffix(v url.Values) string {
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

func itoa(n int) string { return strconv.Itoa(n) }

func orDash(s string) string {
	if s == "" {
		return noWord
	}
	return s
}

// amount writes a figure with commas.
func amount(q quantity.Quantity) string { return ui.GroupDigits(q.String()) }

// sum adds the territories' figures up.
func sum(values register.Values) (total quantity.Quantity, err error) {
	for _, v := range values {
		if total, err = total.Add(v); err != nil {
			return 0, err
		}
	}
	return total, nil
}

// unitName is a unit's short name.
func unitName(pack *city.Pack, id city.UnitID) string {
	if u, ok := pack.Unit(id); ok {
		return u.Short
	}
	return string(id)
}

func unitNames(pack *city.Pack, ids []city.UnitID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = unitName(pack, id)
	}
	return strings.Join(names, "、")
}

// placeName is a territory's short name, "全市" for the whole.
func placeName(pack *city.Pack, id city.TerritoryID) string {
	if id == "" || id == pack.Root().ID {
		return "全市"
	}
	if t, ok := pack.Territory(id); ok {
		return t.Short
	}
	return string(id)
}

// stageLabel is a stage in words.
func stageLabel(d *register.Definition, id string) string {
	if s, ok := d.Stage(id); ok {
		return s.Label
	}
	return id
}

// stageKind is the tone of a stage's badge: counted is good, ended without counting is quiet.
func stageKind(s register.Stage) ui.Kind {
	switch {
	case s.Counts:
		return ui.Success
	case s.Ends:
		return ui.Plain
	}
	return ui.Info
}

// actorWords are the actors of moves as people call them.
var actorWords = map[register.Actor]string{
	register.ByReporter: "登记单位", register.ByCounty: "县（市、区）审核人", register.ByLead: "主管部门核验人",
	register.ByAssignee: "承办单位", register.ByDispatch: "调度员", register.ByApprover: "审批人",
}

func actorsOf(list []register.Actor) string {
	names := make([]string, len(list))
	for i, a := range list {
		names[i] = actorWords[a]
	}
	return strings.Join(names, "、")
}

// entrantWords are the bodies that may enter records.
var entrantWords = map[register.Entrant]string{
	register.EntrantLead: "主管部门", register.EntrantUnit: "各单位（登记本单位的）", register.EntrantCounty: "各县（市、区）、开发区（登记本地区的）",
}

// limitWords is a limit as rules write it: 5个工作日.
func limitWords(l calendar.Limit) string {
	if l.Unit == calendar.Workdays {
		return itoa(l.N) + "个工作日"
	}
	return itoa(l.N) + "日"
}

// confidenceWords say what a rule rests on, in the letters of the pack.
var confidenceWords = map[city.Confidence]string{
	city.ConfidenceText:     "依据原文",
	city.ConfidenceReported: "据公开报道，未见原文",
	city.ConfidenceCommon:   "按一般做法，尚未核对",
	city.ConfidenceChosen:   "本市或本系统自定，没有上级规定",
}

func basisWords(b city.Basis) string {
	if b.Confidence == "" {
		return ""
	}
	s := string(b.Confidence) + "（" + confidenceWords[b.Confidence] + "）"
	if b.Source != "" {
		s += "：" + b.Source
	}
	return s
}

// shortMode is the mode of a count in a word.
var shortMode = map[register.CountMode]string{register.Flow: "累计", register.Stock: "存量"}

// modeWords says of which time a figure speaks.
func modeWords(m register.CountMode, at calendar.Date) string {
	if m == register.Flow {
		return fmt.Sprintf("%d年1月1日至%d月%d日生效的累计", at.Year(), int(at.Month()), at.Day())
	}
	return at.Chinese() + "当日有效的存量"
}

// countWords says what a count adds up, in a sentence.
func countWords(d *register.Definition, c register.Count) string {
	s := "数记录条数"
	if c.Sum != "" {
		s = "累加“" + fieldLabel(d, c.Sum) + "”"
	}
	for _, w := range c.Where {
		s += "，只计“" + fieldLabel(d, w.Field) + "”为" + strings.Join(w.In, "或") + "的"
	}
	if c.New && !d.Baseline.IsZero() {
		s += "，" + d.Baseline.Chinese() + "以前已有的不计"
	}
	if c.Mode == register.Flow {
		return s + "；当年生效的累计，次年从零开始"
	}
	return s + "；当日有效的存量，佐证失效之日自动退出"
}

func fieldLabel(d *register.Definition, name string) string {
	if f, ok := d.Field(name); ok {
		return f.Label
	}
	return name
}

func proofLabel(d *register.Definition, kind string) string {
	if k, ok := proofKind(d, kind); ok {
		return k.Label
	}
	return kind
}

func proofKind(d *register.Definition, id string) (register.ProofKind, bool) {
	i := slices.IndexFunc(d.Proof, func(k register.ProofKind) bool { return k.ID == id })
	if i < 0 {
		return register.ProofKind{}, false
	}
	return d.Proof[i], true
}

// moveLabel names what an event did.
func moveLabel(d *register.Definition, e register.Event) string {
	switch e.Move {
	case "create":
		return "登记"
	case "edit":
		return "更正"
	case "proof":
		return "补充佐证"
	case "falsify":
		return "认定不实"
	case moveFalsifyProof:
		return "认定佐证不实"
	}
	if s, ok := d.Stage(e.From); ok {
		if i := slices.IndexFunc(s.Moves, func(m register.Move) bool { return m.ID == e.Move }); i >= 0 {
			return s.Moves[i].Label
		}
	}
	return e.Move
}

// dueWords says how long a record may still stand where it is.
func dueWords(due, today calendar.Date) (string, bool) {
	if due.IsZero() {
		return "", false
	}
	switch n := due.Sub(today); {
	case n < 0:
		return fmt.Sprintf("已超期%d日", -n), true
	case n == 0:
		return "今日到期", false
	default:
		return fmt.Sprintf("还有%d日", n), false
	}
}

// spanWords says when a record counts.
func spanWords(s register.Span) string {
	if s.To.IsZero() {
		return "自" + s.From.Chinese() + "起计入"
	}
	return "自" + s.From.Chinese() + "起计入，至" + s.To.AddDays(-1).Chinese() + "止"
}

// countsOn reports whether a record counts on a day.
func countsOn(spans []register.Span, day calendar.Date) bool {
	return slices.ContainsFunc(spans, func(s register.Span) bool {
		return !s.From.After(day) && (s.To.IsZero() || s.To.After(day))
	})
}

// entrants says who enters records of a register.
func entrants(pack *city.Pack, d *register.Definition) string {
	names := make([]string, len(d.Entry))
	for i, e := range d.Entry {
		names[i] = entrantWords[e]
		if e == register.EntrantLead {
			names[i] = unitNames(pack, append([]city.UnitID{d.Lead}, d.Partners...))
		}
	}
	return strings.Join(names, "；")
}
