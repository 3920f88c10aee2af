#!/usr/bin/env bash
# Makes sure that what the checks need is here: installs it as root on Debian, else names it in one line.
set -euo pipefail
lint_version=$1
missing=()
have() { command -v "$1" >/dev/null 2>&1; }
have chromium || missing+=(chromium)
have psql && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
fc-list 2>/dev/null | grep -qi 'CJK' || missing+=(fonts-noto-cjk fontconfig)
{ have soffice && ls /usr/lib/libreoffice/program/libswlo.so >/dev/null 2>&1; } || missing+=(libreoffice-writer-nogui)
have pdftoppm && have pdftotext || missing+=(poppler-utils)
fc-list 2>/dev/null | grep -q 'KaitiM GB' || missing+=(fonts-arphic-gkai00mp)
have gcc || missing+=(gcc libc6-dev)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && have apt-get; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "missing: ${missing[*]} (on Debian: sudo apt-get install ${missing[*]})" >&2
    exit 1
  fi
fi
lint="$(go env GOPATH)/bin/golangci-lint"
if ! "$lint" version 2>/dev/null | grep -q "${lint_version#v}"; then
  CGO_ENABLED=0 go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$lint_version"
fi
