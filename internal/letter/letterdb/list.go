package letterdb

import (
	"context"
	"encoding/json"

	"rinnova/internal/db"
	"rinnova/internal/letter"
	"rinnova/internal/letter/letterdb/query"
)

var _ letter.Lists = Store{}

// List reads a page of the schools that the filter chooses, by name.
func (s Store) List(ctx context.Context, f letter.Filter) ([]letter.Row, error) {
	rows, err := s.read(ctx).LetterList(ctx, query.LetterListParams{EveryState: everyState(f), State: string(f.State), Search: db.Words(f.Search), Code: db.Code(f.Search),
		MaxRows: int32(f.Limit), SkipRows: int32(f.Offset)})
	if err != nil {
		return nil, wrap("letters", err)
	}
	out := make([]letter.Row, len(rows))
	for i, r := range rows {
		out[i] = letter.Row{SchoolID: r.ID, School: r.ShortName, Town: r.Town, Province: r.ProvinceCode, PortalCode: r.PortalCode, Ministry: r.MinistryCode,
			Email: r.Email, State: letter.State(r.State)}
		if r.UpdatedAt.Valid {
			out[i].At = r.UpdatedAt.Time.UTC()
		}
		if r.Facts == "" {
			continue
		}
		out[i].Facts = &letter.Facts{}
		if err := json.Unmarshal([]byte(r.Facts), out[i].Facts); err != nil {
			return nil, wrap("signed letter", err)
		}
	}
	return out, nil
}

// Count counts what List chooses, whatever its limit.
func (s Store) Count(ctx context.Context, f letter.Filter) (int, error) {
	n, err := s.read(ctx).LetterCount(ctx, query.LetterCountParams{EveryState: everyState(f), State: string(f.State), Search: db.Words(f.Search), Code: db.Code(f.Search)})
	return int(n), wrap("letters", err)
}

// Counts are how many schools there are in each state.
func (s Store) Counts(ctx context.Context) (map[letter.State]int, error) {
	rows, err := s.read(ctx).LetterCounts(ctx)
	out := map[letter.State]int{}
	for _, r := range rows {
		out[letter.State(r.State)] = int(r.Schools)
	}
	return out, wrap("letters", err)
}

// Waiting is how many schools have sent a letter that the office has not decided yet.
func (s Store) Waiting(ctx context.Context) (int, error) {
	n, err := s.read(ctx).LetterStandingCount(ctx, string(letter.Sent))
	return int(n), wrap("letters", err)
}

func everyState(f letter.Filter) int64 {
	if f.All {
		return 1
	}
	return 0
}
