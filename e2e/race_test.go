package e2e_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/demo"
	"rinnova/internal/outbox"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
)

// answerTo is what came back to one of those who acted at once.
type answerTo struct {
	status   int
	location string
	text     string // of the page, where it is one
}

// act is something that somebody sends.
type act struct {
	who    *person
	path   string
	values map[string]string
}

// atOnce lets all act at the same time and gives their answers in the order of the acts.
func atOnce(t *testing.T, acts ...act) []answerTo {
	t.Helper()
	answers := make([]answerTo, len(acts))
	begin := make(chan struct{})
	var wg sync.WaitGroup
	for i, a := range acts {
		wg.Go(func() {
			<-begin
			form := url.Values{}
			for name, value := range a.values {
				form[name] = strings.Split(value, " ")
			}
			status, location, body := a.who.sendForm(a.path, form)
			answers[i] = answerTo{status, location, body}
		})
	}
	close(begin)
	wg.Wait()
	for i := range answers {
		if strings.HasPrefix(answers[i].text, "<!") {
			answers[i].text = pageText(t, answers[i].text)
		}
	}
	return answers
}

// oneWins holds that one answer leads on and that all others are told why not, in words.
func oneWins(t *testing.T, answers []answerTo, words ...string) (winner int) {
	t.Helper()
	winner = -1
	for i, a := range answers {
		switch {
		case a.status == http.StatusSeeOther && winner < 0:
			winner = i
		case a.status == http.StatusSeeOther:
			t.Errorf("both %d and %d win", winner, i)
		case a.status != http.StatusConflict || !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(a.text, w) }):
			t.Errorf("who comes second gets %d, want 409 and one of %q: %s", a.status, words, a.text)
		}
	}
	if winner < 0 {
		t.Errorf("nobody wins: %+v", answers)
	}
	return winner
}

// confirmation is what a school's form sends.
func (p *program) confirmation(t *testing.T, code string, n int) map[string]string {
	v := p.view(t, code)
	return map[string]string{
		"azione": "conferma", "visto": fmt.Sprint(v.Request.Revision), "fascia_vista": fmt.Sprint(int(v.Request.Draft.Band)), "condizioni": v.Season.Terms.Version, "cig": demo.CIG(n), "numero": fmt.Sprint(200 + n),
		"data": "16/11/2026", "pagamento": "30", "accetta": "1", "riga": strings.Join(v.Proposal.StartTicks().IDs(), " "),
	}
}

// shown is a request as the page before a run shows it.
func (p *program) shown(t *testing.T, code string) contract.Chosen {
	rows, err := p.Requests.Rows(t.Context(), []string{p.request(t, code).ID})
	check(t, err)
	return contract.Chosen{RequestID: rows[0].ID, Revision: rows[0].Revision, Looks: rows[0].Looks}
}

// TestClerksAtOnce lets two clerks, and one clerk twice, act on the same requests.
func TestClerksAtOnce(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		one, two := p.login(t, clerkOne), p.login(t, clerkTwo)
		for i, code := range []string{"SG00001", "SG00002", "SG00004", "SG00005"} {
			p.confirm(t, code, i+1)
			office := renewalweb.WorkListPath + "/" + p.request(t, code).ID
			sight := map[string]string{"conferma": "1", "stato_visto": "submitted", "carico_visto": ""}
			take := atOnce(t, act{one, office + "/prendi", sight}, act{two, office + "/prendi", sight})
			winner := oneWins(t, take, "Nel frattempo l’ha presa in carico", "Nel frattempo")
			if by := p.request(t, code).Taken.Name; winner >= 0 && by != []string{"Operatore Uno", "Operatore Due"}[winner] {
				t.Errorf("%s: the winner is %d, and it is taken by %s", code, winner, by)
			}
			process := act{one, office + "/elabora", with1(sight, "stato_visto", "in_review")}
			other := process
			other.who = two
			oneWins(t, atOnce(t, process, other, process, other), "già elaborata", "Nel frattempo")
		}
		p.work(t)
		p.numbersAre(t, 4)
	})
}

