// Package school is the vendor's customers: the schools, their codes and addresses, and the ministry's registry that
// they are read from.
//
// The registry (MIM, Portale unico dei dati della scuola) lists every site of every school; a customer is an institute,
// which is one of these rows. Its texts are in upper case with typewriter quotes: they are kept as they are, as data,
// and DisplayName, DisplayPlace and ShortName make of them what screens and papers show.
//
// An import (Service.ImportRegistry) adds the institutes that are new, changes what the registry says differently, and
// marks what is no longer in it (School.VanishedOn); it never deletes, and it never touches what the registry does not own: the portal
// code, the customer number, the tax codes, the office code.
//
// A school asks for corrections of its data (Corrections.Propose), value by value; the office accepts or rejects each
// (Corrections.Decide). A value that was corrected is ours: no import writes it. When the registry comes to say something
// else of it, the import asks the office by a correction of its own.
package school

import (
	"strings"
	"time"

	"rinnova"
)

// School is a customer: an autonomous institute.
type School struct {
	ID             string
	PortalCode     string // with the vendor: two letters and five digits, SG00001; never changes
	CustomerNumber string // with the vendor: six digits; never changes
	MinistryCode   string // codice meccanografico, RGIC82700L

	Name        string // as the registry writes it: I.C. "G. VERGA"
	DisplayName string // as people read it, see FullName: I.C. «G. Verga»
	ShortName   string // for running heads, with the town, at most ShortNameRunes: I.C. «G. Verga», Ragusa
	Type        string // as the registry writes it: ISTITUTO COMPRENSIVO

	Address      string // street and number, as the registry writes them; PostalAddress is for people
	Postcode     string // five digits
	Town         string // as the registry writes it; TownName is for people
	Province     string // its full name, as the registry writes it: FORLI'-CESENA
	ProvinceCode string // the two letters of addresses: FC
	Region       string // as the registry writes it

	TaxCode    string // codice fiscale, eleven digits
	VATNumber  string // partita IVA; most schools have none
	OfficeCode string // codice univoco ufficio, six characters
	Email      string // lower case
	PEC        string // lower case
	Website    string

	Pupils     int    // 0: not known
	PupilsYear string // the school year of Pupils, "2024/25"

	ClosedOn   rinnova.Date // first day on which it is no school any more; zero: it goes on
	VanishedOn rinnova.Date // day of the first complete registry that no longer had it; zero: the registry has it
	MergedInto string       // id of the school in which it goes on (dimensionamento); empty: none. Merged schools are closed

	CreatedAt, UpdatedAt time.Time // UTC
	Version              int64     // grows with every write
}

// TownName is the town as people read it: Reggio nell’Emilia.
func (s School) TownName() string { return DisplayPlace(s.Town) }

// PostalAddress is the whole address on one line: Via Venezia 41, 65121 Pescara (PE). What is not known is left out.
func (s School) PostalAddress() string {
	town := strings.TrimSpace(s.Postcode + " " + s.TownName())
	if s.ProvinceCode != "" && town != "" {
		town += " (" + s.ProvinceCode + ")"
	}
	if street := DisplayPlace(s.Address); street != "" && town != "" {
		return street + ", " + town
	} else if street != "" {
		return street
	}
	return town
}

// PartyData is all that a contract says of the school, as the registry and the office write it, in one line: two schools with the same
// would have the same contract. SQL makes the same of the table (request_look).
func (s School) PartyData() string {
	return strings.Join([]string{s.DisplayName, s.Address, s.Postcode, s.Town, s.ProvinceCode, s.MinistryCode, s.TaxCode, s.VATNumber,
		s.OfficeCode, s.Email, s.PEC}, "|")
}

// Rename gives the school a name of the registry, with the two that are made from it, its type and its town.
func (s *School) Rename(name string) {
	s.Name = name
	s.DisplayName = FullName(name, s.Type)
	s.ShortName = ShortName(s.DisplayName, s.TownName())
}

// FirstCycle tells whether the school is of the first cycle (comprensivi, circoli didattici, scuole medie, dell’infanzia),
// by the type in its ministry code: IC, EE, MM, AA, CT.
func (s School) FirstCycle() bool {
	if len(s.MinistryCode) < 4 {
		return true
	}
	switch s.MinistryCode[2:4] {
	case "IC", "EE", "MM", "AA", "CT":
		return true
	}
	return false
}

// Open tells whether the school is one on a day: neither closed nor merged into another by then.
func (s School) Open(day rinnova.Date) bool { return s.ClosedOn.IsZero() || day.Before(s.ClosedOn) }
