package renewalweb

import (
	"context"
	"net/http"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/event"
	"rinnova/internal/outbox"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/web"
)

// Paths of the office's pages about requests.
const (
	OfficeHome   = "/ufficio"
	WorkListPath = contractweb.RequestsPath
	ProductsPath = WorkListPath + "/prodotti.csv" // what the chosen requests renew, one product a row
)

// Clerks is what the office does with requests. *renewal.Service does it.
type Clerks interface {
	View(ctx context.Context, actor rinnova.Actor, id string) (*renewal.View, error)
	AskOrder(ctx context.Context, v *renewal.View) (renewal.Order, rinnova.Problems, error)
	TakeInCharge(ctx context.Context, actor rinnova.Actor, id string, revision int, from string) error
	TakeAll(ctx context.Context, actor rinnova.Actor, seen []renewal.Seen) (taken int, refused []renewal.Refusal, err error)
	Return(ctx context.Context, actor rinnova.Actor, id string, revision int, reason string) error
	Reopen(ctx context.Context, actor rinnova.Actor, id string) error
	Printed(ctx context.Context, actor rinnova.Actor, r *renewal.Request) error
}

// Confirmations reads what schools confirmed. The store of requests does it.
type Confirmations interface {
	Revisions(ctx context.Context, requestID string) ([]renewal.Revision, error)
	Revision(ctx context.Context, requestID string, number int) (*renewal.Revision, error)
	RequestAndProposal(ctx context.Context, id string) (*renewal.Request, *renewal.Proposal, error)
	SameCIG(ctx context.Context, cig, requestID string) ([]renewal.CIGUse, error)
}

// Office serves the office's pages about requests: the work list, each request, and what clerks do with them. Its routes
// belong behind the guard of the office.
type Office struct {
	Clerks        Clerks
	Lists         renewal.WorkLists
	Confirmations Confirmations
	Contracts     Contracts
	Vendors       renewal.Vendors
	Actor         func(context.Context) rinnova.Actor // who has logged in
	Clock         rinnova.Clock
	Shell         func(*http.Request) web.Shell
	Flash         func(ctx context.Context, sentence string) // a small success, for the next page

	Campaigns interface {
		Campaigns(ctx context.Context) ([]campaign.Campaign, error) // the newest first
	}
	Prices interface {
		PriceList(ctx context.Context, id string) (catalog.PriceList, error)
	}
	Processor interface {
		Process(ctx context.Context, actor rinnova.Actor, requestID string, revision int) (*contract.Contract, error)
		// Vouch says what is wrong with the amounts of a confirmation: it is not processed then.
		Vouch(ctx context.Context, p *renewal.Proposal, rev *renewal.Revision) (rinnova.Text, error)
	}
	// Held says what of a confirmation the school has already; zero where there is nothing; nil: nobody knows.
	Held   func(ctx context.Context, v *renewal.View, rev *renewal.Revision) (rinnova.Text, error)
	Events interface {
		About(ctx context.Context, id string, limit int) ([]event.Event, error) // the newest first
	}
	Mails interface {
		About(ctx context.Context, id string) ([]outbox.Message, error)
	}
	Printer interface {
		Reminder(r contract.Reminder) ([]byte, error)
	}
	// Corrections finds the corrections of schools' data that wait for the office: those of one school by id, the oldest first, and all
	// of them. It may be nil.
	Corrections interface {
		WaitingOfSchool(ctx context.Context, schoolID string) ([]string, error)
		CorrectionList(ctx context.Context, v school.CorrectionView, search string, limit, offset int) ([]school.CorrectionRow, error)
	}
}

// Routes are the office's pages about requests.
func (o *Office) Routes(m *web.Mux) {
	m.Handle("GET "+OfficeHome, o.home)
	m.Handle("GET "+WorkListPath, o.list)
	m.Handle("GET "+WorkListPath+".csv", o.export)
	m.Handle("GET "+ProductsPath, o.exportProducts)
	m.Handle("GET "+WorkListPath+"/elabora", o.confirmRun)
	m.Limit(contractweb.MaxSelection).Handle("POST "+WorkListPath+"/prendi", o.takeMany)
	m.Handle("GET "+WorkListPath+"/{id}", o.show)
	m.Handle("GET "+WorkListPath+"/{id}/scuola", o.seen)
	m.Handle("GET "+WorkListPath+"/{id}/promemoria.pdf", o.reminder)
	m.Handle("POST "+WorkListPath+"/{id}/prendi", o.take)
	m.Handle("GET "+WorkListPath+"/{id}/rimanda", o.returnForm)
	m.Handle("POST "+WorkListPath+"/{id}/rimanda", o.sendBack)
	m.Handle("GET "+WorkListPath+"/{id}/elabora", o.processForm)
	m.Handle("POST "+WorkListPath+"/{id}/elabora", o.process)
	m.Handle("POST "+WorkListPath+"/{id}/riapri", o.reopen)
}

func (o *Office) home(w http.ResponseWriter, r *http.Request) error {
	return web.Redirect(w, r, WorkListPath)
}
