package letter

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"unicode"

	"rinnova"
	"rinnova/internal/locale"
)

// kind is what a file is by its first bytes, where it is neither a PDF nor a .p7m.
type kind string

const (
	archive kind = "archive"
	oldWord kind = "word"
	picture kind = "picture"
	program kind = "program"
	webPage kind = "page"
)

// beginnings are the first bytes of the kinds.
var beginnings = map[kind][]string{
	archive: {"PK\x03\x04", "PK\x05\x06", "Rar!", "7z\xBC\xAF", "\x1F\x8B", "MSCF"},
	oldWord: {"\xD0\xCF\x11\xE0", "{\\rtf"},
	picture: {"\xFF\xD8\xFF", "\x89PNG", "GIF8", "II*\x00", "MM\x00*"},
	program: {"MZ", "\x7FELF", "#!"},
	webPage: {"<"},
}

// kindOf tells by its first bytes what something is; "" where nobody can tell.
func kindOf(b []byte) kind {
	head := bytes.TrimSpace(bytes.TrimPrefix(b[:min(len(b), 512)], []byte("\xEF\xBB\xBF")))
	for k, marks := range beginnings {
		for _, m := range marks {
			if bytes.HasPrefix(head, []byte(m)) {
				return k
			}
		}
	}
	return ""
}

// refusedByContent says what a file is that is neither a PDF nor a .p7m.
func refusedByContent(b []byte) error {
	switch kindOf(b) {
	case archive:
		return rinnova.Fail(rinnova.Invalid, "È un archivio o un documento di Word, non un PDF. Salvate la lettera come PDF, firmatela e caricate il file firmato.")
	case oldWord:
		return rinnova.Fail(rinnova.Invalid, "È un documento di Word, non un PDF. Salvate la lettera come PDF, firmatela e caricate il file firmato.")
	case picture:
		return rinnova.Fail(rinnova.Invalid, "È un’immagine, non un PDF. Rifate la scansione salvandola come PDF, con tutte le pagine in un file.")
	case program:
		return rinnova.Fail(rinnova.Invalid, "È un programma, non un PDF. Il file è stato rifiutato.")
	case webPage:
		return rinnova.Fail(rinnova.Invalid, "È una pagina web o un file XML, non un PDF, anche se il nome lo dice. Scaricate di nuovo la lettera firmata e ricaricatela.")
	}
	if at := bytes.Index(b, []byte("%PDF-")); at > 0 {
		return rinnova.Fail(rinnova.Invalid, "Nel file, prima dell’inizio del PDF, c’è altro (%s byte): così pochi programmi lo aprono. Scaricate di nuovo la lettera firmata e ricaricatela.", locale.Count(at))
	}
	return rinnova.Fail(rinnova.Invalid, "Il file non è un PDF e non è un .p7m. Caricate la lettera firmata in uno di questi due formati.")
}

// derOf is the binary of a .p7m: as it is, or out of PEM, a mail's part or plain base64; nil where it is none.
func derOf(b []byte) []byte {
	if len(b) > 0 && b[0] == 0x30 {
		return b
	}
	b = bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF"))
	if block, _ := pem.Decode(b); block != nil {
		b = block.Bytes
	} else {
		b = fromBase64(withoutHead(b))
	}
	if len(b) == 0 || b[0] != 0x30 {
		return nil
	}
	return b
}

// withoutHead takes the head of a mail's part away (S/MIME), where there is one.
func withoutHead(b []byte) []byte {
	first := strings.ToLower(string(b[:min(len(b), 13)]))
	if !strings.HasPrefix(first, "mime-version:") && !strings.HasPrefix(first, "content-") {
		return b
	}
	for _, blank := range []string{"\r\n\r\n", "\n\n"} {
		if _, body, ok := bytes.Cut(b, []byte(blank)); ok {
			return body
		}
	}
	return b
}

func fromBase64(b []byte) []byte {
	b = bytes.TrimRight(bytes.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return -1
		}
		return c
	}, b), "=\x00")
	decoded := make([]byte, base64.RawStdEncoding.DecodedLen(len(b)))
	n, err := base64.RawStdEncoding.Decode(decoded, b)
	if err != nil {
		return nil
	}
	return decoded[:n]
}
