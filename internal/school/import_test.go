package school

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rinnova"
)

// memory is a Store in memory; writing fails with fail where that is set.
type memory struct {
	schools map[string]School // by id
	unique  map[string]bool   // ids, codes and numbers in use
	writes  int
	fail    error
}

func newMemory(schools ...School) *memory {
	m := &memory{schools: map[string]School{}, unique: map[string]bool{}}
	for _, s := range schools {
		m.schools[s.ID] = s
		m.taken(s)
	}
	return m
}

// taken tells whether another school has an id, code or number of s, and notes them.
func (m *memory) taken(s School) bool {
	twice := false
	for _, k := range []string{s.ID, "portal " + s.PortalCode, "customer " + s.CustomerNumber, "ministry " + s.MinistryCode} {
		twice = twice || m.unique[k]
		m.unique[k] = true
	}
	return twice
}

func (m *memory) InTx(ctx context.Context, fn func(context.Context) error) error {
	before := maps.Clone(m.schools)
	err := fn(ctx)
	if err != nil {
		m.schools = before
	}
	return err
}

func (m *memory) All(context.Context) ([]School, error) {
	return slices.SortedFunc(maps.Values(m.schools), func(a, b School) int { return cmp.Compare(a.MinistryCode, b.MinistryCode) }), nil
}

func (m *memory) Add(_ context.Context, s School) error {
	if m.taken(s) {
		return rinnova.Fail(rinnova.Conflict, "%s", "doppio")
	}
	m.writes++
	m.schools[s.ID] = s
	return m.fail
}

func (m *memory) KeptValues(context.Context) (map[string]map[Field]string, error) { return nil, nil }

func (m *memory) Keep(context.Context, string, Field, string) error { return m.fail }

func (m *memory) OpenItems(context.Context, string) ([]Item, error) { return nil, nil }

func (m *memory) AddCorrection(context.Context, *Correction) error { return m.fail }

func (m *memory) Settle(context.Context, Item) (bool, error) { return false, m.fail }

func (m *memory) CountDown(context.Context, string, int) (int, error) { return 0, m.fail }

func (m *memory) UpdateFrom(_ context.Context, s School) error {
	if _, found := m.schools[s.ID]; !found {
		return rinnova.Fail(rinnova.NotFound, "%s", "manca")
	}
	m.writes++
	m.schools[s.ID] = s
	return m.fail
}

func (m *memory) get(t testing.TB, code string) School {
	t.Helper()
	for _, s := range m.schools {
		if s.MinistryCode == code {
			return s
		}
	}
	t.Fatalf("no school %s", code)
	return School{}
}

var (
	day1 = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	day2 = day1.AddDate(0, 0, 1)
)

