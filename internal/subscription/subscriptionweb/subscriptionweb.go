// Package subscriptionweb is the office's pages of what a school has: a card on the school's page, with a picture over time, and
// the forms with which managers add, change, end and take away a product.
package subscriptionweb

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/school"
	"rinnova/internal/school/schoolweb"
	"rinnova/internal/subscription"
	"rinnova/internal/web"
)

// ProductsPath is below a school's page; what the school has is below it by its id.
func ProductsPath(schoolID string) string { return schoolweb.SchoolPath(schoolID) + "/prodotti" }

// NewPath is the form that gives a school a product.
func NewPath(schoolID string) string { return ProductsPath(schoolID) + "/nuovo" }

// Office serves the pages. Its routes belong behind the guard of the office.
type Office struct {
	Desk    *subscription.Desk
	Schools interface {
		School(ctx context.Context, id string) (school.School, error)
	}
	Bands func(context.Context) (catalog.Bands, error)   // of the newest season
	Flat  func(context.Context) (map[string]bool, error) // products whose price is the same in every band
	Clock rinnova.Clock
	Actor func(context.Context) rinnova.Actor
	Shell func(*http.Request) web.Shell
	Flash func(ctx context.Context, sentence string)
}

// Routes are the office's forms of what a school has.
func (o *Office) Routes(m *web.Mux) {
	const path = schoolweb.SchoolsPath + "/{id}/prodotti"
	m.Handle("GET "+path+"/nuovo", o.add)
	m.Handle("POST "+path+"/nuovo", o.save)
	m.Handle("GET "+path+"/{product}", o.edit)
	m.Handle("POST "+path+"/{product}", o.save)
	m.Handle("GET "+path+"/{product}/cancella", o.askRemove)
	m.Handle("POST "+path+"/{product}/cancella", o.remove)
}

// entry is one thing that a school has, as pages show it.
type entry struct {
	subscription.Subscription
	Product string // name
	From    string // short name of the school that had it before; empty: none
}

// has is what the card shows.
type has struct {
	SchoolID string
	Entries  []entry // by product, the newest first
	Bands    catalog.Bands
	Manager  bool
	Today    rinnova.Date
}

// Card is the part of the school's page that lists what it has and had.
func (o *Office) Card(ctx context.Context, schoolID string) (templ.Component, error) {
	h := &has{SchoolID: schoolID, Manager: o.Actor(ctx).IsManager(), Today: o.Clock.Today()}
	all, err := o.Desk.Service.Store.OfSchool(ctx, schoolID)
	if err != nil {
		return nil, err
	}
	products, err := o.products(ctx)
	if err != nil {
		return nil, err
	}
	if h.Bands, err = o.Bands(ctx); err != nil {
		return nil, err
	}
	flat, err := o.Flat(ctx)
	if err != nil {
		return nil, err
	}
	for _, x := range all {
		if flat[x.ProductID] {
			x.Band = 0 // contracts that are older wrote one
		}
		e := entry{Subscription: x, Product: cmp.Or(products[x.ProductID].Name, x.ProductID)}
		if x.MovedFrom != "" {
			s, err := o.Schools.School(ctx, x.MovedFrom)
			if err != nil {
				return nil, err
			}
			e.From = s.ShortName
		}
		h.Entries = append(h.Entries, e)
	}
	slices.SortStableFunc(h.Entries, func(a, b entry) int {
		return cmp.Or(products[a.ProductID].Position-products[b.ProductID].Position, strings.Compare(a.Product, b.Product), b.Period.From.DaysUntil(a.Period.From)*-1)
	})
	return card(h), nil
}

func (o *Office) products(ctx context.Context) (map[string]catalog.Product, error) {
	all, err := o.Desk.Products(ctx)
	out := make(map[string]catalog.Product, len(all))
	for _, p := range all {
		out[p.ID] = p
	}
	return out, err
}

// count says how many products run today.
func (h *has) count(l locale.Lang) string {
	n := 0
	for _, x := range h.Entries {
		if !h.Today.Before(x.Period.From) && !h.Today.After(x.Period.To) {
			n++
		}
	}
	if n == 1 {
		return l.T("uno in corso oggi")
	}
	return l.T("%d in corso oggi", n)
}

func (h *has) band(l locale.Lang, b catalog.Band) string {
	if b == 0 || !h.Bands.Several() {
		return "–"
	}
	return l.Text(h.Bands.Short(b))
}

