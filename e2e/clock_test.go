package e2e_test

import (
	"net/http"
	"testing"
	"time"

	"rinnova/internal/account/accountweb"
	"rinnova/internal/demo"
	"rinnova/internal/surf"
)

// A clock that was ahead for a while, as of a machine that boots before it has asked for the time, leaves nothing behind.
func TestAClockThatWasAhead(t *testing.T) {
	for name, ahead := range map[string]time.Duration{"hours": 5 * time.Hour, "days": 3 * 24 * time.Hour, "a year": 365 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, p *program) {
				before := p.login(t, clerkOne)
				p.clock.Advance(ahead)
				during := p.login(t, clerkTwo)
				p.asks(t, supervisor("SG00003"))
				p.work(t)
				wrong := p.visitor(t)
				for range 6 {
					wrong.open(accountweb.LoginPath)
					wrong.pressFor(http.StatusUnprocessableEntity, "Accedi", surf.Values{accountweb.FieldUsername: {supervisor("SG00004")}, accountweb.FieldPassword: {"sbagliata"}})
				}
				for range 3 {
					p.asks(t, supervisor("SG00005"))
				}
				p.clock.Advance(-ahead)

				p.login(t, supervisor("SG00004")) // whose wait would last
				p.login(t, supervisor("SG00010")) // who has done nothing
				sent := len(p.mailsTo(t, p.school(t, "SG00003").Email))
				p.asks(t, supervisor("SG00003"))
				p.asks(t, supervisor("SG00005"))
				p.work(t)
				if n := len(p.mailsTo(t, p.school(t, "SG00003").Email)); n != sent+1 {
					t.Errorf("%d mails after a request at the right time, before it %d", n, sent)
				}
				p.clock.Advance(13 * time.Hour)
				for what, v := range map[string]*person{"of before": before, "of then": during} {
					check(t, v.Open("/ufficio"))
					if v.Page.URL.Path != accountweb.LoginPath {
						t.Errorf("a session %s is alive: %s", what, v.Page.URL)
					}
				}
				p.login(t, supervisor("SG00004"))
			})
		})
	}
}

// Nobody knows how old a session is that was begun by a clock that was ahead, be it an hour.
func TestASessionOfAnHourAhead(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		p.clock.Advance(time.Hour)
		v := p.login(t, clerkOne)
		p.clock.Advance(-time.Hour)
		check(t, v.Open("/ufficio"))
		if v.Page.URL.Path != accountweb.LoginPath {
			t.Errorf("a session that would last 13 hours is alive: %s", v.Page.URL)
		}
		v.press("Accedi", surf.Values{accountweb.FieldUsername: {clerkOne}, accountweb.FieldPassword: {demo.Password}})
		v.open("/ufficio")
	})
}
