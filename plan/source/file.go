package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"bihuan/kit/errs"
)

// LoadFile reads a document from a path. The size is asked first, so that a
// file over the limit is refused without being read.
func LoadFile(ctx context.Context, path string, tools Tools) (Document, error) {
	name := filepath.Base(path)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Document{}, errs.New(errs.NotFound, "找不到文件 %s，请检查路径", path).Because(err)
	case errors.Is(err, fs.ErrPermission):
		return Document{}, errs.New(errs.Forbidden, "没有权限读取文件 %s", path).Because(err)
	case err != nil:
		return Document{}, fmt.Errorf("look at %s: %w", path, err)
	case info.IsDir():
		return Document{}, errs.New(errs.Invalid, "%s 是文件夹，请指定其中的一个文件", path)
	case !info.Mode().IsRegular():
		return Document{}, errs.New(errs.Invalid, "%s 不是普通文件", path)
	case info.Size() > tools.limit():
		return Document{}, tools.tooLarge(info.Size())
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrPermission) {
		return Document{}, errs.New(errs.Forbidden, "没有权限读取文件 %s", path).Because(err)
	}
	if err != nil {
		return Document{}, fmt.Errorf("open %s: %w", path, err)
	}
	defer func() { _ = f.Close() }()
	// The file may have grown since it was looked at.
	data, err := io.ReadAll(io.LimitReader(f, tools.limit()+1))
	if err != nil {
		return Document{}, fmt.Errorf("read %s: %w", path, err)
	}
	return Load(ctx, name, data, tools)
}
