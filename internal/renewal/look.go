package renewal

import (
	"slices"

	"rinnova"
	"rinnova/identifier"
	"rinnova/internal/school"
)

// The codes of what has come up in a request since it was confirmed, and what was wrong with the school's codes when it was. SharedCIG
// and OldCIG come up too.
const (
	LookCorrection = "school.correction" // a correction of the school's data waits for the office
	LookClosed     = "school.closed"     // it has closed or merged, or will
	LookIncomplete = "school.incomplete" // something that a contract, its mail or its invoice needs is missing
	LookChanged    = "school.changed"    // its data are not those that it confirmed with
	LookTaxCode    = "school.tax_code"   // when it confirmed, its tax code failed its check
	LookOfficeCode = "school.office_code"
	LookGrown      = "band.grown"      // it has more pupils than its band has
	LookHeld       = "product.held"    // it has already what it would buy
	LookAgain      = "confirmed.again" // it has confirmed again after a clerk took it in charge
	LookEditing    = "draft.editing"   // it is changing something and has not confirmed it
)

// looks names all that a clerk can find to look at, by code, in the order in which it is told: in two or three words.
var looks = []struct {
	code  string
	label rinnova.Text
}{
	{Replied, rinnova.Say("Risponde all’ufficio")}, {RepliedSame, rinnova.Say("Confermata di nuovo uguale")},
	{LookAgain, rinnova.Say("Riconfermata")}, {LookEditing, rinnova.Say("Modifiche in corso")},
	{LookClosed, rinnova.Say("Scuola chiusa")}, {LookCorrection, rinnova.Say("Correzione da decidere")},
	{LookIncomplete, rinnova.Say("Anagrafe incompleta")}, {LookChanged, rinnova.Say("Anagrafe cambiata")},
	{LookTaxCode, rinnova.Say("Codice fiscale da verificare")}, {LookOfficeCode, rinnova.Say("Codice univoco da verificare")},
	{LookHeld, rinnova.Say("Prodotti che ha già")}, {NoCIG, rinnova.Say("Senza CIG")}, {"cig.check", rinnova.Say("CIG da verificare")},
	{"cig.series", rinnova.Say("CIG da verificare")}, {"cig.old", rinnova.Say("CIG di anni passati")},
	{OldCIG, rinnova.Say("CIG di un altro ordine")}, {SharedCIG, rinnova.Say("CIG usato da altra scuola")},
	{"number.letters", rinnova.Say("Numero ordine senza cifre")}, {"date.future", rinnova.Say("Data ordine futura")},
	{"date.old", rinnova.Say("Ordine di oltre un anno")}, {BandBelowPupils, rinnova.Say("Fascia sotto l’anagrafe")},
	{BandBelowBefore, rinnova.Say("Fascia più bassa di prima")}, {LookGrown, rinnova.Say("Alunni oltre la fascia")},
}

// NoCIG is the code of an order that has a reason for having no CIG.
const NoCIG = "cig.none"

// LookLabel names what there is to look at, by its code.
func LookLabel(code string) rinnova.Text {
	for _, x := range looks {
		if x.code == code {
			return x.label
		}
	}
	return rinnova.Say("Da verificare")
}

// LookCodes are all codes that have a name, in the order in which they are told.
func LookCodes() []string {
	var out []string
	for _, x := range looks {
		out = append(out, x.code)
	}
	return out
}

// Looks is all that there is to look at in a request before it is processed: the warnings that its confirmation carries, and what has
// come up since. The page of the request, the work list with its filter and numbers, the bulk and the single process have it from here;
// SQL counts by the same (request_to_look).
func Looks(warnings, arisen []string) []string {
	out := slices.Clone(warnings)
	for _, code := range arisen {
		if !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	place := func(code string) int {
		if i := slices.Index(LookCodes(), code); i >= 0 {
			return i
		}
		return len(looks)
	}
	slices.SortStableFunc(out, func(a, b string) int { return place(a) - place(b) })
	return out
}

// codeWarnings are the school's codes that fail their checks: those that are missing are seen as long as they are.
func codeWarnings(s school.School) []Warning {
	var out []Warning
	add := func(code, value string, check func(string) identifier.Result) {
		if value == "" {
			return
		}
		if r := check(value); r.Verdict != identifier.OK {
			out = append(out, Warning{Code: code, Text: rinnova.Text{Format: r.Why.Italian, English: r.Why.English}})
		}
	}
	add(LookTaxCode, s.TaxCode, identifier.SchoolCF)
	add(LookOfficeCode, s.OfficeCode, identifier.CUU)
	return out
}

// Sale is a product that a confirmation sells, and its period.
type Sale struct {
	ProductID string
	Period    rinnova.Period
}

// Sales are what the ticked lines sell. Lines of proposals that are older than subscriptions do not say which product they are.
func (p *Proposal) Sales(ticks Ticks) []Sale {
	var out []Sale
	for _, l := range p.Lines {
		if ticks[l.ID] && l.ProductID != "" {
			out = append(out, Sale{l.ProductID, l.Period})
		}
	}
	return out
}

// roof is with how many pupils at most the confirmed band is right; 0 where the last band is confirmed, where there is none to choose,
// and where the band was lower than it should be already: that is a doubt of its own.
func (p *Proposal) roof(v *Revision) int {
	i := int(v.Band) - 1
	if !p.Bands.Several() || i < 0 || i >= len(p.Bands) || p.Pupils > 0 && v.Band < p.Suggested {
		return 0
	}
	return p.Bands[i]
}
