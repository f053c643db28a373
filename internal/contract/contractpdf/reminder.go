package contractpdf

import (
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/pdf"
)

// notContract stands at the foot of every page of a reminder.
const notContract = "Promemoria: non è un contratto"

// addReminderTitle places the title of a reminder and what it is about.
func (s *sheet) addReminderTitle(r contract.Reminder) {
	band := prefixed("fascia ", bandWords(r.Band))
	if r.BandOpen && band != "" && bandWords(r.Band) != toBeGiven {
		band = prefixed("fascia proposta, da confermare: ", bandWords(r.Band))
	}
	subtitle := joinDots("Rinnovo di servizi", "ogni servizio ha il proprio periodo", band)
	if r.Kind.Capped() {
		subtitle = joinDots("Rinnovo di manutenzione, assistenza e licenze", "periodo "+locale.LongPeriod(r.Period), band)
	}
	t, sub := s.text(width, titleStyle, "Promemoria della richiesta"), s.text(width, textStyle, subtitle)
	s.add(block{"the title", 4, t.height() + 0.6 + sub.height(), func(d *pdf.Document, y float64) {
		d.Tag(pdf.H1, func() { t.draw(d, left, y) })
		d.Tag(pdf.P, func() { sub.draw(d, left, y+t.height()+0.6) })
	}})
}

// addWarning places the box that says what a reminder is not.
func (s *sheet) addWarning(sentence string) {
	const padX, padTop, padBottom, border = 2.6, 1.4, 1.6, 0.53
	st := style{9, 12, pdf.Regular}
	sentence = strings.TrimPrefix(sentence, "Questo promemoria non è un contratto. ")
	p := s.set(width-2*(padX+border), st, pdf.Span{Text: "Non è un contratto. ", Weight: pdf.SemiBold, Size: 11}, st.span(sentence))
	height := p.height() + padTop + padBottom + 2*border
	s.add(block{"the warning", 2.4, height, func(d *pdf.Document, y float64) {
		d.Frame(pdf.Rect{X: left, Y: y, W: width, H: height}, heavy, 0)
		d.Tag(pdf.P, func() { p.draw(d, left+border+padX, y+border+padTop) })
	}})
}

// addState places the state of the request, and for a draft what it lacks.
func (s *sheet) addState(r contract.Reminder) {
	confirmed := requestNumber(r) + ", conferma " + keep("n. "+strconv.Itoa(r.Revision))
	state := locale.Italian.Text(r.State)
	at := locale.Date(rinnova.DateOf(r.At)) + " alle " + locale.Clock(r.At)
	changed := "Ultima modifica"
	if r.Made {
		changed = "Proposta preparata il"
	}
	var cells []cell
	switch {
	case !r.Pending:
		cells = []cell{{label: "Stato", value: state}, {label: "Richiesta", value: confirmed},
			{label: "Confermata il", value: at}, {label: "Da", value: orElse(r.By, toBeGiven)}}
	case r.Revision == 0:
		cells = []cell{{label: "Stato", value: state + ": non ancora inviata"}, {label: "Richiesta", value: "senza conferme"},
			{label: changed, value: at}}
	default:
		cells = []cell{{label: "Stato", value: state + ": modifiche non ancora inviate"}, {label: "Richiesta", value: confirmed},
			{label: "Ultima modifica", value: at}}
	}
	strip := s.strip(cells)
	strip.gap = 2.4
	s.add(strip)
	if r.Pending {
		s.addToDo(r)
	}
}

// requestNumber is "n. 2027-004512", nothing where there is no number yet.
func requestNumber(r contract.Reminder) string {
	return keep(prefixed("n. ", strings.TrimPrefix(r.Request, "n. ")))
}

// addToDo says what a draft is not yet, and lists what it lacks.
func (s *sheet) addToDo(r contract.Reminder) {
	sentence := r.Vendor.Sentences.NotSent
	if r.Revision > 0 {
		sentence = "Le modifiche riportate qui non sono ancora inviate: finché non si preme «Conferma dati» vale la conferma n. " +
			strconv.Itoa(r.Revision) + "."
	}
	if sentence != "" {
		s.add(s.paragraph(1.4, textStyle.bold(), textStyle.bold().span(glue(sentence))))
	}
	if len(r.Missing) == 0 {
		return
	}
	items := make([]para, len(r.Missing))
	height := 0.0
	for i, m := range r.Missing {
		items[i] = s.text(width, textStyle, "– "+locale.Italian.Text(m))
		height += items[i].height()
	}
	s.add(block{"what is missing", 0, height, func(d *pdf.Document, y float64) {
		d.Tag(pdf.L, func() {
			for _, p := range items {
				d.Tag(pdf.LI, func() { d.Tag(pdf.LBody, func() { p.draw(d, left, y) }) })
				y += p.height()
			}
		})
	}})
}

// addSchool places the school in two boxes: name and address, codes.
func (s *sheet) addSchool(p contract.Party) {
	b, t := cellValue.bold(), cellValue
	strip := s.stripOf([]cell{
		{label: "Scuola", lines: [][]pdf.Span{{b.span(p.Name)}, {t.span(p.Address)}}},
		{label: "Codici", lines: [][]pdf.Span{
			{t.span("Mecc. "), b.span(orElse(p.MinistryCode, notPresent)), t.span(" · C.F. "), b.span(orElse(p.TaxCode, notPresent)),
				t.span(" · Univoco "), b.span(orElse(p.OfficeCode, notPresent))},
			{t.span(joinDots(prefixed("Cliente ", p.Customer), prefixed("Portale ", p.PortalCode), p.Email))},
		}},
	}, []float64{width / 2, width / 2})
	strip.gap = 2.4
	s.add(strip)
}

// addNotChosen lists the products that were proposed and are not renewed: not what was only suggested, nor the other ways to
// renew what is.
func (s *sheet) addNotChosen(r contract.Reminder) {
	var texts []string
	for i, l := range r.Lines {
		if !l.Ticked && !l.Aside {
			texts = append(texts, l.Name+" ("+string(l.License)+", "+locale.Date(l.Period.From)+"–"+locale.Date(l.Period.To)+
				", "+locale.Amount(r.Totals.Lines[i].Amount)+")")
		}
	}
	if len(texts) == 0 {
		return
	}
	st := style{8.5, 11.4, pdf.Regular}
	s.addText(1.6, s.set(width, st, st.bold().span("Proposti e non scelti: "), st.span(strings.Join(texts, "; ")+".")))
}
