// Package thirdparty carries the files that others wrote and that our pages
// serve: each under its name and version, with its licence beside it, and each
// listed with its SHA-256 in manifest.json. Nothing here is edited by hand; a
// newer version is a new folder and a new line in the manifest.
package thirdparty

import (
	"embed"
	"encoding/json"
	"fmt"
)

//go:embed manifest.json htmx
var files embed.FS

// File is one carried file: its path in this folder and its SHA-256 in hex.
type File struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
}

// Package is one thing somebody else published, as manifest.json lists it.
type Package struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Licence string `json:"licence"`
	Source  string `json:"source"`
	Files   []File `json:"files"`
}

// Manifest reads the list of carried packages.
func Manifest() ([]Package, error) {
	raw, err := files.ReadFile("manifest.json")
	if err != nil {
		return nil, fmt.Errorf("read the manifest of third-party files: %w", err)
	}
	var list []Package
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("parse the manifest of third-party files: %w", err)
	}
	return list, nil
}

// Read returns one carried file by the path the manifest gives it, for example
// "htmx/2.0.11/htmx.min.js".
func Read(path string) ([]byte, error) {
	raw, err := files.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read third-party file: %w", err)
	}
	return raw, nil
}
