package renewalmail_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/mail"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalmail"
	"rinnova/internal/school"
	"rinnova/internal/supplier"
)

var update = flag.Bool("update", false, "write the golden files anew")

const baseURL = "https://rinnovi.esempiosoftware.example"

func golden(t *testing.T, name string, c mail.Content) {
	t.Helper()
	for ext, got := range map[string]string{".txt": "Oggetto: " + c.Subject + "\n\n" + c.Text(), ".html": c.HTML()} {
		path := filepath.Join("testdata", name+ext)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), got); d != "" {
			t.Errorf("%s (-want +got):\n%s", path, d)
		}
	}
}

func vendor() supplier.Profile {
	return supplier.Profile{
		Name: "Esempio Software S.r.l.", ShortName: "Esempio Software", Address: "via delle Querce 15, 20100 Milano (MI)", VATNumber: "12345678903",
		Renewals: supplier.Contact{Phone: "02 0000000", Email: "contratti@esempiosoftware.example"},
	}
}

func ragusa() school.School {
	return school.School{
		DisplayName: "Istituto Comprensivo Statale «Giovanni Verga»", Address: "via Archimede 12", Postcode: "97100", Town: "Ragusa", ProvinceCode: "RG",
		MinistryCode: "RGIC00000X", Email: "ragusa@scuola.example",
	}
}

func proposal() *renewal.Proposal {
	yearlyCap := rinnova.Cents(1500_00)
	line := func(id, name string, inCap bool, fee rinnova.Cents) renewal.Line {
		return renewal.Line{ID: id, Name: name, InCap: inCap, VAT: 2200, Months: 12, Fees: []rinnova.Cents{fee, fee, fee, fee}, Ticked: true}
	}
	return &renewal.Proposal{
		Bands: catalog.Bands{500, 1000, 1500}, Caps: []*rinnova.Cents{&yearlyCap, &yearlyCap, &yearlyCap, &yearlyCap},
		Lines: []renewal.Line{
			line("a1", "Alunni Web", true, 800_00), line("a2", "Registro elettronico", true, 900_00), line("a3", "Biblioteca e prestiti", true, 85_00),
			line("b1", "Privacy Web", false, 882_22),
		},
	}
}

func revision(p *renewal.Proposal, number int, at string, orderDate string, ticks ...string) *renewal.Revision {
	when, err := time.Parse(time.RFC3339, at)
	if err != nil {
		panic(err)
	}
	return &renewal.Revision{
		Number: number, At: when, By: rinnova.Actor{Username: "SUPERVISOR.SG00127"}, Band: 2, Ticks: ticks,
		Order: renewal.Order{CIG: "B9A17C451B", Number: "45/2027", Date: rinnova.MustDate(orderDate),
			Payment: supplier.DefaultPaymentTerms()[0]},
		Totals: p.Totals(2, renewal.NewTicks(ticks...)), Terms: "2027-01", School: ragusa(),
	}
}

func confirmation() renewal.Confirmation {
	p := proposal()
	return renewal.Confirmation{
		Request: &renewal.Request{Number: "2027-004512", Kind: renewal.Assistance}, Proposal: p,
		Before:   revision(p, 1, "2027-01-11T08:20:00Z", "2027-01-11", "a1", "a2", "a3"),
		Revision: revision(p, 2, "2027-01-13T09:42:07Z", "2027-01-12", "a1", "a2", "b1"),
	}
}

func TestReceived(t *testing.T) {
	golden(t, "richiesta-ricevuta", renewalmail.Received(confirmation(), vendor(), baseURL))
}

// A receipt repeats what the school has answered to the office.
func TestReceivedWithAReply(t *testing.T) {
	c := confirmation()
	c.Revision.Reply = renewal.Reply{Reason: "Il CIG è di un’altra scuola.", Words: "L’abbiamo chiesto noi: è giusto.\nLa determina è la n. 12."}
	golden(t, "richiesta-ricevuta-risposta", renewalmail.Received(c, vendor(), baseURL))
}

func TestReceivedFirstTime(t *testing.T) {
	c := confirmation()
	c.Revision, c.Before = c.Before, nil
	p := vendor()
	p.Fictional = true
	golden(t, "richiesta-ricevuta-prima", renewalmail.Received(c, p, baseURL+"/"))
}

