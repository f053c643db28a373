package school_test

import (
	"testing"

	"rinnova/e2e/browser"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/renewal/renewaltest"
)

// The browser makes the hash itself: the file goes nowhere.
func TestVerify(t *testing.T) {
	s := newSite(t)
	s.Confirm(t, s.A, renewaltest.Order(), renewaltest.StartTicks()...)
	c := s.Process(t, s.A)
	p := chromium.Open(t, s.URL)
	p.Go(contractweb.VerifyPath)
	p.Check("verifica")
	p.Type("#codice", "7kqx m4td")
	if status := p.Follow("main button"); status != 422 {
		t.Fatalf("status %d", status)
	}
	p.Check("verifica-errore")
	p.Go(contractweb.VerifyPath + "/7KQX-M4TD-92RF")
	p.Check("verifica-sconosciuto")
	p.Go(contractweb.VerifyPath + "/" + contract.ShowCode(c.Document.VerifyCode))
	p.Check("verifica-trovato")

	choose := func(edit string) {
		t.Helper()
		browser.Eval[bool](p, `fetch("`+contractweb.SchoolFilePath(c.ID, c.FileName())+`").then(r => r.arrayBuffer()).then(b => {
			const bytes = new Uint8Array(b); `+edit+`
			const files = new DataTransfer();
			files.items.add(new File([bytes], "contratto.pdf", {type: "application/pdf"}));
			const input = document.querySelector("#file");
			input.files = files.files;
			input.dispatchEvent(new Event("change", {bubbles: true}));
			return true;
		})`)
	}
	choose("")
	p.WaitText("#risultato", "È l’originale")
	p.Check("verifica-originale")
	choose("bytes[100] ^= 1;")
	p.WaitText("#risultato", "Non è l’originale")
	p.Click("[data-compare] button") // pressing the button sends nothing either
	if got := p.URL(); got != contractweb.VerifyPath+"/"+contract.ShowCode(c.Document.VerifyCode) {
		t.Errorf("the file was sent to %s", got)
	}
}
