#!/bin/sh
# Builds the style, scripts, icons and fonts into internal/web/assets/dist, when what they are made of has changed.
# Needs node 20 or newer and npm.
set -eu
cd "$(dirname "$0")/.."
mkdir -p build

# digest: one line for the content and names of files given on standard input
digest() { sort | xargs sha256sum | sha256sum | cut -d' ' -f1; }

packages=$(sha256sum web/package.json web/package-lock.json | sha256sum | cut -d' ' -f1)
if [ "$(cat build/npm.stamp 2>/dev/null || true)" != "$packages" ] || [ ! -d web/node_modules ]; then
	(cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
	echo "$packages" >build/npm.stamp
fi

# Go files count only beside pages: there classes and icons are put together.
inputs=$({
	find web -maxdepth 1 -type f
	find internal -name '*.templ'
	find internal -name '*.templ' -exec dirname {} \; | sort -u | while read -r d; do
		find "$d" -maxdepth 1 -name '*.go' ! -name '*_templ.go' ! -name '*_test.go'
	done
} | digest)
if [ "$(cat build/assets.stamp 2>/dev/null || true)" = "$inputs" ] && [ -f internal/web/assets/dist/manifest.json ]; then
	exit 0
fi
(cd web && node build.mjs)
echo "$inputs" >build/assets.stamp