// A receipt says in which way a product is renewed, the fees of its parts, and why one is not renewed.
func TestReceivedWithChoices(t *testing.T) {
	c := confirmation()
	c.Request.Kind, c.Proposal.Bands, c.Proposal.Caps, c.Before = renewal.Services, nil, nil, nil
	year := rinnova.Period{From: rinnova.MustDate("2026-10-01"), To: rinnova.MustDate("2027-09-30")}
	one, years, extra := c.Proposal.Lines[1], c.Proposal.Lines[1], c.Proposal.Lines[3]
	one.Period, one.Choice, one.InCap = year, "registro", false
	years.ID, years.Choice, years.Variant, years.Ticked, years.InCap, years.Months = "v1", "registro", renewal.Years, false, false, 24
	years.Period = rinnova.Period{From: year.From, To: year.To.AddMonths(12)}
	years.Parts = []renewal.Part{{Period: year, Months: 12, Fees: []rinnova.Cents{900_00}},
		{Period: rinnova.Period{From: year.From.AddMonths(12), To: years.Period.To}, Months: 12, Fees: []rinnova.Cents{918_00}}}
	extra.ID, extra.Suggested, extra.Ticked = "v2", true, false
	c.Proposal.Lines = []renewal.Line{one, years, c.Proposal.Lines[3], extra}
	c.Revision = revision(c.Proposal, 1, "2026-11-20T09:42:07Z", "2026-11-16", "v1")
	c.Revision.Band, c.Revision.Totals = 1, c.Proposal.Totals(1, renewal.NewTicks("v1"))
	c.Revision.Leavings = renewal.Leavings{"b1": {Why: renewal.OtherVendor, Words: "ne abbiamo uno della provincia"}}
	golden(t, "richiesta-ricevuta-scelte", renewalmail.Received(c, vendor(), baseURL))
}

// The receipt of a notice, over a confirmation and without one.
func TestDeclined(t *testing.T) {
	v := &renewal.View{School: ragusa(), Season: renewal.Season{Name: "Rinnovo 2027"}, Request: &renewal.Request{Number: "2027-004512", Kind: renewal.Assistance, Revision: 2,
		Notice: renewal.Notice{At: time.Date(2027, 1, 13, 9, 42, 7, 0, time.UTC), By: "SUPERVISOR.SG00127", Leaving: renewal.Leaving{Why: renewal.TooDear}}}}
	golden(t, "non-rinnovata", renewalmail.Declined(v, vendor(), baseURL))
	v.Request.Revision, v.Request.Kind = 0, renewal.Services
	v.Request.Notice.Leaving = renewal.Leaving{Why: renewal.OtherWhy, Words: "chiudiamo il plesso"}
	golden(t, "non-rinnovata-servizi", renewalmail.Declined(v, supplier.Profile{Name: "Solo Nome S.p.A."}, baseURL))
}

// A receipt of services, without CIG, with two rates of VAT and a long name.
func TestReceivedForServices(t *testing.T) {
	c := confirmation()
	c.Request.Kind, c.Proposal.Bands, c.Before = renewal.Services, nil, nil
	c.Proposal.Lines[0].VAT = 400
	c.Revision = revision(c.Proposal, 1, "2027-10-08T22:15:00Z", "2027-10-08", "a1", "a2")
	c.Revision.Order.CIG, c.Revision.Order.Exclusion, c.Revision.Order.Reason = "", "ES07", "affidamento in house, delibera n. 12"
	c.Revision.Order.CUP = "J11B21000000001"
	c.Revision.School.DisplayName = "Istituto di Istruzione Superiore «San Giovanni Battista de la Salle – Niccolò Tommaseo» di Castelnuovo ne’ Monti"
	golden(t, "richiesta-ricevuta-servizi", renewalmail.Received(c, supplier.Profile{Name: "Solo Nome S.p.A."}, baseURL))
}

func TestToCorrect(t *testing.T) {
	c := confirmation()
	c.Request.Reason = "L’ordine n. 45/2027 sul MePA ha data 12/01/2027, nella richiesta è scritto 11/01/2027. Correggere la data."
	golden(t, "richiesta-da-correggere", renewalmail.ToCorrect(c.Request, c.Before, rinnova.MustDate("2027-01-29"), vendor(), baseURL))
}

