package renewalweb

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/renewal"
	"rinnova/internal/school/schoolweb"
	"rinnova/internal/supplier"
	"rinnova/internal/terms"
	"rinnova/internal/web"
)

// Contracts reads contracts for the schools' pages.
type Contracts interface {
	// OfSchool reads the contracts of a school, the newest first.
	OfSchool(ctx context.Context, schoolID string) ([]contract.Row, error)
	// ByRequest finds the contract of a request; nil where it has none.
	ByRequest(ctx context.Context, requestID string) (*contract.Contract, error)
}

// TermsStore reads versions of the terms of contract.
type TermsStore interface {
	Terms(ctx context.Context, id string) (terms.Terms, error)
}

// Printer draws the papers that schools print.
type Printer interface {
	Reminder(r contract.Reminder) ([]byte, error)
	Terms(t terms.Terms, p supplier.Profile) ([]byte, error)
}

// School serves the schools' pages: the reserved area, the renewal in its three steps, what was confirmed.
type School struct {
	Renewals  *renewal.Service
	Contracts Contracts
	Terms     TermsStore
	Printer   Printer
	Sessions  *web.Sessions
	Shell     func(*http.Request) web.Shell
	Actor     func(context.Context) rinnova.Actor // who has logged in
	// Note is what the home shows above everything, from another feature; nil, or a nil component, is nothing to show.
	Note func(ctx context.Context, actor rinnova.Actor) (templ.Component, error)
	// Cards are what the home shows below the renewals, from other features; a nil component is nothing to show.
	Cards []func(ctx context.Context, actor rinnova.Actor) (templ.Component, error)
}

// Paths of the schools' pages that other pages lead to.
const (
	AreaPath     = "/area"
	CurrentPath  = "/rinnovo" // leads to the request of assistance to work on
	ServicesPath = "/servizi" // leads to that of services
	DataPath     = schoolweb.DataPath
)

// DoorPath leads to the request of a kind to work on.
func DoorPath(k renewal.Kind) string {
	if k == renewal.Services {
		return ServicesPath
	}
	return CurrentPath
}

// RenewalPath is the page of a request, of whatever kind.
func RenewalPath(id string) string { return "/rinnovo/" + id }

func bandPath(id string) string     { return RenewalPath(id) + "/fascia" }
func undoPath(id string) string     { return RenewalPath(id) + "/annulla" }
func historyPath(id string) string  { return RenewalPath(id) + "/conferme" }
func reminderPath(id string) string { return RenewalPath(id) + "/promemoria.pdf" }
func termsPath(id string) string    { return "/condizioni/" + id }

func receiptPath(id string, number int) string {
	return RenewalPath(id) + "/conferma/" + strconv.Itoa(number)
}

// Routes are the schools' pages of renewals; m lets only schools in.
func (h *School) Routes(m *web.Mux) {
	m.Handle("GET "+AreaPath, h.area)
	for _, kind := range renewal.Kinds {
		m.Handle("GET "+DoorPath(kind), h.door(kind))
	}
	m.Handle("GET /rinnovo/{id}", h.showForm)
	m.Handle("POST /rinnovo/{id}", h.answer)
	m.Handle("GET /rinnovo/{id}/fascia", h.showBand)
	m.Handle("POST /rinnovo/{id}/fascia", h.chooseBand)
	m.Handle("GET /rinnovo/{id}/annulla", h.askUndo)
	m.Handle("POST /rinnovo/{id}/annulla", h.undo)
	m.Handle("GET /rinnovo/{id}/non-rinnovate", h.askNotice)
	m.Handle("POST /rinnovo/{id}/non-rinnovate", h.giveNotice)
	m.Handle("GET /rinnovo/{id}/conferme", h.history)
	m.Handle("GET /rinnovo/{id}/conferma/{n}", h.receipt)
	m.Handle("GET /rinnovo/{id}/promemoria.pdf", h.reminder)
	m.Handle("GET /richieste/{number}", h.find)
	m.Handle("GET /condizioni/{id}", h.showTerms)
	m.Handle("GET /condizioni/{id}/condizioni.pdf", h.termsPDF)
}

// view reads the request that the address names, for the school that has logged in.
func (h *School) view(r *http.Request) (*renewal.View, error) {
	if !rinnova.IsID(r.PathValue("id")) {
		return nil, noRequest()
	}
	return h.Renewals.View(r.Context(), h.Actor(r.Context()), r.PathValue("id"))
}

func noRequest() error {
	return rinnova.Fail(rinnova.NotFound, "Questa richiesta non c’è, non è della vostra scuola, o l’ufficio l’ha ritirata.")
}

func (h *School) profile(ctx context.Context) (supplier.Profile, error) {
	return h.Renewals.Vendors.Profile(ctx)
}

// last is the confirmation that counts; nil where there is none.
func (h *School) last(ctx context.Context, r *renewal.Request) (*renewal.Revision, error) {
	if r.Revision == 0 {
		return nil, nil
	}
	return h.Renewals.Store.Revision(ctx, r.ID, r.Revision)
}

func (h *School) today() rinnova.Date { return h.Renewals.Clock.Today() }

// office is how schools reach the people who look after renewals; a vendor that set no line for them answers at its own.
func office(p supplier.Profile) supplier.Contact {
	if p.Renewals == (supplier.Contact{}) {
		return supplier.Contact{Phone: p.Phone, Email: p.Email}
	}
	return p.Renewals
}
