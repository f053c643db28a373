package contract

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/renewal"
)

// What the event of a number says, beside number and document.
const (
	DataRequest  = "id richiesta" // the id of the request
	dataContract = "id contratto" // the id of the contract
	dataRevision = "conferma"
	dataTotal    = "totale"
)

// numbering is the event of a number that was given. It is about the number, not about the request: a row may be made to speak of another
// request, but its number has one event, and that is sealed before the contract leaves.
func numbering(actor rinnova.Actor, c *Contract) event.Event {
	return event.Event{At: c.NumberedAt, Kind: event.ContractNumbered, Actor: actor, SchoolID: c.SchoolID, AboutID: c.Number, Data: map[string]string{
		dataNumber: c.Number, dataContract: c.ID, DataRequest: c.RequestID, dataRevision: strconv.Itoa(c.Revision), dataTotal: c.Document.Totals.Total.String(),
		dataDocument: c.Row.DocumentSHA256}}
}

// number holds the row against the event of its number.
func (f *Finding) number(numbered []event.Link) {
	c := f.Contract
	if len(numbered) != 1 {
		f.Faults.Unfit("Nel registro questo numero è stato dato %d volte, non una.", len(numbered))
		return
	}
	l := numbered[0]
	want := numbering(rinnova.Actor{}, c)
	switch {
	case !l.Genuine():
		f.Faults.Unfit("L’evento n. %d, che registra il numero, è stato cambiato.", l.Seq)
	case l.SchoolID != c.SchoolID || l.Data[dataContract] != c.ID || l.Data[DataRequest] != c.RequestID:
		f.Faults.Unfit("L’evento n. %d, che registra il numero, è di un altro contratto.", l.Seq)
	case l.Data[dataDocument] != want.Data[dataDocument] || l.Data[dataRevision] != want.Data[dataRevision] || l.Data[dataTotal] != want.Data[dataTotal]:
		f.Faults.Unfit("Il documento nel database non è quello registrato quando è stato numerato.")
	}
}

// Vouch says what is wrong with the amounts of a confirmation; nothing where they are those that the proposal gives, and those that
// were recorded when the school confirmed.
func (s *Service) Vouch(ctx context.Context, p *renewal.Proposal, rev *renewal.Revision) (rinnova.Text, error) {
	if !p.Agrees(rev) {
		now := p.Totals(rev.Band, renewal.NewTicks(rev.Ticks...))
		return rinnova.Say("Non coincidono: confermato %s, ricalcolato %s. Non elaborate e avvisate chi gestisce il programma.", rev.Totals.Total, now.Total), nil
	}
	said, err := s.Events.Of(ctx, rev.RequestID, event.Confirmed)
	if err != nil {
		return rinnova.Text{}, err
	}
	f := &Finding{}
	f.confirmed(said, rev, rev.Totals.Total)
	if len(f.Faults) > 0 {
		return f.Faults[0], nil
	}
	return rinnova.Text{}, nil
}

// confirmed holds a confirmation, and the total that was made of it, against the event of the confirmation: there is one, it says that
// total, and, unless it is older than such words, the hash of what is stored.
func (f *Finding) confirmed(said []event.Link, rev *renewal.Revision, total rinnova.Cents) {
	number := strconv.Itoa(rev.Number)
	said = slices.DeleteFunc(slices.Clone(said), func(l event.Link) bool { return l.Data[dataRevision] != number })
	if len(said) != 1 {
		f.Faults.Unfit("Nel registro la conferma n. %d di questa richiesta c’è %d volte, non una.", rev.Number, len(said))
		return
	}
	l := said[0]
	hash := l.Data[dataFile]
	switch {
	case !l.Genuine():
		f.Faults.Unfit("L’evento n. %d, che registra la conferma, è stato cambiato.", l.Seq)
	case l.Data[dataTotal] != total.String():
		f.Faults.Unfit("L’evento n. %d, che registra la conferma, dice un totale di € %s: qui è %s.", l.Seq, l.Data[dataTotal], total)
	case hash != "" && hash != rev.SHA256:
		f.Faults.Unfit("La conferma n. %d nel database non è quella registrata dall’evento n. %d.", rev.Number, l.Seq)
	}
}

// vouched refuses what is about to become a contract where its amounts are not what was confirmed.
func (s *Service) vouched(ctx context.Context, v *renewal.View, rev *renewal.Revision) error {
	wrong, err := s.Vouch(ctx, v.Proposal, rev)
	if err != nil || wrong.IsZero() {
		return err
	}
	return rinnova.Fail(rinnova.Conflict, "Gli importi della conferma n. %d non sono quelli registrati quando la scuola ha confermato: per prudenza non si elabora. Avvisate chi gestisce il programma.", rev.Number).Because(errors.New(wrong.String()))
}
