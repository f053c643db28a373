package renewalweb

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

// area is the home of the reserved area: one next step, and the last contracts.
type area struct {
	School    school.School
	Vendor    supplier.Profile
	Current   []current // the requests to work on; what is to be done first, by its deadline
	Contracts []contract.Row
	More      bool              // there are more contracts than shown
	Note      templ.Component   // of another feature, above everything; nil: none
	Cards     []templ.Component // of other features
	Again     bool              // the page is open and asks again
}

// waits tells whether a contract is in preparation.
func (a *area) waits() bool {
	return slices.ContainsFunc(a.Current, func(c current) bool { return preparing(c.Request, c.Contract) })
}

// told is read out when no contract is in preparation any more.
func (a *area) told(l locale.Lang) string {
	if !a.Again || a.waits() {
		return ""
	}
	return l.T("Il contratto è firmato: ora si può scaricare.")
}

// current is a request as the reserved area shows it.
type current struct {
	form
	Contract *contract.Contract
	Today    rinnova.Date
}

// shownContracts is how many contracts the reserved area shows.
const shownContracts = 3

func (h *School) area(w http.ResponseWriter, r *http.Request) error {
	p, err := h.readArea(r.Context(), h.Actor(r.Context()))
	if err != nil {
		return err
	}
	if web.IsPartial(r) {
		p.Again = true
		return web.Render(w, r, http.StatusOK, areaContent(p))
	}
	return web.Render(w, r, http.StatusOK, areaPage(h.Shell(r).At(AreaPath), p))
}

func (h *School) readArea(ctx context.Context, actor rinnova.Actor) (*area, error) {
	a := &area{}
	var err error
	if a.School, err = h.Renewals.Schools.School(ctx, actor.SchoolID); err != nil {
		return nil, err
	}
	if a.Vendor, err = h.profile(ctx); err != nil {
		return nil, err
	}
	if a.Contracts, err = h.Contracts.OfSchool(ctx, actor.SchoolID); err != nil {
		return nil, err
	}
	if len(a.Contracts) > shownContracts {
		a.Contracts, a.More = a.Contracts[:shownContracts], true
	}
	if h.Note != nil {
		if a.Note, err = h.Note(ctx, actor); err != nil {
			return nil, err
		}
	}
	for _, card := range h.Cards {
		c, err := card(ctx, actor)
		if err != nil {
			return nil, err
		}
		if c != nil {
			a.Cards = append(a.Cards, c)
		}
	}
	requests, err := h.Renewals.Store.OfSchool(ctx, actor.SchoolID)
	if err != nil {
		return nil, err
	}
	for _, kind := range renewal.Kinds {
		work, err := h.toWorkOn(ctx, requests, kind)
		if err != nil {
			return nil, err
		}
		for _, q := range work {
			c, err := h.current(ctx, actor, q.ID)
			if err != nil {
				return nil, err
			}
			a.Current = append(a.Current, *c)
		}
	}
	slices.SortStableFunc(a.Current, firstToDo)
	return a, nil
}

// firstToDo puts what is to be done before what is not, and the nearer deadline first.
func firstToDo(x, y current) int {
	switch {
	case x.toDo() && !y.toDo():
		return -1
	case !x.toDo() && y.toDo():
		return 1
	case x.toDo() && x.Season.ClosesOn != y.Season.ClosesOn:
		if x.Season.ClosesOn.Before(y.Season.ClosesOn) {
			return -1
		}
		return 1
	}
	return 0
}

