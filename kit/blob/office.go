package blob

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"

	"bihuan/kit/errs"
)

// maxParts bounds the parts of a document, far above what real ones have.
const maxParts = 20_000

// sniffZip tells the Office documents, which are zip archives (ISO/IEC 29500),
// from other archives by the parts they must have.
func sniffZip(r io.ReaderAt, size int64) (Kind, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return Kind{}, errs.New(errs.Invalid, "文件已损坏或没有传完整").Because(err)
	}
	if len(archive.File) > maxParts {
		return Kind{}, refuse("文档的部件过多")
	}
	parts := map[string]bool{}
	for _, f := range archive.File {
		name := strings.ToLower(f.Name)
		if strings.HasSuffix(name, "vbaproject.bin") {
			return Kind{}, refuse("文档含有宏，请另存为不含宏的格式")
		}
		parts[name] = true
	}
	switch {
	case !parts["[content_types].xml"]:
		return Kind{}, refuse("这是压缩包，请解压后逐个上传")
	case parts["word/document.xml"]:
		return DOCX, nil
	case parts["xl/workbook.xml"]:
		return XLSX, nil
	}
	return Kind{}, refuse("不是 Word 或 Excel 文档")
}

// oleMagic begins the older Office documents, [MS-CFB] 2.2.
const oleMagic = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// sniffOLE tells the older Office documents apart by the streams of their
// compound file: WordDocument ([MS-DOC] 2.1.1), Workbook or Book ([MS-XLS] 2.1.2).
func sniffOLE(r io.ReaderAt, size int64) (Kind, error) {
	names, ok := oleNames(r, size)
	switch {
	case !ok:
		return Kind{}, errs.New(errs.Invalid, "文件已损坏或没有传完整")
	case names["EncryptedPackage"]:
		return Kind{}, refuse("文档设有打开密码，请去掉密码后上传")
	case names["WordDocument"]:
		return DOC, nil
	case names["Workbook"], names["Book"]:
		return XLS, nil
	}
	return Kind{}, refuse("不是 Word 或 Excel 文档")
}

// oleNames reads the names in the directory of a compound file. It follows the
// directory's chain of sectors through the part of the allocation table that the
// header lists, which reaches over the first 6.8 MB at least, and visits no more
// sectors than a directory of 4,096 entries has.
func oleNames(r io.ReaderAt, size int64) (map[string]bool, bool) {
	header := make([]byte, 512)
	if _, err := r.ReadAt(header, 0); err != nil {
		return nil, false
	}
	u32 := func(b []byte, at int64) uint32 { return binary.LittleEndian.Uint32(b[at:]) }
	shift := binary.LittleEndian.Uint16(header[0x1e:])
	if shift != 9 && shift != 12 {
		return nil, false
	}
	length := int64(1) << shift
	sector := func(n uint32) ([]byte, bool) {
		at := (int64(n) + 1) * length
		if at+length > size {
			return nil, false
		}
		b := make([]byte, length)
		_, err := r.ReadAt(b, at)
		return b, err == nil
	}
	const end, inHeader, entry, mostEntries = 0xfffffffe, 109, 128, 4096
	names := map[string]bool{}
	at := u32(header, 0x30)
	for visited := int64(0); at != end && visited < mostEntries*entry/length; visited++ {
		b, ok := sector(at)
		if !ok {
			return nil, false
		}
		for ; len(b) >= entry; b = b[entry:] {
			names[oleName(b[:entry])] = true
		}
		perTable := uint32(length / 4)
		if at/perTable >= inHeader {
			return names, true
		}
		table, ok := sector(u32(header, 0x4c+4*int64(at/perTable)))
		if !ok {
			return nil, false
		}
		at = u32(table, 4*int64(at%perTable))
	}
	return names, true
}

// oleName reads the name of a directory entry: UTF-16 and its length in bytes with the final zero.
func oleName(b []byte) string {
	n := int(binary.LittleEndian.Uint16(b[64:]))/2 - 1
	if n < 1 || n > 31 {
		return ""
	}
	units := make([]uint16, n)
	if err := binary.Read(bytes.NewReader(b), binary.LittleEndian, units); err != nil {
		return ""
	}
	return string(utf16.Decode(units))
}
