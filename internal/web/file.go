package web

import (
	"mime"
	"net/http"
	"strconv"
)

// PDF sends a PDF file: to be read in the browser (inline) or to be kept under its name.
func PDF(w http.ResponseWriter, name string, inline bool, data []byte) error {
	disposition := "attachment"
	if inline {
		disposition = "inline"
	}
	return sendFile(w, disposition, name, "application/pdf", data)
}

// Attachment sends a file to be kept under its name; the browser never shows it.
func Attachment(w http.ResponseWriter, name, contentType string, data []byte) error {
	return sendFile(w, "attachment", name, contentType, data)
}

func sendFile(w http.ResponseWriter, disposition, name, contentType string, data []byte) error {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": name}))
	h.Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(http.StatusOK)
	w.Write(data) // fails only when the reader has gone
	return nil
}
