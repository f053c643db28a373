package renewal

import "context"

// remadePage is how many requests are looked at in one go.
const remadePage = 200

// RemakeLooks gives requests that wait for the office what the work list finds changes by, where they were confirmed before it was kept:
// it is made of their confirmation, as submit makes it. It tells of how many. Several processes may do it at once, and people may work
// meanwhile.
func (s *Service) RemakeLooks(ctx context.Context) (remade int, err error) {
	for {
		ids, err := s.Store.WithoutParty(ctx, remadePage)
		if err != nil || len(ids) == 0 {
			return remade, err
		}
		for _, id := range ids {
			if err := s.remake(ctx, id); err != nil {
				return remade, err
			}
		}
		remade += len(ids)
	}
}

func (s *Service) remake(ctx context.Context, id string) error {
	r, p, err := s.Store.RequestAndProposal(ctx, id)
	if err != nil {
		return err
	}
	rev, err := s.Store.Revision(ctx, id, r.Revision)
	if err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if is, err := s.Store.SetParty(ctx, r, rev.School.PartyData(), p.roof(rev)); err != nil || !is {
			return err // somebody was faster
		}
		return s.Store.SetSales(ctx, id, p.Sales(NewTicks(rev.Ticks...)))
	})
}
