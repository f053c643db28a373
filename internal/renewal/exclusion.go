package renewal

import (
	"fmt"
	"slices"

	"rinnova"
)

// exclusionWords are the reasons for which an award has no CIG, in the order of their codes: ES01, ES02, …
//
// The codes are those of the order node of the public administration (Regole tecniche NSO of the Ragioneria generale dello
// Stato). Their words stand in the table cpass_d_motivi_esclusione_cig of the purchasing portal of the Piedmont
// (CSI Piemonte, github.com/unica-open/unica-acquisti-cpassdb), beside the names that SIOPE+ gives them, such as
// ACQUISTO_LOCAZIONE; that this one means land and buildings is in D.Lgs. 36/2023, art. 56. The table calls ES25 only
// «Prestazioni», which says nothing and could be taken for any service: it has no words here.
var exclusionWords = []rinnova.Text{
	rinnova.Say("acquisto o locazione di terreni e fabbricati"), rinnova.Say("arbitrato e conciliazione"),
	rinnova.Say("servizi di banche centrali ed EFSF"), rinnova.Say("contratti di lavoro"), rinnova.Say("contratti della difesa"),
	rinnova.Say("servizi per campagne politiche"), rinnova.Say("diritto esclusivo"), rinnova.Say("appalti di energia e acqua"),
	rinnova.Say("concessioni in Paesi terzi"), rinnova.Say("sponsorizzazione pura"), rinnova.Say("accordo fra amministrazioni aggiudicatrici"),
	rinnova.Say("affidamento in house"), rinnova.Say("joint venture"), rinnova.Say("impresa collegata"), rinnova.Say("attività in concorrenza"),
	rinnova.Say("amministrazione diretta"), rinnova.Say("contratti all’estero"), rinnova.Say("trasporto aereo"), rinnova.Say("incarichi di collaborazione"),
	rinnova.Say("erogazioni di liberalità"), rinnova.Say("contratti di associazione"), rinnova.Say("contratti dell’autorità giudiziaria"),
	rinnova.Say("risarcimenti e indennizzi"), rinnova.Say("spese economali"), {}, rinnova.Say("riassicurazione"), rinnova.Say("trasferimento di fondi"),
}

// Exclusions are the codes for which an award has no CIG, as the e-invoice wants them.
var Exclusions = func() []string {
	var out []string
	for i := range exclusionWords {
		out = append(out, fmt.Sprintf("ES%02d", i+1))
	}
	return out
}()

// ExclusionName is a code with what it means: ES24 – spese economali. A code that is not known stands alone.
func ExclusionName(code string) rinnova.Text {
	if i := slices.Index(Exclusions, code); i >= 0 && !exclusionWords[i].IsZero() {
		return rinnova.Say("%s – %s", code, exclusionWords[i])
	}
	return rinnova.Say("%s", code)
}
