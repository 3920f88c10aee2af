// Command drawcheck draws a spot check again from its file, with the standard library
// and nothing of Bihuan: it is for whoever does not take the program's word for it.
//
//	go run ./scripts/drawcheck < draw.json
package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"sort"
)

func main() {
	var f file
	if err := json.NewDecoder(os.Stdin).Decode(&f); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	wrong := check(f)
	for _, w := range wrong {
		fmt.Fprintln(os.Stdout, w)
	}
	if len(wrong) > 0 {
		os.Exit(1)
	}
	fmt.Fprintf(os.Stdout, "ok: %d of %d\n", f.Size, len(f.List))
}

type file struct {
	Commitment string   `json:"commitment"`
	Seed       string   `json:"seed"`
	List       []string `json:"list"`
	ListHash   string   `json:"list_hash"`
	Flagged    []string `json:"flagged"`
	Size       int      `json:"size"`
	Whole      bool     `json:"whole"`
	Selection  []struct {
		No      string `json:"no"`
		Why     string `json:"why"`
		Verdict string `json:"verdict"`
	} `json:"selection"`
}

func sum(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }

func check(f file) (wrong []string) {
	if sum(f.Seed) != f.Commitment {
		wrong = append(wrong, "the seed is not the one that was fixed")
	}
	lines := ""
	for _, no := range f.List {
		lines += no + "\n"
	}
	if sum(lines) != f.ListHash {
		wrong = append(wrong, "the list is not the one that was frozen")
	}
	if f.Size < 1 || f.Size > len(f.List) {
		return append(wrong, "the size does not fit the list")
	}
	order := append([]string{}, f.List...)
	sort.Slice(order, func(i, j int) bool { return sum(f.Seed+"\x00"+order[i]) < sum(f.Seed+"\x00"+order[j]) })
	want := map[string]string{}
	for i, no := range order {
		if f.Whole {
			want[no] = "whole"
		}
		for _, flagged := range f.Flagged {
			if flagged == no {
				want[no] = "flagged"
			}
		}
		if i < f.Size {
			want[no] = "drawn"
		}
	}
	if len(f.Selection) != len(want) {
		wrong = append(wrong, fmt.Sprintf("%d are listed, %d are drawn", len(f.Selection), len(want)))
	}
	bad := false
	for _, c := range f.Selection {
		bad = bad || c.Verdict == "false" || c.Verdict == "missing"
		if want[c.No] != c.Why {
			wrong = append(wrong, fmt.Sprintf("%s is %q, not %q", c.No, want[c.No], c.Why))
		}
	}
	if bad != f.Whole {
		wrong = append(wrong, "the whole batch is checked when one is not true, and only then")
	}
	return wrong
}
