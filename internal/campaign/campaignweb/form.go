package campaignweb

import (
	"context"
	"net/http"
	"net/url"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/supplier"
	"rinnova/internal/terms"
	"rinnova/internal/web"
)

// The other fields of the form; those that a campaign's problems carry are in package campaign.
const (
	fieldVersion  = "visto"
	fieldRhythm   = "ritmo"
	fieldSuggest  = "proponi"
	fieldTogether = "insieme"
	fieldPayments = "pagamenti"
	fieldRegions  = "regioni"
	fieldCycle    = "ciclo"
	fieldProducts = "prodotti"
	fieldNoCIG    = "senza-cig"
)

// formPage is what the form of a campaign shows.
type formPage struct {
	Campaign campaign.Campaign // as it stands; its id is empty for a new one
	Form     url.Values
	State    web.FormState
	Lists    []catalog.PriceList
	Terms    []terms.Terms
	Products []catalog.Product
	Payments []supplier.PaymentTerm
	Regions  []string
	Manages  bool
}

func (o *Office) blank(w http.ResponseWriter, r *http.Request) error {
	return o.form(w, r, http.StatusOK, campaign.Campaign{}, url.Values{fieldSuggest: {"1"}}, web.FormState{})
}

func (o *Office) edit(w http.ResponseWriter, r *http.Request) error {
	c, err := o.campaign(r)
	if err != nil {
		return err
	}
	return o.form(w, r, http.StatusOK, c, written(c), web.FormState{})
}

func (o *Office) form(w http.ResponseWriter, r *http.Request, status int, c campaign.Campaign, form url.Values, state web.FormState) error {
	p := &formPage{Campaign: c, Form: form, State: state, Manages: o.manages(r)}
	if err := o.offers(r.Context(), p); err != nil {
		return err
	}
	return web.Render(w, r, status, formScreen(o.shell(r), p))
}

// offers reads what the form offers to choose from.
func (o *Office) offers(ctx context.Context, p *formPage) (err error) {
	if p.Lists, err = o.Lists.PriceLists(ctx); err != nil {
		return err
	}
	if p.Terms, err = o.Terms(ctx); err != nil {
		return err
	}
	if p.Products, err = o.Runs.Campaigns.Catalog.Products(ctx); err != nil {
		return err
	}
	profile, err := o.Profile(ctx)
	if err != nil {
		return err
	}
	p.Payments = profile.PaymentTerms
	p.Regions, _, err = o.Lists.Places(ctx)
	return err
}

func (o *Office) create(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	if !o.manages(r) {
		return rinnova.Fail(rinnova.Forbidden, "Le campagne le preparano i responsabili e gli amministratori.")
	}
	acks := r.PostForm[web.AckField]
	c, problems := read(r.PostForm)
	var id string
	var err error
	if len(problems) > 0 {
		if problems, err = o.together(r.Context(), problems, c, acks); err != nil {
			return err
		}
	} else {
		if id, problems, err = o.Runs.Campaigns.Create(r.Context(), o.Actor(r.Context()), c, acks...); err != nil {
			return err
		}
	}
	if len(problems) > 0 {
		return o.form(w, r, http.StatusUnprocessableEntity, campaign.Campaign{}, r.PostForm, web.FormState{Problems: problems, Acknowledged: acks})
	}
	o.Flash(r.Context(), web.LangOf(r.Context()).T("Campagna preparata"))
	return web.Redirect(w, r, CampaignPath(id))
}

func (o *Office) change(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	was, err := o.campaign(r)
	if err != nil {
		return err
	}
	if !o.manages(r) {
		return rinnova.Fail(rinnova.Forbidden, "Le campagne le preparano i responsabili e gli amministratori.")
	}
	form := r.PostForm
	if was.Published { // what the form shows without a field stays as it is
		form = written(was)
		for _, name := range movable {
			form[name] = r.PostForm[name]
		}
	}
	acks := r.PostForm[web.AckField]
	c, problems := read(form)
	c.ID, c.Setup.Reminders.PerMinute = was.ID, was.Setup.Reminders.PerMinute // not on the form
	if len(problems) > 0 {
		if problems, err = o.together(r.Context(), problems, c, acks); err != nil {
			return err
		}
	} else {
		if problems, err = o.Runs.Campaigns.Change(r.Context(), o.Actor(r.Context()), c, acks...); err != nil {
			return err
		}
	}
	if len(problems) > 0 {
		return o.form(w, r, http.StatusUnprocessableEntity, was, form, web.FormState{Problems: problems, Acknowledged: acks})
	}
	o.Flash(r.Context(), web.LangOf(r.Context()).T("Campagna cambiata"))
	return web.Redirect(w, r, CampaignPath(was.ID))
}

// together are the problems of what cannot be read, and of the other fields.
func (o *Office) together(ctx context.Context, problems rinnova.Problems, c campaign.Campaign, acks []string) (rinnova.Problems, error) {
	more, err := o.Runs.Campaigns.Check(ctx, c, acks...)
	return problems.With(more), err
}

// movable are the fields of a campaign that has been published.
var movable = []string{fieldVersion, campaign.FieldOpens, campaign.FieldCloses, campaign.FieldNotice, campaign.FieldThreshold, campaign.FieldBefore, fieldNoCIG,
	fieldRegions, campaign.FieldProvinces, fieldCycle, fieldProducts, campaign.FieldExcept}

// in makes an input of the form.
func (p *formPage) in(name, label string) web.Input {
	return web.Input{Name: name, Label: label, Value: p.Form.Get(name), State: p.State}
}

func (p *formPage) title(l locale.Lang) string {
	if p.Campaign.ID == "" {
		return l.T("Nuova campagna")
	}
	return l.T("Modifica %s", p.Campaign.Name)
}

func (p *formPage) back() string {
	if p.Campaign.ID == "" {
		return Path
	}
	return CampaignPath(p.Campaign.ID)
}

func (p *formPage) action() string {
	if p.Campaign.ID == "" {
		return Path + "/nuova"
	}
	return CampaignPath(p.Campaign.ID) + "/modifica"
}
