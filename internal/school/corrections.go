package school

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rinnova"
	"rinnova/internal/event"
)

// CorrectionStore keeps corrections, and the schools that they change.
type CorrectionStore interface {
	// InTx runs fn in a transaction that travels in fn's context; an error rolls everything back.
	InTx(ctx context.Context, fn func(context.Context) error) error
	// School reads one school; NotFound where there is none.
	School(ctx context.Context, id string) (School, error)
	// UpdateFrom writes a school where its Version is still the stored one, else ErrStale.
	UpdateFrom(ctx context.Context, s School) error
	// Correction reads one with its items; NotFound where there is none.
	Correction(ctx context.Context, id string) (*Correction, error)
	// ItemsOfSchool reads the items of a school's corrections, the newest corrections first.
	ItemsOfSchool(ctx context.Context, schoolID string, limit int) ([]Item, error)
	// OtherWith is the short name of another school that has this tax code, e-mail or PEC; "" where none has.
	OtherWith(ctx context.Context, schoolID string, f Field, value string) (string, error)
	// KeptOf reads the corrected values of a school, with what the registry last said of them.
	KeptOf(ctx context.Context, schoolID string) (map[Field]string, error)
	// KeepFirst notes what the registry says of a value that is corrected, unless it is noted already.
	KeepFirst(ctx context.Context, schoolID string, f Field, registry string) error
	// Keep notes what the registry says of a corrected value.
	Keep(ctx context.Context, schoolID string, f Field, registry string) error
	// Unkeep gives a value back to the registry.
	Unkeep(ctx context.Context, schoolID string, f Field) error
	Asker
}

// Post writes mails about corrections, in the transaction of ctx.
type Post interface {
	// Decided tells a school what became of a correction, once all of it is decided.
	Decided(ctx context.Context, c *Correction, s School) error
	// AddressChanged tells the old and the new institutional address of a school that the one took the other's place.
	AddressChanged(ctx context.Context, s School, old string) error
}

// Corrections is how data of schools are corrected.
type Corrections struct {
	Store  CorrectionStore
	Events event.Recorder
	Post   Post
	Clock  rinnova.Clock
	// AddressChanged is told, in the same transaction, that a school has another institutional e-mail: whatever secrets were
	// sent to the old one must no longer work. It may be nil.
	AddressChanged func(ctx context.Context, schoolID string) error
}

// Show reads a correction for the office, with the school as it is today.
func (c *Corrections) Show(ctx context.Context, actor rinnova.Actor, id string) (*Correction, School, error) {
	if !actor.IsOffice() {
		return nil, School{}, rinnova.Fail(rinnova.Forbidden, "Solo l’ufficio può farlo.")
	}
	x, err := c.Store.Correction(ctx, id)
	if err != nil {
		return nil, School{}, err
	}
	s, err := c.Store.School(ctx, x.SchoolID)
	return x, s, err
}

// historyLimit bounds how many items of a school are looked at.
const historyLimit = 500

// Standing is a school with the newest word on each of its values.
type Standing struct {
	School School
	Last   map[Field]Item   // the newest item that was not replaced or withdrawn; of the registry's only what was accepted
	Kept   map[Field]string // the values that are ours, with what the registry last said of them
}

// Source is where a value of a school comes from.
type Source string

// The sources.
const (
	NoSource     Source = "" // there is no value
	FromSchool   Source = "school"
	FromMinistry Source = "registry"
	FromOffice   Source = "office"
)

// Source tells where today's value of a field comes from.
func (s Standing) Source(f Field) Source {
	i, known := s.Last[f]
	_, kept := s.Kept[f]
	switch {
	case s.School.Shown(f) == "":
		return NoSource
	case known && i.State == Accepted && i.New == s.School.Shown(f) && !i.Registry:
		return FromSchool
	case f.FromRegistry() && !kept:
		return FromMinistry
	}
	return FromOffice
}

// Open is what waits for the office of one value.
func (s Standing) Open(f Field) (Item, bool) {
	i, found := s.Last[f]
	return i, found && i.State == Open
}

// Offered is the value that the form begins with: what the school has asked for, else what is.
func (s Standing) Offered(f Field) string {
	if i, open := s.Open(f); open {
		return i.New
	}
	return s.School.Shown(f)
}

