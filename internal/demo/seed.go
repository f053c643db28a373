// Package demo fills an installation with a demonstration: the ministry's public registry of schools as it is, and around
// it an invented vendor with invented products, prices, users, tax codes and histories. Nothing of it reaches anybody:
// every address for mail ends in .example.
package demo

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/app"
	"rinnova/internal/campaign"
	"rinnova/internal/mail"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/sign"
	"rinnova/internal/subscription"
	"rinnova/internal/terms"
)

//go:embed istituti_principali_202526.csv.gz
var registry []byte

//go:embed texts/condizioni-generali.md
var contractTerms string

// Password is the password of every user of the demonstration.
const Password = "prova-rinnovo-2027"

// MailDomain is where the addresses of the schools lead: nowhere.
const MailDomain = "istruzione.example"

// User is somebody to log in as.
type User struct {
	Username, Name string
	Role           rinnova.Role
	Email          string // only of the office
}

// Office are the users of the vendor's office.
var Office = []User{
	{"OPERATORE.UNO", "Operatore Uno", rinnova.RoleClerk, "operatore.uno@esempiosoftware.example"},
	{"OPERATORE.DUE", "Operatore Due", rinnova.RoleClerk, "operatore.due@esempiosoftware.example"},
	{"RESPONSABILE", "Responsabile ufficio", rinnova.RoleManager, "responsabile@esempiosoftware.example"},
	{"AMMINISTRATORE", "Amministratore", rinnova.RoleAdmin, "amministratore@esempiosoftware.example"},
}

// CampaignID is the season of assistance of the demonstration.
const CampaignID = "demo-rinnovo"

// Options change what the demonstration has. The zero value is the whole of it.
type Options struct {
	Schools int // only so many of the schools, from all over the country; 0: all
}

// Seed makes what the demonstration does not have yet, each of its seasons all of it or nothing. say is told what is being
// done, in words.
func Seed(ctx context.Context, a *app.App, o Options, say func(string)) error {
	s := seeder{app: a, options: o, now: a.Clock().UTC(), say: say}
	for _, part := range []struct {
		campaign string
		seed     func(context.Context) error
		publish  bool
	}{
		{CampaignID, s.assistance, true}, {ServicesID, s.services, true}, {NextID, s.next, false},
	} {
		c, err := a.Campaigns.Store.Campaign(ctx, part.campaign)
		if rinnova.KindOf(err) == rinnova.NotFound {
			if err = a.DB.InTx(ctx, part.seed); err == nil {
				c, err = a.Campaigns.Store.Campaign(ctx, part.campaign)
			}
		}
		if err == nil && part.publish && !c.Published {
			err = s.ready(ctx, c)
		}
		if err != nil {
			return err
		}
	}
	return a.DB.InTx(ctx, s.letterText)
}

// ready goes on with what was begun, and publishes what is not.
func (s *seeder) ready(ctx context.Context, c campaign.Campaign) error {
	if err := s.goOn(ctx, c); err != nil {
		return err
	}
	c, err := s.app.Campaigns.Store.Campaign(ctx, c.ID)
	if err != nil || c.Published {
		return err
	}
	return s.publish(ctx, c)
}

