package crash_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rinnova/internal/app"
	"rinnova/internal/contract"
	"rinnova/internal/db"
	"rinnova/internal/mail"
	"rinnova/internal/outbox"
	"rinnova/internal/sign"
)

// check finishes what is left to do and holds everything against what was acknowledged.
func (in *installation) check(said *record) {
	in.t.Helper()
	a := in.afterwards()
	in.confirmationsAreThere(a, said)
	contracts := in.numbersHaveNoGap(a)
	in.processedIsProcessed(a, said)
	for _, c := range contracts {
		in.isSigned(a, c)
	}
	in.noFileIsExtra(contracts)
	in.everythingIsMailed(a, contracts)
	in.nothingIsLeftOver(a)
	in.filesFit(a)
	in.t.Logf("%d confirmations and %d runs acknowledged, %d contracts, %d mails", len(said.confirmed), len(said.runs), len(contracts), len(in.mails.Mails()))
}

// filesFit holds that no kill lets the program believe that its database or its files were put back from another time.
func (in *installation) filesFit(a *app.App) {
	in.t.Helper()
	faults, err := a.Witness.Faults(in.t.Context())
	check(in.t, err)
	heads, seals, err := a.Witness.Heads(in.t.Context())
	check(in.t, err)
	report, err := a.Events.VerifyAgainst(in.t.Context(), heads, func(int64, int64) {})
	check(in.t, err)
	if len(faults)+len(seals.Faults) > 0 || report.Damage != nil || len(heads) < 2 {
		in.t.Errorf("after %d kills: %v, seals %v, damage %+v, %d heads", in.kills, faults, seals.Faults, report.Damage, len(heads))
	}
}

func (in *installation) confirmationsAreThere(a *app.App, said *record) {
	in.t.Helper()
	if len(said.confirmed) == 0 {
		in.t.Error("nobody has confirmed anything: this test has tested nothing")
	}
	for _, c := range said.confirmed {
		v, err := a.Requests.Revision(in.t.Context(), c.request, c.number)
		if err != nil {
			in.t.Errorf("confirmation %d of %s was acknowledged to %s: %v", c.number, c.request, c.said.username, err)
			continue
		}
		if v.Order.Number != c.said.order || v.Order.CIG != c.said.cig || !slices.Equal(v.Ticks, slices.Sorted(slices.Values(c.said.ticks))) || v.By.Username != c.said.username {
			in.t.Errorf("confirmation %d of %s says %+v, acknowledged was %+v", c.number, c.request, v.Order, c.said)
		}
	}
}

