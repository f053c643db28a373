package letterweb

import (
	"context"
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"rinnova"
	"rinnova/internal/letter"
	"rinnova/internal/locale"
	"rinnova/internal/web"
)

// Paths of the school's pages.
const (
	Path       = "/lettera"
	UploadPath = Path + "/firmata"
	SendPath   = UploadPath + "/invia"
	DropPath   = UploadPath + "/togli"
)

// FieldHeld is the file that the school was asked about.
const FieldHeld = "visto"

// maxUpload is how much of a form is taken, in bytes: more than letter.MaxFile, so that who sends somewhat too much reads so
// beside the field. What is above that is not kept in memory.
const maxUpload = 3 * letter.MaxFile

// School serves the school's pages of its letter; m lets only schools in.
type School struct {
	Letters Service
	Actor   func(context.Context) rinnova.Actor // who has logged in
	Shell   func(*http.Request) web.Shell
	Flash   func(ctx context.Context, text string) // carries a success to the next page
}

// Routes are the school's pages.
func (h *School) Routes(m *web.Mux) {
	m.Handle("GET "+Path, h.show)
	m.Handle("POST "+Path, h.prepare)
	m.Limit(maxUpload).Handle("POST "+UploadPath, h.upload)
	m.Handle("POST "+SendPath, h.send)
	m.Handle("POST "+DropPath, h.drop)
	m.Handle("GET "+Path+"/{id}/{file}", h.download)
}

// schoolPage is what the school's page shows.
type schoolPage struct {
	*letter.History
	Draft   letter.Document // what the portal knows already
	Form    letter.Form
	State   web.FormState // of either form
	Closed  rinnova.Text  // why no letter can be prepared
	Refused rinnova.Text  // why what was just sent was not done
}

func (h *School) show(w http.ResponseWriter, r *http.Request) error {
	p, err := h.page(r)
	if err != nil {
		return err
	}
	if last := p.Last(); last != nil {
		p.Form = last.Document.Form
	}
	return h.render(w, r, http.StatusOK, p)
}

func (h *School) page(r *http.Request) (*schoolPage, error) {
	actor := h.Actor(r.Context())
	history, err := h.Letters.History(r.Context(), actor, actor.SchoolID)
	if err != nil {
		return nil, err
	}
	p := &schoolPage{History: history}
	p.Draft, err = h.Letters.Draft(r.Context(), actor.SchoolID, letter.Form{})
	if e, ok := errors.AsType[*rinnova.Error](err); ok && e.Kind == rinnova.Conflict {
		p.Closed, err = e.Message, nil
	}
	return p, err
}

func (h *School) render(w http.ResponseWriter, r *http.Request, status int, p *schoolPage) error {
	return web.Render(w, r, status, letterPage(h.Shell(r).At(Path), p))
}

func (h *School) prepare(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	v := r.PostForm
	f := letter.Form{Head: v.Get(letter.FieldHead), DPOName: v.Get(letter.FieldDPOName), DPOContact: v.Get(letter.FieldDPOContact), Protocol: v.Get(letter.FieldProtocol)}
	_, problems, err := h.Letters.Prepare(r.Context(), h.Actor(r.Context()), f)
	return h.answer(w, r, f, problems, err, "#scarica")
}

// answer leads to the page, or shows it again with what was typed and what is wrong.
func (h *School) answer(w http.ResponseWriter, r *http.Request, f letter.Form, problems rinnova.Problems, err error, place string) error {
	e, refused := errors.AsType[*rinnova.Error](err)
	refused = refused && e.Kind == rinnova.Conflict
	if err == nil && len(problems) == 0 {
		return web.Redirect(w, r, Path+place)
	}
	if err != nil && !refused {
		return err
	}
	p, broken := h.page(r)
	if broken != nil {
		return broken
	}
	p.Form, p.State.Problems = f, problems
	status := http.StatusUnprocessableEntity
	if refused {
		p.Refused, status = e.Message, web.Status(err)
	}
	return h.render(w, r, status, p)
}

func (h *School) download(w http.ResponseWriter, r *http.Request) error {
	id, name := r.PathValue("id"), r.PathValue("file")
	if !rinnova.IsID(id) {
		return notFound()
	}
	actor := h.Actor(r.Context())
	data, err := h.Letters.Open(r.Context(), actor, actor.SchoolID, id, name)
	if err != nil {
		return err
	}
	return send(w, name, data)
}

