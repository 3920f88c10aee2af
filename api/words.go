package api

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
)

// titleOf names the kind of problem that a status stands for.
func titleOf(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "请求格式有误"
	case http.StatusUnauthorized:
		return "令牌缺失或无效"
	case http.StatusForbidden:
		return "没有权限"
	case http.StatusNotFound:
		return "没有找到"
	case http.StatusMethodNotAllowed:
		return "不支持这种方法"
	case http.StatusRequestTimeout:
		return "请求超时"
	case http.StatusConflict:
		return "情况已有变化"
	case http.StatusRequestEntityTooLarge:
		return "内容太大"
	case http.StatusUnsupportedMediaType:
		return "不支持这种内容类型"
	case http.StatusUnprocessableEntity:
		return "填写有误"
	case http.StatusTooManyRequests:
		return "请求太频繁"
	case http.StatusServiceUnavailable:
		return "暂时无法使用"
	}
	if status < http.StatusInternalServerError {
		return "请求有误"
	}
	return "系统内部错误"
}

// detailOf says what to do about a refusal of the framework.
func detailOf(status, places int) string {
	switch {
	case status >= http.StatusInternalServerError:
		return "系统内部错误，请稍后再试"
	case status == http.StatusUnsupportedMediaType:
		return "请用接口文档中写明的内容类型"
	case status == http.StatusBadRequest && places == 0:
		return "请求内容不能为空"
	case places > 0:
		return fmt.Sprintf("有 %d 处需要更正", places)
	}
	return "请对照接口文档更正请求"
}

// phrases pairs the framework's message templates with ours. The templates are
// its exported variables, so a renamed one does not compile, and a test asks for
// each that a route of ours can produce.
func phrases() [][2]string {
	return [][2]string{
		{validation.MsgUnexpectedProperty, "没有这个字段"},
		{validation.MsgExpectedRFC3339DateTime, "应为时间，写成 2026-06-30T08:00:00Z"},
		{validation.MsgExpectedRFC3339Date, "应为日期，写成 2026-06-30"},
		{validation.MsgExpectedBoolean, "应为 true 或 false"},
		{validation.MsgExpectedNumber, "应为数字"},
		{validation.MsgExpectedInteger, "应为整数"},
		{validation.MsgExpectedString, "应为文字"},
		{validation.MsgExpectedArray, "应为列表"},
		{validation.MsgExpectedObject, "应为对象"},
		{validation.MsgExpectedOneOf, "应为其中之一：%s"},
		{validation.MsgExpectedMinimumNumber, "不能小于 %s"},
		{validation.MsgExpectedMaximumNumber, "不能大于 %s"},
		{validation.MsgExpectedMinLength, "至少 %s 个字"},
		{validation.MsgExpectedMaxLength, "最多 %s 个字"},
		{validation.MsgExpectedBePattern, "格式不对：应为 %s"},
		{validation.MsgExpectedMatchPattern, "格式不对：应符合 %s"},
		{validation.MsgExpectedRequiredProperty, "缺少 %s"},
		{"required %s parameter is missing", "不能缺少"},
		{"unknown query parameter", "没有这个查询参数"},
		{"invalid integer", "应为整数"},
		{"invalid boolean", "应为 true 或 false"},
	}
}

type phrase struct {
	form *regexp.Regexp
	ours string
}

var verbs = regexp.MustCompile(`%[a-z]`)

// book compiles the phrases once.
var book = sync.OnceValue(func() []phrase {
	var all []phrase
	for _, p := range phrases() {
		parts := verbs.Split(p[0], -1)
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		all = append(all, phrase{regexp.MustCompile(`^` + strings.Join(parts, `(.*)`) + `$`), p[1]})
	}
	return all
})

// fieldError says one message of the framework in our words. A message that is
// not in the book becomes a general one: it is never shown in English.
func fieldError(status int, e *huma.ErrorDetail) FieldError {
	f := FieldError{Location: e.Location, Message: "格式不对，请对照接口文档"}
	if status == http.StatusBadRequest {
		f.Message = "不是有效的 JSON"
	}
	for _, p := range book() {
		m := p.form.FindStringSubmatch(e.Message)
		if m == nil {
			continue
		}
		if f.Message = p.ours; strings.Contains(p.ours, "%s") {
			f.Message = fmt.Sprintf(p.ours, strings.ReplaceAll(m[1], `, `, "、"))
		}
		if strings.HasPrefix(p.ours, "缺少") {
			f.Location += "." + m[1]
		}
		break
	}
	return f
}
