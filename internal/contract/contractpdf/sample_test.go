package contractpdf

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/contract"
	"rinnova/internal/renewal"
	"rinnova/internal/supplier"
	"rinnova/internal/terms"
)

// The documents below are invented, with the products and prices of the design's pictures.

var year = rinnova.Period{From: rinnova.MustDate("2027-01-01"), To: rinnova.MustDate("2027-12-31")}

const splitSentence = "Scissione dei pagamenti (art. 17-ter del D.P.R. 26 ottobre 1972, n. 633, e successive modificazioni): " +
	"la scuola paga al fornitore l’imponibile e versa l’IVA allo Stato."

// The usual payment term, and the one that has to be agreed expressly.
var usualTerm, longTerm = supplier.DefaultPaymentTerms()[0], supplier.DefaultPaymentTerms()[2]

const stampDuty = "Imposta di bollo non dovuta (D.Lgs. 36/2023, allegato I.4: importo inferiore a 40.000 euro)."

func sampleVendor() supplier.Profile {
	return supplier.Profile{
		Name: "Esempio Software S.r.l.", ShortName: "Esempio Software", Address: "via delle Querce 15, 20100 Milano (MI)",
		VATNumber: "12345678903", TaxCode: "12345678903", REA: "MI-0000000", Capital: "€ 100.000,00 i.v.", Phone: "02 0000000",
		Email: "contratti@esempiosoftware.example", PEC: "esempiosoftware@pec.example", IBAN: "IT60X0542811101000000123456",
		Signatory: "Lucia Ferrante", SignatoryAs: "procuratrice",
		Sentences: supplier.Sentences{
			Signature: "Documento informatico firmato digitalmente da {{signatory.name}} per {{vendor.name}} (decreto legislativo 7 marzo 2005, n. 82). " +
				"L’originale è il file PDF, sul quale si verifica la firma; una stampa è una copia.",
			Verify: "Con questo codice, all’indirizzo {{verify.url}}, si controlla che numero, data e importi siano quelli registrati e si confronta " +
				"il proprio file con l’originale.",
			StampDuty: stampDuty,
			LicenseKeys: "TD: licenza a tempo determinato, vale fino alla data finale. TI: licenza a tempo indeterminato, " +
				"il periodo riguarda assistenza e aggiornamenti. Contatti: richieste di assistenza comprese nel periodo.",
			Reminder: "Questo promemoria non è un contratto. Riporta la richiesta come risulta al momento della stampa. Il contratto è un altro documento, " +
				"numerato e firmato digitalmente: arriva per e-mail dopo l’elaborazione e resta nell’area riservata.",
			NotSent: "Richiesta non ancora inviata. Per inviarla occorre accettare le condizioni e premere «Conferma dati».",
		},
	}
}

func sampleSchool() contract.Party {
	return contract.Party{
		Name: "Istituto Comprensivo Statale «Giovanni Verga»", ShortName: "IC «G. Verga», Ragusa",
		Address: "via Archimede 12, 97100 Ragusa (RG)", MinistryCode: "RGIC82700L", TaxCode: "80006890646", OfficeCode: "UF7K2M",
		Email: "rgic82700l@ic.example", PEC: "rgic82700l@pec.ic.example", Customer: "004512", PortalCode: "SG00127",
	}
}

func docLine(name string, license catalog.License, contacts int, fee rinnova.Cents, inCap bool) contract.DocumentLine {
	return contract.DocumentLine{Name: name, License: license, Period: year, Contacts: contacts, Fee: fee, InCap: inCap, Ticked: true}
}

