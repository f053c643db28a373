package renewalweb

import (
	"fmt"
	"net/http"
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
	}
	return h.renderBand(w, r, http.StatusOK, p)
}

func (h *School) renderBand(w http.ResponseWriter, r *http.Request, status int, p band) error {
	p.Year = schoolYear(h.today())
	return web.Render(w, r, status, bandPage(h.Shell(r), p))
}

func (h *School) chooseBand(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	if err := web.ParseForm(r); err != nil {
		return err
	}
	chosen := line(r.PostForm.Get(renewal.FieldBand))
	n, err := strconv.Atoi(chosen)
	if err == nil {
		err = h.Renewals.ChooseBand(r.Context(), h.Actor(r.Context()), v.Request.ID, catalog.Band(n))
		if err == nil {
			return web.Redirect(w, r, RenewalPath(v.Request.ID))
		}
		if rinnova.KindOf(err) != rinnova.Invalid {
			return err
		}
	}
	p := band{View: v, Chosen: chosen}
	p.State.Problems.Refuse(renewal.FieldBand, "Scegliete la fascia degli alunni.")
	return h.renderBand(w, r, http.StatusUnprocessableEntity, p)
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
