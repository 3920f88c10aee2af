package matter

import (
	"fmt"

	"bihuan/city"
	"bihuan/kit/errs"
)

// Article is a rule that limits supervision, with where it stands.
type Article struct {
	No   string // number in the rule table: 1.1
	Law  string // 《政府督查工作条例》第二条、第七条
	Says string
	city.Confidence
}

// The articles, in the order of the rule table.
var articles = []Article{
	{"1.1", "《政府督查工作条例》第二条、第七条", "政府督查由县级以上人民政府组织；部门须经本级政府指定，并限于指定的事项、范围、职责和期限", city.ConfidenceText},
	{"1.2", "《政府督查工作条例》第十一条", "督查立项须有政府决定或者其负责人的指示、批准", city.ConfidenceText},
	{"1.3", "《政府督查工作条例》第十五条", "督查须有方案，严控频次和时限，不得随意扩大范围，不得重复督查、多头督查、越权督查", city.ConfidenceText},
	{"1.4", "《政府督查工作条例》第十二条", "督查方式限于条例列明的八种", city.ConfidenceText},
	{"1.5", "《政府督查工作条例》第十六条", "督查结论须以事实为依据，并反馈督查对象", city.ConfidenceText},
	{"1.6", "《政府督查工作条例》第十七条", "对结论有异议的，可在收到之日起30日内申请复核；复核在30日内作出决定，作出原结论的人员应当回避", city.ConfidenceText},
	{"1.7", "《政府督查工作条例》第十八条", "督查结论要求整改的，督查对象应当整改，督查机构可以核实", city.ConfidenceText},
	{"1.8", "《政府督查工作条例》第二十一条", "表扬、激励、批评由督查机构提出建议，经本级政府或者其负责人批准", city.ConfidenceText},
	{"1.9", "《政府督查工作条例》第二十五条", "不得隐瞒、伪造、毁灭证据", city.ConfidenceText},
	{"1.10", "《整治形式主义为基层减负若干规定》第一条", "部门和单位不得向下级党委和政府发布指令性公文，或者在公文中提出指令性要求", city.ConfidenceText},
	{"1.11", "《整治形式主义为基层减负若干规定》第二条、第三条", "部署专项任务的文件一般不超过4000字，一般不要求报告落实情况", city.ConfidenceText},
	{"1.12", "《整治形式主义为基层减负若干规定》关于会议的规定", "副职召开的会议一般不要求下级主要负责人参加", city.ConfidenceReported},
	{"1.13", "《整治形式主义为基层减负若干规定》关于督查的规定", "上级部门检查不得频繁要求基层填表报数、交材料", city.ConfidenceReported},
	{"统40", "《中华人民共和国统计法》第四十条、第四十一条", "统计调查须经批准或者备案；任何人不得指使、暗示他人改动统计数据", city.ConfidenceText},
}

// Articles lists the rules for the page that shows them.
func Articles() []Article { return append([]Article(nil), articles...) }

// refuse is a refusal that names the article that stands against it.
func refuse(no, format string, args ...any) error {
	for _, a := range articles {
		if a.No == no {
			return errs.New(errs.Invalid, format+"（%s：%s）", append(args, a.Law, a.Says)...)
		}
	}
	panic("no such article: " + no)
}

// BurdenRule is one rule against forms for their own sake (§5) with what keeps it.
type BurdenRule struct {
	No, Law, Says string
	Kept          string // what the program does about it
	URL           string // where one can see it; "" when there is nothing to see because there is no such thing
}

// BurdenRules lists the rules of §5 for the page that shows them, with the limits of a pack.
func BurdenRules(limits city.Defaults) []BurdenRule {
	const apps, fingertip, relief, sharing, statistics = "《政务移动互联网应用程序规范化管理办法》（国办函〔2026〕12号）", "《关于防治“指尖上的形式主义”的若干意见》", "《整治形式主义为基层减负若干规定》",
		"《政务数据共享条例》", "《中华人民共和国统计法》第四十条、第四十一条"
	return []BurdenRule{
		{"5.1", apps, "不得随意、重复要求基层填表报数、交材料", "下发新表先登记、经批准；已有项目超过 " + limits.Forms.KnownShare.String() + " 的不能下发", "/registers/form"},
		{"5.2", apps, "不得设置打卡签到、积分排名、在线时长统计", "系统里没有这些数，也没有存放它们的地方", ""},
		{"5.3", apps, "不得强制安装使用，不得通报安装率、使用率，不得强制定期登录", "长期不用的账号只因安全锁定，不统计、不通报", ""},
		{"5.4", apps, "不得以点赞、转发、学习时长等作为考核依据，不得非必要要求上传照片、视频、轨迹", "评分只用核验的结果、按期办理和服务；照片只在台账写明的地方要，不收集轨迹", "/ranking"},
		{"减负1", fingertip, "防止多头填报、过度留痕、滥用排名", "任何人可以匿名反映重复要数，答复向所有人公开", "/registers/asked-twice"},
		{"减负2", relief, "同样的材料最多报送一次", "数从台账和统计公布数取；通报和督办单由程序填写", "/matters"},
		{"减负3", sharing, "能通过共享取得的数据不得重复采集", "台账项目写明现成来源，先取现成的", "/matters/burden#held"},
		{"减负4", statistics, "统计调查须经批准或者备案；不得改动下级的数", "没有制定机关、文号和有效期的调查表不能下发；上级只能退回核实", "/registers/form"},
		{"减负5", "项目设定", "临时要数留出时间", fmt.Sprintf("距下发不足 %d 个工作日的不能要求填报", limits.Timers.Notice.N), "/registers/form"},
		{"减负6", "项目设定", "以抽查代替处处留痕", "抽查的种子先封存后公布，发现一条不实的全批检查", "/registers"},
	}
}
