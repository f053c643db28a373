// Package eventweb is the pages of the audit trail: for the vendor's office the whole record, for each school what happened
// to what is its own.
package eventweb

import (
	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/locale"
)

// paramBefore is the place in the record, in addresses.
const paramBefore = "prima"

// perPage is how many events a page shows.
const perPage = 50

// place is the place in the record that an address names; whatever is none is the newest end.
func place(s string) string {
	if !rinnova.IsID(s) {
		return ""
	}
	return s
}

// words are what an event says more.
func words(l locale.Lang, e event.Event, office bool) []string {
	var out []string
	for _, d := range e.Details(office) {
		out = append(out, l.Text(d))
	}
	return out
}

// role is what who did something is, as people read it.
func role(l locale.Lang, r rinnova.Role) string {
	switch r {
	case rinnova.RoleSchool:
		return l.T("scuola")
	case rinnova.RoleClerk:
		return l.T("operatore")
	case rinnova.RoleManager:
		return l.T("responsabile")
	case rinnova.RoleSignatory:
		return l.T("firmatario")
	case rinnova.RoleAdmin:
		return l.T("amministratore")
	case rinnova.RoleSystem:
		return l.T("Il programma")
	}
	return l.T("non riconosciuto")
}
