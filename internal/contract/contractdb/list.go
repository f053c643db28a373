package contractdb

import (
	"context"
	"encoding/json"
	"fmt"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractdb/query"
	"rinnova/internal/db"
	"rinnova/internal/renewal"
)

var _ contract.Lists = Store{}

// OfSchool reads the contracts of a school, the newest first.
func (s Store) OfSchool(ctx context.Context, schoolID string) ([]contract.Row, error) {
	rows, err := s.read(ctx).ContractsOfSchool(ctx, schoolID)
	if err != nil {
		return nil, wrap("contracts", err)
	}
	out := make([]contract.Row, len(rows))
	for i, r := range rows {
		out[i] = contract.Row{ID: r.ID, Number: r.Number, Kind: renewal.Kind(r.Kind), Taxable: rinnova.Cents(r.TaxableCents),
			State: contract.State(r.State), Size: r.FileSize, SignedAt: r.SignedAt.Time.UTC(), RequestID: r.RequestID}
		if err := dates(&out[i], r.Dated, r.PeriodFrom, r.PeriodTo); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func dates(r *contract.Row, dated, from, to string) error {
	return wrap("contract", firstError(r.Date.UnmarshalText([]byte(dated)), r.Period.From.UnmarshalText([]byte(from)), r.Period.To.UnmarshalText([]byte(to))))
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// List reads a page of all contracts, the newest first.
func (s Store) List(ctx context.Context, state contract.State, search string, limit, offset int) ([]contract.Row, error) {
	rows, err := s.read(ctx).ContractList(ctx, query.ContractListParams{State: string(state), Search: db.Words(search), Code: db.Code(search), MaxRows: int32(limit), SkipRows: int32(offset)})
	if err != nil {
		return nil, wrap("contracts", err)
	}
	out := make([]contract.Row, len(rows))
	for i, r := range rows {
		out[i] = contract.Row{ID: r.ID, Number: r.Number, Kind: renewal.Kind(r.Kind), Taxable: rinnova.Cents(r.TaxableCents),
			State: contract.State(r.State), Size: r.FileSize, SignedAt: r.SignedAt.Time.UTC(), SentAt: r.SentAt.Time.UTC(), CIG: r.Cig, School: r.ShortName,
			Town: r.Town, Province: r.ProvinceCode, PortalCode: r.PortalCode, RequestID: r.RequestID}
		if err := out[i].Date.UnmarshalText([]byte(r.Dated)); err != nil {
			return nil, wrap("contract", err)
		}
	}
	return out, nil
}

// Sum counts what List chooses.
func (s Store) Sum(ctx context.Context, state contract.State, search string) (contract.Count, error) {
	r, err := s.read(ctx).ContractSums(ctx, string(state), db.Words(search), db.Code(search))
	return contract.Count{State: state, Contracts: int(r.Contracts), Taxable: rinnova.Cents(r.Taxable)}, wrap("contracts", err)
}

// Counts are the contracts in each state.
func (s Store) Counts(ctx context.Context) ([]contract.Count, error) {
	rows, err := s.read(ctx).ContractCounts(ctx)
	if err != nil {
		return nil, wrap("contracts", err)
	}
	out := make([]contract.Count, len(rows))
	for i, r := range rows {
		out[i] = contract.Count{State: contract.State(r.State), Contracts: int(r.Contracts), Taxable: rinnova.Cents(r.Taxable)}
	}
	return out, nil
}

// ByCode finds what is public of a contract; nil for an unknown code.
func (s Store) ByCode(ctx context.Context, code string) (*contract.Public, error) {
	r, err := s.read(ctx).ContractByCode(ctx, code)
	if db.IsNone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, wrap("contract", err)
	}
	var doc struct{ School contract.Party } // as the contract names it, whatever the school is called today
	if err := json.Unmarshal([]byte(r.Document), &doc); err != nil {
		return nil, fmt.Errorf("contract %s: %w", r.Number, err)
	}
	p := &contract.Public{ID: r.ID, Number: r.Number, Kind: renewal.Kind(r.Kind), School: doc.School.Name, Address: doc.School.Address, CIG: r.Cig, Total: rinnova.Cents(r.TotalCents),
		SHA256: r.FileSha256, Size: r.FileSize, SignedAt: r.SignedAt.Time.UTC()}
	return p, wrap("contract", p.Date.UnmarshalText([]byte(r.Dated)))
}
