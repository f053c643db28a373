package pdf

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// texts of lines as they are drawn.
func texts(lines []Line) []string {
	var out []string
	for _, l := range lines {
		var b strings.Builder
		for _, s := range l.Spans {
			b.WriteString(s.Text)
		}
		out = append(out, b.String())
	}
	return out
}

func TestBreak(t *testing.T) {
	r := load(t)
	ten := func(s string) Span { return Span{s, Regular, 10} }
	word := r.Width(ten("parola"))
	for _, c := range []struct {
		name  string
		width float64
		text  string
		want  []string
	}{
		{"nothing", 50, "", nil},
		{"white space only", 50, " \n\t", nil},
		{"one line", 50, "una parola", []string{"una parola"}},
		{"spaces are one", 50, "  una \n\t parola  ", []string{"una parola"}},
		{"two lines", word, "parola parola", []string{"parola ", "parola"}},
		{"no-break space", word + 1, "parola n.\u00a045", []string{"parola ", "n.\u00a045"}},
		{"hyphen", r.Width(ten("scuola-fam")), "scuola-famiglia", []string{"scuola-", "famiglia"}},
		{"no break at a code", r.Width(ten("7KQX-M4")) + 0.5, "a 7KQX-M4TD", []string{"a ", "7KQX-M4", "TD"}},
		{"no break after one letter", r.Width(ten("p e-mai")), "p e-mail", []string{"p ", "e-mail"}},
		{"a place to break", r.Width(ten("@molto")) + 0.5, "nome\u200b@molto.es", []string{"nome", "@molto", ".es"}},
		{"long word", word + 0.5, "parolaparola", []string{"parola", "parola"}},
		{"narrower than a letter", 0.1, "abc", []string{"a", "b", "c"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := texts(r.Break(c.width, ten(c.text)))
			if strings.Join(got, "|") != strings.Join(c.want, "|") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestBreakKeepsTheText: no line is too wide, nothing is lost and nothing is added, whatever the spans.
func TestBreakKeepsTheText(t *testing.T) {
	r := load(t)
	piece := rapid.Custom(func(t *rapid.T) Span {
		text := rapid.OneOf(
			rapid.StringMatching(`([a-zàèì’]{1,12}[ -]?){0,8}`),
			rapid.StringMatching(`[A-Z0-9-]{1,60} ?`),
			rapid.String(),
		).Draw(t, "text")
		return Span{text, Weight(rapid.IntRange(0, 1).Draw(t, "weight")), rapid.Float64Range(5, 20).Draw(t, "size")}
	})
	rapid.Check(t, func(t *rapid.T) {
		spans := rapid.SliceOfN(piece, 0, 4).Draw(t, "spans")
		width := rapid.Float64Range(1, 100).Draw(t, "width")
		var want, got strings.Builder
		for _, s := range spans {
			want.WriteString(s.Text)
		}
		for _, l := range r.Break(width, spans...) {
			letters := 0
			for _, s := range l.Spans {
				got.WriteString(s.Text)
				letters += len([]rune(strings.TrimSpace(s.Text)))
			}
			if l.Width > width+0.5 && letters > 1 { // kerning between the parts of a word may add a little
				t.Fatalf("%v is %.2f wide, more than %.2f", l.Spans, l.Width, width)
			}
		}
		if bare(want.String()) != bare(got.String()) {
			t.Fatalf("%q became %q", want.String(), got.String())
		}
	})
}

// bare is a text without what Break may change: breaking white space, places to break, and how bad UTF-8 is spelled.
func bare(s string) string {
	return strings.Map(func(c rune) rune {
		if isBreakingSpace(c) || c == breakHere {
			return -1
		}
		return c
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
}
