package campaign_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/event"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/school"
	"rinnova/internal/subscription"
	"rinnova/internal/supplier"
	"rinnova/internal/terms"

	"context"
)

// shop is a catalog, terms and a vendor that need no database.
type shop struct {
	products []catalog.Product
	list     catalog.PriceList
}

func (s shop) Products(context.Context) ([]catalog.Product, error)          { return s.products, nil }
func (s shop) PriceList(context.Context, string) (catalog.PriceList, error) { return s.list, nil }
func (s shop) Profile(context.Context) (supplier.Profile, error)            { return renewaltest.Vendor(), nil }
func (s shop) Campaign(context.Context, string) (campaign.Campaign, error) {
	return campaign.Campaign{}, nil
}
func (s shop) Campaigns(context.Context) ([]campaign.Campaign, error) { return nil, nil }
func (s shop) Add(context.Context, campaign.Campaign) error           { return nil }
func (s shop) Update(context.Context, campaign.Campaign) error        { return nil }
func (s shop) Outdate(context.Context, string, string) error          { return nil }
func (s shop) Unknown(context.Context, []string, []string) ([]string, []string, error) {
	return nil, nil, nil
}
func (s shop) Lock(context.Context, renewal.Kind) error                       { return nil }
func (s shop) InTx(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }
func (s shop) Terms(context.Context, string) (terms.Terms, error)             { return terms.Terms{}, nil }
func (s shop) Record(context.Context, event.Event) error                      { return nil }

func days(from, to string) rinnova.Period {
	return rinnova.Period{From: rinnova.MustDate(from), To: rinnova.MustDate(to)}
}

// selling is a shop with a product outside the cap, one inside it, one that is offered to the first cycle, and one that is
// retired.
func selling() shop {
	return shop{
		products: []catalog.Product{
			{ID: "fuori", Code: "FUORI", Name: "Fuori", VAT: 2200, Contacts: 4}, {ID: "dentro", Code: "DENTRO", Name: "Dentro", InCap: true, VAT: 2200, Contacts: 4},
			{ID: "offerto", Code: "OFFERTO", Name: "Offerto", VAT: 2200, Offer: catalog.FirstCycle}, {ID: "ritirato", Code: "RITIRATO", Name: "Ritirato", VAT: 2200, Retired: true},
		},
		list: catalog.PriceList{Name: "Listino", Fees: map[string][]rinnova.Cents{"fuori": {100_00}, "dentro": {120_00}, "offerto": {50_00}, "ritirato": {10_00}}},
	}
}

