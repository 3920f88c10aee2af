package office

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"unsafe"
)

// ownGroup puts the child into a process group of its own, killed as a whole.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { killGroup(cmd); return nil }
}

// killGroup kills the child's group; a child that has ended is no error.
func killGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}

// Resource numbers of setrlimit(2) that the syscall package does not name.
const (
	rlimitCPU  = 0
	rlimitData = 2
	rlimitCore = 4
)

// limitProcess has the kernel bound the child: processor time, so that a child
// whose parent was killed ends too, and private memory, so that it cannot grow
// past the machine between two looks of the watch. RLIMIT_AS would not do: the
// Go runtime reserves far more address space than it uses. A limit that cannot
// be set is left to the watch.
func limitProcess(pid int, limits PDFLimits) {
	seconds := uint64(limits.Time.Seconds())*2 + 2
	set := func(resource int, value uint64) {
		limit := syscall.Rlimit{Cur: value, Max: value}
		_, _, _ = syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), uintptr(resource),
			uintptr(unsafe.Pointer(&limit)), 0, 0, 0)
	}
	set(rlimitCPU, seconds)
	set(rlimitCore, 0)
	set(rlimitData, uint64(limits.Memory)*2+256<<20)
}

// residentBytes returns the memory that the process holds now, 0 if unknown.
func residentBytes(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, found := bytes.Cut(status, []byte("\nVmRSS:"))
	if !found {
		return 0
	}
	fields := bytes.Fields(rest[:min(len(rest), 64)])
	if len(fields) == 0 {
		return 0
	}
	kib, err := strconv.ParseInt(string(fields[0]), 10, 64)
	if err != nil {
		return 0
	}
	return kib << 10
}

// peakBytes returns the most memory that the ended child held.
func peakBytes(cmd *exec.Cmd) int64 {
	if cmd.ProcessState == nil {
		return 0
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		return usage.Maxrss << 10
	}
	return 0
}
