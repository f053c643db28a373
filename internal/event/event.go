// Package event is the audit trail: who did what, when, to what. An event is written in the transaction of the change
// that it tells of, or not at all.
package event

import (
	"context"
	"time"

	"rinnova"
)

// Event is one entry.
type Event struct {
	ID       string
	At       time.Time
	Kind     Kind
	Actor    rinnova.Actor
	SchoolID string
	AboutID  string            // the request, account or number that it speaks of
	Data     map[string]string // details, never secrets
}

// Kind names what happened.
type Kind string

// The kinds of event.
const (
	LoggedIn            Kind = "account.login"
	LoginFailed         Kind = "account.login_failed"
	LoggedOut           Kind = "account.logout"
	ResetAsked          Kind = "account.reset_asked"
	ResetNotSent        Kind = "account.reset_not_sent"
	PasswordChanged     Kind = "account.password"
	NameBesieged        Kind = "account.besieged" // many have guessed at it
	Published           Kind = "request.published"
	BandChosen          Kind = "request.band"
	DraftUndone         Kind = "request.undone"
	OrderTaken          Kind = "request.order_taken" // from the school's other request
	Confirmed           Kind = "request.confirmed"
	TakenInCharge       Kind = "request.taken"
	SentBack            Kind = "request.returned"
	Processed           Kind = "request.processed"
	Declined            Kind = "request.declined"
	Reopened            Kind = "request.reopened"
	ContractNumbered    Kind = "contract.numbered" // about the number itself: whatever a row says, a number is given once
	ContractSigned      Kind = "contract.signed"
	ContractSent        Kind = "contract.sent"
	ContractNotSent     Kind = "contract.not_sent"
	ContractFetched     Kind = "contract.downloaded"
	ContractRefused     Kind = "contract.refused" // what is stored of it is not what was signed: it does not go out
	ReminderPrinted     Kind = "request.reminder"
	MailSent            Kind = "mail.sent" // of contracts it is ContractSent and ContractNotSent
	MailNotSent         Kind = "mail.not_sent"
	MailResent          Kind = "mail.again"
	SettingsChanged     Kind = "settings.changed"
	SealingBegun        Kind = "settings.sealing"        // from here on the chain is sealed beside the files
	FilesAccepted       Kind = "settings.files_accepted" // a person goes on with a database and files that do not belong together
	RegistryImported    Kind = "school.imported"
	DataImported        Kind = "exchange.imported"
	ProcessingStarted   Kind = "run.started"
	LetterPrepared      Kind = "letter.prepared"
	LetterFetched       Kind = "letter.downloaded"
	LetterUploaded      Kind = "letter.uploaded"
	LetterAccepted      Kind = "letter.accepted"
	LetterToRedo        Kind = "letter.to_redo"
	LetterCountersigned Kind = "letter.countersigned" // the vendor has signed its acceptance
	CorrectionAsked     Kind = "school.correction_asked"
	CorrectionWithdrawn Kind = "school.correction_withdrawn"
	CorrectionAccepted  Kind = "school.correction_accepted"
	CorrectionRejected  Kind = "school.correction_rejected"
	SchoolChanged       Kind = "school.changed" // by the office
	SchoolClosed        Kind = "school.closed"
	SchoolReopened      Kind = "school.reopened"
	SubscriptionAdded   Kind = "school.product_added" // to what the school has
	SubscriptionChanged Kind = "school.product_changed"
	SubscriptionRemoved Kind = "school.product_removed"
	MergerPlanned       Kind = "school.merger_planned"
	MergerHeld          Kind = "school.merger_held" // on its day: it was no longer as it was shown
	MergerApplied       Kind = "school.merged"
	MergerCancelled     Kind = "school.merger_cancelled"
	OfferWithdrawn      Kind = "request.withdrawn" // before the school opened it
	RemindersAsked      Kind = "reminder.asked"
	RemindersStopped    Kind = "reminder.stopped"
	RemindersResumed    Kind = "reminder.resumed"
	RequestExpired      Kind = "request.expired"
	TermsPublished      Kind = "settings.terms_published"
	TermsTakenBack      Kind = "settings.terms_taken_back"
	CampaignCreated     Kind = "campaign.created"
	CampaignChanged     Kind = "campaign.changed"
	CampaignRehearsed   Kind = "campaign.rehearsed"
	CampaignPublished   Kind = "campaign.published"
	CampaignWithdrawn   Kind = "campaign.withdrawn"
	ProductAdded        Kind = "catalog.product_added"
	ProductChanged      Kind = "catalog.product_changed"
	ListCreated         Kind = "catalog.list_created"
	ListCopied          Kind = "catalog.list_copied"
	ListChanged         Kind = "catalog.list_changed"
	ListApproved        Kind = "catalog.list_approved"
	ListDeleted         Kind = "catalog.list_deleted"
	IndexImported       Kind = "catalog.index_imported"
)

// Recorder writes events, in the transaction of ctx.
type Recorder interface {
	Record(ctx context.Context, e Event) error
}
