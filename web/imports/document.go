package imports

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"time"

	"bihuan/kit/blob"
	"bihuan/kit/errs"
	"bihuan/web/frame"
)

// document hands out the file that was handed in, as the kind that its bytes show.
func (a area) document(c *frame.Ctx) error {
	f, name, err := a.app.Plan.Document(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // read only
	kind, err := kindOf(f)
	if err != nil {
		return err
	}
	maps.Copy(c.W.Header(), blob.ServeHeaders(kind, name))
	c.Wrote()
	http.ServeContent(c.W, c.R, "", time.Time{}, f)
	return nil
}

// kindOf tells what a file is. What is of no known kind is handed out as bytes.
func kindOf(f io.ReadSeeker) (blob.Kind, error) {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return blob.Kind{}, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return blob.Kind{}, err
	}
	at, ok := f.(io.ReaderAt)
	if !ok {
		data, err := io.ReadAll(f)
		if err != nil {
			return blob.Kind{}, err
		}
		at = bytes.NewReader(data)
	}
	kind, err := blob.Sniff(at, size)
	if errs.Is(err, errs.Invalid) { // of no known kind: never shown, only saved
		return blob.Kind{Name: "文件", MIME: "application/octet-stream", Ext: ".bin"}, nil
	}
	return kind, err
}