func fee(x entry) string {
	if x.Fee == nil {
		return "–"
	}
	return locale.Amount(*x.Fee)
}

func used(x entry) string {
	if x.Used == nil {
		return "–"
	}
	return strconv.Itoa(*x.Used)
}

// formPage is what a form shows.
type formPage struct {
	School   school.School
	Old      subscription.Subscription // as it is today; without an id: a new one
	Products []catalog.Product
	Bands    catalog.Bands
	Values   map[string]string
	State    web.FormState
	Refused  *rinnova.Error
}

const (
	fieldSeen = "visto" // the hidden field with the instant of the last change that the form showed
	newID     = "nuovo"
)

// page reads what the address names, for managers.
func (o *Office) page(r *http.Request) (*formPage, error) {
	ctx := r.Context()
	if !o.Actor(ctx).IsManager() {
		return nil, rinnova.Fail(rinnova.Forbidden, "Possono farlo solo i responsabili e gli amministratori.")
	}
	p := &formPage{Values: map[string]string{}}
	var err error
	if p.School, err = o.Schools.School(ctx, r.PathValue("id")); err != nil {
		return nil, err
	}
	if id := r.PathValue("product"); id != "" {
		if p.Old, err = o.Desk.One(ctx, p.School.ID, id); err != nil {
			return nil, err
		}
	}
	if p.Products, err = o.Desk.Products(ctx); err != nil {
		return nil, err
	}
	if p.Bands, err = o.Bands(ctx); err != nil {
		return nil, err
	}
	flat, err := o.Flat(ctx)
	if flat[p.Old.ProductID] {
		p.Bands = nil // there is none to choose
	}
	return p, err
}

// path is the address of the form.
func (p *formPage) path() string {
	return ProductsPath(p.School.ID) + "/" + cmp.Or(p.Old.ID, newID)
}

func (p *formPage) product() string {
	if i := slices.IndexFunc(p.Products, func(x catalog.Product) bool { return x.ID == p.Old.ProductID }); i >= 0 {
		return p.Products[i].Name
	}
	return p.Old.ProductID
}

func (p *formPage) seen() string { return p.Old.UpdatedAt.UTC().Format(time.RFC3339Nano) }

func (o *Office) add(w http.ResponseWriter, r *http.Request) error {
	p, err := o.page(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, editPage(o.Shell(r).At(schoolweb.SchoolsPath), p))
}

func (o *Office) edit(w http.ResponseWriter, r *http.Request) error {
	p, err := o.page(r)
	if err != nil {
		return err
	}
	x := p.Old
	p.Values = map[string]string{
		subscription.FieldProduct: x.ProductID, subscription.FieldFrom: locale.Date(x.Period.From), subscription.FieldTo: locale.Date(x.Period.To),
		subscription.FieldBand: strconv.Itoa(int(x.Band)), subscription.FieldEnded: x.Ended,
	}
	if x.Fee != nil {
		p.Values[subscription.FieldFee] = locale.Amount(*x.Fee)
	}
	if x.Used != nil {
		p.Values[subscription.FieldUsed] = strconv.Itoa(*x.Used)
	}
	return web.Render(w, r, http.StatusOK, editPage(o.Shell(r).At(schoolweb.SchoolsPath), p))
}

func (o *Office) save(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	p, err := o.page(r)
	if err != nil {
		return err
	}
	for name := range r.PostForm {
		p.Values[name] = r.PostForm.Get(name)
	}
	ctx := r.Context()
	x, problems := p.typed()
	if len(problems) == 0 {
		problems, err = o.Desk.Save(ctx, o.Actor(ctx), x)
	}
	why, known := errors.AsType[*rinnova.Error](err)
	switch {
	case err != nil && (!known || why.Kind != rinnova.Conflict):
		return err
	case err != nil:
		p.Refused = why
		return web.Render(w, r, http.StatusConflict, editPage(o.Shell(r).At(schoolweb.SchoolsPath), p))
	case len(problems) > 0:
		p.State.Problems = problems
		return web.Render(w, r, http.StatusUnprocessableEntity, editPage(o.Shell(r).At(schoolweb.SchoolsPath), p))
	}
	o.Flash(ctx, web.LangOf(ctx).T("Prodotti della scuola salvati"))
	return web.Redirect(w, r, schoolweb.SchoolPath(p.School.ID))
}

