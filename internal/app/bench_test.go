package app_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/app"
	"rinnova/internal/demo"
	"rinnova/internal/renewal"
	"rinnova/internal/sign"
)

// start is in the middle of a season.
var start = time.Date(2026, 11, 20, 9, 51, 7, 0, time.UTC)

// site is the whole program with the demonstration's data, without a network.
type site struct {
	*app.App
	http.Handler
	b *testing.B
}

func newSite(b *testing.B, schools int, options ...app.Option) *site {
	b.Helper()
	data := b.TempDir()
	seed(b, data, schools)
	now := start
	clock := func() time.Time { now = now.Add(time.Millisecond); return now }
	a, err := app.New(b.Context(), app.Config{Addr: "127.0.0.1:8080", Data: data}, clock, slog.New(slog.DiscardHandler), append([]app.Option{demo.Install(data)}, options...)...)
	check(b, err)
	b.Cleanup(func() { a.Close() })
	return &site{App: a, Handler: a.Handler(), b: b}
}

// seed makes the data with passwords that cost nothing to check.
func seed(b *testing.B, data string, schools int) {
	b.Helper()
	full := account.Params
	account.Params.Memory, account.Params.Iterations = 64, 1
	defer func() { account.Params = full }()
	a, err := app.New(b.Context(), app.Config{Addr: "127.0.0.1:8080", Data: data}, func() time.Time { return start }, slog.New(slog.DiscardHandler), demo.Install(data))
	check(b, err)
	check(b, demo.Seed(b.Context(), a, demo.Options{Schools: schools}, func(string) {}))
	check(b, a.Close())
}

