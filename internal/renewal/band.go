package renewal

import (
	"fmt"

	"rinnova"
	"rinnova/internal/catalog"
)

// The codes of the doubts about a band.
const (
	BandBelowPupils = "band.pupils" // lower than the pupils of the registry say
	BandBelowBefore = "band.lower"  // lower than in the confirmation before
)

// BandDoubts holds a band against what is known of the school: the pupils of the registry, and the confirmation before (nil:
// none). There is one doubt at most. A band that is higher costs the school more and is nobody's doubt.
func (p *Proposal) BandDoubts(b catalog.Band, before *Revision) rinnova.Problems {
	var out rinnova.Problems
	switch {
	case !p.Bands.Has(b):
	case p.Pupils > 0 && b < p.Suggested:
		out.Warn(FieldBand, fmt.Sprintf("%s:%d", BandBelowPupils, b), "L’anagrafe del Ministero dà %d alunni (a.s. %s), che stanno nella fascia %s. Controllate quanti sono gli iscritti.",
			p.Pupils, p.PupilsYear, p.Bands.Name(p.Suggested))
	case before != nil && b < before.Band:
		out.Warn(FieldBand, fmt.Sprintf("%s:%d", BandBelowBefore, b), "È più bassa di quella della conferma n. %d, che era %s. Controllate quanti sono gli iscritti.",
			before.Number, p.Bands.Name(before.Band))
	}
	return out
}

// BandStops are the doubts about the band of a draft that the school has not confirmed.
func (p *Proposal) BandStops(d Draft, before *Revision) rinnova.Problems {
	doubts := p.BandDoubts(d.Band, before)
	if len(doubts) > 0 && doubts[0].Code == d.BandSeen {
		return nil
	}
	return doubts
}
