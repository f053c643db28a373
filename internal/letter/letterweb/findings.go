package letterweb

import (
	"slices"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/letter"
	"rinnova/internal/locale"
	"rinnova/internal/sign"
	"rinnova/internal/web"
)

// finding is something that is known of a signed file, with how much it asks for attention.
type finding struct {
	Tone web.Tone
	Text string
}

func (f finding) icon() string {
	switch f.Tone {
	case web.OK:
		return "it-check-circle"
	case web.Bad:
		return "it-error"
	case web.Warning:
		return "it-warning-circle"
	}
	return "it-info-circle"
}

// ownFindings are what a school needs to know of the file that it has sent.
func ownFindings(l locale.Lang, f letter.Facts) []finding {
	var out []finding
	for _, s := range f.Signatures {
		switch {
		case s.Integrity == sign.Altered:
			out = append(out, finding{web.Bad, l.T("La firma di %s non corrisponde al file: il file è cambiato dopo la firma, o la firma è difettosa.", signer(l, s))})
		case s.Changed:
			out = append(out, finding{web.Bad, l.T("Dopo la firma di %s il testo è stato cambiato: la firma non vale per quello che si legge ora.", signer(l, s))})
		case s.At.IsZero():
			out = append(out, finding{web.OK, l.T("Abbiamo trovato la firma di %s.", signer(l, s))})
		default:
			out = append(out, finding{web.OK, l.T("Abbiamo trovato la firma di %s, del %s.", signer(l, s), rinnova.DateOf(s.At))})
		}
	}
	switch {
	case len(f.Signatures) > 0:
	case f.Asked:
		out = append(out, finding{web.Info, l.T("Senza firma digitale: l’avete inviata come scansione del foglio firmato a mano.")})
	default:
		out = append(out, finding{web.Warning, l.T("Non abbiamo trovato firme digitali. Se non è la scansione del foglio firmato a mano, caricate il file che dà il programma di firma.")})
	}
	if f.Changed {
		out = append(out, finding{web.Bad, l.T("Alla lettera n. %d preparata dal portale è stato aggiunto altro, oltre alle firme: il testo può essere cambiato.", f.Number)})
	}
	if f.Extra > 0 {
		out = append(out, finding{web.Info, l.T("Nel file ci sono %s byte in più, prima o dopo la lettera: non ne fanno parte.", locale.Count(f.Extra))})
	}
	if f.Number > 0 && !f.Changed {
		out = append(out, finding{web.Info, l.T("È la vostra lettera n. %d.", f.Number)})
	}
	return out
}

// ownWords are what the school wrote into the letter of that number.
func ownWords(l locale.Lang, letters []letter.Letter, number int) []web.Datum {
	i := slices.IndexFunc(letters, func(x letter.Letter) bool { return x.Document.Number == number && number > 0 })
	if i < 0 {
		return nil
	}
	var out []web.Datum
	f := letters[i].Document.Form
	for _, x := range []web.Datum{{Label: l.T("Nome del dirigente scolastico"), Value: f.Head}, {Label: l.T("Nome del RPD"), Value: f.DPOName},
		{Label: l.T("Contatto del RPD"), Value: f.DPOContact}, {Label: l.T("Numero di protocollo"), Value: f.Protocol}} {
		if x.Value != "" {
			out = append(out, x)
		}
	}
	return out
}

