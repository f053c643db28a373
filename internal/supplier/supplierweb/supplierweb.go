// Package supplierweb is the public part of the portal: the home page, Assistenza e contratti, and the vendor's pages about
// privacy and accessibility where it has none elsewhere. All words about the vendor are its settings (supplier.Profile);
// with none of them the pages still hold, and only the vendor's office reads what is missing.
package supplierweb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

// Paths of the public pages, and of the reserved area that they lead to.
const (
	HomePath          = "/"
	SupportPath       = "/assistenza"
	PrivacyPath       = "/privacy"
	AccessibilityPath = "/accessibilita"
	LogoPath          = "/logo.png"
	AreaPath          = "/area"
)

// Renewal is a campaign that schools can answer now, or could or will at another time.
type Renewal struct {
	Title    string         // Rinnovo 2027
	Phase    Phase          // the zero Phase is now
	OpensOn  rinnova.Date   // the first day
	ClosesOn rinnova.Date   // the last day; zero is no end yet
	Period   rinnova.Period // of the contracts
	Path     string         // where a school answers; who has not logged in is sent to the login page and back
}

// Phase is whether schools can answer a campaign.
type Phase int

// The phases.
const (
	Now Phase = iota
	Coming
	Past
)

// Open is what schools can do now, and when they can do the rest. Nil is a renewal that has never been.
type Open struct {
	Assistance, Services *Renewal
	LetterPath           string // the letter of appointment; "" where the portal cannot make it yet
	Guides               Guides
}

// Guides are the guides: the paths of those that belong to a door, "" where there is none, and all of them.
type Guides struct {
	Assistance, Services, Letter string
	All                          []web.Link // to show together
}

// Handlers serve the public pages.
type Handlers struct {
	Profile func(context.Context) (supplier.Profile, error)
	Open    func(context.Context) (Open, error)
	Actor   func(context.Context) rinnova.Actor // who reads; the zero Actor is nobody
	Shell   func(r *http.Request) web.Shell     // made from Frame
}

// Routes are the public pages.
func (h *Handlers) Routes(m *web.Mux) {
	m.Handle("GET /{$}", h.home)
	m.Handle("GET "+SupportPath, h.support)
	m.Handle("GET "+PrivacyPath, h.privacy)
	m.Handle("GET "+AccessibilityPath, h.accessibility)
	m.Handle("GET "+LogoPath, h.logo)
	m.Handle("GET "+InventedPath+"{page}", h.invented)
}

// page is what the public pages show.
type page struct {
	supplier.Profile
	Open
	Missing []rinnova.Text // for the vendor's office only
}

func (h *Handlers) page(ctx context.Context) (page, error) {
	p, err := h.Profile(ctx)
	if err != nil {
		return page{}, err
	}
	open, err := h.Open(ctx)
	if err != nil {
		return page{}, err
	}
	out := page{Profile: p, Open: open}
	if h.Actor(ctx).IsOffice() {
		out.Missing = missing(p)
	}
	return out, nil
}

// missing is what the vendor's office must still say: what contracts need, and what these pages would show.
func missing(p supplier.Profile) []rinnova.Text {
	out := p.Missing()
	if renewals(p) == (supplier.Contact{}) {
		out = append(out, rinnova.Say("Manca il telefono o l’e-mail per i rinnovi: le scuole non sanno chi chiamare."))
	}
	if p.Support == (supplier.Contact{}) {
		out = append(out, rinnova.Say("Manca il telefono o l’e-mail del supporto tecnico."))
	}
	return out
}

func (h *Handlers) home(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, HomePath, homePage)
}

func (h *Handlers) support(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, SupportPath, supportPage)
}

func (h *Handlers) show(w http.ResponseWriter, r *http.Request, path string, draw func(web.Shell, page) templ.Component) error {
	p, err := h.page(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, draw(h.Shell(r).At(path), p))
}

func (h *Handlers) privacy(w http.ResponseWriter, r *http.Request) error {
	return h.aside(w, r, func(l supplier.Links) string { return l.Privacy }, privacyPage)
}

func (h *Handlers) accessibility(w http.ResponseWriter, r *http.Request) error {
	return h.aside(w, r, func(l supplier.Links) string { return l.Accessibility }, accessibilityPage)
}

// aside shows a page that the vendor may have elsewhere; then it leads there.
func (h *Handlers) aside(w http.ResponseWriter, r *http.Request, link func(supplier.Links) string, draw func(web.Shell, supplier.Profile) templ.Component) error {
	p, err := h.Profile(r.Context())
	if err != nil {
		return err
	}
	if own := link(p.Links); own != "" {
		return web.Redirect(w, r, own)
	}
	return web.Render(w, r, http.StatusOK, draw(h.Shell(r), p))
}

// logo serves the vendor's logo; its address changes with its content, so readers may keep it.
func (h *Handlers) logo(w http.ResponseWriter, r *http.Request) error {
	p, err := h.Profile(r.Context())
	if err != nil {
		return err
	}
	if len(p.LogoPNG) == 0 {
		return rinnova.Fail(rinnova.NotFound, "Il fornitore non ha un logo.")
	}
	header := w.Header()
	header.Set("Content-Type", "image/png")
	header.Set("Content-Length", strconv.Itoa(len(p.LogoPNG)))
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(p.LogoPNG)
	return nil
}

