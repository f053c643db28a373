package catalogweb

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/web"
)

// The fields of a copy that catalog does not name, and the ways to copy.
const (
	fieldHow      = "come"
	fieldRounding = "arrotonda"
	fieldCaps     = "tetti"

	howAsIs    = "uguale"
	howPercent = "percento"
	howIndex   = "indice"
)

// copyPage is what the page of a copy shows: everything as it was typed.
type copyPage struct {
	headForm
	From             catalog.PriceList
	How, Percent     string
	Series, Base, To string
	Share, Floor     string
	Rounding         rinnova.Cents
	Caps             bool
	State            web.FormState
	LastIndex        map[string]catalog.IndexPoint // by series
	RetiredOn        []string                      // products on the list that are not sold any more
}

func (o *Office) copyPage(r *http.Request) (*copyPage, error) {
	ctx := r.Context()
	from, err := o.Catalog.List(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p := &copyPage{From: from, How: howAsIs, Series: catalog.SeriesNames[0], Share: "100", Floor: "0", Rounding: 1, LastIndex: map[string]catalog.IndexPoint{}}
	p.ValidFrom = locale.Date(from.ValidFrom.AddMonths(12))
	p.Name = nextName(from)
	for _, s := range catalog.SeriesNames {
		points, err := o.Catalog.Index(ctx, s)
		if err != nil {
			return nil, err
		}
		if n := len(points); n > 0 {
			p.LastIndex[s] = points[n-1]
		}
	}
	if last, ok := p.LastIndex[p.Series]; ok { // most contracts compare with a year before
		p.To, p.Base = typedMonth(last.Month), typedMonth(last.Month.Before(12))
	}
	products, err := o.Catalog.Products(ctx)
	if err != nil {
		return nil, err
	}
	for _, x := range products {
		if _, on := from.Fees[x.ID]; on && x.Retired {
			p.RetiredOn = append(p.RetiredOn, x.Name)
		}
	}
	return p, nil
}

// nextName is a name for next year's list: the year in the old name goes up by one.
func nextName(l catalog.PriceList) string {
	for year := l.ValidFrom.Year + 2; year >= l.ValidFrom.Year; year-- {
		if strings.Contains(l.Name, strconv.Itoa(year)) {
			return strings.Replace(l.Name, strconv.Itoa(year), strconv.Itoa(year+1), 1)
		}
	}
	return ""
}

// typedMonth is a month as people type it: 09/2026.
func typedMonth(m catalog.Month) string {
	year, month, _ := strings.Cut(string(m), "-")
	return month + "/" + year
}

func (o *Office) askCopy(w http.ResponseWriter, r *http.Request) error {
	p, err := o.copyPage(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, copyListPage(o.frame(r), p))
}

func (o *Office) copyList(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	p, err := o.copyPage(r)
	if err != nil {
		return err
	}
	c := p.read(r.PostForm)
	var l catalog.PriceList
	var left []catalog.Product
	if len(p.State.Problems) == 0 {
		if l, left, p.State.Problems, err = o.Catalog.Copy(r.Context(), o.Actor(r.Context()), c); err != nil {
			return err
		}
	}
	if len(p.State.Problems) > 0 {
		return web.Render(w, r, http.StatusUnprocessableEntity, copyListPage(o.frame(r), p))
	}
	o.Flash(r.Context(), copied(web.LangOf(r.Context()), left))
	return web.Redirect(w, r, ListPath(l.ID))
}

// copied says that a copy was made, and names what it leaves out.
func copied(l locale.Lang, left []catalog.Product) string {
	if len(left) == 0 {
		return l.T("Bozza creata")
	}
	names := make([]string, len(left))
	for i, p := range left {
		names[i] = p.Name
	}
	return l.T("Bozza creata, senza i prodotti ritirati: %s", strings.Join(names, ", "))
}

// read takes the copy from a form.
func (p *copyPage) read(form url.Values) catalog.Copy {
	problems := &p.State.Problems
	form.Set(catalog.FieldBands, p.From.Bands.String())
	validFrom, _ := p.headForm.read(form, problems)
	p.How, p.Percent, p.Series = form.Get(fieldHow), form.Get(catalog.FieldPercent), form.Get(catalog.FieldSeries)
	p.Base, p.To, p.Share, p.Floor = form.Get(catalog.FieldBase), form.Get(catalog.FieldTo), form.Get(catalog.FieldShare), form.Get(catalog.FieldFloor)
	p.Rounding, p.Caps = rinnova.Cents(whole(form.Get(fieldRounding))), form.Has(fieldCaps)
	c := catalog.Copy{From: p.From.ID, Name: p.Name, ValidFrom: validFrom}
	raise := &catalog.Raise{Rounding: p.Rounding, Caps: p.Caps}
	switch p.How {
	case howAsIs:
	case howPercent:
		raise.Percent = percent(problems, catalog.FieldPercent, p.Percent)
		c.Raise = raise
	case howIndex:
		raise.Index = &catalog.Indexation{Series: p.Series, Base: month(p.Base), To: month(p.To),
			Share: percent(problems, catalog.FieldShare, p.Share), Floor: percent(problems, catalog.FieldFloor, p.Floor)}
		c.Raise = raise
	default:
		problems.Refuse(fieldHow, "Scegliete come fare la copia.")
	}
	return c
}

// month reads a month as it was typed; what is none is no month, which the service refuses.
func month(s string) catalog.Month {
	m, _ := catalog.ParseMonth(s)
	return m
}

func percent(problems *rinnova.Problems, field, s string) rinnova.BasisPoints {
	p, wrong := locale.ParsePercent(s)
	if !wrong.IsZero() {
		*problems = append(*problems, rinnova.Problem{Field: field, Text: wrong})
	}
	return p
}

// roundings are what amounts can be rounded to.
func roundings(l locale.Lang) []web.Option {
	var out []web.Option
	for _, c := range catalog.Roundings {
		text := l.T("multipli di %s", c)
		if c == 1 {
			text = l.T("al centesimo")
		}
		out = append(out, web.Option{Value: strconv.Itoa(int(c)), Text: text})
	}
	return out
}

func seriesOptions() []web.Option {
	var out []web.Option
	for _, s := range catalog.SeriesNames {
		out = append(out, web.Option{Value: s, Text: s})
	}
	return out
}

func (p *copyPage) labels(l locale.Lang) map[string]string {
	out := headLabels(l)
	for field, name := range map[string]string{
		fieldHow: l.T("Come"), catalog.FieldPercent: l.T("Aumento in percentuale"), catalog.FieldSeries: l.T("Indice"), catalog.FieldBase: l.T("Dal mese"),
		catalog.FieldTo: l.T("Al mese"), catalog.FieldShare: l.T("Quota della variazione"), catalog.FieldFloor: l.T("Aumento minimo"),
	} {
		out[field] = name
	}
	return out
}
