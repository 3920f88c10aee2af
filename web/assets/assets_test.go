package assets

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func get(t *testing.T, method, target string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestServed(t *testing.T) {
	if err := Check(); err != nil {
		t.Fatal(err)
	}
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			plain := get(t, "GET", URL(name))
			body, err := io.ReadAll(plain.Body)
			if err != nil || plain.StatusCode != 200 || len(body) == 0 {
				t.Fatalf("plain: status %d, %d bytes, %v", plain.StatusCode, len(body), err)
			}
			if !bytes.Equal(body, Content(name)) {
				t.Error("the body is not the content")
			}
			for key, want := range map[string]string{
				"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
				"Vary": "Accept-Encoding", "Content-Encoding": "",
			} {
				if got := plain.Header.Get(key); got != want {
					t.Errorf("%s: got %q, want %q", key, got, want)
				}
			}
			packed := get(t, "GET", URL(name), "Accept-Encoding", "br, gzip;q=0.8")
			if packed.Header.Get("Content-Encoding") != "gzip" {
				t.Fatal("not packed for a browser that takes gzip")
			}
			z, err := gzip.NewReader(packed.Body)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := io.ReadAll(z); !bytes.Equal(got, body) {
				t.Error("unpacked body differs")
			}
			same := get(t, "GET", URL(name), "If-None-Match", plain.Header.Get("ETag"))
			if same.StatusCode != http.StatusNotModified {
				t.Errorf("a known file: status %d", same.StatusCode)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, method, path string
		want               int
	}{
		{"name without hash", "GET", Prefix + "app.css", 404},
		{"old hash", "GET", Prefix + "app.0000000000000000.css", 404},
		{"source part", "GET", Prefix + "css/base.css", 404},
		{"climbing out", "GET", Prefix + "../go.mod", 404},
		{"writing", "POST", URL("app.css"), 405},
		{"head", "HEAD", URL("app.css"), 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := get(t, c.method, c.path).StatusCode; got != c.want {
				t.Errorf("status %d, want %d", got, c.want)
			}
		})
	}
}

func TestUnknownNamePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an unknown name must not pass silently")
		}
	}()
	URL("nothing.css")
}

func TestTakesGzip(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, "gzip": true, "br, GZIP": true, "gzip;q=0": false, "gzip; q=0.0": false, "gzip;q=0.5": true, "br": false, "xgzip": false,
	} {
		if got := takesGzip(header); got != want {
			t.Errorf("%q: got %v", header, got)
		}
	}
}

// Every part that is written is also joined, and the reverse.
func TestNoForgottenPart(t *testing.T) {
	listed := map[string]bool{}
	for _, s := range sources() {
		for _, p := range s.parts {
			listed[p] = true
		}
	}
	for _, pattern := range []string{"css/*.css", "js/*.js"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if !listed[f] {
				t.Errorf("%s is not served", f)
			}
		}
	}
}

func TestBudgets(t *testing.T) {
	for name, limit := range map[string]int{"app.css": 44 << 10, "app.js": 24_000} {
		if n := len(Content(name)); n > limit {
			t.Errorf("%s has %d bytes, the limit is %d", name, n, limit)
		}
	}
}

// No file of ours asks another host for anything, or needs what the CSP forbids.
func TestNoOutsideHost(t *testing.T) {
	for _, name := range []string{"app.css", "app.js", "favicon.svg"} {
		text := string(Content(name))
		text = strings.ReplaceAll(text, "http://www.w3.org/2000/svg", "")
		for _, bad := range []string{"http://", "https://", "//cdn", "@import", "eval(", "new Function", ".style.", "innerHTML"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s contains %q", name, bad)
			}
		}
	}
	for _, bad := range []string{"unsafe", "*", "http"} {
		if strings.Contains(CSP, bad) {
			t.Errorf("the policy contains %q", bad)
		}
	}
}

func TestSqueeze(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"comment", "/* a { } */ a { color: red; }", " a{color:red}"},
		{"quotes stay", `a::before { content: "✓  ; }, : "; }`, `a::before{content:"✓  ; }, : "}`},
		{"descendants stay", "a .b > c + d, e { margin: 0 1px; }", "a .b>c + d,e{margin:0 1px}"},
		{"calc stays", "a { top: calc(1px + -1 * 2rem); }", "a{top:calc(1px + -1 * 2rem)}"},
		{"lines", "@layer x {\n  a {\n    b: c;\n  }\n}\n", "@layer x{a{b:c}}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := squeeze(c.in); got != c.want {
				t.Errorf("got %q\nwant %q", got, c.want)
			}
		})
	}
}

// Squeezing never touches what stands in quotes and never fails on odd input.
func TestSqueezeKeepsQuotes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inner := rapid.StringMatching(`[^"']{0,20}`).Draw(t, "inner")
		got := squeeze(`a { content: "` + inner + `"; }`)
		if want := `a{content:"` + inner + `"}`; got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
		squeeze(rapid.String().Draw(t, "any"))
	})
}

// The script parses; node is on developers' machines, not needed to build.
func TestScriptParses(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Log("node is not installed; the browser test loads the script instead")
		return
	}
	cmd := exec.Command(node, "--check", "-")
	cmd.Stdin = bytes.NewReader(Content("app.js"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
