package contract_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/renewal/renewaltest"
)

// An older database was put back beside newer files: the number is given again, and the file that another school's contract left
// under it is not taken for this one's.
func TestTheFileOfAnotherContractIsNotTaken(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		first := w.Process(t, confirmed(t, w))
		restored := renewaltest.On(t, dbtest.SQLite(t))
		restored.Contracts.Files = w.Contracts.Files
		p := confirmed(t, restored)
		second := restored.Process(t, p)
		if first.Number != second.Number || first.Document.VerifyCode == second.Document.VerifyCode {
			t.Fatalf("not two contracts of one number: %s, %s", first.Number, second.Number)
		}
		_, data, err := restored.Contracts.Open(t.Context(), p.Actor, second.ID, second.FileName())
		if err != nil || second.State != contract.Signed || !strings.Contains(string(data), second.Document.VerifyCode) {
			t.Errorf("the school reads the file of %s: %t (%v)", first.Document.School.Name, strings.Contains(string(data), first.Document.VerifyCode), err)
		}
		if first.File.Key == second.File.Key {
			t.Errorf("both are kept as %s", first.File.Key)
		}
	})
}

// A file that stands in the place of a contract's own and is another paper, signed or not, is refused by name: the contract stays
// numbered, nothing is mailed, and once the file is moved away it goes on.
func TestAFileThatWasPlantedIsRefused(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		other := w.Process(t, confirmed(t, w))
		theirs, err := w.Contracts.Files.Get(t.Context(), other.File.Key)
		if err != nil {
			t.Fatal(err)
		}
		for name, planted := range map[string][]byte{"another contract, signed by us": theirs, "unsigned": []byte("%PDF-1.7 nothing"), "empty": {}} {
			sent := len(w.Sent)
			p := confirmed(t, w)
			c := process(t, w, p)
			key := "contracts/2026/" + strings.TrimSuffix(c.FileName(), ".pdf") + "-" + c.ID + ".pdf"
			if err := w.Contracts.Files.Put(t.Context(), key, planted); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if err := w.Queue.Drain(t.Context()); err != nil {
					t.Fatal(err)
				}
				w.Now = w.Now.Add(10 * time.Second)
			}
			if got, err := w.Lists.Contract(t.Context(), c.ID); err != nil || got.State != contract.Numbered || len(w.Sent) != sent {
				t.Errorf("%s: %s, %d mails more, %v", name, got.State, len(w.Sent)-sent, err)
			}
			if got := w.EventsAbout(t, p.Request); !slices.Equal(got, []event.Kind{event.Confirmed, event.Processed, event.ContractRefused}) {
				t.Errorf("%s: events %v", name, got)
			}
			if err := os.Remove(filepath.Join(w.Folder, "files", filepath.FromSlash(key))); err != nil {
				t.Fatal(err)
			}
			w.Now = w.Now.Add(time.Hour)
			if err := errors.Join(w.Contracts.Sweep(t.Context()), w.Queue.Drain(t.Context())); err != nil {
				t.Fatal(err)
			}
			if got, err := w.Lists.Contract(t.Context(), c.ID); err != nil || got.State != contract.Signed || len(w.Sent) != sent+1 {
				t.Errorf("%s was moved away: %s, %v", name, got.State, err)
			}
		}
	})
}

