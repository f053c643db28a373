package renewalweb

import (
	"net/url"
	"slices"
	"strconv"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/renewal"
	"rinnova/internal/web"
)

// pageSize is how many requests a page of the work list shows.
const pageSize = 50

// The names of what chooses requests, in addresses and forms.
const (
	paramView     = "vista"
	paramCampaign = contractweb.FieldCampaign
	paramSearch   = "cerca"
	paramState    = "stato"
	paramWarned   = "avvisi"
	paramBand     = "fascia"
	paramProvince = "provincia"
	paramClerk    = "carico"
	paramSort     = "ordine"
	paramPage     = "pagina"
	paramPlace    = "posto" // of a request in the list, from 0
)

// view is a saved way to look at the work list, with its own address.
type view struct {
	Key    string
	Label  rinnova.Text
	Help   rinnova.Text    // what is in it, where the label does not say
	States []renewal.State // that its requests can have
	choose func(f *renewal.Filter, me string)
}

// everything is the view that leaves nothing out.
const everything = "tutte"

// views are all of them, in the order of their tabs; the first one is where clerks begin.
func views() []view {
	waiting := []renewal.State{renewal.Submitted, renewal.InReview}
	return []view{
		{"nuove", rinnova.Say("Da prendere in carico"), rinnova.Text{}, []renewal.State{renewal.Submitted},
			func(f *renewal.Filter, _ string) { f.State = renewal.Submitted }},
		{"mie", rinnova.Say("Assegnate a me"), rinnova.Say("Quelle che avete preso in carico voi, anche se la scuola le ha riconfermate dopo."), waiting,
			func(f *renewal.Filter, me string) { f.Queue, f.Clerk = renewal.Waiting, me }},
		{"avvisi", rinnova.Say("Con avvisi"), rinnova.Say("Inviate o in carico, con qualcosa da guardare. La scuola l’ha visto e confermato, se non è scritto altro."), waiting,
			func(f *renewal.Filter, _ string) { f.Queue, f.Warned = renewal.Waiting, renewal.WithWarnings }},
		{"riconfermate", rinnova.Say("Riconfermate"), rinnova.Say("La scuola le ha confermate di nuovo dopo che qualcuno le aveva prese in carico."), []renewal.State{renewal.Submitted},
			func(f *renewal.Filter, _ string) { f.Queue = renewal.Changed }},
		{"pronte", rinnova.Say("Pronte da elaborare"), rinnova.Say("Prese in carico e non cambiate da allora, oppure inviate senza avvisi e mai riconfermate dopo una presa in carico."), waiting,
			func(f *renewal.Filter, _ string) { f.Queue = renewal.Ready }},
		{"correggere", rinnova.Say("Da correggere"), rinnova.Say("Rimandate alla scuola con un motivo: aspettano una nuova conferma."), []renewal.State{renewal.Returned},
			func(f *renewal.Filter, _ string) { f.State = renewal.Returned }},
		{"elaborate", rinnova.Say("Elaborate"), rinnova.Text{}, []renewal.State{renewal.Processed},
			func(f *renewal.Filter, _ string) { f.State = renewal.Processed }},
		{"senza-risposta", rinnova.Say("Senza risposta"), rinnova.Say("La scuola non ha ancora confermato nulla. L’importo è quello della proposta."), []renewal.State{renewal.Offered, renewal.Drafted},
			func(f *renewal.Filter, _ string) { f.Queue = renewal.Unanswered }},
		{"non-rinnovate", rinnova.Say("Non rinnovate"), rinnova.Say("La scuola ha comunicato che non rinnova nulla. L’importo è quello della proposta."), []renewal.State{renewal.Declined},
			func(f *renewal.Filter, _ string) { f.State = renewal.Declined }},
		{everything, rinnova.Say("Tutte"), rinnova.Text{}, renewal.States, func(*renewal.Filter, string) {}},
	}
}

func viewOf(key string) view {
	all := views()
	for _, v := range all {
		if v.Key == key {
			return v
		}
	}
	return all[0]
}

// listQuery is what an address asks of the work list. The zero listQuery is the first view.
type listQuery struct {
	View     string
	Campaign string // id; "" is the current one
	Search   string
	State    renewal.State
	Warned   renewal.Warned
	Band     catalog.Band
	Province string
	Clerk    string
	Sort     renewal.Sort
	Page     int // from 1
}

