package letterweb

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"

	"rinnova"
	"rinnova/internal/letter"
	"rinnova/internal/web"
)

func (h *School) upload(w http.ResponseWriter, r *http.Request) error {
	name, data, err := readFile(r)
	if err != nil {
		return err
	}
	var problems rinnova.Problems
	place := "#inviate"
	if name == "" && len(data) == 0 {
		problems.Refuse(letter.FieldFile, "Scegliete il file della lettera firmata.")
	} else {
		var c *letter.Signed
		c, problems, err = h.Letters.Receive(r.Context(), h.Actor(r.Context()), name, data)
		if c != nil && c.Outcome == letter.Held {
			place = "#domanda"
		}
	}
	return h.answer(w, r, h.prepared(r), problems, err, place)
}

// prepared is what the school has filled in last.
func (h *School) prepared(r *http.Request) letter.Form {
	actor := h.Actor(r.Context())
	history, err := h.Letters.History(r.Context(), actor, actor.SchoolID)
	if err != nil || history.Last() == nil {
		return letter.Form{}
	}
	return history.Last().Document.Form
}

func (h *School) send(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	_, err := h.Letters.Send(r.Context(), h.Actor(r.Context()), r.PostForm.Get(FieldHeld))
	if err == nil {
		h.Flash(r.Context(), web.LangOf(r.Context()).T("Lettera inviata all’ufficio"))
	}
	return h.answer(w, r, h.prepared(r), nil, err, "#inviate")
}

func (h *School) drop(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	err := h.Letters.Drop(r.Context(), h.Actor(r.Context()), r.PostForm.Get(FieldHeld))
	if err == nil {
		h.Flash(r.Context(), web.LangOf(r.Context()).T("File tolto: non è stato inviato"))
	}
	return h.answer(w, r, h.prepared(r), nil, err, "#carica")
}

// readFile reads the file of a form; of one that is too large no more than shows that. No file has no name.
func readFile(r *http.Request) (name string, data []byte, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return "", nil, broken(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return "", nil, nil
		}
		if err != nil {
			return "", nil, broken(err)
		}
		if part.FormName() == letter.FieldFile {
			return readPart(part)
		}
	}
}

func readPart(part *multipart.Part) (name string, data []byte, err error) {
	data, err = io.ReadAll(io.LimitReader(part, letter.MaxFile+1))
	if err == nil {
		_, err = io.Copy(io.Discard, part) // the browser wants to send it all before it reads the answer
	}
	if err != nil {
		return "", nil, broken(err)
	}
	return part.FileName(), data, nil
}

// broken is an upload that is far too large, which has a page of its own, or that broke off.
func broken(err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return err
	}
	return rinnova.Fail(rinnova.Invalid, "Il file non è arrivato intero. Riprovate.").Because(err)
}
