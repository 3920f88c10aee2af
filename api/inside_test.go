package api

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"pgregory.net/rapid"

	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
)

// A key behaves like this model, whatever the order of claims, answers, crashes
// and passing time.
func TestKeysLikeTheirModel(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		ctx := context.Background()
		r := &replies{db: d}
		serial := 0
		rapid.Check(t, func(t *rapid.T) {
			type row struct {
				hash string
				at   time.Time
				body string // "" while it is claimed
			}
			serial++
			token := fmt.Sprint("token", serial)
			rows := map[string]*row{}
			key := rapid.SampledFrom([]string{"a", "b"})
			t.Repeat(map[string]func(*rapid.T){
				"claim": func(t *rapid.T) {
					k, h := key.Draw(t, "key"), rapid.SampledFrom([]string{"x", "y"}).Draw(t, "hash")
					got, err := r.claim(ctx, token, k, h)
					if err != nil {
						t.Fatal(err)
					}
					old, want := rows[k], keyFree
					switch {
					case old == nil || clock.Now().Sub(old.at) >= keptFor:
						rows[k] = &row{hash: h, at: clock.Now()}
					case old.hash != h:
						want = keyOther
					case old.body != "":
						want = keyAnswered
					case clock.Now().Sub(old.at) >= interruptedAfter:
						want = keyInterrupted
					default:
						want = keyRunning
					}
					if got.state != want || (want == keyAnswered && (got.answer.Body != old.body || got.status != 201)) {
						t.Fatalf("%+v, want state %d", got, want)
					}
				},
				"answer": func(t *rapid.T) {
					k := key.Draw(t, "key")
					a := newCapture()
					a.status = 201
					body := fmt.Sprint("{", clock.Now().UnixMilli(), "}")
					_, _ = a.Write([]byte(body))
					err := r.keep(ctx, token, k, a)
					if old := rows[k]; old != nil && old.body == "" {
						if old.body = body; err != nil {
							t.Fatal(err)
						}
					} else if err == nil {
						t.Fatal("kept an answer without a claim")
					}
				},
				"release": func(t *rapid.T) {
					k := key.Draw(t, "key")
					if err := r.release(ctx, token, k); err != nil {
						t.Fatal(err)
					}
					if old := rows[k]; old != nil && old.body == "" {
						delete(rows, k)
					}
				},
				"prune": func(t *rapid.T) {
					if _, err := r.prune(ctx); err != nil {
						t.Fatal(err)
					}
					for k, old := range rows {
						if clock.Now().Sub(old.at) >= keptFor {
							delete(rows, k)
						}
					}
				},
				"wait": func(t *rapid.T) {
					clock.Add(rapid.SampledFrom([]time.Duration{time.Second, 6 * time.Minute, 40 * time.Hour}).Draw(t, "time"))
				},
			})
		})
	})
}

// The limiter lets through a burst and then the rate, each token for itself, and
// remembers a bounded number of tokens.
func TestLimiter(t *testing.T) {
	l := newLimiter(Rate{PerSecond: 2, Burst: 3, Tracked: 2})
	now := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	for i := range 3 {
		if w := l.wait("a", now); w != 0 {
			t.Fatalf("request %d waits %v", i, w)
		}
	}
	if w := l.wait("a", now); w != 500*time.Millisecond {
		t.Errorf("the fourth waits %v", w)
	}
	if w := l.wait("a", now); w != 500*time.Millisecond {
		t.Errorf("a refused request costs: %v", w)
	}
	if l.wait("b", now) != 0 {
		t.Error("another token waits")
	}
	if l.wait("a", now.Add(500*time.Millisecond)) != 0 {
		t.Error("still waiting")
	}
	l.wait("c", now)
	l.wait("d", now)
	if len(l.at) != 2 || l.order.Len() != 2 {
		t.Errorf("%d tokens remembered", len(l.at))
	}
	if l.wait("a", now.Add(500*time.Millisecond)) != 0 {
		t.Error("a forgotten token does not start anew")
	}
}

