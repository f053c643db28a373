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

// exclusionHints say more where a school could take a code for its own case. ES24 is the only one that fits an order of software
// with a private vendor: petty cash (D.I. 129/2018, art. 21), for which ANAC asks no CIG (determinazione 4/2011, as updated by
// delibera 556/2017). The exclusive right of ES07 is that of another authority (D.Lgs. 36/2023, art. 56).
var exclusionHints = map[string]rinnova.Text{
	"ES24": rinnova.Say("minute spese, con il fondo economale"),
	"ES07": rinnova.Say("solo di un’altra amministrazione, non di un’azienda"),
	"ES12": rinnova.Say("a una società controllata dall’amministrazione"),
	"ES25": rinnova.Say("prestazioni: l’elenco ufficiale non dice altro"),
}

// ExclusionHint says more about a code for who has to choose; nothing where its name is enough.
func ExclusionHint(code string) rinnova.Text { return exclusionHints[code] }

// LikelyExclusions are the codes that an order of software can have, the likeliest first. Codes of other contracts are for schools
// that know better.
var LikelyExclusions = []string{"ES24"}

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
