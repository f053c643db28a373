// Package renewaldb keeps proposals, requests and revisions in the database.
package renewaldb

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/db"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaldb/query"
)

// Store implements renewal.Store and the office's work list.
type Store struct {
	DB       *db.DB
	Remember *Proposals // nil: every proposal is read and decoded again
}

var _ renewal.Store = Store{}

// InTx runs fn in a transaction.
func (s Store) InTx(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.InTx(ctx, fn)
}

func (s Store) read(ctx context.Context) *query.Queries  { return query.New(s.DB.Reader(ctx)) }
func (s Store) write(ctx context.Context) *query.Queries { return query.New(s.DB.Writer(ctx)) }

// Add writes a proposal with its request; false where the school has one for the period.
func (s Store) Add(ctx context.Context, p *renewal.Proposal, r *renewal.Request) (bool, error) {
	body, err := json.Marshal(p)
	if err != nil {
		return false, err
	}
	draft, err := json.Marshal(r.Draft)
	if err != nil {
		return false, err
	}
	n, err := s.write(ctx).AddProposal(ctx, query.AddProposalParams{
		ID: p.ID, CampaignID: p.CampaignID, SchoolID: p.SchoolID, Kind: string(p.Kind), PeriodFrom: p.Period.From.String(),
		PeriodTo: p.Period.To.String(), Body: string(body), MadeAt: p.MadeAt.UTC(),
	})
	if err != nil || n == 0 {
		return false, wrap("proposal", err)
	}
	err = s.write(ctx).AddRequest(ctx, query.AddRequestParams{
		ID: r.ID, Number: r.Number, CampaignID: r.CampaignID, SchoolID: r.SchoolID, ProposalID: p.ID, Kind: string(r.Kind),
		State: string(r.State), Draft: string(draft), Band: int64(r.Draft.Band), OfferedCents: int64(r.Offered), CreatedAt: r.CreatedAt.UTC(),
	})
	return err == nil, wrap("request", err)
}

// Expire closes requests that nobody confirmed of campaigns that closed before a day.
func (s Store) Expire(ctx context.Context, today rinnova.Date, at time.Time, limit int) ([]renewal.Request, error) {
	rows, err := s.write(ctx).ExpireRequests(ctx, at.UTC(), today.String(), int32(limit))
	if err != nil {
		return nil, wrap("requests", err)
	}
	out := make([]renewal.Request, len(rows))
	for i, r := range rows {
		out[i] = renewal.Request{ID: r.ID, SchoolID: r.SchoolID, State: renewal.Expired}
	}
	return out, nil
}

// Request reads one request.
func (s Store) Request(ctx context.Context, id string) (*renewal.Request, error) {
	row, err := s.read(ctx).Request(ctx, id)
	if err != nil {
		return nil, found("request", err)
	}
	return request(row)
}

// RequestByNumber reads one request by the number that people know.
func (s Store) RequestByNumber(ctx context.Context, number string) (*renewal.Request, error) {
	row, err := s.read(ctx).RequestByNumber(ctx, number)
	if err != nil {
		return nil, found("request", err)
	}
	return request(row)
}

