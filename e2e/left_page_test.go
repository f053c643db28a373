package e2e_test

import (
	"net/http"
	"testing"
	"time"

	"rinnova/internal/account/accountweb"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
)

// TestLeavingThePageKeepsWhatWasTyped types an order number and leaves by the menu without leaving the field: it is in the draft.
func TestLeavingThePageKeepsWhatWasTyped(t *testing.T) {
	p := onSQLite(t)
	p.chooseBand(t, editable)
	b := p.tab(t)
	b.Go(renewalweb.CurrentPath)
	b.enter(supervisor(editable))
	b.Type("#"+renewal.FieldNumber, "PROT/27")
	b.Go(renewalweb.AreaPath)
	for range 100 { // it is sent while the next page comes
		if p.view(t, editable).Request.Draft.Order.Number == "PROT/27" {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("the draft has %+v", p.view(t, editable).Request.Draft.Order)
}

// TestTheSessionEndsMeanwhile sends a form after logging out elsewhere: the login page says that it did not arrive and leads back.
func TestTheSessionEndsMeanwhile(t *testing.T) {
	p := onSQLite(t)
	v := p.login(t, supervisor(editable))
	id := p.request(t, editable).ID
	res := p.visitor(t).request(http.MethodPost, renewalweb.RenewalPath(id), "application/x-www-form-urlencoded", nil, "Referer", p.URL+renewalweb.RenewalPath(id))
	res.Body.Close()
	v.open(res.Header.Get("Location")) // logged in: on to the page
	if v.Page.URL.Path != renewalweb.RenewalPath(id) && v.Page.URL.Path != renewalweb.RenewalPath(id)+"/fascia" {
		t.Errorf("leads to %s", v.Page.URL)
	}
	nobody := p.visitor(t)
	nobody.open(res.Header.Get("Location"))
	nobody.reads("quello che avete inviato non è arrivato")
	if nobody.Page.URL.Path != accountweb.LoginPath {
		t.Errorf("asked for a login at %s", nobody.Page.URL)
	}
	elsewhere := p.visitor(t).request(http.MethodPost, renewalweb.RenewalPath(id), "application/x-www-form-urlencoded", nil, "Referer", "https://altrove.example/x")
	elsewhere.Body.Close()
	if got := elsewhere.Header.Get("Location"); got != accountweb.LoginPath+"?uscita=1&torna=" {
		t.Errorf("from another site it leads to %s", got)
	}
}
