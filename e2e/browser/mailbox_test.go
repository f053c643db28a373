package browser_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"rinnova/e2e/browser"
	"rinnova/internal/mail"
	"rinnova/internal/mail/mailweb"
	"rinnova/internal/supplier/supplierweb"
	"rinnova/internal/web"
)

// openMailbox opens the demonstration's mailbox with the messages, which have a button that leads to a page of the portal.
func openMailbox(t *testing.T, messages ...mail.Message) *browser.Page {
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
	frame := func(r *http.Request) web.Shell { return supplierweb.Frame(example, web.LangOf(r.Context())) }
	return chromium.Open(t, serve(t, frame, (&mailweb.Handlers{Folder: folder, Shell: frame}).Routes))
}

func receipt() mail.Message {
	return mail.Message{
		ID: mail.MessageID("row-1", "esempio.example"), From: mail.Address("Esempio Software, rinnovi", "rinnovi@esempio.example"),
		ReplyTo: "contratti@esempio.example", To: "ragusa@scuola.example", Date: time.Date(2027, 1, 13, 9, 42, 7, 0, time.UTC),
		Attachments: []mail.Attachment{{Name: "contratto-2027-000123.pdf", ContentType: "application/pdf", Data: []byte("%PDF-1.7")}},
	}.Fill(mail.Content{
		Subject: "Contratto n. 2027/000123 firmato", Preview: "Il file PDF allegato è l’originale.", Sender: "Esempio Software", Service: "portale rinnovi",
		Title: "Il contratto è firmato",
		Blocks: []mail.Block{
			mail.Paragraph("Gentile segreteria,"),
			mail.Rows{{Label: "Contratto", Value: "n. 2027/000123"}, {Label: "Totale", Value: "€ 2.906,31"}},
			mail.Button{Label: "Aprire l’area riservata", URL: "https://rinnovi.esempio.example/area"},
		},
		Foot: []string{"Scuola: Istituto Comprensivo «G. Verga», Ragusa"},
	})
}

func TestMailbox(t *testing.T) {
	p := openMailbox(t, receipt())
	p.Go("/posta")
	p.Check("posta")
	p.Click("input[name=cerca]")
	p.Press("ragusa")
	if status := p.Follow("form.rn-filters button"); status != http.StatusOK || !strings.Contains(p.Text("tbody"), "2027/000123") {
		t.Errorf("the search: %d, %s", status, p.Text("main"))
	}
	p.Follow("tbody a")
	p.Check("posta-messaggio")
	frame, left := browser.Eval[string](p, `document.querySelector("iframe").getAttribute("src")`), browser.Eval[int](p, `document.querySelector("iframe").clientHeight`)
	p.Follow(".rn-views li:last-child a")
	p.Check("posta-messaggio-testo")
	p.WaitText("pre", "Aprire l’area riservata:\nhttps://rinnovi.esempio.example/area")
	p.Go(frame)
	if left -= browser.Eval[int](p, `document.documentElement.offsetHeight`); left < -60 || left > 100 {
		t.Errorf("under the message %d pixels are left", left)
	}
}

func TestMailboxEmpty(t *testing.T) {
	p := openMailbox(t)
	p.Go("/posta")
	p.Check("posta-vuota")
}
