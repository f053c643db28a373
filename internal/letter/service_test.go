package letter_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/letter"
	"rinnova/internal/sign"
)

// The whole way: prepared, signed, sent, to be done again, sent again, accepted. Everything is kept.
func TestTheWholeWay(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t, ctx := d.t, d.t.Context()
		l := d.prepare(d.a, letter.Form{Head: "  Nome   di prova ", DPOContact: "rpd@scuola.example"})
		if l.Document.Form.Head != "Nome di prova" || l.Number != 1 {
			t.Errorf("prepared %+v", l.Document.Form)
		}
		first := pades(t, d.file(l))
		one := d.receive(d.a, "C:\\firme\\nomina.pdf", first)
		if one.Facts.Ours != 1 || len(one.Facts.Signatures) != 1 || one.Facts.Signatures[0].Integrity != sign.Intact || one.Facts.Signatures[0].Signer != signerName || one.Name != "nomina.pdf" {
			t.Errorf("found %+v in %s", one.Facts, one.Name)
		}
		problems, err := d.Redo(ctx, d.clerk, "scuola-a", one.ID, "Manca il protocollo.\r\nAggiungetelo.")
		d.must(err)
		if len(problems) > 0 || !slices.Equal(d.mails, []string{"Manca il protocollo.\nAggiungetelo."}) {
			t.Errorf("problems %v, mails %q", problems, d.mails)
		}
		again, problems, err := d.Receive(ctx, d.a, "nomina.pdf", first)
		if err != nil || again != nil || len(problems) != 1 || problems[0].Field != letter.FieldFile {
			t.Errorf("the file that is to be done again was taken: %v %v", problems, err)
		}
		d.prepare(d.a, letter.Form{Head: "Nome di prova", Protocol: "12/2027"})
		if s := d.history("scuola-a").State; s != letter.ToRedo {
			t.Errorf("preparing again made it %q", s)
		}
		two := d.receive(d.a, "nomina.pdf.p7m", cades(t, d.file(d.history("scuola-a").Last())))
		d.must(d.Accept(ctx, d.clerk, "scuola-a", two.ID))
		d.work()
		h := d.history("scuola-a")
		if h.State != letter.Accepted || h.Prepared != 2 || h.Signed != 2 || len(h.Letters) != 2 || len(h.Copies) != 2 {
			t.Errorf("standing %+v", h.Standing)
		}
		if c := h.Copies[1]; c.Outcome != letter.ToRedo || c.Reason != "Manca il protocollo.\nAggiungetelo." || c.Clerk != "Operatore Uno" || c.File != one.File {
			t.Errorf("the first copy is now %+v", c)
		}
		if c := h.Copies[0]; c.Outcome != letter.Accepted || c.Facts.Ours != 2 || c.Facts.Format != letter.P7M || c.Number != 2 {
			t.Errorf("the second copy is %+v", c)
		}
		code := "RGIC82700L"
		for _, x := range []struct {
			id, name string
			want     []byte
			sum      string
		}{
			{one.ID, h.Copies[1].FileName(code), first, one.File.SHA256}, {two.ID, h.Copies[0].FileName(code), nil, two.File.SHA256},
			{l.ID, l.FileName("pdf"), nil, l.File.SHA256}, {l.ID, l.FileName("docx"), nil, ""},
			{two.ID, h.Copies[0].AcceptanceName(code), nil, h.Copies[0].Acceptance.File.SHA256},
		} {
			got, err := d.Open(ctx, d.a, "scuola-a", x.id, x.name)
			d.must(err)
			if x.want != nil && !bytes.Equal(got, x.want) {
				t.Errorf("%s: other bytes", x.name)
			}
			if sum := sha256.Sum256(got); x.sum != "" && hex.EncodeToString(sum[:]) != x.sum {
				t.Errorf("%s: not the bytes of the row", x.name)
			}
		}
		for id, want := range map[string][]event.Kind{
			l.ID:   {event.LetterFetched, event.LetterFetched, event.LetterPrepared},
			one.ID: {event.LetterFetched, event.LetterToRedo, event.LetterUploaded},
			two.ID: {event.LetterFetched, event.LetterFetched, event.LetterCountersigned, event.LetterAccepted, event.LetterUploaded},
		} {
			if got := d.kinds(id); !slices.Equal(got, want) {
				t.Errorf("events %v, want %v", got, want)
			}
		}
	})
}

