package contract

import (
	"time"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/supplier"
)

// stampDutyFrom is the amount from which a contract owes stamp duty (D.Lgs. 36/2023, annex I.4).
const stampDutyFrom rinnova.Cents = 40_000_00

// document is the snapshot of everything that the contract says. The school is as it is now, at processing: what was corrected
// since the confirmation is in it, what will be corrected afterwards is not.
func (s *Service) document(c *Contract, date rinnova.Date, v *renewal.View, rev *renewal.Revision, p supplier.Profile) Document {
	code := newVerifyCode()
	d := Document{
		Kind: v.Request.Kind, Number: c.Number, Date: date, At: c.NumberedAt, Period: v.Proposal.Period, VerifyCode: code,
		VerifyURL: s.verifyPage(), VerifyLink: s.verifyLink(code),
		Vendor: p, School: PartyOf(v.School), Order: orderOf(rev.Order), Cap: v.Proposal.Cap(rev.Band),
		PaymentClause: p.Fill(supplier.ClauseFor(rev.Order.Payment.Clause, rev.Order.CIG), "payment.reason", rev.Order.Payment.Reason),
		Request:       v.Request.Number, Revision: rev.Number, ConfirmedAt: rev.At, ConfirmedBy: confirmedBy(rev, v.School),
	}
	d.Band = v.Proposal.Band(rev.Band)
	if v.Proposal.Split {
		d.Split, _ = p.SplitOn(date)
	}
	if rev.Totals.Taxable < stampDutyFrom {
		d.StampDuty = p.Sentences.StampDuty
	}
	d.Lines, d.Totals = TickedLines(v.Proposal, rev.Band, rev.Ticks, rev.Totals)
	d.Period = spanOf(d.Period, d.Lines)
	prices := explained(v.Proposal, rev.Band, renewal.NewTicks(rev.Ticks...))
	for i := range prices.Lines {
		prices.Lines[i].Without = rinnova.Text{} // it was for choosing
	}
	d.Prices = &prices
	return d
}

// confirmedBy is the user who confirmed, with a name where it is a person's: the user that a school's office shares bears the
// school's.
func confirmedBy(rev *renewal.Revision, s school.School) string {
	by := rev.By
	for _, name := range []string{"", by.Username, s.ShortName, s.DisplayName, rev.School.ShortName, rev.School.DisplayName} {
		if by.Name == name {
			return by.Username
		}
	}
	return by.Username + " (" + by.Name + ")"
}

// spanOf is a contract's period: the campaign's, longer where a line begins earlier or goes on for years.
func spanOf(p rinnova.Period, lines []DocumentLine) rinnova.Period {
	for _, l := range lines {
		if l.Period.From.Before(p.From) {
			p.From = l.Period.From
		}
		if l.Period.To.After(p.To) {
			p.To = l.Period.To
		}
	}
	return p
}

// PartyOf is a school as papers name it.
func PartyOf(s school.School) Party {
	return Party{
		Name: s.DisplayName, ShortName: s.ShortName, Address: s.PostalAddress(), MinistryCode: s.MinistryCode, TaxCode: s.TaxCode,
		VATNumber: s.VATNumber, OfficeCode: s.OfficeCode, Email: s.Email, PEC: s.PEC, Customer: s.CustomerNumber, PortalCode: s.PortalCode,
	}
}

// AllLines are the lines of a proposal for a band, ticked or not, with the totals in the same order.
func AllLines(p *renewal.Proposal, b catalog.Band, ticks renewal.Ticks) []DocumentLine {
	out := make([]DocumentLine, len(p.Lines))
	for i, l := range p.Lines {
		out[i] = DocumentLine{Name: l.Name, License: l.License, Period: l.Period, Contacts: l.Contacts, Fee: l.Fee(b), InCap: l.InCap, Ticked: ticks[l.ID],
			Way: p.Way(l)}
		for _, part := range l.Parts {
			out[i].Parts = append(out[i].Parts, DocumentPart{part.Period, part.Fee(b)})
		}
	}
	for i, aside := range p.Aside(ticks) {
		out[i].Aside = aside
	}
	return out
}

// explained is how the prices of the ticked lines came about.
func explained(p *renewal.Proposal, b catalog.Band, ticks renewal.Ticks) Explained {
	out := Explained{Basis: p.Basis(b), Origin: p.Origin(b, ticks)}
	all := p.ExplainAll(b, ticks)
	for _, inCap := range []bool{true, false} {
		for i, x := range all {
			if l := p.Lines[i]; x.Ticked && l.InCap == inCap {
				x.Steps[0].Text = rinnova.Text{} // where the yearly fee comes from is said once, in Basis
				line := ExplainedLine{Name: l.Name, Steps: x.Steps, Net: x.Net, LastYear: x.LastYear, Without: x.Without}
				if p.Apart(l, b) {
					line.Origin = x.Origin
				}
				out.Lines = append(out.Lines, line)
			}
		}
	}
	return out
}

// TickedLines are only the ticked lines, with the totals cut to them: the sums stay what they are, because a line that is
// not ticked adds nothing.
func TickedLines(p *renewal.Proposal, b catalog.Band, ticks []string, all catalog.Totals) ([]DocumentLine, catalog.Totals) {
	set := renewal.NewTicks(ticks...)
	var lines []DocumentLine
	totals := all
	totals.Lines = nil
	for i, l := range AllLines(p, b, set) {
		if l.Ticked {
			lines = append(lines, l)
			totals.Lines = append(totals.Lines, all.Lines[i])
		}
	}
	return lines, totals
}

// ReminderOf is the printable picture of a request: of what counts, or of the draft where there is one that does not.
func ReminderOf(v *renewal.View, last *renewal.Revision, p supplier.Profile, missing []rinnova.Text, at time.Time) Reminder {
	r := Reminder{
		Kind: v.Request.Kind, PrintedAt: at, Period: v.Proposal.Period, State: v.Request.State.Label(), Request: v.Request.Number,
		Revision: v.Request.Revision, Vendor: p, School: PartyOf(v.School), Split: v.Proposal.Split,
	}
	if last != nil && !v.Request.Pending {
		r.At, r.By, r.School = last.At, last.By.Username, PartyOf(last.School)
		r.Order = orderOf(last.Order)
		r.fill(v.Proposal, last.Band, renewal.NewTicks(last.Ticks...))
		return r
	}
	r.Pending, r.At, r.By, r.Missing = true, v.Request.DraftAt, "", missing
	if r.BandOpen = !v.Proposal.BandChosen(v.Request); r.BandOpen {
		r.Missing = append([]rinnova.Text{rinnova.Say("Fascia degli alunni da confermare.")}, missing...)
	}
	if r.At.IsZero() { // nobody has touched the proposal
		r.At, r.Made = v.Proposal.MadeAt, true
	}
	r.Order = orderOf(v.Request.Draft.Order.Read(p.PaymentTerms))
	r.fill(v.Proposal, v.Request.Draft.Band, v.Request.Ticks())
	return r
}

func (r *Reminder) fill(p *renewal.Proposal, b catalog.Band, ticks renewal.Ticks) {
	r.Band = p.Band(b)
	r.Lines = AllLines(p, b, ticks)
	r.Prices = explained(p, b, ticks)
	r.Totals = p.Totals(b, ticks)
	r.Cap = p.Cap(b)
}
