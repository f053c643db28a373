package demo

import (
	"hash/fnv"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
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

// holdings invents what a school has: between eight and fifteen products, a few that began during the year, one that is
// only offered.
func holdings(s school.School, bands catalog.Bands, c campaign.Campaign) []campaign.Holding {
	band := bands.Of(s.Pupils)
	if band == 0 {
		band = 2
	}
	var out []campaign.Holding
	offered := false
	for _, it := range items {
		if !it.who.has(s) {
			continue
		}
		has := dice(s.MinistryCode, it.code, 100) < it.share
		if !has && (offered || dice(s.MinistryCode, it.code+"?", 4) > 0) {
			continue
		}
		offered = offered || !has
		out = append(out, holding(s, it, band, c, has))
	}
	return out
}

func holding(s school.School, it item, band catalog.Band, c campaign.Campaign, has bool) campaign.Holding {
	h := campaign.Holding{Product: "demo-" + it.code, Ticked: has}
	if !has {
		return h
	}
	if it.contacts > 0 {
		h.Known, h.Used = true, dice(s.MinistryCode, it.code+"#", it.contacts+1)
	}
	if dice(s.MinistryCode, it.code+"+", 12) > 0 {
		h.LastYear = &renewal.LastYear{Year: c.Year - 1, Band: band, Fee: lastYearFee(it.fees[band-1])}
	}
	if dice(s.MinistryCode, it.code+"@", 15) == 0 { // the old period ends during the year: the new one is shorter
		start := 2 + dice(s.MinistryCode, it.code+"@m", 3)
		h.Period = rinnova.Period{From: rinnova.Date{Year: c.Period.From.Year, Month: time.Month(start), Day: 1}, To: c.Period.To}
	}
	return h
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
