package demo

import (
	"rinnova"
	"rinnova/internal/supplier"
	"rinnova/internal/supplier/supplierweb"
)

// Profile is the fictional vendor of the demonstration.
func Profile() supplier.Profile {
	return supplier.Profile{
		Name: "Esempio Software S.r.l.", ShortName: "Esempio Software", Address: "via delle Querce 15, 20100 Milano (MI)",
		VATNumber: "12345678903", TaxCode: "12345678903", REA: "MI-0000000", Capital: "€ 100.000,00 i.v.", Phone: "02 0000000",
		Email: "contratti@esempiosoftware.example", PEC: "esempiosoftware@pec.example", IBAN: "IT60 X054 2811 1010 0000 0123 456",
		Signatory: "Lucia Ferrante", SignatoryAs: "procuratrice", DPO: "rpd@esempiosoftware.example",
		Renewals:     supplier.Contact{Phone: "02 0000000", Email: "contratti@esempiosoftware.example", Hours: "lun–ven 9–13 e 15–17"},
		Support:      supplier.Contact{Phone: "02 0000001", Fax: "02 0000002", Email: "assistenza@esempiosoftware.example", Hours: "lun–ven 8–18"},
		Links:        supplierweb.InventedLinks(),
		PaymentTerms: supplier.DefaultPaymentTerms(), Sentences: supplier.DefaultSentences(),
		SplitPayment: []supplier.SplitPayment{{From: rinnova.MustDate("2015-01-01"), To: rinnova.MustDate("2029-06-30"), Sentence: supplier.SplitSentence}},
		Fictional:    true,
	}
}