func sampleLines() []contract.DocumentLine {
	lines := []contract.DocumentLine{
		docLine("Alunni Web – Scuole del primo ciclo", catalog.FixedTerm, 12, 42000, true),
		docLine("Registro elettronico – Docenti e Famiglie", catalog.FixedTerm, 20, 56000, true),
		docLine("Bilancio Web", catalog.FixedTerm, 17, 38000, true),
		docLine("Personale e Stipendi Web", catalog.FixedTerm, 15, 34000, true),
		docLine("Protocollo informatico Web", catalog.FixedTerm, 10, 31000, true),
		docLine("Inventario", catalog.Perpetual, 5, 14500, true),
		docLine("Libri di testo", catalog.Perpetual, 3, 0, true),
		docLine("Orario delle lezioni", catalog.Perpetual, 4, 9500, true),
		docLine("Presenze e turni del personale ATA", catalog.FixedTerm, 6, 17550, true),
		docLine("Conservazione a norma dei documenti", catalog.FixedTerm, 5, 19000, false),
		docLine("Privacy Web", catalog.FixedTerm, 5, 12000, false),
		docLine("Sincronizzazione SIDI Personale", catalog.FixedTerm, 5, 0, false),
		docLine("Pagamenti e avvisi PagoPA", catalog.FixedTerm, 8, 13333, false),
	}
	lines[7].Period.From = rinnova.MustDate("2027-04-01")
	lines[12].Period.From = rinnova.MustDate("2027-02-01")
	return lines
}

// quote computes the totals of lines, all at one rate of VAT.
func quote(yearlyCap *rinnova.Cents, lines []contract.DocumentLine, rates ...rinnova.BasisPoints) catalog.Totals {
	q := make([]catalog.QuoteLine, len(lines))
	for i, l := range lines {
		rate := rinnova.BasisPoints(2200)
		if len(rates) > 0 {
			rate = rates[i%len(rates)]
		}
		q[i] = catalog.QuoteLine{Fee: l.Fee, Months: l.Period.Months(), InCap: l.InCap, Ticked: l.Ticked, VAT: rate}
	}
	return catalog.Quote(yearlyCap, q)
}

func sampleTerms(t testing.TB, file, kind, version, title string) terms.Terms {
	t.Helper()
	body, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return terms.Terms{Kind: terms.Kind(kind), Version: version, Title: title, Body: string(body), EffectiveFrom: rinnova.MustDate("2026-12-01")}
}

// sampleContract is the contract of the design's first picture.
func sampleContract(t testing.TB) contract.Document {
	v, yearlyCap := sampleVendor(), rinnova.Cents(195000)
	lines := sampleLines()
	return contract.Document{
		Kind: renewal.Assistance, Number: "2027/000123", Date: rinnova.MustDate("2027-01-18"), Period: year,
		Band: rinnova.Say("da %d a %d", 501, 1000), VerifyCode: "7KQXM4TD92RF",
		VerifyURL: "rinnovi.esempiosoftware.example/v", VerifyLink: "https://rinnovi.esempiosoftware.example/v/7KQXM4TD92RF",
		Vendor: v, School: sampleSchool(),
		Order: contract.Order{Order: renewal.Order{CIG: "B9A17C451B", Number: "45/2027", Date: rinnova.MustDate("2027-01-12"),
			Payment: usualTerm}},
		Lines: lines, Cap: &yearlyCap, Totals: quote(&yearlyCap, lines), Split: splitSentence,
		PaymentClause: v.Fill(usualTerm.Clause), StampDuty: stampDuty,
		Request: "2027-004512", Revision: 2, ConfirmedAt: time.Date(2027, 1, 13, 9, 42, 7, 0, time.UTC), ConfirmedBy: "SUPERVISOR.SG00127 (segreteria)",
		Terms: sampleTerms(t, "condizioni-generali.md", "assistance", "2027-01", "Condizioni generali di manutenzione, assistenza e rinnovo licenza"),
	}
}

