package e2e_test

import (
	"net/http"
	"strings"

	"rinnova/e2e/browser"
	"rinnova/internal/account"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/demo"
	"rinnova/internal/mail/mailweb"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/supplier/supplierweb"
)

func (g *guided) opensTheServices() {
	door := "a[href='" + renewalweb.DoorPath(renewal.Services) + "']"
	g.Go(supplierweb.SupportPath)
	g.shoot("servizi-porta", "main > .rn-wrap", "main "+door)
	g.follow("main " + door)
	g.reads("Rinnovo servizi", "01/10/2026", "30/09/2027")
}

func (g *guided) renewsTheServices() {
	g.Type("#"+renewal.FieldCIG, demo.CIG(2))
	g.Type("#"+renewal.FieldNumber, "215/2026")
	g.Type("#"+renewal.FieldDate, "16/11/2026")
	g.Choose("#"+renewal.FieldPayment, "30")
	g.WaitText("#da-fare", "Dati dell’ordine")
	g.shoot("servizi-ordine", "section[aria-labelledby=s1]")
	g.shoot("servizi-tabella", "section[aria-labelledby=s3]")
	g.Click("#" + renewal.FieldAccept)
	g.follow("button[value=conferma]")
	g.reads("Conferma n. 1 ricevuta")
	g.shoot("servizi-ricevuta", "section[aria-labelledby=h], section[aria-labelledby=n]")
}

func (g *guided) receivesTheServicesContract() {
	v := g.p.viewOf(g.t, renewal.Services, guideSchool)
	_, err := g.p.Contracts.Process(g.t.Context(), g.p.actor(g.t, clerkOne), v.Request.ID, v.Request.Revision)
	check(g.t, err)
	g.p.work(g.t)
	g.Go(contractweb.ArchivePath)
	g.reads("2026/000001", "S-2026/000001")
	g.shoot("servizi-contratto", "main > .rn-wrap")
}

func (g *guided) forgetsThePassword() {
	g.leave()
	g.Go(accountweb.LoginPath)
	g.reads("Password dimenticata?")
	g.shoot("password-accesso", "main form", "main form a[href^='"+accountweb.AskPath+"']")
	g.follow("main form a[href^='" + accountweb.AskPath + "']")
}

func (g *guided) asksForANewPassword() {
	g.Type("#"+accountweb.FieldUsername, supervisor(guideSchool))
	g.shoot("password-utente", "main section:has(form)", "main form .btn-primary")
	g.follow("main form .btn-primary")
}

func (g *guided) readsTheAddress() {
	school := g.p.school(g.t, guideSchool)
	if text := g.Text("main"); strings.Contains(text, school.Email) {
		g.t.Errorf("the page tells the whole address %s", school.Email)
	}
	g.reads("Controllate la posta", "entro un’ora", "Non è arrivato nulla?")
	g.shoot("password-posta", "main > .rn-wrap")
}

// opensTheLink reads the mail. Its link is different each time: the picture shows dots in its place.
func (g *guided) opensTheLink() {
	g.p.work(g.t)
	m := g.p.newest(g.t, "Nuova password")
	g.Go(mailweb.Path + "/" + m.Key + "/html")
	address := browser.Eval[string](g.Page, `document.querySelector("a[href*='codice=']").getAttribute("href")`)
	browser.Eval[bool](g.Page, `(() => {
		const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replace(/https?:\/\/\S+codice=\S+/, "https://portale.esempiosoftware.example/password/nuova?codice=…");
		return true;
	})()`)
	g.Width(660) // as wide as mails are
	g.shoot("password-messaggio", "body > table")
	g.Width(guideWidth)
	g.Go(strings.TrimPrefix(address, g.p.URL))
	g.reads("Scegliete la nuova password")
}

func (g *guided) choosesANewPassword() {
	g.shoot("password-nuova", "main section:has(form)", "#"+account.FieldNew, "#"+account.FieldAgain)
	g.Type("#"+account.FieldNew, newPassword)
	g.Type("#"+account.FieldAgain, newPassword+" sbagliata")
	g.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	g.reads("La password non è ancora cambiata")
	g.Type("#"+account.FieldNew, newPassword)
	g.Type("#"+account.FieldAgain, newPassword)
	g.follow("main form .btn-primary")
	g.reads("La password è cambiata", "avvisate i colleghi")
	g.shoot("password-cambiata", "main section:has(form)")
}

func (g *guided) comesInAgain() {
	g.Type("#"+accountweb.FieldUsername, supervisor(guideSchool))
	g.Type("#"+accountweb.FieldPassword, newPassword)
	g.follow("main form .btn-primary")
	g.reads(guideSchoolName)
}
