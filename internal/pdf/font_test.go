package pdf

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

func load(t testing.TB) *Resources {
	t.Helper()
	r, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestMissingAssets: a program built without its assets says what to do.
func TestMissingAssets(t *testing.T) {
	_, err := asset("no such file")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("error %v", err)
	}
	if want := "run make assets"; !strings.Contains(err.Error(), want) {
		t.Errorf("error %q does not say %q", err, want)
	}
}

// TestFigures: figures are equally wide in both weights and never kerned, so that sums stand on the decimal comma.
func TestFigures(t *testing.T) {
	figures := []rune("0123456789.,−/ ")
	for w, f := range load(t).fonts {
		for _, a := range figures {
			if a >= '0' && a <= '9' || a == '−' {
				if got := f.advance(f.glyph(a)); got != 560 {
					t.Errorf("weight %d: %q is %d wide, want 560", w, a, got)
				}
			}
			for _, b := range figures {
				if k := f.between(f.glyph(a), f.glyph(b)); k != 0 && (a != '/' || b != '/') {
					t.Errorf("weight %d: %q and %q are kerned by %d", w, a, b, k)
				}
			}
		}
	}
}

// TestItalian: the fonts have what Italian, and the names of schools and people in Italy, are written with.
func TestItalian(t *testing.T) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789àèéìíîòóùúÀÈÉÌÍÒÓÙÚ" +
		"äöüßÄÖÜçñâêôûëïčšžćđČŠŽĆĐłńśźżőűăâîșțŞşğ’‘“”«»€–—…·°ª§&@#%()[]{}<>/\\|*+=_~^\"'!?;:,.−◊"
	for w, f := range load(t).fonts {
		for _, c := range letters {
			if f.glyph(c) == 0 {
				t.Errorf("weight %d lacks %q", w, c)
			}
			if f.drawable(c) != c {
				t.Errorf("weight %d draws %q for %q", w, f.drawable(c), c)
			}
		}
	}
}

// TestDrawable: what cannot be drawn becomes a space or a visible sign, and is never lost.
func TestDrawable(t *testing.T) {
	f := load(t).fonts[Regular]
	for c, want := range map[rune]rune{
		'\n': ' ', '\t': ' ', 0: ' ', 0x1b: ' ', '\u00a0': ' ', '\u202f': ' ', '\u2011': '-',
		'中': Missing, '😀': Missing, '\u202e': Missing, '\ufffd': Missing, '\uf6c3': Missing, 'ж': Missing, -1: Missing, 0x10ffff: Missing,
	} {
		if got := f.drawable(c); got != want {
			t.Errorf("%U is drawn as %q, want %q", c, got, want)
		}
	}
}

// TestSubset: the file of a subset is a font again, with the same widths and shapes.
func TestSubset(t *testing.T) {
	f := load(t).fonts[SemiBold]
	s := newSubset(f)
	for _, c := range "Città di Ş ◊ — ½ß" {
		s.use(c)
	}
	if s.use('C') != 1 || s.use('i') != 2 || s.use('\u0107') == 0 {
		t.Error("glyphs are not numbered in the order of their first use")
	}
	tables, err := fontTables(s.file())
	if err != nil {
		t.Fatal(err)
	}
	sub := &font{tables: tables, longLoca: true, glyphCount: len(s.glyphs), advances: make([]uint16, len(s.glyphs))}
	for i := range s.glyphs {
		sub.advances[i] = uint16(u16(tables["hmtx"], 4*i))
	}
	for n, g := range s.glyphs {
		if got, want := sub.advance(glyphID(n)), f.advance(g); got != want {
			t.Errorf("glyph %d: width %d, want %d", n, got, want)
		}
		got, want := sub.contours(glyphID(n)), f.contours(g)
		if !slices.EqualFunc(got, want, slices.Equal[[]point]) {
			t.Errorf("glyph %d (%q) has another shape", n, s.runes[n])
		}
	}
	if sum := checksum(s.file()); sum != 0xB1B0AFBA {
		t.Errorf("check sum %#x of the file", sum)
	}
}

func TestFontsRefused(t *testing.T) {
	for name, data := range map[string][]byte{
		"empty":     nil,
		"OpenType":  append([]byte("OTTO"), make([]byte, 20)...),
		"no tables": append([]byte{0, 1, 0, 0}, make([]byte, 20)...),
		"cut":       {0, 1, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0},
		"outside":   append([]byte{0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0}, []byte("head\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff")...),
	} {
		if _, err := parseFont(name, data); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}
