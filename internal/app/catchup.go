package app

import "context"

// catchUp does what an earlier version could not do yet, at the first start after an upgrade; later it finds nothing.
func (a *App) catchUp(ctx context.Context) error {
	coded, err := a.Events.Coded(ctx) // events have had codes since numbers are on the record
	if err != nil {
		return err
	}
	for _, x := range []struct {
		applies bool
		do      func(context.Context) (int, error)
		said    string
		what    string
	}{
		{!a.Config.Existing, a.Witness.Adopt, "events carry the code of this installation", "events"}, // a look makes nothing good
		{true, a.SchoolStore.Refold, "schools are found and sorted by new rules", "schools"},
		{true, a.Renewals.RemakeLooks, "requests are compared with what they confirmed", "requests"},
		{!coded, a.Contracts.NumberOld, "numbers that were given are on the record", "contracts"}, // later a missing one was taken away
	} {
		if !x.applies {
			continue
		}
		n, err := x.do(ctx)
		if err != nil {
			return err
		}
		if n > 0 {
			a.Log.Info(x.said, x.what, n)
		}
	}
	return nil
}
