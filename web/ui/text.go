package ui

// The words that the pieces say themselves, in one place. Texts that belong to
// a page come from that page.
const (
	textSystem       = "闭环"
	textHome         = "首页"
	textPrint        = "打印"
	textCopy         = "复制链接"
	textPick         = "请选择"
	textProblems     = "有 %d 处需要修改"
	textSortBy       = "按“%s”排序"
	textNothing      = "没有内容"
	textTarget       = "目标"
	textExpected     = "序时应达"
	textVerified     = "已核实"
	textReported     = "已上报待核实"
	textPeriod       = "时期"
	textNoValue      = "—"
	textNoData       = "无数据"
	textAdded        = "新增"
	textRemoved      = "删除"
	textChanged      = "修改"
	textUploadLimit  = "单个文件不超过 %s"
	textTotalOf      = "合计"
)

// levelLabels are the words of the lights; they never change from page to page.
var levelLabels = [...]string{"正常", "提醒", "滞后", "严重滞后", "无数据"}
