package crash_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rinnova/internal/app"
	"rinnova/internal/renewal"
)

// TestNamedPoints kills the program once at each named point, on one installation, and once at each step of the
// conversation with the mail server.
func TestNamedPoints(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killAtPoints(t, "") })
	if testing.Short() {
		return
	}
	t.Run("postgresql", func(t *testing.T) { killAtPoints(t, durable(t)) })
}

func killAtPoints(t *testing.T, database string) {
	var step atomic.Value // the step of a mail to die at
	step.Store("")
	count := len(points) + len(steps) + atOnce
	var in *installation
	in = install(t, database, count, func(name string) {
		if step.CompareAndSwap(name, "") {
			_ = in.process.Process.Kill()
		}
	})
	p := newPeople(in, count, 1)
	for _, point := range slices.Sorted(maps.Keys(points)) {
		t.Setenv(armedEnv, point)
		in.start(os.Args[0])
		in.diesAt(point, p.next(pointSchools(point)), confirm, process)
	}
	check(t, os.Unsetenv(armedEnv))
	for _, name := range steps {
		school := p.next(1)
		in.start(binary, "serve", "--allow-demonstration")
		mails := len(in.mails.Mails())
		check(t, confirm(school))
		in.waits("the receipt", func() bool { return len(in.mails.Mails()) > mails })
		step.Store(name)
		in.diesAt("mail server: "+name, school, process)
	}
	in.check(p.said)
}

// steps are those of mailtest.Options.
var steps = []string{"MAIL", "RCPT", "DATA", "END"}

// pointSchools is how many schools it takes to reach a point.
func pointSchools(point string) int {
	if strings.HasPrefix(point, "run") {
		return atOnce
	}
	return 1
}

// next are schools that have not done anything yet.
func (p *people) next(n int) []*person {
	out := p.free[:n]
	p.free = p.free[n:]
	return out
}

// diesAt does things until the point is reached, and looks at what it leaves.
func (in *installation) diesAt(point string, schools []*person, do ...func([]*person) error) {
	in.t.Helper()
	var err error
	for _, act := range do {
		if err == nil {
			err = act(schools)
		}
	}
	in.waits(fmt.Sprintf("%s (%v)", point, err), func() bool { return in.dead.Load() })
	in.kill()
	var states []renewal.State
	for _, x := range schools {
		states = append(states, in.stateOf(x))
	}
	slices.Sort(states)
	if want := left(point); !slices.Equal(states, want) {
		in.t.Errorf("%s: left requests %s, want %s", point, states, want)
	}
	in.finish()
}

// finish does the work that a point left: else its jobs would reach the next point before anybody does.
func (in *installation) finish() {
	in.t.Helper()
	a := in.later()
	check(in.t, a.Queue.Drain(in.t.Context()))
	check(in.t, a.Close())
}

// confirm lets schools confirm.
func confirm(schools []*person) error {
	for _, x := range schools {
		if _, err := x.confirms(); err != nil {
			return err
		}
	}
	return nil
}

// process lets a clerk process them, several in a run.
func process(schools []*person) error {
	clerk := schools[0].people.clerks[0]
	if len(schools) > 1 {
		return clerk.processesMany()
	}
	if err := clerk.opens("/ufficio/richieste?vista=tutte&cerca=" + strings.TrimPrefix(schools[0].username, "SUPERVISOR.")); err != nil {
		return err
	}
	return clerk.processes(clerk.Page.Doc.Find("tbody th a").First().AttrOr("href", ""))
}

func (in *installation) waits(what string, done func() bool) {
	in.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			in.t.Fatalf("%s: the program did not get there", what)
		}
	}
}

// left are the states in which a point leaves the requests that led to it.
func left(point string) []renewal.State {
	switch {
	case strings.HasPrefix(point, "run"):
		return []renewal.State{renewal.Processed, renewal.Submitted, renewal.Submitted}
	case point == "confirm: before the commit":
		return []renewal.State{renewal.Drafted}
	case strings.HasPrefix(point, "confirm"), point == "number: before the commit":
		return []renewal.State{renewal.Submitted}
	}
	return []renewal.State{renewal.Processed}
}

// stateOf reads the state in which a school's request of assistance was left.
func (in *installation) stateOf(x *person) renewal.State {
	in.t.Helper()
	a, err := app.New(in.t.Context(), in.config, time.Now, quiet)
	check(in.t, err)
	defer a.Close()
	var state string
	row := a.DB.Reader(in.t.Context()).QueryRowContext(in.t.Context(),
		`SELECT r.state FROM request r JOIN account a ON a.school_id = r.school_id WHERE a.username = $1 AND r.kind = 'assistance'`, x.username)
	check(in.t, row.Scan(&state))
	return renewal.State(state)
}
