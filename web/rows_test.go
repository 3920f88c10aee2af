package web_test

import (
	"context"
	"strings"
	"testing"

	"bihuan/org"
	"bihuan/web/webtest"
)

// TestEveryRowOpens opens each task of the plan in the browser: its light with the
// reason, its measure, the registers that serve it, and the records under each
// counted number.
func TestEveryRowOpens(t *testing.T) {
	d := demonstrate(t)
	board, err := d.app.Supervise.Board(context.Background(), org.Job("test"))
	if err != nil {
		t.Fatal(err)
	}
	b := webtest.NewBrowser(t, d.base)
	d.signIn(t, b, "dispatcher")
	rows, served, opened := 0, 0, 0
	for _, task := range board.Tasks {
		if task.Territory != "" {
			continue
		}
		rows++
		b.Open("/tasks/" + task.ID)
		b.See(task.Title)
		b.See(task.Shown().Label())
		registers := b.Eval(`[...document.querySelectorAll('#registers tbody a, #registers td a')].map(a => a.innerText).filter((x, i, all) => all.indexOf(x) === i).join('、')`)
		if registers != "" {
			served++
		}
		var measures []string
		for i := range task.Targets {
			g := &task.Targets[i]
			if !g.Quantified() {
				continue
			}
			measures = append(measures, g.Subject+"="+string(g.Measure.Kind)+" "+g.Measure.Ref)
			for _, behind := range d.app.Supervise.Behind(g.Target, board.Today, "") {
				b.Open(behind.URL)
				b.See("数据截至")
				opened++
			}
		}
		t.Logf("%s %s：%s；台账 %s；%s", board.Clause(task), task.Title, task.Shown().Label(), registers, strings.Join(measures, "，"))
	}
	if rows != 24 || served < 20 || opened < 12 {
		t.Errorf("%d rows, %d with registers, %d numbers opened", rows, served, opened)
	}
}
