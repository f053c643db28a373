package contractweb

import (
	"net/http"
	"time"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/web"
)

// start begins the processing of the chosen requests and leads to its page.
func (o *Office) start(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	chosen, err := ParseChosen(r.PostForm[FieldChosen])
	if err != nil {
		return err
	}
	run, err := o.Runs.Start(r.Context(), o.Actor(r.Context()), chosen)
	if err != nil {
		return err
	}
	return web.Redirect(w, r, runPath(run.ID))
}

func runPath(id string) string { return RunsPath + "/" + id }

// runsShown is how many runs the list of runs goes back.
const runsShown = 50

func (o *Office) runs(w http.ResponseWriter, r *http.Request) error {
	runs, err := o.Progress.Runs(r.Context(), runsShown)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, runsPage(o.Shell(r).At(RunsPath), runs))
}

// runView is what the page of a run shows.
type runView struct {
	*contract.Progress
	Now time.Time
}

// run is the page of a run, or, for the script that asks every two seconds, the part of it that moves.
func (o *Office) run(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if !rinnova.IsID(id) {
		return rinnova.Fail(rinnova.NotFound, "Questa lavorazione non c’è.")
	}
	p, err := o.Progress.Progress(r.Context(), id)
	if err != nil {
		return err
	}
	v := runView{p, o.Clock()}
	if web.IsPartial(r) {
		return web.Render(w, r, http.StatusOK, runMoving(v))
	}
	return web.Render(w, r, http.StatusOK, runPage(o.Shell(r).At(RunsPath), v))
}

// processed is how many requests became contracts.
func (v runView) processed() int { return v.Counts[contract.Done] }

// finished tells whether no request waits any more.
func finished(p *contract.Progress) bool { return !p.FinishedAt.IsZero() }

// moving tells whether anything on the page can still change by itself: requests wait, or contracts on their way.
func (v runView) moving() bool {
	return !finished(v.Progress) || v.Sent+v.Undelivered < v.processed()
}

// left guesses in words how long the run still takes, from its pace so far.
func (v runView) left(l locale.Lang) string {
	done := v.Settled()
	if finished(v.Progress) || done == 0 {
		return ""
	}
	rest := v.Now.Sub(v.StartedAt) / time.Duration(done) * time.Duration(v.Total-done)
	switch minutes := int((rest + 30*time.Second) / time.Minute); minutes {
	case 0:
		return l.T("meno di un minuto alla fine")
	case 1:
		return l.T("circa un minuto alla fine")
	default:
		return l.T("circa %d minuti alla fine", minutes)
	}
}

// share says how far something is: 268 di 412.
func (v runView) share(l locale.Lang, n, of int) string {
	return l.T("%s di %s", locale.Count(n), locale.Count(of))
}

// headline says how far the run is.
func (v runView) headline(l locale.Lang) string {
	return l.T("%s di %s richieste", locale.Count(v.Settled()), locale.Count(v.Total))
}

// numbers says which numbers the contracts have got.
func (v runView) numbers(l locale.Lang) string {
	switch v.processed() {
	case 0:
		return l.T("ancora nessun numero")
	case 1:
		return l.T("il %s", v.First)
	}
	return l.T("dal %s al %s", v.First, v.Last)
}

// signing says how many contracts wait for their signature.
func (v runView) signing(l locale.Lang) string {
	if n := v.processed() - v.Signed; n > 0 {
		return l.T("%s in coda per la firma", locale.Count(n))
	}
	return ""
}

// sending says how many contracts wait to be sent.
func (v runView) sending(l locale.Lang) string {
	if n := v.Signed - v.Sent - v.Undelivered; n > 0 {
		return l.T("%s firmati, da inviare", locale.Count(n))
	}
	return ""
}

// advice is what to do about a request that was not processed, as things stand now.
func advice(l locale.Lang, t contract.Trouble) string {
	switch {
	case t.State == renewal.Processed:
		return l.T("Nulla: intanto è stata elaborata")
	case t.State == renewal.Returned:
		return l.T("Aspettate la nuova conferma della scuola")
	case !t.State.Allows(renewal.Process):
		return l.T("Guardate la richiesta")
	case t.Latest > t.Revision:
		return l.T("Guardate la conferma n. %d", t.Latest)
	case t.TaxCode == "":
		return l.T("Completate l’anagrafe: codice fiscale")
	case t.Email == "":
		return l.T("Completate l’anagrafe: e-mail")
	}
	return l.T("Guardate i controlli ed elaboratela di nuovo")
}

// again are the requests that were stopped and that can be processed now, at the confirmation that counts.
func (v runView) again() []contract.Chosen {
	var out []contract.Chosen
	for _, t := range v.Troubles {
		if t.Outcome == contract.Stopped && t.State.Allows(renewal.Process) && t.Latest == t.Revision {
			out = append(out, t.Chosen)
		}
	}
	return out
}

// outcome is read out when the run has finished; it says nothing before.
func (v runView) outcome(l locale.Lang) string {
	if !finished(v.Progress) {
		return ""
	}
	return l.T("Lavorazione finita: %s elaborate, %s da sistemare.", locale.Count(v.processed()), locale.Count(len(v.Troubles)))
}
