package renewalweb

import (
	"context"
	"slices"

	"rinnova"
	"rinnova/identifier"
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
	Code  string // of a doubt: what it is about (renewal.WarningCode)
	Seen  bool   // a doubt that the school has seen and confirmed, with this confirmation
	Other bool   // one that it has confirmed with its other request
	Links []web.Link
}

// doubts makes a check of each problem.
func (p *officeRequest) doubts(title rinnova.Text, problems rinnova.Problems) []check {
	var out []check
	for _, x := range problems {
		out = append(out, check{Title: title, Text: x.Text, Code: renewal.WarningCode(x.Code), Seen: p.Now.Warned(x)})
	}
	return out
}

// past are the doubts that the school confirmed and that are none any more: an order's date that was in the future.
func (p *officeRequest) past() []renewal.Warning {
	var out []renewal.Warning
	for _, w := range p.Now.Warnings {
		shown := slices.ContainsFunc(p.Checks, func(c check) bool { return c.Seen && c.Code == w.Code })
		if !shown && w.Field != renewal.FieldExclusion && w.Field != renewal.FieldReply {
			out = append(out, w)
		}
	}
	return out
}

// checks looks at what counts; there are none before the school has confirmed.
func (o *Office) checks(ctx context.Context, p *officeRequest) ([]check, error) {
	if p.Now == nil {
		return nil, nil
	}
	problems, err := o.again(ctx, p)
	if err != nil {
		return nil, err
	}
	cig, err := o.checkCIG(ctx, p, problems)
	if err != nil {
		return nil, err
	}
	out := append(p.checkReply(), cig...)
	out = append(out, p.checkOrder(problems)...)
	out = append(out, p.checkBand()...)
	held, err := o.checkHeld(ctx, p)
	if err != nil {
		return nil, err
	}
	out = append(out, held...)
	out = append(out, p.checkAmounts(), p.checkSchool(), p.checkOffice())
	if missing := p.Vendor.Missing(); len(missing) > 0 {
		out = append(out, check{Title: rinnova.Say("Impostazioni del fornitore"), Text: missing[0]})
	}
	slices.SortStableFunc(out, func(a, b check) int { return order(a.OK) - order(b.OK) })
	return out, nil
}

// checkHeld looks for products that the school has already on days that it would buy: processing would be refused.
func (o *Office) checkHeld(ctx context.Context, p *officeRequest) ([]check, error) {
	if o.Held == nil || p.Request.State.Final() {
		return nil, nil
	}
	text, err := o.Held(ctx, p.View, p.Now)
	if err != nil || text.IsZero() {
		return nil, err
	}
	return []check{{Title: rinnova.Say("Prodotti che la scuola ha già"), Text: text}}, nil
}