// What is stored of a contract is held against the event of its signature: whatever of it is changed, the file does not go out, the
// public check does not vouch for it, and the record says so.
func TestWhatWasNotSignedDoesNotGoOut(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		other := w.Process(t, confirmed(t, w))
		sql := func(statement string, args ...any) func(*testing.T, *contract.Contract) {
			return func(t *testing.T, c *contract.Contract) {
				if _, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), statement, append(args, c.ID)...); err != nil {
					t.Fatal(err)
				}
			}
		}
		attacks := map[string]func(*testing.T, *contract.Contract){
			"another file, its hash and size in the row": func(t *testing.T, c *contract.Contract) {
				forged := []byte("%PDF-1.7 " + c.Number + "\n%signed")
				if err := os.WriteFile(filepath.Join(w.Folder, "files", filepath.FromSlash(c.File.Key)), forged, 0o600); err != nil {
					t.Fatal(err)
				}
				sql(`UPDATE contract SET file_sha256 = $1, file_size = $2 WHERE id = $3`, sha(forged), len(forged))(t, c)
			},
			"the file of another contract": sql(`UPDATE contract SET file_key = $1, file_sha256 = $2, file_size = $3 WHERE id = $4`, other.File.Key, other.File.SHA256, other.File.Size),
			"another total":                sql(`UPDATE contract SET total_cents = total_cents + $1 WHERE id = $2`, 100),
			"another taxable amount":       sql(`UPDATE contract SET taxable_cents = taxable_cents + $1 WHERE id = $2`, 100),
			"another CIG":                  sql(`UPDATE contract SET cig = $1 WHERE id = $2`, renewaltest.OtherCIG),
			"another date":                 sql(`UPDATE contract SET dated = $1 WHERE id = $2`, "2026-01-01"),
			"another number":               sql(`UPDATE contract SET number = $1 WHERE id = $2`, "2026/000999"),
			"another school in the document": func(t *testing.T, c *contract.Contract) {
				sql(`UPDATE contract SET document = replace(document, $1, 'I.C. di un altro') WHERE id = $2`, c.Document.School.Name)(t, c)
			},
			"another request":                  sql(`UPDATE contract SET request_id = $1 WHERE id = $2`, w.B.Request),
			"the number is not on the record":  sql(`DELETE FROM event WHERE kind = $1 AND about_id = (SELECT number FROM contract WHERE id = $2)`, "contract.numbered"),
			"the number says another document": sql(`UPDATE event SET data = replace(data, '"documento":"', '"documento":"00') WHERE kind = $1 AND about_id = (SELECT number FROM contract WHERE id = $2)`, "contract.numbered"),
			"another confirmation":             sql(`UPDATE revision SET body = replace(body, $1, 'X') WHERE request_id = (SELECT request_id FROM contract WHERE id = $2)`, renewaltest.GoodCIG),
			"the confirmation is not recorded": sql(`DELETE FROM event WHERE kind = $1 AND about_id = (SELECT request_id FROM contract WHERE id = $2)`, "request.confirmed"),
			"not signed yet":                   sql(`UPDATE contract SET state = $1 WHERE id = $2`, "numbered"),
			"the event says another hash":      sql(`UPDATE event SET data = replace(data, '"sha256":"', '"sha256":"00') WHERE kind = $1 AND about_id = (SELECT request_id FROM contract WHERE id = $2)`, "contract.signed"),
			"the event is gone":                sql(`DELETE FROM event WHERE kind = $1 AND about_id = (SELECT request_id FROM contract WHERE id = $2)`, "contract.signed"),
			"the file is gone": func(t *testing.T, c *contract.Contract) {
				if err := os.Remove(filepath.Join(w.Folder, "files", filepath.FromSlash(c.File.Key))); err != nil {
					t.Fatal(err)
				}
			},
		}
		found := 0
		for name, attack := range attacks {
			p := confirmed(t, w)
			c := w.Process(t, p)
			attack(t, c)
			now, err := w.Lists.Contract(t.Context(), c.ID)
			if err != nil {
				t.Fatal(err)
			}
			_, data, opening := w.Contracts.Open(t.Context(), p.Actor, c.ID, now.FileName())
			_, mailing := w.Contracts.Original(t.Context(), c.ID)
			public, err := w.Contracts.ByCode(t.Context(), c.Document.VerifyCode)
			if err != nil {
				t.Fatal(err)
			}
			if opening == nil || data != nil || mailing == nil || public == nil || !public.Doubtful || public.Total != 0 {
				t.Errorf("%s: opened %v, mailed %v, public %+v", name, opening, mailing, public)
				continue
			}
			if got := append(w.EventsAbout(t, p.Request), w.EventsAbout(t, w.B.Request)...); !slices.Contains(got, event.ContractRefused) {
				t.Errorf("%s: events %v", name, got)
			}
			if n := rinnova.KindOf(opening); n != rinnova.Unavailable && n != rinnova.Conflict {
				t.Errorf("%s: %v", name, opening)
			}
			found++
		}
		t.Logf("%d attacks, %d found", len(attacks), found)
		faulty := 0
		if err := w.Contracts.ProveAll(t.Context(), func(f *contract.Finding) {
			if len(f.Faults) > 0 {
				faulty++
			}
		}); err != nil || faulty != len(attacks)+1 { // of another number two: it has no event, and the old one no contract
			t.Errorf("the command finds %d of %d (%v)", faulty, len(attacks)+1, err)
		}
	})
}