// numbersHaveNoGap reads all contracts and holds that they are numbered 1, 2, 3… in each year.
func (in *installation) numbersHaveNoGap(a *app.App) []*contract.Contract {
	in.t.Helper()
	var out []*contract.Contract
	next := map[int]int64{}
	for _, id := range in.query(a, `SELECT id FROM contract ORDER BY year, seq`) {
		c, err := a.Lists.Contract(in.t.Context(), id)
		check(in.t, err)
		next[c.Year]++
		if want := fmt.Sprintf("%d/%06d", c.Year, next[c.Year]); c.Seq != next[c.Year] || c.Number != want || c.Document.Number != want {
			in.t.Errorf("contract %s has the sequence %d and says %s, want %s", c.Number, c.Seq, c.Document.Number, want)
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		in.t.Error("there is no contract: this test has tested nothing")
	}
	for year, last := range next {
		in.counts(a, fmt.Sprintf(`SELECT count(*) FROM numbering WHERE series = '' AND year = %d AND last <> %d`, year, last), 0)
	}
	return out
}

func (in *installation) processedIsProcessed(a *app.App, said *record) {
	in.t.Helper()
	for _, id := range said.processed {
		if c, err := a.Lists.ByRequest(in.t.Context(), id); err != nil || c == nil {
			in.t.Errorf("request %s was acknowledged as processed and has no contract: %v", id, err)
		}
	}
	for _, id := range said.runs {
		p, err := a.Lists.Progress(in.t.Context(), id)
		if err != nil || p.FinishedAt.IsZero() || p.Counts[contract.Queued] > 0 {
			in.t.Errorf("run %s was acknowledged and is not finished: %+v, %v", id, p, err)
		}
	}
}

// isSigned holds that the contract says what was confirmed last, and that its file is signed and the one of the row.
func (in *installation) isSigned(a *app.App, c *contract.Contract) {
	in.t.Helper()
	r, err := a.Requests.Request(in.t.Context(), c.RequestID)
	check(in.t, err)
	v, err := a.Requests.Revision(in.t.Context(), c.RequestID, c.Revision)
	check(in.t, err)
	if c.Revision != r.Revision || c.Document.Order.Number != v.Order.Number || c.Document.Totals.Total != v.Totals.Total {
		in.t.Errorf("contract %s is not about what was confirmed last", c.Number)
	}
	pdf, err := a.Files.Get(in.t.Context(), c.File.Key)
	if err != nil {
		in.t.Errorf("contract %s, %s: %v", c.Number, c.State, err)
		return
	}
	if sum := sha256.Sum256(pdf); c.File.SHA256 != hex.EncodeToString(sum[:]) || c.File.Size != int64(len(pdf)) {
		in.t.Errorf("contract %s: the file is not the one of the row", c.Number)
	}
	if _, err := sign.Verify(pdf); err != nil {
		in.t.Errorf("contract %s: %v", c.Number, err)
	}
}

// noFileIsExtra holds that each file belongs to a contract. A kill may leave a temporary file, which nobody reads.
func (in *installation) noFileIsExtra(contracts []*contract.Contract) {
	in.t.Helper()
	known := map[string]bool{}
	for _, c := range contracts {
		known[filepath.FromSlash(c.File.Key)] = true
	}
	root := filepath.Join(in.config.Data, "files")
	temporary := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		switch {
		case err != nil:
			return err
		case strings.HasPrefix(d.Name(), ".new-"):
			temporary++
		case strings.HasPrefix(name, "witness"), strings.HasPrefix(name, "seals"):
		case !known[name]:
			in.t.Errorf("the file %s belongs to no contract", name)
		}
		return nil
	})
	if err != nil && !os.IsNotExist(err) {
		in.t.Error(err)
	}
	if temporary > 2*in.kills { // two sign at once
		in.t.Errorf("%d temporary files after %d kills", temporary, in.kills)
	}
}

// everythingIsMailed holds that each message arrived, always with the same Message-ID, and again only after a kill.
func (in *installation) everythingIsMailed(a *app.App, contracts []*contract.Contract) {
	in.t.Helper()
	arrived := map[string][]int{} // Message-ID → places in the order of arrival
	for i, m := range in.mails.Mails() {
		got, err := mail.Parse(bytes.NewReader(m.Raw))
		check(in.t, err)
		arrived[got.ID] = append(arrived[got.ID], i)
	}
	for _, c := range contracts {
		messages, err := a.Messages.About(in.t.Context(), c.ID)
		check(in.t, err)
		if len(messages) != 1 || messages[0].State != outbox.Sent || c.State != contract.Sent {
			in.t.Errorf("contract %s is %s with %d messages %+v", c.Number, c.State, len(messages), messages)
			continue
		}
		in.carries(arrived[in.messageID(messages[0].ID)], c)
	}
	for _, id := range in.query(a, `SELECT id FROM message`) {
		if len(arrived[in.messageID(id)]) == 0 {
			in.t.Errorf("message %s never arrived", id)
		}
		delete(arrived, in.messageID(id))
	}
	if len(arrived) > 0 {
		in.t.Errorf("mails that nobody knows of: %v", arrived)
	}
}

// carries holds that all mails of a contract carry its file, and that there was a kill between each two.
func (in *installation) carries(places []int, c *contract.Contract) {
	in.t.Helper()
	if len(places) == 0 {
		in.t.Errorf("contract %s was never mailed", c.Number)
	}
	for i, at := range places {
		m, err := mail.Parse(bytes.NewReader(in.mails.Mails()[at].Raw))
		check(in.t, err)
		if len(m.Attachments) != 1 || m.To != c.Document.School.Email {
			in.t.Errorf("contract %s: mailed to %s with %d files", c.Number, m.To, len(m.Attachments))
			continue
		}
		if sum := sha256.Sum256(m.Attachments[0].Data); hex.EncodeToString(sum[:]) != c.File.SHA256 {
			in.t.Errorf("contract %s: another file was mailed", c.Number)
		}
		if i > 0 && !slices.ContainsFunc(in.marks, func(mark int) bool { return mark > places[i-1] && mark <= at }) {
			in.t.Errorf("contract %s was mailed twice without a kill between", c.Number)
		}
	}
}

