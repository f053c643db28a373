package schooldb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb"
	"rinnova/internal/school"
	"rinnova/internal/school/schooldb"
)

// desk is a school, its user, two clerks, and what was mailed.
type desk struct {
	*school.Corrections
	t        testing.TB
	store    schooldb.Store
	events   eventdb.Store
	school   school.School
	user     rinnova.Actor
	one, two rinnova.Actor

	mu        sync.Mutex
	now       time.Time
	decided   []school.Correction
	addresses []string // old → new
	voided    int
}

func newDesk(t testing.TB, d *db.DB) *desk {
	x := &desk{t: t, store: schooldb.Store{DB: d}, events: eventdb.Store{DB: d}, school: example(), now: now,
		one: rinnova.Actor{AccountID: "uno", Username: "OPERATORE.UNO", Name: "Operatore Uno", Role: rinnova.RoleClerk},
		two: rinnova.Actor{AccountID: "due", Username: "OPERATORE.DUE", Name: "Operatore Due", Role: rinnova.RoleClerk}}
	x.school.Name, x.school.Province = `I.C. "D'ESEMPIO"`, "RAGUSA"
	x.school.Rename(x.school.Name)
	x.must(x.store.Add(context.Background(), x.school))
	x.user = rinnova.Actor{AccountID: "utente", Username: "SUPERVISOR.SG00001", Role: rinnova.RoleSchool, SchoolID: x.school.ID}
	x.Corrections = &school.Corrections{Store: x.store, Events: x.events, Post: x, Clock: x.clock, AddressChanged: func(context.Context, string) error {
		x.voided++
		return nil
	}}
	return x
}

func (x *desk) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *desk) clock() time.Time {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.now = x.now.Add(time.Millisecond)
	return x.now
}

func (x *desk) Decided(_ context.Context, c *school.Correction, _ school.School) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.decided = append(x.decided, *c)
	return nil
}

func (x *desk) AddressChanged(_ context.Context, s school.School, old string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.addresses = append(x.addresses, old+" → "+s.Email)
	return nil
}

// ask lets the school ask, acknowledging every doubt, and gives the newest correction.
func (x *desk) ask(values map[school.Field]string) *school.Correction {
	x.t.Helper()
	s, err := x.Mine(context.Background(), x.user)
	x.must(err)
	a := school.Asked{Values: values, Shown: map[school.Field]string{}}
	for f, v := range values {
		a.Shown[f] = s.Offered(f)
		_, problems := school.Check(f, v)
		for _, p := range problems {
			a.Acknowledged = append(a.Acknowledged, p.Code)
		}
	}
	_, problems, err := x.Propose(context.Background(), x.user, a)
	x.must(err)
	if len(problems) > 0 {
		x.t.Fatalf("refused: %v", problems)
	}
	rows, err := x.store.CorrectionList(context.Background(), school.AllCorrections, "", 1000, 0)
	x.must(err)
	newest := slices.MaxFunc(rows, func(a, b school.CorrectionRow) int { return strings.Compare(a.ID, b.ID) })
	c, err := x.store.Correction(context.Background(), newest.ID)
	x.must(err)
	return c
}

func (x *desk) today() school.School {
	x.t.Helper()
	s, err := x.store.School(context.Background(), x.school.ID)
	x.must(err)
	return s
}

func accept(f school.Field, seen string) school.Decision {
	return school.Decision{Field: f, Accept: true, Seen: seen}
}

func reject(f school.Field, why string) school.Decision {
	return school.Decision{Field: f, Reason: why}
}

// decide must go well.
func (x *desk) decide(by rinnova.Actor, c *school.Correction, ds ...school.Decision) {
	x.t.Helper()
	problems, err := x.Decide(context.Background(), by, c.ID, ds)
	x.must(err)
	if len(problems) > 0 {
		x.t.Fatal(problems)
	}
}

func (x *desk) kinds(id string) []event.Kind {
	x.t.Helper()
	all, err := x.events.About(context.Background(), id, 100)
	x.must(err)
	var out []event.Kind
	for _, e := range slices.Backward(all) {
		out = append(out, e.Kind)
	}
	return out
}

func TestACorrectionFromTheSchoolToTheMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newDesk(t, d)
		c := x.ask(map[school.Field]string{
			school.FieldDisplayName: "I.C. «Ada d’Esempio»", school.FieldTaxCode: "80006890647", school.FieldEmail: "nuova@scuola.example",
			school.FieldPEC: x.school.PEC, // as it was
		})
		if len(c.Items) != 3 || c.Waiting != 3 || c.Items[1].Field != school.FieldTaxCode || len(c.Items[1].Warnings) != 1 || c.Items[1].Old != "80006890646" {
			t.Fatalf("%+v", c)
		}
		if x.today() != x.school {
			t.Error("asking has changed the school")
		}
		x.decide(x.one, c, accept(school.FieldDisplayName, x.school.DisplayName))
		if len(x.decided) != 0 {
			t.Error("the school heard of a part")
		}
		x.decide(x.two, c, accept(school.FieldEmail, x.school.Email), reject(school.FieldTaxCode, "Non è quello del certificato."))
		s := x.today()
		if s.DisplayName != "I.C. «Ada d’Esempio»" || s.ShortName != "I.C. «Ada d’Esempio», Ragusa" || s.Email != "nuova@scuola.example" || s.TaxCode != x.school.TaxCode || s.Version != 2 {
			t.Errorf("%+v", s)
		}
		for _, query := range []string{"ada d’esempio", "nuova@scuola.example"} {
			if n, err := x.store.CorrectionCounts(t.Context(), query); err != nil || n.All != 1 {
				t.Errorf("the search for %q finds %+v, %v", query, n, err)
			}
		}
		if len(x.decided) != 1 || x.decided[0].Items[1].Reason != "Non è quello del certificato." || x.decided[0].Items[0].DecidedName != "Operatore Uno" {
			t.Errorf("mailed: %+v", x.decided)
		}
		if !slices.Equal(x.addresses, []string{"a@scuola.example → nuova@scuola.example"}) || x.voided != 1 {
			t.Errorf("addresses %v, told %d times", x.addresses, x.voided)
		}
		want := []event.Kind{event.CorrectionAsked, event.CorrectionAsked, event.CorrectionAsked, event.CorrectionAccepted, event.CorrectionRejected, event.CorrectionAccepted}
		if diff := cmp.Diff(want, x.kinds(c.ID)); diff != "" {
			t.Error(diff)
		}
		standing, err := x.Mine(t.Context(), x.user)
		x.must(err)
		if standing.Last[school.FieldTaxCode].State != school.Rejected || standing.Last[school.FieldEmail].State != school.Accepted {
			t.Errorf("%+v", standing.Last)
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	x := newDesk(t, dbtest.SQLite(t))
	ask := func(a school.Asked) (school.Outcome, rinnova.Problems) {
		out, problems, err := x.Propose(t.Context(), x.user, a)
		x.must(err)
		return out, problems
	}
	values := map[school.Field]string{school.FieldTaxCode: "80006890647", school.FieldEmail: "x"}
	out, problems := ask(school.Asked{Values: values, Shown: map[school.Field]string{school.FieldTaxCode: x.school.TaxCode, school.FieldEmail: x.school.Email},
		Acknowledged: []string{"cf.check:80006890647"}, Note: strings.Repeat("à", 601)})
	if out.Asked != 0 || len(problems.Warnings()) != 1 || len(problems.Refused()) != 2 {
		t.Errorf("%+v %v", out, problems)
	}
	// a doubt that was confirmed of one value is none of another
	_, problems = ask(school.Asked{Values: map[school.Field]string{school.FieldTaxCode: "80006890648"}, Acknowledged: []string{"cf.check:80006890647"}})
	if len(problems) != 1 {
		t.Errorf("%v", problems)
	}
	// nothing differs, or only from what the form did not show
	for _, a := range []school.Asked{{}, {Values: map[school.Field]string{school.FieldEmail: " A@scuola.example"}},
		{Values: map[school.Field]string{school.FieldEmail: "vecchia@scuola.example"}, Shown: map[school.Field]string{school.FieldEmail: "vecchia@scuola.example"}}} {
		if out, problems := ask(a); out != (school.Outcome{}) || len(problems) > 0 {
			t.Errorf("%+v: %+v %v", a, out, problems)
		}
	}
	c := x.ask(map[school.Field]string{school.FieldWebsite: "www.nuovo.example"})
	for _, why := range []string{"", "  ", strings.Repeat("à", 601)} {
		if problems, err := x.Decide(t.Context(), x.one, c.ID, []school.Decision{reject(school.FieldWebsite, why)}); err != nil || len(problems) != 1 || problems[0].Field != "reason-website" {
			t.Errorf("a rejection for %q: %v, %v", why, problems, err)
		}
	}
	for what, act := range map[string]func() error{
		"a school decides":     func() error { _, err := x.Decide(t.Context(), x.user, c.ID, nil); return err },
		"a school looks":       func() error { _, _, err := x.Show(t.Context(), x.user, c.ID); return err },
		"a clerk asks":         func() error { _, _, err := x.Propose(t.Context(), x.one, school.Asked{}); return err },
		"nobody asks":          func() error { _, _, err := x.Propose(t.Context(), rinnova.Actor{}, school.Asked{}); return err },
		"a clerk is no school": func() error { _, err := x.Mine(t.Context(), x.one); return err },
	} {
		if err := act(); rinnova.KindOf(err) != rinnova.Forbidden {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := x.Decide(t.Context(), x.one, c.ID, []school.Decision{accept(school.FieldEmail, "")}); rinnova.KindOf(err) != rinnova.Invalid {
		t.Errorf("a value that was not asked for: %v", err)
	}
	if _, err := x.Decide(t.Context(), x.one, rinnova.NewID(now), nil); rinnova.KindOf(err) != rinnova.NotFound {
		t.Errorf("a correction that is not there: %v", err)
	}
}

func TestANewerCorrectionTakesThePlace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newDesk(t, d)
		first := x.ask(map[school.Field]string{school.FieldWebsite: "www.uno.example", school.FieldPostcode: "97013"})
		x.decide(x.one, first, accept(school.FieldPostcode, "97100"))
		second := x.ask(map[school.Field]string{school.FieldWebsite: "www.due.example"})
		first, err := x.store.Correction(t.Context(), first.ID)
		x.must(err)
		if first.Waiting != 0 || first.Items[1].State != school.Replaced || len(x.decided) != 1 {
			t.Errorf("%+v, %d mails", first, len(x.decided))
		}
		_, err = x.Decide(t.Context(), x.one, first.ID, []school.Decision{accept(school.FieldWebsite, x.school.Website)})
		if rinnova.KindOf(err) != rinnova.Conflict || !strings.Contains(err.Error(), "correzione più recente") {
			t.Errorf("deciding on what was replaced: %v", err)
		}
		if again := x.ask(map[school.Field]string{school.FieldWebsite: "www.due.example"}); again.ID != second.ID || again.Waiting != 1 {
			t.Errorf("the same again is another correction: %+v", again)
		}
		x.ask(map[school.Field]string{school.FieldWebsite: x.school.Website})
		if second, err = x.store.Correction(t.Context(), second.ID); err != nil || second.Items[0].State != school.Withdrawn || second.Waiting != 0 {
			t.Errorf("%+v, %v", second, err)
		}
		if n, err := x.store.WaitingCorrections(t.Context()); err != nil || n != 0 || len(x.decided) != 1 {
			t.Errorf("%d wait, %d mails, %v", n, len(x.decided), err)
		}
	})
}

