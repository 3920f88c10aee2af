package gongwen

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "approve the pages as they are drawn now")

// Free fonts in place of the official ones, see testdata/fonts.conf.
var fontsNeeded = []string{"Noto Serif CJK SC", "Noto Sans CJK SC", "AR PL KaitiM GB"}

// printer turns documents into pages with an office program.
type printer struct{ dir string }

// newPrinter looks for what printing needs. Without it the test is left out,
// unless BIHUAN_TEST_COMPLETE asks for all of them.
func newPrinter(t *testing.T) printer {
	t.Helper()
	miss := func(what string) {
		if os.Getenv("BIHUAN_TEST_COMPLETE") != "" {
			t.Fatalf("%s is not installed: the pages cannot be drawn", what)
		}
		t.Skipf("%s is not installed; make check runs this test", what)
	}
	for _, tool := range []string{"soffice", "pdftoppm", "pdftotext", "fc-list"} {
		if _, err := exec.LookPath(tool); err != nil {
			miss(tool)
		}
	}
	fonts, err := exec.Command("fc-list").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fontsNeeded {
		if !bytes.Contains(fonts, []byte(f)) {
			miss("the font " + f)
		}
	}
	return printer{t.TempDir()}
}

// run runs a tool in the printer's folder with the fonts of the test.
func (p printer) run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	conf, err := filepath.Abs("testdata/fonts.conf")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "FONTCONFIG_FILE="+conf, "HOME="+p.dir, "LC_ALL=C.UTF-8")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
	return out
}

// pdf prints documents in one go, as the program is slow to start.
func (p printer) pdf(t *testing.T, docs map[string]Document) {
	t.Helper()
	args := []string{"-env:UserInstallation=file://" + p.dir + "/profile", "--headless", "--convert-to", "pdf"}
	for name, d := range docs {
		if err := os.WriteFile(filepath.Join(p.dir, name+".docx"), written(t, d), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name+".docx")
	}
	p.run(t, "soffice", args...)
}

