package e2e_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rinnova"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/campaign/campaignweb"
	"rinnova/internal/catalog/catalogweb"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/demo"
	"rinnova/internal/mail"
	"rinnova/internal/mail/mailweb"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/school/schoolweb"
)

// hostile is what nobody types by mistake.
var hostile = map[string]string{
	"long":        strings.Repeat("9A è ", 2_000), // 10 kB and more
	"controls":    "a\x01\x02\x1b[31m\x7f\u0085\u2028b",
	"NUL":         "a\x00b",
	"not UTF-8":   "a\xff\xfe\xc3(\xed\xa0\x80",
	"emoji":       "👩🏽‍🏫🎒 scuola",
	"HTML":        `"><script>alert(1)</script><img src=x onerror='alert(1)'>`,
	"template":    "{{.Secret}} ${7*7} %s %d %!v(MISSING)",
	"SQL":         `'; DROP TABLE request; --`,
	"LIKE":        `%_\%`,
	"right left":  "abc\u202egnp.exe\u2066",
	"lines":       "a\r\nBcc: altri@altrove.example\r\n\r\nb",
	"formula":     `=HYPERLINK("http://altrove.example")`,
	"path":        "../../etc/passwd",
	"escaped":     "%00%0d%0a%2e%2e%2f",
	"huge number": "99999999999999999999999",
	"minus":       "-1",
	"other site":  "//altrove.example/x",
	"zalgo":       "z" + strings.Repeat("\u0301\u0489", 60),
	"spaces":      "\u00a0\u2003\t ",
}

// wrongForm is a form of the program, with values that it would take.
type wrongForm struct {
	who    string // nobody, school, clerk
	method string
	path   string
	values map[string]string
}

