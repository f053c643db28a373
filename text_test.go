package rinnova_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rinnova"
)

func TestTextsKeepTheTypesOfTheirValues(t *testing.T) {
	type kind string
	for _, text := range []rinnova.Text{
		{},
		rinnova.Say("Elaborata"),
		rinnova.Say("da %d a %d", 501, 1000),
		rinnova.Say("%s scende di %s il %s", "Registro «A&B» <è>", rinnova.Cents(-12345), rinnova.MustDate("2027-01-31")),
		rinnova.Say("aumentati del %s", rinnova.BasisPoints(210)),
		rinnova.Say("%s: %s", rinnova.Say("fino a %d", 500), rinnova.Say("Proposta")),
		{Format: "uno %d", Args: []any{1}, English: "one %d"},
	} {
		b, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		var back rinnova.Text
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(text, back); d != "" {
			t.Errorf("%s (-before +after):\n%s", b, d)
		}
		if text.String() != back.String() {
			t.Errorf("%q became %q", text, back)
		}
	}
	if b, err := json.Marshal(rinnova.Say("%s", kind("x"))); err != nil || string(b) != `{"format":"%s","args":[{"str":"x"}]}` {
		t.Errorf("%s, %v", b, err)
	}
	if _, err := json.Marshal(rinnova.Say("%s", 1.5)); err == nil {
		t.Error("a fraction was kept")
	}
	var bad rinnova.Text
	if err := json.Unmarshal([]byte(`{"format":"%s","args":[{}]}`), &bad); err == nil {
		t.Error("a value without a type was read")
	}
}
