package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"rinnova"
	"rinnova/internal/app"
	"rinnova/internal/event"
	"rinnova/internal/school"
)

type importCmd struct {
	Schools         importSchoolsCmd       `cmd:"" help:"Import the ministry's registry of schools (CSV, also gzipped), as published."`
	Subscriptions   importSubscriptionsCmd `cmd:"" help:"Import what schools have (our layout, CSV or XLSX)."`
	PriceList       importPriceListCmd     `cmd:"" name:"pricelist" help:"Import a price list as a draft (our layout, CSV or XLSX)."`
	Codes           importCodesCmd         `cmd:"" help:"Import tax codes and codici univoci (our layout or the Indice PA's)."`
	SchoolsTemplate importTemplateCmd      `cmd:"" help:"Import schools (our layout, CSV or XLSX)."`
}

type importSchoolsCmd struct {
	File             string `arg:"" type:"existingfile" help:"SCUANAGRAFESTAT….csv, also gzipped, or our extract."`
	Prefix           string `help:"First two letters of the portal codes of new schools." default:"SG"`
	RegistryOwnsMail bool   `help:"E-mail and PEC follow the registry also where they are already known."`
	DryRun           bool   `help:"Show what would change and write nothing."`
}

// toImport opens the installation; one that is only looked at must be there.
func (r *run) toImport(dryRun bool) (*app.App, error) {
	if dryRun {
		return r.existing()
	}
	return r.open()
}

// Run imports and reports every row that was not taken, and every value that changed.
func (c importSchoolsCmd) Run(r *run) error {
	a, err := r.toImport(c.DryRun)
	if err != nil {
		return err
	}
	defer a.Close()
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	start := r.clock()
	options := school.ImportOptions{PortalPrefix: c.Prefix, RegistryOwnsMail: c.RegistryOwnsMail, DryRun: c.DryRun}
	var report school.Report
	err = a.DB.InTx(r.ctx, func(ctx context.Context) error {
		if report, err = a.Schools.ImportRegistry(ctx, f, options, progress(os.Stderr)); err != nil || c.DryRun {
			return err
		}
		return a.Events.Record(ctx, imported(r.clock(), report))
	})
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return err
	}
	printReport(os.Stdout, report, r.clock().Sub(start))
	return nil
}

func imported(at time.Time, r school.Report) event.Event {
	return event.Event{At: at.UTC(), Kind: event.RegistryImported, Actor: rinnova.System, Data: map[string]string{
		"nuove": strconv.Itoa(len(r.Added)), "cambiate": strconv.Itoa(len(r.Changed)), "invariate": strconv.Itoa(r.Unchanged)}}
}

// progress writes one line that is overwritten as the import goes on.
func progress(w io.Writer) func(school.Progress) {
	return func(p school.Progress) {
		if p.ToWrite > 0 {
			fmt.Fprintf(w, "\r%d rows read, %d institutes, %d of %d written ", p.Rows, p.Taken, p.Written, p.ToWrite)
			return
		}
		fmt.Fprintf(w, "\r%d rows read, %d institutes ", p.Rows, p.Taken)
	}
}