func (o *objects) wrongForms() []wrongForm {
	request := renewalweb.RenewalPath(o.request(o.t, editable).ID)
	work := renewalweb.WorkListPath
	office := work + "/" + o.request(o.t, taken).ID
	seen := map[string]string{"conferma": "1", "stato_visto": "submitted", "carico_visto": ""}
	list := map[string]string{"vista": "tutte", "campagna": "", "cerca": "", "stato": "", "avvisi": "", "fascia": "", "provincia": "", "carico": "", "ordine": "", "pagina": "1"}
	answer := map[string]string{
		"azione": "conferma", "visto": "1", "fascia_vista": fmt.Sprint(int(o.view(o.t, editable).Request.Draft.Band)), "condizioni": o.view(o.t, editable).Season.Terms.Version, "cig": demo.CIG(2), "esclusione": "", "motivo": "", "cup": "",
		"numero": "202/2026", "data": "16/11/2026", "pagamento": "30", "accetta": "1", "riga": "p1", "controllato": "", "spiega": "", "aperta": "",
		"perche-p2": "other", "parole-p2": "x", "scelta-p3": "",
	}
	season := map[string]string{
		"nome": "Rinnovo 2030", "tipo": "assistance", "dal": "01/01/2030", "al": "31/12/2030", "listino": "demo-listino-2027", "condizioni": "demo-condizioni",
		"apre": "02/11/2029", "chiude": "15/12/2029", "disdetta": "", "soglia": "7,5", "anni": "2, 3 +2%", "solleciti": "15, 7", "senza-cig": "10", "ritmo": "own",
		"pagamenti": "30", "regioni": "MOLISE", "province": "CB", "ciclo": "first", "prodotti": "demo-REG", "escluse": "CBIC82000X", "visto": "0",
	}
	draft := maps.Clone(answer)
	draft["azione"] = "ricalcola"
	return []wrongForm{
		{"nobody", http.MethodPost, accountweb.LoginPath, map[string]string{"utente": "X", "password": "y", "torna": "/area"}},
		{"nobody", http.MethodGet, accountweb.LoginPath, map[string]string{"torna": "/area"}},
		{"nobody", http.MethodPost, accountweb.AskPath, map[string]string{"utente": "X"}},
		{"nobody", http.MethodGet, accountweb.AskPath, map[string]string{"utente": "X"}},
		{"nobody", http.MethodGet, accountweb.AskPath + "/posta", map[string]string{"per": "x.y"}},
		{"nobody", http.MethodGet, accountweb.LinkPath, map[string]string{"codice": "x"}},
		{"nobody", http.MethodPost, accountweb.LinkPath, map[string]string{"codice": "x", "nuova": "cavolo trottola nebbia", "ripeti": "cavolo trottola nebbia"}},
		{"nobody", http.MethodPost, "/lingua", map[string]string{"lingua": "it", "torna": "/"}},
		{"nobody", http.MethodGet, contractweb.VerifyPath, map[string]string{"codice": ""}},
		{"nobody", http.MethodGet, mailweb.Path, map[string]string{"cerca": "", "prima": ""}},
		{"nobody", http.MethodGet, mailweb.Path + "/" + o.mail.Key, map[string]string{"vista": ""}},
		{"school", http.MethodPost, request, draft},
		{"school", http.MethodPost, request, answer},
		{"school", http.MethodPost, request + "/fascia", map[string]string{"fascia": "2"}},
		{"school", http.MethodPost, request + "/non-rinnovate", map[string]string{"perche": "nessuno", "parole": "x", "sicuri": "1", "visto": "1"}},
		{"school", http.MethodGet, contractweb.ArchivePath, map[string]string{"anno": "", "tipo": ""}},
		{"school", http.MethodPost, schoolweb.CorrectPath, map[string]string{"display_name": "", "address": "", "postcode": "", "town": "", "province_code": "", "tax_code": "",
			"vat_number": "", "office_code": "", "email": "", "shown-email": "x", "pec": "", "website": "", "note": "", "controllato": ""}},
		{"clerk", http.MethodGet, schoolweb.OfficePath, map[string]string{"vista": "", "cerca": "", "pagina": ""}},
		{"clerk", http.MethodPost, o.path(right{"POST /ufficio/correzioni/{id}", correcting, 0, 0, 0, 0, nil}), map[string]string{"decision-vat_number": "rifiuta", "reason-vat_number": "", "today-vat_number": "", "tutte": ""}},
		{"clerk", http.MethodGet, work, list},
		{"clerk", http.MethodGet, work + ".csv", list},
		{"clerk", http.MethodGet, work + "/prodotti.csv", list},
		{"clerk", http.MethodGet, work + "/elabora", with1(list, "scelta", o.chosen(taken), "tutto", "")},
		{"clerk", http.MethodGet, office, with1(list, "posto", "0", "differenze", "")},
		{"clerk", http.MethodGet, contractweb.OfficePath, map[string]string{"stato": "", "cerca": "", "pagina": ""}},
		{"clerk", http.MethodPost, work + "/prendi", with1(list, "scelta", "")},
		{"clerk", http.MethodPost, contractweb.ProcessPath, map[string]string{"scelta": ""}},
		{"manager", http.MethodPost, campaignweb.Path + "/nuova", season},
		{"manager", http.MethodPost, campaignweb.CampaignPath(demo.NextID) + "/modifica", with1(season, "visto", "1")},
		{"manager", http.MethodPost, campaignweb.CampaignPath(demo.CampaignID) + "/modifica", with1(season, "visto", "1")},
		{"manager", http.MethodGet, campaignweb.CampaignPath(demo.CampaignID) + "/prova", map[string]string{"anomalia": "", "stato": "", "cerca": "", "provincia": "", "regione": "", "ordine": "", "pagina": ""}},
		{"manager", http.MethodGet, campaignweb.CampaignPath(demo.CampaignID) + "/prova.csv", map[string]string{"anomalia": "", "cerca": "", "provincia": ""}},
		{"manager", http.MethodPost, campaignweb.CampaignPath(demo.CampaignID) + "/prova", map[string]string{"scuola": "nessuna"}},
		{"manager", http.MethodPost, campaignweb.CampaignPath(demo.NextID) + "/pubblica", map[string]string{"quali": "regione", "regione": "MOLISE", "provincia": "CB", "prime": "1", "scuola": "x"}},
		{"manager", http.MethodPost, campaignweb.CampaignPath(demo.NextID) + "/pubblica", map[string]string{"quali": "provincia", "provincia": "CB"}},
		{"manager", http.MethodGet, campaignweb.CampaignPath(demo.NextID) + "/ritira", map[string]string{"quali": "scelte", "scuola": "x"}},
		{"manager", http.MethodGet, campaignweb.CampaignPath(demo.CampaignID) + "/scuole/" + o.school(o.t, editable).ID, map[string]string{"fascia": "2"}},
		{"clerk", http.MethodPost, office + "/prendi", seen},
		{"clerk", http.MethodPost, office + "/rimanda", with1(seen, "motivo", "x")},
		{"clerk", http.MethodPost, office + "/elabora", seen},
		{"manager", http.MethodPost, catalogweb.ListsPath + "/nuovo", map[string]string{"nome": "", "dal": "01/09/2027", "fasce": "500"}},
		{"manager", http.MethodPost, catalogweb.ListPath(o.list.ID) + "/modifica", map[string]string{"nome": "Listino 2028", "dal": "01/09/2027", "fasce": "500, 1000, 1500", "colonne": "4", "visto": "1",
			"canone-demo-REG-1": "1,00", "tetto-1": ""}},
		{"manager", http.MethodPost, catalogweb.ListPath(o.list.ID) + "/copia", map[string]string{"nome": "", "dal": "01/09/2028", "come": "indice", "serie": "FOI", "mese_base": "09/2025", "mese_fine": "09/2026",
			"quota": "75", "minimo": "0", "percento": "", "arrotonda": "1", "tetti": ""}},
		{"manager", http.MethodPost, catalogweb.ListPath(o.list.ID) + "/approva", map[string]string{"visto": ""}},
		{"manager", http.MethodGet, catalogweb.ListPath(o.list.ID) + "/confronta", map[string]string{"con": ""}},
		{"manager", http.MethodGet, catalogweb.ListPath(o.list.ID) + "/confronta.csv", map[string]string{"con": ""}},
		{"manager", http.MethodGet, catalogweb.IndexPath, map[string]string{"serie": ""}},
		{"manager", http.MethodPost, catalogweb.ProductPath("demo-REG"), map[string]string{"codice": "REG", "nome": "Registro", "tipo": "TD", "iva": "22", "contatti": "3", "ordine": "3", "offerta": "", "nel_tetto": "1", "ritirato": "", "visto": "1"}},
	}
}

