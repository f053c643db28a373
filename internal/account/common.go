package account

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// commonHashes are the first five bytes of the SHA-256 of each of the 20,000 most common passwords of at least 12
// characters, in lower case, sorted; scripts/common-passwords.sh tells where they come from and makes them anew.
//
//go:embed common.bin
var commonHashes []byte

const hashBytes = 5

// isCommon tells whether a password is one of those that are tried first: on the list of leaked ones, a few keys pressed in
// a row or over and over, or one to three words of this trade with numbers around them. Upper and lower case and digits in
// place of letters make no difference.
func isCommon(password string) bool {
	s := strings.ToLower(strings.TrimSpace(password))
	return isListed(s) || pieces(s) < fewestPieces || repeats(s) || isSpeech(s)
}

func isListed(s string) bool {
	sum := sha256.Sum256([]byte(s))
	n := len(commonHashes) / hashBytes
	at := func(i int) []byte { return commonHashes[i*hashBytes : (i+1)*hashBytes] }
	i := sort.Search(n, func(i int) bool { return bytes.Compare(at(i), sum[:hashBytes]) >= 0 })
	return i < n && bytes.Equal(at(i), sum[:hashBytes])
}

// fewestPieces is how many pieces a password has at least.
const fewestPieces = 6

// rows are what fingers and minds run along.
var rows = []string{"abcdefghijklmnopqrstuvwxyz", "01234567890", "1234567890'ì", "qwertyuiopè+", "asdfghjklòàù", "<zxcvbnm,.-", "!\"£$%&/()=?^"}

// pieces counts the runs of a password: neighbours in a row, up or down, and the same key over and over are one piece.
func pieces(s string) int {
	r := []rune(s)
	n := 0
	for i := 0; i < len(r); n++ {
		i++
		for i < len(r) && next(r[i-1], r[i]) {
			i++
		}
	}
	return n
}

func next(a, b rune) bool {
	if a == b {
		return true
	}
	for _, row := range rows {
		keys := []rune(row)
		for i := 1; i < len(keys); i++ {
			if keys[i-1] == a && keys[i] == b || keys[i-1] == b && keys[i] == a {
				return true
			}
		}
	}
	return false
}

// repeats tells whether a password is one short part over and over: scuolascuola, ab12ab12ab12a.
func repeats(s string) bool {
	r := []rune(s)
	for n := 1; n <= len(r)/2; n++ {
		if slices.Equal(r[n:], r[:len(r)-n]) {
			return true
		}
	}
	return false
}

// words are what people of this trade build passwords from.
var words = strings.Fields(`
	password passwd parola chiave accesso login utente user admin administrator amministratore amministrazione supervisor supervisore
	super root test prova demo benvenuto benvenuti welcome ciao buongiorno salve cambiami changeme segreta segreto secret sicura sicurezza
	scuola scuole school istituto comprensivo statale liceo classico scientifico tecnico professionale circolo didattico primaria
	secondaria infanzia segreteria segretaria ufficio dirigente preside dsga direttore direttrice docente docenti maestra alunni
	alunno classe registro elettronico contratto contratti rinnovo rinnovi assistenza portale fattura fatture bilancio personale
	software programma computer internet windows google chrome microsoft office portatile server rete wifi
	gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre primavera estate autunno inverno
	lunedi martedi mercoledi giovedi venerdi sabato domenica natale pasqua anno nuovo nuova vecchia vecchio
	italia italiano italiana roma milano napoli torino palermo genova bologna firenze bari catania venezia verona messina padova trieste brescia
	parma modena reggio ravenna cagliari livorno foggia rimini salerno ferrara sassari siracusa pescara bergamo ragusa sicilia
	juventus juve inter milan forza magica lazio fiorentina
	francesco francesca andrea alessandro alessandra giuseppe giuseppina maria anna antonio antonella giovanni giovanna luca laura
	marco matteo mario paolo paola roberto roberta salvatore stefano stefania chiara sara sofia giulia martina elena silvia
	amore mamma papa famiglia bambino bambina tesoro stella angelo sole mare gatto cane
	qwerty asdfgh zxcvbn iloveyou letmein dragon monkey football master hello
	il lo la i gli le di del della a da in con per e un una mia mio nostra`)

// mostWords is how many of the words, at the most, make a password that is guessed soon.
const mostWords = 3

// written undoes what people write in place of letters.
var written = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i", "€", "e",
	"à", "a", "è", "e", "é", "e", "ì", "i", "ò", "o", "ù", "u")

// isSpeech tells whether the letters of a password are one to three of the words, whatever digits and signs stand around
// them.
func isSpeech(s string) bool {
	if fewWords(lettersOf(s)) {
		return true
	}
	// A digit at the end may be a letter or part of a year: b3nv3nut0 2027.
	for end := len(s); strings.ContainsFunc(s[:end], unicode.IsLetter); {
		if fewWords(lettersOf(written.Replace(s[:end]))) {
			return true
		}
		last, size := utf8.DecodeLastRuneInString(s[:end])
		if !isNoLetter(last) {
			break
		}
		end -= size
	}
	return false
}

func isNoLetter(r rune) bool { return !unicode.IsLetter(r) }

func lettersOf(s string) string {
	return strings.Map(func(r rune) rune {
		if isNoLetter(r) {
			return -1
		}
		return r
	}, s)
}

// fewWords tells whether s is made of at most three of the words, with nothing left over; no letters at all are no words.
func fewWords(s string) bool {
	if s == "" {
		return false
	}
	const none = mostWords + 1
	fewest := make([]int, len(s)+1)
	for i := 1; i <= len(s); i++ {
		fewest[i] = none
		for _, w := range words {
			if strings.HasSuffix(s[:i], w) && fewest[i-len(w)]+1 < fewest[i] {
				fewest[i] = fewest[i-len(w)] + 1
			}
		}
	}
	return fewest[len(s)] <= mostWords
}
