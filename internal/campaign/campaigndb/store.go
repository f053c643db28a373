// Package campaigndb keeps campaigns in the database.
package campaigndb

import (
	"context"
	"encoding/json"
	"fmt"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/campaign/campaigndb/query"
	"rinnova/internal/db"
	"rinnova/internal/renewal"
)

// Store implements campaign.Store.
type Store struct {
	DB *db.DB
}

var _ campaign.Store = Store{}

// Campaign reads one campaign; NotFound where there is none.
func (s Store) Campaign(ctx context.Context, id string) (campaign.Campaign, error) {
	r, err := query.New(s.DB.Reader(ctx)).Campaign(ctx, id)
	if db.IsNone(err) {
		return campaign.Campaign{}, rinnova.Fail(rinnova.NotFound, "Questa campagna non c’è.")
	}
	if err != nil {
		return campaign.Campaign{}, fmt.Errorf("campaign: %w", err)
	}
	return full(r)
}

// Campaigns reads all, the newest first.
func (s Store) Campaigns(ctx context.Context) ([]campaign.Campaign, error) {
	rows, err := query.New(s.DB.Reader(ctx)).Campaigns(ctx)
	if err != nil {
		return nil, fmt.Errorf("campaigns: %w", err)
	}
	out := make([]campaign.Campaign, len(rows))
	for i, r := range rows {
		if out[i], err = full(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func full(r query.Campaign) (campaign.Campaign, error) {
	c := campaign.Campaign{ID: r.ID, Name: r.Name, Kind: renewal.Kind(r.Kind), Year: int(r.Year), PriceList: r.PriceListID, Terms: r.TermsID, CreatedAt: r.CreatedAt.UTC(), Version: r.Version}
	if err := json.Unmarshal([]byte(r.Setup), &c.Setup); err != nil {
		return c, fmt.Errorf("campaign %s: %w", r.ID, err)
	}
	for _, d := range []struct {
		to   *rinnova.Date
		from string
	}{{&c.Period.From, r.PeriodFrom}, {&c.Period.To, r.PeriodTo}, {&c.OpensOn, r.OpensOn}, {&c.ClosesOn, r.ClosesOn}} {
		if err := d.to.UnmarshalText([]byte(d.from)); err != nil {
			return c, fmt.Errorf("campaign %s: %w", r.ID, err)
		}
	}
	return c, nil
}

// Add writes a campaign.
func (s Store) Add(ctx context.Context, c campaign.Campaign) error {
	setup, err := json.Marshal(c.Setup)
	if err != nil {
		return err
	}
	err = query.New(s.DB.Writer(ctx)).AddCampaign(ctx, query.AddCampaignParams{
		ID: c.ID, Name: c.Name, Kind: string(c.Kind), Year: int64(c.Year), PeriodFrom: c.Period.From.String(), PeriodTo: c.Period.To.String(),
		PriceListID: c.PriceList, TermsID: c.Terms, OpensOn: c.OpensOn.String(), ClosesOn: c.ClosesOn.String(), CreatedAt: c.CreatedAt.UTC(), Setup: string(setup),
	})
	if err != nil {
		return fmt.Errorf("campaign %s: %w", c.Name, err)
	}
	return nil
}
