package crash_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/demo"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/surf"
	"rinnova/internal/web"
)

// record is what the program has acknowledged: a page came back that said so.
type record struct {
	mu        sync.Mutex
	confirmed []confirmation
	processed []string // ids of requests
	runs      []string // ids
}

// processing tells whether the program has promised a clerk a contract.
func (r *record) processing() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.processed)+len(r.runs) > 0
}

// confirmation is what a school sent and the program acknowledged.
type confirmation struct {
	request string
	number  int // of the confirmation
	said    answer
}

// answer is what a school says.
type answer struct {
	username, order, cig string
	ticks                []string
}

// people are the schools and clerks who use the portal while it dies and comes back. Their browsers stay open.
type people struct {
	in   *installation
	said *record

	mu      sync.Mutex
	random  *rand.Rand
	free    []*person // schools whose request can still be changed
	clerks  []*person
	answers int
}

// person is somebody at a browser.
type person struct {
	*surf.Browser
	people   *people
	username string
	number   int // of the school
	sending  *answer
}

func newPeople(in *installation, schools int, seed uint64) *people {
	p := &people{in: in, said: &record{}, random: rand.New(rand.NewPCG(seed, 1))}
	for i := range schools {
		p.free = append(p.free, p.person(account.Supervisor(fmt.Sprintf("SG%05d", i+1)), i+1))
	}
	p.clerks = []*person{p.person(demo.Office[0].Username, 0), p.person(demo.Office[1].Username, 0)}
	return p
}

func (p *people) person(username string, number int) *person {
	b, err := surf.New("http://" + p.in.config.Addr)
	check(p.in.t, err)
	x := &person{Browser: b, people: p, username: username, number: number}
	b.Client.CheckRedirect = x.acknowledged
	return x
}

var (
	receiptPath = regexp.MustCompile(`^/rinnovo/([^/]+)/conferma/(\d+)$`)
	processPath = regexp.MustCompile(`^/ufficio/richieste/([^/]+)/elabora$`)
	runPath     = regexp.MustCompile(`^/ufficio/lavorazioni/([^/]+)$`)
)

// acknowledged sees each redirect. Where it answers a form, the program has promised something, and the next page is not
// asked for; the login leads on.
func (x *person) acknowledged(req *http.Request, via []*http.Request) error {
	from := via[len(via)-1]
	if from.Method != http.MethodPost {
		return nil
	}
	r := x.people.said
	r.mu.Lock()
	defer r.mu.Unlock()
	if m := receiptPath.FindStringSubmatch(req.URL.Path); m != nil && x.sending != nil {
		n, err := strconv.Atoi(m[2])
		if err != nil {
			return err
		}
		r.confirmed = append(r.confirmed, confirmation{m[1], n, *x.sending})
		return http.ErrUseLastResponse
	}
	if m := processPath.FindStringSubmatch(from.URL.Path); m != nil {
		r.processed = append(r.processed, m[1])
		return http.ErrUseLastResponse
	}
	if m := runPath.FindStringSubmatch(req.URL.Path); m != nil {
		r.runs = append(r.runs, m[1])
		return http.ErrUseLastResponse
	}
	return nil
}

// work lets four schools at a time and two clerks use the portal until it dies.
func (p *people) work() *sync.WaitGroup {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { p.until(p.oneSchool) })
	}
	wg.Go(func() { p.until(p.clerks[0].processesOne) })
	wg.Go(func() { p.until(p.clerks[1].processesMany) })
	return &wg
}

// until repeats what somebody does until the program is dead. What goes wrong while it lives is a fault.
func (p *people) until(step func() error) {
	for !p.in.dead.Load() {
		if err := step(); err != nil {
			if !p.in.dead.Load() {
				p.in.t.Error(err)
			}
			return
		}
	}
}

func (p *people) intN(n int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.random.IntN(n)
}

// oneSchool lets a school confirm, for the first time or again.
func (p *people) oneSchool() error {
	p.mu.Lock()
	if len(p.free) == 0 {
		p.mu.Unlock()
		time.Sleep(10 * time.Millisecond)
		return nil
	}
	// Few schools are at it at a time, so that many confirm again.
	i := p.random.IntN(min(len(p.free), 12))
	x := p.free[i]
	p.free = slices.Delete(p.free, i, i+1)
	p.mu.Unlock()
	open, err := x.confirms()
	if open {
		p.mu.Lock()
		p.free = append(p.free, x)
		last := len(p.free) - 1
		p.free[i%len(p.free)], p.free[last] = p.free[last], p.free[i%len(p.free)]
		p.mu.Unlock()
	}
	return err
}

// opens goes to a page, over the login page where it must.
func (x *person) opens(path string) error {
	if err := x.Open(path); err != nil {
		return err
	}
	if x.Page.URL.Path == accountweb.LoginPath || x.Page.Status == http.StatusUnauthorized {
		if err := x.Open(accountweb.LoginPath); err != nil {
			return err
		}
		if err := x.Press("Accedi", surf.Values{accountweb.FieldUsername: {x.username}, accountweb.FieldPassword: {demo.Password}}); err != nil {
			return err
		}
		if err := x.Open(path); err != nil {
			return err
		}
	}
	return x.fine()
}

