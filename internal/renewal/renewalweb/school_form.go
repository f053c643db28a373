package renewalweb

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

// form is the renewal form as the school sees it: what is typed and ticked, what it comes to, what is wrong with it.
type form struct {
	*renewal.View
	Vendor supplier.Profile
	Last   *renewal.Revision // the confirmation that counts; nil: none
	Ticks  renewal.Ticks
	Totals catalog.Totals
	Found  rinnova.Problems // everything that stands between the draft and a confirmation
	Shown  web.FormState    // what stands beside the fields
	Stops  rinnova.Problems // why it could not be confirmed just now; they stand at the top
	Left   []string         // the fields that the reader has been at
	Asked  []string         // products for whose not being renewed the page asks why

	Stopped bool // a confirmation did not go since the page was opened

	Accepted  bool
	Unchanged bool             // the school says that what was sent back is right as it is
	Explained []string         // lines whose explanation is open
	Changes   []renewal.Change // of the draft against what counts
	Together  *renewal.Together
	Overtaken bool          // a colleague has confirmed since the page was opened
	Meanwhile bool          // the office has sent the request back since the page was opened
	WasBand   *catalog.Band // the band whose amounts the reader saw, where another has been chosen since the page was opened
	AskUndo   bool          // asks whether to give up the changes
	ReadOnly  bool          // the office looks at what the school sees
}

// showForm is the renewal form; where nothing can be changed, what was sent.
func (h *School) showForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	if !v.Editable(h.today()) {
		return h.showFixed(w, r, v)
	}
	if v.Proposal.Bands.Several() && (v.Request.State == renewal.Offered || !v.Proposal.Bands.Has(v.Request.Draft.Band)) {
		return web.Redirect(w, r, bandPath(v.Request.ID))
	}
	f, err := h.form(r.Context(), v)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, formPage(h.Shell(r), f))
}

// form looks at the draft of v as it stands. Problems are shown beside the fields that hold something: nothing is asked
// for before somebody has tried to confirm.
func (h *School) form(ctx context.Context, v *renewal.View) (*form, error) {
	profile, err := h.profile(ctx)
	if err != nil {
		return nil, err
	}
	last, err := h.last(ctx, v.Request)
	if err != nil {
		return nil, err
	}
	_, found, err := h.Renewals.AskOrder(ctx, v)
	if err != nil {
		return nil, err
	}
	f := formOf(v, profile, last, found)
	f.Together, err = h.Renewals.Together(ctx, v)
	return f, err
}

// formOf is the form of a request whose last confirmation is last, and in whose order this was found.
func formOf(v *renewal.View, profile supplier.Profile, last *renewal.Revision, found rinnova.Problems) *form {
	f := &form{View: v, Vendor: profile, Last: last, Found: found, Ticks: v.Request.Ticks(), Totals: v.Totals()}
	order := v.Request.Draft.Order
	f.Shown.Acknowledged = order.Acknowledged
	for _, p := range found {
		if typedIn(order, p.Field) != "" {
			f.Shown.Problems = append(f.Shown.Problems, p)
		}
	}
	f.Shown.Problems = append(f.Shown.Problems, f.Proposal.Doubled(f.Ticks)...)
	if last != nil && v.Request.Pending {
		f.Changes = f.changes()
	}
	return f
}

// changes compares the draft with what counts.
func (f *form) changes() []renewal.Change {
	return renewal.DraftChanges(f.Proposal, f.Last, f.Request, f.Vendor.PaymentTerms)
}

// bandWords says what the band that was chosen meanwhile makes of the amounts that the reader saw.
func (f *form) bandWords(l locale.Lang) string {
	now := f.Request.Draft.Band
	if was := *f.WasBand; f.Proposal.Bands.Has(was) {
		return l.T("La vostra pagina era per la fascia %s, con un totale di %s IVA inclusa; ora la fascia è %s e il totale è %s.",
			f.Proposal.Bands.Name(was), f.Proposal.Totals(was, f.Ticks).Total, f.Proposal.Bands.Name(now), f.Totals.Total)
	}
	return l.T("Ora la fascia è %s e il totale è %s IVA inclusa.", f.Proposal.Bands.Name(now), f.Totals.Total)
}

// refuse shows everything that stopped a confirmation, also where nothing was typed.
func (f *form) refuse(stops rinnova.Problems) {
	f.Stopped, f.Stops = true, stops
	f.Shown.Problems = slices.Clone(f.Found)
	for _, p := range stops {
		if _, ofOrder := renewal.OrderField(p.Field); !ofOrder {
			f.Shown.Problems = append(f.Shown.Problems, p)
		}
	}
}

// ofLeaving tells whether a field is about a product that is not renewed.
func ofLeaving(field string) bool { return strings.HasPrefix(field, renewal.FieldWords("")) }

// typedIn is what a field of the order holds.
func typedIn(o renewal.OrderForm, field string) string {
	if x, ok := renewal.OrderField(field); ok {
		return x.Typed(o)
	}
	return ""
}

