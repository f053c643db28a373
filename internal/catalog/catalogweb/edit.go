package catalogweb

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/web"
)

// fieldColumns is how many bands the table of a form has.
const fieldColumns = "colonne"

// feeField and capField are the names of the cells of the table, by band.
func feeField(product string, b catalog.Band) string {
	return fmt.Sprintf("canone-%s-%d", product, int(b))
}
func capField(b catalog.Band) string { return fmt.Sprintf("tetto-%d", int(b)) }

// headForm is what is typed of a list besides its amounts.
type headForm struct {
	Name, ValidFrom, Bands string
}

// read takes the fields from a form; problems say what cannot be understood.
func (f *headForm) read(form url.Values, problems *rinnova.Problems) (validFrom rinnova.Date, bands catalog.Bands) {
	f.Name, f.ValidFrom, f.Bands = form.Get(catalog.FieldName), form.Get(catalog.FieldValidFrom), form.Get(catalog.FieldBands)
	var wrong rinnova.Text
	if strings.TrimSpace(f.ValidFrom) != "" {
		if validFrom, wrong = locale.ParseDate(f.ValidFrom); !wrong.IsZero() {
			*problems = append(*problems, rinnova.Problem{Field: catalog.FieldValidFrom, Text: wrong})
		}
	}
	if bands, wrong = catalog.ParseBands(f.Bands); !wrong.IsZero() {
		*problems = append(*problems, rinnova.Problem{Field: catalog.FieldBands, Text: wrong})
	}
	return validFrom, bands
}

// newPage is what the page of a new list shows.
type newPage struct {
	headForm
	State web.FormState
}

func (o *Office) newList(w http.ResponseWriter, r *http.Request) error {
	p := &newPage{}
	all, err := o.Catalog.Lists(r.Context())
	if err != nil {
		return err
	}
	if len(all) > 0 { // whoever begins anew has most likely the same bands
		p.Bands = all[0].Bands.String()
	}
	return web.Render(w, r, http.StatusOK, newListPage(o.frame(r), p))
}

func (o *Office) create(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	p := &newPage{}
	validFrom, bands := p.read(r.PostForm, &p.State.Problems)
	var l catalog.PriceList
	if len(p.State.Problems) == 0 {
		var err error
		if l, p.State.Problems, err = o.Catalog.Create(r.Context(), o.Actor(r.Context()), p.Name, validFrom, bands); err != nil {
			return err
		}
	}
	if len(p.State.Problems) > 0 {
		return web.Render(w, r, http.StatusUnprocessableEntity, newListPage(o.frame(r), p))
	}
	o.Flash(r.Context(), web.LangOf(r.Context()).T("Bozza creata"))
	return web.Redirect(w, r, ListPath(l.ID)+"/modifica")
}

// editPage is what the page of a draft's table shows: everything as it was typed.
type editPage struct {
	headForm
	ID       string
	Title    string
	Version  int64
	Columns  catalog.Bands
	Products []catalog.Product
	Cells    map[string]string // by the name of the field
	State    web.FormState
	Refused  rinnova.Text
	Recut    bool // the bands have changed: the table has other columns than what was sent
}

// page is the page of a draft as it stands.
func (o *Office) editPage(r *http.Request) (*editPage, catalog.PriceList, error) {
	ctx := r.Context()
	l, err := o.Catalog.List(ctx, r.PathValue("id"))
	if err != nil {
		return nil, l, err
	}
	products, err := o.Catalog.Products(ctx)
	if err != nil {
		return nil, l, err
	}
	p := &editPage{headForm: headForm{l.Name, locale.Date(l.ValidFrom), l.Bands.String()}, ID: l.ID, Title: l.Name, Version: l.Version, Columns: l.Bands, Cells: map[string]string{}}
	for _, x := range products {
		if _, on := l.Fees[x.ID]; on || !x.Retired {
			p.Products = append(p.Products, x)
		}
	}
	for _, b := range bandsOf(l.Bands) {
		for _, x := range p.Products {
			if fee, on := l.Fee(x.ID, b); on {
				p.Cells[feeField(x.ID, b)] = locale.Amount(fee)
			}
		}
		if c := l.Cap(b); c != nil {
			p.Cells[capField(b)] = locale.Amount(*c)
		}
	}
	return p, l, nil
}

func (o *Office) edit(w http.ResponseWriter, r *http.Request) error {
	p, l, err := o.editPage(r)
	if err != nil {
		return err
	}
	if l.State != catalog.Draft {
		return web.Redirect(w, r, ListPath(l.ID))
	}
	return web.Render(w, r, http.StatusOK, editListPage(o.frame(r), p))
}

