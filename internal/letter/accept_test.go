package letter_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/letter"
	"rinnova/internal/sign"
)

// acceptedFile is the vendor's acceptance of the last file that was sent.
func (d *desk) acceptedFile() (*letter.Signed, []byte) {
	d.t.Helper()
	c := d.history("scuola-a").LastSigned()
	if c.Acceptance.Kind == "" {
		d.t.Fatal("there is no acceptance")
	}
	b, err := d.Files.Get(d.t.Context(), c.Acceptance.File.Key)
	d.must(err)
	return c, b
}

// A signed PDF is countersigned, so that the school's signature stays valid; of anything else a sheet of its own says which file
// is accepted. What others check agrees.
func TestAcceptance(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t, ctx := d.t, d.t.Context()
		l := d.prepare(d.a, letter.Form{})
		signed := pades(t, d.file(l))
		for name, x := range map[string]struct {
			file       []byte
			kind       letter.AcceptanceKind
			signatures int
		}{
			"a signed PDF":                       {signed, letter.Countersigned, 2},
			"signed twice":                       {pades(t, signed), letter.Countersigned, 3},
			"of another program":                 {pades(t, tool(t, d.file(l), "qpdf", "--object-streams=generate", "IN", "OUT")), letter.Countersigned, 2},
			"with something behind":              {append(bytes.Clone(signed), "\n\n"...), letter.Countersigned, 2},
			"a .p7m":                             {cades(t, d.file(l)), letter.Sheet, 1},
			"a .p7m of a signed PDF":             {cades(t, signed), letter.Sheet, 1},
			"a scan":                             {d.scan("scuola-a", "scansione"), letter.Sheet, 1},
			"a signature that nobody can check":  {openssl(t, d.file(l), "-outform", "DER", "-noattr"), letter.Sheet, 1},
			"a signature that forbids a further": {restricting(t, d.file(l)), letter.Sheet, 1},
		} {
			t.Run(name, func(t *testing.T) {
				sent := d.receive(d.a, "nomina.pdf", x.file)
				d.sent = nil
				d.must(d.Accept(ctx, d.clerk, "scuola-a", sent.ID))
				if len(d.sent) > 0 || d.history("scuola-a").LastSigned().Acceptance.Kind != "" {
					t.Error("it was signed at once, not by the job")
				}
				d.work()
				c, file := d.acceptedFile()
				found, err := sign.InspectPDF(t.Context(), file)
				if err != nil || len(found) != x.signatures || c.Acceptance.Kind != x.kind {
					t.Fatalf("%s with %d signatures: %v", c.Acceptance.Kind, len(found), err)
				}
				for i, f := range found {
					if f.Integrity != sign.Intact || f.Continued != (i < len(found)-1) {
						t.Errorf("signature %d: %+v", i+1, f)
					}
				}
				if got := tool2(t, file, "pdfsig", "-nocert"); strings.Count(got, "Signature is Valid") != x.signatures || strings.Contains(got, "NOT") {
					t.Errorf("pdfsig says:\n%s", got)
				}
				if text := tool2(t, file, "pdftotext", "-layout"); x.kind == letter.Sheet && !strings.Contains(text, c.File.SHA256) {
					t.Errorf("the sheet does not name the file:\n%s", text)
				}
				if x.kind == letter.Countersigned && !bytes.HasPrefix(file, x.file) {
					t.Error("the school’s file was changed")
				}
				if len(d.sent) != 1 || d.sent[0].ID != c.ID || d.sent[0].Acceptance != c.Acceptance {
					t.Errorf("mails %+v", d.sent)
				}
				if got := d.kinds(c.ID); !slices.Equal(got, []event.Kind{event.LetterCountersigned, event.LetterAccepted, event.LetterUploaded}) {
					t.Errorf("events %v", got)
				}
				d.work()
				d.must(d.Sweep(ctx))
				if d.work(); len(d.sent) != 1 {
					t.Error("it was sent again")
				}
			})
		}
	})
}

