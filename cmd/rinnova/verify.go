package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/locale"
)

type verifyCmd struct {
	Events verifyEventsCmd `cmd:"" help:"Check the chain of events; exit status 1 when one was altered, removed, inserted or moved."`
}

type verifyEventsCmd struct {
	Expect string `help:"SEQ:HASH that an earlier check printed: the chain must still be that one up to there." placeholder:"SEQ:HASH"`
}

// errDamaged ends the program with exit status 1; what is damaged has been printed.
var errDamaged = rinnova.Fail(rinnova.Conflict, "La catena degli eventi non è intera.")

// Run prints the head of the chain, to be noted, or the first event that is wrong.
func (c verifyEventsCmd) Run(r *run) error {
	noted, err := parseHead(c.Expect)
	if err != nil {
		return err
	}
	a, err := r.existing()
	if err != nil {
		return err
	}
	defer a.Close()
	progress, done := r.progress(os.Stderr)
	report, err := a.Events.Verify(r.ctx, noted, progress)
	done()
	if err != nil {
		return err
	}
	printChain(os.Stdout, r.lang, report)
	if report.Damage != nil {
		return errDamaged
	}
	return nil
}

// parseHead reads SEQ:HASH; nil where there is none.
func parseHead(s string) (*event.Head, error) {
	if s == "" {
		return nil, nil
	}
	seq, hash, _ := strings.Cut(s, ":")
	n, err := strconv.ParseInt(seq, 10, 64)
	if err != nil || n < 1 || len(hash) != 64 || strings.Trim(hash, "0123456789abcdef") != "" {
		return nil, errors.New("--expect: want SEQ:HASH as an earlier check printed it, for example 42:3f5a… with 64 characters after the colon")
	}
	return &event.Head{Seq: n, Hash: hash}, nil
}

func printChain(w io.Writer, l locale.Lang, r event.Report) {
	d := r.Damage
	if d == nil {
		fmt.Fprintln(w, l.T("%s eventi, catena intera. Annotate la sua testa: con --expect il prossimo controllo la ritrova.", locale.Count(int(r.Head.Seq))))
		if r.Head.Seq > 0 {
			fmt.Fprintf(w, "%d:%s\n", r.Head.Seq, r.Head.Hash)
		}
		return
	}
	fmt.Fprintln(w, l.Text(d.Text()))
	if e := d.Event; e != nil {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\n", d.Seq, e.ID, or(stamp(e.At), "-"), e.Kind)
	}
}

// stamp is an instant to the microsecond, as the chain hashes it.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// progress tells how far something is, once it takes more than a second; done ends its line.
func (r *run) progress(w io.Writer) (tell func(done, of int64), done func()) {
	last, told := r.clock(), false
	tell = func(n, of int64) {
		if now := r.clock(); now.Sub(last) >= time.Second {
			last, told = now, true
			fmt.Fprintf(w, "\r%s / %s ", locale.Count(int(n)), locale.Count(int(of)))
		}
	}
	return tell, func() {
		if told {
			fmt.Fprintln(w)
		}
	}
}