// A new text never touches letters that were prepared or sent.
func TestANewTextIsForNewLetters(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t := d.t
		l := d.prepare(d.a, letter.Form{})
		before := d.file(l)
		if same := d.prepare(d.a, letter.Form{}); same.ID != l.ID {
			t.Error("the same letter was made twice")
		}
		d.publish("2027-02", "2026-11-21")
		if same := d.prepare(d.a, letter.Form{}); same.ID != l.ID {
			t.Error("a text was used before its day")
		}
		d.now = d.now.AddDate(0, 0, 2)
		d.receive(d.a, "x.pdf", pades(t, before))
		h := d.history("scuola-a")
		if h.Letters[0].Document.Text.Version != "2027-01" || h.Letters[0].File != l.File || !bytes.Equal(d.file(&h.Letters[0]), before) {
			t.Errorf("the letter has changed: %+v", h.Letters[0].Document.Text.Version)
		}
		next := d.prepare(d.a, letter.Form{})
		if next.Document.Text.Version != "2027-02" || next.Number != 2 {
			t.Errorf("the new letter is of text %s", next.Document.Text.Version)
		}
		if s := d.history("scuola-a").State; s != letter.Sent {
			t.Errorf("preparing another one made what was sent %q", s)
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t, ctx := d.t, d.t.Context()
		if _, _, err := d.Receive(ctx, d.a, "x.pdf", []byte("%PDF-")); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("a signed letter before any was prepared: %v", err)
		}
		for _, words := range []string{"M. Rossi, a cui il fornitore dona ogni servizio", "Bo: penale di 50.000 euro", "Rossi € 1", "Mario/Rossi"} {
			if _, problems, err := d.Prepare(ctx, d.a, letter.Form{Head: words, DPOName: words}); err != nil || len(problems.Of(letter.FieldHead)) != 1 || len(problems.Of(letter.FieldDPOName)) != 1 {
				t.Errorf("%q stands in the letter: %v, %v", words, problems, err)
			}
		}
		_, problems, err := d.Prepare(ctx, d.a, letter.Form{Head: strings.Repeat("à", 81), Protocol: strings.Repeat("1", 21)})
		d.must(err)
		if len(problems) != 2 || problems[0].Field != letter.FieldHead || problems[1].Field != letter.FieldProtocol {
			t.Errorf("problems %v", problems)
		}
		l := d.prepare(d.a, letter.Form{})
		if _, problems, err := d.Receive(ctx, d.a, "x.pdf", d.file(l)); err != nil || len(problems) != 1 {
			t.Errorf("the letter without a signature was taken: %v", err)
		}
		if _, problems, err := d.Receive(ctx, d.a, "x.pdf", []byte("<html>")); err != nil || len(problems) != 1 {
			t.Errorf("a page was taken: %v", err)
		}
		c := d.receive(d.a, "x.pdf", pades(t, d.file(l)))
		if same := d.receive(d.a, "x.pdf", pades2(t, d, c)); same.ID != c.ID {
			t.Error("the same file was taken twice")
		}
		for name, err := range map[string]error{
			"another school reads":   second(d.History(ctx, d.b, "scuola-a")),
			"another school opens":   second(d.Open(ctx, d.b, "scuola-a", c.ID, c.FileName("RGIC82700L"))),
			"by its own id":          second(d.Open(ctx, d.b, "scuola-b", c.ID, c.FileName("RGIC82700L"))),
			"another name":           second(d.Open(ctx, d.a, "scuola-a", c.ID, "altro.pdf")),
			"the office prepares":    third(d.Prepare(ctx, d.clerk, letter.Form{})),
			"nobody sends":           third(d.Receive(ctx, rinnova.Actor{}, "x.pdf", nil)),
			"the program's own read": second(d.History(ctx, rinnova.System, "scuola-a")),
		} {
			if rinnova.KindOf(err) != rinnova.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := d.Accept(ctx, d.a, "scuola-a", c.ID); rinnova.KindOf(err) != rinnova.Forbidden {
			t.Errorf("a school accepts its own letter: %v", err)
		}
		if err := d.Accept(ctx, d.clerk, "scuola-a", l.ID); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("a file that is not the last one was accepted: %v", err)
		}
		for _, reason := range []string{" \n ", strings.Repeat("x", letter.MaxReason+1)} {
			if problems, err := d.Redo(ctx, d.clerk, "scuola-a", c.ID, reason); err != nil || len(problems) != 1 {
				t.Errorf("reason of %d characters: %v %v", len(reason), problems, err)
			}
		}
		d.must(d.Accept(ctx, d.clerk, "scuola-a", c.ID))
		if err := d.Accept(ctx, d.clerk, "scuola-a", c.ID); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("accepted twice: %v", err)
		}
		if len(d.mails) > 0 {
			t.Errorf("mails %q", d.mails)
		}
	})
}

// pades2 is the file of a copy, once more.
func pades2(t *testing.T, d *desk, c *letter.Signed) []byte {
	t.Helper()
	b, err := d.Files.Get(t.Context(), c.File.Key)
	d.must(err)
	return b
}

func second[T any](_ T, err error) error        { return err }
func third[T, U any](_ T, _ U, err error) error { return err }

