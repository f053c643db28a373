package eventweb

import (
	"context"
	"net/http"
	"net/url"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/locale"
	"rinnova/internal/web"
)

// SchoolPath is the school's page of what happened.
const SchoolPath = "/area/attivita"

// School serves to each school what happened to what is its own. Its routes belong behind the guard of the schools.
type School struct {
	Records event.Records
	Object  func(event.Event) string // the school's page of what an event is about; "" where it has none
	Actor   func(context.Context) rinnova.Actor
	Shell   func(*http.Request) web.Shell
}

// Routes are the schools' pages of the record.
func (h *School) Routes(m *web.Mux) { m.Handle("GET "+SchoolPath, h.show) }

// activity is what the school's page shows.
type activity struct {
	Days   []day
	Newest bool // the page begins with the newest event
	Older  string
}

// day is the events of one day, the newest first.
type day struct {
	Date   rinnova.Date
	Events []happened
}

// happened is one event in the words of the school.
type happened struct {
	event.Event
	Who    rinnova.Text
	Object string
}

func (h *School) show(w http.ResponseWriter, r *http.Request) error {
	f := event.Filter{SchoolID: h.Actor(r.Context()).SchoolID, Before: place(r.URL.Query().Get(paramBefore)), Limit: perPage}
	if f.SchoolID == "" {
		return rinnova.Fail(rinnova.Forbidden, "Questa pagina è delle scuole.")
	}
	page, err := h.Records.Page(r.Context(), f)
	if err != nil {
		return err
	}
	a := &activity{Newest: f.Before == ""}
	for _, l := range page.Links {
		d := rinnova.DateOf(l.At)
		if n := len(a.Days); n == 0 || a.Days[n-1].Date != d {
			a.Days = append(a.Days, day{Date: d})
		}
		last := &a.Days[len(a.Days)-1]
		last.Events = append(last.Events, happened{Event: l.Event, Who: whoForSchool(l.Event), Object: h.Object(l.Event)})
	}
	if page.Older != "" {
		a.Older = SchoolPath + "?" + url.Values{paramBefore: {page.Older}}.Encode()
	}
	return web.Render(w, r, http.StatusOK, activityPage(h.Shell(r).At(SchoolPath), a))
}

// whoForSchool names who did something: which person of the office it was is the office's business.
func whoForSchool(e event.Event) rinnova.Text {
	switch a := e.Actor; {
	case a.IsOffice():
		return rinnova.Say("Ufficio")
	case a.Role == rinnova.RoleSystem:
		return rinnova.Say("Il portale")
	case a.Role == rinnova.RoleSchool:
		return rinnova.Say("%s", a.Username)
	}
	return rinnova.Say("Non si sa chi, con il nome utente %s", e.Who())
}

// icon shows at a glance what kind of thing happened.
func icon(k event.Kind) string {
	switch k {
	case event.Confirmed:
		return "it-arrow-right-circle"
	case event.SentBack, event.Declined:
		return "it-warning-circle"
	case event.Processed:
		return "it-check-circle"
	case event.ContractSigned, event.LetterCountersigned:
		return "it-sign"
	case event.LoginFailed, event.NameBesieged, event.ContractNotSent, event.MailNotSent:
		return "it-error"
	case event.ContractSent:
		return "it-mail"
	case event.ContractFetched, event.LetterFetched:
		return "it-download"
	case event.LetterUploaded:
		return "it-upload"
	case event.LetterAccepted:
		return "it-check-circle"
	case event.LetterToRedo:
		return "it-warning-circle"
	case event.ReminderPrinted:
		return "it-print"
	}
	switch k.Group() {
	case event.Mails:
		return "it-mail"
	case event.Accounts:
		return "it-user"
	}
	return "it-clock"
}

func when(l locale.Lang, e event.Event) string {
	return l.T("ore %s", locale.Clock(e.At))
}
