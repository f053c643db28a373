package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rinnova"
	"rinnova/internal/app"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/demo"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb/query"
	"rinnova/internal/pdf/incremental"
	"rinnova/internal/sign"
)

// forger is somebody who can write on the disk and in the database, and has neither the contract key nor that of the seals.
type forger struct {
	*program
	t     *testing.T
	ctx   context.Context // of a transaction that is undone
	c     *contract.Contract
	other *contract.Contract // another school's
	undo  []func()
}

func (f *forger) sql(statement string, args ...any) {
	f.t.Helper()
	_, err := f.DB.Writer(f.ctx).ExecContext(f.ctx, statement, args...)
	check(f.t, err)
}

func (f *forger) path(key string) string {
	return filepath.Join(f.Config.Data, "files", filepath.FromSlash(key))
}

// put changes a file; it is put back afterwards. No data takes it away.
func (f *forger) put(key string, data []byte) {
	f.t.Helper()
	was, err := os.ReadFile(f.path(key))
	f.undo = append(f.undo, func() {
		if err != nil {
			check(f.t, os.Remove(f.path(key)))
			return
		}
		check(f.t, os.WriteFile(f.path(key), was, 0o600))
	})
	if data == nil {
		check(f.t, os.Remove(f.path(key)))
		return
	}
	check(f.t, os.WriteFile(f.path(key), data, 0o600))
}

// forge puts a file in place of the contract's, and its hash and size into the row.
func (f *forger) forge(data []byte) {
	f.t.Helper()
	f.put(f.c.File.Key, data)
	f.sql(`UPDATE contract SET file_sha256 = $1, file_size = $2 WHERE id = $3`, sum(data), len(data), f.c.ID)
}

func (f *forger) original() []byte {
	f.t.Helper()
	data, err := os.ReadFile(f.path(f.c.File.Key))
	check(f.t, err)
	return data
}

// swapped is the contract with its first page changed by an appended revision: the signature still covers what it covered.
func (f *forger) swapped() []byte {
	f.t.Helper()
	u, err := incremental.Open(f.original())
	check(f.t, err)
	pages, err := u.Pages()
	check(f.t, err)
	first, err := u.Dict(pages[0])
	check(f.t, err)
	last, err := u.Dict(pages[len(pages)-1])
	check(f.t, err)
	first["Contents"] = last["Contents"]
	u.Set(pages[0], first)
	out, _ := u.Bytes()
	return out
}

// resigned is a contract with other amounts, signed with a key of the forger's own under the vendor's name.
func (f *forger) resigned() []byte {
	f.t.Helper()
	d := f.c.Document
	d.Totals.Total += 100_00
	pdf, err := f.Printer.Contract(d)
	check(f.t, err)
	key, err := sign.DemoKey(f.clock.Now, f.t.TempDir(), d.Vendor.Name)
	check(f.t, err)
	signed, err := sign.NewSigner(key, nil).SignPDF(f.ctx, pdf, sign.Options{Name: d.Vendor.Name, At: f.clock.Now(), Certify: true})
	check(f.t, err)
	return signed
}

// says changes the event of the signature, and, where anew is set, writes the whole chain from there on anew, with its head.
func (f *forger) says(data string, anew bool) {
	f.t.Helper()
	links, err := f.Events.Of(f.ctx, f.c.RequestID, event.ContractSigned)
	check(f.t, err)
	f.sql(`UPDATE event SET data = $1 WHERE seq = $2`, data, links[0].Seq)
	if anew {
		f.rehash(links[0].Seq)
	}
}

func (f *forger) rehash(from int64) {
	f.t.Helper()
	q := query.New(f.DB.Writer(f.ctx))
	rows, err := q.ChainAfter(f.ctx, from-2, 100_000)
	check(f.t, err)
	prev := rows[0].Hash
	for _, r := range rows[1:] {
		l := event.Link{Seq: r.Seq, Raw: r.Data, Prev: prev, Event: event.Event{ID: r.ID, At: r.At, Kind: event.Kind(r.Kind), SchoolID: r.SchoolID, AboutID: r.AboutID,
			Actor: rinnova.Actor{AccountID: r.ActorID, Username: r.ActorName, Role: rinnova.Role(r.ActorRole)}}}
		prev = l.Digest()
		check(f.t, q.SetHash(f.ctx, l.Prev, prev, l.Seq))
	}
	check(f.t, q.EndChain(f.ctx, prev))
}

