package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"runtime/debug"
	"time"

	"rinnova"
	"rinnova/internal/app"
	"rinnova/internal/demo"
)

// systemClock is the only place where the program asks the machine for the time.
func systemClock() time.Time { return time.Now() }

// message is an error in the operator's language: the sentence for people where there is one, with its cause.
func (r *run) message(err error) string {
	e, ok := errors.AsType[*rinnova.Error](err)
	if !ok {
		return err.Error()
	}
	s := r.lang.Text(e.Message)
	if e.Cause != nil {
		s += " (" + e.Cause.Error() + ")"
	}
	return s
}

// open opens the installation, and makes one where there is none.
func (r *run) open(options ...app.Option) (*app.App, error) {
	return app.New(r.ctx, r.config, r.clock, r.log, options...)
}

// existing opens an installation that is there.
func (r *run) existing() (*app.App, error) {
	c := r.config
	c.Existing = true
	return app.New(r.ctx, c, r.clock, r.log)
}

type serveCmd struct {
	AllowDemonstration bool `help:"Serve also the data of a demonstration, whose users have a published password."`
}

// Run serves until the process is asked to end.
func (c serveCmd) Run(r *run) error {
	free, err := r.alone()
	if err != nil {
		return err
	}
	defer free()
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if err := demo.Refuse(r.ctx, a); err != nil {
		if !c.AllowDemonstration {
			return err
		}
		r.log.Warn("these are the data of a demonstration: everybody can read its users' password")
	}
	return r.listen(a, func() {
		r.log.Info("serving", "address", r.config.Addr, "base", a.Base.String(), "database", a.DB.Engine)
	})
}

// garbage is how much a server lets pile up before it collects, in percent of what it keeps, where GOGC says nothing: it
// keeps little, and with Go's 100 a page costs a tenth more.
const garbage = 200

func (r *run) listen(a *app.App, ready func()) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	l, err := net.Listen("tcp", r.config.Addr)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w (RINNOVA_ADDR chooses another address)", r.config.Addr, err)
	}
	ready()
	return a.Serve(r.ctx, l)
}

type migrateCmd struct{}

// Run migrates and says so.
func (migrateCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	fmt.Printf("database up to date (%s)\n", a.DB.Engine)
	return a.Close()
}
