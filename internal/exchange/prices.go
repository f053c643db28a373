package exchange

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/sheet"
)

// capsCode stands in place of a product in the row of the caps.
const capsCode = "TETTO"

// pricePlanner plans one price list. It is a new draft, or must be like one that is there.
type pricePlanner struct {
	service  *Service
	products map[string]catalog.Product
	lists    []catalog.PriceList
	bands    catalog.Bands
	columns  []string // names of the bands' columns
	list     catalog.PriceList
	hasCaps  bool
	seen     map[string]int
	lines    []*line
	by       catalog.Signature
	authors  []string
}

var (
	bandUpTo = regexp.MustCompile(`^fino a ([0-9.]+)( alunni)?$`)
	bandFrom = regexp.MustCompile(`^(?:da )?([0-9.]+) ?(?:a|–|-) ?([0-9.]+)( alunni)?$`)
	bandOver = regexp.MustCompile(`^oltre (?:i )?([0-9.]+)( alunni)?$`)
)

// bandsOf reads the bands of a price list from the names of its columns, and makes of them columns of the layout.
func bandsOf(layout Layout, r *sheet.Reader) (Layout, catalog.Bands, []string, error) {
	var bands catalog.Bands
	var names []string
	last := false
	number := func(s string) int {
		n, _ := strconv.Atoi(strings.ReplaceAll(s, ".", ""))
		return n
	}
	layout.Columns = slices.DeleteFunc(slices.Clone(layout.Columns), func(c Column) bool { return strings.HasPrefix(c.Key, "band") })
	for _, h := range r.Header() {
		name := strings.ToLower(strings.Join(strings.Fields(h), " "))
		from, to, top := 1, 0, false
		if m := bandUpTo.FindStringSubmatch(name); m != nil {
			to = number(m[1])
		} else if m := bandFrom.FindStringSubmatch(name); m != nil {
			from, to = number(m[1]), number(m[2])
		} else if m := bandOver.FindStringSubmatch(name); m != nil {
			from, top = number(m[1])+1, true
		} else if name == "canone" || name == "canone annuale" || name == "canone annuo" || name == "tutte le scuole" {
			top = true
		} else {
			continue
		}
		want := 1
		if len(bands) > 0 {
			want = bands[len(bands)-1] + 1
		}
		if last || from != want || !top && to < from {
			return layout, nil, nil, rinnova.Fail(rinnova.Invalid, "La colonna «%s» non continua la fascia prima. Le fasce vanno in ordine e senza buchi: «fino a 500», «da 501 a 1000», «oltre 1000».", rinnova.Quoted(h))
		}
		if last = top; !top {
			bands = append(bands, to)
		}
		names = append(names, h)
		layout.Columns = append(layout.Columns, Column{Key: bandKey(len(names)), Name: h, Kind: sheet.Number, Euro: true})
	}
	if !last {
		return layout, nil, nil, rinnova.Fail(rinnova.Invalid, "Mancano le colonne delle fasce, o manca l’ultima: «fino a 500», «da 501 a 1000», «oltre 1000». Senza fasce basta una colonna «canone».")
	}
	return layout, bands, names, nil
}

func bandKey(n int) string { return "band" + strconv.Itoa(n) }

func (p *pricePlanner) row(l *line) {
	p.lines = append(p.lines, l)
	if l.Verdict == Refused {
		return
	}
	name, valid, code := l.text("list"), l.date("valid"), strings.ToUpper(l.text("product"))
	product, known := p.products[code]
	if p.list.Name == "" && l.Verdict != Refused {
		p.list.Name, p.list.ValidFrom = name, valid
	}
	l.Name = code
	switch first, twice := p.seen[code]; {
	case l.Verdict == Refused:
		return
	case len([]rune(name)) > 80:
		l.Refuse(l.name("list"), "Al massimo %d caratteri.", 80)
		return
	case name != p.list.Name || valid != p.list.ValidFrom:
		l.Refuse(l.name("list"), "Un file ha un solo listino, con una sola data: la prima riga dice «%s», dal %s.", p.list.Name, p.list.ValidFrom)
		return
	case twice:
		l.Refuse(l.name("product"), "Il prodotto è già alla riga %d: lasciatene una.", first)
		return
	case code == capsCode:
		p.caps(l)
	case !known:
		l.Refuse(l.name("product"), "Il prodotto %s non è nel catalogo.", rinnova.Quoted(code))
	default:
		if product.Retired {
			l.add(Problem{l.name("product"), false, rinnova.Say("Il prodotto non si vende più.")})
		}
		l.Name = product.Code + " · " + product.Name
		p.fees(l, product)
	}
	p.seen[code] = l.Line
	l.cells = nil
}