// pages are the pictures of a printed document.
func (p printer) pages(t *testing.T, name string, dpi int, more ...string) []image.Image {
	t.Helper()
	prefix := fmt.Sprintf("%s-%d", name, dpi)
	p.run(t, "pdftoppm", append(append([]string{"-png", "-r", strconv.Itoa(dpi)}, more...), name+".pdf", prefix)...)
	files, err := filepath.Glob(filepath.Join(p.dir, prefix+"-*.png"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has no pages: %v", name, err)
	}
	var all []image.Image
	for _, f := range files {
		all = append(all, readPicture(t, f))
	}
	return all
}

func readPicture(t *testing.T, file string) image.Image {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestPages draws the samples and measures them.
func TestPages(t *testing.T) {
	p := newPrinter(t)
	p.pdf(t, map[string]Document{"bulletin": sampleBulletin(), "letter": sampleLetter(), "minutes": sampleMinutes(), "joint": sampleJoint(), "grid": sampleGrid(), "packed": packed(t), "pushed": pushed()})
	for name, pages := range map[string]int{"bulletin": 7, "letter": 1, "minutes": 2, "joint": 2} {
		t.Run(name, func(t *testing.T) { p.approved(t, name, pages) })
	}
	t.Run("grid", p.grid)
	t.Run("file form", p.fileForm)
	t.Run("letter form", p.letterForm)
	t.Run("chart", func(t *testing.T) {
		page := p.text(t, "bulletin", 3)
		for _, b := range sampleBulletin().Body {
			if b.Chart == nil {
				continue
			}
			for _, bar := range b.Chart.Bars {
				if !strings.Contains(page, bar.Label) || !strings.Contains(page, bar.Shown) {
					t.Errorf("%s %s is not whole", bar.Label, bar.Shown)
				}
			}
		}
	})
	t.Run("packed", func(t *testing.T) {
		if !strings.Contains(p.text(t, "packed", 1), "按照《云河市") {
			t.Error("the check lets a head pass that fills the first page")
		}
	})
	t.Run("pushed", func(t *testing.T) {
		last := p.text(t, "pushed", 2)
		for _, want := range []string{"请于", "2026 年 10 月 12 日", "抄送"} {
			if !strings.Contains(strings.ReplaceAll(last, " ", ""), strings.ReplaceAll(want, " ", "")) {
				t.Errorf("the last page of the letter lacks %s: %s", want, last)
			}
		}
	})
}

// packed is a document with as many names in its head as the check allows.
func packed(t *testing.T) Document {
	d := sampleBulletin()
	d.Issuers = nil
	for n := 2; n < 30; n++ {
		more := with(d, func(d *Document) { d.Issuers = append(d.Issuers, "云河市第"+chinese(n)+"局") })
		if len(findFirstPage(more, Rules{})) > 0 {
			return d
		}
		d = more
	}
	t.Fatal("any number of names passes")
	return d
}

// pushed is a letter that is one line too long for a page.
func pushed() Document {
	return with(sampleLetter(), func(d *Document) {
		last := len(d.Body) - 1
		d.Body = append(d.Body[:last:last], Paragraph(Text("另有一事一并提醒。")), d.Body[last])
	})
}

// text is what a page says.
func (p printer) text(t *testing.T, name string, page int) string {
	t.Helper()
	n := strconv.Itoa(page)
	return string(p.run(t, "pdftotext", "-f", n, "-l", n, name+".pdf", "-"))
}

// Tolerances between a page and its approved picture, in shades of 255.
const (
	block     = 6  // pixels of a side that are averaged, as glyphs differ a little between releases
	meanShade = 2  // of the whole page
	oneShade  = 60 // of a block
	fewBlocks = 1  // percent of the blocks may differ more
)

// approved compares the pages with the pictures that somebody has looked at.
func (p printer) approved(t *testing.T, name string, pages int) {
	drawn := p.pages(t, name, 60, "-gray")
	if len(drawn) != pages {
		t.Errorf("%d pages, want %d", len(drawn), pages)
	}
	for i, m := range drawn {
		file := fmt.Sprintf("testdata/%s-%d.png", name, i+1)
		if *update {
			var b bytes.Buffer
			if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, sixteen(m)); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if msg := differs(m, readPicture(t, file)); msg != "" {
			t.Errorf("page %d: %s; draw it, look at it, and approve it with -update", i+1, msg)
		}
	}
}

// sixteen keeps 16 shades of a page, which are enough for the eye and half the file.
func sixteen(m image.Image) image.Image {
	var shades color.Palette
	for i := range 16 {
		shades = append(shades, color.Gray{Y: uint8(i * 17)})
	}
	small := image.NewPaletted(m.Bounds(), shades)
	draw.Draw(small, m.Bounds(), m, m.Bounds().Min, draw.Src)
	return small
}

// differs compares two pages by averaged blocks; "" is alike.
func differs(a, b image.Image) string {
	if a.Bounds().Size() != b.Bounds().Size() {
		return fmt.Sprintf("size %v, approved %v", a.Bounds().Size(), b.Bounds().Size())
	}
	sum, far, n := 0, 0, 0
	for y := 0; y+block <= a.Bounds().Dy(); y += block {
		for x := 0; x+block <= a.Bounds().Dx(); x += block {
			d := abs(shade(a, x, y) - shade(b, x, y))
			if sum, n = sum+d, n+1; d > oneShade {
				far++
			}
		}
	}
	if sum > meanShade*n || far*100 > fewBlocks*n {
		return fmt.Sprintf("differs by %.2f shades, %d of %d blocks by more than %d", float64(sum)/float64(n), far, n, oneShade)
	}
	return ""
}

// shade is the average of a block.
func shade(m image.Image, x0, y0 int) int {
	sum := 0
	for y := range block {
		for x := range block {
			sum += int(color.GrayModel.Convert(m.At(x0+x, y0+y)).(color.Gray).Y)
		}
	}
	return sum / (block * block)
}

// TestDiffers tells a page from one with a line moved, and forgives a pixel.
func TestDiffers(t *testing.T) {
	page := func(y, x int) image.Image {
		m := image.NewGray(image.Rect(0, 0, 496, 702))
		for i := range m.Pix {
			m.Pix[i] = 0xFF
		}
		for row := range 20 {
			for dy := range 8 {
				for dx := 0; dx < 360; dx += 2 {
					m.SetGray(66+x+dx, 90+y+row*24+dy, color.Gray{})
				}
			}
		}
		return m
	}
	if msg := differs(page(0, 0), page(0, 1)); msg != "" {
		t.Errorf("a pixel: %s", msg)
	}
	for what, m := range map[string]image.Image{"a line": page(24, 0), "half a line": page(8, 0), "empty": image.NewGray(image.Rect(0, 0, 496, 702)), "small": image.NewGray(image.Rect(0, 0, 9, 9))} {
		if differs(page(0, 0), m) == "" {
			t.Errorf("%s is not seen", what)
		}
	}
}

var word = regexp.MustCompile(`<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>`)

// grid wants 22 lines of 28 characters on a full page, inside the type area.
func (p printer) grid(t *testing.T) {
	const point = 25.4 / 72
	found := word.FindAllStringSubmatch(string(p.run(t, "pdftotext", "-bbox", "-f", "2", "-l", "2", "grid.pdf", "-")), -1)
	var lines [][]string
	for _, w := range found {
		if utf8.RuneCountInString(w[5]) > 5 { // not the page number
			lines = append(lines, w)
		}
	}
	if len(lines) != 22 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, w := range lines {
		if n := utf8.RuneCountInString(w[5]); n != 28 {
			t.Errorf("line %d has %d characters", i+1, n)
		}
		left, right := number64(t, w[1])*point, number64(t, w[3])*point
		if left < 28-0.1 || left > 28+1 || right > 28+156+0.1 || right < 28+156-1 {
			t.Errorf("line %d goes from %.1f to %.1f mm", i+1, left, right)
		}
	}
	pitch := (number64(t, lines[21][2]) - number64(t, lines[0][2])) / 21
	if pitch < 28.9 || pitch > 29 {
		t.Errorf("lines are %.2f pt apart", pitch)
	}
}

func number64(t *testing.T, s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// ruler measures a page in millimetres.
type ruler struct {
	t *testing.T
	m image.Image
}

// perMM is how many pixels a millimetre has at 127 dots in an inch.
const perMM = 5

func isRed(c color.Color) bool { r, g, b, _ := c.RGBA(); return r > 0xA000 && g < 0xA000 && b < 0xA000 }
func isDark(c color.Color) bool {
	r, g, b, _ := c.RGBA()
	return r < 0x9000 && g < 0x9000 && b < 0x9000
}

// extent finds from where to where a row has such pixels.
func (r ruler) extent(y int, is func(color.Color) bool) (from, to int) {
	from = -1
	for x := range r.m.Bounds().Dx() {
		if is(r.m.At(x, y)) {
			if from < 0 {
				from = x
			}
			to = x + 1
		}
	}
	return from, to
}

// first finds the first row at or below y, in millimetres, with such pixels
// over at least the width.
func (r ruler) first(y, wide float64, is func(color.Color) bool) (at, left, right float64) {
	for row := int(y * perMM); row < r.m.Bounds().Dy(); row++ {
		if from, to := r.extent(row, is); from >= 0 && float64(to-from) >= wide*perMM {
			return float64(row) / perMM, float64(from) / perMM, float64(to) / perMM
		}
	}
	r.t.Fatalf("nothing below %.1f mm", y)
	return 0, 0, 0
}

// near wants a length within a millimetre, or less when the tolerance says so.
func (r ruler) near(what string, got, want, tolerance float64) {
	r.t.Helper()
	if got < want-tolerance || got > want+tolerance {
		r.t.Errorf("%s: %.1f mm, want %.1f", what, got, want)
	}
}

// fileForm measures a document in the file form.
func (p printer) fileForm(t *testing.T) {
	pages := p.pages(t, "bulletin", 127)
	first, second, last := ruler{t, pages[0]}, ruler{t, pages[1]}, ruler{t, pages[len(pages)-1]}
	at, _, _ := first.first(0, 1, isRed)
	first.near("top of the mark", at, 37+35, 1)
	line, left, right := first.first(at, 150, isRed)
	first.near("red line's left", left, 28, 0.5)
	first.near("red line's right", right, 28+156, 0.5)
	number, _, _ := first.first(at+16, 30, isDark)
	first.near("number above the red line", line-number, 4+5.6, 1)
	dash, _, right := first.first(37+225+1, 8, isDark)
	first.near("dash of the odd page's number", dash, 37+225+7, 1)
	first.near("odd page's number", right, 28+156-14*25.4/72, 1.2)
	_, left, _ = second.first(37+225+1, 8, isDark)
	second.near("even page's number", left, 28+14*25.4/72, 1.2)
	foot, left, right := last.first(37+225-1, 150, isDark)
	last.near("imprint's last line", foot, 37+225, 0.6)
	last.near("imprint's left", left, 28, 0.5)
	last.near("imprint's right", right, 28+156, 0.5)
}

// letterForm measures a letter.
func (p printer) letterForm(t *testing.T) {
	r := ruler{t, p.pages(t, "letter", 127)[0]}
	mark, _, _ := r.first(0, 1, isRed)
	r.near("top of the mark", mark, 30, 1)
	upper, left, right := r.first(mark, 160, isRed)
	r.near("upper line's left", left, 20, 0.5)
	r.near("upper line's right", right, 190, 0.5)
	bottom := mark
	for y := mark; y < upper-1; y += 0.2 {
		if from, _ := r.extent(int(y*perMM), isRed); from >= 0 {
			bottom = y
		}
	}
	r.near("mark above the line", upper-bottom, 4, 1)
	lower, left, right := r.first(upper+50, 160, isRed)
	r.near("lower line", lower, 297-20-1, 0.6)
	r.near("lower line's left", left, 20, 0.5)
	r.near("lower line's right", right, 190, 0.5)
	for y := int((lower + 2) * perMM); y < r.m.Bounds().Dy(); y++ {
		if from, _ := r.extent(y, isDark); from >= 0 {
			t.Fatalf("something stands below the lower line at %.1f mm", float64(y)/perMM)
		}
	}
	if strings.Contains(p.text(t, "letter", 1), "— 1 —") {
		t.Error("the first page has a number")
	}
}
