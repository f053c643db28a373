package letter_test

import (
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/letter"
	"rinnova/internal/pdf/incremental"
)

// rewritten appends an update that lets the first page say something else.
func rewritten(t *testing.T, pdf []byte) []byte {
	t.Helper()
	u, err := incremental.Open(pdf)
	must(t, err)
	pages, err := u.Pages()
	must(t, err)
	page, err := u.Dict(pages[0])
	must(t, err)
	page["Contents"] = u.Add(&incremental.Stream{Dict: incremental.Dict{}, Data: []byte("BT /F1 14 Tf 50 780 Td (Un altro testo) Tj ET")})
	page["Resources"] = incremental.Dict{"Font": incremental.Dict{"F1": incremental.Dict{"Type": incremental.Name("Font"), "Subtype": incremental.Name("Type1"), "BaseFont": incremental.Name("Helvetica")}}}
	u.Set(pages[0], page)
	out, _ := u.Bytes()
	return out
}

// A letter whose text was changed, before or after it was signed, is never called the one that was prepared, cannot be accepted, and
// never gets the vendor's signature.
func TestRewrittenLetters(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t, ctx := d.t, d.t.Context()
		prepared := d.file(d.prepare(d.a, letter.Form{}))
		for name, file := range map[string][]byte{
			"before signing":                     pades(t, rewritten(t, prepared)),
			"before signing, in a .p7m":          cades(t, rewritten(t, prepared)),
			"after signing":                      rewritten(t, pades(t, prepared)),
			"after signing, and signed again":    pades(t, rewritten(t, pades(t, prepared))),
			"the same, in a .p7m":                cades(t, rewritten(t, pades(t, prepared))),
			"another file, after it was signed":  rewritten(t, pades(t, tool(t, prepared, "qpdf", "IN", "OUT"))),
			"another file, and signed once more": pades(t, rewritten(t, pades(t, tool(t, prepared, "qpdf", "IN", "OUT")))),
		} {
			t.Run(name, func(t *testing.T) {
				c := d.receive(d.a, "nomina.pdf", file)
				if c.Facts.Ours != 0 || c.Facts.Number != 1 {
					t.Errorf("it is called letter %d, with the text of %d", c.Facts.Number, c.Facts.Ours)
				}
				if err := d.Accept(ctx, d.clerk, "scuola-a", c.ID); rinnova.KindOf(err) != rinnova.Conflict {
					t.Errorf("accepted: %v", err)
				}
				// Not even where it was accepted before this was known.
				d.decide(c)
				d.now = d.now.Add(time.Hour)
				d.must(d.Sweep(ctx))
				d.work()
				if a := d.history("scuola-a").LastSigned().Acceptance; a.Kind != "" {
					t.Errorf("accepted with %s", a.Kind)
				}
			})
		}
		for name, file := range map[string][]byte{
			"signed": pades(t, prepared), "signed twice": pades(t, pades(t, prepared)), "in a .p7m": cades(t, prepared), "signed, in a .p7m": cades(t, pades(t, prepared)),
		} {
			if c := d.receive(d.a, "nomina.pdf", file); c.Facts.Ours != 1 || d.acceptable(c) != nil {
				t.Errorf("%s: it is not called the letter that was prepared", name)
			}
		}
	})
}

// acceptable tries to accept a file.
func (d *desk) acceptable(c *letter.Signed) error {
	return d.Accept(d.t.Context(), d.clerk, c.SchoolID, c.ID)
}

// decide writes that a file was accepted, without asking whether it may be.
func (d *desk) decide(c *letter.Signed) {
	d.t.Helper()
	d.must(d.store.Decide(d.t.Context(), &letter.Signed{ID: c.ID, Outcome: letter.Accepted, Decided: d.now}))
	d.must(d.events.Record(d.t.Context(), event.Event{At: d.now, Kind: event.LetterAccepted, Actor: d.clerk, SchoolID: c.SchoolID, AboutID: c.ID}))
}