// fine tells whether the page is one that people may see: whole, or a refusal because somebody else was faster.
func (x *person) fine() error {
	switch x.Page.Status {
	case http.StatusOK, http.StatusSeeOther, http.StatusConflict:
		return nil
	}
	return fmt.Errorf("%s: %s has status %d: %s", x.username, x.Page.URL, x.Page.Status, x.Page.Text("main"))
}

func (x *person) has(button string) bool {
	buttons := x.Page.Doc.Find("button")
	for i := range buttons.Length() {
		if surf.Words(buttons.Eq(i)) == button {
			return true
		}
	}
	return false
}

// confirms sends the renewal form; open is false once the request cannot be changed any more.
func (x *person) confirms() (open bool, err error) {
	if err := x.opens("/rinnovo"); err != nil {
		return true, err
	}
	if x.Page.Doc.Find("form[action$='/fascia']").Length() > 0 {
		band := surf.Values{renewal.FieldBand: {strconv.Itoa(1 + x.people.intN(4))}}
		if err := x.Press("Conferma fascia", band); err != nil {
			return true, err
		}
		if doubt, asked := x.Page.Doc.Find("form[action$='/fascia'] input[name=" + web.AckField + "]").Attr("value"); asked {
			band[web.AckField] = []string{doubt}
			if err := x.Press("Conferma fascia", band); err != nil {
				return true, err
			}
		}
	}
	if !x.has("Conferma dati") {
		return false, x.fine()
	}
	form, values := x.Page, x.fills()
	times := 1
	if x.people.intN(5) == 0 {
		times = 2 // the button pressed twice
	}
	for range times {
		x.Page = form
		if err := x.Press("Conferma dati", values); err != nil {
			return true, err
		}
		if err := x.fine(); err != nil {
			return true, err
		}
	}
	return true, nil
}

// fills makes an answer that was never given before.
func (x *person) fills() surf.Values {
	lines := x.Page.Values(renewal.FieldLines)
	p := x.people
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers++
	a := answer{username: x.username, order: fmt.Sprintf("%d/%d", x.number, p.answers), cig: demo.CIG(x.number)}
	for _, id := range lines {
		if p.random.IntN(3) > 0 {
			a.ticks = append(a.ticks, id)
		}
	}
	if len(a.ticks) == 0 {
		a.ticks = lines[:1]
	}
	x.sending = &a
	return surf.Values{
		renewal.FieldLines: a.ticks, renewal.FieldCIG: {a.cig}, renewal.FieldNumber: {a.order}, renewal.FieldPayment: {"30"}, renewal.FieldAccept: {"1"},
		renewal.FieldDate: {locale.Date(rinnova.DateOf(time.Now()))},
	}
}

// atOnce is how many requests a run has at most.
const atOnce = 3

// ready are those that nobody has taken in charge; what there is to look at is asked about on the way.
const ready = "/ufficio/richieste?vista=nuove"

// processesOne takes one of the requests that are ready.
func (x *person) processesOne() error {
	if err := x.opens(ready); err != nil {
		return err
	}
	links := x.Page.Doc.Find("tbody th a")
	if links.Length() == 0 {
		time.Sleep(10 * time.Millisecond)
		return nil
	}
	return x.processes(links.Eq(x.people.intN(links.Length())).AttrOr("href", ""))
}

// processes opens a request, takes it in charge or not, and processes it.
func (x *person) processes(address string) error {
	if err := x.opens(address); err != nil {
		return err
	}
	if x.has("Prendi in carico") && x.people.intN(2) == 0 {
		if err := x.Press("Prendi in carico", nil); err != nil {
			return err
		}
	}
	if err := x.fine(); err != nil {
		return err
	}
	if ask := x.Page.Doc.Find("main a[href*='/elabora']"); ask.Length() > 0 { // with something to look at
		if err := x.opens(ask.AttrOr("href", "")); err != nil {
			return err
		}
	}
	if x.Page.Doc.Find("form[action*='/elabora']").Length() == 0 {
		return nil // processed or changed meanwhile
	}
	if err := x.Press("Elabora", nil); err != nil {
		return err
	}
	return x.fine()
}

// processesMany ticks a few requests, the newest, and processes them together.
func (x *person) processesMany() error {
	if err := x.opens(ready); err != nil {
		return err
	}
	picked := x.Page.Values("scelta")
	if len(picked) < 2 {
		time.Sleep(10 * time.Millisecond)
		return nil
	}
	if err := x.opens("/ufficio/richieste/elabora?" + url.Values{"scelta": picked[:min(len(picked), atOnce)]}.Encode()); err != nil {
		return err
	}
	if x.Page.Doc.Find("form[action='/ufficio/elabora']").Length() == 0 {
		return nil // all of them have been processed or changed meanwhile
	}
	button := "Elabora"
	if x.Page.Doc.Find("form[action='/ufficio/elabora'] button:contains('Elabora tutte')").Length() > 0 { // some have warnings
		button = "Elabora tutte"
	}
	if err := x.Press(button, nil); err != nil {
		return err
	}
	return x.fine()
}
