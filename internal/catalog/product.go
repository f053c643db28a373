package catalog

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/locale"
)

// The fields of a product, in forms and in problems.
const (
	FieldCode     = "codice"
	FieldLabel    = "nome"
	FieldLicense  = "tipo"
	FieldVAT      = "iva"
	FieldContacts = "contatti"
	FieldPosition = "ordine"
	FieldOffer    = "offerta"
)

// Bounds of what can be typed of a product.
const (
	MaxCode     = 20
	MaxLabel    = 120
	MaxContacts = 10_000
	MaxPosition = 100_000
)

// Audiences are all audiences, as a form offers them.
var Audiences = []Audience{Nobody, Everybody, FirstCycle, SecondCycle}

// Label is the audience in words.
func (a Audience) Label() rinnova.Text {
	switch a {
	case Everybody:
		return rinnova.Say("A tutte le scuole")
	case FirstCycle:
		return rinnova.Say("Alle scuole del primo ciclo")
	case SecondCycle:
		return rinnova.Say("Alle scuole superiori")
	}
	return rinnova.Say("A nessuna")
}

// Label is the kind of licence in words.
func (l License) Label() rinnova.Text {
	if l == Perpetual {
		return rinnova.Say("TI: licenza a tempo indeterminato")
	}
	return rinnova.Say("TD: licenza a tempo determinato")
}

// Products reads all products in order.
func (s *Service) Products(ctx context.Context) ([]Product, error) { return s.Store.Products(ctx) }

// Product reads a product; NotFound where there is none.
func (s *Service) Product(ctx context.Context, id string) (Product, error) {
	all, err := s.Store.Products(ctx)
	if err != nil {
		return Product{}, err
	}
	i := slices.IndexFunc(all, func(p Product) bool { return p.ID == id })
	if i < 0 {
		return Product{}, rinnova.Fail(rinnova.NotFound, "Questo prodotto non c’è.")
	}
	return all[i], nil
}

// SaveProduct writes a product as it was typed: a new one where it has no id, else over the version that was looked at.
// Problems say what is wrong: then nothing was written. Conflict where somebody else changed it meanwhile. What was proposed
// and sold keeps its own snapshot.
func (s *Service) SaveProduct(ctx context.Context, actor rinnova.Actor, p Product) (Product, rinnova.Problems, error) {
	if err := May(actor); err != nil {
		return p, nil, err
	}
	p.Code, p.Name = strings.ToUpper(oneLine(p.Code)), oneLine(p.Name)
	if problems := p.check(); len(problems) > 0 {
		return p, problems, nil
	}
	var err error
	if p.ID == "" {
		p, err = s.addProduct(ctx, actor, p)
	} else {
		err = s.changeProduct(ctx, actor, p)
	}
	switch {
	case errors.Is(err, ErrTaken):
		var problems rinnova.Problems
		problems.Refuse(FieldCode, "Il codice %s è già di un altro prodotto. Scegliete un altro codice.", p.Code)
		return p, problems, nil
	case errors.Is(err, ErrStale):
		return p, nil, rinnova.Fail(rinnova.Conflict, "Intanto qualcun altro ha cambiato il prodotto. Guardate com’è adesso, poi ripetete quello che serve.")
	}
	return p, nil, err
}

func (s *Service) addProduct(ctx context.Context, actor rinnova.Actor, p Product) (Product, error) {
	p.ID, p.Version = rinnova.NewID(s.Clock().UTC()), 1
	return p, s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.AddProduct(ctx, p); err != nil {
			return err
		}
		return s.record(ctx, actor, event.ProductAdded, p.ID, map[string]string{"prodotto": p.title()})
	})
}

func (s *Service) changeProduct(ctx context.Context, actor rinnova.Actor, p Product) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		before, err := s.Product(ctx, p.ID)
		if err != nil {
			return err
		}
		if err := s.Store.UpdateProduct(ctx, p); err != nil {
			return err
		}
		data := p.changes(before)
		if len(data) == 0 {
			return nil
		}
		if p.terms() != before.terms() {
			if err := s.writeDrafts(ctx, actor, p.ID); err != nil {
				return err
			}
		}
		return s.record(ctx, actor, event.ProductChanged, p.ID, with(data, "prodotto", p.title()))
	})
}

// writeDrafts counts somebody who has changed the terms of a product among the authors of the drafts that price it: it is a change of what
// they come to, and whoever is about to approve one looks again.
func (s *Service) writeDrafts(ctx context.Context, actor rinnova.Actor, product string) error {
	lists, err := s.Store.PriceLists(ctx)
	if err != nil {
		return err
	}
	for _, l := range lists {
		if l.State != Draft || l.Fees[product] == nil {
			continue
		}
		l.write(actor.AccountID)
		l.Edited = s.sign(actor)
		if err := s.Store.UpdateDraft(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

func (p Product) title() string { return p.Code + ", " + p.Name }

// changes are what differs from before, for the record.
func (p Product) changes(before Product) map[string]string {
	out := map[string]string{}
	for _, f := range []struct{ name, was, is string }{
		{"codice", before.Code, p.Code}, {"nome", before.Name, p.Name}, {"tipo", string(before.License), string(p.License)},
		{"nel tetto massimo", yesNo(before.InCap), yesNo(p.InCap)}, {"IVA", locale.Percent(before.VAT), locale.Percent(p.VAT)},
		{"contatti", strconv.Itoa(before.Contacts), strconv.Itoa(p.Contacts)}, {"ordine", strconv.Itoa(before.Position), strconv.Itoa(p.Position)},
		{"ritirato", yesNo(before.Retired), yesNo(p.Retired)}, {"offerto", before.Offer.Label().String(), p.Offer.Label().String()},
	} {
		if f.was != f.is {
			out[f.name] = "«" + f.was + "» → «" + f.is + "»"
		}
	}
	return out
}

func yesNo(b bool) string {
	if b {
		return "sì"
	}
	return "no"
}

// check finds what is wrong with a product as it was typed.
func (p Product) check() rinnova.Problems {
	var out rinnova.Problems
	switch n := len([]rune(p.Code)); {
	case n == 0:
		out.Refuse(FieldCode, "Date un codice al prodotto: lettere e cifre, per esempio REG.")
	case n > MaxCode || strings.Trim(p.Code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != "":
		out.Refuse(FieldCode, "Il codice ha al massimo %d caratteri: lettere senza accento, cifre, trattini e punti.", MaxCode)
	}
	switch n := len([]rune(p.Name)); {
	case n == 0:
		out.Refuse(FieldLabel, "Scrivete il nome, come le scuole lo leggono nel contratto.")
	case n > MaxLabel:
		out.Refuse(FieldLabel, "Il nome ha %d caratteri: al massimo %d.", n, MaxLabel)
	}
	if p.License != FixedTerm && p.License != Perpetual {
		out.Refuse(FieldLicense, "Scegliete il tipo di licenza.")
	}
	if p.VAT < 0 || p.VAT > 10_000 {
		out.Refuse(FieldVAT, "L’aliquota va da 0 a 100%.")
	}
	if p.Contacts < 0 || p.Contacts > MaxContacts {
		out.Refuse(FieldContacts, "Scrivete quanti contatti sono inclusi in un anno: un numero da 0 a %d.", MaxContacts)
	}
	if p.Position < 0 || p.Position > MaxPosition {
		out.Refuse(FieldPosition, "Scrivete il posto del prodotto negli elenchi: un numero da 0 a %d.", MaxPosition)
	}
	if !slices.Contains(Audiences, p.Offer) {
		out.Refuse(FieldOffer, "Scegliete a chi è offerto.")
	}
	return out
}
