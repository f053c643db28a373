package contract

import (
	"context"

	"rinnova"
	"rinnova/internal/event"
)

// proofPage is how many contracts are found at once.
const proofPage = 200

// each gives all contracts, in the order in which they were made.
func (s *Service) each(ctx context.Context, do func(*Contract) error) error {
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
			if err := do(c); err != nil {
				return err
			}
		}
		last = ids[len(ids)-1]
	}
}

// ProveAll holds all contracts against what was recorded, in the order in which they were made, and then the record against the
// contracts: a number that was given and has none is a finding too. It tells each finding.
func (s *Service) ProveAll(ctx context.Context, tell func(*Finding)) error {
	known := map[string]bool{}
	err := s.each(ctx, func(c *Contract) error {
		f, err := s.Prove(ctx, c)
		if err == nil {
			known[c.Number] = true
			tell(f)
		}
		return err
	})
	if err != nil {
		return err
	}
	return event.Each(ctx, s.Events, event.ContractNumbered, func(l event.Link) {
		if number := l.Data[dataNumber]; !known[number] {
			f := &Finding{Contract: &Contract{Number: number, SchoolID: l.SchoolID}}
			f.Faults.Unfit("Manca: l’evento n. %d registra che questo numero è stato dato.", l.Seq)
			tell(f)
		}
	})
}

// NumberOld puts on the record the numbers of contracts that are older than such events, once: it does nothing where there is one already. It
// tells of how many.
func (s *Service) NumberOld(ctx context.Context) (n int, err error) {
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		n = 0
		if some, err := s.Events.Before(ctx, event.ContractNumbered, "", 1); err != nil || len(some) > 0 {
			return err
		}
		return s.each(ctx, func(c *Contract) error {
			e := numbering(rinnova.System, c)
			e.At = s.Clock().UTC()
			n++
			return s.Events.Record(ctx, e)
		})
	})
	return n, err
}
