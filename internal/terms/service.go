package terms

import (
	"context"
	"errors"
	"slices"

	"rinnova"
	"rinnova/internal/event"
)

// Store keeps the versions.
type Store interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
	// Terms reads one version; NotFound where there is none.
	Terms(ctx context.Context, id string) (Terms, error)
	// Versions are all of them: the newest of each kind first.
	Versions(ctx context.Context) ([]Terms, error)
	// Add writes a version; ErrTaken where its kind has a version of that name.
	Add(ctx context.Context, t Terms) error
	// Remove takes a version away that holds only after a day and that no campaign uses; false for any other.
	Remove(ctx context.Context, id string, after rinnova.Date) (bool, error)
}

// ErrTaken is what a store says of the name of a version that is there already.
var ErrTaken = errors.New("this version exists")

// Service publishes versions.
type Service struct {
	Store  Store
	Letter func(Terms) error // whether a letter can be made of a text; an error of kind Invalid says what is wrong with it
	Events event.Recorder
	Clock  rinnova.Clock
}

// May refuses whoever does not publish texts.
func May(actor rinnova.Actor) error {
	if !actor.IsManager() {
		return rinnova.Fail(rinnova.Forbidden, "Le condizioni le pubblicano i responsabili e gli amministratori. Chiedete a uno di loro.")
	}
	return nil
}

// Versions are all versions: the newest of each kind first.
func (s *Service) Versions(ctx context.Context) ([]Terms, error) { return s.Store.Versions(ctx) }

// Terms reads one version; NotFound where there is none.
func (s *Service) Terms(ctx context.Context, id string) (Terms, error) { return s.Store.Terms(ctx, id) }

// Newest is the version of a kind that holds last, whether its day has come or not; the zero Terms where there is none.
func (s *Service) Newest(ctx context.Context, kind Kind) (Terms, error) {
	all, err := s.Store.Versions(ctx)
	if err != nil {
		return Terms{}, err
	}
	return newest(all, kind), nil
}

func newest(all []Terms, kind Kind) Terms {
	if i := slices.IndexFunc(all, func(t Terms) bool { return t.Kind == kind }); i >= 0 {
		return all[i]
	}
	return Terms{}
}

// Before is the version that t took the place of; the zero Terms where t is the first.
func (s *Service) Before(ctx context.Context, t Terms) (Terms, error) {
	all, err := s.Store.Versions(ctx)
	if err != nil {
		return Terms{}, err
	}
	return newest(slices.DeleteFunc(all, func(x Terms) bool { return !x.EffectiveFrom.Before(t.EffectiveFrom) }), t.Kind), nil
}

// Check brings a version into the form in which it is kept, and says what is wrong with it.
func (s *Service) Check(ctx context.Context, t Terms) (Terms, rinnova.Problems, error) {
	t = t.normal()
	problems := t.check(s.Clock.Today())
	if t.Kind == Appointment && len(problems) == 0 {
		var wrong *rinnova.Error
		switch err := s.Letter(t); {
		case errors.As(err, &wrong) && wrong.Kind == rinnova.Invalid:
			problems = append(problems, rinnova.Problem{Field: FieldBody, Text: wrong.Message})
		case err != nil:
			return t, nil, err
		}
	}
	all, err := s.Store.Versions(ctx)
	if err != nil {
		return t, nil, err
	}
	for _, x := range all {
		switch {
		case x.Kind != t.Kind:
		case x.Version == t.Version:
			refuseTaken(&problems, t)
		case x.EffectiveFrom == t.EffectiveFrom:
			problems.Refuse(FieldFrom, "Da quel giorno vale già la versione %s. Scegliete un altro giorno.", x.Version)
		case x.Body == t.Body && x.Title == t.Title:
			problems.Refuse(FieldBody, "Il testo è lo stesso della versione %s: non c’è niente di nuovo da pubblicare.", x.Version)
		}
	}
	return t, problems, nil
}

func refuseTaken(problems *rinnova.Problems, t Terms) {
	problems.Refuse(FieldVersion, "La versione %s c’è già, e non si cambia più. Datele un altro nome.", t.Version)
}

// Publish adds a version. Problems say what is wrong: then nothing was written.
func (s *Service) Publish(ctx context.Context, actor rinnova.Actor, t Terms) (Terms, rinnova.Problems, error) {
	if err := May(actor); err != nil {
		return t, nil, err
	}
	t, problems, err := s.Check(ctx, t)
	if err != nil || len(problems) > 0 {
		return t, problems, err
	}
	t.ID = rinnova.NewID(s.Clock().UTC())
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.Add(ctx, t); err != nil {
			return err
		}
		return s.record(ctx, actor, event.TermsPublished, t)
	})
	if errors.Is(err, ErrTaken) {
		refuseTaken(&problems, t)
		return t, problems, nil
	}
	return t, nil, err
}

// TakeBack removes a version whose day has not come and that no campaign uses; Conflict for any other.
func (s *Service) TakeBack(ctx context.Context, actor rinnova.Actor, id string) error {
	if err := May(actor); err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		t, err := s.Store.Terms(ctx, id)
		if err != nil {
			return err
		}
		removed, err := s.Store.Remove(ctx, id, s.Clock.Today())
		if err != nil {
			return err
		}
		if !removed {
			return rinnova.Fail(rinnova.Conflict, "La versione %s vale già o è di una campagna: non si toglie più. Pubblicate una versione nuova.", t.Version)
		}
		return s.record(ctx, actor, event.TermsTakenBack, t)
	})
}

func (s *Service) record(ctx context.Context, actor rinnova.Actor, kind event.Kind, t Terms) error {
	return s.Events.Record(ctx, event.Event{At: s.Clock().UTC(), Kind: kind, Actor: actor, AboutID: t.ID,
		Data: map[string]string{"testo": t.Title, "versione": t.Version, "dal": t.EffectiveFrom.String(), "sha256": t.SHA256()}})
}
