package supplierweb

import (
	"net/http"

	"rinnova"
	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

// InventedPath is where the links of an invented vendor lead: to no other site, and not nowhere.
const InventedPath = "/dimostrazione/"

// InventedLinks are the vendor's pages outside the portal in a demonstration.
func InventedLinks() supplier.Links {
	return supplier.Links{SupportArea: InventedPath + "area-assistenza", Manual: InventedPath + "guida-in-linea", CustomerArea: InventedPath + "area-clienti"}
}

// invented says what stands at the end of a link of an invented vendor; of a real one there is no such page.
func (h *Handlers) invented(w http.ResponseWriter, r *http.Request) error {
	p, err := h.Profile(r.Context())
	if err != nil {
		return err
	}
	path := InventedPath + r.PathValue("page")
	for _, link := range supportLinks(p.Links, web.LangOf(r.Context())) {
		if p.Fictional && link.Href == path {
			return web.Render(w, r, http.StatusOK, inventedPage(h.Shell(r), link.Text, p))
		}
	}
	return rinnova.Fail(rinnova.NotFound, "A questo indirizzo non c’è nulla. Controllate di averlo scritto per intero.")
}
