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
	AboutID  string            // the request, contract or account that it speaks of
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
	ContractSigned      Kind = "contract.signed"
	ContractSent        Kind = "contract.sent"
	ContractNotSent     Kind = "contract.not_sent"
	ContractFetched     Kind = "contract.downloaded"
	ReminderPrinted     Kind = "request.reminder"
	MailSent            Kind = "mail.sent" // of contracts it is ContractSent and ContractNotSent
	MailNotSent         Kind = "mail.not_sent"
	SettingsChanged     Kind = "settings.changed"
	RegistryImported    Kind = "school.imported"
	DataImported        Kind = "exchange.imported"
	ProcessingStarted   Kind = "run.started"
	LetterPrepared      Kind = "letter.prepared"
	LetterFetched       Kind = "letter.downloaded"
	LetterUploaded      Kind = "letter.uploaded"
	LetterAccepted      Kind = "letter.accepted"
	LetterToRedo        Kind = "letter.to_redo"
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

// Label is the event as people read it in a history.
func (k Kind) Label() rinnova.Text {
	switch k {
	case LoggedIn:
		return rinnova.Say("Accesso")
	case LoginFailed:
		return rinnova.Say("Accesso non riuscito")
	case LoggedOut:
		return rinnova.Say("Disconnessione")
	case ResetAsked:
		return rinnova.Say("Nuova password chiesta")
	case ResetNotSent:
		return rinnova.Say("Messaggio per la nuova password non inviato")
	case PasswordChanged:
		return rinnova.Say("Password cambiata")
	case Published:
		return rinnova.Say("Proposta pubblicata")
	case BandChosen:
		return rinnova.Say("Fascia alunni scelta")
	case DraftUndone:
		return rinnova.Say("Modifiche annullate")
	case OrderTaken:
		return rinnova.Say("Ordine ripreso dall’altra richiesta")
	case Confirmed:
		return rinnova.Say("Conferma")
	case TakenInCharge:
		return rinnova.Say("Presa in carico")
	case SentBack:
		return rinnova.Say("Rimandata alla scuola")
	case Declined:
		return rinnova.Say("Comunicato che non si rinnova")
	case Reopened:
		return rinnova.Say("Riaperta dall’ufficio")
	case Processed:
		return rinnova.Say("Elaborata")
	case ContractSigned:
		return rinnova.Say("Contratto firmato")
	case ContractSent:
		return rinnova.Say("Contratto inviato")
	case ContractNotSent:
		return rinnova.Say("Contratto non consegnato")
	case ContractFetched:
		return rinnova.Say("Contratto scaricato")
	case ReminderPrinted:
		return rinnova.Say("Promemoria stampato")
	case MailSent:
		return rinnova.Say("E-mail inviata")
	case MailNotSent:
		return rinnova.Say("E-mail non consegnata")
	case SettingsChanged:
		return rinnova.Say("Impostazioni cambiate")
	case RegistryImported:
		return rinnova.Say("Anagrafe importata")
	case DataImported:
		return rinnova.Say("Dati importati da un file")
	case CorrectionAsked:
		return rinnova.Say("Correzione dei dati chiesta")
	case CorrectionWithdrawn:
		return rinnova.Say("Correzione dei dati ritirata")
	case CorrectionAccepted:
		return rinnova.Say("Correzione dei dati accettata")
	case CorrectionRejected:
		return rinnova.Say("Correzione dei dati non accettata")
	case RemindersAsked:
		return rinnova.Say("Solleciti inviati dall’ufficio")
	case RemindersStopped:
		return rinnova.Say("Solleciti fermati")
	case RemindersResumed:
		return rinnova.Say("Solleciti riattivati")
	case ProductAdded:
		return rinnova.Say("Prodotto aggiunto")
	case ProductChanged:
		return rinnova.Say("Prodotto cambiato")
	case ListCreated:
		return rinnova.Say("Listino creato")
	case ListCopied:
		return rinnova.Say("Listino copiato")
	case ListChanged:
		return rinnova.Say("Listino cambiato")
	case ListApproved:
		return rinnova.Say("Listino approvato")
	case ListDeleted:
		return rinnova.Say("Listino eliminato")
	case IndexImported:
		return rinnova.Say("Indice dei prezzi importato")
	case SchoolChanged:
		return rinnova.Say("Dati della scuola cambiati dall’ufficio")
	case SchoolClosed:
		return rinnova.Say("Scuola chiusa")
	case SchoolReopened:
		return rinnova.Say("Chiusura della scuola annullata")
	case SubscriptionAdded:
		return rinnova.Say("Prodotto della scuola aggiunto")
	case SubscriptionChanged:
		return rinnova.Say("Prodotto della scuola cambiato")
	case SubscriptionRemoved:
		return rinnova.Say("Prodotto della scuola cancellato")
	case MergerPlanned:
		return rinnova.Say("Accorpamento programmato")
	case MergerHeld:
		return rinnova.Say("Accorpamento fermo, da riguardare")
	case MergerApplied:
		return rinnova.Say("Accorpamento eseguito")
	case MergerCancelled:
		return rinnova.Say("Accorpamento annullato")
	case OfferWithdrawn:
		return rinnova.Say("Proposta ritirata")
	case ProcessingStarted:
		return rinnova.Say("Elaborazione in blocco avviata")
	case LetterPrepared:
		return rinnova.Say("Lettera di nomina preparata")
	case LetterFetched:
		return rinnova.Say("Lettera di nomina scaricata")
	case LetterUploaded:
		return rinnova.Say("Lettera di nomina firmata caricata")
	case LetterAccepted:
		return rinnova.Say("Lettera di nomina accettata")
	case LetterToRedo:
		return rinnova.Say("Lettera di nomina da rifare")
	case RequestExpired:
		return rinnova.Say("Richiesta scaduta")
	case CampaignCreated:
		return rinnova.Say("Campagna preparata")
	case CampaignChanged:
		return rinnova.Say("Campagna cambiata")
	case CampaignRehearsed:
		return rinnova.Say("Prova della campagna avviata")
	case CampaignPublished:
		return rinnova.Say("Pubblicazione della campagna avviata")
	case CampaignWithdrawn:
		return rinnova.Say("Ritiro di proposte avviato")
	}
	return rinnova.Say("%s", string(k))
}

// Recorder writes events, in the transaction of ctx.
type Recorder interface {
	Record(ctx context.Context, e Event) error
}
