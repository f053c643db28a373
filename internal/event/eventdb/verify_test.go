package eventdb_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb"
)

const chainLength = 24

// tamperer changes a chain behind the program's back. All that it does is undone by a rollback.
type tamperer struct {
	t   *testing.T
	db  *db.DB
	ctx context.Context
	*rand.Rand
}

func (x tamperer) run(sql string, args ...any) {
	x.t.Helper()
	if _, err := x.db.Writer(x.ctx).ExecContext(x.ctx, sql, args...); err != nil {
		x.t.Fatalf("%s: %v", sql, err)
	}
}

func (x tamperer) place() int64 { return 1 + x.Int64N(chainLength) }

// pair is two places, the lower first.
func (x tamperer) pair() (i, j int64) {
	i = 1 + x.Int64N(chainLength-1)
	return i, i + 1 + x.Int64N(chainLength-i)
}

func (x tamperer) link(seq int64) event.Link {
	x.t.Helper()
	l := event.Link{Seq: seq}
	row := x.db.Reader(x.ctx).QueryRowContext(x.ctx, `SELECT id, at, kind, actor_id, actor_name, actor_role, school_id, about_id, data, prev, hash FROM event WHERE seq = $1`, seq)
	if err := row.Scan(&l.ID, &l.At, &l.Kind, &l.Actor.AccountID, &l.Actor.Username, &l.Actor.Role, &l.SchoolID, &l.AboutID, &l.Raw, &l.Prev, &l.Hash); err != nil {
		x.t.Fatal(err)
	}
	return l
}

