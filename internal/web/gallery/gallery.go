// Package gallery shows every part of the kit once, with its behaviours: pages to copy from, and pages that the browser
// tests use. It is not part of the program. Its school, products and amounts are invented.
package gallery

import (
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/web"
)

// Routes are the pages of the gallery.
func Routes(m *web.Mux) {
	m.Handle("GET /parti", func(w http.ResponseWriter, r *http.Request) error {
		return web.Render(w, r, http.StatusOK, partsPage(shell()))
	})
	m.Handle("GET /elenco", func(w http.ResponseWriter, r *http.Request) error {
		s := shell()
		s.Office, s.Toast = true, "Vista salvata alle 10:42"
		return web.Render(w, r, http.StatusOK, listPage(s, rows))
	})
	m.Handle("POST /elenco", func(w http.ResponseWriter, r *http.Request) error {
		if err := web.ParseForm(r); err != nil {
			return err
		}
		return web.Render(w, r, http.StatusOK, takenPage(shell(), len(r.PostForm["riga"])))
	})
	m.Handle("GET /modulo", form)
	m.Handle("POST /modulo", form)
	m.Handle("POST /modulo/ricalcola", recalculate)
	m.Handle("GET /lavorazione", progress(new(atomic.Int64)))
}

func shell() web.Shell {
	return web.Shell{
		Brand: web.Brand{Name: "Esempio Software S.r.l.", Sub: "Rinnovo contratti", Home: "/parti"},
		Nav: []web.Link{
			{Text: "Parti", Href: "/parti"}, {Text: "Modulo", Href: "/modulo"}, {Text: "Elenco", Href: "/elenco"}, {Text: "Lavorazione", Href: "/lavorazione"},
		},
		User: &web.User{Name: "IC «G. Verga»", Detail: "SUPERVISOR.SG00001", Logout: "/esci"},
	}
}

// state is a form as it comes back with one error and one warning.
var state = web.FormState{Problems: rinnova.Problems{
	{Field: "cig", Warns: true, Code: "cig-cifra", Text: rinnova.Text{Format: "Forse c’è un errore di battitura: gli ultimi tre caratteri non corrispondono ai primi sette."}},
	{Field: "data", Text: rinnova.Text{Format: "Novembre ha 30 giorni: scrivete la data come 30/11/2026."}},
}}

var labels = map[string]string{"data": "Data ordine"}

// row is a line of the work list.
type row struct {
	ID, School, Town, Code string
	Taxable                rinnova.Cents
	Warning                string
}

var rows = []row{
	{"r1", "IC «G. Verga»", "Ragusa (RG)", "SG00001", 269000, ""},
	{"r2", "IS «A. Volta»", "Modica (RG)", "SG00018", 341250, "CIG da verificare"},
	{"r3", "IC «Dante Alighieri»", "Avola (SR)", "SG00342", 257000, ""},
}

// product is a line of the form.
type product struct {
	ID, Name string
	Amount   rinnova.Cents
	Ticked   bool
}

var offered = []product{{"a0", "Alunni Web", 42000, true}, {"a1", "Registro elettronico", 68000, true}, {"a2", "Scrutini e pagelle", 26000, true}}

// order is what the form holds.
type order struct {
	Products  []product
	Explained string // the product whose amount is explained
}

func read(r *http.Request) (order, error) {
	if r.Method == http.MethodGet {
		return order{Products: offered}, nil
	}
	if err := web.ParseForm(r); err != nil {
		return order{}, err
	}
	o := order{Products: slices.Clone(offered), Explained: r.PostForm.Get("spiega")}
	for i := range o.Products {
		o.Products[i].Ticked = slices.Contains(r.PostForm["riga"], o.Products[i].ID)
	}
	return o, nil
}

func (o order) total() (sum rinnova.Cents) {
	for _, p := range o.Products {
		if p.Ticked {
			sum += p.Amount
		}
	}
	return sum
}

func (o order) sums() []web.Sum {
	vat := rinnova.BasisPoints(2200).VAT(o.total())
	return []web.Sum{
		{Label: "Importo da fatturare", Amount: locale.Euro(o.total()), Weight: web.SumLine},
		{Label: "IVA 22%", Amount: locale.Euro(vat)},
		{Label: "Totale", Amount: locale.Euro(o.total() + vat), Weight: web.SumTotal},
	}
}

// form shows the whole page: at first, for the buttons that work without JavaScript, and for «Spiega», of which a script
// takes the one row that it asked for.
func form(w http.ResponseWriter, r *http.Request) error {
	o, err := read(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, formPage(shell(), o))
}

// recalculate sends the sums and what else changes with them. An empty choice shows how a refusal looks to a script.
func recalculate(w http.ResponseWriter, r *http.Request) error {
	o, err := read(r)
	if err != nil {
		return err
	}
	if o.total() == 0 {
		return &rinnova.Error{Kind: rinnova.Conflict, Message: rinnova.Text{Format: "Scegliete almeno un prodotto."}}
	}
	return web.Render(w, r, http.StatusOK, sumsAnswer(o))
}

// progress counts one further at each look, and stops at three.
func progress(done *atomic.Int64) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		n := int(min(done.Add(1), 3))
		if web.IsPartial(r) {
			return web.Render(w, r, http.StatusOK, progressPart(n))
		}
		return web.Render(w, r, http.StatusOK, progressPage(shell(), n))
	}
}

func cents(c rinnova.Cents) string { return strconv.FormatInt(int64(c), 10) }
