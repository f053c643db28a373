// Package campaigndb keeps campaigns in the database.
package campaigndb

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/campaign/campaigndb/query"
	"rinnova/internal/catalog"
	"rinnova/internal/db"
	"rinnova/internal/renewal"
)

// Store implements campaign.Store.
type Store struct {
	DB *db.DB
}

var (
	_ campaign.Store    = Store{}
	_ campaign.Items    = Store{}
	_ campaign.RunStore = Store{}
)

// InTx runs fn in one transaction.
func (s Store) InTx(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.InTx(ctx, fn)
}

func (s Store) read(ctx context.Context) *query.Queries  { return query.New(s.DB.Reader(ctx)) }
func (s Store) write(ctx context.Context) *query.Queries { return query.New(s.DB.Writer(ctx)) }

// Campaign reads one campaign; NotFound where there is none.
func (s Store) Campaign(ctx context.Context, id string) (campaign.Campaign, error) {
	r, err := query.New(s.DB.Reader(ctx)).Campaign(ctx, id)
	if db.IsNone(err) {
		return campaign.Campaign{}, rinnova.Fail(rinnova.NotFound, "Questa campagna non c’è.")
	}
	if err != nil {
		return campaign.Campaign{}, fmt.Errorf("campaign: %w", err)
	}
	return full(r.Campaign, r.Published)
}

// Campaigns reads all, the newest first.
func (s Store) Campaigns(ctx context.Context) ([]campaign.Campaign, error) {
	rows, err := query.New(s.DB.Reader(ctx)).Campaigns(ctx)
	if err != nil {
		return nil, fmt.Errorf("campaigns: %w", err)
	}
	out := make([]campaign.Campaign, len(rows))
	for i, r := range rows {
		if out[i], err = full(r.Campaign, r.Published); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func full(r query.Campaign, published bool) (campaign.Campaign, error) {
	c := campaign.Campaign{ID: r.ID, Name: r.Name, Kind: renewal.Kind(r.Kind), Year: int(r.Year), PriceList: r.PriceListID, Terms: r.TermsID, CreatedAt: r.CreatedAt.UTC(),
		Round: int(r.Round), Published: published, Version: r.Version}
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
	err = s.write(ctx).AddCampaign(ctx, query.AddCampaignParams{
		ID: c.ID, Name: c.Name, Kind: string(c.Kind), Year: int64(c.Year), PeriodFrom: c.Period.From.String(), PeriodTo: c.Period.To.String(),
		PriceListID: c.PriceList, TermsID: c.Terms, OpensOn: c.OpensOn.String(), ClosesOn: c.ClosesOn.String(), CreatedAt: c.CreatedAt.UTC(), Setup: string(setup),
	})
	if err != nil {
		return fmt.Errorf("campaign %s: %w", c.Name, err)
	}
	return nil
}

// Update implements campaign.Store.
func (s Store) Update(ctx context.Context, c campaign.Campaign) error {
	setup, err := json.Marshal(c.Setup)
	if err != nil {
		return err
	}
	n, err := s.write(ctx).UpdateCampaign(ctx, query.UpdateCampaignParams{
		Name: c.Name, PeriodFrom: c.Period.From.String(), PeriodTo: c.Period.To.String(), PriceListID: c.PriceList, TermsID: c.Terms,
		OpensOn: c.OpensOn.String(), ClosesOn: c.ClosesOn.String(), Setup: string(setup), ID: c.ID, Version: c.Version,
	})
	if err == nil && n == 0 {
		return campaign.ErrStale
	}
	return wrap("campaign", err)
}

// Outdate implements campaign.Store.
func (s Store) Outdate(ctx context.Context, id, why string) error {
	return wrap("campaign items", s.write(ctx).OutdateItems(ctx, why, id))
}

// Lock implements campaign.Store.
func (s Store) Lock(ctx context.Context, kind renewal.Kind) error {
	return wrap("campaigns", s.write(ctx).LockCampaigns(ctx, string(kind)))
}

// PriceLists are all price lists, the newest first, with what a campaign chooses by.
func (s Store) PriceLists(ctx context.Context) ([]catalog.PriceList, error) {
	rows, err := s.read(ctx).PriceLists(ctx)
	if err != nil {
		return nil, wrap("price lists", err)
	}
	out := make([]catalog.PriceList, len(rows))
	for i, r := range rows {
		out[i] = catalog.PriceList{ID: r.ID, Name: r.Name, State: catalog.ListState(r.State)}
		if err := out[i].ValidFrom.UnmarshalText([]byte(r.ValidFrom)); err != nil {
			return nil, wrap("price lists", err)
		}
	}
	return out, nil
}

// Places are the regions and the codes of the provinces in which there are schools.
func (s Store) Places(ctx context.Context) (regions, provinces []string, err error) {
	rows, err := s.read(ctx).Places(ctx)
	for _, r := range rows {
		regions, provinces = append(regions, r.Region), append(provinces, r.ProvinceCode)
	}
	slices.Sort(provinces)
	known := func(s string) bool { return s == "" }
	return slices.Compact(slices.DeleteFunc(regions, known)), slices.Compact(slices.DeleteFunc(provinces, known)), wrap("places", err)
}

func wrap(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// Unknown implements campaign.Store.
func (s Store) Unknown(ctx context.Context, provinces, schools []string) (noProvinces, noSchools []string, err error) {
	if noProvinces, err = none(provinces, func(code string) (int64, error) { return s.read(ctx).InProvince(ctx, code) }); err == nil {
		noSchools, err = none(schools, func(code string) (int64, error) { return s.read(ctx).WithMinistryCode(ctx, code) })
	}
	return noProvinces, noSchools, wrap("codes", err)
}

// none are the codes of which there are none.
func none(codes []string, count func(string) (int64, error)) (out []string, err error) {
	for _, code := range codes {
		n, err := count(code)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			out = append(out, code)
		}
	}
	return out, nil
}