// Whatever is ticked, text and HTML list exactly these products with the amounts that the confirmation keeps, down to its total,
// and those that are left; later prices change nothing.
func TestReceiptSaysWhatTheTotalsSay(t *testing.T) {
	for set := 1; set < 1<<4; set++ {
		c := confirmation()
		var ticks []string
		for i, l := range c.Proposal.Lines {
			if set&(1<<i) != 0 {
				ticks = append(ticks, l.ID)
			}
		}
		c.Revision, c.Before = revision(c.Proposal, 1, "2027-01-13T09:42:07Z", "2027-01-12", ticks...), nil
		want := []string{fmt.Sprintf("Prodotti scelti, %d su 4", len(ticks))}
		var left []string
		for i, l := range c.Proposal.Lines {
			if slices.Contains(ticks, l.ID) {
				want = append(want, l.Name+locale.Euro(c.Revision.Totals.Lines[i].Amount))
			} else {
				left = append(left, l.Name)
			}
			c.Proposal.Lines[i].Fees = []rinnova.Cents{1, 1, 1, 1}
		}
		if r := c.Revision.Totals.Reduction; r > 0 {
			want = append(want, "Riduzione per il tetto massimo"+locale.Euro(-r))
		}
		want = append(want, "Imponibile"+locale.Euro(c.Revision.Totals.Taxable), "IVA\u00a022\u00a0%"+locale.Euro(c.Revision.Totals.VAT), "Totale"+locale.Euro(c.Revision.Totals.Total))
		if len(left) > 0 {
			want = append(append(want, "Non si rinnova"), left...)
		}
		content := renewalmail.Received(c, vendor(), baseURL)
		lines := regexp.MustCompile(`(?m)^(- )?|: *`).ReplaceAllString(content.Text(), "")
		words := strings.Join(strings.FieldsFunc(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(content.HTML(), " "), func(r rune) bool { return r == ' ' || r == '\n' }), "")
		for _, said := range []string{strings.ReplaceAll(lines, "\n", ""), words} {
			if list := strings.ReplaceAll(strings.Join(want, ""), " ", ""); !strings.Contains(strings.ReplaceAll(said, " ", ""), list) {
				t.Errorf("%v: no\n%s\nin\n%s", ticks, list, said)
			}
		}
	}
}

func TestNothingChanged(t *testing.T) {
	c := confirmation()
	again := *c.Before
	again.Number = 2
	c.Revision = &again
	text := renewalmail.Received(c, vendor(), baseURL).Text()
	if !strings.Contains(text, "Rispetto alla conferma n.\u00a01 non è cambiato nulla.") {
		t.Errorf("no word of it in\n%s", text)
	}
}

func TestArticlesBeforeEightAndEleven(t *testing.T) {
	c := confirmation()
	for at, want := range map[string][2]string{
		"2027-01-08T10:00:00Z": {"l’08/01/2027 alle\u00a011:00:00", "dell’08/01/2027"},
		"2027-01-11T10:00:00Z": {"l’11/01/2027 alle\u00a011:00:00", "dell’11/01/2027"},
		"2027-07-12T22:30:00Z": {"il\u00a013/07/2027 alle\u00a000:30:00", "del\u00a013/07/2027"}, // the day in Rome
	} {
		c.Revision.At, _ = time.Parse(time.RFC3339, at)
		c.Before.At = c.Revision.At
		text := strings.ReplaceAll(renewalmail.Received(c, vendor(), baseURL).Text(), "\n", " ")
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("no %q in\n%s", w, text)
			}
		}
	}
}

// What people type must not become markup, another header or a line of its own.
func TestHostileTexts(t *testing.T) {
	hostile := "<script>alert(1)</script>\r\nBcc: x@evil.example\r\n\r\n-- \r\n\u202e"
	c := confirmation()
	c.Request.Reason = hostile
	c.Revision.Order.Number, c.Revision.Order.Reason, c.Revision.School.DisplayName = hostile, hostile, hostile
	c.Proposal.Lines[2].Name = hostile
	p := vendor()
	p.ShortName = hostile
	for name, content := range map[string]mail.Content{
		"received":   renewalmail.Received(c, p, baseURL),
		"to correct": renewalmail.ToCorrect(c.Request, c.Revision, rinnova.MustDate("2027-01-29"), p, baseURL),
	} {
		m := mail.Message{ID: "row@esempio.example", From: "a@esempio.example", To: "b@esempio.example", Date: c.Revision.At}.Fill(content)
		raw, err := m.Bytes()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
		if bytes.Contains(head, []byte("Bcc")) {
			t.Errorf("%s: a header more:\n%s", name, head)
		}
		if strings.Contains(m.HTML, "<script") || strings.Count(m.Text, "\n-- \n") != 1 || strings.Contains(m.Text+m.HTML, "\u202e") {
			t.Errorf("%s:\n%s\n%s", name, m.Text, m.HTML)
		}
	}
}
