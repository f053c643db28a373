package letterweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"rinnova"
	"rinnova/internal/letter"
	"rinnova/internal/locale"
	"rinnova/internal/school"
	"rinnova/internal/web"
)

// OfficePath is the office's list of letters; a school's page is below it, by the school's id.
const OfficePath = "/ufficio/lettere"

// fieldSeen is the signed file that the clerk looked at.
const fieldSeen = "visto"

// Office serves the office's pages of letters; m lets only the office in.
type Office struct {
	Letters Service
	Lists   letter.Lists
	Schools letter.Schools
	Clock   rinnova.Clock
	Actor   func(context.Context) rinnova.Actor // who has logged in
	Shell   func(*http.Request) web.Shell
	Flash   func(ctx context.Context, text string) // carries a success to the next page
}

// Routes are the office's pages.
func (o *Office) Routes(m *web.Mux) {
	m.Handle("GET "+OfficePath, o.list)
	m.Handle("GET "+OfficePath+".csv", o.export)
	m.Handle("GET "+OfficePath+"/{id}", o.show)
	m.Handle("GET "+OfficePath+"/{id}/accetta", o.askAccept)
	m.Handle("POST "+OfficePath+"/{id}/accetta", o.accept)
	m.Handle("GET "+OfficePath+"/{id}/rifare", o.askRedo)
	m.Handle("POST "+OfficePath+"/{id}/rifare", o.redo)
	m.Handle("GET "+OfficePath+"/{id}/{doc}/{file}", o.download)
}

const lettersPerPage = 50

// The names of what chooses schools in addresses.
const (
	paramView   = "vista"
	paramSearch = "cerca"
	paramPage   = "pagina"
)

// views are the ways to look at the list, by their names in addresses; the first is the one to begin with.
var views = []struct {
	key   string
	label rinnova.Text
	state letter.State
	all   bool
}{
	{"controllare", rinnova.Say("Da controllare"), letter.Sent, false},
	{"rifare", rinnova.Say("Da rifare"), letter.ToRedo, false},
	{"firmare", rinnova.Say("Da firmare"), letter.Prepared, false},
	{"preparare", rinnova.Say("Da preparare"), letter.Missing, false},
	{"accettate", rinnova.Say("Accettate"), letter.Accepted, false},
	{"tutte", rinnova.Say("Tutte le scuole"), letter.Missing, true},
}

// officeList is what the list shows.
type officeList struct {
	View   int
	Filter letter.Filter
	Page   int
	Total  int
	Rows   []letter.Row
	Counts map[letter.State]int
}

func parseList(v url.Values) *officeList {
	p := &officeList{Page: 1, Filter: letter.Filter{Limit: lettersPerPage}}
	for i, x := range views {
		if x.key == v.Get(paramView) {
			p.View = i
		}
	}
	p.Filter.State, p.Filter.All = views[p.View].state, views[p.View].all
	p.Filter.Search = web.Searched(v.Get(paramSearch))
	if n, err := strconv.Atoi(v.Get(paramPage)); err == nil {
		p.Page = max(1, n)
	}
	return p
}

func (o *Office) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p := parseList(r.URL.Query())
	var err error
	if p.Total, err = o.Lists.Count(ctx, p.Filter); err != nil {
		return err
	}
	p.Page = max(1, min(p.Page, p.pages()))
	p.Filter.Offset = (p.Page - 1) * lettersPerPage
	if p.Rows, err = o.Lists.List(ctx, p.Filter); err != nil {
		return err
	}
	if p.Counts, err = o.Lists.Counts(ctx); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, lettersPage(o.Shell(r).At(OfficePath), p))
}

func (p *officeList) pages() int { return (p.Total + lettersPerPage - 1) / lettersPerPage }

