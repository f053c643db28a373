package renewal

import (
	"context"
	"slices"
	"strconv"

	"rinnova"
	"rinnova/internal/event"
)

// Answer is what the school sends with «Conferma dati».
type Answer struct {
	Draft  Draft
	Accept bool // the terms of contract are accepted
	// Seen is the number of the last confirmation that the form showed: if a colleague has confirmed since, the answer is
	// refused, not mixed.
	Seen int
	// SentBack is the confirmation that the form showed as sent back by the office (Request.SentBack): nobody confirms again
	// without having read why.
	SentBack int
	// Unchanged is the school's word that it confirms again what the office has sent back, as it was.
	Unchanged bool
	// Terms is the version of the terms that the form showed.
	Terms string
}

// Confirm sends the request. Problems say what is missing: then nothing counts, but everything typed is kept as a draft.
// Confirming again what already counts changes nothing and gives the same revision (double click, page sent again).
func (s *Service) Confirm(ctx context.Context, actor rinnova.Actor, id string, a Answer) (rev *Revision, problems rinnova.Problems, err error) {
	err = s.change(ctx, actor, id, func(ctx context.Context, v *View) error {
		rev, problems, err = s.confirm(ctx, actor, v, a)
		return err
	})
	return rev, problems, err
}

func (s *Service) confirm(ctx context.Context, actor rinnova.Actor, v *View, a Answer) (*Revision, rinnova.Problems, error) {
	put(v, a.Draft)
	before, err := s.last(ctx, v.Request)
	if err != nil {
		return nil, nil, err
	}
	if before != nil && before.Same(v.Request.Draft) && v.Request.State.Confirmed() {
		if !v.Request.Pending { // nothing to write: many presses at once do not make each other stale
			return before, nil, nil
		}
		return before, nil, s.saveDraft(ctx, actor, v)
	}
	if a.Seen != v.Request.Revision {
		return nil, nil, rinnova.Fail(rinnova.Conflict, "Nel frattempo un collega ha inviato la conferma n. %d. Ricaricate la pagina e controllatela: la vostra non è stata inviata.", v.Request.Revision)
	}
	if a.SentBack < v.Request.SentBack {
		return nil, nil, ErrSentBack
	}
	v.Request.Pending = true // it says something new, or nothing counts
	rev, problems, err := s.check(ctx, actor, v, a, before)
	if err != nil {
		return nil, nil, err
	}
	if len(problems) > 0 {
		return nil, problems, s.saveDraft(ctx, actor, v)
	}
	return rev, nil, s.submit(ctx, actor, v, rev, before)
}

// ErrSentBack is a confirmation by somebody who has not read why the office sent the one before back.
var ErrSentBack = rinnova.Fail(rinnova.Conflict, "Nel frattempo l’ufficio ha rimandato la richiesta: leggete il motivo. La vostra conferma non è stata inviata.")

func (s *Service) last(ctx context.Context, r *Request) (*Revision, error) {
	if r.Revision == 0 {
		return nil, nil
	}
	return s.Store.Revision(ctx, r.ID, r.Revision)
}

// check makes the revision that the draft asks for, or says what stops it. Before is the confirmation that it would replace.
func (s *Service) check(ctx context.Context, actor rinnova.Actor, v *View, a Answer, before *Revision) (*Revision, rinnova.Problems, error) {
	order, found, err := s.AskOrder(ctx, v)
	if err != nil {
		return nil, nil, err
	}
	draft := v.Request.Draft
	if stops := v.Stops(found, a, before); len(stops) > 0 {
		return nil, stops, nil
	}
	rev := &Revision{
		RequestID: v.Request.ID, Number: v.Request.Revision + 1, At: s.now(), By: actor, Band: draft.Band, Ticks: draft.Ticks,
		Leavings: draft.Leavings, Order: order, Totals: v.Totals(), TermsID: v.Season.Terms.ID, Terms: v.Season.Terms.Version, TermsHash: v.Season.Terms.SHA256(),
		School: v.School, Warnings: warnings(append(v.Proposal.BandDoubts(draft.Band, before), found...), order), Reply: v.reply(),
	}
	rev.Warnings = append(append(rev.Warnings, codeWarnings(v.School)...), v.replied(before)...)
	return rev, nil, nil
}

// Stops are what keeps the draft from being confirmed: what was found in its order, its band, its products, the terms. Before
// is the confirmation that it would replace.
func (v *View) Stops(found rinnova.Problems, a Answer, before *Revision) rinnova.Problems {
	draft := v.Request.Draft
	stops := append(draft.Order.Blocking(found), v.Proposal.BandStops(draft, before)...)
	if !v.Proposal.Bands.Has(draft.Band) {
		stops.Refuse(FieldBand, "Scegliete la fascia degli alunni.")
	}
	if len(draft.Ticks) == 0 {
		stops.Refuse(FieldLines, "Scegliete almeno %s. Se non volete rinnovare nulla, ditelo con «Non rinnovate?».", v.Proposal.Kind.Traits().One)
	}
	stops = append(append(stops, v.Proposal.Doubled(v.Request.Ticks())...), v.Proposal.checkLeavings(draft)...)
	v.replyStops(a, before, &stops)
	switch {
	case !a.Accept:
		stops.Refuse(FieldAccept, "Per confermare occorre accettare le condizioni di contratto.")
	case a.Terms != v.Season.Terms.Version:
		stops.Refuse(FieldAccept, "Le condizioni sono cambiate: ora vale la versione %s. Leggetela e accettatela di nuovo.", v.Season.Terms.Version)
	}
	return stops
}