func sampleServices(t testing.TB) contract.Document {
	d := sampleContract(t)
	d.Kind, d.Number, d.Date, d.Band, d.Cap = renewal.Services, "S-2027/000018", rinnova.MustDate("2027-09-20"), rinnova.Text{}, nil
	d.Order.CIG, d.Order.Number, d.Order.Date = "BA04D71CA3", "212/2027", rinnova.MustDate("2027-09-14")
	d.Lines = []contract.DocumentLine{
		docLine("Sito web premium", catalog.FixedTerm, 8, 35000, false),
		docLine("Casella PEC aggiuntiva (2 GB)", catalog.FixedTerm, 2, 2500, false),
		docLine("Pacchetto e-mail, 50 caselle", catalog.FixedTerm, 4, 12000, false),
		docLine("Modulistica in linea", catalog.FixedTerm, 5, 9900, false),
	}
	for i := range d.Lines {
		d.Lines[i].Period = rinnova.Period{From: rinnova.MustDate("2027-10-01"), To: rinnova.MustDate("2028-09-30")}
	}
	d.Lines[2].Period.From = rinnova.MustDate("2027-11-01")
	d.Totals = quote(nil, d.Lines)
	d.VerifyCode, d.VerifyLink = "2MZBRX6T0Y4A", "https://rinnovi.esempiosoftware.example/v/2MZBRX6T0Y4A"
	d.Request, d.Revision, d.ConfirmedAt = "2027-S00231", 1, time.Date(2027, 9, 15, 7, 15, 40, 0, time.UTC)
	d.Terms = sampleTerms(t, "condizioni-servizi.md", "services", "S-2027-01", "Condizioni generali dei servizi")
	return d
}

func sampleReminder(t testing.TB) contract.Reminder {
	d := sampleContract(t)
	lines := append(d.Lines, docLine("Biblioteca e prestiti", catalog.FixedTerm, 3, 8500, true))
	lines[len(lines)-1].Ticked = false
	return contract.Reminder{
		Kind: d.Kind, PrintedAt: time.Date(2027, 1, 13, 9, 43, 0, 0, time.UTC), Period: d.Period, Band: d.Band, State: rinnova.Say("Inviata"),
		Request: "2027-004512", Revision: 2, At: d.ConfirmedAt, By: "SUPERVISOR.SG00127",
		Vendor: d.Vendor, School: d.School, Order: d.Order, Lines: lines, Totals: quote(d.Cap, lines), Cap: d.Cap, Split: true,
	}
}

// sampleDraft is the same request before it was ever confirmed.
func sampleDraft(t testing.TB) contract.Reminder {
	r := sampleReminder(t)
	r.State, r.Pending, r.Revision = rinnova.Say("In compilazione"), true, 0
	r.At = time.Date(2027, 1, 13, 9, 31, 0, 0, time.UTC)
	r.Order = contract.Order{Order: renewal.Order{Payment: r.Order.Payment}}
	return r
}

// longContract is the design's long one: 38 lines, long names, 60 days.
func longContract(t testing.TB) contract.Document {
	t.Helper()
	d := sampleContract(t)
	d.Number, d.Date, d.VerifyCode = "2027/004871", rinnova.MustDate("2027-02-02"), "H3WP0C8EVN5J"
	d.VerifyLink = "https://rinnovi.esempiosoftware.example/v/" + d.VerifyCode
	d.Band = rinnova.Say("oltre %d", 1500)
	d.School = contract.Party{
		Name: "Istituto Statale di Istruzione Secondaria Superiore «Principessa Maria Clotilde di Savoia – Guglielmo Marconi – Antonino Di Vita» " +
			"con sezioni associate di Santa Croce Camerina e Monterosso Almo",
		Address:      "contrada Madonna delle Grazie – strada provinciale 60 per Malta, km 4,200 s.n.c., 97010 Presicce-Acquarica (LE)",
		MinistryCode: "LEIS00000X", TaxCode: "90012345675", VATNumber: "01234567897", OfficeCode: "UFQ0Z8",
		Email: "leis00000x@istruzione.example", PEC: "leis00000x@pec.istruzione.example", Customer: "011874", PortalCode: "SG04417",
	}
	d.Order = contract.Order{Order: renewal.Order{CIG: "B9C2E05674", CUP: "G96J20000090007", Number: "MEPA-7781245/2027", Date: rinnova.MustDate("2027-01-28"),
		Payment: longTerm}}
	d.Lines = tsvLines(t)
	yearlyCap := rinnova.Cents(1099999)
	d.Cap, d.Totals = &yearlyCap, quote(&yearlyCap, d.Lines)
	d.PaymentClause = d.Vendor.Fill(longTerm.Clause, "payment.reason", longTerm.Reason)
	d.Request, d.Revision, d.ConfirmedAt = "2027-011874", 4, time.Date(2027, 1, 29, 17, 3, 55, 0, time.UTC)
	d.ConfirmedBy = "Maria Concetta Giambattista-Quasimodo della Porta, assistente amministrativa"
	return d
}

