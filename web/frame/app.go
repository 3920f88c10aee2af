package frame

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/job"
	"bihuan/matter"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/register"
	"bihuan/supervise"
	"bihuan/web/assets"
	"bihuan/web/ui"
)

// App holds what the pages call. All fields are required but Nav.
type App struct {
	DB        *db.DB
	Log       *audit.Log
	Pack      *city.Pack
	People    People
	Plan      *plan.Service
	Supervise *supervise.Service
	Register  *register.Service // nil where an area is tested alone, as the next one
	Matter    *matter.Service
	Jobs      *job.Runner
	Logger    *slog.Logger
	Version   string
	Demo      bool                         // all data is invented: every page says so
	Secure    bool                         // served over TLS: cookies are bound to it
	Nav       func(c *Ctx) []ui.NavItem    // the navigation for a person
	Mux       *http.ServeMux               // where the areas register their routes
	Trusted   func(r *http.Request) string // the client's address; behind a proxy the forwarded one
}

// People is what the frame asks of the room org; its Service is one.
type People interface {
	// Authenticate turns a session token into who acts now; Unauthenticated when it
	// is over. What a page asks by itself is passive: it keeps no session alive.
	Authenticate(ctx context.Context, token string, passive bool) (org.Principal, error)
	// Policy holds the time-outs.
	Policy() org.Policy
}

// Handler draws one page or does one action.
type Handler func(c *Ctx) error

// Open registers a page that needs no sign-in. Pattern is as in http.ServeMux.
func (a *App) Open(pattern string, h Handler) { a.Mux.Handle(pattern, a.wrap(h, false)) }

// Handle registers a page for people who are signed in.
func (a *App) Handle(pattern string, h Handler) { a.Mux.Handle(pattern, a.wrap(h, true)) }

func (a *App) wrap(h Handler, signedIn bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &Ctx{W: w, R: r, App: a}
		defer c.closeFiles()
		defer func() {
			if v := recover(); v != nil {
				if v == http.ErrAbortHandler { //nolint:errorlint // the documented way to compare a recovered value
					panic(v)
				}
				a.Logger.Error("panic", "path", r.URL.Path, "value", v, "stack", string(debug.Stack()))
				c.fail(errs.New(errs.Internal, "系统内部错误"))
			}
		}()
		if err := c.authenticate(signedIn); err != nil {
			c.fail(err)
			return
		}
		if err := h(c); err != nil {
			c.fail(err)
		}
	})
}

// fail answers an error: to a person without a session by the sign-in page, to
// everybody else by a page that says what to do. Faults of ours are logged whole
// and shown with a reference only.
func (c *Ctx) fail(err error) {
	code := errs.CodeOf(err)
	if code == errs.Unauthenticated && c.R.Method == http.MethodGet {
		c.dropSession()
		http.Redirect(c.W, c.R, "/signin?next="+c.here(), http.StatusSeeOther)
		return
	}
	ref := ""
	if code == errs.Internal {
		ref = reference()
		c.App.Logger.Error("internal error", "ref", ref, "method", c.R.Method, "path", c.R.URL.Path, "person", c.P.ID, "error", err)
	}
	if c.wrote {
		return
	}
	page := errorPage(c.base("出错了"), Problem{Code: code, Message: publicMessage(err), Ref: ref, Back: c.backLink()})
	if err := c.Render(StatusOf(code), page); err != nil {
		c.App.Logger.Error("draw the error page", "error", err)
	}
}

// StatusOf is the HTTP status of an error's code.
func StatusOf(code errs.Code) int {
	switch code {
	case errs.Invalid:
		return http.StatusUnprocessableEntity
	case errs.Unauthenticated:
		return http.StatusUnauthorized
	case errs.Forbidden:
		return http.StatusForbidden
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Conflict:
		return http.StatusConflict
	case errs.TooLarge:
		return http.StatusRequestEntityTooLarge
	case errs.TooMany:
		return http.StatusTooManyRequests
	case errs.Unavailable:
		return http.StatusServiceUnavailable
	case errs.Internal:
	}
	return http.StatusInternalServerError
}

func reference() string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // crypto/rand does not fail
	return hex.EncodeToString(b[:])
}

// Guard puts around all pages what keeps a browser safe: headers, refusal of
// requests that another site makes a browser send, a limit on bodies, and a log line.
func (a *App) Guard(next http.Handler, maxBody int64) http.Handler {
	cross := http.NewCrossOriginProtection()
	guarded := cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", assets.CSP)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if a.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		begin := a.DB.Now()
		guarded.ServeHTTP(w, r)
		a.Logger.Debug("request", "method", r.Method, "path", r.URL.Path, "ms", a.DB.Now().Sub(begin)/time.Millisecond)
	})
}

// NoPage is the answer to an address that is none of ours.
func NoPage() error {
	return errs.New(errs.NotFound, "没有这个页面：可能地址有误或已失效")
}
