package e2e_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rinnova/internal/exchange"
	"rinnova/internal/exchange/exchangeweb"
	"rinnova/internal/sheet/sheettest"
	"rinnova/internal/surf"
)

// chief prepares seasons.
const chief = "RESPONSABILE"

// imports is a file that a manager has sent and that has been read.
func (p *program) imports(t *testing.T, what exchange.What, name string, data []byte) exchange.Import {
	t.Helper()
	i, err := p.Exchange.Receive(t.Context(), p.actor(t, chief), what, name, data)
	check(t, err)
	p.work(t)
	i, err = p.Exchange.Store.Import(t.Context(), i.ID)
	check(t, err)
	return i
}

// TestHostileFilesOnThePage sends every hostile file by the form: its sender reads what is wrong, beside the field or on the
// page of the import, and nothing is written.
func TestHostileFilesOnThePage(t *testing.T) {
	p := onSQLite(t)
	v := p.login(t, chief)
	before := p.school(t, "SG00003")
	files := sheettest.Files(before.MinistryCode)
	path := exchangeweb.Path + "/" + string(exchange.Codes)
	for _, f := range files {
		t.Run(f.Name, func(t *testing.T) {
			status, body := v.upload(path, exchangeweb.FieldFile, f.Name, f.Make())
			if status == http.StatusSeeOther {
				p.work(t)
				v.open(exchangeweb.Path)
				v.follow(f.Name)
				body = v.Page.Text("main")
			} else {
				body = mainOf(t, body)
			}
			if status != http.StatusSeeOther && status != http.StatusUnprocessableEntity || !strings.Contains(body, plain(f.Says)) {
				t.Errorf("status %d, no %q in %.1500s", status, f.Says, body)
			}
		})
	}
	if after := p.school(t, "SG00003"); after != before {
		t.Errorf("%+v", after)
	}
	t.Logf("%d files", len(files))
}

func mainOf(t *testing.T, body string) string {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	check(t, err)
	return surf.Words(doc.Find("main"))
}

// TestAFileIsLookedAtThenApplied is the whole way of a manager, without JavaScript, on both databases.
func TestAFileIsLookedAtThenApplied(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		v := p.login(t, chief)
		v.open(exchangeweb.Path)
		v.open(exchangeweb.Path + "/scuole")
		for _, file := range []string{"modello.csv", "modello.xlsx", "dati.csv", "dati.xlsx"} {
			page, err := v.Fetch(exchangeweb.Path + "/scuole/" + file)
			check(t, err)
			if page.Status != http.StatusOK || len(page.Body) < 100 {
				t.Errorf("%s: %d, %d bytes", file, page.Status, len(page.Body))
			}
			if file == "dati.xlsx" {
				if i := p.imports(t, exchange.Schools, file, page.Body); i.Detail.Counts != (exchange.Counts{Unchanged: schools}) {
					t.Errorf("what was exported changes something: %+v", i.Detail)
				}
			}
		}
		status, _ := v.upload(exchangeweb.Path+"/scuole", exchangeweb.FieldFile, `C:\x\alunni "nuovi".csv`, []byte("codice portale;alunni\nSG00003;999\nSG99999;1\n"))
		if status != http.StatusSeeOther {
			t.Fatalf("status %d", status)
		}
		p.work(t)
		v.open(exchangeweb.Path)
		v.follow(`alunni "nuovi".csv`)
		v.reads("Che cosa cambierebbe", "Righe rifiutate", "Nessuna scuola ha il codice portale SG99999", "Da applicare")
		v.follow("Righe cambiate 1")
		v.reads("SG00003", "999 (2026/27)")
		v.press("Applica", nil)
		p.work(t)
		v.open(v.Page.URL.Path)
		v.reads("Applicata", "Che cosa è cambiato")
		if s := p.school(t, "SG00003"); s.Pupils != 999 {
			t.Errorf("%d pupils", s.Pupils)
		}
		v.open("/ufficio/registro")
		v.reads("Dati importati da un file")
		csv, err := v.Fetch(exchangeweb.ImportPath(lastImport(t, p).ID) + "/rifiutate.csv")
		check(t, err)
		if !bytes.Contains(csv.Body, []byte("SG99999")) {
			t.Errorf("%s", csv.Body)
		}
		o := p.login(t, clerkOne)
		o.open(exchangeweb.Path + "/scuole")
		o.reads("Importare spetta ai responsabili")
		if status, _ := o.upload(exchangeweb.Path+"/scuole", exchangeweb.FieldFile, "x.csv", []byte("codice portale;alunni\nSG00003;1\n")); status != http.StatusForbidden {
			t.Errorf("a clerk imports: %d", status)
		}
	})
}

func lastImport(t *testing.T, p *program) exchange.Import {
	t.Helper()
	all, err := p.Exchange.Store.Imports(t.Context(), 1)
	check(t, err)
	return all[0]
}

// exchange looks at the pages of the exchange of data.
func (w *walk) exchange() {
	t, p := w.t, w.p
	w.Go(exchangeweb.Path)
	w.enter(clerkOne)
	w.check("scambio-impiegato")
	w.leave()
	w.Go(exchangeweb.Path)
	w.enter(chief)
	w.check("scambio-vuoto")
	for _, l := range exchange.Layouts {
		w.look(exchangeweb.Path+"/"+string(l.What), "scambio-"+string(l.What))
	}
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("scambio-senza-file")
	waiting, err := p.Exchange.Receive(t.Context(), p.actor(t, chief), exchange.Schools, "scuole da leggere.csv", []byte("codice portale;alunni\nSG00003;1\n"))
	check(t, err)
	w.look(exchangeweb.ImportPath(waiting.ID), "scambio-in-lettura")
	s := p.school(t, "SG00003")
	i := p.imports(t, exchange.Schools, "scuole.csv", []byte("codice meccanografico;codice portale;denominazione;comune;codice fiscale;e-mail;alunni\n"+
		s.MinistryCode+";;;;80006890647;nuovo@pec.scuola.example;1200\nRGIC82700L;;Istituto Comprensivo «Prova»;Ragusa;;;\n;SG99999;;;12;;molti\n"+s.MinistryCode+";;;;;;\n"))
	for _, v := range exchange.Views {
		w.look(exchangeweb.ImportPath(i.ID)+"?vista="+string(v), "scambio-"+string(v))
	}
	check(t, p.Exchange.Apply(t.Context(), p.actor(t, chief), i.ID, i.Digest))
	p.work(t)
	w.look(exchangeweb.ImportPath(i.ID), "scambio-applicata")
	bad := p.imports(t, exchange.Codes, "nomi.csv", []byte("codice portale;codice fiscale\n"))
	w.look(exchangeweb.ImportPath(bad.ID), "scambio-illeggibile")
	w.look(exchangeweb.Path, "scambio")
	w.leave()
}
