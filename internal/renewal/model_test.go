package renewal_test

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/contract"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

// TestWhateverPeopleDo lets a school and two clerks do random things to a request of either kind, also to one with products that can
// be renewed in several ways, often things that are refused, and holds what is stored against a small model of what must be there.
func TestWhateverPeopleDo(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	before := checks.Value.String()
	if before == "100" { // unless somebody asks for more
		flag.Set(checks.Name, "12")
		t.Cleanup(func() { flag.Set(checks.Name, before) })
	}
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		for _, offer := range []func(testing.TB, renewaltest.Party) renewaltest.Party{
			func(_ testing.TB, p renewaltest.Party) renewaltest.Party { return p }, w.Offer, w.OfferChoices,
		} {
			rapid.Check(t, func(rt *rapid.T) {
				m := newModel(t, w, offer)
				rt.Repeat(map[string]func(*rapid.T){
					"":        m.check,
					"band":    m.band,
					"save":    m.save,
					"undo":    m.undo,
					"restore": m.restore,
					"confirm": m.confirm,
					"take":    m.take,
					"return":  m.sendBack,
					"process": m.process,
					"notice":  m.notice,
					"reopen":  m.reopen,
				})
			})
		}
	})
}

// model is what is known of one request from what was done to it.
type model struct {
	t        *testing.T
	w        *renewaltest.World
	party    renewaltest.Party
	proposal *renewal.Proposal
	terms    string // their version

	state     renewal.State
	draft     said
	bandSeen  string // code of the doubt about the band that the school has confirmed
	confirmed []said
	sentBack  int  // the last confirmation that the office has returned
	corrects  bool // it was, and has not been confirmed since
	taken     renewal.Taken
	number    string // of the contract
}

// said is what a draft or a confirmation says.
type said struct {
	band  catalog.Band
	ticks []string
	order string // its number
}

func newModel(t *testing.T, w *renewaltest.World, offer func(testing.TB, renewaltest.Party) renewaltest.Party) *model {
	m := &model{t: t, w: w, party: offer(t, w.Join(t)), state: renewal.Offered}
	v := view(t, w, m.party)
	m.proposal, m.terms = v.Proposal, v.Season.Terms.Version
	m.draft = said{band: v.Proposal.Suggested, ticks: v.Proposal.StartTicks().IDs()}
	return m
}

func (s said) draftOf() renewal.Draft {
	o := sharedOrder()
	o.Number = s.order
	return renewal.Draft{Band: s.band, Ticks: s.ticks, Order: o}
}

func (s said) same(o said) bool {
	return s.band == o.band && slices.Equal(s.ticks, o.ticks) && s.order == o.order
}

// taxable computes the amount in its own way: the products inside the cap together, at most the cap, and the others.
func (m *model) taxable(s said) rinnova.Cents {
	var in, out int64
	for _, l := range m.proposal.Lines {
		if !slices.Contains(s.ticks, l.ID) {
			continue
		}
		amount := (int64(l.Fees[s.band-1])*int64(l.Months)*2 + 12) / 24
		if len(l.Parts) > 0 {
			amount = 0
		}
		for _, part := range l.Parts {
			amount += (int64(part.Fees[s.band-1])*int64(part.Months)*2 + 12) / 24
		}
		if l.InCap {
			in += amount
		} else {
			out += amount
		}
	}
	if m.proposal.Kind == renewal.Services {
		return rinnova.Cents(in + out)
	}
	return rinnova.Cents(min(in, int64(*m.proposal.Caps[s.band-1])) + out)
}

func (m *model) last() *said {
	if len(m.confirmed) == 0 {
		return nil
	}
	return &m.confirmed[len(m.confirmed)-1]
}

// final tells whether a school can do nothing any more.
func (m *model) final() bool { return m.state == renewal.Processed || m.state == renewal.Declined }

