//go:build unix

package read_test

import (
	"os"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"bihuan/plan/read"
)

func BenchmarkParse(b *testing.B) {
	raw, err := os.ReadFile("testdata/liaocheng-2026.txt")
	if err != nil {
		b.Fatal(err)
	}
	text := string(raw)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		read.Parse(text, read.Options{})
	}
}

// TestTimeGrowsWithTheText: four times the text takes about four times the
// time, also where a text is built to hurt. The best of several runs is
// compared and 2.6 allowed for each doubling, so that a busy machine does not
// fail the test; a quadratic reader needs sixteen times.
func TestTimeGrowsWithTheText(t *testing.T) {
	hostile := map[string]string{
		"open brackets":     "（",
		"closed brackets":   "（）",
		"open quotes":       "“《",
		"numbers":           "新增1个、2个、3个",
		"figures only":      "25个",
		"digits":            "1234567890",
		"headings":          "一、重点任务\n（一）做好工作\n1.新建公园\n",
		"items in one line": "一是新增10个；二是建成20个；",
		"unit labels":       "责任单位：市商务局、",
		"units in brackets": "（市商务局、市财政局）",
		"from to":           "由市商务局、",
		"times":             "到2026年底前，全年",
		"rows":              "1\t任务\t市商务局\n",
		"markers":           "（一）（二）一、二、1.2.",
		"tags":              "<",
		"flat table":        "序号\n任务\n责任单位\n",
		"bullets":           "- 新增10个\n",
		"half lines":        "推动经济社会高质量发展，着力\n",
		"commas":            "，、；：",
		"colons":            "：",
		"chinese numerals":  "一万二千三百",
		"lists of figures":  "80%、",
		"percent nouns":     "覆盖率、普及率",
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	for name, unit := range hostile {
		t.Run(name, func(t *testing.T) {
			n := 60_000 / len(unit)
			small, large := strings.Repeat(unit, n), strings.Repeat(unit, 4*n)
			a, b := time.Hour, time.Hour
			for range 40 {
				a, b = min(a, timed(small)), min(b, timed(large))
				if float64(b) <= 2.6*2.6*float64(max(a, 20*time.Microsecond)) {
					return
				}
			}
			t.Errorf("%d KB take %.1f times as long as a quarter of it", len(large)/1024, float64(b)/float64(a))
		})
	}
}

// timed is how much processor time one reading takes; unlike the clock it does
// not depend on what else the machine does.
func timed(text string) time.Duration {
	start := processorTime()
	read.Parse(text, read.Options{})
	return processorTime() - start
}

func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
