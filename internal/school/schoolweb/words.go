package schoolweb

import (
	"strings"

	"rinnova/internal/guide/guideweb"
	"rinnova/internal/locale"
	"rinnova/internal/school"
	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

// source says where today's value of a field comes from.
func (p dataPage) source(l locale.Lang, f school.Field) string {
	switch p.Source(f) {
	case school.FromSchool:
		return l.T("Corretto da voi")
	case school.FromMinistry:
		return l.T("Anagrafe del Ministero")
	case school.FromOffice:
		return l.T("Nostro ufficio")
	}
	return ""
}

// waiting counts the values that wait for the office.
func (p dataPage) waiting() int {
	n := 0
	for _, i := range p.Last {
		if i.State == school.Open {
			n++
		}
	}
	return n
}

func (p dataPage) waitingTitle(l locale.Lang) string {
	if n := p.waiting(); n != 1 {
		return l.T("%d correzioni in attesa del nostro ufficio", n)
	}
	return l.T("Una correzione in attesa del nostro ufficio")
}

// fixed are the data that are not corrected here.
func (p dataPage) fixed(l locale.Lang) []web.Datum {
	s := p.School
	out := []web.Datum{{Label: l.T("Codice meccanografico"), Value: s.MinistryCode}, {Label: l.T("Codice portale"), Value: s.PortalCode},
		{Label: l.T("Codice cliente"), Value: s.CustomerNumber}}
	if s.Pupils > 0 {
		out = append(out, web.Datum{Label: l.T("Alunni, a.s. %s", s.PupilsYear), Value: locale.Count(s.Pupils)})
	}
	return out
}

// contact is how schools reach the people who look after renewals; a vendor that set no line for them answers at its own.
func contact(p supplier.Profile) supplier.Contact {
	if p.Renewals == (supplier.Contact{}) {
		return supplier.Contact{Phone: p.Phone, Email: p.Email}
	}
	return p.Renewals
}

// input is the field of the form for a value.
func (f formPage) input(l locale.Lang, x school.Field) web.Input {
	in := inputOf(l, x, f.Values[x], f.State)
	in.Help = f.help(l, x)
	if invoiced := school.InInvoice(x, f.Values[x]); invoiced != "" {
		in.Note = l.T("Nella fattura elettronica: %s", invoiced)
	}
	if x == school.FieldOfficeCode {
		in.More = web.Link{Text: l.T("Che cos’è il codice univoco?"), Href: guideweb.ContractsPath + "#codice-univoco"}
	}
	return in
}

// inputOf is a field for a value of a school.
func inputOf(l locale.Lang, x school.Field, value string, state web.FormState) web.Input {
	in := web.Input{Name: string(x), Label: l.Text(x.Label()), Value: value, Required: !x.Optional(), State: state}
	switch x {
	case school.FieldPostcode:
		in.InputMode = "numeric"
	case school.FieldEmail, school.FieldPEC:
		in.Type, in.InputMode = "email", "email"
	case school.FieldProvinceCode, school.FieldTaxCode, school.FieldVATNumber, school.FieldOfficeCode:
		in.Code = true
	}
	return in
}

// help says what a value is today, where it differs from what the field holds, and how it is written.
func (f formPage) help(l locale.Lang, x school.Field) string {
	is := f.School.Shown(x)
	if i, open := f.Open(x); open {
		return l.T("Oggi: %s. La correzione del %s aspetta l’ufficio: per ritirarla rimettete il valore di oggi.", none(l, is), locale.When(i.AskedAt))
	}
	switch x {
	case school.FieldProvinceCode:
		return l.T("La sigla, 2 lettere.")
	case school.FieldTaxCode:
		return l.T("Quello della scuola: 11 cifre.")
	case school.FieldVATNumber:
		return l.T("Solo se la scuola ne ha una: la maggior parte non l’ha.")
	case school.FieldOfficeCode:
		return l.T("6 caratteri, lettere e cifre: l’ufficio che riceve le fatture elettroniche (IPA).")
	case school.FieldEmail:
		return l.T("Qui arrivano ricevute e contratti firmati. Se cambia, avvisiamo anche l’indirizzo di prima.")
	}
	return ""
}

// none is a value, or that there is none.
func none(l locale.Lang, v string) string {
	if v == "" {
		return l.T("nessun valore")
	}
	return v
}

// doubts are the fields with a doubt that nobody has confirmed yet, with the way to them.
func (f formPage) doubts(l locale.Lang) []web.Link {
	var out []web.Link
	for _, p := range f.State.Problems.Warnings() {
		out = append(out, web.Link{Text: l.Text(school.Field(p.Field).Label()), Href: "#" + p.Field})
	}
	return out
}

// labels are the names of the fields, for the summary of what is wrong.
func labels(l locale.Lang) map[string]string {
	out := map[string]string{school.FieldNote: l.T("Nota per l’ufficio")}
	for _, f := range school.Correctable {
		out[string(f)] = l.Text(f.Label())
	}
	return out
}

// reasons are the names of the reasons' fields, for the summary of what is missing.
func reasons(l locale.Lang) map[string]string {
	out := map[string]string{}
	for _, f := range school.Correctable {
		out[school.ReasonField(f)] = l.Text(f.Label())
	}
	return out
}

// part is a piece of a value that is held against another.
type part struct {
	Text    string
	Changed bool
}

// differences splits two values into what they share and what they do not: by words, and a single word by characters.
func differences(a, b string) (before, after []part) {
	x, y := strings.Fields(a), strings.Fields(b)
	separator := " "
	if len(x) <= 1 && len(y) <= 1 {
		x, y, separator = strings.Split(a, ""), strings.Split(b, ""), ""
	}
	head := 0
	for head < len(x) && head < len(y) && x[head] == y[head] {
		head++
	}
	tail := 0
	for tail < len(x)-head && tail < len(y)-head && x[len(x)-1-tail] == y[len(y)-1-tail] {
		tail++
	}
	return parts(x, head, tail, separator), parts(y, head, tail, separator)
}

// parts are the words of a value: head and tail are shared, what stands between is not.
func parts(words []string, head, tail int, separator string) []part {
	var out []part
	add := func(words []string, changed bool) {
		if len(words) > 0 {
			out = append(out, part{strings.Join(words, separator), changed})
		}
	}
	add(words[:head], false)
	add(words[head:len(words)-tail], true)
	add(words[len(words)-tail:], false)
	for i := range len(out) - 1 {
		out[i].Text += separator
	}
	return out
}
