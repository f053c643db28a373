// Package reminder is the mails that remind schools of a renewal that they have not confirmed: at set days before a campaign
// closes, and once where a school has begun but has no CIG. They go to nobody who has confirmed, leave slowly and in the
// hours of an office, and whoever gets one can stop them with a link.
//
// A rule that is due becomes a round: all requests that it finds are planned in one statement. Each is looked at again when
// its turn comes, so that what has changed since counts.
package reminder

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/event"
	"rinnova/internal/renewal"
)

// Rule is why a reminder goes out: close-14 is fourteen days before the close, cig is for want of a CIG, now-2026-11-25 was
// asked for by the office on that day. A request meets each rule once.
type Rule string

// NoCIG is the rule of requests that were begun and have no CIG.
const NoCIG Rule = "cig"

const (
	beforeClose = "close-"
	byHand      = "now-"
)

// BeforeClose is the rule of a number of days before the close.
func BeforeClose(days int) Rule { return Rule(fmt.Sprintf("%s%d", beforeClose, days)) }

// ByHand is the rule of what the office asks for on a day.
func ByHand(day rinnova.Date) Rule { return Rule(byHand + day.String()) }

// Label is the rule as the office reads it.
func (r Rule) Label() rinnova.Text {
	var days int
	switch {
	case r == NoCIG:
		return rinnova.Say("Manca il CIG")
	case strings.HasPrefix(string(r), byHand):
		return rinnova.Say("Inviato dall’ufficio")
	}
	if _, err := fmt.Sscanf(string(r), beforeClose+"%d", &days); err != nil {
		return rinnova.Say("%s", string(r))
	}
	if days == 1 {
		return rinnova.Say("Un giorno prima della chiusura")
	}
	return rinnova.Say("%d giorni prima della chiusura", days)
}

// State is where a reminder stands.
type State string

// The states of a reminder.
const (
	Planned State = "planned"
	Sent    State = "sent"    // it is in the outbox
	Dropped State = "dropped" // when its turn came there was no reason for it any more
)

// Reason is why a reminder was dropped.
type Reason string

// The reasons.
const (
	Answered     Reason = "answered" // the school has confirmed, or the request is closed
	Closed       Reason = "closed"   // the campaign has closed
	SchoolClosed Reason = "school_closed"
	Stopped      Reason = "stopped"    // the address wants none
	NoAddress    Reason = "no_address" // the school has none
	HasCIG       Reason = "cig"        // the CIG is there now
	Gone         Reason = "gone"       // the offer was taken back
)

// Label is the reason as the office reads it.
func (r Reason) Label() rinnova.Text {
	switch r {
	case Answered:
		return rinnova.Say("la richiesta non lo aspettava più")
	case Closed:
		return rinnova.Say("il rinnovo si era chiuso")
	case SchoolClosed:
		return rinnova.Say("la scuola è chiusa")
	case Stopped:
		return rinnova.Say("l’indirizzo non vuole solleciti")
	case NoAddress:
		return rinnova.Say("la scuola non ha un indirizzo e-mail")
	case HasCIG:
		return rinnova.Say("il CIG c’era già")
	case Gone:
		return rinnova.Say("la proposta era stata ritirata")
	}
	return rinnova.Text{}
}

// Reminder is one mail to one school about one request.
type Reminder struct {
	RequestID, CampaignID, SchoolID string
	Rule                            Rule
	State                           State
	Reason                          Reason
	Address                         string // to which it was sent
	Token                           string // of the link that stops them; in what was sent
	PlannedAt                       time.Time
	SettledAt                       time.Time // zero while it is planned
}

// Round is a rule that was due.
type Round struct {
	Rule    Rule
	Day     rinnova.Date
	Planned int
	At      time.Time
}

// Counts are how many reminders of a rule stand where.
type Counts map[State]int

// Search is which requests a round looks for.
type Search struct {
	States  []renewal.State
	Touched time.Time // drafts that nobody has touched since; zero: whenever
}

// Store keeps reminders.
type Store interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
	// AddRound notes that a rule was due; false where it is noted already.
	AddRound(ctx context.Context, campaignID string, r Round) (bool, error)
	// Plan plans a reminder for each request of a campaign that is looked for and has none by that rule, and counts them.
	Plan(ctx context.Context, campaignID string, rule Rule, s Search, at time.Time) (int, error)
	// CountPlanned sets how many a round found.
	CountPlanned(ctx context.Context, campaignID string, r Round) error
	// Next reads planned reminders of a campaign.
	Next(ctx context.Context, campaignID string, limit int) ([]Reminder, error)
	// SentSince counts what a campaign has sent since.
	SentSince(ctx context.Context, campaignID string, since time.Time) (int, error)
	// Settle makes a planned reminder sent or dropped; false where another process has done it.
	Settle(ctx context.Context, r Reminder) (bool, error)
	ByToken(ctx context.Context, token string) (r Reminder, ok bool, err error)

	// Stop notes that an address of a school wants no reminders; false where it is noted.
	Stop(ctx context.Context, schoolID, address string, at time.Time) (bool, error)
	// Resume takes the note away; false where there was none.
	Resume(ctx context.Context, schoolID, address string) (bool, error)
	// StoppedSince is when an address was stopped; zero where it was not.
	StoppedSince(ctx context.Context, schoolID, address string) (time.Time, error)
}

// Post writes the mail of a reminder in the transaction of ctx.
type Post interface {
	Remind(ctx context.Context, r Reminder, v *renewal.View, missing []rinnova.Text) error
}

// Campaigns reads campaigns.
type Campaigns interface {
	Campaigns(ctx context.Context) ([]campaign.Campaign, error)
	Campaign(ctx context.Context, id string) (campaign.Campaign, error)
}

// Service plans and sends reminders.
type Service struct {
	Store     Store
	Campaigns Campaigns
	Renewals  *renewal.Service
	Schools   renewal.Schools
	Post      Post
	Events    event.Recorder
	Clock     rinnova.Clock
}
