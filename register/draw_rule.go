package register

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"bihuan/kit/errs"
)

// DrawFormat names the form of a draw's file.
const DrawFormat = "bihuan-draw-1"

// DrawFile is everything that a stranger needs to draw again.
type DrawFile struct {
	Format     string   `json:"format"`
	Rule       string   `json:"rule"` // in words
	ID         string   `json:"id"`
	Register   ID       `json:"register"`
	Batch      string   `json:"batch"` // in words: whose records of which days
	Commitment string   `json:"commitment"`
	OpenedAt   string   `json:"opened_at"`
	ClosedAt   string   `json:"closed_at"`
	DrawnAt    string   `json:"drawn_at"`
	Seed       string   `json:"seed"`
	List       []string `json:"list"` // the numbers of the frozen records, in their order
	ListHash   string   `json:"list_hash"`
	Flagged    []string `json:"flagged"` // of the list: hit by a plausibility check when it was closed
	Size       int      `json:"size"`
	Whole      bool     `json:"whole"` // one was not true, so that all were checked
	Selection  []Chosen `json:"selection"`
}

// Chosen is a record that is checked, and what two people found.
type Chosen struct {
	No      string  `json:"no"`
	Why     Why     `json:"why"`
	Verdict Finding `json:"verdict"` // empty while people disagree or are not done
}

// Why says why a record of the list is checked.
type Why string

// The reasons. The zero value is a record that is not checked.
const (
	WhyDrawn   Why = "drawn"   // by chance
	WhyFlagged Why = "flagged" // a plausibility check had hit it
	WhyWhole   Why = "whole"   // another of the batch was not true
)

// Finding is what a person found out about a record.
type Finding string

// The findings. Whatever is not true sets the whole batch under check.
const (
	FoundTrue    Finding = "true"
	FoundFalse   Finding = "false"
	FoundMissing Finding = "missing" // the thing is not where the record says
)

func (f Finding) known() bool { return f == FoundTrue || f == FoundFalse || f == FoundMissing }

const drawWords = "编号按顺序每行一个，每行以换行结束，其 SHA-256 为 list_hash；种子文本的 SHA-256 为 commitment。" +
	"对每个编号计算 SHA-256（种子文本、一个零字节、编号），按十六进制文本从小到大排列，取前 size 个；flagged 中的全部加查；有一个不实或未找到，其余全部加查。"

// Commitment fixes a seed before the list is closed: the SHA-256 of its text.
func Commitment(seed string) string { return hashOf(seed) }

// ListHash is the SHA-256 over the numbers in order, each followed by a line feed.
func ListHash(numbers []string) string {
	var b strings.Builder
	for _, no := range numbers {
		b.WriteString(no + "\n")
	}
	return hashOf(b.String())
}

// Select draws n numbers: those whose SHA-256 over the seed's text, a zero byte and
// the number comes first. The order of the numbers makes no difference.
func Select(seed string, numbers []string, n int) []string {
	type ranked struct{ no, rank string }
	all := make([]ranked, len(numbers))
	for i, no := range numbers {
		all[i] = ranked{no, hashOf(seed + "\x00" + no)}
	}
	slices.SortFunc(all, func(a, b ranked) int { return cmp.Or(strings.Compare(a.rank, b.rank), strings.Compare(a.no, b.no)) })
	chosen := make([]string, min(max(n, 0), len(all)))
	for i := range chosen {
		chosen[i] = all[i].no
	}
	return chosen
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// VerifyDraw draws a draw's file again and says what in it does not fit. It needs
// nothing but the file. err is for what is no such file.
func VerifyDraw(r io.Reader) (problems []string, err error) {
	defer errs.Wrap(&err, "register.VerifyDraw")
	const most = 64 << 20
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, errs.New(errs.Invalid, "读不出抽查文件").Because(err)
	}
	if len(data) > most {
		return nil, errs.New(errs.TooLarge, "抽查文件超过 %d MB", most>>20)
	}
	var f DrawFile
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, errs.New(errs.Invalid, "这不是抽查文件").Because(err)
	}
	if f.Format != DrawFormat {
		return nil, errs.New(errs.Invalid, "不认识的抽查文件格式“%s”，应为 %s", f.Format, DrawFormat)
	}
	return f.problems(), nil
}

// problems are the statements of a file that its own content contradicts.
func (f DrawFile) problems() (all []string) {
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	if len(f.Seed) != 64 || Commitment(f.Seed) != f.Commitment {
		say("种子与抽取前公布的承诺不符")
	}
	if ListHash(f.List) != f.ListHash {
		say("清单与封存时的摘要不符")
	}
	if f.OpenedAt > f.ClosedAt || f.ClosedAt > f.DrawnAt {
		say("时间顺序不对：应先公布承诺，再封存清单，最后抽取")
	}
	listed := map[string]bool{}
	for _, no := range f.List {
		if listed[no] {
			say("清单中“%s”重复", no)
		}
		listed[no] = true
	}
	if f.Size < 1 || f.Size > len(f.List) {
		say("抽取数量 %d 不在 1 到 %d 之间", f.Size, len(f.List))
	}
	want := f.chosen()
	got := map[string]Why{}
	for _, c := range f.Selection {
		if got[c.No] != "" {
			say("“%s”重复列出", c.No)
		}
		if !listed[c.No] {
			say("“%s”不在清单中", c.No)
		} else if c.Why != want[c.No] {
			say("“%s”写的是 %s，重新抽取的结果是 %s", c.No, or(string(c.Why), "不查"), or(string(want[c.No]), "不查"))
		}
		got[c.No] = c.Why
	}
	for _, no := range f.List {
		if want[no] != "" && got[no] == "" {
			say("“%s”应当检查，却没有列出", no)
		}
	}
	for _, no := range f.Flagged {
		if !listed[no] {
			say("疑点“%s”不在清单中", no)
		}
	}
	if f.falseFound() != f.Whole {
		say("“全部加查”与结果不符：有一个不实或未找到才全部加查")
	}
	return all
}

// chosen draws again: why each number of the list is checked.
func (f DrawFile) chosen() map[string]Why {
	why := map[string]Why{}
	if f.Whole {
		for _, no := range f.List {
			why[no] = WhyWhole
		}
	}
	for _, no := range f.Flagged {
		why[no] = WhyFlagged
	}
	for _, no := range Select(f.Seed, f.List, f.Size) {
		why[no] = WhyDrawn
	}
	return why
}

func (f DrawFile) falseFound() bool {
	return slices.ContainsFunc(f.Selection, func(c Chosen) bool { return c.Verdict == FoundFalse || c.Verdict == FoundMissing })
}
