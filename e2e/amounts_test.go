package e2e_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rinnova"
	"rinnova/internal/app"
	"rinnova/internal/catalog"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractmail"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalmail"
	"rinnova/internal/renewal/renewalweb"
)

// selections is how many random answers TestAmountsAgree gives; each fiftieth is also drawn on paper.
const (
	selections = 1000
	onPaper    = 50
)

// TestAmountsAgree gives random answers to the proposals of four schools, of assistance and of services, some of whose lines
// run for less than a year, and one of which has products to renew in several ways, with parts, and others to add; and holds that the amounts are the same, to the cent, wherever somebody reads them: service, recalculated fragment, form,
// reminder, receipt, contract and its mail, and the office's pages.
func TestAmountsAgree(t *testing.T) {
	n := selections / 4
	if testing.Short() {
		n = 15
	}
	for i, code := range []string{"SG00001", "SG00002", "SG00005", "SG00010"} {
		for _, kind := range renewal.Kinds {
			t.Run(fmt.Sprintf("%s/%s", kind, code), func(t *testing.T) {
				t.Parallel()
				post := &receipts{}
				c := &comparison{program: onSQLite(t, post.keep), t: t, kind: kind, code: code, post: post, dice: rand.New(rand.NewPCG(20261120, uint64(i)))}
				if code == "SG00010" {
					c.addChoices()
				}
				c.enter()
				for i := range n {
					c.answer(i)
					if t.Failed() {
						t.Fatalf("selection %d: band %d, lines %v", i, c.band, c.ticks)
					}
				}
			})
		}
	}
}

// receipts keeps the confirmations that the program sends receipts of.
type receipts struct {
	renewal.Post
	last renewal.Confirmation
}

func (r *receipts) keep(a *app.App) error {
	r.Post, a.Renewals.Post = a.Renewals.Post, r
	return nil
}

// Confirmed keeps the confirmation and sends its receipt.
func (r *receipts) Confirmed(ctx context.Context, c renewal.Confirmation) error {
	r.last = c
	return r.Post.Confirmed(ctx, c)
}

// comparison is one answer of the school, and what it must come to.
type comparison struct {
	*program
	t             *testing.T
	kind          renewal.Kind
	code          string
	school, clerk *person
	actor, office rinnova.Actor
	id            string // of the request
	post          *receipts
	dice          *rand.Rand

	band  catalog.Band
	ticks []string
	view  *renewal.View // as it stands
	want  catalog.Totals
}

// addChoices gives the proposal two more ways to renew its first product outside the cap, one of them in parts, and two products that
// can be added.
func (c *comparison) addChoices() {
	var body string
	id := c.program.requestOf(c.t, c.kind, c.code).ProposalID
	check(c.t, c.DB.Reader(c.t.Context()).QueryRowContext(c.t.Context(), `SELECT body FROM proposal WHERE id = $1`, id).Scan(&body))
	var p renewal.Proposal
	check(c.t, json.Unmarshal([]byte(body), &p))
	first := slices.IndexFunc(p.Lines, func(l renewal.Line) bool { return !l.InCap })
	p.Lines[first].Choice = "modi"
	aligned, years, extra := p.Lines[first], p.Lines[first], p.Lines[first]
	aligned.ID, aligned.Variant, aligned.Ticked, aligned.Period.To, aligned.Months = "v1", renewal.Aligned, false, aligned.Period.To.AddMonths(5), aligned.Months+5
	years.ID, years.Variant, years.Ticked, years.Period.To, years.Months = "v2", renewal.Years, false, years.Period.From.AddMonths(36).AddDays(-1), 36
	for i := range 3 {
		part := renewal.Part{Months: 12, Period: rinnova.Period{From: years.Period.From.AddMonths(12 * i), To: years.Period.From.AddMonths(12*i + 12).AddDays(-1)}}
		for _, fee := range years.Fees {
			part.Fees = append(part.Fees, fee+rinnova.Cents(i)*fee.MulDiv(33, 1000))
		}
		years.Parts = append(years.Parts, part)
	}
	extra.ID, extra.Choice, extra.Suggested, extra.Ticked, extra.LastYear, extra.Name = "v3", "", true, false, nil, "Proposto in più"
	extra.ProductID, extra.Product = "", "X1" // nothing that the school has already
	inCap := extra
	inCap.ID, inCap.Name, inCap.InCap = "v4", "Proposto in più, nel tetto", c.kind.Capped()
	p.Lines = append(p.Lines, aligned, years, extra, inCap)
	changed, err := json.Marshal(p)
	check(c.t, err)
	_, err = c.DB.Writer(c.t.Context()).ExecContext(c.t.Context(), `UPDATE proposal SET body = $1 WHERE id = $2`, string(changed), id)
	check(c.t, err)
}

