// Package mailweb shows a mail.Folder as a read-only mailbox: the mail of a demonstration, which reaches nobody. Whoever may
// open these pages reads all of it: mount them in a demonstration only.
package mailweb

import (
	"bytes"
	"cmp"
	"context"
	"mime"
	"net/http"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/mail"
	"rinnova/internal/web"
)

// Path is the list; the pages of a message are below it.
const Path = "/posta"

const (
	paramSearch = "cerca"
	paramBefore = "prima"
	paramView   = "vista"
	viewText    = "testo"
)

// perPage is how many messages a page of the list has.
const perPage = 25

// Handlers serve the mailbox.
type Handlers struct {
	Folder interface {
		List(ctx context.Context, q mail.Query) (mail.Page, error)
		Message(ctx context.Context, key string) (mail.Stored, error)
	}
	Shell func(*http.Request) web.Shell
}

// Routes are the pages of the mailbox.
func (h *Handlers) Routes(m *web.Mux) {
	m.Handle("GET "+Path, h.list)
	m.Handle("GET "+Path+"/{key}", h.show)
	m.Handle("GET "+Path+"/{key}/html", h.html)
	m.Handle("GET "+Path+"/{key}/allegati/{n}/{name}", h.download)
}

// listing is what the list shows.
type listing struct {
	mail.Page
	Search string
	Older  bool // not the first page
}

func (h *Handlers) list(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	p := listing{Search: web.Searched(query.Get(paramSearch)), Older: query.Get(paramBefore) != ""}
	var err error
	p.Page, err = h.Folder.List(r.Context(), mail.Query{Words: p.Search, Before: query.Get(paramBefore), Limit: perPage})
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, listPage(h.Shell(r).At(Path), p))
}

// listPath is the list with a search, from the messages before a key on.
func listPath(search, before string) string {
	q := url.Values{}
	if search != "" {
		q.Set(paramSearch, search)
	}
	if before != "" {
		q.Set(paramBefore, before)
	}
	if len(q) == 0 {
		return Path
	}
	return Path + "?" + q.Encode()
}

func messagePath(key string) string { return Path + "/" + url.PathEscape(key) }

func htmlPath(key string) string { return messagePath(key) + "/html" }

func textPath(key string) string { return messagePath(key) + "?" + paramView + "=" + viewText }

func attachmentPath(key string, n int, name string) string {
	return messagePath(key) + "/allegati/" + strconv.Itoa(n+1) + "/" + url.PathEscape(name)
}

// message is what the page of a message shows.
type message struct {
	mail.Stored
	AsText bool // the plain text in place of the HTML
}

func (h *Handlers) show(w http.ResponseWriter, r *http.Request) error {
	m, err := h.Folder.Message(r.Context(), r.PathValue("key"))
	if err != nil {
		return err
	}
	p := message{m, m.HTML == "" || r.URL.Query().Get(paramView) == viewText}
	if !p.AsText {
		// The portal's pages have no frames; this one has one, of our own.
		policy := w.Header().Get("Content-Security-Policy")
		w.Header().Set("Content-Security-Policy", policy+"; frame-src 'self'")
	}
	return web.Render(w, r, http.StatusOK, messagePage(h.Shell(r).At(Path), p))
}

// sandbox is what the HTML of a mail may do, in its frame and when it is opened by itself: be looked at, and open its links
// in another window. It runs no script, sends no form, fetches nothing and has none of the portal's rights.
const (
	sandbox       = "allow-popups allow-popups-to-escape-sandbox"
	sandboxPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox " + sandbox
)

func (h *Handlers) html(w http.ResponseWriter, r *http.Request) error {
	m, err := h.Folder.Message(r.Context(), r.PathValue("key"))
	if err != nil {
		return err
	}
	if m.HTML == "" {
		return rinnova.Fail(rinnova.NotFound, "Questo messaggio non ha una parte HTML.")
	}
	w.Header().Set("Content-Security-Policy", sandboxPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	// A link within the frame would open the portal inside the mail, which it refuses.
	page := strings.Replace(m.HTML, "<head>", `<head><base target="_blank">`, 1)
	w.Write([]byte(page)) // fails only when the reader has gone
	return nil
}

func (h *Handlers) download(w http.ResponseWriter, r *http.Request) error {
	m, err := h.Folder.Message(r.Context(), r.PathValue("key"))
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 || n > len(m.Attachments) || m.Attachments[n-1].Name != r.PathValue("name") {
		return rinnova.Fail(rinnova.NotFound, "Questo allegato non c’è.")
	}
	a := m.Attachments[n-1]
	w.Header().Set("Content-Type", cmp.Or(a.ContentType, "application/octet-stream"))
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.Name}))
	http.ServeContent(w, r, "", m.Date, bytes.NewReader(a.Data))
	return nil
}

// person is an address as people read it: the name, where it has one, with the address.
func person(address string) string {
	a, err := netmail.ParseAddress(address)
	if err != nil || a.Name == "" {
		return strings.Trim(address, "<>")
	}
	return a.Name + " <" + a.Address + ">"
}

// frameHeight is about as many pixels as the HTML of a mail with this text takes on a wide screen: a page without scripts cannot
// ask. A line of text is one of HTML, an empty one the space between two parts; head and edges come on top. Where it is too
// little, the frame scrolls.
func frameHeight(text string) string {
	height := 150
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			height += 14
		} else {
			height += 24
		}
	}
	return strconv.Itoa(height)
}