func (o *Office) save(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	p, l, err := o.editPage(r)
	if err != nil {
		return err
	}
	problems := &p.State.Problems
	l.ValidFrom, l.Bands = p.read(r.PostForm, problems)
	l.Name, l.Version = p.Name, seen(r)
	p.Version = l.Version
	p.readCells(r.PostForm)
	if n := l.Bands.Count(); len(problems.Of(catalog.FieldBands)) == 0 && n != p.Columns.Count() && n <= catalog.MaxBands {
		p.Columns, p.Recut = l.Bands, true
		return web.Render(w, r, http.StatusUnprocessableEntity, editListPage(o.frame(r), p))
	}
	l.Fees, l.Caps = p.amounts()
	if len(*problems) == 0 {
		wrong, err := o.Catalog.Save(r.Context(), o.Actor(r.Context()), l)
		var refused bool
		if p.Refused, refused = refusal(err); err != nil && !refused {
			return err
		}
		*problems = problems.With(wrong)
	}
	if len(*problems) > 0 || !p.Refused.IsZero() {
		return web.Render(w, r, statusOf(*problems, p.Refused), editListPage(o.frame(r), p))
	}
	o.Flash(r.Context(), web.LangOf(r.Context()).T("Bozza salvata"))
	return web.Redirect(w, r, ListPath(l.ID))
}

// readCells takes the table as it was typed. Its columns are those that the form had.
func (p *editPage) readCells(form url.Values) {
	p.Cells = map[string]string{}
	n, err := strconv.Atoi(form.Get(fieldColumns))
	if err != nil || n < 1 || n > catalog.MaxBands {
		n = p.Columns.Count()
	}
	typed, _ := catalog.ParseBands(p.Bands)
	switch {
	case typed.Count() == n:
		p.Columns = typed
	case p.Columns.Count() != n: // the bands are typed wrong, or have just changed: only their number is known
		p.Columns = make(catalog.Bands, n-1)
		for i := range p.Columns {
			p.Columns[i] = i + 1
		}
	}
	for name, values := range form {
		if strings.HasPrefix(name, "canone-") || strings.HasPrefix(name, "tetto-") {
			p.Cells[name] = strings.TrimSpace(values[0])
		}
	}
}

// amounts reads the table: a row without amounts is a product that is not on the list, an empty cap is no cap.
func (p *editPage) amounts() (map[string][]rinnova.Cents, []*rinnova.Cents) {
	fees, bands := map[string][]rinnova.Cents{}, bandsOf(p.Columns)
	for _, x := range p.Products {
		if !slices.ContainsFunc(bands, func(b catalog.Band) bool { return p.Cells[feeField(x.ID, b)] != "" }) {
			continue
		}
		for _, b := range bands {
			fee := p.amount(feeField(x.ID, b))
			if fee == nil {
				p.State.Problems.Refuse(feeField(x.ID, b), "Manca l’importo di questa fascia: scrivetelo, anche 0, oppure vuotate tutta la riga.")
				continue
			}
			fees[x.ID] = append(fees[x.ID], *fee)
		}
	}
	var caps []*rinnova.Cents
	for _, b := range bands {
		caps = append(caps, p.amount(capField(b)))
	}
	return fees, caps
}

// amount reads a cell; nil where it is empty. What is wrong with it becomes a problem.
func (p *editPage) amount(field string) *rinnova.Cents {
	s := p.Cells[field]
	if s == "" {
		return nil
	}
	c, wrong := locale.ParseAmount(s)
	if !wrong.IsZero() {
		p.State.Problems = append(p.State.Problems, rinnova.Problem{Field: field, Text: wrong})
	}
	return &c
}

// aside are the cells of columns that are not there any more, in order. They wait until the table is saved: a band that is put
// back has its amounts again.
func (p *editPage) aside() []string {
	shown := map[string]bool{}
	for _, b := range bandsOf(p.Columns) {
		shown[capField(b)] = true
		for _, x := range p.Products {
			shown[feeField(x.ID, b)] = true
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(p.Cells)), func(name string) bool { return shown[name] || p.Cells[name] == "" })
}

// labels are the names of the fields for the summary of what is wrong.
func (p *editPage) labels(l locale.Lang) map[string]string {
	out := headLabels(l)
	for _, b := range bandsOf(p.Columns) {
		out[capField(b)] = l.T("Tetto massimo, %s", p.Columns.Name(b))
		for _, x := range p.Products {
			out[feeField(x.ID, b)] = l.T("%s, %s", x.Name, p.Columns.Name(b))
		}
	}
	return out
}

func headLabels(l locale.Lang) map[string]string {
	return map[string]string{catalog.FieldName: l.T("Nome"), catalog.FieldValidFrom: l.T("Vale dal"), catalog.FieldBands: l.T("Fasce di alunni")}
}
