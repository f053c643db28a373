package campaign

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/event"
	"rinnova/internal/renewal"
)

// Names of the fields of a campaign's form, which problems carry.
const (
	FieldName      = "nome"
	FieldKind      = "tipo"
	FieldFrom      = "dal"
	FieldTo        = "al"
	FieldPriceList = "listino"
	FieldTerms     = "condizioni"
	FieldOpens     = "apre"
	FieldCloses    = "chiude"
	FieldNotice    = "disdetta"
	FieldThreshold = "soglia"
	FieldYears     = "anni"
	FieldBefore    = "solleciti"
	FieldProvinces = "province"
	FieldExcept    = "escluse"
)

// CodeNoCap is the doubt that a price list is not for the kind: assistance without anything inside the cap, or services with it.
const CodeNoCap = "campaign.list"

// CodeOverlap is the doubt that another campaign of the kind is for the same time.
const CodeOverlap = "campaign.overlap"

// MaxName bounds a campaign's name, in characters.
const MaxName = 60

// Create prepares a campaign. Seen are the codes of doubts that the actor has confirmed. With problems nothing is written.
func (s *Service) Create(ctx context.Context, actor rinnova.Actor, c Campaign, seen ...string) (id string, problems rinnova.Problems, err error) {
	if err := onlyManagers(actor); err != nil {
		return "", nil, err
	}
	now := s.Clock().UTC()
	c.ID, c.CreatedAt, c.Year = rinnova.NewID(now), now, c.Period.From.Year
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		if problems, err = s.look(ctx, c, nil, seen); err != nil || len(problems) > 0 {
			return err
		}
		if err := s.Store.Add(ctx, c); err != nil {
			return err
		}
		return s.record(ctx, actor, event.CampaignCreated, c, "", 0)
	})
	s.forget()
	return c.ID, problems, err
}

// Change writes what was changed of a campaign, at the version that was seen. Once it is published only what touches no
// proposal changes: dates move forward, reminders as one likes.
func (s *Service) Change(ctx context.Context, actor rinnova.Actor, c Campaign, seen ...string) (problems rinnova.Problems, err error) {
	if err := onlyManagers(actor); err != nil {
		return nil, err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		was, err := s.Store.Campaign(ctx, c.ID)
		if err != nil {
			return err
		}
		c.Kind, c.Round, c.CreatedAt, c.Year = was.Kind, was.Round, was.CreatedAt, was.Year
		if was.Published {
			c = was.withOnlyMovable(c)
		} else {
			c.Year = c.Period.From.Year
		}
		if c.Year != was.Year {
			problems.Refuse(FieldFrom, "L’anno di una campagna non cambia, perché è nei numeri delle richieste. Preparatene un’altra.")
			return nil
		}
		if problems, err = s.look(ctx, c, &was, seen); err != nil || len(problems) > 0 {
			return err
		}
		if err := s.Store.Update(ctx, c); err != nil {
			return err
		}
		if was.makes() != c.makes() {
			if err := s.Store.Outdate(ctx, c.ID, rinnova.Say("La campagna è cambiata dopo la prova. Fate di nuovo la prova.").String()); err != nil {
				return err
			}
		}
		return s.record(ctx, actor, event.CampaignChanged, c, "", 0)
	})
	s.forget()
	return problems, err
}

// makes is, in a text that can be compared, what of the campaign enters proposals and what is said of them.
func (c Campaign) makes() string {
	s := c.Setup
	return fmt.Sprint(c.Name, c.Period, c.PriceList, s.Filter, s.OddAbove(), s.Rhythm, s.Suggest, s.Years)
}

// withOnlyMovable is the campaign with what may still change of another version of it.
func (c Campaign) withOnlyMovable(to Campaign) Campaign {
	out := c
	out.OpensOn, out.ClosesOn, out.Version = to.OpensOn, to.ClosesOn, to.Version
	out.Setup.NoticeBy, out.Setup.Reminders, out.Setup.Threshold, out.Setup.Filter = to.Setup.NoticeBy, to.Setup.Reminders, to.Setup.Threshold, to.Setup.Filter
	return out
}

