package event

import "context"

// Past reads the record backwards.
type Past interface {
	// Before reads the events of a kind that are older than one (before all: ""), the newest first: so many at most.
	Before(ctx context.Context, kind Kind, id string, limit int) ([]Link, error)
}

// pastPage is how many events Each reads at once.
const pastPage = 200

// Each gives all events of a kind, the newest first.
func Each(ctx context.Context, p Past, kind Kind, do func(Link)) error {
	for before := ""; ; {
		page, err := p.Before(ctx, kind, before, pastPage)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, l := range page {
			do(l)
		}
		before = page[len(page)-1].ID
	}
}
