package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"rinnova"
	"rinnova/internal/exchange"
	"rinnova/internal/locale"
	"rinnova/internal/sheet"
)

// tables are the names of the kinds of data on the command line.
var tables = map[string]exchange.What{"schools": exchange.Schools, "subscriptions": exchange.Subscriptions, "pricelist": exchange.Prices, "codes": exchange.Codes}

// importTableCmd imports a file in one of our layouts; each kind of data is a command of its own.
type importTableCmd struct {
	File   string `arg:"" type:"existingfile" help:"CSV or XLSX; see rinnova export --template."`
	DryRun bool   `help:"Show what would change and write nothing."`
}

type (
	importSubscriptionsCmd struct{ importTableCmd }
	importPriceListCmd     struct{ importTableCmd }
	importCodesCmd         struct{ importTableCmd }
	importTemplateCmd      struct{ importTableCmd }
)

// Run imports what schools have.
func (c importSubscriptionsCmd) Run(r *run) error { return c.run(r, exchange.Subscriptions) }

// Run imports a price list, as a draft.
func (c importPriceListCmd) Run(r *run) error { return c.run(r, exchange.Prices) }

// Run imports tax codes and codici univoci.
func (c importCodesCmd) Run(r *run) error { return c.run(r, exchange.Codes) }

// Run imports schools in our own layout.
func (c importTemplateCmd) Run(r *run) error { return c.run(r, exchange.Schools) }

func (c importTableCmd) run(r *run, what exchange.What) error {
	a, err := r.toImport(c.DryRun)
	if err != nil {
		return err
	}
	defer a.Close()
	data, err := readBounded(c.File)
	if err != nil {
		return err
	}
	start := r.clock()
	p, err := a.Exchange.Run(r.ctx, rinnova.System, what, filepath.Base(c.File), data, c.DryRun)
	if err != nil {
		return err
	}
	layout, _ := exchange.LayoutOf(what)
	blocked := layout.Blocked(p.Counts)
	printPlan(os.Stdout, r.lang, p)
	verb := ""
	if c.DryRun || blocked {
		verb = " (nothing was written)"
	}
	fmt.Printf("%.1f s%s\n", r.clock().Sub(start).Seconds(), verb)
	if blocked {
		return rinnova.Fail(rinnova.Conflict, "Finché una riga è rifiutata non si applica nulla: correggete il file e inviatelo di nuovo.")
	}
	if x := p.Counts; x.Refused > 0 && x.Added+x.Changed+x.Unchanged == 0 {
		return errRefused // nothing of the file could be used
	}
	return nil
}

// readBounded reads a file no further than shows that it is too large.
func readBounded(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, int64(sheet.DefaultLimits.Bytes)+1))
}

// printPlan writes every row that is refused, changed or new, and how many there are.
func printPlan(w io.Writer, l locale.Lang, p *exchange.Plan) {
	for _, n := range p.Notes {
		fmt.Fprintln(w, l.Text(n))
	}
	for _, x := range p.Rows {
		for _, q := range x.Problems {
			fmt.Fprintf(w, "line %d\t%s\t%s\t%s: %s\n", x.Line, x.Verdict, or(x.Name, "-"), or(q.Column, "row"), l.Text(q.Text))
		}
		for _, c := range x.Changes {
			fmt.Fprintf(w, "line %d\t%s\t%s\t%s: %q → %q\n", x.Line, x.Verdict, x.Name, c.Column, c.Old, c.New)
		}
	}
	c := p.Counts
	for _, n := range []struct {
		n    int
		what string
	}{{c.Added, "added"}, {c.Changed, "changed"}, {c.Unchanged, "unchanged"}, {c.Refused, "refused"}, {c.Ignored, "none of ours"}} {
		fmt.Fprintf(w, "  %7s rows %s\n", locale.Count(n.n), n.what)
	}
}

// exportCmd writes data, or an empty file to fill in.
type exportCmd struct {
	What     string `arg:"" enum:"schools,subscriptions,pricelist,codes" help:"schools, subscriptions, pricelist or codes."`
	List     string `help:"Name of the price list; the newest where it is left out."`
	Template bool   `help:"An empty file with an example, and in Excel an explanation of the columns."`
	Format   string `enum:"csv,xlsx," default:"" help:"csv or xlsx; where it is left out as the file is called, or csv."`
	Out      string `short:"o" help:"File to write; the screen where it is left out."`
}

// format is the one that was asked for, or that the file's name says.
func (c exportCmd) format() exchange.Format {
	switch {
	case c.Format != "":
		return exchange.Format(c.Format)
	case strings.EqualFold(filepath.Ext(c.Out), "."+string(exchange.XLSX)):
		return exchange.XLSX
	}
	return exchange.CSV
}

// Run writes the file.
func (c exportCmd) Run(r *run) error {
	what := tables[c.What]
	var b bytes.Buffer
	if c.Template {
		l, _ := exchange.LayoutOf(what)
		if err := l.Template(&b, c.format()); err != nil {
			return err
		}
	} else if err := c.data(r, &b, what); err != nil {
		return err
	}
	if c.Out == "" {
		_, err := os.Stdout.Write(b.Bytes())
		return err
	}
	return os.WriteFile(c.Out, b.Bytes(), 0o600)
}

func (c exportCmd) data(r *run, w io.Writer, what exchange.What) error {
	a, err := r.existing()
	if err != nil {
		return err
	}
	defer a.Close()
	id := ""
	if what == exchange.Prices {
		if id, err = c.list(r.ctx, a.Exchange); err != nil {
			return err
		}
	}
	return a.Exchange.Export(r.ctx, w, what, c.format(), id)
}

func (c exportCmd) list(ctx context.Context, s *exchange.Service) (string, error) {
	all, err := s.Store.PriceLists(ctx)
	if err != nil {
		return "", err
	}
	for _, x := range all {
		if c.List == "" || strings.EqualFold(x.Name, c.List) {
			return x.ID, nil
		}
	}
	return "", rinnova.Fail(rinnova.NotFound, "Questo listino non c’è.")
}
