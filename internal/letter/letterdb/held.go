package letterdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"rinnova/internal/db"
	"rinnova/internal/letter"
	"rinnova/internal/letter/letterdb/query"
)

// Held is the file that a school has been asked about; nil where there is none.
func (s Store) Held(ctx context.Context, schoolID string) (*letter.Signed, error) {
	r, err := s.read(ctx).Held(ctx, schoolID)
	if db.IsNone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, wrap("held letter", err)
	}
	c := &letter.Signed{ID: r.ID, SchoolID: r.SchoolID, Name: r.Name, By: r.UploadedBy, At: r.UploadedAt.UTC(), Outcome: letter.Held,
		File: letter.File{Key: r.FileKey, SHA256: r.FileSha256, Size: r.FileSize}}
	return c, wrap("held letter", json.Unmarshal([]byte(r.Facts), &c.Facts))
}

// Hold keeps such a file; false where another one is there.
func (s Store) Hold(ctx context.Context, c *letter.Signed) (bool, error) {
	facts, err := json.Marshal(c.Facts)
	if err != nil {
		return false, wrap("held letter", err)
	}
	n, err := s.write(ctx).Hold(ctx, query.HoldParams{SchoolID: c.SchoolID, ID: c.ID, Name: c.Name, Format: string(c.Facts.Format), Facts: string(facts),
		FileKey: c.File.Key, FileSha256: c.File.SHA256, FileSize: c.File.Size, UploadedBy: c.By, UploadedAt: c.At.UTC()})
	return n == 1, wrap("held letter", err)
}

// Release ends that; false where it is no longer this file that is held.
func (s Store) Release(ctx context.Context, schoolID, id string) (bool, error) {
	n, err := s.write(ctx).Release(ctx, schoolID, id)
	return n == 1, wrap("held letter", err)
}

// AddAcceptance writes the vendor's acceptance of a signed file; false where it is there already, or the file is no longer accepted.
func (s Store) AddAcceptance(ctx context.Context, c *letter.Signed) (bool, error) {
	a := c.Acceptance
	n, err := s.write(ctx).AddAcceptance(ctx, query.AddAcceptanceParams{Acceptance: string(a.Kind), AcceptanceKey: a.File.Key, AcceptanceSha256: a.File.SHA256,
		AcceptanceSize: a.File.Size, AcceptanceAt: sql.NullTime{Time: a.At.UTC(), Valid: true}, ID: c.ID})
	return n == 1, wrap("acceptance", err)
}

// Unaccepted finds accepted files that have waited for their acceptance since before t, the oldest first.
func (s Store) Unaccepted(ctx context.Context, t time.Time, limit int) ([]letter.Waiting, error) {
	rows, err := s.read(ctx).Unaccepted(ctx, sql.NullTime{Time: t.UTC(), Valid: true}, int32(limit))
	if err != nil {
		return nil, wrap("acceptances", err)
	}
	out := make([]letter.Waiting, len(rows))
	for i, r := range rows {
		out[i] = letter.Waiting{School: r.SchoolID, Signed: r.ID}
	}
	return out, nil
}
