package campaignweb

import (
	"net/http"
	"net/url"
	"strconv"

	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/web"
)

// offer is what the page of one school shows: what it would see.
type offer struct {
	Campaign campaign.Campaign
	School   school.School
	Item     campaign.Item
	Proposal *renewal.Proposal // nil: it could not be made
	Band     catalog.Band      // for which amounts are shown
	Totals   catalog.Totals
	Manages  bool
	Work     string // address of the request, once published
}

func (o *Office) school(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := o.campaign(r)
	if err != nil {
		return err
	}
	p := &offer{Campaign: c, Manages: o.manages(r)}
	if p.Item, err = o.Runs.Items.Item(ctx, c.ID, r.PathValue("school")); err != nil {
		return err
	}
	if p.School, err = o.Runs.Schools.School(ctx, p.Item.SchoolID); err != nil {
		return err
	}
	if p.Item.RequestID != "" {
		p.Work = o.Request(p.Item.RequestID)
	}
	if p.Proposal, err = p.Item.Proposal(); err != nil {
		return err
	}
	if p.Proposal != nil {
		p.Band = p.band(r.URL.Query().Get("fascia"))
		p.Totals = p.Proposal.Totals(p.Band, p.Proposal.StartTicks())
	}
	return web.Render(w, r, http.StatusOK, offerPage(o.shell(r), p))
}

// choosing is the page that publishes or withdraws with this school already picked.
func (p *offer) choosing(page string) string {
	return CampaignPath(p.Campaign.ID) + page + "?" + url.Values{fieldSchool: {p.School.ID}}.Encode()
}

// band is the one that is asked for, else the one that the proposal suggests, else the first.
func (p *offer) band(asked string) catalog.Band {
	if n, err := strconv.Atoi(asked); err == nil && p.Proposal.Bands.Has(catalog.Band(n)) {
		return catalog.Band(n)
	}
	return max(p.Proposal.Suggested, 1)
}

func (p *offer) bandOptions(l locale.Lang) []web.Option {
	var out []web.Option
	for b := catalog.Band(1); p.Proposal.Bands.Has(b); b++ {
		out = append(out, web.Option{Value: strconv.Itoa(int(b)), Text: l.Text(p.Proposal.Bands.Name(b))})
	}
	return out
}

// explain explains a line as it would be explained to the school.
func (p *offer) explain(id string) renewal.Explanation {
	x, _ := p.Proposal.Explain(p.Band, p.Proposal.StartTicks(), id)
	return x
}

// kind says in a word what a line is beside those that are ticked.
func lineKind(l locale.Lang, x renewal.Line) string {
	switch {
	case x.Suggested:
		return l.T("proposta in più")
	case x.Variant == renewal.Aligned:
		return l.T("in alternativa: fino al %s", x.Period.To)
	case x.Variant == renewal.Years:
		return l.T("in alternativa: più anni")
	}
	return ""
}

func (p *offer) sums(l locale.Lang) []web.Sum {
	t := p.Totals
	out := []web.Sum{{Label: l.T("Inclusi nel tetto massimo"), Amount: locale.Euro(t.Included)}}
	if t.Reduction > 0 {
		out = append(out, web.Sum{Label: l.T("Riduzione per il tetto massimo"), Amount: locale.Euro(-t.Reduction)})
	}
	return append(out, web.Sum{Label: l.T("Esclusi dal tetto massimo"), Amount: locale.Euro(t.Excluded)},
		web.Sum{Label: l.T("Imponibile"), Amount: locale.Euro(t.Taxable), Weight: web.SumLine},
		web.Sum{Label: l.T("IVA"), Amount: locale.Euro(t.VAT)}, web.Sum{Label: l.T("Totale"), Amount: locale.Euro(t.Total), Weight: web.SumTotal})
}

func (p *offer) facts(l locale.Lang) []web.Datum {
	out := []web.Datum{{Label: l.T("Codice portale"), Value: p.School.PortalCode}, {Label: l.T("Codice meccanografico"), Value: p.School.MinistryCode},
		{Label: l.T("E-mail"), Value: p.School.Email}, {Label: l.T("Codice fiscale"), Value: p.School.TaxCode}}
	if p.Proposal != nil {
		alunni := ""
		if p.Proposal.Pupils > 0 {
			alunni = l.T("%s (a.s. %s)", locale.Count(p.Proposal.Pupils), p.Proposal.PupilsYear)
		}
		out = append(out, web.Datum{Label: l.T("Alunni"), Value: alunni}, web.Datum{Label: l.T("Listino"), Value: p.Proposal.PriceList},
			web.Datum{Label: l.T("Sull’anno scorso, a parità"), Value: share(p.Item.Comparison)}, web.Datum{Label: l.T("Provata"), Value: l.Text(locale.When(p.Item.MadeAt))})
	}
	return out
}
