package renewalweb_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"

	"rinnova"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

// Each wrong input of each field gets a message beside it; what was typed comes back, and nothing is sent.
func TestWrongInput(t *testing.T) {
	s := began(t)
	for _, x := range []struct{ field, value, message string }{
		{"cig", "", "Manca il CIG"},
		{"cig", renewaltest.ShortCIG, "10 caratteri"},
		{"cig", renewaltest.GoodCIG + "0", "10 caratteri"},
		{"cig", "B4A27*154F", "CIG"},
		{"cig", "0000000000", "aprite «Non avete il CIG?»"},
		{"cig", renewaltest.OddCIG, "errore di battitura"},
		{"cig", "9876543210", "CIG"},
		{"cup", "ABC", "15 caratteri"},
		{"numero", "", "Manca il numero"},
		{"numero", "   ", "Manca il numero"},
		{"numero", strings.Repeat("9", 21), "Al massimo 20 caratteri"},
		{"numero", "214/2026 Ж", "non può portare «Ж»"},
		{"numero", "🎉", "niente di quello che c’è qui"},
		{"numero", "<b>1</b>", "non può portare «<>»"},
		{"numero", "prot. uno", "nessuna cifra"},
		{"data", "", "Manca la data"},
		{"data", "31/11/2026", "Novembre 2026 ha 30 giorni"},
		{"data", "00/00/0000", "con i numeri"},
		{"data", "29/02/2027", "Febbraio 2027 ha 28 giorni"},
		{"data", "16/13/2026", "I mesi sono 12"},
		{"data", "16/11/99999", "con i numeri"},
		{"data", "16/11/9999", "troppo lontano"},
		{"data", "16/11/226", "quattro cifre"},
		{"data", "16 novembre 2026", "con i numeri"},
		{"data", "ieri", "giorno/mese/anno"},
		{"data", "2026-16-11", "I mesi sono 12"},
		{"data", "2028-11-16", "troppo lontano"},
		{"data", "16/11/1999", "troppo lontano"},
		{"data", "16/12/2026", "nel futuro"},
		{"data", "16/11/2024", "più di un anno"},
		{"pagamento", "", "Scegliete come pagate"},
		{"pagamento", "domani", "Scegliete come pagate"},
	} {
		t.Run(x.field+"="+x.value, func(t *testing.T) {
			a := s.post(s.path(), with(filled(), x.field, x.value))
			a.want(t, 422, "La richiesta non è ancora inviata")
			if got := a.message(x.field); !strings.Contains(got, x.message) {
				t.Errorf("beside %s stands %q, want %q", x.field, got, x.message)
			}
			if got := a.value(x.field); got != rinnova.Clean(x.value) && x.value != "domani" {
				t.Errorf("%s came back as %q", x.field, got)
			}
			if a.Find(`.rn-note.is-bad a[href="#`+x.field+`"]`).Length() == 0 {
				t.Errorf("the summary does not lead to %s", x.field)
			}
			if got := a.Find(`[name=accetta][checked]`).Length(); got != 1 {
				t.Error("the accepted terms were forgotten")
			}
			if r := s.Request(t, s.A); r.Revision != 0 || r.State != renewal.Drafted {
				t.Errorf("confirmation %d, %s", r.Revision, r.State)
			}
		})
	}
}

func TestWithoutCIG(t *testing.T) {
	for _, x := range []struct{ exclusion, reason, field, message string }{
		{"ES07", "", "motivo", "Scrivete in breve"},
		{"ES07", strings.Repeat("x", 201), "motivo", "Al massimo 200 caratteri"},
		{"ES28", "perché sì", "esclusione", "da ES01 a ES27"},
		{"ES07", "Contratto sotto soglia esclusa", "", ""},
	} {
		s := began(t)
		a := s.post(s.path(), with(filled(), "cig", "", "esclusione", x.exclusion, "motivo", x.reason))
		if x.field == "" {
			a.wantRedirect(t, s.path()+"/conferma/1")
			s.get(s.path()+"/conferma/1").want(t, 200, "Senza CIG (ES07 – diritto esclusivo: «Contratto sotto soglia esclusa»)")
			continue
		}
		a.want(t, 422)
		if got := a.message(x.field); !strings.Contains(got, x.message) {
			t.Errorf("beside %s stands %q, want %q", x.field, got, x.message)
		}
		if a.Find("details[open] [name=motivo]").Length() == 0 {
			t.Errorf("%s: the fields with the message are folded away", x.exclusion)
		}
	}
	s := began(t)
	both := s.post(s.path(), with(filled(), "esclusione", "ES07"))
	both.want(t, 422)
	if got := both.message("cig"); !strings.Contains(got, "tutti e due") {
		t.Errorf("beside cig stands %q", got)
	}
}

