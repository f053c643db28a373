// Package crash_test kills the program at any instant while schools confirm and the office processes, starts it again, and
// holds what is there in the end against what was acknowledged.
//
//	go test ./e2e/crash -run Random -cycles 1000 -timeout 2h
//
// Random instants find what nobody thought of; the named points, one at each commit, file and step of a mail, find what is
// too short to be hit by chance.
package crash_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"rinnova/internal/account"
	"rinnova/internal/db/dbtest"
)

var (
	cycles  = flag.Int("cycles", 0, "how often the program is killed at random; 0: 50 times on SQLite, 8 on PostgreSQL, and 5 in short mode")
	schools = flag.Int("schools", 0, "how many schools take part; 0: six for each cycle, or all that there are")
	seed    = flag.Uint64("seed", 0, "of the random instants and choices; 0: another each time")
)

// binary is the program as it is installed, built once.
var binary string

func TestMain(m *testing.M) {
	if point := os.Getenv(armedEnv); point != "" {
		serveArmed(point)
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	flag.Parse()
	// Passwords are hashed cheaply here: dozens of schools log in, and a hash carries its own parameters.
	account.Params.Memory, account.Params.Iterations = 64, 1
	folder, err := os.MkdirTemp("", "rinnova-crash-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	binary = filepath.Join(folder, "rinnova")
	build := exec.Command("go", "build", "-o", binary, "rinnova/cmd/rinnova")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

func TestRandomInstants(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killAtRandom(t, "", 50) })
	if testing.Short() {
		return
	}
	t.Run("postgresql", func(t *testing.T) { killAtRandom(t, durable(t), 8) })
}

// durable is a PostgreSQL database whose commits wait for the disk, whatever the server of the tests does.
func durable(t *testing.T) string {
	t.Helper()
	url := dbtest.PostgreSQLURL(t)
	alter(t, url, "synchronous_commit", "on")
	return url
}

func killAtRandom(t *testing.T, database string, n int) {
	switch {
	case *cycles > 0:
		n = *cycles
	case testing.Short():
		n = 5
	}
	from := *seed
	if from == 0 {
		from = uint64(time.Now().UnixNano())
	}
	t.Logf("-seed %d", from)
	random := rand.New(rand.NewPCG(from, 0))
	count := *schools
	if count == 0 {
		count = 6*n + 20
	}
	in := install(t, database, count, nil)
	p := newPeople(in, count, from)
	var slowest, sum time.Duration
	for i := 0; i < n || i < 4*n && !p.said.processing(); i++ { // on a slow machine the first lives end before a clerk has come to it
		up := in.start(binary, "serve", "--allow-demonstration")
		slowest, sum = max(slowest, up), sum+up
		work := p.work()
		time.Sleep(time.Duration(20+random.IntN(400)) * time.Millisecond)
		in.kill()
		work.Wait()
		if t.Failed() {
			break
		}
	}
	t.Logf("%d kills; back after %v on average, %v at most", in.kills, (sum / time.Duration(in.kills)).Round(time.Millisecond), slowest.Round(time.Millisecond))
	in.check(p.said)
}
