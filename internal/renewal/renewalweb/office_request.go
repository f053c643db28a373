package renewalweb

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

// officeRequest is what the office's page of a request shows.
type officeRequest struct {
	*renewal.View
	Campaign  campaign.Campaign
	Query     listQuery
	Around    around
	Revisions []renewal.Revision // in order
	Now       *renewal.Revision  // what counts; nil: the school has not confirmed
	Before    *renewal.Revision  // what Now is held against; nil: the proposal
	Compared  comparison
	Checks    []check
	Vendor    supplier.Profile
	Contract  *contract.Contract // nil: not processed
	Last      *contract.Row      // the contract before; nil: none
	History   []entry
	Waiting   []string // ids of the corrections of the school's data that wait
	Reader    rinnova.Actor
	OnlyDiffs bool
	Refused   *refusal // an action that was just refused
	Done      bool     // the reader has just processed it from a list
	Address   string   // of this page, with its place in the list
	At        time.Time
}

// paramDiffs asks for the rows that differ only.
const paramDiffs = "differenze"

// show is the page of a request.
func (o *Office) show(w http.ResponseWriter, r *http.Request) error {
	p, err := o.request(r)
	if err != nil {
		return err
	}
	if web.IsPartial(r) {
		return web.Render(w, r, http.StatusOK, contractMoved(p))
	}
	return web.Render(w, r, http.StatusOK, requestPage(o.shell(r, p.Campaign), p))
}

// onItsWay tells whether the contract is on its way: being drawn and signed, or about to be mailed.
func (p *officeRequest) onItsWay() bool {
	return p.Contract != nil && (p.Contract.State == contract.Numbered || p.Contract.State == contract.Signed)
}

// request reads everything that the page of a request shows.
func (o *Office) request(r *http.Request) (*officeRequest, error) {
	ctx := r.Context()
	id, err := namedRequest(r)
	if err != nil {
		return nil, err
	}
	p := &officeRequest{Reader: o.Actor(ctx), OnlyDiffs: r.URL.Query().Get(paramDiffs) != "", At: o.Clock()}
	if p.View, err = o.Clerks.View(ctx, p.Reader, id); err != nil {
		return nil, err
	}
	if p.Vendor, err = o.Vendors.Profile(ctx); err != nil {
		return nil, err
	}
	if p.Revisions, err = o.Confirmations.Revisions(ctx, id); err != nil {
		return nil, err
	}
	p.settle()
	p.Compared = compare(p)
	if o.Corrections != nil {
		if p.Waiting, err = o.Corrections.WaitingOfSchool(ctx, p.Request.SchoolID); err != nil {
			return nil, err
		}
	}
	if p.Checks, err = o.checks(ctx, p); err != nil {
		return nil, err
	}
	if err := o.contracts(ctx, p); err != nil {
		return nil, err
	}
	if p.History, err = o.history(ctx, p); err != nil {
		return nil, err
	}
	return p, o.placeInList(ctx, p, r)
}

// settle finds the confirmation that counts and the one that it is held against: what the clerk took in charge where the
// school has confirmed again since, else the one before.
func (p *officeRequest) settle() {
	if len(p.Revisions) == 0 {
		return
	}
	p.Now = &p.Revisions[len(p.Revisions)-1]
	if n := len(p.Revisions); n > 1 {
		p.Before = &p.Revisions[n-2]
	}
	if p.Request.ChangedSinceTaken() {
		p.hold(p.Request.Taken.Revision)
	}
}

// hold compares what counts with the confirmation of this number.
func (p *officeRequest) hold(number int) {
	i := slices.IndexFunc(p.Revisions, func(v renewal.Revision) bool { return v.Number == number })
	if i >= 0 && i < len(p.Revisions)-1 {
		p.Before = &p.Revisions[i]
	}
}

// contracts finds the contract of the request and the school's last one before it.
func (o *Office) contracts(ctx context.Context, p *officeRequest) error {
	var err error
	if p.Request.State == renewal.Processed {
		if p.Contract, err = o.Contracts.ByRequest(ctx, p.Request.ID); err != nil {
			return err
		}
	}
	all, err := o.Contracts.OfSchool(ctx, p.Request.SchoolID)
	if err != nil {
		return err
	}
	for i, c := range all {
		if c.Kind == p.Request.Kind && (p.Contract == nil || c.ID != p.Contract.ID) {
			p.Last = &all[i]
			break
		}
	}
	return nil
}

// around is where a request stands in the list that it was opened from.
type around struct {
	Place, Total   int    // Place from 1; 0 where it has left the list
	Previous, Next string // addresses; "" where there is none
	NextSchool     string // of the next request
}

// placeInList finds the neighbours of the request in the list. A request that has left the list, because it was just
// processed, has the one at its place as the next.
func (o *Office) placeInList(ctx context.Context, p *officeRequest, r *http.Request) error {
	values := r.URL.Query()
	p.Query = parseList(values)
	p.Address = requestPath(p.Request.ID)
	campaigns, err := o.Campaigns.Campaigns(ctx)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(campaigns, func(c campaign.Campaign) bool { return c.ID == p.Request.CampaignID }); i >= 0 {
		p.Campaign = campaigns[i]
	}
	_, p.Query.Campaign = choose(campaigns, p.Request.CampaignID, rinnova.DateOf(p.At))
	if !values.Has(paramPlace) {
		return nil
	}
	p.Done = p.Contract != nil && values.Get(paramProcessed) != ""
	place := number(values.Get(paramPlace), 0, contract.MaxRun)
	p.Address = p.Query.request(p.Request.ID, place)
	f := p.Query.filter(p.Request.CampaignID, p.Reader.AccountID)
	f.Offset, f.Limit = max(0, place-1), 3
	rows, err := o.Lists.List(ctx, f)
	if err != nil {
		return err
	}
	sums, err := o.Lists.Sum(ctx, f)
	p.Around = p.neighbours(rows, f.Offset, place)
	p.Around.Total = sums.Requests
	return err
}