// numbersAre holds that there are n contracts, numbered from 1 without a gap, each signed once and of what counts.
func (p *program) numbersAre(t *testing.T, n int) {
	t.Helper()
	rows, err := p.Lists.List(t.Context(), "", "", 100, 0)
	check(t, err)
	numbers := map[string]bool{}
	for _, r := range rows {
		numbers[r.Number] = true
		c, err := p.Lists.Contract(t.Context(), r.ID)
		check(t, err)
		request, err := p.Requests.Request(t.Context(), c.RequestID)
		check(t, err)
		rev, err := p.Requests.Revision(t.Context(), c.RequestID, c.Revision)
		check(t, err)
		d := c.Document
		if request.State != renewal.Processed || request.Revision != c.Revision || d.Totals.Total != rev.Totals.Total || d.Order.Number != rev.Order.Number || request.Taxable != d.Totals.Taxable {
			t.Errorf("contract %s is of n. %d (order %s), the request %s stands at n. %d (order %s)", r.Number, c.Revision, d.Order.Number, request.State, request.Revision, rev.Order.Number)
		}
		if _, pdf, err := p.Contracts.Open(t.Context(), p.actor(t, clerkOne), c.ID, c.FileName()); err != nil || !strings.Contains(paperText(t, pdf), tight("non previsto"+d.Order.Number+"16/11/2026")) {
			t.Errorf("contract %s: the paper is not of order %s (%v)", r.Number, d.Order.Number, err)
		}
	}
	for i := 1; i <= n; i++ {
		if !numbers[fmt.Sprintf("2026/%06d", i)] {
			t.Errorf("number %d is missing", i)
		}
	}
	if len(rows) != n {
		t.Errorf("%d contracts, want %d", len(rows), n)
	}
}

// TestOfficeAgainstSchool processes a request while its school confirms it again: one of both wins, the other is told, and
// the contract is of what counts.
func TestOfficeAgainstSchool(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		clerk := p.login(t, clerkOne)
		contracts := 0
		for i, code := range []string{"SG00001", "SG00002", "SG00004", "SG00005", "SG00007", "SG00009"} { // of none does a correction wait
			p.confirm(t, code, i+1)
			id := p.request(t, code).ID
			school := p.login(t, supervisor(code))
			again := p.confirmation(t, code, 20+i)
			acts := []act{
				{clerk, renewalweb.WorkListPath + "/" + id + "/elabora", map[string]string{"conferma": "1", "stato_visto": "submitted"}},
				{school, renewalweb.RenewalPath(id), again},
			}
			if i%2 == 1 {
				slices.Reverse(acts)
			}
			oneWins(t, atOnce(t, acts...), "già elaborata", "la scuola ha inviato la conferma n. 2", "Nel frattempo")
			switch r := p.request(t, code); {
			case r.State == renewal.Processed && r.Revision == 1:
				contracts++
			case r.State == renewal.Submitted && r.Revision == 2:
			default:
				t.Errorf("%s is %s, n. %d", code, r.State, r.Revision)
			}
		}
		p.work(t)
		p.numbersAre(t, contracts)
	})
}

// TestReturnAgainstProcessing returns a request with a reason while another clerk processes it.
func TestReturnAgainstProcessing(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		one, two := p.login(t, clerkOne), p.login(t, clerkTwo)
		contracts := 0
		for i, code := range []string{"SG00001", "SG00002", "SG00004"} {
			p.confirm(t, code, i+1)
			office := renewalweb.WorkListPath + "/" + p.request(t, code).ID
			oneWins(t, atOnce(t, act{one, office + "/elabora", map[string]string{"conferma": "1"}}, act{two, office + "/rimanda", map[string]string{"conferma": "1", "motivo": "Errato"}}),
				"già elaborata", "Da correggere", "Nel frattempo")
			p.work(t)
			mailed := slices.ContainsFunc(p.mailsAbout(t, code), func(m outbox.Message) bool { return m.Kind == outbox.ToCorrect })
			switch r := p.request(t, code); r.State {
			case renewal.Processed:
				contracts++
				if mailed {
					t.Errorf("%s has a contract and a mail that asks for a correction", code)
				}
			case renewal.Returned:
				if !mailed {
					t.Errorf("%s was returned without a mail", code)
				}
			default:
				t.Errorf("%s is %s", code, r.State)
			}
		}
		p.numbersAre(t, contracts)
	})
}

