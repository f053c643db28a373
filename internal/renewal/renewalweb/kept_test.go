package renewalweb_test

import (
	"strings"
	"testing"

	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/supplier"
)

// Every confirmation, also one that was replaced or has become a contract, lists its own products with the amounts that it keeps, and
// sums them as its totals do.
func TestEachConfirmationListsItsProducts(t *testing.T) {
	s := began(t)
	first := s.Confirm(t, s.A, renewaltest.Order(), renewaltest.StartTicks()...)
	second := s.Confirm(t, s.A, renewaltest.Order(), renewaltest.Alunni, renewaltest.Privacy)
	v, err := s.Renewals.View(t.Context(), s.A.Actor, s.A.Request)
	if err != nil {
		t.Fatal(err)
	}
	check := func(path string, rev *renewal.Revision) {
		t.Helper()
		a := s.get(path)
		ticks := renewal.NewTicks(rev.Ticks...)
		shown := map[string]string{}
		rows := a.Find(".rn-prod tbody tr:not(:has(.rn-group))")
		for i := range rows.Length() {
			row := rows.Eq(i)
			name := strings.TrimSpace(row.Find("th").Contents().First().Text())
			if row.HasClass("rn-off") != strings.Contains(row.Find("th").Text(), "non si rinnova") {
				t.Errorf("%s: %s is %q", path, name, row.Find("th").Text())
			}
			if !row.HasClass("rn-off") {
				shown[name] = row.Find(".amt").Text()
			}
		}
		if len(shown) != len(rev.Ticks) {
			t.Errorf("%s shows %v, confirmed were %v", path, shown, rev.Ticks)
		}
		for i, l := range v.Proposal.Lines {
			if want := locale.Amount(rev.Totals.Lines[i].Amount); ticks[l.ID] && shown[l.Name] != want {
				t.Errorf("%s: %s at %q, want %s", path, l.Name, shown[l.Name], want)
			}
		}
		sums := a.text(".rn-prod tfoot")
		for _, want := range []string{"Somma dei prodotti scelti inclusi nel tetto " + locale.Amount(rev.Totals.Included), "Somma dei prodotti scelti esclusi dal tetto " + locale.Amount(rev.Totals.Excluded)} {
			if !strings.Contains(sums, want) {
				t.Errorf("%s: no %q in %q", path, want, sums)
			}
		}
	}
	check(s.path()+"/conferma/1", first)
	check(s.path()+"/conferma/2", second)
	s.Process(t, s.A)
	check(s.path(), second)
	check(s.path()+"/conferma/1", first)
}

// What the short words of the tables mean is written below them, in the words of the papers.
func TestShortWordsAreExplainedAsOnPaper(t *testing.T) {
	s := began(t)
	onPaper := supplier.DefaultSentences().LicenseKeys
	s.get(s.path()).want(t, 200, onPaper, "Usati: quelli che avete chiesto finora, nel periodo che si rinnova.", "6 usati 3")
	s.Confirm(t, s.A, renewaltest.Order(), renewaltest.StartTicks()...)
	s.get(s.path()+"/conferma/1").want(t, 200, onPaper)
	services := s.Offer(t, s.A)
	s.get(renewalweb.RenewalPath(services.Request)).want(t, 200, "TD: licenza a tempo determinato, vale fino alla data finale.")
}
