package contractweb_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/event"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/web"
)

// school is the schools' pages of contracts and the public check, for its first school; with a header for its second.
type school struct {
	*renewaltest.World
	t       testing.TB
	handler http.Handler
}

type schoolKey struct{}

func schoolIn(t testing.TB, w *renewaltest.World) *school {
	s := &school{World: w, t: t}
	frame := func(*http.Request) web.Shell { return web.Shell{Brand: web.Brand{Name: "Prova"}} }
	app := &web.App{Log: slog.New(slog.DiscardHandler), Clock: w.Clock, Shell: frame}
	m := web.NewMux(app)
	guard := func(next web.Handler) web.Handler {
		return func(rw http.ResponseWriter, r *http.Request) error {
			actor := w.A.Actor
			if r.Header.Get("X-Test-School") == "B" {
				actor = w.B.Actor
			}
			return next(rw, r.WithContext(context.WithValue(r.Context(), schoolKey{}, actor)))
		}
	}
	actor := func(ctx context.Context) rinnova.Actor { return ctx.Value(schoolKey{}).(rinnova.Actor) }
	(&contractweb.School{Contracts: w.Contracts, Lists: w.Lists, Requests: w.Requests, Seasons: w.Campaigns, Shell: frame, Actor: actor}).Routes(m.With(guard))
	(&contractweb.Verify{Contracts: w.Contracts, Clock: w.Clock, Shell: frame}).Routes(m)
	s.handler = app.Handler(m)
	return s
}

func (s *school) do(r *http.Request) (*httptest.ResponseRecorder, *goquery.Document) {
	s.t.Helper()
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		s.t.Fatal(err)
	}
	return w, doc
}

func (s *school) get(path string, headers ...string) (*httptest.ResponseRecorder, *goquery.Document) {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), http.MethodGet, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return s.do(r)
}

// contract is a contract of the first school, signed.
func (s *school) contract() *contract.Contract {
	s.t.Helper()
	s.Confirm(s.t, s.A, renewaltest.Order(), renewaltest.StartTicks()...)
	return s.Process(s.t, s.A)
}

// original are the bytes of its file.
func (s *school) original(c *contract.Contract) []byte {
	s.t.Helper()
	_, data, err := s.Contracts.Open(s.t.Context(), s.A.Actor, c.ID, c.FileName())
	if err != nil {
		s.t.Fatal(err)
	}
	return data
}

func wantText(t *testing.T, doc *goquery.Document, texts ...string) {
	t.Helper()
	whole := text(doc.Find("main"))
	for _, x := range texts {
		if !strings.Contains(whole, x) {
			t.Errorf("no %q in: %s", x, whole)
		}
	}
}

func TestArchive(t *testing.T) {
	s := schoolIn(t, renewaltest.New(t))
	_, empty := s.get("/contratti")
	wantText(t, empty, "Ancora nessun contratto", "In corso: Rinnovo 2027", "Proposta", "La richiesta non è ancora inviata")
	s.Confirm(t, s.A, renewaltest.Order(), renewaltest.StartTicks()...)
	_, sent := s.get("/contratti")
	wantText(t, sent, "Inviata, conferma n. 1", "quando l’ufficio avrà elaborato la richiesta")
	c := s.Process(t, s.A)
	_, doc := s.get("/contratti")
	wantText(t, doc, "un contratto", "Periodi che cominciano nel 2027", "L’anno nel numero di un contratto è un altro", c.Number, "01/01/2027 – 31/12/2027", "€ 2.570,00", "20/11/2026", "PDF firmato")
	if strings.Contains(text(doc.Find("main")), "In corso") {
		t.Error("a processed request is still under way")
	}
	for _, x := range []struct {
		query string
		rows  int
	}{
		{"", 1}, {"?anno=2027", 1}, {"?anno=2026", 1}, {"?anno=x&tipo=%00", 1}, {"?anno=&tipo=assistance", 1}, {"?tipo=services", 0}, {"?anno=2027&tipo=services", 0},
	} {
		_, doc := s.get("/contratti" + x.query)
		if n := doc.Find("tbody tr").Length(); n != x.rows {
			t.Errorf("%s: %d contracts, want %d", x.query, n, x.rows)
		}
	}
	_, none := s.get("/contratti?tipo=services")
	wantText(t, none, "Nessun contratto di questo tipo")
	if v, _ := none.Find("select[name=tipo] option[selected]").Attr("value"); v != "services" {
		t.Errorf("the filter shows %q", v)
	}
}

