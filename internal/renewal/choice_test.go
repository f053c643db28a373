package renewal_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/supplier"
)

// A product that can be renewed in several ways is renewed in one at most: with two ticked nothing is confirmed, the school is told
// which, and everything that was typed stays.
func TestOneWayAtMost(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		p := w.OfferChoices(t, w.A)
		both := []string{renewaltest.SiteAligned, renewaltest.SiteYears, renewaltest.Mailbox}
		_, problems := try(t, w, p, renewal.Draft{Band: 1, Ticks: both, Order: renewaltest.Order()})
		if len(problems) != 1 || problems[0].Field != renewal.FieldLines || problems[0].Text.String() != "«Sito web premium» è scelto in due modi "+
			"(fino al 2027-12-31, 15 mesi: da lì in poi coincide con l’anno solare; 3 anni con un canone già fissato per ogni anno, fino al 2029-09-30): tenetene uno solo." {
			t.Errorf("problems %v", problems)
		}
		r := w.Request(t, p)
		if r.Revision != 0 || strings.Join(r.Draft.Ticks, " ") != "c1 w2 w3" || r.Draft.Order.CIG != renewaltest.GoodCIG {
			t.Errorf("the draft became %+v", r.Draft)
		}
		rev := w.Confirm(t, p, renewaltest.Order(), renewaltest.SiteYears, renewaltest.Mailbox)
		if rev.Totals.Taxable != 350_00+357_01+364_15+25_00 {
			t.Errorf("three years come to %d", rev.Totals.Taxable)
		}
	})
}

func try(t *testing.T, w *renewaltest.World, p renewaltest.Party, d renewal.Draft) (*renewal.Revision, rinnova.Problems) {
	t.Helper()
	v, err := w.Renewals.View(t.Context(), p.Actor, p.Request)
	if err != nil {
		t.Fatal(err)
	}
	rev, problems, err := w.Renewals.Confirm(t.Context(), p.Actor, p.Request, renewal.Answer{Draft: d, Accept: true, Seen: v.Request.Revision, Terms: v.Season.Terms.Version})
	if err != nil {
		t.Fatal(err)
	}
	return rev, problems
}

// Changing the way to renew a product is said as such, what was only suggested is never missing, and the reasons for what is left
// are part of what was confirmed.
func TestChangesOfChoicesAndReasons(t *testing.T) {
	w := renewaltest.New(t)
	p := w.OfferChoices(t, w.A)
	one := w.Confirm(t, p, renewaltest.Order(), renewaltest.SiteYear, renewaltest.Mailbox, renewaltest.MailPackage)
	draft := renewal.Draft{Band: 1, Ticks: []string{renewaltest.SiteAligned, renewaltest.Mailbox, renewaltest.Extra}, Order: renewaltest.Order(),
		Leavings: renewal.Leavings{renewaltest.MailPackage: {Why: renewal.TooDear, Words: "  il doppio   del 2020 "}, renewaltest.Mailbox: {Why: renewal.NotNeeded},
			renewaltest.Extra: {Why: renewal.TooDear}, "zz": {Why: renewal.TooDear}}}
	two, problems := try(t, w, p, draft)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if len(two.Leavings) != 1 || two.Leavings[renewaltest.MailPackage] != (renewal.Leaving{Why: renewal.TooDear, Words: "il doppio del 2020"}) {
		t.Errorf("the reasons are %+v", two.Leavings)
	}
	var said []string
	for _, c := range renewal.Changes(proposalOf(t, w, p), one, two) {
		said = append(said, string(c.Kind)+" "+c.Text.String())
	}
	want := "removed Sito web premium (12 mesi, dal 2026-10-01 al 2027-09-30), 350.00|added Sito web premium (fino al 2027-12-31, 15 mesi: da lì in poi coincide con " +
		"l’anno solare), 437.50|removed Pacchetto e-mail, 50 caselle, 110.00|added Modulistica in linea, 99.00|altered Pacchetto e-mail, 50 caselle, perché non si rinnova: costa troppo (il doppio del 2020)"
	if got := strings.Join(said, "|"); got != want {
		t.Errorf("changes\n%s, want\n%s", got, want)
	}
	// The reason alone is a change too: it is kept in a new confirmation.
	draft.Leavings = renewal.Leavings{renewaltest.MailPackage: {Why: renewal.OtherVendor}}
	if err := w.Renewals.Save(t.Context(), p.Actor, p.Request, draft); err != nil {
		t.Fatal(err)
	}
	if r := w.Request(t, p); !r.Pending || r.Draft.Leavings[renewaltest.MailPackage].Why != renewal.OtherVendor {
		t.Errorf("the request is %+v", r)
	}
	if err := w.Renewals.Restore(t.Context(), p.Actor, p.Request, 2); err != nil {
		t.Fatal(err)
	}
	if r := w.Request(t, p); r.Pending || r.Draft.Leavings[renewaltest.MailPackage].Words != "il doppio del 2020" {
		t.Errorf("taken back, the request is %+v", r)
	}
	draft.Leavings = renewal.Leavings{renewaltest.MailPackage: {Words: strings.Repeat("à", renewal.MaxWords+1)}}
	if _, problems := try(t, w, p, draft); len(problems) != 1 || problems[0].Field != renewal.FieldWords(renewaltest.MailPackage) {
		t.Errorf("words that are too long: %v", problems)
	}
}

