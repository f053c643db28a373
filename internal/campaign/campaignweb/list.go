package campaignweb

import (
	"net/http"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/locale"
	"rinnova/internal/web"
)

// row is a campaign in the list.
type row struct {
	campaign.Campaign
	Stage  stage
	Counts []campaign.Count
}

// count is how many schools of a campaign are in a state.
func count(counts []campaign.Count, s campaign.ItemState) (n int) {
	for _, c := range counts {
		if c.State == s {
			n += c.Items
		}
	}
	return n
}

// ready is how many schools can be published.
func ready(counts []campaign.Count) (n int) {
	for _, c := range counts {
		if c.State == campaign.Rehearsed || c.State == campaign.Withdrawn {
			n += c.Items - c.Empty
		}
	}
	return n
}

// whole is all schools of a campaign.
func whole(counts []campaign.Count) (s campaign.Sums) {
	for _, c := range counts {
		s.Items, s.Lines, s.Taxable, s.Now, s.Before = s.Items+c.Items, s.Lines+c.Lines, s.Taxable+c.Taxable, s.Now+c.Now, s.Before+c.Before
	}
	return s
}

// stage is how far a campaign is; it counts from 1, as web.Steps does.
type stage int

const (
	preparing stage = iota + 1
	rehearsing
	publishing
	going
	closed
	coming // published, and not open yet: a part of the step that goes on
)

func stageOf(c campaign.Campaign, counts []campaign.Count, today rinnova.Date) stage {
	switch {
	case today.After(c.ClosesOn):
		return closed
	case c.Published && ready(counts) == 0 && today.Before(c.OpensOn):
		return coming
	case c.Published && (ready(counts) == 0 || c.Open(today)):
		return going
	case len(counts) == 0 && !c.Published:
		return rehearsing
	}
	return publishing
}

func (s stage) label(l locale.Lang) string {
	return [...]string{"", l.T("In preparazione"), l.T("Da provare"), l.T("Da pubblicare"), l.T("In corso"), l.T("Chiusa"), l.T("Pubblicata, non ancora aperta")}[s]
}

// step is the number of the stage among the steps of a campaign.
func (s stage) step() int {
	if s == coming {
		return int(going)
	}
	return int(s)
}

func (s stage) tone() (web.Tone, string) {
	switch s {
	case going:
		return web.OK, "it-check-circle"
	case coming:
		return web.Waiting, "it-clock"
	case closed:
		return web.Plain, "it-lock"
	}
	return web.Info, "it-pencil"
}

func (o *Office) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	all, err := o.Runs.Campaigns.Store.Campaigns(ctx)
	if err != nil {
		return err
	}
	rows := make([]row, len(all))
	for i, c := range all {
		counts, err := o.Runs.Items.Counts(ctx, c.ID)
		if err != nil {
			return err
		}
		rows[i] = row{c, stageOf(c, counts, o.Clock.Today()), counts}
	}
	return web.Render(w, r, http.StatusOK, listPage(o.shell(r), rows, o.manages(r)))
}
