package crash_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rinnova/internal/app"
	"rinnova/internal/demo"
	"rinnova/internal/mail"
	"rinnova/internal/mail/mailtest"
)

// installation is a data folder, a database, a mail server that survives, and the process that is killed.
type installation struct {
	t      *testing.T
	config app.Config
	mails  *mailtest.Server
	log    *os.File

	process *exec.Cmd
	ended   chan struct{} // closed when the process has ended
	dead    atomic.Bool   // it is about to die, or has died
	kills   int
	marks   []int // how many mails had arrived at each kill
}

var quiet = slog.New(slog.DiscardHandler)

// install makes an installation with the demonstration's data for so many schools. step is told of each step of a mail.
func install(t *testing.T, database string, schools int, step func(string)) *installation {
	t.Helper()
	data := t.TempDir()
	in := &installation{t: t, mails: mailtest.Start(t, mailtest.Options{Step: step})}
	in.config = app.Config{Addr: freeAddress(t), Data: data, DatabaseURL: database, Mail: app.MailConfig{Host: "127.0.0.1", Port: in.mails.Port, Security: mail.NoTLS}}
	a, err := app.New(t.Context(), in.config, time.Now, quiet, demo.Install(data))
	check(t, err)
	check(t, demo.Seed(t.Context(), a, demo.Options{Schools: schools}, func(string) {}))
	check(t, a.Close())
	in.config.Sign.PEM = []string{filepath.Join(data, "demo-key", "firma-dimostrativa.pem")}
	in.log, err = os.Create(filepath.Join(data, "log"))
	check(t, err)
	t.Cleanup(func() {
		if in.process != nil {
			in.kill()
		}
		in.showLog()
		in.log.Close()
	})
	return in
}

// showLog shows the end of the process's log where the test failed.
func (in *installation) showLog() {
	if !in.t.Failed() {
		return
	}
	b, err := os.ReadFile(in.log.Name())
	if err == nil {
		lines := strings.Split(string(b), "\n")
		in.t.Logf("the program's log ends with\n%s", strings.Join(lines[max(0, len(lines)-20):], "\n"))
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer l.Close()
	return l.Addr().String()
}

func (in *installation) environment() []string {
	c := in.config
	return append(os.Environ(), "RINNOVA_ADDR="+c.Addr, "RINNOVA_DATA="+c.Data, "RINNOVA_DATABASE_URL="+c.DatabaseURL, "RINNOVA_BASE_URL=",
		"RINNOVA_MAIL_HOST="+c.Mail.Host, fmt.Sprint("RINNOVA_MAIL_PORT=", c.Mail.Port), "RINNOVA_MAIL_SECURITY="+string(c.Mail.Security), "RINNOVA_MAIL_FROM=",
		"RINNOVA_SIGN_PEM="+c.Sign.PEM[0])
}

// start starts a process and returns how long it took to answer.
func (in *installation) start(name string, args ...string) time.Duration {
	in.t.Helper()
	in.process = exec.Command(name, args...)
	in.process.Env = append(in.environment(), configEnv+"="+encode(in.t, in.config))
	in.process.Stdout, in.process.Stderr = in.log, in.log
	begun := time.Now()
	check(in.t, in.process.Start())
	in.dead.Store(false)
	process, ended := in.process, make(chan struct{})
	in.ended = ended
	go func() {
		defer close(ended)
		_ = process.Wait() // killed
		in.dead.Store(true)
	}()
	for time.Since(begun) < 30*time.Second {
		if res, err := http.Get("http://" + in.config.Addr + "/healthz"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return time.Since(begun)
			}
		}
		time.Sleep(time.Millisecond)
	}
	in.t.Fatal("the program does not answer")
	return 0
}

// kill ends the process as a power cut ends it, and nothing but the process.
func (in *installation) kill() {
	in.dead.Store(true)
	_ = in.process.Process.Kill() // it may have killed itself
	<-in.ended
	in.process = nil
	in.kills++
	in.mails.Settle()
	in.marks = append(in.marks, len(in.mails.Mails()))
}

// later opens the installation in this process, an hour later: the leases of the dead are over.
func (in *installation) later() *app.App {
	in.t.Helper()
	clock := func() time.Time { return time.Now().Add(time.Hour) }
	a, err := app.New(in.t.Context(), in.config, clock, quiet)
	check(in.t, err)
	return a
}

// afterwards finishes all work that is left.
func (in *installation) afterwards() *app.App {
	in.t.Helper()
	a := in.later()
	in.t.Cleanup(func() { a.Close() })
	check(in.t, a.Queue.Drain(in.t.Context()))
	return a
}

func encode(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	check(t, err)
	return string(b)
}

// alter sets a setting of a PostgreSQL database.
func alter(t *testing.T, address, name, value string) {
	t.Helper()
	u, err := url.Parse(address)
	check(t, err)
	c, err := sql.Open("pgx", address)
	check(t, err)
	defer c.Close()
	_, err = c.ExecContext(context.WithoutCancel(t.Context()), fmt.Sprintf("ALTER DATABASE %s SET %s = %s", strings.TrimPrefix(u.Path, "/"), name, value))
	check(t, err)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
