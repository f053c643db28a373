// Package exchangedb keeps imports and their plans in the database.
package exchangedb

import (
	"context"
	"encoding/json"
	"fmt"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/exchange"
	"rinnova/internal/exchange/exchangedb/query"
)

// Store implements exchange.Store.
type Store struct {
	DB *db.DB
}

var _ exchange.Store = Store{}

// InTx implements exchange.Store.
func (s Store) InTx(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.InTx(ctx, fn)
}

// Add implements exchange.Store.
func (s Store) Add(ctx context.Context, i exchange.Import) error {
	detail, err := json.Marshal(i.Detail)
	if err != nil {
		return err
	}
	err = query.New(s.DB.Writer(ctx)).AddImport(ctx, query.AddImportParams{
		ID: i.ID, What: string(i.What), FileName: i.FileName, Sha256: i.SHA256, Size: i.Size, State: string(i.State), Detail: string(detail), Digest: i.Digest,
		ByID: i.By.AccountID, ByUsername: i.By.Username, ByName: i.By.Name, ByRole: string(i.By.Role), SentAt: i.SentAt.UTC(),
	})
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return nil
}

// Import implements exchange.Store.
func (s Store) Import(ctx context.Context, id string) (exchange.Import, error) {
	r, err := query.New(s.DB.Reader(ctx)).OneImport(ctx, id)
	if db.IsNone(err) {
		return exchange.Import{}, rinnova.Fail(rinnova.NotFound, "Questa importazione non c’è.")
	}
	if err != nil {
		return exchange.Import{}, fmt.Errorf("import: %w", err)
	}
	return full(r)
}

func full(r query.ExchangeImport) (exchange.Import, error) {
	i := exchange.Import{
		ID: r.ID, What: exchange.What(r.What), FileName: r.FileName, SHA256: r.Sha256, Size: r.Size, State: exchange.State(r.State), Digest: r.Digest,
		By: rinnova.Actor{AccountID: r.ByID, Username: r.ByUsername, Name: r.ByName, Role: rinnova.Role(r.ByRole)}, SentAt: r.SentAt.UTC(),
	}
	if r.DoneAt.Valid {
		i.DoneAt = r.DoneAt.Time.UTC()
	}
	if err := json.Unmarshal([]byte(r.Detail), &i.Detail); err != nil {
		return i, fmt.Errorf("import %s: %w", r.ID, err)
	}
	return i, nil
}

// Imports implements exchange.Store.
func (s Store) Imports(ctx context.Context, limit int) ([]exchange.Import, error) {
	rows, err := query.New(s.DB.Reader(ctx)).Imports(ctx, int32(limit))
	if err != nil {
		return nil, fmt.Errorf("imports: %w", err)
	}
	out := make([]exchange.Import, len(rows))
	for n, r := range rows {
		if out[n], err = full(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Move implements exchange.Store.
func (s Store) Move(ctx context.Context, i exchange.Import, from exchange.State, digest string) (bool, error) {
	detail, err := json.Marshal(i.Detail)
	if err != nil {
		return false, err
	}
	n, err := query.New(s.DB.Writer(ctx)).MoveImport(ctx, query.MoveImportParams{
		State: string(i.State), Detail: string(detail), Digest: i.Digest, ByID: i.By.AccountID, ByUsername: i.By.Username, ByName: i.By.Name,
		ByRole: string(i.By.Role), DoneAt: db.Instant(i.DoneAt), ID: i.ID, State_2: string(from), Digest_2: digest,
	})
	if err != nil {
		return false, fmt.Errorf("import: %w", err)
	}
	return n == 1, nil
}

// SetPages implements exchange.Store.
func (s Store) SetPages(ctx context.Context, id string, pages []exchange.Page) error {
	return s.DB.InTx(ctx, func(ctx context.Context) error {
		q := query.New(s.DB.Writer(ctx))
		if err := q.DeletePages(ctx, id); err != nil {
			return fmt.Errorf("pages of an import: %w", err)
		}
		for _, p := range pages {
			body, err := json.Marshal(p.Rows)
			if err != nil {
				return err
			}
			if err := q.AddPage(ctx, query.AddPageParams{ImportID: id, View: string(p.View), Number: int64(p.Number), Body: string(body)}); err != nil {
				return fmt.Errorf("pages of an import: %w", err)
			}
		}
		return nil
	})
}

// Page implements exchange.Store.
func (s Store) Page(ctx context.Context, id string, v exchange.View, number int) ([]exchange.Row, error) {
	body, err := query.New(s.DB.Reader(ctx)).Page(ctx, id, string(v), int64(number))
	if db.IsNone(err) {
		return nil, nil
	}
	var rows []exchange.Row
	if err == nil {
		err = json.Unmarshal([]byte(body), &rows)
	}
	if err != nil {
		return nil, fmt.Errorf("page of an import: %w", err)
	}
	return rows, nil
}

// PriceLists implements exchange.Store.
func (s Store) PriceLists(ctx context.Context) ([]exchange.NamedList, error) {
	rows, err := query.New(s.DB.Reader(ctx)).PriceLists(ctx)
	if err != nil {
		return nil, fmt.Errorf("price lists: %w", err)
	}
	out := make([]exchange.NamedList, len(rows))
	for i, r := range rows {
		out[i] = exchange.NamedList{ID: r.ID, Name: r.Name}
		if err := out[i].ValidFrom.UnmarshalText([]byte(r.ValidFrom)); err != nil {
			return nil, fmt.Errorf("price lists: %w", err)
		}
	}
	return out, nil
}
