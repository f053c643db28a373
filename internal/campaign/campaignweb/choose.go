package campaignweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/web"
)

// The fields of the choice of schools.
const (
	fieldWhich    = "quali"
	fieldRegion   = "regione"
	fieldProvince = "provincia"
	fieldFirst    = "prime"
	fieldAsked    = "quante" // schools of which the page before spoke
)

// The values of fieldWhich.
const (
	whichAll      = "tutte"
	whichClean    = "pulite"
	whichRegion   = "regione"
	whichProvince = "provincia"
	whichFirst    = "prime"
	whichPicked   = "scelte"
)

// choosePage is what the page that chooses schools shows.
type choosePage struct {
	Campaign  campaign.Campaign
	Kind      campaign.RunKind
	Prices    catalog.PriceList
	Form      url.Values
	State     web.FormState
	All       int
	Clean     int
	Regions   []string
	Provinces []string
	Manages   bool
}

func (o *Office) choosing(kind campaign.RunKind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		form := r.URL.Query()
		if len(form[fieldSchool]) > 0 {
			form.Set(fieldWhich, whichPicked)
		}
		return o.choose(w, r, http.StatusOK, kind, form, nil)
	}
}

func (o *Office) choose(w http.ResponseWriter, r *http.Request, status int, kind campaign.RunKind, form url.Values, problems rinnova.Problems) error {
	ctx := r.Context()
	c, err := o.campaign(r)
	if err != nil {
		return err
	}
	p := &choosePage{Campaign: c, Kind: kind, Form: form, State: web.FormState{Problems: problems}, Manages: o.manages(r)}
	if p.All, err = o.Runs.Items.CountToDo(ctx, c.ID, kind, campaign.Choice{}); err != nil {
		return err
	}
	if p.Clean, err = o.Runs.Items.CountToDo(ctx, c.ID, kind, campaign.Choice{Clean: true}); err != nil {
		return err
	}
	if p.Prices, err = o.Runs.Campaigns.Catalog.PriceList(ctx, c.PriceList); err != nil {
		return err
	}
	if p.Regions, p.Provinces, err = o.Lists.Places(ctx); err != nil {
		return err
	}
	return web.Render(w, r, status, chooseScreen(o.shell(r), p))
}

// start begins a publication or a withdrawal of the schools that were chosen. It asks first, with their number, and again where they
// have become more.
func (o *Office) start(kind campaign.RunKind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := web.ParseForm(r); err != nil {
			return err
		}
		choice, problems := o.choice(r.Context(), r.PostForm)
		if len(problems) > 0 && o.manages(r) {
			return o.choose(w, r, http.StatusUnprocessableEntity, kind, r.PostForm, problems)
		}
		if len(problems) == 0 && o.manages(r) {
			if asked, err := o.ask(w, r, kind, choice); asked || err != nil {
				return err
			}
		}
		run, err := o.Runs.Start(r.Context(), o.Actor(r.Context()), r.PathValue("id"), kind, choice)
		if known, ok := refusal(err); ok {
			problems.Refuse(fieldWhich, "%s", known)
			return o.choose(w, r, http.StatusUnprocessableEntity, kind, r.PostForm, problems)
		}
		if err != nil {
			return err
		}
		return web.Redirect(w, r, runPath(run))
	}
}

// askPage is what the page before a publication or a withdrawal shows.
type askPage struct {
	choosePage
	Schools int
	Today   rinnova.Date
}

// ask shows the question before a run, unless it has been answered for as many schools, or there are none.
func (o *Office) ask(w http.ResponseWriter, r *http.Request, kind campaign.RunKind, choice campaign.Choice) (asked bool, err error) {
	c, err := o.campaign(r)
	if err != nil {
		return false, err
	}
	n, err := o.Runs.Items.CountToDo(r.Context(), c.ID, kind, choice)
	if err != nil {
		return false, err
	}
	if choice.First > 0 {
		n = min(n, choice.First)
	}
	if said, _ := strconv.Atoi(r.PostForm.Get(fieldAsked)); n == 0 || said >= n {
		return false, nil
	}
	p := &askPage{choosePage: choosePage{Campaign: c, Kind: kind, Form: r.PostForm}, Schools: n, Today: o.Clock.Today()}
	return true, web.Render(w, r, http.StatusOK, askScreen(o.shell(r), p))
}

// question asks with the number of schools, and do is what the button that answers it says.
func (p *askPage) question(l locale.Lang) string {
	switch {
	case p.publishes() && p.Schools == 1:
		return l.T("Pubblicare una proposta?")
	case p.publishes():
		return l.T("Pubblicare %s proposte?", locale.Count(p.Schools))
	case p.Schools == 1:
		return l.T("Ritirare una proposta?")
	}
	return l.T("Ritirare %s proposte?", locale.Count(p.Schools))
}

