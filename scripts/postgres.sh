#!/bin/sh
# A PostgreSQL server for the tests: start makes it in build/postgres where it is missing, starts it and prints its URL;
# stop stops it. It listens on this machine only, keeps nothing that matters, and is not the system's own server.
set -eu
cd "$(dirname "$0")/.."
dir="$PWD/build/postgres"
port=${RINNOVA_TEST_POSTGRES_PORT:-54329}
bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb 2>/dev/null || echo /missing/initdb)")
if [ ! -x "$bin/initdb" ]; then
	echo "postgres.sh: no PostgreSQL server is installed: run scripts/tools.sh" >&2
	exit 1
fi

# The server refuses to run as root: there it runs as the user that Debian's package makes.
as() {
	if [ "$(id -u)" = 0 ]; then
		runuser -u postgres -- "$@"
	else
		"$@"
	fi
}
# Its own folder may lie where that user cannot go.
if [ "$(id -u)" = 0 ]; then
	dir=/var/tmp/rinnova-test-postgres
	mkdir -p "$dir" && chown postgres: "$dir"
else
	mkdir -p "$dir"
fi

case "${1:-start}" in
start)
	if ! as "$bin/pg_ctl" -D "$dir/data" status >/dev/null 2>&1; then
		rm -rf "$dir/data"
		as "$bin/initdb" -D "$dir/data" -U rinnova -A trust --locale=C.UTF-8 -E UTF8 >"$dir.log" 2>&1 || {
			cat "$dir.log" >&2
			exit 1
		}
		# Durability is off: these data live for seconds. The crash tests set it on for their own database.
		as "$bin/pg_ctl" -D "$dir/data" -w -t 60 -l "$dir/server.log" \
			-o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB" \
			start >/dev/null || {
			tail -n 20 "$dir/server.log" >&2
			exit 1
		}
	fi
	echo "postgres://rinnova@127.0.0.1:$port/postgres?sslmode=disable"
	;;
stop)
	as "$bin/pg_ctl" -D "$dir/data" -m fast stop >/dev/null 2>&1 || true
	;;
*)
	echo "usage: postgres.sh start|stop" >&2
	exit 2
	;;
esac
