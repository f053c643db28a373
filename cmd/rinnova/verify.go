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
	"rinnova/internal/contract"
	"rinnova/internal/event"
	"rinnova/internal/locale"
	"rinnova/internal/witness"
)

type verifyCmd struct {
	Events    verifyEventsCmd    `cmd:"" help:"Check the chain of events against itself and the seals beside the files; exit status 1 when one was altered, removed, inserted or moved."`
	Contracts verifyContractsCmd `cmd:"" help:"Check every contract: row, document, file and signature against what was recorded when it was signed; exit status 1 when one does not hold."`
	Letters   verifyLettersCmd   `cmd:"" help:"Check every letter of appointment, all signed files and acceptances, against what was recorded when they came; exit status 1 when one does not hold."`
	Files     verifyFilesCmd     `cmd:"" help:"Check that database and files belong together; exit status 1 when one is older than the other, until somebody accepts it."`
}

type verifyEventsCmd struct {
	Expect string `help:"SEQ:HASH that an earlier check printed: the chain must still be that one up to there." placeholder:"SEQ:HASH"`
}

// errDamaged, errContracts and errFiles end the program with exit status 1; what is wrong has been printed.
var (
	errDamaged   = rinnova.Fail(rinnova.Conflict, "La catena degli eventi non è intera.")
	errContracts = rinnova.Fail(rinnova.Conflict, "Non tutti i contratti sono quelli che sono stati firmati.")
	errFiles     = rinnova.Fail(rinnova.Conflict, "Il database e i file non vanno insieme.")
)

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
	heads, seals, err := a.Witness.Heads(r.ctx)
	if err != nil {
		return err
	}
	if noted != nil {
		heads = witness.Sorted(append(heads, *noted))
	}
	progress, done := r.progress(os.Stderr)
	report, err := a.Events.VerifyAgainst(r.ctx, heads, progress)
	done()
	if err != nil {
		return err
	}
	printChain(os.Stdout, r.lang, report, len(seals.Faults) > 0)
	printSeals(os.Stdout, r.lang, seals, report)
	if report.Damage != nil || len(seals.Faults) > 0 {
		return errDamaged
	}
	return nil
}

// printSeals says what the seals beside the files are worth, and which of them contradict the chain.
func printSeals(w io.Writer, l locale.Lang, s *witness.Seals, r event.Report) {
	for _, f := range s.Faults {
		fmt.Fprintln(w, l.Text(f))
	}
	if d := r.Damage; d != nil {
		for _, m := range s.Good {
			if m.Seq >= d.Seq {
				fmt.Fprintln(w, l.T("Il sigillo del %s conosce il registro fino all’evento n. %d.", locale.When(m.At), m.Seq))
			}
		}
		return
	}
	if len(s.Good) == 0 {
		if len(s.Faults) == 0 {
			fmt.Fprintln(w, l.T("Accanto ai file non ci sono ancora sigilli: se la fine del registro è stata tolta, qui non si vede."))
		}
		return
	}
	fmt.Fprintln(w, l.T("%d sigilli accanto ai file concordano con il registro, %d firmati con la chiave dei contratti; l’ultimo è del %s.",
		len(s.Good), s.Signed, locale.When(s.Good[len(s.Good)-1].At)))
	if s.Aside > 0 {
		fmt.Fprintln(w, l.T("%d sigilli sono stati messi da parte da chi ha ripreso il database: il registro dice chi e perché.", s.Aside))
	}
}

type verifyContractsCmd struct{}

// Run prints every contract that does not hold, and what could not be proven.
func (verifyContractsCmd) Run(r *run) error {
	a, err := r.existing()
	if err != nil {
		return err
	}
	defer a.Close()
	var all, faulty, noted int
	err = a.Contracts.ProveAll(r.ctx, func(f *contract.Finding) {
		all++
		if len(f.Faults) > 0 {
			faulty++
		}
		if len(f.Notes) > 0 {
			noted++
		}
		printFinding(os.Stdout, r.lang, f)
	})
	if err != nil {
		return err
	}
	fmt.Println(r.lang.T("%d contratti controllati: %d non sono quelli firmati, %d con qualcosa che non si può provare.", all, faulty, noted))
	if faulty > 0 {
		return errContracts
	}
	return nil
}

func printFinding(w io.Writer, l locale.Lang, f *contract.Finding) {
	for _, x := range f.Faults {
		fmt.Fprintf(w, "%s\t%s\n", f.Contract.Number, l.Text(x))
	}
	for _, x := range f.Notes {
		fmt.Fprintf(w, "%s\t(%s)\n", f.Contract.Number, l.Text(x))
	}
}

type verifyFilesCmd struct {
	Accept bool   `help:"Go on all the same: numbers continue after the highest that is known, and the record says who decided."`
	By     string `help:"Who decides; needed with --accept."`
	Why    string `help:"Why; needed with --accept."`
}

// Run says whether database and files belong together, or takes note that somebody accepts them as they are.
func (c verifyFilesCmd) Run(r *run) error {
	by, why := strings.TrimSpace(c.By), strings.TrimSpace(c.Why)
	if c.Accept && (by == "" || why == "") {
		return errors.New("--accept: say who decides (--by) and why (--why): both are put on the record")
	}
	a, err := r.existing()
	if err != nil {
		return err
	}
	defer a.Close()
	faults, err := a.Witness.Faults(r.ctx)
	if err != nil {
		return err
	}
	for _, f := range faults {
		fmt.Println(r.lang.Text(f))
	}
	switch {
	case c.Accept:
		if err := a.Witness.Accept(r.ctx, by, why); err != nil {
			return err
		}
		fmt.Println(r.lang.T("Si riprende da qui. I numeri dei contratti continuano dopo il più alto conosciuto; il registro dice chi ha deciso, perché e quali numeri sono stati saltati."))
	case len(faults) > 0:
		fmt.Println(r.lang.T("Non si elabora e non si firma nulla. Rimettete il database e i file della stessa copia; se non si può, riprendete con --accept --by NOME --why MOTIVO."))
		return errFiles
	default:
		fmt.Println(r.lang.T("Il database e i file vanno insieme."))
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

// printChain says what the chain is worth by itself; doubtful is a chain that hangs together and that the seals contradict.
func printChain(w io.Writer, l locale.Lang, r event.Report, doubtful bool) {
	d := r.Damage
	if d == nil && doubtful {
		fmt.Fprintln(w, l.T("%s eventi si seguono, ma non si può dire che siano quelli: i sigilli non concordano, o mancano.", locale.Count(int(r.Head.Seq))))
		return
	}
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
