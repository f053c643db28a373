package renewalweb

import (
	"context"
	"slices"

	"rinnova"
	"rinnova/internal/catalog"
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
	if c := p.checkAmounts(); !c.OK {
		out = append(out, c)
	}
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

// checkAmounts computes everything again from the frozen proposal and holds it against what was confirmed.
func (p *officeRequest) checkAmounts() check {
	now := p.Proposal.Totals(p.Now.Band, renewal.NewTicks(p.Now.Ticks...))
	if sameTotals(now, p.Now.Totals) {
		return check{Title: rinnova.Say("Importi"), OK: true, Text: rinnova.Say("Ricalcolati: coincidono al centesimo")}
	}
	return check{Title: rinnova.Say("Importi"), Text: rinnova.Say("Non coincidono: confermato %s, ricalcolato %s. Non elaborate e avvisate chi gestisce il programma.", p.Now.Totals.Total, now.Total)}
}

func sameTotals(a, b catalog.Totals) bool {
	return slices.Equal(a.Lines, b.Lines) && slices.Equal(a.VATByRate, b.VATByRate) && a.Included == b.Included && a.Reduction == b.Reduction &&
		a.Excluded == b.Excluded && a.Taxable == b.Taxable && a.VAT == b.VAT && a.Total == b.Total
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
