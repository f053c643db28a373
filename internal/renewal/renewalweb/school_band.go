package renewalweb

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/web"
)

// The steps of a renewal.
const (
	stepBand = iota + 1
	stepForm
	stepSent
)

// firstPath is where a school begins to answer a proposal.
func firstPath(v *renewal.View) string {
	if v.Proposal.Bands.Several() {
		return bandPath(v.Request.ID)
	}
	return RenewalPath(v.Request.ID)
}

// band is the first step: how many pupils, and the school's data to check.
type band struct {
	*renewal.View
	Year   string // the school year of today, 2026/27
	Chosen string
	State  web.FormState
	Back   bool // the page came back: something keeps the school from going on
}

func (h *School) showBand(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	if !v.Editable(h.today()) || !v.Proposal.Bands.Several() {
		return web.Redirect(w, r, RenewalPath(v.Request.ID))
	}
	p := band{View: v}
	if b := v.Request.Draft.Band; v.Proposal.Bands.Has(b) {
		p.Chosen = strconv.Itoa(int(b))
		if p.State, err = h.bandState(r.Context(), v, b, v.Request.Draft.BandSeen); err != nil {
			return err
		}
	}
	return h.renderBand(w, r, http.StatusOK, p)
}

// bandState is what stands beside the bands: a doubt about the one that is chosen.
func (h *School) bandState(ctx context.Context, v *renewal.View, b catalog.Band, seen ...string) (web.FormState, error) {
	last, err := h.last(ctx, v.Request)
	return web.FormState{Problems: v.Proposal.BandDoubts(b, last), Acknowledged: seen}, err
}

func (h *School) renderBand(w http.ResponseWriter, r *http.Request, status int, p band) error {
	p.Year = schoolYear(h.today())
	return web.Render(w, r, status, bandPage(h.Shell(r), p))
}

// chooseBand keeps the band and goes on. A band that looks too low is asked about first.
func (h *School) chooseBand(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	if err := web.ParseForm(r); err != nil {
		return err
	}
	chosen, seen := line(r.PostForm.Get(renewal.FieldBand)), r.PostForm[web.AckField]
	n, err := strconv.Atoi(chosen)
	b := catalog.Band(n)
	p := band{View: v, Chosen: chosen, Back: true}
	if err != nil || !v.Proposal.Bands.Has(b) {
		p.State.Problems.Refuse(renewal.FieldBand, "Scegliete la fascia degli alunni.")
		return h.renderBand(w, r, http.StatusUnprocessableEntity, p)
	}
	if p.State, err = h.bandState(r.Context(), v, b, seen...); err != nil {
		return err
	}
	if p.asks() && v.Editable(h.today()) {
		return h.renderBand(w, r, http.StatusUnprocessableEntity, p)
	}
	if err := h.Renewals.ChooseBand(r.Context(), h.Actor(r.Context()), v.Request.ID, b, seen...); err != nil {
		return err
	}
	return web.Redirect(w, r, RenewalPath(v.Request.ID))
}

// asks tells whether there is a doubt that the school has not confirmed.
func (b band) asks() bool {
	return slices.ContainsFunc(b.State.Problems, func(p rinnova.Problem) bool { return p.Warns && !slices.Contains(b.State.Acknowledged, p.Code) })
}

// options are the bands to choose from.
func (b band) options(l locale.Lang) []web.Option {
	var out []web.Option
	for i := range b.Proposal.Bands.Count() {
		x := catalog.Band(i + 1)
		out = append(out, web.Option{Value: strconv.Itoa(int(x)), Text: l.Text(b.Proposal.Bands.Name(x))})
	}
	return out
}

// why says where the band that is chosen beforehand comes from.
func (b band) why(l locale.Lang) string {
	p := b.Proposal
	if slices.ContainsFunc(b.State.Problems, func(x rinnova.Problem) bool { return renewal.WarningCode(x.Code) == renewal.BandBelowPupils }) {
		return l.T("Canoni e tetto massimo dipendono dalla fascia.") // where the proposed one comes from stands in the doubt
	}
	if p.Suggested == 0 || p.Pupils == 0 {
		return l.T("Non conosciamo il numero dei vostri alunni. Canoni e tetto massimo dipendono dalla fascia.")
	}
	return l.T("Abbiamo proposto «%s» perché l’anagrafe del Ministero (%s) riporta %d alunni. Cambiatela se non è più così: canoni e tetto massimo dipendono dalla fascia.",
		p.Bands.Name(p.Suggested), p.PupilsYear, p.Pupils)
}

// schoolYear is the school year of a day, 2026/27: it begins in September.
func schoolYear(d rinnova.Date) string {
	y := d.Year
	if d.Month < 9 {
		y--
	}
	return fmt.Sprintf("%d/%02d", y, (y+1)%100)
}
