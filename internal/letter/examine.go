package letter

import (
	"context"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"rinnova"
	"rinnova/internal/locale"
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
	Extra      int     `json:",omitempty"` // bytes before or behind the document that are no part of it
	Changed    bool    `json:",omitempty"` // it begins with the letter Number, to which more than signatures was appended
	Shown      []int   `json:",omitempty"` // the pages of the letter Ours on which a signature paints a box
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
	Changed   bool `json:",omitempty"` // and that is more than signatures
}

// Rewritten tells whether the text may be another than the one that was prepared, or that somebody has signed.
func (f Facts) Rewritten() bool {
	return f.Changed || slices.ContainsFunc(f.Signatures, func(s Stamp) bool { return s.Changed })
}

// Unfit tells whether such a file cannot be accepted.
func (f Facts) Unfit() bool { return f.Altered() || f.Rewritten() }

// maxNested is how many times a file may be inside a signature.
const maxNested = 4

// Examine looks at a file that a school sends: a PDF, or a PDF inside a .p7m as programs for signing write it, in binary or as
// text. It goes by the content alone. inner is the PDF; a file that cannot be taken is an error of kind Invalid that says what
// it is and what to do. It ends with the error of ctx where that ends.
func Examine(ctx context.Context, data []byte) (f Facts, inner []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, longestLook)
	defer cancel()
	if err := refusedBySize(len(data)); err != nil {
		return Facts{}, nil, err
	}
	f.Format, inner = PDF, data
	for range maxNested {
		if at := beginningOfPDF(inner); at >= 0 {
			return examinePDF(ctx, f, inner, at)
		}
		der := derOf(inner)
		if der == nil {
			return Facts{}, nil, refusedByContent(inner)
		}
		file, err := sign.InspectFile(der)
		if err != nil {
			return Facts{}, nil, refusedP7M(err)
		}
		if what := kindOf(file.Behind); what != "" || len(file.Behind) > maxExtra {
			return Facts{}, nil, rinnova.Fail(rinnova.Invalid, "Nel file .p7m, dopo la firma, c’è altro (%s byte). Scaricatelo di nuovo dal programma di firma e ricaricatelo.", locale.Count(len(file.Behind)))
		}
		f.Format, inner, f.Extra = P7M, file.Content, f.Extra+len(file.Behind)
		f.Signatures = append(f.Signatures, stamps(file.Signatures)...)
	}
	return Facts{}, nil, rinnova.Fail(rinnova.Invalid, "Il file contiene troppe buste di firma una dentro l’altra. Caricate il file firmato una volta sola.")
}

// longestLook is how long a file may be looked at: a hundred times what a letter takes.
const longestLook = 20 * time.Second

// maxExtra is how many bytes before or behind a document are passed over, as readers do, and only noted.
const maxExtra = 1024

// refusedP7M says why a .p7m file does not open.
func refusedP7M(err error) error {
	e := rinnova.Fail(rinnova.Invalid, "Il file .p7m non si apre: è rovinato o incompleto. Scaricatelo di nuovo dal programma di firma e ricaricatelo.")
	switch {
	case errors.Is(err, sign.ErrDetached):
		e = rinnova.Fail(rinnova.Invalid, "Il file .p7m contiene solo la firma, senza il documento. Nel programma di firma scegliete la busta che contiene il documento (CAdES, file .pdf.p7m) e caricate quella.")
	case errors.Is(err, sign.ErrEncrypted):
		e = rinnova.Fail(rinnova.Invalid, "Il file .p7m è cifrato o compresso, non firmato: il portale non può aprirlo. Caricate il file firmato, senza cifratura.")
	}
	return e.Because(err)
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

func stamps(found []sign.Found) []Stamp {
	var out []Stamp
	for _, f := range found {
		s := Stamp{At: f.At.UTC(), Integrity: f.Integrity, Continued: f.Continued, Changed: f.Changed}
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
