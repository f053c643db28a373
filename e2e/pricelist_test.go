package e2e_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/catalog/catalogweb"
	"rinnova/internal/surf"
)

// The price lists of the demonstration, for seasons of 2027 and of the year before.
const (
	thisList = "demo-listino-2027"
	lastList = "demo-listino-2026"
)

// draft is a draft that the manager has copied from this year's list.
func (p *program) draft(t *testing.T, name string) catalog.PriceList {
	t.Helper()
	l, _, problems, err := p.Prices.Copy(t.Context(), p.actor(t, manager), catalog.Copy{From: thisList, Name: name, ValidFrom: rinnova.MustDate("2027-09-01"), Raise: &catalog.Raise{Percent: 250, Rounding: 50}})
	check(t, err)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return l
}

// TestPriceLists is a price list from the copy of the year before to its approval: raised by the index, changed by hand,
// compared, approved by a second person, closed.
func TestPriceLists(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		v := p.login(t, manager)
		v.open(catalogweb.ListPath(thisList))
		v.reads("Listino 2027", "Approvato", "Responsabile ufficio", "Copiato da «Listino 2026», aumentato del 3,8%; importi arrotondati a € 0,50; tetti massimi invariati", "560,00", "1.950,00")
		v.follow("Copia in una nuova bozza")
		v.press("Crea la bozza", surf.Values{"nome": {"Listino 2028"}, "dal": {"01/09/2027"}, "come": {"indice"}, "serie": {"FOI"}, "mese_base": {"09/2025"},
			"mese_fine": {"09/2026"}, "quota": {"75"}, "minimo": {"0"}, "arrotonda": {"10"}})
		v.reads("Listino 2028", "Bozza", "75% della variazione dell’indice FOI fra settembre 2025 (120,1) e settembre 2026 (121,3)", "Ci sono importi scritti da voi")

		v.follow("Modifica")
		v.at("Modifica Listino 2028")
		v.pressFor(http.StatusUnprocessableEntity, "Salva la bozza", surf.Values{"canone-demo-REG-1": {"460.50"}, "canone-demo-REG-2": {""}, "tetto-4": {"moltissimo"}})
		v.reads("Per i centesimi usate la virgola", "Manca l’importo di questa fascia", "Scrivete l’importo in cifre")
		if got := v.Page.Doc.Find("#canone-demo-REG-1").AttrOr("value", "") + "|" + v.Page.Doc.Find("#tetto-4").AttrOr("value", ""); got != "460.50|moltissimo" {
			t.Errorf("what was typed is lost: %q", got)
		}
		v.pressFor(http.StatusUnprocessableEntity, "Salva la bozza", surf.Values{"canone-demo-REG-1": {"460,50"}, "canone-demo-REG-2": {"570,00"}, "tetto-4": {""}, "fasce": {"500, 1000, 1500, 2000"}})
		v.reads("Le fasce sono cambiate, la bozza non è ancora salvata")
		v.pressFor(http.StatusUnprocessableEntity, "Salva la bozza", surf.Values{"fasce": {"500, 1000"}})
		v.reads("Gli importi delle colonne tolte non si vedono più")
		v.pressFor(http.StatusUnprocessableEntity, "Salva la bozza", surf.Values{"fasce": {"500, 1000, 1500"}}) // four columns again
		v.press("Salva la bozza", nil)
		v.reads("460,50", "nessuno", "Poi 3 importi sono stati cambiati a mano", "a mano 460,50")
		id := v.Page.URL.Path[strings.LastIndex(v.Page.URL.Path, "/")+1:]
		l, err := p.Prices.List(t.Context(), id)
		check(t, err)
		seen := map[string]string{"visto": strconv.FormatInt(l.Version, 10)}

		if status, body := v.post(catalogweb.ListPath(id)+"/approva", seen); status != http.StatusConflict || !strings.Contains(body, "un’altra persona") {
			t.Errorf("who has edited it approves it: %d", status)
		}
		if n := v.Page.Doc.Find("nav a:contains('Listini') .rn-count").Text(); n != "1" {
			t.Errorf("%q price lists wait for who wrote one, want the demonstration's", n)
		}
		chief := p.login(t, admin)
		chief.open(catalogweb.ListsPath)
		if n := chief.Page.Doc.Find("nav a:contains('Listini') .rn-count").Text(); n != "2" {
			t.Errorf("%q price lists wait for approval, want 2", n)
		}
		chief.open(catalogweb.ListPath(id))
		other := p.login(t, manager) // edits once more while the other reads
		other.open(catalogweb.ListPath(id) + "/modifica")
		other.press("Salva la bozza", surf.Values{"tetto-4": {"2.750,00"}})
		chief.pressFor(http.StatusConflict, "Approva il listino", nil)
		chief.reads("Intanto Responsabile ufficio ha cambiato il listino", "2.750,00")
		v.open(catalogweb.ListPath(id) + "/modifica")
		chief.press("Approva il listino", nil)
		chief.reads("Approvato", "Amministratore")
		v.pressFor(http.StatusConflict, "Salva la bozza", surf.Values{"nome": {"Altro nome"}})
		v.reads("Il listino è stato approvato da Amministratore e non cambia più")
		if got := v.Page.Doc.Find("#nome").AttrOr("value", ""); got != "Altro nome" {
			t.Errorf("what was typed is lost: %q", got)
		}

		clerk := p.login(t, clerkOne)
		clerk.open(catalogweb.ListPath(id))
		if strings.Contains(clerk.Page.Text("main"), "Copia in una nuova bozza") {
			t.Error("a clerk is offered to write")
		}
		clerk.open(catalogweb.ListPath(id) + "/confronta")
		clerk.reads("Listino 2028 a confronto con Listino 2027", "Registro elettronico", "+10,00", "+1,79%")
		status, csv := clerk.send(http.MethodGet, catalogweb.ListPath(id)+"/confronta.csv?con="+thisList, "", nil)
		if status != http.StatusOK || !strings.Contains(csv, "REG;Registro elettronico – Docenti e Famiglie;da 501 a 1000;560,00;570,00;10,00;1,79;\r\n") {
			t.Errorf("status %d: %s", status, csv)
		}
		chief.open("/ufficio/registro?tipo=catalog")
		chief.reads("Listino approvato", "Listino cambiato", "Listino copiato", "«Listino 2028»", "da «Listino 2027»", "variazione 0,75%")
	})
}

