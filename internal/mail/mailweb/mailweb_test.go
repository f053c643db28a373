package mailweb_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"rinnova/internal/mail"
	"rinnova/internal/mail/mailweb"
	"rinnova/internal/web"
)

var pdf = []byte("%PDF-1.7\r\n\x00\xff")

// message is the n-th of some messages, a minute apart.
func message(n int, town string) mail.Message {
	return mail.Message{
		ID: mail.MessageID(fmt.Sprintf("row-%d", n), "esempio.example"), From: mail.Address("Esempio Software, rinnovi", "rinnovi@esempio.example"),
		ReplyTo: "contratti@esempio.example", To: fmt.Sprintf("scuola%d@scuola.example", n),
		Date:        time.Date(2027, 1, 18, 9, n, 5, 0, time.UTC),
		Attachments: []mail.Attachment{{Name: "contratto n 1.pdf", ContentType: "application/pdf", Data: pdf}},
	}.Fill(mail.Content{
		Subject: fmt.Sprintf("Contratto %d <b>", n), Sender: "Esempio", Title: "Contratto",
		Blocks: []mail.Block{mail.Paragraph("Scuola di " + town), mail.Button{Label: "Vedere", URL: "https://esempio.example/richieste/1"}},
	})
}

// open serves a mailbox with some messages.
func open(t *testing.T, messages ...mail.Message) *httptest.Server {
	t.Helper()
	folder, err := mail.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() })
	for _, m := range messages {
		if err := folder.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	frame := func(*http.Request) web.Shell { return web.Shell{Brand: web.Brand{Name: "Esempio"}} }
	app := &web.App{Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Clock: time.Now, Shell: frame}
	mux := web.NewMux(app)
	(&mailweb.Handlers{Folder: folder, Shell: frame}).Routes(mux)
	server := httptest.NewServer(app.Handler(mux))
	t.Cleanup(server.Close)
	return server
}

func get(t *testing.T, address string) (*http.Response, string) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func page(t *testing.T, address string) *goquery.Document {
	t.Helper()
	resp, body := get(t, address)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s\n%s", address, resp.Status, body)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func subjects(doc *goquery.Document) []string {
	return doc.Find("tbody th").Map(func(_ int, s *goquery.Selection) string { return strings.TrimSpace(s.Text()) })
}

// path is the address that a link with these words leads to.
func path(t *testing.T, doc *goquery.Document, words string) string {
	t.Helper()
	href, ok := doc.Find("a").FilterFunction(func(_ int, s *goquery.Selection) bool { return strings.TrimSpace(s.Text()) == words }).Attr("href")
	if !ok {
		t.Fatalf("no link %q", words)
	}
	return href
}

func TestEmptyMailbox(t *testing.T) {
	s := open(t)
	if text := page(t, s.URL+"/posta").Find("main").Text(); !strings.Contains(text, "Ancora nessun messaggio") {
		t.Error(text)
	}
	if text := page(t, s.URL+"/posta?cerca=x").Find("main").Text(); !strings.Contains(text, "Nessun messaggio trovato") {
		t.Error(text)
	}
}

func TestListSearchesAndPages(t *testing.T) {
	var all []mail.Message
	for n := range 55 {
		town := "Ragusa"
		if n == 7 {
			town = "Forlì"
		}
		all = append(all, message(n, town))
	}
	s := open(t, all...)
	var seen []string
	next := "/posta"
	for range 3 {
		doc := page(t, s.URL+next)
		seen = append(seen, subjects(doc)...)
		next = doc.Find("a[rel=next]").AttrOr("href", "")
	}
	if len(seen) != 55 || seen[0] != "Contratto 54 <b>" || seen[54] != "Contratto 0 <b>" || next != "" {
		t.Errorf("%d messages, %v; next %q", len(seen), seen, next)
	}
	for search, want := range map[string]int{"forli": 1, "scuola12@scuola.example": 1, "ragusa": 25, "palermo": 0} {
		doc := page(t, s.URL+"/posta?cerca="+url.QueryEscape(search))
		if got := subjects(doc); len(got) != want {
			t.Errorf("%s: %v", search, got)
		}
		if got := doc.Find("input[name=cerca]").AttrOr("value", ""); got != search {
			t.Errorf("the field has %q", got)
		}
	}
	second := page(t, s.URL+page(t, s.URL+"/posta?cerca=ragusa").Find("a[rel=next]").AttrOr("href", ""))
	if got := subjects(second); len(got) != 25 || got[0] != "Contratto 29 <b>" {
		t.Errorf("the second page of the search: %v", got)
	}
}

