package event_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"rinnova/internal/event"
	"rinnova/internal/locale"
)

// Every kind is on the list, belongs to a group that is offered, and has words.
func TestEveryKindIsKnown(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "event.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(file, func(x ast.Node) bool {
		spec, ok := x.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		lit, ok := spec.Values[0].(*ast.BasicLit)
		if !ok {
			return true
		}
		name, _ := strconv.Unquote(lit.Value)
		n++
		k := event.Kind(name)
		if !slices.Contains(event.Kinds, k) {
			t.Errorf("%s is not in event.Kinds", name)
		}
		if !slices.Contains(event.Groups, k.Group()) {
			t.Errorf("%s belongs to no group", name)
		}
		if locale.Italian.Text(k.Label()) == name || locale.Italian.Text(k.Group().Label()) == string(k.Group()) {
			t.Errorf("%s has no words", name)
		}
		return true
	})
	if n != len(event.Kinds) {
		t.Errorf("%d kinds, %d in event.Kinds", n, len(event.Kinds))
	}
}

func TestDetailsAreWords(t *testing.T) {
	e := event.Event{Data: map[string]string{"totale": "3135.40", "conferma": "2", "sha256": "ab", "altro": "x", "vuoto": ""}}
	for office, want := range map[bool][]string{true: {"conferma n. 2", "totale €\u00a03.135,40", "SHA-256 ab…", "altro: x", "vuoto: "}, false: {"conferma n. 2", "totale €\u00a03.135,40"}} {
		var got []string
		for _, d := range e.Details(office) {
			got = append(got, locale.Italian.Text(d))
		}
		if !slices.Equal(got, want) {
			t.Errorf("office %v: %q, want %q", office, got, want)
		}
	}
	for in, want := range map[string]string{"1": "totale 1", "1.5": "totale 1.5", "x": "totale x", "-0.50": "totale −\u00a0€\u00a00,50"} {
		d := event.Event{Data: map[string]string{"totale": in}}.Details(false)
		if got := locale.Italian.Text(d[0]); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}