func TestAValueThatHasChangedMeanwhile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newDesk(t, d)
		c := x.ask(map[school.Field]string{school.FieldWebsite: "www.nuovo.example", school.FieldPostcode: "97013"})
		imported := x.today()
		imported.Website = "www.importato.example"
		x.must(x.store.Update(t.Context(), imported))
		_, err := x.Decide(t.Context(), x.one, c.ID, []school.Decision{accept(school.FieldPostcode, "97100"), accept(school.FieldWebsite, x.school.Website)})
		if rinnova.KindOf(err) != rinnova.Conflict || !strings.Contains(err.Error(), "era «www.esempio.example», ora è «www.importato.example»") {
			t.Errorf("%v", err)
		}
		if s := x.today(); s.Website != "www.importato.example" || s.Postcode != "97100" || len(x.kinds(c.ID)) != 2 {
			t.Errorf("something was written: %+v, %v", s, x.kinds(c.ID))
		}
		x.decide(x.one, c, accept(school.FieldWebsite, "www.importato.example"))
		if s := x.today(); s.Website != "www.nuovo.example" {
			t.Errorf("%+v", s)
		}
	})
}

// Of two clerks who decide otherwise at once exactly one wins and the other is told; whoever decides the same finds it done.
func TestClerksAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newDesk(t, d)
		for round := range 12 {
			was := x.today()
			c := x.ask(map[school.Field]string{school.FieldWebsite: fmt.Sprintf("www.%d.example", round), school.FieldEmail: fmt.Sprintf("e%d@scuola.example", round)})
			yes := []school.Decision{accept(school.FieldWebsite, was.Website), accept(school.FieldEmail, was.Email)}
			no := []school.Decision{reject(school.FieldWebsite, "No."), accept(school.FieldEmail, was.Email)}
			acts := []struct {
				by rinnova.Actor
				ds []school.Decision
			}{{x.one, yes}, {x.two, no}, {x.one, yes}, {x.two, no}}
			errs := make([]error, len(acts))
			var wg sync.WaitGroup
			for i, a := range acts {
				wg.Go(func() { _, errs[i] = x.Decide(context.Background(), a.by, c.ID, a.ds) })
			}
			wg.Wait()
			for i := range 2 {
				if !errors.Is(errs[i], errs[i+2]) && (errs[i] == nil) != (errs[i+2] == nil) {
					t.Errorf("round %d: a clerk who acts twice gets %v and %v", round, errs[i], errs[i+2])
				}
			}
			won := 0
			for _, err := range errs[:2] {
				if err == nil {
					won++
				} else if rinnova.KindOf(err) != rinnova.Conflict || !strings.Contains(err.Error(), "Nel frattempo Operatore") {
					t.Errorf("round %d: %v", round, err)
				}
			}
			s := x.today()
			if won != 1 || s.Email != fmt.Sprintf("e%d@scuola.example", round) || (s.Website != was.Website) != (errs[0] == nil) || s.Version != was.Version+1 {
				t.Errorf("round %d: %d win, %v, %+v", round, won, errs, s)
			}
			if len(x.decided) != round+1 || len(x.addresses) != round+1 {
				t.Errorf("round %d: %d and %d mails", round, len(x.decided), len(x.addresses))
			}
		}
	})
}

