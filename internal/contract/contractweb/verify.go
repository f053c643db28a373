package contractweb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/web"
)

// VerifyPath is the public page where a contract is checked by the code that is printed on it.
const VerifyPath = "/v"

// MaxCompared is how large a file may be that is compared with an original, in bytes.
const MaxCompared = 5 << 20

// Verify serves the public check of contracts. Whoever holds a contract sees what is printed on it and can compare a file
// with the original; nothing else is shown. With a code that no contract has there is nothing to compare: the page asks for it again.
type Verify struct {
	Contracts interface {
		ByCode(ctx context.Context, code string) (*contract.Public, error)
	}
	Clock rinnova.Clock
	Shell func(*http.Request) web.Shell
}

// Routes are the public pages. Looking up is limited: 30 a minute for each reader, 600 for all together.
func (h *Verify) Routes(m *web.Mux) {
	limited := m.With(web.NewLimiter(h.Clock, web.Rate{N: 30, Per: time.Minute}, web.Rate{N: 600, Per: time.Minute}, 10_000).Guard)
	m.Handle("GET "+VerifyPath, h.ask)
	limited.Handle("GET "+VerifyPath+"/{code}", h.show)
	limited.Limit(MaxCompared+64<<10).Handle("POST "+VerifyPath+"/{code}/confronta", h.compare)
}

const fieldCode = "codice"

// askForm is the form for a code.
type askForm struct {
	Typed string
	State web.FormState
}

// ask takes a code and leads to its page.
func (h *Verify) ask(w http.ResponseWriter, r *http.Request) error {
	typed, sent := r.URL.Query().Get(fieldCode), r.URL.Query().Has(fieldCode)
	if !sent {
		return web.Render(w, r, http.StatusOK, askPage(h.Shell(r), askForm{}))
	}
	if code := contract.NormalCode(typed); code != "" {
		return web.Redirect(w, r, VerifyPath+"/"+contract.ShowCode(code))
	}
	f := askForm{Typed: strings.ToValidUTF8(typed, "\uFFFD")}
	f.State.Problems.Refuse(fieldCode, "Il codice ha 12 caratteri, cifre e lettere, in tre gruppi di quattro: per esempio 7KQX-M4TD-92RF. È in fondo al contratto, vicino al QR.")
	return web.Render(w, r, http.StatusUnprocessableEntity, askPage(h.Shell(r), f))
}

// verdict is what is known of a code, and of a file that was compared.
type verdict struct {
	Code     string // as it was asked for, in groups of four
	Contract *contract.Public
	Compared bool
	Same     bool
	Problem  rinnova.Text // the file could not be compared
}

// known tells whether there is a contract whose data may be believed.
func (v verdict) known() bool { return v.Contract != nil && !v.Contract.Doubtful }

func (h *Verify) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, verifyPage(h.Shell(r), v))
}

// look reads what is public of a code. What cannot be a code is looked for like any other.
func (h *Verify) look(r *http.Request) (verdict, error) {
	code := contract.NormalCode(r.PathValue("code"))
	c, err := h.Contracts.ByCode(r.Context(), code)
	return verdict{Code: contract.ShowCode(code), Contract: c}, err
}

// comparePath takes a file to compare with the contract of a code; what cannot be a code is none of them.
func comparePath(code string) string {
	if code == "" {
		code = "-"
	}
	return VerifyPath + "/" + code + "/confronta"
}

// compare holds a file against the original. Only its hash is taken; the file is kept nowhere.
func (h *Verify) compare(w http.ResponseWriter, r *http.Request) error {
	sum, size, err := hashUpload(r)
	if err != nil {
		return err
	}
	v, err := h.look(r)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if v.known() && size == 0 {
		v.Problem = rinnova.Say("Scegliete il file PDF da confrontare.")
		status = http.StatusUnprocessableEntity
	} else {
		v.Compared = true
		v.Same = v.known() && v.Contract.SHA256 != "" && sum == v.Contract.SHA256
	}
	return web.Render(w, r, status, verifyPage(h.Shell(r), v))
}

const fieldFile = "file"

// hashUpload reads the file of a form without keeping it: its SHA-256 in lower-case hex, and its size; 0 is no file.
func hashUpload(r *http.Request) (sum string, size int64, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return "", 0, rinnova.Fail(rinnova.Invalid, "Il file non è arrivato intero. Riprovate.").Because(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return "", 0, nil
		}
		if err != nil {
			return "", 0, broken(err)
		}
		if part.FormName() != fieldFile {
			continue
		}
		h := sha256.New()
		size, err := io.Copy(h, part)
		if err != nil {
			return "", 0, broken(err)
		}
		return hex.EncodeToString(h.Sum(nil)), size, nil
	}
}

// broken is an upload that is too large, which has a page of its own, or that broke off.
func broken(err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return err
	}
	return rinnova.Fail(rinnova.Invalid, "Il file non è arrivato intero. Riprovate.").Because(err)
}

// facts are what is printed on the contract.
func facts(l locale.Lang, c *contract.Public) []web.Datum {
	cig := c.CIG
	if cig == "" {
		cig = l.T("non previsto")
	}
	return []web.Datum{
		{Label: l.T("Contratto"), Value: l.T("n. %s del %s", c.Number, c.Date)}, {Label: l.T("Tipo"), Value: l.Text(c.Kind.Traits().Label)}, {Label: l.T("Scuola"), Value: c.School},
		{Label: l.T("Indirizzo"), Value: c.Address}, {Label: l.T("CIG"), Value: cig}, {Label: l.T("Totale con IVA"), Value: locale.Euro(c.Total)},
	}
}
