package contractpdf

import (
	"strings"

	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/pdf"
	"rinnova/internal/renewal"
	"rinnova/internal/supplier"
)

// What stands where there is no value.
const (
	notPresent = "non presente"
	notPlanned = "non previsto"
	toBeGiven  = "da indicare"
)

func orElse(value, otherwise string) string {
	if strings.TrimSpace(value) == "" {
		return otherwise
	}
	return value
}

// addTitle places the title of a contract, its number and date, its period and band.
func (s *sheet) addTitle(title, number, subtitle string) {
	t := s.text(width, titleStyle, title)
	n := s.text(width, numberStyle, number)
	sub := s.text(width, textStyle, subtitle)
	height := t.height() + n.height() + 0.6 + sub.height()
	s.add(block{"the title", 5, height, func(d *pdf.Document, y float64) {
		d.Tag(pdf.H1, func() { t.draw(d, left, y) })
		y += t.height()
		d.Tag(pdf.P, func() { n.draw(d, left, y) })
		y += n.height() + 0.6
		d.Tag(pdf.P, func() { sub.draw(d, left, y) })
	}})
}

// pair is a label and a value; a small value is set a little smaller.
type pair struct {
	label, value string
	small        bool
}

// addParties places the vendor beside the school.
func (s *sheet) addParties(v supplier.Profile, school contract.Party) {
	const vendorWidth, space = 73.0, 6.0
	const schoolX = left + vendorWidth + space
	a := s.party(left, vendorWidth, "Fornitore", v.Name, vendorPairs(v))
	b := s.party(schoolX, right-schoolX, "Scuola", school.Name, schoolPairs(school))
	s.add(block{"the vendor’s and the school’s data", 4, max(a.height, b.height), func(d *pdf.Document, y float64) {
		a.draw(d, y)
		b.draw(d, y)
	}})
}

func vendorPairs(v supplier.Profile) []pair {
	pairs := []pair{{label: "Sede", value: v.Address}}
	if v.VATNumber == v.TaxCode || v.TaxCode == "" {
		pairs = append(pairs, pair{label: "P.IVA e C.F.", value: v.VATNumber})
	} else {
		pairs = append(pairs, pair{label: "P.IVA", value: v.VATNumber}, pair{label: "C.F.", value: v.TaxCode})
	}
	return append(pairs, pair{label: "E-mail", value: mailAddress(v.Email)}, pair{label: "PEC", value: mailAddress(v.PEC)}, pair{label: "Firmatario", value: signatoryOf(v)})
}

// signatoryOf is who signs for the vendor: Lucia Ferrante, procuratrice.
func signatoryOf(v supplier.Profile) string {
	if v.SignatoryAs == "" {
		return v.Signatory
	}
	return v.Signatory + ", " + v.SignatoryAs
}

func schoolPairs(p contract.Party) []pair {
	return []pair{
		{label: "Sede", value: p.Address},
		{label: "Cod. meccanografico", value: p.MinistryCode},
		{label: "C.F. · P.IVA", value: orElse(p.TaxCode, notPresent) + " · " + orElse(p.VATNumber, "P.IVA "+notPresent)},
		{label: "Cod. univoco ufficio", value: p.OfficeCode},
		{label: "E-mail", value: mailAddress(p.Email)},
		{label: "PEC", value: mailAddress(p.PEC)},
		{label: "Cod. cliente · portale", value: joinDots(p.Customer, p.PortalCode)},
	}
}

// mailAddress lets a long address break before its @.
func mailAddress(s string) string { return strings.Replace(s, "@", "\u200b@", 1) }

func (s *sheet) party(x, w float64, title, name string, pairs []pair) block {
	h := s.heading(x, w, title)
	n := s.text(w, style{9.5, 12.2, pdf.SemiBold}, name)
	kv := s.pairs(x, w, 0, pairs)
	return block{"a party", 0, h.height + n.height() + 0.8 + kv.height, func(d *pdf.Document, y float64) {
		h.draw(d, y)
		y += h.height
		d.Tag(pdf.P, func() { n.draw(d, x, y) })
		kv.draw(d, y+n.height()+0.8)
	}}
}

// pairs is a table of labels and values; labelWidth 0 is as wide as the widest label asks for.
func (s *sheet) pairs(x, w, labelWidth float64, pairs []pair) block {
	const space = 3.0
	label, value, small := style{7.5, 11.4, pdf.Regular}, style{9, 11.4, pdf.Regular}, style{8, 11.4, pdf.Regular}
	labels, values, heights := make([]para, len(pairs)), make([]para, len(pairs)), make([]float64, len(pairs))
	widest := 0.0
	for i, p := range pairs {
		labels[i] = s.text(w, label, p.label)
		widest = max(widest, labels[i].width()+space)
	}
	if labelWidth == 0 {
		labelWidth = widest
	}
	height := 0.0
	for i, p := range pairs {
		st := value
		if p.small {
			st = small
		}
		values[i] = s.text(w-labelWidth, st, orElse(p.value, notPresent))
		heights[i] = max(values[i].height(), labels[i].height())
		height += heights[i]
	}
	return block{"a table of labels and values", 0, height, func(d *pdf.Document, y float64) {
		d.Tag(pdf.Table, func() {
			for i := range pairs {
				d.Tag(pdf.TR, func() {
					d.Tag(pdf.RowTH, func() { labels[i].draw(d, x, y) })
					d.Tag(pdf.TD, func() { values[i].draw(d, x+labelWidth, y) })
				})
				y += heights[i]
			}
		})
	}}
}

// addOrder places the order data, and the reason where there is no CIG.
func (s *sheet) addOrder(o contract.Order) {
	blocks := []block{s.heading(left, width, "Dati dell’ordine"), s.strip(orderCells(o))}
	if o.CIG == "" && o.Reason != "" {
		blocks = append(blocks, s.paragraph(1.2, textStyle,
			textStyle.bold().span("CIG non previsto ("+o.Exclusion+"). Motivo indicato dalla scuola: "), textStyle.span(glue(quoted(o.Reason)))))
	}
	s.add(stack("the order data", blocks...))
}

// quoted are words of the school among those of the contract: they end where the quotation marks do.
func quoted(words string) string {
	return "«" + strings.NewReplacer("«", "“", "»", "”").Replace(words) + "»"
}

// orderCells are the data of an order beside each other.
func orderCells(o contract.Order) []cell {
	var out []cell
	for _, d := range o.Data() {
		label, value, absent := locale.Italian.Text(d.Label), locale.Italian.Text(d.Text), notPlanned
		if d.Required() {
			absent = toBeGiven
		}
		switch d.Name {
		case renewal.FieldExclusion, renewal.FieldReason:
			continue // said with the CIG, and below
		case renewal.FieldCIG:
			if value == "" && o.Exclusion != "" {
				value = notPlanned + " (" + o.Exclusion + ")"
			}
		case renewal.FieldNumber:
			label = "Ordine n."
		}
		out = append(out, cell{label: label, value: orElse(value, absent)})
	}
	return out
}

// paragraph is text over the whole width.
func (s *sheet) paragraph(gap float64, st style, spans ...pdf.Span) block {
	p := s.set(width, st, spans...)
	return block{"a paragraph", gap, p.height(), func(d *pdf.Document, y float64) {
		d.Tag(pdf.P, func() { p.draw(d, left, y) })
	}}
}