// A school that sends its form in two windows at once has one value waiting, whichever came last.
func TestFormsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newDesk(t, d)
		for round := range 8 {
			var wg sync.WaitGroup
			for i := range 4 {
				wg.Go(func() {
					_, _, err := x.Propose(context.Background(), x.user, school.Asked{Values: map[school.Field]string{school.FieldWebsite: fmt.Sprintf("www.%d-%d.example", round, i),
						school.FieldPostcode: fmt.Sprintf("8%d%d00", round, i)}})
					if err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			open, err := x.store.OpenItems(t.Context(), x.school.ID)
			x.must(err)
			if len(open) != 2 || open[0].CorrectionID != open[1].CorrectionID {
				t.Errorf("round %d: %+v", round, open)
			}
			if n, err := x.store.WaitingCorrections(t.Context()); err != nil || n != 1 {
				t.Errorf("round %d: %d corrections wait, %v", round, n, err)
			}
		}
	})
}

// Deciding is idempotent, and the order of two clerks does not matter: whoever comes to an item first decides it, what both
// decide alike is done once, and what they decide on different items adds up.
func TestTheOrderOfClerksDoesNotMatter(t *testing.T) {
	x := newDesk(t, dbtest.SQLite(t))
	fields := []school.Field{school.FieldWebsite, school.FieldPostcode, school.FieldPEC, school.FieldVATNumber}
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(label string, from []school.Field) []school.Decision {
			var out []school.Decision
			for _, f := range from {
				switch rapid.IntRange(0, 2).Draw(rt, label+string(f)) {
				case 1:
					out = append(out, accept(f, x.today().Shown(f)))
				case 2:
					out = append(out, reject(f, "Non si trova."))
				}
			}
			return out
		}
		run := func(swapped bool, a, b []school.Decision) map[school.Field]school.ItemState {
			n++
			c := x.ask(map[school.Field]string{school.FieldWebsite: fmt.Sprintf("www.%d.example", n), school.FieldPostcode: fmt.Sprintf("%05d", n),
				school.FieldPEC: fmt.Sprintf("p%d@pec.scuola.example", n), school.FieldVATNumber: fmt.Sprintf("%011d", n)})
			was := x.today()
			see := func(ds []school.Decision) []school.Decision {
				ds = slices.Clone(ds)
				for i := range ds {
					ds[i].Seen = was.Shown(ds[i].Field)
				}
				return ds
			}
			a, b = see(a), see(b)
			if swapped {
				x.decide(x.two, c, b...)
				x.decide(x.one, c, a...)
			} else {
				x.decide(x.one, c, a...)
				x.decide(x.two, c, b...)
			}
			events := len(x.kinds(c.ID))
			mails := len(x.decided)
			x.decide(x.one, c, a...) // again
			x.decide(x.two, c, b...)
			if len(x.kinds(c.ID)) != events || len(x.decided) != mails {
				rt.Fatal("deciding again has done something")
			}
			c, err := x.store.Correction(context.Background(), c.ID)
			x.must(err)
			states, s := map[school.Field]school.ItemState{}, x.today()
			for _, i := range c.Items {
				states[i.Field] = i.State
				if (i.State == school.Accepted) != (s.Shown(i.Field) == i.New) {
					rt.Fatalf("%s is %s, the school has %q", i.Field, i.State, s.Shown(i.Field))
				}
			}
			return states
		}
		both := draw("both", fields[:1])
		a := append(slices.Clone(both), draw("a", fields[1:2])...)
		b := append(slices.Clone(both), draw("b", fields[2:])...)
		if diff := cmp.Diff(run(false, a, b), run(true, a, b)); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// registryOf is a registry file with one school.
func registryOf(name, address, town, province, website string) []byte {
	return fmt.Appendf(nil, "CODICE,DENOMINAZIONE,INDIRIZZO,CAP,COMUNE,PROVINCIA,SITO\nRGIC99100R,%s,%s,97100,%s,%s,%s\n", name, address, town, province, website)
}

// TestTheRegistryDoesNotUndoCorrections is the life of corrected values through imports.
func TestTheRegistryDoesNotUndoCorrections(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newDesk(t, d)
		imports := func(file []byte, dry bool) school.Report {
			t.Helper()
			r, err := school.NewService(x.store, x.clock).ImportRegistry(t.Context(), bytes.NewReader(file), school.ImportOptions{DryRun: dry}, nil)
			x.must(err)
			return r
		}
		quiet := func(r school.Report) {
			t.Helper()
			if len(r.Added)+len(r.Changed)+len(r.Kept) > 0 || r.Unchanged != 1 {
				t.Errorf("the import has changed something: %+v", r)
			}
		}
		asIs := registryOf(`"I.C. ""D'ESEMPIO"""`, "VIA DI PROVA 1", "RAGUSA", "RAGUSA", "www.esempio.example")
		quiet(imports(asIs, false))
		c := x.ask(map[school.Field]string{school.FieldDisplayName: "I.C. «Ada d’Esempio»", school.FieldAddress: "Via Nuova 7", school.FieldTown: "Comiso", school.FieldProvinceCode: "CT", school.FieldWebsite: "www.nuovo.example"})
		was := x.school
		x.decide(x.one, c, accept(school.FieldDisplayName, was.DisplayName), accept(school.FieldAddress, "Via di Prova 1"), accept(school.FieldTown, "Ragusa"),
			accept(school.FieldProvinceCode, "RG"), reject(school.FieldWebsite, "Non risponde."))
		ours := x.today()
		quiet(imports(asIs, false))
		quiet(imports(asIs, false))
		if x.today() != ours {
			t.Errorf("the import has undone a correction: %s", cmp.Diff(ours, x.today()))
		}

		moved := registryOf(`"I.C. ""D'ESEMPIO"""`, "VIA DEL MINISTERO 3", "VITTORIA", "RAGUSA", "www.altro.example")
		for _, dry := range []bool{true, false} {
			r := imports(moved, dry)
			if len(r.Changed) != 1 || len(r.Changed[0].Fields) != 1 || r.Changed[0].Fields[0].Field != school.FieldWebsite {
				t.Errorf("changed: %+v", r.Changed)
			}
			want := []school.FieldChange{{Field: school.FieldAddress, Old: "Via Nuova 7", New: "Via del Ministero 3"}, {Field: school.FieldTown, Old: "Comiso", New: "Vittoria"}}
			if len(r.Kept) != 1 || !slices.Equal(r.Kept[0].Fields, want) {
				t.Errorf("kept: %+v", r.Kept)
			}
		}
		quiet(imports(moved, false))
		if s := x.today(); s.Address != "Via Nuova 7" || s.Town != "Comiso" || s.Website != "www.altro.example" || s.DisplayName != ours.DisplayName || s.ShortName != ours.ShortName {
			t.Errorf("%+v", s)
		}
		open, err := x.store.OpenItems(t.Context(), x.school.ID)
		x.must(err)
		if len(open) != 2 || !open[0].Registry || open[0].New != "Via del Ministero 3" {
			t.Fatalf("the office is not asked: %+v", open)
		}
		mails := len(x.decided)
		note, err := x.store.Correction(t.Context(), open[0].CorrectionID)
		x.must(err)
		x.decide(x.two, note, accept(school.FieldAddress, "Via Nuova 7"), reject(school.FieldTown, "La sede è a Comiso."))
		if s := x.today(); s.PostalAddress() != "Via del Ministero 3, 97100 Comiso (CT)" || len(x.decided) != mails {
			t.Errorf("%s, %d mails more", s.PostalAddress(), len(x.decided)-mails)
		}
		imports(moved, false) // the registry writes the address as its own again
		quiet(imports(moved, false))
		again := registryOf(`"I.C. ""ALTRO NOME"""`, "VIA TERZA 9", "VITTORIA", "SIRACUSA", "www.altro.example")
		r := imports(again, false)
		if s := x.today(); s.PostalAddress() != "Via Terza 9, 97100 Comiso (CT)" || s.DisplayName != ours.DisplayName || s.Name != `I.C. "ALTRO NOME"` {
			t.Errorf("%s, %s: %+v", s.PostalAddress(), s.DisplayName, r)
		}
		if len(r.Kept) != 1 || r.Kept[0].Fields[0].New != "I.C. «Altro Nome»" || len(r.Kept[0].Fields) != 1 {
			t.Errorf("kept: %+v", r.Kept)
		}
		quiet(imports(again, false))
	})
}