// hostile is what nobody types by mistake.
var hostileInput = map[string]string{
	"long":       strings.Repeat("9A", 5_000),
	"control":    "B4A2\x00\x01\x1b[31m\u0085\u2028",
	"html":       `"><script>alert(1)</script><b onmouseover='x'>`,
	"templ":      "{{ .Secret }} ${x} #{y}",
	"emoji":      "👩‍🏫🎒 école",
	"sql":        `'; DROP TABLE request; --`,
	"like":       "%_%",
	"not UTF-8":  "\xff\xfe\xc3\x28",
	"formula":    "=HYPERLINK(\"http://x\")",
	"lines":      "a\r\nBcc: x@example.com\r\n\r\nb",
	"right left": "\u202e214/2026\u202c",
	"spaces":     "\u00a0\u2003\t ",
	"huge date":  "99999999999/99999999999/99999999999",
	"minus":      "-1/-1/-1",
}

func TestHostileInput(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		s := begin(t, siteOn(t, w))
		for name, value := range hostileInput {
			for _, field := range []string{"cig", "esclusione", "motivo", "cup", "numero", "data", "pagamento", "riga", "aperta", "spiega", "visto", "condizioni", "controllato", "accetta", "azione"} {
				for _, header := range []string{"", "true"} {
					form := with(filled(), field, value)
					form.Set("azione", "ricalcola")
					if field == "azione" {
						form.Set("azione", value)
					}
					a := s.post(s.path(), form, "HX-Request", header)
					if a.Status >= 500 {
						t.Fatalf("%s in %s: status %d", name, field, a.Status)
					}
					if strings.Contains(a.Body, "<script>alert") {
						t.Errorf("%s in %s comes back as markup", name, field)
					}
				}
				if a := s.get(s.path()); a.Status != 200 || strings.Contains(a.Body, "<script>alert") {
					t.Errorf("%s in %s: the page then has status %d", name, field, a.Status)
				}
			}
		}
	})
}

func TestHostileConfirmation(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		s := begin(t, siteOn(t, w))
		for name, value := range hostileInput {
			for _, field := range []string{"cig", "cup", "numero", "data", "pagamento"} {
				seen := strconv.Itoa(s.Request(t, s.A).Revision)
				a := s.post(s.path(), with(filled(), field, value, "visto", seen))
				if a.Status != 422 || a.message(field) == "" {
					if field == "cup" && name == "spaces" {
						continue // no CUP
					}
					if field == "numero" && a.Status == 303 { // letters and signs that an invoice takes
						continue
					}
					t.Errorf("%s in %s: status %d, message %q", name, field, a.Status, a.message(field))
				}
			}
		}
		if a := s.get("/area"); a.Status != 200 {
			t.Errorf("area: status %d", a.Status)
		}
	})
}

// A contract states the band that the school has said: nothing is confirmed or saved before it is asked.
func TestTheBandIsSaidFirst(t *testing.T) {
	s := newSite(t)
	for _, action := range []string{"conferma", "esci", ""} {
		s.post(s.path(), with(filled(), "azione", action)).wantRedirect(t, s.path()+"/fascia")
	}
	if r := s.Request(t, s.A); r.State != renewal.Offered || r.Revision != 0 {
		t.Errorf("the request is %s, confirmation %d", r.State, r.Revision)
	}
}

// What an e-invoice writes otherwise is taken, and the form and the receipt say how it will stand there.
func TestNumbersAreShownAsInTheInvoice(t *testing.T) {
	s := began(t)
	s.post(s.path(), with(filled(), "numero", "n° 12", "azione", "ricalcola")).want(t, 200, "Nella fattura elettronica: n. 12")
	live := s.post(s.path(), with(filled(), "numero", "n° 12", "lasciato", "numero", "azione", ""), "HX-Request", "true")
	if got := live.text("hx-partial[hx-target='#numero-msg']"); got != "Nella fattura elettronica: n. 12" {
		t.Errorf("as it is typed: %q", got)
	}
	s.post(s.path(), with(filled(), "numero", "n° 12")).wantRedirect(t, s.path()+"/conferma/1")
	s.get(s.path()+"/conferma/1").want(t, 200, "ordine n° 12 (nella fattura elettronica: n. 12)")
}

func TestTypedValuesComeBackEscaped(t *testing.T) {
	s := began(t)
	for name, value := range hostileInput {
		if !utf8.ValidString(value) || strings.ContainsAny(value, "\x00\r\u0085\t") {
			continue // what a browser cannot send in one line
		}
		a := s.post(s.path(), with(filled(), "numero", value))
		if a.Status == 422 && a.value("numero") != rinnova.Clean(value) {
			t.Errorf("%s: came back as %.60q", name, a.value("numero"))
		}
	}
}

