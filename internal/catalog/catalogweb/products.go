package catalogweb

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/web"
)

// The fields of a product that are ticked.
const (
	fieldInCap   = "nel_tetto"
	fieldRetired = "ritirato"
)

func (o *Office) products(w http.ResponseWriter, r *http.Request) error {
	all, err := o.Catalog.Products(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, productsPage(o.frame(r), all, o.mayWrite(r)))
}

// productPage is what the page of a product shows: everything as it was typed.
type productPage struct {
	ID                                  string // empty: a new one
	Title                               string
	Code, Name, VAT, Contacts, Position string
	License                             catalog.License
	Offer                               catalog.Audience
	InCap, Retired                      bool
	Version                             int64
	Write                               bool
	State                               web.FormState
	Refused                             rinnova.Text
}

func productForm(p catalog.Product) *productPage {
	return &productPage{ID: p.ID, Title: p.Name, Code: p.Code, Name: p.Name, VAT: strings.TrimSuffix(locale.Percent(p.VAT), "%"), Contacts: strconv.Itoa(p.Contacts),
		Position: strconv.Itoa(p.Position), License: p.License, Offer: p.Offer, InCap: p.InCap, Retired: p.Retired, Version: p.Version}
}

func (o *Office) newProduct(w http.ResponseWriter, r *http.Request) error {
	all, err := o.Catalog.Products(r.Context())
	if err != nil {
		return err
	}
	p := catalog.Product{License: catalog.FixedTerm, InCap: true, VAT: 2200, Position: 1} // 22 %: the ordinary rate (DPR 633/1972, art. 16)
	for _, x := range all {
		p.Position = max(p.Position, x.Position+1)
	}
	form := productForm(p)
	form.Write = true
	return web.Render(w, r, http.StatusOK, productPageOf(o.frame(r), form))
}

func (o *Office) product(w http.ResponseWriter, r *http.Request) error {
	x, err := o.Catalog.Product(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	p := productForm(x)
	p.Write = o.mayWrite(r)
	return web.Render(w, r, http.StatusOK, productPageOf(o.frame(r), p))
}

func (o *Office) addProduct(w http.ResponseWriter, r *http.Request) error {
	return o.saveProduct(w, r, &productPage{})
}

func (o *Office) changeProduct(w http.ResponseWriter, r *http.Request) error {
	x, err := o.Catalog.Product(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return o.saveProduct(w, r, &productPage{ID: x.ID, Title: x.Name})
}

func (o *Office) saveProduct(w http.ResponseWriter, r *http.Request, p *productPage) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	p.Write, p.Version = true, seen(r)
	x := p.read(r.PostForm)
	if len(p.State.Problems) == 0 {
		_, problems, err := o.Catalog.SaveProduct(r.Context(), o.Actor(r.Context()), x)
		var refused bool
		if p.Refused, refused = refusal(err); err != nil && !refused {
			return err
		}
		p.State.Problems = problems
	}
	if len(p.State.Problems) > 0 || !p.Refused.IsZero() {
		return web.Render(w, r, statusOf(p.State.Problems, p.Refused), productPageOf(o.frame(r), p))
	}
	o.Flash(r.Context(), web.LangOf(r.Context()).T("Prodotto salvato"))
	return web.Redirect(w, r, ProductsPath)
}

// read takes the product from a form. What is no number becomes a problem, beside those that the service finds.
func (p *productPage) read(form url.Values) catalog.Product {
	p.Code, p.Name, p.VAT = form.Get(catalog.FieldCode), form.Get(catalog.FieldLabel), form.Get(catalog.FieldVAT)
	p.Contacts, p.Position = form.Get(catalog.FieldContacts), form.Get(catalog.FieldPosition)
	p.License, p.Offer = catalog.License(form.Get(catalog.FieldLicense)), catalog.Audience(form.Get(catalog.FieldOffer))
	p.InCap, p.Retired = form.Has(fieldInCap), form.Has(fieldRetired)
	x := catalog.Product{ID: p.ID, Code: p.Code, Name: p.Name, License: p.License, Offer: p.Offer, InCap: p.InCap, Retired: p.Retired, Version: p.Version}
	var wrong rinnova.Text
	if x.VAT, wrong = locale.ParsePercent(p.VAT); !wrong.IsZero() {
		p.State.Problems = append(p.State.Problems, rinnova.Problem{Field: catalog.FieldVAT, Text: wrong})
	}
	x.Contacts, x.Position = whole(p.Contacts), whole(p.Position)
	return x
}

// whole reads a whole number; −1, which no field takes, where it is none.
func whole(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return -1
	}
	return n
}

// action is where the form goes.
func (p *productPage) action() string {
	if p.ID == "" {
		return ProductsPath + "/nuovo"
	}
	return ProductPath(p.ID)
}

func licenses(l locale.Lang) []web.Option {
	var out []web.Option
	for _, x := range []catalog.License{catalog.FixedTerm, catalog.Perpetual} {
		out = append(out, web.Option{Value: string(x), Text: l.Text(x.Label())})
	}
	return out
}

func audiences(l locale.Lang) []web.Option {
	var out []web.Option
	for _, x := range catalog.Audiences {
		out = append(out, web.Option{Value: string(x), Text: l.Text(x.Label())})
	}
	return out
}

// inCapWord and retiredWord are what tables say.
func inCapWord(l locale.Lang, inCap bool) string {
	if inCap {
		return l.T("incluso")
	}
	return l.T("escluso")
}

func retiredWord(l locale.Lang, retired bool) string {
	if retired {
		return l.T("ritirato")
	}
	return l.T("in vendita")
}

func productLabels(l locale.Lang) map[string]string {
	return map[string]string{
		catalog.FieldCode: l.T("Codice"), catalog.FieldLabel: l.T("Nome"), catalog.FieldLicense: l.T("Tipo"), catalog.FieldVAT: l.T("IVA"),
		catalog.FieldContacts: l.T("Contatti"), catalog.FieldPosition: l.T("Ordine"), catalog.FieldOffer: l.T("Proposto a chi non ce l’ha"),
	}
}