// What the registry asks for waits no longer than until the school asks for the same value; a school's own correction is left
// in peace by the registry. Either is asked again.
func TestTheRegistryAndTheSchoolAskForTheSameValue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newDesk(t, d)
		site := func(to string) school.Report {
			t.Helper()
			r, err := school.NewService(x.store, x.clock).ImportRegistry(t.Context(), bytes.NewReader(registryOf(`"I.C. ""D'ESEMPIO"""`, "VIA DI PROVA 1", "RAGUSA", "RAGUSA", to)), school.ImportOptions{}, nil)
			x.must(err)
			return r
		}
		waits := func() school.Item {
			t.Helper()
			open, err := x.store.OpenItems(t.Context(), x.school.ID)
			x.must(err)
			if len(open) != 1 {
				t.Fatalf("%+v", open)
			}
			return open[0]
		}
		x.decide(x.one, x.ask(map[school.Field]string{school.FieldWebsite: "www.nostro.example"}), accept(school.FieldWebsite, "www.esempio.example"))
		site("www.due.example")
		site("www.tre.example")
		if i := waits(); i.New != "www.tre.example" || !i.Registry {
			t.Errorf("%+v", i)
		}
		c := x.ask(map[school.Field]string{school.FieldWebsite: "www.quattro.example"})
		if i := waits(); i.New != "www.quattro.example" || i.Registry {
			t.Errorf("%+v", i)
		}
		if r := site("www.tre.example"); len(r.Kept) != 1 || waits().Registry {
			t.Errorf("%+v", r.Kept)
		}
		x.decide(x.one, c, reject(school.FieldWebsite, "Non risponde."))
		if r := site("www.tre.example"); len(r.Kept) != 1 || !waits().Registry {
			t.Errorf("%+v", r.Kept)
		}
		if r := site("www.tre.example"); len(r.Kept) != 0 {
			t.Errorf("%+v", r.Kept)
		}
	})
}

