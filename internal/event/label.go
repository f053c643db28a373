package event

import "rinnova"

// labels are the events as people read them in a history; a test holds that no kind is missing.
var labels = map[Kind]rinnova.Text{
	LoggedIn:            rinnova.Say("Accesso"),
	LoginFailed:         rinnova.Say("Accesso non riuscito"),
	LoggedOut:           rinnova.Say("Disconnessione"),
	ResetAsked:          rinnova.Say("Nuova password chiesta"),
	ResetNotSent:        rinnova.Say("Messaggio per la nuova password non inviato"),
	PasswordChanged:     rinnova.Say("Password cambiata"),
	Published:           rinnova.Say("Proposta pubblicata"),
	BandChosen:          rinnova.Say("Fascia alunni scelta"),
	DraftUndone:         rinnova.Say("Modifiche annullate"),
	OrderTaken:          rinnova.Say("Ordine ripreso dall’altra richiesta"),
	Confirmed:           rinnova.Say("Conferma"),
	TakenInCharge:       rinnova.Say("Presa in carico"),
	SentBack:            rinnova.Say("Rimandata alla scuola"),
	Declined:            rinnova.Say("Comunicato che non si rinnova"),
	Reopened:            rinnova.Say("Riaperta dall’ufficio"),
	Processed:           rinnova.Say("Elaborata"),
	ContractSigned:      rinnova.Say("Contratto firmato"),
	ContractSent:        rinnova.Say("Contratto inviato"),
	ContractNotSent:     rinnova.Say("Contratto non consegnato"),
	ContractFetched:     rinnova.Say("Contratto scaricato"),
	ReminderPrinted:     rinnova.Say("Promemoria stampato"),
	MailSent:            rinnova.Say("E-mail inviata"),
	MailNotSent:         rinnova.Say("E-mail non consegnata"),
	SettingsChanged:     rinnova.Say("Impostazioni cambiate"),
	RegistryImported:    rinnova.Say("Anagrafe importata"),
	DataImported:        rinnova.Say("Dati importati da un file"),
	CorrectionAsked:     rinnova.Say("Correzione dei dati chiesta"),
	CorrectionWithdrawn: rinnova.Say("Correzione dei dati ritirata"),
	CorrectionAccepted:  rinnova.Say("Correzione dei dati accettata"),
	CorrectionRejected:  rinnova.Say("Correzione dei dati non accettata"),
	RemindersAsked:      rinnova.Say("Solleciti inviati dall’ufficio"),
	RemindersStopped:    rinnova.Say("Solleciti fermati"),
	RemindersResumed:    rinnova.Say("Solleciti riattivati"),
	ProductAdded:        rinnova.Say("Prodotto aggiunto"),
	ProductChanged:      rinnova.Say("Prodotto cambiato"),
	ListCreated:         rinnova.Say("Listino creato"),
	ListCopied:          rinnova.Say("Listino copiato"),
	ListChanged:         rinnova.Say("Listino cambiato"),
	ListApproved:        rinnova.Say("Listino approvato"),
	ListDeleted:         rinnova.Say("Listino eliminato"),
	IndexImported:       rinnova.Say("Indice dei prezzi importato"),
	SchoolChanged:       rinnova.Say("Dati della scuola cambiati dall’ufficio"),
	SchoolClosed:        rinnova.Say("Scuola chiusa"),
	SchoolReopened:      rinnova.Say("Chiusura della scuola annullata"),
	SubscriptionAdded:   rinnova.Say("Prodotto della scuola aggiunto"),
	SubscriptionChanged: rinnova.Say("Prodotto della scuola cambiato"),
	SubscriptionRemoved: rinnova.Say("Prodotto della scuola cancellato"),
	MergerPlanned:       rinnova.Say("Accorpamento programmato"),
	MergerHeld:          rinnova.Say("Accorpamento fermo, da riguardare"),
	MergerApplied:       rinnova.Say("Accorpamento eseguito"),
	MergerCancelled:     rinnova.Say("Accorpamento annullato"),
	OfferWithdrawn:      rinnova.Say("Proposta ritirata"),
	ProcessingStarted:   rinnova.Say("Elaborazione in blocco avviata"),
	LetterPrepared:      rinnova.Say("Lettera di nomina preparata"),
	LetterFetched:       rinnova.Say("Lettera di nomina scaricata"),
	LetterUploaded:      rinnova.Say("Lettera di nomina firmata caricata"),
	LetterAccepted:      rinnova.Say("Lettera di nomina accettata"),
	LetterToRedo:        rinnova.Say("Lettera di nomina da rifare"),
	RequestExpired:      rinnova.Say("Richiesta scaduta"),
	CampaignCreated:     rinnova.Say("Campagna preparata"),
	CampaignChanged:     rinnova.Say("Campagna cambiata"),
	CampaignRehearsed:   rinnova.Say("Prova della campagna avviata"),
	CampaignPublished:   rinnova.Say("Pubblicazione della campagna avviata"),
	CampaignWithdrawn:   rinnova.Say("Ritiro di proposte avviato"),
}

// Label is the event as people read it in a history; one that is not known stands as it is written.
func (k Kind) Label() rinnova.Text {
	if t, known := labels[k]; known {
		return t
	}
	return rinnova.Say("%s", string(k))
}
