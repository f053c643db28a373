package contractweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/web"
)

const contractsPerPage = 50

// The names of what chooses contracts in addresses.
const (
	paramState  = "stato"
	paramSearch = "cerca"
	paramPage   = "pagina"
)

// contractList is what the list of contracts shows.
type contractList struct {
	State  contract.State
	Search string
	Page   int
	Rows   []contract.Row
	Sum    contract.Count
	Counts []contract.Count
}

func (o *Office) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := r.URL.Query()
	p := &contractList{Search: web.Searched(v.Get(paramSearch)), Page: 1}
	if s := contract.State(v.Get(paramState)); slices.Contains(contract.States, s) {
		p.State = s
	}
	var err error
	if p.Sum, err = o.Lists.Sum(ctx, p.State, p.Search); err != nil {
		return err
	}
	if n, err := strconv.Atoi(v.Get(paramPage)); err == nil {
		p.Page = max(1, min(n, p.pages()))
	}
	if p.Rows, err = o.Lists.List(ctx, p.State, p.Search, contractsPerPage, (p.Page-1)*contractsPerPage); err != nil {
		return err
	}
	if p.Counts, err = o.Lists.Counts(ctx); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, contractsPage(o.Shell(r).At(OfficePath), p))
}

func (p *contractList) pages() int {
	return (p.Sum.Contracts + contractsPerPage - 1) / contractsPerPage
}

func (p *contractList) address(s contract.State, page int) string {
	v := url.Values{}
	if s != "" {
		v.Set(paramState, string(s))
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

// tabs are the states that contracts have, with their counts.
func (p *contractList) tabs(l locale.Lang) []web.Link {
	counts := map[contract.State]int{}
	total := 0
	for _, c := range p.Counts {
		counts[c.State] = c.Contracts
		total += c.Contracts
	}
	out := []web.Link{{Text: l.T("Tutti"), Href: p.address("", 1), Count: locale.Count(total), Current: p.State == ""}}
	for _, s := range contract.States {
		if counts[s] > 0 || s == p.State {
			out = append(out, web.Link{Text: l.Text(s.Label()), Href: p.address(s, 1), Count: locale.Count(counts[s]), Current: s == p.State})
		}
	}
	return out
}

func (p *contractList) pager() web.Pager {
	first := (p.Page-1)*contractsPerPage + 1
	out := web.Pager{From: first, To: first + len(p.Rows) - 1, Total: p.Sum.Contracts}
	if p.Page > 1 {
		out.Previous = p.address(p.State, p.Page-1)
	}
	if p.Page < p.pages() {
		out.Next = p.address(p.State, p.Page+1)
	}
	return out
}

// counted says how many contracts the list holds.
func (p *contractList) counted(l locale.Lang) string {
	if p.Sum.Contracts == 1 {
		return l.T("1 contratto")
	}
	return l.T("%s contratti", locale.Count(p.Sum.Contracts))
}

// download gives the signed PDF.
func (o *Office) download(w http.ResponseWriter, r *http.Request) error {
	return sendOriginal(w, r, o.Contracts.Open, o.Actor(r.Context()))
}
