// Builds what package web embeds: one style sheet, the icons that pages use, scripts and fonts, each with a name that
// carries a hash of its content and with its compressed forms beside it, and manifest.json from plain to hashed names.
// Run: npm ci && node build.mjs
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { PurgeCSS } from "purgecss";
import subsetFont from "subset-font";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const dist = join(root, "internal/web/assets/dist");
const npm = (...path) => readFileSync(join(here, "node_modules", ...path));
const own = (name) => readFileSync(join(here, name), "utf8");

/** The templ files of the program, and the Go files beside them that may put classes and icons together. */
function sources() {
  const files = readdirSync(join(root, "internal"), { recursive: true }).map((f) => join(root, "internal", f));
  const templ = files.filter((f) => f.endsWith(".templ"));
  const folders = new Set(templ.map(dirname));
  const go = files.filter((f) => /\.go$/.test(f) && !/_(test|templ)\.go$/.test(f) && folders.has(dirname(f)));
  const text = (list) => list.sort().map((f) => readFileSync(f, "utf8")).join("\n");
  return { templ: text(templ), go: text(go) };
}

/** Words that may be classes, tags or attributes: all of the templ files, the string literals of Go and of our script. */
function words({ templ, go }, script) {
  const literals = (s) => (s.match(/"[^"\n]*"|`[^`]*`/g) ?? []).join(" ");
  const text = [templ, literals(go), literals(script), "html head body main"].join(" ");
  return [...new Set(text.match(/[A-Za-z0-9_-]+/g))];
}

/** Parts of the kit that the look does not use, although their names are words that the pages use. */
const unused = [/^\.?(it-|form-|callout|stepper|navbar|dropdown|modal|carousel|accordion|offcanvas|toast|nav-|card|input-|chip|avatar|list-|link-|page-|alert|popover|tooltip|progress-|sidebar|megamenu|cookiebar|upload|video|table|pagination|badge|rating|timeline|toolbar|bullet|spinner|collapse|btn-(close|group|check|me|dropdown|icon|close|secondary|success|danger|warning|info|light|dark|outline-(?!primary)))/];

async function style(used) {
  const [kit] = await new PurgeCSS().purge({
    css: [{ raw: npm("bootstrap-italia/dist/css/bootstrap-italia.min.css").toString().replace(/^\uFEFF/, "") }],
    content: [{ raw: used.join(" "), extension: "txt" }],
    defaultExtractor: (s) => s.split(" "),
    blocklist: unused,
    variables: true,
    keyframes: true,
    fontFace: true,
  });
  // Pictures inside the style sheet are not allowed by the Content-Security-Policy; the look uses none of them.
  const clean = kit.css.replace(/[a-z-]+:[^;{}]*url\("?data:(?:"[^"]*"|[^;{}"]|;(?=[^}]*"\)))*"?\)[^;}]*;?/g, "");
  return clean + "\n" + minify(own("rinnova.css"));
}

/** Takes comments and needless space out of our own layer, which holds no strings with either. */
function minify(css) {
  return css.replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ").replace(/\s*([{};,])\s*/g, "$1").trim();
}

/** The symbols of the kit's sprite that stand in the sources as "it-…". */
function icons({ templ, go }) {
  const sprite = npm("bootstrap-italia/dist/svg/sprites.svg").toString();
  const symbols = new Map([...sprite.matchAll(/<symbol id="([^"]+)"[^]*?<\/symbol>/g)].map((m) => [m[1], m[0]]));
  const used = [...new Set([...(templ + go).matchAll(/"(it-[a-z0-9-]+)"/g)].map((m) => m[1]))].sort();
  const missing = used.filter((n) => !symbols.has(n));
  if (missing.length) throw new Error("no such icon in the kit: " + missing.join(", "));
  return `<svg xmlns="http://www.w3.org/2000/svg">${used.map((n) => symbols.get(n)).join("")}</svg>`;
}

const weights = { 400: ["400Regular", "regular"], 600: ["600SemiBold", "600"], 700: ["700Bold", "700"] };

/** The characters of the small font files; rinnova.css names the same ranges. */
function italian() {
  const ranges = [[0x20, 0x7e], [0xa0, 0xff], [0x2013, 0x2014], [0x2018, 0x201e], [0x2039, 0x203a], [0x2190, 0x2193], [0x2264, 0x2265]];
  const single = [0x2009, 0x2011, 0x2022, 0x2026, 0x202f, 0x20ac, 0x2212];
  const all = ranges.flatMap(([a, b]) => Array.from({ length: b - a + 1 }, (_, i) => a + i)).concat(single);
  return String.fromCodePoint(...all);
}

async function fonts(write) {
  for (const [weight, [folder, kitName]] of Object.entries(weights)) {
    const full = npm("@expo-google-fonts/titillium-web", folder, `TitilliumWeb_${folder}.ttf`);
    write(`titillium-${weight}.woff2`, await subsetFont(full, italian(), { targetFormat: "woff2" }));
    write(`titillium-${weight}-ext.woff2`, npm(`bootstrap-italia/dist/fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-${kitName}.woff2`));
  }
}

/** The licences of what is made of other people's work, as those want them beside it. */
function licenses() {
  const parts = {
    "Bootstrap Italia (style, icons)": "bootstrap-italia/LICENSE",
    "htmx": "htmx.org/LICENSE",
    "Titillium Web (fonts)": "@expo-google-fonts/titillium-web/LICENSE_FONT",
  };
  return Object.entries(parts).map(([what, file]) => `${what}\n\n${npm(file).toString().trim()}\n`).join("\n\n");
}

/** Writes a file under its hashed name, with its compressed forms where it is text. */
function writer(manifest) {
  return (name, content) => {
    const bytes = Buffer.from(content);
    const ext = extname(name);
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
    manifest[name] = `${name.slice(0, -ext.length)}.${hash}${ext}`;
    const file = join(dist, manifest[name]);
    writeFileSync(file, bytes);
    if (ext === ".woff2") return;
    writeFileSync(file + ".gz", gzipSync(bytes, { level: 9 }));
    writeFileSync(file + ".br", brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
  };
}

/** Removes what an earlier build left. */
function sweep(manifest) {
  const keep = new Set([".gitkeep", "manifest.json", ...Object.values(manifest).flatMap((n) => [n, n + ".gz", n + ".br"])]);
  for (const name of readdirSync(dist)) if (!keep.has(name)) rmSync(join(dist, name));
}

async function main() {
  mkdirSync(dist, { recursive: true });
  const manifest = {};
  const write = writer(manifest);
  const src = sources();
  const script = own("rinnova.js");
  await fonts(write);
  write("icons.svg", icons(src));
  write("favicon.svg", own("favicon.svg").trim());
  write("htmx.js", npm("htmx.org/dist/htmx.min.js").toString().replace(/\n?\/\/# sourceMappingURL=.*/, ""));
  write("rinnova.js", script);
  write("licenses.txt", licenses());
  const css = (await style(words(src, script))).replace(/url\(([a-z0-9-]+\.woff2)\)/g, (_, f) => {
    if (!manifest[f]) throw new Error("rinnova.css wants a font that is not built: " + f);
    return `url(${manifest[f]})`;
  });
  write("rinnova.css", css);
  writeFileSync(join(dist, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
  sweep(manifest);
}

await main();
