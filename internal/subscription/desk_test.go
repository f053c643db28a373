package subscription_test

import (
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/catalog/catalogdb"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb"
	"rinnova/internal/school"
	"rinnova/internal/school/schooldb"
	"rinnova/internal/subscription"
	"rinnova/internal/subscription/subscriptiondb"
)

var (
	manager = rinnova.Actor{AccountID: "capo", Username: "RESPONSABILE", Name: "Responsabile", Role: rinnova.RoleManager}
	clerk   = rinnova.Actor{AccountID: "uno", Username: "OPERATORE.UNO", Role: rinnova.RoleClerk}
)

// newDesk is a desk with one product and one school.
func newDesk(t *testing.T, d *db.DB) *subscription.Desk {
	t.Helper()
	tick := now
	clock := func() time.Time { tick = tick.Add(time.Second); return tick }
	products := catalogdb.Store{DB: d}
	if err := products.AddProduct(t.Context(), catalog.Product{ID: "p", Code: "P", Name: "Alunni", License: catalog.Perpetual}); err != nil {
		t.Fatal(err)
	}
	if err := (schooldb.Store{DB: d}).Add(t.Context(), school.School{ID: "s", PortalCode: "SG00001", CustomerNumber: "100001", MinistryCode: "M", CreatedAt: now, UpdatedAt: now}); err != nil {
		t.Fatal(err)
	}
	return &subscription.Desk{Service: &subscription.Service{Store: subscriptiondb.Store{DB: d}, Clock: clock}, Events: eventdb.Store{DB: d}, Products: products.Products}
}

func product(from, to string) subscription.Subscription {
	return subscription.Subscription{SchoolID: "s", ProductID: "p", Period: rinnova.Period{From: rinnova.MustDate(from), To: rinnova.MustDate(to)}}
}

// save writes what must be right.
func save(t *testing.T, d *subscription.Desk, x subscription.Subscription) {
	t.Helper()
	if problems, err := d.Save(t.Context(), manager, x); err != nil || len(problems) > 0 {
		t.Fatalf("%v, %v", problems, err)
	}
}

func only(t *testing.T, d *subscription.Desk) subscription.Subscription {
	t.Helper()
	all, err := d.Service.Store.OfSchool(t.Context(), "s")
	if err != nil || len(all) != 1 {
		t.Fatalf("%d, %v", len(all), err)
	}
	return all[0]
}

// A product is added, changed, ended and taken away, each on the record; overlaps and what somebody else has written are refused.
func TestTheDeskChangesWhatASchoolHas(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, base *db.DB) {
		d := newDesk(t, base)
		save(t, d, product("2026-01-01", "2026-12-31"))
		if problems, err := d.Save(t.Context(), manager, product("2027-01-01", "2127-12-31")); err != nil || len(problems.Of(subscription.FieldTo)) == 0 {
			t.Errorf("a period of a hundred years: %v, %v", problems, err)
		}
		x := only(t, d)
		if x.License != catalog.Perpetual {
			t.Errorf("licence %q", x.License)
		}
		for field, wrong := range map[string]subscription.Subscription{
			subscription.FieldFrom:    product("2026-12-31", "2027-12-30"),
			subscription.FieldTo:      product("2027-12-31", "2027-01-01"),
			subscription.FieldProduct: {SchoolID: "s", ProductID: "nessuno", Period: x.Period},
			subscription.FieldEnded:   {SchoolID: "s", ProductID: "p", Period: product("2030-01-01", "2030-12-31").Period, Ended: strings.Repeat("x", 201)},
		} {
			if problems, err := d.Save(t.Context(), manager, wrong); err != nil || len(problems.Of(field).Refused()) != 1 {
				t.Errorf("%s: %v, %v", field, problems, err)
			}
		}
		used, old := 3, x
		x.Used, x.Ended, x.Period.To = &used, " La scuola non lo vuole più ", rinnova.MustDate("2027-06-30")
		save(t, d, x)
		got := only(t, d)
		if got.Used == nil || *got.Used != 3 || got.Ended != "La scuola non lo vuole più" || got.Period.To.String() != "2027-06-30" {
			t.Errorf("%+v", got)
		}
		if _, err := d.Save(t.Context(), manager, old); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("from before: %v", err)
		}
		if err := d.Remove(t.Context(), manager, old); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("taken away from before: %v", err)
		}
		_, err := d.Save(t.Context(), clerk, got)
		for _, err := range []error{err, d.Remove(t.Context(), clerk, got)} {
			if rinnova.KindOf(err) != rinnova.Forbidden {
				t.Errorf("a clerk: %v", err)
			}
		}
		if err := d.Remove(t.Context(), manager, got); err != nil {
			t.Fatal(err)
		}
		page, err := d.Events.(eventdb.Store).Page(t.Context(), event.Filter{SchoolID: "s", Limit: 10})
		if err != nil || len(page.Links) != 3 || page.Links[0].Kind != event.SubscriptionRemoved || page.Links[1].Kind != event.SubscriptionChanged || page.Links[2].Kind != event.SubscriptionAdded {
			t.Errorf("%v, %v", page.Links, err)
		}
	})
}

// What a contract sold keeps its product, period, band and fee, and cannot be taken away.
func TestWhatAContractSoldStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, base *db.DB) {
		d := newDesk(t, base)
		sold, fee := product("2026-01-01", "2026-12-31"), rinnova.Cents(10000)
		sold.Contract, sold.Band, sold.Fee = "2026/000001", 2, &fee
		if err := d.Service.Sell(t.Context(), []subscription.Subscription{sold}); err != nil {
			t.Fatal(err)
		}
		x := only(t, d)
		x.Period.To, x.Fee, x.Band, x.Ended = rinnova.MustDate("2030-12-31"), nil, 1, "Chiude"
		save(t, d, x)
		got := only(t, d)
		if got.Period != sold.Period || got.Fee == nil || *got.Fee != fee || got.Band != 2 || got.Ended != "Chiude" || got.Contract != sold.Contract {
			t.Errorf("%+v", got)
		}
		if err := d.Remove(t.Context(), manager, got); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("taken away: %v", err)
		}
	})
}
