package renewalweb

import (
	"context"
	"slices"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/event"
	"rinnova/internal/locale"
	"rinnova/internal/outbox"
)

// entry is one thing that happened to a request.
type entry struct {
	At     time.Time
	Icon   string
	Title  rinnova.Text
	Detail []rinnova.Text // who, and what more
}

// historyLimit bounds how far back the page of a request looks.
const historyLimit = 200

// history is the events of a request and the mails about it, the newest first.
func (o *Office) history(ctx context.Context, p *officeRequest) ([]entry, error) {
	events, err := o.Events.About(ctx, p.Request.ID, historyLimit)
	if err != nil {
		return nil, err
	}
	mails, err := o.Mails.About(ctx, p.Request.ID)
	if err != nil {
		return nil, err
	}
	if p.Contract != nil {
		more, err := o.Mails.About(ctx, p.Contract.ID)
		if err != nil {
			return nil, err
		}
		mails = append(mails, more...)
	}
	var out []entry
	for _, e := range events {
		if e.Kind.Group() == event.Mails {
			continue // told by the mails themselves
		}
		out = append(out, ofEvent(e, p.Proposal.Bands))
	}
	for _, m := range mails {
		out = append(out, ofMail(m))
	}
	slices.SortStableFunc(out, func(a, b entry) int { return b.At.Compare(a.At) })
	return out, nil
}

func ofEvent(e event.Event, bands catalog.Bands) entry {
	x := entry{At: e.At, Icon: "it-clock", Title: e.Kind.Label()}
	switch e.Kind {
	case event.Confirmed:
		x.Icon, x.Title = "it-arrow-right-circle", rinnova.Say("Conferma n. %s", e.Data["conferma"])
		if e.Data["uguale"] != "" {
			x.Detail = append(x.Detail, rinnova.Say("senza cambiare nulla"))
		}
		if said := e.Data["risposta"]; said != "" {
			x.Detail = append(x.Detail, rinnova.Say("risposta: «%s»", said))
		}
	case event.TakenInCharge:
		x.Icon, x.Title = "it-user", rinnova.Say("Presa in carico, conferma n. %s", e.Data["conferma"])
	case event.SentBack, event.Declined:
		x.Icon = "it-warning-circle"
		x.Detail = append(x.Detail, rinnova.Say("«%s»", e.Data["motivo"]))
	case event.Reopened:
		x.Icon = "it-restore"
	case event.Processed:
		x.Icon, x.Title = "it-check-circle", rinnova.Say("Elaborata la conferma n. %s", e.Data["conferma"])
	case event.BandChosen:
		x.Icon, x.Title = "it-pencil", rinnova.Say("Fascia alunni: %s", bandNamed(bands, e.Data["fascia"]))
	case event.DraftUndone:
		x.Icon = "it-restore"
		if n := e.Data["conferma"]; n != "" {
			x.Title = rinnova.Say("Modifiche annullate: la bozza torna alla conferma n. %s", n)
		}
	case event.ContractSigned:
		x.Icon, x.Title = "it-sign", rinnova.Say("Contratto n. %s firmato", e.Data["numero"])
	case event.ContractSent:
		x.Icon = "it-mail"
	case event.ContractNotSent:
		x.Icon = "it-error"
	case event.ContractFetched:
		x.Icon = "it-download"
	case event.ReminderPrinted:
		x.Icon = "it-print"
	}
	if e.Actor.Username != "" && e.Actor.Role != rinnova.RoleSystem {
		x.Detail = slices.Insert(x.Detail, 0, rinnova.Say("%s", e.Actor.Username))
	}
	return x
}

// bandNamed is the band that the record names, in the reader's words.
func bandNamed(bands catalog.Bands, name string) rinnova.Text {
	for b := range bands.Count() {
		if t := bands.Name(catalog.Band(b + 1)); t.String() == name {
			return t
		}
	}
	return rinnova.Text{Format: name}
}

// ofMail tells of a mail and what became of it.
func ofMail(m outbox.Message) entry {
	x := entry{At: m.CreatedAt, Icon: "it-mail", Title: rinnova.Say("E-mail: %s", mailName(m.Kind)), Detail: []rinnova.Text{rinnova.Say("%s", m.To)}}
	switch {
	case m.State == outbox.Sent:
		x.Detail = append(x.Detail, rinnova.Say("inviata il %s", locale.When(m.SentAt)))
	case m.State == outbox.Failed:
		x.Icon = "it-error"
		x.Detail = append(x.Detail, rinnova.Say("non consegnata dopo %d tentativi: %s", m.Attempts, rinnova.Text{Format: m.LastError}))
	case m.Attempts > 0:
		x.Detail = append(x.Detail, rinnova.Say("in coda, tentativi %d: %s", m.Attempts, rinnova.Text{Format: m.LastError}))
	case m.LastError != "":
		x.Detail = append(x.Detail, rinnova.Say("in coda, aspetta: %s", rinnova.Text{Format: m.LastError}))
	default:
		x.Detail = append(x.Detail, rinnova.Say("in coda"))
	}
	return x
}

func mailName(k outbox.Kind) rinnova.Text {
	switch k {
	case outbox.Receipt:
		return rinnova.Say("ricevuta della conferma")
	case outbox.ToCorrect:
		return rinnova.Say("richiesta da correggere")
	case outbox.Notice:
		return rinnova.Say("ricevuta di chi non rinnova")
	case outbox.Contract:
		return rinnova.Say("contratto firmato")
	}
	return rinnova.Say("messaggio")
}