// Check says what would be refused of a campaign, or asked about, and writes nothing: whoever has typed something that cannot be read
// sees the rest at once.
func (s *Service) Check(ctx context.Context, c Campaign, seen ...string) (rinnova.Problems, error) {
	if c.ID == "" {
		return s.look(ctx, c, nil, seen)
	}
	was, err := s.Store.Campaign(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	if was.Published {
		c = was.withOnlyMovable(c)
	}
	c.Kind = was.Kind
	return s.look(ctx, c, &was, seen)
}

// look finds what is wrong with a campaign. Was is how it stands now; nil: it is new.
func (s *Service) look(ctx context.Context, c Campaign, was *Campaign, seen []string) (rinnova.Problems, error) {
	var out rinnova.Problems
	if n := len([]rune(strings.TrimSpace(c.Name))); n == 0 || n > MaxName {
		out.Refuse(FieldName, "Scrivete un nome, al massimo %d caratteri: le scuole lo leggono.", MaxName)
	}
	if !slices.Contains(renewal.Kinds, c.Kind) {
		out.Refuse(FieldKind, "Scegliete se la campagna rinnova l’assistenza o i servizi.")
	}
	lookAtDates(&out, c, was, s.Clock.Today())
	lookAtSetup(&out, c.Setup)
	if err := s.lookAtPrices(ctx, &out, c, seen); err != nil {
		return nil, err
	}
	if err := s.lookAtFilter(ctx, &out, c.Setup.Filter); err != nil {
		return nil, err
	}
	if t, err := s.Terms.Terms(ctx, c.Terms); rinnova.KindOf(err) == rinnova.NotFound || err == nil && renewal.Kind(t.Kind) != c.Kind {
		out.Refuse(FieldTerms, "Scegliete le condizioni di questo tipo di rinnovo.")
	} else if err != nil {
		return nil, err
	}
	return out, s.lookAtOthers(ctx, &out, c, seen)
}

// lookAtPrices holds that there is the price list, and asks whether it is one of the kind.
func (s *Service) lookAtPrices(ctx context.Context, out *rinnova.Problems, c Campaign, seen []string) error {
	prices, err := s.Catalog.PriceList(ctx, c.PriceList)
	if rinnova.KindOf(err) == rinnova.NotFound {
		out.Refuse(FieldPriceList, "Scegliete un listino dall’elenco.")
		return nil
	}
	if err != nil {
		return err
	}
	products, err := s.Catalog.Products(ctx)
	if err != nil {
		return err
	}
	code := CodeNoCap + ":" + string(c.Kind) + ":" + prices.ID
	inCap := slices.ContainsFunc(products, func(p catalog.Product) bool { return prices.Sold(p).InCap && prices.Fees[p.ID] != nil })
	switch {
	case slices.Contains(seen, code) || inCap == c.Kind.Capped():
	case inCap:
		out.Warn(FieldPriceList, code, "%s ha prodotti inclusi nel tetto massimo, e i servizi non hanno un tetto. È il listino dei servizi?", prices.Name)
	default:
		out.Warn(FieldPriceList, code, "In %s nessun prodotto è incluso nel tetto massimo. È il listino dell’assistenza?", prices.Name)
	}
	return nil
}

// lookAtFilter refuses codes that no school has: whoever mistypes one that is to be left out would invite it.
func (s *Service) lookAtFilter(ctx context.Context, out *rinnova.Problems, f Filter) error {
	provinces, schools, err := s.Store.Unknown(ctx, f.Provinces, f.Except)
	if len(provinces) > 0 {
		out.Refuse(FieldProvinces, "Nessuna scuola è in provincia di %s. Scrivete la sigla, come «RG».", strings.Join(provinces, ", "))
	}
	if len(schools) > 0 {
		out.Refuse(FieldExcept, "Nessuna scuola ha il codice meccanografico %s. Correggetelo: altrimenti la scuola che volevate escludere riceve la proposta.", strings.Join(schools, ", "))
	}
	return err
}

func lookAtDates(out *rinnova.Problems, c Campaign, was *Campaign, today rinnova.Date) {
	if c.Period.From.IsZero() {
		out.Refuse(FieldFrom, "Scrivete il primo giorno del periodo, come 01/01/2027.")
	}
	if !c.Period.Valid() {
		out.Refuse(FieldTo, "Scrivete l’ultimo giorno del periodo, come 31/12/2027. Viene dopo il primo.")
	}
	if c.OpensOn.IsZero() {
		out.Refuse(FieldOpens, "Scrivete da quando le scuole possono rispondere, come 02/11/2026.")
	}
	if c.ClosesOn.IsZero() || c.ClosesOn.Before(c.OpensOn) {
		out.Refuse(FieldCloses, "Scrivete fino a quando le scuole possono rispondere. Viene dopo l’apertura.")
	}
	if by := c.Setup.NoticeBy; !by.IsZero() && by.After(c.ClosesOn) {
		out.Refuse(FieldNotice, "Il termine per la disdetta non viene dopo la chiusura.")
	}
	if was == nil || !was.Published {
		return
	}
	switch {
	case today.After(was.ClosesOn) && c.ClosesOn != was.ClosesOn:
		out.Refuse(FieldCloses, "La campagna si è chiusa il %s: le richieste non confermate sono scadute.", was.ClosesOn)
	case c.ClosesOn.Before(was.ClosesOn):
		out.Refuse(FieldCloses, "Le scuole sanno che hanno tempo fino al %s: la chiusura si può solo spostare in avanti.", was.ClosesOn)
	}
	if c.OpensOn != was.OpensOn && (c.OpensOn.Before(was.OpensOn) || !today.Before(was.OpensOn)) {
		out.Refuse(FieldOpens, "L’apertura si può solo spostare in avanti, e solo prima che arrivi.")
	}
	if by := was.Setup.NoticeBy; !by.IsZero() && (c.Setup.NoticeBy.IsZero() || c.Setup.NoticeBy.Before(by)) {
		out.Refuse(FieldNotice, "Le scuole sanno che possono disdire fino al %s: il termine si può solo spostare in avanti.", by)
	}
}

// Bounds of what a campaign can be set to.
const (
	MaxYears     = 10
	MaxReminders = 10
	maxDays      = 365
)

func lookAtSetup(out *rinnova.Problems, s Setup) {
	if s.Threshold < 0 || s.Threshold > 100_000 {
		out.Refuse(FieldThreshold, "Scrivete una percentuale, come 10 o 7,5.")
	}
	years := map[int]bool{}
	for _, y := range s.Years {
		if y.Years < 2 || y.Years > MaxYears || y.Step < 0 || y.Step > 10_000 || years[y.Years] {
			out.Refuse(FieldYears, "Scrivete offerte come «3» o «3 +2%%», separate da virgole: da 2 a %d anni, ogni durata una volta sola.", MaxYears)
			break
		}
		years[y.Years] = true
	}
	bad := slices.ContainsFunc(s.Reminders.Before, func(d int) bool { return d < 0 || d > maxDays })
	if bad || len(s.Reminders.Before) > MaxReminders || s.Reminders.NoCIGDays < 0 || s.Reminders.NoCIGDays > maxDays || s.Reminders.PerMinute < 0 {
		out.Refuse(FieldBefore, "Scrivete dei giorni prima della chiusura, come «15, 7, 2»: al massimo %d.", MaxReminders)
	}
}

// lookAtOthers warns of another campaign of the kind for the same time: schools that are in both keep the first offer.
func (s *Service) lookAtOthers(ctx context.Context, out *rinnova.Problems, c Campaign, seen []string) error {
	all, err := s.Store.Campaigns(ctx)
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.ID != c.ID && strings.EqualFold(strings.TrimSpace(x.Name), strings.TrimSpace(c.Name)) {
			out.Refuse(FieldName, "C’è già una campagna che si chiama così. Datele un altro nome, perché le scuole le distinguano.")
		}
		code := fmt.Sprintf("%s:%s", CodeOverlap, x.ID)
		if x.ID != c.ID && x.Kind == c.Kind && x.Period.Overlaps(c.Period) && !slices.Contains(seen, code) {
			out.Warn(FieldFrom, code, "%s rinnova già questo periodo (dal %s al %s). Chi ha una richiesta aperta lì non ne riceve un’altra qui.", x.Name, x.Period.From, x.Period.To)
		}
	}
	return nil
}

// record puts on the record what was done with a campaign.
func (s *Service) record(ctx context.Context, actor rinnova.Actor, kind event.Kind, c Campaign, more string, n int) error {
	data := map[string]string{"campagna": c.Name}
	if more != "" {
		data[more] = fmt.Sprint(n)
	}
	return s.Events.Record(ctx, event.Event{At: s.Clock().UTC(), Kind: kind, Actor: actor, AboutID: c.ID, Data: data})
}

// forget makes the next page read campaigns anew.
func (s *Service) forget() {
	s.all.Forget()
	s.seasons.Clear()
}
