package gongwen

import (
	"fmt"
	"regexp"

	"bihuan/kit/calendar"
)

// Severity is what a finding does to a document.
type Severity string

// The severities.
const (
	Blocks Severity = "阻止" // the document may not be finished
	Warns  Severity = "提醒"
)

// Reader is who a document goes to, as far as the rules ask.
type Reader string

// The readers.
const (
	ToDepartment Reader = "部门"
	ToGovernment Reader = "政府" // a government or Party committee of a lower level
	ToUpper      Reader = "上级"
)

// Rules is what the checks need to know beside the document.
type Rules struct {
	Today calendar.Date
	// LengthLimit is how many characters the body may have; 0 is 4000.
	LengthLimit int
	Reader      Reader
	// Governs tells that the issuer is itself a government or Party committee, or
	// sends the document on behalf of one.
	Governs bool
	// Agreed tells that what a 通知 demands was agreed with the government it goes to.
	Agreed bool
	// Directive are words that a department does not use to a government; nil is
	// DirectiveWords.
	Directive []string
	// ReportReason is why the document demands written reports or further
	// documents; "" is no reason.
	ReportReason string
}

// DefaultLength is the limit of characters when the rules name none.
const DefaultLength = 4000

// DirectiveWords are words of command.
func DirectiveWords() []string {
	return []string{"责令", "勒令", "严令", "命令你", "令你", "限你", "限期", "务必", "必须", "立即整改", "不得有误", "要求你县", "要求你市", "要求你区", "追究责任", "追责问责", "严肃问责"}
}

// Place is where in the document a finding is.
type Place struct {
	Element   string // 标题, 正文, 附件1 …
	Paragraph int    // number of the block in the element from 1; 0 when it is the whole element
	Quote     string // the words
	Advice    string // what is wrong here, or what to do
}

// Finding is one rule that the document does not keep.
type Finding struct {
	Rule     string // its identifier
	Text     string // the rule as people read it, with its source
	Severity Severity
	Place
}

// Check applies every rule and gives the findings in the order of the rules.
// It is pure: the same document and rules give the same findings.
func Check(d Document, r Rules) []Finding {
	if r.LengthLimit == 0 {
		r.LengthLimit = DefaultLength
	}
	if r.Directive == nil {
		r.Directive = DirectiveWords()
	}
	var all []Finding
	for _, rule := range rules {
		for _, p := range rule.find(d, r) {
			all = append(all, Finding{Rule: rule.id, Text: rule.text, Severity: rule.severity, Place: p})
		}
	}
	return all
}

// Blocked tells whether a finding keeps the document from being finished.
func Blocked(findings []Finding) bool {
	for _, f := range findings {
		if f.Severity == Blocks {
			return true
		}
	}
	return false
}

// rule is one check.
type rule struct {
	id       string
	text     string
	severity Severity
	find     func(Document, Rules) []Place
}

const (
	standard = "（GB/T 9704—2012）"
	burden   = "（整治形式主义为基层减负若干规定）"
)

// rules are all checks in the order of a document.
var rules = []rule{
	{"form", "公文格式为文件格式、信函格式或纪要格式" + standard, Blocks, findForm},
	{"copy-no", "份号为6位阿拉伯数字；涉密公文应当标注份号" + standard, Blocks, findCopyNo},
	{"secrecy", "密级写作“绝密”“机密”“秘密”，需要时以“★”连接保密期限；紧急程度写作“特急”或“加急”" + standard, Blocks, findSecrecy},
	{"mark", "发文机关标志应当有发文机关名称；信函不加“文件”，纪要以“纪要”结尾" + standard, Blocks, findMark},
	{"number", "发文字号由机关代字、年份、发文顺序号组成，年份标全称加六角括号，顺序号不加“第”、不编虚位" + standard, Blocks, findNumber},
	{"signer", "上行文应当标注签发人，其他行文不标注" + standard, Blocks, findSigner},
	{"title", "标题应当写明事由和文种" + standard, Blocks, findTitle},
	{"title-lines", "标题不宜超过3行" + standard, Blocks, findTitleLines},
	{"addressee", "主送机关名称后标全角冒号" + standard, Blocks, findAddressee},
	{"first-page", "公文首页必须显示正文" + standard, Blocks, findFirstPage},
	{"levels", "结构层次依次用“一、”“（一）”“1.”“（1）”标注，序号连续、不越级" + standard, Blocks, findLevels},
	{"attachments", "附件说明所列名称、顺序应当与所附附件一致，名称后不加标点" + standard, Blocks, findAttachments},
	{"issuer", "署名应当有发文机关；纪要不署名、不加盖印章" + standard, Blocks, findIssuer},
	{"date", "成文日期应当有效，且不晚于今天" + standard, Blocks, findDate},
	{"openness", "应当标明公开属性：主动公开、依申请公开或不予公开（政府信息公开条例）", Blocks, findOpenness},
	{"attendance", "纪要应当标注出席人员名单" + standard, Blocks, findAttendance},
	{"printed", "文件格式应当有印发机关和印发日期，印发日期不早于成文日期；信函不加印发" + standard, Warns, findPrinted},
	{"caliber", "有数据的公文应当说明数据口径和截止日期", Blocks, findCaliber},
	{"doubt", "未核实的数据和可信度C、D的数据不得写入公文", Blocks, findDoubt},
	{"length", "专项工作类文件一般不超过规定字数" + burden, Warns, findLength},
	{"directive", "部门不得向下级党委和政府发布指令性公文，或者在公文中提出指令性要求" + burden, Blocks, findDirective},
	{"kind", "部门对下级政府行文只用函、通报，或者经商定事项的通知" + burden, Blocks, findKind},
	{"report", "一般不要求下级报送落实情况、制定配套文件；确需要求的应当说明理由" + burden, Blocks, findReport},
}

