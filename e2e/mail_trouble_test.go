package e2e_test

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/mail"
	"rinnova/internal/mail/mailtest"
	"rinnova/internal/outbox"
	"rinnova/internal/renewal/renewalweb"
)

// postOffice is a real mail server on this machine that can be out of reach, and that does not know one address.
type postOffice struct {
	*mailtest.Server
	unknown string

	mu   sync.Mutex
	down bool
}

func newPostOffice(t *testing.T, p *program, unknown string) *postOffice {
	o := &postOffice{unknown: unknown}
	o.Server = mailtest.Start(t, mailtest.Options{Refuse: func(to string) error {
		if to == o.unknown {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "unknown user"}
		}
		return nil
	}})
	p.Outbox.Sender = o
	return o
}

// Send speaks SMTP, to nobody while the server is down.
func (o *postOffice) Send(ctx context.Context, m mail.Message) error {
	o.mu.Lock()
	down := o.down
	o.mu.Unlock()
	port := o.Port
	if down {
		port = closedPort()
	}
	return mail.SMTP{Host: "127.0.0.1", Port: port, Security: mail.NoTLS}.Send(ctx, m)
}

func (o *postOffice) goes(down bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.down = down
}

// closedPort is a port of this machine that nobody answers on.
func closedPort() int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 1
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// got are the mails with these words that arrived at an address.
func (o *postOffice) got(to, words string) (out []mail.Message) {
	for _, m := range o.Mails() {
		whole, err := mail.Parse(bytes.NewReader(m.Raw))
		if err == nil && m.To == to && strings.Contains(whole.Subject, words) {
			out = append(out, whole)
		}
	}
	return out
}

// contractOf reads the contract of a school.
func (p *program) contractOf(t *testing.T, code string) *contract.Contract {
	t.Helper()
	c, err := p.Lists.ByRequest(t.Context(), p.request(t, code).ID)
	check(t, err)
	if c == nil {
		t.Fatalf("%s has no contract", code)
	}
	return c
}

// TestMailServerIsDown confirms and processes while no mail leaves: nothing waits for it, and it leaves when it can.
func TestMailServerIsDown(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		const code = "SG00012"
		post := newPostOffice(t, p, "")
		post.goes(true)
		p.confirms(t, code, orderOf(1))
		p.work(t)
		clerk := p.login(t, clerkOne)
		clerk.open(renewalweb.WorkListPath + "/" + p.request(t, code).ID)
		clerk.press("Elabora la conferma n. 1", nil)
		p.work(t)
		clerk.open(clerk.Page.URL.String())
		clerk.reads("Elaborata", "Contratto n. 2026/000001", "è in coda")
		if c := p.contractOf(t, code); c.State != contract.Signed {
			t.Fatalf("the contract is %s, want signed", c.State)
		}
		school := p.login(t, supervisor(code))
		school.open(contractweb.ArchivePath)
		file, err := school.Fetch(school.Page.Doc.Find(`a[href$=".pdf"]`).First().AttrOr("href", ""))
		check(t, err)
		if file.Status != http.StatusOK || !valid(signature(t, file.Body)) {
			t.Errorf("the contract cannot be had while the mail server is down: %d", file.Status)
		}
		for range 5 { // a quarter of an hour and more
			p.clock.Advance(5 * time.Minute)
			p.work(t)
		}
		m := p.message(t, code, outbox.Contract)
		if m.State != outbox.Queued || m.Attempts != 0 || m.LastError == "" || p.contractOf(t, code).State != contract.Signed {
			t.Errorf("after %d attempts the mail is %s (%s), the contract %s", m.Attempts, m.State, m.LastError, p.contractOf(t, code).State)
		}

		post.goes(false)
		p.clock.Advance(time.Hour)
		p.work(t)
		to := p.school(t, code).Email
		if got := post.got(to, "firmato"); len(got) != 1 || len(got[0].Attachments) != 1 || !bytes.Equal(got[0].Attachments[0].Data, file.Body) {
			t.Errorf("%d mails with the contract arrived, want one with the original", len(got))
		}
		if got := post.got(to, "ricevuta"); len(got) != 1 {
			t.Errorf("%d receipts arrived, want 1", len(got))
		}
		if c := p.contractOf(t, code); c.State != contract.Sent {
			t.Errorf("the contract is %s, want sent", c.State)
		}
		p.clock.Advance(48 * time.Hour)
		p.work(t)
		if n := len(post.Mails()); n != 2 {
			t.Errorf("%d mails in the end, want 2", n)
		}
	})
}

