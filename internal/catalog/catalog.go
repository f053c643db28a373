// Package catalog is what the vendor sells and what it costs: products, dated price lists with a fee for each product
// and band of pupils, yearly caps, and Quote, the one function that computes every amount of the program.
//
// It owns no clock and no customer. A price list enters a proposal by copy; changing it later changes no proposal.
package catalog

import "rinnova"

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
	Contacts int // support contacts included in a year
	Position int // order on paper and screen
}

// PriceList is a dated list of fees and caps. Fees and caps have one entry for each band, in order.
type PriceList struct {
	ID        string
	Name      string // Listino 2027
	ValidFrom rinnova.Date
	Bands     Bands
	Caps      []*rinnova.Cents           // nil: the band has no cap
	Fees      map[string][]rinnova.Cents // by product id
}
