package campaign

import (
	"slices"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
)

// Oddity is something about a proposal that a person should look at before a school does. It stops nothing.
type Oddity string

// The oddities.
const (
	Dearer      Oddity = "dearer"       // like for like dearer than last year by more than the campaign's threshold
	BandJumped  Oddity = "band_jumped"  // the pupils suggest another band than a product was sold in
	BandUnknown Oddity = "band_unknown" // the pupils are not known: the school chooses, and nothing is worth anything yet
	Capped      Oddity = "capped"       // the yearly cap takes something off
	NoEmail     Oddity = "no_email"
	NoTaxCode   Oddity = "no_tax_code"
	Dropped     Oddity = "dropped"      // the school has a product that is retired or not on the price list
	Closed      Oddity = "closed"       // the registry says that the school is closed, or merged into another
	OpenRequest Oddity = "open_request" // it has a request of the kind for an overlapping period, in another campaign
	Uncovered   Oddity = "uncovered"    // months between the end of a product and the campaign’s period that nobody renews
	SameTaxCode Oddity = "same_tax_code"
	NoLines     Oddity = "no_lines" // there is nothing to renew, so nothing is offered
)

// Oddities are all of them, in the order in which people look at them.
var Oddities = []Oddity{Dearer, BandJumped, BandUnknown, Capped, Dropped, Uncovered, Closed, OpenRequest, SameTaxCode, NoEmail, NoTaxCode, NoLines}

// Label is the oddity as people read it.
func (o Oddity) Label() rinnova.Text {
	switch o {
	case Dearer:
		return rinnova.Say("Aumento oltre la soglia")
	case BandJumped:
		return rinnova.Say("Fascia cambiata")
	case BandUnknown:
		return rinnova.Say("Fascia da indicare")
	case Capped:
		return rinnova.Say("Tetto massimo raggiunto")
	case NoEmail:
		return rinnova.Say("Senza e-mail")
	case NoTaxCode:
		return rinnova.Say("Senza codice fiscale")
	case Dropped:
		return rinnova.Say("Prodotto fuori listino")
	case Uncovered:
		return rinnova.Say("Mesi scoperti")
	case Closed:
		return rinnova.Say("Scuola chiusa o accorpata")
	case OpenRequest:
		return rinnova.Say("Richiesta già aperta")
	case SameTaxCode:
		return rinnova.Say("Codice fiscale doppio")
	case NoLines:
		return rinnova.Say("Nulla da rinnovare")
	}
	return rinnova.Say("%s", string(o))
}

// Help says what the oddity means and what to do.
func (o Oddity) Help() rinnova.Text {
	switch o {
	case Dearer:
		return rinnova.Say("A parità di prodotti e di mesi, e senza il tetto massimo, il canone sale più della soglia della campagna. Guardate se la fascia o il listino sono giusti.")
	case BandJumped:
		return rinnova.Say("Gli alunni dell’anagrafe portano in una fascia diversa da quella dell’ultimo contratto. La scuola la può correggere.")
	case BandUnknown:
		return rinnova.Say("L’anagrafe non dice quanti sono gli alunni: la fascia la sceglie la scuola, e la proposta non ha ancora un importo.")
	case Capped:
		return rinnova.Say("I prodotti compresi costano insieme più del tetto massimo: la proposta ha una riduzione.")
	case NoEmail:
		return rinnova.Say("La scuola non riceve né avvisi né contratto. Completate l’anagrafe.")
	case NoTaxCode:
		return rinnova.Say("Senza codice fiscale la richiesta non si può elaborare. Completate l’anagrafe.")
	case Dropped:
		return rinnova.Say("La scuola ha un prodotto che il listino non ha più: nella proposta non c’è.")
	case Uncovered:
		return rinnova.Say("Fra la scadenza di un prodotto e il periodo di questa campagna ci sono mesi che nessuno rinnova. Se mancano per errore, rinnovateli prima in un’altra campagna o cambiate il periodo di questa.")
	case Closed:
		return rinnova.Say("L’anagrafe del Ministero dà la scuola per chiusa o accorpata a un’altra. Guardate chi rinnova.")
	case OpenRequest:
		return rinnova.Say("In un’altra campagna la scuola ha già una richiesta per questo periodo, o per gli stessi mesi di un prodotto: qui non viene pubblicata. Aspettate che quella sia elaborata, poi fate di nuovo la prova.")
	case SameTaxCode:
		return rinnova.Say("Un’altra scuola ha lo stesso codice fiscale: forse sono la stessa.")
	case NoLines:
		return rinnova.Say("Quello che la scuola ha è già coperto, non va rinnovato o non è nel listino: non le viene offerto nulla.")
	}
	return rinnova.Text{}
}

// around is what is known of a school beside itself and what it has.
type around struct {
	open      bool // it has a request for the period in another campaign
	twin      bool // another school has its tax code
	closed    bool
	dropped   []string
	uncovered []string
}

// judge lists what is odd about an offer.
func judge(p *renewal.Proposal, s school.School, a around, threshold rinnova.BasisPoints) []Oddity {
	c := Compare(p)
	totals := p.Totals(p.Suggested, p.StartTicks())
	jumped := func(l renewal.Line) bool {
		return p.Bands.Several() && p.Suggested > 0 && l.LastYear != nil && l.LastYear.Band > 0 && l.LastYear.Band != p.Suggested
	}
	is := map[Oddity]bool{
		Dearer:      c.Share() > threshold,
		BandJumped:  slices.ContainsFunc(p.Lines, jumped),
		BandUnknown: p.Suggested == 0 && len(p.Lines) > 0,
		Capped:      totals.Reduction > 0,
		NoEmail:     s.Email == "",
		NoTaxCode:   s.TaxCode == "",
		Dropped:     len(a.dropped) > 0,
		Uncovered:   len(a.uncovered) > 0,
		Closed:      a.closed,
		OpenRequest: a.open,
		SameTaxCode: a.twin,
		NoLines:     len(p.Lines) == 0,
	}
	var out []Oddity
	for _, o := range Oddities {
		if is[o] {
			out = append(out, o)
		}
	}
	return out
}

// Comparison holds a proposal against last year, like for like: only products that are to be renewed and whose last fee is
// known, both years for the months of the new period, and before the cap, whose height last year nobody noted.
type Comparison struct {
	Now, Before rinnova.Cents
}

// Compare compares a proposal, in the band that it suggests; nothing where it suggests none.
func Compare(p *renewal.Proposal) Comparison {
	var out Comparison
	if p.Suggested == 0 {
		return out
	}
	for _, l := range p.Lines {
		if !l.Ticked || l.LastYear == nil {
			continue
		}
		out.Now += catalog.QuoteLine{Fee: l.Fee(p.Suggested), Months: l.Months}.Amount()
		out.Before += catalog.QuoteLine{Fee: l.LastYear.Fee, Months: l.Months}.Amount()
	}
	return out
}

// Share is by how much this year is dearer; negative where it is cheaper, zero where there is nothing to compare with.
func (c Comparison) Share() rinnova.BasisPoints {
	if c.Before <= 0 {
		return 0
	}
	return rinnova.BasisPoints((c.Now - c.Before) * 10_000 / c.Before)
}
