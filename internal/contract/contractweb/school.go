package contractweb

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/web"
)

// ArchivePath is the schools' archive of contracts.
const ArchivePath = "/contratti"

// School serves the schools' archive of contracts.
type School struct {
	Contracts interface {
		Open(ctx context.Context, actor rinnova.Actor, id, name string) (*contract.Contract, []byte, error)
	}
	Lists interface {
		OfSchool(ctx context.Context, schoolID string) ([]contract.Row, error)
	}
	Requests interface {
		OfSchool(ctx context.Context, schoolID string) ([]renewal.Request, error)
	}
	Seasons renewal.Seasons
	Merged  func(ctx context.Context, schoolID string) ([]school.School, error) // those that go on in a school; nil: none
	Shell   func(*http.Request) web.Shell
	Actor   func(context.Context) rinnova.Actor // who has logged in
}

// Routes are the schools' pages of contracts; m lets only schools in.
func (h *School) Routes(m *web.Mux) {
	m.Handle("GET "+ArchivePath, h.archive)
	m.Handle("GET "+ArchivePath+"/{id}/{file}", h.download)
}

// archive is the contracts of a school by year.
type archive struct {
	Total    int // all contracts
	Years    []archiveYear
	AllYears []int
	Year     int          // of the filter; 0: all
	Kind     renewal.Kind // of the filter; empty: all
	Underway []underway
	Address  string // of the page, with its filter
	Again    bool   // the page is open and asks again
}

// waits tells whether a contract is still in preparation.
func (a *archive) waits() bool {
	return slices.ContainsFunc(a.Years, func(y archiveYear) bool {
		return slices.ContainsFunc(y.Rows, func(x contract.Row) bool { return x.Size == 0 })
	})
}

// told is read out when no contract is in preparation any more.
func (a *archive) told(l locale.Lang) string {
	if !a.Again || a.waits() {
		return ""
	}
	return l.T("Il contratto è firmato: ora si può scaricare.")
}

// archiveYear is the contracts whose period begins in a year.
type archiveYear struct {
	Year int
	Rows []contract.Row
}

// underway is a request that has no contract yet.
type underway struct {
	Season  string
	Request renewal.Request
}

func (h *School) archive(w http.ResponseWriter, r *http.Request) error {
	schoolID := h.Actor(r.Context()).SchoolID
	rows, err := h.rows(r.Context(), schoolID)
	if err != nil {
		return err
	}
	a := sortArchive(rows)
	a.filter(r.URL.Query().Get("anno"), renewal.Kind(r.URL.Query().Get("tipo")))
	a.Address = r.URL.RequestURI()
	if web.IsPartial(r) {
		a.Again = true
		return web.Render(w, r, http.StatusOK, archiveYears(a))
	}
	if a.Underway, err = h.underway(r.Context(), schoolID); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, archivePage(h.Shell(r), a))
}

// rows are the contracts of a school, and then those of the schools that go on in it, with their names.
func (h *School) rows(ctx context.Context, schoolID string) ([]contract.Row, error) {
	rows, err := h.Lists.OfSchool(ctx, schoolID)
	if err != nil || h.Merged == nil {
		return rows, err
	}
	merged, err := h.Merged(ctx, schoolID)
	if err != nil {
		return nil, err
	}
	for _, m := range merged {
		theirs, err := h.Lists.OfSchool(ctx, m.ID)
		if err != nil {
			return nil, err
		}
		for _, x := range theirs {
			x.School = m.ShortName
			rows = append(rows, x)
		}
	}
	return rows, nil
}

// sortArchive puts contracts into years, the newest first.
func sortArchive(rows []contract.Row) *archive {
	a := &archive{Total: len(rows)}
	byYear := map[int][]contract.Row{}
	for _, x := range rows {
		byYear[x.Period.From.Year] = append(byYear[x.Period.From.Year], x)
	}
	for y := range byYear {
		a.AllYears = append(a.AllYears, y)
	}
	slices.Sort(a.AllYears)
	slices.Reverse(a.AllYears)
	for _, y := range a.AllYears {
		a.Years = append(a.Years, archiveYear{y, byYear[y]})
	}
	return a
}

// filter keeps the year and the kind asked for; what is no year or kind of the archive asks for all.
func (a *archive) filter(year string, kind renewal.Kind) {
	if y, err := strconv.Atoi(year); err == nil && slices.Contains(a.AllYears, y) {
		a.Year = y
		a.Years = slices.DeleteFunc(a.Years, func(x archiveYear) bool { return x.Year != y })
	}
	if !slices.Contains(renewal.Kinds, kind) {
		return
	}
	a.Kind = kind
	for i := range a.Years {
		a.Years[i].Rows = slices.DeleteFunc(a.Years[i].Rows, func(x contract.Row) bool { return x.Kind != kind })
	}
	a.Years = slices.DeleteFunc(a.Years, func(x archiveYear) bool { return len(x.Rows) == 0 })
}

// underway are the requests that may still become contracts.
func (h *School) underway(ctx context.Context, schoolID string) ([]underway, error) {
	requests, err := h.Requests.OfSchool(ctx, schoolID)
	if err != nil {
		return nil, err
	}
	var out []underway
	for _, q := range requests {
		if q.State.Closed() {
			continue
		}
		season, err := h.Seasons.Season(ctx, q.CampaignID)
		if err != nil {
			return nil, fmt.Errorf("request %s: %w", q.Number, err)
		}
		out = append(out, underway{season.Name, q})
	}
	return out, nil
}

// download sends the signed original, byte for byte.
func (h *School) download(w http.ResponseWriter, r *http.Request) error {
	return sendOriginal(w, r, h.Contracts.Open, h.Actor(r.Context()))
}

// sendOriginal sends the signed file of the contract that the address names, by its id and by its name.
func sendOriginal(w http.ResponseWriter, r *http.Request, open func(context.Context, rinnova.Actor, string, string) (*contract.Contract, []byte, error), actor rinnova.Actor) error {
	if !rinnova.IsID(r.PathValue("id")) {
		return rinnova.Fail(rinnova.NotFound, "Questo contratto non c’è, o non è della vostra scuola.")
	}
	c, data, err := open(r.Context(), actor, r.PathValue("id"), r.PathValue("file"))
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "private, no-store")
	return web.PDF(w, c.FileName(), false, data)
}
