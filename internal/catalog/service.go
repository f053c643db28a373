package catalog

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/event"
)

// Store keeps products, price lists and price indices. What it writes to a price list it writes only while the list is a draft.
type Store interface {
	// InTx runs fn in a transaction that travels in fn's context; an error rolls everything back.
	InTx(ctx context.Context, fn func(context.Context) error) error
	// Products reads all products in order.
	Products(ctx context.Context) ([]Product, error)
	// AddProduct writes a product; ErrTaken where its code is another's.
	AddProduct(ctx context.Context, p Product) error
	// UpdateProduct writes a product where its Version is still the stored one, else ErrStale; ErrTaken where its code is another's.
	UpdateProduct(ctx context.Context, p Product) error
	// PriceLists reads all price lists with their fees, the newest first.
	PriceLists(ctx context.Context) ([]PriceList, error)
	// PriceList reads a price list with its fees; NotFound where there is none.
	PriceList(ctx context.Context, id string) (PriceList, error)
	// AddDraft writes a new draft; ErrTaken where its name is another's.
	AddDraft(ctx context.Context, l PriceList, at time.Time) error
	// UpdateDraft writes a draft and who edited it where its Version is still the stored one, else ErrStale; ErrTaken where its
	// name is another's.
	UpdateDraft(ctx context.Context, l PriceList) error
	// Approve closes a draft, with the terms of its products, where its Version is still the stored one and by is none of its authors, else
	// ErrStale.
	Approve(ctx context.Context, l PriceList, by Signature) error
	// DeleteDraft deletes a draft of this version that no campaign uses, else ErrStale.
	DeleteDraft(ctx context.Context, id string, version int64) error
	// Index reads a price index, the oldest month first.
	Index(ctx context.Context, series string) ([]IndexPoint, error)
	// SetIndex writes a price index in a month, over what was there.
	SetIndex(ctx context.Context, series string, p IndexPoint, at time.Time) error
	// IndexLinks reads the coefficients between the bases of a series, the newest base first.
	IndexLinks(ctx context.Context, series string) ([]IndexLink, error)
	// SetIndexLink writes a coefficient, over what was there.
	SetIndexLink(ctx context.Context, series string, l IndexLink, at time.Time) error
}

// What a store answers where it has written nothing.
var (
	ErrTaken = errors.New("the code or name belongs to another")
	ErrStale = errors.New("it is not as it was seen any more")
)

// Service changes the catalog. Managers and administrators do; everybody of the office may look.
type Service struct {
	Store  Store
	Events event.Recorder
	Clock  rinnova.Clock
}

// May refuses whoever does not write price lists.
func May(actor rinnova.Actor) error {
	if !actor.IsManager() {
		return rinnova.Fail(rinnova.Forbidden, "I prodotti e i listini li scrivono i responsabili e gli amministratori. Chiedete a uno di loro.")
	}
	return nil
}

func (s *Service) sign(actor rinnova.Actor) Signature {
	return Signature{By: actor.AccountID, Name: actor.Name, At: s.Clock().UTC()}
}

func (s *Service) record(ctx context.Context, actor rinnova.Actor, k event.Kind, about string, data map[string]string) error {
	return s.Events.Record(ctx, event.Event{At: s.Clock().UTC(), Kind: k, Actor: actor, AboutID: about, Data: data})
}

// Create makes an empty draft. Problems say what is wrong with name, day and bands: then nothing was made.
func (s *Service) Create(ctx context.Context, actor rinnova.Actor, name string, validFrom rinnova.Date, bands Bands) (PriceList, rinnova.Problems, error) {
	l := PriceList{Name: oneLine(name), ValidFrom: validFrom, Bands: bands, Caps: make([]*rinnova.Cents, bands.Count()), Fees: map[string][]rinnova.Cents{}}
	return s.add(ctx, actor, l, event.ListCreated, nil)
}