// doubled tells whether two lines of one choice are ticked.
func (m *model) doubled(s said) bool {
	seen := map[string]bool{}
	for _, l := range m.proposal.Lines {
		if l.Choice == "" || !slices.Contains(s.ticks, l.ID) {
			continue
		}
		if seen[l.Choice] {
			return true
		}
		seen[l.Choice] = true
	}
	return false
}

// edited is what every change of the draft does to the state.
func (m *model) edited() {
	if m.state == renewal.Offered {
		m.state = renewal.Drafted
	}
}

func (m *model) drawBand(rt *rapid.T) catalog.Band {
	return catalog.Band(rapid.IntRange(1, m.proposal.Bands.Count()).Draw(rt, "band"))
}

func (m *model) drawSaid(rt *rapid.T) said {
	s := said{band: m.drawBand(rt), order: rapid.SampledFrom([]string{"1/2026", "2/2026"}).Draw(rt, "order")}
	for _, l := range m.proposal.Lines {
		if rapid.Bool().Draw(rt, l.ID) {
			s.ticks = append(s.ticks, l.ID)
		}
	}
	slices.Sort(s.ticks)
	return s
}

// want holds an error against whether there must be one.
func want(rt *rapid.T, err error, refused bool) {
	rt.Helper()
	switch {
	case refused && rinnova.KindOf(err) != rinnova.Conflict:
		rt.Fatalf("%v, want a conflict", err)
	case !refused && err != nil:
		rt.Fatal(err)
	}
}

func (m *model) band(rt *rapid.T) {
	b := m.drawBand(rt)
	code := m.doubt(b)
	if rapid.Bool().Draw(rt, "the doubt was not seen") {
		code = ""
	}
	want(rt, m.w.Renewals.ChooseBand(m.t.Context(), m.party.Actor, m.party.Request, b, code, "date.old:2025-01-01"), m.final())
	if !m.final() {
		m.draft.band, m.bandSeen = b, code
		m.edited()
	}
}

// doubt is the code of the doubt about a band; empty: none.
func (m *model) doubt(b catalog.Band) string {
	if b < m.proposal.Suggested {
		return fmt.Sprintf("band.pupils:%d", b)
	}
	if last := m.last(); last != nil && b < last.band {
		return fmt.Sprintf("band.lower:%d", b)
	}
	return ""
}

func (m *model) save(rt *rapid.T) {
	s := m.drawSaid(rt)
	want(rt, m.w.Renewals.Save(m.t.Context(), m.party.Actor, m.party.Request, s.draftOf()), m.final())
	if !m.final() {
		m.draft = s
		m.edited()
	}
}

func (m *model) undo(rt *rapid.T) {
	want(rt, m.w.Renewals.Undo(m.t.Context(), m.party.Actor, m.party.Request), m.final())
	if !m.final() {
		m.draft.ticks = m.proposal.StartTicks().IDs()
		m.edited()
	}
}

// restore goes back to the confirmation that the school saw: the last one, or one that has been replaced since.
func (m *model) restore(rt *rapid.T) {
	seen := m.seen(rt)
	err := m.w.Renewals.Restore(m.t.Context(), m.party.Actor, m.party.Request, seen)
	want(rt, err, m.final() || seen == 0 || seen != len(m.confirmed))
	if err == nil {
		m.draft, m.bandSeen = *m.last(), m.doubt(m.last().band)
		if m.corrects {
			m.bandSeen = "" // what the office has returned is asked again
		}
	}
}

