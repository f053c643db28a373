#!/bin/sh
# Says clearly what is missing before a build begins: Go and Node.
set -eu
command -v go >/dev/null 2>&1 || {
	echo "Go is missing: install Go 1.26 or newer (https://go.dev/dl/)." >&2
	exit 1
}
if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
	echo "Node is missing: install Node 20 or newer with npm (it builds style and fonts; the program does not need it)." >&2
	exit 1
fi
