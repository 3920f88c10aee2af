// Package app puts the rooms together: it opens the data folder, the keys, the
// database and the city pack, and makes every room's service. The command line,
// the pages' tests and the demo all start from here, so that each runs the same
// program.
//
// The data folder holds bihuan.db (unless PostgreSQL serves), blobs/ (uploaded
// files by content), cache/ (may be deleted at any time) and, unless told
// otherwise, keys.json. Two programs may not open one folder with SQLite for
// writing schema changes at the same time; serving is one process.
package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"bihuan/city"
	"bihuan/indicator"
	"bihuan/kit/audit"
	"bihuan/kit/blob"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/job"
	"bihuan/kit/office"
	"bihuan/kit/seal"
	"bihuan/matter"
	"bihuan/notice"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/source"
	"bihuan/register"
	"bihuan/register/sheet"
	"bihuan/schema"
	"bihuan/supervise"
)

// Config says where things are. Data is required.
type Config struct {
	Data   string           // the data folder
	DB     string           // "postgres://…"; "" for SQLite in the data folder
	Blobs  string           // "s3://…" for an object store (blob.ParseBucket); "" for blobs/ in the data folder
	Keys   string           // the key file; "" for keys.json in the data folder
	City   string           // a built-in pack's name or a folder
	Exe    string           // this program, for the child that reads PDF; "" leaves PDF out
	PDF    office.PDFLimits // of that child; zero for the default
	Now    func() time.Time // nil for the wall clock
	Policy *org.Policy      // nil for the default
	Logger *slog.Logger     // nil for none
	More   func(a *App)     // registers further jobs before the runner is made; may be nil
}

// App is the program without its faces.
type App struct {
	Config    Config
	DB        *db.DB
	Keys      *seal.Keyring
	Log       *audit.Log
	Pack      *city.Pack
	Blobs     blob.Store
	Org       *org.Service
	Plan      *plan.Service
	Supervise *supervise.Service
	Register  *register.Service
	Sheets    *sheet.Service
	Indicator *indicator.Service
	Matter    *matter.Service
	Notice    *notice.Service
	Registry  *job.Registry
	Jobs      *job.Runner
}

// Open opens the stored data, applying migrations, and makes the services. A
// database that a newer program changed is refused. Close ends it.
func Open(ctx context.Context, c Config) (_ *App, err error) {
	defer errs.Wrap(&err, "app.Open(%s)", c.Data)
	a := &App{Config: c}
	if a.Pack, err = LoadPack(c.City); err != nil {
		return nil, err
	}
	if a.DB, err = OpenDB(ctx, c); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = a.DB.Close()
		}
	}()
	if err := a.openKeys(ctx); err != nil {
		return nil, err
	}
	if _, err := a.DB.Migrate(ctx, schema.FS); err != nil {
		return nil, err
	}
	if a.Blobs, err = OpenBlobs(ctx, c, a.DB.Now); err != nil {
		return nil, err
	}
	if err := a.makeRooms(); err != nil {
		return nil, err
	}
	return a, a.Indicator.Bring(ctx)
}

// OpenDB opens only the database of the configuration, without migrating it.
func OpenDB(ctx context.Context, c Config) (*db.DB, error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, errs.New(errs.Unavailable, "无法使用数据目录 %s：请检查路径与权限", c.Data).Because(err)
	}
	dsn := c.DB
	if dsn == "" {
		dsn = filepath.Join(c.Data, "bihuan.db")
	}
	return db.Open(ctx, dsn, db.Options{Now: c.Now})
}

// OpenBlobs opens the store of files: a folder in the data folder, or an object
// store whose keys stand in the environment and never on a command line.
func OpenBlobs(ctx context.Context, c Config, now func() time.Time) (blob.Store, error) {
	if c.Blobs == "" {
		return blob.OpenFolder(filepath.Join(c.Data, "blobs"), now())
	}
	bucket, err := blob.ParseBucket(c.Blobs, os.Getenv("BIHUAN_S3_KEY"), os.Getenv("BIHUAN_S3_SECRET"))
	if err != nil {
		return nil, err
	}
	bucket.Spool, bucket.Now = filepath.Join(c.Data, "cache", "spool"), now
	return blob.OpenBucket(ctx, bucket)
}

// LoadPack loads a built-in pack by name, or the pack in a folder.
func LoadPack(name string) (*city.Pack, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return city.Load(os.DirFS(name))
	}
	for _, n := range city.Names() {
		if n == name {
			return city.LoadBuiltin(name)
		}
	}
	return nil, errs.New(errs.NotFound, "没有名为“%s”的城市包，也没有这个目录；内置：%v", name, city.Names())
}

// openKeys reads the key file, or makes one for a database that has no schema
// yet. A database with data and without its keys is refused: with new keys, what
// is sealed in it could never be opened again.
func (a *App) openKeys(ctx context.Context) error {
	path := a.Config.Keys
	if path == "" {
		path = filepath.Join(a.Config.Data, "keys.json")
	}
	keys, err := seal.OpenFile(path, a.DB.Entropy())
	if errs.Is(err, errs.NotFound) {
		version, verr := a.DB.SchemaVersion(ctx, schema.FS)
		if verr != nil {
			return verr
		}
		if version > 0 {
			return errs.New(errs.Unavailable, "数据库已有数据，但找不到密钥文件 %s：请用 --keys 指明原来的密钥文件", path).Because(err)
		}
		keys, err = seal.Create(path, a.DB.Now(), a.DB.Entropy())
	}
	if err != nil {
		return err
	}
	a.Keys, a.Log = keys, audit.New(keys.Signer("audit"))
	return nil
}

