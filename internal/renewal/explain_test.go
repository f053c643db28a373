package renewal_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

func cents(n rinnova.Cents) *rinnova.Cents { return &n }

// look is the proposal of the printed form: band 501–1000, cap € 2.200,00.
func look() *renewal.Proposal {
	year := rinnova.Period{From: rinnova.MustDate("2027-01-01"), To: rinnova.MustDate("2027-12-31")}
	p := &renewal.Proposal{Title: "Rinnovo 2027", Kind: renewal.Assistance, Period: year, Bands: catalog.Bands{500, 1000, 1500},
		Caps: []*rinnova.Cents{cents(170000), cents(220000), cents(250000), nil}, PriceList: "Listino 2027", PricesFrom: rinnova.MustDate("2026-09-01"), Suggested: 2}
	for i, l := range []struct {
		name  string
		fee   rinnova.Cents
		inCap bool
		tick  bool
	}{
		{"Alunni Web", 42000, true, true}, {"Registro elettronico", 68000, true, true}, {"Scrutini e pagelle", 26000, true, true},
		{"Protocollo informatico", 39000, true, true}, {"Bilancio Web", 35000, true, true}, {"Personale Web", 31000, true, true},
		{"Inventario", 18000, true, true}, {"Orario delle lezioni", 14500, true, true}, {"Libri di testo", 6000, true, false},
		{"Conservazione a norma", 22000, false, true}, {"Pagamenti e avvisi", 15000, false, true}, {"Privacy Web", 12000, false, true},
		{"Formazione in linea", 19000, false, false},
	} {
		line := renewal.Line{ID: string(rune('a' + i)), Name: l.name, License: catalog.FixedTerm, InCap: l.inCap, VAT: 2200, Period: year, Months: 12,
			Fees: []rinnova.Cents{l.fee - 2000, l.fee, l.fee + 2000, l.fee + 5000}, Ticked: l.tick}
		if l.name == "Orario delle lezioni" {
			line.Period.From = rinnova.MustDate("2027-04-01")
			line.Months = line.Period.Months()
		}
		if l.name == "Registro elettronico" {
			line.LastYear = &renewal.LastYear{Year: 2026, Band: 2, Fee: 65500}
		}
		p.Lines = append(p.Lines, line)
	}
	return p
}

func TestExplainTheLine(t *testing.T) {
	p := look()
	x, ok := p.Explain(2, p.StartTicks(), "b")
	if !ok || x.Amount != 68000 || x.Net != 55433 || len(x.Steps) != 3 || x.Steps[2].Amount != -12567 {
		t.Fatalf("%+v", x)
	}
	if s := x.LastYear.String(); !strings.Contains(s, "655.00: sale di 25.00 (3.82%).") {
		t.Errorf("last year: %s", s)
	}
	if s := x.Without.String(); !strings.Contains(s, "scende di 181.25, a 2508.75") {
		t.Errorf("without: %s", s)
	}
	if _, ok := p.Explain(2, p.StartTicks(), "zz"); ok {
		t.Error("explained a line that is not there")
	}
	book, _ := p.Explain(2, p.StartTicks(), "i")
	if book.Ticked || !strings.Contains(book.Without.String(), "Se lo aggiungete l’imponibile non cambia, perché la somma è già al tetto massimo") {
		t.Errorf("not ticked: %s", book.Without)
	}
	if more, _ := p.Explain(2, p.StartTicks(), "m"); !strings.Contains(more.Without.String(), "Se lo aggiungete l’imponibile sale di 190.00") {
		t.Errorf("what the school does not have: %s", more.Without)
	}
	left := p.StartTicks()
	delete(left, "l")
	if has, _ := p.Explain(2, left, "l"); !strings.Contains(has.Without.String(), "Se lo rinnovate l’imponibile sale di 120.00") {
		t.Errorf("what it has and leaves: %s", has.Without)
	}
}

