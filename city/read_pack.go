package city

import (
	"io/fs"
	"regexp"
	"strings"

	"bihuan/kit/strictyaml"
)

var (
	provinceForm = regexp.MustCompile(`^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|81|82)$`)
	versionForm  = regexp.MustCompile(`^[0-9]+(\.[0-9]+){1,2}$`)
)

func (r *reader) readPack(v strictyaml.Value) {
	f := v.Mapping("id", "version", "name", "short", "level", "word", "province", "documents")
	p := r.pack
	p.ID = f.Must("id", "城市包编号，与文件夹同名").ID()
	p.Version = f.Must("version", "版本号，如 2026.1").Matching(versionForm, "版本号，如 2026.1")
	p.Name = f.Must("name", "城市全称").Text()
	p.Short = f.Must("short", "城市简称").Text()
	p.Level = strictyaml.Choice(f.Must("level", string(LevelPrefecture)), LevelPrefecture)
	p.Word = f.Must("word", "文件中代替城市名称的字，如 市").Text()
	province := f.Must("province", "省份").Mapping("name", "short", "code")
	p.Province.Name = province.Must("name", "省份全称").Text()
	p.Province.Short = province.Must("short", "省份简称").Text()
	p.Province.Code = province.Must("code", "省份代码前两位").Matching(provinceForm, "GB/T 2260 省级代码的前两位，如 37")
	seen := map[DocumentID]int{}
	for _, item := range f.May("documents").Items() {
		r.readDocument(item, seen)
	}
}

func (r *reader) readDocument(v strictyaml.Value, seen map[DocumentID]int) {
	f := v.Mapping("id", "file", "year", "title", "number", "issued")
	id := f.Must("id", "文件编号")
	year := f.Must("year", "文件所属年份")
	file := f.Must("file", "文件路径")
	d := PlanDocument{
		ID:     DocumentID(id.ID()),
		File:   file.Text(),
		Year:   int(year.Whole(2000, 2100)),
		Title:  f.Must("title", "文件标题").Text(),
		Number: f.May("number").Text(),
		Issued: f.May("issued").Date(),
	}
	strictyaml.Once(id, d.ID, seen)
	if d.File != "" {
		d.Text = r.documentText(file, d.File)
	}
	r.yearAt = append(r.yearAt, year)
	r.pack.Documents = append(r.pack.Documents, d)
}

func (r *reader) documentText(at strictyaml.Value, name string) string {
	if !fs.ValidPath(name) || !strings.Contains(name, "/") || !strings.HasSuffix(name, ".txt") {
		at.Problem(strictyaml.Quote(name), "城市包子文件夹中的 .txt 文件，如 plans/2026.txt")
		return ""
	}
	content, _ := r.folder.Open(name, at)
	return string(content)
}
