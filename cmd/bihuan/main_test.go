package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// asProgram, set in a child's environment, makes the test binary be the program,
// so that tests can start it, kill it, and let it start its own child.
const asProgram = "BIHUAN_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" || (len(os.Args) > 1 && os.Args[1] == "internal") {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		err := Run(ctx, os.Args[1:], Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
		stop()
		if err != nil {
			_, _ = os.Stderr.WriteString(publicText(err) + "\n")
			os.Exit(1)
		}
		os.Exit(0)
	}
	// The child that opens PDF files is this test binary: with the race detector it
	// needs far more than the program does.
	if err := os.Setenv("BIHUAN_PDF_MEMORY", "6144"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// program is the test binary as the program, with arguments.
func program(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}

// run runs a command inside the test and returns what it printed.
func run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := Run(context.Background(), args, Streams{In: strings.NewReader(""), Out: &out, Err: &out})
	return out.String(), err
}

func must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := run(t, args...)
	if err != nil {
		t.Fatalf("bihuan %s: %s\n%s", strings.Join(args, " "), publicText(err), out)
	}
	return out
}

func write(t *testing.T, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