func check(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// do asks the program and holds that it answers with a status.
func (s *site) do(want int, method, path, cookie string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(s.b.Context(), method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Cookie", cookie)
	r.Host = s.Base.Host // it answers to no other name
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != want {
		s.b.Fatalf("%s %s: status %d, want %d", method, path, w.Code, want)
	}
	return w
}

func (s *site) login(username string) (cookie string) {
	w := s.do(http.StatusSeeOther, http.MethodPost, accountweb.LoginPath, "", url.Values{accountweb.FieldUsername: {username}, accountweb.FieldPassword: {demo.Password}})
	for _, c := range w.Result().Cookies() {
		cookie += c.Name + "=" + c.Value + "; "
	}
	return strings.TrimSuffix(cookie, "; ")
}

// party is a school with its request, whose draft is open.
type party struct {
	actor  rinnova.Actor
	view   *renewal.View
	cookie string
}

func (s *site) party(n int) party {
	username := account.Supervisor(fmt.Sprintf("SG%05d", n))
	a, ok, err := s.Accounts.Store.ByUsername(s.b.Context(), username)
	check(s.b, err)
	if !ok {
		s.b.Fatalf("there is no school %d: run the benchmark for a shorter time", n)
	}
	p := party{actor: a.Actor(), cookie: s.login(username)}
	all, err := s.Requests.OfSchool(s.b.Context(), a.SchoolID)
	check(s.b, err)
	all = slices.DeleteFunc(all, func(r renewal.Request) bool { return r.Kind != renewal.Assistance })
	p.view, err = s.Renewals.View(s.b.Context(), p.actor, all[0].ID)
	check(s.b, err)
	draft := renewal.Draft{Band: max(1, p.view.Proposal.Suggested), Ticks: p.view.Proposal.StartTicks().IDs(), Order: renewal.OrderForm{CIG: demo.CIG(n), Number: "1/2026", Date: "16/11/2026", Payment: "30"}}
	check(s.b, s.Renewals.Save(s.b.Context(), p.actor, all[0].ID, draft))
	return p
}

func (s *site) parties(n int) []party {
	out := make([]party, n)
	for i := range out {
		out[i] = s.party(i + 1)
	}
	return out
}

// cpu is the processor time that this process has used: unlike the clock on the wall, it does not see what else the machine
// does.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	check(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func reportCPU(b *testing.B, used time.Duration, n int) {
	b.ReportMetric(float64(used.Microseconds())/1000/float64(n), "cpu-ms/op")
}

func (p party) path() string { return "/rinnovo/" + p.view.Request.ID }

// BenchmarkRenewalPage is the form with everything around it: session, rights, school, lines, sums, the page's frame.
func BenchmarkRenewalPage(b *testing.B) {
	s := newSite(b, 100)
	parties := s.parties(100)
	bytes, n, begun := 0, 0, cpu(b)
	for b.Loop() {
		p := parties[n%len(parties)]
		bytes += s.do(http.StatusOK, http.MethodGet, p.path(), p.cookie, nil).Body.Len()
		n++
	}
	reportCPU(b, cpu(b)-begun, n)
	b.ReportMetric(float64(bytes)/float64(n), "bytes/page")
}

// BenchmarkConfirm confirms again and again, each time another order number: checks, revision, event, mail in the outbox,
// one durable commit.
func BenchmarkConfirm(b *testing.B) {
	s := newSite(b, 100)
	parties := s.parties(100)
	n, begun := 0, cpu(b)
	for b.Loop() {
		p := parties[n%len(parties)]
		form := url.Values{"cig": {demo.CIG(n%len(parties) + 1)}, "numero": {fmt.Sprintf("%d/2026", n)}, "data": {"16/11/2026"}, "pagamento": {"30"},
			"esclusione": {""}, "motivo": {""}, "cup": {""}, "riga": p.view.Proposal.StartTicks().IDs(), "accetta": {"1"}, "visto": {fmt.Sprint(n / len(parties))}, "fascia_vista": {fmt.Sprint(int(p.view.Request.Draft.Band))},
			"condizioni": {p.view.Season.Terms.Version}, "azione": {"conferma"}}
		s.do(http.StatusSeeOther, http.MethodPost, p.path(), p.cookie, form)
		n++
	}
	reportCPU(b, cpu(b)-begun, n)
}

// BenchmarkLogin is a login without the password's hash, which costs 40 ms by intention.
func BenchmarkLogin(b *testing.B) {
	s := newSite(b, 100)
	n, begun := 0, cpu(b)
	for b.Loop() {
		s.login(account.Supervisor(fmt.Sprintf("SG%05d", n%100+1)))
		n++
	}
	reportCPU(b, cpu(b)-begun, n)
}

// BenchmarkContract is a contract from the clerk's button to the outbox: number, PDF, signature, file, message.
func BenchmarkContract(b *testing.B) {
	for name, key := range map[string]func(*testing.B, string) app.Option{
		"P-256":    func(*testing.B, string) app.Option { return func(*app.App) error { return nil } }, // the demonstration's
		"RSA-3072": rsaKey,
	} {
		b.Run(name, func(b *testing.B) {
			s := newSite(b, 2000, key(b, b.TempDir()))
			clerk, _, err := s.Accounts.Store.ByUsername(b.Context(), demo.Office[0].Username)
			check(b, err)
			var size int64
			var used time.Duration
			n := 0
			for b.Loop() {
				n++
				b.StopTimer()
				p := s.party(n)
				rev, problems, err := s.Renewals.Confirm(b.Context(), p.actor, p.view.Request.ID, renewal.Answer{Draft: s.draft(p), Accept: true, Terms: p.view.Season.Terms.Version})
				check(b, err)
				if len(problems) > 0 {
					b.Fatal(problems)
				}
				check(b, s.Queue.Drain(b.Context())) // the receipt
				b.StartTimer()
				begun := cpu(b)
				c, err := s.Contracts.Process(b.Context(), clerk.Actor(), p.view.Request.ID, rev.Number)
				check(b, err)
				check(b, s.Queue.Drain(b.Context()))
				used += cpu(b) - begun
				b.StopTimer()
				if c, err = s.Lists.Contract(b.Context(), c.ID); err != nil || c.File.Size == 0 {
					b.Fatal("not signed: ", err)
				}
				size += c.File.Size
				b.StartTimer()
			}
			reportCPU(b, used, n)
			b.ReportMetric(float64(size)/float64(n), "bytes/contract")
		})
	}
}

func (s *site) draft(p party) renewal.Draft {
	r, err := s.Requests.Request(s.b.Context(), p.view.Request.ID)
	check(s.b, err)
	return r.Draft
}

// rsaKey signs with an RSA key of 3072 bits.
func rsaKey(b *testing.B, folder string) app.Option {
	key, err := rsa.GenerateKey(rand.Reader, 3072)
	check(b, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Firma di prova"}, NotBefore: start.AddDate(-1, 0, 0),
		NotAfter: start.AddDate(1, 0, 0), KeyUsage: x509.KeyUsageContentCommitment}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	check(b, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	check(b, err)
	file := filepath.Join(folder, "key.pem")
	text := append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	check(b, os.WriteFile(file, text, 0o600))
	return func(a *app.App) error {
		k, err := sign.LoadPEM(a.Clock, file)
		if err == nil {
			a.UseKey(k)
		}
		return err
	}
}

// BenchmarkStart opens an installation with all schools and answers the first request.
func BenchmarkStart(b *testing.B) {
	data := b.TempDir()
	seed(b, data, 0)
	for b.Loop() {
		a, err := app.New(b.Context(), app.Config{Addr: "127.0.0.1:8080", Data: data}, time.Now, slog.New(slog.DiscardHandler))
		check(b, err)
		s := &site{App: a, Handler: a.Handler(), b: b}
		s.do(http.StatusOK, http.MethodGet, "/healthz", "", nil)
		check(b, a.Close())
	}
}
