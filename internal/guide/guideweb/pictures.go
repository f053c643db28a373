package guideweb

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"rinnova"
)

// Picture is a screenshot of the program.
type Picture struct {
	Width  int    `json:"width"`  // in CSS pixels
	Height int    `json:"height"` // in CSS pixels
	Shows  string `json:"shows"`  // SHA-256 of what the screen said when the picture was taken, in hex
}

// Folder is where the pictures and their list are, from the project's folder.
const Folder = "internal/guide/guideweb/pictures"

// List is the file in Folder that describes the pictures: a JSON object from names to Picture.
const List = "pictures.json"

//go:embed pictures
var files embed.FS

var pictures = sync.OnceValue(func() map[string]Picture {
	b, err := files.ReadFile("pictures/" + List)
	if err != nil {
		panic(err) // it is embedded
	}
	all, err := ReadList(b)
	if err != nil {
		panic(err)
	}
	return all
})

// ReadList reads the description of the pictures.
func ReadList(b []byte) (map[string]Picture, error) {
	var all map[string]Picture
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, fmt.Errorf("list of pictures: %w", err)
	}
	return all, nil
}

// address is where a picture is served; it changes with what the picture shows, so readers may keep it.
func (p Picture) address(name string) string { return picturesPath + name + ".webp?v=" + p.Shows[:10] }

func (h *Handlers) picture(w http.ResponseWriter, r *http.Request) error {
	b, err := files.ReadFile("pictures/" + r.PathValue("name"))
	if err != nil || r.PathValue("name") == List {
		return rinnova.Fail(rinnova.NotFound, "Questa figura non c’è.")
	}
	header := w.Header()
	header.Set("Content-Type", "image/webp")
	header.Set("Content-Length", strconv.Itoa(len(b)))
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(b) // fails only when the reader has gone
	return nil
}
