package schooldb

import (
	"context"
	"fmt"

	"rinnova/internal/school"
	"rinnova/internal/school/schooldb/query"
)

// foldPage is how many schools are folded in one transaction: others wait no longer than that takes.
const foldPage = 500

// Refold makes anew what schools are found and sorted by, where other rules have made it, and tells of how many. Several
// processes may do it at once, and people may work meanwhile.
func (s Store) Refold(ctx context.Context) (folded int, err error) {
	for {
		n, err := s.refold(ctx)
		if folded += n; err != nil || n == 0 {
			return folded, err
		}
	}
}

func (s Store) refold(ctx context.Context) (n int, err error) {
	err = s.DB.InTx(ctx, func(ctx context.Context) error {
		q := query.New(s.DB.Writer(ctx))
		rows, err := schools(q.Unfolded(ctx, school.FoldRules, foldPage))
		for _, c := range rows {
			if _, err := q.Refold(ctx, query.RefoldParams{Search: c.SearchText(), SortKey: c.SortKey(), Folded: school.FoldRules, ID: c.ID, Version: c.Version}); err != nil {
				return fmt.Errorf("school %s: %w", c.MinistryCode, err)
			}
		}
		n = len(rows)
		return err
	})
	return n, err
}
