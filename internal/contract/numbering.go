package contract

import (
	"context"
	"strconv"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/renewal"
)

// What the event of a number says, beside number and document.
const (
	DataRequest  = "richiesta" // the id of the request
	dataContract = "contratto" // the id of the contract
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
		f.unfit("Nel registro questo numero è stato dato %d volte, non una.", len(numbered))
		return
	}
	l := numbered[0]
	want := numbering(rinnova.Actor{}, c)
	switch {
	case !l.Genuine():
		f.unfit("L’evento n. %d, che registra il numero, è stato cambiato.", l.Seq)
	case l.SchoolID != c.SchoolID || l.Data[dataContract] != c.ID || l.Data[DataRequest] != c.RequestID:
		f.unfit("L’evento n. %d, che registra il numero, è di un altro contratto.", l.Seq)
	case l.Data[dataDocument] != want.Data[dataDocument] || l.Data[dataRevision] != want.Data[dataRevision] || l.Data[dataTotal] != want.Data[dataTotal]:
		f.unfit("Il documento nel database non è quello registrato quando è stato numerato.")
	}
}

// confirmed holds what is about to become a contract against the record: the total of the confirmation is the one that was recorded when
// the school confirmed, and the proposal still gives it.
func (s *Service) confirmed(ctx context.Context, v *renewal.View, rev *renewal.Revision) error {
	said, err := s.Events.Of(ctx, v.Request.ID, event.Confirmed)
	if err != nil {
		return err
	}
	total := rev.Totals.Total.String()
	for _, l := range said {
		if l.Data[dataRevision] == strconv.Itoa(rev.Number) && l.Data[dataTotal] == total && l.Genuine() && v.Proposal.Totals(rev.Band, renewal.NewTicks(rev.Ticks...)).Total == rev.Totals.Total {
			return nil
		}
	}
	return rinnova.Fail(rinnova.Conflict, "Gli importi della conferma n. %d non sono quelli registrati quando la scuola ha confermato: per prudenza non si elabora. Avvisate chi gestisce il programma.", rev.Number)
}
