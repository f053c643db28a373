package sheet

import (
	"encoding/xml"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"rinnova"
)

// raw is what stands in the tags of a cell.
type raw struct {
	value, inline     string
	hasValue, formula bool
}

// raw reads the tags of a cell up to its end.
func (s *xlsxSource) raw() (raw, error) {
	var out raw
	var value strings.Builder
	in := ""
	for {
		t, err := s.xml.token()
		if err != nil {
			return out, unfinished(err)
		}
		switch x := t.(type) {
		case xml.StartElement:
			switch in = x.Name.Local; in {
			case "f":
				out.formula = true
			case "v":
				out.hasValue = true
			case "is":
				if out.inline, err = s.xml.richText("is", s.book.limits.Cell); err != nil {
					return out, err
				}
			case "c", "row":
				return out, errUnclosed
			}
		case xml.CharData:
			if in == "v" {
				value.Write(x[:min(len(x), max(0, s.book.limits.Cell+1-value.Len()))])
			}
		case xml.EndElement:
			if in = ""; x.Name.Local == "c" {
				out.value = value.String()
				return out, nil
			}
		}
	}
}

// cell is what a cell shows. Of a formula the result counts that the program saved that wrote the file: it is what people
// saw, and computing it anew would be a program of its own. A formula without a saved result is neither empty nor 0; nor is
// one whose result is 0 or an empty text in a file that asks to be computed when it is opened, where they only hold the place.
func (b *book) cell(kind, style string, r raw) Cell {
	trimmed := strings.TrimSpace(r.value)
	missing := trimmed == "" && (kind != "str" || !r.hasValue || b.anew) && r.inline == ""
	if b.anew && kind != "str" && !missing {
		n, err := strconv.ParseFloat(trimmed, 64)
		missing = err == nil && n == 0
	}
	if r.formula && missing {
		return Cell{Fault: rinnova.Say("La cella contiene una formula senza risultato: aprite il file con Excel o LibreOffice, salvatelo e inviatelo di nuovo.")}
	}
	switch kind {
	case "s":
		return b.common(trimmed)
	case "inlineStr":
		if r.inline == "" {
			return Cell{Text: unescaped(r.value)}
		}
		return Cell{Text: r.inline}
	case "str":
		return Cell{Text: unescaped(r.value)}
	case "b":
		return boolean(trimmed)
	case "e":
		return Cell{Fault: rinnova.Say("Contiene un errore di Excel (%s). Correggete la formula o scrivete il valore.", rinnova.Quoted(r.value))}
	case "d":
		return isoDay(trimmed)
	case "", "n":
		if trimmed == "" {
			return Cell{Text: r.inline}
		}
		return b.number(style, trimmed)
	}
	return Cell{Fault: rinnova.Say("È di un tipo che Excel non conosce (%s). Riscrivete il valore.", rinnova.Quoted(kind))}
}

// common is a shared text. Each cell that shows it counts as if the text stood in it: one text may be in millions of cells.
func (b *book) common(v string) Cell {
	if v == "" {
		return Cell{}
	}
	i, err := strconv.Atoi(v)
	if err != nil || i < 0 || i >= len(b.shared) {
		return Cell{Fault: rinnova.Say("Il file è danneggiato: il testo di questa cella manca.")}
	}
	b.budget -= int64(len(b.shared[i]))
	return Cell{Text: b.shared[i]}
}

func boolean(v string) Cell {
	switch {
	case v == "":
		return Cell{}
	case truth(v):
		return Cell{Text: "VERO"}
	}
	return Cell{Text: "FALSO"}
}

// isoDay is a cell with a date of ISO 8601, as strict files have them, without its time.
func isoDay(v string) Cell {
	if t, err := time.Parse(time.DateOnly, v[:min(len(v), len(time.DateOnly))]); err == nil {
		return Cell{Text: t.Format(time.DateOnly), Kind: Date}
	}
	return Cell{Text: v}
}

// lostDigits is the first number that Excel does not keep whole.
const lostDigits = 1e15

