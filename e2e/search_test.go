package e2e_test

import (
	"net/url"
	"strings"
	"testing"

	"rinnova/internal/campaign/campaignweb"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/demo"
	"rinnova/internal/event/eventweb"
	"rinnova/internal/letter/letterweb"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/school"
	"rinnova/internal/school/schoolweb"
)

// TestEverySearchFindsWhatIsTyped holds that each list of the office finds a school by the signs of the keyboard, whatever
// signs its name is written with, and by its codes, with and without spaces; contracts and requests by their numbers and CIG, too.
func TestEverySearchFindsWhatIsTyped(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		newObjects(t, p)
		s := p.school(t, processed)
		s.Set(school.FieldDisplayName, "I.C. «Niccolò D’Arzo» – Città")
		check(t, p.SchoolStore.Update(t.Context(), s))
		s = p.school(t, processed)
		c, err := p.Lists.OfSchool(t.Context(), s.ID)
		check(t, err)
		office := []string{
			"nicolo' d'arzo", "NICCOLO' D'ARZO", `"niccolò`, "arzo - citta'", "d`arzo", processed, "sg 00007", s.CustomerNumber, s.MinistryCode[:4] + " " + s.MinistryCode[4:],
			s.TaxCode[:5] + " " + s.TaxCode[5:], s.OfficeCode, strings.ToLower(s.OfficeCode[:3]) + "-" + s.OfficeCode[3:], "\u200b" + processed + "\u00a0",
		}
		office[0] = "niccolo' d'arzo"
		numbers := []string{c[0].Number, strings.ReplaceAll(c[0].Number, "/", ""), strings.ReplaceAll(c[0].Number, "/", " ")}
		v := p.login(t, manager)
		for _, list := range []struct {
			address string
			typed   []string
		}{
			{schoolweb.SchoolsPath + "?cerca=", office},
			{renewalweb.WorkListPath + "?vista=tutte&cerca=", office},
			{contractweb.OfficePath + "?cerca=", append(office, numbers...)},
			{letterweb.OfficePath + "?vista=tutte&cerca=", office},
			{campaignweb.CampaignPath(demo.CampaignID) + "/prova?cerca=", office},
			{eventweb.OfficePath + "?scuola=", office},
		} {
			for _, typed := range list.typed {
				v.open(list.address + url.QueryEscape(typed))
				if !strings.Contains(v.Page.Text("main"), processed) || strings.Contains(v.Page.Text("main"), editable) {
					t.Errorf("%s: %q does not find %s alone", list.address, typed, processed)
				}
			}
		}
	})
}