func (p *pricePlanner) fees(l *line, product catalog.Product) {
	var fees []rinnova.Cents
	for i, name := range p.columns {
		fee, ok := l.amount(bandKey(i + 1))
		if !ok && l.Verdict != Refused {
			l.Refuse(name, "Manca il canone: se il prodotto è gratuito scrivete 0.")
		}
		fees = append(fees, fee)
	}
	p.list.Fees[product.ID] = fees
}

// caps reads the row of the caps; an empty cell is a band without one.
func (p *pricePlanner) caps(l *line) {
	l.Name = capsCode
	p.hasCaps = true
	for i := range p.columns {
		if v, ok := l.amount(bandKey(i + 1)); ok {
			p.list.Caps[i] = &v
		}
	}
}

func (p *pricePlanner) finish(plan *Plan) {
	at := slices.IndexFunc(p.lists, func(x catalog.PriceList) bool { return x.Name == p.list.Name && x.ValidFrom == p.list.ValidFrom })
	for _, l := range p.lines {
		if l.Verdict != Refused {
			if at >= 0 {
				p.same(l, p.lists[at])
			} else {
				p.fresh(l)
			}
		}
		l.settle(at < 0)
		plan.take(l.Row)
	}
	if at >= 0 || plan.Counts.Refused > 0 {
		return
	}
	if len(p.list.Fees) == 0 {
		plan.Notes = append(plan.Notes, rinnova.Say("Il listino non ha nessun prodotto."))
	}
	var left []string
	for code, x := range p.products {
		if _, priced := p.list.Fees[x.ID]; !priced && !x.Retired {
			left = append(left, code)
		}
	}
	if slices.Sort(left); len(left) > 0 {
		plan.Notes = append(plan.Notes, rinnova.Say("Prodotti del catalogo che non sono in questo listino: %s.", strings.Join(left, ", ")))
	}
	plan.then(func(ctx context.Context) error {
		now := p.service.Clock().UTC()
		p.list.ID, p.list.State, p.by.At = rinnova.NewID(now), catalog.Draft, now
		p.list.Edited, p.list.Authors = p.by, p.authors
		return p.service.Catalog.AddPriceList(ctx, p.list, now)
	})
}

// values are the amounts of a row in a list; nil where the list does not have it.
func (p *pricePlanner) values(l *line, list catalog.PriceList) []*rinnova.Cents {
	if l.Name == capsCode {
		return list.Caps
	}
	code, _, _ := strings.Cut(l.Name, " · ")
	fees := list.Fees[p.products[strings.ToUpper(code)].ID]
	out := make([]*rinnova.Cents, len(fees))
	for i := range fees {
		out[i] = &fees[i]
	}
	return out
}

func (p *pricePlanner) fresh(l *line) {
	for i, v := range p.values(l, p.list) {
		if v != nil {
			l.change(p.columns[i], "", shownAmount(*v))
		}
	}
}

// same refuses what differs from the list that is there.
func (p *pricePlanner) same(l *line, there catalog.PriceList) {
	is := p.values(l, there)
	for i, v := range p.values(l, p.list) {
		var was *rinnova.Cents
		if i < len(is) {
			was = is[i]
		}
		if len(is) != len(p.columns) || !slices.Equal(there.Bands, p.bands) || shownOptional(v, shownAmount) != shownOptional(was, shownAmount) {
			l.Refuse(p.columns[i], "C’è già un listino «%s» dal %s, e lì il valore è «%s». Un listino che c’è non cambia: date a questo un altro nome.",
				there.Name, there.ValidFrom, shownOptional(was, shownAmount))
			return
		}
	}
}

// bandNames are the names of the columns of a list.
func bandNames(b catalog.Bands) []string {
	if !b.Several() {
		return []string{"canone"}
	}
	out := make([]string, b.Count())
	for i := range out {
		out[i] = locale.Italian.Text(b.Name(catalog.Band(i + 1)))
	}
	return out
}
