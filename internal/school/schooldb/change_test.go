package schooldb_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/latin"
	"rinnova/internal/school"
	"rinnova/internal/school/schooldb"
)

var manager = rinnova.Actor{AccountID: "capo", Username: "RESPONSABILE", Name: "Responsabile", Role: rinnova.RoleManager}

// A manager's change is checked, written once, kept from imports, and told to both addresses; of two managers the second is told.
func TestTheOfficeChangesData(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newDesk(t, d)
		ctx := t.Context()
		edit := school.Edit{Version: x.school.Version, Values: map[school.Field]string{school.FieldEmail: "Nuova@Scuola.example", school.FieldTown: "Modica", school.FieldPostcode: "1"}}
		n, problems, err := x.Change(ctx, manager, x.school.ID, edit)
		if err != nil || n != 0 || len(problems.Of(string(school.FieldPostcode)).Refused()) != 1 {
			t.Fatalf("a wrong postcode: %d, %v, %v", n, problems, err)
		}
		edit.Values[school.FieldPostcode] = "97015"
		edit.Values[school.FieldTaxCode] = "92031570886" // its check digit is another
		if n, problems, err = x.Change(ctx, manager, x.school.ID, edit); err != nil || n != 0 || len(problems.Warnings()) != 1 {
			t.Fatalf("a doubtful tax code: %d, %v, %v", n, problems, err)
		}
		edit.Acknowledged = []string{problems.Warnings()[0].Code}
		if n, problems, err = x.Change(ctx, manager, x.school.ID, edit); err != nil || n != 4 || len(problems) > 0 {
			t.Fatalf("%d, %v, %v", n, problems, err)
		}
		s, err := x.store.School(ctx, x.school.ID)
		x.must(err)
		if s.Email != "nuova@scuola.example" || s.Town != "Modica" || s.Postcode != "97015" || s.TaxCode != "92031570886" {
			t.Errorf("%+v", s)
		}
		if want := x.school.Email + " → nuova@scuola.example"; !slices.Contains(x.addresses, want) || x.voided != 1 {
			t.Errorf("told %q, voided %d", x.addresses, x.voided)
		}
		if kept, _ := x.store.KeptOf(ctx, s.ID); len(kept) != 3 {
			t.Errorf("kept %v", kept)
		}
		if _, _, err := x.Change(ctx, manager, s.ID, edit); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("from before: %v", err)
		}
		edit.Version = s.Version
		if n, problems, err = x.Change(ctx, manager, s.ID, edit); n != 0 || len(problems) > 0 || err != nil {
			t.Errorf("the same again: %d, %v, %v", n, problems, err)
		}
		if _, _, err := x.Change(ctx, x.one, s.ID, edit); rinnova.KindOf(err) != rinnova.Forbidden {
			t.Errorf("a clerk: %v", err)
		}
		page, err := x.events.Page(ctx, event.Filter{SchoolID: s.ID, Limit: 10})
		x.must(err)
		if len(page.Links) != 4 || page.Links[0].Kind != event.SchoolChanged {
			t.Errorf("%d events", len(page.Links))
		}
	})
}

// A school closes on a day with a reason, and goes on after all; one that has merged stays closed.
func TestClosing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newDesk(t, d)
		ctx, day := t.Context(), rinnova.MustDate("2026-09-01")
		if problems, err := x.Close(ctx, manager, x.school.ID, school.Closing{Version: x.school.Version, Day: day}); err != nil || len(problems) != 1 {
			t.Errorf("without a reason: %v, %v", problems, err)
		}
		if _, err := x.Close(ctx, x.one, x.school.ID, school.Closing{Version: x.school.Version, Day: day, Reason: "x"}); rinnova.KindOf(err) != rinnova.Forbidden {
			t.Errorf("a clerk: %v", err)
		}
		for _, want := range []rinnova.Date{day, {}} {
			s, err := x.store.School(ctx, x.school.ID)
			x.must(err)
			if problems, err := x.Close(ctx, manager, s.ID, school.Closing{Version: s.Version, Day: want, Reason: "Decreto n. 1"}); err != nil || len(problems) > 0 {
				t.Fatalf("%v, %v", problems, err)
			}
			if s, err = x.store.School(ctx, s.ID); err != nil || s.ClosedOn != want || s.Open(day) != want.IsZero() {
				t.Errorf("closed on %s, %v", s.ClosedOn, err)
			}
		}
		s, err := x.store.School(ctx, x.school.ID)
		x.must(err)
		s.MergedInto, s.ClosedOn = "un’altra", day
		x.must(x.store.Update(ctx, s))
		if s, err = x.store.School(ctx, s.ID); err != nil || s.MergedInto == "" {
			t.Fatalf("%+v, %v", s, err)
		}
		if _, err := x.Close(ctx, manager, s.ID, school.Closing{Version: s.Version, Reason: "No"}); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("merged: %v", err)
		}
	})
}

// What a filter chooses is what meets it, on both engines; pages join up to the whole.
func TestListsAreTheSameInSQLAndInGo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		store := schooldb.Store{DB: d}
		var all []school.School
		for i := range 24 {
			s := example()
			s.ID, s.PortalCode, s.CustomerNumber, s.MinistryCode = rinnova.NewID(now), "SG0010"+string(rune('A'+i)), "20000"+string(rune('A'+i)), "RGIC0000"+string(rune('A'+i))
			s.Region, s.ProvinceCode = []string{"SICILIA", "LAZIO"}[i%2], []string{"RG", "RM", "CT"}[i%3]
			if i%4 == 0 {
				s.TaxCode = ""
			}
			if i%5 == 0 {
				s.Email = ""
			}
			if i%6 == 0 {
				s.ClosedOn = rinnova.MustDate("2026-09-01")
			}
			if i%12 == 0 {
				s.MergedInto = "un’altra"
			}
			if i%7 == 0 {
				s.VanishedOn = rinnova.MustDate("2026-11-02")
			}
			if err := store.Add(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			all = append(all, s)
		}
		rapid.Check(t, func(rt *rapid.T) {
			f := school.Filter{Search: rapid.SampledFrom([]string{"", "sg0010", "RGIC0000c", "esempio", "xyzzy", "%"}).Draw(rt, "search"), Region: rapid.SampledFrom([]string{"", "SICILIA", "LAZIO"}).Draw(rt, "region"),
				Province: rapid.SampledFrom([]string{"", "RG", "CT"}).Draw(rt, "province"), Condition: rapid.SampledFrom(school.Conditions).Draw(rt, "condition"), Limit: rapid.IntRange(1, 30).Draw(rt, "limit")}
			holdList(rt, store, all, f)
		})
	})
}

func holdList(rt *rapid.T, store schooldb.Store, all []school.School, f school.Filter) {
	var want, got []string
	for _, s := range all {
		if (f.Search == "%" || strings.Contains(s.SearchText(), latin.Fold(f.Search))) && (f.Region == "" || f.Region == s.Region) && (f.Province == "" || f.Province == s.ProvinceCode) && s.Meets(f.Condition) {
			want = append(want, s.ID)
		}
	}
	for {
		page, err := store.List(rt.Context(), f)
		if err != nil {
			rt.Fatal(err)
		}
		for _, s := range page {
			got = append(got, s.ID)
		}
		if f.Offset += f.Limit; len(page) < f.Limit {
			break
		}
	}
	n, err := store.Count(rt.Context(), f)
	if err != nil || n != len(want) {
		rt.Fatalf("%d counted, %d wanted, %v", n, len(want), err)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		rt.Fatalf("%d listed, %d wanted", len(got), len(want))
	}
}
