package office

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"

	"bihuan/kit/errs"
)

// Limits on a document that is a zip archive. A long report of 500 pages has
// some 60 entries and 20 MB of XML, which packs about 15 to 1.
const (
	maxEntries   = 5000
	maxPart      = 64 << 20  // unpacked bytes of one part that we read
	maxAllParts  = 128 << 20 // unpacked bytes of all the parts that we read
	maxDeclared  = 1 << 30   // unpacked bytes that the archive says it holds
	ratioFrom    = 8 << 20   // a part smaller than this may pack at any ratio
	maxPackRatio = 250       // unpacked to packed bytes of a part
)

// archive reads the named parts of a zip file within the limits.
type archive struct {
	parts map[string]*zip.File
	read  int64 // unpacked bytes so far
}

// openArchive lists the entries of data and refuses what no office program writes.
func openArchive(data []byte) (*archive, error) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, errs.New(errs.Invalid, "文件不完整或已损坏，请重新保存后上传").Because(err)
	}
	if len(r.File) > maxEntries {
		return nil, errBomb("%d entries", len(r.File))
	}
	a := &archive{parts: make(map[string]*zip.File, len(r.File))}
	var declared uint64
	for _, f := range r.File {
		name := strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(f.Name, "\\", "/")), "/"))
		if _, twice := a.parts[name]; twice {
			return nil, errs.New(errs.Invalid, "文件内部结构异常（同名部件重复），请用 Word 或 WPS 打开后另存再上传").Because(fmt.Errorf("entry %q twice", f.Name))
		}
		a.parts[name] = f
		if declared += f.UncompressedSize64; declared > maxDeclared {
			return nil, errBomb("%d bytes declared", declared)
		}
	}
	return a, nil
}

// errBomb is the refusal of an archive that unpacks to too much.
func errBomb(format string, args ...any) error {
	return errs.New(errs.TooLarge, "文件解压后过大，可能是恶意文件，请用 Word 或 WPS 打开后另存再上传").Because(fmt.Errorf(format, args...))
}

// has reports whether the archive holds a part, whatever the case of its name.
func (a *archive) has(name string) bool { return a.parts[strings.ToLower(name)] != nil }

// part unpacks one part; a missing part is (nil, nil) as most parts are optional.
func (a *archive) part(name string) ([]byte, error) {
	f := a.parts[strings.ToLower(strings.TrimPrefix(name, "/"))]
	if f == nil {
		return nil, nil
	}
	if f.Flags&1 != 0 {
		return nil, errs.New(errs.Invalid, "文件设有密码，请去掉密码后上传")
	}
	r, err := f.Open()
	if err != nil {
		return nil, damagedPart(name, err)
	}
	defer func() { _ = r.Close() }()
	data, err := io.ReadAll(io.LimitReader(r, maxPart+1))
	if err != nil {
		return nil, damagedPart(name, err)
	}
	a.read += int64(len(data))
	if len(data) > maxPart || a.read > maxAllParts {
		return nil, errBomb("part %s unpacks past the limit", name)
	}
	if len(data) > ratioFrom && uint64(len(data)) > maxPackRatio*max(1, f.CompressedSize64) {
		return nil, errBomb("part %s packs %d to 1", name, uint64(len(data))/max(1, f.CompressedSize64))
	}
	return data, nil
}

// damagedPart is the refusal of a part that does not unpack.
func damagedPart(name string, err error) error {
	return errs.New(errs.Invalid, "文件不完整或已损坏，请重新保存后上传").Because(fmt.Errorf("part %s: %w", name, err))
}
