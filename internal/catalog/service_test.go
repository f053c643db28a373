package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/catalog/catalogdb"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb"
	"rinnova/internal/locale"
)

var (
	now   = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	chief = rinnova.Actor{AccountID: "uno", Username: "RESPONSABILE", Name: "Responsabile", Role: rinnova.RoleManager}
	admin = rinnova.Actor{AccountID: "due", Username: "AMMINISTRATORE", Name: "Amministratore", Role: rinnova.RoleAdmin}
	clerk = rinnova.Actor{AccountID: "tre", Username: "OPERATORE", Name: "Operatore", Role: rinnova.RoleClerk}
)

// office is a catalog with two products.
type office struct {
	*catalog.Service
	store    catalogdb.Store
	products []catalog.Product
}

func newOffice(t *testing.T, d *db.DB) *office {
	t.Helper()
	tick := now
	o := &office{store: catalogdb.Store{DB: d}}
	o.Service = &catalog.Service{Store: o.store, Events: eventdb.Store{DB: d}, Clock: func() time.Time { tick = tick.Add(time.Millisecond); return tick }}
	for i := range 2 {
		p, problems, err := o.SaveProduct(t.Context(), chief, catalog.Product{Code: fmt.Sprint("P", i), Name: "Prodotto", License: catalog.FixedTerm, VAT: 2200, Position: i})
		if err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		o.products = append(o.products, p)
	}
	return o
}

// draft is a draft with one product.
func (o *office) draft(t testing.TB, name string) catalog.PriceList {
	t.Helper()
	l, problems, err := o.Create(context.Background(), chief, name, rinnova.MustDate("2026-09-01"), catalog.Bands{500})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	l.Fees[o.products[0].ID] = []rinnova.Cents{100, 200}
	l.Caps[1] = new(rinnova.Cents(150))
	if problems, err := o.Save(context.Background(), chief, l); err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return o.read(t, l.ID)
}

