package ui

import (
	"context"
	"slices"
	"testing"
)

// TestPlain: a table as words has what is read, not what is pressed.
func TestPlain(t *testing.T) {
	table := NewTable("表", Column{Label: "任务"}, Column{Label: "灯色"}, Column{Label: "数", Unit: "个", Num: true}, Column{Label: "办理"})
	table.Rows = []Row{
		{Cells: []Cell{Link("甲", "/a").With("01"), Node(Badge{Text: "严重滞后"}), Num("1,234", "/n"), Node(Button{Label: "拟单", URL: "/x"})}},
		{Cells: []Cell{Text("乙"), Text(""), Text("—")}},
	}
	head, lines, err := table.Plain(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"任务", "灯色", "数（个）"}; !slices.Equal(head, want) {
		t.Errorf("head %q", head)
	}
	for i, want := range [][]string{{"甲（01）", "严重滞后", "1,234"}, {"乙", "", "—"}} {
		if !slices.Equal(lines[i], want) {
			t.Errorf("line %d: %q", i, lines[i])
		}
	}
	if head, lines, _ := (Table{Columns: table.Columns}).Plain(context.Background()); len(head) != 4 || len(lines) != 0 {
		t.Errorf("an empty table: %q %q", head, lines)
	}
}
