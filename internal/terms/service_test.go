package terms_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/terms"
	"rinnova/internal/terms/termsdb"
)

var (
	chief = rinnova.Actor{AccountID: "r", Username: "RESPONSABILE", Name: "Responsabile", Role: rinnova.RoleManager}
	clerk = rinnova.Actor{AccountID: "c", Username: "OPERATORE.UNO", Name: "Operatore", Role: rinnova.RoleClerk}
)

// desk is a service on a database, with a clock that can be moved and a record that can be read.
type desk struct {
	*terms.Service
	t      *testing.T
	now    time.Time
	events []event.Event
}

func eachDesk(t *testing.T, test func(d *desk)) {
	dbtest.Each(t, func(t *testing.T, base *db.DB) {
		d := &desk{t: t, now: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}
		letter := func(x terms.Terms) error {
			if strings.Contains(x.Body, "{{niente}}") {
				return rinnova.Fail(rinnova.Invalid, "Il segnaposto non esiste.")
			}
			return nil
		}
		d.Service = &terms.Service{Store: termsdb.Store{DB: base}, Letter: letter, Events: d, Clock: func() time.Time { return d.now }}
		test(d)
	})
}

// Record plays the record.
func (d *desk) Record(_ context.Context, e event.Event) error {
	d.events = append(d.events, e)
	return nil
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// add publishes a version that must be taken.
func (d *desk) add(x terms.Terms) terms.Terms {
	d.t.Helper()
	x, problems, err := d.Publish(d.t.Context(), chief, x)
	d.must(err)
	if len(problems) > 0 {
		d.t.Fatalf("%s: %v", x.Version, problems)
	}
	return x
}

func version(kind terms.Kind, name, from string) terms.Terms {
	return terms.Terms{Kind: kind, Version: name, Title: "Condizioni generali", Body: "# Condizioni\n\n## 1. Oggetto\nIl contratto " + name + ".\n", EffectiveFrom: rinnova.MustDate(from)}
}

func TestAVersionHoldsFromItsDay(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.add(version(terms.Assistance, "1", "2026-11-25"))
		second := d.add(version(terms.Assistance, "2", "2026-12-01"))
		d.add(version(terms.Services, "1", "2026-11-26"))
		for day, want := range map[string]string{"2026-11-24": "", "2026-11-25": "1", "2026-11-30": "1", "2026-12-01": "2", "2030-01-01": "2"} {
			got, ok, err := d.Store.(termsdb.Store).Current(t.Context(), terms.Assistance, rinnova.MustDate(day))
			d.must(err)
			if got.Version != want || ok != (want != "") {
				t.Errorf("on %s the version is %q, want %q", day, got.Version, want)
			}
		}
		if newest, err := d.Newest(t.Context(), terms.Assistance); err != nil || newest.ID != second.ID {
			t.Errorf("the newest is %v, %v", newest, err)
		}
		if before, err := d.Before(t.Context(), second); err != nil || before.Version != "1" {
			t.Errorf("before the second: %v, %v", before, err)
		}
		if len(d.events) != 3 || d.events[0].Kind != event.TermsPublished || d.events[0].Data["sha256"] == "" {
			t.Errorf("the record has %v", d.events)
		}
	})
}

func TestWhatAVersionMustSay(t *testing.T) {
	ok := version(terms.Assistance, "9", "2026-12-01")
	tests := map[string]struct {
		change func(*terms.Terms)
		field  string
	}{
		"no kind":              {func(x *terms.Terms) { x.Kind = "altro" }, terms.FieldKind},
		"no name":              {func(x *terms.Terms) { x.Version = "" }, terms.FieldVersion},
		"a path as name":       {func(x *terms.Terms) { x.Version = "../x" }, terms.FieldVersion},
		"a long name":          {func(x *terms.Terms) { x.Version = strings.Repeat("1", 21) }, terms.FieldVersion},
		"a name that is taken": {func(x *terms.Terms) { x.Version = "1" }, terms.FieldVersion},
		"no title":             {func(x *terms.Terms) { x.Title = " " }, terms.FieldTitle},
		"no day":               {func(x *terms.Terms) { x.EffectiveFrom = rinnova.Date{} }, terms.FieldFrom},
		"yesterday":            {func(x *terms.Terms) { x.EffectiveFrom = rinnova.MustDate("2026-11-24") }, terms.FieldFrom},
		"another's day":        {func(x *terms.Terms) { x.EffectiveFrom = rinnova.MustDate("2026-11-25") }, terms.FieldFrom},
		"no text":              {func(x *terms.Terms) { x.Body = " \r\n " }, terms.FieldBody},
		"no clause":            {func(x *terms.Terms) { x.Body = "Il contratto." }, terms.FieldBody},
		"text outside":         {func(x *terms.Terms) { x.Body = "Premessa\n\n## 1. A\ntesto" }, terms.FieldBody},
		"an empty clause":      {func(x *terms.Terms) { x.Body = "## 1. A\n\n## 2. B\ntesto" }, terms.FieldBody},
		"the same again":       {func(x *terms.Terms) { x.Body = version(terms.Assistance, "1", "2026-11-25").Body }, terms.FieldBody},
		"no text at all":       {func(x *terms.Terms) { x.Body = "## 1. A\n\x00" }, terms.FieldBody},
		"broken letters":       {func(x *terms.Terms) { x.Body = "## 1. A\n\xff" }, terms.FieldBody},
		"too long":             {func(x *terms.Terms) { x.Body = "## 1. A\n" + strings.Repeat("à", terms.MaxBody) }, terms.FieldBody},
		"no letter":            {func(x *terms.Terms) { x.Kind, x.Body = terms.Appointment, "{{niente}}" }, terms.FieldBody},
	}
	eachDesk(t, func(d *desk) {
		d.add(version(terms.Assistance, "1", "2026-11-25"))
		for name, test := range tests {
			x := ok
			test.change(&x)
			_, problems, err := d.Publish(t.Context(), chief, x)
			d.must(err)
			if len(problems) != 1 || problems[0].Field != test.field {
				t.Errorf("%s: %v, want one at %s", name, problems, test.field)
			}
		}
		if all, err := d.Versions(t.Context()); err != nil || len(all) != 1 {
			t.Errorf("there are %d versions, %v", len(all), err)
		}
		if _, _, err := d.Publish(t.Context(), clerk, ok); rinnova.KindOf(err) != rinnova.Forbidden {
			t.Errorf("a clerk publishes: %v", err)
		}
	})
}

