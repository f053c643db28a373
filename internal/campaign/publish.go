package campaign

import (
	"context"
	"slices"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/school"
)

// each works on the next items of a publication or a withdrawal, all in one transaction. Publications of one kind come one
// after the other: so none offers a school what another campaign has just offered it.
func (r *Runs) each(ctx context.Context, c Campaign, run *Run, work func(context.Context, []Item) (Tally, error)) error {
	done := false
	err := r.Items.InTx(ctx, func(ctx context.Context) error {
		if err := r.Campaigns.Store.Lock(ctx, c.Kind); err != nil {
			return err
		}
		var items []Item
		if n := r.size(run); n > 0 {
			var err error
			if items, err = r.Items.ToDo(ctx, run.CampaignID, run.Kind, run.Choice, run.Cursor, n); err != nil {
				return err
			}
		}
		if len(items) == 0 {
			done = true
			return nil
		}
		t, err := work(ctx, items)
		if err != nil {
			return err
		}
		return r.advance(ctx, run, items[len(items)-1].SchoolID, t)
	})
	if err == nil && done {
		return r.finish(ctx, run)
	}
	if err == nil {
		r.Campaigns.forget()
	}
	return err
}

// publish shows schools what was rehearsed, where it would be made the same today.
func (r *Runs) publish(ctx context.Context, p *Proposer, run *Run, items []Item) (Tally, error) {
	schools := make([]school.School, len(items))
	for i, x := range items {
		var err error
		if schools[i], err = r.Schools.School(ctx, x.SchoolID); err != nil {
			return Tally{}, err
		}
	}
	about, err := r.about(ctx, p.campaign, schools)
	if err != nil {
		return Tally{}, err
	}
	t := Tally{Done: len(items)}
	for i, was := range items {
		published, err := r.publishOne(ctx, p, run, was, r.item(p, run, schools[i], about), schools[i])
		if err != nil {
			return t, err
		}
		if !published {
			t.Skipped++
		}
	}
	return t, nil
}

func (r *Runs) publishOne(ctx context.Context, p *Proposer, run *Run, was Item, now *Item, s school.School) (bool, error) {
	skip := func(why rinnova.Text) (bool, error) {
		to := was
		to.State, to.Detail, to.RunID = Changed, why.String(), run.ID
		_, err := r.Items.Settle(ctx, was.State, to)
		return false, err
	}
	if now == nil || now.State == Failed || !slices.Equal(now.Oddities, was.Oddities) {
		return skip(rinnova.Say("I dati della scuola sono cambiati dopo la prova. Fate di nuovo la prova."))
	}
	equal, err := now.become(was)
	if err != nil {
		return false, err
	}
	if !equal {
		return skip(rinnova.Say("I prodotti della scuola, la fascia o i prezzi sono cambiati dopo la prova. Fate di nuovo la prova."))
	}
	if slices.Contains(now.Oddities, OpenRequest) {
		return skip(rinnova.Say("La scuola ha già una richiesta per questo periodo in un’altra campagna."))
	}
	request, ok, err := p.Offer(ctx, s, now.made)
	if err != nil {
		return false, err
	}
	if !ok {
		return skip(rinnova.Say("La scuola ha già avuto una proposta per questo periodo."))
	}
	to := was
	to.State, to.Detail, to.RunID, to.RequestID = Published, "", run.ID, request.ID
	if ok, err := r.Items.Settle(ctx, was.State, to); err != nil || !ok {
		return false, or(err, errElsewhere)
	}
	return true, r.Campaigns.Events.Record(ctx, event.Event{At: r.Campaigns.Clock().UTC(), Kind: event.Published, Actor: run.By, SchoolID: s.ID, AboutID: request.ID,
		Data: map[string]string{"campagna": p.campaign.Name, "richiesta": request.Number}})
}

func or(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// withdraw takes back what no school has opened. A school that opens its request at the same time wins or loses as a whole:
// the request is deleted only while it is still as it was offered.
func (r *Runs) withdraw(ctx context.Context, c Campaign, run *Run, items []Item) (Tally, error) {
	t := Tally{Done: len(items)}
	for _, was := range items {
		back, err := r.Items.TakeBack(ctx, was.RequestID)
		if err != nil {
			return t, err
		}
		to := was
		to.RunID = run.ID
		if !back {
			t.Skipped++
			to.Detail = rinnova.Say("La scuola l’ha già aperta: la proposta resta.").String()
			if _, err := r.Items.Settle(ctx, Published, to); err != nil {
				return t, err
			}
			continue
		}
		to.State, to.RequestID, to.Detail = Withdrawn, "", ""
		if ok, err := r.Items.Settle(ctx, Published, to); err != nil || !ok {
			return t, or(err, errElsewhere)
		}
		if err := r.Campaigns.Events.Record(ctx, event.Event{At: r.Campaigns.Clock().UTC(), Kind: event.OfferWithdrawn, Actor: run.By, SchoolID: was.SchoolID,
			AboutID: was.RequestID, Data: map[string]string{"campagna": c.Name}}); err != nil {
			return t, err
		}
	}
	return t, nil
}
