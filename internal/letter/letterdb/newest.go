package letterdb

import (
	"context"
	"fmt"
	"slices"

	"rinnova/internal/letter/letterdb/query"
)

// NewestFiles are the keys of the files of the last letters that were prepared, and of the last signed ones that came.
func (s Store) NewestFiles(ctx context.Context, limit int) ([]string, error) {
	q := query.New(s.DB.Reader(ctx))
	letters, err := q.NewestLetters(ctx, int32(limit))
	if err != nil {
		return nil, fmt.Errorf("letters: %w", err)
	}
	signed, err := q.NewestSigned(ctx, int32(limit))
	if err != nil {
		return nil, fmt.Errorf("letters: %w", err)
	}
	return slices.Concat(letters, signed), nil
}
