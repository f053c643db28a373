package event

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rinnova"
)

// Filter chooses events of the record; the zero Filter is all of them.
type Filter struct {
	SchoolID string
	Group    Group
	Username string       // of who did it
	From, To rinnova.Date // days in Rome, both included; a zero one is no bound
	Before   string       // an id: only what is older
	Limit    int          // of one page
}

// Holds tells whether the filter chooses e; days and Before are left to who reads the record.
func (f Filter) Holds(e Event) bool {
	return (f.SchoolID == "" || f.SchoolID == e.SchoolID) && (f.Group == "" || f.Group == e.Kind.Group()) && (f.Username == "" || f.Username == e.Who())
}

// supervisor is the shape of a school's user name, which is nothing else.
var supervisor = regexp.MustCompile(`^SUPERVISOR\.[A-Z]{2}[0-9]{5}$`)

// Who is the user name of who did it, as people may read it. Of who did not come in older versions kept whatever was typed,
// also a password that stood in the wrong field; the chain cannot be changed, so it is left out here: only an account's name
// or a school's is shown.
func (e Event) Who() string {
	if (e.Kind == LoginFailed || e.Kind == ResetAsked) && e.Actor.AccountID == "" && !supervisor.MatchString(e.Actor.Username) {
		return ""
	}
	return e.Actor.Username
}

// Narrowed tells whether the filter asks for several things at once.
func (f Filter) Narrowed() bool {
	n := 0
	for _, s := range []string{f.SchoolID, string(f.Group), f.Username} {
		if s != "" {
			n++
		}
	}
	return n > 1
}

// Page is a piece of the record, the newest first.
type Page struct {
	Links []Link
	// Older is Filter.Before of the next page; "" where there is nothing older. A page may hold few links, or none, and have
	// one all the same: one page looks at a bounded number of events.
	Older string
}

// Records reads the record.
type Records interface {
	Page(ctx context.Context, f Filter) (Page, error)
}

// amount reads an amount as events keep it, 3135.40.
func amount(v string) any {
	n, err := strconv.ParseInt(strings.Replace(v, ".", "", 1), 10, 64)
	if err != nil || rinnova.Cents(n).String() != v {
		return v
	}
	return rinnova.Cents(n)
}

// day reads a day as events keep it, 2027-09-01.
func day(v string) any {
	d, err := rinnova.ParseDate(v)
	if err != nil {
		return v
	}
	return d
}

