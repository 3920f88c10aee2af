package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"bihuan/city"
	"bihuan/indicator"
	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/matter"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/register"
	"bihuan/supervise"
)

// Prefix is where the handler expects to be mounted.
const Prefix = "/api/v1"

// Tokens is what the API asks of the room org; its Service is one.
type Tokens interface {
	// AuthenticateToken turns a bearer token into who acts. Unauthenticated when it
	// is not good, TooMany when the address has failed too often.
	AuthenticateToken(ctx context.Context, token string, from org.From) (org.Principal, error)
}

// Parts are what the handler is made of. All are required but those that say
// what their absence means.
type Parts struct {
	DB        *db.DB
	Org       Tokens
	Plan      *plan.Service
	Supervise *supervise.Service
	Register  *register.Service
	Indicator *indicator.Service
	Matter    *matter.Service
	Pack      *city.Pack
	Log       *audit.Log
	Logger    *slog.Logger                 // nil for none
	AssetURL  func(name string) string     // address of "app.css" for the page of documentation; nil draws it without style
	Demo      bool                         // all data is invented: what is entered is marked so
	Version   string                       // of the program, for the OpenAPI document
	Address   func(r *http.Request) string // the client's address; nil for the peer of the connection
	Rate      Rate                         // the zero value for the default
}

// Rate bounds the requests of one token.
type Rate struct {
	PerSecond float64 // requests that may follow each other without end
	Burst     int     // requests at once
	Tracked   int     // tokens remembered; of more, the one used longest ago is forgotten
}

// defaultRate lets a program page through everything, and stops one that runs wild.
var defaultRate = Rate{PerSecond: 20, Burst: 60, Tracked: 4096}

// server is the handler with what it needs.
type server struct {
	Parts
	mux     *http.ServeMux
	huma    huma.API
	limit   *limiter
	routes  []route             // in the order in which the page shows them
	takes   map[string]accepted // what each writing pattern takes
	open    map[string]bool     // patterns that need no token
	replies *replies
}

// New makes the handler of everything under /api/. It panics on a slip in the
// declared routes, which every test finds.
func New(p Parts) http.Handler {
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	if p.Address == nil {
		p.Address = peer
	}
	if p.Rate == (Rate{}) {
		p.Rate = defaultRate
	}
	if p.AssetURL == nil {
		p.AssetURL = func(string) string { return "" }
	}
	s := &server{Parts: p, mux: http.NewServeMux(), limit: newLimiter(p.Rate), takes: map[string]accepted{}, open: map[string]bool{}, replies: &replies{db: p.DB}}
	s.huma = humago.NewWithPrefix(s.mux, Prefix, s.config())
	s.whoRoutes()
	s.cityRoutes()
	s.planRoutes()
	s.taskRoutes()
	s.progressRoutes()
	s.cockpitRoutes()
	s.registerRoutes()
	s.recordRoutes()
	s.indicatorRoutes()
	s.paperRoutes()
	s.importRoutes()
	s.auditRoutes()
	s.documentRoutes()
	return s
}

// PruneAnswers deletes the answers whose keys may be used again. It returns how
// many there were; run it about once a day.
func PruneAnswers(ctx context.Context, d *db.DB) (removed int64, err error) {
	return (&replies{db: d}).prune(ctx)
}

// effectTime bounds a writing use case; the caller's own disconnection does not end it.
const effectTime = 2 * time.Minute