// Frame is the frame of public pages in the vendor's name. The school's and the office's pages start from it too, with
// another navigation; who has logged in is added by the caller. The links stand at the end of each page.
func Frame(p supplier.Profile, l locale.Lang, links ...web.Link) web.Shell {
	s := web.Shell{
		Brand: web.Brand{Name: p.Name, Sub: l.T("Portale delle scuole"), Home: HomePath},
		Nav: []web.Link{
			{Text: l.T("Home"), Href: HomePath},
			{Text: l.T("Assistenza e contratti"), Href: SupportPath},
			{Text: l.T("Area riservata"), Href: AreaPath},
		},
		Foot: []templ.Component{foot(p, links)},
	}
	if s.Brand.Name == "" {
		s.Brand.Name = "Rinnova"
	}
	if len(p.LogoPNG) > 0 {
		sum := sha256.Sum256(p.LogoPNG)
		s.Brand.Logo = LogoPath + "?v=" + hex.EncodeToString(sum[:5])
	}
	if p.Fictional {
		s.Banner = fictional()
	}
	return s
}

// renewals is the line for renewals; a vendor that set none answers at its own number.
func renewals(p supplier.Profile) supplier.Contact {
	if p.Renewals == (supplier.Contact{}) {
		return supplier.Contact{Phone: p.Phone, Email: p.Email}
	}
	return p.Renewals
}

// hasContacts tells whether the vendor has said how to reach it at all.
func hasContacts(p supplier.Profile) bool {
	return renewals(p) != (supplier.Contact{}) || hasSupport(p)
}

// hasSupport tells whether there is anything to say about technical support.
func hasSupport(p supplier.Profile) bool {
	return p.Support != (supplier.Contact{}) || len(supportLinks(p.Links, locale.Italian)) > 0
}

func supportLinks(l supplier.Links, lang locale.Lang) []web.Link {
	var out []web.Link
	for _, x := range []web.Link{
		{Text: lang.T("Area assistenza"), Href: l.SupportArea},
		{Text: lang.T("Guida in linea"), Href: l.Manual},
		{Text: lang.T("Area clienti"), Href: l.CustomerArea},
	} {
		if x.Href != "" {
			out = append(out, x)
		}
	}
	return out
}

// shortName is how the vendor is called in running text.
func shortName(p supplier.Profile) string {
	if p.ShortName != "" {
		return p.ShortName
	}
	return p.Name
}

// now are the renewals that are open, the most important first.
func (p page) now() []*Renewal {
	var out []*Renewal
	for _, r := range []*Renewal{p.Assistance, p.Services} {
		if r != nil && r.Phase == Now {
			out = append(out, r)
		}
	}
	return out
}

// framed tells which card is the next step: the first renewal that is open.
func (p page) framed() *Renewal {
	if now := p.now(); len(now) > 0 {
		return now[0]
	}
	return nil
}

// notNow says why a renewal cannot be answered.
func notNow(l locale.Lang, r *Renewal) string {
	switch {
	case r == nil:
		return l.T("Ora non è aperto.")
	case r.Phase == Coming:
		return l.T("Ora non è aperto: si apre il %s.", r.OpensOn)
	}
	return l.T("Ora non è aperto: si è chiuso il %s.", r.ClosesOn)
}

func homeLead(l locale.Lang, p supplier.Profile) string {
	if name := shortName(p); name != "" {
		return l.T("Assistenza, contratti e documenti di %s, in un posto solo.", name)
	}
	return l.T("Assistenza, contratti e documenti, in un posto solo.")
}

// momentTo is the headline of an open renewal.
func momentTo(l locale.Lang, p page) string {
	if p.framed() == p.Assistance {
		return l.T("È il momento di rinnovare i contratti")
	}
	return l.T("È il momento di rinnovare i servizi")
}

// atHand is what a school needs to answer.
func atHand(l locale.Lang, p page) []web.Todo {
	out := []web.Todo{
		{Done: true, Icon: "it-key", Text: l.T("Nome utente e password del SUPERVISOR")},
		{Done: true, Icon: "it-file", Text: l.T("CIG, numero e data dell’ordine")},
	}
	if p.framed() == p.Assistance {
		out = append(out, web.Todo{Done: true, Icon: "it-user", Text: l.T("Numero degli alunni iscritti quest’anno")})
	}
	return out
}

func assistanceText(l locale.Lang, r *Renewal) string {
	if r == nil || !r.Period.Valid() {
		return l.T("Assistenza e licenze dei programmi in uso nella scuola.")
	}
	return l.T("Assistenza e licenze dei programmi in uso nella scuola, dal %s al %s.", r.Period.From, r.Period.To)
}

// controller says who answers for the data (GDPR, art. 13), with as much as the vendor has said about itself.
func controller(l locale.Lang, p supplier.Profile) string {
	switch {
	case p.Name == "":
		return l.T("Il fornitore che gestisce questo portale.")
	case p.Address == "" || p.PEC == "":
		return l.T("%s, fornitore della scuola.", p.Name)
	}
	return l.T("%s, fornitore della scuola, %s. PEC: %s.", p.Name, p.Address, p.PEC)
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
