package renewalweb_test

import (
	"net/http/httptest"
	"testing"

	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

// BenchmarkForm is the renewal page of a school that has confirmed once and changed something since: request, proposal,
// last confirmation, school, settings, checks, sums and the whole page.
func BenchmarkForm(b *testing.B) {
	s := newSite(b)
	s.Confirm(b, s.A, renewaltest.Order(), renewaltest.StartTicks()...)
	if err := s.Renewals.Save(b.Context(), s.A.Actor, s.A.Request, renewal.Draft{Band: 2, Ticks: renewaltest.StartTicks()[:8], Order: renewaltest.Order()}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, httptest.NewRequestWithContext(b.Context(), "GET", s.path(), nil))
		if w.Code != 200 {
			b.Fatal(w.Code)
		}
	}
}