func (o *office) read(t testing.TB, id string) catalog.PriceList {
	t.Helper()
	l, err := o.List(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (o *office) kinds(t *testing.T) string {
	t.Helper()
	page, err := eventdb.Store{DB: o.store.DB}.Page(t.Context(), event.Filter{Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range page.Links {
		out = append(out, strings.TrimPrefix(string(l.Event.Kind), "catalog."))
	}
	return strings.Join(out, " ")
}

func refused(t *testing.T, err error, kind rinnova.Kind, words string) {
	t.Helper()
	e, ok := errors.AsType[*rinnova.Error](err)
	if !ok || e.Kind != kind || !strings.Contains(locale.Italian.Text(e.Message), words) {
		t.Errorf("%v, want %q", err, words)
	}
}

func TestTheLifeOfAList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, o := t.Context(), newOffice(t, d)
		l := o.draft(t, "Listino 2027")
		if fee, ok := l.Fee(o.products[0].ID, 2); fee != 200 || !ok || l.Cap(1) != nil || *l.Cap(2) != 150 || l.Version != 2 {
			t.Errorf("%+v", l)
		}
		refused(t, o.Approve(ctx, chief, l.ID, l.Version), rinnova.Conflict, "un’altra persona")
		refused(t, o.Approve(ctx, clerk, l.ID, l.Version), rinnova.Forbidden, "responsabili")
		refused(t, o.Approve(ctx, admin, l.ID, l.Version-1), rinnova.Conflict, "Intanto Responsabile ha cambiato")
		old := l
		old.Version--
		_, err := o.Save(ctx, admin, old)
		refused(t, err, rinnova.Conflict, "Intanto Responsabile ha cambiato")
		if err := o.Approve(ctx, admin, l.ID, l.Version); err != nil {
			t.Fatal(err)
		}
		l = o.read(t, l.ID)
		if l.State != catalog.Approved || l.Approved.Name != "Amministratore" || l.Edited.Name != "Responsabile" {
			t.Errorf("%+v", l)
		}
		if _, problems, err := o.Create(ctx, chief, " Listino  2027 ", rinnova.MustDate("2027-09-01"), nil); err != nil || len(problems.Of(catalog.FieldName)) != 1 {
			t.Error("a name is taken twice", err, problems)
		}
		if _, _, err := o.Create(ctx, clerk, "Altro", rinnova.MustDate("2027-09-01"), nil); rinnova.KindOf(err) != rinnova.Forbidden {
			t.Error("a clerk makes a list", err)
		}
		empty, _, err := o.Create(ctx, chief, "Vuoto", rinnova.MustDate("2027-09-01"), nil)
		if err != nil {
			t.Fatal(err)
		}
		refused(t, o.Approve(ctx, admin, empty.ID, empty.Version), rinnova.Conflict, "vuoto")
		if err := o.Delete(ctx, admin, empty.ID, empty.Version); err != nil {
			t.Fatal(err)
		}
		if _, err := o.List(ctx, empty.ID); rinnova.KindOf(err) != rinnova.NotFound {
			t.Error("the deleted draft is there", err)
		}
		if got := o.kinds(t); got != "list_deleted list_created list_approved list_changed list_created product_added product_added" {
			t.Error(got)
		}
	})
}

// Nobody approves amounts of their own: not who has written some before others saved, nor who has changed what a product is.
func TestWhoHasWrittenAmountsDoesNotApprove(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, o := t.Context(), newOffice(t, d)
		third := rinnova.Actor{AccountID: "quattro", Username: "ALTRA", Name: "Altra", Role: rinnova.RoleManager}
		waiting := func(a rinnova.Actor, want int) {
			t.Helper()
			if n, err := o.store.WaitingDrafts(ctx, a.AccountID); err != nil || n != want {
				t.Errorf("%d drafts wait for %s (%v), want %d", n, a.Name, err, want)
			}
		}
		l := o.draft(t, "Listino 2027")
		l.Name = "Listino 2027/28"
		if _, err := o.Save(ctx, admin, l); err != nil { // no amount
			t.Fatal(err)
		}
		l = o.read(t, l.ID)
		refused(t, o.Approve(ctx, chief, l.ID, l.Version), rinnova.Conflict, "importi scritti da voi")
		waiting(chief, 0)
		waiting(admin, 1)
		l.Caps[1] = new(rinnova.Cents(151))
		if _, err := o.Save(ctx, admin, l); err != nil {
			t.Fatal(err)
		}
		l = o.read(t, l.ID)
		seen := l.Version
		for _, actor := range []rinnova.Actor{chief, admin} {
			refused(t, o.Approve(ctx, actor, l.ID, seen), rinnova.Conflict, "importi scritti da voi")
		}
		product := o.products[0]
		product.VAT, product.Version = 0, 1
		if _, problems, err := o.SaveProduct(ctx, third, product); err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		fourth := rinnova.Actor{AccountID: "cinque", Username: "QUINTA", Name: "Quinta", Role: rinnova.RoleAdmin}
		refused(t, o.Approve(ctx, fourth, l.ID, seen), rinnova.Conflict, "Intanto Altra ha cambiato il listino")
		l = o.read(t, l.ID)
		refused(t, o.Approve(ctx, third, l.ID, l.Version), rinnova.Conflict, "importi scritti da voi")
		if err := o.Approve(ctx, fourth, l.ID, l.Version); err != nil {
			t.Fatal(err)
		}
		product.VAT, product.InCap, product.License, product.Version = 400, true, catalog.Perpetual, 2
		if _, problems, err := o.SaveProduct(ctx, third, product); err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		if got := o.read(t, l.ID).Sold(product); got.VAT != 0 || got.InCap || got.License != catalog.FixedTerm {
			t.Errorf("the approved list sells %+v", got)
		}
	})
}

