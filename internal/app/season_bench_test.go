package app_test

import (
	"log/slog"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/app"
	"rinnova/internal/campaign"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/demo"
)

// BenchmarkSeason rehearses, publishes and withdraws a season of assistance for all schools of the registry, with 8 to 15 lines each,
// on both databases. It reports the seconds of each.
func BenchmarkSeason(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkSeason(b, app.Config{Addr: "127.0.0.1:8080", Data: b.TempDir()}) })
	b.Run("postgresql", func(b *testing.B) {
		benchmarkSeason(b, app.Config{Addr: "127.0.0.1:8080", Data: b.TempDir(), DatabaseURL: dbtest.PostgreSQLURL(b)})
	})
}

func benchmarkSeason(b *testing.B, config app.Config) {
	full := account.Params
	account.Params.Memory, account.Params.Iterations = 64, 1
	defer func() { account.Params = full }()
	now := start
	clock := func() time.Time { now = now.Add(time.Millisecond); return now }
	a, err := app.New(b.Context(), config, clock, slog.New(slog.DiscardHandler), demo.Install(config.Data))
	check(b, err)
	defer a.Close()
	check(b, demo.Seed(b.Context(), a, demo.Options{}, func(string) {}))
	c, err := a.Campaigns.Store.Campaign(b.Context(), demo.CampaignID)
	check(b, err)
	c.Name, c.Period = "Rinnovo dell’anno dopo", rinnova.Period{From: c.Period.From.AddMonths(12), To: c.Period.To.AddDays(1).AddMonths(12).AddDays(-1)}
	id, problems, err := a.Campaigns.Create(b.Context(), rinnova.System, c)
	check(b, err)
	if len(problems) > 0 {
		b.Fatal(problems)
	}
	took := map[campaign.RunKind]time.Duration{}
	schools, rounds := 0, 0
	for b.Loop() {
		rounds++
		for _, kind := range []campaign.RunKind{campaign.Rehearsal, campaign.Publication, campaign.Withdrawal} {
			begun := time.Now()
			run, err := a.Seasons.Start(b.Context(), rinnova.System, id, kind, campaign.Choice{})
			check(b, err)
			check(b, a.Queue.Drain(b.Context()))
			took[kind] += time.Since(begun)
			run, err = a.Seasons.Store.Run(b.Context(), run.ID)
			check(b, err)
			if schools = run.Done; run.State != campaign.Finished || run.Failed+run.Skipped > 0 || run.Done != run.Total {
				b.Fatalf("%+v", run)
			}
		}
	}
	for kind, d := range took {
		b.ReportMetric(d.Seconds()/float64(rounds), "s/"+string(kind))
	}
	b.ReportMetric(float64(schools), "schools")
}