func (m *model) confirm(rt *rapid.T) {
	s := m.drawSaid(rt)
	if last := m.last(); last != nil && rapid.Bool().Draw(rt, "the same again") {
		s = *last
	}
	a := renewal.Answer{Draft: s.draftOf(), Accept: rapid.IntRange(0, 4).Draw(rt, "accept") > 0, Terms: m.terms}
	if rapid.IntRange(0, 3).Draw(rt, "the band is sure") > 0 {
		a.Draft.BandSeen = m.doubt(s.band)
	}
	a.Seen = max(0, len(m.confirmed)-rapid.IntRange(0, 1).Draw(rt, "stale"))
	a.SentBack = max(0, m.sentBack-max(0, rapid.IntRange(-3, 1).Draw(rt, "has not read why")))
	a.Unchanged = rapid.Bool().Draw(rt, "as it was")
	a.Draft.Reply = rapid.SampledFrom([]string{"", "È giusto."}).Draw(rt, "reply")
	rev, problems, err := m.w.Renewals.Confirm(m.t.Context(), m.party.Actor, m.party.Request, a)
	repeated := m.last() != nil && m.last().same(s) && m.state.Confirmed()
	same := m.corrects && m.last().same(s)
	want(rt, err, m.final() || !repeated && (a.Seen != len(m.confirmed) || a.SentBack != m.sentBack))
	if err != nil {
		return
	}
	m.draft = s
	if a.Draft.BandSeen != "" {
		m.bandSeen = a.Draft.BandSeen
	}
	m.edited()
	doubt := m.doubt(s.band)
	stopped := !repeated && (same && !a.Unchanged || !a.Accept || m.doubled(s) || len(s.ticks) == 0 || doubt != "" && doubt != m.bandSeen)
	if (len(problems) > 0) != stopped || (rev == nil) != stopped {
		rt.Fatalf("problems %v, revision %v: stopped should be %v", problems, rev, stopped)
	}
	if !repeated && !stopped {
		code := renewal.WarningCode(doubt)
		i := slices.IndexFunc(rev.Warnings, func(w renewal.Warning) bool { return w.Field == renewal.FieldBand })
		if (i >= 0) != (code != "") || i >= 0 && rev.Warnings[i].Code != code {
			rt.Fatalf("warnings %v, doubt %q", rev.Warnings, doubt)
		}
		m.wantReply(rt, rev, a.Draft.Reply, same)
		m.confirmed = append(m.confirmed, s)
		m.state, m.corrects = renewal.Submitted, false
	}
	if rev != nil && rev.Number != len(m.confirmed) {
		rt.Fatalf("confirmation %d, want %d", rev.Number, len(m.confirmed))
	}
}

// wantReply holds what a confirmation says to the office: something only where the office had sent the one before back.
func (m *model) wantReply(rt *rapid.T, rev *renewal.Revision, words string, same bool) {
	want := renewal.Reply{}
	if m.corrects {
		want = renewal.Reply{Reason: "Da correggere.", Words: words}
	}
	if rev.Reply != want || rev.Says(renewal.RepliedSame) != same || rev.Says(renewal.Replied) != (m.corrects && !same && words != "") {
		rt.Fatalf("reply %+v, warnings %v: want %+v, the same again: %v", rev.Reply, rev.Warnings, want, same)
	}
}

func (m *model) clerk(rt *rapid.T) rinnova.Actor {
	return rapid.SampledFrom([]rinnova.Actor{m.w.Clerk, m.w.Other}).Draw(rt, "clerk")
}

// seen is the confirmation that a clerk looked at: the last one, or one that a school has replaced since.
func (m *model) seen(rt *rapid.T) int {
	return max(0, len(m.confirmed)-rapid.SampledFrom([]int{0, 0, 1}).Draw(rt, "overtaken"))
}

// waits tells whether a clerk who saw a confirmation can do something to the request.
func (m *model) waits(seen int) bool {
	return (m.state == renewal.Submitted || m.state == renewal.InReview) && seen == len(m.confirmed)
}

func (m *model) take(rt *rapid.T) {
	clerk, seen := m.clerk(rt), m.seen(rt)
	from := rapid.SampledFrom([]string{m.taken.By, ""}).Draw(rt, "seen with")
	mine := m.state == renewal.InReview && m.taken.By == clerk.AccountID
	err := m.w.Renewals.TakeInCharge(m.t.Context(), clerk, m.party.Request, seen, from)
	want(rt, err, !m.waits(seen) || !mine && from != m.taken.By)
	if err == nil && !mine {
		m.taken = renewal.Taken{By: clerk.AccountID, Name: clerk.Name, Revision: seen}
		m.state = renewal.InReview
	}
}

