package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"

	"bihuan/kit/errs"
	"bihuan/kit/office"
	"bihuan/plan/source"
)

// Streams are the program's input and outputs, injected so that a test runs the real thing.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// commands is the command line. Every command is a small struct with a Run method.
type commands struct {
	Read     readCmd     `cmd:"" help:"Read a plan document and print its tasks, units and targets."`
	Serve    serveCmd    `cmd:"" help:"Serve the pages and the API."`
	Verify   verifyCmd   `cmd:"" help:"Recompute what must hold from the data, or check an exported audit log."`
	Backup   backupCmd   `cmd:"" help:"Write all data into one file."`
	Restore  restoreCmd  `cmd:"" help:"Fill an empty data folder or database from a backup file."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the database to this program's schema."`
	City     cityCmd     `cmd:"" help:"Work with city packs."`
	Admin    adminCmd    `cmd:"" help:"Help people back in, rotate keys, export the audit log."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
	Internal internalCmd `cmd:"" hidden:""`
}

// where is what commands that touch stored data share.
type where struct {
	pdf
	Data  string `help:"Data folder." default:"data" env:"BIHUAN_DATA" type:"path"`
	DB    string `help:"PostgreSQL address (postgres://…); the default is SQLite in the data folder." name:"db" env:"BIHUAN_DB"`
	Blobs string `help:"Object store for files (s3://bucket/prefix?endpoint=https://host&region=r; keys in BIHUAN_S3_KEY and BIHUAN_S3_SECRET); the default is blobs/ in the data folder." env:"BIHUAN_BLOBS"`
	Keys  string `help:"Key file; keep it apart from backups. Default: keys.json in the data folder." env:"BIHUAN_KEYS" type:"path"`
	City  string `help:"Name of a built-in city pack, or the folder of your own." default:"liaocheng" env:"BIHUAN_CITY"`
}

// pdf is what commands that open PDF files share.
type pdf struct {
	PDFMemory int64 `help:"Memory in MiB that opening a PDF may take." name:"pdf-memory" default:"512" env:"BIHUAN_PDF_MEMORY"`
}

func (p pdf) limits() office.PDFLimits { return office.PDFLimits{Memory: p.PDFMemory << 20} }

// stop ends kong's parsing after it printed help; it is never seen outside Run.
type stop int

// Run runs the program with the given arguments. The error, if any, is for
// publicText; everything else has been written to the streams.
func Run(ctx context.Context, args []string, s Streams) (err error) {
	defer func() {
		if r := recover(); r != nil {
			code, ok := r.(stop)
			if !ok {
				panic(r)
			}
			if code != 0 {
				err = errs.New(errs.Invalid, "参数有误")
			}
		}
	}()
	parser, err := kong.New(&commands{}, kong.Name("bihuan"),
		kong.Description("闭环: from a plan document to a living work list."),
		kong.Writers(s.Out, s.Err), kong.Exit(func(code int) { panic(stop(code)) }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(s), kong.UsageOnError())
	if err != nil {
		return fmt.Errorf("build the command line: %w", err)
	}
	k, err := parser.Parse(args)
	if err != nil {
		return errs.New(errs.Invalid, "%s", err.Error())
	}
	return k.Run()
}

// publicText is what a person at the terminal sees of an error: the message for
// users with its fields, then the cause, since this person runs the machine.
func publicText(err error) string {
	var e *errs.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	lines := []string{e.Message}
	for _, f := range e.Fields {
		lines = append(lines, "  "+f.Name+"："+f.Message)
	}
	if e.Cause != nil {
		lines = append(lines, "  ("+e.Cause.Error()+")")
	}
	return strings.Join(lines, "\n")
}

// reader makes the tools that open documents; PDF text is taken out in a child
// process of this same program.
func reader(cacheDir string, limits office.PDFLimits) (source.Tools, error) {
	exe, err := os.Executable()
	if err != nil {
		return source.Tools{}, fmt.Errorf("find this program: %w", err)
	}
	return source.Tools{PDF: office.NewPDFExtractor(exe, cacheDir, limits, 1)}, nil
}

// userCache is where compiled engines are kept for commands without a data folder; "" when there is no such place.
func userCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "bihuan")
}
