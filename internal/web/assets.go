package web

import (
	"embed"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// AssetPath is where style, scripts, fonts and icons are served.
const AssetPath = "/assets/"

// dist is made by web/build.mjs: files whose names carry a hash of their content, each beside its compressed forms
// (.br, .gz), and manifest.json, which maps the plain names to them. .gitkeep lets the program compile without it.
//
//go:embed all:assets/dist
var dist embed.FS

// ErrNoAssets says that the program was compiled without its style and scripts.
var ErrNoAssets = errors.New("the assets are not built: run scripts/assets.sh, then compile again")

var manifest = sync.OnceValues(func() (map[string]string, error) {
	b, err := dist.ReadFile("assets/dist/manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoAssets
	}
	if err != nil {
		return nil, err
	}
	var m map[string]string
	return m, json.Unmarshal(b, &m)
})

// CheckAssets tells whether the program has its style and scripts; the server does not start without.
func CheckAssets() error {
	_, err := manifest()
	return err
}

// Asset is the address of a file of the look, by its plain name ("rinnova.css").
func Asset(name string) string {
	if m, err := manifest(); err == nil {
		if hashed, ok := m[name]; ok {
			name = hashed
		}
	}
	return AssetPath + name
}

// mimes are the types of what build.mjs makes; package mime would ask the system, which may know other ones.
var mimes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

// asset is one file as it is sent.
type asset struct {
	mime  string
	plain []byte
	gzip  []byte // nil: not worth it
	br    []byte
}

// Assets serves the files of the look under AssetPath, compressed where the reader takes it, to be kept for ever: a new
// content has a new name. There is nothing to list, and other names are not found.
func Assets() http.Handler {
	files := sync.OnceValues(loadAssets)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		all, err := files()
		a, ok := all[strings.TrimPrefix(r.URL.Path, AssetPath)]
		if err != nil || !ok {
			http.NotFound(w, r)
			return
		}
		body := a.plain
		h := w.Header()
		switch accept := r.Header.Get("Accept-Encoding"); {
		case a.br != nil && accepts(accept, "br"):
			body = a.br
			h.Set("Content-Encoding", "br")
		case a.gzip != nil && accepts(accept, "gzip"):
			body = a.gzip
			h.Set("Content-Encoding", "gzip")
		}
		if a.gzip != nil {
			h.Add("Vary", "Accept-Encoding")
		}
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("Content-Type", a.mime)
		h.Set("Content-Length", strconv.Itoa(len(body)))
		w.Write(body)
	})
}

// accepts reads an Accept-Encoding list (RFC 9110, 12.5.3); a coding with q=0 is refused.
func accepts(list, coding string) bool {
	for item := range strings.SplitSeq(list, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(item), ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			q := strings.TrimSpace(params)
			return q != "q=0" && !strings.HasPrefix(q, "q=0.000")
		}
	}
	return false
}

func loadAssets() (map[string]asset, error) {
	m, err := manifest()
	if err != nil {
		return nil, err
	}
	all := map[string]asset{}
	for _, name := range m {
		file := path.Join("assets/dist", name)
		a := asset{mime: mimes[path.Ext(name)]}
		if a.plain, err = dist.ReadFile(file); err != nil {
			return nil, err
		}
		a.gzip, _ = dist.ReadFile(file + ".gz")
		a.br, _ = dist.ReadFile(file + ".br")
		all[name] = a
	}
	return all, nil
}