func (c *comparison) enter() {
	c.school, c.clerk = c.login(c.t, supervisor(c.code)), c.login(c.t, clerkOne)
	c.actor, c.office = c.program.actor(c.t, supervisor(c.code)), c.program.actor(c.t, clerkOne)
	c.id = c.program.requestOf(c.t, c.kind, c.code).ID
	c.read()
}

func (c *comparison) read() {
	c.t.Helper()
	var err error
	c.view, err = c.Renewals.View(c.t.Context(), c.office, c.id)
	check(c.t, err)
}

// answer makes a random answer and looks at it everywhere.
func (c *comparison) answer(i int) {
	c.choose()
	c.inFragment()
	c.inForm()
	reminder := c.inReminder()
	receipt := c.inReceipt(i)
	d := c.inContract()
	if i%onPaper != 0 {
		return
	}
	c.paper("the reminder", func() ([]byte, error) { return c.Printer.Reminder(reminder) })
	c.paper("the contract", func() ([]byte, error) { return c.Printer.Contract(d) })
	c.inText("the contract's mail", contractmail.Sent(d, strings.Repeat("0", 64), c.Base.String()).Text())
	c.inOffice()
	c.receiptIsPosted(receipt)
}

// choose rolls a band and a set of lines, at least one.
func (c *comparison) choose() {
	p := c.view.Proposal
	c.band = catalog.Band(1 + c.dice.IntN(p.Bands.Count()))
	share := c.dice.Float64()
	for c.ticks = nil; len(c.ticks) == 0; {
		chosen := map[string]bool{}
		for _, l := range p.Lines {
			if c.dice.Float64() < share && !(l.Choice != "" && chosen[l.Choice]) {
				c.ticks = append(c.ticks, l.ID)
				chosen[l.Choice] = true
			}
		}
		share = 1 - (1-share)/2
	}
	c.want = p.Totals(c.band, renewal.NewTicks(c.ticks...))
	c.isRight(p)
	low := fmt.Sprintf(":%d", c.band)
	check(c.t, c.Renewals.ChooseBand(c.t.Context(), c.actor, c.id, c.band, renewal.BandBelowPupils+low, renewal.BandBelowBefore+low))
}

// isRight holds the totals against a calculation of its own, by the rules as they stand in the price list's words.
func (c *comparison) isRight(p *renewal.Proposal) {
	c.t.Helper()
	half := func(n, d int64) int64 { return (2*n + d) / (2 * d) }
	var in, out int64
	on := renewal.NewTicks(c.ticks...)
	for _, l := range p.Lines {
		amount := half(int64(l.Fees[c.band-1])*int64(l.Months), 12)
		for i, part := range l.Parts {
			if i == 0 {
				amount = 0
			}
			amount += half(int64(part.Fees[c.band-1])*int64(part.Months), 12)
		}
		switch {
		case !on[l.ID]:
		case l.InCap:
			in += amount
		default:
			out += amount
		}
	}
	if most := p.Cap(c.band); most != nil {
		in = min(in, int64(*most))
	} else if c.kind.Capped() || in > 0 {
		c.t.Errorf("%d inside the cap, and there is none", in)
	}
	taxable := in + out
	if int64(c.want.Taxable) != taxable || int64(c.want.VAT) != half(taxable*22, 100) || c.want.Total != c.want.Taxable+c.want.VAT {
		c.t.Errorf("the service says %+v, want a taxable amount of %d", c.want, taxable)
	}
}

