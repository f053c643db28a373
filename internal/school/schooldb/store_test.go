package schooldb_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/school"
	"rinnova/internal/school/schooldb"
)

var now = time.Date(2026, 11, 23, 9, 30, 15, 123456000, time.UTC) // PostgreSQL keeps microseconds

// example has a different value in every field, so that no two can be mixed up.
func example() school.School {
	return school.School{
		ID: rinnova.NewID(now), PortalCode: "SG00001", CustomerNumber: "100001", MinistryCode: "RGIC99100R", Name: `I.C. "D'ESEMPIO"`, DisplayName: "I.C. «d’Esempio»",
		ShortName: "I.C. «d’Esempio», Ragusa", Type: "ISTITUTO COMPRENSIVO", Address: "VIA DI PROVA 1", Postcode: "97100", Town: "RAGUSA", Province: "PROVINCIA DI RAGUSA",
		ProvinceCode: "RG", Region: "SICILIA", TaxCode: "80006890646", VATNumber: "12345678903", OfficeCode: "UF1A2B", Email: "a@scuola.example", PEC: "b@pec.scuola.example",
		Website: "www.esempio.example", Pupils: 887, PupilsYear: "2024/25", CreatedAt: now, UpdatedAt: now.Add(time.Hour),
	}
}

func TestSchoolsComeBackAsTheyWere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, store, s := t.Context(), schooldb.Store{DB: d}, example()
		if err := store.Add(ctx, s); err != nil {
			t.Fatal(err)
		}
		other := example()
		other.ID, other.PortalCode, other.CustomerNumber, other.MinistryCode = rinnova.NewID(now), "SG00002", "100002", "AGIC805003"
		if err := store.Add(ctx, other); err != nil {
			t.Fatal(err)
		}
		got, err := store.School(ctx, s.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s, got); diff != "" {
			t.Error(diff)
		}
		all, err := store.All(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]school.School{other, s}, all); diff != "" {
			t.Error(diff)
		}
	})
}

func TestUpdateKeepsCodesOfTheVendor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, store, old := t.Context(), schooldb.Store{DB: d}, example()
		if err := store.Add(ctx, old); err != nil {
			t.Fatal(err)
		}
		changed := school.School{
			ID: old.ID, PortalCode: "XX99999", CustomerNumber: "999999", MinistryCode: "AGIC805003", Name: "a", DisplayName: "b", ShortName: "c", Type: "d", Address: "e",
			Postcode: "f", Town: "g", Province: "h", ProvinceCode: "i", Region: "j", TaxCode: "k", VATNumber: "l", OfficeCode: "m", Email: "n", PEC: "o", Website: "p",
			Pupils: 12, PupilsYear: "q", CreatedAt: now.AddDate(1, 0, 0), UpdatedAt: now.AddDate(2, 0, 0),
		}
		if err := store.Update(ctx, changed); err != nil {
			t.Fatal(err)
		}
		got, err := store.School(ctx, old.ID)
		if err != nil {
			t.Fatal(err)
		}
		want := changed
		want.PortalCode, want.CustomerNumber, want.CreatedAt, want.Version = old.PortalCode, old.CustomerNumber, old.CreatedAt, 1
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// Who writes a school names the version that was read: of two only one can.
func TestUpdateFromAVersion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, store, s := t.Context(), schooldb.Store{DB: d}, example()
		if err := store.Add(ctx, s); err != nil {
			t.Fatal(err)
		}
		first, second := s, s
		first.Website, second.Website = "primo.example", "secondo.example"
		if err := store.UpdateFrom(ctx, first); err != nil {
			t.Fatal(err)
		}
		if err := store.UpdateFrom(ctx, second); !errors.Is(err, school.ErrStale) {
			t.Errorf("the second write from the same version: %v", err)
		}
		if got, err := store.School(ctx, s.ID); err != nil || got.Website != "primo.example" || got.Version != 1 {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestStoreRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, store, s := t.Context(), schooldb.Store{DB: d}, example()
		if err := store.Add(ctx, s); err != nil {
			t.Fatal(err)
		}
		for name, same := range map[string]func(*school.School){
			"portal code":     func(o *school.School) { o.PortalCode = s.PortalCode },
			"customer number": func(o *school.School) { o.CustomerNumber = s.CustomerNumber },
			"ministry code":   func(o *school.School) { o.MinistryCode = s.MinistryCode },
		} {
			o := school.School{ID: rinnova.NewID(now), PortalCode: "SG00009", CustomerNumber: "100009", MinistryCode: "AGIC805003", CreatedAt: now, UpdatedAt: now}
			same(&o)
			if err := store.Add(ctx, o); rinnova.KindOf(err) != rinnova.Conflict {
				t.Errorf("the same %s: %v", name, err)
			}
		}
		unknown := example()
		unknown.ID = rinnova.NewID(now)
		if err := store.Update(ctx, unknown); rinnova.KindOf(err) != rinnova.NotFound {
			t.Errorf("updating a school that is not there: %v", err)
		}
		if _, err := store.School(ctx, unknown.ID); rinnova.KindOf(err) != rinnova.NotFound {
			t.Errorf("reading a school that is not there: %v", err)
		}
	})
}

