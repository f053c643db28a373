package crash_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"rinnova/internal/app"
	"rinnova/internal/contract"
	"rinnova/internal/mail"
	"rinnova/internal/outbox"
	"rinnova/internal/renewal"
)

// For a named point, this test's own binary plays the program: the same parts put together in the same way, with one part
// wrapped that ends the process at the point. The program itself knows nothing of it.
const (
	armedEnv  = "RINNOVA_CRASH_AT"
	configEnv = "RINNOVA_CRASH_CONFIG"
)

// serveArmed is the program until it reaches the point.
func serveArmed(point string) {
	err := func() error {
		var c app.Config
		if err := json.Unmarshal([]byte(os.Getenv(configEnv)), &c); err != nil {
			return err
		}
		arm, ok := points[point]
		if !ok {
			return fmt.Errorf("there is no point %q", point)
		}
		a, err := app.New(context.Background(), c, time.Now, quiet, func(a *app.App) error { arm(a); return nil })
		if err != nil {
			return err
		}
		l, err := net.Listen("tcp", c.Addr)
		if err != nil {
			return err
		}
		return a.Serve(context.Background(), l)
	}()
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// die ends the process as kill -9 does.
func die() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

// points wrap the part of the program that reaches each point. An error on the way there is no point.
var points = map[string]func(*app.App){
	"confirm: before the commit": func(a *app.App) { a.Renewals.Post = receipts{a.Renewals.Post, die} },
	"confirm: after the commit": func(a *app.App) {
		var near atomic.Bool
		a.Renewals.Post = receipts{a.Renewals.Post, func() { near.Store(true) }}
		a.Renewals.Store = requests{a.Renewals.Store, &near}
	},
	"number: before the commit": func(a *app.App) { a.Contracts.Store = contracts{Store: a.Contracts.Store, added: die} },
	"number: after the commit, before the signature": func(a *app.App) {
		var near atomic.Bool
		a.Contracts.Store = contracts{Store: a.Contracts.Store, added: func() { near.Store(true) }, near: &near}
	},
	"run: an outcome before its commit": func(a *app.App) { a.Runs.Store = runs{a.Runs.Store, new(atomic.Int64)} },
	"signature: the number is marked":   func(a *app.App) { a.Contracts.Witness = witness{a.Contracts.Witness} },
	"signature: drawn":                  func(a *app.App) { a.Contracts.Printer = printer{a.Contracts.Printer} },
	"signature: before the file":        func(a *app.App) { a.Contracts.Files = files{Files: a.Contracts.Files, before: die} },
	"signature: after the file, before the row says so": func(a *app.App) {
		a.Contracts.Files = files{Files: a.Contracts.Files, after: die}
	},
	"signature: before the commit": func(a *app.App) { a.Contracts.Post = letters{a.Contracts.Post, die} },
	"signature: after the commit, before the mail": func(a *app.App) {
		var near atomic.Bool
		a.Contracts.Post = letters{a.Contracts.Post, func() { near.Store(true) }}
		a.Contracts.Store = contracts{Store: a.Contracts.Store, added: func() {}, near: &near}
	},
	"mail: before it is sent": func(a *app.App) { a.Outbox.Sender = sender{Sender: a.Outbox.Sender, before: die} },
	"mail: sent, before it is settled": func(a *app.App) {
		a.Outbox.Sender = sender{Sender: a.Outbox.Sender, before: func() {}, after: die}
	},
	"mail: settled, before the commit": func(a *app.App) { a.Outbox.Store = messages{Store: a.Outbox.Store, settled: die} },
	"mail: after the commit, before its job is gone": func(a *app.App) {
		var near atomic.Bool
		a.Outbox.Store = messages{Store: a.Outbox.Store, settled: func() { near.Store(true) }, near: &near}
	},
}

// witness dies once a number is marked beside the files, before there is a file of it.
type witness struct{ contract.Witness }

func (w witness) Note(ctx context.Context, series string, year int, number int64) error {
	err := w.Witness.Note(ctx, series, year, number)
	if err == nil {
		die()
	}
	return err
}

type receipts struct {
	renewal.Post
	then func()
}

func (r receipts) Confirmed(ctx context.Context, c renewal.Confirmation) error {
	err := r.Post.Confirmed(ctx, c)
	if err == nil {
		r.then()
	}
	return err
}

type requests struct {
	renewal.Store
	near *atomic.Bool
}

func (r requests) InTx(ctx context.Context, fn func(context.Context) error) error {
	return committed(r.Store.InTx(ctx, fn), r.near)
}

// committed ends the process after a transaction that came near to the point.
func committed(err error, near *atomic.Bool) error {
	if err == nil && near != nil && near.Load() {
		die()
	}
	return err
}

type contracts struct {
	contract.Store
	added func()
	near  *atomic.Bool
}

func (c contracts) Add(ctx context.Context, x *contract.Contract) error {
	err := c.Store.Add(ctx, x)
	if err == nil {
		c.added()
	}
	return err
}

func (c contracts) InTx(ctx context.Context, fn func(context.Context) error) error {
	return committed(c.Store.InTx(ctx, fn), c.near)
}

// runs dies at the second outcome of a run.
type runs struct {
	contract.RunStore
	outcomes *atomic.Int64
}

func (r runs) Settle(ctx context.Context, run string, position int64, o contract.Outcome, why string) error {
	err := r.RunStore.Settle(ctx, run, position, o, why)
	if err == nil && r.outcomes.Add(1) == 2 {
		die()
	}
	return err
}

type printer struct{ contract.Printer }

func (p printer) Contract(d contract.Document) ([]byte, error) {
	b, err := p.Printer.Contract(d)
	if err == nil {
		die()
	}
	return b, err
}

type files struct {
	contract.Files
	before, after func()
}

func (f files) Put(ctx context.Context, key string, data []byte) error {
	if f.before != nil {
		f.before()
	}
	err := f.Files.Put(ctx, key, data)
	if err == nil && f.after != nil {
		f.after()
	}
	return err
}

type letters struct {
	contract.Post
	then func()
}

func (l letters) Send(ctx context.Context, c *contract.Contract) error {
	err := l.Post.Send(ctx, c)
	if err == nil {
		l.then()
	}
	return err
}

// sender looks only at contracts: receipts leave in peace.
type sender struct {
	mail.Sender
	before, after func()
}

func (s sender) Send(ctx context.Context, m mail.Message) error {
	if len(m.Attachments) == 0 {
		return s.Sender.Send(ctx, m)
	}
	s.before()
	err := s.Sender.Send(ctx, m)
	if err == nil && s.after != nil {
		s.after()
	}
	return err
}

type messages struct {
	outbox.Store
	settled func()
	near    *atomic.Bool
}

func (s messages) Settle(ctx context.Context, m *outbox.Message, a outbox.Attempt) (bool, error) {
	mine, err := s.Store.Settle(ctx, m, a)
	if err == nil && mine && m.Kind == outbox.Contract {
		s.settled()
	}
	return mine, err
}

func (s messages) InTx(ctx context.Context, fn func(context.Context) error) error {
	return committed(s.Store.InTx(ctx, fn), s.near)
}