// RequestAndProposal reads a request with its proposal.
func (s Store) RequestAndProposal(ctx context.Context, id string) (*renewal.Request, *renewal.Proposal, error) {
	r, err := s.Request(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	p, err := s.proposal(ctx, r.ProposalID)
	return r, p, err
}

func (s Store) proposal(ctx context.Context, id string) (*renewal.Proposal, error) {
	if p := s.Remember.get(id); p != nil {
		return p, nil
	}
	body, err := s.read(ctx).Proposal(ctx, id)
	if err != nil {
		return nil, found("proposal", err)
	}
	p := &renewal.Proposal{}
	if err := json.Unmarshal([]byte(body), p); err != nil {
		return nil, fmt.Errorf("proposal %s: %w", id, err)
	}
	s.Remember.put(p)
	return p, nil
}

// OfSchool reads the requests of a school, the newest first.
func (s Store) OfSchool(ctx context.Context, schoolID string) ([]renewal.Request, error) {
	rows, err := s.read(ctx).RequestsOfSchool(ctx, schoolID)
	if err != nil {
		return nil, wrap("requests", err)
	}
	out := make([]renewal.Request, len(rows))
	for i, row := range rows {
		r, err := request(row)
		if err != nil {
			return nil, err
		}
		out[i] = *r
	}
	return out, nil
}

// Update writes r where its version is still the stored one.
func (s Store) Update(ctx context.Context, r *renewal.Request) error {
	draft, err := json.Marshal(r.Draft)
	if err != nil {
		return err
	}
	notice, err := noticeJSON(r.Notice)
	if err != nil {
		return err
	}
	n, err := s.write(ctx).UpdateRequest(ctx, query.UpdateRequestParams{
		ID: r.ID, Version: r.Version, State: string(r.State), Draft: string(draft), DraftAt: db.Instant(r.DraftAt), Pending: r.Pending,
		Revision: int64(r.Revision), ConfirmedAt: db.Instant(r.ConfirmedAt), Band: int64(r.Band), TaxableCents: int64(r.Taxable), Cig: r.CIG,
		Warnings: strings.Join(r.Warnings, " "), TakenBy: nullString(r.Taken.By), TakenName: r.Taken.Name,
		TakenAt: db.Instant(r.Taken.At), TakenRevision: int64(r.Taken.Revision), Reason: r.Reason, Notice: notice, SentBack: int64(r.SentBack),
		Party: r.Party, Roof: int64(r.Roof), UpdatedAt: r.UpdatedAt.UTC(),
	})
	if err != nil {
		return wrap("request", err)
	}
	if n == 0 {
		return renewal.ErrStale
	}
	r.Version++
	return nil
}

// AddRevision writes a confirmation.
func (s Store) AddRevision(ctx context.Context, v *renewal.Revision) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	v.SHA256 = hashOf(string(body))
	return wrap("revision", s.write(ctx).AddRevision(ctx, query.AddRevisionParams{
		RequestID: v.RequestID, Number: int64(v.Number), ConfirmedAt: v.At.UTC(), ConfirmedBy: v.By.Username,
		TaxableCents: int64(v.Totals.Taxable), TotalCents: int64(v.Totals.Total), Body: string(body),
	}))
}

// SetSales writes what the confirmation that counts sells.
func (s Store) SetSales(ctx context.Context, requestID string, sales []renewal.Sale) error {
	q := s.write(ctx)
	if err := q.ForgetSales(ctx, requestID); err != nil {
		return wrap("sales", err)
	}
	for _, x := range sales {
		if err := q.AddSale(ctx, query.AddSaleParams{RequestID: requestID, ProductID: x.ProductID, PeriodFrom: x.Period.From.String(), PeriodTo: x.Period.To.String()}); err != nil {
			return wrap("sale", err)
		}
	}
	return nil
}

// WithoutParty finds requests that were confirmed before the party was kept.
func (s Store) WithoutParty(ctx context.Context, limit int) ([]string, error) {
	ids, err := s.read(ctx).RequestsWithoutParty(ctx, int32(limit))
	return ids, wrap("requests without a party", err)
}

// SetParty gives r the party of its confirmation, where it has none.
func (s Store) SetParty(ctx context.Context, r *renewal.Request, party string, roof int) (bool, error) {
	n, err := s.write(ctx).SetParty(ctx, query.SetPartyParams{Party: party, Roof: int64(roof), ID: r.ID, Revision: int64(r.Revision)})
	return n > 0, wrap("party", err)
}

// Revision reads one confirmation.
func (s Store) Revision(ctx context.Context, requestID string, number int) (*renewal.Revision, error) {
	body, err := s.read(ctx).Revision(ctx, requestID, int64(number))
	if err != nil {
		return nil, found("revision", err)
	}
	v := renewal.Revision{SHA256: hashOf(body)}
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		return nil, fmt.Errorf("revision %d of %s: %w", number, requestID, err)
	}
	return &v, nil
}

