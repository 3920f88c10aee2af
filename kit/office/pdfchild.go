package office

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// wasmPage is the unit in which the engine's memory grows.
const wasmPage = 64 << 10

// PDFChild is the body of "<program> internal pdf-extract": it reads an order
// and a PDF from in and writes the text of its pages to out, as lines of JSON.
// It is meant for a process of its own, started by ExtractPDF; the engine sees
// no files at all. An error is returned only when the order cannot be read or
// the answer cannot be written; every other failure is a line of the answer.
func PDFChild(ctx context.Context, in io.Reader, out io.Writer) error {
	r := bufio.NewReaderSize(in, 1<<16)
	first, err := r.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("read the order: %w", err)
	}
	var order childOrder
	if err := json.Unmarshal(first, &order); err != nil {
		return fmt.Errorf("read the order: %w", err)
	}
	data := make([]byte, order.Size)
	if _, err := io.ReadFull(r, data); err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	w := bufio.NewWriterSize(out, 1<<16)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	last := extractPages(ctx, order, data, enc.Encode)
	if err := enc.Encode(last); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return nil
}

// extractPages emits a line for each page and returns the last line. A panic of
// the engine is the file's doing and reported as damage.
func extractPages(ctx context.Context, order childOrder, data []byte, emit func(any) error) (last childLine) {
	engine, closeEngine, err := startEngine(ctx, order)
	if err != nil {
		return childLine{Fail: failEngine, Cause: err.Error()}
	}
	defer closeEngine()
	defer func() {
		if p := recover(); p != nil {
			last = engineFailure(fmt.Errorf("panic: %v", p))
		}
	}()
	doc, err := engine.OpenDocument(&requests.OpenDocument{File: &data})
	if err != nil {
		return engineFailure(fmt.Errorf("open: %w", err))
	}
	count, err := engine.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return engineFailure(fmt.Errorf("count pages: %w", err))
	}
	switch {
	case count.PageCount <= 0:
		return childLine{Fail: failNoPages}
	case count.PageCount > order.MaxPages:
		return childLine{Fail: failPages, Cause: fmt.Sprintf("%d pages", count.PageCount)}
	}
	for i := range count.PageCount {
		line, err := onePage(engine, doc.Document, i)
		if err != nil {
			return engineFailure(fmt.Errorf("page %d: %w", i+1, err))
		}
		if err := emit(line); err != nil {
			return childLine{Fail: failEngine, Cause: err.Error()}
		}
	}
	return childLine{Done: true}
}

// startEngine starts the engine from the cache. What lies there may be unusable,
// for example after the disk was full: then it is thrown away and made anew, and
// without a usable directory the engine starts without a cache.
func startEngine(ctx context.Context, order childOrder) (pdfium.Pdfium, func(), error) {
	for range 2 {
		if order.CacheDir == "" {
			break
		}
		cache, err := wazero.NewCompilationCacheWithDir(order.CacheDir)
		if err != nil {
			break
		}
		engine, closeEngine, err := newEngine(ctx, engineConfig(order).WithCompilationCache(cache))
		if err == nil {
			return engine, closeEngine, nil
		}
		if err := emptyCache(order.CacheDir); err != nil {
			break
		}
	}
	return newEngine(ctx, engineConfig(order))
}

// emptyCache removes what the engine's runtime wrote into the directory.
func emptyCache(dir string) error {
	made, err := filepath.Glob(filepath.Join(dir, "wazero-*"))
	if err != nil {
		return err
	}
	for _, d := range made {
		if err := os.RemoveAll(d); err != nil {
			return err
		}
	}
	return nil
}

// engineConfig bounds the engine's memory. The module uses WebAssembly
// exceptions and does not load without the feature.
func engineConfig(order childOrder) wazero.RuntimeConfig {
	return wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(uint32(min(max(order.Memory/wasmPage, 1024), 65536)))
}

// newEngine starts one instance, which sees no files.
func newEngine(ctx context.Context, config wazero.RuntimeConfig) (pdfium.Pdfium, func(), error) {
	pool, err := webassembly.Init(webassembly.Config{
		Context: ctx, MinIdle: 1, MaxIdle: 1, MaxTotal: 1,
		FSConfig: wazero.NewFSConfig(), RuntimeConfig: config,
		Stdout: io.Discard, Stderr: io.Discard,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("start the engine: %w", err)
	}
	engine, err := pool.GetInstance(time.Minute)
	if err != nil {
		_ = pool.Close()
		return nil, nil, fmt.Errorf("start an instance: %w", err)
	}
	return engine, func() { _ = engine.Close(); _ = pool.Close() }, nil
}

// onePage reads the text of a page and, when there is little of it, counts the
// pictures, which tells a scanned page from a blank one.
func onePage(engine pdfium.Pdfium, doc references.FPDF_DOCUMENT, index int) (childLine, error) {
	page := requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: index}}
	res, err := engine.GetPageText(&requests.GetPageText{Page: page})
	if err != nil {
		return childLine{}, err
	}
	line := childLine{Text: cleanPDFText(res.Text)}
	if visible, _ := countVisible(line.Text); visible < 40 {
		line.Images = countImages(engine, page)
	}
	return line, nil
}

// countImages counts the pictures of a page, also those inside form objects'
// first level; an object that cannot be read is no picture.
func countImages(engine pdfium.Pdfium, page requests.Page) int {
	objects, err := engine.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil {
		return 0
	}
	n := 0
	for i := range min(objects.Count, 2000) {
		object, err := engine.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: i})
		if err != nil {
			continue
		}
		kind, err := engine.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object.PageObject})
		// Scanner programs put the picture directly on the page or inside a form.
		if err == nil && (kind.Type == enums.FPDF_PAGEOBJ_IMAGE || kind.Type == enums.FPDF_PAGEOBJ_FORM) {
			n++
		}
	}
	return n
}

// engineFailure translates an error of the engine. Whether memory was the cause
// is judged by the parent, which knows how much the child held.
func engineFailure(err error) childLine {
	line := childLine{Fail: failDamaged, Cause: err.Error()}
	if errors.Is(err, pdferrors.ErrPassword) || errors.Is(err, pdferrors.ErrSecurity) {
		line.Fail = failPassword
	}
	return line
}
