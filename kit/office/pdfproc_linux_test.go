package office

import (
	"os/exec"
	"testing"
)

func TestWatchKillsAHungryChild(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "sleep", "60")
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &pdfChild{cmd: cmd, watching: make(chan struct{}), ended: make(chan struct{})}
	c.watch(1) // any process holds more than a byte
	if err := cmd.Wait(); err == nil || !c.tooBig.Load() {
		t.Errorf("the child ended with %v, seen too big: %v", err, c.tooBig.Load())
	}
	if residentBytes(cmd.Process.Pid) != 0 {
		t.Error("an ended process holds memory")
	}
}
