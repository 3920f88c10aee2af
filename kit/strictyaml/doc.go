// Package strictyaml reads YAML files that people write by hand, such as those of
// a city pack. Whatever is wrong is noted with file, line, column, what was found
// and what was expected, and reading goes on, so that an author sees all mistakes
// at once. Unknown and repeated keys, anchors, aliases and several documents in one
// file are refused: a misspelling must not be overlooked.
//
// A Folder holds the problems. Its files give Values; a Value that is absent answers
// every question with nothing and makes no further problem, so that readers need no
// conditions:
//
//	folder := &strictyaml.Folder{FS: files, Name: "城市包"}
//	v, _ := folder.YAML("units.yaml")
//	f := v.Mapping("id", "name")
//	id, name := f.Must("id", "单位编号").ID(), f.May("name").Text()
//	problems := folder.Problems.Sorted()
//
// What a file means is for its reader; here is only its form.
package strictyaml
