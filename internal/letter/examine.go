package letter

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"
	"time"
	"unicode"

	"rinnova"
	"rinnova/internal/pdf/incremental"
	"rinnova/internal/sign"
)

// Format is what a signed file is, by its content.
type Format string

// The formats.
const (
	PDF Format = "pdf"
	P7M Format = "p7m" // a PDF inside a CAdES signature
)

// MaxFile is the largest signed file, in bytes.
const MaxFile = 10 << 20

// Facts are what a signed file says of itself.
type Facts struct {
	Format     Format
	Pages      int
	Signatures []Stamp // none: the scan of a paper that was signed by hand, as far as anybody can tell
	Ours       int     // the number of the prepared letter that is inside as it was; 0: none
	Number     int     // the number of the letter that it is, or says that it is; 0: nobody can tell
	Asked      bool    // the school was asked, and said that this is what it wants to send
}

// Altered tells whether a signature does not fit the file.
func (f Facts) Altered() bool {
	for _, s := range f.Signatures {
		if s.Integrity == sign.Altered {
			return true
		}
	}
	return false
}

// Stamp is a digital signature as it was found. Nobody has asked the authority that issued the certificate.
type Stamp struct {
	Signer    string    // as the certificate says; empty where it does not
	Issuer    string    // who issued it, as it says
	At        time.Time // as the signature claims; zero: it does not
	Integrity sign.Integrity
	Continued bool // something was appended after it
}

// maxNested is how many times a file may be inside a signature.
const maxNested = 4

// Examine looks at a file that a school sends: a PDF, or a PDF inside a .p7m as programs for signing write it, in binary or as
// text. It goes by the content alone. inner is the PDF; a file that cannot be taken is an error of kind Invalid that says what
// it is and what to do.
func Examine(data []byte) (f Facts, inner []byte, err error) {
	if err := refusedBySize(len(data)); err != nil {
		return Facts{}, nil, err
	}
	f.Format, inner = PDF, data
	for range maxNested {
		if bytes.HasPrefix(inner, []byte("%PDF-")) {
			return examinePDF(f, inner)
		}
		der := derOf(inner)
		if der == nil {
			return Facts{}, nil, refusedByContent(inner)
		}
		content, found, err := sign.InspectFile(der)
		if err != nil {
			return Facts{}, nil, rinnova.Fail(rinnova.Invalid, "Il file .p7m non si apre: è rovinato, o non contiene il documento. Scaricatelo di nuovo dal programma di firma e ricaricatelo.").Because(err)
		}
		f.Format, inner = P7M, content
		f.Signatures = append(f.Signatures, stamps(found)...)
	}
	return Facts{}, nil, rinnova.Fail(rinnova.Invalid, "Il file contiene troppe buste di firma una dentro l’altra. Caricate il file firmato una volta sola.")
}

func refusedBySize(n int) error {
	switch {
	case n == 0:
		return rinnova.Fail(rinnova.Invalid, "Il file è vuoto. Scegliete il file della lettera firmata.")
	case n > MaxFile:
		return rinnova.Fail(rinnova.Invalid, "Il file supera 10 MB. Se è una scansione, rifatela in bianco e nero a 200 o 300 punti per pollice.")
	}
	return nil
}

func examinePDF(f Facts, pdf []byte) (Facts, []byte, error) {
	unreadable := rinnova.Fail(rinnova.Invalid, "Il PDF non si legge: è rovinato, incompleto, o gli è stato aggiunto qualcosa. Salvatelo di nuovo come PDF e ricaricatelo.")
	u, err := incremental.Read(pdf)
	if errors.Is(err, incremental.ErrEncrypted) {
		return Facts{}, nil, rinnova.Fail(rinnova.Invalid, "Il PDF è protetto da una password. Salvatelo senza protezione, firmatelo e ricaricatelo.").Because(err)
	}
	if err != nil {
		return Facts{}, nil, unreadable.Because(err)
	}
	pages, err := u.Pages()
	if err != nil || len(pages) == 0 {
		return Facts{}, nil, unreadable.Because(err)
	}
	found, err := sign.InspectPDF(pdf)
	if err != nil {
		return Facts{}, nil, unreadable.Because(err)
	}
	f.Pages = len(pages)
	f.Signatures = append(f.Signatures, stamps(found)...)
	return f, pdf, nil
}

