package exchange_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/blob"
	"rinnova/internal/catalog"
	"rinnova/internal/catalog/catalogdb"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event/eventdb"
	"rinnova/internal/exchange"
	"rinnova/internal/exchange/exchangedb"
	"rinnova/internal/job"
	"rinnova/internal/school"
	"rinnova/internal/school/schooldb"
	"rinnova/internal/subscription"
	"rinnova/internal/subscription/subscriptiondb"
)

var (
	manager = rinnova.Actor{AccountID: "r", Username: "RESPONSABILE", Name: "Responsabile", Role: rinnova.RoleManager}
	clerk   = rinnova.Actor{AccountID: "o", Username: "OPERATORE.UNO", Name: "Operatore", Role: rinnova.RoleClerk}
)

// world is an installation with two products and a price list.
type world struct {
	*exchange.Service
	t        *testing.T
	DB       *db.DB
	Schools  schooldb.Store
	Periods  subscriptiondb.Store
	Catalog  catalogdb.Store
	Registry *school.Service
	now      time.Time
	told     []string // schools whose e-mail has changed
	mailed   []string // from which address to which
}

func each(t *testing.T, test func(w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := &world{t: t, DB: d, now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
		clock := rinnova.Clock(func() time.Time { w.now = w.now.Add(time.Millisecond); return w.now })
		w.Schools, w.Periods, w.Catalog = schooldb.Store{DB: d}, subscriptiondb.Store{DB: d}, catalogdb.Store{DB: d}
		w.Registry = school.NewService(w.Schools, clock)
		w.Service = &exchange.Service{
			Store: exchangedb.Store{DB: d}, Files: blob.Dir{Root: t.TempDir()}, Schools: w.Schools, Subscriptions: w.Periods, Catalog: w.Catalog,
			Import: w.Registry, Events: eventdb.Store{DB: d}, Queue: job.New(d, clock, slog.New(slog.NewTextHandler(t.Output(), nil))), Clock: clock,
			Desk: &school.Corrections{Store: w.Schools, Events: eventdb.Store{DB: d}, Post: postman{w}, Clock: clock,
				AddressChanged: func(_ context.Context, id string) error { w.told = append(w.told, id); return nil }},
		}
		w.Queue.Handle(exchange.WorkJob, w.Work())
		for i, p := range []catalog.Product{
			{ID: "p1", Code: "ALU1", Name: "Alunni Web", License: catalog.FixedTerm, InCap: true, VAT: 2200},
			{ID: "p2", Code: "INV", Name: "=Inventario", License: catalog.Perpetual, InCap: true, VAT: 2200},
		} {
			p.Position = i + 1
			w.must(w.Catalog.AddProduct(t.Context(), p))
		}
		top := rinnova.Cents(300000)
		w.must(w.Catalog.AddPriceList(t.Context(), catalog.PriceList{ID: "l1", Name: "Listino 2027", ValidFrom: rinnova.MustDate("2027-01-01"), Bands: catalog.Bands{500, 1000},
			Caps: []*rinnova.Cents{nil, &top, nil}, Fees: map[string][]rinnova.Cents{"p1": {34000, 42050, 51000}, "p2": {0, 1, 100000}}}, w.now))
		test(w)
	})
}

// postman plays the mails about a school's data.
type postman struct{ w *world }

func (postman) Decided(context.Context, *school.Correction, school.School) error { return nil }

