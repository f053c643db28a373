package renewalweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"rinnova/internal/catalog"
	"rinnova/internal/renewal"
	"rinnova/internal/web"
)

// Fields of the renewal form beside those of package renewal.
const (
	fieldAction    = "azione"       // which button was pressed
	fieldExplain   = "spiega"       // the line whose explanation the reader opens or closes
	fieldExplained = "aperta"       // lines whose explanation is open
	fieldSeen      = "visto"        // the last confirmation that the form showed
	fieldBand      = "fascia_vista" // the band whose amounts the form showed
	fieldSentBack  = "rimandata"    // the confirmation that the form showed as sent back
	fieldTerms     = "condizioni"   // the version of the terms that the form showed
	fieldLeft      = "lasciato"     // the fields that the reader has been at
	fieldStopped   = "fermata"      // a confirmation did not go since the page was opened
	fieldChoice    = "scelta-"      // with the product's id: the way in which it is renewed, or nothing
)

// The buttons of the renewal form; a form that a script sends has none.
const (
	actionConfirm     = "conferma"
	actionRecalculate = "ricalcola"
	actionPrint       = "stampa"
	actionUndo        = "annulla"
	actionBand        = "fascia"
	actionLeave       = "esci"
	actionTakeOrder   = "ordine" // of the school's other request
)

// answer is what the renewal form sends.
type answer struct {
	renewal.Answer
	Action    string
	Explain   string
	Explained []string
	Left      []string
	Asked     []string // products for whose not being renewed the page asks why
	Stopped   bool
}

// parseAnswer reads the form. Its band is the one that it showed: another page asks for it.
func parseAnswer(r *http.Request) (answer, error) {
	if err := web.ParseForm(r); err != nil {
		return answer{}, err
	}
	f := r.PostForm
	seen, err := strconv.Atoi(f.Get(fieldSeen))
	if err != nil {
		seen = -1 // no confirmation has this number
	}
	a := answer{
		Action: f.Get(fieldAction), Explain: f.Get(fieldExplain), Explained: f[fieldExplained],
		Left: f[fieldLeft], Stopped: f.Get(fieldStopped) != "",
		Answer: renewal.Answer{
			Seen: seen, SentBack: number(f.Get(fieldSentBack), 0, 1<<30), Unchanged: f.Get(renewal.FieldUnchanged) != "",
			Accept: f.Get(renewal.FieldAccept) != "", Terms: f.Get(fieldTerms),
			Draft: renewal.Draft{Band: catalog.Band(number(f.Get(fieldBand), 0, 1<<10)), Ticks: ticked(f), Reply: paragraphs(f.Get(renewal.FieldReply)), Order: typedOrder(f)},
		},
	}
	a.Draft.Leavings, a.Asked = leavings(f)
	a.toggle()
	return a, nil
}

// typedOrder is what was typed of the order.
func typedOrder(f url.Values) renewal.OrderForm {
	o := renewal.OrderForm{Acknowledged: f[web.AckField]}
	for _, x := range renewal.Fields {
		x.Put(&o, line(f.Get(x.Name)))
	}
	return o
}

// ticked are the lines that were chosen, each by itself or as the way to renew a product.
func ticked(f url.Values) []string {
	out := slices.Clone(f[renewal.FieldLines])
	for name, values := range f {
		if strings.HasPrefix(name, fieldChoice) {
			out = append(out, values...)
		}
	}
	return out
}

// leavings are the reasons for products that are not renewed, and the products that the page asked about.
func leavings(f url.Values) (renewal.Leavings, []string) {
	out, asked := renewal.Leavings{}, []string(nil)
	for name := range f {
		if id, ok := strings.CutPrefix(name, renewal.FieldWhy("")); ok {
			asked = append(asked, id)
			out[id] = renewal.Leaving{Why: renewal.Why(f.Get(name)), Words: line(f.Get(renewal.FieldWords(id)))}
		}
	}
	return out, asked
}

// toggle opens the explanation that was asked for, or closes it where it is open.
func (a *answer) toggle() {
	if a.Explain == "" {
		return
	}
	if i := slices.Index(a.Explained, a.Explain); i >= 0 {
		a.Explained = slices.Delete(a.Explained, i, i+1)
		return
	}
	a.Explained = append(a.Explained, a.Explain)
}

// line makes one line of valid text of what was sent: browsers send nothing else, and papers, mails and PostgreSQL take
// nothing else.
func line(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
