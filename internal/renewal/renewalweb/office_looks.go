package renewalweb

import (
	"context"
	"slices"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/school/schoolweb"
	"rinnova/internal/web"
)

// The titles under which the page of a request tells what there is to look at.
var (
	titleCIG      = rinnova.Say("CIG")
	titleOrder    = rinnova.Say("Ordine")
	titleBand     = rinnova.Say("Fascia alunni")
	titleSchool   = rinnova.Say("Anagrafe della scuola")
	titleInvoice  = rinnova.Say("Fatturazione")
	titleAmounts  = rinnova.Say("Importi")
	titleReply    = rinnova.Say("Risposta della scuola")
	titleAnswered = rinnova.Say("Conferma della scuola")
)

// tell says at length what there is to look at, by its code (renewal.Looks).
func (o *Office) tell(ctx context.Context, p *officeRequest, code string) ([]check, error) {
	l := web.LangOf(ctx)
	switch code {
	case renewal.SharedCIG, renewal.OldCIG:
		uses, err := o.Confirmations.SameCIG(ctx, p.Now.Order.CIG, p.Request.ID)
		return []check{p.tellUses(l, code, uses)}, err
	case renewal.LookHeld:
		return o.tellHeld(ctx, p)
	case renewal.LookCorrection:
		var out []check
		for _, id := range p.Waiting {
			out = append(out, check{Title: rinnova.Say("C’è una correzione da decidere"), Text: rinnova.Say("Il contratto nasce con i dati che la scuola ha oggi."),
				Links: []web.Link{{Text: l.T("Guardatela prima di elaborare"), Href: schoolweb.ShowPath(id)}}})
		}
		return out, nil
	}
	if c := p.tellArisen(code); !c.Title.IsZero() {
		return []check{c}, nil
	}
	return p.tellWarning(code), nil
}

// tellArisen says what has come up since the confirmation; nothing of other codes.
func (p *officeRequest) tellArisen(code string) check {
	s, v := p.School, p.Proposal
	switch code {
	case renewal.LookClosed:
		return check{Title: titleSchool, Text: rinnova.Say("La scuola è chiusa dal %s. Controllate che il contratto vada fatto.", s.ClosedOn)}
	case renewal.LookIncomplete:
		return p.tellMissing()
	case renewal.LookChanged:
		return check{Title: titleSchool, Text: rinnova.Say("È cambiata dopo la conferma n. %d.", p.Now.Number)}
	case renewal.LookGrown:
		return check{Title: titleBand, Text: rinnova.Say("La proposta è di quando gli alunni erano %d: oggi sono %d, fascia %s. Confermata: %s.", v.Pupils, s.Pupils,
			v.Bands.Name(v.Bands.Of(s.Pupils)), v.Bands.Name(p.Now.Band))}
	case renewal.LookAgain:
		return check{Title: titleAnswered, Text: rinnova.Say("La scuola ha confermato di nuovo dopo che era stata presa in carico la conferma n. %d.", p.Request.Taken.Revision)}
	case renewal.LookEditing:
		return check{Title: titleAnswered, Text: rinnova.Say("La scuola sta preparando delle modifiche, che non ha ancora confermato.")}
	}
	return check{}
}

// tellMissing says what of the school's data a contract, its mail or its invoice lacks.
func (p *officeRequest) tellMissing() check {
	switch s := p.School; {
	case s.TaxCode == "":
		return check{Title: titleSchool, Text: rinnova.Say("Manca il codice fiscale: senza, la richiesta non si può elaborare.")}
	case s.Email == "":
		return check{Title: titleSchool, Text: rinnova.Say("Manca l’indirizzo e-mail: senza, la richiesta non si può elaborare.")}
	}
	return check{Title: titleInvoice, Text: rinnova.Say("Manca il codice univoco ufficio: serve alla fattura elettronica.")}
}

// tellWarning says what the confirmation carries.
func (p *officeRequest) tellWarning(code string) []check {
	var out []check
	for _, w := range p.Now.Warnings {
		if w.Code != code {
			continue
		}
		c := check{Title: warningTitle(w), Text: w.Text}
		switch {
		case code == renewal.NoCIG:
			c.Text = rinnova.Say("Manca, per il motivo %s: %s", renewal.ExclusionName(p.Now.Order.Exclusion), p.Now.Order.Reason)
		case w.Field != "" && w.Field != renewal.FieldReply:
			c.Code, c.Seen = code, true
		}
		out = append(out, c)
	}
	return out
}

