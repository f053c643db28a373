package subscription

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/event"
)

// The names of the values in forms.
const (
	FieldProduct = "product"
	FieldFrom    = "from"
	FieldTo      = "to"
	FieldBand    = "band"
	FieldFee     = "fee"
	FieldUsed    = "used"
	FieldEnded   = "ended"
)

// mostYears is how long a period can be: longer ones are slips of the pen.
const mostYears = 15

// MaxEnded bounds the reason why a product is not to be renewed, in characters.
const MaxEnded = 200

// Desk is how managers change what schools have, by hand.
type Desk struct {
	Service  *Service
	Events   event.Recorder
	Products func(ctx context.Context) ([]catalog.Product, error)
}

// One reads one of the products that a school has; NotFound where it has none with the id.
func (d *Desk) One(ctx context.Context, schoolID, id string) (Subscription, error) {
	has, err := d.Service.Store.OfSchool(ctx, schoolID)
	if err != nil {
		return Subscription{}, err
	}
	if i := slices.IndexFunc(has, func(x Subscription) bool { return x.ID == id }); i >= 0 {
		return has[i], nil
	}
	return Subscription{}, gone()
}

func gone() error { return rinnova.Fail(rinnova.NotFound, "La scuola non ha più questo prodotto.") }

// Save adds a product to what a school has, or writes one anew where x.ID says which; x.UpdatedAt is then that of the one that
// was shown. Of what a contract sold only the contacts used and the reason of its end can change. Problems say what is wrong:
// then nothing was written.
func (d *Desk) Save(ctx context.Context, actor rinnova.Actor, x Subscription) (problems rinnova.Problems, err error) {
	if !actor.IsManager() {
		return nil, forbidden()
	}
	x.Ended = strings.TrimSpace(x.Ended)
	err = d.Service.Store.InTx(ctx, func(ctx context.Context) error {
		has, err := d.Service.Store.OfSchool(ctx, x.SchoolID)
		if err != nil {
			return err
		}
		products, err := d.Products(ctx)
		if err != nil {
			return err
		}
		kind, old := event.SubscriptionAdded, Subscription{}
		if x.ID != "" {
			kind = event.SubscriptionChanged
			if old, err = shown(has, x); err != nil {
				return err
			}
			x = old.with(x)
		}
		product, found := check(x, products, has)
		if problems = found; len(problems) > 0 || x == old {
			return nil
		}
		if kind == event.SubscriptionAdded || x.ProductID != old.ProductID {
			x.License = product.License
		}
		if err := d.put(ctx, x); err != nil {
			return err
		}
		return d.record(ctx, kind, actor, x, product.Name)
	})
	return problems, err
}

func forbidden() error {
	return rinnova.Fail(rinnova.Forbidden, "Possono farlo solo i responsabili e gli amministratori.")
}

// shown finds the one that a form showed; Conflict where somebody has written it since.
func shown(has []Subscription, x Subscription) (Subscription, error) {
	i := slices.IndexFunc(has, func(y Subscription) bool { return y.ID == x.ID })
	if i < 0 {
		return Subscription{}, gone()
	}
	if !has[i].UpdatedAt.Equal(x.UpdatedAt) {
		return Subscription{}, rinnova.Fail(rinnova.Conflict, "Nel frattempo qualcun altro ha cambiato questo prodotto. Ricaricate la pagina e riprovate.")
	}
	return has[i], nil
}

// with is the subscription with what a form may change of it.
func (s Subscription) with(x Subscription) Subscription {
	out := s
	if !equal(s.Used, x.Used) {
		out.Used = x.Used
	}
	out.Ended = x.Ended
	if s.Contract != "" {
		return out
	}
	if !equal(s.Fee, x.Fee) {
		out.Fee = x.Fee
	}
	out.ProductID, out.Period, out.Band = x.ProductID, x.Period, x.Band
	return out
}

func equal[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

func check(x Subscription, products []catalog.Product, has []Subscription) (p catalog.Product, problems rinnova.Problems) {
	i := slices.IndexFunc(products, func(p catalog.Product) bool { return p.ID == x.ProductID })
	if i < 0 {
		problems.Refuse(FieldProduct, "Scegliete il prodotto.")
	} else {
		p = products[i]
	}
	if !x.Period.Valid() {
		problems.Refuse(FieldTo, "Il periodo finisce prima di cominciare: controllate le due date.")
		return p, problems
	}
	if x.Period.From.Year < 1990 || x.Period.To.After(x.Period.From.AddMonths(12*mostYears)) {
		problems.Refuse(FieldTo, "Un periodo va dal 1990 in poi e dura al massimo %d anni: controllate le due date.", mostYears)
	}
	for _, y := range has {
		if y.ID != x.ID && y.ProductID == x.ProductID && x.Period.Overlaps(y.Period) {
			problems.Refuse(FieldFrom, "La scuola ha già questo prodotto dal %s al %s: i periodi non si possono sovrapporre.", y.Period.From, y.Period.To)
		}
	}
	if x.Fee != nil && (*x.Fee < 0 || *x.Fee > rinnova.MaxCents) {
		problems.Refuse(FieldFee, "Il canone è troppo grande.")
	}
	if n := utf8.RuneCountInString(x.Ended); n > MaxEnded {
		problems.Refuse(FieldEnded, "Il motivo ha al massimo %d caratteri: qui sono %d.", MaxEnded, n)
	}
	return p, problems
}

// put writes x, a new one where it has no id.
func (d *Desk) put(ctx context.Context, x Subscription) error {
	now := d.now()
	if x.ID == "" {
		x.ID, x.CreatedAt, x.UpdatedAt = rinnova.NewID(now), now, now
		return d.Service.Store.Add(ctx, x)
	}
	x.UpdatedAt = now
	return d.Service.Store.Update(ctx, x)
}

func (d *Desk) now() time.Time { return d.Service.Clock().UTC().Truncate(time.Microsecond) } // as the databases keep it: a form names it

// Remove takes away what a school never had. What a contract sold stays.
func (d *Desk) Remove(ctx context.Context, actor rinnova.Actor, x Subscription) error {
	if !actor.IsManager() {
		return forbidden()
	}
	return d.Service.Store.InTx(ctx, func(ctx context.Context) error {
		has, err := d.Service.Store.OfSchool(ctx, x.SchoolID)
		if err != nil {
			return err
		}
		old, err := shown(has, x)
		if err != nil {
			return err
		}
		if old.Contract != "" {
			return rinnova.Fail(rinnova.Conflict, "Lo ha venduto il contratto n. %s, e non si può cancellare. Se non va rinnovato, scrivete il motivo.", old.Contract)
		}
		products, err := d.Products(ctx)
		if err != nil {
			return err
		}
		name := old.ProductID
		if i := slices.IndexFunc(products, func(p catalog.Product) bool { return p.ID == old.ProductID }); i >= 0 {
			name = products[i].Name
		}
		if err := d.Service.Store.Delete(ctx, old.ID); err != nil {
			return err
		}
		return d.record(ctx, event.SubscriptionRemoved, actor, old, name)
	})
}

func (d *Desk) record(ctx context.Context, kind event.Kind, actor rinnova.Actor, x Subscription, product string) error {
	data := map[string]string{"prodotto": product, "periodo": x.Period.From.String() + " – " + x.Period.To.String()}
	if x.Ended != "" {
		data["motivo"] = x.Ended
	}
	return d.Events.Record(ctx, event.Event{At: d.now(), Kind: kind, Actor: actor, SchoolID: x.SchoolID, AboutID: x.SchoolID, Data: data})
}
