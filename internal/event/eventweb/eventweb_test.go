package eventweb_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb"
	"rinnova/internal/event/eventweb"
	"rinnova/internal/school"
	"rinnova/internal/school/schooldb"
	"rinnova/internal/web"
)

var now = time.Date(2026, 11, 20, 9, 51, 7, 0, time.UTC)

// site is the pages of the record over a database with two schools; who reads is the second.
type site struct {
	http.Handler
	events     eventdb.Store
	mine, hers school.School
}

func newSite(t *testing.T) *site {
	t.Helper()
	d := dbtest.SQLite(t)
	s := &site{events: eventdb.Store{DB: d}}
	schools := schooldb.Store{DB: d}
	for i, to := range []*school.School{&s.hers, &s.mine} {
		*to = school.School{ID: rinnova.NewID(now), PortalCode: fmt.Sprintf("SG0000%d", i+1), CustomerNumber: fmt.Sprint(i), MinistryCode: fmt.Sprintf("RGIC82700%d", i), Name: "I.C.", DisplayName: fmt.Sprintf("Istituto %d", i+1), ShortName: fmt.Sprintf("IC %d", i+1), Town: []string{"RAGUSA", "MODICA"}[i], CreatedAt: now, UpdatedAt: now}
		if err := schools.Add(t.Context(), *to); err != nil {
			t.Fatal(err)
		}
	}
	clock := func() time.Time { return now }
	shell := func(*http.Request) web.Shell { return web.Shell{} }
	app := &web.App{Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Clock: clock, Shell: shell}
	m := web.NewMux(app)
	object := func(e event.Event) string { return "/di/" + e.AboutID }
	actor := func(context.Context) rinnova.Actor {
		return rinnova.Actor{Role: rinnova.RoleSchool, SchoolID: s.mine.ID}
	}
	(&eventweb.Office{Records: s.events, Schools: schools, Object: object, Besieged: besieged, Clock: clock, Shell: shell}).Routes(m)
	(&eventweb.School{Records: s.events, Object: object, Actor: actor, Shell: shell}).Routes(m)
	s.Handler = app.Handler(m)
	return s
}