// tsvLines reads testdata/lines.tsv: name, licence, contacts, fee in cents, included or excluded.
func tsvLines(t testing.TB) []contract.DocumentLine {
	t.Helper()
	data, err := os.ReadFile("testdata/lines.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out []contract.DocumentLine
	for row := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimSpace(row), "\t")
		contacts, err1 := strconv.Atoi(f[2])
		fee, err2 := strconv.Atoi(f[3])
		if err := errors.Join(err1, err2); err != nil {
			t.Fatalf("lines.tsv: %v", err)
		}
		out = append(out, docLine(f[0], catalog.License(f[1]), contacts, rinnova.Cents(fee), f[4] == "included"))
	}
	return out
}

// sampleChange is a request that was confirmed twice and is being changed; its draft lacks things.
func sampleChange(t testing.TB) contract.Reminder {
	r := sampleDraft(t)
	r.Revision = 2
	r.Missing = []rinnova.Text{rinnova.Say("Manca il CIG, o il motivo per cui non c’è."), rinnova.Say("Mancano numero e data dell’ordine.")}
	return r
}

func servicesReminder(t testing.TB) contract.Reminder {
	d := sampleServices(t)
	d.Lines[1].Ticked = false
	r := sampleReminder(t)
	r.Kind, r.Lines, r.Totals, r.Cap, r.Band = d.Kind, d.Lines, quote(nil, d.Lines), nil, rinnova.Text{}
	r.Request, r.Revision, r.Order = d.Request, d.Revision, d.Order
	return r
}

// demoContract has what the other samples have not: an invented vendor with a logo and other codes, no cap, two rates of
// VAT, no split payment, no CIG, a date that changes its article, large amounts.
func demoContract(t testing.TB) contract.Document {
	d := sampleContract(t)
	d.Date = rinnova.MustDate("2027-03-08")
	d.Vendor.Fictional, d.Vendor.TaxCode, d.Vendor.LogoPNG = true, "RSSMRA80A01F205X", samplePNG(t, 300, 60)
	d.School.VATNumber, d.School.ShortName = "01234567897", ""
	d.Order = contract.Order{Order: renewal.Order{Exclusion: "ES07", Reason: "servizi affidati a un ente della stessa amministrazione, ai sensi dell’art. 5 del codice dei contratti pubblici",
		Number: "12", Date: rinnova.MustDate("2027-03-01"), Payment: supplier.PaymentTerm{Name: "Due rate uguali"}}}
	d.Lines[0].Fee = 1234567890 / 100
	d.Lines[1].Fee = 100_000_00
	d.Lines[2].Fee = 9_999_999_99
	d.Cap, d.Split, d.StampDuty = nil, "", ""
	d.Totals = quote(nil, d.Lines, 2200, 1000, 400)
	return d
}

func samplePNG(t testing.TB, width, height int) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		for y := range height {
			m.Set(x, y, color.NRGBA{0, uint8(80 + y), uint8(100 + x/3), uint8(255 * min(1, (x+y)%7))})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
