package catalog_test

import (
	"encoding/json"
	"math/big"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/catalog"
)

type workedCase struct {
	ID    string
	Input struct {
		Cap   *rinnova.Cents
		Lines []struct {
			Fee    rinnova.Cents
			Months int
			InCap  bool `json:"in_cap"`
			Ticked bool
			VAT    rinnova.BasisPoints `json:"vat_bp"`
		}
	}
	Expected struct {
		Lines                                  []catalog.LineTotal
		Included, Reduction, Excluded, Taxable rinnova.Cents
		VATByRate                              []struct {
			Rate         rinnova.BasisPoints `json:"rate_bp"`
			Taxable, VAT rinnova.Cents
		} `json:"vat_by_rate"`
		VAT, Total rinnova.Cents
		Split      struct {
			ToVendor rinnova.Cents `json:"to_vendor"`
			ToState  rinnova.Cents `json:"to_state"`
		} `json:"split_payment"`
	}
}

func TestWorkedCases(t *testing.T) {
	b, err := os.ReadFile("testdata/quotes.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []workedCase }
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) != 25 {
		t.Fatalf("%d cases, want 25", len(file.Cases))
	}
	for _, c := range file.Cases {
		t.Run(c.ID, func(t *testing.T) {
			var lines []catalog.QuoteLine
			for _, l := range c.Input.Lines {
				lines = append(lines, catalog.QuoteLine{Fee: l.Fee, Months: l.Months, InCap: l.InCap, Ticked: l.Ticked, VAT: l.VAT})
			}
			if err := catalog.CheckQuote(c.Input.Cap, lines); err != nil {
				t.Fatal(err)
			}
			got := catalog.Quote(c.Input.Cap, lines)
			want := catalog.Totals{Lines: c.Expected.Lines, Included: c.Expected.Included, Reduction: c.Expected.Reduction, Excluded: c.Expected.Excluded,
				Taxable: c.Expected.Taxable, VAT: c.Expected.VAT, Total: c.Expected.Total}
			for _, v := range c.Expected.VATByRate {
				want.VATByRate = append(want.VATByRate, catalog.VATTotal(v))
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("totals (-want +got):\n%s", d)
			}
			if got.ToVendor(true) != c.Expected.Split.ToVendor || got.ToState(true) != c.Expected.Split.ToState {
				t.Errorf("split payment: %s and %s, want %s and %s", got.ToVendor(true), got.ToState(true), c.Expected.Split.ToVendor, c.Expected.Split.ToState)
			}
			if got.ToVendor(false) != got.Total || got.ToState(false) != 0 {
				t.Error("without split payment everything goes to the vendor")
			}
		})
	}
}

func anyLine(t *rapid.T) catalog.QuoteLine {
	l := catalog.QuoteLine{
		Fee:    rinnova.Cents(rapid.OneOf(rapid.Int64Range(0, 300), rapid.Int64Range(0, 500_000), rapid.Just(int64(rinnova.MaxCents))).Draw(t, "fee")),
		Months: rapid.OneOf(rapid.Just(12), rapid.IntRange(0, 30), rapid.Just(catalog.MaxMonths)).Draw(t, "months"),
		InCap:  rapid.Bool().Draw(t, "in cap"),
		Ticked: rapid.Bool().Draw(t, "ticked"),
		VAT:    rapid.SampledFrom([]rinnova.BasisPoints{0, 400, 500, 1000, 2200, 10_000}).Draw(t, "vat"),
	}
	if !l.InCap && rapid.IntRange(0, 3).Draw(t, "has parts") == 0 {
		l.Parts = rapid.SliceOfN(rapid.Custom(anyPart), 1, 5).Draw(t, "parts")
	}
	return l
}

func anyPart(t *rapid.T) catalog.QuotePart {
	return catalog.QuotePart{Fee: rinnova.Cents(rapid.Int64Range(0, 500_000).Draw(t, "fee of the part")), Months: rapid.IntRange(0, 36).Draw(t, "months of the part")}
}

