package web

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Browsers send valid text; whatever else comes in a path, query or form was made by hand. Papers, mails and PostgreSQL
// take text only, so what is none stops here and no page need think of it.

// isText tells whether s is valid UTF-8 without control characters but tab and the ends of lines.
func isText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unwritten)
}

func unwritten(r rune) bool { return unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r' }

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

// cleanQuery makes text of the values of the query.
func cleanQuery(r *http.Request) {
	if !strings.Contains(r.URL.RawQuery, "%") && isText(r.URL.RawQuery) {
		return
	}
	if values := r.URL.Query(); clean(values) {
		r.URL.RawQuery = values.Encode()
	}
}

// clean makes text of all values, and tells whether there was something to do. What has a name that is none is left out.
func clean(values url.Values) (changed bool) {
	for name, list := range values {
		if !isText(name) {
			delete(values, name)
			changed = true
		}
		for i, v := range list {
			if !isText(v) {
				list[i] = asText(v)
				changed = true
			}
		}
	}
	return changed
}

// MaxSearched bounds what is looked for in a list, in characters.
const MaxSearched = 100

// Searched is what is looked for in a list, as one short line of valid text.
func Searched(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	runes := []rune(strings.TrimSpace(s))
	return string(runes[:min(len(runes), MaxSearched)])
}

// Line is what the part of a form with files holds, which is no file, as one line of text.
func Line(b []byte) string { return strings.Join(strings.Fields(asText(string(b))), " ") }
