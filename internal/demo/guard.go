package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/app"
	"rinnova/internal/db"
	"rinnova/internal/demo/demodb"
)

// Everybody can read the password of a demonstration, its administrator's too. So its data is never served as an installation by
// mistake, and it is never made on top of an installation's.

// Marks of a database.
const (
	isDemo  = "yes"
	cleared = "no:" // and the fingerprint of the hashes that were looked at, and are not of the published password
)

// Names of the folders beside the database.
const (
	keyFolder  = "demo-key"
	mailFolder = "mailbox"
)

// Refuse is an error where an installation holds a demonstration.
func Refuse(ctx context.Context, a *app.App) error {
	is, err := found(ctx, a.DB, a.Clock())
	if err == nil && !is {
		is, err = exists(filepath.Join(a.Config.Data, keyFolder))
	}
	if err != nil || !is {
		return err
	}
	return rinnova.Fail(rinnova.Conflict, "Questi sono i dati di una dimostrazione, con utenti la cui password è pubblicata. Indicate un’altra cartella con RINNOVA_DATA (o un’altra base di dati con RINNOVA_DATABASE_URL), oppure avviate «rinnova demo»; --allow-demonstration li serve lo stesso.")
}

// claim marks a database as a demonstration's; it refuses one in which there is anything else.
func claim(ctx context.Context, a *app.App) error {
	is, err := found(ctx, a.DB, a.Clock())
	if err != nil {
		return err
	}
	s := demodb.Store{DB: a.DB}
	if !is {
		filled, err := s.Filled(ctx)
		if err == nil && !filled {
			filled, err = foreignFiles(a.Config.Data)
		}
		if err != nil {
			return err
		}
		if filled {
			return notOurs()
		}
	}
	return s.SetMark(ctx, isDemo, a.Clock())
}

func notOurs() error {
	return rinnova.Fail(rinnova.Conflict, "Qui ci sono già dati che non sono di una dimostrazione: restano come sono. Indicate un’altra cartella con RINNOVA_DATA, e nessuna base di dati con RINNOVA_DATABASE_URL.")
}

// found tells a database that holds a demonstration: by its mark or, where an older version has made it, by its campaign, or by users
// who have the published password. What that costs, a second look at the same hashes does not.
func found(ctx context.Context, d *db.DB, now time.Time) (bool, error) {
	s := demodb.Store{DB: d}
	mark, err := s.Mark(ctx)
	if err != nil || mark == isDemo {
		return mark == isDemo, err
	}
	if is, err := s.HasCampaign(ctx, CampaignID); err != nil || is {
		return is, err
	}
	hashes, err := knownHashes(ctx, s)
	if err != nil || len(hashes) == 0 {
		return false, err
	}
	sum := sha256.Sum256([]byte(strings.Join(hashes, "\n")))
	looked := cleared + hex.EncodeToString(sum[:])
	if mark == looked {
		return false, nil
	}
	for _, h := range hashes {
		if same, err := argon2id.ComparePasswordAndHash(Password, h); err == nil && same {
			return true, nil
		}
	}
	return false, s.SetMark(ctx, looked, now)
}

// knownHashes are those of the passwords of users who bear a name of the demonstration's, each once.
func knownHashes(ctx context.Context, s demodb.Store) ([]string, error) {
	names := []string{account.Supervisor("SG00001")}
	for _, u := range Office {
		names = append(names, u.Username)
	}
	var out []string
	for _, n := range names {
		h, err := s.PasswordHash(ctx, n)
		if err != nil {
			return nil, err
		}
		if h != "" {
			out = append(out, h)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// Forget removes what a demonstration has made, and nothing else, from a data folder. It refuses a folder that holds anything else.
func Forget(ctx context.Context, data string, now time.Time) error {
	file := filepath.Join(data, "rinnova.db")
	if err := ours(ctx, data, file, now); err != nil {
		return err
	}
	for _, name := range []string{"rinnova.db", "rinnova.db-wal", "rinnova.db-shm", "files", mailFolder, keyFolder} {
		if err := os.RemoveAll(filepath.Join(data, name)); err != nil {
			return err
		}
	}
	return nil
}

func ours(ctx context.Context, data, file string, now time.Time) error {
	d, err := db.OpenExisting(ctx, file)
	if errors.Is(err, db.ErrNone) {
		foreign, err := foreignFiles(data)
		if f, statErr := os.Stat(file); statErr == nil && f.Size() > 0 {
			foreign = true
		}
		if err == nil && foreign {
			return notOurs()
		}
		return err
	}
	if err != nil {
		return err
	}
	is, err := found(ctx, d, now)
	if err == nil && !is {
		is, err = demodb.Store{DB: d}.Filled(ctx)
		if is = !is; err == nil && is {
			var foreign bool
			foreign, err = foreignFiles(data)
			is = !foreign
		}
	}
	if err = errors.Join(err, d.Close()); err == nil && !is {
		return notOurs()
	}
	return err
}

// foreignFiles tells whether a data folder has files that no demonstration has put there: it would have its key beside them.
func foreignFiles(data string) (bool, error) {
	if ours, err := exists(filepath.Join(data, keyFolder)); err != nil || ours {
		return false, err
	}
	all, err := os.ReadDir(filepath.Join(data, "files"))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return len(all) > 0, err
}

func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
