package renewalweb

import (
	"slices"

	"rinnova"
	"rinnova/internal/guide/guideweb"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/web"
)

// formFields are the fields of the form that have messages, in the order of the page.
var formFields = func() []string {
	var out []string
	for _, x := range renewal.Fields {
		out = append(out, x.Name)
	}
	return append(out, renewal.FieldLines, renewal.FieldAccept, renewal.FieldReply)
}()

// input is a field of the form as it stands.
func (f *form) input(l locale.Lang, name string) web.Input {
	x := web.Input{Name: name, Label: fieldLabel(l, name), Value: typedIn(f.Request.Draft.Order, name), State: f.Shown, Live: true}
	if field, ok := renewal.OrderField(name); ok {
		x.Required, x.Code = field.Required(), field.Code
	}
	switch name {
	case renewal.FieldCIG:
		x.MaxLength = 40
		x.Help = l.T("10 caratteri, quello di questo affidamento. Spazi e trattini li togliamo noi.")
		x.More = web.Link{Text: l.T("Che cos’è il CIG?"), Href: guideweb.ContractsPath + "#cig"}
	case renewal.FieldExclusion:
		x.Label, x.Options = l.T("Motivo di esclusione"), exclusions(l)
		x.Help = l.T("Per software e assistenza il CIG serve quasi sempre, anche per piccoli importi. Il motivo va nella fattura elettronica.")
	case renewal.FieldReason:
		x.MaxLength, x.Help = 200, l.T("In breve, al massimo 200 caratteri.")
	case renewal.FieldCUP:
		x.MaxLength = 40
		x.Help = l.T("15 caratteri, solo per gli acquisti di un progetto di investimento. Di solito non serve.")
	case renewal.FieldNumber:
		x.Help = l.T("Al massimo 20 caratteri: il numero del buono d’ordine o della determina.")
		if invoiced := renewal.InInvoice(x.Value); invoiced != "" {
			x.Note = l.T("Nella fattura elettronica: %s", invoiced)
		}
		x.More = web.Link{Text: l.T("Quale numero scrivo?"), Href: guideweb.ContractsPath + "#numero-ordine"}
	case renewal.FieldDate:
		x.InputMode, x.Help = "numeric", l.T("gg/mm/aaaa")
	case renewal.FieldPayment:
		x.Options = payments(l, f.Season.Offered(f.Vendor.Offered()))
	case renewal.FieldReply:
		x.Label, x.Value, x.MaxLength, x.Rows = l.T("Risposta all’ufficio (facoltativa)"), f.Request.Draft.Reply, renewal.MaxReply, 3
		x.Help = l.T("La legge chi controlla la richiesta: che cosa avete corretto, o perché va bene così. Al massimo 600 caratteri.")
	case renewal.FieldUnchanged:
		x.Required, x.Checked, x.Live = true, f.Unchanged, false
		x.Label = l.T("Non c’è niente da correggere: confermo com’era nella n. %d", f.Last.Number)
	case renewal.FieldAccept:
		x.Required, x.Checked = true, f.Accepted
		x.Label = l.T("Accetto le condizioni di contratto, versione %s, per conto della scuola", f.Season.Terms.Version)
	}
	return x
}

// judge shows beside the fields what is wrong with them now: where something is typed, or where the reader has been. Nobody
// is asked for what has not been looked at yet. After a confirmation that did not go, what still stops it stays at the top.
func (f *form) judge(a answer) {
	stops := f.View.Stops(f.Found, a.Answer, f.Last)
	all := slices.Clone(f.Found)
	for _, p := range stops {
		if p.Field == renewal.FieldLines || p.Field == renewal.FieldAccept || ofReply(p.Field) || ofLeaving(p.Field) {
			all = append(all, p)
		}
	}
	f.Left = slices.DeleteFunc(slices.Clone(formFields), func(name string) bool { return !slices.Contains(a.Left, name) && !f.doubtful(name) })
	f.Shown.Problems = slices.DeleteFunc(all, func(p rinnova.Problem) bool {
		if p.Field == renewal.FieldUnchanged {
			return !a.Stopped
		}
		return !ofReply(p.Field) && !ofLeaving(p.Field) && typedIn(f.Request.Draft.Order, p.Field) == "" && !slices.Contains(f.Left, p.Field)
	})
	if !slices.Contains(f.Left, renewal.FieldLines) {
		f.Shown.Problems = append(f.Shown.Problems, f.Proposal.Doubled(f.Ticks)...)
	}
	if a.Stopped {
		f.Stopped, f.Stops = true, stops
	}
}

// doubtful tells whether the messages of a field may change although nobody has been at it: what is confirmed is doubted again only
// once something is changed.
func (f *form) doubtful(name string) bool {
	return f.Last != nil && (name == renewal.FieldCIG || name == renewal.FieldDate)
}

// ofReply tells whether a field is of the answer to what the office has sent back.
func ofReply(field string) bool {
	return field == renewal.FieldReply || field == renewal.FieldUnchanged
}

// left are the fields that the reader has been at: their messages come and go with what is typed.
func (f *form) left() []string {
	return slices.DeleteFunc(slices.Clone(formFields), func(name string) bool {
		return !slices.Contains(f.Left, name) && len(f.Shown.Problems.Of(name)) == 0
	})
}
