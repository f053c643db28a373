package app

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"net/url"
	"path/filepath"
	"sync/atomic"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/account/accountdb"
	"rinnova/internal/blob"
	"rinnova/internal/campaign"
	"rinnova/internal/campaign/campaigndb"
	"rinnova/internal/catalog"
	"rinnova/internal/catalog/catalogdb"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractdb"
	"rinnova/internal/contract/contractpdf"
	"rinnova/internal/db"
	"rinnova/internal/event/eventdb"
	"rinnova/internal/exchange"
	"rinnova/internal/exchange/exchangedb"
	"rinnova/internal/job"
	"rinnova/internal/letter"
	"rinnova/internal/letter/letterdb"
	"rinnova/internal/letter/letterdocx"
	"rinnova/internal/mail"
	"rinnova/internal/merger"
	"rinnova/internal/merger/mergerdb"
	"rinnova/internal/outbox"
	"rinnova/internal/outbox/outboxdb"
	"rinnova/internal/reminder"
	"rinnova/internal/reminder/reminderdb"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaldb"
	"rinnova/internal/school"
	"rinnova/internal/school/schooldb"
	"rinnova/internal/subscription"
	"rinnova/internal/subscription/subscriptiondb"
	"rinnova/internal/supplier"
	"rinnova/internal/supplier/supplierdb"
	"rinnova/internal/terms"
	"rinnova/internal/terms/termsdb"
	"rinnova/internal/web"
	"rinnova/internal/witness"
)

// App is the whole program, ready to serve or to be called by a command.
type App struct {
	Config Config
	Base   *url.URL
	Clock  rinnova.Clock
	Log    *slog.Logger

	DB            *db.DB
	Queue         *job.Queue
	Vendors       *supplier.Service
	Schools       *school.Service
	Accounts      *account.Service
	Campaigns     *campaign.Service
	Renewals      *renewal.Service
	Contracts     *contract.Service
	Runs          *contract.Runs
	Letters       *letter.Service
	Texts         *terms.Service
	Subscriptions *subscription.Service
	Seasons       *campaign.Runs
	Mergers       *merger.Service
	Exchange      *exchange.Service
	Outbox        *outbox.Service
	Reminders     *reminder.Service
	Prices        *catalog.Service
	Witness       *witness.Service

	Catalog     catalogdb.Store
	Terms       termsdb.Store
	LetterStore letterdb.Store
	SchoolStore schooldb.Store
	Corrections *school.Corrections
	Requests    renewaldb.Store
	Lists       contractdb.Store
	Messages    outboxdb.Store
	Events      eventdb.Store
	Files       blob.Dir
	Printer     *contractpdf.Printer
	Mailbox     *mail.Folder // only in the demonstration

	proxies    []netip.Prefix
	sessions   *web.Sessions
	departures *web.Departures
	sweeps     []func(context.Context) error
	known      certificates
	held       atomic.Pointer[string] // what the witness found last; nil: all is well
}

// Option changes how the program is put together.
type Option func(*App) error

// New opens the database, brings it up to date and puts the program together. Close ends it.
func New(ctx context.Context, c Config, clock rinnova.Clock, log *slog.Logger, options ...Option) (*App, error) {
	base, baseErr := c.base()
	proxies, proxyErr := c.proxies()
	location, databaseErr := c.database()
	if err := errors.Join(databaseErr, baseErr, proxyErr, c.check()); err != nil {
		return nil, err // all faults at once
	}
	d, err := c.open(ctx, location, log)
	if err != nil {
		return nil, c.damaged(err)
	}
	a := &App{Config: c, Base: base, proxies: proxies, Clock: clock, Log: log, DB: d, departures: web.NewDepartures(log)}
	if err := a.assemble(ctx, options); err != nil {
		return nil, errors.Join(c.damaged(err), a.Close())
	}
	return a, nil
}

func (a *App) assemble(ctx context.Context, options []Option) error {
	if err := a.DB.Migrate(ctx); err != nil {
		return err
	}
	var err error
	if a.Printer, err = contractpdf.NewPrinter(); err != nil {
		return err
	}
	key, err := a.sealKey(ctx)
	if err != nil {
		return err
	}
	a.stores(key)
	if err := a.Events.ChainOld(ctx); err != nil {
		return err
	}
	a.services(account.NewHasher())
	if err := a.Accounts.Prepare(ctx); err != nil {
		return err
	}
	a.signing()
	a.mailing()
	if err := a.witnessing(ctx); err != nil {
		return err
	}
	if err := a.catchUp(ctx); err != nil {
		return err
	}
	for _, o := range options {
		if err := o(a); err != nil {
			return err
		}
	}
	a.work()
	return nil
}

func (a *App) stores(key []byte) {
	a.Catalog, a.Terms, a.SchoolStore = catalogdb.Store{DB: a.DB}, termsdb.Store{DB: a.DB}, schooldb.Store{DB: a.DB}
	a.Requests, a.Lists, a.Messages = renewaldb.Store{DB: a.DB, Remember: &renewaldb.Proposals{}}, contractdb.Store{DB: a.DB}, outboxdb.Store{DB: a.DB}
	a.Events, a.LetterStore = eventdb.Store{DB: a.DB, Key: key}, letterdb.Store{DB: a.DB}
	a.Files = blob.Dir{Root: filepath.Join(a.Config.Data, "files")}
	a.Queue = job.New(a.DB, a.Clock, a.Log)
	a.sessions = web.NewSessions(accountdb.Sessions{DB: a.DB, Clock: a.Clock, Idle: a.Config.idle(), Whole: wholeSession}, wholeSession, a.Base.Scheme == "https")
}