// TestProductPages adds, changes and retires products; the second of two editors is told.
func TestProductPages(t *testing.T) {
	p := onSQLite(t)
	v, other := p.login(t, manager), p.login(t, admin)
	v.open(catalogweb.ProductsPath)
	v.follow("Nuovo prodotto")
	v.pressFor(http.StatusUnprocessableEntity, "Salva il prodotto", surf.Values{"nome": {"Mensa Web"}, "codice": {"reg"}, "iva": {"22"}, "contatti": {"tre"}})
	v.reads("Scrivete quanti contatti sono inclusi")
	v.pressFor(http.StatusUnprocessableEntity, "Salva il prodotto", surf.Values{"contatti": {"3"}})
	v.reads("Il codice REG è già di un altro prodotto")
	v.press("Salva il prodotto", surf.Values{"codice": {"mensa"}})
	v.reads("Mensa Web", "MENSA")
	v.open(catalogweb.ProductPath("demo-INV"))
	other.open(catalogweb.ProductPath("demo-INV"))
	v.press("Salva il prodotto", surf.Values{"ritirato": {"1"}})
	other.pressFor(http.StatusConflict, "Salva il prodotto", surf.Values{"nome": {"Inventario Web"}})
	other.reads("Intanto qualcun altro ha cambiato il prodotto")
	v.open(catalogweb.ListPath(thisList) + "/copia")
	v.reads("Nella copia non entrano i prodotti ritirati", "Inventario")
	v.press("Crea la bozza", surf.Values{"come": {"uguale"}, "nome": {"Listino 2028"}, "dal": {"1/9/2027"}})
	if toast := v.Page.Text(".rn-toast"); !strings.Contains(toast, "senza i prodotti ritirati: Inventario") {
		t.Errorf("the copy says %q", toast)
	}
	v.open("/ufficio/registro?tipo=catalog")
	v.reads("Prodotto cambiato", "ritirato: «no» → «sì»", "Prodotto aggiunto")
}

