package schoolweb

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/school"
	"rinnova/internal/web"
)

// Lists reads the corrections of all schools. The store does it.
type Lists interface {
	CorrectionCounts(ctx context.Context, search string) (school.CorrectionCounts, error)
	CorrectionList(ctx context.Context, v school.CorrectionView, search string, limit, offset int) ([]school.CorrectionRow, error)
}

// Office serves the office's pages of corrections. Its routes belong behind the guard of the office.
type Office struct {
	Corrections *school.Corrections
	Lists       Lists
	Actor       func(context.Context) rinnova.Actor // who has logged in
	Shell       func(*http.Request) web.Shell
	Flash       func(ctx context.Context, sentence string) // a small success, for the next page
}

// Routes are the office's pages of corrections.
func (o *Office) Routes(m *web.Mux) {
	m.Handle("GET "+OfficePath, o.list)
	m.Handle("GET "+OfficePath+"/{id}", o.show)
	m.Handle("POST "+OfficePath+"/{id}", o.decide)
}

const correctionsPerPage = 50

// The names of what chooses corrections in addresses.
const (
	paramView   = "vista"
	paramSearch = "cerca"
	paramPage   = "pagina"
)

// views are the values of paramView. The list begins with what waits.
var views = map[string]school.CorrectionView{"": school.WaitingCorrections, "decise": school.DecidedCorrections, "tutte": school.AllCorrections}

// listPage is what the list shows.
type listPage struct {
	View   string // a key of views
	Search string
	Page   int
	Rows   []school.CorrectionRow
	Counts school.CorrectionCounts // of what the search chooses
}

func (o *Office) list(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	p := &listPage{View: q.Get(paramView), Search: web.Searched(q.Get(paramSearch)), Page: 1}
	if _, known := views[p.View]; !known {
		p.View = ""
	}
	var err error
	if p.Counts, err = o.Lists.CorrectionCounts(ctx, p.Search); err != nil {
		return err
	}
	if n, err := strconv.Atoi(q.Get(paramPage)); err == nil {
		p.Page = max(1, min(n, p.pages()))
	}
	if p.Rows, err = o.Lists.CorrectionList(ctx, views[p.View], p.Search, correctionsPerPage, (p.Page-1)*correctionsPerPage); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, correctionsPage(o.Shell(r).At(OfficePath), p))
}

// total is how many corrections the view has.
func (p *listPage) total(view string) int {
	switch views[view] {
	case school.WaitingCorrections:
		return p.Counts.Waiting
	case school.DecidedCorrections:
		return p.Counts.All - p.Counts.Waiting
	}
	return p.Counts.All
}

func (p *listPage) pages() int {
	return (p.total(p.View) + correctionsPerPage - 1) / correctionsPerPage
}

func (p *listPage) address(view string, page int) string {
	v := url.Values{}
	if view != "" {
		v.Set(paramView, view)
	}
	if p.Search != "" {
		v.Set(paramSearch, p.Search)
	}
	if page > 1 {
		v.Set(paramPage, strconv.Itoa(page))
	}
	if len(v) == 0 {
		return OfficePath
	}
	return OfficePath + "?" + v.Encode()
}

func (p *listPage) tabs(l locale.Lang) []web.Link {
	tab := func(view, text string) web.Link {
		return web.Link{Text: text, Href: p.address(view, 1), Count: locale.Count(p.total(view)), Current: view == p.View}
	}
	return []web.Link{tab("", l.T("In attesa")), tab("decise", l.T("Decise")), tab("tutte", l.T("Tutte"))}
}

func (p *listPage) pager() web.Pager {
	first := (p.Page-1)*correctionsPerPage + 1
	out := web.Pager{From: first, To: first + len(p.Rows) - 1, Total: p.total(p.View)}
	if p.Page > 1 {
		out.Previous = p.address(p.View, p.Page-1)
	}
	if p.Page < p.pages() {
		out.Next = p.address(p.View, p.Page+1)
	}
	return out
}

// names are the fields of a correction in one line.
func names(l locale.Lang, fields []school.Field) string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = l.Text(f.Label())
	}
	return strings.Join(out, ", ")
}

// correctionPage is what the page of a correction shows.
type correctionPage struct {
	*school.Correction
	School  school.School // as it is today
	Chosen  map[school.Field]string
	Reasons map[school.Field]string
	State   web.FormState
	Refused *rinnova.Error // nothing was written, and why
}