// What an explanation says of the other choice is what the totals say.
func TestExplanationsAreTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := look()
		band := catalog.Band(rapid.IntRange(1, 4).Draw(t, "band"))
		ticks := renewal.Ticks{}
		for _, l := range p.Lines {
			if rapid.Bool().Draw(t, l.ID) {
				ticks[l.ID] = true
			}
		}
		i := rapid.IntRange(0, len(p.Lines)-1).Draw(t, "line")
		id := p.Lines[i].ID
		x, ok := p.Explain(band, ticks, id)
		if !ok {
			t.Fatal("no explanation")
		}
		now := p.Totals(band, ticks)
		if x.Amount != now.Lines[i].Amount || x.Net != now.Lines[i].Net {
			t.Fatalf("explains %d and %d, totals say %+v", x.Amount, x.Net, now.Lines[i])
		}
		var sum rinnova.Cents
		for _, s := range x.Steps[1:] {
			sum += s.Amount
		}
		if ticks[id] && sum != x.Net {
			t.Fatalf("steps add up to %d, net is %d", sum, x.Net)
		}
		other := ticks.Clone()
		other[id] = !ticks[id]
		then := p.Totals(band, other)
		changes := strings.Contains(x.Without.Format, "scende") || strings.Contains(x.Without.Format, "sale")
		if changes != (then.Taxable != now.Taxable) {
			t.Fatalf("says %q, taxable goes from %d to %d", x.Without, now.Taxable, then.Taxable)
		}
		if changes && x.Without.Args[1] != any(then.Taxable) {
			t.Fatalf("says %v, totals say %d", x.Without.Args, then.Taxable)
		}
	})
}

// Whoever takes a calculator finds what is said of last year, and an explanation names one cause for one difference, whatever the
// lists, the bands and the hands that were at work.
func TestAnExplanationNamesOneCause(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := look()
		if rapid.IntRange(0, 3).Draw(t, "raise") > 0 {
			p.Raise = &catalog.Raise{Percent: rinnova.BasisPoints(rapid.IntRange(-300, 300).Draw(t, "percent")), Rounding: rapid.SampledFrom([]rinnova.Cents{1, 50}).Draw(t, "rounding")}
		}
		if rapid.Bool().Draw(t, "one band") {
			p.Bands, p.Caps = catalog.Bands{}, p.Caps[:1]
		}
		l := &p.Lines[rapid.SampledFrom([]int{1, 7, 9}).Draw(t, "line")]
		before := rapid.OneOf(rapid.Just(rinnova.Cents(0)), rapid.Map(rapid.Int64Range(0, 100_000), func(n int64) rinnova.Cents { return rinnova.Cents(n) })).Draw(t, "before")
		if l.LastYear = nil; rapid.IntRange(0, 5).Draw(t, "is known") > 0 {
			l.LastYear = &renewal.LastYear{Year: 2026, Band: catalog.Band(rapid.IntRange(0, 6).Draw(t, "band before")), Fee: before}
		}
		band := catalog.Band(rapid.IntRange(1, p.Bands.Count()).Draw(t, "band"))
		for b := range l.Fees {
			if p.Raise != nil {
				l.Fees[b] = p.Raise.Of(before + rinnova.Cents(b*1000))
			}
			if rapid.IntRange(0, 2).Draw(t, "hand") == 0 {
				l.Fees[b] = before + rinnova.Cents(rapid.Int64Range(0, 9).Draw(t, "by hand")*100)
				l.Apart = append(l.Apart, catalog.Band(b+1))
			}
		}
		l.SomeApart = len(l.Apart) == 0 && rapid.IntRange(0, 4).Draw(t, "older") == 0
		if found := renewaltest.Contradiction(p, band, p.StartTicks(), *l); found != "" {
			t.Fatal(found)
		}
		x, _ := p.Explain(band, p.StartTicks(), l.ID)
		if byHand := strings.Contains(x.Origin.String(), "fissato a parte"); p.Raise != nil && !l.SomeApart && byHand != slices.Contains(l.Apart, band) {
			t.Fatalf("set by hand in the bands %v: %s", l.Apart, x.Origin)
		}
	})
}

