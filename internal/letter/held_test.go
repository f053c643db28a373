package letter_test

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/letter"
	"rinnova/internal/terms"
)

// A file without a digital signature is asked about first: until the school has answered nothing is sent, and nothing is lost.
func TestAScanIsAskedAbout(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t, ctx := d.t, d.t.Context()
		d.prepare(d.a, letter.Form{})
		before := d.history("scuola-a").Standing
		first := d.upload(d.a, "scansione.pdf", d.scan("scuola-a", "1"))
		h := d.history("scuola-a")
		if first.Outcome != letter.Held || h.Held == nil || h.Held.ID != first.ID || h.Held.Name != "scansione.pdf" || h.Standing != before || len(h.Copies) != 0 {
			t.Fatalf("held %+v, standing %+v", h.Held, h.Standing)
		}
		if again := d.upload(d.a, "scansione.pdf", d.scan("scuola-a", "1")); again.ID != first.ID {
			t.Error("the same file is held twice")
		}
		other := d.upload(d.a, "altra.pdf", d.scan("scuola-a", "2"))
		if _, err := d.Files.Get(ctx, first.File.Key); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the file whose place another has taken is still kept: %v", err)
		}
		for name, err := range map[string]error{
			"what was replaced": second(d.Send(ctx, d.a, first.ID)), "another school sends": second(d.Send(ctx, d.b, other.ID)),
			"another school drops": d.Drop(ctx, d.b, other.ID), "what was replaced is dropped": d.Drop(ctx, d.a, first.ID),
		} {
			if rinnova.KindOf(err) != rinnova.Conflict {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := second(d.Send(ctx, d.clerk, other.ID)); rinnova.KindOf(err) != rinnova.NotFound {
			t.Errorf("the office answers for the school: %v", err)
		}
		sent, err := d.Send(ctx, d.a, other.ID)
		d.must(err)
		h = d.history("scuola-a")
		if h.Held != nil || h.State != letter.Sent || len(h.Copies) != 1 || h.Copies[0].ID != sent.ID || !h.Copies[0].Facts.Asked || h.Copies[0].File != other.File {
			t.Errorf("sent %+v, held %+v", h.Copies, h.Held)
		}
		if got := d.kinds(sent.ID); len(got) != 1 || got[0] != event.LetterUploaded {
			t.Errorf("events %v", got)
		}
		if err := second(d.Send(ctx, d.a, other.ID)); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("sent twice: %v", err)
		}
	})
}

// What the school says is another file is not kept, and one that needs no question takes the place of one that did.
func TestWhatIsTakenBackIsGone(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t, ctx := d.t, d.t.Context()
		l := d.prepare(d.a, letter.Form{})
		gone := func(c *letter.Signed) {
			t.Helper()
			if _, err := d.Files.Get(ctx, c.File.Key); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("it is still kept: %v", err)
			}
			if h := d.history("scuola-a"); h.Held != nil {
				t.Errorf("it is still held: %+v", h.Held)
			}
		}
		c := d.upload(d.a, "x.pdf", d.scan("scuola-a", "1"))
		d.must(d.Drop(ctx, d.a, c.ID))
		gone(c)
		c = d.upload(d.a, "x.pdf", d.scan("scuola-a", "1"))
		if signed := d.upload(d.a, "y.pdf", pades(t, d.file(l))); signed.Outcome != letter.Sent {
			t.Errorf("a signed letter is asked about: %s", signed.Outcome)
		}
		gone(c)
	})
}

// Of many who answer at once, one sends.
func TestAnswersAtOnce(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t, ctx := d.t, d.t.Context()
		fixed := d.now
		d.prepare(d.a, letter.Form{})
		c := d.upload(d.a, "x.pdf", d.scan("scuola-a", "1"))
		d.Clock = func() time.Time { return fixed }
		var group sync.WaitGroup
		var mu sync.Mutex
		sent, dropped := 0, 0
		for i := range 8 {
			group.Go(func() {
				var err error
				if i%2 == 0 {
					_, err = d.Send(ctx, d.a, c.ID)
				} else {
					err = d.Drop(ctx, d.a, c.ID)
				}
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil && i%2 == 0:
					sent++
				case err == nil:
					dropped++
				case rinnova.KindOf(err) != rinnova.Conflict:
					t.Error(err)
				}
			})
		}
		group.Wait()
		h := d.history("scuola-a")
		if sent+dropped != 1 || len(h.Copies) != sent || h.Held != nil {
			t.Errorf("%d sent, %d dropped, %d copies", sent, dropped, len(h.Copies))
		}
		if _, err := d.Files.Get(ctx, c.File.Key); (err == nil) != (sent == 1) {
			t.Errorf("%d sent, and the file: %v", sent, err)
		}
	})
}

