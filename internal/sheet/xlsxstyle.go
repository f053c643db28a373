package sheet

import (
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
)

// format is what the number format of a style makes of a number for whoever looks at it.
type format struct {
	date    bool
	percent bool
	scaled  bool // shows thousands
	zeros   int  // so many digits, zeros in front: a code
}

// styles reads the formats of the cell styles.
func (b *book) styles(part string) error {
	if !b.has(part) {
		return nil
	}
	d, err := b.open(part)
	if err != nil {
		return err
	}
	custom := map[string]format{}
	inside := false
	return d.each(func(s xml.StartElement) error {
		switch s.Name.Local {
		case "numFmt":
			if len(custom) < maxStyles {
				custom[attr(s, "numFmtId")] = formatOf(unescaped(attr(s, "formatCode")))
			}
		case "cellStyleXfs", "dxfs", "cellStyles":
			inside = false
		case "cellXfs":
			inside = true
		case "xf":
			if !inside {
				return nil
			}
			id := attr(s, "numFmtId")
			f, known := custom[id]
			if !known {
				f = builtin(id)
			}
			if b.formats = append(b.formats, f); len(b.formats) > maxStyles {
				return errBomb
			}
		}
		return nil
	})
}

// builtin is a format without a code (ECMA-376, part 1, 18.8.30, and those of East Asia).
func builtin(id string) format {
	n, err := strconv.Atoi(id)
	if err != nil {
		return format{}
	}
	return format{date: n >= 14 && n <= 17 || n == 22 || n >= 27 && n <= 36 || n >= 50 && n <= 58, percent: n == 9 || n == 10}
}

var (
	zerosOnly = regexp.MustCompile(`^0{2,}$`)
	thousands = regexp.MustCompile(`[0#?],+([.;]|$)`)
)

// formatOf reads a format code: of what it has outside quotes, brackets and escapes, a day or a year is a date, and so is a
// month without digits.
func formatOf(code string) format {
	var plain strings.Builder
	quoted, bracket, escaped := false, false, false
	for _, r := range strings.ToLower(code) {
		switch {
		case escaped:
			escaped = false
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '\\' || r == '_' || r == '*':
			escaped = true
		case r == '[':
			bracket = true
		case r == ']':
			bracket = false
		case !bracket:
			plain.WriteRune(r)
		}
	}
	s := strings.ReplaceAll(strings.ReplaceAll(plain.String(), "general", ""), "standard", "")
	f := format{date: strings.ContainsAny(s, "dy") || strings.Contains(s, "mm") && !strings.ContainsAny(s, "hs0#?")}
	if f.date {
		return f
	}
	first, _, _ := strings.Cut(s, ";")
	f.percent, f.scaled = strings.Contains(first, "%"), thousands.MatchString(first)
	if zerosOnly.MatchString(strings.TrimSpace(first)) {
		f.zeros = len(strings.TrimSpace(first))
	}
	return f
}
