package mergerweb

import (
	"slices"
	"strings"

	"rinnova/internal/locale"
	"rinnova/internal/merger"
	"rinnova/internal/subscription"
	"rinnova/internal/web"
)

func period(x subscription.Subscription) string {
	return locale.Date(x.Period.From) + " – " + locale.Date(x.Period.To)
}

// origin is where a period was sold, or by whom it was written.
func origin(l locale.Lang, x subscription.Subscription) string {
	out := l.T("senza contratto nostro")
	if x.Contract != "" {
		out = l.T("contratto n. %s", x.Contract)
	}
	if x.Ended != "" {
		out += " · " + l.T("non si rinnova: %s", x.Ended)
	}
	return out
}

// product is the name of a product of the preview.
func product(p *merger.Preview, id string) string {
	if name := p.Products[id]; name != "" {
		return name
	}
	return id
}

// options are the schools whose periods can go on.
func options(p *merger.Preview, d merger.Duplicate) []web.Option {
	var out []web.Option
	for _, id := range d.Owners {
		var periods []string
		for _, x := range d.Of(id) {
			periods = append(periods, period(x))
		}
		out = append(out, web.Option{Value: id, Text: p.School(id).Name + ": " + strings.Join(periods, ", ")})
	}
	return out
}

// pupils says how many the school has afterwards, and why.
func pupils(l locale.Lang, p *merger.Preview) string {
	c := p.Pupils
	switch {
	case c.After == 0:
		return l.T("Non sono noti gli alunni di nessuna scuola: la fascia la sceglie la scuola al prossimo rinnovo.")
	case !c.Summed:
		return l.T("Vale il numero dell’anagrafe per l’anno scolastico %s, che conta già la scuola nuova.", c.Year)
	case len(c.Unknown) > 0:
		return l.T("È la somma delle scuole di cui si sa il numero. Mancano: %s. Vale finché l’anagrafe non dà il numero dell’anno scolastico %s.", strings.Join(c.Unknown, ", "), c.Year)
	}
	return l.T("È la somma di tutte. Vale finché l’anagrafe non dà il numero dell’anno scolastico %s.", c.Year)
}

func known(l locale.Lang, n int) string {
	if n == 0 {
		return l.T("non noti")
	}
	return locale.Count(n)
}

// counts are the pupils and the band, before and after.
func counts(l locale.Lang, p *merger.Preview) []web.Datum {
	c := p.Pupils
	out := []web.Datum{{Label: l.T("Alunni di %s oggi", p.Into.Name), Value: known(l, c.Before)}}
	for _, f := range p.From {
		out = append(out, web.Datum{Label: l.T("Alunni di %s oggi", f.Name), Value: known(l, f.Pupils)})
	}
	out = append(out, web.Datum{Label: l.T("Alunni dopo"), Value: known(l, c.After)})
	if c.Bands.Several() {
		out = append(out, web.Datum{Label: l.T("Fascia oggi"), Value: l.Text(c.Bands.Name(c.BandBefore))}, web.Datum{Label: l.T("Fascia dopo"), Value: l.Text(c.Bands.Name(c.Band))})
	}
	return out
}

// labels are the names of the fields, for the summary of what is wrong.
func labels(l locale.Lang) map[string]string {
	return map[string]string{merger.FieldFrom: l.T("Scuole che confluiscono"), merger.FieldInto: l.T("Scuola che continua"), merger.FieldDay: l.T("Dal")}
}

// unpicked says why some of the schools cannot be chosen.
func unpicked(l locale.Lang, p *merger.Preview, d merger.Duplicate) string {
	var out []string
	seen := map[string]bool{}
	for _, x := range d.Held {
		if !slices.Contains(d.Owners, x.SchoolID) && !seen[x.SchoolID] {
			seen[x.SchoolID] = true
			out = append(out, p.School(x.SchoolID).Name)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return l.T("Non può restare quello di %s: in quei giorni la scuola aveva già avuto il prodotto.", strings.Join(out, ", "))
}
