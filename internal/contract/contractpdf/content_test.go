package contractpdf

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/supplier"
)

// TestEveryLine compares the rows of the tables with the document: each line once, in order, with the amounts of Totals.
func TestEveryLine(t *testing.T) {
	p := newPrinter(t)
	for name, d := range map[string]contract.Document{
		"assistance": sampleContract(t), "long": longContract(t), "services": sampleServices(t), "demo": demoContract(t),
	} {
		var want [][]string
		number := 0
		for _, included := range []bool{true, false} {
			for i, l := range d.Lines {
				if l.InCap != included {
					continue
				}
				number++
				m := d.Totals.Lines[i]
				row := []string{strconv.Itoa(number), l.Name, string(l.License), locale.Date(l.Period.From), locale.Date(l.Period.To),
					locale.Count(l.Contacts), locale.Amount(l.Fee), locale.Amount(m.Amount)}
				if l.Contacts == 0 {
					row[5] = "–"
				}
				switch {
				case d.Kind == renewal.Services:
				case l.InCap:
					row = append(row, locale.Amount(-m.Reduction))
				default:
					row = append(row, "–")
				}
				want = append(want, append(row, locale.Amount(m.Net)))
			}
		}
		var got [][]string
		for _, r := range structure(t, drawContract(t, p, d)).rows() {
			if _, err := strconv.Atoi(r[0]); err == nil && len(r) >= 9 {
				got = append(got, r)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestSums: the rows of sums are those of Totals.
func TestSums(t *testing.T) {
	p := newPrinter(t)
	rows := structure(t, drawContract(t, p, sampleContract(t))).rows()
	for _, want := range [][]string{
		{"Somma dei prodotti inclusi", "2.401,75", "−451,75", "1.950,00"},
		{"Somma dei prodotti esclusi", "432,22", "–", "432,22"},
		{"Somma dei prodotti inclusi", "2.401,75"},
		{"Tetto massimo (da 501 a 1000 alunni)", "1.950,00"},
		{"Riduzione per il tetto massimo", "−451,75"},
		{"Somma dei prodotti esclusi", "432,22"},
		{"Imponibile (importo da fatturare)", "2.382,22"},
		{"IVA 22 % su 2.382,22", "524,09"},
		{"Totale", "€ 2.906,31"},
		{"Al fornitore (imponibile)", "2.382,22"},
		{"Allo Stato (IVA)", "524,09"},
		{"Richiesta", "n. 2027-004512, conferma n. 2 del 13/01/2027 alle 10:42:07 (ora italiana)"},
		{"Confermata da", "SUPERVISOR.SG00127 (segreteria)"},
		{"Impronta del testo", "SHA-256 " + sampleContract(t).Terms.SHA256()},
		{"CIG", "CUP", "Ordine n.", "Data ordine", "Pagamento"},
		{"B9A17C451B", "non previsto", "45/2027", "12/01/2027", usualTerm.Name},
	} {
		if !slices.ContainsFunc(rows, func(r []string) bool { return slices.Equal(r, want) }) {
			t.Errorf("no row %q", want)
		}
	}
}

// TestHeadings: the structure tree has the headings in the order of the page.
func TestHeadings(t *testing.T) {
	p := newPrinter(t)
	for name, c := range map[string]struct {
		file []byte
		want []string
	}{
		"contract": {drawContract(t, p, sampleContract(t)), []string{
			"Contratto di manutenzione, assistenza e rinnovo licenza", "Fornitore", "Scuola", "Dati dell’ordine",
			"Prodotti inclusi nel calcolo del tetto massimo", "Prodotti esclusi dal calcolo del tetto massimo", "Importi", "Pagamento",
			"Conferma della scuola e condizioni accettate", "Firma e verifica", "Condizioni generali", "1. Oggetto"}},
		"services": {drawContract(t, p, sampleServices(t)), []string{
			"Contratto di rinnovo servizi", "Fornitore", "Scuola", "Dati dell’ordine", "Servizi", "Pagamento",
			"Conferma della scuola e condizioni accettate", "Firma e verifica", "Condizioni generali dei servizi", "1. Oggetto e durata"}},
		"reminder": {drawReminder(t, p, sampleReminder(t)), []string{
			"Promemoria della richiesta", "Dati dell’ordine", "Prodotti scelti"}},
	} {
		var got []string
		for _, n := range structure(t, c.file).kids[0].kids {
			if strings.HasPrefix(n.role, "H") {
				got = append(got, n.text)
			}
		}
		if d := cmp.Diff(c.want, got[:min(len(got), len(c.want))]); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// contractCase is a change to the sample contract, and what its text must and must not have then.
type contractCase struct {
	name   string
	change func(*contract.Document)
	has    []string
	lacks  []string
}

func TestContractTexts(t *testing.T) {
	p := newPrinter(t)
	for _, c := range []contractCase{
		{"as it is", func(*contract.Document) {}, []string{
			"n. 2027/000123 del 18 gennaio 2027", "Periodo dal 1° gennaio al 31 dicembre 2027 · fascia da 501 a 1000 alunni",
			"80006890646 · P.IVA non presente", "004512 · SG00127", "Lucia Ferrante, procuratrice", "Codice di verifica 7KQX-M4TD-92RF",
			"IT60 X054 2811 1010 0000 0123 456", "rinnovi.esempiosoftware.example/v", "Pagina 3 di 3", "Scissione dei pagamenti", "Imposta di bollo non dovuta",
			"Contratto n. 2027/000123 del 18/01/2027", "IC «G. Verga», Ragusa · C.F. 80006890646 · CIG B9A17C451B", "versione 2027-01 · parte del contratto",
		}, []string{fictional, "(segue)", "continua a pagina", "{{"}},
		{"fictional", func(d *contract.Document) { d.Vendor.Fictional = true }, []string{fictional}, nil},
		{"first day", func(d *contract.Document) { d.Date = rinnova.MustDate("2027-06-01") }, []string{"del 1° giugno 2027", "del 01/06/2027"}, nil},
		{"eighth", func(d *contract.Document) { d.Date = rinnova.MustDate("2027-03-08") }, []string{"dell’8 marzo 2027", "dell’08/03/2027"}, nil},
		{"eleventh", func(d *contract.Document) { d.Date = rinnova.MustDate("2027-03-11") }, []string{"dell’11 marzo 2027", "dell’11/03/2027"}, nil},
		{"no cap", func(d *contract.Document) { d.Cap = nil; d.Totals = quote(nil, d.Lines) },
			[]string{"Riduzione", "Tetto massimo (da 501 a 1000 alunni) non previsto"}, []string{"−"}},
		{"cap not reached", func(d *contract.Document) { c := rinnova.Cents(900000); d.Cap = &c; d.Totals = quote(&c, d.Lines) },
			[]string{"9.000,00"}, []string{"−"}},
		{"no bands", func(d *contract.Document) { d.Band = rinnova.Say("tutte le scuole") }, []string{"31 dicembre 2027 Fornitore", "Tetto massimo 1.950,00"},
			[]string{"fascia da", "tutte le scuole"}},
		{"several rates", func(d *contract.Document) { d.Totals = quote(d.Cap, d.Lines, 2200, 400, 0) }, []string{"IVA 0 % su", "IVA 4 % su", "IVA 22 % su"}, nil},
		{"no split payment", func(d *contract.Document) { d.Split = "" }, []string{"€ 2.906,31"}, []string{"Chi paga", "Allo Stato", "Scissione"}},
		{"sixty days", func(d *contract.Document) { d.PaymentClause = longTerm.Clause }, []string{"Termine espresso di 60 giorni. Le parti pattuiscono"}, nil},
		{"forty thousand", func(d *contract.Document) { d.StampDuty = "" }, nil, []string{"bollo"}},
		{"no CIG", func(d *contract.Document) {
			d.Order.CIG, d.Order.Exclusion, d.Order.Reason = "", "ES07", "servizi tra amministrazioni"
		}, []string{"non previsto (ES07)", "CIG non previsto (ES07). Motivo indicato dalla scuola: «servizi tra amministrazioni»", "C.F. 80006890646 · CIG non previsto ES07"}, []string{"B9A17C451B"}},
		{"CUP", func(d *contract.Document) { d.Order.CUP = "G96J20000090007" }, []string{"G96J20000090007"}, nil},
		{"school with a VAT number", func(d *contract.Document) { d.School.VATNumber = "01234567897" }, []string{"80006890646 · 01234567897"}, nil},
		{"vendor with two codes", func(d *contract.Document) { d.Vendor.TaxCode = "FRRLCU80A41F205X" },
			[]string{"P.IVA 12345678903 · C.F. FRRLCU80A41F205X"}, []string{"P.IVA e C.F."}},
		{"long school name", func(d *contract.Document) { d.School.ShortName = strings.Repeat("Istituto ", 20) }, []string{"RGIC82700L · C.F. 80006890646 · CIG B9A17C451B"}, nil},
		{"empty values", func(d *contract.Document) {
			d.School = contract.Party{Name: "Scuola"}
			d.Order = contract.Order{}
			d.Vendor.PEC, d.Vendor.Sentences.Signature, d.Vendor.Sentences.LicenseKeys = "", "", ""
		}, []string{"non presente", "da indicare", "non previsto"}, []string{"TD: licenza"}},
		{"only excluded lines", func(d *contract.Document) { d.Lines = d.Lines[9:]; d.Totals = quote(d.Cap, d.Lines) },
			[]string{"Prodotti esclusi"}, []string{"Prodotti inclusi nel calcolo del"}},
		{"signs", func(d *contract.Document) {
			d.School.Name = "Liceo «Città di Şile» – n. 3 & <b>(A)</b> \\ ’ €"
		},
			[]string{"Liceo «Città di Şile» – n. 3 & <b>(A)</b> \\ ’ €"}, nil},
		{"unknown characters", func(d *contract.Document) { d.ConfirmedBy = "Ивана 李" }, []string{"◊◊◊◊◊ ◊"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := sampleContract(t)
			c.change(&d)
			checkText(t, flatText(t, drawContract(t, p, d)), c.has, c.lacks)
		})
	}
}

// Whatever one field of the order is, the paper says it.
func TestPaperSaysEachFieldOfTheOrder(t *testing.T) {
	d := sampleContract(t)
	cells := func(o renewal.Order) string { return fmt.Sprint(orderCells(contract.Order{Order: o})) }
	for _, x := range renewal.Fields {
		base := d.Order.Order
		if x.Name == renewal.FieldExclusion {
			base.CIG = ""
		}
		if x.Name == renewal.FieldReason {
			continue // it stands below, in words
		}
		form := base.Form()
		x.Put(&form, map[string]string{renewal.FieldDate: "13/01/2027", renewal.FieldPayment: "60", renewal.FieldCIG: "B9C2E05674"}[x.Name])
		if x.Typed(form) == "" {
			x.Put(&form, "B12C34567890123")
		}
		if other := form.Read([]supplier.PaymentTerm{{Code: base.Payment.Code, Name: base.Payment.Name}, {Code: "60", Name: "Sessanta giorni"}}); cells(base) == cells(other) {
			t.Errorf("%s: the paper of %+v reads like that of %+v: %s", x.Name, other, base, cells(base))
		}
	}
}

func checkText(t *testing.T, text string, has, lacks []string) {
	t.Helper()
	for _, s := range has {
		if !strings.Contains(text, s) {
			t.Errorf("no %q", s)
		}
	}
	for _, s := range lacks {
		if strings.Contains(text, s) {
			t.Errorf("there should be no %q", s)
		}
	}
}

func TestServicesTexts(t *testing.T) {
	text := flatText(t, drawContract(t, newPrinter(t), sampleServices(t)))
	checkText(t, text, []string{"Contratto di rinnovo servizi", "n. S-2027/000018 del 20 settembre 2027", "Ai servizi non si applica il tetto massimo",
		"Somma dei servizi", "a tempo determinato (tipo TD)", "Condizioni dei servizi, versione S-2027-01, accettate con la conferma", "Versione S-2027-01 · parte del contratto", "Pagina 2 di 2"},
		[]string{"Riduzione", "fascia", "Tetto massimo", "prodotti"})
}

func TestReminderTexts(t *testing.T) {
	p := newPrinter(t)
	common := []string{"Promemoria della richiesta", "Non è un contratto. Riporta la richiesta", notContract, "Pagina 1 di 1", "€ 2.906,31",
		"Proposti e non scelti: Biblioteca e prestiti (TD, 01/01/2027–31/12/2027, 85,00).", "Mecc. RGIC82700L · C.F. 80006890646 · Univoco UF7K2M"}
	never := []string{"Codice di verifica", "Firma", "SHA-256", "Questo promemoria", "Condizioni", "Scissione"}
	for name, c := range map[string]struct {
		reminder   contract.Reminder
		has, lacks []string
	}{
		"confirmed": {sampleReminder(t), []string{"Inviata", "n. 2027-004512, conferma n. 2", "Confermata il", "13/01/2027 alle 10:42", "SUPERVISOR.SG00127",
			"Stampato il 13/01/2027 alle 10:43"}, []string{"non ancora"}},
		"draft": {sampleDraft(t), []string{"In compilazione: non ancora inviata", "senza conferme", "Ultima modifica", "13/01/2027 alle 10:31", "da indicare",
			"Richiesta non ancora inviata. Per inviarla"}, []string{"conferma n."}},
		"change": {sampleChange(t), []string{"In compilazione: modifiche non ancora inviate", "n. 2027-004512, conferma n. 2", "vale la conferma n. 2.",
			"– Manca il CIG, o il motivo per cui non c’è.", "– Mancano numero e data dell’ordine."}, []string{"Richiesta non ancora inviata"}},
	} {
		t.Run(name, func(t *testing.T) {
			checkText(t, flatText(t, drawReminder(t, p, c.reminder)), append(c.has, common...), append(c.lacks, never...))
		})
	}
	nothing := sampleReminder(t)
	for i := range nothing.Lines {
		nothing.Lines[i].Ticked = false
	}
	nothing.Band, nothing.Cap, nothing.Split = rinnova.Say("da indicare"), nil, false
	nothing.Totals = quote(nil, nothing.Lines)
	nothing.Vendor.Fictional = true
	checkText(t, flatText(t, drawReminder(t, p, nothing)), []string{"Nessuno dei prodotti proposti è scelto", "fascia da indicare", "Totale € 0,00", fictional}, []string{"Chi paga"})
}

// TestNothingChosen: a long list of what was not chosen goes over several pages.
func TestNothingChosen(t *testing.T) {
	r := sampleReminder(t)
	r.Lines = nil
	for i := range 120 {
		l := docLine("Prodotto numero "+strconv.Itoa(i)+" con un nome di una certa lunghezza, come ne hanno tanti", catalog.FixedTerm, 1, 100, true)
		l.Ticked = false
		r.Lines = append(r.Lines, l)
	}
	r.Totals = quote(r.Cap, r.Lines)
	file := drawReminder(t, newPrinter(t), r)
	pages := wordBoxes(t, file)
	if len(pages) < 2 {
		t.Errorf("%d pages", len(pages))
	}
	for i, p := range pages {
		checkEdges(t, p, i+1, len(pages))
		checkOverprint(t, p)
	}
	for _, p := range structure(t, file).all("P") {
		if strings.HasPrefix(p.text, "Proposti e non scelti: Prodotto numero 0 ") && strings.HasSuffix(p.text, "1,00).") && strings.Count(p.text, "Prodotto numero") == 120 {
			return
		}
	}
	t.Error("the list is not one paragraph")
}

// TestTermsTexts: the terms alone are no part of a contract, and name the version.
func TestTermsTexts(t *testing.T) {
	d := sampleContract(t)
	file, err := newPrinter(t).Terms(d.Terms, d.Vendor)
	if err != nil {
		t.Fatal(err)
	}
	checkText(t, flatText(t, file), []string{"Condizioni generali Manutenzione, assistenza e rinnovo licenza · versione 2027-01", "1. Oggetto", "10. Correzioni, legge e foro",
		"Il foro competente è quello stabilito dalla legge.", "Pagina 1 di 1"}, []string{"parte del contratto · "})
}

func TestWords(t *testing.T) {
	for in, want := range map[string]string{
		"art. 4 del decreto 9 ottobre 2002, n. 231":  "art._4 del decreto 9_ottobre_2002, n._231",
		"il 1° giugno 2027 e l’11 marzo":             "il 1°_giugno_2027 e l’11_marzo",
		"comma 4, lett. a, 22 % di € 10, 30 giorni":  "comma_4, lett. a, 22_% di €_10, 30_giorni",
		"Imposta non dovuta (allegato I.4)":          "Imposta non dovuta (allegato_I.4)",
		"un n. di telefono e 40.000 euro, D.Lgs. 36": "un n. di telefono e 40.000_euro, D.Lgs. 36",
	} {
		if got := strings.ReplaceAll(glue(in), locale.NBSP, "_"); got != want {
			t.Errorf("glue(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"IT60X0542811101000000123456": "IT60_X054_2811_1010_0000_0123_456", "IT60 X054": "IT60_X054", "": ""} {
		if got := strings.ReplaceAll(groupIBAN(in), locale.NBSP, "_"); got != want {
			t.Errorf("groupIBAN(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"7KQXM4TD92RF": "7KQX-M4TD-92RF", "ABC": "ABC", "": ""} {
		if got := groupCode(in); got != want {
			t.Errorf("groupCode(%q) = %q, want %q", in, got, want)
		}
	}
}
