package contractpdf

import (
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/pdf"
	"rinnova/internal/terms"
)

// addLegend explains the abbreviations of the table.
func (s *sheet) addLegend(sentence string) {
	if sentence != "" {
		s.add(s.paragraph(1.4, smallStyle, smallStyle.span(glue(sentence))))
	}
}

// addPayment places the payment clause with the sentence about stamp duty. A term that the parties had to agree upon
// expressly begins in bold.
func (s *sheet) addPayment(d contract.Document) {
	clause := d.PaymentClause
	if grouped := groupIBAN(d.Vendor.IBAN); grouped != "" {
		clause = strings.ReplaceAll(clause, d.Vendor.IBAN, grouped)
	}
	var spans []pdf.Span
	if lead, rest, ok := strings.Cut(clause, ". "); ok && strings.HasPrefix(lead, "Termine espresso") {
		spans = append(spans, textStyle.bold().span(glue(lead)+". "))
		clause = rest
	}
	spans = append(spans, textStyle.span(glue(strings.TrimSpace(clause+" "+d.StampDuty))))
	s.add(stack("the payment clause", s.heading(left, width, "Pagamento"), s.paragraph(0, textStyle, spans...)))
}

// addConfirmation says who confirmed what and when, and which terms were accepted.
func (s *sheet) addConfirmation(d contract.Document) {
	day := rinnova.DateOf(d.ConfirmedAt)
	when := locale.Del(day) + strings.TrimPrefix(locale.DateAtSeconds(d.ConfirmedAt), locale.Date(day))
	kv := s.pairs(left, width, 36, []pair{
		{label: "Richiesta", value: glue("n. " + d.Request + ", conferma n. " + strconv.Itoa(d.Revision) + " " + when + " (ora italiana)")},
		{label: "Confermata da", value: d.ConfirmedBy},
		{label: "Condizioni di contratto", value: shortTitle(d.Terms) + ", versione " + keep(d.Terms.Version) +
			", accettate con la conferma; il testo è parte del contratto"},
		{label: "Impronta del testo", value: "SHA-256 " + d.Terms.SHA256(), small: true},
	})
	s.add(stack("the confirmation", s.heading(left, width, "Conferma della scuola e condizioni accettate"), kv))
}

// addSignature places the box about signature and verification, with the QR code.
func (s *sheet) addSignature(d contract.Document, code string) {
	const padLeft, padRight, padY, space, size = 3.0, 1.5, 1.6, 4.0, 26.0
	inner := width - padLeft - padRight - space - size - 2*line
	body := style{8.5, 11.4, pdf.Regular}
	title := s.text(inner, sectionStyle, "Firma e verifica")
	v := d.Vendor
	codeStyle := style{9.5, 13, pdf.Regular}
	paras := []para{
		s.text(inner, body, glue(v.Fill(v.Sentences.Signature))),
		s.set(inner, codeStyle, codeStyle.span("Codice di verifica "), codeStyle.bold().span(keep(code))),
		s.text(inner, body, glue(v.Fill(v.Sentences.Verify, "verify.url", d.VerifyURL))),
	}
	textHeight := title.height()
	for _, p := range paras {
		if len(p.lines) > 0 {
			textHeight += 0.8 + p.height()
		}
	}
	qr, err := qrCode(d.VerifyLink)
	if err != nil && s.err == nil {
		s.err = err
	}
	height := max(textHeight, size) + 2*padY + 2*line
	s.add(block{"the box of the signature", 4, height, func(draw *pdf.Document, y float64) {
		draw.Frame(pdf.Rect{X: left, Y: y, W: width, H: height}, medium, 0)
		x, at := left+line+padLeft, y+(height-textHeight)/2
		draw.Tag(pdf.H2, func() { title.draw(draw, x, at) })
		at += title.height()
		for _, p := range paras {
			if len(p.lines) > 0 {
				draw.Tag(pdf.P, func() { p.draw(draw, x, at+0.8) })
				at += 0.8 + p.height()
			}
		}
		draw.Tag(pdf.Figure, func() { qr.draw(draw, right-line-padRight-size, y+(height-size)/2, size) },
			pdf.Alt("Codice QR della pagina di verifica"))
	}})
}

// shortTitle is the name of the terms in the confirmation: Condizioni generali, Condizioni dei servizi.
func shortTitle(t terms.Terms) string {
	title, _, _ := strings.Cut(t.Title, " di ")
	if base, of, ok := strings.Cut(title, " generali "); ok {
		return base + " " + of
	}
	return title
}

// groupIBAN writes an IBAN in groups of four that stay together; an IBAN with spaces keeps them.
func groupIBAN(iban string) string {
	if strings.ContainsAny(iban, " "+locale.NBSP) {
		return keep(iban)
	}
	var b strings.Builder
	for i, c := range iban {
		if i > 0 && i%4 == 0 {
			b.WriteString(locale.NBSP)
		}
		b.WriteRune(c)
	}
	return b.String()
}
