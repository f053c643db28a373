package e2e_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rinnova"
	"rinnova/internal/app"
	"rinnova/internal/contract"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/demo"
	"rinnova/internal/event"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
)

// refused holds that a request cannot be processed, that no number was spent, and that the office reads why on every page.
func (p *program) refused(t *testing.T, code, words string) {
	t.Helper()
	before, err := p.Lists.Counters(t.Context())
	check(t, err)
	r := p.request(t, code)
	_, err = p.Contracts.Process(t.Context(), p.actor(t, clerkOne), r.ID, r.Revision)
	if rinnova.KindOf(err) != rinnova.Conflict || !strings.Contains(err.Error(), words) {
		t.Errorf("processed: %v, want a refusal with %q", err, words)
	}
	after, err := p.Lists.Counters(t.Context())
	check(t, err)
	if len(after) != len(before) || len(after) > 0 && after[0] != before[0] {
		t.Errorf("numbers were spent: %v, %v", before, after)
	}
	if now := p.request(t, code); now.State != renewal.Submitted {
		t.Errorf("the request is %s", now.State)
	}
	office := p.login(t, clerkOne)
	office.open(renewalweb.WorkListPath)
	if !strings.Contains(office.Page.Text(".rn-banner"), words) {
		t.Errorf("the office does not read it: %q", office.Page.Text(".rn-banner"))
	}
}

// An older database was put back beside newer files, or a fail-over has lost what was committed last: the number that a school has
// read on its contract is not given again, unless a person decides, and then the numbers go on after it.
func TestADatabaseThatIsOlderThanItsFiles(t *testing.T) {
	each := func(name string, older func() app.Config) {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			p := seeded(t, launch(t, app.Config{Data: data}, newClock()))
			p.confirm(t, "SG00001", 1)
			first := p.process(t, "SG00001")
			check(t, p.Witness.Sweep(t.Context()))

			c := older()
			c.Data = t.TempDir()
			check(t, os.Chmod(c.Data, 0o700))
			check(t, launch(t, c, newClock()).Close()) // there is a database
			for _, kept := range []string{"files", "demo-key"} {
				check(t, os.RemoveAll(filepath.Join(c.Data, kept)))
				check(t, os.CopyFS(filepath.Join(c.Data, kept), os.DirFS(filepath.Join(data, kept))))
			}
			key, err := os.ReadFile(filepath.Join(data, "seal.key"))
			check(t, err)
			check(t, os.WriteFile(filepath.Join(c.Data, "seal.key"), key, 0o600))
			restored := launch(t, c, newClock())
			check(t, demo.Seed(t.Context(), restored.App, demo.Options{Schools: schools}, func(string) {}))
			restored.confirm(t, "SG00002", 2)
			restored.refused(t, "SG00002", "Il database")

			check(t, restored.Witness.Accept(t.Context(), "Nome Inventato", "la copia più nuova è andata persa"))
			restored.clock.Advance(5e9)
			second := restored.process(t, "SG00002")
			if first.Number != "2026/000001" || second.Number != "2026/000002" || second.State != contract.Signed && second.State != contract.Sent {
				t.Errorf("%s and then %s, %s", first.Number, second.Number, second.State)
			}
			office := restored.login(t, clerkOne)
			office.open(renewalweb.WorkListPath)
			if got := office.Page.Text(".rn-banner"); got != "" {
				t.Errorf("the banner stays: %q", got)
			}
			told, err := restored.Events.Of(t.Context(), "seals", event.FilesAccepted)
			check(t, err)
			if len(told) != 1 || told[0].Data["chi"] != "Nome Inventato" || told[0].Data["numeri saltati 2026"] != "fino al n. 1" {
				t.Errorf("on the record: %+v", told)
			}
			restored.sealsAgree(t, 1)
		})
	}
	each("sqlite", func() app.Config { return app.Config{} })
	if !testing.Short() {
		each("postgresql", func() app.Config { return app.Config{DatabaseURL: dbtest.PostgreSQLURL(t)} })
	}
}

