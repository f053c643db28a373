package terms

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"rinnova"
)

// The fields of a version, in forms and in problems.
const (
	FieldKind    = "tipo"
	FieldVersion = "versione"
	FieldTitle   = "titolo"
	FieldBody    = "testo"
	FieldFrom    = "dal"
)

// Bounds of what can be typed, in characters.
const (
	MaxVersion = 20
	MaxTitle   = 120
	MaxBody    = 100_000
)

// aVersion is the shape of a version's name: it stands in file names and in the contract.
var aVersion = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.-]*$`)

// normal is the version as it is kept: one kind of line end, no spaces at the ends of lines, one new line at the end.
func (t Terms) normal() Terms {
	t.Version, t.Title = strings.TrimSpace(t.Version), strings.Join(strings.Fields(t.Title), " ")
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(t.Body, "\r\n", "\n"), "\r", "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRightFunc(l, unicode.IsSpace)
	}
	if t.Body = strings.Trim(strings.Join(lines, "\n"), "\n"); t.Body != "" {
		t.Body += "\n"
	}
	return t
}

func (t Terms) check(today rinnova.Date) rinnova.Problems {
	var out rinnova.Problems
	if t.Kind.Label().IsZero() {
		out.Refuse(FieldKind, "Scegliete di quale testo è una nuova versione.")
	}
	if len(t.Version) > MaxVersion || !aVersion.MatchString(t.Version) {
		out.Refuse(FieldVersion, "Date alla versione un nome corto, come 2028-01: lettere, cifre, punti e trattini, al massimo %d.", MaxVersion)
	}
	if n := utf8.RuneCountInString(t.Title); n == 0 || n > MaxTitle || !isText(t.Title) {
		out.Refuse(FieldTitle, "Scrivete il titolo, al massimo %d caratteri: sta in testa al documento.", MaxTitle)
	}
	switch {
	case t.EffectiveFrom.IsZero():
		out.Refuse(FieldFrom, "Scrivete da quando vale, come %s.", today.AddDays(1))
	case t.EffectiveFrom.Before(today):
		out.Refuse(FieldFrom, "Il %s è passato, e nessuno ha accettato questo testo: può valere da oggi in poi.", t.EffectiveFrom)
	}
	t.checkBody(&out)
	return out
}

func (t Terms) checkBody(out *rinnova.Problems) {
	switch {
	case t.Body == "":
		out.Refuse(FieldBody, "Scrivete il testo.")
		return
	case utf8.RuneCountInString(t.Body) > MaxBody:
		out.Refuse(FieldBody, "Il testo è troppo lungo: al massimo %d caratteri.", MaxBody)
		return
	case !isText(t.Body):
		out.Refuse(FieldBody, "Nel testo ci sono segni che non si stampano: incollatelo di nuovo come testo semplice.")
		return
	}
	if t.Kind == Appointment {
		return // taken apart by whoever makes the letter
	}
	clauses := t.Clauses()
	if len(clauses) == 0 {
		out.Refuse(FieldBody, "Scrivete almeno un articolo: una riga come «## 1. Oggetto», e sotto il suo testo.")
		return
	}
	if lost := t.outside(); lost != "" {
		out.Refuse(FieldBody, "«%s» sta prima del primo articolo, e nel contratto non si leggerebbe. Mettetelo sotto una riga che comincia con ##.", rinnova.Quoted(lost))
	}
	for _, c := range clauses {
		if c.Title == "" || len(c.Paragraphs) == 0 {
			out.Refuse(FieldBody, "L’articolo «%s» non ha titolo o testo.", rinnova.Quoted(c.Title))
			return
		}
	}
}

// outside is what stands before the first clause and is not the title: nobody prints it.
func (t Terms) outside() string {
	for line := range strings.SplitSeq(heading.Split(t.Body, 2)[0], "\n") {
		if line != "" && !strings.HasPrefix(line, "# ") {
			return line
		}
	}
	return ""
}

// Next is the text that a new version goes on from: without what nobody prints.
func (t Terms) Next() string {
	at := heading.FindStringIndex(t.Body)
	if t.Kind == Appointment || at == nil {
		return t.Body
	}
	return t.Body[at[0]:]
}

// isText tells whether people can read all of it.
func isText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && r != '\t' && unicode.IsControl(r) || r == utf8.RuneError })
}

// Label is the kind in words; none for what is no kind.
func (k Kind) Label() rinnova.Text {
	switch k {
	case Assistance:
		return rinnova.Say("Condizioni di contratto")
	case Services:
		return rinnova.Say("Condizioni dei servizi")
	case Appointment:
		return rinnova.Say("Lettera di nomina a responsabile esterno")
	}
	return rinnova.Text{}
}
