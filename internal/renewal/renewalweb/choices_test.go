package renewalweb_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/event"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/renewal/renewalweb"
)

// offered is a site with a proposal that has choices, and the path of its request.
func offered(t *testing.T) (*site, renewaltest.Party, string) {
	t.Helper()
	s := newSite(t)
	p := s.OfferChoices(t, s.A)
	return s, p, renewalweb.RenewalPath(p.Request)
}

// Without JavaScript: the way to renew a product is one of a group of radio buttons, the amounts follow, what is left asks why, and
// all of it is in the confirmation, on the receipt and in what the office sees and takes away as a file.
func TestChoosingWithoutJavaScript(t *testing.T) {
	s, p, path := offered(t)
	a := s.get(path)
	a.want(t, 200, "Sito web premium Scegliete un periodo.", "12 mesi, dal 01/10/2026 al 30/09/2027", "fino al 31/12/2027, 15 mesi: da lì in poi coincide con l’anno solare",
		"3 anni con un canone già fissato per ogni anno, fino al 30/09/2029", "dal 01/10/2027 € 357,01 all’anno", "Potete aggiungere")
	if n := a.Find("input[type=radio][name='scelta-w1']").Length(); n != 4 {
		t.Errorf("%d radio buttons", n)
	}
	f := a.values()
	if f.Get("scelta-w1") != renewaltest.SiteYear || f.Get("scelta-b1") != "" || strings.Join(f["riga"], " ") != "c1 m1" {
		t.Fatalf("the form sends %v", f)
	}
	f.Set("azione", "ricalcola")
	f.Set("scelta-w1", renewaltest.SiteYears)
	f["riga"] = []string{renewaltest.MailPackage, renewaltest.Extra}
	a = s.post(path, f)
	a.want(t, 200, "Somma dei servizi scelti 1.280,16", "Perché non rinnovate Casella PEC aggiuntiva? (facoltativo)")
	f = a.values()
	if f.Get("scelta-w1") != renewaltest.SiteYears || !f.Has(renewal.FieldWhy(renewaltest.Mailbox)) || f.Has(renewal.FieldWhy(renewaltest.Extra)) {
		t.Fatalf("the form sends %v", f)
	}
	for name, value := range map[string]string{"azione": "conferma", "cig": renewaltest.GoodCIG, "numero": "1", "data": "16/11/2026", "pagamento": "30", "accetta": "1",
		renewal.FieldWhy(renewaltest.Mailbox): string(renewal.OtherVendor), renewal.FieldWords(renewaltest.Mailbox): "=la provincia"} {
		f.Set(name, value)
	}
	s.post(path, f).wantRedirect(t, path+"/conferma/1")
	s.get(path+"/conferma/1").want(t, 200, "3 anni con un canone già fissato per ogni anno, fino al 30/09/2029: dal 01/10/2026", "non si rinnova: usiamo un altro fornitore (=la provincia)",
		"Come si forma il prezzo", "Nel 2025 il canone era € 343,00: sale di € 7,00.")
	a = s.get(path)
	if v := a.value(renewal.FieldWords(renewaltest.Mailbox)); v != "=la provincia" {
		t.Errorf("the words came back as %q", v)
	}

	d := deskIn(t, s.World)
	d.get(page(p)).want(t, 200, "3 anni con un canone già fissato", "usiamo un altro fornitore (=la provincia)", "proposto in più", "1.071,16")
	if rows := d.get(page(p)).text("main"); strings.Contains(rows, "Copia di sicurezza") {
		t.Error("a suggestion that nobody took is among the products")
	}
	d.holdProducts(t, p)
	s.Process(t, p)
	s.get(path).want(t, 200, "3 anni con un canone già fissato per ogni anno, fino al 30/09/2029: dal 01/10/2026 € 350,00 all’anno", "usiamo un altro fornitore (=la provincia)")
}