func TestDownload(t *testing.T) {
	s := schoolIn(t, renewaltest.New(t))
	c := s.contract()
	path := contractweb.SchoolFilePath(c.ID, c.FileName())
	w, _ := s.get(path)
	sum := sha256.Sum256(w.Body.Bytes())
	if w.Code != 200 || hex.EncodeToString(sum[:]) != c.File.SHA256 {
		t.Errorf("status %d, %d bytes that are not the original", w.Code, w.Body.Len())
	}
	for k, v := range map[string]string{
		"Content-Type": "application/pdf", "Content-Disposition": "attachment; filename=contratto-2026-000001.pdf", "Cache-Control": "private, no-store",
		"X-Content-Type-Options": "nosniff", "Content-Length": fmt.Sprint(c.File.Size),
	} {
		if got := w.Header().Get(k); got != v {
			t.Errorf("%s: %q, want %q", k, got, v)
		}
	}
	if !slices.Contains(s.EventsAbout(t, s.A.Request), event.ContractFetched) {
		t.Error("the download is not on the record")
	}
	for _, wrong := range []string{
		contractweb.SchoolFilePath(c.ID, "contratto-2026-000002.pdf"), contractweb.SchoolFilePath("x", c.FileName()), contractweb.SchoolFilePath("%00", c.FileName()),
		contractweb.SchoolFilePath("00000000-0000-7000-8000-000000000000", c.FileName()),
	} {
		if w, _ := s.get(wrong); w.Code != 404 {
			t.Errorf("%s: status %d", wrong, w.Code)
		}
	}
	other, _ := s.get(path, "X-Test-School", "B")
	if other.Code != 404 || strings.Contains(other.Body.String(), "2026/000001") || strings.Contains(other.Body.String(), "%PDF") {
		t.Errorf("another school: status %d", other.Code)
	}
}

func TestVerify(t *testing.T) {
	s := schoolIn(t, renewaltest.New(t))
	c := s.contract()
	shown := contract.ShowCode(c.Document.VerifyCode)
	for _, typed := range []string{shown, c.Document.VerifyCode, strings.ToLower(shown), " " + strings.ReplaceAll(shown, "-", " ")} {
		w, _ := s.get("/v?codice=" + strings.ReplaceAll(typed, " ", "%20"))
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/v/"+shown {
			t.Errorf("%q: status %d to %q", typed, w.Code, w.Header().Get("Location"))
		}
	}
	w, doc := s.get("/v/" + c.Document.VerifyCode)
	if w.Code != 200 {
		t.Errorf("status %d", w.Code)
	}
	wantText(t, doc, "Contratto n. 2026/000001", "20/11/2026", "CIG", renewaltest.GoodCIG, "€ 3.135,40", "Ragusa", c.File.SHA256, shown)
	for _, secret := range []string{"92031570887", "istruzione.example", "SUPERVISOR", "Registro elettronico", c.ID} {
		if strings.Contains(w.Body.String(), secret) {
			t.Errorf("the public page tells %q", secret)
		}
	}
	for _, typed := range []string{"", "abc", strings.Repeat("9", 13), "<script>alert(1)</script>", "\x00", "%ff", strings.Repeat("A", 10_000)} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/v", nil)
		q := r.URL.Query()
		q.Set("codice", typed)
		r.URL.RawQuery = q.Encode()
		w, doc := s.do(r)
		if w.Code != 422 || !strings.Contains(text(doc.Find(".rn-field .rn-msg")), "12 caratteri") || strings.Contains(w.Body.String(), "<script>alert") {
			t.Errorf("%.20q: status %d", typed, w.Code)
		}
	}
}

// A code that no contract has gets a page too, which asks for it again and offers nothing to compare with. (An address that is
// no text at all has no page.)
func TestUnknownCode(t *testing.T) {
	s := schoolIn(t, renewaltest.New(t))
	s.contract()
	for _, code := range []string{"7KQX-M4TD-92RF", "x", "%3Cscript%3E", "000000000000"} {
		w, doc := s.get("/v/" + code)
		if w.Code != 200 || doc.Find("main form[method=get] #codice").Length() != 1 || doc.Find("main input[type=file]").Length() != 0 {
			t.Errorf("%s: status %d, %d forms: it should ask for the code, and for no file", code, w.Code, doc.Find("main form").Length())
		}
		wantText(t, doc, "Nessun contratto ha questo codice")
		if doc.Find("[data-compare]").Length() != 0 {
			t.Error("there is a hash to compare with")
		}
	}
	if w, _ := s.get("/v/%00%ff"); w.Code != 404 {
		t.Errorf("an address that is no text: status %d", w.Code)
	}
}