// message reads the newest mail of a kind to a school.
func (p *program) message(t *testing.T, code string, kind outbox.Kind) outbox.Message {
	t.Helper()
	about := p.request(t, code).ID
	if kind == outbox.Contract {
		about = p.contractOf(t, code).ID
	}
	all, err := p.Messages.About(t.Context(), about)
	check(t, err)
	for _, m := range all {
		if m.Kind == kind {
			return m
		}
	}
	t.Fatalf("%s has no mail of the kind %s", code, kind)
	return outbox.Message{}
}

// TestAddressIsUnknown holds that a mail that is refused for good is not tried again and is shown, and holds up nobody.
func TestAddressIsUnknown(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		const bad, good = "SG00007", "SG00012"
		post := newPostOffice(t, p, p.school(t, bad).Email)
		for i, code := range []string{bad, good} {
			p.confirm(t, code, i+1)
			p.process(t, code)
		}
		if c := p.contractOf(t, good); c.State != contract.Sent {
			t.Errorf("the other school's contract is %s, want sent", c.State)
		}
		if c := p.contractOf(t, bad); c.State != contract.Undelivered {
			t.Errorf("the contract is %s, want undelivered", c.State)
		}
		if m := p.message(t, bad, outbox.Contract); m.State != outbox.Failed || m.Attempts != 1 || !strings.Contains(m.LastError, "550") {
			t.Errorf("the mail is %s after %d attempts: %s", m.State, m.Attempts, m.LastError)
		}
		p.clock.Advance(24 * time.Hour)
		p.work(t)
		if got := post.got(p.school(t, bad).Email, ""); len(got) != 0 {
			t.Errorf("%d mails arrived at an address that does not exist", len(got))
		}
		school, clerk := p.login(t, supervisor(bad)), p.login(t, clerkOne)
		school.open(renewalweb.AreaPath)
		school.reads("La mail con il contratto non è arrivata", p.school(t, bad).Email)
		clerk.open(contractweb.OfficePath + "?stato=undelivered")
		clerk.reads("1 contratto", "«Turi»", "Non consegnato")
		clerk.open(renewalweb.WorkListPath + "/" + p.request(t, bad).ID)
		clerk.reads("Non consegnato", "non è stata consegnata")
	})
}

// TestMailWaitsForItsServer holds that a mail waits for a server that cannot be reached, however long, and leaves when it can.
func TestMailWaitsForItsServer(t *testing.T) {
	p := onSQLite(t)
	const code = "SG00012"
	post := newPostOffice(t, p, "")
	post.goes(true)
	p.confirm(t, code, 1)
	p.process(t, code)
	for range 6 * 24 * 4 { // four days
		p.clock.Advance(10 * time.Minute)
		p.work(t)
	}
	if c, m := p.contractOf(t, code), p.message(t, code, outbox.Contract); c.State != contract.Signed || m.State != outbox.Queued || m.Attempts != 0 || m.LastError == "" {
		t.Errorf("after four days the contract is %s, the mail %s after %d attempts: %s", c.State, m.State, m.Attempts, m.LastError)
	}
	post.goes(false)
	p.clock.Advance(15 * time.Minute)
	p.work(t)
	if c := p.contractOf(t, code); c.State != contract.Sent {
		t.Errorf("a quarter of an hour after the server is back the contract is %s", c.State)
	}
}
