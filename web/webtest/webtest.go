// Package webtest serves pages of a test: a program on a fresh database with the
// pack's plan published, people of every role, and a client for each of them.
package webtest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/web/frame"
)

// Site is a running program under test.
type Site struct {
	tb     testing.TB
	App    *app.App
	Frame  *frame.App
	Server *httptest.Server
	Clock  *dbtest.Clock
}

// New serves the routes on a fresh SQLite or PostgreSQL database. No plan is in it yet.
func New(tb testing.TB, engine db.Engine, routes func(f *frame.App, a *app.App)) *Site {
	tb.Helper()
	s := &Site{tb: tb, Clock: dbtest.NewClock("2026-07-01T09:00:00+08:00")}
	dsn := ""
	if engine == db.PostgreSQL {
		dsn = dbtest.DSN(tb)
	}
	policy := org.DefaultPolicy()
	policy.Hash = org.HashParams{MemoryKiB: 64, Passes: 1, Lanes: 1}
	a, err := app.Open(context.Background(), app.Config{Data: tb.TempDir(), DB: dsn, City: city.Names()[0], Now: s.Clock.Now, Policy: &policy})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = a.Close() })
	s.App = a
	s.Frame = &frame.App{DB: a.DB, Log: a.Log, Pack: a.Pack, People: a.Org, Plan: a.Plan, Supervise: a.Supervise, Register: a.Register, Matter: a.Matter, Jobs: a.Jobs,
		Logger: slog.New(slog.NewTextHandler(tb.Output(), nil)), Version: "test", Mux: http.NewServeMux(), Trusted: func(*http.Request) string { return "test" }}
	routes(s.Frame, a)
	s.Server = httptest.NewServer(s.Frame.Guard(s.Frame.Mux, 52<<20))
	tb.Cleanup(s.Server.Close)
	return s
}

// Client is one person's browser; the zero role is nobody.
type Client struct {
	site *Site
	http *http.Client
	P    org.Principal
}

// Nobody is a browser without a session.
func (s *Site) Nobody() *Client {
	s.tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.tb.Fatal(err)
	}
	return &Client{site: s, http: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// As signs somebody new in: a person of a unit ("" for none) with roles.
func (s *Site) As(login string, unit city.UnitID, roles ...org.Role) *Client {
	s.tb.Helper()
	ctx, operator := context.Background(), org.CommandLine("test")
	inv, err := s.App.Org.CreatePerson(ctx, operator, org.PersonInput{Login: login, Name: "测试" + login, UnitID: string(unit)})
	if err != nil {
		s.tb.Fatal(err)
	}
	for _, r := range roles {
		if err := s.App.Org.GrantRole(ctx, operator, inv.PersonID, r); err != nil {
			s.tb.Fatal(err)
		}
	}
	link, err := s.App.Org.IssueLoginLink(ctx, operator, inv.PersonID, time.Hour)
	if err != nil {
		s.tb.Fatal(err)
	}
	in, err := s.App.Org.RedeemLoginLink(ctx, link, org.From{Address: "test", Agent: "test"})
	if err != nil {
		s.tb.Fatal(err)
	}
	c := s.Nobody()
	c.P = in.Principal
	u, err := url.Parse(s.Server.URL)
	if err != nil {
		s.tb.Fatal(err)
	}
	c.http.Jar.SetCookies(u, []*http.Cookie{{Name: "bihuan_session", Value: in.Token, Path: "/"}})
	return c
}

// Dispatcher signs the lead unit's dispatcher in.
func (s *Site) Dispatcher() *Client {
	return s.As("dispatcher", s.App.Pack.LeadUnit().ID, org.Dispatcher)
}

// Approver signs in who publishes.
func (s *Site) Approver() *Client {
	return s.As("approver", s.App.Pack.LeadUnit().ID, org.Approver)
}

// Answer is what came back.
type Answer struct {
	Status   int
	Location string
	Header   http.Header
	Body     string
}

// Has reports whether the page holds the text.
func (a Answer) Has(text string) bool { return strings.Contains(a.Body, text) }

func (c *Client) do(req *http.Request) Answer {
	c.site.tb.Helper()
	resp, err := c.http.Do(req)
	if err != nil {
		c.site.tb.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		c.site.tb.Fatal(err)
	}
	return Answer{resp.StatusCode, resp.Header.Get("Location"), resp.Header, string(body)}
}

func (c *Client) request(method, path string, body io.Reader, kind string) *http.Request {
	c.site.tb.Helper()
	req, err := http.NewRequest(method, c.site.Server.URL+path, body)
	if err != nil {
		c.site.tb.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	return req
}

// Get asks for a page.
func (c *Client) Get(path string) Answer {
	c.site.tb.Helper()
	return c.do(c.request(http.MethodGet, path, nil, ""))
}

// Post sends a form, "name", "value", …
func (c *Client) Post(path string, pairs ...string) Answer {
	c.site.tb.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return c.do(c.request(http.MethodPost, path, strings.NewReader(form.Encode()), "application/x-www-form-urlencoded"))
}

// PostBody sends a body of a kind as it is: a form with several files.
func (c *Client) PostBody(path, kind string, body io.Reader) Answer {
	c.site.tb.Helper()
	return c.do(c.request(http.MethodPost, path, body, kind))
}

// Upload sends a form with one file.
func (c *Client) Upload(path, field, name string, data []byte, pairs ...string) Answer {
	c.site.tb.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			c.site.tb.Fatal(err)
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err != nil {
		c.site.tb.Fatal(err)
	}
	if _, err := part.Write(data); err != nil {
		c.site.tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		c.site.tb.Fatal(err)
	}
	return c.do(c.request(http.MethodPost, path, &b, w.FormDataContentType()))
}

// PackPlan publishes the pack's own plan and returns its id.
func (s *Site) PackPlan() string {
	s.tb.Helper()
	ctx := context.Background()
	lead := s.App.Pack.LeadUnit()
	author := org.Principal{ID: "author", Name: "author", UnitID: string(lead.ID), UnitName: lead.Short, Roles: []org.Role{org.Dispatcher}, Via: org.ViaPage}
	second := author
	second.ID, second.Name, second.Roles = "second", "second", []org.Role{org.Approver}
	doc := s.App.Pack.Documents[0]
	id, err := s.App.Plan.Import(ctx, author, plan.Upload{Name: doc.Title + ".txt", Kind: plan.KindCity, Data: strings.NewReader(doc.Text)})
	if err != nil {
		s.tb.Fatal(err)
	}
	if err := s.App.Plan.RunRead(ctx, id); err != nil {
		s.tb.Fatal(err)
	}
	r, err := s.App.Plan.Review(ctx, author, id)
	if err != nil {
		s.tb.Fatal(err)
	}
	if err := s.App.Plan.Submit(ctx, author, id, r.Revision); err != nil {
		s.tb.Fatal(err)
	}
	planID, err := s.App.Plan.Publish(ctx, second, id, "")
	if err != nil {
		s.tb.Fatal(err)
	}
	return planID
}