// with1 is values with others, by name and value, put over them.
func with1(values map[string]string, pairs ...string) map[string]string {
	out := maps.Clone(values)
	for i := 0; i+1 < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}

// TestHostileInput puts everything hostile into every field of every form: the program never fails, never shows it as HTML
// and never leads to another site.
func TestHostileInput(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		o := newObjects(t, p)
		people := map[string]*person{"nobody": p.visitor(t), "school": p.login(t, supervisor(editable)), "clerk": p.login(t, clerkOne), "manager": p.login(t, manager)}
		for _, f := range o.wrongForms() {
			for _, field := range slices.Sorted(maps.Keys(f.values)) {
				for name, value := range hostile {
					if field == "password" && name != "NUL" && name != "long" {
						continue // each costs a hash
					}
					o.bears(people[f.who], f, with1(f.values, field, value), field+": "+name)
				}
			}
		}
		p.work(t)
	})
}

// bears sends a form and holds that the answer is one that people may see.
func (o *objects) bears(v *person, f wrongForm, values map[string]string, what string) {
	o.t.Helper()
	form := url.Values{}
	for name, value := range values {
		form.Set(name, value)
	}
	path, contentType, body := f.path, "", ""
	if f.method == http.MethodPost {
		contentType, body = "application/x-www-form-urlencoded", form.Encode()
	} else {
		path += "?" + form.Encode()
	}
	res := v.request(f.method, path, contentType, strings.NewReader(body))
	defer res.Body.Close()
	o.decent(res, f.method+" "+f.path+", "+what)
}

func (o *objects) decent(res *http.Response, what string) {
	o.t.Helper()
	var b bytes.Buffer
	_, err := b.ReadFrom(res.Body)
	check(o.t, err)
	text := b.String()
	switch {
	case res.StatusCode >= 500:
		o.t.Errorf("%s: status %d", what, res.StatusCode)
	case strings.Contains(text, "<script>alert") || strings.Contains(text, "onerror='alert"):
		o.t.Errorf("%s: the page has it as HTML", what)
	case strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") && strings.ContainsAny(text, "\x00\x01\x1b"):
		o.t.Errorf("%s: the page has control characters", what)
	case strings.Contains(res.Header.Get("Location"), "altrove.example") && !strings.HasPrefix(res.Header.Get("Location"), "/accesso?"):
		o.t.Errorf("%s: leads to %s", what, res.Header.Get("Location"))
	}
}

