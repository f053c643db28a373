package renewalweb

import (
	"net/http"
	"slices"
	"strings"

	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/web"
)

// Processing cannot be undone: it takes a number, signs and mails. Where nothing is to be looked at, the button on the page of the
// request does it at once, because a clerk has just read that page and does this hundreds of times; the page says what will happen.
// Where anything is, it asks first, with the list of it. What is sent names the doubts that the clerk was shown: one that has come up
// since is never processed over, whichever of the two pages the clerk was on.

// fieldDoubt names a doubt that the clerk was shown, as doubtKey does.
const fieldDoubt = "visto"

// paramProcessed says in an address that the request has just been processed from a list: its page then leads on to the next one.
const paramProcessed = "elaborata"

// openDoubts are what a clerk should look at before processing: the checks that are not in order.
func (p *officeRequest) openDoubts() []check {
	return slices.DeleteFunc(slices.Clone(p.Checks), func(c check) bool { return c.OK })
}

// doubtKey tells a doubt from each other one of the same request, by what it says and leads to.
func doubtKey(c check) string {
	var key strings.Builder
	key.WriteString(locale.Italian.Text(c.Title) + ": " + locale.Italian.Text(c.Text))
	for _, x := range c.Links {
		key.WriteString(" " + x.Href)
	}
	return key.String()
}

// unseen tells whether there is a doubt that is not among those that the clerk was shown.
func unseen(doubts []check, shown []string) bool {
	return slices.ContainsFunc(doubts, func(c check) bool { return !slices.Contains(shown, doubtKey(c)) })
}

// processPage is what the page before processing one request shows.
type processPage struct {
	*officeRequest
	Doubts []check
	Arisen bool // since the clerk opened the page from which the request was to be processed
}

// processForm asks before a request is processed. It changes nothing, so it may be opened again.
func (o *Office) processForm(w http.ResponseWriter, r *http.Request) error {
	p, err := o.request(r)
	if err != nil {
		return err
	}
	if !p.waits() {
		_, err := p.Request.State.Next(renewal.Process)
		return err
	}
	return web.Render(w, r, http.StatusOK, askProcessPage(o.shell(r, p.Campaign), &processPage{officeRequest: p, Doubts: p.openDoubts()}))
}

// process gives a request its contract, at the confirmation that the clerk saw.
func (o *Office) process(w http.ResponseWriter, r *http.Request) error {
	s, err := readSight(r)
	if err != nil {
		return err
	}
	l := web.LangOf(r.Context())
	p, err := o.request(r)
	if err != nil {
		return err
	}
	doubts := p.openDoubts()
	if p.waits() && p.Request.Revision == s.Revision && unseen(doubts, r.PostForm[fieldDoubt]) {
		return web.Render(w, r, http.StatusConflict, askProcessPage(o.shell(r, p.Campaign), &processPage{officeRequest: p, Doubts: doubts, Arisen: true}))
	}
	c, err := o.Processor.Process(r.Context(), o.Actor(r.Context()), p.Request.ID, s.Revision)
	if err != nil {
		return o.refuse(w, r, s, l.T("Non è stata elaborata"), err)
	}
	query := r.URL.Query()
	if !query.Has(paramPlace) {
		o.Flash(r.Context(), l.T("Elaborata: contratto n. %s", c.Number))
		return web.Redirect(w, r, requestPath(p.Request.ID))
	}
	query.Set(paramProcessed, "1")
	return web.Redirect(w, r, requestPath(p.Request.ID)+"?"+query.Encode())
}

// title is the question that the page before processing asks.
func (p *processPage) title(l locale.Lang) string {
	switch n := len(p.Doubts); n {
	case 0:
		return l.T("Elaborare la conferma n. %d?", p.Request.Revision)
	case 1:
		return l.T("Elaborare la conferma n. %d con una cosa da guardare?", p.Request.Revision)
	default:
		return l.T("Elaborare la conferma n. %d con %d cose da guardare?", p.Request.Revision, n)
	}
}

// processedFate says what processing does and that it cannot be undone.
func processedFate(l locale.Lang, p *officeRequest) string {
	if p.School.Email == "" { // it cannot be processed, and the checks say so
		return ""
	}
	return l.T("Elaborando, il contratto riceve il numero, è firmato e parte per e-mail a %s. Poi non si torna indietro.", p.School.Email)
}

// afterTheLast says what is left of a list below which nothing stands.
func afterTheLast(l locale.Lang, p *officeRequest) string {
	view, left := viewOf(p.Query.View).Label, p.Around.Total
	if p.Around.Place > 0 { // a view that it has not left
		left--
	}
	switch left {
	case 0:
		return l.T("Era l’ultima di «%s».", view)
	case 1:
		return l.T("Era in fondo a «%s»: sopra ne resta una.", view)
	}
	return l.T("Era in fondo a «%s»: sopra ne restano %s.", view, locale.Count(left))
}