// cut takes the last events away, with the head.
func (f *forger) cut(n int64) {
	f.t.Helper()
	head, err := f.Events.Head(f.ctx)
	check(f.t, err)
	hash, err := f.Events.HashAt(f.ctx, head.Seq-n)
	check(f.t, err)
	f.sql(`DELETE FROM event WHERE seq > $1`, head.Seq-n)
	f.sql(`UPDATE event_chain SET seq = $1, hash = $2`, head.Seq-n, hash)
}

func (f *forger) marks(folder string) (keys []string) {
	f.t.Helper()
	names, err := f.Files.List(f.ctx, folder)
	check(f.t, err)
	for _, n := range names {
		keys = append(keys, folder+"/"+n)
	}
	return keys
}

// who finds an attack: those who open, mail and check a contract (all of them must), the check of the record, the check before a number.
type finders struct{ contract, record, number bool }

var attacks = []struct {
	name string
	do   func(*forger)
	want finders
}{
	{"page swapped by an appended revision; hash, size and totals in the row", func(f *forger) {
		f.forge(f.swapped())
		f.sql(`UPDATE contract SET total_cents = total_cents + 100, taxable_cents = taxable_cents + 100 WHERE id = $1`, f.c.ID)
	}, finders{contract: true}},
	{"page swapped; hash and size in the row", func(f *forger) { f.forge(f.swapped()) }, finders{contract: true}},
	{"page swapped; the event too", func(f *forger) {
		forged := f.swapped()
		f.forge(forged)
		f.says(`{"numero":"`+f.c.Number+`","sha256":"`+sum(forged)+`"}`, false)
	}, finders{contract: true, record: true}},
	{"page swapped; the event and the chain too", func(f *forger) {
		forged := f.swapped()
		f.forge(forged)
		f.says(`{"numero":"`+f.c.Number+`","sha256":"`+sum(forged)+`"}`, true)
	}, finders{contract: true, record: true, number: true}},
	{"page swapped; the event too, with its hash", func(f *forger) {
		forged, was := f.swapped(), sum(f.original())
		f.forge(forged)
		links, err := f.Events.Of(f.ctx, f.c.RequestID, event.ContractSigned)
		check(f.t, err)
		l := links[0]
		l.Raw = strings.Replace(l.Raw, was, sum(forged), 1)
		f.sql(`UPDATE event SET data = $1, hash = $2 WHERE seq = $3`, l.Raw, l.Digest(), l.Seq)
	}, finders{contract: true, record: true}},
	{"a byte appended", func(f *forger) { f.forge(append(bytes.Clone(f.original()), '\n')) }, finders{contract: true}},
	{"signed with a key of his own", func(f *forger) { f.forge(f.resigned()) }, finders{contract: true}},
	{"signed with a key of his own; the event and the chain too", func(f *forger) {
		forged := f.resigned()
		f.forge(forged)
		f.says(`{"numero":"`+f.c.Number+`","sha256":"`+sum(forged)+`","certificato":"00"}`, true)
	}, finders{contract: true, record: true, number: true}},
	{"the contract of another school", func(f *forger) {
		f.sql(`UPDATE contract SET file_key = $1, file_sha256 = $2, file_size = $3 WHERE id = $4`, f.other.File.Key, f.other.File.SHA256, f.other.File.Size, f.c.ID)
	}, finders{contract: true}},
	{"a total in the row", func(f *forger) { f.sql(`UPDATE contract SET total_cents = total_cents + 1 WHERE id = $1`, f.c.ID) }, finders{contract: true}},
	{"a total in row and document", func(f *forger) {
		total := f.c.Document.Totals.Total
		f.sql(`UPDATE contract SET total_cents = $1, document = replace(document, $2, $3) WHERE id = $4`, total+1, `"Total":`+inJSON(total), `"Total":`+inJSON(total+1), f.c.ID)
	}, finders{contract: true}},
	{"the school in the document", func(f *forger) {
		f.sql(`UPDATE contract SET document = replace(document, $1, 'Un altro istituto') WHERE id = $2`, f.c.Document.School.Address, f.c.ID)
	}, finders{contract: true}},
	{"the file taken away", func(f *forger) { f.put(f.c.File.Key, nil) }, finders{contract: true, number: true}},
	{"the end of the record cut off", func(f *forger) { f.cut(3) }, finders{record: true, number: true}},
	{"the record written anew", func(f *forger) { f.sql(`UPDATE event SET actor_name = 'NESSUNO' WHERE seq = 5`); f.rehash(5) }, finders{contract: true, record: true, number: true}},
	{"the end cut off, the latest mark too", func(f *forger) {
		f.cut(3)
		for _, k := range f.marks("witness") {
			f.put(k, nil)
		}
	}, finders{record: true, number: true}},
	{"the end cut off, all marks too", func(f *forger) {
		f.cut(3)
		for _, k := range append(f.marks("witness"), f.marks("seals")...) {
			f.put(k, nil)
		}
	}, finders{record: true, number: true}},
	{"the record written anew, all marks too, and no code left", func(f *forger) {
		f.sql(`UPDATE event SET actor_name = 'NESSUNO', mac = '' WHERE seq = 5`)
		f.rehash(5)
		f.sql(`UPDATE event SET mac = ''`)
		for _, k := range append(f.marks("witness"), f.marks("seals")...) {
			f.put(k, nil)
		}
	}, finders{contract: true, record: true, number: true}},
	{"the record written anew as if nothing had ever been sealed", func(f *forger) {
		f.sql(`UPDATE event SET actor_name = 'NESSUNO' WHERE seq = 5`)
		f.sql(`UPDATE event SET kind = 'account.login', about_id = '' WHERE kind = 'settings.sealing'`)
		f.rehash(5)
		for _, k := range append(f.marks("witness"), f.marks("seals")...) {
			f.put(k, nil)
		}
	}, finders{contract: true, record: true, number: true}},
	{"the latest mark changed", func(f *forger) {
		for _, k := range f.marks("witness") {
			data, err := os.ReadFile(f.path(k))
			check(f.t, err)
			f.put(k, bytes.Replace(data, []byte(`"Seq":`), []byte(`"Seq":1`), 1))
		}
	}, finders{record: true, number: true}},
	{"a seal changed, and its signature taken away", func(f *forger) {
		for _, k := range f.marks("seals") {
			if strings.HasSuffix(k, ".p7m") {
				f.put(k, nil)
				continue
			}
			data, err := os.ReadFile(f.path(k))
			check(f.t, err)
			f.put(k, bytes.Replace(data, []byte(`"Certificate":"`), []byte(`"Certificate":"0`), 1))
		}
	}, finders{record: true}},
	{"the counter of numbers set back", func(f *forger) { f.sql(`UPDATE numbering SET last = 0`) }, finders{number: true}},
}