// TestPriceIndex imports an index from a file; a bad file says what is wrong with it.
func TestPriceIndex(t *testing.T) {
	p := onSQLite(t)
	v := p.login(t, manager)
	form := func(name, file string) (int, string) {
		return v.uploadForm(catalogweb.IndexPath, url.Values{"serie": {"NIC"}, "fonte": {"ISTAT, prova"}, "base": {"2015=100"}}, "file", name, []byte(file))
	}
	if status, body := form("nic.csv", "mese;indice\n09/2026;centoventi\n"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Riga 2: «centoventi» non è un indice") || !strings.Contains(body, "ISTAT, prova") {
		t.Errorf("status %d: %s", status, body)
	}
	if status, _ := form("nic.csv", strings.Repeat("x", 3<<20)); status != http.StatusRequestEntityTooLarge {
		t.Errorf("three megabytes: status %d", status)
	}
	if status, _ := form("nic.csv", "FREQ,TIME_PERIOD,OBS_VALUE\nM,2026-08,122.9\nM,2026-09,123.1\n"); status != http.StatusSeeOther {
		t.Errorf("status %d", status)
	}
	v.open(catalogweb.IndexPath + "?serie=NIC")
	v.reads("settembre 2026", "123,1", "2015=100", "ISTAT, prova")
}

// priceLists looks at the pages of products, price lists and indices.
func (w *walk) priceLists() {
	w.Go(catalogweb.ListsPath)
	w.enter(manager)
	w.check("listini")
	w.look(catalogweb.ProductsPath, "prodotti")
	w.look(catalogweb.ProductsPath+"/nuovo", "prodotto-nuovo")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("prodotto-errori")
	w.look(catalogweb.ProductPath("demo-REG"), "prodotto")
	w.look(catalogweb.IndexPath, "indici")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("indici-errori")
	w.look(catalogweb.IndexPath+"?serie=NIC", "indici-vuoti")
	w.look(catalogweb.ListsPath+"/nuovo", "listino-nuovo")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("listino-nuovo-errori")
	w.look(catalogweb.ListPath(thisList), "listino")
	w.look(catalogweb.ListPath(thisList)+"/copia", "listino-copia")
	w.Click("#come-1")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("listino-copia-errori")
	w.Click("#come-2")
	w.check("listino-copia-indice")
	draft := catalogweb.ListPath(w.p.draft(w.t, "Listino 2028").ID)
	w.look(draft, "listino-bozza")
	w.look(draft+"/confronta", "listino-confronta")
	w.look(catalogweb.ListPath(lastList)+"/confronta", "listino-confronta-niente")
	w.look(draft+"/modifica", "listino-modifica")
	w.Type("#canone-demo-REG-2", "tanto")
	w.Type("#tetto-1", "1234.5")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("listino-modifica-errori")
	w.Type("#fasce", "500, 1000")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("listino-modifica-fasce")
	w.look(draft+"/elimina", "listino-elimina")
	w.leave()
	w.Go(draft)
	w.enter(admin)
	w.check("listino-da-approvare")
	w.leave()
	w.Go(catalogweb.ProductPath("demo-REG"))
	w.enter(clerkOne)
	w.check("prodotto-sola-lettura")
	w.leave()
}