// TestHostileAddresses asks for objects that cannot be, in every place of every address.
func TestHostileAddresses(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		o := newObjects(t, p)
		school, clerk := p.login(t, supervisor(editable)), p.login(t, admin) // who may do everything
		strange := maps.Clone(hostile)
		strange["long"] = strings.Repeat("a", 8_000)
		strange["another id"] = rinnova.NewID(start)
		strange["dash"] = "-"
		for _, r := range o.rights() {
			method, pattern, _ := strings.Cut(r.pattern, " ")
			v := school
			if strings.Contains(pattern, "/ufficio") {
				v = clerk
			}
			for name, value := range strange {
				for _, place := range []string{"{id}", "{n}", "{number}", "{code}", "{key}", "{name}", "{file}"} {
					if !strings.Contains(pattern, place) {
						continue
					}
					filled := r
					filled.pattern = method + " " + strings.Replace(pattern, place, url.PathEscape(value), 1)
					res := v.request(method, o.path(filled), "application/x-www-form-urlencoded", strings.NewReader(""))
					o.decent(res, fmt.Sprintf("%s with %s in %s", r.pattern, name, place))
					res.Body.Close()
					if name == "another id" && res.StatusCode != http.StatusNotFound && !strings.HasPrefix(pattern, "/v/") {
						t.Errorf("%s with an id that nothing has in %s: %d, want 404", r.pattern, place, res.StatusCode)
					}
					p.clock.Advance(1e9) // the public check is limited
				}
			}
		}
	})
}

// TestWrongUploads sends to the public check what is no file to compare.
func TestWrongUploads(t *testing.T) {
	p := onSQLite(t)
	o := newObjects(t, p)
	v := p.visitor(t)
	path := contractweb.VerifyPath + "/" + contract.ShowCode(o.contract.Document.VerifyCode) + "/confronta"
	broken := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\nabc"
	for what, x := range map[string]struct {
		status int
		words  string
		send   func() (int, string)
	}{
		"no file":   {422, "Scegliete il file PDF da confrontare.", func() (int, string) { return v.upload(path, "altro", "a.pdf", []byte("abc")) }},
		"empty":     {422, "Scegliete il file PDF da confrontare.", func() (int, string) { return v.upload(path, "file", "a.pdf", nil) }},
		"too large": {413, "è più grande di quanto il portale accetta", func() (int, string) { return v.upload(path, "file", "a.pdf", make([]byte, 6<<20)) }},
		"a form":    {422, "Il file non è arrivato intero", func() (int, string) { return v.post(path, map[string]string{"file": "x"}) }},
		"broken off": {422, "Il file non è arrivato intero", func() (int, string) {
			return v.send(http.MethodPost, path, "multipart/form-data; boundary=x", strings.NewReader(broken))
		}},
		"hostile name": {200, "Non è l’originale", func() (int, string) { return v.upload(path, "file", hostile["HTML"]+hostile["path"], []byte("abc")) }},
	} {
		status, body := x.send()
		if status != x.status || !strings.Contains(pageText(t, body), x.words) {
			t.Errorf("%s: %d, want %d and %q: %s", what, status, x.status, x.words, pageText(t, body))
		}
	}
}

