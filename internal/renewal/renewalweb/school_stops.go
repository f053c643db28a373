package renewalweb

import (
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
)

// named tells whether a message about a field stands after its name: one that asks for what is missing names it already.
func (f *form) named(field string) bool {
	return typedIn(f.Request.Draft.Order, field) != "" || field == renewal.FieldBand || ofLeaving(field)
}

// stopTitle says above the summary of errors whether things are missing, or to be looked at again.
func (f *form) stopTitle(l locale.Lang) string {
	missing, wrong := false, false
	for _, p := range f.Stops {
		if typedIn(f.Request.Draft.Order, p.Field) == "" && !p.Warns {
			missing = true
		} else {
			wrong = true
		}
	}
	switch {
	case missing && wrong:
		return l.T("La richiesta non è ancora inviata: completate e controllate queste cose")
	case wrong:
		return l.T("La richiesta non è ancora inviata: controllate queste cose")
	}
	return l.T("La richiesta non è ancora inviata: mancano queste cose")
}
