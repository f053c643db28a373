#!/bin/sh
# Copies what package internal/pdf embeds into its assets/dist: the two weights of Titillium Web, from the npm package
# of web/package.json, and the sRGB profile of the International Color Consortium, which comes with the module fpdf. Run "npm ci" in web/ first; NODE_MODULES
# names another folder with the same packages. Running it again changes nothing.
set -eu
cd "$(dirname "$0")/.."

dist=internal/pdf/assets/dist
fonts=${NODE_MODULES:-web/node_modules}/@expo-google-fonts/titillium-web
fpdf=$(go mod download -json codeberg.org/go-pdf/fpdf@v0.12.0 | sed -n 's/^\t"Dir": "\(.*\)",*$/\1/p')

# put SOURCE NAME copies one file, and touches nothing when it is there already.
put() {
	if [ ! -r "$1" ]; then
		echo "pdf-assets: $1 is missing: run \"npm ci\" in web/ and \"go mod download\"" >&2
		exit 1
	fi
	cmp -s "$1" "$dist/$2" || install -m 644 "$1" "$dist/$2"
}

mkdir -p "$dist"
put "$fonts/400Regular/TitilliumWeb_400Regular.ttf" TitilliumWeb-Regular.ttf
put "$fonts/600SemiBold/TitilliumWeb_600SemiBold.ttf" TitilliumWeb-SemiBold.ttf
put "$fonts/LICENSE_FONT" TitilliumWeb-LICENSE.txt
put "$fpdf/icc/sRGB2014.icc" sRGB2014.icc
put "$fpdf/icc/LICENSE.color.org" sRGB2014-LICENSE.txt
