// Package reminderweb is the pages of reminders: the public one where whoever gets them stops them, the school's note that they
// are stopped, and the office's of what went out and what will.
package reminderweb

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/reminder"
	"rinnova/internal/reminder/remindermail"
	"rinnova/internal/web"
)

// Paths of the pages.
const (
	StopPath   = remindermail.StopPath // a token follows
	SchoolPath = "/area/solleciti"
	OfficePath = "/ufficio/solleciti"
)

// Public serves the page that the link of a reminder leads to.
type Public struct {
	Reminders *reminder.Service
	Clock     rinnova.Clock
	Shell     func(*http.Request) web.Shell
}

// Routes are the public page. Opening it changes nothing, because mail scanners follow links: the button does. It is limited
// like every page that looks up what a stranger sends.
func (h *Public) Routes(m *web.Mux) {
	limited := m.With(web.NewLimiter(h.Clock, web.Rate{N: 30, Per: time.Minute}, web.Rate{N: 600, Per: time.Minute}, 10_000).Guard)
	limited.Handle("GET "+StopPath+"{token}", h.show)
	limited.Handle("POST "+StopPath+"{token}", h.stop)
}

func (h *Public) show(w http.ResponseWriter, r *http.Request) error {
	asked, err := h.Reminders.ByToken(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, stopPage(h.Shell(r), asked))
}

func (h *Public) stop(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	if err := h.Reminders.Stop(r.Context(), token); err != nil {
		return err
	}
	return web.Redirect(w, r, StopPath+token)
}

// School serves what a school sees of its reminders.
type School struct {
	Reminders *reminder.Service
	Actor     func(context.Context) rinnova.Actor
	Flash     func(ctx context.Context, sentence string)
}

// Routes are the school's.
func (h *School) Routes(m *web.Mux) { m.Handle("POST "+SchoolPath, h.resume) }

func (h *School) resume(w http.ResponseWriter, r *http.Request) error {
	if err := h.Reminders.Resume(r.Context(), h.Actor(r.Context())); err != nil {
		return err
	}
	h.Flash(r.Context(), web.LangOf(r.Context()).T("I solleciti arrivano di nuovo."))
	return web.Redirect(w, r, "/area")
}

// Card is the part of a school's home that says that reminders are stopped; no component where they are not.
func (h *School) Card(ctx context.Context, actor rinnova.Actor) (templ.Component, error) {
	since, email, err := h.Reminders.StoppedSince(ctx, actor.SchoolID)
	if err != nil || since.IsZero() {
		return nil, err
	}
	return stoppedCard(since, email), nil
}

// Lists reads reminders for pages. The store does it.
type Lists interface {
	Rounds(ctx context.Context, campaignID string) ([]reminder.Round, error)
	Counts(ctx context.Context, campaignID string) (map[reminder.Rule]reminder.Counts, error)
	OfSchool(ctx context.Context, schoolID string, limit int) ([]reminder.Reminder, error)
	CountWaiting(ctx context.Context, campaignID string) (int, error)
}

// Office serves the office's page of reminders.
type Office struct {
	Reminders *reminder.Service
	Lists     Lists
	Clock     rinnova.Clock
	Actor     func(context.Context) rinnova.Actor
	Shell     func(*http.Request) web.Shell
	Flash     func(ctx context.Context, sentence string)
	Settings  func(c campaign.Campaign) string // the page where a manager sets a campaign's reminders
}

// Routes are the office's. Reminders by hand are asked about first, with the number of schools, and again where they have become more.
func (o *Office) Routes(m *web.Mux) {
	m.Handle("GET "+OfficePath, o.show)
	m.Handle("GET "+OfficePath+"/{campaign}", o.ask)
	m.Handle("POST "+OfficePath+"/{campaign}", o.remind)
}

// fieldAsked is how many schools the question spoke of.
const fieldAsked = "quante"

// season is a campaign with its reminders.
type season struct {
	Campaign campaign.Campaign
	Ahead    []reminder.Round // what is still to come, the next first
	Rounds   []reminder.Round // what went out, the newest first
	Counts   map[reminder.Rule]reminder.Counts
	Waiting  int // schools that have not confirmed
	Today    rinnova.Date
	Manager  bool
	Settings string // the page where a manager sets the reminders
}

func (o *Office) show(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	all, err := o.Reminders.Campaigns.Campaigns(ctx)
	if err != nil {
		return err
	}
	var seasons []season
	for _, c := range all {
		s, err := o.season(ctx, c)
		if err != nil {
			return err
		}
		if !c.ClosesOn.Before(s.Today) || len(s.Rounds) > 0 {
			seasons = append(seasons, s)
		}
	}
	return web.Render(w, r, http.StatusOK, officePage(o.Shell(r).At(OfficePath), seasons))
}

func (o *Office) season(ctx context.Context, c campaign.Campaign) (s season, err error) {
	s = season{Campaign: c, Today: o.Clock.Today(), Manager: o.Actor(ctx).IsManager(), Settings: o.Settings(c)}
	if s.Rounds, err = o.Lists.Rounds(ctx, c.ID); err != nil {
		return s, err
	}
	if s.Counts, err = o.Lists.Counts(ctx, c.ID); err != nil {
		return s, err
	}
	s.Ahead = s.ahead(s.Today)
	s.Waiting, err = o.Lists.CountWaiting(ctx, c.ID)
	return s, err
}

// ahead are the days before the close that are still to come.
func (s season) ahead(today rinnova.Date) []reminder.Round {
	c := s.Campaign
	var out []reminder.Round
	for day := today; !day.After(c.ClosesOn); day = day.AddDays(1) {
		for _, r := range reminder.Due(c, day) {
			if r.Day == day && r.Rule != reminder.NoCIG && s.Counts[r.Rule] == nil {
				out = append(out, r)
			}
		}
	}
	return out
}

// ask asks before schools are reminded today. It changes nothing.
func (o *Office) ask(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := o.Reminders.Campaigns.Campaign(ctx, r.PathValue("campaign"))
	if err != nil {
		return err
	}
	x, err := o.season(ctx, c)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, askPage(o.Shell(r).At(OfficePath), x))
}

func (o *Office) remind(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := web.ParseForm(r); err != nil {
		return err
	}
	id := r.PathValue("campaign")
	waiting, err := o.Lists.CountWaiting(ctx, id)
	if err != nil {
		return err
	}
	if asked, _ := strconv.Atoi(r.PostForm.Get(fieldAsked)); o.Actor(ctx).IsManager() && asked < waiting {
		return o.ask(w, r)
	}
	n, err := o.Reminders.RemindNow(ctx, o.Actor(ctx), id)
	if err != nil {
		return err
	}
	o.Flash(ctx, web.LangOf(ctx).T("Solleciti in partenza: %d.", n))
	return web.Redirect(w, r, OfficePath)
}

// shown is how many reminders a school's page lists.
const shown = 20

// Card is the part of the office's page of a school that lists its reminders; no component where there are none.
func (o *Office) Card(ctx context.Context, schoolID string) (templ.Component, error) {
	all, err := o.Lists.OfSchool(ctx, schoolID, shown)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	since, _, err := o.Reminders.StoppedSince(ctx, schoolID)
	return schoolCard(all, since), err
}
