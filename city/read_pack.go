package city

import (
	"io/fs"
	"regexp"
	"strings"
)

var (
	provinceForm = regexp.MustCompile(`^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|81|82)$`)
	versionForm  = regexp.MustCompile(`^[0-9]+(\.[0-9]+){1,2}$`)
)

func (r *reader) readPack(v value) {
	f := v.mapping("id", "version", "name", "short", "level", "word", "province", "documents")
	p := r.pack
	p.ID = f.must("id", "城市包编号，与文件夹同名").id()
	p.Version = matching(f.must("version", "版本号，如 2026.1"), versionForm, "版本号，如 2026.1")
	p.Name = f.must("name", "城市全称").text()
	p.Short = f.must("short", "城市简称").text()
	p.Level = choice(f.must("level", string(LevelPrefecture)), LevelPrefecture)
	p.Word = f.must("word", "文件中代替城市名称的字，如 市").text()
	province := f.must("province", "省份").mapping("name", "short", "code")
	p.Province.Name = province.must("name", "省份全称").text()
	p.Province.Short = province.must("short", "省份简称").text()
	p.Province.Code = matching(province.must("code", "省份代码前两位"), provinceForm, "GB/T 2260 省级代码的前两位，如 37")
	seen := map[DocumentID]int{}
	for _, item := range f.may("documents").items() {
		r.readDocument(item, seen)
	}
}

func (r *reader) readDocument(v value, seen map[DocumentID]int) {
	f := v.mapping("id", "file", "year", "title", "number", "issued")
	id := f.must("id", "文件编号")
	year := f.must("year", "文件所属年份")
	file := f.must("file", "文件路径")
	d := PlanDocument{
		ID:     DocumentID(id.id()),
		File:   file.text(),
		Year:   int(year.whole(2000, 2100)),
		Title:  f.must("title", "文件标题").text(),
		Number: f.may("number").text(),
		Issued: f.may("issued").date(),
	}
	once(id, d.ID, seen)
	if d.File != "" {
		d.Text = r.documentText(file, d.File)
	}
	r.yearAt = append(r.yearAt, year)
	r.pack.Documents = append(r.pack.Documents, d)
}

func (r *reader) documentText(at value, name string) string {
	if !fs.ValidPath(name) || !strings.Contains(name, "/") || !strings.HasSuffix(name, ".txt") {
		at.problem(quote(name), "城市包子文件夹中的 .txt 文件，如 plans/2026.txt")
		return ""
	}
	content, _ := r.open(name, at)
	return string(content)
}

// matching reads a text of the form.
func matching(v value, form *regexp.Regexp, expected string) string {
	s := v.text()
	if s != "" && !form.MatchString(s) {
		v.problem(quote(s), "%s", expected)
		return ""
	}
	return s
}

// once notes an id that was used before; seen holds the line of each id.
func once[T ~string](v value, id T, seen map[T]int) bool {
	if id == "" {
		return false
	}
	if line, twice := seen[id]; twice {
		v.problem("重复的编号“"+string(id)+"”", "另一个编号（第 %d 行已用）", line)
		return false
	}
	seen[id] = v.node.Line
	return true
}
