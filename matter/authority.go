package matter

import (
	"slices"
	"strings"

	"bihuan/kit/calendar"
)

// Authority is the right under which a campaign is carried out.
type Authority string

// The authorities.
const (
	GovernmentInspection Authority = "政府督查"
	DepartmentDispatch   Authority = "部门调度"
)

// Methods are the means of supervision that the regulation permits (art. 12).
var Methods = []string{
	"自查说明情况", "听取汇报", "检查访谈暗访", "座谈听证统计评估", "调阅复制资料", "信函电话媒体收集线索", "约谈相关负责人", "互联网+督查",
}

// Designation is the government's act by which a department may inspect.
type Designation struct {
	Number     string // number of the document
	Matters    string
	Scope      string
	Start, End calendar.Date
}

// Campaign is one act of supervising one object in one matter.
type Campaign struct {
	ID        string
	Authority Authority
	Designation
	Basis    string // the document or instruction it rests on
	Approver string
	Plan     string // content, objects and scope in words
	Methods  []string
	Object   string // the unit that is supervised
	Matter   string
}

// Check refuses a campaign that the regulation does not allow; open are the
// campaigns that are under way.
func (c Campaign) Check(today calendar.Date, open []Campaign) error {
	if c.Authority == GovernmentInspection {
		d := c.Designation
		if d.Number == "" || d.Matters == "" || d.Scope == "" || d.Start.IsZero() || d.End.IsZero() {
			return refuse("1.1", "没有政府指定的文号、事项、范围和起止日期，不能以“政府督查”名义开展，请改为“部门调度”")
		}
		if today.Before(d.Start) || today.After(d.End) {
			return refuse("1.1", "政府指定的期限为 %s 至 %s，今天不在期限内", d.Start, d.End)
		}
	}
	if strings.TrimSpace(c.Basis) == "" || strings.TrimSpace(c.Approver) == "" {
		return refuse("1.2", "请写明立项依据和批准人")
	}
	if strings.TrimSpace(c.Plan) == "" {
		return refuse("1.3", "请写明督导方案：内容、对象和范围")
	}
	if len(c.Methods) == 0 {
		return refuse("1.4", "请选择督导方式")
	}
	for _, m := range c.Methods {
		if !slices.Contains(Methods, m) {
			return refuse("1.4", "“%s”不是条例列明的方式", m)
		}
	}
	for _, o := range open {
		if o.ID != c.ID && o.Object == c.Object && o.Matter == c.Matter {
			return refuse("1.3", "对同一单位的同一事项已有正在开展的督导 %s，请并入办理", o.ID)
		}
	}
	return nil
}

// Conclusion is what an object was told, and when.
type Conclusion struct {
	Author   string // person id
	FedBack  calendar.Date
	Reviewer string // person id; "" while nobody has the review
}

// MayPublish refuses a rating or bulletin that its object has not been told.
func (c Conclusion) MayPublish() error {
	if c.FedBack.IsZero() {
		return refuse("1.5", "结论尚未反馈给督导对象，不能通报或者评价")
	}
	return nil
}

// MayObject refuses an objection that comes too late; days is the limit of the pack.
func (c Conclusion) MayObject(today calendar.Date, days int) error {
	if c.FedBack.IsZero() {
		return refuse("1.6", "结论尚未反馈，期限还没有开始")
	}
	if last := c.FedBack.AddDays(days); today.After(last) {
		return refuse("1.6", "结论于 %s 反馈，申请复核的期限 %s 已过", c.FedBack, last)
	}
	return nil
}

// MayReview refuses a reviewer who made the conclusion.
func (c Conclusion) MayReview(person string) error {
	if person == c.Author {
		return refuse("1.6", "您参与作出了原结论，应当回避，请由其他人员复核")
	}
	return nil
}
