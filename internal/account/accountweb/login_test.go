package accountweb

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/web"
)

func draw(t *testing.T, f LoginForm) *goquery.Document {
	t.Helper()
	var b bytes.Buffer
	if err := LoginPage(web.Shell{}, f).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestLoginPage(t *testing.T) {
	doc := draw(t, LoginForm{Username: `SUPERVISOR."><b>`, Return: "/rinnovo?a=1", Failed: rinnova.Say("Nome utente o password non corrispondono."), Back: "/assistenza"})
	form := doc.Find(`main form[method=post][action="/accesso"]`)
	for css, want := range map[string]string{
		"input[name=utente]":                                 `SUPERVISOR."><b>`,
		"input[name=torna]":                                  "/rinnovo?a=1",
		"input[type=password][name=password]":                "",
		"input[autocomplete=username][required]":             `SUPERVISOR."><b>`,
		"input[autocomplete=current-password]":               "",
		"input[name=password][aria-describedby=dimenticata]": "",
	} {
		if s := form.Find(css); s.Length() != 1 || s.AttrOr("value", "") != want {
			t.Errorf("%s: %d, value %q", css, s.Length(), s.AttrOr("value", ""))
		}
	}
	if got := form.Find("[role=alert] strong").Text(); got != "Nome utente o password non corrispondono." {
		t.Errorf("message: %q", got)
	}
	if form.Find("[role=alert]").Find("a").AttrOr("href", "") != "#utente" {
		t.Error("the message does not lead to the field")
	}
	if draw(t, LoginForm{}).Find("main form [role=alert]").Length() != 0 {
		t.Error("a fresh page shows a message")
	}
}

// The way to a new password stands by the field, and takes along a school's user name; nothing else, which may be a password.
func TestForgottenPasswordIsByTheField(t *testing.T) {
	for username, want := range map[string]string{"": "/password", " supervisor.sg00012 ": "/password?utente=+supervisor.sg00012+", `A&B "1"`: "/password", "Cavolo.Trottola7": "/password", "SUPERVISOR.SG00012x": "/password"} {
		a := draw(t, LoginForm{Username: username}).Find("#dimenticata a")
		if a.Text() != "Password dimenticata?" || a.AttrOr("href", "") != want {
			t.Errorf("%q leads to %q, want %q", a.Text(), a.AttrOr("href", ""), want)
		}
	}
}

// Whoever comes in learns what a user name is, whose the password is, and where the guides are.
func TestLoginPageExplains(t *testing.T) {
	doc := draw(t, LoginForm{Guides: []web.Link{{Text: "Password dimenticata", Href: "/guida/password-dimenticata"}}})
	main := doc.Find("main").Text()
	for _, want := range []string{account.ExampleUsername, "non è il codice meccanografico", "La password è della scuola"} {
		if !strings.Contains(main, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(main, "solo vostra") {
		t.Error("the password is said to be one person’s")
	}
	if doc.Find(`main a[href="/guida/password-dimenticata"]`).Length() != 1 {
		t.Error("the guide is not there")
	}
	if box := doc.Find("[data-reveal=password]"); box.Length() != 1 || box.Is(":not([hidden])") || box.Find("input").AttrOr("name", "") != "" {
		t.Error("without a script nothing should offer to show the password, and its checkbox is never sent")
	}
}
