package campaignweb

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/letter"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

// The other fields of the form; those that a campaign's problems carry are in package campaign.
const (
	fieldVersion   = "visto"
	fieldRhythm    = "ritmo"
	fieldSuggest   = "proponi"
	fieldTogether  = "insieme"
	fieldPayments  = "pagamenti"
	fieldRegions   = "regioni"
	fieldProvinces = "province"
	fieldCycle     = "ciclo"
	fieldProducts  = "prodotti"
	fieldExcept    = "escluse"
	fieldNoCIG     = "senza-cig"
)

// formPage is what the form of a campaign shows.
type formPage struct {
	Campaign campaign.Campaign // as it stands; its id is empty for a new one
	Form     url.Values
	State    web.FormState
	Lists    []catalog.PriceList
	Terms    []letter.Terms
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
	if p.Terms, err = o.Lists.TermsOfRenewals(ctx); err != nil {
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
	if len(problems) == 0 {
		var err error
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
	c.ID = was.ID
	if len(problems) == 0 {
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

// movable are the fields of a campaign that has been published.
var movable = []string{fieldVersion, campaign.FieldOpens, campaign.FieldCloses, campaign.FieldNotice, campaign.FieldThreshold, campaign.FieldBefore, fieldNoCIG,
	fieldRegions, fieldProvinces, fieldCycle, fieldProducts, fieldExcept}

// written is a campaign as its form shows it.
func written(c campaign.Campaign) url.Values {
	s := c.Setup
	out := url.Values{
		fieldVersion: {strconv.FormatInt(c.Version, 10)}, campaign.FieldName: {c.Name}, campaign.FieldKind: {string(c.Kind)},
		campaign.FieldFrom: {day(c.Period.From, "")}, campaign.FieldTo: {day(c.Period.To, "")}, campaign.FieldPriceList: {c.PriceList}, campaign.FieldTerms: {c.Terms},
		campaign.FieldOpens: {day(c.OpensOn, "")}, campaign.FieldCloses: {day(c.ClosesOn, "")}, campaign.FieldNotice: {day(s.NoticeBy, "")},
		campaign.FieldYears: {years(s.Years)}, campaign.FieldBefore: {days(s.Reminders.Before)}, fieldRhythm: {string(s.Rhythm)},
		fieldPayments: s.Payments, fieldRegions: s.Filter.Regions, fieldProducts: s.Filter.Products, fieldProvinces: {strings.Join(s.Filter.Provinces, ", ")},
		fieldExcept: {strings.Join(s.Filter.Except, ", ")},
	}
	if s.Threshold != 0 {
		out.Set(campaign.FieldThreshold, strings.TrimSuffix(locale.Percent(s.Threshold), "%"))
	}
	if s.Reminders.NoCIGDays > 0 {
		out.Set(fieldNoCIG, strconv.Itoa(s.Reminders.NoCIGDays))
	}
	for name, on := range map[string]bool{fieldSuggest: s.Suggest, fieldTogether: s.Together} {
		if on {
			out.Set(name, "1")
		}
	}
	if len(s.Filter.Cycles) > 0 {
		out.Set(fieldCycle, string(s.Filter.Cycles[0]))
	}
	return out
}

// read reads the form; problems are of what cannot be read at all.
func read(form url.Values) (c campaign.Campaign, problems rinnova.Problems) {
	date := func(name string) rinnova.Date {
		v := strings.TrimSpace(form.Get(name))
		if v == "" {
			return rinnova.Date{}
		}
		d, wrong := locale.ParseDate(v)
		if !wrong.IsZero() {
			problems = append(problems, rinnova.Problem{Field: name, Text: wrong})
		}
		return d
	}
	c.Version, _ = strconv.ParseInt(form.Get(fieldVersion), 10, 64)
	c.Name, c.Kind = strings.Join(strings.Fields(form.Get(campaign.FieldName)), " "), renewal.Kind(form.Get(campaign.FieldKind))
	c.Period = rinnova.Period{From: date(campaign.FieldFrom), To: date(campaign.FieldTo)}
	c.PriceList, c.Terms = form.Get(campaign.FieldPriceList), form.Get(campaign.FieldTerms)
	c.OpensOn, c.ClosesOn = date(campaign.FieldOpens), date(campaign.FieldCloses)
	s := &c.Setup
	s.NoticeBy, s.Suggest, s.Together, s.Payments = date(campaign.FieldNotice), form.Get(fieldSuggest) != "", form.Get(fieldTogether) != "", chosen(form[fieldPayments])
	if form.Get(fieldRhythm) == string(campaign.OwnRhythm) {
		s.Rhythm = campaign.OwnRhythm
	}
	readNumbers(form, s, &problems)
	s.Filter = campaign.Filter{Regions: chosen(form[fieldRegions]), Provinces: codes(form.Get(fieldProvinces)), Products: chosen(form[fieldProducts]), Except: codes(form.Get(fieldExcept))}
	if a := catalog.Audience(form.Get(fieldCycle)); a == catalog.FirstCycle || a == catalog.SecondCycle {
		s.Filter.Cycles = []catalog.Audience{a}
	}
	return c, problems
}

func readNumbers(form url.Values, s *campaign.Setup, problems *rinnova.Problems) {
	var ok bool
	if s.Threshold, ok = percent(form.Get(campaign.FieldThreshold)); !ok {
		problems.Refuse(campaign.FieldThreshold, "Scrivete una percentuale, come 10 o 7,5.")
	}
	if s.Years, ok = readYears(form.Get(campaign.FieldYears)); !ok {
		problems.Refuse(campaign.FieldYears, "Scrivete offerte come «3» o «3 +2%%», separate da virgole: da 2 a %d anni, ogni durata una volta sola.", campaign.MaxYears)
	}
	if s.Reminders.Before, ok = readDays(form.Get(campaign.FieldBefore)); !ok {
		problems.Refuse(campaign.FieldBefore, "Scrivete dei giorni prima della chiusura, come «15, 7, 2»: al massimo %d.", campaign.MaxReminders)
	}
	if v := strings.TrimSpace(form.Get(fieldNoCIG)); v != "" {
		var err error
		if s.Reminders.NoCIGDays, err = strconv.Atoi(v); err != nil || s.Reminders.NoCIGDays < 0 || s.Reminders.NoCIGDays > 365 {
			problems.Refuse(fieldNoCIG, "Scrivete un numero di giorni, come 10, o lasciate vuoto.")
		}
	}
}

// percent reads 7,5 or 7.5 %; empty is zero.
func percent(s string) (rinnova.BasisPoints, bool) {
	s = strings.ReplaceAll(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%")), ",", ".")
	if s == "" {
		return 0, true
	}
	whole, part, _ := strings.Cut(s, ".")
	part = (part + "00")[:max(2, len(part))]
	n, err := strconv.ParseUint(whole+part, 10, 31)
	return rinnova.BasisPoints(n), err == nil && len(part) == 2
}

// An offer of several years as it is typed: 3, or 3 +2,5%; offers, between commas.
const offerOfYears = `(\d+)(?:\s*\+\s*(\d+(?:[.,]\d{1,2})?)\s*%?)?`

var (
	oneOffer  = regexp.MustCompile(offerOfYears)
	allOffers = regexp.MustCompile(`^\s*(?:` + offerOfYears + `\s*(?:[,;]\s*|$))*$`)
)

// readYears reads 2, 3 +2,5%.
func readYears(s string) (out []campaign.YearsOffer, ok bool) {
	if len(s) > 200 || !allOffers.MatchString(s) {
		return nil, false
	}
	for _, m := range oneOffer.FindAllStringSubmatch(s, -1) {
		n, err := strconv.Atoi(m[1])
		step, good := percent(m[2])
		if err != nil || !good {
			return nil, false
		}
		out = append(out, campaign.YearsOffer{Years: n, Step: step})
	}
	return out, true
}

// readDays reads 15, 7, 2: the earliest reminder first.
func readDays(s string) (out []int, ok bool) {
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil, false
		}
		out = append(out, n)
	}
	slices.Sort(out)
	slices.Reverse(out)
	return slices.Compact(out), true
}

// codes reads codes between commas or spaces, in capitals.
func codes(s string) []string {
	return strings.FieldsFunc(strings.ToUpper(s), func(r rune) bool { return r == ',' || r == ' ' || r == ';' || r == '\n' || r == '\r' || r == '\t' })
}

func chosen(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
}

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
