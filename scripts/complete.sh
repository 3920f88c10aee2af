#!/usr/bin/env bash
# Runs a command with a throw-away PostgreSQL server and the switch that turns every skipped test into a failure.
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
dir=$(mktemp -d /tmp/bihuan-pg.XXXXXX)
port=$((20000 + RANDOM % 20000))
as() { if [ "$(id -u)" = 0 ]; then chown -R postgres "$dir"; runuser -u postgres -- "$@"; else "$@"; fi; }
stop() { as "$bin/pg_ctl" -D "$dir/db" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$dir"; }
trap stop EXIT
as "$bin/initdb" -D "$dir/db" -U bihuan -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
as "$bin/pg_ctl" -D "$dir/db" -w -l "$dir/log" -o "-p $port -k $dir -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=300" start >/dev/null
export BIHUAN_TEST_POSTGRES="postgres://bihuan@127.0.0.1:$port/postgres" BIHUAN_TEST_COMPLETE=1 CGO_ENABLED=1
"$@"
