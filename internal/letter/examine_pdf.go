package letter

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/pdf/active"
	"rinnova/internal/pdf/incremental"
	"rinnova/internal/sign"
)

// beginningOfPDF is where a PDF begins in a file: at its first byte, or, as readers take it, after something else that is nothing
// by itself; -1 where there is none.
func beginningOfPDF(b []byte) int {
	at := bytes.Index(b[:min(len(b), maxExtra+len("%PDF-"))], []byte("%PDF-"))
	if at > 0 && (b[0] == 0x30 || kindOf(b) != "") {
		return -1
	}
	return at
}

// examinePDF looks at a file in which a PDF begins at byte at.
func examinePDF(ctx context.Context, f Facts, file []byte, at int) (Facts, []byte, error) {
	if err := refusedByEnd(file); err != nil {
		return Facts{}, nil, err
	}
	u, err := incremental.Read(ctx, file)
	if err != nil {
		return Facts{}, nil, unread(file, err)
	}
	pages, err := u.Pages()
	if err != nil || len(pages) == 0 {
		return Facts{}, nil, unread(file, err)
	}
	kinds, err := active.Find(ctx, file)
	if err != nil {
		return Facts{}, nil, unread(file, err)
	}
	if err := refusedActive(kinds); err != nil {
		return Facts{}, nil, err
	}
	if isArchive(file) {
		return Facts{}, nil, rinnova.Fail(rinnova.Invalid, "Il file è un PDF e insieme un archivio: programmi diversi ci trovano cose diverse. Stampate la lettera come PDF, firmatela e caricate il file firmato.")
	}
	found, err := sign.InspectPDF(ctx, file)
	if err != nil {
		return Facts{}, nil, unread(file, err)
	}
	_, behind, _ := incremental.Margins(file)
	f.Pages, f.Extra = len(pages), f.Extra+at+behind
	f.Signatures = append(f.Signatures, stamps(found)...)
	return f, file[at:], nil
}

// signed tells whether a PDF that cannot be read is one that somebody has signed, as far as its bytes show.
func signed(file []byte) bool { return bytes.Contains(file, []byte("/ByteRange")) }

// refusedByEnd refuses what has something else behind the PDF.
func refusedByEnd(file []byte) error {
	end := bytes.LastIndex(file, []byte("%%EOF"))
	if end < 0 {
		return nil
	}
	rest := bytes.Trim(file[end+len("%%EOF"):], "\x00\t\n\f\r ")
	if kindOf(rest) == "" && len(rest) <= maxExtra {
		return nil
	}
	if isArchive(file) || kindOf(rest) == archive {
		return rinnova.Fail(rinnova.Invalid, "Il file è un PDF e insieme un archivio: programmi diversi ci trovano cose diverse. Stampate la lettera come PDF, firmatela e caricate il file firmato.")
	}
	return rinnova.Fail(rinnova.Invalid, "Nel file, dopo la fine del PDF, c’è altro (%s byte), o ne manca un pezzo: il PDF non si legge con sicurezza. Scaricate di nuovo la lettera firmata e ricaricatela.", locale.Count(len(rest)))
}

// isArchive tells whether programs for archives open a file: they look at its end.
func isArchive(file []byte) bool {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	return err == nil && len(z.File) > 0
}

// unread says why a PDF was not read: the error itself where whoever has sent it no longer waits.
func unread(file []byte, err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, incremental.ErrEncrypted):
		return refusedEncrypted(file).Because(err)
	case errors.Is(err, incremental.ErrTooMuch), errors.Is(err, context.DeadlineExceeded):
		return refusedTangled(file).Because(err)
	}
	return refusedUnreadable(file).Because(err)
}

// refusedTangled is about a PDF that takes too long to read. A new one is made from the letter, not from one that is signed.
func refusedTangled(file []byte) *rinnova.Error {
	if signed(file) {
		return rinnova.Fail(rinnova.Invalid, "Il PDF è firmato ma è troppo complicato: il portale non riesce a leggerlo. Non salvatelo di nuovo: la firma andrebbe persa. Scaricate la lettera dal portale (o fate la scansione di quella di carta), firmatela e caricate il file firmato.")
	}
	return rinnova.Fail(rinnova.Invalid, "Il PDF è troppo complicato: il portale non riesce a leggerlo. Stampatelo di nuovo come PDF (o fatene la scansione), firmatelo e caricate il file firmato.")
}

// refusedUnreadable advises to save a file again only where no signature is lost by it.
func refusedUnreadable(file []byte) *rinnova.Error {
	if signed(file) {
		return rinnova.Fail(rinnova.Invalid, "Il PDF è firmato ma non si legge: è rovinato, incompleto, o gli è stato aggiunto qualcosa. Non salvatelo di nuovo: la firma andrebbe persa. Scaricatelo di nuovo dal programma di firma, o firmate di nuovo la lettera, e ricaricatelo.")
	}
	return rinnova.Fail(rinnova.Invalid, "Il PDF non si legge: è rovinato, incompleto, o gli è stato aggiunto qualcosa. Salvatelo di nuovo come PDF e ricaricatelo.")
}

func refusedEncrypted(file []byte) *rinnova.Error {
	if signed(file) {
		return rinnova.Fail(rinnova.Invalid, "Il PDF è protetto da una password o da limiti su stampa e copia, e la protezione non si toglie senza perdere la firma. Salvate la lettera senza protezione, firmatela di nuovo e ricaricatela.")
	}
	return rinnova.Fail(rinnova.Invalid, "Il PDF è protetto da una password o da limiti su stampa e copia. Salvatelo senza protezione, firmatelo e ricaricatelo.")
}

// activities are what a PDF can do besides being read, in words.
var activities = map[active.Kind]rinnova.Text{
	active.Script:     rinnova.Say("uno script (JavaScript)"),
	active.Launch:     rinnova.Say("un comando che avvia un programma o apre un file (Launch)"),
	active.Opening:    rinnova.Say("un’azione che parte all’apertura (OpenAction)"),
	active.Automatic:  rinnova.Say("azioni che partono da sole (AA)"),
	active.Sending:    rinnova.Say("un modulo che invia o importa dati (SubmitForm, ImportData)"),
	active.Elsewhere:  rinnova.Say("un collegamento a un altro documento (GoToR, GoToE)"),
	active.Link:       rinnova.Say("un collegamento che non porta a una pagina web o a un indirizzo e-mail (URI)"),
	active.Form:       rinnova.Say("un modulo dinamico (XFA)"),
	active.Attachment: rinnova.Say("file allegati (EmbeddedFile)"),
	active.External:   rinnova.Say("contenuti che stanno in un altro file"),
	active.Layers:     rinnova.Say("comandi che mostrano o nascondono parti del testo (SetOCGState)"),
	active.Media:      rinnova.Say("audio, video o modelli 3D"),
	active.Opaque:     rinnova.Say("parti che il portale non riesce ad aprire"),
}

// refusedActive refuses a letter that does more than being read, and names what it does.
func refusedActive(kinds []active.Kind) error {
	if len(kinds) == 0 {
		return nil
	}
	list := activities[kinds[0]]
	for _, k := range kinds[1:] {
		list = rinnova.Say("%s, %s", list, activities[k])
	}
	return rinnova.Fail(rinnova.Invalid, "Il PDF contiene %s. Una lettera deve solo farsi leggere: stampatela come PDF (o fatene la scansione), firmatela e caricate il file firmato.", list)
}
