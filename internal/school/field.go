package school

import (
	"slices"
	"strings"

	"rinnova"
)

// Correctable are the values that a school can ask to correct, in the order of its pages. The codes of the ministry and of
// the vendor are not among them, nor is the number of pupils: what counts is the band that the school picks at each renewal.
var Correctable = []Field{
	FieldDisplayName, FieldAddress, FieldPostcode, FieldTown, FieldProvinceCode, FieldTaxCode, FieldVATNumber, FieldOfficeCode,
	FieldEmail, FieldPEC, FieldWebsite,
}

// Label is the name of a value that can be corrected.
func (f Field) Label() rinnova.Text {
	switch f {
	case FieldDisplayName:
		return rinnova.Say("Nome dell’istituto")
	case FieldAddress:
		return rinnova.Say("Indirizzo")
	case FieldPostcode:
		return rinnova.Say("CAP")
	case FieldTown:
		return rinnova.Say("Comune")
	case FieldProvinceCode:
		return rinnova.Say("Provincia")
	case FieldTaxCode:
		return rinnova.Say("Codice fiscale")
	case FieldVATNumber:
		return rinnova.Say("Partita IVA")
	case FieldOfficeCode:
		return rinnova.Say("Codice univoco ufficio")
	case FieldEmail:
		return rinnova.Say("E-mail istituzionale")
	case FieldPEC:
		return rinnova.Say("PEC")
	case FieldWebsite:
		return rinnova.Say("Sito web")
	}
	return rinnova.Say("%s", string(f))
}

// Optional tells whether a school may have no such value.
func (f Field) Optional() bool { return f == FieldVATNumber || f == FieldPEC || f == FieldWebsite }

// FromRegistry tells whether the ministry's registry gives the value; the others are the vendor's office's.
func (f Field) FromRegistry() bool {
	return f != FieldTaxCode && f != FieldVATNumber && f != FieldOfficeCode
}

// byPlace orders fields as Correctable has them.
func byPlace(a, b Field) int { return slices.Index(Correctable, a) - slices.Index(Correctable, b) }

// Shown is a value that can be corrected, as pages and papers show it.
func (s School) Shown(f Field) string {
	switch f {
	case FieldDisplayName:
		return s.DisplayName
	case FieldAddress:
		return DisplayPlace(s.Address)
	case FieldPostcode:
		return s.Postcode
	case FieldTown:
		return s.TownName()
	case FieldProvinceCode:
		return s.ProvinceCode
	case FieldTaxCode:
		return s.TaxCode
	case FieldVATNumber:
		return s.VATNumber
	case FieldOfficeCode:
		return s.OfficeCode
	case FieldEmail:
		return s.Email
	case FieldPEC:
		return s.PEC
	case FieldWebsite:
		return s.Website
	}
	return ""
}

// fromRegistry is what the registry said of a value, as far as the school tells: a name for people may be bettered by hand.
func (s School) fromRegistry(f Field) string {
	if f == FieldDisplayName {
		return FullName(s.Name, s.Type)
	}
	return s.Shown(f)
}

// Set puts another value in place of one. The short name follows name and town as an import makes it.
func (s *School) Set(f Field, value string) {
	old := *s
	switch f {
	case FieldDisplayName:
		s.DisplayName = value
		s.ShortName = ShortName(s.DisplayName, s.TownName()) // also one bettered by hand: it was made of the name that was wrong
	case FieldAddress:
		s.Address = value
	case FieldPostcode:
		s.Postcode = value
	case FieldTown:
		s.Town = value
		s.shortenFrom(old)
	case FieldProvinceCode:
		s.ProvinceCode = value
		if name, known := provinceNames[value]; known {
			s.Province = name
		}
	case FieldTaxCode:
		s.TaxCode = value
	case FieldVATNumber:
		s.VATNumber = value
	case FieldOfficeCode:
		s.OfficeCode = value
	case FieldEmail:
		s.Email = value
	case FieldPEC:
		s.PEC = value
	case FieldWebsite:
		s.Website = value
	}
}

// said is what a row of the registry says of a correctable value, as it would be shown; "" where it says nothing.
func (o ImportOptions) said(s School, row Row, f Field) string {
	email, pec := o.mail(s, row)
	switch f {
	case FieldDisplayName:
		kind := row.Type
		if kind == "" {
			kind = s.Type
		}
		return FullName(row.Name, kind)
	case FieldAddress:
		return DisplayPlace(row.Address)
	case FieldPostcode:
		return row.Postcode
	case FieldTown:
		return DisplayPlace(row.Town)
	case FieldProvinceCode:
		if row.Province == "" {
			return ""
		}
		return provinceOf(s.MinistryCode, row.Province)
	case FieldEmail:
		return email
	case FieldPEC:
		return pec
	case FieldWebsite:
		return strings.TrimSpace(row.Website)
	}
	return ""
}