// checkReply leads to what the school says about the confirmation that was sent back.
func (p *officeRequest) checkReply() []check {
	var out []check
	for _, w := range p.Now.Warnings {
		if w.Field == renewal.FieldReply {
			out = append(out, check{Title: rinnova.Say("Risposta della scuola"), Text: w.Text})
		}
	}
	return out
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

// order puts what is to be looked at first.
func order(ok bool) int {
	if ok {
		return 1
	}
	return 0
}

// again checks the order data that counts as if the school confirmed it today.
func (o *Office) again(ctx context.Context, p *officeRequest) (rinnova.Problems, error) {
	request := *p.Request
	request.Draft.Order = p.Now.Order.Form()
	view := *p.View
	view.Request = &request
	_, problems, err := o.Clerks.CheckOrder(ctx, &view)
	return problems, err
}

// checkCIG looks at the code, and at who else has it: the clerk of either request sees the other.
func (o *Office) checkCIG(ctx context.Context, p *officeRequest, problems rinnova.Problems) ([]check, error) {
	l, title, order := web.LangOf(ctx), rinnova.Say("CIG"), p.Now.Order
	if order.CIG == "" {
		return []check{{Title: title, Text: rinnova.Say("Manca, per il motivo %s: %s", renewal.ExclusionName(order.Exclusion), order.Reason)}}, nil
	}
	uses, err := o.Confirmations.SameCIG(ctx, order.CIG, p.Request.ID)
	if err != nil {
		return nil, err
	}
	found := p.doubts(title, problems.Of(renewal.FieldCIG))
	for i := range found {
		switch found[i].Code {
		case renewal.SharedCIG:
			found[i].Text = rinnova.Say("Lo stesso CIG è anche sulla richiesta di un’altra scuola di questa campagna:")
			found[i].Links = p.usedBy(l, uses, func(u renewal.CIGUse) bool {
				return u.CampaignID == p.Request.CampaignID && u.SchoolID != p.Request.SchoolID
			})
		case renewal.OldCIG:
			found[i].Text = rinnova.Say("È lo stesso CIG di un altro ordine di questa scuola:")
			mine := func(u renewal.CIGUse) bool { return u.SchoolID == p.Request.SchoolID }
			found[i].Links = p.usedBy(l, uses, mine)
			found[i].Other = slices.ContainsFunc(uses, func(u renewal.CIGUse) bool { return mine(u) && u.Known })
		}
	}
	switch {
	case len(found) > 0:
		return found, nil
	case len(uses) > 0:
		all := p.usedBy(l, uses, func(renewal.CIGUse) bool { return true })
		return []check{{Title: title, OK: true, Text: rinnova.Say("Controllo valido. Lo ha usato anche:"), Links: all}}, nil
	}
	return []check{{Title: title, OK: true, Text: rinnova.Say("Controllo valido, mai usato prima")}}, nil
}

// usedBy leads to the other requests with the same CIG that are chosen: those of the same school by their order, others by their school.
func (p *officeRequest) usedBy(l locale.Lang, uses []renewal.CIGUse, chosen func(renewal.CIGUse) bool) []web.Link {
	var out []web.Link
	for _, u := range uses {
		if !chosen(u) {
			continue
		}
		name := u.School
		if u.SchoolID == p.Request.SchoolID {
			name = l.T("%s, ordine %s", u.Campaign, u.Order)
		}
		out = append(out, web.Link{Text: name, Href: requestPath(u.RequestID)})
	}
	return out
}

func (p *officeRequest) checkOrder(problems rinnova.Problems) []check {
	title := rinnova.Say("Ordine")
	var found []check
	for _, field := range []string{renewal.FieldNumber, renewal.FieldDate, renewal.FieldPayment, renewal.FieldCUP} {
		found = append(found, p.doubts(title, problems.Of(field))...)
	}
	if len(found) == 0 {
		return []check{{Title: title, OK: true, Text: rinnova.Say("Numero, data e pagamento nei limiti")}}
	}
	return found
}

// checkBand holds the band against the registry's pupils and the confirmation before; there is nothing to hold where all
// schools are in one band.
func (p *officeRequest) checkBand() []check {
	title, v := rinnova.Say("Fascia alunni"), p.Proposal
	if v.Bands.Count() < 2 {
		return nil
	}
	var before *renewal.Revision
	if n := len(p.Revisions); n > 1 {
		before = &p.Revisions[n-2]
	}
	if doubts := p.doubts(title, v.BandDoubts(p.Now.Band, before)); len(doubts) > 0 {
		return doubts
	}
	if today := v.Bands.Of(p.School.Pupils); today > p.Now.Band && today != v.Suggested { // a merger, or a new school year
		return []check{{Title: title, Text: rinnova.Say("La proposta è di quando gli alunni erano %d: oggi sono %d, fascia %s. Confermata: %s.", v.Pupils, p.School.Pupils, v.Bands.Name(today), v.Bands.Name(p.Now.Band))}}
	}
	switch {
	case v.Pupils == 0:
		return []check{{Title: title, OK: true, Text: rinnova.Say("L’anagrafe non dice quanti sono gli alunni")}}
	case p.Now.Band > v.Suggested:
		return []check{{Title: title, OK: true, Text: rinnova.Say("Più alta di quella dell’anagrafe: %d alunni (a.s. %s)", v.Pupils, v.PupilsYear)}}
	}
	return []check{{Title: title, OK: true, Text: rinnova.Say("Come nell’anagrafe: %d alunni (a.s. %s)", v.Pupils, v.PupilsYear)}}
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

// checkSchool looks for what a contract and its delivery need.
func (p *officeRequest) checkSchool() check {
	title := rinnova.Say("Anagrafe della scuola")
	s := p.School
	switch {
	case s.TaxCode == "":
		return check{Title: title, Text: rinnova.Say("Manca il codice fiscale: senza, la richiesta non si può elaborare.")}
	case s.Email == "":
		return check{Title: title, Text: rinnova.Say("Manca l’indirizzo e-mail: senza, la richiesta non si può elaborare.")}
	}
	if r := identifier.SchoolCF(s.TaxCode); r.Verdict != identifier.OK {
		return check{Title: title, Text: rinnova.Text{Format: r.Why.Italian, English: r.Why.English}}
	}
	if was := p.Now.School; was.TaxCode != s.TaxCode || was.Email != s.Email || was.DisplayName != s.DisplayName || was.OfficeCode != s.OfficeCode {
		return check{Title: title, Text: rinnova.Say("È cambiata dopo la conferma n. %d.", p.Now.Number)}
	}
	return check{Title: title, OK: true, Text: rinnova.Say("Codice fiscale ed e-mail presenti")}
}

// checkOffice looks at the code that takes the electronic invoice to the school.
func (p *officeRequest) checkOffice() check {
	title := rinnova.Say("Fatturazione")
	code := p.School.OfficeCode
	if code == "" {
		return check{Title: title, Text: rinnova.Say("Manca il codice univoco ufficio: serve alla fattura elettronica.")}
	}
	if r := identifier.CUU(code); r.Verdict != identifier.OK {
		return check{Title: title, Text: rinnova.Text{Format: r.Why.Italian, English: r.Why.English}}
	}
	return check{Title: title, OK: true, Text: rinnova.Say("Codice univoco %s", code)}
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
