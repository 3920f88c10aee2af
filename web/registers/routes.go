package registers

import (
	"slices"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/register"
	"bihuan/register/sheet"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// area is what the pages of this area share.
type area struct {
	app    *frame.App
	reg    *register.Service
	sheets *sheet.Service
}

// Routes registers the pages of this area.
func Routes(f *frame.App, reg *register.Service, imports *sheet.Service) {
	a := area{app: f, reg: reg, sheets: imports}
	f.Handle("GET /registers", a.index)
	f.Handle("GET /registers/verify", a.queue)
	f.Handle("POST /registers/verify", a.batch)

	f.Handle("GET /registers/{register}", a.list)
	f.Handle("GET /registers/{register}/records.xlsx", a.export)
	f.Handle("GET /registers/{register}/about", a.about)
	f.Handle("GET /registers/{register}/new", a.newForm)
	f.Handle("POST /registers/{register}/new", a.create)

	f.Handle("GET /registers/{register}/import", a.importForm)
	f.Handle("POST /registers/{register}/import", a.importUpload)
	f.Handle("GET /registers/{register}/import/template.xlsx", a.importTemplate)
	f.Handle("GET /registers/{register}/import/{run}", a.runPage)
	f.Handle("POST /registers/{register}/import/{run}/start", a.runStart)
	f.Handle("POST /registers/{register}/import/{run}/cancel", a.runCancel)
	f.Handle("GET /registers/{register}/import/{run}/mend.xlsx", a.runMend)

	f.Handle("GET /registers/{register}/checks", a.checks)
	f.Handle("POST /registers/{register}/checks", a.openCheck)
	f.Handle("GET /registers/{register}/checks/{check}", a.checkPage)
	f.Handle("GET /registers/{register}/checks/{check}/draw.json", a.checkFile)
	f.Handle("POST /registers/{register}/checks/{check}/close", a.checkStep(a.closeCheck, "名单已封存，指纹已公布。下一步公布种子并抽取。"))
	f.Handle("POST /registers/{register}/checks/{check}/draw", a.checkStep(a.drawCheck, "已按种子抽取。请两个人分别检查、登记结果。"))
	f.Handle("POST /registers/{register}/checks/{check}/finish", a.checkStep(a.finishCheck, "抽查已办结。"))
	f.Handle("GET /registers/{register}/checks/{check}/items/{seq}", a.judgeForm)
	f.Handle("POST /registers/{register}/checks/{check}/items/{seq}", a.judge)

	f.Handle("GET /records/{id}", a.record)
	f.Handle("GET /records/{id}/edit", a.editForm)
	f.Handle("POST /records/{id}/edit", a.editSave)
	f.Handle("GET /records/{id}/moves/{move}", a.moveForm)
	f.Handle("POST /records/{id}/moves/{move}", a.moveSave)
	f.Handle("GET /records/{id}/proofs", a.proofForm)
	f.Handle("POST /records/{id}/proofs", a.proofSave)
	f.Handle("GET /records/{id}/proofs/{proof}", a.proof)
	f.Handle("GET /records/{id}/proofs/{proof}/falsify", a.falsifyProofForm)
	f.Handle("POST /records/{id}/proofs/{proof}/falsify", a.falsifyProof)
	f.Handle("GET /records/{id}/reveal", a.revealForm)
	f.Handle("POST /records/{id}/reveal", a.reveal)
	f.Handle("GET /records/{id}/falsify", a.falsifyForm)
	f.Handle("POST /records/{id}/falsify", a.falsify)
}

func (a area) catalog() *register.Catalog { return a.reg.Catalog() }

// definition reads the register that the address names.
func (a area) definition(c *frame.Ctx) (*register.Definition, error) {
	if err := c.P.May(org.RegisterRead, org.Scope{}); err != nil {
		return nil, err
	}
	d, ok := a.catalog().Get(register.ID(c.R.PathValue("register")))
	if !ok {
		return nil, errs.New(errs.NotFound, "没有这本台账：可能地址有误，或已从城市包中移除")
	}
	return d, nil
}

func indexCrumb() ui.Crumb { return ui.Crumb{Label: "台账", URL: "/registers"} }

func registerCrumb(d *register.Definition) ui.Crumb {
	return ui.Crumb{Label: d.Name, URL: registerURL(d.ID)}
}

func (a area) mayNotEnter(d *register.Definition) error {
	return errs.New(errs.Forbidden, "“%s”由%s登记，您的账号不在其中", d.Name, entrants(a.app.Pack, d))
}

// entryPlaces lists the territories for which a person may enter records, "" for
// the whole city, as the definition says who enters; pages use it to hide what a
// person may not do.
func (a area) entryPlaces(p org.Principal, d *register.Definition) []city.TerritoryID {
	own := city.UnitID(p.UnitID)
	may := p.Extent(org.RegisterEdit)
	leads := d.Lead == own || slices.Contains(d.Partners, own)
	anywhere := may.All || len(may.Units) > 0 && (slices.Contains(d.Entry, register.EntrantUnit) || slices.Contains(d.Entry, register.EntrantLead) && leads) ||
		d.Lead == own && own != "" && p.May(org.MatterIssue, org.Scope{}) == nil
	var out []city.TerritoryID
	if anywhere {
		out = append(out, "")
	}
	for _, t := range a.app.Pack.TerritoriesFor(city.CaliberZonesApart) {
		if anywhere || slices.Contains(d.Entry, register.EntrantCounty) && may.Territory == string(t.ID) {
			out = append(out, t.ID)
		}
	}
	return out
}
