package subscription_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/catalog/catalogdb"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/school"
	"rinnova/internal/school/schooldb"
	"rinnova/internal/subscription"
	"rinnova/internal/subscription/subscriptiondb"
)

var now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

// Whatever is added and sold in whatever order, the periods of one product never overlap for a school, and what was sold stands as
// it was sold: neither what is added by hand nor another contract takes a day of it, and no contract takes a day of what is there.
func TestPeriodsNeverOverlap(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		store := subscriptiondb.Store{DB: d}
		service := subscription.Service{Store: store, Clock: func() time.Time { return now }}
		for i := range 2 {
			if err := (catalogdb.Store{DB: d}).AddProduct(t.Context(), catalog.Product{ID: fmt.Sprint("p", i), Code: fmt.Sprint("P", i), Name: "Prodotto", License: catalog.FixedTerm}); err != nil {
				t.Fatal(err)
			}
		}
		n, sold := 0, 0
		rapid.Check(t, func(rt *rapid.T) {
			n++
			s := school.School{ID: rinnova.NewID(now), PortalCode: fmt.Sprintf("SG%05d", n), CustomerNumber: fmt.Sprint(100_000 + n), MinistryCode: fmt.Sprint("M", n), CreatedAt: now, UpdatedAt: now}
			if err := (schooldb.Store{DB: d}).Add(t.Context(), s); err != nil {
				rt.Fatal(err)
			}
			for range rapid.IntRange(1, 8).Draw(rt, "steps") {
				from := rinnova.MustDate("2026-01-01").AddDays(rapid.IntRange(0, 700).Draw(rt, "from"))
				x := subscription.Subscription{SchoolID: s.ID, ProductID: rapid.SampledFrom([]string{"p0", "p1"}).Draw(rt, "product"), License: catalog.FixedTerm,
					Period: rinnova.Period{From: from, To: from.AddDays(rapid.IntRange(0, 400).Draw(rt, "days"))}}
				if rapid.Bool().Draw(rt, "sold") {
					sold++
					x.Contract = fmt.Sprintf("2027/%06d", sold)
					before := stored(rt, store, s.ID)
					err := service.Sell(t.Context(), []subscription.Subscription{x})
					if twice, ok := errors.AsType[*subscription.HeldError](err); ok {
						if !twice.Has.Period.Overlaps(x.Period) || !reflect.DeepEqual(before, stored(rt, store, s.ID)) {
							rt.Fatalf("refused for %+v", twice.Has)
						}
						continue
					}
					if err != nil {
						rt.Fatal(err)
					}
					if i := slices.IndexFunc(before, func(y subscription.Subscription) bool {
						return y.ProductID == x.ProductID && y.Period.Overlaps(x.Period)
					}); i >= 0 {
						rt.Fatalf("%s is sold twice", before[i].Contract)
					}
				} else if err := service.Add(t.Context(), x); err != nil {
					if rinnova.KindOf(err) != rinnova.Conflict {
						rt.Fatal(err)
					}
					continue
				}
				stands(rt, store, x)
			}
		})
	})
}

// stored is what a school has now.
func stored(t *rapid.T, store subscription.Store, schoolID string) []subscription.Subscription {
	all, err := store.OfSchool(t.Context(), schoolID)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func stands(rt *rapid.T, store subscriptiondb.Store, last subscription.Subscription) {
	all, err := store.OfSchool(rt.Context(), last.SchoolID)
	if err != nil {
		rt.Fatal(err)
	}
	found := false
	for i, a := range all {
		found = found || a.ProductID == last.ProductID && a.Period == last.Period
		for _, b := range all[:i] {
			if a.ProductID == b.ProductID && a.Period.Overlaps(b.Period) {
				rt.Fatalf("%s: %v and %v overlap", a.ProductID, a.Period, b.Period)
			}
		}
	}
	if !found {
		rt.Fatalf("%v of %s is not there", last.Period, last.ProductID)
	}
}
