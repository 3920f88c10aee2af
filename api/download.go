package api

import (
	"bytes"
	"fmt"
	"io"

	"bihuan/kit/blob"
)

// download is an answer that is a file.
type download struct {
	Type        string `header:"Content-Type" doc:"按内容识别的类型"`
	Disposition string `header:"Content-Disposition" doc:"文件名"`
	Policy      string `header:"Content-Security-Policy" doc:"不执行文件中的脚本"`
	Body        []byte
}

// downloaded reads a stored file and closes it.
func downloaded(f io.ReadCloser, name string, most int64) (*download, error) {
	defer func() { _ = f.Close() }() // read only
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, fmt.Errorf("read the stored file %q: %w", name, err)
	}
	kind, err := blob.Sniff(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	h := blob.ServeHeaders(kind, name)
	return &download{h.Get("Content-Type"), h.Get("Content-Disposition"), h.Get("Content-Security-Policy"), data}, nil
}