// derOf is the binary of a .p7m: as it is, or out of PEM or plain base64; nil where it is none.
func derOf(b []byte) []byte {
	if len(b) > 0 && b[0] == 0x30 {
		return b
	}
	if block, _ := pem.Decode(b); block != nil {
		b = block.Bytes
	} else {
		b = bytes.Map(func(c rune) rune {
			if unicode.IsSpace(c) {
				return -1
			}
			return c
		}, b)
		decoded := make([]byte, base64.StdEncoding.DecodedLen(len(b)))
		n, err := base64.StdEncoding.Decode(decoded, b)
		if err != nil {
			return nil
		}
		b = decoded[:n]
	}
	if len(b) == 0 || b[0] != 0x30 {
		return nil
	}
	return b
}

// refusedByContent says what a file is that is neither a PDF nor a .p7m.
func refusedByContent(b []byte) error {
	head := bytes.TrimSpace(b[:min(len(b), 512)])
	starts := func(marks ...string) bool {
		for _, m := range marks {
			if bytes.HasPrefix(head, []byte(m)) {
				return true
			}
		}
		return false
	}
	switch {
	case starts("PK\x03\x04", "PK\x05\x06", "Rar!", "7z\xBC\xAF"):
		return rinnova.Fail(rinnova.Invalid, "È un archivio o un documento di Word, non un PDF. Salvate la lettera come PDF, firmatela e caricate il file firmato.")
	case starts("\xD0\xCF\x11\xE0", "{\\rtf"):
		return rinnova.Fail(rinnova.Invalid, "È un documento di Word, non un PDF. Salvate la lettera come PDF, firmatela e caricate il file firmato.")
	case starts("\xFF\xD8\xFF", "\x89PNG", "GIF8", "II*\x00", "MM\x00*"):
		return rinnova.Fail(rinnova.Invalid, "È un’immagine, non un PDF. Rifate la scansione salvandola come PDF, con tutte le pagine in un file.")
	case starts("MZ", "\x7FELF", "#!"):
		return rinnova.Fail(rinnova.Invalid, "È un programma, non un PDF. Il file è stato rifiutato.")
	case starts("<"):
		return rinnova.Fail(rinnova.Invalid, "È una pagina web o un file XML, non un PDF, anche se il nome lo dice. Scaricate di nuovo la lettera firmata e ricaricatela.")
	}
	return rinnova.Fail(rinnova.Invalid, "Il file non è un PDF e non è un .p7m. Caricate la lettera firmata in uno di questi due formati.")
}

func stamps(found []sign.Found) []Stamp {
	var out []Stamp
	for _, f := range found {
		s := Stamp{At: f.At.UTC(), Integrity: f.Integrity, Continued: f.Continued}
		if f.At.IsZero() {
			s.At = time.Time{}
		}
		if c := f.Certificate; c != nil {
			s.Signer, s.Issuer = signerOf(c), issuerOf(c)
		}
		out = append(out, s)
	}
	return out
}

// oidGivenName and oidSurname are how Italian certificates name a person beside the common name (ETSI EN 319 412-2).
const (
	oidSurname   = "2.5.4.4"
	oidGivenName = "2.5.4.42"
)

func signerOf(c *x509.Certificate) string {
	names := map[string]string{}
	for _, a := range c.Subject.Names {
		if v, ok := a.Value.(string); ok {
			names[a.Type.String()] = v
		}
	}
	if given, family := names[oidGivenName], names[oidSurname]; given != "" && family != "" {
		return oneLine(given+" "+family, 100)
	}
	return oneLine(c.Subject.CommonName, 100)
}

func issuerOf(c *x509.Certificate) string {
	if o := c.Issuer.Organization; len(o) > 0 {
		return oneLine(o[0], 100)
	}
	return oneLine(c.Issuer.CommonName, 100)
}

// CleanName is a file's name as people may read it: without folders, control characters and signs that turn the direction of
// writing, and not longer than fits.
func CleanName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	const most = 80
	clean := oneLine(name, 10*most)
	runes := []rune(clean)
	if len(runes) > most {
		clean = string(runes[:most-12]) + "…" + string(runes[len(runes)-11:])
	}
	if strings.Trim(clean, ". ") == "" {
		return "senza nome"
	}
	return clean
}

// oneLine is one line of text, without what people cannot see.
func oneLine(s string, most int) string {
	s = strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c):
			return ' '
		case !unicode.IsPrint(c):
			return -1
		}
		return c
	}, strings.ToValidUTF8(s, "\uFFFD"))
	r := []rune(strings.Join(strings.Fields(s), " "))
	return string(r[:min(len(r), most)])
}

// Appended tells whether something was added to the file after the last signature.
func (f Facts) Appended() bool {
	for _, s := range f.Signatures {
		if !s.Continued {
			return false
		}
	}
	return len(f.Signatures) > 0
}
