#!/bin/sh
# One sum over everything that the generated queries are made from, and over what was made.
set -eu
cd "$(dirname "$0")/.."
find sqlc.yaml internal -name sqlc.yaml -o -path 'internal/db/migrations/*.sql' -o -path 'internal/*/*db/query.sql' -o -path 'internal/*/*db/query/*.go' |
	LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1
