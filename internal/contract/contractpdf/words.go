package contractpdf

import (
	"regexp"
	"strings"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/pdf"
)

// words are the texts of a contract that depend on its kind.
type words struct {
	title, number, subtitle string
	running                 string // on later pages
	verifyCode, verify      string
	fileTitle               string
}

func contractWords(d contract.Document) words {
	w := words{title: "Contratto di " + d.Kind.Traits().Object}
	band := prefixed("fascia ", bandWords(d.Band))
	if d.Kind.Capped() {
		w.subtitle = joinDots("Periodo "+locale.LongPeriod(d.Period), band)
	} else {
		w.subtitle = joinDots("Ogni servizio ha il proprio periodo. Ai servizi non si applica il tetto massimo dei canoni di assistenza.", band)
	}
	number := keep("n. " + d.Number)
	w.number = number + " " + delLong(d.Date)
	w.running = "Contratto " + number + " " + locale.Del(d.Date)
	w.fileTitle = w.title + " n. " + d.Number
	w.verifyCode = groupCode(d.VerifyCode)
	w.verify = "Codice di verifica " + w.verifyCode
	return w
}

// bandWords is a band with what it counts: da 501 a 1000 alunni. It is empty where there are no bands.
func bandWords(band rinnova.Text) string {
	switch text := locale.Italian.Text(band); {
	case band.IsZero() || text == "tutte le scuole":
		return ""
	case text == toBeGiven:
		return text
	default:
		return text + " alunni"
	}
}

// delLong writes "del 18 gennaio 2027", "dell’8 marzo 2027".
func delLong(d rinnova.Date) string {
	return strings.TrimSuffix(locale.Del(d), locale.Date(d)) + locale.LongDate(d)
}

// groupCode writes a verification code in groups of four.
func groupCode(code string) string {
	var parts []string
	for len(code) > 4 {
		parts = append(parts, code[:4])
		code = code[4:]
	}
	return strings.Join(append(parts, code), "-")
}

// runningSchool is the right side of the running head: the school's short name, or its ministry code where the name
// leaves no room; it is never cut.
func runningSchool(res *pdf.Resources, leftText string, p contract.Party, o contract.Order) string {
	const space = 6.0
	cig := prefixed("CIG ", o.CIG)
	if o.CIG == "" {
		cig = prefixed("CIG "+notPlanned+" ", o.Exclusion)
	}
	rest := joinDots(prefixed("C.F. ", p.TaxCode), cig)
	room := width - space - res.Width(runningStyle.bold().span(leftText))
	for _, name := range []string{p.ShortName, p.MinistryCode} {
		if text := joinDots(name, rest); name != "" && res.Width(runningStyle.span(text)) <= room {
			return text
		}
	}
	return p.MinistryCode
}

// keep keeps a code or number on one line.
func keep(s string) string {
	return strings.NewReplacer(" ", locale.NBSP, "-", "\u2011").Replace(s)
}

// together are the places where a sentence must not be broken: n. 45, art. 28, 22 %, € 10, 9 ottobre 2002.
var together = regexp.MustCompile(`\b(?:n|nn|art|artt|c|lett|p|pag)\. \d|\b(?:comma|allegato|punto|paragrafo) [\dIVX]|\d %|€ \d|` +
	`\d{1,2}°? (?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre)(?: \d{4})?|` +
	`\b\d+ (?:giorni|euro)\b`)

// glue puts no-break spaces where a running text must not be broken.
func glue(s string) string {
	return together.ReplaceAllStringFunc(s, func(m string) string { return strings.ReplaceAll(m, " ", locale.NBSP) })
}