// The answers of a clerk.
const (
	answerAccept = "accetta"
	answerReject = "rifiuta"
	answerLater  = ""
	fieldAll     = "tutte" // accepts all that waits
)

// seenToday is the name of the hidden field that says which value the clerk saw as today's.
func seenToday(f school.Field) string { return "today-" + string(f) }

// page reads the correction that an address names.
func (o *Office) page(r *http.Request) (*correctionPage, error) {
	id := r.PathValue("id")
	if !rinnova.IsID(id) {
		return nil, rinnova.Fail(rinnova.NotFound, "Questa correzione non c’è.")
	}
	p := &correctionPage{Chosen: map[school.Field]string{}, Reasons: map[school.Field]string{}}
	var err error
	p.Correction, p.School, err = o.Corrections.Show(r.Context(), o.Actor(r.Context()), id)
	return p, err
}

func (o *Office) show(w http.ResponseWriter, r *http.Request) error {
	p, err := o.page(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, decidePage(o.Shell(r).At(OfficePath), p))
}

func (o *Office) decide(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	p, err := o.page(r)
	if err != nil {
		return err
	}
	decisions := p.read(r.PostForm)
	l := web.LangOf(r.Context())
	if len(decisions) == 0 {
		p.Refused = rinnova.Fail(rinnova.Invalid, "Scegliete per almeno un dato se accettare la correzione.")
		return o.refuse(w, r, p)
	}
	problems, err := o.Corrections.Decide(r.Context(), o.Actor(r.Context()), p.ID, decisions)
	if why, ok := errors.AsType[*rinnova.Error](err); ok && (why.Kind == rinnova.Conflict || why.Kind == rinnova.Invalid) {
		return o.overtaken(w, r, p, why)
	}
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		p.State.Problems = problems
		return web.Render(w, r, http.StatusUnprocessableEntity, decidePage(o.Shell(r).At(OfficePath), p))
	}
	o.Flash(r.Context(), l.T("Decisione registrata"))
	return web.Redirect(w, r, ShowPath(p.ID))
}

// read takes the decisions from a form, and keeps them for the page if it has to come back.
func (p *correctionPage) read(form url.Values) []school.Decision {
	var out []school.Decision
	for _, i := range p.Items {
		answer := form.Get(school.DecisionField(i.Field))
		if form.Has(fieldAll) && i.State == school.Open {
			answer = answerAccept
		}
		reason := paragraphs(form.Get(school.ReasonField(i.Field)))
		p.Chosen[i.Field], p.Reasons[i.Field] = answer, reason
		if answer == answerAccept || answer == answerReject {
			out = append(out, school.Decision{Field: i.Field, Accept: answer == answerAccept, Reason: reason, Seen: form.Get(seenToday(i.Field))})
		}
	}
	return out
}

// overtaken shows the correction as it is now, with what was chosen and why nothing was written.
func (o *Office) overtaken(w http.ResponseWriter, r *http.Request, p *correctionPage, why *rinnova.Error) error {
	now, err := o.page(r)
	if err != nil {
		return err
	}
	now.Chosen, now.Reasons, now.Refused = p.Chosen, p.Reasons, why
	return o.refuse(w, r, now)
}

func (o *Office) refuse(w http.ResponseWriter, r *http.Request, p *correctionPage) error {
	return web.Render(w, r, web.Status(p.Refused), decidePage(o.Shell(r).At(OfficePath), p))
}

// asker says who asks, and when.
func (p *correctionPage) asker(l locale.Lang) string {
	if p.FromRegistry() {
		return l.T("L’anagrafe del Ministero, importata il %s, dice altro di dati che la scuola ha fatto correggere", locale.When(p.At))
	}
	return l.T("Chiesta da %s il %s", p.By.Username, locale.When(p.At))
}

// decided says who decided on an item, and when.
func decided(l locale.Lang, i school.Item) string {
	if i.DecidedName == "" {
		return l.Text(locale.When(i.DecidedAt))
	}
	return l.T("%s, %s", i.DecidedName, locale.When(i.DecidedAt))
}

// open tells whether something waits for a decision.
func (p *correctionPage) open() bool {
	return slices.ContainsFunc(p.Items, func(i school.Item) bool { return i.State == school.Open })
}

// options are the answers that a clerk can give.
func options(l locale.Lang) []web.Option {
	return []web.Option{{Value: answerAccept, Text: l.T("Accetta")}, {Value: answerReject, Text: l.T("Non accettare")}, {Value: answerLater, Text: l.T("Decidi dopo")}}
}
