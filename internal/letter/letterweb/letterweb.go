// Package letterweb is the pages of the letter of appointment: where a school prepares it, downloads it and sends it back
// signed, and where the office sees who has sent it.
package letterweb

import (
	"context"
	"net/http"
	"strings"

	"rinnova"
	"rinnova/internal/letter"
	"rinnova/internal/letter/letterdocx"
	"rinnova/internal/locale"
	"rinnova/internal/sign"
	"rinnova/internal/web"
)

// Service is what the pages ask of letters.
type Service interface {
	Draft(ctx context.Context, schoolID string, f letter.Form) (letter.Document, error)
	History(ctx context.Context, actor rinnova.Actor, schoolID string) (*letter.History, error)
	Prepare(ctx context.Context, actor rinnova.Actor, f letter.Form) (*letter.Letter, rinnova.Problems, error)
	Receive(ctx context.Context, actor rinnova.Actor, name string, data []byte) (*letter.Signed, rinnova.Problems, error)
	Accept(ctx context.Context, actor rinnova.Actor, schoolID, seen string) error
	Redo(ctx context.Context, actor rinnova.Actor, schoolID, seen, reason string) (rinnova.Problems, error)
	Open(ctx context.Context, actor rinnova.Actor, schoolID, id, name string) ([]byte, error)
}

var _ Service = (*letter.Service)(nil)

func notFound() error {
	return rinnova.Fail(rinnova.NotFound, "Questa lettera non c’è, o non è della vostra scuola.")
}

// send sends a file of a letter, always to be kept and never shown: it may come from anybody.
func send(w http.ResponseWriter, name string, data []byte) error {
	w.Header().Set("Cache-Control", "private, no-store")
	contentType := "application/pdf"
	switch {
	case strings.HasSuffix(name, ".docx"):
		contentType = letterdocx.ContentType
	case strings.HasSuffix(name, ".p7m"):
		contentType = "application/pkcs7-mime"
	}
	return web.Attachment(w, name, contentType, data)
}

// finding is something that is known of a signed file, with how much it asks for attention.
type finding struct {
	Tone web.Tone
	Text string
}

func (f finding) icon() string {
	switch f.Tone {
	case web.OK:
		return "it-check-circle"
	case web.Bad:
		return "it-error"
	case web.Warning:
		return "it-warning-circle"
	}
	return "it-info-circle"
}

// findings are what a signed file says of itself, as statements of fact.
func findings(l locale.Lang, f letter.Facts) []finding {
	var out []finding
	for _, s := range f.Signatures {
		out = append(out, finding{web.Info, stampText(l, s)}, integrity(l, s))
	}
	if len(f.Signatures) == 0 {
		out = append(out, finding{web.Warning, l.T("Senza firma digitale: può essere la scansione di un foglio firmato a mano.")})
	} else if f.Appended() {
		out = append(out, finding{web.Warning, l.T("Dopo la firma al file è stato aggiunto qualcosa.")})
	}
	if f.Ours > 0 {
		return append(out, finding{web.Info, l.T("Il file nasce dalla lettera n. %d preparata dal portale.", f.Ours)})
	}
	return append(out, finding{web.Info, l.T("Non è il file preparato dal portale, è una scansione o un testo salvato di nuovo: va riletto.")})
}

// stampText names who signed, when, and who says so.
func stampText(l locale.Lang, s letter.Stamp) string {
	name := s.Signer
	if name == "" {
		name = l.T("nome non indicato")
	}
	text := l.T("Firma digitale: %s", name)
	if !s.At.IsZero() {
		text = l.T("Firma digitale: %s, il %s", name, locale.When(s.At))
	}
	if s.Issuer != "" {
		return l.T("%s (certificato di %s)", text, s.Issuer)
	}
	return text
}

func integrity(l locale.Lang, s letter.Stamp) finding {
	switch s.Integrity {
	case sign.Altered:
		return finding{web.Bad, l.T("La firma non corrisponde al file: il file è cambiato dopo la firma, o la firma è difettosa.")}
	case sign.Unchecked:
		return finding{web.Warning, l.T("Firma trovata, di un tipo che il portale non sa controllare.")}
	}
	return finding{web.OK, l.T("Il file è quello firmato. Firma trovata, non verificata presso l’ente certificatore.")}
}
