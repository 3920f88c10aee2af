# make run    build, start on a fresh data folder with the plan imported and labelled demo progress
# make test   all tests on SQLite, and on PostgreSQL and in Chromium where they are (see make check)
# make check  everything that must hold before a change lands
# make bench  benchmarks
# make guide  redraw the screenshots of the clerks' guide
SHELL := /bin/bash
GO ?= go
export CGO_ENABLED ?= 0
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
LINT_VERSION := v2.15.0
RUN_DATA ?= $(shell mktemp -d /tmp/bihuan-run.XXXXXX)
RUN_ADDR ?= 127.0.0.1:8080

.PHONY: build run test check bench lint vet fmt generate generated tools scores guide clean

build:
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bihuan ./cmd/bihuan

run: build
	./bihuan serve --demo --data $(RUN_DATA) --addr $(RUN_ADDR)

test:
	$(GO) test ./...

fmt:
	@bad=$$(gofmt -l $$(git ls-files '*.go' | grep -v _templ.go)); if [ -n "$$bad" ]; then echo "not formatted: $$bad"; exit 1; fi

vet:
	$(GO) vet ./...

generate:
	$(GO) generate ./...

# Generated files are current: generating again changes nothing.
generated:
	@before=$$(git ls-files -z '*_templ.go' | xargs -0 sha256sum); $(GO) generate ./... >/dev/null 2>&1; after=$$(git ls-files -z '*_templ.go' | xargs -0 sha256sum); \
	if [ "$$before" != "$$after" ]; then echo "generated pages are not current: run make generate"; exit 1; fi

lint: tools
	$$($(GO) env GOPATH)/bin/golangci-lint run ./...

tools:
	@scripts/tools.sh $(LINT_VERSION)

# All of it, with nothing skipped: both engines, the browser, the race detector.
check: tools fmt vet generated lint
	scripts/complete.sh $(GO) test -race -timeout 20m ./...

bench:
	$(GO) test -run '^$$' -bench . -benchmem -count 3 ./plan/read ./plan/source ./kit/audit ./supervise ./web

guide: build
	scripts/complete.sh $(GO) test ./web -run TestEveryPageFits -update

clean:
	rm -rf bihuan data