// add writes a new draft.
func (s *Service) add(ctx context.Context, actor rinnova.Actor, l PriceList, kind event.Kind, data map[string]string) (PriceList, rinnova.Problems, error) {
	if err := May(actor); err != nil {
		return l, nil, err
	}
	if problems := l.check(); len(problems) > 0 {
		return l, problems, nil
	}
	l.State, l.Edited, l.Version = Draft, s.sign(actor), 1
	l.ID, l.Authors = rinnova.NewID(l.Edited.At), []string{actor.AccountID}
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.AddDraft(ctx, l, l.Edited.At); err != nil {
			return err
		}
		return s.record(ctx, actor, kind, l.ID, with(data, "listino", l.Name))
	})
	problems, err := taken(err)
	return l, problems, err
}

// taken makes a problem of a name that is another list's.
func taken(err error) (rinnova.Problems, error) {
	if !errors.Is(err, ErrTaken) {
		return nil, err
	}
	var out rinnova.Problems
	out.Refuse(FieldName, "C’è già un listino con questo nome. Dategliene un altro.")
	return out, nil
}

func with(data map[string]string, key, value string) map[string]string {
	out := map[string]string{key: value}
	for k, v := range data {
		out[k] = v
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Save writes a draft as it was typed, with the version that was looked at. Problems say what is wrong: then nothing was
// written. Conflict where somebody else wrote meanwhile, or the list is approved.
func (s *Service) Save(ctx context.Context, actor rinnova.Actor, l PriceList) (rinnova.Problems, error) {
	if err := May(actor); err != nil {
		return nil, err
	}
	l.Name = oneLine(l.Name)
	if problems := l.check(); len(problems) > 0 {
		return problems, nil
	}
	l.Edited = s.sign(actor)
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		before, err := s.Store.PriceList(ctx, l.ID)
		if err != nil {
			return err
		}
		touched := l.Touched(before.Fees, before.Caps)
		if l.Authors = before.Authors; touched > 0 || !slices.Equal(l.Bands, before.Bands) {
			l.write(actor.AccountID)
		}
		if err := s.Store.UpdateDraft(ctx, l); err != nil {
			return err
		}
		data := map[string]string{"listino": l.Name, "importi": strconv.Itoa(touched)}
		if before.Name != l.Name {
			data["prima"], data["dopo"] = before.Name, l.Name
		}
		return s.record(ctx, actor, event.ListChanged, l.ID, data)
	})
	if errors.Is(err, ErrStale) {
		return nil, s.overtaken(ctx, l.ID)
	}
	return taken(err)
}

// overtaken says why a list could not be written.
func (s *Service) overtaken(ctx context.Context, id string) error {
	now, err := s.Store.PriceList(ctx, id)
	switch {
	case err != nil:
		return err
	case now.State == Approved:
		return rinnova.Fail(rinnova.Conflict, "Il listino è stato approvato da %s e non cambia più. Per altri importi copiatelo in una nuova bozza.", now.Approved.Name)
	}
	return rinnova.Fail(rinnova.Conflict, "Intanto %s ha cambiato il listino. Guardate com’è adesso, poi ripetete quello che serve.", now.Edited.Name)
}

// Approve closes a draft for ever, as it was looked at, with the terms that its products have. Whoever has set any of its amounts since it
// was made cannot approve it.
func (s *Service) Approve(ctx context.Context, actor rinnova.Actor, id string, version int64) error {
	if err := May(actor); err != nil {
		return err
	}
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		l, err := s.Store.PriceList(ctx, id)
		if err != nil {
			return err
		}
		switch {
		case l.State == Draft && l.Version == version && l.WrittenBy(actor.AccountID):
			return rinnova.Fail(rinnova.Conflict, "Ci sono importi scritti da voi: il listino lo approva un’altra persona, responsabile o amministratore, che non ne abbia scritti.")
		case l.State == Draft && len(l.Fees) == 0:
			return rinnova.Fail(rinnova.Conflict, "Il listino è vuoto: mettete almeno un prodotto con i suoi importi.")
		}
		products, err := s.Store.Products(ctx)
		if err != nil {
			return err
		}
		l.Version = version
		l.Freeze(products)
		if err := s.Store.Approve(ctx, l, s.sign(actor)); err != nil {
			return err
		}
		return s.record(ctx, actor, event.ListApproved, id, map[string]string{"listino": l.Name, "prodotti": strconv.Itoa(len(l.Fees))})
	})
	if errors.Is(err, ErrStale) {
		return s.overtaken(ctx, id)
	}
	return err
}