// extract is the header and the first n rows of our extract of the registry.
func extract(t testing.TB, n int) []byte {
	t.Helper()
	f, err := os.Open("../../demo/istituti_principali_202526.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(b, []byte("\n"))
	return bytes.Join(lines[:min(n+1, len(lines))], nil)
}

// TestImport takes a registry through the database: once in full, then without a write, then with one change that is
// rolled back when a later step of the same transaction fails.
func TestImport(t *testing.T) {
	const n = 1000
	registry := extract(t, n)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, store, clock := t.Context(), schooldb.Store{DB: d}, now
		svc := school.NewService(store, func() time.Time { return clock })
		first, err := svc.ImportRegistry(ctx, bytes.NewReader(registry), school.ImportOptions{MailDomain: "istruzione.example"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(first.Added) != n {
			t.Fatalf("%d schools added", len(first.Added))
		}
		before, err := store.All(ctx)
		if err != nil {
			t.Fatal(err)
		}
		clock = now.AddDate(0, 1, 0)
		again, err := svc.ImportRegistry(ctx, bytes.NewReader(registry), school.ImportOptions{MailDomain: "istruzione.example"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if again.Unchanged != n || len(again.Added)+len(again.Changed)+len(again.Vanished) != 0 {
			t.Errorf("the second import: %d unchanged, %d changed", again.Unchanged, len(again.Changed))
		}
		stop := errors.New("a later step fails")
		err = store.InTx(ctx, func(ctx context.Context) error {
			moved := []byte("CODICE,DENOMINAZIONE,COMUNE\nAGIC805003,IC TRASFERITO,RAFFADALI\n")
			r, err := svc.ImportRegistry(ctx, bytes.NewReader(moved), school.ImportOptions{}, nil)
			if err != nil || len(r.Changed) != 1 {
				t.Errorf("the change: %d, %v", len(r.Changed), err)
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		after, err := store.All(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("the schools are not as the first import left them:\n%s", diff)
		}
	})
}

// EmailNear finds somebody's address whatever is asked for, without reading all schools.
func TestEmailNear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		store := schooldb.Store{DB: d}
		near := func(code, want string) {
			t.Helper()
			if got, err := store.EmailNear(t.Context(), code); err != nil || got != want {
				t.Errorf("%q: %q, %v, want %q", code, got, err, want)
			}
		}
		near("MMMM", "")
		for i, code := range []string{"AGIC80000A", "MIPS00000X", "RGIC82700L"} {
			s := school.School{ID: code, PortalCode: code, CustomerNumber: code, MinistryCode: code, Email: fmt.Sprintf("%d@istruzione.example", i), CreatedAt: now, UpdatedAt: now}
			if err := store.Add(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
		near("AAAA", "0@istruzione.example")
		near("MIPS00000X", "1@istruzione.example")
		near("MMMM", "2@istruzione.example")
		near("ZZZZ", "0@istruzione.example")
	})
}

// BenchmarkImport adds the 7,860 institutes to an empty SQLite database.
func BenchmarkImport(b *testing.B) {
	registry := extract(b, 10_000)
	for b.Loop() {
		svc := school.NewService(schooldb.Store{DB: dbtest.SQLite(b)}, func() time.Time { return now })
		if _, err := svc.ImportRegistry(b.Context(), bytes.NewReader(registry), school.ImportOptions{}, nil); err != nil {
			b.Fatal(err)
		}
	}
}
