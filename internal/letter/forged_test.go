package letter_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rinnova"
	"rinnova/internal/blob"
	"rinnova/internal/event"
	"rinnova/internal/letter"
)

// overwrite puts other bytes in the place of a file, as whoever writes on the disk can.
func (d *desk) overwrite(key string, data []byte) string {
	d.t.Helper()
	path := filepath.Join(d.Files.(blob.Dir).Root, key)
	d.must(os.Chmod(path, 0o600))
	d.must(os.WriteFile(path, data, 0o600))
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// exec changes rows, as whoever writes in the database can.
func (d *desk) exec(statement string, args ...any) {
	d.t.Helper()
	_, err := d.store.DB.Writer(d.t.Context()).ExecContext(d.t.Context(), statement, args...)
	d.must(err)
}

// append adds an event about something.
func (d *desk) append(kind event.Kind, by, about, sum string, more map[string]string) {
	d.t.Helper()
	data := map[string]string{"sha256": sum}
	for k, v := range more {
		data[k] = v
	}
	d.must(d.events.Record(d.t.Context(), event.Event{At: d.now, Kind: kind, Actor: rinnova.Actor{Username: by, Role: rinnova.RoleSchool}, SchoolID: "scuola-a", AboutID: about, Data: data}))
}

// accepted makes a letter that was prepared, signed and accepted.
func (d *desk) accepted() (*letter.Letter, *letter.Signed) {
	d.t.Helper()
	l := d.prepare(d.a, letter.Form{})
	c := d.receive(d.a, "x.pdf", pades(d.t, d.file(l)))
	d.must(d.Accept(d.t.Context(), d.clerk, "scuola-a", c.ID))
	d.work()
	return l, d.history("scuola-a").LastSigned()
}

// What was put in the place of a letter leaves the portal nowhere, whatever rows and events say of it.
func TestForgedLettersDoNotLeave(t *testing.T) {
	forged := []byte("%PDF-1.7\nforged\n%%EOF\n")
	for name, forge := range map[string]func(d *desk, l *letter.Letter, c *letter.Signed) (id, file string){
		"a signed file, with an event more": func(d *desk, l *letter.Letter, c *letter.Signed) (string, string) {
			sum := d.overwrite(c.File.Key, forged)
			d.exec("UPDATE letter_signed SET file_sha256 = $1, file_size = $2 WHERE id = $3", sum, len(forged), c.ID)
			d.append(event.LetterUploaded, c.By, c.ID, sum, map[string]string{"invio": "1", "formato": "pdf", "firme": "1"})
			return c.ID, c.FileName("RGIC82700L")
		},
		"a prepared letter, with an event more": func(d *desk, l *letter.Letter, c *letter.Signed) (string, string) {
			sum := d.overwrite(l.File.Key, forged)
			d.exec("UPDATE letter SET file_sha256 = $1, file_size = $2 WHERE id = $3", sum, len(forged), l.ID)
			d.append(event.LetterPrepared, l.By, l.ID, sum, map[string]string{"lettera": "1"})
			return l.ID, l.FileName(letter.ExtensionPDF)
		},
		"an acceptance, with an event more": func(d *desk, l *letter.Letter, c *letter.Signed) (string, string) {
			sum := d.overwrite(c.Acceptance.File.Key, forged)
			d.exec("UPDATE letter_signed SET acceptance_sha256 = $1, acceptance_size = $2 WHERE id = $3", sum, len(forged), c.ID)
			d.append(event.LetterCountersigned, "", c.ID, sum, map[string]string{"invio": "1"})
			return c.ID, c.AcceptanceName("RGIC82700L")
		},
		"an acceptance, with an event in the place of its own": func(d *desk, l *letter.Letter, c *letter.Signed) (string, string) {
			sum := d.overwrite(c.Acceptance.File.Key, forged)
			d.exec("UPDATE letter_signed SET acceptance_sha256 = $1, acceptance_size = $2 WHERE id = $3", sum, len(forged), c.ID)
			d.exec("UPDATE event SET about_id = 'x' WHERE about_id = $1 AND kind = $2", c.ID, string(event.LetterCountersigned))
			d.append(event.LetterCountersigned, "", c.ID, sum, map[string]string{"invio": "1"})
			return c.ID, c.AcceptanceName("RGIC82700L")
		},
		"the data of a prepared letter": func(d *desk, l *letter.Letter, c *letter.Signed) (string, string) {
			d.exec("UPDATE letter SET document = replace(document, 'Esempio Software', 'Un altro') WHERE id = $1", l.ID)
			return l.ID, l.FileName(letter.ExtensionDOCX)
		},
		"the row of another school": func(d *desk, l *letter.Letter, c *letter.Signed) (string, string) {
			other := d.receive(d.b, "x.pdf", pades(d.t, d.file(d.prepare(d.b, letter.Form{}))))
			d.exec("UPDATE letter_signed SET school_id = 'scuola-a', number = 2 WHERE id = $1", other.ID)
			other.Number = 2
			return other.ID, other.FileName("RGIC82700L")
		},
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			eachDesk(t, func(d *desk) {
				l, c := d.accepted()
				id, file := forge(d, l, c)
				if data, err := d.Open(d.t.Context(), d.clerk, "scuola-a", id, file); err == nil {
					d.t.Errorf("%s of %d bytes leaves", file, len(data))
				} else if rinnova.KindOf(err) == rinnova.NotFound {
					d.t.Errorf("%s is not found", file)
				}
			})
		})
	}
}

