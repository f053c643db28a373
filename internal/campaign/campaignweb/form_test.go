package campaignweb

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
)

// What a campaign is set to is what its form shows and sends back: an edit that changes nothing changes nothing.
func TestTheFormKeepsACampaign(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		day := func(name string) rinnova.Date {
			return rinnova.MustDate("2026-01-01").AddDays(rapid.IntRange(0, 1500).Draw(rt, name))
		}
		some := func(name string, from ...string) []string {
			var out []string
			for _, x := range from {
				if rapid.Bool().Draw(rt, name+x) {
					out = append(out, x)
				}
			}
			return out
		}
		c := campaign.Campaign{Name: rapid.SampledFrom([]string{"Rinnovo 2028", "Servizi «nuovi»"}).Draw(rt, "name"), Kind: rapid.SampledFrom(renewal.Kinds).Draw(rt, "kind"),
			Period: rinnova.Period{From: day("from"), To: day("to")}, PriceList: "l", Terms: "t", OpensOn: day("opens"), ClosesOn: day("closes"), Version: int64(rapid.IntRange(1, 99).Draw(rt, "version"))}
		s := &c.Setup
		s.Threshold, s.Suggest, s.Together = rinnova.BasisPoints(rapid.IntRange(0, 5000).Draw(rt, "threshold")), rapid.Bool().Draw(rt, "suggest"), rapid.Bool().Draw(rt, "together")
		s.Rhythm = rapid.SampledFrom([]campaign.Rhythm{campaign.ToTheEnd, campaign.OwnRhythm}).Draw(rt, "rhythm")
		if rapid.Bool().Draw(rt, "notice") {
			s.NoticeBy = day("by")
		}
		for i := range rapid.IntRange(0, 3).Draw(rt, "years") {
			s.Years = append(s.Years, campaign.YearsOffer{Years: 2 + i, Step: rinnova.BasisPoints(rapid.IntRange(0, 999).Draw(rt, "step"))})
		}
		for i := range rapid.IntRange(0, 3).Draw(rt, "reminders") {
			s.Reminders.Before = append(s.Reminders.Before, 30-7*i)
		}
		s.Reminders.NoCIGDays = rapid.IntRange(0, 30).Draw(rt, "no CIG")
		s.Payments = some("payment", "30", "60")
		s.Filter = campaign.Filter{Regions: some("region", "SICILIA", "EMILIA ROMAGNA"), Provinces: some("province", "RG", "CT"), Products: some("product", "a", "b"), Except: some("except", "RGIC82700L")}
		if rapid.Bool().Draw(rt, "cycle") {
			s.Filter.Cycles = []catalog.Audience{catalog.SecondCycle}
		}
		got, problems := read(written(c))
		a, _ := json.Marshal(c)
		b, _ := json.Marshal(got)
		if len(problems) > 0 || string(a) != string(b) {
			rt.Fatalf("%v\n%s became\n%s", problems, a, b)
		}
	})
}

func TestTypedNumbers(t *testing.T) {
	for typed, want := range map[string]string{
		"": "0 true", "10": "1000 true", "7,5": "750 true", " 7.25 % ": "725 true", "0": "0 true", "1,234": "123400 false", "dieci": "0 false", "-1": "0 false", "1e3": "0 false", "%": "0 true",
	} {
		n, ok := percent(typed)
		if !ok {
			want, n = want[len(want)-5:], 0
		}
		if got := fmt.Sprint(int64(n), " ", ok); ok && got != want || !ok && want != "false" {
			t.Errorf("%q is %s, want %s", typed, got, want)
		}
	}
	for typed, want := range map[string]string{"": "[] true", "2, 3 +2%": "[{2 0} {3 200}] true", "3+1,5": "[{3 150}] true", "2,3 +0.01 %; 4": "[{2 0} {3 1} {4 0}] true", "2 3": "[] false", "2,,3": "[] false", "due": "[] false", "3 +x": "[] false"} {
		out, ok := readYears(typed)
		got := []string{}
		for _, y := range out {
			got = append(got, fmt.Sprintf("{%d %d}", y.Years, int64(y.Step)))
		}
		if fmt.Sprint(got, " ", ok) != want {
			t.Errorf("%q is %v %v, want %s", typed, got, ok, want)
		}
	}
	for typed, want := range map[string]string{"": "[] true", "2, 15;7 7": "[15 7 2] true", "x": "[] false"} {
		if out, ok := readDays(typed); fmt.Sprint(out, " ", ok) != want {
			t.Errorf("%q is %v %v, want %s", typed, out, ok, want)
		}
	}
}

// Every school that can be compared is in one column, and the picture says the same as the table.
func TestThePictureHoldsAllSchools(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		shares, all := map[int]int{}, 0
		for range rapid.IntRange(0, 20).Draw(rt, "percents") {
			n := rapid.IntRange(1, 500).Draw(rt, "schools")
			shares[rapid.IntRange(-1000, 5000).Draw(rt, "percent")] += n
			all += n
		}
		b, sum := bins(shares), 0
		for i, x := range b {
			sum += x.Schools
			if i > 0 && x.From != b[i-1].To {
				rt.Fatalf("a gap before %+v", x)
			}
		}
		total := 0
		for _, n := range shares {
			total += n
		}
		if sum != total || len(columns(b, campaign.Setup{})) != len(b) {
			rt.Fatalf("%d schools of %d", sum, total)
		}
	})
	b := bins(map[int]int{-30: 1, -1: 2, 0: 3, 9: 4, 10: 5, 30: 6})
	var odd []string
	for i, c := range columns(b, campaign.Setup{}) {
		if c.Odd {
			odd = append(odd, b[i].label(locale.Italian)+" "+c.Schools)
		}
	}
	if want := []string{"da +10% a +15% 5", "da +15% a +20% 0", "+20% e più 6"}; !slices.Equal(odd, want) {
		t.Errorf("above the threshold of ten percent are %q, want %q", odd, want)
	}
}