func (p *officeRequest) neighbours(rows []renewal.Row, first, place int) around {
	var a around
	at := slices.IndexFunc(rows, func(row renewal.Row) bool { return row.ID == p.Request.ID })
	next := at + 1
	if at < 0 {
		at, next = place-first, place-first
	} else {
		a.Place = first + at + 1
	}
	if at > 0 && at <= len(rows) {
		a.Previous = p.Query.request(rows[at-1].ID, first+at-1)
	}
	if next < len(rows) {
		a.Next, a.NextSchool = p.Query.request(rows[next].ID, first+next), rows[next].School
	}
	return a
}

// to is the address that an action of this page posts to.
func (p *officeRequest) to(action string) string {
	path := requestPath(p.Request.ID)
	return path + "/" + action + p.Address[len(path):]
}

// waits tells whether the request waits for the office.
func (p *officeRequest) waits() bool { return p.Request.State.Allows(renewal.Process) }

// mine tells whether the reader has the request in charge as it stands.
func (p *officeRequest) mine() bool {
	return p.Request.State == renewal.InReview && p.Request.Taken.By == p.Reader.AccountID
}

// others tells whether somebody else has it in charge.
func (p *officeRequest) others() bool {
	return p.Request.State == renewal.InReview && p.Request.Taken.By != p.Reader.AccountID
}

// subtitle says which confirmation counts, of what, and who has it.
func (p *officeRequest) subtitle(l locale.Lang) string {
	s := l.T("Richiesta n. %s · %s", p.Request.Number, p.Season.Name)
	if p.Now != nil {
		s = l.T("Conferma n. %d del %s · %s", p.Now.Number, locale.When(p.Now.At), s)
	}
	if p.Request.Taken.Name != "" && p.waits() {
		s = l.T("%s · in carico a %s per la conferma n. %d", s, p.Request.Taken.Name, p.Request.Taken.Revision)
	}
	return s
}

// replyTitle says what the school has done about what was sent back.
func replyTitle(l locale.Lang, p *officeRequest) string {
	if p.Now.Says(renewal.RepliedSame) {
		return l.T("Rimandata, e confermata di nuovo senza cambiare nulla")
	}
	return l.T("Rimandata, e corretta con la conferma n. %d", p.Now.Number)
}

// replyTone warns where nothing was changed.
func replyTone(p *officeRequest) web.Tone {
	if p.Now.Says(renewal.RepliedSame) {
		return web.Warning
	}
	return web.Info
}

// changes are the differences between what counts and what it is held against.
func (p *officeRequest) changes() []renewal.Change {
	if p.Now == nil || p.Before == nil {
		return nil
	}
	return renewal.Changes(p.Proposal, p.Before, p.Now)
}

// onlyDiffs is the same page with the rows that differ only.
func (p *officeRequest) onlyDiffs() string {
	sign := "?"
	if strings.Contains(p.Address, "?") {
		sign = "&"
	}
	return p.Address + sign + paramDiffs + "=1"
}

// recent is how many things that happened are shown at once.
const recent = 8

func (p *officeRequest) schoolData(l locale.Lang) []web.Datum {
	s := p.School
	return []web.Datum{
		{Label: l.T("Codice portale"), Value: s.PortalCode}, {Label: l.T("Cliente"), Value: s.CustomerNumber},
		{Label: l.T("Meccanografico"), Value: s.MinistryCode}, {Label: l.T("Codice fiscale"), Value: s.TaxCode},
		{Label: l.T("Partita IVA"), Value: s.VATNumber}, {Label: l.T("Codice univoco"), Value: s.OfficeCode},
	}
}

// contractFate says where the contract of a processed request is.
func contractFate(l locale.Lang, c *contract.Contract) string {
	switch c.State {
	case contract.Numbered:
		return l.T("Il PDF è in preparazione: si firma e parte da solo.")
	case contract.Signed:
		return l.T("Firmato il %s. L’e-mail a %s è in coda.", locale.When(c.SignedAt), c.Document.School.Email)
	case contract.Undelivered:
		return l.T("L’e-mail a %s non è stata consegnata. Il contratto vale, e la scuola lo trova nella sua area riservata.", c.Document.School.Email)
	}
	return l.T("Inviato a %s il %s.", c.Document.School.Email, locale.When(c.SentAt))
}

// changedWords says when the school confirmed again, and what a clerk was looking at.
func (p *officeRequest) changedWords(l locale.Lang) string {
	when, taken := locale.When(p.Now.At), p.Request.Taken
	if p.Request.SentBack >= taken.Revision { // nobody was at it: it had gone back
		return l.T("La scuola ha risposto il %s alla conferma n. %d, che le era stata rimandata. Si elabora solo la conferma più recente.", when, p.Request.SentBack)
	}
	if taken.By == p.Reader.AccountID {
		return l.T("La scuola ha confermato di nuovo il %s, mentre guardavate la conferma n. %d. Si elabora solo la conferma più recente.", when, taken.Revision)
	}
	return l.T("La scuola ha confermato di nuovo il %s, mentre %s guardava la conferma n. %d. Si elabora solo la conferma più recente.", when, taken.Name, taken.Revision)
}