// Mine reads the data of the school that the actor belongs to.
func (c *Corrections) Mine(ctx context.Context, actor rinnova.Actor) (Standing, error) {
	if actor.Role != rinnova.RoleSchool {
		return Standing{}, rinnova.Fail(rinnova.Forbidden, "Solo la scuola può farlo.")
	}
	return c.standing(ctx, actor.SchoolID)
}

func (c *Corrections) standing(ctx context.Context, schoolID string) (Standing, error) {
	s, err := c.Store.School(ctx, schoolID)
	if err != nil {
		return Standing{}, err
	}
	items, err := c.Store.ItemsOfSchool(ctx, schoolID, historyLimit)
	if err != nil {
		return Standing{}, err
	}
	kept, err := c.Store.KeptOf(ctx, schoolID)
	if err != nil {
		return Standing{}, err
	}
	out := Standing{School: s, Last: map[Field]Item{}, Kept: kept}
	for _, i := range items {
		_, newer := out.Last[i.Field]
		if newer || i.State == Replaced || i.State == Withdrawn || i.Registry && i.State != Accepted {
			continue
		}
		out.Last[i.Field] = i
	}
	return out, nil
}

// Propose asks for what the school's form says differently. A newer correction of a value takes the place of the one that
// waits; a value that is put back to what it is withdraws it. Problems say what is wrong: then nothing was asked.
func (c *Corrections) Propose(ctx context.Context, actor rinnova.Actor, a Asked) (out Outcome, problems rinnova.Problems, err error) {
	err = c.again(ctx, func(ctx context.Context) error {
		out, problems, err = c.propose(ctx, actor, a)
		return err
	})
	return out, problems, err
}

// again runs fn in a transaction, and in another one where somebody else wrote in between.
func (c *Corrections) again(ctx context.Context, fn func(context.Context) error) (err error) {
	for range 5 {
		if err = c.Store.InTx(ctx, fn); !errors.Is(err, ErrStale) {
			break
		}
	}
	return err
}

// others are the schools that have already what a school asks for: a contract, a password link or an invoice would go to them.
func (c *Corrections) others(ctx context.Context, schoolID string, a Asked) (map[Field]string, error) {
	out := map[Field]string{}
	for _, f := range []Field{FieldTaxCode, FieldEmail, FieldPEC} {
		value, problems := Check(f, a.Values[f])
		if value == "" || len(problems.Refused()) > 0 || rinnova.Clean(a.Values[f]) == rinnova.Clean(a.Shown[f]) {
			continue
		}
		other, err := c.Store.OtherWith(ctx, schoolID, f, value)
		if err != nil {
			return nil, err
		}
		out[f] = other
	}
	return out, nil
}

// ofAnother is the doubt about a value that another school has.
func ofAnother(f Field, value, other string) rinnova.Problem {
	text := rinnova.Say("È già l’indirizzo di un’altra scuola, %s: vi arriverebbero contratti e link per la password. Controllatelo.", other)
	if f == FieldTaxCode {
		text = rinnova.Say("È già il codice fiscale di un’altra scuola, %s. Controllatelo.", other)
	}
	return rinnova.Problem{Field: string(f), Warns: true, Code: string(f) + ".other:" + value, Text: text}
}

func (c *Corrections) propose(ctx context.Context, actor rinnova.Actor, a Asked) (Outcome, rinnova.Problems, error) {
	standing, err := c.Mine(ctx, actor)
	if err != nil {
		return Outcome{}, nil, err
	}
	waiting, err := c.Store.OpenItems(ctx, actor.SchoolID)
	if err != nil {
		return Outcome{}, nil, err
	}
	now := c.Clock().UTC()
	x := &Correction{ID: rinnova.NewID(now), SchoolID: actor.SchoolID, By: actor, At: now, Note: strings.TrimSpace(a.Note)}
	others, err := c.others(ctx, actor.SchoolID, a)
	if err != nil {
		return Outcome{}, nil, err
	}
	moves, problems := x.fill(standing, waiting, a, others)
	if len(problems) > 0 {
		return Outcome{}, problems, nil
	}
	out := Outcome{Asked: len(x.Items)}
	for _, m := range moves {
		if m.State == Withdrawn {
			out.Withdrawn++
		} else if m.Registry { // the next import asks the office again
			if err := c.Store.Keep(ctx, x.SchoolID, m.Field, ""); err != nil {
				return out, nil, err
			}
		}
	}
	if err := c.move(ctx, moves, standing.School); err != nil || len(moves)+len(x.Items) == 0 {
		return out, nil, err
	}
	if len(x.Items) > 0 {
		if err := c.Store.AddCorrection(ctx, x); err != nil {
			return out, nil, err
		}
	}
	return out, nil, c.recordAsked(ctx, actor, x, moves)
}

