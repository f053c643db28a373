package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"rinnova"
	"rinnova/internal/blob"
	"rinnova/internal/contract"
	"rinnova/internal/event"
	"rinnova/internal/sign"
	"rinnova/internal/web"
	"rinnova/internal/witness"
)

// sealKeyFile is where the key of the seals is kept, in the data folder, where the operator has not put one elsewhere.
const sealKeyFile = "seal.key"

// witnessing sets the witness, and learns from its seals which certificates have signed.
func (a *App) witnessing(ctx context.Context) error {
	a.Witness = &witness.Service{Files: a.Files, Database: witnessed{a}, Events: a.Events, Notary: notary{a}, Key: a.Events.Key, Clock: a.Clock}
	a.Contracts.Witness = a.Witness
	prints, err := a.Witness.Certificates(ctx)
	for _, p := range prints {
		a.known.addPrint(p)
	}
	return err
}

// sealKey is the key of the seals: of the file that the operator names, else one that is made once in the data folder.
func (a *App) sealKey(ctx context.Context) ([]byte, error) {
	if name := a.Config.SealKey; name != "" {
		b, err := os.ReadFile(name)
		if open, at := openToOthers(name); err == nil && (open || at != nil) {
			return nil, errors.Join(at, fmt.Errorf("RINNOVA_SEAL_KEY: other users of the computer can read %s: chmod go= %s", name, quoted(name)))
		}
		if err == nil && len(strings.TrimSpace(string(b))) < 32 {
			err = errors.New("it has fewer than 32 characters: make one with openssl rand -hex 32")
		}
		if err != nil {
			return nil, fmt.Errorf("RINNOVA_SEAL_KEY: %w", err)
		}
		return []byte(strings.TrimSpace(string(b))), nil
	}
	data := blob.Dir{Root: a.Config.Data}
	there, err := data.Has(ctx, sealKeyFile)
	if err == nil && !there {
		err = a.makeSealKey(ctx, data)
	}
	if err != nil {
		return nil, err
	}
	b, err := data.Get(ctx, sealKeyFile)
	return []byte(strings.TrimSpace(string(b))), err
}

// makeSealKey makes the key where there is none; another process may be faster. It refuses where another key has sealed already, and
// where somebody only looks.
func (a *App) makeSealKey(ctx context.Context, data blob.Dir) error {
	if err := a.sealKeyLost(ctx); err != nil {
		return err
	}
	if a.Config.Existing {
		return rinnova.Fail(rinnova.NotFound, "Nella cartella %s manca la chiave dei sigilli (%s): non è quella di questa installazione, che si indica con --data o RINNOVA_DATA, o non è ancora stata usata: «rinnova migrate».", a.Config.Data, sealKeyFile)
	}
	var random [32]byte
	rand.Read(random[:]) // never fails
	err := data.Put(ctx, sealKeyFile, []byte(hex.EncodeToString(random[:])+"\n"))
	if errors.Is(err, blob.ErrExists) {
		return nil
	}
	return err
}

// sealKeyLost refuses where the key is gone that has sealed what stands beside the files.
func (a *App) sealKeyLost(ctx context.Context) error {
	files := blob.Dir{Root: filepath.Join(a.Config.Data, "files")}
	for _, sort := range []witness.Sort{witness.Latest, witness.Seal} {
		names, err := files.List(ctx, string(sort))
		if err != nil {
			return err
		}
		if len(names) > 0 {
			key := filepath.Join(a.Config.Data, sealKeyFile)
			return rinnova.Fail(rinnova.Conflict, "Manca la chiave dei sigilli, %s: accanto ai file c’è quello che ha sigillato. Rimettetela da una copia, o indicate il suo file con RINNOVA_SEAL_KEY. Se è persa: openssl rand -hex 32 > %s && chmod go= %s, e poi decidete con «rinnova verify files --accept».",
				key, quoted(key), quoted(key))
		}
	}
	return nil
}

// watched tells the log what the witness finds, when it finds something else than before.
func (a *App) watched(ctx context.Context) error {
	err := a.Witness.Sweep(ctx)
	said := ""
	if held, ok := errors.AsType[*witness.Held](err); ok {
		said = held.Error()
		if a.held.Swap(&said) == nil || said != *a.held.Load() {
			a.Log.Error("the database and its files do not belong together: nothing is processed until somebody decides (rinnova verify files)", "found", said)
		}
		return nil
	}
	a.held.Store(nil)
	return err
}