func importInto(t testing.TB, m *memory, at time.Time, o ImportOptions, in []byte) Report {
	t.Helper()
	r, err := NewService(m, func() time.Time { return at }).ImportRegistry(t.Context(), bytes.NewReader(in), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestImportAddsSchools(t *testing.T) {
	m := newMemory()
	r := importInto(t, m, day1, ImportOptions{}, sample(t, "statali_20_colonne.csv"))
	want := []Entry{
		{"APIC995007", "SG00001", "IC Esempio «Mare»", "Fermo"},
		{"FOPC993007", "SG00002", "Liceo «Esempio di Forlì»", "Forlì"},
		{"PSTF99400N", "SG00003", "ITI Prova", "Pesaro"},
		{"RGIC99100R", "SG00004", "I.C. «Fiume d’Esempio»", "Ragusa"},
		{"RGIS99200Q", "SG00005", "Istituto d’Istruzione Superiore Prova Maggiore", "Vittoria"},
	}
	if diff := gocmp.Diff(want, r.Added); diff != "" {
		t.Error(diff)
	}
	if len(r.Changed) != 0 || r.Unchanged != 0 || len(r.Vanished) != 0 || r.Summary.Taken != 5 {
		t.Errorf("report: %+v", r)
	}
	s := m.get(t, "RGIC99100R")
	if s.ID == "" {
		t.Error("no id")
	}
	s.ID = ""
	wantSchool := School{
		PortalCode: "SG00004", CustomerNumber: "100004", MinistryCode: "RGIC99100R",
		Name: `I.C. "FIUME D'ESEMPIO"`, DisplayName: "I.C. «Fiume d’Esempio»", ShortName: "I.C. «Fiume d’Esempio», Ragusa", Type: "ISTITUTO COMPRENSIVO",
		Address: "VIA DI PROVA 1", Postcode: "97100", Town: "RAGUSA", Province: "RAGUSA", ProvinceCode: "RG", Region: "SICILIA",
		Email: "rgic99100r@istruzione.example", PEC: "rgic99100r@pec.istruzione.example", Website: "www.esempio.example", CreatedAt: day1, UpdatedAt: day1,
	}
	if diff := gocmp.Diff(wantSchool, s); diff != "" {
		t.Error(diff)
	}
	for code, province := range map[string]string{"FOPC993007": "FC", "PSTF99400N": "PU", "APIC995007": "FM"} {
		if got := m.get(t, code).ProvinceCode; got != province {
			t.Errorf("%s is in %s, want %s", code, got, province)
		}
	}
	if got, want := m.get(t, "RGIS99200Q").PostalAddress(), "Corso della Libertà 8, Vittoria (RG)"; got != want {
		t.Errorf("address %q, want %q", got, want)
	}
}

func TestImportAgainChangesNothing(t *testing.T) {
	m := newMemory()
	in := sample(t, "statali_20_colonne.csv")
	importInto(t, m, day1, ImportOptions{}, in)
	before := maps.Clone(m.schools)
	m.writes = 0
	r := importInto(t, m, day2, ImportOptions{}, packed(t, in))
	if m.writes != 0 || r.Unchanged != 5 || len(r.Added)+len(r.Changed)+len(r.Vanished) != 0 {
		t.Errorf("%d writes, report %+v", m.writes, r)
	}
	if diff := gocmp.Diff(before, m.schools); diff != "" {
		t.Error(diff)
	}
}

func TestImportWritesOnlyWhatChanged(t *testing.T) {
	m := newMemory()
	in := sample(t, "statali_20_colonne.csv")
	importInto(t, m, day1, ImportOptions{}, in)
	s := m.get(t, "RGIC99100R")
	s.TaxCode, s.VATNumber, s.OfficeCode = "80006890646", "12345678903", "UF1A2B"
	s.Email, s.Pupils, s.PupilsYear = "segreteria@scuola.example", 600, "2024/25"
	m.schools[s.ID] = s
	m.writes = 0
	in = bytes.ReplaceAll(in, []byte("VIA DI PROVA 1"), []byte("VIA NUOVA 9"))
	in = bytes.ReplaceAll(in, []byte(`""FIUME D'ESEMPIO""`), []byte(`""LAGO D'ESEMPIO""`))
	in = bytes.ReplaceAll(in, []byte("www.esempio.example"), []byte("Non Disponibile"))
	r := importInto(t, m, day2, ImportOptions{}, in)
	want := []Change{{
		Entry: Entry{"RGIC99100R", "SG00004", "I.C. «Lago d’Esempio»", "Ragusa"},
		Fields: []FieldChange{
			{FieldName, `I.C. "FIUME D'ESEMPIO"`, `I.C. "LAGO D'ESEMPIO"`},
			{FieldAddress, "VIA DI PROVA 1", "VIA NUOVA 9"},
		},
	}}
	if diff := gocmp.Diff(want, r.Changed); diff != "" {
		t.Error(diff)
	}
	if m.writes != 1 || r.Unchanged != 4 {
		t.Errorf("%d writes, %d unchanged", m.writes, r.Unchanged)
	}
	s.Name, s.DisplayName, s.ShortName, s.Address = `I.C. "LAGO D'ESEMPIO"`, "I.C. «Lago d’Esempio»", "I.C. «Lago d’Esempio», Ragusa", "VIA NUOVA 9"
	s.UpdatedAt = day2
	if diff := gocmp.Diff(s, m.get(t, "RGIC99100R")); diff != "" {
		t.Errorf("what the registry does not own changed:\n%s", diff)
	}
}

func TestImportKeepsNamesThatSomebodyBettered(t *testing.T) {
	m := newMemory()
	in := sample(t, "statali_20_colonne.csv")
	importInto(t, m, day1, ImportOptions{}, in)
	s := m.get(t, "RGIC99100R")
	s.DisplayName, s.ShortName = "Istituto Comprensivo Statale «Fiume d’Esempio»", "IC «Fiume», Ragusa"
	m.schools[s.ID] = s
	importInto(t, m, day2, ImportOptions{}, bytes.ReplaceAll(in, []byte("FIUME D'ESEMPIO"), []byte("LAGO D'ESEMPIO")))
	got := m.get(t, "RGIC99100R")
	if got.Name != `I.C. "LAGO D'ESEMPIO"` || got.DisplayName != s.DisplayName || got.ShortName != s.ShortName {
		t.Errorf("names: %q, %q, %q", got.Name, got.DisplayName, got.ShortName)
	}
}

func TestImportAndMail(t *testing.T) {
	in := sample(t, "statali_20_colonne.csv")
	own := func(s School) School {
		s.Email, s.PEC = "nostra@scuola.example", ""
		return s
	}
	for name, c := range map[string]struct {
		options    ImportOptions
		email, pec string
	}{
		"the school's own stays": {ImportOptions{}, "nostra@scuola.example", "rgic99100r@pec.istruzione.example"},
		"the registry owns it":   {ImportOptions{RegistryOwnsMail: true}, "rgic99100r@istruzione.example", "rgic99100r@pec.istruzione.example"},
		"a demonstration":        {ImportOptions{MailDomain: "Prova.Example"}, "rgic99100r@prova.example", "rgic99100r@pec.prova.example"},
	} {
		m := newMemory()
		importInto(t, m, day1, ImportOptions{}, in)
		s := own(m.get(t, "RGIC99100R"))
		m.schools[s.ID] = s
		importInto(t, m, day2, c.options, in)
		if got := m.get(t, "RGIC99100R"); got.Email != c.email || got.PEC != c.pec {
			t.Errorf("%s: %s, %s", name, got.Email, got.PEC)
		}
		if none := m.get(t, "RGIS99200Q"); c.options.MailDomain == "" && none.Email+none.PEC != "" {
			t.Errorf("%s: an address was made up: %s, %s", name, none.Email, none.PEC)
		}
	}
}

func TestImportListsWhatVanished(t *testing.T) {
	m := newMemory(
		School{ID: "1", MinistryCode: "RGIC82700L", PortalCode: "SG00007", CustomerNumber: "100044", DisplayName: "IC Sparito", Town: "RAGUSA", Region: "SICILIA"},
		School{ID: "2", MinistryCode: "MIIC8F0003", PortalCode: "XX00001", CustomerNumber: "7", Region: "LOMBARDIA"}, // not a region of the file
	)
	r := importInto(t, m, day1, ImportOptions{}, sample(t, "statali_20_colonne.csv"))
	if diff := gocmp.Diff([]Entry{{"RGIC82700L", "SG00007", "IC Sparito", "Ragusa"}}, r.Vanished); diff != "" {
		t.Error(diff)
	}
	if gone, other := m.get(t, "RGIC82700L"), m.get(t, "MIIC8F0003"); gone.VanishedOn != rinnova.DateOf(day1) || !other.VanishedOn.IsZero() {
		t.Errorf("vanished on %s, the other region's on %s", gone.VanishedOn, other.VanishedOn)
	}
	if importInto(t, m, day2, ImportOptions{}, sample(t, "statali_20_colonne.csv")); m.get(t, "RGIC82700L").VanishedOn != rinnova.DateOf(day1) {
		t.Error("a later import moves the day on which it vanished")
	}
	if len(m.schools) != 7 {
		t.Errorf("%d schools: nothing may be deleted", len(m.schools))
	}
	if s := m.get(t, "APIC995007"); s.PortalCode != "SG00008" || s.CustomerNumber != "100045" {
		t.Errorf("numbers do not go on after the greatest: %s, %s", s.PortalCode, s.CustomerNumber)
	}
	r = importInto(t, m, day2, ImportOptions{}, sample(t, "paritarie_14_colonne.csv"))
	if len(r.Vanished) != 0 || len(r.Added) != 2 {
		t.Errorf("private schools say nothing of the others: %+v", r)
	}
}

// A school that comes back is no longer marked, and nothing else of it changes.
func TestImportFindsWhatCameBack(t *testing.T) {
	m := newMemory()
	importInto(t, m, day1, ImportOptions{}, sample(t, "statali_20_colonne.csv"))
	gone := m.get(t, "APIC995007")
	gone.VanishedOn = rinnova.DateOf(day1)
	m.schools[gone.ID] = gone
	r := importInto(t, m, day2, ImportOptions{DryRun: true}, sample(t, "statali_20_colonne.csv"))
	if len(r.Returned) != 1 || m.get(t, "APIC995007").VanishedOn.IsZero() {
		t.Errorf("a dry run: %+v", r.Returned)
	}
	r = importInto(t, m, day2, ImportOptions{}, sample(t, "statali_20_colonne.csv"))
	if len(r.Returned) != 1 || r.Returned[0].MinistryCode != "APIC995007" || len(r.Changed) != 0 || r.Unchanged != 4 {
		t.Errorf("%+v", r)
	}
	if got := m.get(t, "APIC995007"); !got.VanishedOn.IsZero() {
		t.Errorf("still marked: %s", got.VanishedOn)
	}
}

func TestImportOfNewerAndOlderPupils(t *testing.T) {
	file := func(column string, n int) []byte {
		return fmt.Appendf(nil, "CODICE,DENOMINAZIONE,COMUNE,%s\nRGIC82700L,A,RAGUSA,%d\n", column, n)
	}
	m := newMemory()
	importInto(t, m, day1, ImportOptions{}, file("ALUNNI_2425", 887))
	importInto(t, m, day1, ImportOptions{}, file("ALUNNI_2324", 700)) // older: not taken
	importInto(t, m, day1, ImportOptions{}, file("ALUNNI_2526", 0))   // not known: not taken
	if s := m.get(t, "RGIC82700L"); s.Pupils != 887 || s.PupilsYear != "2024/25" {
		t.Errorf("%d pupils in %s", s.Pupils, s.PupilsYear)
	}
	r := importInto(t, m, day1, ImportOptions{}, file("ALUNNI_2526", 900))
	if diff := gocmp.Diff([]FieldChange{{FieldPupils, "887 (2024/25)", "900 (2025/26)"}}, r.Changed[0].Fields); diff != "" {
		t.Error(diff)
	}
}

func TestDryRunWritesNothing(t *testing.T) {
	m := newMemory()
	in := sample(t, "statali_20_colonne.csv")
	r := importInto(t, m, day1, ImportOptions{DryRun: true}, in)
	if len(m.schools) != 0 || len(r.Added) != 5 || !r.DryRun {
		t.Errorf("%d schools, report %+v", len(m.schools), r)
	}
	real := importInto(t, m, day1, ImportOptions{}, in)
	if diff := gocmp.Diff(r.Added, real.Added); diff != "" {
		t.Errorf("the rehearsal said otherwise:\n%s", diff)
	}
}

func TestImportRefuses(t *testing.T) {
	good := string(sample(t, "statali_20_colonne.csv"))
	full := School{ID: "1", MinistryCode: "RGIC82700L", PortalCode: "SG99999", CustomerNumber: "100000"}
	customers := School{ID: "1", MinistryCode: "RGIC82700L", PortalCode: "SG00001", CustomerNumber: "999999"}
	for name, c := range map[string]struct {
		store   *memory
		options ImportOptions
		in      string
		kind    rinnova.Kind
		want    string
	}{
		"prefix":       {newMemory(), ImportOptions{PortalPrefix: "S1"}, good, rinnova.Invalid, "ha due lettere"},
		"domain":       {newMemory(), ImportOptions{MailDomain: "a b"}, good, rinnova.Invalid, "Il dominio"},
		"no registry":  {newMemory(), ImportOptions{}, "a,b\n", rinnova.Invalid, "non è l’anagrafe"},
		"no institute": {newMemory(), ImportOptions{}, header, rinnova.Invalid, "nessun istituto"},
		"portal codes": {newMemory(full), ImportOptions{}, good, rinnova.Conflict, "codici portale che cominciano con SG sono finiti"},
		"customers":    {newMemory(customers), ImportOptions{}, good, rinnova.Conflict, "codici cliente"},
	} {
		before := len(c.store.schools)
		_, err := NewService(c.store, func() time.Time { return day1 }).ImportRegistry(t.Context(), strings.NewReader(c.in), c.options, nil)
		if err == nil || rinnova.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if len(c.store.schools) != before {
			t.Errorf("%s: schools were written", name)
		}
	}
}

func TestImportIsAllOrNothing(t *testing.T) {
	m := newMemory()
	m.fail = errors.New("disk full")
	svc := NewService(m, func() time.Time { return day1 })
	if _, err := svc.ImportRegistry(t.Context(), bytes.NewReader(sample(t, "statali_20_colonne.csv")), ImportOptions{}, nil); !errors.Is(err, m.fail) {
		t.Errorf("error %v", err)
	}
	if len(m.schools) != 0 {
		t.Errorf("%d schools were left", len(m.schools))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := svc.ImportRegistry(ctx, bytes.NewReader(sample(t, "statali_20_colonne.csv")), ImportOptions{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestImportExtract(t *testing.T) {
	in, err := os.ReadFile("../demo/istituti_principali_202526.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	var last Progress
	calls := 0
	m := newMemory()
	r, err := NewService(m, func() time.Time { return day1 }).ImportRegistry(t.Context(), bytes.NewReader(in), ImportOptions{PortalPrefix: "ab", MailDomain: "istruzione.example"}, func(p Progress) {
		if p.Rows < last.Rows || p.Written < last.Written {
			t.Errorf("progress goes back: %+v after %+v", p, last)
		}
		last = p
		calls++
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Added) != 7860 || r.Added[7859].PortalCode != "AB07860" || last != (Progress{Rows: 7860, Taken: 7860, ToWrite: 7860, Written: 7860}) || calls < 15 {
		t.Errorf("%d added, the last %v; progress %+v in %d calls", len(r.Added), r.Added[len(r.Added)-1], last, calls)
	}
	shape := regexp.MustCompile(`^[a-z0-9]{10}@istruzione\.example [a-z0-9]{10}@pec\.istruzione\.example AB[0-9]{5} 1[0-9]{5} [A-Z]{2}$`)
	for _, s := range m.schools {
		if got := fmt.Sprintf("%s %s %s %s %s", s.Email, s.PEC, s.PortalCode, s.CustomerNumber, s.ProvinceCode); !shape.MatchString(got) {
			t.Errorf("%s: %s", s.MinistryCode, got)
		}
		if s.DisplayName == "" || s.ShortName == "" || s.Region == "" || s.PostalAddress() == "" {
			t.Errorf("%+v", s)
		}
	}
}

// TestImportConverges: whatever two files say one after the other, importing the second again changes nothing, no
// school is lost, and portal codes stay with their schools.
func TestImportConverges(t *testing.T) {
	codes := []string{"RGIC82700L", "RGIS017006", "PEPC010009", "MIIC8F0003", "ROIS00200A"}
	file := rapid.Custom(func(t *rapid.T) []byte {
		b := []byte(header)
		for _, code := range rapid.SliceOfNDistinct(rapid.SampledFrom(codes), 1, 5, rapid.ID).Draw(t, "codes") {
			b = fmt.Appendf(b, "%s,%s,%s,%s,%s,,%d\n", code, rapid.SampledFrom([]string{"IC A", "IC B"}).Draw(t, "name"), rapid.SampledFrom([]string{"ROMA", "RIETI"}).Draw(t, "town"),
				rapid.SampledFrom([]string{"00100", "Non Disponibile"}).Draw(t, "cap"), rapid.SampledFrom([]string{"a@b.it", "c@d.it", ""}).Draw(t, "mail"), rapid.IntRange(0, 2).Draw(t, "pupils"))
		}
		return b
	})
	rapid.Check(t, func(rt *rapid.T) {
		m := newMemory()
		first, second := file.Draw(rt, "first"), file.Draw(rt, "second")
		importInto(t, m, day1, ImportOptions{}, first)
		before := maps.Clone(m.schools)
		importInto(t, m, day2, ImportOptions{}, second)
		for id, s := range before {
			if m.schools[id].PortalCode != s.PortalCode || m.schools[id].MinistryCode != s.MinistryCode {
				rt.Errorf("%v became %v", s, m.schools[id])
			}
		}
		m.writes = 0
		importInto(t, m, day2, ImportOptions{}, second)
		if m.writes != 0 {
			rt.Errorf("%d writes at the second import of one file", m.writes)
		}
	})
}