// Delete deletes a draft of this version that no campaign uses.
func (s *Service) Delete(ctx context.Context, actor rinnova.Actor, id string, version int64) error {
	if err := May(actor); err != nil {
		return err
	}
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		l, err := s.Store.PriceList(ctx, id)
		if err != nil {
			return err
		}
		if err := s.Store.DeleteDraft(ctx, id, version); err != nil {
			return err
		}
		return s.record(ctx, actor, event.ListDeleted, id, map[string]string{"listino": l.Name})
	})
	if !errors.Is(err, ErrStale) {
		return err
	}
	if now, e := s.Store.PriceList(ctx, id); e == nil && now.State == Draft && now.Version == version {
		return rinnova.Fail(rinnova.Conflict, "Una campagna usa questo listino: scegliete prima un altro listino per la campagna.")
	}
	return s.overtaken(ctx, id)
}

// Copy is a new list to be made from another.
type Copy struct {
	From      string // id of the list
	Name      string
	ValidFrom rinnova.Date
	Raise     *Raise // nil: as it is. Of an Index only Series, Base, To, Share and Floor are looked at
}

// The fields of a copy, besides those of a list.
const (
	FieldPercent = "percento"
	FieldSeries  = "serie"
	FieldBase    = "mese_base"
	FieldTo      = "mese_fine"
	FieldShare   = "quota"
	FieldFloor   = "minimo"
)

// Copy makes a draft from another list, whatever its state. Products that are not sold any more are left out and given back.
func (s *Service) Copy(ctx context.Context, actor rinnova.Actor, c Copy) (PriceList, []Product, rinnova.Problems, error) {
	if err := May(actor); err != nil {
		return PriceList{}, nil, nil, err
	}
	from, err := s.Store.PriceList(ctx, c.From)
	if err != nil {
		return from, nil, nil, err
	}
	products, err := s.Store.Products(ctx)
	if err != nil {
		return from, nil, nil, err
	}
	l := PriceList{Name: oneLine(c.Name), ValidFrom: c.ValidFrom, Bands: from.Bands, Origin: Origin{List: from.ID, Name: from.Name}}
	problems := l.check()
	if c.Raise != nil {
		raise, wrong, err := s.settle(ctx, *c.Raise)
		if err != nil {
			return from, nil, nil, err
		}
		problems, l.Origin.Raise = append(problems, wrong...), raise
	}
	if len(problems) > 0 {
		return l, nil, problems, nil
	}
	var left []Product
	l.Fees, l.Caps, left = from.Raised(l.Origin.Raise, products)
	if l.tooLarge() {
		problems.Refuse(FieldPercent, "Con questo aumento un importo supera il massimo di %s.", rinnova.MaxCents)
		return l, nil, problems, nil
	}
	data := map[string]string{"origine": from.Name}
	if r := l.Origin.Raise; r != nil {
		data["variazione"] = Signed(r.Percent)
	}
	l, problems, err = s.add(ctx, actor, l, event.ListCopied, data)
	return l, left, problems, err
}

func (l PriceList) tooLarge() bool {
	for _, fees := range l.Fees {
		if slices.Max(fees) > rinnova.MaxCents {
			return true
		}
	}
	return slices.ContainsFunc(l.Caps, func(c *rinnova.Cents) bool { return c != nil && *c > rinnova.MaxCents })
}

