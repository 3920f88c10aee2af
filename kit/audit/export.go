package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"bihuan/kit/db"
	"bihuan/kit/errs"
)

// maxLine bounds a line of an export that is read back, so that a hostile file cannot fill the memory.
const maxLine = 64 << 20

// header is the first line of an export.
type header struct {
	Format    string `json:"format"`
	Algorithm string `json:"algorithm"`
	After     Head   `json:"after"` // the entry before the first of this export
	Count     int64  `json:"count"`
	Head      Head   `json:"head"` // the last entry of this export
}

// Export writes the entries after a seq (0: all) as JSON Lines: a header with
// format, algorithm, count and head, then one entry a line. Archives written one
// after the other join where the head of one is the After of the next. The
// transaction must see one moment, as db.Read's does. Export returns the head,
// which belongs on paper or another system.
func (l *Log) Export(tx *db.Tx, after int64, w io.Writer) (_ Head, err error) {
	defer errs.Wrap(&err, "audit.Export")
	h := header{Format: Format, Algorithm: "SM3", After: Head{Hash: Genesis}}
	if after > 0 {
		first, err := l.Get(tx, after)
		if err != nil {
			return Head{}, err
		}
		h.After = Head{first.Seq, first.Hash}
	}
	if h.Head, err = l.Head(tx); err != nil {
		return Head{}, err
	}
	count := func(s db.Scanner) error { return s.Scan(&h.Count) }
	if err := tx.One(errs.New(errs.Internal, "无法统计审计记录"), count, `SELECT count(*) FROM audit_entry WHERE seq > $1`, after); err != nil {
		return Head{}, err
	}
	out := bufio.NewWriter(w)
	if err := writeLine(out, h); err != nil {
		return Head{}, err
	}
	if err := walk(tx, after, func(r *Record) error { return writeLine(out, r) }); err != nil {
		return Head{}, err
	}
	return h.Head, out.Flush()
}

func writeLine(w io.Writer, v any) error {
	b, err := line(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

// line is the one JSON form of a header or an entry.
func line(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("marshal an export line: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// VerifyExport checks an export without a database and without the key: form,
// order, links, hashes, count and head. It is what an outside auditor runs. The
// report's Head is to be compared with the head that was handed over apart from
// the file. The error is for a failing reader or a file that is no export at all.
func VerifyExport(r io.Reader) (_ Report, err error) {
	defer errs.Wrap(&err, "audit.VerifyExport")
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	if !lines.Scan() {
		return Report{}, errors.Join(errs.New(errs.Invalid, "文件为空，不是审计导出文件"), lines.Err())
	}
	var h header
	if err := strict(lines.Bytes(), &h); err != nil || h.Format != Format || h.Algorithm != "SM3" {
		return Report{}, errs.New(errs.Invalid, "第一行不是审计导出文件的首部").Because(err)
	}
	c := newChecker(nil, h.After)
	for lines.Scan() {
		var entry Record
		if err := strict(lines.Bytes(), &entry); err != nil {
			c.fail(c.report.Head.Seq+1, FaultForm, "第 %d 行不是规定格式的记录", c.report.Count+2)
			return c.report, nil
		}
		if !c.next(&entry) {
			return c.report, nil
		}
	}
	if err := lines.Err(); err != nil {
		return c.report, errs.New(errs.Invalid, "无法读完导出文件").Because(err)
	}
	if c.report.Count != h.Count || c.report.Head != h.Head {
		c.fail(c.report.Head.Seq, FaultHead, "首部写明 %d 条、末条为第 %d 条，实有 %d 条、末条为第 %d 条", h.Count, h.Head.Seq, c.report.Count, c.report.Head.Seq)
	}
	return c.report, nil
}

// strict reads a line and insists that it is written exactly as line writes it:
// no second key of the same name, nothing unknown, nothing beside the value.
func strict(b []byte, v any) error {
	if err := json.Unmarshal(b, v); err != nil {
		return err
	}
	again, err := line(v)
	if err != nil {
		return err
	}
	if !bytes.Equal(b, again) {
		return errors.New("the line is not in the form that an export has")
	}
	return nil
}
