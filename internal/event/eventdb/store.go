// Package eventdb keeps the audit trail in the database.
package eventdb

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb/query"
)

// Store implements event.Recorder.
type Store struct {
	DB *db.DB
}

// Record writes e in the transaction of ctx; it gives it an id.
func (s Store) Record(ctx context.Context, e event.Event) error {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return err
	}
	err = query.New(s.DB.Writer(ctx)).AddEvent(ctx, query.AddEventParams{
		ID: rinnova.NewID(e.At), At: e.At.UTC(), Kind: string(e.Kind), ActorID: e.Actor.AccountID, ActorName: e.Actor.Username,
		ActorRole: string(e.Actor.Role), SchoolID: e.SchoolID, AboutID: e.AboutID, Data: string(data),
	})
	if err != nil {
		return fmt.Errorf("event %s: %w", e.Kind, err)
	}
	return nil
}

// About reads the newest events that speak of one thing, newest first.
func (s Store) About(ctx context.Context, id string, limit int) ([]event.Event, error) {
	rows, err := query.New(s.DB.Reader(ctx)).EventsAbout(ctx, id, int32(limit))
	if err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	out := make([]event.Event, len(rows))
	for i, r := range rows {
		out[i] = event.Event{ID: r.ID, At: utc(r.At), Kind: event.Kind(r.Kind), SchoolID: r.SchoolID, AboutID: r.AboutID,
			Actor: rinnova.Actor{AccountID: r.ActorID, Username: r.ActorName, Role: rinnova.Role(r.ActorRole)}}
		if err := json.Unmarshal([]byte(r.Data), &out[i].Data); err != nil {
			return nil, fmt.Errorf("event %s: %w", r.ID, err)
		}
	}
	return out, nil
}

func utc(t time.Time) time.Time { return t.UTC() }