func (x tamperer) insert(l event.Link) {
	x.t.Helper()
	x.run(`INSERT INTO event (seq, id, at, kind, actor_id, actor_name, actor_role, school_id, about_id, data, prev, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		l.Seq, l.ID, l.At.UTC(), l.Kind, l.Actor.AccountID, l.Actor.Username, l.Actor.Role, l.SchoolID, l.AboutID, l.Raw, l.Prev, l.Hash)
}

func (x tamperer) hashAnew(seq int64) {
	x.run(`UPDATE event SET hash = $1 WHERE seq = $2`, x.link(seq).Digest(), seq)
}

// shift moves all links from a place on.
func (x tamperer) shift(from, by int64) {
	x.run(`UPDATE event SET seq = -(seq + $1) WHERE seq >= $2`, by, from)
	x.run(`UPDATE event SET seq = -seq WHERE seq < 0`)
}

// forged is a new event that fits after a place.
func (x tamperer) forged(after int64) event.Link {
	at := start.Add(time.Duration(x.Int64N(1e15)))
	l := event.Link{Seq: after + 1, Raw: "null", Event: event.Event{ID: rinnova.NewID(at), At: at.Truncate(time.Microsecond), Kind: event.Confirmed, Actor: rinnova.System}}
	if after > 0 {
		l.Prev = x.link(after).Hash
	}
	l.Hash = l.Digest()
	return l
}

var columns = []string{"id", "at", "kind", "actor_id", "actor_name", "actor_role", "school_id", "about_id", "data", "prev", "hash"}

// alter changes one value.
func (x tamperer) alter(seq int64, column string) {
	if column == "at" {
		l := x.link(seq)
		x.run(`UPDATE event SET at = $1 WHERE seq = $2`, l.At.UTC().Add(time.Duration(1+x.Int64N(1e6))*time.Microsecond), seq)
		return
	}
	x.run(fmt.Sprintf(`UPDATE event SET %[1]s = CASE WHEN %[1]s = '' THEN 'x' ELSE substr(%[1]s, 2) END WHERE seq = $1`, column), seq)
}

// mutation damages the chain and says which place is the first that is wrong, and how.
type mutation struct {
	name string
	do   func(x tamperer) (seq int64, faults []event.Fault)
}

var mutations = []mutation{
	{"a value", func(x tamperer) (int64, []event.Fault) {
		n := x.place()
		x.alter(n, columns[x.IntN(len(columns))])
		return n, []event.Fault{event.Altered}
	}},
	{"a value, hashed anew", func(x tamperer) (int64, []event.Fault) {
		n := x.place()
		x.alter(n, columns[x.IntN(len(columns)-1)])
		x.hashAnew(n)
		if n == chainLength {
			return n, []event.Fault{event.EndAltered, event.Altered}
		}
		return n, []event.Fault{event.Altered}
	}},
	{"removed", func(x tamperer) (int64, []event.Fault) {
		n := []int64{1, chainLength, x.place()}[x.IntN(3)]
		x.run(`DELETE FROM event WHERE seq = $1`, n)
		return n, []event.Fault{event.Missing}
	}},
	{"several removed", func(x tamperer) (int64, []event.Fault) {
		i, j := x.pair()
		x.run(`DELETE FROM event WHERE seq >= $1 AND seq <= $2`, i, j)
		return i, []event.Fault{event.Missing}
	}},
	{"removed, the rest moved up", func(x tamperer) (int64, []event.Fault) {
		n := x.place()
		x.run(`DELETE FROM event WHERE seq = $1`, n)
		x.shift(n+1, -1)
		return n, []event.Fault{event.Moved, event.Missing}
	}},
	{"removed, the rest and the head moved up", func(x tamperer) (int64, []event.Fault) {
		n := 1 + x.Int64N(chainLength-1)
		x.run(`DELETE FROM event WHERE seq = $1`, n)
		x.shift(n+1, -1)
		x.run(`UPDATE event_chain SET seq = seq - 1`)
		return n, []event.Fault{event.Moved}
	}},
	{"two places swapped", func(x tamperer) (int64, []event.Fault) {
		i, j := x.pair()
		x.run(`UPDATE event SET seq = -1 WHERE seq = $1`, i)
		x.run(`UPDATE event SET seq = $1 WHERE seq = $2`, i, j)
		x.run(`UPDATE event SET seq = $1 WHERE seq = -1`, j)
		return i, []event.Fault{event.Moved}
	}},
	{"two contents swapped", func(x tamperer) (int64, []event.Fault) {
		i, j := x.pair()
		a, b := x.link(i), x.link(j)
		x.run(`DELETE FROM event WHERE seq IN ($1, $2)`, i, j)
		a.Event, b.Event, a.Raw, b.Raw = b.Event, a.Event, b.Raw, a.Raw
		x.insert(a)
		x.insert(b)
		return i, []event.Fault{event.Altered}
	}},
	{"moved behind the end", func(x tamperer) (int64, []event.Fault) {
		n := x.place()
		x.run(`UPDATE event SET seq = $1 WHERE seq = $2`, chainLength+1+x.Int64N(5), n)
		return n, []event.Fault{event.Missing}
	}},
	{"moved before the beginning", func(x tamperer) (int64, []event.Fault) {
		seq := -x.Int64N(5)
		x.run(`UPDATE event SET seq = $1 WHERE seq = $2`, seq, x.place())
		return seq, []event.Fault{event.Inserted}
	}},
	{"inserted, the rest moved down", func(x tamperer) (int64, []event.Fault) {
		n := x.place()
		l := x.forged(n - 1)
		x.shift(n, 1)
		x.insert(l)
		return n, []event.Fault{event.Inserted}
	}},
	{"inserted with a wrong hash", func(x tamperer) (int64, []event.Fault) {
		n := x.place()
		l := x.forged(n - 1)
		l.Hash = x.link(n).Hash
		x.shift(n, 1)
		x.insert(l)
		return n, []event.Fault{event.Altered}
	}},
	{"added behind the end", func(x tamperer) (int64, []event.Fault) {
		x.insert(x.forged(chainLength))
		return chainLength + 1, []event.Fault{event.Inserted}
	}},
	{"a copy behind the end", func(x tamperer) (int64, []event.Fault) {
		l := x.link(x.place())
		l.Seq, l.ID = chainLength+1, rinnova.NewID(start)
		x.insert(l)
		return chainLength + 1, []event.Fault{event.Inserted}
	}},
	{"a copy beside it", func(x tamperer) (int64, []event.Fault) {
		n := x.place()
		l := x.link(n)
		x.shift(n+1, 1)
		l.Seq, l.ID = n+1, rinnova.NewID(start)
		x.insert(l)
		return n + 1, []event.Fault{event.Inserted}
	}},
	{"the head's place", func(x tamperer) (int64, []event.Fault) {
		n := []int64{x.Int64N(chainLength), chainLength + 1 + x.Int64N(5)}[x.IntN(2)]
		x.run(`UPDATE event_chain SET seq = $1`, n)
		return n, []event.Fault{event.HeadAltered}
	}},
	{"the head's hash", func(x tamperer) (int64, []event.Fault) {
		x.run(`UPDATE event_chain SET hash = $1`, x.link(1+x.Int64N(chainLength-1)).Hash)
		return chainLength, []event.Fault{event.EndAltered}
	}},
	{"no head", func(x tamperer) (int64, []event.Fault) {
		x.run(`DELETE FROM event_chain`)
		return chainLength, []event.Fault{event.HeadMissing}
	}},
	{"everything removed", func(x tamperer) (int64, []event.Fault) {
		x.run(`DELETE FROM event`)
		return 1, []event.Fault{event.Missing}
	}},
}

var start = time.Date(2026, 11, 20, 9, 51, 7, 123456789, time.UTC)

// fill records a chain of different events.
func fill(t *testing.T, s eventdb.Store, n int) {
	t.Helper()
	kinds := []event.Kind{event.LoggedIn, event.Confirmed, event.Processed, event.ContractSigned}
	for i := range n {
		e := event.Event{At: start.Add(time.Duration(i) * 1234567 * time.Microsecond), Kind: kinds[i%len(kinds)], SchoolID: fmt.Sprint("s", i), AboutID: fmt.Sprint("r", i),
			Actor: rinnova.Actor{AccountID: fmt.Sprint("a", i), Username: fmt.Sprint("SUPERVISOR.SG", i), Role: rinnova.RoleSchool}}
		if i%3 > 0 {
			e.Data = map[string]string{"conferma": fmt.Sprint(i), "motivo": "«perché» \\ \"sì\""}
		}
		if err := s.Record(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}

func verify(t *testing.T, ctx context.Context, s eventdb.Store, noted *event.Head) event.Report {
	t.Helper()
	r, err := s.Verify(ctx, noted, func(int64, int64) {})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var errUndo = errors.New("undo")

// A thousand ways to change what is stored are found, each with the first place that is wrong.
func TestEveryMutationIsFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := eventdb.Store{DB: d}
		fill(t, s, chainLength)
		times := 1000
		if d.Engine == db.PostgreSQL {
			times = 200
		}
		random, found := rand.New(rand.NewPCG(2027, 1)), map[string]int{}
		for i := range times {
			m := mutations[i%len(mutations)]
			err := d.InTx(t.Context(), func(ctx context.Context) error {
				seq, faults := m.do(tamperer{t, d, ctx, random})
				switch r := verify(t, ctx, s, nil); {
				case r.Damage == nil:
					t.Errorf("%d, %s at %d: not found", i, m.name, seq)
				case r.Damage.Seq != seq || !slices.Contains(faults, r.Damage.Fault):
					t.Errorf("%d, %s: found %+v, want %v at %d", i, m.name, *r.Damage, faults, seq)
				default:
					found[m.name]++
				}
				return errUndo
			})
			if !errors.Is(err, errUndo) {
				t.Fatal(err)
			}
		}
		sum := 0
		for _, n := range found {
			sum += n
		}
		t.Logf("%d mutations of %d kinds, %d found", times, len(mutations), sum)
		if r := verify(t, t.Context(), s, nil); r.Damage != nil || r.Head.Seq != chainLength {
			t.Errorf("the chain itself: %+v", r)
		}
	})
}

// A chain that was written anew to its end, or cut with its head, is whole in itself: a head that was noted earlier tells.
func TestANotedHeadFindsWhatIsWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := eventdb.Store{DB: d}
		fill(t, s, 10)
		noted := verify(t, t.Context(), s, nil).Head
		fill(t, s, 5)
		if r := verify(t, t.Context(), s, &noted); r.Damage != nil || r.Head.Seq != 15 {
			t.Fatalf("%+v", r)
		}
		for name, c := range map[string]struct {
			do   func(x tamperer)
			want event.Damage
		}{
			"cut": {func(x tamperer) {
				x.run(`DELETE FROM event WHERE seq > 8`)
				x.run(`UPDATE event_chain SET seq = 8, hash = $1`, x.link(8).Hash)
			}, event.Damage{Fault: event.Missing, Seq: 9, Last: 10}},
			"written anew": {func(x tamperer) {
				x.run(`UPDATE event SET data = '{}' WHERE seq = 4`)
				for seq := int64(4); seq <= 15; seq++ {
					x.run(`UPDATE event SET prev = $1 WHERE seq = $2`, x.link(seq-1).Hash, seq)
					x.hashAnew(seq)
				}
				x.run(`UPDATE event_chain SET hash = $1`, x.link(15).Hash)
			}, event.Damage{Fault: event.Rewritten, Seq: 10}},
		} {
			err := d.InTx(t.Context(), func(ctx context.Context) error {
				c.do(tamperer{t, d, ctx, nil})
				if r := verify(t, ctx, s, nil); r.Damage != nil {
					t.Errorf("%s: %+v without a noted head", name, r.Damage)
				}
				r := verify(t, ctx, s, &noted)
				if r.Damage != nil {
					r.Damage.Event = nil
				}
				if r.Damage == nil || *r.Damage != c.want {
					t.Errorf("%s: %+v, want %+v", name, r.Damage, c.want)
				}
				return errUndo
			})
			if !errors.Is(err, errUndo) {
				t.Fatal(err)
			}
		}
	})
}

// SQLite keeps what it is given: a time that is none is found too.
func TestAnUnreadableValueIsFound(t *testing.T) {
	d := dbtest.SQLite(t)
	s := eventdb.Store{DB: d}
	fill(t, s, 1500)
	if _, err := d.Writer(t.Context()).ExecContext(t.Context(), `UPDATE event SET at = 'ieri' WHERE seq = 1234`); err != nil {
		t.Fatal(err)
	}
	r := verify(t, t.Context(), s, nil)
	if r.Damage == nil || r.Damage.Fault != event.Unreadable || r.Damage.Seq != 1234 || r.Damage.Event == nil {
		t.Errorf("%+v", r.Damage)
	}
}
