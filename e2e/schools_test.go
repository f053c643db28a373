package e2e_test

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/campaign/campaigndb"
	"rinnova/internal/catalog"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/merger"
	"rinnova/internal/merger/mergerweb"
	"rinnova/internal/outbox"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/school"
	"rinnova/internal/school/schoolweb"
	"rinnova/internal/subscription"
	"rinnova/internal/subscription/subscriptionweb"
	"rinnova/internal/surf"
)

// give gives a school a product for a period, as no contract of ours sold it.
func (p *program) give(t *testing.T, code, from, to string) subscription.Subscription {
	t.Helper()
	products, err := p.Catalog.Products(t.Context())
	check(t, err)
	s := p.school(t, code)
	check(t, p.Subscriptions.Add(t.Context(), subscription.Subscription{SchoolID: s.ID, ProductID: products[0].ID, License: products[0].License, Band: catalog.Band(1),
		Period: rinnova.Period{From: rinnova.MustDate(from), To: rinnova.MustDate(to)}}))
	all, err := p.Subscriptions.Store.OfSchool(t.Context(), s.ID)
	check(t, err)
	for _, x := range all {
		if x.ProductID == products[0].ID && x.Period.From.String() == from {
			return x
		}
	}
	t.Fatal("the product is not there")
	return subscription.Subscription{}
}

// merge looks at a merger and carries it out, or plans it.
func (p *program) merge(t *testing.T, into, day string, from ...string) *merger.Merger {
	t.Helper()
	o := merger.Order{Proposal: merger.Proposal{From: from, Into: into, Day: rinnova.MustDate(day)}}
	preview, problems, err := p.Mergers.Preview(t.Context(), p.actor(t, admin), o.Proposal, "")
	check(t, err)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	o.Hash, err = preview.Hash()
	check(t, err)
	m, _, err := p.Mergers.Merge(t.Context(), p.actor(t, admin), o)
	check(t, err)
	return m
}

// version is of a school as its forms show it.
func (o *objects) version(code string) string {
	return strconv.FormatInt(o.school(o.t, code).Version, 10)
}

// productForm is the form of what merging has, as it was shown.
func (o *objects) productForm() map[string]string {
	return map[string]string{"visto": o.product.UpdatedAt.Format(time.RFC3339Nano), "product": o.product.ProductID, "from": "01/01/2034", "to": "31/12/2034", "band": "1"}
}

// TestSchoolsOfTheOffice is a school found by its code, changed by a manager, and given a product.
func TestSchoolsOfTheOffice(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		s := p.school(t, "SG00003")
		v := p.login(t, admin)
		v.open(schoolweb.SchoolsPath + "?cerca=" + strings.ToLower(s.MinistryCode))
		v.reads("una scuola", s.ShortName)
		v.follow(s.ShortName)
		v.reads("Dati", "Che cosa ha la scuola", "Lettera di nomina")
		v.follow("Cambia i dati")
		v.pressFor(http.StatusUnprocessableEntity, "Salva", surf.Values{"email": {"senza chiocciola"}})
		v.press("Salva", surf.Values{"email": {"nuova@scuola.example"}})
		if got := p.school(t, "SG00003").Email; got != "nuova@scuola.example" {
			t.Errorf("the address is %q", got)
		}
		told := map[string]bool{}
		mails, err := p.Messages.OfSchool(t.Context(), s.ID, 10)
		check(t, err)
		for _, m := range mails {
			if m.Kind == outbox.AddressChanged {
				told[m.To] = true
			}
		}
		if !told[s.Email] || !told["nuova@scuola.example"] {
			t.Errorf("told are %v", told)
		}
		products, err := p.Catalog.Products(t.Context())
		check(t, err)
		v.follow("Aggiungi un prodotto")
		filled := surf.Values{"product": {products[0].ID}, "from": {"01/01/2034"}, "to": {"31/12/2034"}, "fee": {"1.234,50"}}
		v.press("Salva", filled)
		v.reads("01/01/2034 – 31/12/2034", "1.234,50")
		v.follow("Aggiungi un prodotto")
		v.pressFor(http.StatusUnprocessableEntity, "Salva", filled)
		v.reads("i periodi non si possono sovrapporre")
	})
}

