package renewalweb

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/web"
)

// Fields of the form of the selected.
const (
	fieldPicked = contractweb.FieldChosen // a request at the confirmation that was seen
	fieldAll    = "tutto"                 // everything that the filter chooses
)

// selection is what the page before a run shows: the requests as they stand now.
type selection struct {
	Query   listQuery
	Rows    []renewal.Row // can be processed at the confirmation that was seen
	Changed []renewal.Row // the school confirmed again after they were chosen
	Closed  []renewal.Row // in a state that cannot be processed
	Wrong   []renewal.Row // whose amounts are not what was confirmed: they are refused
	Taxable rinnova.Cents
	Warned  []renewal.Row     // among Rows
	Waiting map[string]string // by portal code: the id of a correction of the school's data that waits for the office
}

// warned tells whether a clerk should look at a request before it is processed.
func (s *selection) warned(row renewal.Row) bool {
	return len(row.Looks) > 0
}

func (s *selection) add(row renewal.Row, seen int) {
	switch {
	case !row.State.Allows(renewal.Process):
		s.Closed = append(s.Closed, row)
		return
	case row.Revision != seen:
		s.Changed = append(s.Changed, row)
		return
	}
	s.take(row)
}

// take puts a request among those to be processed.
func (s *selection) take(row renewal.Row) {
	s.Rows = append(s.Rows, row)
	s.Taxable += row.Taxable
	if s.warned(row) {
		s.Warned = append(s.Warned, row)
	}
}

// chosen writes requests for the form that starts a run.
func chosen(rows []renewal.Row) string {
	list := make([]contract.Chosen, len(rows))
	for i, row := range rows {
		list[i] = contract.Chosen{RequestID: row.ID, Revision: row.Revision, Looks: row.Looks}
	}
	return contractweb.JoinChosen(list)
}

// vouchedFor bounds how many requests the page before a run holds against the record: each is read whole. Processing asks of every one.
const vouchedFor = 500

// vouch leaves out those of the first requests whose amounts are not what was confirmed.
func (o *Office) vouch(ctx context.Context, s *selection) error {
	all := s.Rows
	s.Rows, s.Warned, s.Taxable = nil, nil, 0
	for i, row := range all {
		if i < vouchedFor {
			wrong, err := o.wrong(ctx, row)
			if err != nil {
				return err
			}
			if wrong {
				s.Wrong = append(s.Wrong, row)
				continue
			}
		}
		s.take(row)
	}
	return nil
}

func (o *Office) wrong(ctx context.Context, row renewal.Row) (bool, error) {
	_, proposal, err := o.Confirmations.RequestAndProposal(ctx, row.ID)
	if err != nil {
		return false, err
	}
	rev, err := o.Confirmations.Revision(ctx, row.ID, row.Revision)
	if err != nil {
		return false, err
	}
	why, err := o.Processor.Vouch(ctx, proposal, rev)
	return !why.IsZero(), err
}

// calm are the requests without warnings.
func (s *selection) calm() []renewal.Row {
	var out []renewal.Row
	for _, row := range s.Rows {
		if !s.warned(row) {
			out = append(out, row)
		}
	}
	return out
}

// confirmRun shows what is about to be processed and asks. It changes nothing, so it may be opened again.
func (o *Office) confirmRun(w http.ResponseWriter, r *http.Request) error {
	s, err := o.selected(r.Context(), r.URL.Query())
	if err != nil {
		return err
	}
	if err := o.vouch(r.Context(), s); err != nil {
		return err
	}
	campaigns, err := o.Campaigns.Campaigns(r.Context())
	if err != nil {
		return err
	}
	c, _ := choose(campaigns, s.Query.Campaign, o.Clock.Today())
	return web.Render(w, r, http.StatusOK, confirmRunPage(o.shell(r, c), s))
}

// selected finds the requests that a form names: one by one, at the confirmations that were seen, or by the filter, as
// they stand now.
func (o *Office) selected(ctx context.Context, v url.Values) (*selection, error) {
	s := &selection{Query: parseList(v), Waiting: map[string]string{}}
	if o.Corrections != nil {
		waiting, err := o.Corrections.CorrectionList(ctx, school.WaitingCorrections, "", contract.MaxRun, 0)
		if err != nil {
			return nil, err
		}
		for _, c := range waiting {
			s.Waiting[c.PortalCode] = c.ID
		}
	}
	if v.Get(fieldAll) == "" {
		return s, o.pickedOneByOne(ctx, v[fieldPicked], s)
	}
	campaigns, err := o.Campaigns.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	c, _ := choose(campaigns, s.Query.Campaign, o.Clock.Today())
	f := s.Query.filter(c.ID, o.Actor(ctx).AccountID)
	f.Limit = contract.MaxRun
	rows, err := o.Lists.List(ctx, f)
	for _, row := range rows {
		s.add(row, row.Revision)
	}
	return s, err
}