// findings are what a clerk needs to know of a signed file, and has to look at before accepting it. last is the number of the
// school's last letter.
func findings(l locale.Lang, f letter.Facts, last int) []finding {
	var out []finding
	for _, s := range f.Signatures {
		out = append(out, finding{web.Info, stampText(l, s)}, integrity(l, s))
	}
	switch {
	case len(f.Signatures) == 0 && f.Asked:
		out = append(out, finding{web.Warning, l.T("Senza firma digitale. La scuola ha risposto che è la scansione del foglio firmato a mano: prima di accettare guardate che ci siano tutte le pagine (qui sono %d) e la firma del dirigente.", f.Pages)})
	case len(f.Signatures) == 0:
		out = append(out, finding{web.Warning, l.T("Senza firma digitale. Può essere la scansione del foglio firmato a mano: prima di accettare guardate che ci siano tutte le pagine (qui sono %d) e la firma del dirigente.", f.Pages)})
	}
	if f.Extra > 0 {
		out = append(out, finding{web.Warning, l.T("Nel file ci sono %s byte in più, prima o dopo la lettera: non ne fanno parte, e i programmi li saltano.", locale.Count(f.Extra))})
	}
	switch {
	case f.Changed:
		out = append(out, finding{web.Bad, l.T("Il testo è stato cambiato: il file comincia con la lettera n. %d preparata dal portale, ma poi aggiunge altro, oltre alle firme. Non si può accettare: chiedete di rifarla.", f.Number)})
	case f.Ours > 0 && len(f.Shown) > 0:
		out = append(out, finding{web.Info, l.T("Sotto le firme il testo è quello della lettera n. %d preparata dal portale.", f.Ours)})
	case f.Ours > 0:
		out = append(out, finding{web.OK, l.T("Il testo è quello della lettera n. %d preparata dal portale: non occorre rileggerlo.", f.Ours)})
	default:
		out = append(out, finding{web.Warning, l.T("Non è il file preparato dal portale: prima di accettare rileggete tutta la lettera e confrontatela con quella preparata.")})
	}
	if len(f.Shown) > 0 {
		out = append(out, finding{web.Warning, l.T("Le firme si vedono in un riquadro (pagina %s): prima di accettare guardate che non copra il testo.", pages(f.Shown))})
	}
	if f.Number > 0 && f.Number < last {
		out = append(out, finding{web.Warning, l.T("È la lettera n. %d. La scuola ha preparato poi la n. %d, e ha risposto che vuole inviare questa.", f.Number, last)})
	}
	return out
}

// pastFindings are what a clerk sees of a file about which nothing is to be decided any more.
func pastFindings(l locale.Lang, f letter.Facts) []finding {
	var out []finding
	for _, s := range f.Signatures {
		out = append(out, finding{web.Info, stampText(l, s)})
		if s.Integrity == sign.Altered {
			out = append(out, finding{web.Bad, l.T("La firma non corrisponde al file.")})
		}
	}
	if f.Rewritten() {
		out = append(out, finding{web.Bad, l.T("Il testo è stato cambiato dopo la preparazione o dopo una firma.")})
	}
	switch {
	case len(out) > 0:
	case f.Asked:
		out = append(out, finding{web.Info, l.T("Senza firma digitale: la scuola ha risposto che è la scansione del foglio firmato a mano.")})
	default:
		out = append(out, finding{web.Info, l.T("Senza firma digitale.")})
	}
	if f.Number > 0 {
		out = append(out, finding{web.Info, l.T("È la lettera n. %d.", f.Number)})
	}
	return out
}

// pages lists pages: 1, 3.
func pages(numbers []int) string {
	var all []string
	for _, n := range numbers {
		all = append(all, strconv.Itoa(n))
	}
	return strings.Join(all, ", ")
}

func signer(l locale.Lang, s letter.Stamp) string {
	if s.Signer == "" {
		return l.T("nome non indicato")
	}
	return s.Signer
}

// stampText names who signed, when, and who says so.
func stampText(l locale.Lang, s letter.Stamp) string {
	text := l.T("Firma digitale: %s", signer(l, s))
	if !s.At.IsZero() {
		text = l.T("Firma digitale: %s, il %s", signer(l, s), locale.When(s.At))
	}
	if s.Issuer != "" {
		return l.T("%s (certificato di %s)", text, s.Issuer)
	}
	return text
}

func integrity(l locale.Lang, s letter.Stamp) finding {
	switch {
	case s.Integrity == sign.Altered:
		return finding{web.Bad, l.T("La firma non corrisponde al file: il file è cambiato dopo la firma, o la firma è difettosa. Non si può accettare: chiedete di rifarla.")}
	case s.Changed:
		return finding{web.Bad, l.T("Dopo questa firma il testo è stato cambiato: la firma non vale per quello che si legge ora. Non si può accettare: chiedete di rifarla.")}
	case s.Integrity == sign.Unchecked:
		return finding{web.Warning, l.T("Il portale non sa controllare questa firma: prima di accettare aprite il file con il vostro programma di firma.")}
	case s.Continued:
		return finding{web.OK, l.T("Dopo questa firma al file sono state aggiunte solo altre firme o dati che le riguardano: il testo è quello firmato. Il portale non chiede all’ente se il certificato è valido: se avete un dubbio, aprite il file con il vostro programma di firma.")}
	}
	return finding{web.OK, l.T("Dopo la firma il file non è cambiato. Il portale non chiede all’ente se il certificato è valido: se avete un dubbio, aprite il file con il vostro programma di firma.")}
}
