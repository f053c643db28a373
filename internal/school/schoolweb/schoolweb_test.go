package schoolweb

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rinnova/internal/locale"
	"rinnova/internal/school"
)

// shown writes parts with what differs in brackets.
func shown(parts []part) string {
	var b strings.Builder
	for _, x := range parts {
		if x.Changed {
			b.WriteString("[" + x.Text + "]")
		} else {
			b.WriteString(x.Text)
		}
	}
	return b.String()
}

func TestDifferences(t *testing.T) {
	for _, c := range []struct{ a, b, before, after string }{
		{"80006890646", "80006890647", "8000689064[6]", "8000689064[7]"},
		{"Via Roma 1", "Via Milano 1", "Via [Roma ]1", "Via [Milano ]1"},
		{"Via Roma 1", "Via Roma 1 bis", "Via Roma 1", "Via Roma 1 [bis]"},
		{"", "www.scuola.example", "", "[www.scuola.example]"},
		{"a@b.example", "", "[a@b.example]", ""},
		{"Liceo", "Liceo «Dante»", "Liceo", "Liceo [«Dante»]"},
	} {
		before, after := differences(c.a, c.b)
		if strings.TrimSpace(shown(before)) != c.before || strings.TrimSpace(shown(after)) != c.after {
			t.Errorf("%q and %q: %q, %q", c.a, c.b, shown(before), shown(after))
		}
	}
}

// The parts of a value are the value, and what is not marked is shared.
func TestDifferencesAreWhole(t *testing.T) {
	value := rapid.StringMatching(`([a-zà-ù0-9.]{1,4}( [a-zà-ù0-9.]{1,4}){0,4})?`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := value.Draw(t, "a"), value.Draw(t, "b")
		before, after := differences(a, b)
		whole := func(parts []part) (all, shared string) {
			for _, x := range parts {
				all += x.Text
				if !x.Changed {
					shared += strings.TrimSpace(x.Text)
				}
			}
			return all, shared
		}
		x, sharedA := whole(before)
		y, sharedB := whole(after)
		if x != a || y != b || sharedA != sharedB {
			t.Fatalf("%q, %q: %q, %q", a, b, shown(before), shown(after))
		}
	})
}

func TestSource(t *testing.T) {
	s := school.School{Address: "VIA ROMA 1", TaxCode: "80006890646", Website: "www.nostro.example", Email: "a@b.example"}
	p := dataPage{Standing: school.Standing{School: s, Last: map[school.Field]school.Item{
		school.FieldWebsite: {State: school.Accepted, New: "www.nostro.example"},
		school.FieldEmail:   {State: school.Accepted, New: "prima@b.example"}, // changed again since
	}}}
	for f, want := range map[school.Field]string{
		school.FieldAddress: "Anagrafe del Ministero", school.FieldTaxCode: "Nostro ufficio", school.FieldWebsite: "Corretto da voi",
		school.FieldEmail: "Anagrafe del Ministero", school.FieldPEC: "",
	} {
		if got := p.source(locale.Italian, f); got != want {
			t.Errorf("%s comes from %q, want %q", f, got, want)
		}
	}
}

func TestListAddresses(t *testing.T) {
	p := &listPage{View: "tutte", Search: "a&b", Page: 2, Counts: school.CorrectionCounts{All: 120, Waiting: 20}, Rows: make([]school.CorrectionRow, 50)}
	if got := p.address("decise", 3); got != "/ufficio/correzioni?cerca=a%26b&pagina=3&vista=decise" {
		t.Error(got)
	}
	if p.pages() != 3 || p.total("") != 20 || p.total("decise") != 100 {
		t.Errorf("%d pages", p.pages())
	}
	if g := p.pager(); g.From != 51 || g.To != 100 || g.Total != 120 || g.Previous == "" || g.Next == "" {
		t.Errorf("%+v", g)
	}
}
