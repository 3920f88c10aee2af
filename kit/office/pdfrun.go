package office

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync/atomic"
	"time"

	"bihuan/kit/errs"
)

// errOutput ends the reading of a child that says too much.
var errOutput = errors.New("output limit reached")

// watchEvery is the time between two looks at the child's memory.
const watchEvery = 20 * time.Millisecond

// runPDFChild runs one child over one file and translates its end.
func runPDFChild(ctx context.Context, exe, cacheDir string, data []byte, limits PDFLimits) (Text, error) {
	if cacheDir != "" {
		if err := os.MkdirAll(cacheDir, 0o700); err != nil {
			return Text{}, fmt.Errorf("make the engine cache: %w", err)
		}
	}
	child, err := startPDFChild(ctx, exe, cacheDir, data, limits)
	if err != nil {
		return Text{}, err
	}
	text, last, readErr := readAnswer(child.out, limits.Output)
	if readErr != nil || last.Fail != "" {
		child.stop() // what else it would say is not wanted
	}
	waitErr := child.wait()
	return text, child.verdict(ctx, limits, last, readErr, waitErr)
}

// pdfChild is a running child and what is known of its end.
type pdfChild struct {
	cmd      *exec.Cmd
	out      io.ReadCloser
	stderr   *headBuffer
	deadline context.Context //nolint:containedctx // lives as long as the child process
	cancel   context.CancelFunc
	watching chan struct{} // closed when the watch has ended
	ended    chan struct{} // closed to end the watch
	tooBig   atomic.Bool   // the watch saw the memory limit passed
}

// startPDFChild starts the child with the order and the file on its input, in a
// process group of its own, with none of our environment.
func startPDFChild(ctx context.Context, exe, cacheDir string, data []byte, limits PDFLimits) (*pdfChild, error) {
	order, err := json.Marshal(childOrder{CacheDir: cacheDir, Size: int64(len(data)), MaxPages: limits.Pages, Memory: limits.Memory})
	if err != nil {
		return nil, fmt.Errorf("write the order: %w", err)
	}
	deadline, cancel := context.WithTimeout(ctx, limits.Time)
	cmd := exec.CommandContext(deadline, exe, "internal", "pdf-extract")
	cmd.Env = []string{fmt.Sprintf("GOMEMLIMIT=%d", limits.Memory*3/4), "GOTRACEBACK=none", "TMPDIR=" + os.TempDir()}
	cmd.Stdin = io.MultiReader(bytes.NewReader(append(order, '\n')), bytes.NewReader(data))
	c := &pdfChild{cmd: cmd, deadline: deadline, cancel: cancel, stderr: &headBuffer{limit: 4096},
		watching: make(chan struct{}), ended: make(chan struct{})}
	cmd.Stderr = c.stderr
	cmd.WaitDelay = 2 * time.Second
	ownGroup(cmd)
	if c.out, err = cmd.StdoutPipe(); err != nil {
		cancel()
		return nil, fmt.Errorf("connect to the pdf child: %w", err)
	}
	if err := cmd.Start(); err != nil {
		cancel()
		return nil, fmt.Errorf("start the pdf child: %w", err)
	}
	limitProcess(cmd.Process.Pid, limits)
	go c.watch(limits.Memory)
	return c, nil
}

// watch kills the child when it holds more memory than allowed.
func (c *pdfChild) watch(limit int64) {
	defer close(c.watching)
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-c.ended:
			return
		case <-tick.C:
			if residentBytes(c.cmd.Process.Pid) > limit {
				c.tooBig.Store(true)
				c.stop()
				return
			}
		}
	}
}

// stop kills the child and whatever it started.
func (c *pdfChild) stop() { killGroup(c.cmd) }

// wait collects the ended child. The watch ends first, so that it never looks
// at a process number that may belong to somebody else.
func (c *pdfChild) wait() error {
	_, _ = io.Copy(io.Discard, c.out) // until the child ends or the deadline ends it
	close(c.ended)
	<-c.watching
	return c.cmd.Wait()
}

