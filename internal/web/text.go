package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rinnova"
)

// Browsers send valid text; whatever else comes in a path, query or form was made by hand. Papers, mails and PostgreSQL
// take text only, so what is none stops here and no page need think of it.

// isText tells whether s is valid UTF-8 without control characters but tab and the ends of lines.
func isText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unwritten)
}

func unwritten(r rune) bool { return unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r' }

// typed is what somebody typed, as text. One line is clean: without what cannot be seen, and without spaces at its edges. Of
// several lines the inside stays as it is, for who sets a text in lines means it.
func typed(s string) string {
	if strings.ContainsAny(s, "\r\n") {
		return strings.TrimFunc(asText(s), unseen)
	}
	return rinnova.Clean(s)
}

func unseen(r rune) bool { return unicode.IsSpace(r) || rinnova.Clean(string(r)) == "" }

// asText is s with a space in place of each control character, and a sign in place of bytes that are no UTF-8.
func asText(s string) string {
	if isText(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unwritten(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
}

// cleanQuery makes clean text of the values of the query.
func cleanQuery(r *http.Request) {
	if !strings.ContainsAny(r.URL.RawQuery, "%+") && isText(r.URL.RawQuery) {
		return
	}
	if values := r.URL.Query(); clean(values) {
		r.URL.RawQuery = values.Encode()
	}
}

// clean makes clean text of all values but passwords, of which each space counts, and tells whether there was something to do.
// What has a name that is none is left out.
func clean(values url.Values) (changed bool) {
	for name, list := range values {
		if !isText(name) {
			delete(values, name)
			changed = true
		}
		how := typed
		if slices.Contains(Secrets, name) {
			how = asText
		}
		for i, v := range list {
			if v = how(v); v != list[i] {
				list[i], changed = v, true
			}
		}
	}
	return changed
}

// Secrets are the names of fields that hold passwords, on whatever page.
var Secrets = []string{"password", "nuova", "ripeti"}

// MaxSearched bounds what is looked for in a list, in characters.
const MaxSearched = 100

// Searched is what is looked for in a list, as one short clean line.
func Searched(s string) string {
	runes := []rune(rinnova.Clean(s))
	return strings.TrimSpace(string(runes[:min(len(runes), MaxSearched)]))
}

// Line is what the part of a form with files holds, which is no file, as one clean line.
func Line(b []byte) string { return rinnova.Clean(string(b)) }