func (a *App) makeRooms() (err error) {
	policy := org.DefaultPolicy()
	if a.Config.Policy != nil {
		policy = *a.Config.Policy
	}
	if a.Org, err = org.New(a.DB, a.Log, a.Keys, a.Pack, policy); err != nil {
		return err
	}
	tools := source.Tools{}
	if a.Config.Exe != "" {
		tools.PDF = office.NewPDFExtractor(a.Config.Exe, filepath.Join(a.Config.Data, "cache"), a.Config.PDF, 1)
	}
	sources, err := a.makeMeasures()
	if err != nil {
		return err
	}
	a.Plan = plan.New(plan.Parts{DB: a.DB, Log: a.Log, Pack: a.Pack, Blobs: a.Blobs, Measures: supervise.NewSources(sources...),
		Holds: func(ctx context.Context, taskID string) ([]string, error) {
			return matter.Open(ctx, a.Register, a.Register.Catalog(), taskID)
		},
		Load: func(ctx context.Context, name string, data []byte) (source.Document, error) {
			return source.Load(ctx, name, data, tools)
		}})
	a.Supervise = supervise.New(a.DB, a.Log, a.Plan, sources...)
	a.Matter = matter.New(matter.Parts{DB: a.DB, Log: a.Log, Pack: a.Pack, Blobs: a.Blobs, Supervise: a.Supervise, Records: a.Register})
	settings, err := notice.LoadSettings(a.Config.Data)
	if err != nil {
		return err
	}
	if a.Notice, err = notice.New(notice.Parts{DB: a.DB, Log: a.Log, Box: a.Keys, Pack: a.Pack, Calendar: a.Pack.Calendar, Settings: settings}); err != nil {
		return err
	}
	a.Registry = job.NewRegistry()
	notice.Jobs(a.Registry, a.Notice)
	a.Register.Handle(a.Registry)
	a.Sheets.Handle(a.Registry)
	job.Handle(a.Registry, plan.ReadJob, func(ctx context.Context, _ job.Job, id string) error { return a.Plan.RunRead(ctx, id) })
	prune := job.Kind[string]("org.prune")
	job.Handle(a.Registry, prune, func(ctx context.Context, _ job.Job, _ string) error {
		p := org.Job("清理")
		if _, err := a.Org.Prune(ctx, p); err != nil {
			return err
		}
		_, err := a.Org.LockIdle(ctx, p)
		return err
	})
	job.Repeat(a.Registry, prune, "", job.Daily(3, 0))
	warm := job.Kind[string]("supervise.warm")
	job.Handle(a.Registry, warm, func(ctx context.Context, _ job.Job, _ string) error { return a.Warm(ctx) })
	job.Repeat(a.Registry, warm, "", job.Daily(0, 5))
	remind := job.Kind[string]("matter.remind")
	job.Handle(a.Registry, remind, func(ctx context.Context, _ job.Job, _ string) error {
		_, err := a.Matter.Remind(ctx, org.Job("提醒"), a.Register)
		return err
	})
	job.Repeat(a.Registry, remind, "", job.Daily(7, 30))
	if a.Config.More != nil {
		a.Config.More(a)
	}
	a.Jobs = job.NewRunner(a.DB, a.Registry, job.Config{Logger: a.Config.Logger})
	return nil
}

// makeMeasures makes the rooms that targets are measured by: registers and
// published statistics.
func (a *App) makeMeasures() ([]supervise.Source, error) {
	catalog, err := register.LoadCatalog(a.Pack, matter.Known)
	if err != nil {
		return nil, err
	}
	guards := &matter.Guards{Catalog: catalog, Pack: a.Pack, Today: func() calendar.Date { return calendar.Today(a.DB.Now()) }}
	a.Register = register.New(register.Parts{DB: a.DB, Log: a.Log, Box: a.Keys, Pack: a.Pack, Catalog: catalog, Blobs: a.Blobs, Guards: guards.Map(), Task: a.taskNamed, Shares: a.shares})
	guards.Records = a.Register
	a.Sheets = sheet.New(sheet.Parts{DB: a.DB, Log: a.Log, Pack: a.Pack, Catalog: catalog, Records: a.Register, Blobs: a.Blobs, Box: a.Keys,
		Wake: func() { a.Jobs.Wake() }})
	if a.Indicator, err = indicator.New(a.DB, a.Log, a.Pack); err != nil {
		return nil, err
	}
	return []supervise.Source{supervise.FromRegisters(a.Register, catalog.Get), supervise.FromIndicators(a.Indicator)}, nil
}

// Warm computes all lights of the day, so that nobody's first page waits for it.
func (a *App) Warm(ctx context.Context) error {
	_, err := a.Supervise.Board(ctx, org.Job("灯色"))
	return err
}

// Reseal seals anew, after a rotation of keys, what every room keeps sealed.
func (a *App) Reseal(ctx context.Context, p org.Principal) (renewed int, err error) {
	for _, reseal := range []func(context.Context, org.Principal) (int, error){a.Org.Reseal, a.Notice.Reseal, a.Register.Reseal} {
		n, err := reseal(ctx, p)
		if renewed += n; err != nil {
			return renewed, err
		}
	}
	return renewed, nil
}

// Close ends the connections. Jobs are stopped by whoever started them.
func (a *App) Close() error { return a.DB.Close() }

// Exists reports whether the data folder holds a database or keys already.
func Exists(c Config) bool {
	for _, name := range []string{"bihuan.db", "keys.json"} {
		if _, err := os.Stat(filepath.Join(c.Data, name)); !errors.Is(err, fs.ErrNotExist) {
			return true
		}
	}
	return false
}
