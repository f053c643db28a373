package eventdb

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb/query"
)

var _ event.Records = Store{}

// maxExamined bounds how many events one page looks at where no index answers the whole filter (a person's events of one
// group).
const maxExamined = 5000

// lastID is beyond all ids.
const lastID = "ffffffff-ffff-ffff-ffff-ffffffffffff"

// firstID is before all ids of an instant and later ones: ids begin with their time.
func firstID(t time.Time) string {
	if t.UnixMilli() <= 0 {
		return "" // ids count from 1970
	}
	return rinnova.NewID(t)[:14] + "7000-8000-000000000000"
}

// Page reads what the filter chooses, the newest first.
func (s Store) Page(ctx context.Context, f event.Filter) (event.Page, error) {
	q := query.New(s.DB.Reader(ctx))
	from, before := bounds(f)
	size := f.Limit + 1
	if f.Narrowed() {
		size = max(size, 500)
	}
	var out event.Page
	for seen := 0; seen < maxExamined; seen += size {
		rows, err := read(ctx, q, f, from, before, int32(size))
		if err != nil {
			return event.Page{}, fmt.Errorf("events: %w", err)
		}
		for _, r := range rows {
			l := link(r)
			if before = l.ID; !f.Holds(l.Event) {
				continue
			}
			if len(out.Links) == f.Limit {
				out.Older = out.Links[f.Limit-1].ID
				return out, nil
			}
			if err := json.Unmarshal([]byte(l.Raw), &l.Data); err != nil {
				return event.Page{}, fmt.Errorf("event %s: %w", l.ID, err)
			}
			out.Links = append(out.Links, l)
		}
		if len(rows) < size {
			return out, nil
		}
	}
	out.Older = before
	return out, nil
}

// bounds are the ids between which the days and the place of the filter lie: from is included, before is not.
func bounds(f event.Filter) (from, before string) {
	before = lastID
	if !f.From.IsZero() {
		from = firstID(f.From.AddDays(-1).EndOfDay())
	}
	if !f.To.IsZero() {
		before = firstID(f.To.EndOfDay())
	}
	if f.Before != "" {
		before = min(before, f.Before)
	}
	return from, before
}

// read takes n events in the order of the index that chooses best.
func read(ctx context.Context, q *query.Queries, f event.Filter, from, before string, n int32) ([]query.Event, error) {
	switch {
	case f.SchoolID != "":
		return q.EventsOfSchool(ctx, query.EventsOfSchoolParams{SchoolID: f.SchoolID, ID: from, ID_2: before, Limit: n})
	case f.Username != "":
		return q.EventsOfActor(ctx, query.EventsOfActorParams{ActorName: f.Username, ID: from, ID_2: before, Limit: n})
	case f.Group != "":
		return ofGroup(ctx, q, f.Group, query.EventsOfKindParams{ID: from, ID_2: before, Limit: n})
	}
	return q.Events(ctx, from, before, n)
}

// ofGroup merges the kinds of a group, each in the order of its index.
func ofGroup(ctx context.Context, q *query.Queries, g event.Group, p query.EventsOfKindParams) ([]query.Event, error) {
	var all []query.Event
	for _, k := range g.Kinds() {
		p.Kind = string(k)
		rows, err := q.EventsOfKind(ctx, p)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	slices.SortFunc(all, func(a, b query.Event) int { return cmp.Compare(b.ID, a.ID) })
	return all[:min(len(all), int(p.Limit))], nil
}
