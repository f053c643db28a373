// Package contractdb keeps contracts, their numbers and bulk runs in the database.
package contractdb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractdb/query"
	"rinnova/internal/db"
	"rinnova/internal/renewal"
)

// Store implements contract.Store and contract.RunStore.
type Store struct {
	DB *db.DB
}

var (
	_ contract.Store    = Store{}
	_ contract.RunStore = Store{}
)

// InTx runs fn in a transaction.
func (s Store) InTx(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.InTx(ctx, fn)
}

func (s Store) read(ctx context.Context) *query.Queries  { return query.New(s.DB.Reader(ctx)) }
func (s Store) write(ctx context.Context) *query.Queries { return query.New(s.DB.Writer(ctx)) }

// NextNumber counts the series up. The conditional update locks the row until the transaction ends, so numbers come out
// without gaps and in the order of commits.
func (s Store) NextNumber(ctx context.Context, series string, year int) (int64, error) {
	n, err := s.write(ctx).NextNumber(ctx, series, int64(year))
	if db.IsNone(err) {
		if err := s.write(ctx).OpenSeries(ctx, series, int64(year)); err != nil {
			return 0, wrap("numbering", err)
		}
		n, err = s.write(ctx).NextNumber(ctx, series, int64(year))
	}
	return n, wrap("numbering", err)
}

// Add writes a numbered contract.
func (s Store) Add(ctx context.Context, c *contract.Contract) error {
	doc, err := json.Marshal(c.Document)
	if err != nil {
		return err
	}
	c.Row.DocumentSHA256 = hashOf(string(doc))
	d := &c.Document
	return wrap("contract", s.write(ctx).AddContract(ctx, query.AddContractParams{
		ID: c.ID, Number: c.Number, Series: c.Series, Year: int64(c.Year), Seq: c.Seq, RequestID: c.RequestID, Revision: int64(c.Revision),
		SchoolID: c.SchoolID, CampaignID: c.CampaignID, Kind: string(d.Kind), Dated: d.Date.String(), PeriodFrom: d.Period.From.String(),
		PeriodTo: d.Period.To.String(), TaxableCents: int64(d.Totals.Taxable), TotalCents: int64(d.Totals.Total), Cig: d.Order.CIG,
		VerifyCode: d.VerifyCode, Document: string(doc), NumberedAt: c.NumberedAt.UTC(),
	}))
}

// Contract reads one contract.
func (s Store) Contract(ctx context.Context, id string) (*contract.Contract, error) {
	row, err := s.read(ctx).Contract(ctx, id)
	if db.IsNone(err) {
		return nil, rinnova.Fail(rinnova.NotFound, "Questo contratto non c’è, o non è della vostra scuola.")
	}
	if err != nil {
		return nil, wrap("contract", err)
	}
	return full(row)
}

// ByRequest finds the contract of a request; nil where it has none.
func (s Store) ByRequest(ctx context.Context, requestID string) (*contract.Contract, error) {
	row, err := s.read(ctx).ContractByRequest(ctx, requestID)
	if db.IsNone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, wrap("contract", err)
	}
	return full(row)
}

func full(row query.Contract) (*contract.Contract, error) {
	c := &contract.Contract{
		ID: row.ID, Number: row.Number, Series: row.Series, Year: int(row.Year), Seq: row.Seq, RequestID: row.RequestID,
		Revision: int(row.Revision), SchoolID: row.SchoolID, CampaignID: row.CampaignID, State: contract.State(row.State),
		File:       contract.File{Key: row.FileKey, SHA256: row.FileSha256, Size: row.FileSize},
		NumberedAt: row.NumberedAt.UTC(), SignedAt: row.SignedAt.Time.UTC(), SentAt: row.SentAt.Time.UTC(),
		Row: contract.Columns{Kind: renewal.Kind(row.Kind), Dated: row.Dated, From: row.PeriodFrom, To: row.PeriodTo, Taxable: rinnova.Cents(row.TaxableCents),
			Total: rinnova.Cents(row.TotalCents), CIG: row.Cig, VerifyCode: row.VerifyCode, DocumentSHA256: hashOf(row.Document)},
	}
	if err := json.Unmarshal([]byte(row.Document), &c.Document); err != nil {
		return nil, fmt.Errorf("contract %s: %w", row.Number, err)
	}
	return c, nil
}

func hashOf(document string) string {
	h := sha256.Sum256([]byte(document))
	return hex.EncodeToString(h[:])
}

// After reads the ids that follow one, in their order.
func (s Store) After(ctx context.Context, id string, limit int) ([]string, error) {
	ids, err := s.read(ctx).ContractsAfter(ctx, id, int32(limit))
	return ids, wrap("contracts", err)
}

// Counters are the series with their last numbers.
func (s Store) Counters(ctx context.Context) ([]contract.Counter, error) {
	rows, err := s.read(ctx).Numbers(ctx)
	var out []contract.Counter
	for _, r := range rows {
		out = append(out, contract.Counter{Series: r.Series, Year: int(r.Year), Last: r.Last})
	}
	return out, wrap("numbering", err)
}

// Raise lets a series go on after a number, in the transaction of ctx; where it is beyond that already, nothing changes.
func (s Store) Raise(ctx context.Context, c contract.Counter) error {
	if err := s.write(ctx).OpenSeries(ctx, c.Series, int64(c.Year)); err != nil {
		return wrap("numbering", err)
	}
	return wrap("numbering", s.write(ctx).RaiseNumber(ctx, c.Last, c.Series, int64(c.Year)))
}

// NewestFiles are the keys of the files of the last signed contracts.
func (s Store) NewestFiles(ctx context.Context, limit int) ([]string, error) {
	keys, err := s.read(ctx).NewestFiles(ctx, int32(limit))
	return keys, wrap("contracts", err)
}

// MarkSigned records the file; false where the contract was no longer only numbered.
func (s Store) MarkSigned(ctx context.Context, id string, f contract.File, at time.Time) (bool, error) {
	n, err := s.write(ctx).MarkSigned(ctx, query.MarkSignedParams{FileKey: f.Key, FileSha256: f.SHA256, FileSize: f.Size, SignedAt: db.Instant(at), ID: id})
	return n == 1, wrap("contract", err)
}

// MarkSent records that a mail server took the contract.
func (s Store) MarkSent(ctx context.Context, id string, at time.Time) (bool, error) {
	n, err := s.write(ctx).MarkSent(ctx, db.Instant(at), id)
	return n == 1, wrap("contract", err)
}

// MarkUndelivered records that the mail was given up.
func (s Store) MarkUndelivered(ctx context.Context, id string) (bool, error) {
	n, err := s.write(ctx).MarkUndelivered(ctx, id)
	return n == 1, wrap("contract", err)
}

// Stuck finds the ids of contracts that have waited for their signature since before t.
func (s Store) Stuck(ctx context.Context, t time.Time, limit int) ([]string, error) {
	ids, err := s.read(ctx).Stuck(ctx, t.UTC(), int32(limit))
	return ids, wrap("contracts", err)
}

func wrap(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
