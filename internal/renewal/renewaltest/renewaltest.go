// Package renewaltest makes a small installation for tests: a database of either engine, a vendor, a price list with one
// cap, a campaign that is open, and two schools with a proposal each. Real stores and services; only what would draw, sign
// and mail is played.
//
// The figures are those of the target screens: with its band (501–1000, cap € 2.200,00) the proposal to the first school
// comes to € 2.570,00 + VAT; with Privacy Web added and Libri di testo taken away, to € 2.690,00.
package renewaltest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/blob"
	"rinnova/internal/campaign"
	"rinnova/internal/campaign/campaigndb"
	"rinnova/internal/catalog"
	"rinnova/internal/catalog/catalogdb"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractdb"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb"
	"rinnova/internal/job"
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
)

// World is the installation.
type World struct {
	Now time.Time // of the clock that everything uses; tests move it

	DB        *db.DB
	Folder    string // of the files; the signed contracts are below Folder/files
	Requests  renewaldb.Store
	Lists     contractdb.Store
	Terms     termsdb.Store
	Events    eventdb.Store
	Schools   schooldb.Store
	Vendors   *supplier.Service
	Campaigns *campaign.Service
	Renewals  *renewal.Service
	Contracts *contract.Service
	Queue     *job.Queue
	Runs      *contract.Runs

	Subscriptions *subscription.Service
	Seasons       *campaign.Runs // rehearses and publishes

	Corrections *school.Corrections

	A, B         Party // two schools
	Clerk, Other rinnova.Actor
	Manager      rinnova.Actor

	mails    sync.Mutex
	Receipts []renewal.Confirmation // of the confirmations so far
	Returned []renewal.Request      // those that schools were told to correct
	Notices  []renewal.View         // those that schools had a receipt of
	Sent     []contract.Contract    // those that were given to the mail
	Decided  []school.Correction    // those that schools heard of

	parties int
}

// Party is a school with its user and its request.
type Party struct {
	School  school.School
	Actor   rinnova.Actor
	Request string // id
}

// CIGs that pass the check, that fail it, and that are a few characters short.
const (
	GoodCIG  = "B4A27C154F"
	OtherCIG = "B901EEFB35"
	OddCIG   = "B4A27C145F"
	ShortCIG = "B4A27"
)

// Lines of the proposals, by their products.
const (
	Alunni, Registro, Scrutini, Protocollo, Bilancio, Personale, Inventario, Orario, Libri = "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9"
	Conservazione, PagoPA, Privacy, Formazione                                             = "p10", "p11", "p12", "p13"
)

// New makes a world on SQLite.
func New(t testing.TB) *World {
	t.Helper()
	return On(t, dbtest.SQLite(t))
}

// Each runs a test in a world on SQLite and in one on PostgreSQL, as dbtest.Each does.
func Each(t *testing.T, test func(t *testing.T, w *World)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, On(t, d)) })
}

