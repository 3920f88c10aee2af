package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"

	"bihuan/city"
	"bihuan/indicator"
	"bihuan/kit/calendar"
	"bihuan/kit/gongwen"
	"bihuan/kit/seal"
	"bihuan/matter"
	"bihuan/org"
	"bihuan/register"
)

const county = city.TerritoryID("shenxian")

// furnish makes the rooms of registers, statistics and documents.
func (x *house) furnish() {
	x.t.Helper()
	keys, err := seal.New(x.Clock.Now(), strings.NewReader(strings.Repeat("entropy of a test ", 100)))
	x.must(err)
	catalog, err := register.LoadCatalog(x.Pack, matter.Known)
	x.must(err)
	guards := &matter.Guards{Catalog: catalog, Pack: x.Pack, Today: func() calendar.Date { return calendar.Today(x.DB.Now()) }}
	x.parts.Register = register.New(register.Parts{DB: x.DB, Log: x.Log, Box: keys, Pack: x.Pack, Catalog: catalog, Blobs: x.Blobs, Guards: guards.Map()})
	guards.Records = x.parts.Register
	x.parts.Indicator, err = indicator.New(x.DB, x.Log, x.Pack)
	x.must(err)
	x.parts.Matter = matter.New(matter.Parts{DB: x.DB, Log: x.Log, Pack: x.Pack, Blobs: x.Blobs, Supervise: x.parts.Supervise, Records: x.parts.Register})
	x.let("county", x.County(county, org.CountyClerk))
	x.let("county-head", x.County(county, org.CountyHead))
	x.let("neighbour", x.County("yanggu", org.CountyClerk))
	x.let("post", x.Head("post"))
	reader := x.County(county, org.CountyClerk)
	reader.ReadOnly = true
	x.let("county-reader", reader)
}

func (x *house) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

// point is a parcel point of a county; contact and phone are personal.
func point(n int) map[string]string {
	return map[string]string{"name": fmt.Sprintf("第%d站", n), "village": "李庄村", "village-code": fmt.Sprintf("371522%06d", n), "host": fmt.Sprintf("小店%d", n),
		"operator": "李四", "contact": "王小明", "phone": "13812345678", "brands": "邮政、中通", "opened": "2026-03-01", "filing-no": fmt.Sprintf("BA%05d", n), "filed": "2026-03-02", "address": "莘县李庄村"}
}

// photo is a small picture with its own content.
func photo(n int) string {
	m := image.NewGray(image.Rect(0, 0, 8, 8))
	for i := range m.Pix {
		m.Pix[i] = byte(n >> (i % 8))
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.String()
}

func kept(kind string, n int) register.File {
	data := photo(n)
	return register.File{Kind: kind, Name: fmt.Sprintf("%s-%d.png", kind, n), Data: strings.NewReader(data), Size: int64(len(data))}
}

// record enters a parcel point as the county's clerk, with the evidence that a claim needs.
func (x *house) record(n int) string {
	x.t.Helper()
	id, err := x.parts.Register.Create(context.Background(), x.people["county"], register.Draft{
		Register: "parcel-point", Territory: county, Values: point(n), Proofs: []register.File{kept("receipt", n), kept("photo", n+1000)},
	})
	x.must(err)
	return id
}

// proofOf is a file of a record.
func (x *house) proofOf(id string) string {
	x.t.Helper()
	v, err := x.parts.Register.Get(context.Background(), x.people["leader"], id)
	x.must(err)
	return v.Proofs[0].ID
}

// newPoint is the form that enters a parcel point.
func newPoint(n int) sheet {
	values, err := json.Marshal(point(n))
	if err != nil {
		panic(err)
	}
	return sheet{map[string]string{"territory": string(county), "values": string(values)}, "proof.receipt", "回执.png", photo(n)}
}

// published is a growth rate of retail sales.
func published(territory, period, value, released string) map[string]any {
	return map[string]any{"territory": territory, "period": period, "value": value, "released": released, "source": "统计月报"}
}

func revised(of map[string]any, revision int, value, reason string) map[string]any {
	out := map[string]any{"revision": revision, "reason": reason}
	for k, v := range of {
		out[k] = v
	}
	out["value"] = value
	return out
}

func withdrawn(territory, period string, revision int) map[string]any {
	return map[string]any{"territory": territory, "period": period, "revision": revision, "reason": "录错时期"}
}

// paperWords are the words of a letter as an edit sends them.
func paperWords(revision int, text string) map[string]any {
	return map[string]any{"revision": revision, "title": "关于核对进展的提醒函", "addressee": "市民政局：", "text": text, "note": "此件不予公开"}
}

// paper is a letter of its own for a record of that name, perhaps submitted.
func (x *house) paper(record string, submitted bool) string {
	x.t.Helper()
	ctx, m, p := context.Background(), x.parts.Matter, x.people["dispatcher"]
	d := gongwen.Document{Form: gongwen.Letter, Issuers: []string{x.Pack.LeadUnit().Name}, Title: "关于核对进展的提醒函", Addressee: "市民政局：", Body: []gongwen.Block{gongwen.Paragraph(gongwen.Text("请核对七月份的进展。"))}, Sealed: true, Note: "此件不予公开", Date: calendar.Today(x.Clock.Now())}
	id, err := m.Draft(ctx, p, matter.Issue{Kind: matter.KindLetter, RecordID: record, Document: d, To: []city.UnitKind{city.KindBureau}})
	x.must(err)
	if submitted {
		x.must(m.Submit(ctx, p, id, 0))
	}
	return id
}

// issued drafts, submits and approves the bulletin of a month.
func (x *house) issued(period string) string {
	x.t.Helper()
	ctx, m, p := context.Background(), x.parts.Matter, x.people["dispatcher"]
	id, err := m.DraftBulletin(ctx, p, period, false)
	x.must(err)
	in, err := m.Get(ctx, p, id)
	x.must(err)
	x.must(m.Submit(ctx, p, id, in.Revision))
	x.must(m.Approve(ctx, x.people["approver"], id, in.Revision+1, ""))
	return id
}

// files is a multipart form with several files.
func (x *house) files(token, path, key string, fields map[string]string, more ...[3]string) answer {
	x.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		x.must(w.WriteField(k, v))
	}
	for _, f := range more {
		p, err := w.CreateFormFile(f[0], f[1])
		x.must(err)
		_, err = p.Write([]byte(f[2]))
		x.must(err)
	}
	x.must(w.Close())
	return x.do(token, http.MethodPost, path, http.Header{"Content-Type": {w.FormDataContentType()}, "Idempotency-Key": {key}}, &b)
}