// Without its text or the vendor's data there is no letter, and the school is told so.
func TestNotReady(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t, ctx := d.t, d.t.Context()
		d.profile.DPO = ""
		if _, _, err := d.Prepare(ctx, d.a, letter.Form{}); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("prepared without the vendor's officer: %v", err)
		}
		d.profile.DPO = "rpd@esempiosoftware.example"
		d.now = d.now.AddDate(-2, 0, 0)
		if ready, err := d.Ready(ctx); err != nil || ready {
			t.Errorf("ready before any text: %v", err)
		}
		if _, _, err := d.Prepare(ctx, d.a, letter.Form{}); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("prepared without a text: %v", err)
		}
	})
}

// Of many who do the same at once, each comes through or is told; rows and counters agree.
func TestAtOnce(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t, ctx := d.t, d.t.Context()
		fixed := d.now
		d.Clock = func() time.Time { return fixed }
		d.prepare(d.a, letter.Form{})
		file := d.file(d.history("scuola-a").Last())
		var files [][]byte
		for i := range 6 {
			files = append(files, cades(t, append(bytes.Clone(file), fmt.Sprintf("\n%*s", i, "")...)))
		}
		var group sync.WaitGroup
		var mu sync.Mutex
		taken := 0
		for _, f := range files {
			group.Go(func() {
				_, problems, err := d.Receive(ctx, d.a, "x.p7m", f)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil && len(problems) == 0:
					taken++
				case rinnova.KindOf(err) != rinnova.Conflict:
					t.Errorf("neither taken nor told: %v %v", problems, err)
				}
			})
		}
		group.Wait()
		h := d.history("scuola-a")
		if taken == 0 || h.Signed != taken || len(h.Copies) != taken || h.SignedID != h.Copies[0].ID {
			t.Errorf("%d taken, %d rows, counter %d", taken, len(h.Copies), h.Signed)
		}
	})
}

func TestLists(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t, ctx := d.t, d.t.Context()
		l := d.prepare(d.b, letter.Form{})
		d.receive(d.b, "x.pdf", pades(t, d.file(l)))
		counts, err := d.store.Counts(ctx)
		d.must(err)
		if counts[letter.Missing] != 1 || counts[letter.Sent] != 1 || len(counts) != 2 {
			t.Errorf("counts %v", counts)
		}
		for _, x := range []struct {
			filter letter.Filter
			want   []string
		}{
			{letter.Filter{All: true, Limit: 10}, []string{"scuola-a", "scuola-b"}}, {letter.Filter{All: true, Limit: 1, Offset: 1}, []string{"scuola-b"}},
			{letter.Filter{State: letter.Sent, Limit: 10}, []string{"scuola-b"}}, {letter.Filter{Limit: 10}, []string{"scuola-a"}},
			{letter.Filter{All: true, Search: "RGIC82800c", Limit: 10}, []string{"scuola-b"}}, {letter.Filter{All: true, Search: "%", Limit: 10}, []string{"scuola-a", "scuola-b"}},
			{letter.Filter{State: letter.Accepted, Limit: 10}, nil}, {letter.Filter{All: true, Search: "nessuna", Limit: 10}, nil},
		} {
			rows, err := d.store.List(ctx, x.filter)
			d.must(err)
			var got []string
			for _, r := range rows {
				got = append(got, r.SchoolID)
				if (r.Facts != nil) != (r.State == letter.Sent) || r.At.IsZero() != (r.State == letter.Missing) {
					t.Errorf("row %+v", r)
				}
			}
			n, err := d.store.Count(ctx, x.filter)
			d.must(err)
			whole := x.filter
			whole.Limit, whole.Offset = 10, 0
			all, err := d.store.List(ctx, whole)
			d.must(err)
			if !slices.Equal(got, x.want) || n != len(all) {
				t.Errorf("%+v: %v, counted %d", x.filter, got, n)
			}
		}
	})
}

// All that a school sends is kept, so there is an end to it: in a day, not for ever.
func TestTooManyInADay(t *testing.T) {
	d := newDesk(t, dbtest.SQLite(t))
	d.prepare(d.a, letter.Form{})
	scan := func(n int) []byte { return d.scan("scuola-a", fmt.Sprint("s", n)) }
	for i := range 20 {
		d.receive(d.a, "x.pdf", scan(i))
		if i > 0 {
			d.prepare(d.a, letter.Form{Protocol: fmt.Sprint(i)})
		}
	}
	for _, err := range []error{third(d.Receive(t.Context(), d.a, "x.pdf", scan(20))), third(d.Prepare(t.Context(), d.a, letter.Form{Protocol: "99"}))} {
		if rinnova.KindOf(err) != rinnova.TooMany {
			t.Errorf("after twenty: %v", err)
		}
	}
	d.receive(d.a, "x.pdf", scan(19)) // what is here already is no other one
	d.prepare(d.b, letter.Form{})
	d.now = d.now.AddDate(0, 0, 1)
	d.receive(d.a, "x.pdf", scan(20))
	d.prepare(d.a, letter.Form{Protocol: "99"})
}
