package demo

import (
	"context"
	"strconv"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
)

// item is a fictional product with its fees for the four bands, in cents.
type item struct {
	code, name string
	license    catalog.License
	inCap      bool
	contacts   int
	fees       [4]rinnova.Cents
	who        catalog.Audience
	share      int // how many schools of 100 have it
}

// items are in the order of papers and screens.
var items = []item{
	{"ALU1", "Alunni Web – Scuole del primo ciclo", catalog.FixedTerm, true, 12, [4]rinnova.Cents{34000, 42000, 51000, 60000}, catalog.FirstCycle, 100},
	{"ALU2", "Alunni Web – Scuole superiori", catalog.FixedTerm, true, 12, [4]rinnova.Cents{38000, 46000, 56000, 66000}, catalog.SecondCycle, 100},
	{"REG", "Registro elettronico – Docenti e Famiglie", catalog.FixedTerm, true, 20, [4]rinnova.Cents{45000, 56000, 68000, 79000}, catalog.Everybody, 94},
	{"BIL", "Bilancio Web", catalog.FixedTerm, true, 17, [4]rinnova.Cents{30000, 38000, 46000, 52000}, catalog.Everybody, 90},
	{"PER", "Personale e Stipendi Web", catalog.FixedTerm, true, 15, [4]rinnova.Cents{27000, 34000, 41000, 47000}, catalog.Everybody, 82},
	{"PRO", "Protocollo informatico Web", catalog.FixedTerm, true, 10, [4]rinnova.Cents{25000, 31000, 36000, 40000}, catalog.Everybody, 76},
	{"INV", "Inventario", catalog.Perpetual, true, 5, [4]rinnova.Cents{12000, 14500, 17000, 19000}, catalog.Everybody, 61},
	{"LIB", "Libri di testo", catalog.Perpetual, true, 3, [4]rinnova.Cents{0, 0, 0, 0}, catalog.Everybody, 72},
	{"ORA", "Orario delle lezioni", catalog.Perpetual, true, 4, [4]rinnova.Cents{7500, 9500, 11500, 13000}, catalog.Everybody, 38},
	{"ATA", "Presenze e turni del personale ATA", catalog.FixedTerm, true, 6, [4]rinnova.Cents{14050, 17550, 20950, 23500}, catalog.Everybody, 45},
	{"BIB", "Biblioteca e prestiti", catalog.FixedTerm, true, 4, [4]rinnova.Cents{7000, 8500, 9900, 11000}, catalog.Everybody, 29},
	{"PCTO", "Percorsi trasversali e tirocini", catalog.FixedTerm, true, 5, [4]rinnova.Cents{11000, 13500, 16500, 18500}, catalog.SecondCycle, 57},
	{"CON", "Conservazione a norma dei documenti", catalog.FixedTerm, false, 5, [4]rinnova.Cents{15000, 19000, 22500, 25500}, catalog.Everybody, 84},
	{"PRV", "Privacy Web", catalog.FixedTerm, false, 5, [4]rinnova.Cents{9500, 12000, 14000, 15500}, catalog.Everybody, 52},
	{"SID", "Sincronizzazione SIDI Personale", catalog.FixedTerm, false, 5, [4]rinnova.Cents{0, 0, 0, 0}, catalog.Everybody, 66},
	{"PAG", "Pagamenti e avvisi PagoPA", catalog.FixedTerm, false, 8, [4]rinnova.Cents{11000, 13333, 15667, 17900}, catalog.Everybody, 78},
	{"FOR", "Formazione in linea, cinque ore", catalog.FixedTerm, false, 0, [4]rinnova.Cents{19000, 19000, 19000, 19000}, catalog.Everybody, 22},
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

// priceList is the list of a year, made from the list of the year before, whose fees were about four percent lower.
func priceList(year int) catalog.PriceList {
	l := emptyList(year)
	before := emptyList(year - 1)
	l.Origin = catalog.Origin{List: before.ID, Name: before.Name, Raise: &catalog.Raise{Percent: 380, Rounding: 50}}
	for _, c := range [4]rinnova.Cents{155000, 195000, 235000, 270000} {
		l.Caps = append(l.Caps, &c)
	}
	for _, it := range items {
		l.Fees["demo-"+it.code] = it.fees[:]
	}
	return l
}

// emptyList is the list of a year without fees and caps, signed by two of the office in the summer before it.
func emptyList(year int) catalog.PriceList {
	day := func(d int) time.Time { return time.Date(year-1, time.July, d, 9, 30, 0, 0, rinnova.Rome) }
	return catalog.PriceList{
		ID: "demo-listino-" + strconv.Itoa(year), Name: "Listino " + strconv.Itoa(year), ValidFrom: rinnova.Date{Year: year - 1, Month: 9, Day: 1},
		Bands: catalog.Bands{500, 1000, 1500}, Fees: map[string][]rinnova.Cents{},
		Edited: catalog.Signature{Name: "Responsabile ufficio", At: day(14)}, Approved: catalog.Signature{Name: "Amministratore", At: day(20)},
	}
}

// listBefore adds what the list of this year was made from and is compared with, and the next one can be made from: last year's
// list, and a price index of invented numbers.
func (s *seeder) listBefore(ctx context.Context, year int) error {
	this := priceList(year)
	last := emptyList(this.ValidFrom.Year)
	last.Caps = this.Caps
	for _, it := range items {
		for _, fee := range it.fees {
			last.Fees["demo-"+it.code] = append(last.Fees["demo-"+it.code], lastYearFee(fee))
		}
	}
	if err := s.app.Catalog.AddPriceList(ctx, last, last.Edited.At); err != nil {
		return err
	}
	end := rinnova.DateOf(s.now).AddMonths(-2) // the index of a month comes out in the middle of the next
	for i := range int64(36) {
		d := end.AddMonths(int(i) - 35)
		p := catalog.IndexPoint{Month: catalog.NewMonth(d.Year, d.Month), Milli: 117_800 + i*100, Base: "2015=100", Source: "Numeri inventati per la dimostrazione"}
		if err := s.app.Catalog.SetIndex(ctx, catalog.SeriesNames[0], p, s.now); err != nil {
			return err
		}
	}
	return nil
}

// lastYearFee is what a product cost the year before, in whole ten cents: the fee from which the raise makes this year’s, unless that
// is no whole half euro: then somebody wrote it by hand.
func lastYearFee(now rinnova.Cents) rinnova.Cents { return now.MulDiv(1000, 10_380) * 10 }
