package matter

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/office"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
)

// ManifestName is the file of an archive that lists the others.
const ManifestName = "清单.json"

// Manifest lists the files of an archive, so that anyone can check them with a
// program that computes SHA-256.
type Manifest struct {
	Month string         `json:"month"`
	City  string         `json:"city"`
	Made  string         `json:"made"`
	By    string         `json:"by"`
	Demo  bool           `json:"demo,omitempty"`
	Files []ManifestFile `json:"files"`
}

// ManifestFile is one line of a manifest.
type ManifestFile struct {
	Name   string `json:"name"`
	Number string `json:"number,omitempty"` // of an official document
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

// Archive writes a month ("2026-06") as one zip: the documents issued in it, the
// list of tasks and of targets as they stand now, and a manifest with hashes.
func (s *Service) Archive(ctx context.Context, p org.Principal, month string, w io.Writer) (err error) {
	defer errs.Wrap(&err, "matter.Archive(%s)", month)
	if err := p.May(org.ListExport, org.Scope{}); err != nil {
		return err
	}
	first, err := calendar.ParseDate(month + "-01")
	if err != nil {
		return errs.New(errs.Invalid, "月份应写成 2026-06")
	}
	var issued []Issue
	if err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		issued, err = issuedBetween(tx, first.Start(), first.AddMonths(1).Start())
		return err
	}); err != nil {
		return err
	}
	board, err := s.Supervise.Board(ctx, p)
	if err != nil {
		return err
	}
	a := &archive{zip: zip.NewWriter(w), at: s.DB.Now(), manifest: Manifest{Month: month, City: s.Pack.Name, By: p.Name, Files: []ManifestFile{}}}
	a.manifest.Made = a.at.In(calendar.Zone()).Format(time.RFC3339)
	for _, in := range issued {
		if err := a.paper(s, in); err != nil {
			return err
		}
	}
	if err := a.lists(s, board.View(s.Pack, "")); err != nil {
		return err
	}
	return a.close()
}

// archive is a zip that is being written.
type archive struct {
	zip      *zip.Writer
	at       time.Time
	manifest Manifest
}

func (a *archive) add(name, number string, data []byte) error {
	if name != ManifestName {
		sum := sha256.Sum256(data)
		a.manifest.Files = append(a.manifest.Files, ManifestFile{name, number, len(data), hex.EncodeToString(sum[:])})
	}
	f, err := a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.at})
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return err
}

func (a *archive) paper(s *Service, in Issue) error {
	f, err := s.File(in)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // read only
	data, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	a.manifest.Demo = a.manifest.Demo || in.Demo
	return a.add("文书/"+FileName(in), in.Number, data)
}

// FileName is the name under which an issued document is handed out.
func FileName(in Issue) string {
	name := strings.NewReplacer("/", "-", `\`, "-", ":", "：", "\n", "").Replace(strings.TrimSpace(in.Number + " " + in.Title))
	if r := []rune(name); len(r) > 80 {
		name = string(r[:80])
	}
	return name + ".docx"
}

func (a *archive) lists(s *Service, c supervise.Cockpit) error {
	tasks := office.Sheet{Name: "任务", Title: "任务清单", Note: "数据截至 " + c.Board.Today.Chinese(), Columns: []office.Column{{Header: "编号", Width: 18}, {Header: "任务", Width: 50}, {Header: "牵头单位", Width: 24},
		{Header: "状态", Width: 12}, {Header: "灯", Width: 12}, {Header: "原因", Width: 60}, {Header: "下一步", Width: 24}}}
	targets := office.Sheet{Name: "目标", Title: "量化目标", Note: tasks.Note, Columns: []office.Column{{Header: "任务", Width: 40}, {Header: "目标", Width: 40}, {Header: "目标值", Width: 16},
		{Header: "已核验", Width: 16}, {Header: "截至", Width: 14}, {Header: "灯", Width: 12}, {Header: "原因", Width: 60}}}
	var rows, goals [][]office.Cell
	for _, row := range c.Actions {
		for _, t := range row.Tasks {
			u, _ := s.Pack.Unit(t.LeadUnit)
			rows = append(rows, texts(t.No, t.Title, u.Short, t.State.Label(), t.Shown().Label(), t.Computed.Reason, t.Turn.What))
		}
	}
	for _, g := range c.Targets {
		actual := ""
		if g.Target.Actual.Value != nil {
			actual = plan.Amount(*g.Target.Actual.Value, g.Target.Unit)
		}
		goals = append(goals, texts(g.Task.Title, g.Target.Subject, aim(g.Target), actual, g.Target.Actual.AsOf, g.Target.Level.Label(), g.Target.Reason))
	}
	tasks.Rows, targets.Rows = office.SliceRows(rows), office.SliceRows(goals)
	var book bytes.Buffer
	if err := office.WriteXlsx(&book, office.Book{Title: "任务和目标", Author: s.Pack.LeadUnit().Name, Created: a.at, Sheets: []office.Sheet{tasks, targets}}); err != nil {
		return err
	}
	return a.add("任务和目标.xlsx", "", book.Bytes())
}

func texts(values ...string) []office.Cell {
	cells := make([]office.Cell, len(values))
	for i, v := range values {
		cells[i] = office.TextCell(v)
	}
	return cells
}

func (a *archive) close() error {
	data, err := json.MarshalIndent(a.manifest, "", "  ")
	if err != nil {
		return err
	}
	if err := a.add(ManifestName, "", append(data, '\n')); err != nil {
		return err
	}
	return a.zip.Close()
}

// CheckArchive compares an archive with its manifest and names what does not agree.
func CheckArchive(r io.ReaderAt, size int64) (wrong []string, m Manifest, err error) {
	defer errs.Wrap(&err, "matter.CheckArchive")
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, m, errs.New(errs.Invalid, "不是归档文件").Because(err)
	}
	found := map[string]string{}
	for _, f := range z.File {
		data, err := readFile(f)
		if err != nil {
			return nil, m, err
		}
		if f.Name == ManifestName {
			if err := json.Unmarshal(data, &m); err != nil {
				return nil, m, errs.New(errs.Invalid, "归档清单无法读取").Because(err)
			}
			continue
		}
		found[f.Name] = fmt.Sprintf("%x", sha256.Sum256(data))
	}
	for _, f := range m.Files {
		switch sum, ok := found[f.Name]; {
		case !ok:
			wrong = append(wrong, f.Name+"：缺失")
		case sum != f.SHA256:
			wrong = append(wrong, f.Name+"：内容与清单不符")
		}
		delete(found, f.Name)
	}
	for name := range found {
		wrong = append(wrong, name+"：清单中没有")
	}
	return wrong, m, nil
}

func readFile(f *zip.File) ([]byte, error) {
	const most = 100 << 20
	r, err := f.Open()
	if err != nil {
		return nil, errs.New(errs.Invalid, "归档中的“%s”无法读取", f.Name).Because(err)
	}
	defer func() { _ = r.Close() }() // read only
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil || len(data) > most {
		return nil, errs.New(errs.Invalid, "归档中的“%s”无法读取", f.Name).Because(err)
	}
	return data, nil
}