var sorts = []renewal.Sort{renewal.ByOldest, renewal.BySchool, renewal.BySchoolDesc, renewal.ByAmount, renewal.ByAmountDesc, renewal.ByDelta, renewal.ByDeltaDesc}

// parseList reads an address or a form. What is not known is left out: an old bookmark still leads somewhere.
func parseList(v url.Values) listQuery {
	q := listQuery{
		View: viewOf(v.Get(paramView)).Key, Campaign: web.Searched(v.Get(paramCampaign)), Search: web.Searched(v.Get(paramSearch)),
		Province: letters(v.Get(paramProvince)), Clerk: web.Searched(v.Get(paramClerk)),
		State:  known(renewal.State(v.Get(paramState)), renewal.States),
		Warned: known(renewal.Warned(v.Get(paramWarned)), []renewal.Warned{renewal.WithWarnings, renewal.WithoutWarnings}),
		Sort:   known(renewal.Sort(v.Get(paramSort)), sorts), Band: catalog.Band(number(v.Get(paramBand), 0, 99)), Page: number(v.Get(paramPage), 1, 100_000),
	}
	return q.settled(v.Has(paramState))
}

// settled makes view and state agree. A state that the view does not have leads to all requests of that state; so does
// leaving the state of a view that has only one.
func (q listQuery) settled(asked bool) listQuery {
	states := viewOf(q.View).States
	switch {
	case q.State != "" && !slices.Contains(states, q.State), asked && q.State == "" && len(states) == 1:
		q.View = everything
	case len(states) == 1:
		q.State = "" // the view says it
	}
	return q
}

// letters is a province's code, or nothing.
func letters(s string) string {
	if len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	return ""
}

func known[T ~string](x T, all []T) T {
	if slices.Contains(all, x) {
		return x
	}
	return ""
}

// number reads a whole number, at least low and at most high; low where it is none.
func number(s string, low, high int) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < low {
		return low
	}
	return min(n, high)
}

// values are what the address says beyond the first view.
func (q listQuery) values() url.Values {
	v := url.Values{}
	put := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.View != views()[0].Key {
		put(paramView, q.View)
	}
	put(paramCampaign, q.Campaign)
	put(paramSearch, q.Search)
	put(paramState, string(q.State))
	put(paramWarned, string(q.Warned))
	put(paramProvince, q.Province)
	put(paramClerk, q.Clerk)
	put(paramSort, string(q.Sort))
	if q.Band > 0 {
		put(paramBand, strconv.Itoa(int(q.Band)))
	}
	if q.Page > 1 {
		put(paramPage, strconv.Itoa(q.Page))
	}
	return v
}

// address is path with what the query says.
func (q listQuery) address(path string) string {
	if s := q.values().Encode(); s != "" {
		return path + "?" + s
	}
	return path
}

// The addresses that the work list leads to.

func (q listQuery) inView(key string) string {
	return listQuery{View: key, Campaign: q.Campaign}.address(WorkListPath)
}

func (q listQuery) onPage(n int) string {
	q.Page = n
	return q.address(WorkListPath)
}

func (q listQuery) sorted(s renewal.Sort) string {
	q.Sort, q.Page = s, 1
	return q.address(WorkListPath)
}

func (q listQuery) everywhere() string {
	return listQuery{View: everything, Campaign: q.Campaign, Search: q.Search}.address(WorkListPath)
}

// request is the page of a request as it is reached from the list: with its place, so that the page knows the next one.
func (q listQuery) request(id string, place int) string {
	v := q.values()
	v.Del(paramPage)
	v.Set(paramPlace, strconv.Itoa(place))
	return requestPath(id) + "?" + v.Encode()
}

// requestPath is the page of a request.
func requestPath(id string) string { return contractweb.RequestPath(id) }

// filter is what the query asks the work list for, all pages of it.
func (q listQuery) filter(campaignID, me string) renewal.Filter {
	f := renewal.Filter{CampaignID: campaignID, State: q.State, Search: q.Search, Warned: q.Warned, Band: q.Band, Province: q.Province, Clerk: q.Clerk, Sort: q.Sort}
	viewOf(q.View).choose(&f, me)
	return f
}