func make_(t interface{ Fatal(...any) }, s shop, c campaign.Campaign, ministry string, has ...subscription.Subscription) campaign.Made {
	service := &campaign.Service{Store: s, Catalog: s, Vendors: s, Clock: func() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }}
	p, err := service.Proposer(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	made, err := p.Make(school.School{ID: "scuola", MinistryCode: ministry, Pupils: 700}, has)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func until(product, to string) subscription.Subscription {
	end := rinnova.MustDate(to)
	return subscription.Subscription{ProductID: product, Period: rinnova.Period{From: end.AddMonths(-12).AddDays(1), To: end}}
}

// Which lines a product that a school has until some day gets, in each rhythm.
func TestPeriodsOfLines(t *testing.T) {
	year := days("2027-01-01", "2027-12-31")
	years := []campaign.YearsOffer{{Years: 2}, {Years: 3, Step: 1000}}
	for name, x := range map[string]struct {
		rhythm  campaign.Rhythm
		years   []campaign.YearsOffer
		product string
		until   string
		want    []string
	}{
		"it ends with the year before":             {"", nil, "fuori", "2026-12-31", []string{"p1 2027-01-01 2027-12-31 12 10000"}},
		"it ended long ago":                        {"", nil, "fuori", "2024-05-31", []string{"p1 2027-01-01 2027-12-31 12 10000"}},
		"it ends during the year":                  {"", nil, "fuori", "2027-03-31", []string{"p1 2027-04-01 2027-12-31 9 7500"}},
		"in the middle of a month":                 {"", nil, "fuori", "2027-03-14", []string{"p1 2027-03-15 2027-12-31 10 8333"}},
		"it covers the year":                       {"", nil, "fuori", "2027-12-31", nil},
		"it goes beyond":                           {"", nil, "fuori", "2028-03-31", nil},
		"its own year, which is the campaign's":    {campaign.OwnRhythm, nil, "fuori", "2026-12-31", []string{"p1 2027-01-01 2027-12-31 12 10000"}},
		"its own year began in October":            {campaign.OwnRhythm, nil, "fuori", "2026-09-30", []string{"p1 2026-10-01 2027-09-30 12 10000 p1", "p1a 2026-10-01 2027-12-31 15 12500 p1 aligned"}},
		"the same inside the cap":                  {campaign.OwnRhythm, nil, "dentro", "2026-09-30", []string{"p1 2026-10-01 2027-09-30 12 12000"}},
		"its own year begins next October":         {campaign.OwnRhythm, nil, "dentro", "2027-09-30", []string{"p1 2027-10-01 2028-09-30 12 12000 p1", "p1a 2027-10-01 2027-12-31 3 3000 p1 aligned"}},
		"its own year was over long ago":           {campaign.OwnRhythm, nil, "fuori", "2024-05-31", []string{"p1 2027-01-01 2027-12-31 12 10000"}},
		"its own year begins after the campaign's": {campaign.OwnRhythm, nil, "fuori", "2027-12-31", nil},
		"several years": {"", years, "fuori", "2026-12-31", []string{"p1 2027-01-01 2027-12-31 12 10000 p1",
			"p1y2 2027-01-01 2028-12-31 24 20000 p1 years", "p1y3 2027-01-01 2029-12-31 36 33100 p1 years 12×10000 12×11000 12×12100"}},
		"several years from April": {"", years[1:], "fuori", "2027-03-31", []string{"p1 2027-04-01 2027-12-31 9 7500 p1",
			"p1y3 2027-04-01 2029-12-31 33 30600 p1 years 9×10000 12×11000 12×12100"}},
		"several years inside the cap": {"", years, "dentro", "2026-12-31", []string{"p1 2027-01-01 2027-12-31 12 12000"}},
	} {
		c := campaign.Campaign{Kind: renewal.Assistance, Period: year, Setup: campaign.Setup{Rhythm: x.rhythm, Years: x.years}}
		p := make_(t, selling(), c, "RGIC82700L", until(x.product, x.until)).Proposal
		var got []string
		for i, l := range p.Lines {
			s := fmt.Sprint(l.ID, " ", l.Period.From, " ", l.Period.To, " ", l.Months, " ", int64(p.Totals(1, nil).Lines[i].Amount))
			if l.Choice != "" {
				s += " " + l.Choice
			}
			if l.Variant != "" {
				s += " " + string(l.Variant)
			}
			for _, part := range l.Parts {
				s += fmt.Sprintf(" %d×%d", part.Months, part.Fees[0])
			}
			years := 1
			if l.Variant == renewal.Years {
				years = l.Period.To.Year - l.Period.From.Year + 1
			}
			if l.Contacts != 4*years {
				t.Errorf("%s: %s has %d contacts, want 4 for each of %d years", name, l.ID, l.Contacts, years)
			}
			if l.Ticked != (l.Variant == renewal.Usual) {
				t.Errorf("%s: %s is ticked: %v", name, l.ID, l.Ticked)
			}
			got = append(got, s)
		}
		if !slices.Equal(got, x.want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, x.want)
		}
	}
}