// proven is what verifying all letters tells.
func (d *desk) proven() (all int, faults []string) {
	d.t.Helper()
	d.must(d.ProveAll(d.t.Context(), func(f letter.Finding) {
		all++
		for _, x := range f.Faults {
			faults = append(faults, f.SchoolID+" "+f.Name+": "+x.String())
		}
	}))
	return all, faults
}

// Letters, signed files in all versions and acceptances that are as they were pass; whatever was changed, added or taken away is told.
func TestProveAll(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.accepted()
		d.prepare(d.a, letter.Form{Head: "Maria Rossi"})
		c := d.receive(d.a, "y.p7m", cades(d.t, d.file(d.history("scuola-a").Last())))
		if problems, err := d.Redo(d.t.Context(), d.clerk, "scuola-a", c.ID, "Manca il protocollo."); err != nil || len(problems) > 0 {
			d.t.Fatal(problems, err)
		}
		d.prepare(d.b, letter.Form{})
		if all, faults := d.proven(); all != 6 || len(faults) > 0 {
			d.t.Errorf("%d papers, faults %q", all, faults)
		}
	})
	for name, x := range map[string]struct {
		statement, says string
	}{
		"a signed file taken away":     {"DELETE FROM letter_signed", "registra «Lettera di nomina firmata caricata»"},
		"a letter taken away":          {"DELETE FROM letter_signed; DELETE FROM letter", "registra «Lettera di nomina preparata»"},
		"an acceptance taken away":     {"UPDATE letter_signed SET acceptance = '', acceptance_at = NULL", "registra «Accettazione"},
		"a decision turned":            {"UPDATE letter_signed SET outcome = 'redo', reason = 'no'", "Quello che ne ha detto l’ufficio"},
		"the state turned":             {"UPDATE letter_standing SET state = 'sent'", "Lo stato della lettera"},
		"another user":                 {"UPDATE letter_signed SET uploaded_by = 'ALTRI'", "di un altro utente"},
		"another number":               {"UPDATE letter_signed SET number = 2", "non sono numerati di seguito"},
		"a size":                       {"UPDATE letter SET file_size = 1", "non è quello che è stato conservato"},
		"an acceptance called a sheet": {"UPDATE letter_signed SET acceptance = 'sheet'", "L’accettazione non è del file"},
		"an event of another":          {"UPDATE event SET school_id = 'scuola-b' WHERE kind = 'letter.uploaded'", "è stato cambiato"},
		"a file of another format":     {"UPDATE letter_signed SET format = 'p7m', facts = replace(facts, '\"Format\":\"pdf\"', '\"Format\":\"p7m\"')", "(formato)"},
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			eachDesk(t, func(d *desk) {
				d.accepted()
				for statement := range strings.SplitSeq(x.statement, ";") {
					d.exec(statement)
				}
				if _, faults := d.proven(); !strings.Contains(strings.Join(faults, "\n"), x.says) {
					d.t.Errorf("faults %q, want %q", faults, x.says)
				}
			})
		})
	}
}
