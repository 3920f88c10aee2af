package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"bihuan/city"
)

// server is the program, serving in a process of its own.
type server struct {
	t    *testing.T
	cmd  *exec.Cmd
	data string
	base string
	link string
	http *http.Client
}

var startLines = regexp.MustCompile(`(?:地址|登录链接)\s+(http://\S+)`)

// serve starts the program on a data folder and waits until it answers.
func serve(t *testing.T, data string, flags ...string) *server {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, data: data, http: &http.Client{Jar: jar, Timeout: 30 * time.Second}}
	s.cmd = program(append([]string{"serve", "--data", data, "--addr", "127.0.0.1:0"}, flags...)...)
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.cmd.Stderr = t.Output()
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.kill() })
	lines := bufio.NewScanner(out)
	want := 1
	if len(flags) > 0 {
		want = 2
	}
	for found := 0; found < want && lines.Scan(); {
		if m := startLines.FindStringSubmatch(lines.Text()); m != nil {
			if found++; found == 1 {
				s.base = m[1]
			} else {
				s.link = m[1]
			}
		}
	}
	if s.base == "" {
		t.Fatal("the program did not start")
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return s
}

// kill ends the process at once, as a power cut does, and waits for its end.
func (s *server) kill() {
	if s.cmd.ProcessState == nil {
		_ = s.cmd.Process.Signal(syscall.SIGKILL)
		_ = s.cmd.Wait()
	}
}

// signIn takes a one-time link of the command line for an account.
func (s *server) signIn(login string) {
	s.t.Helper()
	out, err := program("admin", "login-link", login, "--data", s.data, "--base", s.base).Output()
	if err != nil {
		s.t.Fatal(err)
	}
	link := startLines.FindStringSubmatch(string(out))
	if link == nil {
		s.t.Fatalf("no link in %q", out)
	}
	s.post(link[1])
}

// post sends a form; a broken connection is no error, for the process may be dying.
func (s *server) post(address string, pairs ...string) (string, bool) {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	resp, err := s.http.PostForm(address, form)
	return body(resp, err)
}

func (s *server) get(path string) (string, bool) {
	resp, err := s.http.Get(s.base + path)
	return body(resp, err)
}

func body(resp *http.Response, err error) (string, bool) {
	if err != nil {
		return "", false
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	return string(b), err == nil && resp.StatusCode < 400
}

func (s *server) upload(name string, text []byte) (string, bool) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.WriteField("kind", "city")
	f, err := w.CreateFormFile("file", name)
	if err != nil {
		s.t.Fatal(err)
	}
	_, _ = f.Write(text)
	_ = w.Close()
	resp, err := s.http.Post(s.base+"/imports/new", w.FormDataContentType(), &b)
	return body(resp, err)
}

// sound runs verify in a process of its own.
func sound(t *testing.T, data string) {
	t.Helper()
	out, err := program("verify", "--data", data).CombinedOutput()
	if err != nil {
		t.Fatalf("verify: %v\n%s", err, out)
	}
}

// moments are when the process is killed, after the request was sent.
func moments() []time.Duration {
	ms := time.Millisecond
	return []time.Duration{0, 5 * ms, 15 * ms, 40 * ms, 80 * ms, 150 * ms}
}

