package renewal_test

import (
	"testing"

	"rinnova/internal/renewal/renewaltest"
)

// Requests that an earlier version took, which kept nothing to compare with, are compared after the upgrade like all others.
func TestWhatAnEarlierVersionTookIsCompared(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		ctx := t.Context()
		w.Confirm(t, w.A, renewaltest.Order(), renewaltest.StartTicks()...)
		before, sales := w.Request(t, w.A), count(t, w, `SELECT count(*) FROM request_sale`)
		for _, forget := range []string{`UPDATE request SET party = '', roof = 0`, `DELETE FROM request_sale`} {
			if _, err := w.DB.Writer(ctx).ExecContext(ctx, forget); err != nil {
				t.Fatal(err)
			}
		}
		if n, err := w.Renewals.RemakeLooks(ctx); err != nil || n != 1 { // the other school has confirmed nothing
			t.Errorf("%d, %v", n, err)
		}
		after := w.Request(t, w.A)
		if before.Party == "" || after.Party != before.Party || after.Roof != before.Roof || after.Version != before.Version {
			t.Errorf("%+v\nwas\n%+v", after, before)
		}
		if n := count(t, w, `SELECT count(*) FROM request_sale`); n == 0 || n != sales {
			t.Errorf("%d products, before %d", n, sales)
		}
		if n, err := w.Renewals.RemakeLooks(ctx); err != nil || n != 0 {
			t.Errorf("again: %d, %v", n, err)
		}
	})
}

func count(t *testing.T, w *renewaltest.World, sql string) (n int) {
	t.Helper()
	if err := w.DB.Reader(t.Context()).QueryRowContext(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