// Whoever can write everywhere but has no key is found out: by those who open, mail and check a contract, by the check of the record, or before
// the next number.
func TestForgeries(t *testing.T) {
	eachUnsealed(t, func(t *testing.T, p *program) {
		p.confirm(t, "SG00001", 1)
		p.confirm(t, "SG00002", 2)
		c, other := p.process(t, "SG00001"), p.process(t, "SG00002")
		check(t, p.Witness.Sweep(t.Context()))
		for i, code := range []string{"SG00003", "SG00004", "SG00005", "SG00006"} {
			p.confirm(t, code, 3+i)
		}
		check(t, p.Witness.Sweep(t.Context()))
		if got := p.findersOf(t, t.Context(), c); got != (finders{}) {
			t.Fatalf("before any attack: %+v", got)
		}
		found, undone := 0, errors.New("undone")
		for _, a := range attacks {
			f := &forger{program: p, t: t, c: c, other: other}
			err := p.DB.InTx(t.Context(), func(ctx context.Context) error {
				f.ctx = ctx
				a.do(f)
				p.clock.Advance(5e9)
				if got := p.findersOf(t, ctx, c); got != a.want {
					t.Errorf("%s: found by %+v, want %+v", a.name, got, a.want)
				} else {
					found++
				}
				return undone
			})
			for _, u := range f.undo {
				u()
			}
			if !errors.Is(err, undone) {
				t.Fatal(err)
			}
			p.clock.Advance(5e9)
		}
		t.Logf("%d attacks, %d found as they should", len(attacks), found)
		if got := p.findersOf(t, t.Context(), c); got != (finders{}) {
			t.Errorf("after all was undone: %+v", got)
		}
	})
}