func TestOnlyWhatDoesNotHoldYetIsTakenBack(t *testing.T) {
	eachDesk(t, func(d *desk) {
		now := d.add(version(terms.Assistance, "1", "2026-11-25"))
		later := d.add(version(terms.Assistance, "2", "2026-11-27"))
		last := d.add(version(terms.Assistance, "3", "2026-11-28"))
		if err := d.TakeBack(t.Context(), chief, now.ID); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("a version that holds is taken back: %v", err)
		}
		if err := d.TakeBack(t.Context(), clerk, later.ID); rinnova.KindOf(err) != rinnova.Forbidden {
			t.Errorf("a clerk takes a version back: %v", err)
		}
		d.must(d.TakeBack(t.Context(), chief, later.ID))
		if _, err := d.Terms(t.Context(), later.ID); rinnova.KindOf(err) != rinnova.NotFound {
			t.Errorf("it is still there: %v", err)
		}
		d.now = time.Date(2026, 11, 27, 23, 30, 0, 0, time.UTC) // in Italy it is the 28th
		if err := d.TakeBack(t.Context(), chief, last.ID); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("a version is taken back on its day: %v", err)
		}
	})
}

// Two managers publish the same name: one version is kept, and the other one is told.
func TestPublishedAtOnce(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Events = silent{}
		const people = 8
		refused := make(chan bool, people)
		var all sync.WaitGroup
		for i := range people {
			all.Go(func() {
				x := version(terms.Assistance, "1", "2026-11-25")
				x.Title, x.EffectiveFrom = x.Title+strings.Repeat("!", i), x.EffectiveFrom.AddDays(i)
				_, problems, err := d.Publish(t.Context(), chief, x)
				if err != nil {
					t.Error(err)
				}
				refused <- len(problems) > 0
			})
		}
		all.Wait()
		close(refused)
		taken := 0
		for r := range refused {
			if !r {
				taken++
			}
		}
		if taken != 1 {
			t.Errorf("%d of %d were taken", taken, people)
		}
	})
}

type silent struct{}

func (silent) Record(context.Context, event.Event) error { return nil }

// What the changes say is what there is to say: from them and the text before, the new text comes out, and back.
func TestChangesTellEverything(t *testing.T) {
	text := rapid.Custom(func(t *rapid.T) terms.Terms {
		var b strings.Builder
		for _, title := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"1. Oggetto", "2. Durata", "3. Recesso", "4. Foro", "5. Dati"}), rapid.ID).Draw(t, "titles") {
			b.WriteString("## " + title + "\n" + rapid.SampledFrom([]string{"Uno.", "Due.\n\nTre.", "Quattro."}).Draw(t, "text") + "\n\n")
		}
		return terms.Terms{Body: b.String()}
	})
	rapid.Check(t, func(t *rapid.T) {
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		old, now := map[string][]string{}, map[string][]string{}
		for _, c := range after.Changes(before) {
			if c.Before != nil {
				old[c.Title] = c.Before
			}
			if c.After != nil {
				now[c.Title] = c.After
			}
			if c.Same() != (strings.Join(c.Before, "|") == strings.Join(c.After, "|")) {
				t.Errorf("%v", c)
			}
		}
		for title, want := range map[string]map[string][]string{"before": of(before), "after": of(after)} {
			got := map[string]map[string][]string{"before": old, "after": now}[title]
			if len(got) != len(want) {
				t.Fatalf("%s: %v, want %v", title, got, want)
			}
			for k, v := range want {
				if strings.Join(got[k], "|") != strings.Join(v, "|") {
					t.Fatalf("%s, %s: %v, want %v", title, k, got[k], v)
				}
			}
		}
	})
}

func of(x terms.Terms) map[string][]string {
	out := map[string][]string{}
	for _, c := range x.Clauses() {
		out[c.Title] = c.Paragraphs
	}
	return out
}

// A clause whose number moves is still the same clause.
func TestAClauseThatMoves(t *testing.T) {
	before := terms.Terms{Body: "## 1. Oggetto\nA\n\n## 2. Durata\nB\n"}
	after := terms.Terms{Body: "## 1. Premessa\nP\n\n## 2. Oggetto\nA\n\n## 3. Durata\nC\n"}
	changes := after.Changes(before)
	if len(changes) != 3 || changes[0].Before != nil || !changes[1].Same() || changes[2].Same() || changes[2].Before[0] != "B" {
		t.Errorf("%+v", changes)
	}
}

func TestErrTakenIsNotAnUnknownError(t *testing.T) {
	eachDesk(t, func(d *desk) {
		x := version(terms.Assistance, "1", "2026-11-25")
		x.ID = "a"
		d.must(d.Store.Add(t.Context(), x))
		x.ID = "b"
		if err := d.Store.Add(t.Context(), x); !errors.Is(err, terms.ErrTaken) {
			t.Errorf("%v", err)
		}
	})
}
