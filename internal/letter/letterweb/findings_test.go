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
	for name, x := range map[string]struct {
		facts letter.Facts
		worst web.Tone
		says  []string
		never string
	}{
		"a scan":                {letter.Facts{}, web.Warning, []string{"Senza firma digitale", "va riletto"}, "firmato."},
		"intact":                {letter.Facts{Ours: 2, Signatures: []letter.Stamp{stamp(sign.Intact)}}, web.OK, []string{"Nome di prova, il 20/11/2026", "Ente di prova", "non verificata presso l’ente certificatore", "lettera n. 2"}, "va riletto"},
		"altered":               {letter.Facts{Signatures: []letter.Stamp{stamp(sign.Altered)}}, web.Bad, []string{"non corrisponde al file"}, "Il file è quello firmato"},
		"one of two is altered": {letter.Facts{Signatures: []letter.Stamp{stamp(sign.Intact), stamp(sign.Altered)}}, web.Bad, []string{"non corrisponde al file"}, ""},
		"of an unknown kind":    {letter.Facts{Signatures: []letter.Stamp{{Integrity: sign.Unchecked}}}, web.Warning, []string{"nome non indicato", "non sa controllare"}, "Il file è quello firmato"},
		"continued":             {letter.Facts{Signatures: []letter.Stamp{continued}}, web.Warning, []string{"è stato aggiunto qualcosa"}, ""},
		"continued by another":  {letter.Facts{Signatures: []letter.Stamp{continued, stamp(sign.Intact)}}, web.OK, []string{"Nome di prova"}, "è stato aggiunto"},
	} {
		all, worst := "", web.Info
		for _, f := range findings(locale.Italian, x.facts) {
			all += f.Text + "\n"
			for _, tone := range []web.Tone{web.Bad, web.Warning, web.OK} {
				if f.Tone == tone || worst == tone {
					worst = tone
					break
				}
			}
		}
		if worst != x.worst {
			t.Errorf("%s: the worst of it is %s, want %s", name, worst, x.worst)
		}
		for _, s := range x.says {
			if !strings.Contains(all, s) {
				t.Errorf("%s: does not say %q:\n%s", name, s, all)
			}
		}
		if x.never != "" && strings.Contains(all, x.never) {
			t.Errorf("%s: says %q:\n%s", name, x.never, all)
		}
	}
}