func TestTicks(t *testing.T) {
	s := began(t)
	none := filled()
	none.Del("riga")
	a := s.post(s.path(), none)
	a.want(t, 422, "Scegliete almeno un prodotto")
	if a.Find(`a[href="#prodotti"]`).Length() == 0 || a.Find("#riga-msg .rn-msg").Length() == 0 {
		t.Error("the message does not lead to the products")
	}
	if n := a.Find("input[name=riga][checked]").Length(); n != 0 {
		t.Errorf("%d ticks came back", n)
	}
	one := filled()
	one["riga"] = []string{renewaltest.PagoPA, "p99", "", renewaltest.PagoPA}
	s.post(s.path(), one).wantRedirect(t, s.path()+"/conferma/1")
	s.get(s.path()+"/conferma/1").want(t, 200, "Importo da fatturare € 150,00", "IVA 22% € 33,00", "Totale € 183,00")
}

func TestWarnings(t *testing.T) {
	s := began(t)
	odd := func(pairs ...string) url.Values { return with(with(filled(), "cig", renewaltest.OddCIG), pairs...) }
	a := s.post(s.path(), odd())
	a.want(t, 422)
	code, _ := a.Find(`[name=controllato]`).Attr("value")
	if code != "cig.check:"+renewaltest.OddCIG {
		t.Fatalf("the checkbox stands for %q", code)
	}
	b := s.post(s.path(), odd("controllato", code, "numero", ""))
	b.want(t, 422, "Manca il numero")
	if b.Find("[name=controllato][checked]").Length() != 1 {
		t.Error("the acknowledged warning was forgotten")
	}
	if b.Find(`.rn-note.is-bad a[href="#cig"]`).Length() != 0 {
		t.Error("the summary still names the acknowledged warning")
	}
	s.post(s.path(), odd("controllato", "cig.check:"+renewaltest.GoodCIG)).want(t, 422)
	s.post(s.path(), odd("controllato", code)).wantRedirect(t, s.path()+"/conferma/1")
	if r := s.Request(t, s.A); len(r.Warnings) != 1 || r.Warnings[0] != "cig.check" {
		t.Errorf("warnings for the office: %v", r.Warnings)
	}
}

func TestTermsMustBeAccepted(t *testing.T) {
	s := began(t)
	form := filled()
	form.Del("accetta")
	a := s.post(s.path(), form)
	a.want(t, 422, "Per confermare occorre accettare le condizioni")
	if a.message("accetta") == "" {
		t.Error("no message beside the checkbox")
	}
	s.post(s.path(), with(filled(), "condizioni", "2020-01")).want(t, 422, "Le condizioni sono cambiate: ora vale la versione 2027-01")
}

// A page that is opened speaks only of fields that hold something.
func TestPageShowsProblemsOfWhatWasTyped(t *testing.T) {
	s := began(t)
	s.post(s.path(), with(filled(), "cig", renewaltest.ShortCIG, "numero", "", "azione", "ricalcola")).want(t, 200, "CIG: da controllare", "Numero ordine: manca")
	a := s.get(s.path())
	if !strings.Contains(a.message("cig"), "10 caratteri") {
		t.Errorf("beside the CIG stands %q", a.message("cig"))
	}
	if got := a.message("numero"); got != "" {
		t.Errorf("beside the empty number stands %q", got)
	}
	if a.Find(".rn-note.is-bad").Length() != 0 {
		t.Error("a page that is opened has a summary of errors")
	}
}

// Whatever the button, everything typed is there afterwards.
func TestEveryButtonKeepsWhatWasTyped(t *testing.T) {
	for _, x := range []struct{ button, leads string }{
		{"esci", "/area"}, {"stampa", "/promemoria.pdf"}, {"fascia", "/fascia"}, {"annulla", "/annulla"}, {"ricalcola", ""}, {"", ""}, {"altro", ""},
	} {
		s := began(t)
		a := s.post(s.path(), with(filled(), "azione", x.button, "numero", "7/X", "riga", renewaltest.PagoPA))
		switch {
		case x.leads == "/area":
			a.wantRedirect(t, "/area")
		case x.leads != "":
			a.wantRedirect(t, s.path()+x.leads)
		case a.Status != 200 || a.value("numero") != "7/X":
			t.Errorf("%q: status %d, number %q", x.button, a.Status, a.value("numero"))
		}
		again := s.get(s.path())
		ticked := again.Find("input[name=riga][checked]").Map(func(_ int, i *goquery.Selection) string { return i.AttrOr("value", "") })
		if again.value("numero") != "7/X" || again.value("cig") != renewaltest.GoodCIG || again.value("pagamento") != "30" || strings.Join(ticked, " ") != renewaltest.PagoPA {
			t.Errorf("%q: number %q, CIG %q, payment %q, ticks %v", x.button, again.value("numero"), again.value("cig"), again.value("pagamento"), ticked)
		}
	}
}
