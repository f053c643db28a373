#!/bin/sh
# Plays the tour against a fresh demonstration of its own, which ends with it. Papers and mails are left in ./tour.
set -eu
cd "$(dirname "$0")/.."
data=$(mktemp -d)
log="$data/log"
out=${TOUR_OUT:-./tour}
export RINNOVA_DATA="$data/data" RINNOVA_ADDR="${RINNOVA_TOUR_ADDR:-127.0.0.1:8090}"
unset RINNOVA_DATABASE_URL RINNOVA_BASE_URL

bin/rinnova demo >"$log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$data"' EXIT
trap 'exit 1' INT TERM

echo "Preparo la dimostrazione con tutte le scuole (qualche secondo)…"
n=0
until bin/rinnova ready >/dev/null 2>&1; do
	n=$((n + 1))
	if ! kill -0 "$server" 2>/dev/null || [ "$n" -gt 300 ]; then
		cat "$log" >&2
		exit 1
	fi
	sleep 0.2
done
rm -rf "$out"
bin/rinnova tour --out "$out"