func (s *school) upload(path string, file []byte) (*httptest.ResponseRecorder, *goquery.Document) {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if file != nil {
		part, err := form.CreateFormFile("file", `..\"contratto".pdf`)
		if err != nil {
			s.t.Fatal(err)
		}
		part.Write(file)
	}
	form.WriteField("altro", "x")
	form.Close()
	r := httptest.NewRequestWithContext(s.t.Context(), http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return s.do(r)
}

func TestCompare(t *testing.T) {
	s := schoolIn(t, renewaltest.New(t))
	c := s.contract()
	path := "/v/" + contract.ShowCode(c.Document.VerifyCode) + "/confronta"
	data := s.original(c)
	changed := slices.Clone(data)
	changed[len(changed)/2] ^= 1
	for _, x := range []struct {
		name, path string
		file       []byte
		status     int
		visible    string
	}{
		{"the original", path, data, 200, "È l’originale"},
		{"one bit of it", path, changed, 200, "Non è l’originale"},
		{"half of it", path, data[:len(data)/2], 200, "Non è l’originale"},
		{"no file", path, nil, 422, "Scegliete il file PDF"},
		{"an empty file", path, []byte{}, 422, "Scegliete il file PDF"},
		{"an unknown code", "/v/7KQX-M4TD-92RF/confronta", data, 200, "non è stato confrontato: non c’è un originale"},
		{"no code", "/v/-/confronta", data, 200, "non è stato confrontato: non c’è un originale"},
		{"too large", path, make([]byte, contractweb.MaxCompared+1<<20), 413, "Troppi dati in una volta"},
	} {
		w, doc := s.upload(x.path, x.file)
		doc.Find("[hidden]").Remove()
		if w.Code != x.status || !strings.Contains(text(doc.Find("main")), x.visible) {
			t.Errorf("%s: status %d: %s", x.name, w.Code, text(doc.Find("main")))
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader("file=x"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if w, _ := s.do(r); w.Code != 422 {
		t.Errorf("a form without a file: status %d", w.Code)
	}
	broken := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, io.LimitReader(strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc"), 50))
	broken.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	if w, _ := s.do(broken); w.Code != 422 {
		t.Errorf("a file that breaks off: status %d", w.Code)
	}
}

func TestLookingUpIsLimited(t *testing.T) {
	s := schoolIn(t, renewaltest.New(t))
	refused := 0
	for range 40 {
		if w, _ := s.get("/v/7KQX-M4TD-92RF"); w.Code == http.StatusTooManyRequests {
			refused++
			if w.Header().Get("Retry-After") == "" {
				t.Fatal("no Retry-After")
			}
		}
	}
	if refused != 10 {
		t.Errorf("%d of 40 refused, want 10", refused)
	}
	if w, _ := s.get("/v"); w.Code != 200 {
		t.Errorf("the page for the code: status %d", w.Code)
	}
}

// While a contract is in preparation the archive asks for itself again; then it says so and stops.
func TestArchiveWaitsForTheContract(t *testing.T) {
	s := schoolIn(t, renewaltest.New(t))
	s.Confirm(t, s.A, renewaltest.Order(), renewaltest.StartTicks()...)
	if _, err := s.Contracts.Process(t.Context(), s.Clerk, s.A.Request, 1); err != nil {
		t.Fatal(err)
	}
	_, page := s.get("/contratti?tipo=assistance")
	wantText(t, page, "in preparazione")
	if page.Find(`#anni [hx-get="/contratti?tipo=assistance"][hx-trigger="every 2s"]`).Length() != 1 || !strings.Contains(page.Find("#anni noscript").Text(), "Aggiorna") {
		t.Error("the page does not ask again, or has no link for those without scripts")
	}
	part := func() string {
		w, doc := s.get("/contratti?tipo=assistance", "HX-Request", "true")
		if w.Code != http.StatusOK || doc.Find("h1").Length() != 0 || doc.Find("body > #anni").Length() != 1 {
			t.Fatalf("%d, not the years alone: %s", w.Code, w.Body)
		}
		if waits := doc.Find("[hx-get]").Length() > 0; waits == (doc.Find("[role=status]").Text() != "") {
			t.Errorf("asks again: %v, and says %q", waits, doc.Find("[role=status]").Text())
		}
		return text(doc.Find("#anni"))
	}
	if got := part(); !strings.Contains(got, "in preparazione") {
		t.Errorf("before: %q", got)
	}
	if err := s.Queue.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := part(); !strings.Contains(got, "Il contratto è firmato") || !strings.Contains(got, "PDF firmato") {
		t.Errorf("after: %q", got)
	}
	_, rest := s.get("/contratti")
	if rest.Find("[hx-get]").Length() != 0 || rest.Find("[role=status]").Text() != "" {
		t.Error("a page that was opened at rest asks again, or says what nobody waited for")
	}
}

// The record says who has had a contract, not who asked for a file that is not there.
func TestNothingWasDownloaded(t *testing.T) {
	s := schoolIn(t, renewaltest.New(t))
	c := s.contract()
	s.original(c)
	before := len(s.EventsAbout(t, s.A.Request))
	for _, path := range []string{"/contratti/" + c.ID + "/nothing.pdf", "/contratti/" + rinnova.NewID(s.Now) + "/" + c.FileName()} {
		if w, _ := s.get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
	if got := s.EventsAbout(t, s.A.Request); len(got) != before {
		t.Errorf("events %v", got[before:])
	}
	s.get("/contratti/" + c.ID + "/" + c.FileName())
	if got := s.EventsAbout(t, s.A.Request); len(got) != before+1 || got[before] != event.ContractFetched {
		t.Errorf("events %v", got)
	}
}
