// Package catalogweb is the office's pages of products, price lists and price indices. Everybody of the office looks; managers
// and administrators write.
package catalogweb

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/web"
)

// The pages, as the navigation leads to them; a list or product has its page below, by its id.
const (
	ListsPath    = "/ufficio/listini"
	ProductsPath = "/ufficio/prodotti"
	IndexPath    = ListsPath + "/indici"
	LinkPath     = IndexPath + "/raccordo"
)

// ListPath is the page of a price list.
func ListPath(id string) string { return ListsPath + "/" + url.PathEscape(id) }

// ProductPath is the page of a product.
func ProductPath(id string) string { return ProductsPath + "/" + url.PathEscape(id) }

// fieldSeen is the version that was looked at.
const fieldSeen = "visto"

// Office serves the pages. Its routes belong behind the guard of the office.
type Office struct {
	Catalog *catalog.Service
	Actor   func(context.Context) rinnova.Actor // who has logged in
	Shell   func(*http.Request) web.Shell
	Flash   func(ctx context.Context, sentence string) // a small success, for the next page
}

// Routes are the pages.
func (o *Office) Routes(m *web.Mux) {
	write := m.With(o.onlyManagers)
	m.Handle("GET "+ListsPath, o.lists)
	write.Handle("GET "+ListsPath+"/nuovo", o.newList)
	write.Handle("POST "+ListsPath+"/nuovo", o.create)
	m.Handle("GET "+ListsPath+"/{id}", o.list)
	write.Handle("GET "+ListsPath+"/{id}/modifica", o.edit)
	write.Handle("POST "+ListsPath+"/{id}/modifica", o.save)
	write.Handle("POST "+ListsPath+"/{id}/approva", o.approve)
	write.Handle("GET "+ListsPath+"/{id}/elimina", o.askDelete)
	write.Handle("POST "+ListsPath+"/{id}/elimina", o.remove)
	write.Handle("GET "+ListsPath+"/{id}/copia", o.askCopy)
	write.Handle("POST "+ListsPath+"/{id}/copia", o.copyList)
	m.Handle("GET "+ListsPath+"/{id}/confronta", o.compare)
	m.Handle("GET "+ListsPath+"/{id}/confronta.csv", o.exportComparison)

	m.Handle("GET "+IndexPath, o.index)
	write.Limit(catalog.MaxIndexFile+64<<10).Handle("POST "+IndexPath, o.importIndex)
	write.Handle("POST "+LinkPath, o.linkIndex)

	m.Handle("GET "+ProductsPath, o.products)
	write.Handle("GET "+ProductsPath+"/nuovo", o.newProduct)
	write.Handle("POST "+ProductsPath+"/nuovo", o.addProduct)
	m.Handle("GET "+ProductsPath+"/{id}", o.product)
	write.Handle("POST "+ProductsPath+"/{id}", o.changeProduct)
}

// onlyManagers keeps out who may only look.
func (o *Office) onlyManagers(next web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := catalog.May(o.Actor(r.Context())); err != nil {
			return err
		}
		return next(w, r)
	}
}

func (o *Office) mayWrite(r *http.Request) bool { return catalog.May(o.Actor(r.Context())) == nil }

// frame is the frame of the pages: one link of the navigation leads to all of them.
func (o *Office) frame(r *http.Request) web.Shell { return o.Shell(r).At(ListsPath) }

// tabs lead from one part of the catalog to the others.
func tabs(l locale.Lang, current string) []web.Link {
	out := []web.Link{{Text: l.T("Listini"), Href: ListsPath}, {Text: l.T("Prodotti"), Href: ProductsPath}, {Text: l.T("Indici dei prezzi"), Href: IndexPath}}
	for i := range out {
		out[i].Current = out[i].Href == current
	}
	return out
}

// refusal is what a page says of a Conflict: why nothing was written. Any other error has a page of its own.
func refusal(err error) (rinnova.Text, bool) {
	e, ok := errors.AsType[*rinnova.Error](err)
	if !ok || e.Kind != rinnova.Conflict {
		return rinnova.Text{}, false
	}
	return e.Message, true
}

// statusOf is the status of a page that came back with problems, or because nothing was written.
func statusOf(problems rinnova.Problems, refused rinnova.Text) int {
	switch {
	case !refused.IsZero():
		return http.StatusConflict
	case len(problems) > 0:
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}