// Whoever can write in the database, and lets a contract be made anew with another price under another request, gets no signature:
// the number was given once, for one document. Nothing is mailed, and the command names it.
func TestANumberIsForOneDocument(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		c := w.Process(t, confirmed(t, w))
		sent := len(w.Sent)
		total := c.Document.Totals.Total
		for _, forge := range []struct {
			sql  string
			args []any
		}{
			{`UPDATE contract SET request_id = $1, state = 'numbered', file_key = '', file_sha256 = '', file_size = 0, signed_at = NULL, sent_at = NULL, total_cents = $2 WHERE id = $3`, []any{w.B.Request, total - 100, c.ID}},
			{`UPDATE contract SET document = replace(document, $1, $2) WHERE id = $3`, []any{fmt.Sprintf(`"Total":%d`, total), fmt.Sprintf(`"Total":%d`, total-100), c.ID}},
		} {
			if _, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), forge.sql, forge.args...); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Remove(filepath.Join(w.Folder, "files", filepath.FromSlash(c.File.Key))); err != nil {
			t.Fatal(err)
		}
		w.Now = w.Now.Add(time.Hour)
		if err := errors.Join(w.Contracts.Sweep(t.Context()), w.Queue.Drain(t.Context())); err != nil {
			t.Fatal(err)
		}
		got, err := w.Lists.Contract(t.Context(), c.ID)
		if err != nil || got.Document.Totals.Total != total-100 || got.State != contract.Numbered || len(w.Sent) != sent {
			t.Errorf("%s of %v is %s, %d mails more, %v", got.Number, got.Document.Totals.Total, got.State, len(w.Sent)-sent, err)
		}
		if n := faults(t, w); n != 1 {
			t.Errorf("the command finds %d", n)
		}
	})
}

// A contract that is no longer there leaves its number on the record.
func TestAContractThatIsGoneIsMissed(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		c := w.Process(t, confirmed(t, w))
		if _, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), `DELETE FROM contract WHERE id = $1`, c.ID); err != nil {
			t.Fatal(err)
		}
		if n := faults(t, w); n != 1 {
			t.Errorf("the command finds %d", n)
		}
	})
}

// What was changed between the confirmation and the office is not made a contract.
func TestOnlyWhatWasConfirmedIsProcessed(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		for name, statement := range map[string]string{
			"its words":        `UPDATE revision SET body = replace(body, '214/2026', '215/2026') WHERE request_id = $1`,
			"its record":       `DELETE FROM event WHERE kind = 'request.confirmed' AND about_id = $1`,
			"the confirmation": `UPDATE revision SET body = replace(body, '"Total":', '"Total":1') WHERE request_id = $1`,
			"its event":        `UPDATE event SET data = replace(data, '"totale":"', '"totale":"1') WHERE about_id = $1 AND kind = 'request.confirmed'`,
			"the proposal":     `UPDATE proposal SET body = replace(body, '"Months":12', '"Months":11') WHERE id = (SELECT proposal_id FROM request WHERE id = $1)`,
		} {
			p := confirmed(t, w)
			if n, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), statement, p.Request); err != nil {
				t.Fatal(err)
			} else if n, err := n.RowsAffected(); err != nil || n == 0 {
				t.Fatal(name, n, err)
			}
			w.Requests.Remember = nil
			_, err := w.Contracts.Process(t.Context(), w.Clerk, p.Request, 1)
			if rinnova.KindOf(err) != rinnova.Conflict || !strings.Contains(err.Error(), "Gli importi della conferma n. 1") {
				t.Errorf("%s was changed: %v", name, err)
			}
		}
	})
}

// faults counts the contracts that the command finds wrong.
func faults(t *testing.T, w *renewaltest.World) (n int) {
	t.Helper()
	if err := w.Contracts.ProveAll(t.Context(), func(f *contract.Finding) { n += min(1, len(f.Faults)) }); err != nil {
		t.Fatal(err)
	}
	return n
}

func sha(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}