func (m *model) sendBack(rt *rapid.T) {
	seen := m.seen(rt)
	err := m.w.Renewals.Return(m.t.Context(), m.clerk(rt), m.party.Request, seen, "Da correggere.")
	want(rt, err, !m.waits(seen))
	if err == nil {
		m.state, m.sentBack, m.corrects, m.bandSeen = renewal.Returned, seen, true, ""
	}
}

// process comes last in the life of a request, so it is drawn seldom.
func (m *model) process(rt *rapid.T) {
	if rapid.IntRange(0, 3).Draw(rt, "soon") > 0 {
		return
	}
	clerk, seen := m.clerk(rt), m.seen(rt)
	c, err := m.w.Contracts.Process(m.t.Context(), clerk, m.party.Request, seen)
	want(rt, err, !m.waits(seen))
	if err != nil {
		return
	}
	m.state, m.number = renewal.Processed, c.Number
	if m.taken.By == "" || m.taken.Revision < seen {
		m.taken = renewal.Taken{By: clerk.AccountID, Name: clerk.Name, Revision: seen}
	}
}

// reopen is the office's, and only of what was declined.
func (m *model) reopen(rt *rapid.T) {
	err := m.w.Renewals.Reopen(m.t.Context(), m.clerk(rt), m.party.Request)
	want(rt, err, m.state != renewal.Declined)
	switch {
	case err != nil:
	case len(m.confirmed) > 0:
		m.state, m.sentBack, m.corrects = renewal.Returned, 0, false
	default:
		m.state = renewal.Drafted
	}
}

func (m *model) notice(rt *rapid.T) {
	if rapid.IntRange(0, 7).Draw(rt, "soon") > 0 {
		return
	}
	seen := m.seen(rt)
	sure := rapid.Bool().Draw(rt, "sure")
	problems, err := m.w.Renewals.GiveNotice(m.t.Context(), m.party.Actor, m.party.Request,
		renewal.NoticeForm{Seen: seen, Sure: sure, Leaving: renewal.Leaving{Why: renewal.NotNeeded}})
	again := m.state == renewal.Declined
	want(rt, err, !again && (m.final() || seen != len(m.confirmed)))
	if err != nil {
		return
	}
	if (len(problems) == 0) != (sure || again) {
		rt.Fatalf("problems %v", problems)
	}
	if len(problems) == 0 {
		m.state = renewal.Declined
	}
}

// check reads everything back.
func (m *model) check(rt *rapid.T) {
	m.w.Now = m.w.Now.Add(time.Second)
	r, err := m.w.Requests.Request(m.t.Context(), m.party.Request)
	if err != nil {
		rt.Fatal(err)
	}
	r.Taken.At = time.Time{}
	if r.State != m.state || r.Revision != len(m.confirmed) || r.Taken != m.taken {
		rt.Fatalf("%s, %d confirmations, taken %+v: want %s, %d, %+v", r.State, r.Revision, r.Taken, m.state, len(m.confirmed), m.taken)
	}
	if r.Draft.BandSeen != m.bandSeen {
		rt.Fatalf("doubt about the band %q, want %q", r.Draft.BandSeen, m.bandSeen)
	}
	draft := said{r.Draft.Band, slices.Clone(r.Draft.Ticks), r.Draft.Order.Number}
	if !draft.same(m.draft) {
		rt.Fatalf("draft %+v, want %+v", draft, m.draft)
	}
	touched := m.state != renewal.Offered && !m.final()
	if pending := touched && (m.last() == nil || !m.last().same(m.draft)); r.Pending != pending {
		rt.Fatalf("pending %v, want %v", r.Pending, pending)
	}
	m.checkAsked(rt, r)
	m.checkConfirmations(rt, r)
	m.checkContract(rt, r)
}

