package contractweb

import (
	"context"
	"net/http"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/web"
)

// Paths of the office's pages.
const (
	OfficePath   = "/ufficio/contratti"
	RunsPath     = "/ufficio/lavorazioni"
	ProcessPath  = "/ufficio/elabora"
	RequestsPath = "/ufficio/richieste" // the work list, which package renewalweb serves
)

// RequestPath is the office's page of a request.
func RequestPath(id string) string { return RequestsPath + "/" + id }

// FilePath is where the office downloads a signed contract.
func FilePath(c *contract.Contract) string { return OfficePath + "/" + c.ID + "/" + c.FileName() }

// RowPath is the same for a contract of a list.
func RowPath(c contract.Row) string { return OfficePath + "/" + c.ID + "/" + c.FileName() }

// Office serves the office's pages about contracts and runs. Its routes belong behind the guard of the office.
type Office struct {
	Runs interface {
		Start(ctx context.Context, actor rinnova.Actor, chosen []contract.Chosen) (*contract.Run, error)
	}
	Progress interface {
		Runs(ctx context.Context, limit int) ([]contract.Progress, error)
		Progress(ctx context.Context, runID string) (*contract.Progress, error)
	}
	Contracts interface {
		Open(ctx context.Context, actor rinnova.Actor, id, name string) (*contract.Contract, []byte, error)
	}
	Lists contract.Lists
	Actor func(context.Context) rinnova.Actor // who has logged in
	Clock rinnova.Clock
	Shell func(*http.Request) web.Shell
}

// MaxSelection bounds a form with FieldChosen: contract.MaxRun requests of 41 bytes each, and what there is to look at in some.
const MaxSelection = 2 << 20

// Routes are the office's pages about contracts and runs.
func (o *Office) Routes(m *web.Mux) {
	m.Limit(MaxSelection).Handle("POST "+ProcessPath, o.start)
	m.Handle("GET "+RunsPath, o.runs)
	m.Handle("GET "+RunsPath+"/{id}", o.run)
	m.Handle("GET "+OfficePath, o.list)
	m.Handle("GET "+OfficePath+"/{id}/{file}", o.download)
}