// Card is the letter on the home of the reserved area: its state and the way to it.
func (h *School) Card(ctx context.Context, actor rinnova.Actor) (templ.Component, error) {
	history, err := h.Letters.History(ctx, actor, actor.SchoolID)
	if err != nil {
		return nil, err
	}
	return homeCard(history), nil
}

// waits tells whether it is the office's turn, or all is done.
func (p *schoolPage) waits() bool { return p.step() >= 4 && p.Held == nil }

// comesBack tells whether a form was sent and not taken.
func (p *schoolPage) comesBack() bool { return len(p.State.Problems) > 0 || !p.Refused.IsZero() }

// step is where the school is among the four steps; 5 is through.
func (p *schoolPage) step() int {
	switch {
	case p.Standing.State == letter.Missing:
		return 1
	case p.Held != nil:
		return 3
	case p.Standing.State == letter.Accepted:
		return 5
	case p.Standing.State == letter.Sent && !p.LastSigned().Facts.Unfit():
		return 4
	}
	return 2
}

// labels are the names of the fields in the summary of errors.
func labels(l locale.Lang) map[string]string {
	return map[string]string{letter.FieldHead: l.T("Nome del dirigente scolastico"), letter.FieldDPOName: l.T("Nome del vostro RPD"),
		letter.FieldDPOContact: l.T("Contatto del vostro RPD"), letter.FieldProtocol: l.T("Numero di protocollo"), letter.FieldFile: l.T("File firmato")}
}

// known is what the letter says without the school's typing it.
func (p *schoolPage) known(l locale.Lang) []web.Datum {
	s := p.Draft.School
	return []web.Datum{{Label: l.T("Scuola"), Value: s.Name}, {Label: l.T("Indirizzo"), Value: s.Address}, {Label: l.T("Meccanografico"), Value: s.MinistryCode},
		{Label: l.T("Codice fiscale"), Value: s.TaxCode}, {Label: l.T("E-mail"), Value: s.Email}, {Label: l.T("PEC"), Value: s.PEC}}
}

// preparedPath and signedPath are where the school downloads files.
func preparedPath(x *letter.Letter, extension string) string {
	return Path + "/" + x.ID + "/" + x.FileName(extension)
}

func (p *schoolPage) signedPath(c *letter.Signed) string {
	return Path + "/" + c.ID + "/" + c.FileName(p.Last().Document.School.MinistryCode)
}

// acceptancePath is where the school downloads the vendor's acceptance.
func (p *schoolPage) acceptancePath(c *letter.Signed) string {
	return Path + "/" + c.ID + "/" + c.AcceptanceName(p.Last().Document.School.MinistryCode)
}

// heldTitle is what the school is asked; heldYes is how it says yes.
func heldTitle(l locale.Lang, c *letter.Signed) string {
	if c.Scan() {
		return l.T("È la scansione del foglio firmato a mano?")
	}
	return l.T("Volete inviare la lettera n. %d?", c.Facts.Number)
}

func heldYes(l locale.Lang, c *letter.Signed) string {
	if c.Scan() {
		return l.T("Sì, è la scansione: invia")
	}
	return l.T("Sì, invia la lettera n. %d", c.Facts.Number)
}

// acceptanceText names the vendor's acceptance.
func acceptanceText(l locale.Lang, a letter.Acceptance) string {
	if a.Kind == letter.Countersigned {
		return l.T("Scarica la lettera controfirmata (%s)", locale.Bytes(a.File.Size))
	}
	return l.T("Scarica l’accettazione firmata (%s)", locale.Bytes(a.File.Size))
}

// stateText says what the state asks of the school.
func stateText(l locale.Lang, h *letter.History) string {
	if h.Held != nil {
		return l.T("Avete caricato un file che aspetta una vostra risposta: non è ancora inviato.")
	}
	switch h.Standing.State {
	case letter.Prepared:
		return l.T("Compilata con i vostri dati. Scaricatela, firmatela e ricaricatela qui.")
	case letter.Sent:
		return l.T("L’avete inviata e l’ufficio la controlla: vi scriviamo quando è accettata.")
	case letter.ToRedo:
		return l.T("L’ufficio chiede di rifarla. Leggete il motivo e caricatene un’altra.")
	case letter.Accepted:
		return l.T("L’ufficio l’ha accettata. La copia con l’accettazione è nella pagina della lettera.")
	}
	return l.T("Nomina il fornitore responsabile del trattamento dei dati (art. 28 GDPR). Preparatela, firmatela e ricaricatela qui.")
}
