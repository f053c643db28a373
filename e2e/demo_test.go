package e2e_test

import (
	"testing"

	"rinnova/internal/demo"
	"rinnova/internal/renewal"
)

// TestDemoIsCompleted holds that the demonstration made by a version that knew no services gets them, loses nothing, and
// that making it again changes nothing.
func TestDemoIsCompleted(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		p.confirm(t, "SG00001", 1)
		for _, statement := range []string{
			`DELETE FROM request WHERE kind = 'services'`, `DELETE FROM proposal WHERE kind = 'services'`,
			`DELETE FROM campaign_item WHERE campaign_id LIKE 'demo-servizi%'`, `DELETE FROM campaign_run WHERE campaign_id LIKE 'demo-servizi%'`,
			`DELETE FROM campaign WHERE kind = 'services'`, `DELETE FROM fee WHERE price_list_id LIKE 'demo-listino-servizi%'`,
			`DELETE FROM price_list WHERE id LIKE 'demo-listino-servizi%'`, `DELETE FROM subscription WHERE product_id IN (SELECT id FROM product WHERE position >= 100)`,
			`DELETE FROM product WHERE position >= 100`, `DELETE FROM terms WHERE kind = 'services'`,
		} {
			if _, err := p.DB.Writer(t.Context()).ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		before := p.counted(t)
		if before["requests"] != schools {
			t.Fatalf("the former version has %v", before)
		}
		var said []string
		say := func(s string) { said = append(said, s) }
		check(t, demo.Seed(t.Context(), p.App, demo.Options{Schools: schools}, say))
		after := p.counted(t)
		if after["requests"] != 2*schools || after["accounts"] != before["accounts"] || after["revisions"] != 1 || len(said) == 0 {
			t.Errorf("completed, the demonstration has %v, had %v; it said %q", after, before, said)
		}
		said = nil
		check(t, demo.Seed(t.Context(), p.App, demo.Options{Schools: schools}, say))
		if again := p.counted(t); again["requests"] != after["requests"] || len(said) > 0 {
			t.Errorf("made again, it has %v and says %q", again, said)
		}
		p.servicesDiffer(t)
	})
}

// counted is how many rows there are of what the demonstration makes.
func (p *program) counted(t *testing.T) map[string]int {
	t.Helper()
	out := map[string]int{}
	for name, table := range map[string]string{"requests": "request", "accounts": "account", "revisions": "revision"} {
		var n int
		check(t, p.DB.Reader(t.Context()).QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
		out[name] = n
	}
	return out
}

// servicesDiffer holds that each school is offered services, not all of them the same, some for a part of the year.
func (p *program) servicesDiffer(t *testing.T) {
	t.Helper()
	all, err := p.SchoolStore.All(t.Context())
	check(t, err)
	numbers, months := map[int]bool{}, map[int]bool{}
	for _, s := range all {
		v := p.viewOf(t, renewal.Services, s.PortalCode)
		numbers[len(v.Proposal.StartTicks())] = true
		for _, l := range v.Proposal.Lines {
			months[l.Months] = true
		}
		if v.Request.Offered <= 0 || v.Proposal.Bands.Several() || v.Proposal.Period.From.String() != "2026-10-01" || v.Proposal.Period.To.String() != "2027-09-30" {
			t.Errorf("%s is offered %s for %v", s.PortalCode, v.Request.Offered, v.Proposal.Period)
		}
	}
	if len(numbers) < 3 || len(months) < 2 || !months[12] {
		t.Errorf("schools have %v services, for %v months", numbers, months)
	}
}
