package main

import (
	"fmt"
	"os"

	"rinnova"
	"rinnova/identifier"
	"rinnova/internal/letter"
	"rinnova/internal/locale"
	"rinnova/internal/sign"
)

// checkLetters prints for each file what the portal would say if a school sent it as a signed letter, in the columns in which codes are
// printed, and a line for each signature in it.
func checkLetters(r *run, files []string) error {
	refused := false
	for _, name := range files {
		data, err := readLetter(name)
		if err != nil {
			return err
		}
		facts, _, err := letter.Examine(r.ctx, data)
		if err != nil && rinnova.KindOf(err) != rinnova.Invalid {
			return err
		}
		if err != nil {
			refused = true
			fmt.Printf("%s\t-\t%s\t%s\n", name, identifier.Refused, r.message(err))
			continue
		}
		verdict, why := letterVerdict(r.lang, facts)
		refused = refused || verdict == identifier.Refused
		fmt.Printf("%s\t%s\t%s\t%s\n", name, facts.Format, verdict, why)
		for _, s := range facts.Signatures {
			fmt.Printf("\t%s\t%s\t%s\n", or(s.Signer, "-"), s.Integrity, or(stamp(s.At), "-"))
		}
	}
	if refused {
		return errRefused
	}
	return nil
}

// readLetter reads a file, of one that is too large no more than shows that.
func readLetter(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Size() > letter.MaxFile {
		return make([]byte, letter.MaxFile+1), nil
	}
	return os.ReadFile(name)
}

// letterVerdict is a warning where a person has to look before such a letter is accepted, or cannot accept it.
func letterVerdict(l locale.Lang, f letter.Facts) (identifier.Verdict, string) {
	unchecked := false
	for _, s := range f.Signatures {
		unchecked = unchecked || s.Integrity == sign.Unchecked
	}
	switch {
	case f.Altered():
		return identifier.Refused, l.T("La firma non corrisponde al file: così non si può accettare.")
	case f.Rewritten():
		return identifier.Refused, l.T("Dopo una firma il testo è stato cambiato: così non si può accettare.")
	case len(f.Signatures) == 0:
		return identifier.Warn, l.T("Senza firma digitale.")
	case unchecked:
		return identifier.Warn, l.T("Il portale non sa controllare questa firma: prima di accettare aprite il file con il vostro programma di firma.")
	case f.Extra > 0:
		return identifier.Warn, l.T("Nel file ci sono %s byte in più, prima o dopo la lettera: non ne fanno parte.", locale.Count(f.Extra))
	}
	return identifier.OK, ""
}