func (in *installation) messageID(row string) string {
	return mail.MessageID(row, "esempiosoftware.example")
}

// nothingIsLeftOver holds that every row has what belongs to it and no work is left.
func (in *installation) nothingIsLeftOver(a *app.App) {
	in.t.Helper()
	for _, none := range []string{
		`SELECT count(*) FROM request r WHERE r.state = 'processed' AND NOT EXISTS (SELECT 1 FROM contract c WHERE c.request_id = r.id)`,
		`SELECT count(*) FROM contract c JOIN request r ON r.id = c.request_id WHERE r.state <> 'processed' OR r.pending`,
		`SELECT count(*) FROM request r WHERE r.revision <> (SELECT count(*) FROM revision v WHERE v.request_id = r.id)`,
		`SELECT count(*) FROM request r WHERE r.revision <> (SELECT count(*) FROM event e WHERE e.about_id = r.id AND e.kind = 'request.confirmed')`,
		`SELECT count(*) FROM request r WHERE r.revision <> (SELECT count(*) FROM message m WHERE m.about_id = r.id AND m.kind = 'receipt')`,
		`SELECT count(*) FROM message WHERE state <> 'sent' OR school_id IS NULL`,
		`SELECT count(*) FROM message m WHERE m.attempts <> (SELECT count(*) FROM message_attempt x WHERE x.message_id = m.id)`,
		`SELECT count(*) FROM message m WHERE m.kind = 'contract' AND NOT EXISTS (SELECT 1 FROM contract c WHERE c.id = m.about_id)`,
		`SELECT count(*) FROM job`,
		`SELECT count(*) FROM bulk_item WHERE outcome = 'queued'`,
		`SELECT count(*) FROM bulk_run b WHERE b.finished_at IS NULL OR b.total <> (SELECT count(*) FROM bulk_item i WHERE i.run_id = b.id)`,
		`SELECT count(*) FROM bulk_item i WHERE i.outcome = 'processed' AND NOT EXISTS (SELECT 1 FROM contract c WHERE c.request_id = i.request_id)`,
	} {
		in.counts(a, none, 0)
	}
	for _, kind := range []string{"request.processed", "contract.signed", "contract.sent"} {
		in.counts(a, fmt.Sprintf(`SELECT count(*) FROM contract c WHERE 1 <> (SELECT count(*) FROM event e WHERE e.about_id = c.request_id AND e.kind = '%s')`, kind), 0)
	}
	chain, err := a.Events.Verify(in.t.Context(), nil, func(int64, int64) {})
	check(in.t, err)
	if chain.Damage != nil {
		in.t.Errorf("the chain of events: %+v", *chain.Damage)
	}
	if a.DB.Engine == db.SQLite {
		if got := in.query(a, `PRAGMA integrity_check`); !slices.Equal(got, []string{"ok"}) {
			in.t.Errorf("integrity_check: %v", got)
		}
		in.counts(a, `SELECT count(*) FROM pragma_foreign_key_check`, 0)
	}
}

func (in *installation) counts(a *app.App, query string, want int) {
	in.t.Helper()
	var n int
	check(in.t, a.DB.Reader(in.t.Context()).QueryRowContext(in.t.Context(), query).Scan(&n))
	if n != want {
		in.t.Errorf("%d, want %d: %s", n, want, query)
	}
}

// query reads one column of text.
func (in *installation) query(a *app.App, query string) []string {
	in.t.Helper()
	rows, err := a.DB.Reader(in.t.Context()).QueryContext(in.t.Context(), query)
	check(in.t, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		check(in.t, rows.Scan(&s))
		out = append(out, s)
	}
	check(in.t, rows.Err())
	return out
}
