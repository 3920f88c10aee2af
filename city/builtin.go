package city

import (
	"embed"
	"io/fs"
	"slices"

	"bihuan/kit/errs"
)

//go:embed all:packs
var packs embed.FS // all: so that files whose names begin with an underscore are there

// Names returns the ids of the packs that come with the program, sorted.
func Names() []string {
	entries, err := packs.ReadDir("packs")
	if err != nil {
		return nil // cannot be: the folder is part of the program
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names
}

// Builtin returns the folder of a pack that comes with the program. For an
// unknown name it is an empty folder, so that Load and Check say what is missing.
func Builtin(name string) fs.FS {
	if !slices.Contains(Names(), name) {
		return nothing{}
	}
	folder, err := fs.Sub(packs, "packs/"+name)
	if err != nil {
		return nothing{} // cannot be: the name is one path element
	}
	return folder
}

// LoadBuiltin loads a pack that comes with the program; an unknown name is NotFound.
func LoadBuiltin(name string) (*Pack, error) {
	if !slices.Contains(Names(), name) {
		return nil, errs.New(errs.NotFound, "没有内置的城市包“%s”", name)
	}
	return Load(Builtin(name))
}

// nothing is a folder without files.
type nothing struct{}

// Open finds no file.
func (nothing) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}