// details are how the values of an event's data read, in this order.
var details = []struct {
	key    string
	inside bool // only the office sees it
	say    func(v string) rinnova.Text
}{
	{"numero", false, func(v string) rinnova.Text { return rinnova.Say("contratto n. %s", v) }},
	{"campagna", false, func(v string) rinnova.Text { return rinnova.Say("%s", v) }},
	{"richiesta", false, func(v string) rinnova.Text { return rinnova.Say("richiesta n. %s", v) }},
	{"conferma", false, func(v string) rinnova.Text { return rinnova.Say("conferma n. %s", v) }},
	{"totale", false, func(v string) rinnova.Text { return rinnova.Say("totale %s", amount(v)) }},
	{"fascia", false, func(v string) rinnova.Text { return rinnova.Say("fascia alunni: %s", v) }},
	{"lettera", false, func(v string) rinnova.Text { return rinnova.Say("lettera n. %s", v) }},
	{"invio", false, func(v string) rinnova.Text { return rinnova.Say("invio n. %s", v) }},
	{"campo", false, func(v string) rinnova.Text { return rinnova.Say("%s", v) }},
	{"prodotto", false, func(v string) rinnova.Text { return rinnova.Say("prodotto: %s", v) }},
	{"periodo", false, func(v string) rinnova.Text { return rinnova.Say("periodo: %s", v) }},
	{"scuola", false, func(v string) rinnova.Text { return rinnova.Say("%s", v) }},
	{"giorno", false, func(v string) rinnova.Text { return rinnova.Say("dal %s", day(v)) }},
	{"prodotti_passati", false, func(v string) rinnova.Text { return rinnova.Say("prodotti passati: %s", v) }},
	{"duplicati", false, func(v string) rinnova.Text { return rinnova.Say("duplicati: %s", v) }},
	{"alunni", false, func(v string) rinnova.Text { return rinnova.Say("alunni: %s", v) }},
	{"prima", false, func(v string) rinnova.Text { return rinnova.Say("prima: «%s»", v) }},
	{"dopo", false, func(v string) rinnova.Text { return rinnova.Say("dopo: «%s»", v) }},
	{"motivo", false, func(v string) rinnova.Text { return rinnova.Say("motivo: «%s»", v) }},
	{"uguale", false, func(string) rinnova.Text { return rinnova.Say("senza cambiare nulla") }},
	{"risposta", false, func(v string) rinnova.Text { return rinnova.Say("risposta: «%s»", v) }},
	{"oggetto", false, func(v string) rinnova.Text { return rinnova.Say("«%s»", v) }},
	{"destinatario", false, func(v string) rinnova.Text { return rinnova.Say("a %s", v) }},
	{"tentativi", false, func(v string) rinnova.Text { return rinnova.Say("password sbagliate in un giorno: almeno %s", v) }},
	{"indirizzo", false, func(v string) rinnova.Text { return rinnova.Say("dall’indirizzo %s", v) }},
	{"browser", true, func(v string) rinnova.Text { return rinnova.Say("browser «%s»", v) }},
	{"testo", true, func(v string) rinnova.Text { return rinnova.Say("«%s»", v) }},
	{"versione", true, func(v string) rinnova.Text { return rinnova.Say("versione %s", v) }},
	{"dal", true, func(v string) rinnova.Text { return rinnova.Say("dal %s", day(v)) }},
	{"listino", true, func(v string) rinnova.Text { return rinnova.Say("«%s»", v) }},
	{"prodotto", true, func(v string) rinnova.Text { return rinnova.Say("«%s»", v) }},
	{"origine", true, func(v string) rinnova.Text { return rinnova.Say("da «%s»", v) }},
	{"variazione", true, func(v string) rinnova.Text { return rinnova.Say("variazione %s", v) }},
	{"importi", true, func(v string) rinnova.Text { return rinnova.Say("importi cambiati: %s", v) }},
	{"prodotti", true, func(v string) rinnova.Text { return rinnova.Say("prodotti: %s", v) }},
	{"nuove", true, func(v string) rinnova.Text { return rinnova.Say("scuole nuove: %s", v) }},
	{"file", true, func(v string) rinnova.Text { return rinnova.Say("file «%s»", v) }},
	{"aggiunte", true, func(v string) rinnova.Text { return rinnova.Say("aggiunte: %s", v) }},
	{"cambiate", true, func(v string) rinnova.Text { return rinnova.Say("cambiate: %s", v) }},
	{"invariate", true, func(v string) rinnova.Text { return rinnova.Say("invariate: %s", v) }},
	{"scuole", true, func(v string) rinnova.Text { return rinnova.Say("scuole: %s", v) }},
	{"rifiutate", true, func(v string) rinnova.Text { return rinnova.Say("rifiutate: %s", v) }},
	{"sha256", true, func(v string) rinnova.Text { return rinnova.Say("SHA-256 %s…", v[:min(len(v), 16)]) }},
}

// Details are what the event says more, in words. The office sees everything, also what has no words of its own; a school
// only what concerns it.
func (e Event) Details(office bool) []rinnova.Text {
	var out []rinnova.Text
	known := map[string]bool{}
	for _, d := range details {
		known[d.key] = true
		if v := e.Data[d.key]; v != "" && (office || !d.inside) {
			out = append(out, d.say(v))
		}
	}
	if !office {
		return out
	}
	var more []string
	for k := range e.Data {
		if !known[k] {
			more = append(more, k)
		}
	}
	slices.Sort(more)
	for _, k := range more {
		out = append(out, rinnova.Say("%s: %s", k, e.Data[k]))
	}
	return out
}
