// Package tour plays the main job without a browser's screen: schools renew, the office processes, signed contracts
// arrive. It goes through the same pages and forms as people do, says what they see, and keeps the papers.
package tour

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rinnova/internal/account/accountweb"
	"rinnova/internal/renewal"
	"rinnova/internal/surf"
)

// Tour is where to go and as whom.
type Tour struct {
	Base     string // http://127.0.0.1:8080
	Out      string // folder of the papers
	Say      io.Writer
	Password string
	Clerk    string   // user name
	Schools  []string // portal codes
	CIG      func(n int) string
	Date     string // of the orders, as typed
	Wait     time.Duration
}

// Play plays the tour.
func (t *Tour) Play() error {
	if err := os.MkdirAll(t.Out, 0o755); err != nil {
		return err
	}
	for i, code := range t.Schools {
		if err := t.school(i, code); err != nil {
			return fmt.Errorf("school %s: %w", code, err)
		}
	}
	if err := t.office(); err != nil {
		return fmt.Errorf("office: %w", err)
	}
	for _, code := range t.Schools {
		if err := t.fetch(code); err != nil {
			return fmt.Errorf("school %s: %w", code, err)
		}
	}
	t.say("", "Fatto: promemoria, contratti firmati e messaggi sono in %s", t.Out)
	return nil
}

func (t *Tour) say(who, format string, args ...any) {
	if who != "" {
		who = "[" + who + "] "
	}
	fmt.Fprintf(t.Say, who+format+"\n", args...)
}

// step presses a button or follows a link, and says what is seen then.
func (t *Tour) step(who string, b *surf.Browser, what string, do func() error) error {
	if err := do(); err != nil {
		return err
	}
	if b.Page.Status >= 400 {
		return fmt.Errorf("%s: status %d on %s: %s", what, b.Page.Status, b.Page.URL, b.Page.Text("[role=alert]"))
	}
	t.say(who, "%-28s → %s", what, b.Page.Title())
	return nil
}

func (t *Tour) login(who, username string) (*surf.Browser, error) {
	b, err := surf.New(t.Base)
	if err != nil {
		return nil, err
	}
	if err := t.step(who, b, "apre il portale", func() error { return b.Open("/") }); err != nil {
		return nil, err
	}
	if err := t.step(who, b, "Assistenza e contratti", func() error { return b.Follow("Assistenza e contratti") }); err != nil {
		return nil, err
	}
	if err := b.Open(accountweb.LoginPath); err != nil {
		return nil, err
	}
	err = t.step(who, b, "Accedi come "+username, func() error {
		return b.Press("Accedi", surf.Values{accountweb.FieldUsername: {username}, accountweb.FieldPassword: {t.Password}})
	})
	return b, err
}

// school goes from the login to the receipt. Each of the three schools does it in its own way: as proposed; without one
// product; confirming twice.
func (t *Tour) school(i int, code string) error {
	b, err := t.login(code, "SUPERVISOR."+code)
	if err != nil {
		return err
	}
	if err := t.step(code, b, "apre il rinnovo", func() error { return b.Open("/rinnovo") }); err != nil {
		return err
	}
	if err := t.step(code, b, "Conferma fascia e continua", func() error { return b.Press("Conferma fascia", nil) }); err != nil {
		return err
	}
	t.say(code, "   importo proposto: %s", amounts(b.Page))
	values := surf.Values{
		renewal.FieldCIG: {t.CIG(i + 1)}, renewal.FieldNumber: {fmt.Sprintf("%d/2026", 100+i)}, renewal.FieldDate: {t.Date},
		renewal.FieldPayment: {"30"}, renewal.FieldAccept: {"1"},
	}
	if i == 1 {
		if lines := b.Page.Values(renewal.FieldLines); len(lines) > 2 {
			values[renewal.FieldLines] = lines[1:]
		}
	}
	if i == 2 {
		if err := t.step(code, b, "Conferma dati", func() error { return b.Press("Conferma dati", values) }); err != nil {
			return err
		}
		if err := b.Open("/rinnovo"); err != nil {
			return err
		}
		values[renewal.FieldNumber] = []string{"102/2026 bis"}
	}
	if err := t.reminder(code, b, values); err != nil {
		return err
	}
	if err := t.step(code, b, "Conferma dati", func() error { return b.Press("Conferma dati", values) }); err != nil {
		return err
	}
	t.say(code, "   confermato: %s", amounts(b.Page))
	return nil
}

// reminder prints the reminder, which saves the draft, and comes back to the form.
func (t *Tour) reminder(code string, b *surf.Browser, values surf.Values) error {
	form := b.Page.URL.String()
	if err := b.Press("Stampa promemoria", values); err != nil {
		return err
	}
	if got := b.Page.Header.Get("Content-Type"); got != "application/pdf" {
		return fmt.Errorf("the reminder is %s", got)
	}
	if err := t.keep("promemoria-"+code+".pdf", b.Page.Body); err != nil {
		return err
	}
	return b.Open(form)
}

func (t *Tour) keep(name string, data []byte) error {
	t.say("", "   %s, %d kB", filepath.Join(t.Out, name), (len(data)+500)/1000)
	return os.WriteFile(filepath.Join(t.Out, name), data, 0o644)
}

// amounts are the sums that the page shows, on one line.
func amounts(p *surf.Page) string {
	lines := strings.Split(p.Text("dl.rn-calc .sum"), "\n")
	return strings.Join(lines, " ")
}

// office takes each request in charge and processes it.
func (t *Tour) office() error {
	b, err := t.login("ufficio", t.Clerk)
	if err != nil {
		return err
	}
	for _, code := range t.Schools {
		if err := t.step("ufficio", b, "cerca "+code, func() error { return b.Open("/ufficio/richieste?cerca=" + code) }); err != nil {
			return err
		}
		link := b.Page.Doc.Find("tbody th a").First()
		if link.Length() == 0 {
			return fmt.Errorf("no request of %s in the work list", code)
		}
		name := surf.Words(link)
		if err := t.step("ufficio", b, "apre "+name, func() error { return b.Open(link.AttrOr("href", "")) }); err != nil {
			return err
		}
		if err := t.step("ufficio", b, "Prendi in carico", func() error { return b.Press("Prendi in carico", nil) }); err != nil {
			return err
		}
		if b.Page.Doc.Find("main a[href*='/elabora']").Length() > 0 { // something is to be looked at first
			if err := t.step("ufficio", b, "Elabora…", func() error { return b.Follow("Elabora") }); err != nil {
				return err
			}
		}
		if err := t.step("ufficio", b, "Elabora", func() error { return b.Press("Elabora", nil) }); err != nil {
			return err
		}
	}
	return nil
}

// fetch waits for the signed contract in the school's archive and keeps it, and the school's mails.
func (t *Tour) fetch(code string) error {
	b, err := t.login(code, "SUPERVISOR."+code)
	if err != nil {
		return err
	}
	var pdf string
	for deadline := time.Now().Add(t.Wait); ; time.Sleep(200 * time.Millisecond) {
		if err := b.Open("/contratti"); err != nil {
			return err
		}
		pdf = b.Page.Doc.Find(`a[href$=".pdf"]`).First().AttrOr("href", "")
		if pdf != "" {
			break
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("no signed contract after %s", t.Wait)
		}
	}
	file, err := b.Fetch(pdf)
	if err != nil {
		return err
	}
	if err := t.keep(code+"-"+filepath.Base(pdf), file.Body); err != nil {
		return err
	}
	return t.mails(code, b)
}