// The office's list: what waits comes first, the oldest first, then what is decided, the newest first; by school, page by page.
func TestTheListOfCorrections(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newDesk(t, d)
		other := example()
		other.ID, other.PortalCode, other.CustomerNumber, other.MinistryCode = rinnova.NewID(now), "SG00002", "100002", "AGIC805003"
		other.Rename("LICEO DANTE")
		x.must(x.store.Add(t.Context(), other))
		a := x.ask(map[school.Field]string{school.FieldPEC: "uno@pec.scuola.example", school.FieldAddress: "Via Uno 1"})
		x.decide(x.one, a, accept(school.FieldPEC, x.school.PEC), accept(school.FieldAddress, "Via di Prova 1"))
		b := x.ask(map[school.Field]string{school.FieldWebsite: "www.due.example"})
		x.decide(x.one, b, accept(school.FieldWebsite, x.school.Website))
		c := x.ask(map[school.Field]string{school.FieldPostcode: "97013"})
		x.user.SchoolID = other.ID
		e := x.ask(map[school.Field]string{school.FieldPostcode: "97014"})
		list := func(v school.CorrectionView, search string, limit, offset int) string {
			t.Helper()
			rows, err := x.store.CorrectionList(t.Context(), v, search, limit, offset)
			x.must(err)
			names := map[string]string{a.ID: "a", b.ID: "b", c.ID: "c", e.ID: "e"}
			out := ""
			for _, r := range rows {
				out += names[r.ID]
			}
			return out
		}
		for _, q := range []struct {
			view          school.CorrectionView
			search        string
			limit, offset int
			want          string
		}{
			{school.AllCorrections, "", 10, 0, "ceba"}, {school.WaitingCorrections, "", 10, 0, "ce"}, {school.DecidedCorrections, "", 10, 0, "ba"},
			{school.AllCorrections, "", 2, 1, "eb"}, {school.AllCorrections, "liceo DANTE", 10, 0, "e"}, {school.AllCorrections, "SG00001", 10, 0, "cba"},
			{school.AllCorrections, "%", 10, 0, "ceba"}, {school.AllCorrections, "niente", 10, 0, ""},
		} {
			if got := list(q.view, q.search, q.limit, q.offset); got != q.want {
				t.Errorf("%+v: %q", q, got)
			}
		}
		if n, err := x.store.CorrectionCounts(t.Context(), "sg00001"); err != nil || n != (school.CorrectionCounts{All: 3, Waiting: 1}) {
			t.Errorf("%+v, %v", n, err)
		}
		rows, err := x.store.CorrectionList(t.Context(), school.DecidedCorrections, "", 10, 1)
		x.must(err)
		if !slices.Equal(rows[0].Fields, []school.Field{school.FieldAddress, school.FieldPEC}) || rows[0].By != "SUPERVISOR.SG00001" || rows[0].Province != "RG" {
			t.Errorf("%+v", rows[0])
		}
		if ids, err := x.store.WaitingOfSchool(t.Context(), other.ID); err != nil || !slices.Equal(ids, []string{e.ID}) {
			t.Errorf("%v, %v", ids, err)
		}
	})
}