func (p postman) AddressChanged(_ context.Context, s school.School, old string) error {
	p.w.mailed = append(p.w.mailed, old+" → "+s.Email)
	return nil
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// schools imports so many rows of the registry of the demonstration.
func (w *world) schools(some int) []school.School {
	w.t.Helper()
	file, err := os.ReadFile("../demo/istituti_principali_202526.csv.gz")
	w.must(err)
	_, err = w.Registry.ImportRegistry(w.t.Context(), bytes.NewReader(head(w.t, file, some)), school.ImportOptions{MailDomain: "istruzione.example"}, nil)
	w.must(err)
	all, err := w.Schools.All(w.t.Context())
	w.must(err)
	return all
}

// sent is an import that has been read.
func (w *world) sent(what exchange.What, text string) exchange.Import {
	w.t.Helper()
	i, err := w.Receive(w.t.Context(), manager, what, "prova.csv", []byte(text))
	w.must(err)
	return w.done(i.ID)
}

func (w *world) done(id string) exchange.Import {
	w.t.Helper()
	w.must(w.Queue.Drain(w.t.Context()))
	i, err := w.Store.Import(w.t.Context(), id)
	w.must(err)
	return i
}

func (w *world) applied(i exchange.Import) exchange.Import {
	w.t.Helper()
	w.must(w.Apply(w.t.Context(), manager, i.ID, i.Digest))
	return w.done(i.ID)
}

// said is what a view of a plan says, row by row.
func (w *world) said(i exchange.Import, v exchange.View) string {
	w.t.Helper()
	rows, err := w.Store.Page(w.t.Context(), i.ID, v, 1)
	w.must(err)
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%d %s", r.Line, r.Name)
		for _, c := range r.Changes {
			fmt.Fprintf(&b, "; %s: %s → %s", c.Column, c.Old, c.New)
		}
		for _, p := range r.Problems {
			fmt.Fprintf(&b, "; %s! %s", p.Column, p.Text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (w *world) holds(i exchange.Import, want exchange.Counts) {
	w.t.Helper()
	if i.Detail.Counts != want || i.State == exchange.Failed {
		w.t.Errorf("%s %+v %s, want %+v\n%s%s%s", i.State, i.Detail.Counts, i.Detail.Message, want, w.said(i, exchange.ViewRefused), w.said(i, exchange.ViewChanged), w.said(i, exchange.ViewAdded))
	}
}

// What is exported of all schools of the registry, and of what they have, can be imported again, in both formats, and then
// changes nothing.
func TestWhatIsExportedChangesNothing(t *testing.T) {
	each(t, func(w *world) {
		const many = 1500
		schools := w.schools(many)
		w.give(schools)
		for _, what := range []exchange.What{exchange.Schools, exchange.Subscriptions, exchange.Codes, exchange.Prices} {
			for _, f := range []exchange.Format{exchange.CSV, exchange.XLSX} {
				var b bytes.Buffer
				w.must(w.Export(t.Context(), &b, what, f, "l1"))
				start := time.Now()
				p, err := w.Run(t.Context(), manager, what, "x", b.Bytes(), false)
				w.must(err)
				rows := map[exchange.What]int{exchange.Schools: many, exchange.Codes: many, exchange.Subscriptions: 2 * many, exchange.Prices: 3}[what]
				if p.Counts != (exchange.Counts{Unchanged: rows}) {
					t.Errorf("%s.%s: %+v\n%.2000v", what, f, p.Counts, p.Rows)
				}
				t.Logf("%s.%s: %d rows, %d kB, planned in %v", what, f, rows, b.Len()>>10, time.Since(start).Round(time.Millisecond))
			}
		}
	})
}

// give lets all schools have two products.
func (w *world) give(schools []school.School) {
	w.t.Helper()
	fee, used := rinnova.Cents(123405), 3
	w.must(w.DB.InTx(w.t.Context(), func(ctx context.Context) error {
		for i, s := range schools {
			for _, x := range []subscription.Subscription{
				{ProductID: "p1", License: catalog.FixedTerm, Period: period("2026-01-01", "2026-12-31"), Band: 2, Fee: &fee, Used: &used, Contract: "2025/000001"},
				{ProductID: "p2", License: catalog.Perpetual, Period: period("2025-10-01", "2026-09-30"), Ended: "-- chiude; «sì»"},
			} {
				x.ID, x.SchoolID, x.CreatedAt, x.UpdatedAt = fmt.Sprintf("%05d%s", i, x.ProductID), s.ID, w.now, w.now
				if err := w.Periods.Add(ctx, x); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

func period(from, to string) rinnova.Period {
	return rinnova.Period{From: rinnova.MustDate(from), To: rinnova.MustDate(to)}
}