func (s *site) record(t *testing.T, e event.Event) {
	t.Helper()
	if e.At.IsZero() {
		e.At = now
	}
	if err := s.events.Record(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}

func (s *site) get(t *testing.T, want int, path string) string {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	if w.Code != want {
		t.Fatalf("%s: status %d, want %d", path, w.Code, want)
	}
	return w.Body.String()
}

func says(t *testing.T, page string, words map[string]bool) {
	t.Helper()
	for w, want := range words {
		if strings.Contains(page, w) != want {
			t.Errorf("the page says %q: %v, want %v", w, !want, want)
		}
	}
}

var clerk = rinnova.Actor{AccountID: "a", Username: "OPERATORE.UNO", Role: rinnova.RoleClerk}

// A school sees its own events and no other's, and not who of the office did something.
func TestASchoolSeesWhatIsItsOwn(t *testing.T) {
	s := newSite(t)
	s.record(t, event.Event{Kind: event.SentBack, Actor: clerk, SchoolID: s.mine.ID, AboutID: "r1", Data: map[string]string{"motivo": "il CIG <b>", "nota interna": "riservata"}})
	s.record(t, event.Event{Kind: event.ContractSigned, Actor: rinnova.System, SchoolID: s.hers.ID, AboutID: "r2", Data: map[string]string{"numero": "2027/000042"}})
	s.record(t, event.Event{Kind: event.SettingsChanged, Actor: clerk})
	says(t, s.get(t, http.StatusOK, eventweb.SchoolPath), map[string]bool{
		"Rimandata alla scuola": true, "motivo: «il CIG &lt;b&gt;»": true, "Ufficio": true, "/di/r1": true, "20/11/2026": true, "ore 10:51": true,
		"OPERATORE": false, "riservata": false, "2027/000042": false, "/di/r2": false, "Impostazioni cambiate": false,
	})
}

// Page by page the reader sees every event once.
func TestThePagesHoldEverything(t *testing.T) {
	s := newSite(t)
	for i := range 120 {
		s.record(t, event.Event{At: now.Add(time.Duration(i) * time.Hour), Kind: event.Confirmed, Actor: clerk, SchoolID: s.mine.ID, Data: map[string]string{"conferma": fmt.Sprint("c", i, "x")}})
	}
	for _, path := range []string{eventweb.SchoolPath, eventweb.OfficePath, eventweb.OfficePath + "?scuola=sg00002&tipo=request&utente=operatore.uno&dal=1/11/2026"} {
		seen := map[string]int{}
		for pages := 0; path != ""; pages++ {
			if pages > 3 {
				t.Fatal("no end of pages")
			}
			body := s.get(t, http.StatusOK, path)
			for i := range 120 {
				seen[fmt.Sprint("c", i, "x")] += strings.Count(body, fmt.Sprint("n. c", i, "x"))
			}
			_, rest, _ := strings.Cut(body, `rel="next" href="`)
			path, _, _ = strings.Cut(rest, `"`)
			path = strings.ReplaceAll(path, "&amp;", "&")
		}
		for name, n := range seen {
			if n != 1 {
				t.Errorf("%s is there %d times", name, n)
			}
		}
	}
}

// What is typed wrongly gets a message beside its field and stays typed; whatever else comes is no error.
func TestTheFilterSaysWhatIsWrong(t *testing.T) {
	s := newSite(t)
	for query, words := range map[string]string{
		"scuola=XX&utente=pippo": "Nessuna scuola si chiama così", "dal=ieri": "Scrivete la data", "al=31/2/2026": "Febbraio", "dal=2/1/2026&al=1/1/2026": "scambiate le due date",
	} {
		body := s.get(t, http.StatusUnprocessableEntity, eventweb.OfficePath+"?"+query)
		says(t, body, map[string]bool{words: true, `aria-invalid="true"`: true})
		if strings.Contains(query, "pippo") {
			says(t, body, map[string]bool{`value="pippo"`: true, `value="XX"`: true})
		}
		s.get(t, http.StatusUnprocessableEntity, eventweb.OfficePath+".csv?"+query)
	}
	s.record(t, event.Event{Kind: event.SettingsChanged, Actor: clerk})
	says(t, s.get(t, http.StatusOK, eventweb.OfficePath+"?dal=1/1/0001&al=31/12/9999"), map[string]bool{"Impostazioni cambiate": true})
	for _, query := range []string{"prima=x", "prima=ffffffff-ffff-ffff-ffff-ffffffffffff", "tipo=%00", "tipo=nulla&utente=%ff%fe", "prima=%27;DROP", "dal=1/1/0001", "al=31/12/9999"} {
		s.get(t, http.StatusOK, eventweb.OfficePath+"?"+query)
		s.get(t, http.StatusOK, eventweb.SchoolPath+"?"+query)
	}
}

// A school is looked for as in the other lists; where several are called so, the reader chooses, and the rest of the filter stays.
func TestASchoolIsFoundByItsName(t *testing.T) {
	s := newSite(t)
	s.record(t, event.Event{Kind: event.Confirmed, Actor: clerk, SchoolID: s.mine.ID, Data: map[string]string{"conferma": "7"}})
	s.record(t, event.Event{Kind: event.Confirmed, Actor: clerk, SchoolID: s.hers.ID, Data: map[string]string{"conferma": "8"}})
	for _, typed := range []string{"modica", "IC+modica", "sg00002", "RGIC827001"} {
		says(t, s.get(t, http.StatusOK, eventweb.OfficePath+"?scuola="+typed), map[string]bool{"conferma n. 7": true, "conferma n. 8": false, "Di quale scuola?": false})
	}
	body := s.get(t, http.StatusOK, eventweb.OfficePath+"?scuola=istituto&tipo=request")
	says(t, body, map[string]bool{"Di quale scuola?": true, "conferma n.": false, "IC 1": true, "IC 2": true, `value="istituto"`: true, `href="/ufficio/registro?scuola=SG00002&amp;tipo=request"`: true})
	s.get(t, http.StatusUnprocessableEntity, eventweb.OfficePath+".csv?scuola=istituto")
}

// The file holds what the filter chooses, and no cell of it is a formula.
func TestTheFileOfTheRecord(t *testing.T) {
	s := newSite(t)
	for i := range 1100 {
		s.record(t, event.Event{At: now.Add(time.Duration(i) * time.Second), Kind: event.LoggedOut, Actor: rinnova.Actor{Username: "=CMD(1)"}})
	}
	s.record(t, event.Event{Kind: event.Confirmed, Actor: clerk, SchoolID: s.mine.ID, Data: map[string]string{"conferma": "1"}})
	read := func(query string) [][]string {
		t.Helper()
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(s.get(t, http.StatusOK, eventweb.OfficePath+".csv"+query), "\uFEFF")))
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	all := read("")
	if len(all) != 1102 || all[1][2] != "'=CMD(1)" || all[1][0] != "1100" || len(all[1][9]) != 64 {
		t.Errorf("%d rows, %q", len(all), all[1])
	}
	one := read("?scuola=SG00002")
	if len(one) != 2 || strings.Join(one[1][1:9], "|") != "20/11/2026 10:51:07|OPERATORE.UNO|operatore|Conferma|conferma n. 1|SG00002|Istituto 2|request.confirmed" {
		t.Errorf("%q", one)
	}
}

func besieged(context.Context) ([]string, error) { return []string{"SUPERVISOR.SG00002"}, nil }

// Older versions kept whatever strangers typed as a user name, passwords too; the chain cannot be changed, and nobody reads them.
func TestWhatStrangersTypedIsNotShown(t *testing.T) {
	s := newSite(t)
	for _, x := range []rinnova.Actor{{Username: "SEGRETA-MAREMOTO-77"}, {Username: "SUPERVISOR.ZZ00007"}, {Username: "OPERATORE.UNO", AccountID: "uno"}} {
		s.record(t, event.Event{At: now, Kind: event.LoginFailed, Actor: x})
		s.record(t, event.Event{At: now, Kind: event.ResetAsked, Actor: x})
	}
	for _, path := range []string{eventweb.OfficePath, eventweb.OfficePath + ".csv", eventweb.OfficePath + "?utente=segreta-maremoto-77"} {
		body := s.get(t, http.StatusOK, path)
		if strings.Count(body, "SEGRETA-MAREMOTO-77") > 0 && !strings.Contains(path, "utente=") {
			t.Errorf("%s shows what was typed", path)
		}
		if shown := strings.Contains(body, "SUPERVISOR.ZZ00007") && strings.Contains(body, "OPERATORE.UNO"); shown == strings.Contains(path, "utente=") {
			t.Errorf("%s: names that are names are shown: %v", path, shown)
		}
	}
	if body := s.get(t, http.StatusOK, eventweb.OfficePath); !strings.Contains(body, "Qualcuno prova a indovinare delle password") || !strings.Contains(body, "SUPERVISOR.SG00002") {
		t.Error("the office is not told who is besieged")
	}
}
