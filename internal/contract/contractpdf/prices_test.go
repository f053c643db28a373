package contractpdf

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/contract"
	"rinnova/internal/renewal"
)

// proposalOf is the proposal that the lines of a document could have come from: the fees of its year are the year before's,
// raised by 2,1 %.
func proposalOf(d contract.Document) *renewal.Proposal {
	p := &renewal.Proposal{Kind: d.Kind, Title: "Rinnovo", Period: d.Period, Caps: []*rinnova.Cents{d.Cap}, Split: true, PriceList: "Listino 2027",
		PricesFrom: rinnova.MustDate("2026-09-01"), Raise: &catalog.Raise{Percent: 210, Index: &catalog.Indexation{Series: "FOI", Base: "2025-08", To: "2026-08",
			BaseMilli: 121_400, ToMilli: 124_800, Share: 7500}, Rounding: 50}}
	for i, l := range d.Lines {
		line := renewal.Line{ID: string(rune('a' + i)), Name: l.Name, License: l.License, InCap: l.InCap, VAT: 2200, Period: l.Period, Months: l.Period.Months(),
			Fees: []rinnova.Cents{l.Fee}, Contacts: l.Contacts, Ticked: true, LastYear: &renewal.LastYear{Year: 2026, Band: 1, Fee: l.Fee.MulDiv(1000, 1021)}}
		p.Lines = append(p.Lines, line)
	}
	return p
}

// explain gives a document the words of how its prices came about, and the reminder of the same request.
func explain(d *contract.Document, p *renewal.Proposal) contract.Reminder {
	r := contract.ReminderOf(&renewal.View{Proposal: p, Request: &renewal.Request{Kind: d.Kind, Number: d.Request, Revision: 2, State: renewal.Submitted}},
		&renewal.Revision{At: d.ConfirmedAt, By: rinnova.Actor{Username: "SUPERVISOR.SG00127"}, Band: 1, Ticks: p.StartTicks().IDs()}, d.Vendor, nil, d.ConfirmedAt)
	r.School, r.Order = d.School, d.Order
	d.Lines, d.Totals = contract.TickedLines(p, 1, p.StartTicks().IDs(), r.Totals)
	prices := r.Prices
	prices.Lines = nil
	for _, l := range r.Prices.Lines {
		l.Without = rinnova.Text{}
		prices.Lines = append(prices.Lines, l)
	}
	d.Prices = &prices
	return r
}

// explainedContract is the contract of the design's first picture with its prices explained, and the reminder of its request.
func explainedContract(t testing.TB) (contract.Document, contract.Reminder) {
	d := sampleContract(t)
	r := explain(&d, proposalOf(d))
	return d, r
}

// explainedServices has a service for three years whose fee grows, and one that is aligned to the calendar year.
func explainedServices(t testing.TB) (contract.Document, contract.Reminder) {
	d := sampleServices(t)
	p := proposalOf(d)
	web, pec := &p.Lines[0], &p.Lines[1]
	other := *web
	other.ID, other.Choice, web.Choice, other.Ticked = "z", "web", "web", false
	web.Variant, web.Months, web.Period.To = renewal.Years, 36, rinnova.MustDate("2030-09-30")
	for i, fee := range []rinnova.Cents{350_00, 357_00, 364_14} {
		from := web.Period.From.AddMonths(12 * i)
		web.Parts = append(web.Parts, renewal.Part{Period: rinnova.Period{From: from, To: from.AddMonths(12).AddDays(-1)}, Months: 12, Fees: []rinnova.Cents{fee}})
	}
	pec.Choice, pec.Variant, pec.Months, pec.Period.To = "pec", renewal.Aligned, 15, rinnova.MustDate("2028-12-31")
	p.Period = rinnova.Period{From: rinnova.MustDate("2028-01-01"), To: rinnova.MustDate("2028-12-31")}
	p.Lines = append(p.Lines, other)
	r := explain(&d, p)
	return d, r
}