// checkAsked holds that nothing is open about what a school has confirmed, and that all is open about what the office has sent back.
func (m *model) checkAsked(rt *rapid.T, r *renewal.Request) {
	v, err := m.w.Renewals.View(m.t.Context(), m.party.Actor, r.ID)
	if err != nil {
		rt.Fatal(err)
	}
	_, found, err := m.w.Renewals.AskOrder(m.t.Context(), v)
	if err != nil {
		rt.Fatal(err)
	}
	settled := m.state == renewal.Processed || m.state.Confirmed() && m.last().same(m.draft)
	if r.Settled() != settled || r.Corrects() != (m.corrects && m.state == renewal.Returned) {
		rt.Fatalf("settled %v, to correct %v in state %s", r.Settled(), r.Corrects(), m.state)
	}
	if open := r.Draft.Order.Blocking(found); r.Settled() && len(open) > 0 {
		rt.Fatalf("open about what is confirmed: %v", open)
	}
}

func (m *model) checkConfirmations(rt *rapid.T, r *renewal.Request) {
	stored, err := m.w.Requests.Revisions(m.t.Context(), r.ID)
	if err != nil || len(stored) != len(m.confirmed) {
		rt.Fatalf("%d confirmations, want %d, %v", len(stored), len(m.confirmed), err)
	}
	for i, v := range stored {
		x := m.confirmed[i]
		if v.Number != i+1 || !(said{v.Band, v.Ticks, v.Order.Number}).same(x) || v.Totals.Taxable != m.taxable(x) {
			rt.Fatalf("confirmation %d: %+v, want %+v and %s", v.Number, v, x, m.taxable(x))
		}
	}
	if last := m.last(); last != nil && (r.Taxable != m.taxable(*last) || r.Band != last.band) {
		rt.Fatalf("the request says %s in band %d, want %s in band %d", r.Taxable, r.Band, m.taxable(*last), last.band)
	}
}

func (m *model) checkContract(rt *rapid.T, r *renewal.Request) {
	c, err := m.w.Lists.ByRequest(m.t.Context(), r.ID)
	if err != nil {
		rt.Fatal(err)
	}
	if (c != nil) != (m.number != "") {
		rt.Fatalf("contract %v, want number %q", c, m.number)
	}
	if c == nil {
		return
	}
	names := map[string]bool{}
	for _, l := range m.proposal.Lines {
		if slices.Contains(m.last().ticks, l.ID) {
			names[l.Name] = true
		}
	}
	if c.Number != m.number || c.Revision != len(m.confirmed) || c.Document.Totals.Taxable != m.taxable(*m.last()) ||
		!maps.Equal(names, linesOf(c)) || c.Document.Order.Number != m.last().order {
		rt.Fatalf("contract %s of confirmation %d over %s, want what was confirmed last: %+v", c.Number, c.Revision, c.Document.Totals.Taxable, m.last())
	}
}

func linesOf(c *contract.Contract) map[string]bool {
	out := map[string]bool{}
	for _, l := range c.Document.Lines {
		out[l.Name] = true
	}
	return out
}

// Numbers stay whole whatever was tried: the contracts of a world are numbered from 1 without a gap.
func TestNumbersHaveNoGaps(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		for i := range 6 {
			p := w.Join(t)
			w.Confirm(t, p, sharedOrder(), "p1")
			_, err := w.Contracts.Process(t.Context(), w.Clerk, p.Request, 2) // there is no such confirmation
			wantKind(t, "refused", err, rinnova.Conflict)
			if c := w.Process(t, p); c.Number != fmt.Sprintf("2026/%06d", i+1) {
				t.Errorf("contract %d is %s", i+1, c.Number)
			}
		}
	})
}
