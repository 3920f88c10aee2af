package tasks

import "bihuan/web/frame"

// Routes registers the pages of this area.
func Routes(a *frame.App) {
	a.Handle("GET /tasks", listPage)
	a.Handle("GET /tasks.xlsx", exportList)
	a.Handle("GET /tasks/{id}", taskPage)

	a.Handle("GET /targets/{id}", targetRedirect)
	a.Handle("GET /targets/{id}/report", reportForm)
	a.Handle("POST /targets/{id}/report", reportSave)
	a.Handle("GET /targets/{id}/shares", sharesForm)
	a.Handle("POST /targets/{id}/shares", sharesSave)
	a.Handle("POST /targets/{id}/shares/check", sharesCheck)
	a.Handle("GET /targets/{id}/quantify", quantifyForm)
	a.Handle("POST /targets/{id}/quantify", quantifySave)

	a.Handle("POST /entries/{id}/verify", entryVerify)
	a.Handle("GET /entries/{id}/return", entryForm(returning))
	a.Handle("POST /entries/{id}/return", entrySave(returning))
	a.Handle("GET /entries/{id}/withdraw", entryForm(withdrawing))
	a.Handle("POST /entries/{id}/withdraw", entrySave(withdrawing))
	a.Handle("GET /proofs/{id}", entryProof)
	a.Handle("GET /milestones/{id}/proof", milestoneProof)

	a.Handle("GET /tasks/{id}/edit", editForm)
	a.Handle("POST /tasks/{id}/edit", editSave)
	a.Handle("GET /tasks/{id}/sources/new", sourceForm)
	a.Handle("POST /tasks/{id}/sources", sourceSave)
	a.Handle("GET /tasks/{id}/milestones/new", milestoneForm)
	a.Handle("POST /tasks/{id}/milestones", milestoneSave)
	a.Handle("GET /tasks/{id}/milestones/{m}/reach", reachForm)
	a.Handle("POST /tasks/{id}/milestones/{m}/reach", reachSave)
	a.Handle("GET /tasks/{id}/milestones/{m}/verify", stepVerifyForm)
	a.Handle("POST /tasks/{id}/milestones/{m}/verify", stepVerifySave)
	a.Handle("GET /tasks/{id}/light", lightForm)
	a.Handle("POST /tasks/{id}/light", lightSave)
	a.Handle("POST /tasks/{id}/light/lift", lightLift)

	a.Handle("GET /tasks/{id}/moves/{move}", moveForm)
	a.Handle("POST /tasks/{id}/moves/{move}", moveSave)
	a.Handle("GET /tasks/{id}/moves/proof/{n}", moveProof)
	a.Handle("GET /tasks/{id}/statutory", statutoryForm)
	a.Handle("POST /tasks/{id}/statutory", statutorySave)
	a.Handle("GET /targets/{id}/measure", bindForm)
	a.Handle("POST /targets/{id}/measure", bindSave)

	a.Handle("GET /verify", verifyPage)
	a.Handle("GET /report", owedPage)
	a.Handle("GET /search", searchPage)
	a.Handle("GET /plans", plansPage)
	a.Handle("POST /plans/measures", bindPack)
	a.Handle("GET /plans/{id}", planPage)
}
