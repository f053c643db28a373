package renewalweb

import (
	"net/http"

	"rinnova/internal/campaign"
	"rinnova/internal/renewal"
	"rinnova/internal/web"
)

func seenPath(id string) string { return requestPath(id) + "/scuola" }

// seen is the school's form as it stands, for the office to read: nothing can be done on it, and nothing is put on the record.
func (o *Office) seen(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := namedRequest(r)
	if err != nil {
		return err
	}
	v, err := o.Clerks.View(ctx, o.Actor(ctx), id)
	if err != nil {
		return err
	}
	profile, err := o.Vendors.Profile(ctx)
	if err != nil {
		return err
	}
	var last *renewal.Revision
	if v.Request.Revision > 0 {
		if last, err = o.Confirmations.Revision(ctx, id, v.Request.Revision); err != nil {
			return err
		}
	}
	_, found, err := o.Clerks.AskOrder(ctx, v)
	if err != nil {
		return err
	}
	chosen := v.Proposal.BandChosen(v.Request)
	if !v.Proposal.Bands.Has(v.Request.Draft.Band) {
		v.Request.Draft.Band = max(1, v.Proposal.Suggested) // nobody has chosen: the prices must be of some band
	}
	f := formOf(v, profile, last, found)
	f.ReadOnly = true
	return web.Render(w, r, http.StatusOK, seenPage(o.shell(r, campaign.Campaign{}), f, chosen))
}
