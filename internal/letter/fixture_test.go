package letter_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/blob"
	"rinnova/internal/contract/contractpdf"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb"
	"rinnova/internal/job"
	"rinnova/internal/letter"
	"rinnova/internal/letter/letterdb"
	"rinnova/internal/letter/letterdocx"
	"rinnova/internal/school"
	"rinnova/internal/school/schooldb"
	"rinnova/internal/sign"
	"rinnova/internal/supplier"
	"rinnova/internal/terms"
	"rinnova/internal/terms/termsdb"
)

// desk is the service on a database, with two schools.
type desk struct {
	*letter.Service
	t       *testing.T
	now     time.Time
	profile supplier.Profile
	store   letterdb.Store
	texts   termsdb.Store
	schools schooldb.Store
	events  eventdb.Store
	mails   []string         // the reasons that schools were told
	sent    []*letter.Signed // whose acceptance was sent
	printer *contractpdf.Printer

	a, b, clerk rinnova.Actor
}

func eachDesk(t *testing.T, test func(d *desk)) {
	dbtest.Each(t, func(t *testing.T, base *db.DB) { test(newDesk(t, base)) })
}

func newDesk(t *testing.T, base *db.DB) *desk {
	t.Helper()
	d := &desk{t: t, now: time.Date(2026, 11, 20, 9, 51, 7, 0, time.UTC), store: letterdb.Store{DB: base}, texts: termsdb.Store{DB: base}, schools: schooldb.Store{DB: base}, events: eventdb.Store{DB: base}}
	d.profile = supplier.Profile{Name: "Esempio Software S.r.l.", Address: "via delle Querce 15, 20100 Milano (MI)", VATNumber: "12345678903", Signatory: "Nome Inventato",
		DPO: "rpd@esempiosoftware.example", Fictional: true}
	printer, err := contractpdf.NewPrinter()
	d.must(err)
	d.Service = &letter.Service{Store: d.store, Texts: d.texts, Schools: d.schools, Vendors: d, Files: blob.Dir{Root: t.TempDir()}, Printer: printer, Editable: letterdocx.Write, Post: d,
		Events: d.events, Clock: func() time.Time { d.now = d.now.Add(time.Millisecond); return d.now }}
	d.printer, d.Signer = printer, vendorPen{newPen(t, d.profile.Name), d.Clock}
	d.Queue = job.New(base, d.Clock, slog.New(slog.DiscardHandler))
	d.Queue.Handle(letter.AcceptJob, d.Work())
	for i, code := range []string{"RGIC82700L", "RGIC82800C"} {
		id := []string{"scuola-a", "scuola-b"}[i]
		s := school.School{ID: id, PortalCode: "SG0000" + string(rune('1'+i)), CustomerNumber: "00000" + string(rune('1'+i)), MinistryCode: code, Name: []string{"I.C. ALFA", "I.C. BETA"}[i],
			Town: "RAGUSA", ProvinceCode: "RG", Postcode: "97100", Address: "VIA PROVA 1", TaxCode: "80006890646", Email: "scuola@istruzione.example", CreatedAt: d.now, UpdatedAt: d.now}
		s.Rename(s.Name)
		d.must(d.schools.Add(t.Context(), s))
	}
	d.a = rinnova.Actor{AccountID: "a", Username: "SUPERVISOR.SG00001", Name: "Scuola A", Role: rinnova.RoleSchool, SchoolID: "scuola-a"}
	d.b = rinnova.Actor{AccountID: "b", Username: "SUPERVISOR.SG00002", Name: "Scuola B", Role: rinnova.RoleSchool, SchoolID: "scuola-b"}
	d.clerk = rinnova.Actor{AccountID: "c", Username: "OPERATORE.UNO", Name: "Operatore Uno", Role: rinnova.RoleClerk}
	d.publish("2027-01", "2026-01-01")
	return d
}

// Profile plays the settings.
func (d *desk) Profile(context.Context) (supplier.Profile, error) { return d.profile, nil }

// LetterToRedo plays the mail.
func (d *desk) LetterToRedo(_ context.Context, _ school.School, why string) error {
	d.mails = append(d.mails, why)
	return nil
}

// LetterAccepted plays the mail.
func (d *desk) LetterAccepted(_ context.Context, _ school.School, c *letter.Signed) error {
	d.sent = append(d.sent, c)
	return nil
}

// work runs the jobs.
func (d *desk) work() {
	d.t.Helper()
	d.must(d.Queue.Drain(d.t.Context()))
}

