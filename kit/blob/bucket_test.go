package blob_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"bihuan/kit/blob"
	"bihuan/kit/errs"
)

// shelf is a small object store: it checks the signature of every request, written
// here from the protocol's description and not with the library that signs.
type shelf struct {
	t       *testing.T
	mu      sync.Mutex
	objects map[string][]byte
	page    int
	refuse  int // status of every answer, when set
}

var authorization = regexp.MustCompile(`^AWS4-HMAC-SHA256 Credential=key/(\d{8})/north/s3/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$`)

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func (s *shelf) signed(r *http.Request, body []byte) bool {
	m := authorization.FindStringSubmatch(r.Header.Get("Authorization"))
	sum := fmt.Sprintf("%x", sha256.Sum256(body))
	if m == nil || r.Header.Get("X-Amz-Content-Sha256") != sum {
		return false
	}
	var headers strings.Builder
	for _, name := range strings.Split(m[2], ";") {
		value := r.Header.Get(name)
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = fmt.Sprint(r.ContentLength)
		}
		fmt.Fprintf(&headers, "%s:%s\n", name, value)
	}
	canonical := strings.Join([]string{r.Method, r.URL.EscapedPath(), r.URL.Query().Encode(), headers.String(), m[2], sum}, "\n")
	scope := m[1] + "/north/s3/aws4_request"
	text := fmt.Sprintf("AWS4-HMAC-SHA256\n%s\n%s\n%x", r.Header.Get("X-Amz-Date"), scope, sha256.Sum256([]byte(canonical)))
	key := mac(mac(mac(mac([]byte("AWS4secret"), m[1]), "north"), "s3"), "aws4_request")
	return hex.EncodeToString(mac(key, text)) == m[3]
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	name, mine := strings.CutPrefix(r.URL.Path, "/files/")
	switch {
	case s.refuse != 0:
		w.WriteHeader(s.refuse)
	case !s.signed(r, body):
		s.t.Errorf("signature of %s %s", r.Method, r.URL)
		w.WriteHeader(http.StatusForbidden)
	case !mine:
		w.WriteHeader(http.StatusNotFound)
	case name == "":
		s.list(w, r)
	case r.Method == http.MethodPut:
		s.objects[name] = body
	case s.objects[name] == nil:
		w.WriteHeader(http.StatusNotFound)
	default:
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(s.objects[name]))
	}
}

func (s *shelf) list(w http.ResponseWriter, r *http.Request) {
	var keys []string
	for k := range s.objects {
		if strings.HasPrefix(k, r.URL.Query().Get("prefix")) && k > r.URL.Query().Get("continuation-token") {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	more := len(keys) > s.page
	keys = keys[:min(len(keys), s.page)]
	_, _ = io.WriteString(w, "<ListBucketResult>")
	for _, k := range keys {
		fmt.Fprintf(w, "<Contents><Key>%s</Key><Size>%d</Size></Contents>", k, len(s.objects[k]))
	}
	if more {
		fmt.Fprintf(w, "<IsTruncated>true</IsTruncated><NextContinuationToken>%s</NextContinuationToken>", keys[len(keys)-1])
	}
	_, _ = io.WriteString(w, "</ListBucketResult>")
}

func bucket(t *testing.T) (*blob.Bucket, *shelf) {
	t.Helper()
	s := &shelf{t: t, objects: map[string][]byte{}, page: 2}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	c, err := blob.ParseBucket("s3://files/city a?region=north&endpoint="+server.URL, "key", "secret")
	if err == nil {
		t.Fatal("a blank in the prefix was taken")
	}
	if c, err = blob.ParseBucket("s3://files/city/a/?region=north&endpoint="+server.URL, "key", "secret"); err != nil {
		t.Fatal(err)
	}
	c.Spool, c.Now = t.TempDir(), time.Now
	b, err := blob.OpenBucket(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return b, s
}

func TestBucketKeepsByContent(t *testing.T) {
	b, s := bucket(t)
	ctx := context.Background()
	var refs []blob.Ref
	for _, text := range []string{"一", "二", "三", "一", strings.Repeat("x", 100_000), ""} {
		ref, err := b.Put(ctx, strings.NewReader(text), 200_000)
		if err != nil {
			t.Fatal(err)
		}
		refs = append(refs, ref)
		f, got, err := b.Open(ref.Hash)
		if err != nil || got != ref {
			t.Fatalf("%+v, %v", got, err)
		}
		if err := iotest.TestReader(f, []byte(text)); err != nil {
			t.Error(err)
		}
		_ = f.Close()
	}
	if len(s.objects) != 5 || refs[0] != refs[3] {
		t.Errorf("%d objects, %v", len(s.objects), refs)
	}
	s.objects["city/a/ab/stranger"] = []byte("?")
	seen := 0
	if err := b.Walk(ctx, func(blob.Ref) error { seen++; return nil }); err != nil || seen != 5 {
		t.Errorf("walked %d: %v", seen, err)
	}
	if report, err := blob.Verify(ctx, b, nil); err != nil || report.Files != 5 || len(report.Broken) != 0 {
		t.Errorf("%+v, %v", report, err)
	}
	if _, err := b.Put(ctx, strings.NewReader("12345"), 4); !errs.Is(err, errs.TooLarge) {
		t.Errorf("too large: %v", err)
	}
	none := strings.Repeat("0", 64)
	if has, err := b.Has(none); has || err != nil {
		t.Error(has, err)
	}
	if _, _, err := b.Open(none); !errs.Is(err, errs.NotFound) {
		t.Errorf("%v", err)
	}
}

func TestBucketNoticesDamage(t *testing.T) {
	b, s := bucket(t)
	ref, err := b.Put(context.Background(), strings.NewReader("proof"), 10)
	if err != nil {
		t.Fatal(err)
	}
	s.objects["city/a/"+ref.Hash[:2]+"/"+ref.Hash] = []byte("pr00f")
	if report, err := blob.Verify(context.Background(), b, nil); err != nil || len(report.Broken) != 1 {
		t.Errorf("%+v, %v", report, err)
	}
	s.refuse = http.StatusServiceUnavailable
	if _, err := b.Put(context.Background(), strings.NewReader("x"), 10); !errs.Is(err, errs.Unavailable) {
		t.Errorf("%v", err)
	}
}

func TestBucketAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"/srv/blobs":                           "s3://",
		"s3://":                                "s3://",
		"s3://files":                           "endpoint",
		"s3://files?endpoint=ftp://h":          "endpoint",
		"s3://files/甲?endpoint=https://h":      "前缀",
		"s3://files?endpoint=https://h&x=1":    "",
		"s3://files/a-b_1?endpoint=http://h:9": "",
	} {
		_, err := blob.ParseBucket(address, "k", "s")
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := blob.ParseBucket("s3://files?endpoint=https://h", "", ""); err == nil || !strings.Contains(err.Error(), "BIHUAN_S3_KEY") {
		t.Error(err)
	}
}
