package eventdb_test

import (
	"testing"

	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb"
)

// What is written with another key, or with none, is whole as a chain and all the same not ours.
func TestEventsCarryTheCodeOfTheKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		ours, theirs, none := eventdb.Store{DB: d, Key: []byte("ours")}, eventdb.Store{DB: d, Key: []byte("theirs")}, eventdb.Store{DB: d}
		fill(t, none, 2)
		if seq, err := ours.Uncoded(ctx); err != nil || seq != 1 {
			t.Errorf("the first without a code: %d, %v", seq, err)
		}
		if n, err := ours.Encode(ctx); err != nil || n != 2 {
			t.Errorf("%d got one, %v", n, err)
		}
		fill(t, ours, 2)
		if r := verify(t, ctx, ours, nil); r.Damage != nil {
			t.Errorf("ours: %+v", r.Damage)
		}
		fill(t, theirs, 1)
		if r := verify(t, ctx, none, nil); r.Damage != nil {
			t.Errorf("the chain is whole: %+v", r.Damage)
		}
		if r := verify(t, ctx, ours, nil); r.Damage == nil || r.Damage.Fault != event.Foreign || r.Damage.Seq != 5 {
			t.Errorf("theirs: %+v", r.Damage)
		}
		if _, err := d.Writer(ctx).ExecContext(ctx, `UPDATE event SET data = '{}' WHERE seq = 3`); err != nil {
			t.Fatal(err)
		}
		if n, err := ours.Encode(ctx); err != nil || n != 1 { // theirs; what was changed stays broken
			t.Errorf("%d got one, %v", n, err)
		}
		if r := verify(t, ctx, ours, nil); r.Damage == nil || r.Damage.Seq != 3 {
			t.Errorf("changed: %+v", r.Damage)
		}
	})
}