// goOn ends the run of a process that was killed in the middle: its job is free again when the lease is over.
func (s *seeder) goOn(ctx context.Context, c campaign.Campaign) error {
	for told := false; ; told = true {
		runs, err := s.app.Seasons.Store.Runs(ctx, c.ID, 1)
		if err != nil || len(runs) == 0 || runs[0].State != campaign.Running {
			return err
		}
		if !told {
			s.say(fmt.Sprintf("La preparazione di %s era stata interrotta: riprendo fra mezzo minuto al massimo…", c.Name))
		}
		if err := s.app.Queue.Drain(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// publish rehearses a season and publishes it.
func (s *seeder) publish(ctx context.Context, c campaign.Campaign) error {
	for _, kind := range []campaign.RunKind{campaign.Rehearsal, campaign.Publication} {
		run, err := s.app.Seasons.Start(ctx, rinnova.System, c.ID, kind, campaign.Choice{})
		if err != nil {
			return err
		}
		if kind == campaign.Rehearsal {
			s.say(fmt.Sprintf("Preparo le proposte di %s per %d scuole…", c.Name, run.Total))
		}
		if err := s.app.Queue.Drain(ctx); err != nil {
			return err
		}
		if kind == campaign.Publication {
			s.say(fmt.Sprintf("Pronto: %s aperto per %d scuole.", c.Name, run.Total))
		}
	}
	return nil
}

type seeder struct {
	app     *app.App
	options Options
	hash    string // of the users' password
	now     time.Time
	say     func(string)
}

// assistance makes vendor, users and schools, and the season of assistance.
func (s *seeder) assistance(ctx context.Context) error {
	if err := s.app.Vendors.Save(ctx, rinnova.System, Profile()); err != nil {
		return err
	}
	c, err := s.season(ctx)
	if err != nil {
		return err
	}
	if err := s.users(ctx); err != nil {
		return err
	}
	bands := priceList(c.Year).Bands
	if err := s.seedSubscriptions(ctx, func(x school.School) []subscription.Subscription { return had(x, bands, c) }); err != nil {
		return err
	}
	return s.corrections(ctx)
}

// users makes the office's users, and the schools with theirs.
func (s *seeder) users(ctx context.Context) error {
	var err error
	if s.hash, err = s.app.Accounts.Hasher.Hash(ctx, Password); err != nil {
		return err
	}
	for _, u := range Office {
		if err := s.account(ctx, u, ""); err != nil {
			return err
		}
	}
	picked, err := sample(registry, s.options.Schools)
	if err != nil {
		return err
	}
	s.say("Importo l’anagrafe delle scuole (dati pubblici del Ministero, a.s. 2025/26)…")
	registry := school.NewService(s.app.SchoolStore, s.app.Clock) // without users: those of the demonstration have its password
	if _, err := registry.ImportRegistry(ctx, bytes.NewReader(picked), school.ImportOptions{MailDomain: MailDomain}, nil); err != nil {
		return err
	}
	schools, err := s.app.SchoolStore.All(ctx)
	if err != nil {
		return err
	}
	for _, x := range schools {
		x.TaxCode, x.OfficeCode, x.UpdatedAt = taxCode(x.MinistryCode), officeCode(x.MinistryCode), s.now
		if err := s.app.SchoolStore.Update(ctx, x); err != nil {
			return err
		}
		if err := s.account(ctx, User{Username: account.Supervisor(x.PortalCode), Name: x.ShortName, Role: rinnova.RoleSchool}, x.ID); err != nil {
			return err
		}
	}
	return nil
}

// season makes products, prices, terms and the campaign: open since three weeks, for two months more.
func (s *seeder) season(ctx context.Context) (campaign.Campaign, error) {
	today := rinnova.DateOf(s.now)
	year := today.AddMonths(4).Year
	for _, p := range products() {
		if err := s.app.Catalog.AddProduct(ctx, p); err != nil {
			return campaign.Campaign{}, err
		}
	}
	if err := s.listBefore(ctx, year); err != nil { // before anything is offered: proposals say how their fees came from it
		return campaign.Campaign{}, err
	}
	list := priceList(year)
	if err := s.app.Catalog.AddPriceList(ctx, list, s.now); err != nil {
		return campaign.Campaign{}, err
	}
	text := terms.Terms{ID: "demo-condizioni", Kind: terms.Assistance, Version: "2027-01",
		Title: "Condizioni generali di manutenzione, assistenza e rinnovo licenza",
		Body:  contractTerms, EffectiveFrom: rinnova.MustDate("2026-10-01")}
	if err := s.app.Terms.Add(ctx, text); err != nil {
		return campaign.Campaign{}, err
	}
	c := campaign.Campaign{
		ID: CampaignID, Name: fmt.Sprintf("Rinnovo %d", year), Kind: renewal.Assistance, Year: year,
		Period:    rinnova.Period{From: rinnova.Date{Year: year, Month: 1, Day: 1}, To: rinnova.Date{Year: year, Month: 12, Day: 31}},
		PriceList: list.ID, Terms: text.ID, OpensOn: today.AddDays(-21), ClosesOn: today.AddDays(60), Setup: campaign.Setup{Suggest: true}, CreatedAt: s.now,
	}
	return c, s.app.Campaigns.Store.Add(ctx, c)
}

// seedSubscriptions gives all schools what they had the year before a season.
func (s *seeder) seedSubscriptions(ctx context.Context, had func(school.School) []subscription.Subscription) error {
	schools, err := s.app.SchoolStore.All(ctx)
	if err != nil {
		return err
	}
	slices.SortFunc(schools, func(a, b school.School) int { return cmp.Compare(a.ID, b.ID) }) // in the order in which runs read them: a third of the time less
	for _, x := range schools {
		for _, h := range had(x) {
			h.ID, h.CreatedAt, h.UpdatedAt = rinnova.NewID(s.now), s.now, s.now
			if err := s.app.Subscriptions.Store.Add(ctx, h); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *seeder) account(ctx context.Context, u User, schoolID string) error {
	return s.app.Accounts.Store.Add(ctx, account.Account{ID: rinnova.NewID(s.now), Username: u.Username, Name: u.Name, Role: u.Role, SchoolID: schoolID, Email: u.Email,
		PasswordHash: s.hash, ChangedAt: s.now, CreatedAt: s.now})
}

// Install makes an App a demonstration: its database is marked as one, mail goes to a folder, contracts are signed with a key that says
// that it proves nothing. It refuses an installation that is none.
func Install(data string) app.Option {
	return func(a *app.App) error {
		if err := claim(context.Background(), a); err != nil { // at the start there is nobody who could give up
			return err
		}
		box, err := mail.OpenFolder(filepath.Join(data, mailFolder))
		if err != nil {
			return err
		}
		a.UseMailbox(box)
		key, err := sign.DemoKey(a.Clock, filepath.Join(data, keyFolder), Profile().Name)
		if err != nil {
			return err
		}
		a.UseKey(key)
		return nil
	}
}