// Whatever is tried with an approved list, through the service or right at the store, it stays as it was approved.
func TestAnApprovedListNeverChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, o := t.Context(), newOffice(t, d)
		l := o.draft(t, "Listino 2027")
		if err := o.Approve(ctx, admin, l.ID, l.Version); err != nil {
			t.Fatal(err)
		}
		approved := o.read(t, l.ID)
		rapid.Check(t, func(rt *rapid.T) {
			x := o.read(t, l.ID)
			x.Name = rapid.StringMatching(`[A-Z][a-z]{1,8}`).Draw(rt, "name")
			x.Fees[o.products[rapid.IntRange(0, 1).Draw(rt, "product")].ID] = []rinnova.Cents{anyFee(rt, "fee"), anyFee(rt, "fee")}
			x.Caps[0] = new(anyFee(rt, "cap"))
			x.State = rapid.SampledFrom([]catalog.ListState{catalog.Draft, catalog.Approved}).Draw(rt, "state")
			x.Version = rapid.Int64Range(1, 5).Draw(rt, "version")
			actor := rapid.SampledFrom([]rinnova.Actor{chief, admin, clerk}).Draw(rt, "actor")
			sign := catalog.Signature{By: actor.AccountID, Name: actor.Name, At: now}
			for name, try := range map[string]func() error{
				"save":          func() error { _, err := o.Save(ctx, actor, x); return err },
				"approve":       func() error { return o.Approve(ctx, actor, x.ID, x.Version) },
				"delete":        func() error { return o.Delete(ctx, actor, x.ID, x.Version) },
				"store update":  func() error { return o.store.UpdateDraft(ctx, x) },
				"store approve": func() error { return o.store.Approve(ctx, x, sign) },
				"store delete":  func() error { return o.store.DeleteDraft(ctx, x.ID, x.Version) },
				"store add":     func() error { return o.store.AddDraft(ctx, x, now) },
			} {
				if err := try(); err == nil {
					rt.Errorf("%s: done", name)
				}
			}
			if d := cmp.Diff(approved, o.read(t, l.ID)); d != "" {
				rt.Fatalf("the approved list has changed (-was +is):\n%s", d)
			}
		})
	})
}

func TestCopyWithARaise(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, o := t.Context(), newOffice(t, d)
		from := o.draft(t, "Listino 2026")
		_, problems, err := o.ImportIndex(ctx, chief, catalog.IndexFile{Series: "FOI", Base: "2015=100", Source: "Prova", Data: []byte("mese;indice\n09/2025;120,2\n09/2026;122,1\n")})
		if err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		raise := func(base, to catalog.Month) *catalog.Raise {
			return &catalog.Raise{Rounding: 1, Caps: true, Index: &catalog.Indexation{Series: "FOI", Base: base, To: to, Share: 7500}}
		}
		c := catalog.Copy{From: from.ID, Name: "Listino 2027", ValidFrom: rinnova.MustDate("2027-09-01")}
		for field, r := range map[string]*catalog.Raise{catalog.FieldBase: raise("2024-01", "2026-09"), catalog.FieldTo: raise("2026-09", "2025-09"), catalog.FieldPercent: {Percent: 99_999}} {
			c.Raise = r
			if _, _, problems, err := o.Copy(ctx, chief, c); err != nil || len(problems.Of(field)) == 0 {
				t.Errorf("%s: %v, %v", field, problems, err)
			}
		}
		c.Raise = raise("2025-09", "2026-09")
		l, left, problems, err := o.Copy(ctx, chief, c)
		if err != nil || len(problems)+len(left) > 0 {
			t.Fatal(err, problems, left)
		}
		l = o.read(t, l.ID)
		if x := l.Origin.Raise; l.Origin.List != from.ID || x.Percent != 119 || x.Index.ToMilli != 122_100 || l.State != catalog.Draft {
			t.Errorf("%+v %+v", l, x)
		}
		if fee, _ := l.Fee(o.products[0].ID, 2); fee != 202 || *l.Cap(2) != 152 {
			t.Errorf("fee %s, cap %s", fee, l.Cap(2))
		}
		if before, ok, err := o.Before(ctx, l); err != nil || !ok || before.ID != from.ID {
			t.Error("it is compared with", before.Name, err)
		}
		c.Name, c.Raise = "Altra base", raise("2025-09", "2026-10")
		if _, problems, err := o.ImportIndex(ctx, chief, catalog.IndexFile{Series: "FOI", Base: "2025=100", Source: "Prova", Data: []byte("mese;indice\n10/2026;101\n")}); err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		if _, _, problems, err := o.Copy(ctx, chief, c); err != nil || len(problems.Of(catalog.FieldTo)) != 1 {
			t.Error("two bases are mixed", problems, err)
		}
		link := catalog.TypedLink{Series: "FOI", From: "2025", To: "2015=100", Coefficient: "1,213", Source: "ISTAT"}
		if problems, err := o.LinkIndex(ctx, chief, link); err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		l, _, problems, err = o.Copy(ctx, chief, c) // 101 × 1,213 = 122,513 against 120,2: 1,92 %, of which three quarters
		if err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		l = o.read(t, l.ID)
		want := "adeguato dell’1,44%: 75% della variazione dell’indice FOI fra settembre 2025 (120,2) e ottobre 2026 (101,0); l’indice di ottobre 2026 è nella base 2025=100 " +
			"e si moltiplica per 1,213, il coefficiente di raccordo con la base 2015=100"
		if x := l.Origin.Raise; x.Percent != 144 || locale.Italian.Text(x.Text()) != want {
			t.Errorf("%d: %s", x.Percent, locale.Italian.Text(x.Text()))
		}
		for field, wrong := range map[string]catalog.TypedLink{
			catalog.FieldLinkFrom: {Series: "FOI", From: "x", To: "2015", Coefficient: "1", Source: "x"}, catalog.FieldLinkTo: {Series: "FOI", From: "2015", To: "2015", Coefficient: "1", Source: "x"},
			catalog.FieldCoefficient: {Series: "FOI", From: "2025", To: "2015", Coefficient: "uno", Source: "x"}, catalog.FieldLinkSource: {Series: "FOI", From: "2025", To: "2015", Coefficient: "1"},
		} {
			if problems, err := o.LinkIndex(ctx, chief, wrong); err != nil || len(problems.Of(field)) != 1 {
				t.Errorf("%s: %v %v", field, problems, err)
			}
		}
		if _, err := o.LinkIndex(ctx, clerk, link); rinnova.KindOf(err) != rinnova.Forbidden {
			t.Error("a clerk writes a coefficient", err)
		}
	})
}

func TestImportIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, o := t.Context(), newOffice(t, d)
		file := catalog.IndexFile{Series: "FOI", Base: "2015", Source: "ISTAT", Data: []byte("mese;indice\n08/2026;121,9\n09/2026;122,1\n")}
		if got, problems, err := o.ImportIndex(ctx, chief, file); err != nil || len(problems) > 0 || got != (catalog.Imported{New: 2}) {
			t.Fatal(got, problems, err)
		}
		file.Data = []byte("mese;indice\n08/2026;121,9\n09/2026;122,2\n10/2026;122,3\n")
		if got, _, err := o.ImportIndex(ctx, admin, file); err != nil || got != (catalog.Imported{New: 1, Changed: 1, Same: 1}) {
			t.Fatal(got, err)
		}
		points, err := o.Index(ctx, "FOI")
		if err != nil || len(points) != 3 || points[1] != (catalog.IndexPoint{Month: "2026-09", Milli: 122_200, Base: "2015=100", Source: "ISTAT"}) {
			t.Errorf("%+v %v", points, err)
		}
		for field, wrong := range map[string]catalog.IndexFile{
			catalog.FieldSeries: {Series: "X", Base: "2015", Source: "ISTAT", Data: file.Data}, catalog.FieldSource: {Series: "FOI", Base: "2015", Data: file.Data},
			catalog.FieldIndexBase: {Series: "FOI", Source: "ISTAT", Data: file.Data}, catalog.FieldFile: {Series: "FOI", Base: "2015", Source: "ISTAT", Data: []byte("x")},
		} {
			if _, problems, err := o.ImportIndex(ctx, chief, wrong); err != nil || len(problems.Of(field)) != 1 {
				t.Errorf("%s: %v %v", field, problems, err)
			}
		}
		file.Data = []byte("mese;indice;base;raccordo\n11/2026;100,9;2025=100;1,214\n")
		if got, problems, err := o.ImportIndex(ctx, chief, file); err != nil || len(problems) > 0 || got.New != 1 {
			t.Fatal(got, problems, err)
		}
		links, err := o.IndexLinks(ctx, "FOI")
		if err != nil || len(links) != 1 || links[0] != (catalog.IndexLink{From: "2025=100", To: "2015=100", Coefficient: 1_214_000, Source: "ISTAT"}) {
			t.Errorf("%+v %v", links, err)
		}
		if _, problems, err := o.ImportIndex(ctx, chief, catalog.IndexFile{Series: "NIC", Source: "ISTAT", Data: file.Data}); err != nil || len(problems.Of(catalog.FieldFile)) != 1 {
			t.Error("a link to nothing", problems, err)
		}
		for _, leap := range []string{"10/2026;100,8;2015\n", "12/2026;121,4;2025\n", "10/2025;1221;2015\n11/2025;122,2;2015\n"} {
			file := catalog.IndexFile{Series: "FOI", Source: "ISTAT", Data: []byte("mese;indice;base\n" + leap)}
			if _, problems, err := o.ImportIndex(ctx, chief, file); err != nil || len(problems.Of(catalog.FieldFile)) != 1 {
				t.Errorf("%q leaps: %v %v", leap, problems, err)
			}
		}
		two := catalog.IndexFile{Series: "IPCA", Source: "ISTAT", Data: []byte("mese;indice;base;raccordo\n11/2026;121;2015;\n12/2026;100;2025;1,213\n01/2027;100,2;2025;1,214\n")}
		if _, problems, err := o.ImportIndex(ctx, chief, two); err != nil || len(problems.Of(catalog.FieldFile)) != 1 {
			t.Errorf("two coefficients: %v %v", problems, err)
		}
		if _, _, err := o.ImportIndex(ctx, clerk, file); rinnova.KindOf(err) != rinnova.Forbidden {
			t.Error("a clerk imports", err)
		}
	})
}