// number is a numeric cell as people see it: with fifteen digits, for Excel keeps no more and what a computation leaves behind
// them is noise; a date, a percentage or a code with its zeros where its format shows one.
func (b *book) number(style, v string) Cell {
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || strings.Trim(v, "0123456789+-.eE") != "" || math.IsInf(n, 0) { // ParseFloat takes more: 1_000, 0x1p4, Inf
		return Cell{Fault: rinnova.Say("Non è un numero, anche se il file lo dice.")}
	}
	if n, err = strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64); err != nil {
		return Cell{Fault: rinnova.Say("Non è un numero, anche se il file lo dice.")}
	}
	var f format
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(b.formats) {
		f = b.formats[i]
	}
	if n == 0 {
		n = 0 // not −0
	}
	plain := strconv.FormatFloat(n, 'f', -1, 64)
	switch {
	case f.date:
		day, ok := dayOf(n, b.since)
		if !ok {
			return Cell{Fault: rinnova.Say("Non è una data che Excel conosce.")}
		}
		return Cell{Text: day.Format(time.DateOnly), Kind: Date}
	case math.Abs(n) >= lostDigits:
		return Cell{Text: plain, Kind: Number, Fault: rinnova.Say("È un numero di più di 15 cifre: Excel ne ha perse. Formattate la colonna come testo e riscrivete il valore.")}
	case f.percent:
		return Cell{Text: percent(n)}
	case f.scaled:
		return Cell{Text: plain, Kind: Number, Fault: rinnova.Say("Il formato della cella mostra il numero diviso per mille (il valore è %s). Togliete il formato.", plain)}
	case len(plain) < f.zeros && n >= 0 && n == math.Trunc(n):
		return Cell{Text: strings.Repeat("0", f.zeros-len(plain)) + plain}
	}
	return Cell{Text: plain, Kind: Number}
}

// percent is a number as its cell shows it: 5%.
func percent(n float64) string {
	shown, err := strconv.ParseFloat(strconv.FormatFloat(n*100, 'g', 15, 64), 64)
	if err != nil {
		shown = n * 100
	}
	return strings.Replace(strconv.FormatFloat(shown, 'f', -1, 64), ".", ",", 1) + "%"
}

// dayOf is the day of an Excel serial, the time of day left out. In the 1900 system day 60 is a 29 February that never was:
// later days count from 30 December 1899, earlier ones from the 31st.
func dayOf(n float64, since1904 bool) (time.Time, bool) {
	if n < 0 || n >= 2_958_466 { // 31 December 9999
		return time.Time{}, false
	}
	days := int(n)
	switch {
	case since1904:
		return time.Date(1904, 1, 1+days, 0, 0, 0, 0, time.UTC), true
	case days == 0 || days == 60:
		return time.Time{}, false
	case days < 60:
		return time.Date(1899, 12, 31+days, 0, 0, 0, 0, time.UTC), true
	}
	return time.Date(1899, 12, 30+days, 0, 0, 0, 0, time.UTC), true
}

var escape = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescaped decodes what XML cannot carry and Excel writes as _x000D_ (ECMA-376, part 1, 22.9.2.19: ST_Xstring); _x005F_ is
// the underscore that keeps such letters as they are.
func unescaped(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var units []uint16
	var out strings.Builder
	flush := func() {
		for _, r := range utf16.Decode(units) { // half a pair becomes the sign for what is no character
			out.WriteRune(r)
		}
		units = units[:0]
	}
	for s != "" {
		at := escape.FindStringIndex(s)
		if at == nil {
			break
		}
		if at[0] > 0 {
			flush()
			out.WriteString(s[:at[0]])
		}
		n, _ := strconv.ParseUint(s[at[0]+2:at[1]-1], 16, 16) // four hexadecimal digits
		units = append(units, uint16(n))
		s = s[at[1]:]
	}
	flush()
	return strings.ToValidUTF8(out.String()+s, string(utf8.RuneError))
}
