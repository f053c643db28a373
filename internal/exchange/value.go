package exchange

import (
	"regexp"
	"strings"

	"rinnova"
	"rinnova/internal/sheet"
)

// nothing in a cell takes a value away; an empty cell leaves it.
const nothing = "-"

// line is a row of a file that is being looked at, with what is said of it.
type line struct {
	Row
	layout Layout
	cells  []sheet.Cell
	at     map[string]int // column by key
	points int            // the line that shows that in this file decimals stand behind a point; 0: none does
}

func (l *line) name(key string) string { return l.layout.column(key).Name }

// cell is the value under a key; ok is false where there is none or it cannot be used.
func (l *line) cell(key string) (c sheet.Cell, ok bool) {
	at, found := l.at[key]
	if !found || at >= len(l.cells) {
		return c, false
	}
	c = l.cells[at]
	if !c.Fault.IsZero() {
		l.add(Problem{l.name(key), true, c.Fault})
		return c, false
	}
	return c, c.Text != ""
}

var (
	scientific = regexp.MustCompile(`^[0-9]([.,][0-9]+)?[eE][+-][0-9]{1,3}$`)
	digitsOnly = regexp.MustCompile(`^[0-9]+$`)
)

// text is a text or a code, on one line. What Excel has made of a code is told.
func (l *line) text(key string) string {
	c, ok := l.cell(key)
	if !ok {
		return ""
	}
	col := l.layout.column(key)
	switch {
	case scientific.MatchString(c.Text):
		l.Refuse(l.name(key), "Excel ha trasformato il codice in un numero (%s) e ne ha perso le cifre. Formattate la colonna come testo e riscrivetelo.", c.Text)
		return ""
	case col.Digits > 0 && digitsOnly.MatchString(c.Text) && len(c.Text) < col.Digits && len(c.Text) >= col.Digits-3:
		l.Refuse(col.Name, "Ha %d cifre invece di %d: forse Excel ha tolto gli zeri iniziali. Formattate la colonna come testo e riscrivetelo.", len(c.Text), col.Digits)
		return ""
	}
	return rinnova.Clean(c.Text)
}

// date reads a day: a date of Excel, or one of the ways in which programs and people write one.
func (l *line) date(key string) rinnova.Date {
	c, ok := l.cell(key)
	if !ok {
		return rinnova.Date{}
	}
	d, known := parseDay(c.Text)
	switch {
	case c.Kind == sheet.Number:
		l.Refuse(l.name(key), "È un numero (%s), non una data. Formattate la colonna come data.", c.Text)
	case !known:
		l.Refuse(l.name(key), "«%s» non è una data: scrivetela come 31/12/2027.", rinnova.Quoted(c.Text))
	case d.Year < 1990 || d.Year > 2100:
		l.Refuse(l.name(key), "L’anno %d non è possibile qui.", d.Year)
	default:
		return d
	}
	return rinnova.Date{}
}

// amount reads euros: a number of Excel, 1.234,50 or 1234,5. ok is false where there is none. What a computation left behind the
// cents is no amount; decimals that somebody meant are not rounded for him.
func (l *line) amount(key string) (_ rinnova.Cents, ok bool) {
	c, found := l.cell(key)
	if !found {
		return 0, false
	}
	n, ok := parseNumber(c)
	switch cents, exact := n.rounded(2); {
	case l.points > 0 && unclear(c):
		l.Refuse(l.name(key), "«%s» non è chiaro: qui il punto separa le migliaia o i decimali? Alla riga %d separa i decimali. Scrivete gli importi con la virgola: 1234,50.", rinnova.Quoted(c.Text), l.points)
	case !ok:
		l.Refuse(l.name(key), "«%s» non è un importo: scrivetelo come 1234,50, con al massimo due decimali.", rinnova.Quoted(c.Text))
	case !exact:
		l.Refuse(l.name(key), "«%s» ha più di due decimali: scrivete l’importo al centesimo, per esempio %s.", rinnova.Quoted(n.String()), shownAmount(rinnova.Cents(cents)))
	case cents > int64(rinnova.MaxCents):
		l.Refuse(l.name(key), "L’importo %s è troppo grande: al massimo dieci milioni di euro.", rinnova.Quoted(c.Text))
	default:
		return rinnova.Cents(cents), true
	}
	return 0, false
}

// whole reads a number from 0 to most. ok is false where there is none.
func (l *line) whole(key string, most int) (n int, ok bool) {
	c, found := l.cell(key)
	if !found {
		return 0, false
	}
	x, ok := parseNumber(c)
	units, exact := x.rounded(0)
	if !ok || !exact || units > int64(most) {
		l.Refuse(l.name(key), "«%s» non è un numero intero da 0 a %d.", rinnova.Quoted(c.Text), most)
		return 0, false
	}
	return int(units), true
}

// cleared tells whether a cell takes a value away.
func (l *line) cleared(key string) bool {
	at, found := l.at[key]
	return found && at < len(l.cells) && l.cells[at].Text == nothing
}

// shownAmount writes an amount as the files have it.
func shownAmount(c rinnova.Cents) string { return strings.Replace(c.String(), ".", ",", 1) }

func shownOptional[T any](v *T, show func(T) string) string {
	if v == nil {
		return ""
	}
	return show(*v)
}
