package source_test

import (
	"strings"
	"testing"
	"time"
)

// prose is a paragraph of a plan, n sentences long.
func prose(n int) string {
	return strings.Repeat("全市新增一刻钟便民生活圈，提升城市商业体系。", n)
}

func TestHTML(t *testing.T) {
	body := `<p>` + prose(3) + `</p><p>` + prose(5) + `</p>`
	text := prose(3) + "\n" + prose(5)
	nav := `<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/a">政务公开</a></li><li><a href="/b">办事服务</a></li></ul></div>`
	foot := `<div>版权所有：某市人民政府 ICP备00000000号</div>`
	cases := []struct{ name, page, want string }{
		{"named content", nav + `<div id="zoom">` + body + `</div><div>相关链接：<a href="/c">其他文件其他文件</a></div>` + foot, text},
		{"class of a publishing system", nav + `<div class="x TRS_Editor">` + body + `</div>` + foot, text},
		{"no names", nav + `<div><div><div>` + body + `</div></div></div>` + foot, text},
		{"old page laid out by tables", `<table><tr><td><a href="/">首页</a></td><td><a href="/a">公开</a></td></tr></table><table><tr><td width=10></td><td><table><tr><td>` + body + `</td></tr></table></td></tr></table>`, text},
		{"notice and plan in two blocks are both kept", nav + `<div><div>` + prose(2) + `</div><div>` + prose(9) + `</div></div>` + foot, prose(2) + "\n" + prose(9)},
		{"a misleading name with little text is not believed", nav + `<div class="content">最新消息</div><div>` + body + `</div>` + foot, text},
		{"title above the text is kept", nav + `<h1>2026年行动计划</h1><div class="info">来源：商务局</div><div id="zoom">` + body + `</div>`, "2026年行动计划\n" + text},
		{"title inside the text is not doubled", `<h1>2026年行动计划</h1><div id="zoom"><p>2026 年行动计划</p>` + body + `</div>`, "2026 年行动计划\n" + text},
		{"article title of the head", `<head><meta name="ArticleTitle" content="关于印发计划的通知"></head><div id="zoom">` + body + `</div>`, "关于印发计划的通知\n" + text},
		{"buttons inside the content", `<div id="zoom"><div>【字体：大 中 小】【打印】【关闭】</div>` + body + `<p>分享到：</p><p>扫一扫在手机打开当前页</p></div>`, text},
		{"words that only resemble buttons stay", `<div id="zoom"><p>打印费由单位承担</p><p>主办单位：市商务局</p><p>大</p>` + body + `</div>`, "打印费由单位承担\n主办单位：市商务局\n大\n" + text},
		{"hidden and scripts", `<div id="zoom"><script>x</script><style>y</style><p style="DISPLAY : none;">藏</p><p hidden>藏</p><!-- 藏 -->` + body + `</div>`, text},
		{"line breaks", `<div id="zoom">一、甲<br>乙<br/><br>` + "丙\n丁 " + `<b>戊</b>己<div>庚</div>辛</div>`, "一、甲\n乙\n丙丁 戊己\n庚\n辛"},
		{"spaces and entities", `<div id="zoom"><p>&nbsp;&nbsp;&nbsp;&nbsp;新增&nbsp;500&nbsp;家&mdash;&#x300A;计划&#12299;&amp;</p><p>　　甲</p><p>&ensp;</p></div>`, "    新增 500 家—《计划》&\n　　甲"},
		{"english words keep their space", "<div id=zoom>one\ntwo\n三\nfour</div>", "one two 三 four"},
		{"table of tasks", `<div id="zoom"><table><caption>任务清单</caption><thead><tr><th>序号</th><th>任务</th><th>单位</th></tr></thead><tbody><tr><td>1</td><td><p>甲</p><p>乙</p></td><td rowspan="2">市商务局</td></tr><tr><td>2</td><td>丙</td></tr><tr><td colspan="2">合计</td><td>3</td></tr></tbody></table></div>`,
			"任务清单\n序号\t任务\t单位\n1\t甲 乙\t市商务局\n2\t丙\t\n合计\t\t3"},
		{"cover ends with its rows", `<div id=zoom><table><tr><td>a</td><td>b</td><td rowspan=2>c</td></tr><tr><td>d</td></tr><tr><td>e</td><td>f</td><td>g</td></tr></table></div>`, "a\tb\tc\nd\ne\tf\tg"},
		{"absurd spans", `<div id=zoom><table><tr><td colspan=999999 rowspan=99999999>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table></div>`, "甲" + strings.Repeat("\t", 100) + "乙\n" + strings.Repeat("\t", 100) + "丙"},
		{"numbered list", `<div id=zoom><ol start=3><li>甲</li><li><p>乙</p></li></ol><ul><li>丙</li></ul><ol style="list-style: none"><li>丁</li></ol></div>`, "3. 甲\n4. 乙\n丙\n丁"},
		{"preformatted", "<div id=zoom><pre>甲  乙\n丙</pre></div>", "甲  乙\n丙"},
		{"ruby", `<div id=zoom><ruby>拼<rt>pin</rt></ruby>音</div>`, "拼音"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			page := c.page
			if !strings.Contains(page, "<head>") {
				page = "<head><title>t</title></head><body>" + page + "</body>"
			}
			d := load(t, "a.html", []byte("<!DOCTYPE html><html>"+page+"</html>"))
			if d.Text != c.want {
				t.Errorf("got\n%q\nwant\n%q", d.Text, c.want)
			}
		})
	}
}

func TestHTMLMeta(t *testing.T) {
	d := load(t, "a.html", []byte(`<html><head><title> 计划_某市 </title><meta name="PubDate" content="2026-03-01"><meta name="ContentSource" content="商务局"></head><body><p>甲</p></body></html>`))
	for name, want := range map[string]string{"title": "计划_某市", "PubDate": "2026-03-01", "ContentSource": "商务局"} {
		if d.Meta[name] != want {
			t.Errorf("%s: got %q, want %q", name, d.Meta[name], want)
		}
	}
}

func TestHTMLNestedTooDeep(t *testing.T) {
	for _, tag := range []string{"div", "b", "table><tr><td", "span", "ul><li"} {
		start := time.Now()
		d := load(t, "a.html", []byte("<html><title>不要</title><script>no()</script><p>甲</p>"+strings.Repeat("<"+tag+">", 60_000)+"乙"))
		if !strings.HasPrefix(d.Text, "甲") || !strings.HasSuffix(strings.TrimSpace(d.Text), "乙") || len(d.Text) > 20 {
			t.Errorf("%s: got %.60q", tag, d.Text)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s: took %v", tag, took)
		}
	}
	// Just within the parser's depth: layout tables in layout tables.
	start := time.Now()
	load(t, "a.html", []byte("<html>"+strings.Repeat("<table><tr><td>", 120)+strings.Repeat("<p>"+prose(1)+"</p>", 5000)))
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("nested tables took %v", took)
	}
}
