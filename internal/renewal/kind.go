package renewal

import "rinnova"

// Kind is one of the two doors of a renewal.
type Kind string

// The kinds of renewal.
const (
	Assistance Kind = "assistance" // support and licences: calendar year, yearly cap
	Services   Kind = "services"   // web, PEC, mail: periods of their own, no cap
)

// Kinds are all of them, in the order in which people meet them.
var Kinds = []Kind{Assistance, Services}

// Traits are what a kind of renewal knows of itself: everything in which the kinds differ is here, and pages, papers and
// mails ask for it by its name. Whether the band of pupils matters is no trait of a kind: the price list says so
// (catalog.Bands).
type Traits struct {
	Label   rinnova.Text // Assistenza: one word, for lists
	One     rinnova.Text // un prodotto: one of what is offered, in the middle of a sentence
	Goods   rinnova.Text // prodotti: several of them
	Item    rinnova.Text // Prodotto: one of them, at the head of a column
	Items   rinnova.Text // Prodotti: several of them, as a title
	Object  string       // what the contract is about, as papers and mails write it after «contratto di»
	Chosen  string       // Prodotti scelti: names what was chosen, in mails
	Renewal string       // what the request is for, as mails write it after «richiesta di»
	Series  string       // marks the numbers of requests and contracts; "" for the kind that came first
	Capped  bool         // its products can count towards the yearly cap, so its papers speak of it
}

var (
	assistance = Traits{
		Label: rinnova.Say("Assistenza"), One: rinnova.Say("un prodotto"), Goods: rinnova.Say("prodotti"),
		Item: rinnova.Say("Prodotto"), Items: rinnova.Say("Prodotti"),
		Object: "manutenzione, assistenza e rinnovo licenza", Chosen: "Prodotti scelti", Renewal: "rinnovo", Capped: true,
	}
	services = Traits{
		Label: rinnova.Say("Servizi"), One: rinnova.Say("un servizio"), Goods: rinnova.Say("servizi"),
		Item: rinnova.Say("Servizio"), Items: rinnova.Say("Servizi"),
		Object: "rinnovo servizi", Chosen: "Servizi scelti", Renewal: "rinnovo servizi", Series: "S",
	}
)

// Traits are what the kind knows of itself.
func (k Kind) Traits() Traits {
	if k == Services {
		return services
	}
	return assistance
}

// Capped tells whether products of this kind can count towards the yearly cap.
func (k Kind) Capped() bool { return k.Traits().Capped }

// Counted is how many products or services there are: un prodotto, 3 servizi.
func (k Kind) Counted(n int) rinnova.Text {
	if n == 1 {
		return k.Traits().One
	}
	return rinnova.Say("%d %s", n, k.Traits().Goods)
}