// form is what the school's browser sends.
func (c *comparison) form(action string) url.Values {
	v := c.view
	f := url.Values{
		"azione": {action}, "visto": {strconv.Itoa(v.Request.Revision)}, "fascia_vista": {strconv.Itoa(int(c.band))}, "condizioni": {v.Season.Terms.Version},
		renewal.FieldCIG: {"B901EEFB35"}, renewal.FieldNumber: {strconv.Itoa(v.Request.Revision + 1)}, renewal.FieldDate: {"16/11/2026"},
		renewal.FieldPayment: {"30"}, renewal.FieldAccept: {"1"},
	}
	for _, product := range v.Proposal.Products() {
		if product.Several() {
			f.Set("scelta-"+product.ID, "") // the button of not renewing it
		}
		for _, i := range v.Proposal.Chosen(product, renewal.NewTicks(c.ticks...)) {
			if id := v.Proposal.Lines[i].ID; product.Several() {
				f.Set("scelta-"+product.ID, id)
			} else {
				f.Add(renewal.FieldLines, id)
			}
		}
	}
	return f
}

func (c *comparison) sent(want int, action string, header ...string) string {
	c.t.Helper()
	status, body := c.school.send(http.MethodPost, renewalweb.RenewalPath(c.id), "application/x-www-form-urlencoded", strings.NewReader(c.form(action).Encode()), header...)
	if status != want {
		c.t.Fatalf("POST %s: %d, want %d: %s", action, status, want, pageText(c.t, body))
	}
	return body
}

