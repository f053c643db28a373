package sheet

import (
	"bytes"
	"errors"
	"unicode/utf16"
	"unicode/utf8"

	"rinnova"
)

// decode brings a text into UTF-8, and says what it guessed.
func decode(data []byte) ([]byte, []rinnova.Text, error) {
	var notes []rinnova.Text
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(data, []byte("\x00\x00\xfe\xff")):
		return nil, nil, rinnova.Fail(rinnova.Invalid, "Il file è in UTF-32, che quasi nessun programma scrive. Salvatelo come CSV UTF-8.")
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		text, err := fromUTF16(data)
		if err != nil {
			return nil, nil, err
		}
		data = text
		notes = append(notes, rinnova.Say("Il file è in UTF-16: è stato letto come tale."))
	default:
		data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	}
	data = bytes.TrimRight(data, "\x1a") // with which DOS ended texts
	if at := bytes.IndexFunc(data, control); at >= 0 {
		return nil, nil, noText(data, at)
	}
	if !utf8.Valid(data) {
		text, err := fromWindows1252(data)
		if err != nil {
			return nil, nil, err
		}
		data = text
		notes = append(notes, rinnova.Say("Il file non è in UTF-8: è stato letto come Windows-1252. Controllate le lettere accentate."))
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, nil, rinnova.Fail(rinnova.Invalid, "Il file è vuoto.")
	}
	return data, notes, nil
}

// control tells characters that no text has.
func control(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' }

func noText(data []byte, at int) error {
	line := bytes.Count(data[:at], []byte("\n")) + 1
	if data[at] != 0 {
		return rinnova.Fail(rinnova.Invalid, "Alla riga %d il file ha un carattere che nessun testo contiene (codice %d): non è un CSV, o è danneggiato.", line, int(data[at]))
	}
	if zeros := bytes.Count(data, []byte{0}); zeros*3 > len(data) {
		return rinnova.Fail(rinnova.Invalid, "Il file sembra in UTF-16 ma non lo dice (manca il segno iniziale). Salvatelo come CSV UTF-8.")
	}
	return rinnova.Fail(rinnova.Invalid, "Alla riga %d il file ha un byte zero: non è un CSV, o è danneggiato.", line)
}

func fromUTF16(data []byte) ([]byte, error) {
	big := data[0] == 0xfe
	if len(data)%2 != 0 {
		return nil, damaged(errors.New("UTF-16 of an odd length"))
	}
	out := make([]byte, 0, len(data)/2+len(data)/8)
	unit := func(i int) rune {
		if big {
			return rune(data[i])<<8 | rune(data[i+1])
		}
		return rune(data[i+1])<<8 | rune(data[i])
	}
	for i := 2; i < len(data); i += 2 {
		r := unit(i)
		if utf16.IsSurrogate(r) {
			if i+3 >= len(data) {
				return nil, damaged(errors.New("half a UTF-16 pair"))
			}
			if r = utf16.DecodeRune(r, unit(i+2)); r == utf8.RuneError {
				return nil, damaged(errors.New("half a UTF-16 pair"))
			}
			i += 2
		}
		out = utf8.AppendRune(out, r)
	}
	return out, nil
}

// windows1252 is what the bytes 0x80 to 0x9f stand for; 0 is nothing.
var windows1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

// fromWindows1252 reads a text that is not UTF-8. One that mostly is, with a few wrong bytes, is refused: it was put together
// from two.
func fromWindows1252(data []byte) ([]byte, error) {
	good, bad, line := 0, 0, 1
	firstBad := 0
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			if bad++; bad == 1 {
				firstBad = line
			}
		case n > 1:
			good++
		case r == '\n':
			line++
		}
		i += n
	}
	if good > bad {
		return nil, rinnova.Fail(rinnova.Invalid, "Il file mescola due codifiche: è in UTF-8, ma alla riga %d no. Salvatelo di nuovo come CSV UTF-8.", firstBad)
	}
	out := make([]byte, 0, len(data)+len(data)/16)
	for i, b := range data {
		r := rune(b)
		if b >= 0x80 && b < 0xa0 {
			if r = windows1252[b-0x80]; r == 0 {
				return nil, rinnova.Fail(rinnova.Invalid, "Alla riga %d il file ha un carattere che nessun testo contiene (codice %d): non è un CSV, o è danneggiato.", bytes.Count(data[:i], []byte("\n"))+1, int(b))
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out, nil
}
