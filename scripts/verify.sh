#!/bin/sh
# Generated code must be what its sources make. Pages are generated again and compared. Building sqlc takes minutes, so
# queries are held to a sum of their sources instead; `make generate` renews it.
set -eu
cd "$(dirname "$0")/.."

before=$(find . -name '*_templ.go' -not -path './build/*' -not -path './web/*' -exec sha256sum {} + | sort | sha256sum)
go tool -modfile=tools/go.mod templ generate -log-level=error
after=$(find . -name '*_templ.go' -not -path './build/*' -not -path './web/*' -exec sha256sum {} + | sort | sha256sum)
if [ "$before" != "$after" ]; then
	echo "verify: pages were not up to date with their .templ files (they are now): commit them" >&2
	exit 1
fi

sums=$(scripts/sqlsums.sh)
if [ "$sums" != "$(cat internal/db/sources.sum)" ]; then
	echo "verify: a .sql file has changed since the queries were generated: run make generate" >&2
	exit 1
fi