// eachUnsealed is each, for tests that change the record.
func eachUnsealed(t *testing.T, test func(t *testing.T, p *program)) {
	for name, c := range map[string]func() app.Config{
		"sqlite":     func() app.Config { return app.Config{Data: t.TempDir()} },
		"postgresql": func() app.Config { return app.Config{Data: t.TempDir(), DatabaseURL: dbtest.PostgreSQLURL(t)} },
	} {
		if name == "postgresql" && testing.Short() {
			continue
		}
		t.Run(name, func(t *testing.T) {
			p := launch(t, c(), newClock())
			check(t, demo.Seed(t.Context(), p.App, demo.Options{Schools: schools}, func(string) {}))
			test(t, p)
		})
	}
}

func (p *program) findersOf(t *testing.T, ctx context.Context, c *contract.Contract) (out finders) {
	t.Helper()
	actor := rinnova.Actor{AccountID: "x", Username: supervisor("SG00001"), Role: rinnova.RoleSchool, SchoolID: c.SchoolID}
	_, _, opening := p.Contracts.Open(ctx, actor, c.ID, c.FileName())
	_, mailing := p.Contracts.Original(ctx, c.ID)
	public, err := p.Contracts.ByCode(ctx, c.Document.VerifyCode)
	check(t, err)
	faulty := 0
	check(t, p.Contracts.ProveAll(ctx, func(f *contract.Finding) { faulty += min(1, len(f.Faults)) }))
	no := []bool{opening != nil, mailing != nil, public == nil || public.Doubtful, faulty > 0}
	for _, n := range no {
		if n != no[0] {
			t.Errorf("they do not agree: download, mail, public check, command say no: %v (%v)", no, opening)
		}
	}
	heads, seals, err := p.Witness.Heads(ctx)
	check(t, err)
	report, err := p.Events.VerifyAgainst(ctx, heads, func(int64, int64) {})
	check(t, err)
	before := p.Witness.Check(ctx)
	return finders{contract: no[0], record: report.Damage != nil || len(seals.Faults) > 0, number: before != nil}
}

// inJSON is an amount as JSON has it.
func inJSON(c rinnova.Cents) string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// What the public page says of a contract that was tampered with.
func TestThePublicPageDoesNotVouchForAForgery(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		p.confirm(t, "SG00001", 1)
		c := p.process(t, "SG00001")
		v := p.visitor(t)
		v.open(contractweb.VerifyPath + "/" + contract.ShowCode(c.Document.VerifyCode))
		v.reads("Registrato", c.File.SHA256)
		_, err := p.DB.Writer(t.Context()).ExecContext(t.Context(), `UPDATE contract SET total_cents = 1 WHERE id = $1`, c.ID)
		check(t, err)
		v.open(contractweb.VerifyPath + "/" + contract.ShowCode(c.Document.VerifyCode))
		v.reads("Da non credere", "non è quello che è stato firmato")
		if strings.Contains(string(v.Page.Body), c.File.SHA256) || strings.Contains(string(v.Page.Body), "Registrato") {
			t.Error("the page still vouches for it")
		}
	})
}
