package exchange

import (
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/school"
	"rinnova/internal/sheet"
	"rinnova/internal/subscription"
)

// Names of the sheets of our Excel files.
const (
	sheetName   = "Dati"
	columnsName = "Colonne"
)

// exampleMark begins the example row of a template; such a row is passed over.
const exampleMark = "ESEMPIO"

// Format is a kind of file that is written; it is also the ending of its name.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Template writes an empty file of a layout, with an example, and in Excel a sheet that explains the columns.
func (l Layout) Template(w io.Writer, f Format) error {
	row := make([]sheet.Cell, len(l.Columns))
	for i, c := range l.Columns {
		if row[i] = (sheet.Cell{Text: c.Example, Kind: c.Kind}); c.Example == "" {
			row[i].Kind = sheet.Text
		}
	}
	row[0] = sheet.Cell{Text: exampleMark + " (togliete questa riga): " + l.Columns[0].Example}
	return l.write(w, f, l.header(), slices.Values([][]sheet.Cell{row}))
}

func (l Layout) header() []string {
	out := make([]string, len(l.Columns))
	for i, c := range l.Columns {
		out[i] = c.Name
	}
	return out
}

func (l Layout) write(w io.Writer, f Format, header []string, rows iter.Seq[[]sheet.Cell]) error {
	t := sheet.Table{Name: sheetName, Header: header, Rows: rows}
	if f == CSV {
		return sheet.WriteCSV(w, t)
	}
	return sheet.WriteXLSX(w, t, l.explained())
}

// explained is the sheet about the columns.
func (l Layout) explained() sheet.Table {
	return sheet.Table{Name: columnsName, Prose: true, Header: []string{"colonna", "significato", "obbligatoria", "si può chiamare anche"}, Rows: func(yield func([]sheet.Cell) bool) {
		for _, c := range l.Columns {
			required, other := "no", ""
			if c.Required {
				required = "sì"
			}
			for i, o := range c.Other {
				if i > 0 {
					other += ", "
				}
				other += o
			}
			if !yield([]sheet.Cell{{Text: c.Name}, {Text: locale.Italian.Text(c.Meaning)}, {Text: required}, {Text: other}}) {
				return
			}
		}
	}}
}

// Export writes all data of a kind in its layout; of price lists the one with the id.
func (s *Service) Export(ctx context.Context, w io.Writer, what What, f Format, listID string) error {
	l, ok := LayoutOf(what)
	if !ok || !l.Exports() {
		return rinnova.Fail(rinnova.NotFound, "Questo tipo di dati non si esporta.")
	}
	if what == Prices {
		return s.exportPrices(ctx, w, l, f, listID)
	}
	schools, err := s.Schools.All(ctx)
	if err != nil {
		return err
	}
	if what == Subscriptions {
		return s.exportSubscriptions(ctx, w, l, f, schools)
	}
	return l.write(w, f, l.header(), func(yield func([]sheet.Cell) bool) {
		for _, x := range schools {
			if !yield(schoolCells(l, x)) {
				return
			}
		}
	})
}

func schoolCells(l Layout, s school.School) []sheet.Cell {
	out := make([]sheet.Cell, len(l.Columns))
	for i, c := range l.Columns {
		text := ""
		switch c.Key {
		case "portale":
			text = s.PortalCode
		case "cliente":
			text = s.CustomerNumber
		case "mecc":
			text = s.MinistryCode
		case "scuola":
			text = s.ShortName
		case "type":
			text = s.Type
		case "region":
			text = s.Region
		case "pupils":
			if s.Pupils > 0 {
				out[i] = sheet.Cell{Text: strconv.Itoa(s.Pupils), Kind: sheet.Number}
			}
			continue
		case "pupils_year":
			text = s.PupilsYear
		default:
			text = s.Shown(school.Field(c.Key))
		}
		out[i] = sheet.Cell{Text: text}
	}
	return out
}

func (s *Service) exportSubscriptions(ctx context.Context, w io.Writer, l Layout, f Format, schools []school.School) error {
	products, err := s.Catalog.Products(ctx)
	if err != nil {
		return err
	}
	byID := map[string]catalog.Product{}
	for _, p := range products {
		byID[p.ID] = p
	}
	var failed error
	err = l.write(w, f, l.header(), func(yield func([]sheet.Cell) bool) {
		for _, x := range schools {
			var has []subscription.Subscription
			if has, failed = s.Subscriptions.OfSchool(ctx, x.ID); failed != nil {
				return
			}
			for _, y := range has {
				if !yield(subscriptionCells(x, byID[y.ProductID], y)) {
					return
				}
			}
		}
	})
	return errors.Join(failed, err)
}

func subscriptionCells(s school.School, p catalog.Product, x subscription.Subscription) []sheet.Cell {
	number := func(v string) sheet.Cell { return sheet.Cell{Text: v, Kind: sheet.Number} }
	out := []sheet.Cell{{Text: s.MinistryCode}, {Text: s.PortalCode}, {Text: s.ShortName}, {Text: p.Code}, {Text: p.Name}, {Text: string(x.License)},
		{Text: x.Period.From.String(), Kind: sheet.Date}, {Text: x.Period.To.String(), Kind: sheet.Date}, {}, {}, {}, {Text: x.Ended}, {Text: x.Contract}}
	if x.Band > 0 {
		out[8] = number(strconv.Itoa(int(x.Band)))
	}
	if x.Fee != nil {
		out[9] = number(x.Fee.String())
	}
	if x.Used != nil {
		out[10] = number(strconv.Itoa(*x.Used))
	}
	return out
}

// everySubscription reads what all schools have, by school.
func (s *Service) everySubscription(ctx context.Context) (map[string][]subscription.Subscription, error) {
	all, err := s.Subscriptions.Between(ctx, "", "~") // ids are of letters, digits and dashes
	out := map[string][]subscription.Subscription{}
	for _, x := range all {
		out[x.SchoolID] = append(out[x.SchoolID], x)
	}
	return out, err
}

func (s *Service) exportPrices(ctx context.Context, w io.Writer, l Layout, f Format, listID string) error {
	list, err := s.Catalog.PriceList(ctx, listID)
	if err != nil {
		return err
	}
	products, err := s.Catalog.Products(ctx)
	if err != nil {
		return err
	}
	header := append([]string{"listino", "valido dal", "codice prodotto", "nome del prodotto"}, bandNames(list.Bands)...)
	row := func(code, name string, values []*rinnova.Cents) []sheet.Cell {
		out := []sheet.Cell{{Text: list.Name}, {Text: list.ValidFrom.String(), Kind: sheet.Date}, {Text: code}, {Text: name}}
		for _, v := range values {
			c := sheet.Cell{}
			if v != nil {
				c = sheet.Cell{Text: v.String(), Kind: sheet.Number}
			}
			out = append(out, c)
		}
		return out
	}
	return l.write(w, f, header, func(yield func([]sheet.Cell) bool) {
		for _, p := range products {
			fees, priced := list.Fees[p.ID]
			if !priced {
				continue
			}
			values := make([]*rinnova.Cents, len(fees))
			for i := range fees {
				values[i] = &fees[i]
			}
			if !yield(row(p.Code, p.Name, values)) {
				return
			}
		}
		if slices.ContainsFunc(list.Caps, func(c *rinnova.Cents) bool { return c != nil }) {
			yield(row(capsCode, "", list.Caps))
		}
	})
}
