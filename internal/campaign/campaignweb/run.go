package campaignweb

import (
	"net/http"
	"net/url"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/locale"
	"rinnova/internal/web"
)

func runPath(r *campaign.Run) string {
	return CampaignPath(r.CampaignID) + "/lavori/" + url.PathEscape(r.ID)
}

// runView is what the page of a run shows.
type runView struct {
	*campaign.Run
	Campaign campaign.Campaign
	Troubles []campaign.Row
	Now      time.Time
	Manages  bool
}

// troublesShown bounds how many schools that were left out the page names.
const troublesShown = 200

func (o *Office) runOf(r *http.Request) (*campaign.Run, error) {
	run, err := o.Runs.Store.Run(r.Context(), r.PathValue("run"))
	if err == nil && run.CampaignID != r.PathValue("id") {
		err = rinnova.Fail(rinnova.NotFound, "Questo lavoro non c’è.")
	}
	return run, err
}

// run is the page of a run, or, for the script that asks every two seconds, the part of it that moves.
func (o *Office) run(w http.ResponseWriter, r *http.Request) error {
	run, err := o.runOf(r)
	if err != nil {
		return err
	}
	v := runView{Run: run, Now: o.Clock(), Manages: o.manages(r)}
	if v.Campaign, err = o.campaign(r); err != nil {
		return err
	}
	f := campaign.ItemFilter{RunID: run.ID, Stopped: true, Limit: troublesShown}
	if v.Troubles, err = o.Runs.Items.Rows(r.Context(), run.CampaignID, f); err != nil {
		return err
	}
	if web.IsPartial(r) {
		return web.Render(w, r, http.StatusOK, runMoving(v))
	}
	return web.Render(w, r, http.StatusOK, runPage(o.shell(r), v))
}

func (o *Office) stop(w http.ResponseWriter, r *http.Request) error {
	run, err := o.runOf(r)
	if err == nil {
		err = o.Runs.Stop(r.Context(), o.Actor(r.Context()), run.ID)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, runPath(run))
}

func (o *Office) resume(w http.ResponseWriter, r *http.Request) error {
	run, err := o.runOf(r)
	if err == nil {
		err = o.Runs.Resume(r.Context(), o.Actor(r.Context()), run.ID)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, runPath(run))
}

func (o *Office) rehearse(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	run, err := o.Runs.Start(r.Context(), o.Actor(r.Context()), r.PathValue("id"), campaign.Rehearsal, campaign.Choice{Schools: r.PostForm[fieldSchool]})
	if err != nil {
		return err
	}
	return web.Redirect(w, r, runPath(run))
}

// good is how many schools the run did what it is for.
func (v runView) good() int { return v.Done - v.Skipped - v.Failed }

// left guesses in words how long the run still takes, from its pace so far.
func (v runView) left(l locale.Lang) string {
	if v.State != campaign.Running || v.Done == 0 {
		return ""
	}
	rest := v.Now.Sub(v.StartedAt) / time.Duration(v.Done) * time.Duration(v.Total-v.Done)
	if minutes := int((rest + 30*time.Second) / time.Minute); minutes > 1 {
		return l.T("circa %d minuti alla fine", minutes)
	}
	return l.T("meno di un minuto alla fine")
}

// outcome is read out when the run has finished; it says nothing before.
func (v runView) outcome(l locale.Lang) string {
	if v.State != campaign.Finished {
		return ""
	}
	return l.T("Finito: %s scuole, %s saltate, %s non riuscite.", locale.Count(v.Done), locale.Count(v.Skipped), locale.Count(v.Failed))
}

// skipped says why schools were left out.
func (v runView) skipped() rinnova.Text {
	switch v.Kind {
	case campaign.Publication:
		return rinnova.Say("Saltate: cambiate dopo la prova")
	case campaign.Withdrawal:
		return rinnova.Say("Già aperte: restano")
	}
	return rinnova.Say("Non partecipano")
}
