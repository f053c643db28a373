package exchange

import (
	"strings"

	"rinnova"
	"rinnova/internal/school"
	"rinnova/internal/sheet"
)

// The columns of the Indice PA (IPA): the TSV files of the years until 2020, and today's CSV files. Both have one with the
// administrations and one with the offices that receive e-invoices.
var ipaLayout = Layout{What: Codes, Foreign: true, Columns: []Column{
	{Key: "ipa", Name: "Codice_IPA", Other: []string{"cod_amm"}, Required: true},
	{Key: "mecc", Name: "Codice_MIUR"},
	{Key: "tax_code", Name: taxCode.Name, Other: []string{"Codice_fiscale_sfe", "cf", "Codice_fiscale_ente"}, Digits: taxCode.Digits},
	{Key: "office_code", Name: officeCode.Name, Other: []string{"Codice_uni_uo", "cod_uni_ou"}},
	{Key: "office", Name: "Descrizione_uo", Other: []string{"des_ou"}},
}}

// invoices is the office of an administration that receives its e-invoices.
const invoices = "uffefatturapa"

// isIPA tells the layouts of the Indice PA from ours.
func isIPA(r *sheet.Reader) bool {
	return r.Column("Codice_IPA", "cod_amm") >= 0 && r.Column("Codice_uni_uo", "cod_uni_ou", "Codice_fiscale_ente", "cf") >= 0
}

// ipaPlanner takes tax codes and codici univoci of our schools out of the Indice PA; of everybody else it takes nothing.
type ipaPlanner struct{ *schoolPlanner }

func (p *ipaPlanner) row(l *line) {
	if l.Verdict == Refused {
		p.schoolPlanner.row(l)
		return
	}
	for _, key := range []string{"ipa", "mecc"} { // a code that cannot be read is not somebody else's
		if l.cell(key); l.Verdict == Refused {
			p.schoolPlanner.row(l)
			return
		}
	}
	at := p.find(l)
	if at < 0 || !p.wanted(l) {
		p.ignored++
		return
	}
	s := p.dir.all[at]
	l.Name = titled(s)
	p.once(l, s.MinistryCode)
	for _, f := range []school.Field{school.FieldTaxCode, school.FieldOfficeCode} {
		if v := l.text(string(f)); v != "" && v != "null" {
			p.value(l, &s, f)
		}
	}
	p.shared(l, &s)
	l.cells = nil
	p.lines, p.schools, p.isNew = append(p.lines, l), append(p.schools, &s), append(p.isNew, false)
}

// find finds the school of a row: by its ministry code, which the code in the index holds too (istsc_rgic82700l), else by the
// tax code that we know.
func (p *ipaPlanner) find(l *line) int {
	raw := func(key string) string {
		if at, ok := l.at[key]; ok && at < len(l.cells) {
			return l.cells[at].Text
		}
		return ""
	}
	own, _ := strings.CutPrefix(strings.ToLower(raw("ipa")), "istsc_")
	for _, code := range []string{raw("mecc"), own} {
		if at, ok := p.dir.ministry[strings.ToUpper(code)]; ok && code != "" {
			return at
		}
	}
	if at, ok := p.dir.tax[raw("tax_code")]; ok {
		return at
	}
	return -1
}

// wanted tells whether a row is an administration, or its office for e-invoices.
func (p *ipaPlanner) wanted(l *line) bool {
	at, offices := l.at["office_code"]
	if !offices {
		return true
	}
	name, named := l.at["office"]
	return named && sheet.Fold(l.cells[name].Text) == invoices && l.cells[at].Text != ""
}

func (p *ipaPlanner) finish(plan *Plan) {
	if p.ignored > 0 {
		plan.Notes = append(plan.Notes, rinnova.Say("Righe di altre amministrazioni o di altri uffici, che non si guardano: %d.", p.ignored))
	}
	p.schoolPlanner.finish(plan)
}
