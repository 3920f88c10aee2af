package sheet

import (
	"os"
	"path/filepath"
	"testing"

	"bihuan/register"
)

// TestLook writes the spreadsheets into the folder BIHUAN_LOOK, to be looked at in an office program.
func TestLook(t *testing.T) {
	folder := os.Getenv("BIHUAN_LOOK")
	if folder == "" {
		t.Skip("set BIHUAN_LOOK to a folder")
	}
	both(t, func(t *testing.T, d *desk) {
		d.withRoom()
		id := d.upload(clerk, sample(d, 40, func(i int) map[string]string {
			r := goodRow(i)
			if i%2 == 0 {
				r[faults[i/2].field] = faults[i/2].value
			}
			return r
		}))
		d.run()
		if err := d.Start(ctx, clerk, id); err != nil {
			t.Fatal(err)
		}
		d.run()
		for name, write := range map[string]func(f *os.File) error{
			"template.xlsx": func(f *os.File) error { return d.Template(ctx, clerk, shopReg, f) },
			"mend.xlsx":     func(f *os.File) error { return d.Mend(ctx, clerk, id, f) },
			"export.xlsx":   func(f *os.File) error { return d.Export(ctx, clerk, register.Query{Register: shopReg}, f) },
		} {
			f, err := os.Create(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			if err := write(f); err != nil {
				t.Error(err)
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}