// sealsAgree holds that the record agrees with the seals, of which some were set aside.
func (p *program) sealsAgree(t *testing.T, aside int) {
	t.Helper()
	heads, seals, err := p.Witness.Heads(t.Context())
	check(t, err)
	report, err := p.Events.VerifyAgainst(t.Context(), heads, func(int64, int64) {})
	check(t, err)
	if report.Damage != nil || len(seals.Faults) > 0 || seals.Aside != aside {
		t.Errorf("damage %+v, faults %v, %d set aside", report.Damage, seals.Faults, seals.Aside)
	}
}

// Files that are older than their database: those of the last contracts are missing, or there are no marks any more.
func TestFilesThatAreOlderThanTheirDatabase(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		p.confirm(t, "SG00001", 1)
		p.confirm(t, "SG00002", 2)
		check(t, p.Witness.Sweep(t.Context()))
		files := filepath.Join(p.Config.Data, "files")
		older := filepath.Join(t.TempDir(), "files")
		check(t, os.CopyFS(older, os.DirFS(files)))
		p.process(t, "SG00001")
		newer := files + ".newer"
		check(t, os.Rename(files, newer))
		check(t, os.CopyFS(files, os.DirFS(older)))
		p.clock.Advance(5e9)
		p.refused(t, "SG00002", "I file sono più vecchi del database")

		check(t, os.RemoveAll(files))
		p.clock.Advance(5e9)
		p.refused(t, "SG00002", "mancano le annotazioni")

		check(t, os.Rename(newer, files))
		p.clock.Advance(5e9)
		if c := p.process(t, "SG00002"); c.Number != "2026/000002" {
			t.Errorf("put back, and the next number is %s", c.Number)
		}
	})
}

// A file that is lost for good stops nothing once a person has decided.
func TestALostFileIsAcceptedOnce(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		p.confirm(t, "SG00001", 1)
		p.confirm(t, "SG00002", 2)
		c := p.process(t, "SG00001")
		check(t, p.Witness.Sweep(t.Context()))
		check(t, os.Remove(filepath.Join(p.Config.Data, "files", filepath.FromSlash(c.File.Key))))
		p.clock.Advance(5e9)
		p.refused(t, "SG00002", "manca contracts/2026/")
		check(t, p.Witness.Accept(t.Context(), "Nome Inventato", "il disco si è rotto, la scuola ha la sua copia"))
		p.clock.Advance(5e9)
		if faults, err := p.Witness.Faults(t.Context()); err != nil || len(faults) > 0 {
			t.Errorf("decided, and still: %v %v", faults, err)
		}
		p.process(t, "SG00002")
	})
}

// Where another key has sealed, no new one is made in silence: the message says which file is missing, and the way on.
func TestTheKeyOfTheSealsIsLost(t *testing.T) {
	c := app.Config{Data: t.TempDir()}
	p := launch(t, c, newClock())
	check(t, demo.Seed(t.Context(), p.App, demo.Options{Schools: schools}, func(string) {}))
	p.confirm(t, "SG00001", 1)
	p.confirm(t, "SG00002", 2)
	p.process(t, "SG00001")
	check(t, p.Witness.Sweep(t.Context()))
	check(t, p.Close())
	key := filepath.Join(c.Data, "seal.key")
	check(t, os.Remove(key))
	c.Addr = "127.0.0.1:0"
	if _, err := app.New(t.Context(), c, newClock().Now, slog.New(slog.DiscardHandler)); rinnova.KindOf(err) != rinnova.Conflict || !strings.Contains(err.Error(), key) {
		t.Errorf("without its key it starts: %v", err)
	}
	if _, err := os.Stat(key); err == nil {
		t.Error("a new key was made")
	}
	check(t, os.WriteFile(key, []byte(strings.Repeat("ab", 32)), 0o600))
	p = launch(t, c, newClock())
	p.refused(t, "SG00002", "la chiave dei sigilli è un’altra")
	check(t, p.Witness.Accept(t.Context(), "Nome Inventato", "la chiave è andata persa"))
	p.clock.Advance(5e9)
	p.process(t, "SG00002")
	first, err := p.Lists.ByRequest(t.Context(), p.request(t, "SG00001").ID)
	check(t, err)
	if _, err := p.Contracts.Original(t.Context(), first.ID); err != nil {
		t.Errorf("what was signed before no longer goes out: %v", err)
	}
}

