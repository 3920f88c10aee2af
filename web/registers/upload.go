package registers

import (
	"mime/multipart"

	"bihuan/kit/errs"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// received are the proof files of a form; close ends their use.
type received struct {
	files []register.File
	open  []multipart.File
}

func (r *received) close() {
	for _, f := range r.open {
		_ = f.Close() // read only
	}
}

// files reads the proof files that a form carries for some kinds.
func files(c *frame.Ctx, kinds []register.ProofKind) (*received, error) {
	r := &received{}
	if c.R.MultipartForm == nil {
		return r, nil
	}
	for _, k := range kinds {
		for _, head := range c.R.MultipartForm.File[proofPrefix+k.ID] {
			if head.Size == 0 && head.Filename == "" {
				continue
			}
			f, err := head.Open()
			if err != nil {
				r.close()
				return nil, errs.New(errs.Invalid, "文件没有传完整：请重试").Because(err)
			}
			r.open = append(r.open, f)
			r.files = append(r.files, register.File{Kind: k.ID, Name: head.Filename, Data: f, Size: head.Size})
		}
	}
	return r, nil
}

// chooseAgain reminds that a browser does not keep chosen files.
func chooseAgain(r *received) ui.Alert {
	if len(r.files) == 0 {
		return ui.Alert{}
	}
	return ui.Alert{Kind: ui.Warning, Text: "浏览器不会保留已选的文件：更正后请重新选择佐证材料。"}
}
