package exchange

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/subscription"
)

// maxBand is more bands than any vendor has, maxContacts more contacts than any product includes.
const (
	maxBand     = 20
	maxContacts = 100_000
)

// holding is the periods of one product that a school has.
type holding struct{ school, product string }

// period is a period as it will be: one that is there, changed or not, or one of the file.
type period struct {
	subscription.Subscription
	line int // of the file; 0: it is there
}

// subscriptionPlanner plans what schools have. School, product and first day tell which period a row speaks of.
type subscriptionPlanner struct {
	service  *Service
	dir      *directory
	products map[string]catalog.Product // by code, in capitals
	has      map[holding][]*period
	seen     map[string]int
	lines    []*line
	asked    []*subscription.Subscription // of each line; nil: it was refused at once
}

func (p *subscriptionPlanner) row(l *line) {
	x := p.read(l)
	l.cells = nil
	if l.Verdict == Refused {
		x = nil
	}
	p.lines, p.asked = append(p.lines, l), append(p.asked, x)
}

// read makes of a row what the school would have: where it speaks of a period that is there, that one with what is new.
func (p *subscriptionPlanner) read(l *line) *subscription.Subscription {
	if l.Verdict == Refused {
		return nil
	}
	at, ministry, portal := p.dir.of(l)
	code := strings.ToUpper(l.text("product"))
	product, known := p.products[code]
	from, to := l.date("from"), l.date("to")
	switch {
	case l.Verdict == Refused:
		return nil
	case at < 0:
		l.Refuse("", "Nessuna scuola ha il codice %s.", rinnova.Quoted(ministry+portal))
		return nil
	case !known:
		l.Refuse(l.name("product"), "Il prodotto %s non è nel catalogo.", rinnova.Quoted(code))
		return nil
	case to.Before(from):
		l.Refuse(l.name("to"), "Il periodo finisce (%s) prima di cominciare (%s).", to, from)
		return nil
	}
	s := p.dir.all[at]
	l.Name = titled(s) + " · " + product.Code + " · " + locale.Date(from)
	key := s.ID + product.ID + from.String()
	if first, twice := p.seen[key]; twice {
		l.Refuse("", "Lo stesso periodo dello stesso prodotto è già alla riga %d: lasciatene una.", first)
		return nil
	}
	p.seen[key] = l.Line
	x := subscription.Subscription{SchoolID: s.ID, ProductID: product.ID, License: product.License, Period: rinnova.Period{From: from, To: to}}
	if old := p.there(x); old != nil {
		x = old.Subscription
		if x.Period.To != to {
			l.change(l.name("to"), locale.Date(x.Period.To), locale.Date(to))
			x.Period.To = to
		}
	} else {
		l.change(l.name("to"), "", locale.Date(to))
	}
	p.details(l, &x)
	return &x
}

func (p *subscriptionPlanner) there(x subscription.Subscription) *period {
	all := p.has[holding{x.SchoolID, x.ProductID}]
	i := slices.IndexFunc(all, func(y *period) bool { return y.line == 0 && y.Period.From == x.Period.From })
	if i < 0 {
		return nil
	}
	return all[i]
}