func hashOf(body string) string {
	h := sha256.Sum256([]byte(body))
	return hex.EncodeToString(h[:])
}

// Revisions reads all confirmations of a request in order.
func (s Store) Revisions(ctx context.Context, requestID string) ([]renewal.Revision, error) {
	bodies, err := s.read(ctx).Revisions(ctx, requestID)
	if err != nil {
		return nil, wrap("revisions", err)
	}
	out := make([]renewal.Revision, len(bodies))
	for i, b := range bodies {
		if err := json.Unmarshal([]byte(b), &out[i]); err != nil {
			return nil, fmt.Errorf("revision %d of %s: %w", i+1, requestID, err)
		}
		out[i].SHA256 = hashOf(b)
	}
	return out, nil
}

// SameCIG finds other requests whose last confirmation has this CIG: ten at most, the school’s own and the campaign’s first.
func (s Store) SameCIG(ctx context.Context, cig, requestID string) ([]renewal.CIGUse, error) {
	rows, err := s.read(ctx).OtherRequestsWithCIG(ctx, requestID, cig)
	if err != nil {
		return nil, wrap("requests with the CIG", err)
	}
	out := make([]renewal.CIGUse, len(rows))
	for i, r := range rows {
		var v renewal.Revision
		if err := json.Unmarshal([]byte(r.Confirmation), &v); err != nil {
			return nil, fmt.Errorf("confirmation of request %s: %w", r.ID, err)
		}
		out[i] = renewal.CIGUse{RequestID: r.ID, CampaignID: r.CampaignID, SchoolID: r.SchoolID, School: r.ShortName + " (" + r.PortalCode + ")",
			Campaign: r.Campaign, Order: v.Order.Number, Known: v.Says(renewal.OldCIG)}
	}
	return out, nil
}

func request(row query.Request) (*renewal.Request, error) {
	r := &renewal.Request{
		ID: row.ID, Number: row.Number, CampaignID: row.CampaignID, SchoolID: row.SchoolID, ProposalID: row.ProposalID,
		Kind: renewal.Kind(row.Kind), State: renewal.State(row.State), Version: row.Version, DraftAt: row.DraftAt.Time.UTC(),
		Pending: row.Pending, Revision: int(row.Revision), ConfirmedAt: row.ConfirmedAt.Time.UTC(), Band: catalog.Band(row.Band),
		Offered: rinnova.Cents(row.OfferedCents), Taxable: rinnova.Cents(row.TaxableCents), CIG: row.Cig, Warnings: strings.Fields(row.Warnings),
		Taken: renewal.Taken{By: row.TakenBy.String, Name: row.TakenName, At: row.TakenAt.Time.UTC(), Revision: int(row.TakenRevision)},
		Party: row.Party, Roof: int(row.Roof), Reason: row.Reason, SentBack: int(row.SentBack), CreatedAt: row.CreatedAt.UTC(), UpdatedAt: row.UpdatedAt.UTC(),
	}
	if err := json.Unmarshal([]byte(row.Draft), &r.Draft); err != nil {
		return nil, fmt.Errorf("draft of request %s: %w", row.ID, err)
	}
	var err error
	r.Notice, err = notice(row.ID, row.Notice)
	return r, err
}

// noticeJSON is a notice as it is stored; nothing where there is none.
func noticeJSON(n renewal.Notice) (string, error) {
	if n.At.IsZero() {
		return "", nil
	}
	b, err := json.Marshal(n)
	return string(b), err
}

func notice(id, body string) (n renewal.Notice, err error) {
	if body == "" {
		return n, nil
	}
	if err := json.Unmarshal([]byte(body), &n); err != nil {
		return n, fmt.Errorf("notice of request %s: %w", id, err)
	}
	return n, nil
}

func nullString(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }

func found(what string, err error) error {
	if db.IsNone(err) {
		return rinnova.Fail(rinnova.NotFound, "Questa richiesta non c’è, non è della vostra scuola, o l’ufficio l’ha ritirata.")
	}
	return wrap(what, err)
}

func wrap(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