func TestWhatIsOfferedBesides(t *testing.T) {
	c := campaign.Campaign{Kind: renewal.Assistance, Period: days("2027-01-01", "2027-12-31"), Setup: campaign.Setup{Suggest: true}}
	lines := func(m campaign.Made) (out []string) {
		for _, l := range m.Proposal.Lines {
			s := l.Product
			if l.Suggested {
				s += "?"
			}
			if l.Suggested == l.Ticked {
				s += " ticked"
			}
			out = append(out, s)
		}
		return out
	}
	given := until("offerto", "2026-12-31")
	given.Ended = "Disdetta"
	for name, x := range map[string]struct {
		made campaign.Made
		want []string
	}{
		"to the first cycle":         {make_(t, selling(), c, "RGIC82700L", until("fuori", "2026-12-31")), []string{"FUORI", "OFFERTO?"}},
		"not to the second":          {make_(t, selling(), c, "RGIS00800X", until("fuori", "2026-12-31")), []string{"FUORI"}},
		"not to who has it":          {make_(t, selling(), c, "RGIC82700L", until("fuori", "2026-12-31"), until("offerto", "2027-12-31")), []string{"FUORI"}},
		"not to who gave it up":      {make_(t, selling(), c, "RGIC82700L", until("fuori", "2026-12-31"), given), []string{"FUORI"}},
		"not alone":                  {make_(t, selling(), c, "RGIC82700L"), nil},
		"without what is retired":    {make_(t, selling(), c, "RGIS00800X", until("ritirato", "2026-12-31"), until("fuori", "2026-12-31")), []string{"FUORI"}},
		"in the order of the papers": {make_(t, selling(), c, "RGIS00800X", until("dentro", "2026-12-31"), until("fuori", "2026-12-31")), []string{"FUORI", "DENTRO"}},
	} {
		if got := lines(x.made); !slices.Equal(got, x.want) {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
	if m := make_(t, selling(), c, "RGIS00800X", until("ritirato", "2026-12-31"), until("fuori", "2026-12-31")); !slices.Equal(m.Dropped, []string{"Ritirato"}) {
		t.Errorf("dropped %q", m.Dropped)
	}
}

// Whatever a school has, a line begins after all that it has of the product, the ticked lines are one for each product and
// inside the campaign's period unless products keep their own rhythm, and alternatives begin on the same day.
func TestLinesNeverOverlapWhatASchoolHas(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		from := rinnova.MustDate("2027-01-01").AddDays(rapid.IntRange(0, 300).Draw(rt, "from"))
		c := campaign.Campaign{Kind: renewal.Assistance, Period: rinnova.Period{From: from, To: from.AddMonths(rapid.IntRange(1, 24).Draw(rt, "months")).AddDays(-1)}}
		c.Setup.Rhythm = rapid.SampledFrom([]campaign.Rhythm{campaign.ToTheEnd, campaign.OwnRhythm}).Draw(rt, "rhythm")
		c.Setup.Suggest = rapid.Bool().Draw(rt, "suggest")
		for i := range rapid.IntRange(0, 2).Draw(rt, "offers") {
			c.Setup.Years = append(c.Setup.Years, campaign.YearsOffer{Years: 2 + i, Step: rinnova.BasisPoints(rapid.IntRange(0, 900).Draw(rt, "step"))})
		}
		var has []subscription.Subscription
		for _, id := range []string{"fuori", "dentro", "offerto"} {
			if rapid.Bool().Draw(rt, id) {
				has = append(has, until(id, rinnova.MustDate("2025-06-30").AddDays(rapid.IntRange(0, 1500).Draw(rt, "until")).String()))
			}
		}
		p := make_(rt, selling(), c, "RGIC82700L", has...).Proposal
		ticked, ids := map[string]renewal.Line{}, map[string]bool{}
		for _, l := range p.Lines {
			if ids[l.ID] || !l.Period.Valid() || l.Months != l.Period.Months() {
				rt.Fatalf("line %+v", l)
			}
			ids[l.ID] = true
			for _, x := range has {
				if x.ProductID == l.ProductID && (l.Suggested || x.Period.Overlaps(l.Period)) {
					rt.Fatalf("%+v, but the school has it %v", l, x.Period)
				}
			}
			if l.Ticked {
				if _, twice := ticked[l.ProductID]; twice || l.Suggested || l.Variant != renewal.Usual {
					rt.Fatalf("ticked: %+v", l)
				}
				ticked[l.ProductID] = l
			}
			usual, known := ticked[l.ProductID]
			if l.Variant != renewal.Usual && (!known || l.Choice != usual.ID || usual.Choice != usual.ID || l.Period.From != usual.Period.From) {
				rt.Fatalf("alternative %+v to %+v", l, usual)
			}
			if l.InCap && l.Months > 12 && c.Setup.Rhythm == campaign.OwnRhythm {
				rt.Fatalf("more than a year under a yearly cap: %+v", l)
			}
			if c.Setup.Rhythm == campaign.ToTheEnd && l.Variant == renewal.Usual && (l.Period.From.Before(c.Period.From) || l.Period.To != c.Period.To) {
				rt.Fatalf("%v is not in %v", l.Period, c.Period)
			}
			var sum, months = rinnova.Cents(0), 0
			for _, part := range l.Parts {
				sum, months = sum+part.Fees[0].MulDiv(int64(part.Months), 12), months+part.Months
			}
			if l.Parts != nil && (months < l.Months || l.Parts[0].Period.From != l.Period.From || l.Parts[len(l.Parts)-1].Period.To != l.Period.To) {
				rt.Fatalf("parts of %+v", l)
			}
		}
	})
}

