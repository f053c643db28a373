// Package eventdb keeps the audit trail in the database, as a chain.
package eventdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb/query"
)

// Store implements event.Recorder.
type Store struct {
	DB  *db.DB
	Key []byte // makes the codes of events; nil: they carry none
}

var _ event.Recorder = Store{}

// waiting are the events of a transaction, until its end.
type waiting struct{ events []event.Event }

// Record writes e in the transaction of ctx, or in one of its own. It waits for the end of the transaction, because all
// transactions meet at the head of the chain: nobody reads an event in the transaction that records it.
func (s Store) Record(ctx context.Context, e event.Event) error {
	return s.DB.InTx(ctx, func(ctx context.Context) error {
		w := db.Local[waiting](ctx, s.DB)
		w.events = append(w.events, e)
		if len(w.events) > 1 {
			return nil
		}
		return s.DB.BeforeCommit(ctx, func(ctx context.Context) error {
			all := w.events
			w.events = nil
			return s.chain(ctx, all)
		})
	})
}

// chain puts events at the end of the chain.
func (s Store) chain(ctx context.Context, events []event.Event) error {
	q := query.New(s.DB.Writer(ctx))
	head, err := q.NextInChain(ctx, int64(len(events)))
	if err != nil {
		return fmt.Errorf("chain of events: %w", err)
	}
	before := event.Head{Seq: head.Seq - int64(len(events)), Hash: head.Hash}
	if before.Seq > 0 && before.Hash == "" {
		return errors.New("chain of events: it has no hashes yet")
	}
	for _, e := range events {
		l, err := follow(before, e)
		if err != nil {
			return fmt.Errorf("event %s: %w", e.Kind, err)
		}
		if err := q.AddEvent(ctx, s.row(l)); err != nil {
			return fmt.Errorf("event %s: %w", e.Kind, err)
		}
		before = event.Head{Seq: l.Seq, Hash: l.Hash}
	}
	return q.EndChain(ctx, before.Hash)
}

// follow makes e the link after before, with an id.
func follow(before event.Head, e event.Event) (event.Link, error) {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return event.Link{}, err
	}
	seq := before.Seq + 1
	e.ID, e.At = idAt(e.At, seq), e.At.UTC().Truncate(time.Microsecond) // what both databases keep
	l := event.Link{Seq: seq, Event: e, Raw: string(data), Prev: before.Hash}
	l.Hash = l.Digest()
	return l, nil
}

// idAt is the id of the event at a place of the chain. Lists are in the order of ids, and people read seconds: an id is its second and
// then its place, so that what two transactions did in one second stands as it is numbered. It is a UUID of version 7 all the same.
func idAt(at time.Time, seq int64) string {
	return rinnova.NewID(at.Truncate(time.Second))[:14] + fmt.Sprintf("7000-8000-%012x", seq)
}

func (s Store) row(l event.Link) query.AddEventParams {
	return query.AddEventParams{
		Seq: l.Seq, ID: l.ID, At: l.At, Kind: string(l.Kind), ActorID: l.Actor.AccountID, ActorName: l.Actor.Username,
		ActorRole: string(l.Actor.Role), SchoolID: l.SchoolID, AboutID: l.AboutID, Data: l.Raw, Prev: l.Prev, Hash: l.Hash, Mac: s.mac(l.Hash),
	}
}

func link(r query.Event) event.Link {
	return event.Link{Seq: r.Seq, Raw: r.Data, Prev: r.Prev, Hash: r.Hash, Event: event.Event{
		ID: r.ID, At: r.At.UTC(), Kind: event.Kind(r.Kind), SchoolID: r.SchoolID, AboutID: r.AboutID,
		Actor: rinnova.Actor{AccountID: r.ActorID, Username: r.ActorName, Role: rinnova.Role(r.ActorRole)},
	}}
}

// chainPage is how many links are in memory at once.
const chainPage = 1000

// ChainOld hashes the events that were recorded before there was a chain, in the order that the migration gave them. It
// does nothing where that has been done, and never where any has a hash: what is broken stays broken, to be found.
func (s Store) ChainOld(ctx context.Context) error {
	return s.DB.InTx(ctx, func(ctx context.Context) error {
		q := query.New(s.DB.Writer(ctx))
		if _, err := q.LockUnhashedChain(ctx); err != nil {
			if db.IsNone(err) {
				return nil
			}
			return fmt.Errorf("chain of events: %w", err)
		}
		var at event.Head
		for {
			rows, err := q.ChainAfter(ctx, at.Seq, chainPage)
			if err != nil {
				return fmt.Errorf("chain of events: %w", err)
			}
			for _, r := range rows {
				l := link(r)
				l.Prev = at.Hash
				at = event.Head{Seq: l.Seq, Hash: l.Digest()}
				if err := q.SetHash(ctx, l.Prev, at.Hash, l.Seq); err != nil {
					return fmt.Errorf("chain of events: %w", err)
				}
			}
			if len(rows) < chainPage {
				return q.EndChain(ctx, at.Hash)
			}
		}
	})
}

// Head is the end of the chain; zero where there is none yet.
func (s Store) Head(ctx context.Context) (event.Head, error) {
	h, err := query.New(s.DB.Reader(ctx)).ChainHead(ctx)
	if db.IsNone(err) {
		return event.Head{}, nil
	}
	if err != nil {
		return event.Head{}, fmt.Errorf("head of the chain: %w", err)
	}
	return event.Head(h), nil
}

// HashAt is the hash of the event at a place; "" where there is none.
func (s Store) HashAt(ctx context.Context, seq int64) (string, error) {
	hash, err := query.New(s.DB.Reader(ctx)).HashAt(ctx, seq)
	if db.IsNone(err) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("chain of events: %w", err)
	}
	return hash, nil
}

// About reads the newest events that speak of one thing, newest first.
func (s Store) About(ctx context.Context, id string, limit int) ([]event.Event, error) {
	rows, err := query.New(s.DB.Reader(ctx)).EventsAbout(ctx, id, int32(limit))
	if err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	return decoded(rows)
}

// Of reads the events of a kind about one thing as they are chained, the oldest first. Data that does not read as data is left out:
// its link no longer has its hash.
func (s Store) Of(ctx context.Context, aboutID string, kind event.Kind) ([]event.Link, error) {
	rows, err := query.New(s.DB.Reader(ctx)).EventsAboutOfKind(ctx, aboutID, string(kind))
	return s.links(rows, err)
}

// Before reads the events of a kind that are older than one, the newest first.
func (s Store) Before(ctx context.Context, kind event.Kind, id string, limit int) ([]event.Link, error) {
	if id == "" {
		id = lastID
	}
	rows, err := query.New(s.DB.Reader(ctx)).EventsOfKind(ctx, query.EventsOfKindParams{Kind: string(kind), ID_2: id, Limit: int32(limit)})
	return s.links(rows, err)
}

// links are rows with what they say; data that cannot be read say nothing.
func (s Store) links(rows []query.Event, err error) ([]event.Link, error) {
	if err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	out := make([]event.Link, len(rows))
	for i, r := range rows {
		out[i] = s.held(r)
		if json.Unmarshal([]byte(r.Data), &out[i].Data) != nil {
			out[i].Data = nil
		}
	}
	return out, nil
}

func decoded(rows []query.Event) ([]event.Event, error) {
	out := make([]event.Event, len(rows))
	for i, r := range rows {
		out[i] = link(r).Event
		if err := json.Unmarshal([]byte(r.Data), &out[i].Data); err != nil {
			return nil, fmt.Errorf("event %s: %w", r.ID, err)
		}
	}
	return out, nil
}
