// Package catalog is what the vendor sells and what it costs: products, dated price lists with a fee for each product
// and band of pupils, yearly caps, and Quote, the one function that computes every amount of the program.
//
// It owns no clock and no customer. A price list enters a proposal by copy; changing it later changes no proposal.
package catalog

import (
	"slices"
	"time"

	"rinnova"
)

// License is the kind of licence under support.
type License string

// The kinds of licence.
const (
	FixedTerm License = "TD" // licenza a tempo determinato: the program is used until the end of the period
	Perpetual License = "TI" // licenza a tempo indeterminato: the period is of support and updates
)

// Product is something that the vendor renews every year.
type Product struct {
	ID       string
	Code     string // the vendor's own, unique
	Name     string
	License  License
	InCap    bool // counts towards the yearly cap
	VAT      rinnova.BasisPoints
	Contacts int  // support contacts included in a year
	Position int  // order on paper and screen
	Retired  bool // no longer sold: new price lists leave it out, what was sold stays
	Offer    Audience
	Version  int64 // grows with every write
}

// Audience is the schools to which a product is offered (proponi anche) although they do not have it.
type Audience string

// The audiences.
const (
	Nobody      Audience = ""
	Everybody   Audience = "all"
	FirstCycle  Audience = "first"  // primo ciclo: istituti comprensivi, circoli didattici, scuole medie
	SecondCycle Audience = "second" // scuole superiori
)

// ListState is where a price list stands.
type ListState string

// The states of a price list.
const (
	Draft    ListState = "draft"    // Bozza: it can be changed and rehearsed, not published
	Approved ListState = "approved" // Approvato: by a second person; closed to change
)

// PriceList is a dated list of fees and caps. Fees and caps have one entry for each band, in order.
type PriceList struct {
	ID        string
	Name      string // Listino 2027
	ValidFrom rinnova.Date
	Bands     Bands
	Caps      []*rinnova.Cents           // nil: the band has no cap
	Fees      map[string][]rinnova.Cents // by product id; a product without fees is not on the list
	State     ListState
	Origin    Origin
	Edited    Signature
	Authors   []string         // accounts that have set amounts, bands or caps since it was made: none of them approves it
	Approved  Signature        // zero in a draft
	Terms     map[string]Terms // by product id, as they were approved; none in a draft
	Version   int64            // grows with every change of the draft
}

// Terms are what, beside its fees, decides what a product comes to.
type Terms struct {
	VAT     rinnova.BasisPoints
	InCap   bool
	License License
}

func (p Product) terms() Terms { return Terms{p.VAT, p.InCap, p.License} }

// Sold is a product as the list sells it: once it is approved, with the terms that it had then. docs/adr/0016-what-is-approved.md
func (l PriceList) Sold(p Product) Product {
	if t, frozen := l.Terms[p.ID]; frozen {
		p.VAT, p.InCap, p.License = t.VAT, t.InCap, t.License
	}
	return p
}

// Freeze keeps the terms of the products on the list.
func (l *PriceList) Freeze(products []Product) {
	l.Terms = map[string]Terms{}
	for _, p := range products {
		if l.Fees[p.ID] != nil {
			l.Terms[p.ID] = p.terms()
		}
	}
}

// WrittenBy tells whether an account has set amounts of the list.
func (l PriceList) WrittenBy(account string) bool { return slices.Contains(l.Authors, account) }

// write counts an account among the authors.
func (l *PriceList) write(account string) {
	if !l.WrittenBy(account) {
		l.Authors = append(slices.Clone(l.Authors), account)
	}
}

// Signature is who did something to a price list, and when.
type Signature struct {
	By   string // account id; empty for lists that are older than signatures
	Name string
	At   time.Time
}

// Origin is the list that a list was copied from. The zero value is none.
type Origin struct {
	List  string `json:",omitempty"` // id
	Name  string `json:",omitempty"`
	Raise *Raise `json:",omitempty"` // nil: copied as it was
}
