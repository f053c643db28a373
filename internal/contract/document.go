package contract

import (
	"encoding/json"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/renewal"
	"rinnova/internal/supplier"
	"rinnova/internal/terms"
)

// Document is everything that a contract says, copied at processing: drawing it again years later gives the same paper
// whatever has changed since. It is stored as it is, beside the number.
type Document struct {
	Kind       renewal.Kind
	Number     string // 2027/000123
	Date       rinnova.Date
	At         time.Time `json:",omitzero"` // when it was numbered; zero in contracts that are older than it
	Period     rinnova.Period
	Band       rinnova.Text // fascia da 501 a 1000, as words without "alunni"; zero where prices do not depend on it
	VerifyCode string       // 12 Crockford characters, without dashes
	VerifyURL  string       // rinnovi.esempio.example/v, as printed
	VerifyLink string       // https://…/v/7KQXM4TD92RF, in the QR code

	Vendor supplier.Profile
	School Party
	Order  Order
	Lines  []DocumentLine
	Totals catalog.Totals // Lines are those of Document.Lines, in the same order
	Prices *Explained     `json:",omitempty"` // nil in contracts that are older than it
	Cap    *rinnova.Cents // the cap of the band; nil: none
	Split  string         // the sentence of split payment; empty: the school pays everything to the vendor

	PaymentClause string // filled in
	StampDuty     string // empty from 40.000,00 € up

	Request     string // 2027-004512
	Revision    int
	ConfirmedAt time.Time
	ConfirmedBy string // SUPERVISOR.SG00127, or MARIA.ROSSI (Maria Rossi)

	Terms terms.Terms
}

// Party is the school as it was confirmed.
type Party struct {
	Name         string // Istituto Comprensivo Statale «Giovanni Verga»
	ShortName    string // at most 44 characters, with the town: IC «G. Verga», Ragusa
	Address      string // via Archimede 12, 97100 Ragusa (RG)
	MinistryCode string
	TaxCode      string
	VATNumber    string
	OfficeCode   string
	Email        string
	PEC          string
	Customer     string
	PortalCode   string
}

// Order is the school's order data. Of the payment a document keeps only the name: its clause is PaymentClause, filled in.
type Order struct{ renewal.Order }

// orderOf is an order as a document keeps it: of the payment its name.
func orderOf(o renewal.Order) Order {
	o.Payment = supplier.PaymentTerm{Name: o.Payment.Name}
	return Order{o}
}

// keptOrder is an order as it is stored.
type keptOrder struct {
	renewal.Order
	Payment string // Unica soluzione, 30 giorni dal ricevimento della fattura
}

// MarshalJSON writes the order as documents keep it.
func (o Order) MarshalJSON() ([]byte, error) { return json.Marshal(keptOrder{o.Order, o.Payment.Name}) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (o *Order) UnmarshalJSON(b []byte) error {
	var k keptOrder
	err := json.Unmarshal(b, &k)
	o.Order = k.Order
	o.Order.Payment.Name = k.Payment
	return err
}

// DocumentLine is one line of the contract, or of the reminder, where it may be not ticked.
type DocumentLine struct {
	Name     string
	License  catalog.License
	Period   rinnova.Period
	Contacts int // 0 prints –
	Fee      rinnova.Cents
	InCap    bool
	Ticked   bool // always true in a contract

	Way   rinnova.Text   // in which way its product is renewed; zero: there is only one
	Parts []DocumentPart `json:",omitempty"` // pieces of the period with a yearly fee of their own; none: Fee is of all of it
	Aside bool           `json:",omitempty"` // not ticked, and nothing is missing: it was only suggested, or its product is renewed in another way
}

// DocumentPart is a piece of a line's period.
type DocumentPart struct {
	Period rinnova.Period
	Fee    rinnova.Cents
}

// Explained is how the prices came about, in the words that the form says.
type Explained struct {
	Basis  rinnova.Text    // price list, its date, the band
	Origin rinnova.Text    // how the fees of the list came about; zero where it is not known, or true of none of the lines
	Lines  []ExplainedLine // of the document's lines that are ticked, in the order in which its tables number them
}

// ExplainedLine is how the price of one line came about.
type ExplainedLine struct {
	Name     string
	Steps    []renewal.Step // the yearly fee, whose words are Basis; months or parts; share of the reduction
	Net      rinnova.Cents
	Origin   rinnova.Text // of a fee that was set by hand; zero: Explained.Origin holds for it
	LastYear rinnova.Text
	Without  rinnova.Text // what leaving it out would change; zero in a contract
}

// Reminder is everything that the printable reminder of a request says: a picture of the request at one moment, without
// number, signature, code or terms. It is drawn and forgotten.
type Reminder struct {
	Kind      renewal.Kind
	PrintedAt time.Time
	Period    rinnova.Period
	Band      rinnova.Text // as in Document
	BandOpen  bool         // the school has not said yet that it is in this band
	State     rinnova.Text // Inviata
	Request   string       // n. 2027-004512
	Revision  int          // the last confirmation; 0: none
	// Pending tells that what is printed is a draft that has not been confirmed (the first time, or over a confirmation).
	Pending bool
	At      time.Time // of the confirmation; for a draft, of the last change
	By      string
	Made    bool // At is when the proposal was made: nobody has touched it since

	Vendor  supplier.Profile
	School  Party
	Order   Order // empty values print "da indicare"
	Lines   []DocumentLine
	Totals  catalog.Totals
	Cap     *rinnova.Cents
	Split   bool
	Prices  Explained
	Missing []rinnova.Text // what a draft still lacks
}
