package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What the command prints for the worked cases is what an accountant worked out, in the same layout.
func TestQuoteComputesTheWorkedCases(t *testing.T) {
	want, err := os.ReadFile("../../internal/catalog/testdata/quotes.json")
	if err != nil {
		t.Fatal(err)
	}
	got, err := quote(without(t, want))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(decoded(t, want), decoded(t, got)); d != "" {
		t.Errorf("(-file +printed):\n%s", d)
	}
}

// without takes the results out: they must come from the program.
func without(t *testing.T, data []byte) []byte {
	t.Helper()
	file := decoded(t, data).(map[string]any)
	for _, c := range file["cases"].([]any) {
		delete(c.(map[string]any), "expected")
	}
	b, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func decoded(t *testing.T, data []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// Two years at two fees, and three months up to a new rhythm: each part is rounded by itself.
func TestQuoteOfParts(t *testing.T) {
	out, err := quote([]byte(`{"cases":[{"id":"a","input":{"lines":[{"fee":35000,"months":24,"ticked":true,"vat_bp":2200,
		"parts":[{"fee":35000,"months":12},{"fee":35701,"months":12},{"fee":10001,"months":3}]}]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if want := `"taxable": 73201`; !strings.Contains(string(out), want) {
		t.Errorf("want %s:\n%s", want, out)
	}
}

func TestQuoteRefuses(t *testing.T) {
	for name, c := range map[string]struct{ file, says string }{
		"no JSON":      {`x`, "not a file of cases"},
		"no cases":     {`{}`, "no cases"},
		"a fraction":   {`{"cases":[{"id":"a","input":{"lines":[{"fee":1.5,"months":12}]}}]}`, "case 1 (a)"},
		"negative fee": {`{"cases":[{"id":"a","input":{"lines":[{"fee":-1,"months":12}]}}]}`, "fee"},
		"capped parts": {`{"cases":[{"id":"a","input":{"lines":[{"in_cap":true,"parts":[{"fee":1,"months":12}]}]}}]}`, "cap"},
		"negative cap": {`{"cases":[{"id":"a","input":{"cap":-1,"lines":[]}}]}`, "cap"},
	} {
		if _, err := quote([]byte(c.file)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
