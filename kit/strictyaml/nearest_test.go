package strictyaml

import "testing"

func TestNearest(t *testing.T) {
	known := []string{"kind", "name", "territory", "aliases"}
	for s, want := range map[string]string{"nmae": "name", "teritory": "territory", "alias": "aliases", "knd": "kind", "population": "", "": ""} {
		if got := Nearest(s, known); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}