// TestWrongInputIsExplained holds that what people get wrong is explained in Italian beside the field, and what they typed
// is still there. The fields of the renewal form have a test of their own, in package renewalweb.
func TestWrongInputIsExplained(t *testing.T) {
	p := onSQLite(t)
	newObjects(t, p)
	band := renewalweb.RenewalPath(p.request(t, stranger).ID) + "/fascia"
	back := renewalweb.WorkListPath + "/" + p.request(t, taken).ID + "/rimanda"
	people := map[string]*person{"nobody": p.visitor(t), "school": p.login(t, supervisor(stranger)), "clerk": p.login(t, clerkOne)}
	for _, x := range []struct {
		wrongForm
		field, beside, kept string
	}{
		{wrongForm{"nobody", http.MethodPost, accountweb.LoginPath, map[string]string{"utente": "", "password": ""}}, "utente", "Scrivete il nome utente e la password", ""},
		{wrongForm{"nobody", http.MethodPost, accountweb.LoginPath, map[string]string{"utente": "supervisor.sg00099", "password": demo.Password}}, "utente", "Nome utente o password non corrispondono", "supervisor.sg00099"},
		{wrongForm{"nobody", http.MethodPost, accountweb.LoginPath, map[string]string{"utente": "SUPERVISOR.SG00001", "password": "sbagliata"}}, "utente", "Nome utente o password non corrispondono", "SUPERVISOR.SG00001"},
		{wrongForm{"nobody", http.MethodPost, accountweb.LoginPath, map[string]string{"utente": "AGIC826004", "password": demo.Password}}, "utente", "È un codice meccanografico", "AGIC826004"},
		{wrongForm{"nobody", http.MethodPost, accountweb.AskPath, map[string]string{"utente": "SG00012"}}, "utente", "Manca l’inizio: scrivete SUPERVISOR", "SG00012"},
		{wrongForm{"nobody", http.MethodPost, accountweb.AskPath, map[string]string{"utente": "ic verga"}}, "utente", "Non è scritto come un nome utente", "ic verga"},
		{wrongForm{"nobody", http.MethodGet, contractweb.VerifyPath, map[string]string{"codice": "7KQX-M4TD"}}, "codice", "Il codice ha 12 caratteri", "7KQX-M4TD"},
		{wrongForm{"nobody", http.MethodGet, contractweb.VerifyPath, map[string]string{"codice": ""}}, "codice", "Il codice ha 12 caratteri", ""},
		{wrongForm{"school", http.MethodPost, band, map[string]string{}}, "fascia", "Scegliete la fascia degli alunni", "1"},
		{wrongForm{"school", http.MethodPost, band, map[string]string{"fascia": "5"}}, "fascia", "Scegliete", "1"},
		{wrongForm{"clerk", http.MethodPost, back, map[string]string{"conferma": "1", "motivo": "  "}}, "motivo", "Scrivete il motivo", ""},
		{wrongForm{"clerk", http.MethodPost, back, map[string]string{"conferma": "1", "motivo": strings.Repeat("è ", 301)}}, "motivo", "al massimo 600 caratteri: qui sono 601", strings.TrimSpace(strings.Repeat("è ", 301))},
	} {
		form := url.Values{}
		for name, value := range x.values {
			form.Set(name, value)
		}
		path, body := x.path, form.Encode()
		if x.method == http.MethodGet {
			path, body = path+"?"+body, ""
		}
		status, html := people[x.who].send(x.method, path, "application/x-www-form-urlencoded", strings.NewReader(body))
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
		check(t, err)
		input := doc.Find(fmt.Sprintf("[name=%q]", x.field)).First()
		shown := input.AttrOr("value", strings.TrimSpace(input.Text()))
		near := input.Closest("fieldset, .rn-field, form").Text()
		if x.path == accountweb.LoginPath {
			near = input.Closest("form").Text() // it must not say which of the two is wrong
		}
		if status != http.StatusUnprocessableEntity || !strings.Contains(near, x.beside) || shown != x.kept {
			t.Errorf("%s %v: status %d, beside %s %q (%q kept); want %q and %q", x.path, x.values, status, x.field, near, shown, x.beside, x.kept)
		}
	}
}

// TestHostileWordsOnPaper lets a school confirm the strangest order that passes the checks: page, receipt, contract and mail
// carry it whole, and break nowhere.
func TestHostileWordsOnPaper(t *testing.T) {
	p := onSQLite(t)
	const number = `+'*#(1);:_./-,`
	reason := "👩🏽‍🏫 «sotto soglia» \u202eחוק\u202c <script>alert(1)</script> \u0301\u0301 è così; '--"
	v := p.login(t, supervisor("SG00007"))
	v.open(renewalweb.CurrentPath)
	v.choosesBand("2")
	v.press("Conferma dati", with(orderOf(1), map[string][]string{
		renewal.FieldCIG: nil, renewal.FieldExclusion: {"ES07"}, renewal.FieldReason: {reason}, renewal.FieldNumber: {number},
	}))
	v.reads("Conferma n. 1 ricevuta", number)
	c := p.process(t, "SG00007")
	if c.State != contract.Signed && c.State != contract.Sent {
		t.Fatalf("the contract is %s", c.State)
	}
	_, pdf, err := p.Contracts.Open(t.Context(), p.actor(t, clerkOne), c.ID, c.FileName())
	check(t, err)
	text := paperText(t, pdf)
	says(t, text, number, "ES07", "Motivo indicato dalla scuola: «", "“sotto soglia”", "<script>alert(1)</script>", "è così; '--")
	if report := signature(t, pdf); !valid(report) {
		t.Errorf("the signature: %s", report)
	}
	clerk := p.login(t, clerkOne)
	clerk.open(renewalweb.WorkListPath + "/" + c.RequestID)
	clerk.reads(number, "Elaborata")
	page, err := p.Mailbox.List(t.Context(), mail.Query{})
	check(t, err)
	for _, m := range page.Messages {
		whole, err := p.Mailbox.Message(t.Context(), m.Key)
		check(t, err)
		if !strings.Contains(whole.Text, number) || strings.Contains(whole.HTML, "<script>") || strings.Contains(whole.HTML, "<b>&\"") {
			t.Errorf("the mail %q: %s", m.Subject, whole.Text)
		}
	}
}