// witnessed implements witness.Database.
type witnessed struct{ app *App }

func (w witnessed) InTx(ctx context.Context, fn func(context.Context) error) error {
	return w.app.DB.InTx(ctx, fn)
}

func (w witnessed) Head(ctx context.Context) (event.Head, error) { return w.app.Events.Head(ctx) }

func (w witnessed) HashAt(ctx context.Context, seq int64) (string, error) {
	return w.app.Events.HashAt(ctx, seq)
}

func (w witnessed) Numbers(ctx context.Context) (map[string]int64, error) {
	all, err := w.app.Lists.Counters(ctx)
	out := make(map[string]int64, len(all))
	for _, c := range all {
		out[witness.Series(c.Series, int64(c.Year))] = c.Last
	}
	return out, err
}

func (w witnessed) Raise(ctx context.Context, series string, n int64) error {
	name, year, found := strings.Cut(series, "-")
	if !found {
		name, year = "", series
	}
	y, err := strconv.Atoi(year)
	if err != nil {
		return fmt.Errorf("series %q: %w", series, err)
	}
	return w.app.Lists.Raise(ctx, contract.Counter{Series: name, Year: y, Last: n})
}

// newest is how many files of each sort are looked for.
const newest = 10

func (w witnessed) NewestFiles(ctx context.Context) ([]string, error) {
	contracts, err := w.app.Lists.NewestFiles(ctx, newest)
	if err != nil {
		return nil, err
	}
	letters, err := w.app.LetterStore.NewestFiles(ctx, newest)
	return slices.Concat(contracts, letters), err
}

func (w witnessed) Uncoded(ctx context.Context) (int64, error) { return w.app.Events.Uncoded(ctx) }

func (w witnessed) Encode(ctx context.Context) (int, error) { return w.app.Events.Encode(ctx) }

func (w witnessed) Fresh(ctx context.Context) (bool, error) {
	numbers, err := w.Numbers(ctx)
	if err != nil || len(numbers) > 0 {
		return false, err
	}
	contracts, err := w.app.Lists.After(ctx, "", 1)
	if err != nil || len(contracts) > 0 {
		return false, err
	}
	coded, err := w.app.Events.Coded(ctx)
	return !coded, err
}

func (w witnessed) Signed(ctx context.Context) (bool, error) {
	keys, err := w.app.Lists.NewestFiles(ctx, 1)
	return len(keys) > 0, err
}

// notary implements witness.Notary with the contract key. It asks no authority for the time: a seal is made every day.
type notary struct{ app *App }

func (n notary) key() *sign.Key {
	if c, ok := n.app.Contracts.Signer.(certifier); ok {
		return c.Key()
	}
	return nil
}

func (n notary) Certificate() string {
	if k := n.key(); k != nil {
		return fingerprint(k.Certificate())
	}
	return ""
}

func (n notary) Sign(ctx context.Context, content []byte) ([]byte, error) {
	k := n.key()
	if k == nil {
		return nil, rinnova.Fail(rinnova.Conflict, "Manca la chiave di firma.")
	}
	return sign.NewSigner(k, nil).SignFile(ctx, content, n.app.Clock())
}

func (n notary) Signed(p7m []byte) (content []byte, certificate string, err error) {
	f, err := sign.InspectFile(p7m)
	if err != nil {
		return nil, "", err
	}
	if len(f.Signatures) != 1 || f.Signatures[0].Integrity != sign.Intact || f.Signatures[0].Certificate == nil {
		return nil, "", errors.New("the signature does not fit")
	}
	return f.Content, fingerprint(f.Signatures[0].Certificate), nil
}

// apart is the banner for the office while the database and its files do not belong together; nil: they do.
func (f *frames) apart(ctx context.Context) templ.Component {
	faults, err := f.app.Witness.Faults(ctx)
	if err != nil {
		f.app.Log.Warn("witness", "error", err)
	}
	if len(faults) == 0 {
		return nil
	}
	l := web.LangOf(ctx)
	return web.Alert(l.T("Per ora non si elabora e non si firma nulla"), l.Text(faults[0])+" "+l.T("Avvisate chi gestisce il programma: deve decidere come riprendere."))
}
