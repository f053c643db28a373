package eventdb

import (
	"context"
	"crypto/hmac"
	"fmt"
	"math"

	"rinnova/internal/db"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb/query"
)

func (s Store) mac(hash string) string {
	if len(s.Key) == 0 {
		return ""
	}
	return event.MAC(s.Key, hash)
}

// held is a link that something is held against: whether it carries our code is known. Lists do not ask.
func (s Store) held(r query.Event) event.Link {
	l := link(r)
	l.Foreign = len(s.Key) > 0 && !hmac.Equal([]byte(r.Mac), []byte(event.MAC(s.Key, r.Hash)))
	return l
}

// Uncoded is the place of the first event without a code; 0 where all have one.
func (s Store) Uncoded(ctx context.Context) (int64, error) {
	seq, err := query.New(s.DB.Reader(ctx)).FirstUncoded(ctx)
	if db.IsNone(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("codes of events: %w", err)
	}
	return seq, nil
}

// Coded tells whether any event has a code.
func (s Store) Coded(ctx context.Context) (bool, error) {
	_, err := query.New(s.DB.Reader(ctx)).FirstCoded(ctx)
	if db.IsNone(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("codes of events: %w", err)
	}
	return true, nil
}

// Encode gives all events that do not carry it the code of this installation's key, and tells of how many. What is not what was hashed
// gets none: it stays broken, to be found.
func (s Store) Encode(ctx context.Context) (n int, err error) {
	for at := int64(math.MinInt64); ; {
		last, coded, err := s.encode(ctx, at)
		if n += coded; err != nil || last == at {
			return n, err
		}
		at = last
	}
}

// encode goes over a page of events after a place.
func (s Store) encode(ctx context.Context, after int64) (last int64, n int, err error) {
	err = s.DB.InTx(ctx, func(ctx context.Context) error {
		last, n = after, 0
		q := query.New(s.DB.Writer(ctx))
		rows, err := q.ChainAfter(ctx, after, chainPage)
		for _, r := range rows {
			last = r.Seq
			if l := s.held(r); !l.Foreign || l.Digest() != l.Hash {
				continue
			}
			if err := q.SetMAC(ctx, s.mac(r.Hash), r.Seq); err != nil {
				return err
			}
			n++
		}
		return err
	})
	if err != nil {
		err = fmt.Errorf("codes of events: %w", err)
	}
	return last, n, err
}
