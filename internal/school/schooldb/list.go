package schooldb

import (
	"context"
	"fmt"

	"rinnova/internal/db"
	"rinnova/internal/school"
	"rinnova/internal/school/schooldb/query"
)

// List reads a page of the schools that the filter chooses, by name.
func (s Store) List(ctx context.Context, f school.Filter) ([]school.School, error) {
	rows, err := s.read(ctx).SchoolList(ctx, query.SchoolListParams{Search: db.Words(f.Search), Code: db.Code(f.Search), Region: f.Region, Province: f.Province, Standing: string(f.Condition),
		MaxRows: int32(f.Limit), SkipRows: int32(f.Offset)})
	return schools(rows, err)
}

func schools(rows []query.School, err error) ([]school.School, error) {
	if err != nil {
		return nil, fmt.Errorf("schools: %w", err)
	}
	out := make([]school.School, len(rows))
	for i, r := range rows {
		out[i] = full(r)
	}
	return out, nil
}

// Count counts what List chooses, whatever its limit.
func (s Store) Count(ctx context.Context, f school.Filter) (int, error) {
	n, err := s.read(ctx).SchoolCount(ctx, query.SchoolCountParams{Search: db.Words(f.Search), Code: db.Code(f.Search), Region: f.Region, Province: f.Province, Standing: string(f.Condition)})
	if err != nil {
		return 0, fmt.Errorf("schools: %w", err)
	}
	return int(n), nil
}

// Places are the regions of the schools, and the provinces of one of them; of all where region is empty.
func (s Store) Places(ctx context.Context, region string) (regions, provinces []string, err error) {
	if regions, err = s.read(ctx).Regions(ctx); err == nil {
		provinces, err = s.read(ctx).ProvincesOf(ctx, region)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("places: %w", err)
	}
	return regions, provinces, nil
}

// MergedInto reads the schools that go on in one, by the day on which they did.
func (s Store) MergedInto(ctx context.Context, id string) ([]school.School, error) {
	return schools(s.read(ctx).SchoolsMergedInto(ctx, id))
}