func anyQuote(t *rapid.T) (*rinnova.Cents, []catalog.QuoteLine) {
	lines := rapid.SliceOfN(rapid.Custom(anyLine), 0, 60).Draw(t, "lines")
	var yearlyCap *rinnova.Cents
	if rapid.Bool().Draw(t, "has cap") {
		c := rinnova.Cents(rapid.OneOf(rapid.Int64Range(0, 1000), rapid.Int64Range(0, 2_000_000)).Draw(t, "cap"))
		yearlyCap = &c
	}
	return yearlyCap, lines
}

func TestLinesSumToWhatIsDue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		yearlyCap, lines := anyQuote(t)
		q := catalog.Quote(yearlyCap, lines)
		var net, included, excluded, reduction, taxableByRate, vat rinnova.Cents
		for i, l := range lines {
			line := q.Lines[i]
			if line.Net < 0 || line.Reduction < 0 || line.Amount < 0 {
				t.Fatalf("line %d below zero: %+v", i, line)
			}
			if l.Ticked && line.Net != line.Amount-line.Reduction || !l.Ticked && (line.Net != 0 || line.Reduction != 0) {
				t.Fatalf("line %d: %+v", i, line)
			}
			if !l.InCap && line.Reduction != 0 {
				t.Fatalf("line %d is outside the cap and reduced", i)
			}
			net += line.Net
			reduction += line.Reduction
			if l.Ticked && l.InCap {
				included += line.Amount
			} else if l.Ticked {
				excluded += line.Amount
			}
		}
		for _, v := range q.VATByRate {
			taxableByRate += v.Taxable
			vat += v.VAT
			exact := new(big.Rat).SetFrac64(int64(v.Taxable)*int64(v.Rate), 10_000)
			diff := new(big.Rat).Sub(new(big.Rat).SetInt64(int64(v.VAT)), exact)
			if diff.Cmp(big.NewRat(1, 2)) > 0 || diff.Cmp(big.NewRat(-1, 2)) <= 0 {
				t.Fatalf("VAT %d on %d at %d: not half up", v.VAT, v.Taxable, v.Rate)
			}
		}
		switch {
		case net != q.Taxable, reduction != q.Reduction, included != q.Included, excluded != q.Excluded, taxableByRate != q.Taxable, vat != q.VAT, q.Total != q.Taxable+q.VAT:
			t.Fatalf("sums differ: net %d reduction %d included %d excluded %d by rate %d vat %d of %+v", net, reduction, included, excluded, taxableByRate, vat, q)
		case yearlyCap != nil && q.Included-q.Reduction > *yearlyCap:
			t.Fatalf("%d is over the cap of %d", q.Included-q.Reduction, *yearlyCap)
		case yearlyCap == nil && q.Reduction != 0:
			t.Fatal("reduced without a cap")
		case yearlyCap != nil && q.Reduction > 0 && q.Included-q.Reduction != *yearlyCap:
			t.Fatal("reduced by more than the cap asks for")
		}
	})
}

// The amount of a line with parts is the sum of those of its parts, each of them half up; one part is a line without parts.
func TestPartsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.Custom(anyPart), 1, 5).Draw(t, "parts")
		line := catalog.QuoteLine{Fee: 999_99, Months: 7, Ticked: true, VAT: 2200, Parts: parts}
		if err := catalog.CheckQuote(nil, []catalog.QuoteLine{line}); err != nil {
			t.Fatal(err)
		}
		var want int64
		for _, p := range parts {
			exact := int64(p.Fee) * int64(p.Months)
			want += (2*exact + 12) / 24
		}
		if got := line.Amount(); int64(got) != want {
			t.Fatalf("%+v come to %d, want %d", parts, got, want)
		}
		one := catalog.QuoteLine{Fee: 1, Months: 1, Parts: parts[:1]}
		if whole := (catalog.QuoteLine{Fee: parts[0].Fee, Months: parts[0].Months}); one.Amount() != whole.Amount() {
			t.Fatalf("one part comes to %d, the same without parts to %d", one.Amount(), whole.Amount())
		}
	})
}

