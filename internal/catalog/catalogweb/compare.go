package catalogweb

import (
	"fmt"
	"net/http"
	"net/url"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/web"
)

// paramWith is the list that another is compared with.
const paramWith = "con"

// comparePage is what the comparison of two lists shows.
type comparePage struct {
	catalog.Comparison
	Others []catalog.PriceList // what the list can be compared with
	Steps  []catalog.Step
}

// comparison reads the two lists that an address names; found is false where there is no other.
func (o *Office) comparison(r *http.Request) (p *comparePage, found bool, err error) {
	ctx := r.Context()
	l, err := o.Catalog.List(ctx, r.PathValue("id"))
	if err != nil {
		return nil, false, err
	}
	p = &comparePage{Comparison: catalog.Comparison{New: l}}
	all, err := o.Catalog.Lists(ctx)
	if err != nil {
		return nil, false, err
	}
	for _, x := range all {
		if x.ID != l.ID {
			p.Others = append(p.Others, x)
		}
	}
	var before catalog.PriceList
	if with := r.URL.Query().Get(paramWith); with != "" {
		before, err = o.Catalog.List(ctx, with)
		found = err == nil
	} else {
		before, found, err = o.Catalog.Before(ctx, l)
	}
	if err != nil || !found {
		return p, found, err
	}
	products, err := o.Catalog.Products(ctx)
	p.Comparison = catalog.Compare(before, l, products)
	p.Steps = p.Distribution()
	return p, true, err
}

func (o *Office) compare(w http.ResponseWriter, r *http.Request) error {
	p, found, err := o.comparison(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, comparisonPage(o.frame(r), p, found))
}

// exportComparison writes both lists side by side, with a comma before the cents.
func (o *Office) exportComparison(w http.ResponseWriter, r *http.Request) error {
	p, found, err := o.comparison(r)
	if err != nil {
		return err
	}
	if !found {
		return rinnova.Fail(rinnova.NotFound, "Non c’è un altro listino con cui confrontare questo.")
	}
	l := web.LangOf(r.Context())
	table := [][]string{{l.T("Codice"), l.T("Prodotto"), l.T("Fascia"), p.Old.Name, p.New.Name, l.T("Differenza"), l.T("Variazione %"), l.T("Stato")}}
	row := func(code, name string, b int, c catalog.Change, state string) {
		table = append(table, []string{code, name, l.Text(p.New.Bands.Name(catalog.Band(b + 1))), plain(c.Old), plain(c.New), plainDelta(c), plainPercent(c), state})
	}
	for _, x := range p.Rows {
		for b, c := range x.Bands {
			row(x.Product.Code, x.Product.Name, b, c, rowState(l, x))
		}
	}
	for b, c := range p.Caps {
		row("", l.T("Tetto massimo"), b, c, "")
	}
	return web.CSV(w, "confronto-listini.csv", table)
}

// rowState says what has become of a product, where it is on one list only.
func rowState(l locale.Lang, x catalog.ComparedRow) string {
	switch {
	case x.Added:
		return l.T("aggiunto")
	case x.Dropped:
		return l.T("tolto")
	}
	return ""
}

// plain is an amount as spreadsheets read it: 1234,56.
func plain(c *rinnova.Cents) string {
	if c == nil {
		return ""
	}
	sign, n := "", *c
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d,%02d", sign, n/100, n%100)
}

func plainDelta(c catalog.Change) string {
	d, both := c.Delta()
	if !both {
		return ""
	}
	return plain(&d)
}

func plainPercent(c catalog.Change) string {
	p, ok := c.Percent()
	if !ok {
		return ""
	}
	return plain(new(rinnova.Cents(p))) // hundredths of a percent, as cents of an euro
}

// delta and percentText are a change as people read it.
func delta(c catalog.Change) string {
	d, both := c.Delta()
	if !both {
		return ""
	}
	return locale.Delta(d)
}

func percentText(c catalog.Change) string {
	p, ok := c.Percent()
	switch {
	case !ok:
		return ""
	case p > 0:
		return "+" + catalog.Signed(p)
	}
	return catalog.Signed(p)
}

// address is the comparison, or its file, with the list that it is compared with.
func (p *comparePage) address(suffix string) string {
	return ListPath(p.New.ID) + "/confronta" + suffix + "?" + url.Values{paramWith: {p.Old.ID}}.Encode()
}

// stepLabel is a step of the distribution in words.
func stepLabel(l locale.Lang, s catalog.Step) string {
	switch {
	case s.Equal():
		return l.T("invariati")
	case s.First():
		return l.T("in calo")
	case s.Last():
		return l.T("oltre %s in più", locale.Percent(s.From))
	case s.From == 0:
		return l.T("fino a %s in più", locale.Percent(s.To))
	}
	return l.T("da %s a %s in più", locale.Percent(s.From), locale.Percent(s.To))
}

// The picture of the distribution: its rows, in pixels.
const (
	chartWidth  = 290
	chartLabel  = 124 // room for the labels
	chartNumber = 34  // room for the numbers behind the bars
	chartRow    = 28
)

// bar is the length of the bar of a step.
func (p *comparePage) bar(s catalog.Step) int {
	most := 1
	for _, x := range p.Steps {
		most = max(most, x.Count)
	}
	return s.Count * (chartWidth - chartLabel - chartNumber) / most
}

// inWords is the distribution as a sentence for who cannot see the picture.
func (p *comparePage) inWords(l locale.Lang) string {
	out := ""
	for _, s := range p.Steps {
		if s.Count > 0 {
			if out != "" {
				out += "; "
			}
			out += fmt.Sprintf("%s: %d", stepLabel(l, s), s.Count)
		}
	}
	return out
}

// stepColour sets apart what goes down and what stays; the words beside the bars say it too.
func stepColour(s catalog.Step) string {
	switch {
	case s.Equal():
		return "#6f8295"
	case s.First():
		return "#a8233c"
	}
	return "#0059b3"
}

// amountText is an amount in the table; without one it is a cap that there is none of, or nothing.
func amountText(l locale.Lang, c *rinnova.Cents, none bool) string {
	switch {
	case c != nil:
		return locale.Amount(*c)
	case none:
		return l.T("nessuno")
	}
	return ""
}