func proposalOf(t *testing.T, w *renewaltest.World, p renewaltest.Party) *renewal.Proposal {
	t.Helper()
	v, err := w.Renewals.View(t.Context(), p.Actor, p.Request)
	if err != nil {
		t.Fatal(err)
	}
	return v.Proposal
}

// Whatever is ticked: a product is counted once, what is left is held and not chosen, and a suggestion that nobody takes is nowhere.
func TestProductsAreCountedOnce(t *testing.T) {
	w := renewaltest.New(t)
	p := proposalOf(t, w, w.OfferChoices(t, w.A))
	rapid.Check(t, func(t *rapid.T) {
		ticks := renewal.Ticks{}
		for _, l := range p.Lines {
			ticks[l.ID] = rapid.Bool().Draw(t, l.ID)
		}
		held := map[string]bool{"Sito web premium": false, "Casella PEC aggiuntiva": false, "Pacchetto e-mail, 50 caselle": false}
		suggested := map[string]bool{"Modulistica in linea": false, "Copia di sicurezza": false}
		for _, l := range p.Lines {
			if _, is := held[l.Name]; is && ticks[l.ID] {
				held[l.Name] = true
			} else if ticks[l.ID] {
				suggested[l.Name] = true
			}
		}
		left, chosen, of := 0, 0, len(held)
		for _, on := range held {
			if on {
				chosen++
			} else {
				left++
			}
		}
		for _, on := range suggested {
			if on {
				chosen++
				of++
			}
		}
		gotChosen, gotOf := p.Count(ticks)
		if len(p.Left(ticks)) != left || gotChosen != chosen || gotOf != of {
			t.Fatalf("%v: %d left, %d of %d; want %d, %d of %d", ticks.IDs(), len(p.Left(ticks)), gotChosen, gotOf, left, chosen, of)
		}
	})
}

// What an explanation says of the other way is what the totals say, with parts and choices too.
func TestExplanationsOfChoices(t *testing.T) {
	w := renewaltest.New(t)
	p := proposalOf(t, w, w.OfferChoices(t, w.A))
	x, _ := p.Explain(1, p.StartTicks(), renewaltest.SiteYears)
	for _, want := range []string{"Listino servizi, valido dal 2026-06-01=350.00", "2026-10-01 – 2027-09-30: 12 mesi su 12 di 350.00 all’anno=350.00",
		"2028-10-01 – 2029-09-30: 12 mesi su 12 di 364.15 all’anno=364.15", "In tutto 36 mesi=1071.16"} {
		found := false
		for _, s := range x.Steps {
			found = found || s.Text.String()+"="+s.Amount.String() == want
		}
		if !found {
			t.Errorf("no step %q in %v", want, x.Steps)
		}
	}
	if s := x.Without.String(); s != "Se scegliete questo periodo l’imponibile sale di 721.16, a 1206.16." {
		t.Errorf("instead: %s", s)
	}
	if s := x.LastYear.String(); s != "Nel 2025 il canone era 343.00: sale di 7.00. Il listino è aumentato del 2.10%. Il canone è uguale per tutte le scuole." {
		t.Errorf("last year, another way: %s", s)
	}
	if s := x.Origin.String(); s != "I canoni sono quelli del listino precedente, aumentati del 2.10%, arrotondati a 0.50." {
		t.Errorf("origin: %s", s)
	}
	mail, _ := p.Explain(1, p.StartTicks(), renewaltest.MailPackage)
	if s := mail.LastYear.String(); s != "Nel 2025 il canone era 117.50: sale di 2.50. Il listino è aumentato del 2.10%. Il canone è uguale per tutte le scuole. Il periodo è di 11 mesi: si paga in proporzione." {
		t.Errorf("last year: %s", s)
	}
}