// TestMergedSchools is a merger on the day, from the form to what the users of both schools read: the one that went on in another
// keeps its archive, the other reads it too, and a stranger does not.
func TestMergedSchools(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		p.confirm(t, merging, 1)
		c := p.process(t, merging)
		a, heirSchool := p.school(t, merging), p.school(t, heir)
		file := contractweb.ArchivePath + "/" + c.ID + "/" + c.FileName()
		before := p.login(t, supervisor(heir))
		if status, _ := before.send(http.MethodGet, file, "", nil); status != http.StatusNotFound {
			t.Fatalf("before the merger: %d", status)
		}
		v := p.login(t, admin)
		v.open(mergerweb.OfficePath + "?da=" + merging)
		v.press("Vedi l’anteprima", surf.Values{"in": {heir}, "dal": {"20/11/2026"}})
		v.reads("Prodotti che passano a", a.ShortName, heirSchool.ShortName)
		v.press("Esegui l’accorpamento", nil)
		for _, q := range p.requestsOf(t, merging) {
			item, err := campaigndb.Store{DB: p.DB}.Item(t.Context(), q.CampaignID, q.SchoolID)
			if q.State == renewal.Withdrawn && (err != nil || item.State != campaign.Ceased) {
				t.Errorf("request %s is withdrawn, its campaign says %s; %v", q.Number, item.State, err)
			}
		}
		v.reads("Eseguito")
		own := p.login(t, supervisor(merging))
		own.reads("la scuola è confluita in "+heirSchool.ShortName, "SUPERVISOR."+heir)
		own.open(contractweb.ArchivePath)
		own.reads(c.Number)
		other := p.login(t, supervisor(heir))
		other.reads("Nella vostra scuola sono confluite", a.ShortName)
		other.open(contractweb.ArchivePath)
		other.reads(c.Number, "di "+a.ShortName)
		want := own.fetch(file, "application/pdf")
		if !bytes.Equal(other.fetch(file, "application/pdf"), want) {
			t.Error("the other school gets another file")
		}
		if status, _ := p.login(t, supervisor(stranger)).send(http.MethodGet, file, "", nil); status != http.StatusNotFound {
			t.Errorf("a stranger: %d", status)
		}
		for _, r := range p.requests(t, merging) {
			if !r.State.Final() {
				t.Errorf("request %s is %s", r.Number, r.State)
			}
		}
		has, err := p.Subscriptions.Store.OfSchool(t.Context(), heirSchool.ID)
		check(t, err)
		moved := 0
		for _, x := range has {
			if x.MovedFrom == a.ID && x.Contract == c.Number {
				moved++
			}
		}
		if moved == 0 {
			t.Error("nothing that the contract sold has moved")
		}
	})
}

// requests are a school's.
func (p *program) requests(t *testing.T, code string) []renewal.Request {
	t.Helper()
	all, err := p.Requests.OfSchool(t.Context(), p.school(t, code).ID)
	check(t, err)
	return all
}

// schoolDesk looks at the office's pages of schools and of mergers.
func (w *walk) schoolDesk() {
	t, p := w.t, w.p
	a, c := p.school(t, merging), p.school(t, heir)
	p.give(t, merging, "2032-01-01", "2034-12-31")
	p.give(t, heir, "2034-01-01", "2035-12-31")
	gone := p.school(t, "SG00006")
	gone.VanishedOn, gone.TaxCode = rinnova.MustDate("2026-11-02"), ""
	check(t, p.SchoolStore.Update(t.Context(), gone))
	w.Go(schoolweb.SchoolsPath)
	w.enter(admin)
	w.check("ufficio-scuole")
	w.look(schoolweb.SchoolsPath+"?cerca=nessuna", "ufficio-scuole-nessuna")
	w.look(schoolweb.SchoolPath(p.school(t, "SG00007").ID), "ufficio-scuola")
	w.look(schoolweb.SchoolPath(gone.ID), "ufficio-scuola-sparita")
	w.look(schoolweb.SchoolPath(a.ID)+"/dati", "ufficio-scuola-dati")
	w.Type("#email", "senza chiocciola")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("ufficio-scuola-dati-errore")
	w.look(schoolweb.SchoolPath(a.ID)+"/chiusura", "ufficio-scuola-chiusura")
	w.look(subscriptionweb.NewPath(a.ID), "ufficio-prodotto-nuovo")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("ufficio-prodotto-errore")
	w.products(a, p.school(t, "SG00007"))
	w.mergers(a, c)
	w.leave()
	w.Go(renewalweb.AreaPath)
	w.enter(supervisor(merging))
	w.check("area-confluita")
	w.leave()
	w.Go(renewalweb.AreaPath)
	w.enter(supervisor(heir))
	w.check("area-erede")
	w.leave()
}

// products looks at what one school has by hand, and another from a contract.
func (w *walk) products(a, sold school.School) {
	for _, s := range []school.School{a, sold} {
		has, err := w.p.Subscriptions.Store.OfSchool(w.t.Context(), s.ID)
		check(w.t, err)
		path := subscriptionweb.ProductsPath(s.ID) + "/" + has[0].ID
		w.look(path, "ufficio-prodotto-"+s.PortalCode)
		w.look(path+"/cancella", "ufficio-prodotto-cancella-"+s.PortalCode)
	}
}

func (w *walk) mergers(a, c school.School) {
	w.look(mergerweb.OfficePath, "ufficio-accorpamenti-vuoto")
	w.Go(mergerweb.ProposePath(a))
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("ufficio-accorpamenti-errore")
	w.look(mergerweb.PreviewPath+"?da="+a.PortalCode+"&in="+c.PortalCode+"&dal=01/09/2027", "ufficio-accorpamento-domani")
	w.follow("main form .btn-primary")
	w.check("ufficio-accorpamento-programmato")
	w.follow("main form .btn-outline-primary")
	w.look(mergerweb.PreviewPath+"?da="+a.PortalCode+"&in="+c.PortalCode+"&dal=01/11/2026", "ufficio-accorpamento-anteprima")
	w.follow("main form .btn-primary")
	w.check("ufficio-accorpamento")
	w.look(schoolweb.SchoolPath(a.ID), "ufficio-scuola-confluita")
	w.look(schoolweb.SchoolPath(c.ID), "ufficio-scuola-erede")
	w.look(mergerweb.OfficePath, "ufficio-accorpamenti")
}

// requestsOf are the requests of a school.
func (p *program) requestsOf(t *testing.T, code string) []renewal.Request {
	t.Helper()
	all, err := p.Requests.OfSchool(t.Context(), p.school(t, code).ID)
	check(t, err)
	return all
}