func TestWhatIsSaidOfLastYear(t *testing.T) {
	raise := &catalog.Raise{Percent: 380, Rounding: 50}
	for _, c := range []struct {
		name  string
		raise *catalog.Raise
		apart []catalog.Band
		year  *renewal.LastYear
		says  string
	}{
		{"nobody knows", raise, nil, nil, "Non risulta quanto costava nel contratto precedente."},
		{"the raise", raise, nil, &renewal.LastYear{Year: 2026, Band: 2, Fee: 65500},
			"Nel 2026 il canone era 655.00: sale di 25.00. Il listino è aumentato del 3.80%. La fascia è la stessa."},
		{"another band, and the raise", raise, nil, &renewal.LastYear{Year: 2026, Band: 1, Fee: 63600},
			"Nel 2026 il canone era 636.00: sale di 44.00. Il listino è aumentato del 3.80%. La fascia è cambiata: era fino a 500, dove oggi il canone è 660.00."},
		{"by hand", raise, []catalog.Band{2}, &renewal.LastYear{Year: 2026, Band: 2, Fee: 65500},
			"Nel 2026 il canone era 655.00: sale di 25.00 (3.82%). La fascia è la stessa."},
		{"by hand in another band", raise, []catalog.Band{1}, &renewal.LastYear{Year: 2026, Band: 2, Fee: 65500},
			"Nel 2026 il canone era 655.00: sale di 25.00. Il listino è aumentato del 3.80%. La fascia è la stessa."},
		{"by hand in the band before", raise, []catalog.Band{1}, &renewal.LastYear{Year: 2026, Band: 1, Fee: 63000},
			"Nel 2026 il canone era 630.00: sale di 50.00 (7.94%). La fascia è cambiata: era fino a 500, dove oggi il canone è 660.00, fissato a parte."},
		{"a price of its own", raise, nil, &renewal.LastYear{Year: 2026, Band: 2, Fee: 60000},
			"Nel 2026 il canone era 600.00: sale di 80.00 (13.33%). Il canone di allora non era quello del listino precedente. La fascia è la stessa."},
		{"the same, though the list was raised", raise, nil, &renewal.LastYear{Year: 2026, Band: 2, Fee: 68000},
			"Nel 2026 il canone era uguale. Il canone di allora non era quello del listino precedente. La fascia è la stessa."},
		{"an unknown band", raise, nil, &renewal.LastYear{Year: 2026, Fee: 60000},
			"Nel 2026 il canone era 600.00: sale di 80.00 (13.33%). Non risulta in quale fascia fosse la scuola."},
		{"an unknown list", nil, nil, &renewal.LastYear{Year: 2026, Band: 2, Fee: 65500},
			"Nel 2026 il canone era 655.00: sale di 25.00 (3.82%). È l’adeguamento del listino. La fascia è la stessa."},
	} {
		p := look()
		p.Raise, p.Lines[1].Apart, p.Lines[1].LastYear = c.raise, c.apart, c.year
		if x, _ := p.Explain(2, p.StartTicks(), "b"); x.LastYear.String() != c.says {
			t.Errorf("%s says\n%s, want\n%s", c.name, x.LastYear, c.says)
		}
	}
}

// Changing any price list changes nothing: a proposal has its own copy. And the totals know no clock: the same twice.
func TestTotalsDependOnTheProposalAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := look()
		band := catalog.Band(rapid.IntRange(1, 4).Draw(t, "band"))
		before := p.Totals(band, p.StartTicks())
		later := look()
		later.MadeAt = later.MadeAt.AddDate(rapid.IntRange(0, 50).Draw(t, "years"), 0, 0)
		if after := later.Totals(band, later.StartTicks()); after.Total != before.Total || after.Taxable != before.Taxable {
			t.Fatalf("%+v, then %+v", before, after)
		}
	})
}

func TestTotalsOfTheLook(t *testing.T) {
	p := look()
	got := p.Totals(2, p.StartTicks())
	if got.Included != 269875 || got.Reduction != 49875 || got.Excluded != 49000 || got.Taxable != 269000 || got.VAT != 59180 || got.Total != 328180 {
		t.Errorf("%+v", got)
	}
}

func TestBandDoubts(t *testing.T) {
	known := &renewal.Proposal{Bands: catalog.Bands{500, 1000, 1500}, Suggested: 2, Pupils: 887, PupilsYear: "2024/25"}
	unknown := &renewal.Proposal{Bands: known.Bands}
	before := func(b catalog.Band) *renewal.Revision { return &renewal.Revision{Number: 1, Band: b} }
	for _, c := range []struct {
		p      *renewal.Proposal
		band   catalog.Band
		before *renewal.Revision
		code   string
	}{
		{known, 1, nil, "band.pupils:1"}, {known, 2, nil, ""}, {known, 3, nil, ""}, {known, 0, nil, ""}, {known, 5, before(4), ""},
		{known, 1, before(4), "band.pupils:1"}, {known, 1, before(1), "band.pupils:1"}, {known, 2, before(3), "band.lower:2"}, {known, 3, before(3), ""}, {known, 3, before(2), ""},
		{unknown, 1, nil, ""}, {unknown, 1, before(2), "band.lower:1"}, {unknown, 2, before(1), ""},
	} {
		var code string
		for _, x := range c.p.BandDoubts(c.band, c.before) {
			code += x.Code
			if !x.Warns || x.Field != renewal.FieldBand {
				t.Errorf("%+v: it must warn and never refuse", x)
			}
		}
		if code != c.code {
			t.Errorf("band %d, before %v: %q, want %q", c.band, c.before, code, c.code)
		}
		d := renewal.Draft{Band: c.band}
		if got := len(c.p.BandStops(d, c.before)) > 0; got != (c.code != "") {
			t.Errorf("band %d, before %v: stops %v", c.band, c.before, got)
		}
		if d.BandSeen = c.code; len(c.p.BandStops(d, c.before)) > 0 {
			t.Errorf("band %d, before %v: it stops though it was seen", c.band, c.before)
		}
	}
}
