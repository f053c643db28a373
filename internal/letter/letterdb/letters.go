package letterdb

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"rinnova/internal/db"
	"rinnova/internal/letter"
	"rinnova/internal/letter/letterdb/query"
)

var _ letter.Store = Store{}

// InTx runs fn in a transaction.
func (s Store) InTx(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.InTx(ctx, fn)
}

func (s Store) read(ctx context.Context) *query.Queries  { return query.New(s.DB.Reader(ctx)) }
func (s Store) write(ctx context.Context) *query.Queries { return query.New(s.DB.Writer(ctx)) }

// Standing is where a school stands; the zero Standing where it has not begun.
func (s Store) Standing(ctx context.Context, schoolID string) (letter.Standing, error) {
	r, err := s.read(ctx).Standing(ctx, schoolID)
	if db.IsNone(err) {
		return letter.Standing{}, nil
	}
	return letter.Standing{State: letter.State(r.State), Prepared: int(r.Letters), Signed: int(r.Copies), LetterID: r.LetterID, SignedID: r.SignedID,
		At: r.UpdatedAt.UTC()}, wrap("standing", err)
}

// Move writes where a school stands now; false where it no longer stood as before.
func (s Store) Move(ctx context.Context, schoolID string, before, now letter.Standing) (bool, error) {
	if before.State == letter.Missing {
		n, err := s.write(ctx).BeginStanding(ctx, query.BeginStandingParams{SchoolID: schoolID, State: string(now.State), Letters: int64(now.Prepared),
			Copies: int64(now.Signed), LetterID: now.LetterID, SignedID: now.SignedID, UpdatedAt: now.At.UTC()})
		return n == 1, wrap("standing", err)
	}
	n, err := s.write(ctx).MoveStanding(ctx, query.MoveStandingParams{State: string(now.State), Letters: int64(now.Prepared), Copies: int64(now.Signed),
		LetterID: now.LetterID, SignedID: now.SignedID, UpdatedAt: now.At.UTC(), SchoolID: schoolID, OldState: string(before.State),
		OldLetter: before.LetterID, OldSigned: before.SignedID})
	return n == 1, wrap("standing", err)
}

// AddLetter writes a prepared letter.
func (s Store) AddLetter(ctx context.Context, l *letter.Letter) error {
	doc, err := json.Marshal(l.Document)
	if err != nil {
		return wrap("letter", err)
	}
	l.DocumentSHA256 = hashOf(doc)
	return wrap("letter", s.write(ctx).AddLetter(ctx, query.AddLetterParams{ID: l.ID, SchoolID: l.SchoolID, Number: int64(l.Number), TermsID: l.TermsID,
		Document: string(doc), FileKey: l.File.Key, FileSha256: l.File.SHA256, FileSize: l.File.Size, PreparedBy: l.By, PreparedAt: l.At.UTC()}))
}

// AddSigned writes a signed file.
func (s Store) AddSigned(ctx context.Context, c *letter.Signed) error {
	facts, err := json.Marshal(c.Facts)
	if err != nil {
		return wrap("signed letter", err)
	}
	return wrap("signed letter", s.write(ctx).AddSigned(ctx, query.AddSignedParams{ID: c.ID, SchoolID: c.SchoolID, Number: int64(c.Number), LetterID: c.LetterID,
		Name: c.Name, Format: string(c.Facts.Format), Facts: string(facts), FileKey: c.File.Key, FileSha256: c.File.SHA256, FileSize: c.File.Size,
		UploadedBy: c.By, UploadedAt: c.At.UTC()}))
}

// Decide writes what the office says of a signed file.
func (s Store) Decide(ctx context.Context, c *letter.Signed) error {
	n, err := s.write(ctx).Decide(ctx, query.DecideParams{Outcome: string(c.Outcome), Reason: c.Reason, DecidedBy: c.Clerk,
		DecidedAt: sql.NullTime{Time: c.Decided.UTC(), Valid: true}, ID: c.ID})
	if err == nil && n != 1 {
		err = fmt.Errorf("%s is not there", c.ID)
	}
	return wrap("signed letter", err)
}

// Letters are the letters that a school has prepared, the newest first.
func (s Store) Letters(ctx context.Context, schoolID string) ([]letter.Letter, error) {
	rows, err := s.read(ctx).Letters(ctx, schoolID)
	if err != nil {
		return nil, wrap("letters", err)
	}
	out := make([]letter.Letter, len(rows))
	for i, r := range rows {
		out[i] = letter.Letter{ID: r.ID, SchoolID: r.SchoolID, Number: int(r.Number), TermsID: r.TermsID, By: r.PreparedBy, At: r.PreparedAt.UTC(),
			File: letter.File{Key: r.FileKey, SHA256: r.FileSha256, Size: r.FileSize}, DocumentSHA256: hashOf([]byte(r.Document))}
		if err := json.Unmarshal([]byte(r.Document), &out[i].Document); err != nil {
			return nil, wrap("letter", err)
		}
	}
	return out, nil
}

// Copies are the signed files of a school, the newest first.
func (s Store) Copies(ctx context.Context, schoolID string) ([]letter.Signed, error) {
	rows, err := s.read(ctx).Copies(ctx, schoolID)
	if err != nil {
		return nil, wrap("signed letters", err)
	}
	out := make([]letter.Signed, len(rows))
	for i, r := range rows {
		out[i] = letter.Signed{ID: r.ID, SchoolID: r.SchoolID, Number: int(r.Number), LetterID: r.LetterID, Name: r.Name, By: r.UploadedBy, At: r.UploadedAt.UTC(),
			File:    letter.File{Key: r.FileKey, SHA256: r.FileSha256, Size: r.FileSize},
			Outcome: letter.Sent, Reason: r.Reason, Clerk: r.DecidedBy}
		if r.DecidedAt.Valid {
			out[i].Outcome, out[i].Decided = letter.State(r.Outcome), r.DecidedAt.Time.UTC()
		}
		if r.AcceptanceAt.Valid {
			out[i].Acceptance = letter.Acceptance{Kind: letter.AcceptanceKind(r.Acceptance), At: r.AcceptanceAt.Time.UTC(),
				File: letter.File{Key: r.AcceptanceKey, SHA256: r.AcceptanceSha256, Size: r.AcceptanceSize}}
		}
		f := &out[i].Facts
		if err := json.Unmarshal([]byte(r.Facts), f); err != nil {
			return nil, wrap("signed letter", err)
		}
		f.Number = max(f.Number, f.Ours) // older rows lack it
	}
	return out, nil
}

// SchoolsAfter are schools that have prepared letters, with ids above one, in ascending order.
func (s Store) SchoolsAfter(ctx context.Context, last string, limit int) ([]string, error) {
	ids, err := s.read(ctx).SchoolsWithLetters(ctx, last, int32(limit))
	return ids, wrap("schools with letters", err)
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func wrap(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
