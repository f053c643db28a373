package e2e_test

import (
	"fmt"

	"rinnova/e2e/browser"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/letter"
	"rinnova/internal/letter/letterweb"
	"rinnova/internal/school"
	"rinnova/internal/school/schoolweb"
	"rinnova/internal/sign"
	"rinnova/internal/supplier/supplierweb"
	"rinnova/internal/surf"
)

// The guides beside the renewals: the letter of appointment, corrections of the school's data, the check of a contract.

func (g *guided) preparesTheLetter() {
	door := "section[aria-labelledby=lettera]"
	g.Go(supplierweb.SupportPath)
	g.shoot("lettera-porta", door, door+" .btn-outline-primary")
	g.follow(door + " .btn-outline-primary")
	g.reads("Lettera di nomina a responsabile esterno", "Da preparare")
	g.Type("#"+letter.FieldHead, "Nome di prova")
	g.Type("#"+letter.FieldDPOName, "Altro nome di prova")
	g.Type("#"+letter.FieldDPOContact, "rpd@scuola.example")
	g.shoot("lettera-dati", "section[aria-labelledby=prepara]", "section[aria-labelledby=prepara] button")
	g.follow("section[aria-labelledby=prepara] button")
	g.reads("Da firmare")
	g.shoot("lettera-firma", "#scarica", "#scarica .btn-primary")
	g.shoot("lettera-carica", "#carica", "#carica button")
}

func (g *guided) sendsTheLetter() {
	h, err := g.p.Letters.History(g.t.Context(), g.p.actor(g.t, clerkOne), g.p.school(g.t, guideSchool).ID)
	check(g.t, err)
	pdf, err := g.p.Files.Get(g.t.Context(), h.Last().File.Key)
	check(g.t, err)
	signed, err := headTeacher(g.t).SignPDF(g.t.Context(), pdf, sign.Options{Name: "Nome di prova", At: start})
	check(g.t, err)
	g.attach("nomina-firmata.pdf", signed)
	g.follow("#carica button")
	g.reads("Lettera ricevuta il")
	g.shoot("lettera-inviata", "main .rn-title:has(h1), main .rn-lead, main .rn-steps, main .rn-stack > .rn-note")
	check(g.t, g.p.Letters.Accept(g.t.Context(), g.p.actor(g.t, clerkOne), g.p.school(g.t, guideSchool).ID, lastSigned(g.t, g.p, guideSchool)))
	g.p.work(g.t)
	g.Go(letterweb.Path)
	g.reads("Accettata")
}

func (g *guided) correctsTheData() {
	g.Go(schoolweb.DataPath)
	g.shoot("dati-tabella", "main > .rn-wrap", "main .btn-primary")
	g.follow("main .btn-primary")
	g.Type("#"+string(school.FieldWebsite), "www.scuola-di-prova.example")
	g.Click("#" + school.FieldNote)
	g.Press("Il sito è cambiato a settembre.")
	g.shoot("dati-correzione", "main form", "#"+string(school.FieldWebsite), "main form .btn-primary")
	g.follow("main form .btn-primary")
	g.reads("in attesa del nostro ufficio", "Chiesto: www.scuola-di-prova.example")
	g.shoot("dati-attesa", "main .rn-title:has(h1), main .rn-note, main .rn-card:has(table)")
}

func (g *guided) hearsOfTheCorrection() {
	clerk := g.p.login(g.t, clerkOne)
	clerk.open(schoolweb.OfficePath)
	clerk.follow(g.p.school(g.t, guideSchool).ShortName)
	clerk.press("Registra le decisioni", surf.Values{"decision-" + string(school.FieldWebsite): {"accetta"}})
	g.p.work(g.t)
	g.p.newest(g.t, "Correzione dei dati della scuola")
	g.Go(schoolweb.DataPath)
	g.reads("Accettata", "Corretto da voi")
	g.shoot("dati-decisa", "main .rn-title:has(h1), main .rn-card:has(table)")
}

// checksTheContract checks the contract of the guide. Its code and its hash are different each time: the pictures show an
// example in their place.
func (g *guided) checksTheContract() {
	c := g.p.contractOf(g.t, guideSchool)
	code := contract.ShowCode(c.Document.VerifyCode)
	g.Go("/")
	g.follow("footer a[href='" + contractweb.VerifyPath + "']")
	g.Type("#codice", "7KQX-M4TD-92RF")
	g.shoot("verifica-codice", "main form", "#codice")
	g.Go(contractweb.VerifyPath)
	g.Type("#codice", code)
	g.follow("main form .btn-primary")
	g.reads("Contratto n. 2026/000001", "Registrato")
	g.compares(contractweb.SchoolFilePath(c.ID, c.FileName()))
	g.WaitText("#risultato", "È l’originale")
	browser.Eval[bool](g.Page, fmt.Sprintf(`(() => {
		const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replace(%q, "7KQX-M4TD-92RF").replace(/[0-9a-f]{64}/, "…");
		return true;
	})()`, code))
	g.shoot("verifica-dati", "section[aria-labelledby=esito]")
	g.shoot("verifica-file", "section[aria-labelledby=confronto]")
}

// compares chooses a file of the portal in the page's field, as a person does who has downloaded it.
func (g *guided) compares(path string) {
	browser.Eval[bool](g.Page, fmt.Sprintf(`fetch(%q).then(r => r.blob()).then(b => {
		const files = new DataTransfer(), input = document.querySelector("#file");
		files.items.add(new File([b], "contratto-2026-000001.pdf", {type: "application/pdf"}));
		input.files = files.files;
		input.dispatchEvent(new Event("change", {bubbles: true}));
		return true;
	})`, path))
}
