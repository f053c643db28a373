package incremental

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestWriting(t *testing.T) {
	for _, c := range []struct {
		o    Object
		want string
	}{
		{Null{}, "null"},
		{Bool(true), "true"},
		{Integer(-12), "-12"},
		{Real(0.25), "0.25"},
		{Name("Type"), "/Type"},
		{Name("A B#/é"), "/A#20B#23#2F#C3#A9"},
		{String(`a(b)\c`), `(a\(b\)\\c)`},
		{String("1\r\n2"), `(1\r\n2)`},
		{HexString("\x00\xAF"), "<00AF>"},
		{Ref{12, 0}, "12 0 R"},
		{Array{Integer(1), Name("N"), nil, Ref{3, 1}}, "[1 /N null 3 1 R]"},
		{Dict{"Type": Name("Page"), "K": Integer(1), "A": Array{}, "D": Dict{}}, "<</A[]/D<<>>/K 1/Type/Page>>"},
		{Dict{"R": Raw("7"), "S": Raw("<7>")}, "<</R 7/S<7>>>"},
		{&Stream{Dict{"Length": Integer(99)}, []byte("abc")}, "<</Length 3>>\nstream\nabc\nendstream"},
		{&Stream{nil, nil}, "<</Length 0>>\nstream\n\nendstream"},
		{Text("n. 45"), "(n. 45)"},
		{Text("è"), "(\xFE\xFF\x00\xE8)"},
		{Text("😀"), "(\xFE\xFF\xD8\x3D\xDE\x00)"},
		{Date(time.Date(2026, 11, 22, 11, 0, 5, 0, time.FixedZone("", 3600))), "(D:20261122100005+00'00')"},
	} {
		if got := string(Append(nil, c.o)); got != c.want {
			t.Errorf("%#v is written %q, want %q", c.o, got, c.want)
		}
	}
}

func TestParseDate(t *testing.T) {
	want := time.Date(2026, 11, 22, 10, 0, 5, 0, time.UTC)
	for _, o := range []Object{Date(want), String("D:20261122100005Z"), String("D:20261122110005+01'00'"), HexString("D:20261122080005-02'00")} {
		if got, err := ParseDate(o); err != nil || !got.Equal(want) {
			t.Errorf("%v reads %v, %v", o, got, err)
		}
	}
	for _, o := range []Object{nil, Integer(2026), String(""), String("D:2026"), String("D:20261122100005"), String("D:20261322100005Z")} {
		if got, err := ParseDate(o); err == nil {
			t.Errorf("%v reads %v", o, got)
		}
	}
}

func TestReading(t *testing.T) {
	for _, c := range []struct {
		src  string
		want Object
	}{
		{"  % comment\n true", Bool(true)},
		{"null", Null{}},
		{"+17", Integer(17)},
		{"-.5", Real(-.5)},
		{"4.", Real(4)},
		{"/A#42c", Name("ABc")},
		{"/", Name("")},
		{"(a (b) \\) c)", String("a (b) ) c")},
		{`(\101\7\0601\t\q)`, String("A\a01\tq")},
		{"(a\\\r\nb\rc\r\nd)", String("ab\nc\nd")},
		{"<48 65 6C6c7>", HexString("Hellp")},
		{"[1 2 R 3 0 R 4]", Array{Ref{1, 2}, Ref{3, 0}, Integer(4)}},
		{"[1 0 R 3 4 5 R]", Array{Ref{1, 0}, Integer(3), Ref{4, 5}}},
		{"<</A/B/C(d)/E<</F 1>>>>", Dict{"A": Name("B"), "C": String("d"), "E": Dict{"F": Integer(1)}}},
	} {
		p := &parser{src: []byte(c.src)}
		got, err := p.object()
		if err != nil {
			t.Errorf("%q: %v", c.src, err)
		} else if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%q: %s", c.src, d)
		}
	}
}

// ParseText gives back what Text has written, and reads what other programs write.
func TestParseText(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "abc": "abc", "\xFE\xFF\x00a\x20\xAC": "a€", "\xFE\xFF\x00a\x20": "a", "\xEF\xBB\xBFè": "è", "\xEF\xBB\xBF\xFF": "\uFFFD", "a\xE8\x00\nb": "ab",
	} {
		if got := ParseText(HexString(in)); got != want {
			t.Errorf("%q read as %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringN(0, 40, -1).Draw(t, "text")
		if got := ParseText(Text(s)); got != strings.ToValidUTF8(s, "\uFFFD") {
			t.Fatalf("%q came back as %q", s, got)
		}
	})
}

func TestReadingRefuses(t *testing.T) {
	for _, src := range []string{
		"", "%", "(", "(a", `(a\`, "<", "<4", "<4x>", "[", "[1", "[R]", "<<", "<</A", "<</A 1", "<</A 1/A 2>>", "<<1 2>>", ">>", "]", ")", "{",
		"/#4", "/#00", "/#zz", "1e5", "0x10", "1_000", "--1", "1.2.3", "nan", "Inf", "truex",
		strings.Repeat("[", 1_000_000), strings.Repeat("<</A", 1_000_000), "/" + strings.Repeat("a", 5000),
	} {
		p := &parser{src: []byte(src)}
		if o, err := p.object(); err == nil {
			t.Errorf("%.40q was read as %#v", src, o)
		}
	}
}

// anyObject draws objects that read back as they were written; depth bounds the nesting.
func anyObject(depth int) *rapid.Generator[Object] {
	text := rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) })
	name := rapid.Custom(func(t *rapid.T) Name {
		return Name(rapid.SliceOfN(rapid.ByteRange(1, 255), 0, 20).Draw(t, "name"))
	})
	kinds := []*rapid.Generator[Object]{
		rapid.Just(Object(Null{})),
		rapid.Map(rapid.Bool(), func(v bool) Object { return Bool(v) }),
		rapid.Map(rapid.Int64(), func(v int64) Object { return Integer(v) }),
		rapid.Map(rapid.Float64Range(-1e9, 1e9), func(v float64) Object {
			if v == math.Trunc(v) { // would read as an Integer
				return Integer(v)
			}
			return Real(v)
		}),
		rapid.Map(name, func(v Name) Object { return v }),
		rapid.Map(text, func(v string) Object { return String(v) }),
		rapid.Map(text, func(v string) Object { return HexString(v) }),
		rapid.Map(rapid.IntRange(0, maxObject), func(v int) Object { return Ref{v, v % 7} }),
	}
	if depth > 0 {
		sub := rapid.Deferred(func() *rapid.Generator[Object] { return anyObject(depth - 1) })
		kinds = append(kinds,
			rapid.Map(rapid.SliceOfN(sub, 0, 5), func(v []Object) Object { return append(Array{}, v...) }),
			rapid.Map(rapid.MapOfN(name, sub, 0, 5), func(v map[Name]Object) Object { return Dict(v) }))
	}
	return rapid.OneOf(kinds...)
}

func TestReadingGivesBackWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyObject(3).Draw(t, "object")
		src := Append(nil, want)
		p := &parser{src: src}
		got, err := p.object()
		if err != nil {
			t.Fatalf("%q: %v", src, err)
		}
		if d := cmp.Diff(want, got); d != "" || p.pos != len(src) {
			t.Fatalf("%q read to %d of %d: %s", src, p.pos, len(src), d)
		}
	})
}