// A run that ends between any two steps is gone on with by the next: one file, one event, one mail.
func TestAcceptanceIsResumed(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t, ctx := d.t, d.t.Context()
		l := d.prepare(d.a, letter.Form{})
		c := d.receive(d.a, "x.pdf", pades(t, d.file(l)))
		d.must(d.Accept(ctx, d.clerk, "scuola-a", c.ID))
		broken := errors.New("cut off")
		for _, step := range []letter.Store{failing{d.store, func(name string) error { return map[string]error{"acceptance": broken}[name] }}, d.store, d.store} {
			d.Service.Store = step
			d.now = d.now.Add(time.Hour)
			d.must(d.Sweep(ctx))
			d.work()
		}
		file := d.history("scuola-a").LastSigned().Acceptance.File
		data, err := d.Files.Get(ctx, file.Key)
		d.must(err)
		if found, err := sign.InspectPDF(t.Context(), data); err != nil || len(found) != 2 || found[1].At.After(d.now.Add(-90*time.Minute)) {
			t.Errorf("not the file of the first run: %+v %v", found, err)
		}
		if got := d.kinds(c.ID); len(d.sent) != 1 || len(got) != 3 {
			t.Errorf("%d mails, events %v", len(d.sent), got)
		}
		// A job that was lost is found again.
		other := d.receive(d.a, "x.p7m", cades(t, d.file(l)))
		d.decide(other)
		d.now = d.now.Add(9 * time.Minute)
		d.must(d.Sweep(ctx))
		if d.work(); len(d.sent) != 1 {
			t.Error("swept before its time")
		}
		d.now = d.now.Add(2 * time.Minute)
		d.must(d.Sweep(ctx))
		if d.work(); len(d.sent) != 2 {
			t.Error("not swept")
		}
	})
}

// failing is a store that breaks where it is told to.
type failing struct {
	letter.Store
	at func(name string) error
}

func (f failing) AddAcceptance(ctx context.Context, c *letter.Signed) (bool, error) {
	if err := f.at("acceptance"); err != nil {
		return false, err
	}
	return f.Store.AddAcceptance(ctx, c)
}

// The office may think better of it before the vendor has signed, and after.
func TestTheOfficeThinksBetterOfIt(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t, ctx := d.t, d.t.Context()
		l := d.prepare(d.a, letter.Form{})
		c := d.receive(d.a, "x.pdf", pades(t, d.file(l)))
		redo := func() {
			t.Helper()
			if problems, err := d.Redo(ctx, d.clerk, "scuola-a", c.ID, "Manca il protocollo."); err != nil || len(problems) > 0 {
				t.Fatal(problems, err)
			}
		}
		d.must(d.Accept(ctx, d.clerk, "scuola-a", c.ID))
		redo()
		if d.work(); len(d.sent) != 0 || d.history("scuola-a").LastSigned().Acceptance.Kind != "" {
			t.Error("the vendor has signed what is to be done again")
		}
		d.must(d.Accept(ctx, d.clerk, "scuola-a", c.ID))
		d.work()
		_, file := d.acceptedFile()
		redo()
		d.must(d.Accept(ctx, d.clerk, "scuola-a", c.ID))
		d.work()
		if _, same := d.acceptedFile(); !bytes.Equal(file, same) || len(d.sent) != 2 {
			t.Errorf("accepted again: another file, or %d mails", len(d.sent))
		}
	})
}

// What cannot be accepted is refused before anything is written.
func TestWhatCannotBeAccepted(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t, ctx := d.t, d.t.Context()
		l := d.prepare(d.a, letter.Form{})
		signed := pades(t, d.file(l))
		altered := d.receive(d.a, "x.pdf", bytes.Replace(signed, []byte("<pdf:Producer>Rinnova<"), []byte("<pdf:Producer>Rinnovi<"), 1))
		if err := d.Accept(ctx, d.clerk, "scuola-a", altered.ID); rinnova.KindOf(err) != rinnova.Conflict || !strings.Contains(err.Error(), "firma del file non è valida") {
			t.Errorf("a file that has changed since it was signed: %v", err)
		}
		good := d.receive(d.a, "x.pdf", signed)
		key := d.Signer
		d.Signer = nil
		if err := d.Accept(ctx, d.clerk, "scuola-a", good.ID); rinnova.KindOf(err) != rinnova.Conflict || !strings.Contains(err.Error(), "chiave di firma") {
			t.Errorf("without a key: %v", err)
		}
		if h := d.history("scuola-a"); h.State != letter.Sent {
			t.Errorf("it is %s now", h.State)
		}
		d.Signer = key
		d.must(d.Accept(ctx, d.clerk, "scuola-a", good.ID))
	})
}