// What another school has already is asked about, and the clerk reads that the school has confirmed it: contracts and links to a new
// password would go to the other one.
func TestAValueOfAnotherSchool(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newDesk(t, d)
		other := example()
		other.ID, other.PortalCode, other.CustomerNumber, other.MinistryCode = rinnova.NewID(now), "SG00002", "100002", "RGIC000002"
		other.TaxCode, other.Email, other.PEC = "91002300886", "altra@scuola.example", "altra@pec.scuola.example"
		x.must(x.store.Add(t.Context(), other))
		asked := school.Asked{Values: map[school.Field]string{school.FieldTaxCode: other.TaxCode, school.FieldEmail: "Altra@scuola.example", school.FieldPEC: other.PEC}}
		out, problems, err := x.Propose(t.Context(), x.user, asked)
		x.must(err)
		if out.Asked != 0 || len(problems) != 3 || len(problems.Warnings()) != 3 {
			t.Fatalf("%+v %v", out, problems)
		}
		for _, p := range problems {
			asked.Acknowledged = append(asked.Acknowledged, p.Code)
		}
		out, problems, err = x.Propose(t.Context(), x.user, asked)
		x.must(err)
		items, err := x.store.OpenItems(t.Context(), x.school.ID)
		x.must(err)
		if out.Asked != 3 || len(problems) != 0 || len(items) != 3 || len(items[0].Warnings) != 1 || !strings.Contains(items[0].Warnings[0].String(), "altra scuola") {
			t.Errorf("%+v %v %+v", out, problems, items)
		}
	})
}
