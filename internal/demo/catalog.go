package demo

import (
	"strconv"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/school"
)

// item is a fictional product with its fees for the four bands, in cents.
type item struct {
	code, name string
	license    catalog.License
	inCap      bool
	contacts   int
	fees       [4]rinnova.Cents
	who        audience
	share      int // how many schools of 100 have it
}

// audience is the schools that a product is for.
type audience int

const (
	everybody audience = iota
	firstCycle
	secondCycle
)

// items are in the order of papers and screens.
var items = []item{
	{"ALU1", "Alunni Web – Scuole del primo ciclo", catalog.FixedTerm, true, 12, [4]rinnova.Cents{34000, 42000, 51000, 60000}, firstCycle, 100},
	{"ALU2", "Alunni Web – Scuole superiori", catalog.FixedTerm, true, 12, [4]rinnova.Cents{38000, 46000, 56000, 66000}, secondCycle, 100},
	{"REG", "Registro elettronico – Docenti e Famiglie", catalog.FixedTerm, true, 20, [4]rinnova.Cents{45000, 56000, 68000, 79000}, everybody, 94},
	{"BIL", "Bilancio Web", catalog.FixedTerm, true, 17, [4]rinnova.Cents{30000, 38000, 46000, 52000}, everybody, 90},
	{"PER", "Personale e Stipendi Web", catalog.FixedTerm, true, 15, [4]rinnova.Cents{27000, 34000, 41000, 47000}, everybody, 82},
	{"PRO", "Protocollo informatico Web", catalog.FixedTerm, true, 10, [4]rinnova.Cents{25000, 31000, 36000, 40000}, everybody, 76},
	{"INV", "Inventario", catalog.Perpetual, true, 5, [4]rinnova.Cents{12000, 14500, 17000, 19000}, everybody, 61},
	{"LIB", "Libri di testo", catalog.Perpetual, true, 3, [4]rinnova.Cents{0, 0, 0, 0}, everybody, 72},
	{"ORA", "Orario delle lezioni", catalog.Perpetual, true, 4, [4]rinnova.Cents{7500, 9500, 11500, 13000}, everybody, 38},
	{"ATA", "Presenze e turni del personale ATA", catalog.FixedTerm, true, 6, [4]rinnova.Cents{14050, 17550, 20950, 23500}, everybody, 45},
	{"BIB", "Biblioteca e prestiti", catalog.FixedTerm, true, 4, [4]rinnova.Cents{7000, 8500, 9900, 11000}, everybody, 29},
	{"PCTO", "Percorsi trasversali e tirocini", catalog.FixedTerm, true, 5, [4]rinnova.Cents{11000, 13500, 16500, 18500}, secondCycle, 57},
	{"CON", "Conservazione a norma dei documenti", catalog.FixedTerm, false, 5, [4]rinnova.Cents{15000, 19000, 22500, 25500}, everybody, 84},
	{"PRV", "Privacy Web", catalog.FixedTerm, false, 5, [4]rinnova.Cents{9500, 12000, 14000, 15500}, everybody, 52},
	{"SID", "Sincronizzazione SIDI Personale", catalog.FixedTerm, false, 5, [4]rinnova.Cents{0, 0, 0, 0}, everybody, 66},
	{"PAG", "Pagamenti e avvisi PagoPA", catalog.FixedTerm, false, 8, [4]rinnova.Cents{11000, 13333, 15667, 17900}, everybody, 78},
	{"FOR", "Formazione in linea, cinque ore", catalog.FixedTerm, false, 0, [4]rinnova.Cents{19000, 19000, 19000, 19000}, everybody, 22},
}

const vat rinnova.BasisPoints = 2200

func products() []catalog.Product {
	out := make([]catalog.Product, len(items))
	for i, it := range items {
		out[i] = catalog.Product{ID: "demo-" + it.code, Code: it.code, Name: it.name, License: it.license, InCap: it.inCap, VAT: vat, Contacts: it.contacts, Position: i + 1}
		if it.code == "FOR" {
			out[i].Offer = catalog.Everybody
		}
	}
	return out
}

// priceList is the list of a year: last year's fees were about four percent lower.
func priceList(year int) catalog.PriceList {
	l := catalog.PriceList{
		ID: "demo-listino-" + strconv.Itoa(year), Name: "Listino " + strconv.Itoa(year), ValidFrom: rinnova.Date{Year: year - 1, Month: 9, Day: 1},
		Bands: catalog.Bands{500, 1000, 1500}, Fees: map[string][]rinnova.Cents{},
	}
	for _, c := range [4]rinnova.Cents{155000, 195000, 235000, 270000} {
		l.Caps = append(l.Caps, &c)
	}
	for _, it := range items {
		l.Fees["demo-"+it.code] = it.fees[:]
	}
	return l
}

// lastYearFee is what a product cost the year before: 3.8 % less, in whole half euro.
func lastYearFee(now rinnova.Cents) rinnova.Cents { return now.MulDiv(1000, 1038) / 50 * 50 }

func (a audience) has(s school.School) bool {
	switch a {
	case firstCycle:
		return s.FirstCycle()
	case secondCycle:
		return !s.FirstCycle()
	}
	return true
}
