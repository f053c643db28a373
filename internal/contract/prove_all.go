package contract

import (
	"context"

	"rinnova"
	"rinnova/internal/event"
)

// proofPage is how many contracts and events ProveAll reads at once.
const proofPage = 200

// ProveAll holds all contracts against what was recorded, in the order in which they were made, and then the record against the
// contracts: a number that was given and has none is a finding too. It tells each finding.
func (s *Service) ProveAll(ctx context.Context, tell func(*Finding)) error {
	known := map[string]bool{}
	for last := ""; ; {
		ids, err := s.Store.After(ctx, last, proofPage)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return s.missing(ctx, known, tell)
		}
		for _, id := range ids {
			c, err := s.Store.Contract(ctx, id)
			if err != nil {
				return err
			}
			f, err := s.Prove(ctx, c)
			if err != nil {
				return err
			}
			known[c.Number] = true
			tell(f)
		}
		last = ids[len(ids)-1]
	}
}

// missing tells of the numbers on the record that no contract has.
func (s *Service) missing(ctx context.Context, known map[string]bool, tell func(*Finding)) error {
	for before := ""; ; {
		page, err := s.Events.Before(ctx, event.ContractNumbered, before, proofPage)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, l := range page {
			if number := l.Data[dataNumber]; !known[number] {
				f := &Finding{Contract: &Contract{Number: number, SchoolID: l.SchoolID}}
				f.Faults.Unfit("Manca: l’evento n. %d registra che questo numero è stato dato.", l.Seq)
				tell(f)
			}
		}
		before = page[len(page)-1].ID
	}
}

// NumberOld puts on the record the numbers of contracts that are older than such events, once: it does nothing where there is one already. It
// tells of how many.
func (s *Service) NumberOld(ctx context.Context) (n int, err error) {
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		if some, err := s.Events.Before(ctx, event.ContractNumbered, "", 1); err != nil || len(some) > 0 {
			return err
		}
		for last := ""; ; {
			ids, err := s.Store.After(ctx, last, proofPage)
			if err != nil || len(ids) == 0 {
				return err
			}
			for _, id := range ids {
				c, err := s.Store.Contract(ctx, id)
				if err != nil {
					return err
				}
				e := numbering(rinnova.System, c)
				e.At = s.Clock().UTC()
				if err := s.Events.Record(ctx, e); err != nil {
					return err
				}
				n++
			}
			last = ids[len(ids)-1]
		}
	})
	return n, err
}
