// Command rinnova is the whole program: the portal, its commands for operators, and a demonstration.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"rinnova"
	"rinnova/internal/app"
	"rinnova/internal/locale"
)

// program is the command line. Settings come from flags or from the environment.
type program struct {
	app.Config
	Lang string `help:"Language of messages: it or en." default:"it" enum:"it,en" env:"RINNOVA_LANG"`

	Serve   serveCmd   `cmd:"" help:"Serve the portal; its database is made where there is none."`
	Demo    demoCmd    `cmd:"" help:"Serve a demonstration: an invented vendor, the real registry, mail that reaches nobody."`
	Migrate migrateCmd `cmd:"" help:"Bring the database up to date, or make it."`
	Import  importCmd  `cmd:"" help:"Import data; the database is made where there is none, but not for a dry run."`
	Export  exportCmd  `cmd:"" help:"Export data as files that can be imported, or their templates."`
	Quote   quoteCmd   `cmd:"" help:"Compute the amounts of the cases in a JSON file."`
	Check   checkCmd   `cmd:"" help:"Check Italian codes, or signed letters; exit status 1 when one is refused."`
	Verify  verifyCmd  `cmd:"" help:"Check that what is stored is whole."`
	Tour    tourCmd    `cmd:"" help:"Play a renewal of three schools over HTTP against a running demonstration."`
	Ready   readyCmd   `cmd:"" help:"Ask whether the portal is ready."`
}

// run is what every command gets.
type run struct {
	ctx    context.Context
	config app.Config
	lang   locale.Lang
	clock  rinnova.Clock
	log    *slog.Logger
}

func main() {
	keepPrivate()
	var p program
	k := kong.Parse(&p, kong.Name("rinnova"), kong.ShortUsageOnError(),
		kong.Description("Renews the yearly support and licence contracts of a software vendor with Italian schools."))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // who asks a second time does not want to wait
	r := &run{ctx: ctx, config: p.Config, lang: locale.Parse(p.Lang), clock: systemClock, log: slog.New(slog.NewTextHandler(os.Stderr, nil))}
	for _, name := range unread(os.Environ(), k.Model.Flags) {
		r.log.Warn("a setting that nobody reads: is it spelt right?", "name", name)
	}
	if err := k.Run(r); err != nil {
		fmt.Fprintln(os.Stderr, "rinnova: "+r.message(err))
		stop()
		os.Exit(1)
	}
}
