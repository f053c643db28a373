package e2e_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"rinnova/internal/demo"
	"rinnova/internal/outbox"
	"rinnova/internal/reminder/reminderweb"
)

// remind sets the reminders of the season of assistance, which closes 60 days after the tests' start, and moves the clock to
// the office hours of the day on which the first is due: Tuesday 5 January 2027.
func (p *program) remind(t *testing.T) {
	t.Helper()
	_, err := p.DB.Writer(t.Context()).ExecContext(t.Context(), `UPDATE campaign SET setup = '{"Reminders": {"Before": [14, 3], "NoCIGDays": 7}}' WHERE id = $1`, demo.CampaignID)
	check(t, err)
	p.clock.Advance(46 * 24 * time.Hour)
	check(t, p.Reminders.Sweep(t.Context()))
	p.work(t)
}

var stopLink = regexp.MustCompile(`/solleciti/[A-Z0-9]{26}`)

// stopLink reads the link out of the reminder to a school.
func (p *program) stopLink(t *testing.T, code string) string {
	t.Helper()
	for _, m := range p.mailsAbout(t, code) {
		if m.Kind != outbox.Reminder {
			continue
		}
		full, err := p.Messages.Message(t.Context(), m.ID)
		check(t, err)
		return stopLink.FindString(full.Body.Text)
	}
	t.Fatalf("%s was not reminded", code)
	return ""
}

// TestReminders is a reminder from its day to the school that wants no more of them, and to the one that has confirmed and gets
// none.
func TestReminders(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		p.confirm(t, editable, 1)
		p.remind(t)
		for _, m := range p.mailsAbout(t, editable) {
			if m.Kind == outbox.Reminder {
				t.Error("a school that has confirmed was reminded")
			}
		}
		v := p.visitor(t)
		path := p.stopLink(t, stranger)
		v.open(path)
		v.reads("Solleciti a questo indirizzo", "Non inviate più solleciti", "Ricevute, contratti e messaggi per la password arrivano comunque")
		v.open(path) // a scanner follows links as often as it likes
		v.reads("Non inviate più solleciti")
		if status, _ := p.visitor(t).post(p.stopLink(t, taken), map[string]string{"List-Unsubscribe": "One-Click"}); status != 303 { // as mail programs post it
			t.Errorf("one click in a mail program: status %d", status)
		}
		v.press("Non inviate più solleciti", nil)
		v.reads("non arrivano più solleciti")

		p.clock.Advance(11 * 24 * time.Hour) // 16 January is a Saturday
		check(t, p.Reminders.Sweep(t.Context()))
		p.clock.Advance(2 * 24 * time.Hour)
		check(t, p.Reminders.Sweep(t.Context()))
		p.work(t)
		for code, want := range map[string]int{stranger: 1, taken: 1, returned: 2, editable: 0} {
			n := 0
			for _, m := range p.mailsAbout(t, code) {
				if m.Kind == outbox.Reminder {
					n++
					if !strings.Contains(m.Subject, "Rinnovo 2027: si chiude martedì") {
						t.Errorf("subject %q", m.Subject)
					}
				}
			}
			if n != want {
				t.Errorf("%s got %d reminders, want %d", code, n, want)
			}
		}
		school := p.login(t, supervisor(stranger))
		school.open("/area")
		school.reads("Solleciti fermi", "come ci avete chiesto")
		school.press("Riceveteli di nuovo", nil)
		if toast := school.Page.Text(".rn-toast"); toast != "I solleciti arrivano di nuovo." {
			t.Errorf("the school is told %q", toast)
		}
		chief := p.login(t, admin)
		chief.open(reminderweb.OfficePath)
		chief.reads("14 giorni prima della chiusura", "3 giorni prima della chiusura", "Sollecita oggi…", "Cambiate i giorni")
		p.asksBeforeReminding(t)
	})
}

// asksBeforeReminding reminds by hand: the page asks with the number of schools, and nothing leaves before it is answered.
func (p *program) asksBeforeReminding(t *testing.T) {
	t.Helper()
	chief := p.login(t, admin)
	planned := func() (n int) {
		t.Helper()
		check(t, p.DB.Reader(t.Context()).QueryRowContext(t.Context(), `SELECT count(*) FROM reminder WHERE rule LIKE 'now-%'`).Scan(&n))
		return n
	}
	path := reminderweb.OfficePath + "/" + demo.CampaignID
	chief.open(path)
	waiting := chief.Page.Doc.Find("input[name=quante]").AttrOr("value", "")
	chief.reads("Sollecitare "+waiting+" scuole?", "Una mail partita non torna indietro")
	if status, body := chief.post(path, map[string]string{"quante": "1"}); status != 200 || !strings.Contains(body, "Sollecitare "+waiting+" scuole?") || planned() != 0 {
		t.Errorf("more schools than were asked about: status %d, %d reminders", status, planned())
	}
	if status, _ := p.login(t, clerkOne).post(path, map[string]string{"quante": waiting}); status != 403 || planned() != 0 {
		t.Errorf("a clerk: status %d, %d reminders", status, planned())
	}
	chief.open(path)
	chief.press("Sollecita "+waiting+" scuole", nil)
	if n := planned(); strconv.Itoa(n) != waiting {
		t.Errorf("%d reminders, want %s", n, waiting)
	}
}

func (w *walk) reminders() {
	w.p.remind(w.t)
	path := w.p.stopLink(w.t, stranger)
	w.look(path, "solleciti-ferma")
	w.follow("main form button")
	w.check("solleciti-fermi")
	w.Go("/area")
	w.enter(supervisor(stranger))
	w.check("area-solleciti-fermi")
	w.leave()
	w.Go(reminderweb.OfficePath)
	w.enter(admin)
	w.check("ufficio-solleciti")
	w.look(reminderweb.OfficePath+"/"+demo.CampaignID, "ufficio-sollecita-oggi")
	w.look(reminderweb.OfficePath+"/"+demo.ServicesID, "ufficio-sollecita-servizi")
	w.leave()
}