// blocking are the problems that nobody has put right or acknowledged.
func (f *form) blocking() rinnova.Problems { return f.Request.Draft.Order.Blocking(f.Found) }

// changed tells whether the draft differs from what counts, or nothing counts yet.
func (f *form) changed() bool { return f.Last == nil || len(f.Changes) > 0 }

// settled tells whether what counts is all that the form says: there is nothing to confirm.
func (f *form) settled() bool { return f.Request.State.Confirmed() && !f.changed() }

// sameAgain tells whether the form says what the office has sent back.
func (f *form) sameAgain() bool { return f.SameAgain(f.Last) }

// toSend tells whether the form has something new to send, so that confirming is what comes next.
func (f *form) toSend() bool { return !f.settled() && (!f.sameAgain() || f.Unchanged) }

// fieldLabel is how a field is called in messages that stand away from it.
func fieldLabel(l locale.Lang, field string) string {
	if x, ok := renewal.OrderField(field); ok {
		return l.Text(x.Label)
	}
	switch field {
	case renewal.FieldBand:
		return l.T("Fascia alunni")
	case renewal.FieldAccept:
		return l.T("Condizioni di contratto")
	case renewal.FieldReply:
		return l.T("Risposta all’ufficio")
	case renewal.FieldUnchanged:
		return l.T("Senza correzioni")
	}
	return l.T("Perché non lo rinnovate")
}

// stopLinks are the lines of the summary of errors: refusals and doubts that nobody has acknowledged.
func (f *form) stopLinks(l locale.Lang) []web.Link {
	var out []web.Link
	for _, p := range f.Stops {
		text := l.Text(p.Text)
		if f.named(p.Field) {
			text = l.T("%s: %s", fieldLabel(l, p.Field), p.Text)
		}
		out = append(out, web.Link{Text: text, Href: f.where(p.Field)})
	}
	return out
}

// where leads to what a message about a field speaks of.
func (f *form) where(field string) string {
	switch field {
	case renewal.FieldBand:
		return bandPath(f.Request.ID)
	case renewal.FieldLines:
		return "#" + web.MessagesID(renewal.FieldLines)
	}
	return "#" + field
}

// todos is what is done and what is missing before the request can be confirmed.
func (f *form) todos(l locale.Lang) []web.Todo {
	var out []web.Todo
	if f.sameAgain() {
		out = append(out, web.Todo{Done: f.Unchanged, Text: l.T("Correggere quello che chiede l’ufficio, o dire che va bene così"), Href: "#" + renewal.FieldUnchanged})
	}
	seen := map[string]bool{}
	for _, p := range f.blocking() {
		if seen[p.Field] {
			continue
		}
		seen[p.Field] = true
		text := l.T("%s: manca", fieldLabel(l, p.Field))
		if typedIn(f.Request.Draft.Order, p.Field) != "" {
			text = l.T("%s: da controllare", fieldLabel(l, p.Field))
		}
		out = append(out, web.Todo{Text: text, Href: f.where(p.Field)})
	}
	if len(seen) == 0 && f.toSend() {
		out = append(out, web.Todo{Done: true, Text: l.T("Dati dell’ordine")})
	}
	if len(f.Proposal.BandStops(f.Request.Draft, f.Last)) > 0 {
		out = append(out, web.Todo{Text: l.T("%s: da controllare", fieldLabel(l, renewal.FieldBand)), Href: f.where(renewal.FieldBand)})
	}
	if len(f.Request.Draft.Ticks) == 0 {
		out = append(out, web.Todo{Text: l.T("Scegliere almeno %s", f.Request.Kind.Traits().One), Href: "#prodotti"})
	}
	for _, p := range f.Proposal.Doubled(f.Ticks) {
		out = append(out, web.Todo{Text: l.Text(p.Text), Href: "#prodotti"})
	}
	out = append(out, web.Todo{Done: f.Accepted, Text: l.T("Accettare le condizioni"), Href: "#" + renewal.FieldAccept})
	if f.ReadOnly {
		for i := range out {
			out[i].Href = "" // there is nothing to go to
		}
	}
	return out
}

// lines are the positions of the proposal's lines inside or outside the cap.
func lines(p *renewal.Proposal, inCap bool) []int {
	var out []int
	for i, x := range p.Lines {
		if x.InCap == inCap {
			out = append(out, i)
		}
	}
	return out
}

// offers are the products inside or outside the cap: what is proposed, and what the school can add.
func offers(p *renewal.Proposal, inCap bool) (proposed, more []renewal.Product) {
	for _, x := range p.Products() {
		switch {
		case p.Lines[x.Lines[0]].InCap != inCap:
		case x.Suggested:
			more = append(more, x)
		default:
			proposed = append(proposed, x)
		}
	}
	return proposed, more
}

// answered are the products that the page asks about and that are renewed again.
func (f *form) answered() []string {
	var out []string
	for _, x := range f.Proposal.Products() {
		if slices.Contains(f.Asked, x.ID) && len(f.Proposal.Chosen(x, f.Ticks)) > 0 {
			out = append(out, x.ID)
		}
	}
	return out
}
