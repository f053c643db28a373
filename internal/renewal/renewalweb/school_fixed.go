package renewalweb

import (
	"context"
	"net/http"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

// fixed is a request that the school cannot change: what counts, and what became of it.
type fixed struct {
	*renewal.View
	Vendor   supplier.Profile
	Last     *renewal.Revision  // nil: never confirmed; then the draft or the proposal is shown
	Contract *contract.Contract // nil: none
	Today    rinnova.Date

	kept kept // the products of Last, else of the draft

	Why  rinnova.Text     // why what was just sent does not count
	Lost []renewal.Change // what it said differently, and what is not kept

	Again bool // the page is open and asks again
}

// waits tells whether the contract is still in preparation.
func (f *fixed) waits() bool { return preparing(f.Request, f.Contract) }

// preparing tells whether the contract of a request is being drawn and signed.
func preparing(r *renewal.Request, c *contract.Contract) bool {
	return r.State == renewal.Processed && (c == nil || c.State == contract.Numbered)
}

// school is the school as its contract names it; before there is one, as it was confirmed.
func (f *fixed) school() contract.Party {
	if f.Contract != nil {
		return f.Contract.Document.School
	}
	return contract.PartyOf(f.Last.School)
}

// told is read out when the contract is ready.
func (f *fixed) told(l locale.Lang) string {
	if !f.Again || f.waits() || f.Contract == nil {
		return ""
	}
	return l.T("Il contratto n. %s è firmato", f.Contract.Number)
}

func (h *School) showFixed(w http.ResponseWriter, r *http.Request, v *renewal.View) error {
	f, err := h.fixed(r.Context(), v)
	if err != nil {
		return err
	}
	if web.IsPartial(r) {
		f.Again = true
		return web.Render(w, r, http.StatusOK, fixedOutcome(f))
	}
	return web.Render(w, r, http.StatusOK, fixedPage(h.Shell(r), f))
}

// showFrozen is the answer to a form whose request can no longer be changed: what counts, why, and what was typed and is
// not kept.
func (h *School) showFrozen(w http.ResponseWriter, r *http.Request, v *renewal.View, a answer, why rinnova.Text) error {
	f, err := h.fixed(r.Context(), v)
	if err != nil {
		return err
	}
	f.Why = why
	if f.Last != nil {
		typed(v, a)
		f.Lost = renewal.DraftChanges(v.Proposal, f.Last, v.Request, f.Vendor.PaymentTerms)
	}
	return web.Render(w, r, http.StatusConflict, fixedPage(h.Shell(r), f))
}

func (h *School) fixed(ctx context.Context, v *renewal.View) (*fixed, error) {
	f := &fixed{View: v, Today: h.today(),
		kept: kept{Proposal: v.Proposal, Band: v.Request.Draft.Band, Ticks: v.Request.Ticks(), Totals: v.Totals(), Left: v.Request.Draft.Leavings}}
	var err error
	if f.Vendor, err = h.profile(ctx); err != nil {
		return nil, err
	}
	if f.Last, err = h.last(ctx, v.Request); err != nil {
		return nil, err
	}
	if f.Last != nil {
		f.kept = keptOf(v.Proposal, f.Last)
	}
	if v.Request.State == renewal.Declined { // nothing is renewed, whatever was ticked
		f.kept.Ticks, f.kept.Totals = renewal.Ticks{}, v.Proposal.Totals(f.kept.Band, renewal.Ticks{})
	}
	f.Contract, err = h.contract(ctx, v.Request)
	return f, err
}

// contract is the contract of a processed request; nil before.
func (h *School) contract(ctx context.Context, r *renewal.Request) (*contract.Contract, error) {
	if r.State != renewal.Processed {
		return nil, nil
	}
	return h.Contracts.ByRequest(ctx, r.ID)
}