// verdict says what the end of the child means for the caller.
func (c *pdfChild) verdict(ctx context.Context, limits PDFLimits, last childLine, readErr, waitErr error) error {
	late := c.deadline.Err() != nil
	c.cancel()
	if err := ctx.Err(); err != nil {
		return err
	}
	// The engine meets its own memory limit as an ordinary fault, so a fault
	// near the limit is counted as want of memory.
	failed := last.Fail == failDamaged || (!last.Done && last.Fail == "")
	hungry := failed && peakBytes(c.cmd) > limits.Memory*7/10
	cause := fmt.Errorf("pdf child: %s: %w: %s", last.Cause, errors.Join(readErr, waitErr), c.stderr)
	switch {
	case errors.Is(readErr, errOutput):
		return errs.New(errs.TooLarge, "PDF 的文字超过 %s 的上限，请拆成几份后上传", Bytes(limits.Output))
	case c.tooBig.Load() || hungry:
		return errs.New(errs.TooLarge, "读取这份PDF需要的内存超过 %s 的上限，请拆成几份或上传Word文件", Bytes(limits.Memory)).Because(cause)
	case late && !last.Done:
		return errs.New(errs.TooLarge, "读取这份PDF超过 %d 秒仍未完成，请拆成几份或上传Word文件", int(limits.Time.Seconds())).Because(cause)
	}
	switch last.Fail {
	case "":
		if last.Done {
			return nil
		}
		return errs.New(errs.Invalid, "PDF 文件已损坏，无法读取，请重新导出后上传").Because(cause)
	case failPassword:
		return errs.New(errs.Invalid, "这份PDF需要密码才能打开，请去掉密码后上传").Because(cause)
	case failDamaged:
		return errs.New(errs.Invalid, "PDF 文件已损坏，无法读取，请重新导出后上传").Because(cause)
	case failNoPages:
		return errs.New(errs.Invalid, "这份PDF没有任何页面，请检查后重新上传").Because(cause)
	case failPages:
		return errs.New(errs.TooLarge, "这份PDF的页数超过 %d 页的上限，请拆成几份后上传", limits.Pages).Because(cause)
	}
	return fmt.Errorf("read a pdf: %w", cause)
}

// readAnswer collects the lines of the child. The last line has Done or Fail;
// a zero last line means that the child ended before saying how it went.
func readAnswer(out io.Reader, limit int64) (Text, childLine, error) {
	var text Text
	counted := &countingReader{r: out, left: limit}
	dec := json.NewDecoder(bufio.NewReaderSize(counted, 1<<16))
	for {
		var line childLine
		if err := dec.Decode(&line); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return Text{}, childLine{}, nil
			}
			return Text{}, childLine{}, err
		}
		if line.Done || line.Fail != "" {
			return text, line, nil
		}
		text.Pages = append(text.Pages, Page{Text: line.Text, Images: line.Images})
	}
}

// countingReader fails with errOutput once more than left bytes were read.
type countingReader struct {
	r    io.Reader
	left int64
}

// Read implements io.Reader.
func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, errOutput
	}
	return n, err
}

// headBuffer keeps the first limit bytes written to it, for the log.
type headBuffer struct {
	limit int
	buf   bytes.Buffer
}

// Write implements io.Writer and never fails.
func (t *headBuffer) Write(p []byte) (int, error) {
	t.buf.Write(p[:min(len(p), max(0, t.limit-t.buf.Len()))])
	return len(p), nil
}

// String returns what was kept.
func (t *headBuffer) String() string { return t.buf.String() }

// Bytes writes a size as a person reads it: 512 KB, 50 MB. Units of 1,024.
func Bytes(n int64) string {
	switch {
	case n >= 1<<30 && n%(1<<30) == 0:
		return fmt.Sprintf("%d GB", n>>30)
	case n >= 1<<20:
		return fmt.Sprintf("%d MB", (n+(1<<19))>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", (n+(1<<9))>>10)
	}
	return fmt.Sprintf("%d 字节", n)
}
