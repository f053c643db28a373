package letter

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/mail"
	"rinnova/internal/school"
	"rinnova/internal/supplier"
	"rinnova/internal/terms"
)

// Document is everything that a letter says, copied when it was prepared: drawing it again years later gives the same paper.
type Document struct {
	Number int         // of the letter among its school's; 0 in those that were prepared before it was printed
	Text   terms.Terms // with its placeholders
	Date   rinnova.Date
	At     time.Time `json:",omitzero"` // when it was prepared; zero in letters that are older than it
	Vendor Vendor
	School Party
	Form   Form
}

// Vendor is the vendor as the letter names it.
type Vendor struct {
	Name, Address, VATNumber, PEC, Signatory, DPO string

	Fictional bool // says so on every page
}

// Party is the school as the letter names it.
type Party struct {
	Name         string // Istituto Comprensivo Statale «Giovanni Verga»
	ShortName    string // with the town, for running heads
	Address      string // via Archimede 12, 97100 Ragusa (RG)
	MinistryCode string
	TaxCode      string
	Email        string
	PEC          string
}

// Form is what only the school knows. What stays empty is a line on paper, to be filled in by hand.
type Form struct {
	Head       string // the head teacher's name
	DPOName    string // the school's data protection officer
	DPOContact string // mail address or phone number
	Protocol   string // number in the school's register
}

// Names of the form's fields, for its problems.
const (
	FieldHead       = "dirigente"
	FieldDPOName    = "rpd"
	FieldDPOContact = "rpd_contatto"
	FieldProtocol   = "protocollo"
	FieldFile       = "file"
	FieldReason     = "motivo"
)

// Longest values of the form, in characters: what fits into a line of the letter.
const (
	MaxName     = 80
	MaxContact  = 80
	MaxProtocol = 20
	MaxReason   = 1000
)

// check says what cannot be printed.
func (f Form) check() rinnova.Problems {
	var p rinnova.Problems
	for _, x := range []struct {
		field, value string
		most         int
	}{
		{FieldHead, f.Head, MaxName}, {FieldDPOName, f.DPOName, MaxName}, {FieldDPOContact, f.DPOContact, MaxContact}, {FieldProtocol, f.Protocol, MaxProtocol},
	} {
		if n := len([]rune(x.value)); n > x.most {
			p.Refuse(x.field, "Nella lettera c’è posto per %d caratteri. Qui sono %d: accorciate.", x.most, n)
		}
	}
	for field, name := range map[string]string{FieldHead: f.Head, FieldDPOName: f.DPOName} {
		if len(p.Of(field)) == 0 && name != "" && !nameShape.MatchString(name) {
			p.Refuse(field, "Qui va solo il nome: lettere, punti, apostrofi e trattini. Togliete il resto.")
		}
	}
	if len(p.Of(FieldDPOContact)) == 0 && !isContact(f.DPOContact) {
		p.Refuse(FieldDPOContact, "Non è un’e-mail, una PEC o un numero di telefono. Scrivetene uno, come rpd@istituto.it o 0932 123456; se non l’avete, lasciate vuoto.")
	}
	return p
}

// nameShape is a person's name, or a firm's: what is more than that would stand among the clauses of the letter.
var nameShape = regexp.MustCompile(`^[\p{L}\p{M}'’.&() \-]+$`)

var (
	protocolMark = regexp.MustCompile(`(?i)^(prot(ocollo|\.)?\s*)?n(\.|°|r\.?|um\.?)?\s+|^n[.°]`) // the letter says it before the number
	contactEnds  = regexp.MustCompile(`[,;]| [-–/] | e `)
	contactLabel = regexp.MustCompile(`(?i)^(tel|telefono|cell|cellulare|pec|e-?mail|mail)\b\.?:?\s*`)
	phone        = regexp.MustCompile(`^[+(]?[0-9][0-9 ./()-]*$`)
	digit        = regexp.MustCompile(`[0-9]`)
)

// isContact tells whether a text is ways to reach somebody, one or several: addresses of mail and numbers of phones, which have
// six digits to fifteen (ITU-T E.164). Nothing is one.
func isContact(text string) bool {
	for _, way := range contactEnds.Split(text, -1) {
		way = contactLabel.ReplaceAllString(strings.TrimSpace(way), "")
		if _, err := mail.ParseAddress(way); err == nil && !strings.ContainsAny(way, "<> ") {
			continue
		}
		if n := len(digit.FindAllString(way, -1)); !phone.MatchString(way) || n < 6 || n > 15 {
			return text == ""
		}
	}
	return true
}

// dpo is the school's officer on one line.
func (f Form) dpo() string {
	if f.DPOName != "" && f.DPOContact != "" {
		return f.DPOName + ", " + f.DPOContact
	}
	return f.DPOName + f.DPOContact
}

// VendorOf is the vendor of a letter.
func VendorOf(p supplier.Profile) Vendor {
	return Vendor{p.Name, p.Address, p.VATNumber, p.PEC, p.Signatory, p.DPO, p.Fictional}
}

// PartyOf is the school of a letter.
func PartyOf(s school.School) Party {
	return Party{s.DisplayName, s.ShortName, s.PostalAddress(), s.MinistryCode, s.TaxCode, s.Email, s.PEC}
}

// complete tells whether all is known that the vendor must say in a letter.
func (v Vendor) complete() bool {
	return v.Name != "" && v.Address != "" && v.VATNumber != "" && v.Signatory != "" && v.DPO != ""
}

// same tells whether two letters say the same, on whatever day.
func (d Document) same(other Document) bool {
	d.Date, d.At, d.Number = other.Date, other.At, other.Number
	return d == other
}

// Title is the title of the letter, with its number: what its PDF says that it is.
func (d Document) Title() string {
	title, _, _ := strings.Cut(strings.TrimPrefix(d.Text.Body, "# "), "\n")
	if d.Number > 0 {
		return fmt.Sprintf("%s n. %d", title, d.Number)
	}
	return title
}

// Label is the number as the sheets show it: Lettera n. 2; "" where it is not known.
func (d Document) Label() string {
	if d.Number > 0 {
		return fmt.Sprintf("Lettera n. %d", d.Number)
	}
	return ""
}

// values are what stands for each placeholder: its text, and the line to draw where there is none.
func (d Document) values() map[string]Run {
	return map[string]Run{
		"school.name":            {Text: d.School.Name, Blank: 80},
		"school.ministry_code":   {Text: d.School.MinistryCode, Blank: 28},
		"school.tax_code":        {Text: d.School.TaxCode, Blank: 32},
		"school.address":         {Text: d.School.Address, Blank: 70},
		"vendor.name":            {Text: d.Vendor.Name, Blank: 60},
		"vendor.address":         {Text: d.Vendor.Address, Blank: 70},
		"vendor.vat_number":      {Text: d.Vendor.VATNumber, Blank: 32},
		"vendor.signatory":       {Text: d.Vendor.Signatory, Blank: 50},
		"vendor.dpo_email":       {Text: d.Vendor.DPO, Blank: 52},
		"blank.head_name":        {Text: d.Form.Head, Blank: 58},
		"blank.school_dpo":       {Text: d.Form.dpo(), Blank: 52},
		"blank.place_date":       {Blank: 70},
		"blank.head_signature":   {Blank: signatureLine},
		"blank.vendor_signature": {Blank: signatureLine},
	}
}

// signatureLine is the line of a signature, which takes half the width of the page.
const signatureLine = 79