// warningTitle is under which title a warning of a confirmation stands.
func warningTitle(w renewal.Warning) rinnova.Text {
	switch w.Field {
	case renewal.FieldCIG, renewal.FieldExclusion:
		return titleCIG
	case renewal.FieldBand:
		return titleBand
	case renewal.FieldReply:
		return titleReply
	case "":
		if w.Code == renewal.LookOfficeCode {
			return titleInvoice
		}
		return titleSchool
	}
	return titleOrder
}

// tellUses says who else has the CIG: the clerk of either request sees the other.
func (p *officeRequest) tellUses(l locale.Lang, code string, uses []renewal.CIGUse) check {
	c := check{Title: titleCIG, Code: code, Seen: p.Now.Says(code)}
	if code == renewal.SharedCIG {
		c.Text = rinnova.Say("Lo stesso CIG è anche sulla richiesta di un’altra scuola di questa campagna:")
		c.Links = p.usedBy(l, uses, func(u renewal.CIGUse) bool {
			return u.CampaignID == p.Request.CampaignID && u.SchoolID != p.Request.SchoolID
		})
		return c
	}
	mine := func(u renewal.CIGUse) bool { return u.SchoolID == p.Request.SchoolID }
	c.Text = rinnova.Say("È lo stesso CIG di un altro ordine di questa scuola:")
	c.Links = p.usedBy(l, uses, mine)
	c.Other = slices.ContainsFunc(uses, func(u renewal.CIGUse) bool { return mine(u) && u.Known })
	return c
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

// tellHeld says which products the school has already on days that it would buy: processing would be refused.
func (o *Office) tellHeld(ctx context.Context, p *officeRequest) ([]check, error) {
	c := check{Title: rinnova.Say("Prodotti che la scuola ha già"), Text: rinnova.Say("Guardate nella pagina della scuola che cosa ha: elaborare non sarà possibile.")}
	if o.Held == nil {
		return []check{c}, nil
	}
	text, err := o.Held(ctx, p.View, p.Now)
	if !text.IsZero() {
		c.Text = text
	}
	return []check{c}, err
}

// inOrder says of each title under which there is nothing to look at what was found to be right.
func (o *Office) inOrder(ctx context.Context, p *officeRequest, found []check) ([]check, error) {
	cig, err := o.goodCIG(ctx, p)
	if err != nil {
		return nil, err
	}
	var out []check
	for _, c := range []check{
		cig, {Title: titleOrder, Text: rinnova.Say("Numero, data e pagamento nei limiti")}, p.goodBand(),
		{Title: titleAmounts, Text: rinnova.Say("Ricalcolati: coincidono al centesimo")},
		{Title: titleSchool, Text: rinnova.Say("Codice fiscale ed e-mail presenti")},
		{Title: titleInvoice, Text: rinnova.Say("Codice univoco %s", p.School.OfficeCode)},
	} {
		c.OK = true
		told := slices.ContainsFunc(found, func(x check) bool { return x.Title.String() == c.Title.String() })
		if !c.Title.IsZero() && !told && (c.Title.String() != titleInvoice.String() || p.School.OfficeCode != "") {
			out = append(out, c)
		}
	}
	return out, nil
}

// goodCIG says that nothing speaks against the CIG, and where it is used too: one order for two requests.
func (o *Office) goodCIG(ctx context.Context, p *officeRequest) (check, error) {
	if p.Now.Order.CIG == "" {
		return check{}, nil
	}
	uses, err := o.Confirmations.SameCIG(ctx, p.Now.Order.CIG, p.Request.ID)
	if err != nil || len(uses) == 0 {
		return check{Title: titleCIG, Text: rinnova.Say("Controllo valido, mai usato prima")}, err
	}
	all := p.usedBy(web.LangOf(ctx), uses, func(renewal.CIGUse) bool { return true })
	return check{Title: titleCIG, Text: rinnova.Say("Controllo valido. Lo ha usato anche:"), Links: all}, nil
}

// goodBand holds the band against the registry's pupils; there is nothing to hold where all schools are in one band.
func (p *officeRequest) goodBand() check {
	v := p.Proposal
	switch {
	case v.Bands.Count() < 2:
		return check{}
	case v.Pupils == 0:
		return check{Title: titleBand, Text: rinnova.Say("L’anagrafe non dice quanti sono gli alunni")}
	case p.Now.Band > v.Suggested:
		return check{Title: titleBand, Text: rinnova.Say("Più alta di quella dell’anagrafe: %d alunni (a.s. %s)", v.Pupils, v.PupilsYear)}
	}
	return check{Title: titleBand, Text: rinnova.Say("Come nell’anagrafe: %d alunni (a.s. %s)", v.Pupils, v.PupilsYear)}
}
