package event

import (
	"strings"

	"rinnova"
)

// Group is the kinds of event that belong together: what stands before the dot of their names.
type Group string

// The groups.
const (
	Accounts  Group = "account"
	Requests  Group = "request"
	Contracts Group = "contract"
	Runs      Group = "run"
	Mails     Group = "mail"
	Letters   Group = "letter"
	Schools   Group = "school"
	Exchange  Group = "exchange"
	Settings  Group = "settings"
	Reminders Group = "reminder"
	Campaigns Group = "campaign"
	Catalog   Group = "catalog"
)

// Groups are all of them, as a list offers them.
var Groups = []Group{Accounts, Requests, Contracts, Runs, Mails, Letters, Reminders, Campaigns, Catalog, Schools, Exchange, Settings}

// Kinds are all kinds of event; a test holds that none is missing.
var Kinds = []Kind{
	LoggedIn, LoginFailed, LoggedOut, ResetAsked, ResetNotSent, PasswordChanged, NameBesieged, Published, BandChosen, DraftUndone, OrderTaken, Confirmed, TakenInCharge,
	SentBack, Declined, Reopened, Processed, ContractNumbered, ContractSigned, ContractSent, ContractNotSent, ContractFetched, ContractRefused, ReminderPrinted, MailSent, MailNotSent, MailResent, SettingsChanged, SealingBegun, FilesAccepted, RegistryImported, DataImported, ProcessingStarted,
	LetterPrepared, LetterFetched, LetterUploaded, LetterAccepted, LetterToRedo, LetterCountersigned,
	SchoolChanged, SchoolClosed, SchoolReopened, SubscriptionAdded, SubscriptionChanged, SubscriptionRemoved, MergerPlanned, MergerHeld, MergerApplied, MergerCancelled,
	CorrectionAsked, CorrectionWithdrawn, CorrectionAccepted, CorrectionRejected, RemindersAsked, RemindersStopped, RemindersResumed,
	OfferWithdrawn, RequestExpired, CampaignCreated, CampaignChanged, CampaignRehearsed, CampaignPublished, CampaignWithdrawn,
	ProductAdded, ProductChanged, ListCreated, ListCopied, ListChanged, ListApproved, ListDeleted, IndexImported, TermsPublished, TermsTakenBack,
}

// Group is the group that a kind belongs to.
func (k Kind) Group() Group {
	g, _, _ := strings.Cut(string(k), ".")
	return Group(g)
}

// Kinds are the kinds of a group.
func (g Group) Kinds() []Kind {
	var out []Kind
	for _, k := range Kinds {
		if k.Group() == g {
			out = append(out, k)
		}
	}
	return out
}

// Label is the group as a list offers it.
func (g Group) Label() rinnova.Text {
	switch g {
	case Accounts:
		return rinnova.Say("Accessi")
	case Requests:
		return rinnova.Say("Richieste")
	case Contracts:
		return rinnova.Say("Contratti")
	case Runs:
		return rinnova.Say("Lavorazioni")
	case Mails:
		return rinnova.Say("E-mail")
	case Letters:
		return rinnova.Say("Lettere")
	case Schools:
		return rinnova.Say("Anagrafe")
	case Catalog:
		return rinnova.Say("Listini")
	case Reminders:
		return rinnova.Say("Solleciti")
	case Exchange:
		return rinnova.Say("Scambio dati")
	case Settings:
		return rinnova.Say("Impostazioni")
	case Campaigns:
		return rinnova.Say("Campagne")
	}
	return rinnova.Say("%s", string(g))
}
