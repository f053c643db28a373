package demo

import (
	"context"
	_ "embed"
	"fmt"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/app"
	"rinnova/internal/letter"
	"rinnova/internal/sign"
	"rinnova/internal/terms"
)

//go:embed texts/nomina-responsabile.md
var appointment string

// letterTextID is the text of the letter of appointment.
const letterTextID = "demo-nomina"

// letterText adds the text of the letter of appointment, and what the vendor says in it, where they are not there yet.
func (s *seeder) letterText(ctx context.Context) error {
	if _, err := s.app.Terms.Terms(ctx, letterTextID); err == nil || rinnova.KindOf(err) != rinnova.NotFound {
		return err
	}
	p, err := s.app.Vendors.Profile(ctx)
	if err != nil {
		return err
	}
	if p.DPO == "" {
		p.DPO, p.PaymentTerms = Profile().DPO, Profile().PaymentTerms
		if err := s.app.Vendors.Save(ctx, rinnova.System, p); err != nil {
			return err
		}
	}
	return s.app.Terms.Add(ctx, terms.Terms{ID: letterTextID, Kind: terms.Appointment, Version: "2027-01", Title: "Lettera di nomina a responsabile esterno",
		Body: appointment, EffectiveFrom: rinnova.MustDate("2026-01-01")})
}

// invented is what a school of the demonstration fills in: names that say what they are.
var invented = letter.Form{Head: "Nome di prova (inventato)", DPOName: "Rpd inventato", DPOContact: "rpd@scuola.example"}

// letterCase is a school that has begun its letter, and how far it is.
type letterCase struct {
	school   int // its place in the list of schools, from the last one back
	form     letter.Form
	sent     bool
	scan     bool // signed by hand: the file carries no digital signature
	p7m      bool
	outcome  letter.State
	toRepair string // the reason why it is to be done again
}

var letterCases = []letterCase{
	{school: 1, form: invented},
	{school: 2, form: letter.Form{}},
	{school: 3, form: invented, sent: true},
	{school: 4, form: invented, sent: true, p7m: true},
	{school: 5, form: letter.Form{}, sent: true, scan: true},
	{school: 6, form: invented, sent: true, outcome: letter.Accepted},
	{school: 7, form: invented, sent: true, p7m: true, outcome: letter.Accepted},
	{school: 8, form: invented, sent: true, outcome: letter.Accepted},
	{school: 9, form: letter.Form{}, sent: true, scan: true, outcome: letter.ToRedo,
		toRepair: "Nella scansione manca la seconda pagina, quella con la firma del dirigente. Rifatela con tutte le pagine in un solo file."},
}

// Letters lets some schools of a demonstration prepare and send their letters, so that the office's list is alive. The people
// in them are invented, and their signatures say that they prove nothing. It does nothing where any school has begun; folder is
// for the key that signs.
func Letters(ctx context.Context, a *app.App, folder string) error {
	counts, err := a.LetterStore.Counts(ctx)
	if delete(counts, letter.Missing); err != nil || len(counts) > 0 {
		return err
	}
	key, err := sign.DemoKey(a.Clock, folder, "Scuola di prova (inventata)")
	if err != nil {
		return err
	}
	schools, err := a.SchoolStore.All(ctx)
	if err != nil {
		return err
	}
	office, ok, err := a.Accounts.Store.ByUsername(ctx, Office[0].Username)
	if err != nil || !ok {
		return fmt.Errorf("letters of the demonstration: no clerk: %w", err)
	}
	for _, c := range letterCases {
		if c.school > len(schools)/2 {
			return nil // a small demonstration keeps schools that have not begun
		}
		owner, _, err := a.Accounts.Store.ByUsername(ctx, account.Supervisor(schools[len(schools)-c.school].PortalCode))
		if err != nil {
			return err
		}
		if err := c.play(ctx, a, sign.NewSigner(key, nil), owner.Actor(), office.Actor()); err != nil {
			return fmt.Errorf("letter of %s: %w", owner.Username, err)
		}
	}
	return nil
}

func (c letterCase) play(ctx context.Context, a *app.App, pen *sign.Signer, school, clerk rinnova.Actor) error {
	l, problems, err := a.Letters.Prepare(ctx, school, c.form)
	if err != nil || len(problems) > 0 {
		return fmt.Errorf("%v: %w", problems, err)
	}
	if !c.sent {
		return nil
	}
	file, name, err := c.file(ctx, a, pen, l)
	if err != nil {
		return err
	}
	sent, problems, err := a.Letters.Receive(ctx, school, name, file)
	if err != nil || len(problems) > 0 {
		return fmt.Errorf("%v: %w", problems, err)
	}
	if sent.Outcome == letter.Held { // a scan: the school says that it is one
		if sent, err = a.Letters.Send(ctx, school, sent.ID); err != nil {
			return err
		}
	}
	switch c.outcome {
	case letter.Accepted:
		return a.Letters.Accept(ctx, clerk, school.SchoolID, sent.ID)
	case letter.ToRedo:
		_, err := a.Letters.Redo(ctx, clerk, school.SchoolID, sent.ID, c.toRepair)
		return err
	}
	return nil
}

// file is what the school sends: the letter signed in one way or the other; a scan is played by a letter that was drawn again.
func (c letterCase) file(ctx context.Context, a *app.App, pen *sign.Signer, l *letter.Letter) (data []byte, name string, err error) {
	if c.scan {
		d := l.Document
		d.Form.Protocol = "scansione di prova"
		data, err = a.Printer.Letter(d)
		return data, "scansione.pdf", err
	}
	if data, err = a.Files.Get(ctx, l.File.Key); err != nil {
		return nil, "", err
	}
	if c.p7m {
		data, err = pen.SignFile(ctx, data, a.Clock())
		return data, "nomina firmata.pdf.p7m", err
	}
	data, err = pen.SignPDF(ctx, data, sign.Options{Name: "Firma di prova", At: a.Clock()})
	return data, "nomina firmata.pdf", err
}