// settle looks at a raise, and computes its percentage where it follows an index.
func (s *Service) settle(ctx context.Context, r Raise) (*Raise, rinnova.Problems, error) {
	var problems rinnova.Problems
	if !slices.Contains(Roundings, max(1, r.Rounding)) {
		r.Rounding = 1
	}
	if r.Index == nil {
		if r.Percent < MinRaise || r.Percent > MaxRaise {
			problems.Refuse(FieldPercent, "L’aumento va da %s a %s.", Signed(MinRaise), Signed(MaxRaise))
		}
		return &r, problems, nil
	}
	x := *r.Index
	x.Link = nil
	points, err := s.Store.Index(ctx, x.Series)
	if err != nil {
		return nil, nil, err
	}
	base, to := pointOf(points, x.Base), pointOf(points, x.To)
	for _, f := range []struct {
		field string
		month Month
		point *IndexPoint
	}{{FieldBase, x.Base, base}, {FieldTo, x.To, to}} {
		switch {
		case !f.month.Valid():
			problems.Refuse(f.field, "Scrivete il mese come mese/anno, per esempio 09/2026.")
		case f.point == nil:
			problems.Refuse(f.field, "Di %s non c’è l’indice %s. Importatelo nella pagina degli indici.", f.month.Text(), x.Series)
		}
	}
	if base != nil && to != nil {
		switch {
		case base.Month >= to.Month:
			problems.Refuse(FieldTo, "Il secondo mese viene dopo il primo.")
		case base.Base != to.Base:
			links, err := s.Store.IndexLinks(ctx, x.Series)
			if err != nil {
				return nil, nil, err
			}
			if x.Link = linkOf(links, to.Base, base.Base); x.Link == nil {
				problems.Refuse(FieldTo, "I due mesi hanno basi diverse, %s e %s: scrivete il coefficiente di raccordo nella pagina degli indici, poi tornate qui.", base.Base, to.Base)
			}
		}
		x.BaseMilli, x.ToMilli = base.Milli, to.Milli
	}
	if x.Share < 1 || x.Share > 10_000 {
		problems.Refuse(FieldShare, "La quota è maggiore di 0 e arriva al 100%.")
	}
	if x.Floor < MinRaise || x.Floor > MaxRaise {
		problems.Refuse(FieldFloor, "Il minimo va da %s a %s.", Signed(MinRaise), Signed(MaxRaise))
	}
	if len(problems) == 0 {
		if r.Percent = x.Percent(); r.Percent < MinRaise || r.Percent > MaxRaise {
			problems.Refuse(FieldTo, "La variazione fra i due mesi darebbe %s: controllate gli indici.", Signed(r.Percent))
		}
	}
	r.Index = &x
	return &r, problems, nil
}

func pointOf(points []IndexPoint, m Month) *IndexPoint {
	i := slices.IndexFunc(points, func(p IndexPoint) bool { return p.Month == m })
	if i < 0 {
		return nil
	}
	return &points[i]
}

// Lists reads all price lists, the newest first.
func (s *Service) Lists(ctx context.Context) ([]PriceList, error) { return s.Store.PriceLists(ctx) }

// List reads a price list; NotFound where there is none.
func (s *Service) List(ctx context.Context, id string) (PriceList, error) {
	return s.Store.PriceList(ctx, id)
}

// Before is the list that l is compared with where nobody says another: the one that it was copied from, else the newest
// approved one of those that are valid from an earlier day. False where there is none.
func (s *Service) Before(ctx context.Context, l PriceList) (PriceList, bool, error) {
	all, err := s.Store.PriceLists(ctx)
	if err != nil {
		return PriceList{}, false, err
	}
	i := slices.IndexFunc(all, func(x PriceList) bool { return l.Origin.List != "" && x.ID == l.Origin.List })
	if i < 0 {
		i = slices.IndexFunc(all, func(x PriceList) bool {
			return x.ID != l.ID && x.State == Approved && x.ValidFrom.Before(l.ValidFrom) && slices.Equal(x.Bands, l.Bands)
		})
	}
	if i < 0 {
		return PriceList{}, false, nil
	}
	return all[i], true, nil
}