func (o *Office) pickedOneByOne(ctx context.Context, fields []string, s *selection) error {
	list, err := contractweb.ParseChosen(fields)
	if err != nil {
		return err
	}
	var ids []string
	seen := map[string]int{}
	for _, c := range list {
		ids = append(ids, c.RequestID)
		seen[c.RequestID] = c.Revision
	}
	rows, err := o.Lists.Rows(ctx, ids)
	for _, row := range rows {
		s.add(row, seen[row.ID])
	}
	return err
}

// takeMany takes the selected in charge: those ticked in the list, or those of the page before a run.
func (o *Office) takeMany(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	list, err := contractweb.ParseChosen(r.PostForm[fieldPicked])
	if err != nil {
		return err
	}
	q := parseList(r.PostForm)
	if len(list) == 0 {
		return rinnova.Fail(rinnova.Invalid, "Non avete selezionato nessuna richiesta. Tornate all’elenco e spuntatene almeno una.")
	}
	var seen []renewal.Seen
	for _, c := range list {
		seen = append(seen, renewal.Seen{RequestID: c.RequestID, Revision: c.Revision})
	}
	taken, refused, err := o.Clerks.TakeAll(r.Context(), o.Actor(r.Context()), seen)
	if err != nil {
		return err
	}
	if len(refused) == 0 {
		o.Flash(r.Context(), takenInCharge(web.LangOf(r.Context()), taken))
		return web.Redirect(w, r, q.address(WorkListPath))
	}
	return o.showRefused(w, r, q, taken, refused)
}

func takenInCharge(l locale.Lang, n int) string {
	if n == 1 {
		return l.T("1 richiesta presa in carico")
	}
	return l.T("%s richieste prese in carico", locale.Count(n))
}

// refusedRow is a request that was not taken in charge, and why.
type refusedRow struct {
	renewal.Row
	Why rinnova.Text
}

// showRefused tells which of the selected were not taken in charge.
func (o *Office) showRefused(w http.ResponseWriter, r *http.Request, q listQuery, taken int, refused []renewal.Refusal) error {
	var rows []refusedRow
	for _, x := range refused {
		found, err := o.Lists.Rows(r.Context(), []string{x.RequestID})
		if err != nil {
			return err
		}
		row := renewal.Row{ID: x.RequestID}
		if len(found) > 0 {
			row = found[0]
		}
		rows = append(rows, refusedRow{row, x.Why})
	}
	return web.Render(w, r, http.StatusConflict, refusedPage(o.Shell(r).At(WorkListPath), q, taken, rows))
}

// hidden are the values of the query for a form, in a fixed order.
func (q listQuery) hidden() []web.Datum {
	var out []web.Datum
	for pair := range strings.SplitSeq(q.values().Encode(), "&") {
		name, value, ok := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(value); ok && err == nil {
			out = append(out, web.Datum{Label: name, Value: plain})
		}
	}
	return out
}

// confirmTitle is the question that the page before a run asks.
func (s *selection) title(l locale.Lang) string {
	switch n := len(s.Rows); n {
	case 0:
		return l.T("Nessuna richiesta da elaborare")
	case 1:
		return l.T("Elaborare 1 richiesta?")
	default:
		return l.T("Elaborare %s richieste?", locale.Count(n))
	}
}

// openWarned is how many requests with warnings the page before a run lists openly; the others are behind a click, so that its buttons
// stay within reach.
const openWarned = 100

// calmLabel is the button that leaves requests with warnings out.
func calmLabel(l locale.Lang, n int) string {
	if n == 1 {
		return l.T("Elabora solo quella senza avvisi")
	}
	return l.T("Elabora solo le %s senza avvisi", locale.Count(n))
}

// wholeLabel is the button that processes all of them: it says so where some have warnings.
func (s *selection) wholeLabel(l locale.Lang) string {
	n, warned := len(s.Rows), len(s.Warned)
	switch {
	case n == 1 && warned == 1:
		return l.T("Elabora la richiesta, che ha avvisi")
	case n == 1:
		return l.T("Elabora la richiesta")
	case warned == 0:
		return l.T("Elabora le %s richieste", locale.Count(n))
	case warned == n:
		return l.T("Elabora le %s richieste, tutte con avvisi", locale.Count(n))
	case warned == 1:
		return l.T("Elabora tutte le %s, anche quella con avvisi", locale.Count(n))
	}
	return l.T("Elabora tutte le %s, anche le %s con avvisi", locale.Count(n), locale.Count(warned))
}
