package e2e_test

import (
	"fmt"
	"net/http"
	"testing"

	"rinnova/internal/campaign"
	"rinnova/internal/campaign/campaignweb"
	"rinnova/internal/demo"
	"rinnova/internal/surf"
)

// manager prepares campaigns.
const manager = "RESPONSABILE"

// campaigns goes through the pages of campaigns: what is there, a new one, its rehearsal, publication and withdrawal.
func (w *walk) campaigns() {
	t, p := w.t, w.p
	w.Go(campaignweb.Path)
	w.enter(manager)
	w.check("campagne")
	w.look(campaignweb.CampaignPath(demo.CampaignID), "campagna-in-corso")
	w.look(campaignweb.CampaignPath(demo.CampaignID)+"/modifica", "campagna-pubblicata-modifica")
	w.look(campaignweb.CampaignPath(demo.NextID), "campagna-da-provare")
	w.look(campaignweb.Path+"/nuova", "campagna-nuova")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("campagna-nuova-errori")
	id := w.newCampaign()
	w.follow(".rn-next form button")
	w.check("campagna-prova-in-corso")
	w.follow("form[action$='/ferma'] button")
	w.check("campagna-prova-ferma")
	w.follow("form[action$='/riprendi'] button")
	broken := p.school(t, "SG00003")
	_, err := p.DB.Writer(t.Context()).ExecContext(t.Context(), `UPDATE subscription SET period_from = 'ieri' WHERE school_id = $1`, broken.ID)
	check(t, err)
	defer func() { // other pages read it too
		_, err := p.DB.Writer(t.Context()).ExecContext(t.Context(), `UPDATE subscription SET period_from = '2026-01-01' WHERE school_id = $1`, broken.ID)
		check(t, err)
	}()
	p.work(t)
	n, err := p.SchoolStore.CountAll(t.Context()) // other pages may have added some
	check(t, err)
	w.WaitText("main", fmt.Sprintf("%d di %d scuole", n, n))
	w.reads("Da guardare", broken.ShortName)
	w.check("campagna-prova-finita")
	w.follow("main .btn-primary")
	w.reads("Prova di Rinnovo di prova", "Quanto cambia rispetto all’anno scorso")
	w.check("campagna-prova")
	w.look(campaignweb.CampaignPath(id)+"/prova?anomalia="+string(campaign.Capped)+"&ordine=rise", "campagna-prova-tetto")
	w.look(campaignweb.CampaignPath(id)+"/prova?cerca=nessuno", "campagna-prova-nulla")
	w.look(campaignweb.CampaignPath(id)+"/scuole/"+p.school(t, "SG00001").ID, "campagna-scuola")
	w.Click("details summary")
	w.check("campagna-scuola-spiega")
	w.look(campaignweb.CampaignPath(id)+"/scuole/"+broken.ID, "campagna-scuola-non-riuscita")
	w.look(campaignweb.CampaignPath(id), "campagna-da-pubblicare")
	w.look(campaignweb.CampaignPath(id)+"/pubblica", "campagna-pubblica")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("campagna-pubblica-errore")
	w.Click("input[value=tutte]")
	w.follow("main form .btn-primary")
	w.reads("Pubblicare 11 proposte?", "Si ritirano solo quelle che nessuno ha aperto")
	w.check("campagna-pubblica-domanda")
	w.follow("main form .btn-primary")
	p.work(t)
	w.WaitText("main", "11 di 11 scuole")
	w.check("campagna-pubblicazione")
	w.look(campaignweb.CampaignPath(id)+"/ritira", "campagna-ritira")
	w.Click("input[value=tutte]")
	w.follow("main form .btn-primary")
	w.reads("Ritirare 11 proposte?")
	w.follow("main form .btn-primary")
	p.work(t)
	w.WaitText("main", "11 di 11 scuole")
	w.reads("Ritirate")
	w.leave()
}

// newCampaign fills in the form of a new campaign, with a doubt on the way, and gives its id.
func (w *walk) newCampaign() string {
	w.Type("#"+campaign.FieldName, "Rinnovo di prova")
	w.Click("input[value=assistance]")
	w.Type("#"+campaign.FieldFrom, "01/01/2028")
	w.Type("#"+campaign.FieldTo, "31/12/2028")
	w.Choose("#"+campaign.FieldPriceList, "demo-listino-2027")
	w.Choose("#"+campaign.FieldTerms, "demo-condizioni")
	w.Type("#"+campaign.FieldOpens, "02/11/2026")
	w.Type("#"+campaign.FieldCloses, "15/12/2026")
	w.Type("#"+campaign.FieldYears, "2, 3 +2%")
	w.Type("#"+campaign.FieldBefore, "15, 7")
	w.follow("main form .btn-primary")
	w.reads("Rinnovo di prova", "Adesso: fate la prova", "2, 3 +2%")
	w.check("campagna-preparata")
	all, err := w.p.Campaigns.Store.Campaigns(w.t.Context())
	check(w.t, err)
	for _, c := range all {
		if c.Name == "Rinnovo di prova" {
			return c.ID
		}
	}
	w.t.Fatal("the campaign is not there")
	return ""
}

// Everything that is wrong with a new campaign is told at once, each beside its field, whether it cannot be read or cannot be so.
func TestACampaignTellsAllItsMistakes(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		v := p.login(t, manager)
		v.open(campaignweb.Path + "/nuova")
		v.pressFor(http.StatusUnprocessableEntity, "Prepara la campagna", surf.Values{campaign.FieldThreshold: {"tanto"}, campaign.FieldBefore: {"presto"}, campaign.FieldFrom: {"01/01/2028"},
			campaign.FieldTo: {"31/12/2027"}, campaign.FieldProvinces: {"XX"}, campaign.FieldExcept: {"PIPPO"}})
		v.reads("Un aumento è strano oltre il (%): Scrivete una percentuale", "Solleciti, giorni prima della chiusura: Scrivete dei giorni", "Nome: Scrivete un nome",
			"Ultimo giorno del periodo: ", "Nessuna scuola è in provincia di XX", "Nessuna scuola ha il codice meccanografico PIPPO")
	})
}
