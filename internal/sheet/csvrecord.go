package sheet

import (
	"bytes"
	"strings"

	"rinnova"
)

// record reads the row that begins here, and tells where the next one does. A row whose quotes are wrong ends where they are found
// to be wrong: what they have swallowed until there is refused with it.
func (s *csvSource) record() (rec record, end int) {
	at := 0
	for rec.lines = 1; ; {
		var field string
		switch {
		case at >= len(s.text) || s.text[at] != '"':
			field, at = s.plain(&rec, at)
		case s.tabs:
			field, at = s.tabbed(&rec, at)
		default:
			field, at = s.quoted(&rec, at)
		}
		if at > maxRecord || !rec.fault.IsZero() {
			return rec, at
		}
		if len(rec.fields) <= s.most { // one more shows that there are too many
			rec.fields = append(rec.fields, field)
		}
		if at >= len(s.text) || s.text[at] != s.comma {
			return rec, s.after(at)
		}
		at++
	}
}

// plain reads a field without quotes around it. Quotes inside are letters where they come in pairs, as in Liceo "Galilei".
func (s *csvSource) plain(rec *record, from int) (string, int) {
	at := from
	for !s.endsAt(at) && s.text[at] != s.comma && at-from <= maxRecord {
		at++
	}
	field := s.text[from:at]
	if !s.tabs && bytes.Count(field, []byte(`"`))%2 != 0 {
		rec.fault = rinnova.Say("Le virgolette non sono al loro posto (carattere n. %d). Dentro un valore vanno scritte due volte.", from+bytes.IndexByte(field, '"')+1)
		return "", s.after(at + len(s.lineAt(at)))
	}
	return string(field), at
}

// tabbed reads a field of a file of tabs that begins with quotes: they are quotes where they close at the end of the field, on the
// same line, else letters.
func (s *csvSource) tabbed(rec *record, from int) (string, int) {
	line := s.lineAt(from)
	for i := 1; i < len(line); i++ {
		if line[i] != '"' {
			continue
		}
		if i+1 < len(line) && line[i+1] == '"' {
			i++
			continue
		}
		if i+1 == len(line) || line[i+1] == s.comma {
			return strings.ReplaceAll(string(line[1:i]), `""`, `"`), from + i + 1
		}
		break
	}
	at := from
	for !s.endsAt(at) && s.text[at] != s.comma {
		at++
	}
	rec.open = s.endsAt(at) && bytes.Count(line[:at-from], []byte(`"`)) == 1
	return string(s.text[from:at]), at
}

// quoted reads a field in quotes, which may have several lines.
func (s *csvSource) quoted(rec *record, from int) (string, int) {
	var out strings.Builder
	first, separators := rec.lines, 0
	for at := from + 1; at < len(s.text) && at <= maxRecord; at++ {
		switch b := s.text[at]; {
		case b == '"' && at+1 < len(s.text) && s.text[at+1] == '"':
			out.WriteByte('"')
			at++
		case b == '"':
			rec.wide = rec.wide || rec.lines > first && s.width > 1 && separators >= s.width-1
			if s.endsAt(at+1) || s.text[at+1] == s.comma {
				return out.String(), at + 1
			}
			rec.fault = s.misplaced(rec, first, at+1)
			return "", s.after(at + len(s.lineAt(at)))
		case b == '\r' && s.endsAt(at), b == '\n':
			out.WriteByte('\n')
			rec.lines++
			at = s.after(at) - 1
		default:
			if b == s.comma {
				separators++
			}
			out.WriteByte(b)
		}
	}
	if len(s.text)-from <= maxRecord {
		rec.fault = rinnova.Say("Le virgolette che si aprono qui non si chiudono più: ciò che segue, fino alla fine del file, non si può leggere. Chiudetele o toglietele.")
		return "", len(s.text)
	}
	return "", maxRecord + 1
}

// misplaced says where quotes close that should not.
func (s *csvSource) misplaced(rec *record, first, at int) rinnova.Text {
	if rec.lines > first {
		return rinnova.Say("Le virgolette che si aprono qui non si chiudono, o si chiudono nel posto sbagliato, alla riga %d.", s.line+rec.lines-1)
	}
	return rinnova.Say("Le virgolette non sono al loro posto (carattere n. %d). Dentro un valore vanno scritte due volte.", at)
}
