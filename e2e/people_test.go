package e2e_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rinnova/internal/account/accountweb"
	"rinnova/internal/catalog"
	"rinnova/internal/contract"
	"rinnova/internal/demo"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/supplier/supplierweb"
	"rinnova/internal/surf"
	"rinnova/internal/web"
)

// person uses the portal in a browser without JavaScript. Whatever does not go as the test wants ends it.
type person struct {
	*surf.Browser
	t *testing.T
}

// visitor is somebody who has not logged in.
func (p *program) visitor(t *testing.T) *person {
	t.Helper()
	b, err := surf.New(p.URL)
	check(t, err)
	return &person{b, t}
}

// login is somebody who came in by the login page.
func (p *program) login(t *testing.T, username string) *person {
	t.Helper()
	v := p.visitor(t)
	v.open(accountweb.LoginPath)
	v.press("Accedi", surf.Values{accountweb.FieldUsername: {username}, accountweb.FieldPassword: {demo.Password}})
	if v.Page.URL.Path == accountweb.LoginPath {
		t.Fatalf("%s cannot log in: %s", username, v.Page.Text("[role=alert]"))
	}
	return v
}

// open opens a page that must be there.
func (v *person) open(path string) {
	v.t.Helper()
	check(v.t, v.Open(path))
	v.status(http.StatusOK)
}

// follow follows a link to a page that must be there.
func (v *person) follow(text string) {
	v.t.Helper()
	check(v.t, v.Follow(text))
	v.status(http.StatusOK)
}

// press presses a button; the answer must be a page without errors.
func (v *person) press(button string, values surf.Values) {
	v.t.Helper()
	check(v.t, v.Press(button, values))
	v.status(http.StatusOK)
}

// pressFor presses a button whose answer has another status.
func (v *person) pressFor(status int, button string, values surf.Values) {
	v.t.Helper()
	check(v.t, v.Press(button, values))
	v.status(status)
}

func (v *person) status(want int) {
	v.t.Helper()
	if v.Page.Status != want {
		v.t.Fatalf("%s: status %d, want %d: %s", v.Page.URL, v.Page.Status, want, v.Page.Text("main"))
	}
}

// at holds that the page is the one with this heading.
func (v *person) at(title string) {
	v.t.Helper()
	if got := v.Page.Title(); !strings.Contains(got, title) {
		v.t.Fatalf("%s: the page is «%s», want «%s»", v.Page.URL, got, title)
	}
}

// reads holds that the page says each of the words.
func (v *person) reads(words ...string) {
	v.t.Helper()
	text := v.Page.Text("main")
	for _, w := range words {
		if !strings.Contains(text, plain(w)) {
			v.t.Errorf("%s («%s») does not say %q:\n%s", v.Page.URL, v.Page.Title(), w, text)
		}
	}
}

// sums are the amounts of the calculation on the page, by their labels.
func (v *person) sums() map[string]string { return sumsOf(v.Page) }

func sumsOf(p *surf.Page) map[string]string {
	out := map[string]string{}
	if p.Doc == nil {
		return out
	}
	calc := p.Doc.Find("dl.rn-calc:not(.rn-narrow)").First() // explanations of lines are narrow
	labels, amounts := calc.Find("dt"), calc.Find("dd")
	for i := range labels.Length() {
		out[surf.Words(labels.Eq(i))] = surf.Words(amounts.Eq(i))
	}
	return out
}

// orderOf is order data that passes every check, another for each n.
func orderOf(n int) surf.Values {
	return surf.Values{
		renewal.FieldCIG: {demo.CIG(n)}, renewal.FieldNumber: {fmt.Sprintf("%d/2026", 200+n)}, renewal.FieldDate: {"16/11/2026"},
		renewal.FieldPayment: {"30"}, renewal.FieldAccept: {"1"},
	}
}

// with is values with others put over them.
func with(values, others surf.Values) surf.Values {
	out := maps.Clone(values)
	maps.Copy(out, others)
	return out
}

// ticked are the lines that the form has ticked.
func (v *person) ticked() []string {
	var out []string
	boxes := v.Page.Doc.Find(fmt.Sprintf("input[name=%q][checked]", renewal.FieldLines))
	for i := range boxes.Length() {
		out = append(out, boxes.Eq(i).AttrOr("value", ""))
	}
	return out
}

// without is lines but one.
func without(lines []string, id string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(x string) bool { return x == id })
}

// enters goes from the home page to the form, as a school does the first time: it logs in with its name in lower case.
func (p *program) enters(t *testing.T, code string) *person {
	t.Helper()
	v := p.visitor(t)
	v.open(supplierweb.HomePath)
	v.follow("Assistenza e contratti")
	v.follow("Rinnova i contratti")
	if v.Page.URL.Path != accountweb.LoginPath {
		t.Fatalf("the way to the renewal leads to %s, want the login page", v.Page.URL)
	}
	v.press("Accedi", surf.Values{accountweb.FieldUsername: {strings.ToLower(supervisor(code))}, accountweb.FieldPassword: {demo.Password}})
	v.at("alunni iscritti")
	return v
}

