package renewaltest

import (
	"context"
	"fmt"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/catalog/catalogdb"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/subscription"
	"rinnova/internal/supplier"
	"rinnova/internal/terms"
)

func (w *World) fill(ctx context.Context) error {
	if err := w.Vendors.Save(ctx, rinnova.System, Vendor()); err != nil {
		return err
	}
	list, err := w.prices(ctx)
	if err != nil {
		return err
	}
	terms := terms.Terms{ID: "condizioni-2027", Kind: terms.Assistance, Version: "2027-01", Title: "Condizioni generali di assistenza",
		Body: "# Condizioni generali di assistenza\n\n## 1. Oggetto\n\nIl fornitore rinnova le licenze.\n\n## 2. Durata\n\nUn anno.\n", EffectiveFrom: rinnova.MustDate("2026-10-28")}
	if err := w.Terms.Add(ctx, terms); err != nil {
		return err
	}
	c := campaign.Campaign{ID: CampaignID, Name: "Rinnovo 2027", Kind: renewal.Assistance, Year: 2027, Period: year(2027), PriceList: list, Terms: terms.ID,
		OpensOn: rinnova.MustDate("2026-11-02"), ClosesOn: rinnova.MustDate("2026-12-15"), Setup: campaign.Setup{Suggest: true}, CreatedAt: w.Now}
	if err := w.Campaigns.Store.Add(ctx, c); err != nil {
		return err
	}
	if w.A, err = w.party(ctx, c, school.School{ID: "scuola-a", PortalCode: "SG00001", CustomerNumber: "004512", MinistryCode: "RGIC82700L",
		Name: `I.C. "G. VERGA"`, Address: "VIA DELLE GINESTRE 12", Postcode: "97100", Town: "RAGUSA", ProvinceCode: "RG", TaxCode: "92031570887",
		OfficeCode: "UFK3ZR", Email: "rgic82700l@istruzione.example", PEC: "rgic82700l@pec.istruzione.example", Pupils: 887, PupilsYear: "2024/25"}); err != nil {
		return err
	}
	w.B, err = w.party(ctx, c, school.School{ID: "scuola-b", PortalCode: "SG00002", CustomerNumber: "004513", MinistryCode: "RGIS00800X",
		Name: `I.I.S. "E. FERMI"`, Address: "VIA ROMA 1", Postcode: "97013", Town: "COMISO", ProvinceCode: "RG", TaxCode: "91002300886",
		OfficeCode: "UFZ4QP", Email: "rgis00800x@istruzione.example"})
	return err
}

// Vendor is the vendor's settings: a fictional one.
func Vendor() supplier.Profile {
	return supplier.Profile{
		Name: "Esempio Software S.r.l.", ShortName: "Esempio Software", Address: "via delle Querce 15, 20100 Milano (MI)", VATNumber: "12345678903",
		IBAN: "IT60X0542811101000000123456", Signatory: "Lucia Ferrante", Sentences: supplier.DefaultSentences(), PaymentTerms: supplier.DefaultPaymentTerms(),
		Renewals:     supplier.Contact{Phone: "02 0000000", Email: "contratti@esempiosoftware.example", Hours: "lun–ven 9–13 e 15–17"},
		SplitPayment: []supplier.SplitPayment{{From: rinnova.MustDate("2015-01-01"), To: rinnova.MustDate("2029-06-30"), Sentence: supplier.SplitSentence}},
		Fictional:    true,
	}
}

func year(y int) rinnova.Period {
	return rinnova.Period{From: rinnova.Date{Year: y, Month: 1, Day: 1}, To: rinnova.Date{Year: y, Month: 12, Day: 31}}
}

// prices makes the products and their list: fees of the other bands are parts of those of band 2.
func (w *World) prices(ctx context.Context) (string, error) {
	store := catalogdb.Store{DB: w.DB}
	list := catalog.PriceList{ID: "listino-2027", Name: "Listino 2027", ValidFrom: rinnova.MustDate("2026-09-01"), Bands: catalog.Bands{500, 1000, 1500}, Fees: map[string][]rinnova.Cents{}}
	for _, c := range []rinnova.Cents{1_800_00, 2_200_00, 2_600_00, 3_000_00} {
		list.Caps = append(list.Caps, &c)
	}
	for i, p := range products {
		id := fmt.Sprintf("prodotto-%02d", i+1)
		x := catalog.Product{ID: id, Code: fmt.Sprintf("P%02d", i+1), Name: p.name, License: p.license, InCap: p.inCap, VAT: 2200, Contacts: i, Position: i}
		if !p.ticked {
			x.Offer = catalog.Everybody
		}
		if err := store.AddProduct(ctx, x); err != nil {
			return "", err
		}
		list.Fees[id] = []rinnova.Cents{p.fee.MulDiv(4, 5), p.fee, p.fee.MulDiv(6, 5), p.fee.MulDiv(7, 5)}
	}
	return list.ID, store.AddPriceList(ctx, list, w.Now)
}

// party adds a school with its proposal.
func (w *World) party(ctx context.Context, c campaign.Campaign, s school.School) (Party, error) {
	s.Rename(s.Name)
	s.CreatedAt, s.UpdatedAt = w.Now, w.Now
	if err := w.Schools.Add(ctx, s); err != nil {
		return Party{}, err
	}
	for i, p := range products {
		if !p.ticked {
			continue
		}
		fee, used := p.fee-5_00, i/2
		x := subscription.Subscription{SchoolID: s.ID, ProductID: fmt.Sprintf("prodotto-%02d", i+1), License: p.license, Period: year(2026), Band: 2, Fee: &fee, Used: &used}
		if p.name == "Orario delle lezioni" {
			x.Period.To = rinnova.MustDate("2027-03-31")
		}
		if err := w.Subscriptions.Add(ctx, x); err != nil {
			return Party{}, err
		}
	}
	if err := w.Propose(ctx, c, s); err != nil {
		return Party{}, err
	}
	requests, err := w.Requests.OfSchool(ctx, s.ID)
	if err != nil {
		return Party{}, err
	}
	actor := rinnova.Actor{AccountID: "utente-" + s.ID, Username: "SUPERVISOR." + s.PortalCode, Name: s.ShortName, Role: rinnova.RoleSchool, SchoolID: s.ID}
	return Party{School: s, Actor: actor, Request: requests[0].ID}, nil
}

// Propose offers a school what a campaign makes of what it has.
func (w *World) Propose(ctx context.Context, c campaign.Campaign, s school.School) error {
	proposer, err := w.Campaigns.Proposer(ctx, c)
	if err != nil {
		return err
	}
	has, err := w.Subscriptions.Store.OfSchool(ctx, s.ID)
	if err != nil {
		return err
	}
	made, err := proposer.Make(s, has)
	if err != nil {
		return err
	}
	_, _, err = proposer.Offer(ctx, s, made.Proposal)
	return err
}