func TestMessage(t *testing.T) {
	s := open(t, message(1, "Ragusa"))
	doc := page(t, s.URL+path(t, page(t, s.URL+"/posta"), "Contratto 1 <b>"))
	main := doc.Find("main").Text()
	for _, want := range []string{"Contratto 1 <b>", "Esempio Software, rinnovi <rinnovi@esempio.example>", "scuola1@scuola.example", "contratti@esempio.example", "18/01/2027, ore\u00a010:01"} {
		if !strings.Contains(main, want) {
			t.Errorf("no %q in %s", want, main)
		}
	}
	frame := doc.Find("iframe")
	if got := frame.AttrOr("sandbox", "none"); got != "allow-popups allow-popups-to-escape-sandbox" {
		t.Errorf("sandbox %q", got)
	}
	text := page(t, s.URL+path(t, doc, "Solo testo"))
	if got := text.Find("pre").Text(); got != message(1, "Ragusa").Text || text.Find("iframe").Length() != 0 {
		t.Errorf("the text: %q", got)
	}
	resp, body := get(t, s.URL+doc.Find("a[href*=allegati]").AttrOr("href", ""))
	if body != string(pdf) || resp.Header.Get("Content-Type") != "application/pdf" ||
		resp.Header.Get("Content-Disposition") != `attachment; filename="contratto n 1.pdf"` || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the file: %q, %v", body, resp.Header)
	}
}

// The HTML of a mail has its own policy, which is stricter than that of the portal's pages: no script, no picture, no
// form, no rights, whether it is looked at in its frame or opened by itself.
func TestMailIsSandboxed(t *testing.T) {
	m := message(1, "Ragusa")
	m.HTML = strings.Replace(m.HTML, "</body>", `<script>alert(1)</script><img src="https://esempio.example/x.png"></body>`, 1)
	s := open(t, m)
	address := s.URL + page(t, s.URL+path(t, page(t, s.URL+"/posta"), m.Subject)).Find("iframe").AttrOr("src", "")
	resp, body := get(t, address)
	if resp.StatusCode != http.StatusOK || !strings.Contains(body, "Scuola di Ragusa") || !strings.Contains(body, `<base target="_blank">`) {
		t.Errorf("%s\n%s", resp.Status, body)
	}
	policy := resp.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "sandbox allow-popups", "form-action 'none'", "frame-ancestors 'self'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("no %s in %s", want, policy)
		}
	}
	for _, never := range []string{"script-src", "allow-scripts", "allow-same-origin", "allow-forms", "allow-top-navigation", "img-src", "*"} {
		if strings.Contains(policy, never) {
			t.Errorf("%s in %s", never, policy)
		}
	}
}

func TestOnlyThePageOfAMessageHasAFrame(t *testing.T) {
	s := open(t, message(1, "Ragusa"))
	link := path(t, page(t, s.URL+"/posta"), "Contratto 1 <b>")
	for address, want := range map[string]bool{"/posta": false, link: true, link + "?vista=testo": false} {
		resp, _ := get(t, s.URL+address)
		policy := resp.Header.Get("Content-Security-Policy")
		if got := strings.Contains(policy, "; frame-src 'self'"); got != want || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: %s", address, policy)
		}
	}
}

func TestMessageWithoutHTML(t *testing.T) {
	m := message(1, "Ragusa")
	m.HTML = ""
	s := open(t, m)
	link := path(t, page(t, s.URL+"/posta"), "Contratto 1 <b>")
	doc := page(t, s.URL+link)
	if doc.Find("pre").Text() != m.Text || doc.Find("iframe").Length() != 0 {
		t.Error("no text, or a frame")
	}
	if resp, _ := get(t, s.URL+link+"/html"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("its HTML: %s", resp.Status)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	s := open(t, message(1, "Ragusa"))
	link := path(t, page(t, s.URL+"/posta"), "Contratto 1 <b>")
	for _, p := range []string{
		"/posta/x", "/posta/..%2f..%2fetc%2fpasswd", "/posta/20270118T093005.000Z-0123456789abcdef.eml", "/posta/x/html", "/posta/x/allegati/1/a.pdf",
		link + "/allegati/0/contratto%20n%201.pdf", link + "/allegati/2/contratto%20n%201.pdf", link + "/allegati/1/altro.pdf", link + "/allegati/a/contratto%20n%201.pdf",
	} {
		if resp, _ := get(t, s.URL+p); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", p, resp.Status)
		}
	}
}

func TestReadOnly(t *testing.T) {
	s := open(t, message(1, "Ragusa"))
	for _, p := range []string{"/posta", path(t, page(t, s.URL+"/posta"), "Contratto 1 <b>")} {
		resp, err := http.Post(s.URL+p, "application/x-www-form-urlencoded", strings.NewReader("a=b"))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: %s", p, resp.Status)
		}
	}
}
