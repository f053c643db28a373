// Package contractpdf puts contracts, reminders and terms on paper: it lays out the pages that the school reads, prints
// and keeps, and draws them with package pdf. Every amount comes from the document; nothing is added up here.
package contractpdf

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/pdf"
	"rinnova/internal/supplier"
	"rinnova/internal/terms"
)

// Printer draws documents. It may be used from several goroutines.
type Printer struct {
	res   *pdf.Resources
	logos cache[[sha256.Size]byte, *logo]
	terms cache[string, []clause] // by text
}

// NewPrinter loads what all documents share. It fails in a program that was built without its fonts.
func NewPrinter() (*Printer, error) {
	res, err := pdf.Load()
	if err != nil {
		return nil, fmt.Errorf("contractpdf: %w", err)
	}
	return &Printer{res: res}, nil
}

// Contract draws a contract as a PDF/A-2 file, ready to be signed. The same document gives the same bytes.
func (p *Printer) Contract(d contract.Document) ([]byte, error) {
	w := contractWords(d)
	s := p.sheet(d.Vendor)
	s.runLeft, s.runRight = w.running, runningSchool(p.res, w.running, d.School, d.Order)
	s.footMiddle = w.verify
	s.addHead()
	s.addTitle(w.title, w.number, w.subtitle)
	s.addParties(d.Vendor, d.School)
	s.addOrder(d.Order)
	for _, t := range contractTables(d) {
		s.addTable(t)
	}
	if d.Kind.Capped() { // of services the terms say it
		s.addLegend(d.Vendor.Sentences.LicenseKeys)
	}
	s.addSums(contractSums(d))
	s.addPayment(d)
	s.addConfirmation(d)
	s.addSignature(d, w.verifyCode)
	prices := s.prices(d.Prices)
	before := s.roomFor(prices) // where the terms can still begin on the next page
	if before {
		s.addPrices(prices)
	}
	s.addTerms(d.Terms, true)
	if !before {
		s.addPrices(prices)
	}
	out, err := s.draw(pdf.Info{Title: w.fileTitle, Author: d.Vendor.Name, Created: created(d.At, d.Date)})
	if err != nil {
		return nil, fmt.Errorf("contractpdf: contract %s: %w", d.Number, err)
	}
	return out, nil
}

// Reminder draws the printable reminder of a request. It is no contract, and says so on every page.
func (p *Printer) Reminder(r contract.Reminder) ([]byte, error) {
	s := p.sheet(r.Vendor)
	s.framed = true
	s.runLeft = strings.TrimSpace("Promemoria della richiesta " + requestNumber(r))
	s.runRight = runningSchool(p.res, s.runLeft, r.School, r.Order)
	s.footLeft = "Stampato il " + locale.Date(rinnova.DateOf(r.PrintedAt)) + " alle " + locale.Clock(r.PrintedAt)
	s.footMiddle = notContract
	s.addHead()
	s.addReminderTitle(r)
	s.addWarning(r.Vendor.Sentences.Reminder)
	s.addState(r)
	s.addSchool(r.School)
	s.addOrder(r.Order)
	s.addTable(reminderTable(r))
	s.addNotChosen(r)
	s.addSums(reminderSums(r))
	s.addPrices(s.prices(&r.Prices))
	out, err := s.draw(pdf.Info{Title: "Promemoria della richiesta", Author: r.Vendor.Name, Created: r.PrintedAt.In(rinnova.Rome)})
	if err != nil {
		return nil, fmt.Errorf("contractpdf: reminder of %s: %w", r.Request, err)
	}
	return out, nil
}

// Terms draws a version of the terms alone, as schools read them before they accept.
func (p *Printer) Terms(t terms.Terms, v supplier.Profile) ([]byte, error) {
	s := p.sheet(v)
	version := "versione " + keep(t.Version)
	s.runLeft, s.runRight = t.Title, version
	s.footMiddle = capital(version)
	s.addHead()
	s.addTerms(t, false)
	out, err := s.draw(pdf.Info{Title: t.Title + ", versione " + t.Version, Author: v.Name, Created: startOf(t.EffectiveFrom)})
	if err != nil {
		return nil, fmt.Errorf("contractpdf: terms %s: %w", t.Version, err)
	}
	return out, nil
}

// created is the instant that a paper's metadata tell, as people in Italy count: never the clock's, so that the same document gives
// the same bytes. Papers that were kept before their documents told it have their day at noon, and are drawn as they were.
func created(at time.Time, day rinnova.Date) time.Time {
	if at.IsZero() {
		return time.Date(day.Year, day.Month, day.Day, 12, 0, 0, 0, rinnova.Rome).UTC()
	}
	return at.In(rinnova.Rome)
}

// startOf is the first instant of a day, from which a version of the terms holds.
func startOf(d rinnova.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, rinnova.Rome)
}
