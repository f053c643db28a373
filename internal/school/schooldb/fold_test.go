package schooldb_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/school"
	"rinnova/internal/school/schooldb"
)

// named adds schools of these names, and tells their codes in the order of the names.
func named(t *testing.T, store schooldb.Store, names ...string) {
	t.Helper()
	for i, n := range names {
		s := example()
		s.ID, s.PortalCode, s.CustomerNumber, s.MinistryCode = rinnova.NewID(now), fmt.Sprintf("SG%d", 71234+1111*i), fmt.Sprintf("C-%d/%d", 558+10*i, i), fmt.Sprintf("RGIC8%d", 16453+1111*i)
		s.DisplayName, s.ShortName, s.OfficeCode, s.TaxCode = n, n, fmt.Sprintf("UFX%d", 923-i), fmt.Sprint(80006890646+1111*i)
		if err := store.Add(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
}

func shortNames(t *testing.T, store schooldb.Store, search string) []string {
	t.Helper()
	page, err := store.List(t.Context(), school.Filter{Search: search, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, s := range page {
		out = append(out, s.ShortName)
	}
	return out
}

// Both engines sort under the first letter, whatever stands before it.
func TestListsAreSortedUnderTheLetter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		store := schooldb.Store{DB: d}
		want := []string{"«Albe Steiner», Ravenna", "Àlbori", "Alfa", "“Beta”", "D’Annunzio", "I.C. 2", "I.C. 10", "Istituto «Ètnia»", "Istituto Fermi", "‘Zeta’", "Zz"}
		named(t, store, want[10], want[3], want[0], want[9], want[7], want[6], want[5], want[2], want[8], want[1], want[4])
		if diff := cmp.Diff(want, shortNames(t, store, "")); diff != "" {
			t.Error(diff)
		}
	})
}

// The signs of the keyboard find what is written with those of print, and codes are found however they are written.
func TestSchoolsAreFoundHoweverTheyAreTyped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		store := schooldb.Store{DB: d}
		one, other := "I.C. «Nicolò D’Annunzio» – Città", "Liceo «Fermi»"
		named(t, store, one, other)
		for _, typed := range []string{"D'Annunzio", "nicolo' d'annunzio", "NICOLÒ D’ANNUNZIO", `"nicolo`, "annunzio - citta", "Annunzio–Città", "CITTA'", "sg71234", "sg 712 34",
			"c-558/0", "C5580", "UFX 923", "ufx923", "8000 6890 646", "RGIC-816-453", "rgic816453\u200b"} {
			if got := shortNames(t, store, typed); !cmp.Equal(got, []string{one}) {
				t.Errorf("%q finds %q", typed, got)
			}
		}
		if s, ok, err := store.ByCode(t.Context(), " sg 72345\u00a0"); err != nil || !ok || s.ShortName != other {
			t.Errorf("by code: %v, %v, %v", s.ShortName, ok, err)
		}
	})
}

// What an older program wrote is found and sorted after the first start of this one, which does it once.
func TestRefold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, store := t.Context(), schooldb.Store{DB: d}
		named(t, store, "Zeta", "«Ada D’Arzo»")
		for i := range 600 { // more than one page
			s := example()
			s.ID, s.PortalCode, s.CustomerNumber, s.MinistryCode = rinnova.NewID(now), fmt.Sprintf("YY%05d", i), fmt.Sprint(i), fmt.Sprintf("XXIC%06d", i)
			if err := store.Add(ctx, s); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := d.Writer(ctx).ExecContext(ctx, "UPDATE school SET search = lower(display_name), sort_key = '', folded = 0"); err != nil {
			t.Fatal(err)
		}
		for _, want := range []int{602, 0} {
			if n, err := store.Refold(ctx); err != nil || n != want {
				t.Fatalf("%d schools folded, want %d, %v", n, want, err)
			}
		}
		if got := shortNames(t, store, "ada d'arzo"); !cmp.Equal(got, []string{"«Ada D’Arzo»"}) {
			t.Errorf("found: %q", got)
		}
		if got := shortNames(t, store, ""); got[0] != "«Ada D’Arzo»" {
			t.Errorf("first: %q", got[0])
		}
		if s, _, err := store.ByCode(ctx, "SG71234"); err != nil || s.Version != 0 {
			t.Errorf("the version is %d, %v: a form that is open would be refused", s.Version, err)
		}
	})
}
