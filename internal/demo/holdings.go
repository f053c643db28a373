package demo

import (
	"hash/fnv"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/school"
	"rinnova/internal/subscription"
)

// dice gives numbers that look random and are always the same for the same school and purpose.
func dice(code, purpose string, sides int) int {
	h := fnv.New64a()
	h.Write([]byte(code + "/" + purpose))
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return int(x % uint64(sides))
}

// had invents what a school had the year before a season: between eight and fifteen products, a few until some months into
// the season. Of some nobody knows what was paid.
func had(s school.School, bands catalog.Bands, c campaign.Campaign) []subscription.Subscription {
	band := bands.Of(s.Pupils)
	if band == 0 {
		band = 2
	}
	var out []subscription.Subscription
	for _, it := range items {
		if !campaign.Reaches(it.who, s) || dice(s.MinistryCode, it.code, 100) >= it.share {
			continue
		}
		x := lastYear(s, "demo-"+it.code, it.license, c)
		if it.contacts > 0 {
			used := dice(s.MinistryCode, it.code+"#", it.contacts+1)
			x.Used = &used
		}
		if dice(s.MinistryCode, it.code+"+", 12) > 0 {
			fee := lastYearFee(it.fees[band-1])
			x.Band, x.Fee = band, &fee
		}
		if dice(s.MinistryCode, it.code+"@", 15) == 0 { // the old period ends during the year: the new one is shorter
			start := rinnova.Date{Year: c.Period.From.Year, Month: time.Month(2 + dice(s.MinistryCode, it.code+"@m", 3)), Day: 1}
			x.Period.To = start.AddDays(-1)
		}
		out = append(out, x)
	}
	return out
}

// lastYear is a product that a school had until the day before a season.
func lastYear(s school.School, product string, license catalog.License, c campaign.Campaign) subscription.Subscription {
	return subscription.Subscription{SchoolID: s.ID, ProductID: product, License: license,
		Period: rinnova.Period{From: c.Period.From.AddMonths(-12), To: c.Period.From.AddDays(-1)}}
}

// taxCode invents a valid codice fiscale of eleven digits for a school.
func taxCode(code string) string {
	d := []byte{'8' + byte(dice(code, "cf0", 2))}
	for i := 1; i < 10; i++ {
		d = append(d, '0'+byte(dice(code, "cf"+string(rune('0'+i)), 10)))
	}
	return string(append(d, luhn(d)))
}

// luhn is the check digit of eleven-digit tax codes.
func luhn(d []byte) byte {
	sum := 0
	for i, c := range d {
		v := int(c - '0')
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return '0' + byte((10-sum%10)%10)
}

// officeCode invents a codice univoco ufficio.
func officeCode(code string) string {
	const signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	out := []byte("UF")
	for _, p := range []string{"a", "b", "c", "d"} {
		out = append(out, signs[dice(code, "cuu"+p, len(signs))])
	}
	return string(out)
}
