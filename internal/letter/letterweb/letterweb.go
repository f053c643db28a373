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
	"rinnova/internal/web"
)

// Service is what the pages ask of letters.
type Service interface {
	Draft(ctx context.Context, schoolID string, f letter.Form) (letter.Document, error)
	History(ctx context.Context, actor rinnova.Actor, schoolID string) (*letter.History, error)
	Prepare(ctx context.Context, actor rinnova.Actor, f letter.Form) (*letter.Letter, rinnova.Problems, error)
	Receive(ctx context.Context, actor rinnova.Actor, name string, data []byte) (*letter.Signed, rinnova.Problems, error)
	Send(ctx context.Context, actor rinnova.Actor, id string) (*letter.Signed, error)
	Drop(ctx context.Context, actor rinnova.Actor, id string) error
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
