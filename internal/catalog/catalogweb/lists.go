package catalogweb

import (
	"net/http"
	"strconv"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/web"
)

func (o *Office) lists(w http.ResponseWriter, r *http.Request) error {
	all, err := o.Catalog.Lists(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, listsPage(o.frame(r), all, o.mayWrite(r)))
}

// listPage is what the page of a price list shows.
type listPage struct {
	List     catalog.PriceList
	Products []catalog.Product          // those on the list
	Before   string                     // name of the list that it is compared with; empty: none
	ByHand   int                        // amounts that differ from what the copy made; −1: not known
	Raised   map[string][]rinnova.Cents // the fees as the copy made them; nil: not known
	Write    bool                       // the reader writes price lists
	Own      bool                       // the reader has set some of its amounts
	Refused  rinnova.Text
}

// list shows a price list; it is also what is printed.
func (o *Office) list(w http.ResponseWriter, r *http.Request) error {
	return o.showList(w, r, rinnova.Text{})
}

func (o *Office) showList(w http.ResponseWriter, r *http.Request, refused rinnova.Text) error {
	ctx := r.Context()
	l, err := o.Catalog.List(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	products, err := o.Catalog.Products(ctx)
	if err != nil {
		return err
	}
	p := &listPage{List: l, ByHand: -1, Write: o.mayWrite(r), Own: l.WrittenBy(o.Actor(ctx).AccountID), Refused: refused}
	for _, x := range products {
		if _, on := l.Fees[x.ID]; on {
			p.Products = append(p.Products, l.Sold(x))
		}
	}
	before, found, err := o.Catalog.Before(ctx, l)
	if err != nil {
		return err
	}
	if found {
		p.Before = before.Name
	}
	if found && before.ID == l.Origin.List {
		fees, caps, _ := before.Raised(l.Origin.Raise, products)
		p.ByHand, p.Raised = l.Touched(fees, caps), fees
	}
	return web.Render(w, r, statusOf(nil, refused), listPageOf(o.frame(r), p))
}

// origin says in words where the list comes from.
func (p *listPage) origin(l locale.Lang) string {
	x := p.List.Origin
	if x.List == "" {
		return ""
	}
	out := l.T("Copiato da «%s» così com’è.", x.Name)
	if x.Raise != nil {
		out = l.T("Copiato da «%s», %s.", x.Name, x.Raise.Whole())
	}
	switch {
	case p.ByHand == 1:
		out += " " + l.T("Poi un importo è stato cambiato a mano.")
	case p.ByHand > 1:
		out += " " + l.T("Poi %d importi sono stati cambiati a mano.", p.ByHand)
	}
	return out
}

// touched tells whether a fee is another than the copy made it.
func (p *listPage) touched(product string, b catalog.Band) bool {
	was, now := p.Raised[product], p.List.Fees[product]
	return p.Raised != nil && (int(b) > len(was) || was[b-1] != now[b-1])
}

// signed says who did something and when.
func signed(l locale.Lang, s catalog.Signature) string {
	switch {
	case s.At.IsZero() && s.Name == "":
		return ""
	case s.At.IsZero():
		return s.Name
	case s.Name == "":
		return l.Text(locale.When(s.At))
	}
	return l.T("%s, %s", s.Name, locale.When(s.At))
}

// capText is a cap in a table.
func capText(l locale.Lang, c *rinnova.Cents) string {
	if c == nil {
		return l.T("nessuno")
	}
	return locale.Amount(*c)
}

// bandsOf are the bands of a list, in order.
func bandsOf(b catalog.Bands) []catalog.Band {
	out := make([]catalog.Band, b.Count())
	for i := range out {
		out[i] = catalog.Band(i + 1)
	}
	return out
}

// seen is the version that the form says was looked at; 0, which none has, where it says none.
func seen(r *http.Request) int64 {
	n, err := strconv.ParseInt(r.PostForm.Get(fieldSeen), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (o *Office) approve(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	id := r.PathValue("id")
	err := o.Catalog.Approve(r.Context(), o.Actor(r.Context()), id, seen(r))
	if why, refused := refusal(err); refused {
		return o.showList(w, r, why)
	}
	if err != nil {
		return err
	}
	o.Flash(r.Context(), web.LangOf(r.Context()).T("Listino approvato"))
	return web.Redirect(w, r, ListPath(id))
}

func (o *Office) askDelete(w http.ResponseWriter, r *http.Request) error {
	l, err := o.Catalog.List(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if l.State != catalog.Draft {
		return web.Redirect(w, r, ListPath(l.ID))
	}
	return web.Render(w, r, http.StatusOK, deletePage(o.frame(r), l))
}

func (o *Office) remove(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	err := o.Catalog.Delete(r.Context(), o.Actor(r.Context()), r.PathValue("id"), seen(r))
	if why, refused := refusal(err); refused {
		return o.showList(w, r, why)
	}
	if err != nil {
		return err
	}
	o.Flash(r.Context(), web.LangOf(r.Context()).T("Bozza eliminata"))
	return web.Redirect(w, r, ListsPath)
}

// editLink leads who writes from an empty list to its table.
func editLink(l locale.Lang, p *listPage) web.Link {
	if !p.Write || p.List.State != catalog.Draft {
		return web.Link{}
	}
	return web.Link{Text: l.T("Metti gli importi"), Href: ListPath(p.List.ID) + "/modifica"}
}