// at makes a place that is a whole element.
func at(element, quote, advice string, args ...any) []Place {
	return []Place{{Element: element, Quote: quote, Advice: fmt.Sprintf(advice, args...)}}
}

func findForm(d Document, _ Rules) []Place {
	if d.Form == File || d.Form == Letter || d.Form == Minutes {
		return nil
	}
	return at("格式", string(d.Form), "请选择公文格式")
}

var copyNo = regexp.MustCompile(`^\d{6}$`)

func findCopyNo(d Document, _ Rules) []Place {
	switch {
	case d.CopyNo == "" && d.Secrecy != "":
		return at("份号", "", "已标密级，请填写份号")
	case d.CopyNo != "" && !copyNo.MatchString(d.CopyNo):
		return at("份号", d.CopyNo, "请写作6位数字，如000001")
	}
	return nil
}

var secrecy = regexp.MustCompile(`^(绝密|机密|秘密)(★\S+)?$`)

func findSecrecy(d Document, _ Rules) []Place {
	var all []Place
	if d.Secrecy != "" && !secrecy.MatchString(d.Secrecy) {
		all = append(all, at("密级和保密期限", d.Secrecy, "请写作“秘密★1年”的样子")...)
	}
	if d.Urgency != "" && d.Urgency != "特急" && d.Urgency != "加急" {
		all = append(all, at("紧急程度", d.Urgency, "请写作“特急”或“加急”")...)
	}
	return all
}

var (
	number  = regexp.MustCompile(`^[^\s〔〕]+〔\d{4}〕[1-9]\d*号$`)
	session = regexp.MustCompile(`^(〔\d{4}〕)?第[1-9]\d*[期号次]$`) // of minutes
)

func findNumber(d Document, _ Rules) []Place {
	if number.MatchString(d.Number) || (d.Form == Minutes && (d.Number == "" || session.MatchString(d.Number))) {
		return nil
	}
	if d.Number == "" {
		return at("发文字号", "", "请填写发文字号")
	}
	return at("发文字号", d.Number, "请写作“×商务字〔2026〕7号”的样子")
}

func findDate(d Document, r Rules) []Place {
	switch {
	case d.Date.IsZero():
		return at("成文日期", "", "请填写成文日期")
	case d.Date.After(r.Today):
		return at("成文日期", d.Date.Chinese(), "日期晚于今天（%s），请更正", r.Today.Chinese())
	}
	return nil
}

func findPrinted(d Document, _ Rules) []Place {
	p := d.Printed
	switch {
	case d.Form == Letter && p.Organ != "":
		return at("版记", p.Organ, "信函的版记不加印发机关和印发日期，不会打印")
	case d.Form == File && (p.Organ == "" || p.Date.IsZero()):
		return at("版记", p.Organ, "请填写印发机关和印发日期")
	case d.Form == File && p.Date.Before(d.Date):
		return at("版记", p.Date.Chinese(), "印发日期早于成文日期（%s），请更正", d.Date.Chinese())
	}
	return nil
}
