package renewalweb

import (
	"context"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/web"
)

// check is one thing that the program has looked at for the clerk.
type check struct {
	Title rinnova.Text
	Text  rinnova.Text
	OK    bool
	Code  string // of a doubt about what the school confirmed: what it is about (renewal.WarningCode)
	Seen  bool   // a doubt that the school has seen and confirmed, with this confirmation
	Other bool   // one that it has confirmed with its other request
	Links []web.Link
}

// checks are all that there is to look at in what counts (renewal.Looks), told at length, and what is in order; there are none before the
// school has confirmed.
func (o *Office) checks(ctx context.Context, p *officeRequest) ([]check, error) {
	if p.Now == nil {
		return nil, nil
	}
	rows, err := o.Lists.Rows(ctx, []string{p.Request.ID})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var out []check
	for _, code := range rows[0].Looks {
		found, err := o.tell(ctx, p, code)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	amounts, err := o.checkAmounts(ctx, p.Proposal, p.Now)
	if err != nil {
		return nil, err
	}
	out = append(out, amounts...)
	if missing := p.Vendor.Missing(); len(missing) > 0 {
		out = append(out, check{Title: rinnova.Say("Impostazioni del fornitore"), Text: missing[0]})
	}
	good, err := o.inOrder(ctx, p, out)
	return append(out, good...), err
}

// seenWords says whether the school knew of a doubt when it confirmed; nothing of what is no doubt.
func (c check) seenWords(l locale.Lang) string {
	switch {
	case c.OK || c.Code == "":
		return ""
	case c.Seen:
		return l.T("La scuola l’ha visto e confermato.")
	case c.Other:
		return l.T("La scuola l’ha visto e confermato con l’altro ordine.")
	}
	return l.T("La scuola non l’ha visto: è emerso dopo la conferma.")
}

// checkAmounts says what is wrong with the amounts that were confirmed: contract.Service.Vouch, as processing asks it.
func (o *Office) checkAmounts(ctx context.Context, p *renewal.Proposal, v *renewal.Revision) ([]check, error) {
	wrong, err := o.Processor.Vouch(ctx, p, v)
	if err != nil || wrong.IsZero() {
		return nil, err
	}
	return []check{{Title: titleAmounts, Text: wrong}}, nil
}

// doubts counts the checks that are to be looked at.
func doubts(all []check) int {
	n := 0
	for _, c := range all {
		if !c.OK {
			n++
		}
	}
	return n
}

// checksTitle is the head of the checks.
func checksTitle(l locale.Lang, all []check) string {
	switch n := doubts(all); n {
	case 0:
		return l.T("Controlli: tutto a posto")
	default:
		return l.T("Controlli: %d da guardare", n)
	}
}
