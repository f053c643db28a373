package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"rinnova"
	"rinnova/internal/db"
)

// open opens the database in a data folder that is nobody else's. A folder is made once it is known that there will be data in it.
func (c Config) open(ctx context.Context, location string, log *slog.Logger) (*db.DB, error) {
	if err := c.leftAlone(location); err != nil {
		return nil, err
	}
	if c.Existing {
		return c.openExisting(ctx, location, log)
	}
	if c.DatabaseURL == "" {
		if err := c.prepare(log); err != nil {
			return nil, err
		}
		return db.Open(ctx, location)
	}
	d, err := db.Open(ctx, location)
	if err != nil {
		return nil, err
	}
	if err := c.prepare(log); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// openExisting opens what is there, and makes neither folder nor database.
func (c Config) openExisting(ctx context.Context, location string, log *slog.Logger) (*db.DB, error) {
	_, missing := os.Stat(c.Data)
	if missing == nil {
		if err := c.prepare(log); err != nil {
			return nil, err
		}
	}
	d, err := db.OpenExisting(ctx, location)
	switch {
	case errors.Is(err, db.ErrNone) && c.DatabaseURL != "":
		return nil, rinnova.Fail(rinnova.NotFound, "Nella base di dati indicata da RINNOVA_DATABASE_URL non ci sono dati di Rinnova. Controllate l’indirizzo, o create la base di dati con «rinnova migrate».")
	case errors.Is(err, db.ErrNone):
		return nil, rinnova.Fail(rinnova.NotFound, "Nella cartella %s non ci sono dati di Rinnova. Indicate quella giusta con --data o RINNOVA_DATA, o create la base di dati con «rinnova migrate».", c.Data)
	case err == nil && missing != nil:
		return nil, errors.Join(rinnova.Fail(rinnova.NotFound, "La cartella dei dati %s non c’è. Indicate quella dell’installazione con --data o RINNOVA_DATA.", c.Data), d.Close())
	}
	return d, err
}

// leftAlone refuses an SQLite database that is missing or empty beside files of contracts: it was lost, and a new one would give their
// numbers a second time.
func (c Config) leftAlone(location string) error {
	if c.DatabaseURL != "" {
		return nil
	}
	f, err := os.Stat(location)
	if err == nil && f.Size() > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil // what it is worth is seen when it is opened
	}
	contracts, _ := os.ReadDir(filepath.Join(c.Data, "files", "contracts"))
	switch {
	case len(contracts) == 0:
		return nil
	case err == nil:
		return rinnova.Fail(rinnova.Conflict, "Il file %s è vuoto, ma accanto ci sono i file dei contratti: il database è andato perso. Rimettetene una copia.", location)
	}
	return rinnova.Fail(rinnova.Conflict, "Il file %s non c’è, ma ci sono i file dei contratti: il database è andato perso. Rimettetene una copia.", location)
}

// damaged says what to do about a database file that cannot be read as one.
func (c Config) damaged(err error) error {
	if !db.IsDamaged(err) {
		return err
	}
	return rinnova.Fail(rinnova.Conflict, "Il database %s è danneggiato, o non è un database. Non scrivetelo più: mettetene da parte il file e rimettete una copia, con i file della stessa copia.", filepath.Join(c.Data, databaseFile)).Because(err)
}