// Every template of the framework is said in Chinese, with its figures.
func TestPhrases(t *testing.T) {
	english := regexp.MustCompile(`[a-z]{4,}`)
	for _, p := range phrases() {
		message := verbs.ReplaceAllString(p[0], "seven")
		f := fieldError(http.StatusUnprocessableEntity, &huma.ErrorDetail{Message: message, Location: "query.x"})
		if f.Message == "格式不对，请对照接口文档" || strings.Contains(p[1], "%s") != strings.Contains(f.Message, "seven") {
			t.Errorf("%q became %q", message, f.Message)
		}
		if rest := strings.NewReplacer("seven", "", "true", "", "false", "").Replace(f.Message); english.MatchString(rest) {
			t.Errorf("%q has English in it", f.Message)
		}
	}
	if f := fieldError(422, &huma.ErrorDetail{Message: "something new", Location: "query.x"}); english.MatchString(f.Message) {
		t.Errorf("an unknown message shows: %q", f.Message)
	}
}

// hashOf is the hash of a request's meaning.
func hashOf(t testing.TB, path, kind string, body []byte) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	r.Header.Set("Content-Type", kind)
	in, err := readInput(httptest.NewRecorder(), r, accepted{most: math.MaxInt32})
	if err != nil {
		t.Fatal(err)
	}
	in.close()
	return in.hash
}

func formBody(boundary string, parts ...string) (kind string, body []byte) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.SetBoundary(boundary)
	for i := 0; i+1 < len(parts); i += 2 {
		if name, ok := strings.CutPrefix(parts[i], "@"); ok {
			p, _ := w.CreateFormFile("file", name)
			_, _ = p.Write([]byte(parts[i+1]))
		} else {
			_ = w.WriteField(parts[i], parts[i+1])
		}
	}
	_ = w.Close()
	return w.FormDataContentType(), b.Bytes()
}

// Requests that mean the same have one hash, others have others.
func TestInputHash(t *testing.T) {
	form := func(boundary string, parts ...string) string {
		kind, body := formBody(boundary, parts...)
		return hashOf(t, "/a", kind, body)
	}
	same := [][2]string{
		{form("one", "a", "1", "b", "2"), form("two", "b", "2", "a", "1")},
		{form("one", "@f.txt", "x"), form("two", "@f.txt", "x")},
		{hashOf(t, "/a", "application/json", []byte(`{"a":1,"b":2}`)), hashOf(t, "/a", "application/json; charset=utf-8", []byte("{ \"b\":2,\n\"a\":1 }"))},
		{hashOf(t, "/a?x=1&y=2", "", nil), hashOf(t, "/a?y=2&x=1", "", nil)},
	}
	for i, s := range same {
		if s[0] != s[1] {
			t.Errorf("pair %d differs", i)
		}
	}
	seen := map[string]int{}
	for i, h := range []string{
		form("one", "a", "1"), form("one", "a", "2"), form("one", "b", "1"), form("one", "a1", ""), form("one", "a", "1", "b", ""),
		form("one", "@f.txt", "x"), form("one", "@g.txt", "x"), form("one", "@f.txt", "y"),
		hashOf(t, "/a", "application/json", []byte(`{"a":1}`)), hashOf(t, "/b", "application/json", []byte(`{"a":1}`)), hashOf(t, "/a", "application/json", []byte(`{"a":1.0}`)),
		hashOf(t, "/a", "application/json", []byte(`{"a":10000000000000000001}`)), hashOf(t, "/a", "application/json", []byte(`{"a":10000000000000000002}`)), hashOf(t, "/a", "", nil),
	} {
		if j, ok := seen[h]; ok {
			t.Errorf("%d and %d have one hash", i, j)
		}
		seen[h] = i
	}
}