// TestKillDuringImport kills the program while a document comes in and is read.
// Afterwards the import is either unknown or there with its document, and a new
// start finishes the reading.
func TestKillDuringImport(t *testing.T) {
	pack, err := city.LoadBuiltin(city.Names()[0])
	if err != nil {
		t.Fatal(err)
	}
	text := []byte(pack.Documents[0].Text)
	data := filepath.Join(t.TempDir(), "data")
	s := serve(t, data, "--demo")
	known := 0
	for i, pause := range moments() {
		s.signIn("dispatcher")
		name := fmt.Sprintf("killed-%d.txt", i)
		done := make(chan struct{})
		go func() { s.upload(name, text); close(done) }()
		time.Sleep(pause)
		s.kill()
		<-done
		sound(t, data)
		s = serve(t, data)
		s.signIn("dispatcher")
		page, ok := s.get("/imports")
		if !ok {
			t.Fatalf("no list of imports: %s", page)
		}
		if strings.Contains(page, name) {
			known++
		}
	}
	// Every import that is known is read in the end. A reading that was cut off is
	// taken again when its lease has run out, which is a minute.
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); {
		page, _ := s.get("/imports?state=reading")
		if !strings.Contains(page, "killed-") {
			sound(t, data)
			t.Logf("%d of %d uploads were accepted before the kill", known, len(moments()))
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Error("an import is still waiting to be read")
}

var taskCount = regexp.MustCompile(`共\s*(\d+)\s*条`)

// TestKillDuringPublish kills the program while a list is published: either the
// whole list is there or nothing of it.
func TestKillDuringPublish(t *testing.T) {
	pack, err := city.LoadBuiltin(city.Names()[0])
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	s := serve(t, data, "--demo")
	importID := regexp.MustCompile(`/imports/([0-9a-z]{26})`)
	published := 0
	for i, pause := range moments() {
		s.signIn("dispatcher")
		name := fmt.Sprintf("publish-%d.txt", i)
		if _, ok := s.upload(name, []byte(pack.Documents[0].Text)); !ok {
			t.Fatal("upload refused")
		}
		id := ""
		for range 100 {
			page, _ := s.get("/imports?state=draft")
			if m := importID.FindStringSubmatch(page); m != nil {
				id = m[1]
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		if page, ok := s.post(s.base+"/imports/"+id+"/submit", "revision", "0"); !ok {
			t.Fatalf("submit %s: %s", id, page)
		}
		s.signIn("approver")
		done := make(chan struct{})
		go func() { s.post(s.base+"/imports/"+id+"/publish", "revision", "0", "note", "kill"); close(done) }()
		time.Sleep(pause)
		s.kill()
		<-done
		sound(t, data)
		s = serve(t, data)
		s.signIn("approver")
		waiting, _ := s.get("/imports?state=submitted")
		if strings.Contains(waiting, id) {
			if _, ok := s.post(s.base+"/imports/"+id+"/publish", "revision", "0", "note", "again"); !ok {
				t.Fatal("what was not published cannot be published now")
			}
		} else {
			published++
		}
	}
	sound(t, data)
	page, _ := s.get("/tasks?kind=city")
	want := fmt.Sprint(24 * (1 + len(moments())))
	if m := taskCount.FindStringSubmatch(page); m == nil || m[1] != want {
		t.Errorf("tasks: %v, want %s", m, want)
	}
	t.Logf("%d of %d publications were complete before the kill", published, len(moments()))
}

// TestKillDuringBackup kills the backup: a file under the final name is always whole.
func TestKillDuringBackup(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	s := serve(t, data, "--demo")
	s.kill()
	whole := 0
	for i, pause := range append(moments(), 300*time.Millisecond, 600*time.Millisecond, time.Second) {
		path := filepath.Join(dir, fmt.Sprintf("b%d.tar.gz", i))
		cmd := program("backup", path, "--data", data)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(pause)
		_ = cmd.Process.Signal(syscall.SIGKILL)
		_ = cmd.Wait()
		sound(t, data)
		if _, err := os.Stat(path); err == nil {
			whole++
			restored(t, dir, data, path, i)
		}
	}
	path := filepath.Join(dir, "last.tar.gz")
	must(t, "backup", path, "--data", data)
	restored(t, dir, data, path, 99)
	t.Logf("%d backups were complete before the kill", whole)
}

func restored(t *testing.T, dir, data, path string, n int) {
	t.Helper()
	into := filepath.Join(dir, fmt.Sprintf("restored%d", n))
	if err := os.Mkdir(into, 0o700); err != nil {
		t.Fatal(err)
	}
	keys, err := os.ReadFile(filepath.Join(data, "keys.json"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, into, "keys.json", keys)
	must(t, "restore", path, "--data", into)
	sound(t, into)
}
