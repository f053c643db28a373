package exchange

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

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
	scientific = regexp.MustCompile(`^[0-9]([.,][0-9]+)?[eE]\+[0-9]{1,3}$`)
	digitsOnly = regexp.MustCompile(`^[0-9]+$`)
)

// text is a text or a code. What Excel has made of a code is told.
func (l *line) text(key string) string {
	c, ok := l.cell(key)
	if !ok {
		return ""
	}
	if col := l.layout.column(key); col.Digits > 0 {
		switch {
		case scientific.MatchString(c.Text):
			l.Refuse(col.Name, "Excel ha trasformato il codice in un numero (%s) e ne ha perso le cifre. Formattate la colonna come testo e riscrivetelo.", c.Text)
			return ""
		case digitsOnly.MatchString(c.Text) && len(c.Text) < col.Digits && len(c.Text) >= col.Digits-3:
			l.Refuse(col.Name, "Ha %d cifre invece di %d: forse Excel ha tolto gli zeri iniziali. Formattate la colonna come testo e riscrivetelo.", len(c.Text), col.Digits)
			return ""
		}
	}
	if !utf8.ValidString(c.Text) || strings.ContainsFunc(c.Text, func(r rune) bool { return r < ' ' && r != '\n' }) {
		l.Refuse(l.name(key), "Contiene caratteri che non si vedono. Riscrivetelo a mano.")
		return ""
	}
	return strings.Join(strings.Fields(c.Text), " ")
}

var dateShape = regexp.MustCompile(`^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})$`)

// date reads a day: a date of Excel, 31/12/2027 or 2027-12-31.
func (l *line) date(key string) rinnova.Date {
	c, ok := l.cell(key)
	if !ok {
		return rinnova.Date{}
	}
	text := c.Text
	if m := dateShape.FindStringSubmatch(text); m != nil {
		text = m[3] + "-" + ("0" + m[2])[len(m[2])-1:] + "-" + ("0" + m[1])[len(m[1])-1:]
	}
	d, err := rinnova.ParseDate(text)
	switch {
	case c.Kind == sheet.Number:
		l.Refuse(l.name(key), "È un numero (%s), non una data. Formattate la colonna come data.", c.Text)
	case err != nil:
		l.Refuse(l.name(key), "«%s» non è una data: scrivetela come 31/12/2027.", rinnova.Quoted(c.Text))
	case d.Year < 1990 || d.Year > 2100:
		l.Refuse(l.name(key), "L’anno %d non è possibile qui.", d.Year)
	default:
		return d
	}
	return rinnova.Date{}
}

var amountShape = regexp.MustCompile(`^([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,9})(?:,([0-9]{1,2}))?$`)

// amount reads euros: a number of Excel, 1.234,50 or 1234,5. ok is false where there is none.
func (l *line) amount(key string) (_ rinnova.Cents, ok bool) {
	c, found := l.cell(key)
	if !found {
		return 0, false
	}
	text := strings.TrimSpace(strings.Trim(strings.ReplaceAll(c.Text, "\u00a0", " "), "€ "))
	if c.Kind == sheet.Number || strings.Count(text, ".") == 1 && !strings.Contains(text, ",") && len(text)-strings.Index(text, ".") != 4 {
		text = strings.Replace(text, ".", ",", 1) // a point before one or two digits is a decimal one
	}
	m := amountShape.FindStringSubmatch(text)
	if m == nil {
		l.Refuse(l.name(key), "«%s» non è un importo: scrivetelo come 1234,50, con al massimo due decimali.", rinnova.Quoted(c.Text))
		return 0, false
	}
	euros, err := strconv.ParseInt(strings.ReplaceAll(m[1], ".", ""), 10, 64)
	cents, _ := strconv.ParseInt((m[2] + "00")[:2], 10, 64)
	if total := rinnova.Cents(euros*100 + cents); err == nil && total <= rinnova.MaxCents {
		return total, true
	}
	l.Refuse(l.name(key), "L’importo %s è troppo grande: al massimo dieci milioni di euro.", rinnova.Quoted(c.Text))
	return 0, false
}

// whole reads a number from 0 to most. ok is false where there is none.
func (l *line) whole(key string, most int) (n int, ok bool) {
	c, found := l.cell(key)
	if !found {
		return 0, false
	}
	n, err := strconv.Atoi(strings.TrimSuffix(c.Text, ",0"))
	if err != nil || n < 0 || n > most {
		l.Refuse(l.name(key), "«%s» non è un numero intero da 0 a %d.", rinnova.Quoted(c.Text), most)
		return 0, false
	}
	return n, true
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