// details takes over what else a row says.
func (p *subscriptionPlanner) details(l *line, x *subscription.Subscription) {
	switch v := catalog.License(strings.ToUpper(l.text("license"))); {
	case v == "" || v == x.License:
	case v == catalog.FixedTerm || v == catalog.Perpetual:
		l.change(l.name("license"), string(x.License), string(v))
		x.License = v
	default:
		l.Refuse(l.name("license"), "«%s» non è un tipo di licenza: TD o TI.", rinnova.Quoted(string(v)))
	}
	if n, ok := l.whole("band", maxBand); ok && catalog.Band(n) != x.Band {
		l.change(l.name("band"), shownBand(x.Band), strconv.Itoa(n))
		x.Band = catalog.Band(n)
	}
	if l.cleared("fee") {
		if x.Fee != nil {
			l.change(l.name("fee"), shownAmount(*x.Fee), "")
			x.Fee = nil
		}
	} else if fee, ok := l.amount("fee"); ok && (x.Fee == nil || *x.Fee != fee) {
		l.change(l.name("fee"), shownOptional(x.Fee, shownAmount), shownAmount(fee))
		x.Fee = &fee
	}
	if l.cleared("used") {
		if x.Used != nil {
			l.change(l.name("used"), strconv.Itoa(*x.Used), "")
			x.Used = nil
		}
	} else if n, ok := l.whole("used", maxContacts); ok && (x.Used == nil || *x.Used != n) {
		l.change(l.name("used"), shownOptional(x.Used, strconv.Itoa), strconv.Itoa(n))
		x.Used = &n
	}
	l.words("ended", &x.Ended)
	l.words("contract", &x.Contract)
}

// words takes over a text that a dash takes away.
func (l *line) words(key string, to *string) {
	if l.cleared(key) {
		if *to != "" {
			l.change(l.name(key), *to, "")
			*to = ""
		}
		return
	}
	l.plain(key, to)
}

func shownBand(b catalog.Band) string {
	if b == 0 {
		return ""
	}
	return strconv.Itoa(int(b))
}

// finish changes the periods that are there before it looks for overlaps: a file may shorten one to make room for another,
// in whatever order.
func (p *subscriptionPlanner) finish(plan *Plan) {
	olds := make([]*subscription.Subscription, len(p.lines))
	for i, x := range p.asked {
		if x == nil || x.ID == "" {
			continue
		}
		old := p.there(*x)
		was := old.Subscription
		olds[i], old.Subscription = &was, *x
	}
	for i, x := range p.asked {
		if x == nil {
			continue
		}
		l, key := p.lines[i], holding{x.SchoolID, x.ProductID}
		if other := p.overlapping(key, *x); other != nil {
			p.refuse(l, *x, other)
			if olds[i] != nil {
				p.there(*x).Subscription = *olds[i]
			}
		} else if x.ID == "" {
			p.has[key] = append(p.has[key], &period{*x, l.Line})
		}
	}
	for i, l := range p.lines {
		x := p.asked[i]
		l.settle(x != nil && x.ID == "")
		plan.take(l.Row)
		switch l.Verdict {
		case Added:
			plan.then(func(ctx context.Context) error { return p.add(ctx, *x) })
		case Changed:
			plan.then(func(ctx context.Context) error { return p.update(ctx, *x) })
		}
	}
}

// overlapping is another period that has a day in common with x.
func (p *subscriptionPlanner) overlapping(key holding, x subscription.Subscription) *period {
	for _, y := range p.has[key] {
		if (y.ID != x.ID || x.ID == "") && x.Period.Overlaps(y.Period) {
			return y
		}
	}
	return nil
}

func (p *subscriptionPlanner) refuse(l *line, x subscription.Subscription, other *period) {
	if other.line > 0 {
		l.Refuse("", "Il periodo %s – %s si sovrappone a quello della riga %d: %s – %s.", x.Period.From, x.Period.To, other.line, other.Period.From, other.Period.To)
		return
	}
	l.Refuse("", "Il periodo %s – %s si sovrappone a uno che la scuola ha già: %s – %s.", x.Period.From, x.Period.To, other.Period.From, other.Period.To)
}

func (p *subscriptionPlanner) add(ctx context.Context, x subscription.Subscription) error {
	now := p.service.Clock().UTC()
	x.ID, x.CreatedAt, x.UpdatedAt = rinnova.NewID(now), now, now
	return p.service.Subscriptions.Add(ctx, x)
}

func (p *subscriptionPlanner) update(ctx context.Context, x subscription.Subscription) error {
	x.UpdatedAt = p.service.Clock().UTC()
	return p.service.Subscriptions.Update(ctx, x)
}
