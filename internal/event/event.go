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
	RemindersAsked      Kind = "reminder.asked"
	RemindersStopped    Kind = "reminder.stopped"
	RemindersResumed    Kind = "reminder.resumed"
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
	}
	return rinnova.Say("%s", string(k))
}

// Recorder writes events, in the transaction of ctx.
type Recorder interface {
	Record(ctx context.Context, e Event) error
}