func TestProducts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, o := t.Context(), newOffice(t, d)
		p := o.products[0]
		p.Code, p.Retired, p.Offer = "reg", true, catalog.FirstCycle
		if _, problems, err := o.SaveProduct(ctx, admin, p); err != nil || len(problems) > 0 {
			t.Fatal(problems, err)
		}
		got, err := o.Product(ctx, p.ID)
		if err != nil || got.Code != "REG" || !got.Retired || got.Offer != catalog.FirstCycle || got.Version != 2 {
			t.Errorf("%+v %v", got, err)
		}
		_, _, err = o.SaveProduct(ctx, chief, p) // with the version of before
		refused(t, err, rinnova.Conflict, "Intanto qualcun altro")
		other := o.products[1]
		other.Code = "Reg"
		if _, problems, err := o.SaveProduct(ctx, chief, other); err != nil || len(problems.Of(catalog.FieldCode)) != 1 {
			t.Error("a code is taken twice", problems, err)
		}
		if _, problems, err := o.SaveProduct(ctx, chief, catalog.Product{Code: "è", License: "X", VAT: 10_001, Contacts: -1, Position: -1, Offer: "tutti"}); err != nil || len(problems) != 7 {
			t.Error(problems, err)
		}
		if _, _, err := o.SaveProduct(ctx, clerk, other); rinnova.KindOf(err) != rinnova.Forbidden {
			t.Error("a clerk changes a product", err)
		}
		if got := o.kinds(t); got != "product_changed product_added product_added" {
			t.Error(got)
		}
	})
}

// While one approves what was looked at and others save, exactly one of them comes first; what is approved is what its version
// said.
func TestApprovingAndSavingAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.Clock = func() time.Time { return now }
		for round := range 8 {
			l := o.draft(t, fmt.Sprint("Listino ", round))
			mine := l
			mine.Fees = map[string][]rinnova.Cents{o.products[1].ID: {7, 8}}
			tries := []func() error{
				func() error { return o.Approve(t.Context(), admin, l.ID, l.Version) },
				func() error { _, err := o.Save(t.Context(), chief, mine); return err },
				func() error { _, err := o.Save(t.Context(), chief, mine); return err },
			}
			won := make([]bool, len(tries))
			var all sync.WaitGroup
			for i, try := range tries {
				all.Go(func() {
					err := try()
					if won[i] = err == nil; err != nil && rinnova.KindOf(err) != rinnova.Conflict {
						t.Error(err)
					}
				})
			}
			all.Wait()
			got := o.read(t, l.ID)
			_, changed := got.Fees[o.products[1].ID]
			if n := count(won); n != 1 || (got.State == catalog.Approved) != won[0] || changed == won[0] {
				t.Errorf("%v have won; the list is %s, changed: %v", won, got.State, changed)
			}
		}
	})
}

func count(all []bool) (n int) {
	for _, x := range all {
		if x {
			n++
		}
	}
	return n
}