// typed reads the form. Of what a contract sold it keeps what cannot change.
func (p *formPage) typed() (subscription.Subscription, rinnova.Problems) {
	x := p.Old
	var problems rinnova.Problems
	x.SchoolID, x.Ended = p.School.ID, p.Values[subscription.FieldEnded]
	x.UpdatedAt, _ = time.Parse(time.RFC3339Nano, p.Values[fieldSeen]) // nonsense is no instant of any change
	x.Used = nil
	if v := strings.TrimSpace(p.Values[subscription.FieldUsed]); v != "" {
		n, err := strconv.ParseUint(v, 10, 20)
		if err != nil {
			problems.Refuse(subscription.FieldUsed, "Scrivete quanti contatti sono stati usati, in cifre.")
		}
		used := int(n)
		x.Used = &used
	}
	if x.Contract != "" {
		return x, problems
	}
	if x.ProductID = p.Values[subscription.FieldProduct]; x.ProductID == "" {
		problems.Refuse(subscription.FieldProduct, "Scegliete il prodotto.")
	}
	x.Period.From = day(&problems, subscription.FieldFrom, p.Values[subscription.FieldFrom])
	x.Period.To = day(&problems, subscription.FieldTo, p.Values[subscription.FieldTo])
	x.Band = 0
	if n, err := strconv.Atoi(p.Values[subscription.FieldBand]); err == nil && p.Bands.Has(catalog.Band(n)) {
		x.Band = catalog.Band(n)
	}
	x.Fee = nil
	if v := strings.TrimSpace(p.Values[subscription.FieldFee]); v != "" {
		fee, wrong := locale.ParseAmount(v)
		if !wrong.IsZero() {
			problems = append(problems, rinnova.Problem{Field: subscription.FieldFee, Text: wrong})
		}
		x.Fee = &fee
	}
	return x, problems
}

func day(problems *rinnova.Problems, field, typed string) rinnova.Date {
	d, wrong := locale.ParseDate(typed)
	if !wrong.IsZero() {
		*problems = append(*problems, rinnova.Problem{Field: field, Text: wrong})
	}
	return d
}

func (p *formPage) productOptions(l locale.Lang) []web.Option {
	out := []web.Option{{Text: l.T("Scegliete")}}
	for _, x := range p.Products {
		if !x.Retired || x.ID == p.Old.ProductID {
			out = append(out, web.Option{Value: x.ID, Text: x.Name + " (" + string(x.License) + ")"})
		}
	}
	return out
}

func (p *formPage) bandOptions(l locale.Lang) []web.Option {
	out := []web.Option{{Value: "0", Text: l.T("non nota")}}
	for b := catalog.Band(1); p.Bands.Has(b); b++ {
		out = append(out, web.Option{Value: strconv.Itoa(int(b)), Text: l.Text(p.Bands.Name(b))})
	}
	return out
}

func labels(l locale.Lang) map[string]string {
	return map[string]string{
		subscription.FieldProduct: l.T("Prodotto"), subscription.FieldFrom: l.T("Dal"), subscription.FieldTo: l.T("Al"), subscription.FieldBand: l.T("Fascia alunni"),
		subscription.FieldFee: l.T("Canone annuale €"), subscription.FieldUsed: l.T("Contatti usati"), subscription.FieldEnded: l.T("Perché non si rinnova"),
	}
}

func (o *Office) askRemove(w http.ResponseWriter, r *http.Request) error {
	p, err := o.page(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, removePage(o.Shell(r).At(schoolweb.SchoolsPath), p))
}

func (o *Office) remove(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	p, err := o.page(r)
	if err != nil {
		return err
	}
	ctx, x := r.Context(), p.Old
	x.UpdatedAt, _ = time.Parse(time.RFC3339Nano, r.PostForm.Get(fieldSeen))
	if err := o.Desk.Remove(ctx, o.Actor(ctx), x); err != nil {
		why, known := errors.AsType[*rinnova.Error](err)
		if !known || why.Kind != rinnova.Conflict {
			return err
		}
		p.Refused = why
		return web.Render(w, r, http.StatusConflict, removePage(o.Shell(r).At(schoolweb.SchoolsPath), p))
	}
	o.Flash(ctx, web.LangOf(ctx).T("Prodotto cancellato"))
	return web.Redirect(w, r, schoolweb.SchoolPath(p.School.ID))
}
