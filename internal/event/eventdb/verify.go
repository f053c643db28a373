package eventdb

import (
	"context"
	"fmt"
	"math"

	"rinnova/internal/db"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb/query"
)

// Verify goes over the whole chain while others may add to it, and reports the first link that is wrong. With noted it also
// holds that the chain is the one whose head that was. It tells progress how many of how many links it has seen.
func (s Store) Verify(ctx context.Context, noted *event.Head, progress func(done, of int64)) (event.Report, error) {
	if noted == nil {
		return s.VerifyAgainst(ctx, nil, progress)
	}
	return s.VerifyAgainst(ctx, []event.Head{*noted}, progress)
}

// VerifyAgainst does what Verify does, with many heads, by their places.
func (s Store) VerifyAgainst(ctx context.Context, noted []event.Head, progress func(done, of int64)) (event.Report, error) {
	q := query.New(s.DB.Reader(ctx))
	head, end, err := ends(ctx, q)
	if err != nil {
		return event.Report{}, err
	}
	c := &event.Checker{Head: head, Noted: noted}
	damage, err := s.walk(ctx, q, c, end, progress)
	if err == nil && damage == nil {
		damage, err = s.finish(ctx, q, c, end)
	}
	return event.Report{Head: head, Damage: damage}, err
}

// ends reads the head, and the place up to which there is something to check: the head's, or, where that is missing, the
// last link's.
func ends(ctx context.Context, q *query.Queries) (head event.Head, end int64, err error) {
	h, err := q.ChainHead(ctx)
	if err == nil {
		return event.Head(h), h.Seq, nil
	}
	if !db.IsNone(err) {
		return head, 0, fmt.Errorf("head of the chain: %w", err)
	}
	end, err = last(ctx, q)
	return head, end, err
}

func last(ctx context.Context, q *query.Queries) (int64, error) {
	seq, err := q.LastInChain(ctx)
	if err != nil && !db.IsNone(err) {
		return 0, fmt.Errorf("end of the chain: %w", err)
	}
	return seq, nil
}

func (s Store) walk(ctx context.Context, q *query.Queries, c *event.Checker, end int64, progress func(done, of int64)) (*event.Damage, error) {
	for at, size := int64(math.MinInt64), int32(chainPage); at < end; {
		rows, err := q.ChainAfter(ctx, at, size)
		switch {
		case err != nil && ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil && size > 1:
			size = 1 // a value that is none of its kind: find its row
			continue
		case err != nil:
			return unreadable(ctx, q, at, err)
		}
		for _, r := range rows {
			if r.Seq > end {
				return nil, nil
			}
			if d := c.Next(s.held(r)); d != nil {
				return d, nil
			}
			at = r.Seq
		}
		progress(max(at, 0), end)
		if len(rows) == 0 {
			break
		}
	}
	return nil, nil
}

// unreadable names the row after a place, which cannot be read whole.
func unreadable(ctx context.Context, q *query.Queries, after int64, cause error) (*event.Damage, error) {
	r, err := q.NamesAfter(ctx, after)
	if err != nil {
		return nil, fmt.Errorf("chain of events after n. %d: %w", after, cause)
	}
	return &event.Damage{Fault: event.Unreadable, Seq: r.Seq, Event: &event.Event{ID: r.ID, Kind: event.Kind(r.Kind)}}, nil
}

// finish looks beyond the end. What has been added meanwhile is no damage: then the head has moved on too.
func (s Store) finish(ctx context.Context, q *query.Queries, c *event.Checker, end int64) (*event.Damage, error) {
	furthest, err := last(ctx, q)
	if err != nil {
		return nil, err
	}
	now, _, err := ends(ctx, q)
	if err != nil {
		return nil, err
	}
	if furthest <= now.Seq || furthest <= end {
		return c.End(nil), nil
	}
	rows, err := q.ChainAfter(ctx, now.Seq, 1)
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("chain of events after n. %d: %w", now.Seq, err)
	}
	beyond := s.held(rows[0])
	return c.End(&beyond), nil
}
