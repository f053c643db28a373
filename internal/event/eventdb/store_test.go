package eventdb_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb"
)

func TestAnEventIsWrittenWithItsChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := eventdb.Store{DB: d}
		at := time.Date(2026, 11, 20, 9, 51, 7, 123456000, time.UTC)
		actor := rinnova.Actor{AccountID: "a", Username: "OPERATORE.UNO", Role: rinnova.RoleClerk}
		var want []event.Event
		for i, kind := range []event.Kind{event.BandChosen, event.Confirmed, event.Processed} {
			e := event.Event{At: at.Add(time.Duration(i) * time.Second), Kind: kind, Actor: actor, SchoolID: "s", AboutID: "r"}
			if kind == event.Confirmed {
				e.Data = map[string]string{"totale": "3135.40", "nota": "«è così» \\ \"'"}
			}
			if err := s.Record(t.Context(), e); err != nil {
				t.Fatal(err)
			}
			want = append([]event.Event{e}, want...) // the newest first
		}
		stop := errors.New("stop")
		err := d.InTx(t.Context(), func(ctx context.Context) error {
			if err := s.Record(ctx, event.Event{At: at, Kind: event.Confirmed, AboutID: "r"}); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		if err := s.Record(t.Context(), event.Event{At: at, Kind: event.Confirmed, AboutID: "other"}); err != nil {
			t.Fatal(err)
		}
		got, err := s.About(t.Context(), "r", 10)
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for i := range got {
			ids[got[i].ID] = rinnova.IsID(got[i].ID)
			got[i].ID = ""
		}
		if !reflect.DeepEqual(got, want) || len(ids) != 3 {
			t.Errorf("read\n%+v, want\n%+v", got, want)
		}
		if last, err := s.About(t.Context(), "r", 1); err != nil || len(last) != 1 || last[0].Kind != event.Processed {
			t.Errorf("%v, %v", last, err)
		}
	})
}