// A share differs from the exact proportion by less than a cent.
func TestReductionIsProportional(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		yearlyCap, lines := anyQuote(t)
		q := catalog.Quote(yearlyCap, lines)
		if q.Reduction == 0 {
			return
		}
		for i, l := range lines {
			if !l.Ticked || !l.InCap {
				continue
			}
			exact := new(big.Rat).Mul(new(big.Rat).SetInt64(int64(q.Lines[i].Amount)), new(big.Rat).SetFrac64(int64(q.Reduction), int64(q.Included)))
			diff := new(big.Rat).Sub(new(big.Rat).SetInt64(int64(q.Lines[i].Reduction)), exact)
			if diff.Abs(diff).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("line %d takes %d, exactly %s", i, q.Lines[i].Reduction, exact.FloatString(3))
			}
		}
	})
}

// The sums do not depend on the order of the lines, and nothing depends on lines that are not ticked.
func TestOrderAndUntickedLinesChangeNoSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		yearlyCap, lines := anyQuote(t)
		q := catalog.Quote(yearlyCap, lines)
		shuffled := rapid.Permutation(lines).Draw(t, "shuffled")
		ticked := slices.DeleteFunc(slices.Clone(shuffled), func(l catalog.QuoteLine) bool { return !l.Ticked })
		for _, other := range []catalog.Totals{catalog.Quote(yearlyCap, shuffled), catalog.Quote(yearlyCap, ticked)} {
			if other.Included != q.Included || other.Reduction != q.Reduction || other.Excluded != q.Excluded || other.Taxable != q.Taxable {
				t.Fatalf("%+v, in another order %+v", q, other)
			}
		}
	})
}

// Ticking one line more never lowers the taxable amount.
func TestAnotherTickNeverSaves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		yearlyCap, lines := anyQuote(t)
		if len(lines) == 0 {
			return
		}
		i := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
		lines[i].Ticked = false
		without := catalog.Quote(yearlyCap, lines)
		lines[i].Ticked = true
		if with := catalog.Quote(yearlyCap, lines); with.Taxable < without.Taxable {
			t.Fatalf("taxable falls from %d to %d", without.Taxable, with.Taxable)
		}
	})
}

func TestCheckQuoteRefuses(t *testing.T) {
	c := func(n rinnova.Cents) *rinnova.Cents { return &n }
	good := catalog.QuoteLine{Fee: 100, Months: 12, VAT: 2200}
	for name, x := range map[string]struct {
		cap  *rinnova.Cents
		line catalog.QuoteLine
	}{
		"negative cap":   {c(-1), good},
		"absurd cap":     {c(rinnova.MaxCents + 1), good},
		"negative fee":   {nil, catalog.QuoteLine{Fee: -1, Months: 12}},
		"absurd fee":     {nil, catalog.QuoteLine{Fee: rinnova.MaxCents + 1, Months: 12}},
		"negative month": {nil, catalog.QuoteLine{Months: -1}},
		"absurd months":  {nil, catalog.QuoteLine{Months: catalog.MaxMonths + 1}},
		"negative VAT":   {nil, catalog.QuoteLine{VAT: -1}},
		"VAT over 100 %": {nil, catalog.QuoteLine{VAT: 10_001}},

		"parts inside the cap":  {c(100), catalog.QuoteLine{InCap: true, Parts: []catalog.QuotePart{{Fee: 100, Months: 12}}}},
		"negative fee, a part":  {nil, catalog.QuoteLine{Parts: []catalog.QuotePart{{Fee: 100, Months: 12}, {Fee: -1, Months: 12}}}},
		"absurd months, a part": {nil, catalog.QuoteLine{Parts: []catalog.QuotePart{{Months: catalog.MaxMonths + 1}}}},
		"absurd months, in all": {nil, catalog.QuoteLine{Parts: []catalog.QuotePart{{Months: catalog.MaxMonths}, {Months: 1}}}},
	} {
		if catalog.CheckQuote(x.cap, []catalog.QuoteLine{x.line}) == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if err := catalog.CheckQuote(c(0), []catalog.QuoteLine{good}); err != nil {
		t.Error(err)
	}
}

func BenchmarkQuote(b *testing.B) {
	yearlyCap := rinnova.Cents(195_000)
	var lines []catalog.QuoteLine
	for i := range 20 {
		lines = append(lines, catalog.QuoteLine{Fee: rinnova.Cents(3000 + 1750*i), Months: 12 - i%4, InCap: i%3 > 0, Ticked: true, VAT: 2200})
	}
	b.ReportAllocs()
	for b.Loop() {
		catalog.Quote(&yearlyCap, lines)
	}
}