func (p *officeList) address(path string, view, page int) string {
	v := url.Values{}
	if view > 0 {
		v.Set(paramView, views[view].key)
	}
	if p.Filter.Search != "" {
		v.Set(paramSearch, p.Filter.Search)
	}
	if page > 1 {
		v.Set(paramPage, strconv.Itoa(page))
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// tabs are the views with their counts, which are of all schools.
func (p *officeList) tabs(l locale.Lang) []web.Link {
	all := 0
	for _, n := range p.Counts {
		all += n
	}
	var out []web.Link
	for i, x := range views {
		n := p.Counts[x.state]
		if x.all {
			n = all
		}
		out = append(out, web.Link{Text: l.Text(x.label), Href: p.address(OfficePath, i, 1), Count: locale.Count(n), Current: i == p.View})
	}
	return out
}

func (p *officeList) pager() web.Pager {
	out := web.Pager{From: p.Filter.Offset + 1, To: p.Filter.Offset + len(p.Rows), Total: p.Total}
	if p.Page > 1 {
		out.Previous = p.address(OfficePath, p.View, p.Page-1)
	}
	if p.Page < p.pages() {
		out.Next = p.address(OfficePath, p.View, p.Page+1)
	}
	return out
}

func (p *officeList) counted(l locale.Lang) string {
	if p.Total == 1 {
		return l.T("1 scuola")
	}
	return l.T("%s scuole", locale.Count(p.Total))
}

// signedAs says in a word what the last signed file is.
func signedAs(l locale.Lang, f *letter.Facts) string {
	switch {
	case f == nil:
		return ""
	case f.Altered():
		return l.T("firma non valida")
	case f.Rewritten():
		return l.T("testo cambiato")
	case len(f.Signatures) == 0:
		return l.T("senza firma digitale")
	}
	return l.T("firma digitale: %s", f.Signatures[0].Signer)
}

// maxExport is more schools than there are.
const maxExport = 100_000

// export writes the schools that the filter chooses as CSV.
func (o *Office) export(w http.ResponseWriter, r *http.Request) error {
	p := parseList(r.URL.Query())
	p.Filter.Limit = maxExport
	l := web.LangOf(r.Context())
	return web.ExportCSV(w, r, "lettere-"+views[p.View].key+"-"+o.Clock.Today().String()+".csv", func(ctx context.Context, table *web.Sheet) error {
		rows, err := o.Lists.List(ctx, p.Filter)
		if err != nil {
			return err
		}
		table.Add(l.T("Scuola"), l.T("Comune"), l.T("Provincia"), l.T("Codice portale"), l.T("Meccanografico"), l.T("E-mail"), l.T("Stato"), l.T("Dal"), l.T("Firma"))
		for _, x := range rows {
			since := ""
			if !x.At.IsZero() {
				since = x.At.In(rinnova.Rome).Format("02/01/2006 15:04")
			}
			town := school.DisplayPlace(x.Town)
			table.Add(school.Bare(x.School, town), town, x.Province, x.PortalCode, x.Ministry, x.Email, l.Text(x.State.Label()), since, signedAs(l, x.Facts))
		}
		return nil
	})
}

// officeLetter is what the office's page of a school shows.
type officeLetter struct {
	*letter.History
	School  school.School
	Reason  string
	State   web.FormState
	Refused rinnova.Text
}

func (o *Office) read(r *http.Request) (*officeLetter, error) {
	id := r.PathValue("id")
	// Ids of schools are not all made by rinnova.NewID; whatever is no id finds nothing.
	s, err := o.Schools.School(r.Context(), id)
	if err != nil {
		return nil, err
	}
	h, err := o.Letters.History(r.Context(), o.Actor(r.Context()), id)
	return &officeLetter{History: h, School: s}, err
}

func (o *Office) show(w http.ResponseWriter, r *http.Request) error {
	p, err := o.read(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, officeLetterPage(o.Shell(r).At(OfficePath), p))
}

func (o *Office) download(w http.ResponseWriter, r *http.Request) error {
	doc, name := r.PathValue("doc"), r.PathValue("file")
	if !rinnova.IsID(doc) {
		return notFound()
	}
	data, err := o.Letters.Open(r.Context(), o.Actor(r.Context()), r.PathValue("id"), doc, name)
	if err != nil {
		return err
	}
	return send(w, name, data)
}

// SchoolPath is the office's page of a school's letter.
func SchoolPath(id string) string { return OfficePath + "/" + url.PathEscape(id) }

func (p *officeLetter) preparedPath(x *letter.Letter, extension string) string {
	return SchoolPath(p.School.ID) + "/" + x.ID + "/" + x.FileName(extension)
}

func (p *officeLetter) acceptancePath(c *letter.Signed) string {
	return SchoolPath(p.School.ID) + "/" + c.ID + "/" + c.AcceptanceName(p.Last().Document.School.MinistryCode)
}

func (p *officeLetter) signedPath(c *letter.Signed) string {
	return SchoolPath(p.School.ID) + "/" + c.ID + "/" + c.FileName(p.Last().Document.School.MinistryCode)
}
