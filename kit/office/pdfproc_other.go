//go:build !linux

package office

import "os/exec"

// ownGroup leaves the child as it is: outside Linux only the child itself is
// killed, and it starts no processes.
func ownGroup(*exec.Cmd) {}

// killGroup kills the child; a child that has ended is no error.
func killGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = cmd.Process.Kill()
	}
}

// limitProcess sets nothing: the child keeps to the time limit and to the
// engine's own memory limit.
func limitProcess(int, PDFLimits) {}

// residentBytes is not known here.
func residentBytes(int) int64 { return 0 }

// peakBytes is not known here.
func peakBytes(*exec.Cmd) int64 { return 0 }