// On makes a world on an empty database, at 10:51 of 20 November 2026 in Rome.
func On(t testing.TB, d *db.DB) *World {
	t.Helper()
	w := &World{Now: time.Date(2026, 11, 20, 9, 51, 7, 0, time.UTC), DB: d, Folder: t.TempDir()}
	w.assemble()
	check(t, d.InTx(t.Context(), func(ctx context.Context) error { return w.fill(ctx) }))
	return w
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Clock tells w.Now.
func (w *World) Clock() time.Time { return w.Now }

func (w *World) assemble() {
	log := slog.New(slog.DiscardHandler)
	w.Requests, w.Lists, w.Terms = renewaldb.Store{DB: w.DB}, contractdb.Store{DB: w.DB}, termsdb.Store{DB: w.DB}
	w.Events, w.Schools = eventdb.Store{DB: w.DB}, schooldb.Store{DB: w.DB}
	w.Queue = job.New(w.DB, w.Clock, log)
	w.Vendors = &supplier.Service{Store: supplierdb.Store{DB: w.DB}, Events: w.Events, Clock: w.Clock}
	w.Campaigns = &campaign.Service{Store: campaigndb.Store{DB: w.DB}, Catalog: catalogdb.Store{DB: w.DB}, Terms: w.Terms, Proposals: w.Requests, Vendors: w.Vendors, Events: w.Events, Clock: w.Clock}
	w.Subscriptions = &subscription.Service{Store: subscriptiondb.Store{DB: w.DB}, Clock: w.Clock}
	items := campaigndb.Store{DB: w.DB}
	w.Seasons = &campaign.Runs{Campaigns: w.Campaigns, Store: items, Items: items, Schools: w.Schools, Subscriptions: w.Subscriptions.Store, Queue: w.Queue,
		Actor: func(context.Context, string) (rinnova.Actor, error) { return w.Manager, nil }}
	w.Renewals = &renewal.Service{Store: w.Requests, Seasons: w.Campaigns, Schools: w.Schools, Vendors: w.Vendors, Events: w.Events, Post: post{w}, Clock: w.Clock}
	w.Contracts = &contract.Service{Store: w.Lists, Renewals: w.Renewals, Vendors: w.Vendors, Terms: w.Terms, Files: blob.Dir{Root: filepath.Join(w.Folder, "files")}, Sales: noSales{},
		Printer: Paper{}, Signer: pen{}, Checker: pen{}, Post: post{w}, Events: w.Events, Queue: w.Queue, Clock: w.Clock, BaseURL: &url.URL{Scheme: "https", Host: "rinnovi.esempio.example"}}
	w.Clerk = rinnova.Actor{AccountID: "clerk", Username: "OPERATORE.UNO", Name: "Operatore Uno", Role: rinnova.RoleClerk}
	w.Other = rinnova.Actor{AccountID: "other", Username: "OPERATORE.DUE", Name: "Operatore Due", Role: rinnova.RoleClerk}
	w.Manager = rinnova.Actor{AccountID: "manager", Username: "RESPONSABILE", Name: "Responsabile", Role: rinnova.RoleManager}
	w.Runs = &contract.Runs{Contracts: w.Contracts, Store: w.Lists, Requests: w.Requests, Actor: func(context.Context, string) (rinnova.Actor, error) { return w.Clerk, nil }}
	w.Corrections = &school.Corrections{Store: w.Schools, Events: w.Events, Post: post{w}, Clock: w.Clock}
	w.Queue.Handle(contract.SignJob, w.Contracts.Work())
	w.Queue.Handle(contract.RunJob, w.Runs.Work())
	w.Queue.Handle(campaign.RunJob, w.Seasons.Work())
}

// post plays the mails.
type post struct{ w *World }

func (p post) Confirmed(_ context.Context, c renewal.Confirmation) error {
	p.w.mails.Lock()
	defer p.w.mails.Unlock()
	p.w.Receipts = append(p.w.Receipts, c)
	return nil
}

func (p post) SentBack(_ context.Context, r *renewal.Request, _ *renewal.Revision) error {
	p.w.mails.Lock()
	defer p.w.mails.Unlock()
	p.w.Returned = append(p.w.Returned, *r)
	return nil
}

func (p post) Declined(_ context.Context, v *renewal.View) error {
	p.w.mails.Lock()
	defer p.w.mails.Unlock()
	p.w.Notices = append(p.w.Notices, *v)
	return nil
}

func (p post) Send(_ context.Context, c *contract.Contract) error {
	p.w.mails.Lock()
	defer p.w.mails.Unlock()
	p.w.Sent = append(p.w.Sent, *c)
	return nil
}

func (p post) Decided(_ context.Context, c *school.Correction, _ school.School) error {
	p.w.mails.Lock()
	defer p.w.mails.Unlock()
	p.w.Decided = append(p.w.Decided, *c)
	return nil
}

func (p post) AddressChanged(context.Context, school.School, string) error { return nil }

// Paper plays the printer: its files name what they are and carry what they were made of.
type Paper struct{}

// Contract "draws" a contract.
func (Paper) Contract(d contract.Document) ([]byte, error) { return paper("contratto", d) }

// Reminder "draws" a reminder.
func (Paper) Reminder(r contract.Reminder) ([]byte, error) { return paper("promemoria", r) }

// Terms "draws" terms.
func (Paper) Terms(t terms.Terms, _ supplier.Profile) ([]byte, error) { return paper("condizioni", t) }

func paper(kind string, of any) ([]byte, error) {
	b, err := json.Marshal(of)
	return append([]byte("%PDF-1.7 "+kind+"\n"), b...), err
}

// pen plays the signer.
type pen struct{}

var signature = []byte("\n%signed")

func (pen) Ready() error { return nil }

func (pen) Sign(_ context.Context, pdf []byte, _ string) ([]byte, error) {
	return append(bytes.Clone(pdf), signature...), nil
}

func (pen) Check(pdf []byte) (contract.Signature, error) {
	if !bytes.HasSuffix(pdf, signature) {
		return contract.Signature{}, errors.New("not signed")
	}
	return contract.Signature{Certificate: "c1", Name: "Fornitore", Ours: true}, nil
}

// Order is order data that passes every check.
func Order() renewal.OrderForm {
	return renewal.OrderForm{CIG: GoodCIG, Number: "214/2026", Date: "16/11/2026", Payment: "30"}
}

// StartTicks are the lines that the proposals start with.
func StartTicks() []string {
	return []string{Alunni, Registro, Scrutini, Protocollo, Bilancio, Personale, Inventario, Orario, Libri, Conservazione, PagoPA}
}

// Join adds another school with its proposal, like the second one but with a tax code.
func (w *World) Join(t testing.TB) Party {
	t.Helper()
	w.parties++
	n := w.parties
	s := school.School{ID: fmt.Sprintf("scuola-%d", n), PortalCode: fmt.Sprintf("SG%05d", 100+n), CustomerNumber: fmt.Sprintf("%06d", 5000+n),
		MinistryCode: fmt.Sprintf("RGIC%06d", n), Name: fmt.Sprintf("I.C. N. %d", n), Address: "VIA ROMA 1", Postcode: "97013", Town: "COMISO", ProvinceCode: "RG",
		TaxCode: "91002300886", OfficeCode: "UFZ4QP", Email: fmt.Sprintf("rgic%06d@istruzione.example", n), Pupils: 400 + n%700, PupilsYear: "2024/25"}
	var p Party
	check(t, w.DB.InTx(t.Context(), func(ctx context.Context) error {
		c, err := w.Campaigns.Store.Campaign(ctx, CampaignID)
		if err != nil {
			return err
		}
		p, err = w.party(ctx, c, s)
		return err
	}))
	return p
}

// EventsAbout lists the kinds of what happened to a thing, the oldest first.
func (w *World) EventsAbout(t testing.TB, id string) []event.Kind {
	t.Helper()
	all, err := w.Events.About(t.Context(), id, 1000)
	check(t, err)
	var out []event.Kind
	for _, e := range slices.Backward(all) {
		out = append(out, e.Kind)
	}
	return out
}

// Confirm confirms a school's request with an order and ticks, in band 2 where there are bands.
func (w *World) Confirm(t testing.TB, p Party, order renewal.OrderForm, ticks ...string) *renewal.Revision {
	t.Helper()
	v, err := w.Renewals.View(t.Context(), p.Actor, p.Request)
	check(t, err)
	rev, problems, err := w.Renewals.Confirm(t.Context(), p.Actor, p.Request, renewal.Answer{
		Draft: renewal.Draft{Band: catalog.Band(min(2, v.Proposal.Bands.Count())), Ticks: ticks, Order: order}, Accept: true, Seen: v.Request.Revision, SentBack: v.Request.SentBack, Unchanged: true, Terms: v.Season.Terms.Version,
	})
	check(t, err)
	if len(problems) > 0 {
		t.Fatalf("not confirmed: %v", problems)
	}
	return rev
}

// Process makes the contract of a confirmed request and signs it.
func (w *World) Process(t testing.TB, p Party) *contract.Contract {
	t.Helper()
	v, err := w.Renewals.View(t.Context(), p.Actor, p.Request)
	check(t, err)
	c, err := w.Contracts.Process(t.Context(), w.Clerk, p.Request, v.Request.Revision)
	check(t, err)
	check(t, w.Queue.Drain(t.Context()))
	c, err = w.Lists.Contract(t.Context(), c.ID)
	check(t, err)
	return c
}

// Request reads a school's request.
func (w *World) Request(t testing.TB, p Party) *renewal.Request {
	t.Helper()
	r, err := w.Requests.Request(t.Context(), p.Request)
	check(t, err)
	return r
}

// CampaignID is the campaign's id.
const CampaignID = "rinnovo-2027"

var products = []struct {
	name    string
	license catalog.License
	inCap   bool
	fee     rinnova.Cents // of band 2
	ticked  bool
}{
	{"Alunni Web – scuola dell’obbligo", catalog.FixedTerm, true, 420_00, true},
	{"Registro elettronico", catalog.FixedTerm, true, 680_00, true},
	{"Scrutini e pagelle", catalog.FixedTerm, true, 260_00, true},
	{"Protocollo informatico", catalog.FixedTerm, true, 390_00, true},
	{"Bilancio Web", catalog.FixedTerm, true, 350_00, true},
	{"Personale Web", catalog.FixedTerm, true, 310_00, true},
	{"Inventario", catalog.Perpetual, true, 180_00, true},
	{"Orario delle lezioni", catalog.FixedTerm, true, 145_00, true},
	{"Libri di testo", catalog.Perpetual, true, 60_00, true},
	{"Conservazione a norma 10 GB", catalog.FixedTerm, false, 220_00, true},
	{"Pagamenti e avvisi pagoPA", catalog.FixedTerm, false, 150_00, true},
	{"Privacy Web", catalog.FixedTerm, false, 120_00, false},
	{"Formazione in linea, 5 ore", catalog.FixedTerm, false, 190_00, false},
}

// noSales keeps no record of what schools have.
type noSales struct{}

func (noSales) Sold(context.Context, *contract.Contract, *renewal.View, *renewal.Revision) error {
	return nil
}