// choosesBand chooses a band, and says that it is right where it looks too low.
func (v *person) choosesBand(band string) {
	v.t.Helper()
	v.press("Conferma fascia", surf.Values{renewal.FieldBand: {band}})
	if doubt, ok := v.Page.Doc.Find("form[action$='/fascia'] input[name=" + web.AckField + "]").Attr("value"); ok {
		v.press("Conferma fascia", surf.Values{renewal.FieldBand: {band}, web.AckField: {doubt}})
	}
}

// confirms sends the proposal of a school as it is, and gives the receipt's page.
func (p *program) confirms(t *testing.T, code string, order surf.Values) *person {
	t.Helper()
	v := p.login(t, supervisor(code))
	v.open(renewalweb.CurrentPath)
	if v.Page.Doc.Find("form[action$='/fascia']").Length() > 0 {
		v.choosesBand(v.Page.Doc.Find("input[name=fascia][checked]").AttrOr("value", "2"))
	}
	v.press("Conferma dati", order)
	v.reads("ricevuta")
	return v
}

// confirm does the same through the service, for tests of what comes after.
func (p *program) confirm(t *testing.T, code string, n int) *renewal.Revision {
	t.Helper()
	return p.confirmView(t, p.view(t, code), code, n)
}

// confirmView confirms a request as it was proposed, in the band 2 where there is one.
func (p *program) confirmView(t *testing.T, v *renewal.View, code string, n int) *renewal.Revision {
	t.Helper()
	order := orderOf(n)
	rev, problems, err := p.Renewals.Confirm(t.Context(), p.actor(t, supervisor(code)), v.Request.ID, renewal.Answer{
		Draft: renewal.Draft{Band: max(catalog.Band(min(2, v.Proposal.Bands.Count())), v.Proposal.Suggested), Ticks: v.Proposal.StartTicks().IDs(), Order: renewal.OrderForm{
			CIG: order[renewal.FieldCIG][0], Number: order[renewal.FieldNumber][0], Date: order[renewal.FieldDate][0], Payment: order[renewal.FieldPayment][0],
		}},
		Accept: true, Seen: v.Request.Revision, SentBack: v.Request.SentBack, Unchanged: true, Terms: v.Season.Terms.Version,
	})
	check(t, err)
	if len(problems) > 0 {
		t.Fatalf("%s cannot confirm: %v", code, problems)
	}
	return rev
}

// process makes the contract of a school's request through the service and signs it.
func (p *program) process(t *testing.T, code string) *contract.Contract {
	t.Helper()
	r := p.request(t, code)
	c, err := p.Contracts.Process(t.Context(), p.actor(t, clerkOne), r.ID, r.Revision)
	check(t, err)
	p.work(t)
	c, err = p.Lists.Contract(t.Context(), c.ID)
	check(t, err)
	return c
}

// post sends a form of its own making, as somebody would who does not use the pages, and gives what comes back. Redirects
// are not followed.
func (v *person) post(path string, values map[string]string) (status int, body string) {
	v.t.Helper()
	form := url.Values{}
	for name, value := range values {
		form.Set(name, value)
	}
	return v.send(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// sendForm sends a form with several values of a name, and gives what comes back with where it leads.
func (v *person) sendForm(path string, form url.Values) (status int, location, body string) {
	v.t.Helper()
	res := v.request(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Error(err)
	}
	return res.StatusCode, res.Header.Get("Location"), string(b)
}

// upload sends a file.
func (v *person) upload(path, field, name string, content []byte) (status int, body string) {
	v.t.Helper()
	return v.uploadForm(path, nil, field, name, content)
}

// uploadForm sends a form with a file.
func (v *person) uploadForm(path string, form url.Values, field, name string, content []byte) (status int, body string) {
	v.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for key := range form {
		check(v.t, w.WriteField(key, form.Get(key)))
	}
	part, err := w.CreateFormFile(field, name)
	check(v.t, err)
	_, err = part.Write(content)
	check(v.t, err)
	check(v.t, w.Close())
	return v.send(http.MethodPost, path, w.FormDataContentType(), &b)
}

func (v *person) send(method, path, contentType string, body io.Reader, header ...string) (status int, answer string) {
	v.t.Helper()
	res := v.request(method, path, contentType, body, header...)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	check(v.t, err)
	return res.StatusCode, string(b)
}

// request sends one request as it is, with headers by name and value, and follows nothing.
func (v *person) request(method, path, contentType string, body io.Reader, header ...string) *http.Response {
	v.t.Helper()
	req, err := http.NewRequest(method, v.Base.String()+path, body)
	check(v.t, err)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := *v.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	check(v.t, err)
	return res
}

// pageText is what people read in the main part of a page.
func pageText(t *testing.T, html string) string {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	check(t, err)
	doc.Find("[hidden], script, style").Remove()
	return surf.Words(doc.Find("main"))
}

// headerNames are the names of an answer's headers, in order.
func headerNames(h http.Header) string { return strings.Join(slices.Sorted(maps.Keys(h)), " ") }