// The record of an earlier version carries no codes. Where nothing has been signed it gets them by itself; where there is a contract a person
// decides, because a record that somebody else wrote looks the same.
func TestARecordWithoutCodes(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		ctx := t.Context()
		forget := func() {
			_, err := p.DB.Writer(ctx).ExecContext(ctx, `UPDATE event SET mac = ''`)
			check(t, err)
			p.clock.Advance(5e9)
		}
		p.confirm(t, "SG00001", 1)
		p.confirm(t, "SG00002", 2)
		forget()
		if n, err := p.Witness.Adopt(ctx); err != nil || n == 0 {
			t.Errorf("without a contract: %d, %v", n, err)
		}
		_, err := p.DB.Writer(ctx).ExecContext(ctx, `UPDATE event SET mac = '' WHERE seq = 3`)
		check(t, err)
		if n, err := p.Witness.Adopt(ctx); err != nil || n != 0 {
			t.Errorf("where others have a code: %d, %v", n, err)
		}
		forget()
		if n, err := p.Witness.Adopt(ctx); err != nil || n == 0 {
			t.Errorf("without a contract, again: %d, %v", n, err)
		}
		p.process(t, "SG00001")
		forget()
		_, err = p.DB.Writer(ctx).ExecContext(ctx, `UPDATE contract SET state = 'numbered'`) // as if nothing had been signed
		check(t, err)
		check(t, os.RemoveAll(filepath.Join(p.Config.Data, "files", "witness")))
		if n, err := p.Witness.Adopt(ctx); err != nil || n != 0 {
			t.Errorf("with a contract: %d, %v", n, err)
		}
		_, err = p.DB.Writer(ctx).ExecContext(ctx, `UPDATE contract SET state = 'signed'`)
		check(t, err)
		p.refused(t, "SG00002", "non porta il codice di questa installazione")
		check(t, p.Witness.Accept(ctx, "Nome Inventato", "è l’aggiornamento"))
		p.clock.Advance(5e9)
		p.process(t, "SG00002")
		told, err := p.Events.Of(ctx, "seals", event.FilesAccepted)
		check(t, err)
		if len(told) != 1 || told[0].Data["eventi presi per buoni"] == "" {
			t.Errorf("on the record: %+v", told)
		}
		p.sealsAgree(t, 0)
	})
}

// The numbers of an earlier version's contracts are put on the record once, at its first start. A number that is taken off the record later is
// missed, not given anew for whatever the row says by then.
func TestATakenNumberIsNotGivenAnew(t *testing.T) {
	c := app.Config{Data: t.TempDir()}
	p := launch(t, c, newClock())
	check(t, demo.Seed(t.Context(), p.App, demo.Options{Schools: schools}, func(string) {}))
	p.confirm(t, "SG00001", 1)
	p.process(t, "SG00001")
	_, err := p.DB.Writer(t.Context()).ExecContext(t.Context(), `UPDATE event SET kind = 'account.login' WHERE kind = 'contract.numbered'`)
	check(t, err)
	check(t, p.Close())
	p = launch(t, c, newClock())
	given, err := p.Events.Before(t.Context(), event.ContractNumbered, "", 10)
	check(t, err)
	if len(given) != 0 {
		t.Errorf("given anew: %+v", given)
	}
	faulty := 0
	check(t, p.Contracts.ProveAll(t.Context(), func(f *contract.Finding) { faulty += min(1, len(f.Faults)) }))
	if faulty != 1 {
		t.Errorf("the command finds %d", faulty)
	}
}
