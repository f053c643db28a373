package campaignweb

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
)

// written is a campaign as its form shows it.
func written(c campaign.Campaign) url.Values {
	s := c.Setup
	out := url.Values{
		fieldVersion: {strconv.FormatInt(c.Version, 10)}, campaign.FieldName: {c.Name}, campaign.FieldKind: {string(c.Kind)},
		campaign.FieldFrom: {day(c.Period.From, "")}, campaign.FieldTo: {day(c.Period.To, "")}, campaign.FieldPriceList: {c.PriceList}, campaign.FieldTerms: {c.Terms},
		campaign.FieldOpens: {day(c.OpensOn, "")}, campaign.FieldCloses: {day(c.ClosesOn, "")}, campaign.FieldNotice: {day(s.NoticeBy, "")},
		campaign.FieldYears: {years(s.Years)}, campaign.FieldBefore: {days(s.Reminders.Before)}, fieldRhythm: {string(s.Rhythm)},
		fieldPayments: s.Payments, fieldRegions: s.Filter.Regions, fieldProducts: s.Filter.Products, campaign.FieldProvinces: {strings.Join(s.Filter.Provinces, ", ")},
		campaign.FieldExcept: {strings.Join(s.Filter.Except, ", ")},
	}
	if s.Threshold != 0 {
		out.Set(campaign.FieldThreshold, strings.TrimSuffix(locale.Percent(s.Threshold), "%"))
	}
	if s.Reminders.NoCIGDays > 0 {
		out.Set(fieldNoCIG, strconv.Itoa(s.Reminders.NoCIGDays))
	}
	for name, on := range map[string]bool{fieldSuggest: s.Suggest, fieldTogether: s.Together} {
		if on {
			out.Set(name, "1")
		}
	}
	if len(s.Filter.Cycles) > 0 {
		out.Set(fieldCycle, string(s.Filter.Cycles[0]))
	}
	return out
}

// read reads the form; problems are of what cannot be read at all.
func read(form url.Values) (c campaign.Campaign, problems rinnova.Problems) {
	date := func(name string) rinnova.Date {
		v := strings.TrimSpace(form.Get(name))
		if v == "" {
			return rinnova.Date{}
		}
		d, wrong := locale.ParseDate(v)
		if !wrong.IsZero() {
			problems = append(problems, rinnova.Problem{Field: name, Text: wrong})
		}
		return d
	}
	c.Version, _ = strconv.ParseInt(form.Get(fieldVersion), 10, 64)
	c.Name, c.Kind = strings.Join(strings.Fields(form.Get(campaign.FieldName)), " "), renewal.Kind(form.Get(campaign.FieldKind))
	c.Period = rinnova.Period{From: date(campaign.FieldFrom), To: date(campaign.FieldTo)}
	c.PriceList, c.Terms = form.Get(campaign.FieldPriceList), form.Get(campaign.FieldTerms)
	c.OpensOn, c.ClosesOn = date(campaign.FieldOpens), date(campaign.FieldCloses)
	s := &c.Setup
	s.NoticeBy, s.Suggest, s.Together, s.Payments = date(campaign.FieldNotice), form.Get(fieldSuggest) != "", form.Get(fieldTogether) != "", chosen(form[fieldPayments])
	if form.Get(fieldRhythm) == string(campaign.OwnRhythm) {
		s.Rhythm = campaign.OwnRhythm
	}
	readNumbers(form, s, &problems)
	s.Filter = campaign.Filter{Regions: chosen(form[fieldRegions]), Provinces: codes(form.Get(campaign.FieldProvinces)), Products: chosen(form[fieldProducts]), Except: codes(form.Get(campaign.FieldExcept))}
	if a := catalog.Audience(form.Get(fieldCycle)); a == catalog.FirstCycle || a == catalog.SecondCycle {
		s.Filter.Cycles = []catalog.Audience{a}
	}
	return c, problems
}

func readNumbers(form url.Values, s *campaign.Setup, problems *rinnova.Problems) {
	var ok bool
	if s.Threshold, ok = percent(form.Get(campaign.FieldThreshold)); !ok {
		problems.Refuse(campaign.FieldThreshold, "Scrivete una percentuale, come 10 o 7,5.")
	}
	if s.Years, ok = readYears(form.Get(campaign.FieldYears)); !ok {
		problems.Refuse(campaign.FieldYears, "Scrivete offerte come «3» o «3 +2%%», separate da virgole: da 2 a %d anni, ogni durata una volta sola.", campaign.MaxYears)
	}
	if s.Reminders.Before, ok = readDays(form.Get(campaign.FieldBefore)); !ok {
		problems.Refuse(campaign.FieldBefore, "Scrivete dei giorni prima della chiusura, come «15, 7, 2»: al massimo %d.", campaign.MaxReminders)
	}
	if v := strings.TrimSpace(form.Get(fieldNoCIG)); v != "" {
		var err error
		if s.Reminders.NoCIGDays, err = strconv.Atoi(v); err != nil || s.Reminders.NoCIGDays < 0 || s.Reminders.NoCIGDays > 365 {
			problems.Refuse(fieldNoCIG, "Scrivete un numero di giorni, come 10, o lasciate vuoto.")
		}
	}
}

// percent reads 7,5 or 7.5 %; empty is zero.
func percent(s string) (rinnova.BasisPoints, bool) {
	s = strings.ReplaceAll(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%")), ",", ".")
	if s == "" {
		return 0, true
	}
	whole, part, _ := strings.Cut(s, ".")
	part = (part + "00")[:max(2, len(part))]
	n, err := strconv.ParseUint(whole+part, 10, 31)
	return rinnova.BasisPoints(n), err == nil && len(part) == 2
}

// An offer of several years as it is typed: 3, or 3 +2,5%; offers, between commas.
const offerOfYears = `(\d+)(?:\s*\+\s*(\d+(?:[.,]\d{1,2})?)\s*%?)?`

var (
	oneOffer  = regexp.MustCompile(offerOfYears)
	allOffers = regexp.MustCompile(`^\s*(?:` + offerOfYears + `\s*(?:[,;]\s*|$))*$`)
)

// readYears reads 2, 3 +2,5%.
func readYears(s string) (out []campaign.YearsOffer, ok bool) {
	if len(s) > 200 || !allOffers.MatchString(s) {
		return nil, false
	}
	for _, m := range oneOffer.FindAllStringSubmatch(s, -1) {
		n, err := strconv.Atoi(m[1])
		step, good := percent(m[2])
		if err != nil || !good {
			return nil, false
		}
		out = append(out, campaign.YearsOffer{Years: n, Step: step})
	}
	return out, true
}

// readDays reads 15, 7, 2: the earliest reminder first.
func readDays(s string) (out []int, ok bool) {
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil, false
		}
		out = append(out, n)
	}
	slices.Sort(out)
	slices.Reverse(out)
	return slices.Compact(out), true
}

// codes reads codes between commas or spaces, in capitals.
func codes(s string) []string {
	return strings.FieldsFunc(strings.ToUpper(s), func(r rune) bool { return r == ',' || r == ' ' || r == ';' || r == '\n' || r == '\r' || r == '\t' })
}

func chosen(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
}