// vendorPen plays the vendor's key.
type vendorPen struct {
	*sign.Signer
	clock rinnova.Clock
}

func (v vendorPen) Ready() error { return nil }

func (v vendorPen) Sign(ctx context.Context, pdf []byte, reason string) ([]byte, error) {
	return v.SignPDF(ctx, pdf, sign.Options{Name: "Fornitore inventato", Reason: reason, At: v.clock()})
}

func (v vendorPen) SignedLast(ctx context.Context, pdf []byte) error {
	found, err := sign.InspectPDF(ctx, pdf)
	if err != nil {
		return err
	}
	if last := found[len(found)-1]; last.Integrity != sign.Intact || last.Continued || !v.Key().Certificate().Equal(last.Certificate) {
		return errors.New("not signed by the vendor")
	}
	return nil
}

func text(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../demo/texts/nomina-responsabile.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// publish adds a version of the letter's text.
func (d *desk) publish(version, from string) {
	d.t.Helper()
	d.must(d.texts.Add(d.t.Context(), terms.Terms{ID: "nomina-" + version, Kind: terms.Appointment, Version: version, Title: "Nomina",
		Body: text(d.t) + "\n- " + version + "\n", EffectiveFrom: rinnova.MustDate(from)}))
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// prepare makes a letter that must be possible.
func (d *desk) prepare(actor rinnova.Actor, f letter.Form) *letter.Letter {
	d.t.Helper()
	l, problems, err := d.Prepare(d.t.Context(), actor, f)
	d.must(err)
	if len(problems) > 0 {
		d.t.Fatalf("not prepared: %v", problems)
	}
	return l
}

// receive sends a file that must be taken, and answers yes where it is asked.
func (d *desk) receive(actor rinnova.Actor, name string, data []byte) *letter.Signed {
	d.t.Helper()
	c := d.upload(actor, name, data)
	if c.Outcome == letter.Held {
		sent, err := d.Send(d.t.Context(), actor, c.ID)
		d.must(err)
		return sent
	}
	return c
}

// upload sends a file that must be taken, perhaps with a question.
func (d *desk) upload(actor rinnova.Actor, name string, data []byte) *letter.Signed {
	d.t.Helper()
	c, problems, err := d.Receive(d.t.Context(), actor, name, data)
	d.must(err)
	if len(problems) > 0 {
		d.t.Fatalf("not taken: %v", problems)
	}
	return c
}

func (d *desk) file(l *letter.Letter) []byte {
	d.t.Helper()
	b, err := d.Files.Get(d.t.Context(), l.File.Key)
	d.must(err)
	return b
}

// scan plays a paper that was signed by hand and scanned: no signature, and not the file that was prepared.
func (d *desk) scan(schoolID, protocol string) []byte {
	d.t.Helper()
	all := d.history(schoolID).Letters
	doc := all[len(all)-1].Document
	doc.Form.Protocol = protocol
	b, err := d.printer.Letter(doc)
	d.must(err)
	return b
}

// history is what the office sees of a school.
func (d *desk) history(schoolID string) *letter.History {
	d.t.Helper()
	h, err := d.History(d.t.Context(), d.clerk, schoolID)
	d.must(err)
	return h
}

// kinds are what happened to a thing, the newest first.
func (d *desk) kinds(id string) []event.Kind {
	d.t.Helper()
	all, err := d.events.About(d.t.Context(), id, 100)
	d.must(err)
	var out []event.Kind
	for _, e := range all {
		out = append(out, e.Kind)
	}
	return out
}

// pen signs with a key that proves nothing.
func pen(t *testing.T) *sign.Signer { return newPen(t, "Scuola inventata") }

func newPen(t *testing.T, organisation string) *sign.Signer {
	t.Helper()
	key, err := sign.DemoKey(func() time.Time { return signedAt }, t.TempDir(), organisation)
	if err != nil {
		t.Fatal(err)
	}
	return sign.NewSigner(key, nil)
}

var signedAt = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)

const signerName = "Firma dimostrativa – senza valore legale"

func pades(t *testing.T, pdf []byte) []byte {
	t.Helper()
	b, err := pen(t).SignPDF(t.Context(), pdf, sign.Options{Name: "Nome Inventato", At: signedAt})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func cades(t *testing.T, content []byte) []byte {
	t.Helper()
	b, err := pen(t).SignFile(t.Context(), content, signedAt)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
