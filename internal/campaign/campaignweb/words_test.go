package campaignweb

import (
	"strings"
	"testing"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/terms"
)

// The text of a letter is no terms of a contract: a campaign is not offered it.
func TestACampaignIsOfferedTermsOfContracts(t *testing.T) {
	p := &formPage{}
	for _, k := range terms.Kinds {
		p.Terms = append(p.Terms, terms.Terms{ID: string(k), Kind: k, Title: "Testo", Version: "1"})
	}
	for kind, want := range map[renewal.Kind][]string{"": {"", "assistance", "services"}, renewal.Services: {"", "services"}} {
		if p.Campaign.Kind = kind; kind != "" {
			p.Campaign.ID = "c"
		}
		var got []string
		for _, x := range p.terms(locale.Italian) {
			got = append(got, x.Value)
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("kind %q: offered %q, want %q", kind, got, want)
		}
		p.Campaign.ID = ""
	}
}

// Before a campaign opens nobody is told that schools see their proposals as soon as they enter: only some do.
func TestWhatPublishingDoes(t *testing.T) {
	p := &askPage{choosePage: choosePage{Kind: campaign.Publication,
		Campaign: campaign.Campaign{OpensOn: rinnova.MustDate("2026-12-01"), ClosesOn: rinnova.MustDate("2027-01-31")}}, Schools: 3}
	for today, want := range map[string]string{
		"2026-11-30": "Le scuole possono rispondere dal 01/12/2026 al 31/01/2027. Chi non ha un altro rinnovo aperto dello stesso tipo le vede già prima",
		"2026-12-01": "Le scuole le vedono appena entrano e possono rispondere fino al 31/01/2027.",
	} {
		p.Today = rinnova.MustDate(today)
		if got := p.consequence(locale.Italian); !strings.HasPrefix(got, want) {
			t.Errorf("on %s it says %s", today, got)
		}
	}
}
