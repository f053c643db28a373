package letterweb

import (
	"strings"
	"testing"
	"time"

	"rinnova/internal/letter"
	"rinnova/internal/locale"
	"rinnova/internal/sign"
	"rinnova/internal/web"
)

// What a signed file says of itself is told as it is: never more than is known, and what is wrong never left out.
func TestFindings(t *testing.T) {
	at := time.Date(2026, 11, 20, 9, 51, 0, 0, time.UTC)
	stamp := func(i sign.Integrity) letter.Stamp {
		return letter.Stamp{Signer: "Nome di prova", Issuer: "Ente di prova", At: at, Integrity: i}
	}
	continued := stamp(sign.Intact)
	continued.Continued = true
	changed := continued
	changed.Changed = true
	for name, x := range map[string]struct {
		facts letter.Facts
		worst web.Tone
		says  []string // to the office
		never string
		own   []string // to the school
		quiet string   // what the school never reads
	}{
		"a scan":                 {letter.Facts{Asked: true, Pages: 2}, web.Warning, []string{"La scuola ha risposto che è la scansione", "(qui sono 2)", "rileggete tutta la lettera"}, "non è cambiato", []string{"inviata come scansione"}, "rileggete"},
		"of before":              {letter.Facts{}, web.Warning, []string{"Può essere la scansione"}, "ha risposto", []string{"Non abbiamo trovato firme digitali"}, "rileggete"},
		"intact":                 {letter.Facts{Ours: 2, Number: 2, Signatures: []letter.Stamp{stamp(sign.Intact)}}, web.OK, []string{"Nome di prova, il 20/11/2026", "Ente di prova", "non chiede all’ente", "lettera n. 2", "non occorre rileggerlo"}, "rileggete tutta", []string{"Abbiamo trovato la firma di Nome di prova, del 20/11/2026.", "È la vostra lettera n. 2."}, "ente"},
		"an older one":           {letter.Facts{Ours: 1, Number: 1, Signatures: []letter.Stamp{stamp(sign.Intact)}}, web.Warning, []string{"È la lettera n. 1. La scuola ha preparato poi la n. 2"}, "", []string{"lettera n. 1"}, "n. 2"},
		"altered":                {letter.Facts{Signatures: []letter.Stamp{stamp(sign.Altered)}}, web.Bad, []string{"non corrisponde al file", "chiedete di rifarla"}, "il file non è cambiato", []string{"non corrisponde al file"}, "Abbiamo trovato"},
		"one of two":             {letter.Facts{Signatures: []letter.Stamp{stamp(sign.Intact), stamp(sign.Altered)}}, web.Bad, []string{"non corrisponde al file"}, "", []string{"Abbiamo trovato", "non corrisponde"}, ""},
		"an unknown kind":        {letter.Facts{Signatures: []letter.Stamp{{Integrity: sign.Unchecked}}}, web.Warning, []string{"nome non indicato", "non sa controllare"}, "il file non è cambiato", []string{"Abbiamo trovato la firma di nome non indicato."}, "programma"},
		"continued":              {letter.Facts{Signatures: []letter.Stamp{continued}}, web.Warning, []string{"solo altre firme o dati che le riguardano"}, "è stato cambiato", []string{"Abbiamo trovato"}, "aggiunt"},
		"continued, twice":       {letter.Facts{Ours: 2, Number: 2, Signatures: []letter.Stamp{continued, stamp(sign.Intact)}}, web.OK, []string{"Nome di prova", "non occorre rileggerlo"}, "è stato cambiato", nil, ""},
		"changed after signing":  {letter.Facts{Number: 2, Signatures: []letter.Stamp{changed, stamp(sign.Intact)}}, web.Bad, []string{"Dopo questa firma il testo è stato cambiato", "Non si può accettare"}, "non occorre rileggerlo", []string{"Dopo la firma di Nome di prova il testo è stato cambiato"}, "ente"},
		"changed before signing": {letter.Facts{Changed: true, Number: 2, Signatures: []letter.Stamp{stamp(sign.Intact)}}, web.Bad, []string{"comincia con la lettera n. 2", "Non si può accettare"}, "non occorre rileggerlo", []string{"Alla lettera n. 2 preparata dal portale è stato aggiunto altro"}, "È la vostra"},
		"in a box":               {letter.Facts{Ours: 2, Number: 2, Shown: []int{1, 3}, Signatures: []letter.Stamp{stamp(sign.Intact)}}, web.Warning, []string{"(pagina 1, 3)", "guardate che non copra il testo"}, "non occorre rileggerlo", nil, "riquadro"},
	} {
		office, worst := told(findings(locale.Italian, x.facts, 2))
		if worst != x.worst {
			t.Errorf("%s: the worst of it is %s, want %s", name, worst, x.worst)
		}
		if past, _ := told(pastFindings(locale.Italian, x.facts)); strings.Contains(past, "prima di accettare") || (strings.Contains(past, "corrisponde") || strings.Contains(past, "è stato cambiato")) != (x.worst == web.Bad) {
			t.Errorf("%s: of a file about which all is decided the office reads %q", name, past)
		}
		own, _ := told(ownFindings(locale.Italian, x.facts))
		hold(t, name+", the office", office, x.says, x.never)
		hold(t, name+", the school", own, x.own, x.quiet)
		if strings.Contains(own, "SHA") || strings.Contains(own, "certific") {
			t.Errorf("%s: the school reads %q", name, own)
		}
	}
}

// told is all that is said, and the worst tone of it.
func told(all []finding) (text string, worst web.Tone) {
	worst = web.Info
	for _, f := range all {
		text += f.Text + "\n"
		for _, tone := range []web.Tone{web.Bad, web.Warning, web.OK} {
			if f.Tone == tone || worst == tone {
				worst = tone
				break
			}
		}
	}
	return text, worst
}

func hold(t *testing.T, who, text string, says []string, never string) {
	t.Helper()
	for _, s := range says {
		if !strings.Contains(text, s) {
			t.Errorf("%s: does not read %q:\n%s", who, s, text)
		}
	}
	if never != "" && strings.Contains(text, never) {
		t.Errorf("%s: reads %q:\n%s", who, never, text)
	}
}

// Of a letter that need not be read again the clerk reads what the school has written into it, and of no other letter.
func TestOwnWords(t *testing.T) {
	letters := []letter.Letter{{Document: letter.Document{Number: 2, Form: letter.Form{Head: "Nome di prova", Protocol: "12/2026"}}}, {Document: letter.Document{}}}
	if got := ownWords(locale.Italian, letters, 2); len(got) != 2 || got[0].Value != "Nome di prova" || got[1].Value != "12/2026" {
		t.Errorf("%+v", got)
	}
	for _, n := range []int{0, 1} {
		if got := ownWords(locale.Italian, letters, n); len(got) != 0 {
			t.Errorf("letter %d: %+v", n, got)
		}
	}
}
