#!/usr/bin/env bash
# Writes THIRD_PARTY_NOTICES.txt: the licence of every module that the program may link, and of the files served with the pages.
set -euo pipefail
cd "$(dirname "$0")/.."
out=THIRD_PARTY_NOTICES.txt
{
  echo "Bihuan contains or links the following works of others, each under its own licence."
  go list -m -f '{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}' all 2>/dev/null | while read -r path version dir; do
    grep -q "^$path " go.sum || continue
    grep -qE "^\s*$path " go.mod || continue
    [ -n "$dir" ] || dir=$(go mod download -json "$path@$version" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
    echo; echo "================================================================"; echo "$path $version"; echo
    found=0
    for f in "$dir"/LICENSE* "$dir"/LICENCE* "$dir"/COPYING* "$dir"/NOTICE* "$dir"/license*; do [ -f "$f" ] && { cat "$f"; echo; found=1; }; done
    [ $found = 1 ] || echo "(no licence file in the module)"
  done
  for f in third_party/web/*/*/LICENSE; do echo; echo "================================================================"; echo "$(dirname "$f")"; echo; cat "$f"; done
} > "$out"