// A campaign's payment terms are the only ones that a school can choose.
func TestPaymentTermsOfTheCampaign(t *testing.T) {
	w := renewaltest.New(t)
	p := w.OfferChoices(t, w.A)
	w.Set(t, renewaltest.ServicesID, campaign.Setup{Payments: []string{"60"}})
	draft := renewal.Draft{Band: 1, Ticks: []string{renewaltest.Mailbox}, Order: renewaltest.Order()}
	if _, problems := try(t, w, p, draft); len(problems) != 1 || problems[0].Field != renewal.FieldPayment {
		t.Errorf("30 days: %v", problems)
	}
	draft.Order.Payment = "60"
	if _, problems := try(t, w, p, draft); len(problems) != 0 {
		t.Errorf("60 days: %v", problems)
	}
	all := []supplier.PaymentTerm{{Code: "30"}, {Code: "60"}}
	if got := (renewal.Season{Payments: []string{"90"}}).Offered(all); len(got) != 2 {
		t.Errorf("where the vendor offers none of them any more a school can choose %v", got)
	}
}

// A way says itself, also where the first year is a short one.
func TestWays(t *testing.T) {
	p := &renewal.Proposal{Period: rinnova.Period{From: rinnova.MustDate("2027-01-01"), To: rinnova.MustDate("2027-12-31")}}
	for _, c := range []struct {
		variant  renewal.Variant
		from, to string
		parts    bool
		says     string
	}{
		{renewal.Usual, "2026-10-01", "2027-09-30", false, "12 mesi, dal 2026-10-01 al 2027-09-30"},
		{renewal.Usual, "2027-12-01", "2027-12-31", false, "un mese, dal 2027-12-01 al 2027-12-31"},
		{renewal.Aligned, "2026-10-01", "2027-12-31", false, "fino al 2027-12-31, 15 mesi: da lì in poi coincide con l’anno solare"},
		{renewal.Aligned, "2026-10-01", "2027-08-31", false, "fino al 2027-08-31, 11 mesi: da lì in poi coincide con il periodo degli altri"},
		{renewal.Years, "2027-01-01", "2029-12-31", false, "3 anni a canone bloccato, fino al 2029-12-31"},
		{renewal.Years, "2027-04-01", "2029-12-31", false, "33 mesi a canone bloccato, fino al 2029-12-31"},
		{renewal.Years, "2027-01-01", "2028-12-31", true, "2 anni con un canone già fissato per ogni anno, fino al 2028-12-31"},
	} {
		period := rinnova.Period{From: rinnova.MustDate(c.from), To: rinnova.MustDate(c.to)}
		l := renewal.Line{Choice: "a", Variant: c.variant, Period: period, Months: period.Months()}
		if c.parts {
			l.Parts = []renewal.Part{{Months: 12, Fees: []rinnova.Cents{100}}, {Months: 12, Fees: []rinnova.Cents{102}}}
		}
		if got := p.Way(l).String(); got != c.says {
			t.Errorf("%s from %s: %q, want %q", c.variant, c.from, got, c.says)
		}
		if l.Choice = ""; !p.Way(l).IsZero() {
			t.Errorf("a line that stands alone says %q", p.Way(l))
		}
	}
}