// inFragment is what follows the ticks at once, with JavaScript.
func (c *comparison) inFragment() {
	body := c.sent(http.StatusOK, "", "HX-Request", "true")
	c.read()
	if got := c.view.Totals(); got.Taxable != c.want.Taxable || got.Total != c.want.Total {
		c.t.Errorf("the draft comes to %d and %d, want %d and %d", got.Taxable, got.Total, c.want.Taxable, c.want.Total)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	check(c.t, err)
	part := func(id string) *goquery.Selection { return doc.Find(fmt.Sprintf("hx-partial[hx-target='#%s']", id)) }
	c.calculation("the fragment", part("somme"))
	c.sumsAround("the fragment", part("somma-inclusi").Text(), part("somma-esclusi").Text(), part("totale-barra").Text(), part("che-cosa").Text())
}

func (c *comparison) inForm() {
	c.school.open(renewalweb.RenewalPath(c.id))
	doc := c.school.Page.Doc
	c.calculation("the form", doc.Find("#somme"))
	c.sumsAround("the form", doc.Find("#somma-inclusi").Text(), doc.Find("#somma-esclusi").Text(), doc.Find("#totale-barra").Text(), doc.Find("#che-cosa").Text())
	for i, l := range c.view.Proposal.Lines {
		if got := cents(c.t, doc.Find("#riga-"+l.ID+" td[data-l=Importo] .amt").Text()); got != c.want.Lines[i].Amount {
			c.t.Errorf("the form: %s is %d, want %d", l.Name, got, c.want.Lines[i].Amount)
		}
	}
}

// calculation holds a calculation on a page against what is wanted.
func (c *comparison) calculation(where string, s *goquery.Selection) {
	c.t.Helper()
	wanted := map[string]rinnova.Cents{"Importo da fatturare": c.want.Taxable, "IVA 22%": c.want.VAT, "Totale": c.want.Total}
	if c.kind.Capped() {
		wanted["Inclusi nel tetto"], wanted["Riduzione per il tetto"], wanted["Esclusi dal tetto"] = c.want.Included, -c.want.Reduction, c.want.Excluded
	}
	labels, amounts := s.Find("dt"), s.Find("dd")
	found := 0
	for i := range labels.Length() {
		if want, ok := wanted[strings.TrimSpace(labels.Eq(i).Text())]; ok {
			found++
			if got := cents(c.t, amounts.Eq(i).Text()); got != want {
				c.t.Errorf("%s: %s is %d, want %d", where, labels.Eq(i).Text(), got, want)
			}
		}
	}
	if found != len(wanted) || !c.kind.Capped() && labels.Length() != len(wanted) {
		c.t.Errorf("%s has %d sums, want %d", where, found, len(wanted))
	}
}

func (c *comparison) sumsAround(where, included, excluded, bar, confirm string) {
	c.t.Helper()
	for _, x := range []struct {
		text string
		want rinnova.Cents
	}{{included, c.want.Included}, {excluded, c.want.Excluded}, {bar, c.want.Total}} {
		if x.text == "" && x.want == 0 && !c.kind.Capped() {
			continue // there is no such table
		}
		if got := cents(c.t, x.text); got != x.want {
			c.t.Errorf("%s: %q, want %d", where, x.text, x.want)
		}
	}
	if !strings.Contains(confirm, locale.Euro(c.want.Taxable)) {
		c.t.Errorf("%s: %q, want %s", where, confirm, locale.Euro(c.want.Taxable))
	}
}

// cents reads an amount as pages write it.
func cents(t *testing.T, s string) rinnova.Cents {
	t.Helper()
	digits := strings.NewReplacer("€", "", ".", "", ",", "", "−", "-", "\u00a0", "", " ", "", "\n", "", "\t", "").Replace(s)
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || !strings.Contains(s, ",") {
		t.Errorf("%q is no amount", s)
	}
	return rinnova.Cents(n)
}

// inReminder is what the reminder prints, as data.
func (c *comparison) inReminder() contract.Reminder {
	c.t.Helper()
	profile, err := c.Vendors.Profile(c.t.Context())
	check(c.t, err)
	r := contract.ReminderOf(c.view, nil, profile, nil, c.clock.Now())
	c.same("the reminder", r.Totals)
	c.explained("the reminder", r.Prices)
	return r
}

// explained holds that what is explained is what is to be paid: the net lines sum up to it, and the steps of each come to its net.
func (c *comparison) explained(where string, x contract.Explained) {
	c.t.Helper()
	var sum rinnova.Cents
	for _, l := range x.Lines {
		sum += l.Net
		amount, share := rinnova.Cents(0), rinnova.Cents(0)
		for _, step := range l.Steps[1:] {
			if step.Amount < 0 {
				share = step.Amount
			} else {
				amount = step.Amount // the last one is of all parts
			}
		}
		if amount+share != l.Net {
			c.t.Errorf("%s explains %s by %v, net %d", where, l.Name, l.Steps, l.Net)
		}
	}
	if sum != c.want.Taxable || len(x.Lines) != len(c.ticks) {
		c.t.Errorf("%s explains %d lines that come to %d, want %d to %d", where, len(x.Lines), sum, len(c.ticks), c.want.Taxable)
	}
}

// same holds that totals are those that are wanted, in every number of them.
func (c *comparison) same(where string, got catalog.Totals) {
	c.t.Helper()
	var net rinnova.Cents
	for _, l := range got.Lines {
		net += l.Net
	}
	if got.Included != c.want.Included || got.Reduction != c.want.Reduction || got.Excluded != c.want.Excluded || got.Taxable != c.want.Taxable ||
		got.VAT != c.want.VAT || got.Total != c.want.Total || net != c.want.Taxable {
		c.t.Errorf("%s says %+v, net lines of %d; want %+v", where, got, net, c.want)
	}
}

// inReceipt confirms, and looks at the receipt's page and mail.
func (c *comparison) inReceipt(i int) string {
	c.t.Helper()
	c.sent(http.StatusSeeOther, "conferma")
	c.read()
	r := c.view.Request
	if r.Revision != i+1 || r.Taxable != c.want.Taxable {
		c.t.Errorf("the request stands at n. %d with %d, want n. %d with %d", r.Revision, r.Taxable, i+1, c.want.Taxable)
	}
	c.same("the confirmation", c.post.last.Revision.Totals)
	c.school.open(fmt.Sprintf("%s/conferma/%d", renewalweb.RenewalPath(r.ID), r.Revision))
	c.calculation("the receipt's page", c.school.Page.Doc.Find("section[aria-labelledby=c] dl.rn-calc"))
	profile, err := c.Vendors.Profile(c.t.Context())
	check(c.t, err)
	text := renewalmail.Received(c.post.last, profile, c.Base.String()).Text()
	c.inText("the receipt", text)
	return text
}

// inText holds a mail against what is wanted.
func (c *comparison) inText(where, text string) {
	c.t.Helper()
	for label, want := range map[string]rinnova.Cents{"Imponibile:": c.want.Taxable, "IVA 22 %:": c.want.VAT, "Totale:": c.want.Total} {
		if !strings.Contains(tight(text), tight(label+locale.Euro(want))) {
			c.t.Errorf("%s does not say %s %s:\n%s", where, label, locale.Euro(want), text)
		}
	}
}

// errNotMeant takes back a processing that was only looked at.
var errNotMeant = errors.New("not meant")

// inContract processes the request, looks at the contract and takes it back.
func (c *comparison) inContract() contract.Document {
	c.t.Helper()
	var d contract.Document
	r := c.view.Request
	err := c.DB.InTx(c.t.Context(), func(ctx context.Context) error {
		made, err := c.Contracts.Process(ctx, c.office, r.ID, r.Revision)
		if err != nil {
			return err
		}
		d = made.Document
		return errNotMeant
	})
	if !errors.Is(err, errNotMeant) {
		c.t.Fatal(err)
	}
	c.same("the contract", d.Totals)
	c.explained("the contract", *d.Prices)
	if len(d.Lines) != len(c.ticks) || len(d.Totals.Lines) != len(c.ticks) {
		c.t.Errorf("the contract has %d lines, want %d", len(d.Lines), len(c.ticks))
	}
	return d
}

func (c *comparison) paper(where string, draw func() ([]byte, error)) {
	c.t.Helper()
	pdf, err := draw()
	check(c.t, err)
	text := paperText(c.t, pdf)
	written(c.t, where, text)
	for label, want := range map[string]rinnova.Cents{
		c.excludedLabel(): c.want.Excluded, "Somma dei prodotti inclusi": c.want.Included,
		"Imponibile (importo da fatturare)": c.want.Taxable, "IVA 22 % su " + locale.Amount(c.want.Taxable): c.want.VAT, "Totale €": c.want.Total,
		"Al fornitore (imponibile)": c.want.Taxable, "Allo Stato (IVA)": c.want.VAT,
	} {
		if want != 0 {
			says(c.t, text, label+locale.Amount(want))
		}
	}
}

// excludedLabel is how papers call the sum of what is outside the cap.
func (c *comparison) excludedLabel() string {
	if c.kind.Capped() {
		return "Somma dei prodotti esclusi"
	}
	return "Somma dei servizi"
}

func (c *comparison) inOffice() {
	r := c.view.Request
	list := "?vista=tutte&campagna=" + r.CampaignID + "&cerca=" + c.code
	c.clerk.open(renewalweb.WorkListPath + "/" + r.ID)
	c.clerk.reads(locale.Euro(c.want.Taxable)+" + IVA", "Ricalcolati: coincidono al centesimo")
	c.clerk.open(renewalweb.WorkListPath + list)
	c.clerk.reads(locale.Amount(c.want.Taxable))
	status, csv := c.clerk.send(http.MethodGet, renewalweb.WorkListPath+".csv"+list, "", nil)
	if plain := strings.ReplaceAll(locale.Amount(c.want.Taxable), ".", ""); status != http.StatusOK || !strings.Contains(csv, plain) {
		c.t.Errorf("the work list as CSV: %d, want %s: %s", status, plain, csv)
	}
}

// receiptIsPosted holds that the mail that leaves is the one that was looked at.
func (c *comparison) receiptIsPosted(text string) {
	r := c.view.Request
	all, err := c.Messages.About(c.t.Context(), r.ID)
	check(c.t, err)
	for _, m := range all {
		if strings.HasSuffix(m.Subject, fmt.Sprintf("conferma n. %d", r.Revision)) {
			whole, err := c.Messages.Message(c.t.Context(), m.ID)
			check(c.t, err)
			if whole.Body.Text != text {
				c.t.Errorf("the receipt that leaves says\n%s\nwant\n%s", whole.Body.Text, text)
			}
			return
		}
	}
	c.t.Errorf("none of %d mails is the receipt of n. %d", len(all), r.Revision)
}
