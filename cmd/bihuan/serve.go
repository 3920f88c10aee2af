package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"bihuan/app"
	"bihuan/demo"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/web"
)

// serveCmd runs the pages, the API and the background jobs.
type serveCmd struct {
	where
	Addr    string `help:"Address to listen on." default:"127.0.0.1:8080"`
	TLSCert string `help:"Certificate file; with --tls-key the pages are served over TLS." type:"existingfile"`
	TLSKey  string `help:"Key file of the certificate." type:"existingfile"`
	Proxy   bool   `help:"A reverse proxy in front terminates TLS and sets X-Forwarded-For."`
	Demo    bool   `help:"Fill a fresh data folder with the city pack's plan and labelled demo progress, and print a one-time log-in link."`
	Verbose bool   `help:"Log every request."`
}

// Run serves until the context ends.
func (c *serveCmd) Run(ctx context.Context, s Streams) error {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errs.New(errs.Invalid, "--tls-cert 与 --tls-key 应同时给出")
	}
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
	logger := slog.New(slog.NewTextHandler(s.Err, &slog.HandlerOptions{Level: level}))
	config, err := c.config(logger)
	if err != nil {
		return err
	}
	if c.Demo && app.Exists(config) {
		return errs.New(errs.Conflict, "演示数据只放进新的数据目录：%s 里已有数据", c.Data)
	}
	config.More = web.Jobs
	// The port is taken first: who cannot serve should not fill a data folder.
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return errs.New(errs.Unavailable, "无法监听 %s：端口可能已被占用，可用 --addr 换一个", c.Addr).Because(err)
	}
	defer func() { _ = listener.Close() }()
	a, err := app.Open(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	link, err := c.firstLink(ctx, a)
	if err != nil {
		return err
	}
	scheme := "http"
	if c.TLSCert != "" {
		scheme = "https"
	}
	base := scheme + "://" + listener.Addr().String()
	fmt.Fprintf(s.Out, "闭环 %s · %s\n地址      %s\n", version, a.Pack.Name, base)
	if link.path != "" {
		fmt.Fprintf(s.Out, "%s  %s%s\n          （%s）\n", link.label, base, link.path, link.note)
	}
	return c.listen(ctx, a, listener, logger)
}

// start is the link that a new installation begins with; the zero value when there is none.
type start struct{ label, path, note string }

// firstLink makes the demonstration, or the set-up token of an installation without administrators.
func (c *serveCmd) firstLink(ctx context.Context, a *app.App) (start, error) {
	if c.Demo {
		token, err := demo.Fill(ctx, a)
		return start{"登录链接", "/login/" + token, "一次有效，24 小时内，以演示调度员身份进入；换人看：bihuan admin login-link approver --data " + c.Data}, err
	}
	needed, err := a.Org.SetupNeeded(ctx)
	if err != nil || !needed {
		return start{}, err
	}
	var token string
	err = a.DB.Write(ctx, func(tx *db.Tx) (err error) { token, err = a.Org.StartSetup(tx); return err })
	return start{"首次设置", "/setup/" + token, "一次有效，24 小时内：建立系统、安全、审计三个管理员账号"}, err
}

func (c *serveCmd) listen(ctx context.Context, a *app.App, listener net.Listener, logger *slog.Logger) error {
	if err := a.Warm(ctx); err != nil {
		return err
	}
	debug.FreeOSMemory() // filling and migrating are over: what serves idly needs little
	a.Jobs.Start()
	defer func() {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		a.Jobs.Stop(stop)
	}()
	handler, err := web.New(a, web.Options{Logger: logger, Version: version, Demo: c.Demo, Secure: c.TLSCert != "" || c.Proxy, Proxy: c.Proxy})
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute, WriteTimeout: 5 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() {
		if c.TLSCert != "" {
			failed <- server.ServeTLS(listener, c.TLSCert, c.TLSKey)
		} else {
			failed <- server.Serve(listener)
		}
	}()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	if err := <-failed; err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// config is what the flags say, for the rooms.
func (w *where) config(logger *slog.Logger) (app.Config, error) {
	exe, err := os.Executable()
	if err != nil {
		return app.Config{}, fmt.Errorf("find this program: %w", err)
	}
	return app.Config{Data: w.Data, DB: w.DB, Blobs: w.Blobs, Keys: w.Keys, City: w.City, Exe: exe, PDF: w.limits(), Logger: logger}, nil
}

// open opens the stored data for a command.
func (w *where) open(ctx context.Context, s Streams) (*app.App, error) {
	config, err := w.config(slog.New(slog.NewTextHandler(s.Err, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return nil, err
	}
	if w.DB == "" && !app.Exists(config) {
		return nil, errs.New(errs.NotFound, "数据目录 %s 里还没有数据：用 --data 指明目录，或先运行 bihuan serve", w.Data)
	}
	return app.Open(ctx, config)
}
