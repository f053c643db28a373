package web

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"rinnova/internal/locale"
)

// Shell is the frame of a page: who runs the portal, where the reader is, who the reader is.
type Shell struct {
	Title    string // of this page; the browser shows it before the brand's name
	Brand    Brand
	Office   bool // the dense look of the vendor's office
	Nav      []Link
	NavLabel string // names the navigation for screen readers; "" is «Principale»
	User     *User  // nil: nobody has logged in
	Status   templ.Component
	Banner   templ.Component // above the page, on every page: what must not be overlooked
	Toast    string          // a small success, gone after a few seconds
	Foot     []templ.Component
}

// Brand is the name at the top left.
type Brand struct {
	Name string // Esempio Software S.r.l.
	Sub  string // Portale delle scuole
	Home string // where the name leads
	Logo string // address of the picture; "" shows the initial of Name in a square
}

// User is who has logged in.
type User struct {
	Name    string // IC «G. Verga», or the clerk's name
	Detail  string // SUPERVISOR.SG00001
	Account string // path of the user's own page; "" shows the name without a link
	Logout  string // path that a POST to ends the session
}

// Link is a way to another page; Current marks where the reader is.
type Link struct {
	Text, Href string
	Icon       string // it-…
	Count      string // a number beside the text
	Current    bool
}

// Titled is the same frame with the page's title.
func (s Shell) Titled(title string) Shell {
	s.Title = title
	return s
}

// At is the same frame with the navigation link to href marked as the current page.
func (s Shell) At(href string) Shell {
	nav := make([]Link, len(s.Nav))
	for i, l := range s.Nav {
		l.Current = l.Href == href
		nav[i] = l
	}
	s.Nav = nav
	return s
}

func (s Shell) windowTitle() string {
	if s.Title == "" {
		return s.Brand.Name
	}
	if s.Brand.Name == "" {
		return s.Title
	}
	return s.Title + " · " + s.Brand.Name
}

func (s Shell) bodyClass() string {
	if s.Office {
		return "rn-office"
	}
	return "rn-school"
}

func (s Shell) navLabel(l locale.Lang) string {
	if s.NavLabel == "" {
		return l.T("Principale")
	}
	return s.NavLabel
}

func (b Brand) home() string {
	if b.Home == "" {
		return "/"
	}
	return b.Home
}

func (b Brand) initial() string {
	for _, r := range b.Name {
		return string(r)
	}
	return "R"
}

// Ids of the page that scripts and answers refer to.
const (
	MainID   = "contenuto"
	AlertsID = "avvisi" // where messages of answers to scripts go
)

// Tone is what a badge or note means: its colour and, for a note, its icon.
type Tone string

// The tones.
const (
	Plain   Tone = "is-none"
	Info    Tone = "is-info" // for your information; sent, in hand
	OK      Tone = "is-ok"   // done
	Warning Tone = "is-warn" // look at this; you can go on
	Bad     Tone = "is-bad"  // cannot go on
	Waiting Tone = "is-wait" // somebody else is at work
)

func (t Tone) icon() string {
	switch t {
	case OK:
		return "it-check-circle"
	case Warning:
		return "it-warning-circle"
	case Bad:
		return "it-error"
	case Waiting:
		return "it-clock"
	}
	return "it-info-circle"
}

// Sum is a line of a calculation.
type Sum struct {
	Label, Amount string
	Weight        SumWeight
}

// SumWeight says how a line of a calculation stands out.
type SumWeight string

// The weights.
const (
	SumPlain SumWeight = ""
	SumSub   SumWeight = "sub"     // explains the line before it
	SumLine  SumWeight = "sum"     // a sum, with a line above it
	SumTotal SumWeight = "sum tot" // the sum of all
)

// Todo is a line of a list of what is done and what is missing.
type Todo struct {
	Done bool
	Icon string // instead of that of the state; it then says nothing to a screen reader
	Text string
	Href string // to the field that is missing
}

// Datum is one value under its name.
type Datum struct{ Label, Value string }

// Key is a single key of a page and what it does.
type Key struct{ Key, Text string }

// Pager is a long list's place: rows From to To of Total.
type Pager struct {
	From, To, Total    int
	Previous, Next     string // addresses; "" where there is none
	PreviousOf, NextOf string // what more, for screen readers; may be ""
}

// current marks the link to where the reader is.
func current(x Link, kind string) templ.Attributes {
	if x.Current {
		return templ.Attributes{"aria-current": kind}
	}
	return nil
}

func sortedAs(order string) templ.Attributes {
	if order == "" {
		return nil
	}
	return templ.Attributes{"aria-sort": order}
}

// telHref is the address to call a number (RFC 3966): its digits, with the Italian prefix where it has none.
func telHref(number string) templ.SafeURL {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
	if !strings.HasPrefix(digits, "+") {
		digits = "+39" + digits
	}
	return templ.SafeURL("tel:" + digits)
}

func share(n, of int) string { return strconv.Itoa(n) + "/" + strconv.Itoa(of) }
