package renewalweb

import (
	"context"
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
	c, f, err := o.chosen(r)
	if err != nil {
		return err
	}
	prices, err := o.Prices.PriceList(r.Context(), c.PriceList)
	if err != nil {
		return err
	}
	l := web.LangOf(r.Context())
	return web.ExportCSV(w, r, o.fileName("richieste", c, r), func(ctx context.Context, table *web.Sheet) error {
		table.Add(exportHead(l)...)
		return o.eachRow(ctx, f, func(row renewal.Row) error {
			band := ""
			if prices.Bands.Several() {
				band = l.Text(prices.Bands.Name(row.Band))
			}
			table.Add(exportRow(l, row, band)...)
			return nil
		})
	})
}

// chosen is what the address chooses, with its campaign.
func (o *Office) chosen(r *http.Request) (campaign.Campaign, renewal.Filter, error) {
	ctx := r.Context()
	campaigns, err := o.Campaigns.Campaigns(ctx)
	if err != nil {
		return campaign.Campaign{}, renewal.Filter{}, err
	}
	q := parseList(r.URL.Query())
	c, _ := choose(campaigns, q.Campaign, o.Clock.Today())
	f := q.filter(c.ID, o.Actor(ctx).AccountID)
	f.Limit = contract.MaxRun
	return c, f, nil
}

// rowsAtOnce is how many rows an export holds.
const rowsAtOnce = 200

// eachRow hands over the requests that a filter chooses, as they stood when it began, some read at a time.
func (o *Office) eachRow(ctx context.Context, f renewal.Filter, do func(renewal.Row) error) error {
	ids, err := o.Lists.IDs(ctx, f)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, rowsAtOnce) {
		rows, err := o.Lists.Rows(ctx, some)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := do(row); err != nil {
				return err
			}
		}
	}
	return nil
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
	for _, code := range row.Looks {
		words := l.Text(renewal.LookLabel(code))
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
