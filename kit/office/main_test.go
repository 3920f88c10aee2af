package office

import (
	"context"
	"os"
	"testing"
)

// TestMain lets the test binary stand in for the program's PDF child.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "internal" && os.Args[2] == "pdf-extract" {
		if err := PDFChild(context.Background(), os.Stdin, os.Stdout); err != nil {
			_, _ = os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}