// fill makes the items of what the form says differently, and gives the open items that they move on.
func (x *Correction) fill(s Standing, waiting []Item, a Asked, others map[Field]string) (moves []Item, problems rinnova.Problems) {
	blocked := false
	for _, f := range Correctable {
		typed, sent := a.Values[f]
		if !sent || rinnova.Clean(typed) == rinnova.Clean(a.Shown[f]) {
			continue
		}
		value, found := Check(f, typed)
		i := slices.IndexFunc(waiting, func(w Item) bool { return w.Field == f })
		switch is := s.School.Shown(f); {
		case i >= 0 && !waiting[i].Registry && value == waiting[i].New: // it waits already
		case value == is && (i < 0 || waiting[i].Registry): // it is so already
		case value == is:
			moves = append(moves, waiting[i].moved(Withdrawn, x.By, x.At, ""))
		default:
			if other := others[f]; other != "" {
				found = append(found, ofAnother(f, value, other))
			}
			problems = append(problems, found...)
			blocked = blocked || slices.ContainsFunc(found, func(p rinnova.Problem) bool { return !p.Warns || !slices.Contains(a.Acknowledged, p.Code) })
			x.Items = append(x.Items, Item{CorrectionID: x.ID, Field: f, Old: is, New: value, Warnings: texts(found), State: Open, AskedAt: x.At})
			if i >= 0 {
				moves = append(moves, waiting[i].moved(Replaced, x.By, x.At, ""))
			}
		}
	}
	if n := utf8.RuneCountInString(x.Note); n > MaxNote {
		problems.Refuse(FieldNote, "La nota ha al massimo %d caratteri: qui sono %d.", MaxNote, n)
		blocked = true
	}
	if !blocked {
		return moves, nil
	}
	return moves, problems // with the doubts that were acknowledged, so that they stay so
}

func texts(ps rinnova.Problems) []rinnova.Text {
	var out []rinnova.Text
	for _, p := range ps {
		out = append(out, p.Text)
	}
	return out
}

// move moves open items on; a correction of which nothing waits any more is told of, if the office had decided on a part.
func (c *Corrections) move(ctx context.Context, items []Item, s School) error {
	for _, i := range items {
		mine, err := c.Store.Settle(ctx, i)
		if err != nil {
			return err
		}
		if !mine {
			return ErrStale
		}
	}
	counts := map[string]int{}
	for _, i := range items {
		counts[i.CorrectionID]++
	}
	for _, id := range sortedKeys(counts) {
		if err := c.countDown(ctx, id, counts[id], s); err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys(m map[string]int) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// countDown takes n items off those that wait, and lets the school hear of a correction that is now wholly decided.
func (c *Corrections) countDown(ctx context.Context, id string, n int, s School) error {
	left, err := c.Store.CountDown(ctx, id, n)
	if err != nil || left > 0 {
		return err
	}
	x, err := c.Store.Correction(ctx, id)
	if err != nil {
		return err
	}
	if x.FromRegistry() || !slices.ContainsFunc(x.Items, func(i Item) bool { return i.State.Decided() }) {
		return nil
	}
	return c.Post.Decided(ctx, x, s)
}

func (c *Corrections) recordAsked(ctx context.Context, actor rinnova.Actor, x *Correction, moves []Item) error {
	for _, i := range x.Items {
		if err := c.record(ctx, event.CorrectionAsked, actor, x.SchoolID, i); err != nil {
			return err
		}
	}
	for _, i := range moves {
		if i.State == Withdrawn {
			if err := c.record(ctx, event.CorrectionWithdrawn, actor, x.SchoolID, i); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Corrections) record(ctx context.Context, kind event.Kind, actor rinnova.Actor, schoolID string, i Item) error {
	data := map[string]string{"campo": i.Field.Label().String(), "prima": i.Old, "dopo": i.New}
	if i.Reason != "" {
		data["motivo"] = i.Reason
	}
	return c.Events.Record(ctx, event.Event{At: c.now(), Kind: kind, Actor: actor, SchoolID: schoolID, AboutID: i.CorrectionID, Data: data})
}

func (c *Corrections) now() time.Time { return c.Clock().UTC() }