// A signed letter of before another one was prepared is recognised, by its bytes or by what it says of itself.
func TestAnOlderLetterIsAskedAbout(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t := d.t
		first := d.prepare(d.a, letter.Form{})
		d.prepare(d.a, letter.Form{Protocol: "12/2026"})
		for name, file := range map[string][]byte{
			"signed": pades(t, d.file(first)), "in a .p7m": cades(t, d.file(first)), "saved again, then signed": pades(t, tool(t, d.file(first), "qpdf", "--object-streams=disable", "IN", "OUT")),
			"saved again, and scanned": tool(t, d.file(first), "qpdf", "--linearize", "IN", "OUT"),
		} {
			if c := d.upload(d.a, "x.pdf", file); c.Outcome != letter.Held || c.Facts.Number != 1 {
				t.Errorf("%s: %s, %+v", name, c.Outcome, c.Facts)
			}
		}
		last := d.history("scuola-a").Last()
		if c := d.upload(d.a, "x.pdf", pades(t, tool(t, d.file(last), "qpdf", "--object-streams=disable", "IN", "OUT"))); c.Outcome != letter.Sent || c.Facts.Number != 2 || c.Facts.Ours != 0 {
			t.Errorf("the last one, saved again and signed: %s, %+v", c.Outcome, c.Facts)
		}
		if n := string(d.file(last)); !strings.Contains(last.FileName("pdf"), "-2-") || last.Document.Label() != "Lettera n. 2" || !strings.Contains(n, "n. 2") {
			t.Errorf("%s does not tell its number", last.FileName("pdf"))
		}
	})
}

// What the portal has made as something else is refused, signed or not, with words that say what it is.
func TestOtherPapersAreRefused(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t, ctx := d.t, d.t.Context()
		mine := d.prepare(d.a, letter.Form{})
		theirs := d.file(d.prepare(d.b, letter.Form{}))
		paper, err := d.printer.Terms(terms.Terms{Version: "2027-01", Title: "Condizioni generali", Body: "# Condizioni\n\n## 1. Oggetto\n\nTesto.", EffectiveFrom: rinnova.MustDate("2026-01-01")}, d.profile)
		d.must(err)
		c := d.receive(d.a, "x.p7m", cades(t, d.file(mine)))
		d.must(d.Accept(ctx, d.clerk, "scuola-a", c.ID))
		d.work()
		signed := d.receive(d.a, "x.pdf", pades(t, d.file(mine)))
		d.must(d.Accept(ctx, d.clerk, "scuola-a", signed.ID))
		d.work()
		h := d.history("scuola-a")
		acceptance := func(i int) []byte {
			b, err := d.Files.Get(ctx, h.Copies[i].Acceptance.File.Key)
			d.must(err)
			return b
		}
		before := len(h.Copies)
		for name, x := range map[string]struct {
			file []byte
			says string
		}{
			"terms":                       {paper, "È «Condizioni generali, versione 2027-01», non la lettera di nomina"},
			"terms, signed":               {pades(t, paper), "non la lettera di nomina"},
			"terms in a .p7m":             {cades(t, paper), "non la lettera di nomina"},
			"terms, saved again":          {tool(t, paper, "qpdf", "--linearize", "IN", "OUT"), "non la lettera di nomina"},
			"another school's":            {theirs, "Beta»"},
			"another school's, signed":    {pades(t, theirs), "non della vostra scuola"},
			"the sheet of an acceptance":  {acceptance(1), "già qui"},
			"a countersigned letter":      {acceptance(0), "già qui"},
			"the sheet, saved again":      {tool(t, acceptance(1), "qpdf", "--linearize", "IN", "OUT"), "Accettazione della lettera di nomina"},
			"the letter as it came":       {d.file(mine), "senza firma"},
			"with empty lines behind":     {append(bytes.Clone(d.file(mine)), "\r\n\n"...), "senza firma"},
			"the letter in an empty .p7m": {[]byte("MIIB"), ""},
		} {
			_, problems, err := d.Receive(ctx, d.a, "x.pdf", x.file)
			if err != nil || len(problems) != 1 || problems[0].Field != letter.FieldFile || !strings.Contains(problems[0].Text.String(), x.says) {
				t.Errorf("%s: %v %v", name, problems, err)
			}
		}
		if h := d.history("scuola-a"); len(h.Copies) != before || h.Held != nil {
			t.Errorf("something of it was taken: %d copies, held %+v", len(h.Copies), h.Held)
		}
	})
}

// The way to reach the school's officer is one that reaches somebody.
func TestContact(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t := d.t
		for contact, good := range map[string]bool{
			"": true, "rpd@scuola.example": true, "0932 123456": true, "+39 0932/12.34-56": true, "tel. 0932 123456": true, "PEC: rpd@pec.scuola.example": true,
			"rpd@scuola.example, 0932 123456": true, "rpd@scuola.example; tel 0932123456": true, "e-mail rpd@scuola.example – 333 1234567": true, "(0932) 123456": true,
			"non una mail": false, "rpd@": false, "rpd@scuola": false, "@scuola.example": false, "12345": false, "Mario 0932 123456": false, "1234567890123456": false,
			"rpd@scuola.example, boh": false, "<rpd@scuola.example>": false, "rpd scuola.example": false, ",": false, "www.scuola.example": false,
		} {
			_, problems, err := d.Prepare(t.Context(), d.a, letter.Form{DPOContact: contact})
			d.must(err)
			if (len(problems) == 0) != good || !good && problems[0].Field != letter.FieldDPOContact {
				t.Errorf("%q: %v", contact, problems)
			}
			d.now = d.now.AddDate(0, 0, 1) // there is an end to what can be prepared in a day
		}
	})
}
