package pdf

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed all:assets/dist
var dist embed.FS

// Resources are the fonts and the colour profile that every document shares. They are read once and never change; any
// number of documents can be drawn from them at the same time.
type Resources struct {
	fonts       [2]*font // by Weight
	profile     []byte   // the colour profile, compressed
	compressors compressors
}

// Load reads the fonts and the profile that were compiled in. It fails in a program that was built without them.
func Load() (*Resources, error) {
	r := &Resources{}
	for w, name := range [...]string{Regular: "TitilliumWeb-Regular.ttf", SemiBold: "TitilliumWeb-SemiBold.ttf"} {
		data, err := asset(name)
		if err != nil {
			return nil, err
		}
		if r.fonts[w], err = parseFont(strings.TrimSuffix(name, ".ttf"), data); err != nil {
			return nil, fmt.Errorf("pdf: %s: %w", name, err)
		}
	}
	profile, err := asset("sRGB2014.icc")
	if err != nil {
		return nil, err
	}
	r.profile = r.deflate(profile)
	return r, nil
}

func asset(name string) ([]byte, error) {
	b, err := dist.ReadFile("assets/dist/" + name)
	if err != nil {
		return nil, fmt.Errorf("pdf: the fonts and the colour profile were not compiled in: run make assets, then build again (%w)", err)
	}
	return b, nil
}
