#!/bin/sh
# Installs what the tests need on Debian or Ubuntu and says so: a browser, PostgreSQL, the checkers of PDF files.
# Prints nothing where all is there.
set -eu

missing=""
need() { # need PACKAGE TEST…
	package=$1
	shift
	"$@" >/dev/null 2>&1 || missing="$missing $package"
}
need chromium sh -c 'command -v chromium || command -v chromium-browser'
need postgresql sh -c 'ls /usr/lib/postgresql/*/bin/initdb'
need poppler-utils sh -c 'command -v pdfsig && command -v pdftotext'
need qpdf sh -c 'command -v qpdf'
need libxml2-utils sh -c 'command -v xmllint'
need openssl sh -c 'command -v openssl'
need shellcheck sh -c 'command -v shellcheck'
need default-jdk-headless sh -c 'command -v java && command -v javac'
need libpdfbox2-java sh -c 'ls /usr/share/java/preflight.jar /usr/share/java/pdfbox2.jar'
need gcc sh -c 'command -v gcc'
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
	echo "The tests need these Debian packages, or their equals, and there is no apt-get here to install them:$missing" >&2
	exit 1
fi
echo "Installing for the tests:$missing"
sudo=""
if [ "$(id -u)" != 0 ]; then
	sudo=$(command -v sudo) || {
		echo "Not root, and there is no sudo: install them yourself:$missing" >&2
		exit 1
	}
fi
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
# shellcheck disable=SC2086 # a list of words
$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
