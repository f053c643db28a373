package renewal_test

import (
	"cmp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/renewal"
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

// Whoever takes a calculator finds what is said of last year: the share, and the raise of the list, which is named only where it
// makes last year's fee this one.
func TestTheRaiseIsSaidWhereItIsTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := look()
		p.Raise = &catalog.Raise{Percent: rinnova.BasisPoints(rapid.IntRange(-300, 300).Draw(t, "percent")), Rounding: rapid.SampledFrom([]rinnova.Cents{1, 50}).Draw(t, "rounding")}
		l := &p.Lines[1]
		before := rinnova.Cents(rapid.Int64Range(0, 100_000).Draw(t, "before"))
		l.LastYear = &renewal.LastYear{Year: 2026, Band: catalog.Band(rapid.IntRange(0, 4).Draw(t, "band before")), Fee: before}
		l.Apart = rapid.Bool().Draw(t, "apart")
		band := catalog.Band(rapid.IntRange(1, 4).Draw(t, "band"))
		if rapid.Bool().Draw(t, "by the raise") {
			l.Fees[max(0, cmp.Or(int(l.LastYear.Band), int(band))-1)] = p.Raise.Of(before)
		}
		x, _ := p.Explain(band, p.StartTicks(), l.ID)
		said, fee := x.LastYear.String(), l.Fee(band)
		was := cmp.Or(l.LastYear.Band, band)
		if strings.Contains(said, "Il listino è") && p.Raise.Of(before) != l.Fee(was) {
			t.Fatalf("%s: %d raised is %d, not %d", said, before, p.Raise.Of(before), l.Fee(was))
		}
		if up, down := strings.Contains(said, "sale"), strings.Contains(said, "scende"); up != (fee > before) || down != (fee < before) {
			t.Fatalf("%s: from %d to %d", said, before, fee)
		}
		if before > 0 && fee != before && !strings.Contains(said, "Il listino è") {
			share := rinnova.BasisPoints(max(fee-before, before-fee).MulDiv(10_000, int64(before)))
			if !strings.Contains(said, "("+share.String()+")") {
				t.Fatalf("%s does not say %s", said, share)
			}
		}
		if strings.Contains(said, "era .") || strings.Contains(said, "era ;") {
			t.Fatalf("%s: which band?", said)
		}
		if l.Apart == strings.Contains(x.Origin.String(), "listino precedente") {
			t.Fatalf("apart: %v, said: %s", l.Apart, x.Origin)
		}
	})
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