func (h *School) current(ctx context.Context, actor rinnova.Actor, id string) (*current, error) {
	v, err := h.Renewals.View(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	f, err := h.form(ctx, v)
	if err != nil {
		return nil, err
	}
	c := &current{form: *f, Today: h.today()}
	c.Contract, err = h.contract(ctx, v.Request)
	return c, err
}

// open tells whether the school can work on it now.
func (c *current) open() bool { return c.Editable(c.Today) }

// toDo tells whether the school has something to do.
func (c *current) toDo() bool {
	return c.open() && (!c.Request.State.Confirmed() || c.Request.Pending)
}

// chosen is how many products are ticked.
func (c *current) chosen() int {
	n, _ := c.Proposal.Count(c.Ticks)
	return n
}

// eyebrow says when, above the title.
func (c *current) eyebrow(l locale.Lang) string {
	switch {
	case c.Request.State == renewal.Returned && c.open():
		return l.T("Da correggere · entro il %s", c.Season.ClosesOn)
	case c.Request.State == renewal.Declined:
		return l.T("Comunicato il %s", locale.When(c.Request.Notice.At))
	case c.toDo():
		return l.T("Da fare ora · entro il %s", c.Season.ClosesOn)
	case c.Request.State.Confirmed() && c.Last != nil:
		return l.T("Conferma n. %d del %s", c.Last.Number, locale.When(c.Last.At))
	}
	return c.Season.Name
}

// title is the one thing to know.
func (c *current) title(l locale.Lang) string {
	name := c.Season.Name
	switch {
	case preparing(c.Request, c.Contract):
		return l.T("%s: il contratto è in preparazione", name)
	case c.Request.State == renewal.Processed:
		return l.T("%s: il contratto n. %s è firmato", name, c.Contract.Number)
	case c.Request.State == renewal.Declined:
		return l.T("%s: la scuola non rinnova", name)
	case c.Request.State == renewal.Withdrawn:
		return l.T("%s: l’ufficio ha ritirato la proposta", name)
	case c.Today.Before(c.Season.OpensOn):
		return l.T("%s si apre il %s", name, c.Season.OpensOn)
	case !c.School.Open(c.Today) && !c.Request.State.Confirmed():
		return l.T("%s: la scuola è chiusa", name)
	case !c.open() && !c.Request.State.Confirmed():
		return l.T("%s si è chiuso il %s", name, c.Season.ClosesOn)
	case c.Request.State == renewal.Returned:
		return l.T("%s: l’ufficio chiede una correzione", name)
	case c.toDo() && c.Last != nil:
		return l.T("%s: modifiche non confermate", name)
	case c.Request.State.Confirmed():
		return l.T("%s: per la scuola è tutto fatto", name)
	case c.Request.State == renewal.Offered:
		return l.T("%s: la proposta è pronta", name)
	}
	return l.T("%s: completate la richiesta", name)
}

// todos is where the request stands.
func (c *current) steps(l locale.Lang) []web.Todo {
	sent := c.Request.State.Confirmed() && !c.Request.Pending
	var out []web.Todo
	if c.sameAgain() {
		out = append(out, web.Todo{Text: l.T("Quello che chiede l’ufficio: da correggere, o da confermare com’è"), Href: c.href(RenewalPath(c.Request.ID))})
	} else if c.Proposal.Bands.Several() {
		b := c.Request.Draft.Band
		if c.Request.State != renewal.Offered && c.Proposal.Bands.Has(b) {
			out = append(out, web.Todo{Done: true, Text: l.T("Fascia alunni: %s", c.Proposal.Bands.Name(b))})
		} else {
			out = append(out, web.Todo{Text: l.T("Fascia alunni da confermare"), Href: c.href(bandPath(c.Request.ID))})
		}
	}
	if len(c.blocking()) == 0 && !c.sameAgain() {
		out = append(out, web.Todo{Done: true, Text: l.T("Dati dell’ordine")})
	} else if len(c.blocking()) > 0 {
		out = append(out, web.Todo{Text: l.T("CIG, numero e data dell’ordine, pagamento"), Href: c.href(RenewalPath(c.Request.ID))})
	}
	if sent {
		return append(out, web.Todo{Done: true, Text: l.T("Condizioni di contratto accettate")},
			web.Todo{Done: true, Text: l.T("Conferma n. %d inviata", c.Request.Revision)})
	}
	return append(out, web.Todo{Text: l.T("Condizioni di contratto da accettare")}, web.Todo{Text: l.T("Conferma dei dati")})
}

// href leads somewhere only where something can be done there.
func (c *current) href(path string) string {
	if c.open() && (c.Request.State != renewal.Offered || firstPath(c.View) == path) {
		return path
	}
	return ""
}