func (p *askPage) do(l locale.Lang) string {
	switch {
	case p.publishes() && p.Schools == 1:
		return l.T("Pubblica una proposta")
	case p.publishes():
		return l.T("Pubblica %s proposte", locale.Count(p.Schools))
	case p.Schools == 1:
		return l.T("Ritira una proposta")
	}
	return l.T("Ritira %s proposte", locale.Count(p.Schools))
}

// consequence says what happens, and what cannot be undone.
func (p *askPage) consequence(l locale.Lang) string {
	switch {
	case p.publishes() && p.Today.Before(p.Campaign.OpensOn):
		return l.T("Le scuole possono rispondere dal %s al %s. Chi non ha un altro rinnovo aperto dello stesso tipo le vede già prima, appena entra. Si ritirano solo quelle che nessuno ha aperto.",
			p.Campaign.OpensOn, p.Campaign.ClosesOn)
	case p.publishes():
		return l.T("Le scuole le vedono appena entrano e possono rispondere fino al %s. Si ritirano solo quelle che nessuno ha aperto.", p.Campaign.ClosesOn)
	}
	return l.T("Spariscono come se non ci fossero mai state; quelle che una scuola ha aperto restano. Chi ha già ricevuto un sollecito legge, seguendo il suo collegamento, che l’ufficio ha ritirato la richiesta.")
}

// back is the choice of schools as it was made.
func (p *askPage) back() string {
	v := url.Values{}
	for _, name := range []string{fieldWhich, fieldRegion, fieldProvince, fieldFirst, fieldSchool} {
		if p.Form.Get(name) != "" {
			v[name] = p.Form[name]
		}
	}
	return p.action() + "?" + v.Encode()
}

// refusal is what a form says of a refusal that the person can do something about.
func refusal(err error) (rinnova.Text, bool) {
	e, ok := err.(*rinnova.Error)
	if !ok || e.Kind != rinnova.Invalid && e.Kind != rinnova.Conflict {
		return rinnova.Text{}, false
	}
	return e.Message, true
}

// choice reads which schools are chosen.
func (o *Office) choice(ctx context.Context, form url.Values) (c campaign.Choice, problems rinnova.Problems) {
	switch form.Get(fieldWhich) {
	case whichAll:
	case whichClean:
		c.Clean = true
	case whichRegion:
		if c.Region = web.Searched(form.Get(fieldRegion)); c.Region == "" {
			problems.Refuse(fieldRegion, "Scegliete la regione.")
		}
	case whichProvince:
		if c.Province = web.Searched(form.Get(fieldProvince)); c.Province == "" {
			problems.Refuse(fieldProvince, "Scegliete la provincia.")
		}
	case whichFirst:
		var err error
		if c.First, err = strconv.Atoi(form.Get(fieldFirst)); err != nil || c.First < 1 || c.First > 1_000_000 {
			c.First = 0
			problems.Refuse(fieldFirst, "Scrivete quante scuole, come 50.")
		}
	case whichPicked:
		c.Schools = slices.DeleteFunc(slices.Clone(form[fieldSchool]), func(id string) bool { return !rinnova.IsID(id) })
		if len(c.Schools) == 0 {
			problems.Refuse(fieldWhich, "Scegliete le scuole dall’elenco della prova.")
		}
	default:
		problems.Refuse(fieldWhich, "Scegliete quali scuole.")
	}
	return c, problems
}

func (p *choosePage) publishes() bool { return p.Kind == campaign.Publication }

// draft tells whether nothing can be published because the price list waits for its approval.
func (p *choosePage) draft() bool { return p.publishes() && p.Prices.State != catalog.Approved }

func (p *choosePage) title(l locale.Lang) string {
	if p.publishes() {
		return l.T("Pubblica le proposte di %s", p.Campaign.Name)
	}
	return l.T("Ritira proposte di %s", p.Campaign.Name)
}

func (p *choosePage) action() string {
	if p.publishes() {
		return CampaignPath(p.Campaign.ID) + "/pubblica"
	}
	return CampaignPath(p.Campaign.ID) + "/ritira"
}

func (p *choosePage) choices(l locale.Lang) []web.Option {
	out := []web.Option{{Value: whichAll, Text: l.T("Tutte: %s scuole", locale.Count(p.All))}}
	if n := len(p.Form[fieldSchool]); n > 0 {
		out = append(out, web.Option{Value: whichPicked, Text: l.T("Quelle scelte dall’elenco: %d", n)})
	}
	if p.publishes() {
		out = append(out, web.Option{Value: whichClean, Text: l.T("Solo quelle senza anomalie: %s scuole", locale.Count(p.Clean))})
	}
	return append(out, web.Option{Value: whichRegion, Text: l.T("Quelle di una regione")}, web.Option{Value: whichProvince, Text: l.T("Quelle di una provincia")},
		web.Option{Value: whichFirst, Text: l.T("Solo le prime, per cominciare")})
}