// AskOrder checks the order data of the draft as it stands for the school. Of what it has confirmed only the doubts that it has
// answered are left, whatever others have confirmed since; and that a CIG is on two of its orders it says once, unless the office has
// sent the request back.
func (s *Service) AskOrder(ctx context.Context, v *View) (Order, rinnova.Problems, error) {
	order, found, err := s.checkOrder(ctx, v, func(u CIGUse) bool { return !u.Known || v.Request.Corrects() })
	if v.Request.Settled() {
		found = slices.DeleteFunc(found, func(p rinnova.Problem) bool { return !v.Request.Draft.Order.acknowledges(p) })
	}
	return order, found, err
}

// CheckOrder checks the order data of the draft as it stands for the office, which sees every doubt.
func (s *Service) CheckOrder(ctx context.Context, v *View) (Order, rinnova.Problems, error) {
	return s.checkOrder(ctx, v, func(CIGUse) bool { return true })
}

// checkOrder checks the order data of the draft; asked chooses the other requests of the school whose CIG is a doubt about this one's.
func (s *Service) checkOrder(ctx context.Context, v *View, asked func(CIGUse) bool) (Order, rinnova.Problems, error) {
	profile, err := s.Vendors.Profile(ctx)
	if err != nil {
		return Order{}, nil, err
	}
	facts := OrderFacts{Today: s.Clock.Today(), Offered: v.Season.Offered(profile.Offered())}
	if cig := normalCIG(v.Request.Draft.Order.CIG); cig != "" {
		uses, err := s.Store.SameCIG(ctx, cig, v.Request.ID)
		if err != nil {
			return Order{}, nil, err
		}
		for _, u := range uses {
			switch {
			case u.SchoolID == v.Request.SchoolID && !asked(u):
			case u.SchoolID == v.Request.SchoolID:
				one, err := s.oneOrder(ctx, v, u.CampaignID)
				if err != nil {
					return Order{}, nil, err
				}
				if !one {
					facts.LastCIG = cig
				}
			case u.CampaignID == v.Request.CampaignID:
				facts.CIGUsers = append(facts.CIGUsers, u.School)
			}
		}
	}
	order, problems := v.Request.Draft.Order.Check(facts)
	return order, problems, nil
}

// warnings are what the clerk must see: the doubts that the school confirmed, and a missing CIG.
func warnings(found rinnova.Problems, o Order) []Warning {
	var out []Warning
	for _, p := range found.Warnings() {
		out = append(out, Warning{Field: p.Field, Code: WarningCode(p.Code), Text: p.Text})
	}
	if o.Exclusion != "" {
		out = append(out, Warning{Field: FieldExclusion, Code: NoCIG, Text: rinnova.Say("Senza CIG: %s", ExclusionName(o.Exclusion))})
	}
	return out
}

// submit makes rev what counts: state, revision, event and receipt in one transaction.
func (s *Service) submit(ctx context.Context, actor rinnova.Actor, v *View, rev, before *Revision) error {
	r := v.Request
	next, err := r.State.Next(Confirm)
	if err != nil {
		return err
	}
	r.State, r.Revision, r.ConfirmedAt, r.Band, r.Taxable, r.CIG = next, rev.Number, rev.At, rev.Band, rev.Totals.Taxable, rev.Order.CIG
	r.DraftAt, r.Pending, r.Reason, r.UpdatedAt = rev.At, false, "", rev.At
	r.Party, r.Roof = rev.School.PartyData(), v.Proposal.roof(rev)
	r.Draft.Reply, r.Warnings = "", nil
	for _, w := range rev.Warnings {
		if w.Code != SharedCIG {
			r.Warnings = append(r.Warnings, w.Code)
		}
	}
	if err := s.Store.Update(ctx, r); err != nil {
		return err
	}
	if err := s.Store.AddRevision(ctx, rev); err != nil {
		return err
	}
	if err := s.Store.SetSales(ctx, r.ID, v.Proposal.Sales(NewTicks(rev.Ticks...))); err != nil {
		return err
	}
	said := []string{"conferma", strconv.Itoa(rev.Number), "totale", rev.Totals.Total.String(), "sha256", rev.SHA256}
	if rev.Says(RepliedSame) {
		said = append(said, "uguale", "sì")
	}
	if rev.Reply.Words != "" {
		said = append(said, "risposta", rev.Reply.Words)
	}
	if err := s.record(ctx, actor, r, event.Confirmed, said...); err != nil {
		return err
	}
	return s.Post.Confirmed(ctx, Confirmation{Request: r, Proposal: v.Proposal, Revision: rev, Before: before})
}
