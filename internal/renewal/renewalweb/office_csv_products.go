package renewalweb

import (
	"context"
	"net/http"
	"strconv"

	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/web"
)

// exportProducts writes what the confirmed requests that the filter chooses renew and what they leave, one product a row.
func (o *Office) exportProducts(w http.ResponseWriter, r *http.Request) error {
	c, f, err := o.chosen(r)
	if err != nil {
		return err
	}
	l := web.LangOf(r.Context())
	return web.ExportCSV(w, r, o.fileName("prodotti", c, r), func(ctx context.Context, table *web.Sheet) error {
		table.Add(productsHead(l)...)
		return o.eachRow(ctx, f, func(row renewal.Row) error {
			if row.Revision == 0 {
				return nil
			}
			_, p, err := o.Confirmations.RequestAndProposal(ctx, row.ID)
			if err != nil {
				return err
			}
			v, err := o.Confirmations.Revision(ctx, row.ID, row.Revision)
			if err != nil {
				return err
			}
			for _, cells := range productRecords(l, row, p, v) {
				table.Add(cells...)
			}
			return nil
		})
	})
}

func productsHead(l locale.Lang) []string {
	return []string{
		l.T("Richiesta"), l.T("Stato"), l.T("Scuola"), l.T("Codice portale"), l.T("Meccanografico"), l.T("Conferma"), l.T("Prodotto"), l.T("Tipo"),
		l.T("Dal"), l.T("Al"), l.T("Mesi"), l.T("Come si rinnova"), l.T("Canone annuale"), l.T("Canoni per periodo"), l.T("Importo"), l.T("Riduzione"), l.T("Netto"),
		l.T("Rinnovato"), l.T("Proposto in più"), l.T("Perché non si rinnova"),
	}
}

// productRecords are the lines that a confirmation renews, and one for each product that it leaves.
func productRecords(l locale.Lang, row renewal.Row, p *renewal.Proposal, v *renewal.Revision) [][]string {
	var out [][]string
	ticks := renewal.NewTicks(v.Ticks...)
	aside := p.Aside(ticks)
	for i, x := range p.Lines {
		if aside[i] {
			continue
		}
		t := v.Totals.Lines[i]
		out = append(out, []string{
			row.Number, l.Text(row.State.Label()), row.School, row.PortalCode, row.Ministry, strconv.Itoa(v.Number), x.Name, string(x.License),
			locale.Date(x.Period.From), locale.Date(x.Period.To), strconv.Itoa(x.Months), l.Text(p.Way(x)), plainAmount(x.Fee(v.Band)), l.Text(x.Steps(v.Band)),
			plainAmount(t.Amount), plainAmount(-t.Reduction), plainAmount(t.Net), yes(l, ticks[x.ID]), yes(l, x.Suggested), l.Text(v.Leavings[x.ID].Text()),
		})
	}
	return out
}

func yes(l locale.Lang, is bool) string {
	if is {
		return l.T("sì")
	}
	return l.T("no")
}