func TestOddities(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		twin, dear, far := w.Join(t), w.Join(t), w.Join(t)
		dear.School.TaxCode, dear.School.Pupils, dear.School.Email = "80001230881", 1200, ""
		far.School.TaxCode, far.School.Pupils = "80001230882", 700
		for _, p := range []renewaltest.Party{dear, far} {
			if err := w.Schools.Update(t.Context(), p.School); err != nil {
				t.Fatal(err)
			}
		}
		exec := func(statement string, args ...any) {
			t.Helper()
			if _, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), statement, args...); err != nil {
				t.Fatal(err)
			}
		}
		exec(`UPDATE product SET retired = TRUE WHERE id = 'prodotto-06'`)
		exec(`UPDATE subscription SET ended = 'Non serve più' WHERE school_id = $1`, far.School.ID)
		w.Seasons.Closed = func(s school.School) bool { return s.ID == far.School.ID }
		c := next(t, w, nil)
		do(t, w, c, campaign.Rehearsal, campaign.Choice{})
		want := map[string][]campaign.Oddity{
			w.A.School.ID:  {campaign.Capped, campaign.Dropped, campaign.Uncovered}, // nobody has renewed 2027
			w.B.School.ID:  {campaign.BandUnknown, campaign.Dropped, campaign.Uncovered, campaign.SameTaxCode},
			twin.School.ID: {campaign.BandJumped, campaign.Capped, campaign.Dropped, campaign.Uncovered, campaign.SameTaxCode},
			dear.School.ID: {campaign.Dearer, campaign.BandJumped, campaign.Capped, campaign.Dropped, campaign.Uncovered, campaign.NoEmail},
			far.School.ID:  {campaign.Closed, campaign.NoLines},
		}
		exec(`UPDATE school SET tax_code = '91002300886' WHERE id = $1`, w.B.School.ID)
		counts := map[campaign.Oddity]int{}
		rows, err := items(t, w).Rows(t.Context(), c.ID, campaign.ItemFilter{Limit: 100})
		if err != nil || len(rows) != len(want) {
			t.Fatal(len(rows), err)
		}
		for _, r := range rows {
			expected := want[r.SchoolID]
			if !slices.Equal(r.Oddities, expected) {
				t.Errorf("%s: %v, want %v", r.School, r.Oddities, expected)
			}
			for _, o := range r.Oddities {
				counts[o]++
			}
		}
		got, err := items(t, w).OddityCounts(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range campaign.Oddities {
			found, err := items(t, w).Rows(t.Context(), c.ID, campaign.ItemFilter{Oddity: o, Limit: 100})
			if err != nil || len(found) != counts[o] || got[o] != counts[o] {
				t.Errorf("%s: %d found, %d counted, want %d; %v", o, len(found), got[o], counts[o], err)
			}
			if o.Label().IsZero() || o.Help().IsZero() || o.Label().Format == "%s" {
				t.Errorf("%s has no words", o)
			}
		}
	})
}

// Days between what a school has and what it is offered are told, with the product; days that follow one another are none.
func TestMonthsThatNobodyRenews(t *testing.T) {
	c := campaign.Campaign{Kind: renewal.Assistance, Period: days("2028-01-01", "2028-12-31")}
	made := make_(t, selling(), c, "RGIC82700L", until("fuori", "2026-12-31"), until("dentro", "2027-12-31"))
	if want := []string{"Fuori dal 01/01/2027 al 31/12/2027"}; !slices.Equal(made.Uncovered, want) {
		t.Errorf("%q, want %q", made.Uncovered, want)
	}
	c.Setup.Rhythm = campaign.OwnRhythm
	if made := make_(t, selling(), c, "RGIC82700L", until("fuori", "2027-09-30")); len(made.Uncovered) != 0 {
		t.Errorf("%q", made.Uncovered)
	}
}

// Like for like: months, products and no cap.
func TestCompareWithLastYear(t *testing.T) {
	line := func(fee, before rinnova.Cents, months int, ticked bool) renewal.Line {
		l := renewal.Line{Fees: []rinnova.Cents{fee}, Months: months, Ticked: ticked, InCap: true}
		if before > 0 {
			l.LastYear = &renewal.LastYear{Year: 2026, Band: 1, Fee: before}
		}
		return l
	}
	ceiling := rinnova.Cents(10_00)
	p := &renewal.Proposal{Suggested: 1, Caps: []*rinnova.Cents{&ceiling}, Lines: []renewal.Line{
		line(110_00, 100_00, 6, true), line(50_00, 0, 12, true), line(70_00, 10_00, 12, false), line(33_33, 33_33, 12, true)}}
	if c := campaign.Compare(p); c.Now != 55_00+33_33 || c.Before != 50_00+33_33 || c.Share() != 600 {
		t.Errorf("%+v, %d", c, c.Share())
	}
	p.Suggested = 0
	if c := campaign.Compare(p); c != (campaign.Comparison{}) || c.Share() != 0 {
		t.Errorf("no band: %+v", c)
	}
}

// What a product is when its list is approved holds for the campaigns of the list, whatever becomes of the product.
func TestProductsAsTheyWereApproved(t *testing.T) {
	s := selling()
	s.list.Freeze(s.products)
	s.products = slices.Clone(s.products)
	s.products[0].VAT, s.products[0].License, s.products[0].InCap = 0, catalog.Perpetual, true
	s.products[1].InCap = false
	c := campaign.Campaign{Kind: renewal.Assistance, Period: days("2027-01-01", "2027-12-31")}
	made := make_(t, s, c, "RGIC80100X", until("fuori", "2026-12-31"), until("dentro", "2026-12-31"))
	for _, l := range made.Proposal.Lines {
		if l.VAT != 2200 || l.License != "" || l.InCap != (l.ProductID == "dentro") {
			t.Errorf("%+v", l)
		}
	}
}