// TestPricesAreExplained: the papers say the sentences of the form, and the contract stays as short as it was.
func TestPricesAreExplained(t *testing.T) {
	p := newPrinter(t)
	contracts, requests := explainedContract(t)
	services, servicesRequest := explainedServices(t)
	plain := sampleServices(t)
	explain(&plain, proposalOf(plain))
	for name, c := range map[string]struct {
		file  []byte
		pages int // at most
		says  []string
		not   string
	}{
		"contract": {drawContract(t, p, contracts), 3, []string{"Come si forma il prezzo", "Listino 2027, valido dal 01/09/2026",
			"aumentati del 2,1%, arrotondati a € 0,50: l’indice FOI è salito del 2,8% fra 08/2025 e 08/2026, e conta nella misura del 75%",
			"1. Alunni Web – Scuole del primo ciclo: canone annuale 420,00; periodo 01/01/2027 – 31/12/2027: 12 mesi su 12 = 420,00; quota della riduzione per il tetto massimo −79,00; netto 341,00.",
			"8. Orario delle lezioni: canone annuale 95,00; periodo 01/04/2027 – 31/12/2027: 9 mesi su 12 = 71,25;", "si paga in proporzione"}, "Se non lo rinnovate"},
		"several years": {drawContract(t, p, services), 3, []string{"Sito web premium, 3 anni con un canone già fissato per ogni anno, fino al 30/09/2030",
			"01/10/2028 – 30/09/2029: 12 mesi su 12 di € 357,00 all’anno = 357,00; ", "in tutto 36 mesi = 1.071,14", "vario",
			"fino al 31/12/2028, 15 mesi: da lì in poi coincide con l’anno solare", "15 mesi, ognuno un dodicesimo del canone = 31,25"}, "Se non lo rinnovate"},
		"services": {drawContract(t, p, plain), 2, []string{"Come si forma il prezzo", "4. Modulistica in linea: canone annuale 99,00"}, ""},
		"reminder": {drawReminder(t, p, requests), 2, []string{"Come si forma il prezzo", "Se non lo rinnovate l’imponibile"}, ""},
		"services' reminder": {drawReminder(t, p, servicesRequest), 2, []string{"Come si forma il prezzo", "Se non lo rinnovate l’imponibile scende di"},
			"Proposti e non scelti"},
	} {
		text := strings.Join(strings.Fields(strings.ReplaceAll(tool(t, c.file, "pdftotext", "-raw", "FILE", "-"), "\u00a0", " ")), " ")
		for _, want := range c.says {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", name, want, text)
			}
		}
		if c.not != "" && strings.Contains(text, c.not) {
			t.Errorf("%s says %q", name, c.not)
		}
		pages := wordBoxes(t, c.file)
		if len(pages) > c.pages {
			t.Errorf("%s: %d pages, more than %d", name, len(pages), c.pages)
		}
		for i, page := range pages {
			checkEdges(t, page, i+1, len(pages))
		}
		if len(c.file) > 60_000 {
			t.Errorf("%s: %d bytes", name, len(c.file))
		}
	}
}

var anyExplained = rapid.Custom(func(t *rapid.T) contract.ExplainedLine {
	steps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) renewal.Step {
		return renewal.Step{Text: rinnova.Say("%s", anyName.Draw(t, "step")), Amount: rinnova.Cents(rapid.Int64Range(-1e9, 1e9).Draw(t, "amount"))}
	}), 1, 6).Draw(t, "steps")
	return contract.ExplainedLine{Name: anyName.Draw(t, "name"), Steps: steps, Net: rinnova.Cents(rapid.Int64Range(0, 1e9).Draw(t, "net")),
		LastYear: rinnova.Say("%s", anyName.Draw(t, "last year")), Without: rinnova.Say("%s", anyName.Draw(t, "without"))}
})

// TestPagesOfPrices draws random explanations and ways: nothing leaves its page or stands on something else, and all of them are there.
func TestPagesOfPrices(t *testing.T) {
	p, base := newPrinter(t), sampleContract(t)
	rapid.Check(t, func(t *rapid.T) {
		d := anyContract(base, 40).Draw(t, "contract")
		for i := range d.Lines {
			if rapid.IntRange(0, 3).Draw(t, "has a way") == 0 {
				d.Lines[i].Way = rinnova.Say("%s", anyName.Draw(t, "way"))
			}
		}
		d.Prices = &contract.Explained{Basis: rinnova.Say("%s", anyName.Draw(t, "basis")), Origin: rinnova.Say("%s", anyName.Draw(t, "origin")),
			Lines: rapid.SliceOfN(anyExplained, 0, 40).Draw(t, "explained")}
		file := drawContract(t, p, d)
		pages, net := wordBoxes(t, file), 0
		for i, page := range pages {
			checkEdges(t, page, i+1, len(pages))
			checkOverprint(t, page)
			for _, w := range page {
				if w.text == "netto" {
					net++
				}
			}
		}
		if net < len(d.Prices.Lines) {
			t.Fatalf("%d of %d prices are on paper", net, len(d.Prices.Lines))
		}
	})
}