func (p *program) mailsAbout(t *testing.T, code string) []outbox.Message {
	t.Helper()
	all, err := p.Messages.About(t.Context(), p.request(t, code).ID)
	check(t, err)
	return all
}

// TestConfirmedTwice presses «Conferma dati» many times at once: it counts once, and everybody comes to the same receipt.
func TestConfirmedTwice(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		const code = "SG00012"
		school := p.login(t, supervisor(code))
		p.chooseBand(t, code)
		id := p.request(t, code).ID
		same := act{school, renewalweb.RenewalPath(id), p.confirmation(t, code, 1)}
		for i, a := range atOnce(t, same, same, same, same, same, same) {
			if a.status != http.StatusSeeOther || a.location != renewalweb.RenewalPath(id)+"/conferma/1" {
				t.Errorf("press %d: %d to %s: %s", i+1, a.status, a.location, a.text)
			}
		}
		if r := p.request(t, code); r.Revision != 1 {
			t.Errorf("pressing six times made %d confirmations", r.Revision)
		}
		if n := len(p.mailsAbout(t, code)); n != 1 {
			t.Errorf("%d receipts, want 1", n)
		}
		// Two colleagues with different orders: the second is shown both.
		colleague := p.login(t, supervisor(code))
		answers := atOnce(t, act{school, same.path, p.confirmation(t, code, 2)}, act{colleague, same.path, p.confirmation(t, code, 3)})
		winner := oneWins(t, answers, "Nel frattempo un collega ha inviato la conferma n. 2")
		if r := p.request(t, code); r.Revision != 2 || winner >= 0 && r.CIG != demo.CIG(2+winner) {
			t.Errorf("n. %d with CIG %s counts; the winner is %d", r.Revision, r.CIG, winner)
		}
		if loser := answers[1-max(winner, 0)]; !strings.Contains(loser.text, demo.CIG(2)) || !strings.Contains(loser.text, demo.CIG(3)) {
			t.Errorf("the second colleague does not see both: %s", loser.text)
		}
	})
}

func (p *program) chooseBand(t *testing.T, code string) {
	t.Helper()
	check(t, p.Renewals.ChooseBand(t.Context(), p.actor(t, supervisor(code)), p.request(t, code).ID, 2))
}

// TestRunsAtOnce starts the same run several times at once, as a double click does, and lets the workers meet.
func TestRunsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		one, two := p.login(t, clerkOne), p.login(t, clerkTwo)
		var chosen []contract.Chosen
		for i, code := range []string{"SG00001", "SG00002", "SG00004", "SG00005", "SG00008"} {
			p.confirm(t, code, i+1)
			chosen = append(chosen, p.shown(t, code))
		}
		start := act{one, contractweb.ProcessPath, map[string]string{contractweb.FieldChosen: contractweb.JoinChosen(chosen)}}
		other := start
		other.who = two
		for _, a := range atOnce(t, start, start, other) {
			if a.status != http.StatusSeeOther {
				t.Errorf("starting a run: %d: %s", a.status, a.text)
			}
		}
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if err := p.Queue.Drain(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		p.work(t)
		p.numbersAre(t, len(chosen))
		runs, err := p.Lists.Runs(t.Context(), 10)
		check(t, err)
		done := 0
		for _, r := range runs {
			if r.FinishedAt.IsZero() || r.Counts[contract.Queued] > 0 {
				t.Errorf("run n. %d has not finished: %v", r.Number, r.Counts)
			}
			done += r.Counts[contract.Done]
		}
		if len(runs) != 3 || done != len(chosen) {
			t.Errorf("%d runs processed %d requests, want 3 and %d", len(runs), done, len(chosen))
		}
	})
}