// holdProducts holds the file of products against what was confirmed.
func (d *desk) holdProducts(t *testing.T, p renewaltest.Party) {
	t.Helper()
	file := d.get(renewalweb.ProductsPath + "?vista=tutte&campagna=" + renewaltest.ServicesID)
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Body, "\uFEFF")))
	r.Comma = ';'
	table, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	number := d.Request(t, p).Number
	var rows []string
	for _, x := range table {
		if x[0] == number {
			rows = append(rows, strings.Join(x[6:], "|"))
		}
	}
	want := []string{
		"Sito web premium|TD|01/10/2026|30/09/2029|36|3 anni con un canone già fissato per ogni anno, fino al 30/09/2029|350,00|" +
			"dal 01/10/2026 € 350,00 all’anno, dal 01/10/2027 € 357,01 all’anno, dal 01/10/2028 € 364,15 all’anno|1071,16|0,00|1071,16|sì|no|",
		"Casella PEC aggiuntiva|TD|01/10/2026|30/09/2027|12||25,00||25,00|0,00|0,00|no|no|usiamo un altro fornitore (=la provincia)",
		"Pacchetto e-mail, 50 caselle|TD|15/11/2026|30/09/2027|11||120,00||110,00|0,00|110,00|sì|no|",
		"Modulistica in linea|TD|01/10/2026|30/09/2027|12||99,00||99,00|0,00|99,00|sì|sì|",
	}
	got := strings.ReplaceAll(strings.Join(rows, "\n"), "\u00a0", " ")
	if got != strings.Join(want, "\n") {
		t.Errorf("the file says\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

// A form with two ways to renew a product is not confirmed, says which, and loses nothing.
func TestTwoWaysAreRefused(t *testing.T) {
	s, p, path := offered(t)
	f := filled()
	f.Set("condizioni", "S-2026-01")
	f.Set("visto", "0")
	f["riga"] = []string{renewaltest.SiteYear, renewaltest.SiteAligned}
	f.Set("numero", "77/B")
	a := s.post(path, f)
	a.want(t, 422, "«Sito web premium» è scelto in due modi (12 mesi, dal 01/10/2026 al 30/09/2027; fino al 31/12/2027")
	if a.value("numero") != "77/B" || a.Find("input[type=radio][checked]").Length() != 3 { // both, and not to add the other
		t.Errorf("the form came back with %q and %d buttons", a.value("numero"), a.Find("input[type=radio][checked]").Length())
	}
	if r := s.Request(t, p); r.Revision != 0 || len(r.Draft.Ticks) != 2 {
		t.Errorf("the request is %+v", r)
	}
}

// With a script the question why comes with the tick that goes, and goes with the one that comes; while it stands nothing writes over it.
func TestTheQuestionWhyComesAndGoes(t *testing.T) {
	s, _, path := offered(t)
	f := s.get(path).values()
	f["riga"] = []string{renewaltest.Mailbox}
	box := "hx-partial[hx-target='#riga-m1']"
	a := s.post(path, f, "HX-Request", "true")
	if !strings.Contains(a.text(box), "Perché non rinnovate Pacchetto e-mail, 50 caselle?") {
		t.Errorf("the page does not ask: %s", a.Body)
	}
	f.Set(renewal.FieldWhy(renewaltest.MailPackage), "price")
	if a = s.post(path, f, "HX-Request", "true"); a.Find(box).Length() != 0 {
		t.Error("the answer writes over the question")
	}
	f.Add("riga", renewaltest.MailPackage)
	if a = s.post(path, f, "HX-Request", "true"); a.Find("hx-partial[hx-target='#motivo-m1'][hx-swap='delete']").Length() != 1 || a.Find(box).Length() != 0 {
		t.Errorf("the question stays: %s", a.text(box))
	}
}

// A campaign that allows some payment terms offers only these.
func TestOnlyThePaymentTermsOfTheCampaign(t *testing.T) {
	s, _, path := offered(t)
	if n := s.get(path).Find("#pagamento option").Length(); n < 3 {
		t.Fatalf("%d options", n)
	}
	s.Set(t, renewaltest.ServicesID, campaign.Setup{Payments: []string{"60"}})
	if a := s.get(path); a.Find("#pagamento option").Length() != 1 || a.Find("#pagamento option[value='60']").Length() != 1 {
		t.Errorf("the form offers %q", a.text("#pagamento"))
	}
}

// The way not to renew anything: reachable from home and form, within its date; what is missing is said, and the end is seen by both.
func TestNoticeOnThePages(t *testing.T) {
	s := began(t)
	path := s.path() + "/non-rinnovate"
	for _, from := range []string{renewalweb.AreaPath, s.path()} {
		if s.get(from).Find("a[href='"+path+"']").Length() != 1 {
			t.Errorf("%s does not lead to the notice", from)
		}
	}
	s.get(path).want(t, 200, "Non rinnovate?", "Si può comunicare fino al 15/12/2026. Poi solo l’ufficio può riaprire la richiesta.")
	s.post(path, url.Values{"visto": {"0"}, "perche": {"other"}, "parole": {" "}}).want(t, 422, "Scrivete il motivo con parole vostre.", "Segnate la casella")
	s.Confirm(t, s.A, renewaltest.Order(), renewaltest.StartTicks()...)
	sure := url.Values{"visto": {"0"}, "perche": {"price"}, "sicuri": {"1"}}
	a := s.post(path, sure)
	a.want(t, 409, "Nel frattempo un collega ha inviato la conferma n. 1", "La conferma n. 1, di € 2.570,00 + IVA, non vale più.")
	if a.value("perche") != "price" {
		t.Errorf("the reason came back as %q", a.value("perche"))
	}
	sure.Set("visto", "1")
	s.post(path, sure).wantRedirect(t, s.path())
	s.post(path, sure).wantRedirect(t, s.path()) // pressed twice
	s.get(path).wantRedirect(t, s.path())
	s.get(s.path()).want(t, 200, "La scuola non rinnova", "Motivo: costa troppo.", "Solo l’ufficio può riaprire la richiesta.")
	s.get(renewalweb.AreaPath).want(t, 200, "Rinnovo 2027: la scuola non rinnova", "Motivo: costa troppo.")

	d := deskIn(t, s.World)
	d.get(page(s.A)).want(t, 200, "La scuola non rinnova", "SUPERVISOR.SG00001", "Motivo: costa troppo.", "Comunicato che non si rinnova", "«costa troppo»")
	d.get("/ufficio/richieste?vista=non-rinnovate").want(t, 200, "1 richiesta", "costa troppo")
	d.get("/ufficio/richieste.csv?vista=non-rinnovate").want(t, 200, "costa troppo")

	d.press(d.get(page(s.A)), "/riapri", "").wantRedirect(t, page(s.A))
	s.get(s.path()).want(t, 200, "L’ufficio ha riaperto la richiesta, come avete chiesto.")
	if r := s.Request(t, s.A); r.State != renewal.Returned || !r.Notice.At.IsZero() {
		t.Errorf("the request is %s, %+v", r.State, r.Notice)
	}
	if a := d.post(page(s.A)+"/riapri", nil); a.Status != 409 {
		t.Errorf("opened again twice: %d", a.Status)
	}
}

// Before the season opens and after the notice date the page says what to do, and takes nothing.
func TestNoticeOutsideItsDates(t *testing.T) {
	s := began(t)
	path := s.path() + "/non-rinnovate"
	sure := url.Values{"visto": {"0"}, "perche": {"price"}, "sicuri": {"1"}}
	s.Set(t, renewaltest.CampaignID, campaign.Setup{NoticeBy: rinnova.MustDate("2026-11-30")})
	opened := s.Now
	s.Now = opened.AddDate(0, 0, 11)
	a := s.get(path)
	a.want(t, 200, "Il termine era il 30/11/2026", "ditelo all’ufficio", "02 0000000")
	if a.Find("form[action='"+path+"']").Length() != 0 {
		t.Error("there is a form that does nothing")
	}
	s.post(path, sure).want(t, 409, "Il termine per comunicare che non si rinnova era il 30/11/2026.")
	s.Now = opened.AddDate(0, 0, -30)
	s.get(path).want(t, 200, "Rinnovo 2027 si apre il 02/11/2026", "fino al 30/11/2026")
	if r := s.Request(t, s.A); r.State != renewal.Drafted {
		t.Errorf("the request is %s", r.State)
	}
}

// The office sees the form as the school does, with all explanations; nothing can be pressed there and nothing is put on the record.
func TestWhatTheSchoolSees(t *testing.T) {
	s, p, _ := offered(t)
	d := deskIn(t, s.World)
	before := d.EventsAbout(t, p.Request)
	a := d.get(page(p) + "/scuola")
	a.want(t, 200, "Che cosa vede la scuola", "Da leggere soltanto", "Perché € 1.071,16", "Se scegliete questo periodo l’imponibile sale di € 721,16", "Copia di sicurezza",
		"I canoni sono quelli del listino precedente, aumentati del 2,1%, arrotondati a € 0,50.")
	if n := a.Find("main button, main form, main select, main input:not([disabled])").Length(); n != 0 {
		t.Errorf("%d things can be used", n)
	}
	if explained := a.Find("tr.rn-explain").Length(); explained != 8 {
		t.Errorf("%d explanations, want one for each line", explained)
	}
	d.get(page(d.B)+"/scuola").want(t, 200, "La scuola non ha ancora scelto la fascia: gli importi sono della fascia fino a 500.")
	if after := d.EventsAbout(t, p.Request); !slices.Equal(before, after) || slices.Contains(after, event.ReminderPrinted) {
		t.Errorf("events %v", after)
	}
	if a := d.do(http.MethodGet, "/ufficio/richieste/boh/scuola", nil, ""); a.Status != 404 {
		t.Errorf("a request that is none: %d", a.Status)
	}
}
