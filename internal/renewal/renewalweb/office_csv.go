package renewalweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/web"
)

// export writes the requests that the filter chooses, with a comma before the cents.
func (o *Office) export(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, rows, err := o.chosenRows(r)
	if err != nil {
		return err
	}
	prices, err := o.Prices.PriceList(ctx, c.PriceList)
	if err != nil {
		return err
	}
	l := web.LangOf(ctx)
	table := [][]string{exportHead(l)}
	for _, row := range rows {
		band := ""
		if prices.Bands.Several() {
			band = l.Text(prices.Bands.Name(row.Band))
		}
		table = append(table, exportRow(l, row, band))
	}
	return web.CSV(w, o.fileName("richieste", c, r), table)
}

// chosenRows are the requests that the filter of an address chooses, with their campaign.
func (o *Office) chosenRows(r *http.Request) (campaign.Campaign, []renewal.Row, error) {
	ctx := r.Context()
	campaigns, err := o.Campaigns.Campaigns(ctx)
	if err != nil {
		return campaign.Campaign{}, nil, err
	}
	q := parseList(r.URL.Query())
	c, _ := choose(campaigns, q.Campaign, o.Clock.Today())
	f := q.filter(c.ID, o.Actor(ctx).AccountID)
	f.Limit = contract.MaxRun
	rows, err := o.Lists.List(ctx, f)
	return c, rows, err
}

// fileName says what is in a file, of which campaign and view, and of which day.
func (o *Office) fileName(what string, c campaign.Campaign, r *http.Request) string {
	kind := strings.ToLower(c.Kind.Traits().Label.String())
	return what + "-" + kind + "-" + parseList(r.URL.Query()).View + "-" + o.Clock.Today().String() + ".csv"
}

func exportHead(l locale.Lang) []string {
	return []string{
		l.T("Richiesta"), l.T("Stato"), l.T("Scuola"), l.T("Comune"), l.T("Provincia"), l.T("Codice portale"), l.T("Meccanografico"),
		l.T("Fascia"), l.T("Conferma"), l.T("Ricevuta"), l.T("Imponibile della proposta"), l.T("Imponibile"), l.T("Differenza"), l.T("CIG"),
		l.T("Avvisi"), l.T("Riconfermata"), l.T("In carico a"), l.T("Perché non rinnova"),
	}
}

func exportRow(l locale.Lang, row renewal.Row, band string) []string {
	name, _ := nameAndTown(row)
	cells := []string{
		row.Number, l.Text(row.State.Label()), name, school.DisplayPlace(row.Town), row.Province, row.PortalCode, row.Ministry, band,
		"", "", plainAmount(row.Offered), "", "", row.CIG, "", "", row.Taken.Name, l.Text(row.Notice.Text()),
	}
	if row.Revision == 0 {
		return cells
	}
	var warnings []string
	for _, code := range row.Warnings {
		words := l.Text(WarningLabel(code))
		if slices.Contains(row.Unseen, code) {
			words = l.T("%s (non visto dalla scuola)", words)
		}
		warnings = append(warnings, words)
	}
	cells[8], cells[9] = strconv.Itoa(row.Revision), row.ConfirmedAt.In(rinnova.Rome).Format("02/01/2006 15:04")
	cells[11], cells[12] = plainAmount(row.Taxable), plainAmount(row.Delta())
	cells[14] = strings.Join(warnings, ", ")
	if row.ChangedSinceTaken() {
		cells[15] = l.T("sì")
	}
	return cells
}

// plainAmount writes an amount as spreadsheets read numbers: 1234,56, -180,00.
func plainAmount(c rinnova.Cents) string { return strings.Replace(c.String(), ".", ",", 1) }