func (a *App) services(hasher *account.Hasher) {
	a.Vendors = &supplier.Service{Store: supplierdb.Store{DB: a.DB}, Events: a.Events, Clock: a.Clock}
	a.Schools = school.NewService(a.SchoolStore, a.Clock)
	a.Schools.Added = a.admit
	post := post{app: a}
	a.Accounts = &account.Service{Store: accountdb.Store{DB: a.DB}, Events: a.Events, Clock: a.Clock, Hasher: hasher, Queue: a.Queue, Schools: addresses{a.SchoolStore, a.Vendors}, Post: post}
	a.Campaigns = &campaign.Service{Store: campaigndb.Store{DB: a.DB}, Catalog: a.Catalog, Terms: a.Terms, Proposals: a.Requests, Vendors: a.Vendors, Events: a.Events, Clock: a.Clock}
	a.Outbox = &outbox.Service{Store: a.Messages, Queue: a.Queue, Files: attachments{a}, Clock: a.Clock, From: a.sender, Complete: post.complete, Settled: a.mailSettled,
		Log: a.Log, School: a.schoolCode, Address: a.schoolAddress, Resent: a.mailResent}
	a.Corrections = &school.Corrections{Store: a.SchoolStore, Events: a.Events, Post: post, Clock: a.Clock, AddressChanged: a.Accounts.AddressChanged}
	a.Renewals = &renewal.Service{Store: a.Requests, Seasons: a.Campaigns, Schools: a.SchoolStore, Vendors: a.Vendors, Events: a.Events, Post: post, Clock: a.Clock}
	a.Contracts = &contract.Service{Store: a.Lists, Renewals: a.Renewals, Vendors: a.Vendors, Terms: a.Terms, Files: a.Files, Printer: a.Printer, Checker: &a.known, Post: post,
		Sales: &sales{app: a}, Heir: a.heir, Events: a.Events, Queue: a.Queue, Clock: a.Clock, BaseURL: a.Base}
	a.Subscriptions = &subscription.Service{Store: subscriptiondb.Store{DB: a.DB}, Clock: a.Clock}
	a.Prices = &catalog.Service{Store: a.Catalog, Events: a.Events, Clock: a.Clock}
	a.Mergers = &merger.Service{Store: mergerdb.Store{DB: a.DB}, Schools: a.SchoolStore, Subscriptions: a.Subscriptions, Requests: a.Requests, Renewals: withdrawals{a},
		Products: a.Catalog.Products, Bands: a.bands, Events: a.Events, Clock: a.Clock}
	a.Exchange = &exchange.Service{Store: exchangedb.Store{DB: a.DB}, Files: a.Files, Schools: a.SchoolStore, Subscriptions: a.Subscriptions.Store,
		Catalog: a.Catalog, Import: a.Schools, Events: a.Events, Queue: a.Queue, Clock: a.Clock, SchoolAdded: a.admit, Desk: a.Corrections}
	a.Texts = &terms.Service{Store: a.Terms, Letter: letter.Check, Events: a.Events, Clock: a.Clock}
	a.Letters = &letter.Service{Store: a.LetterStore, Texts: a.Terms, Schools: a.SchoolStore, Vendors: a.Vendors, Files: a.Files, Printer: a.Printer, Editable: letterdocx.Write, Post: post,
		Events: a.Events, Queue: a.Queue, Clock: a.Clock}
	a.Reminders = &reminder.Service{Store: reminderdb.Store{DB: a.DB}, Campaigns: campaigndb.Store{DB: a.DB}, Renewals: a.Renewals, Schools: a.SchoolStore, Post: post,
		Events: a.Events, Clock: a.Clock}
	a.Runs = &contract.Runs{Contracts: a.Contracts, Store: a.Lists, Requests: a.Requests, Actor: a.Accounts.Actor}
	items := campaigndb.Store{DB: a.DB}
	a.Seasons = &campaign.Runs{Campaigns: a.Campaigns, Store: items, Items: items, Schools: a.SchoolStore, Subscriptions: a.Subscriptions.Store, Queue: a.Queue, Actor: a.Accounts.Actor,
		Closed: func(s school.School) bool {
			return !s.Open(a.Clock.Today()) || s.MergedInto != "" || !s.VanishedOn.IsZero()
		}}
}

// work sets the workers of the jobs, and what is done now and then.
func (a *App) work() {
	a.Queue.Handle(contract.SignJob, a.Contracts.Work())
	a.Queue.Handle(letter.AcceptJob, a.Letters.Work())
	a.Queue.Handle(contract.RunJob, a.Runs.Work())
	a.Queue.Handle(campaign.RunJob, a.Seasons.Work())
	a.Queue.Handle(exchange.WorkJob, a.Exchange.Work())
	a.Queue.Handle(outbox.JobKind, a.Outbox.Work())
	a.Queue.Handle(outbox.PasswordJob, a.Outbox.WorkPasswords())
	a.Queue.Handle(account.ResetJob, a.Accounts.Work())
	a.Queue.Handle(account.AlarmJob, a.Accounts.WorkAlarm())
	sessions := accountdb.Sessions{DB: a.DB, Clock: a.Clock, Whole: wholeSession}
	a.sweeps = append(a.sweeps, a.watched, a.Contracts.Sweep, a.Letters.Sweep, a.Mergers.Sweep, a.Seasons.Sweep, a.Renewals.Sweep, sessions.DeleteExpired, a.Accounts.Sweep, a.Reminders.Sweep, a.Queue.Sweep, a.DB.Checkpoint,
		func(context.Context) error { a.departures.Tell(); return nil })
}

// Close closes the database.
func (a *App) Close() error {
	if a.Mailbox != nil {
		a.Mailbox.Close()
	}
	return a.DB.Close()
}
